"""Frames of texts of others that were pasted or told of: letters, transcripts, reviews, what a page says."""

from holdfast.extractors.embedded.rules import Rule

_BEGINS = r"(?:\A\W{0,3}|(?<=[.!?] )|(?<=\n))"

PASTED = (
    Rule(
        "heading of nobody's",
        pattern=r"(?:\A\W{0,3}|(?<=[.!?] )"
        r"|(?<=\n))(?![^\n:.!?]{0,90}?\b<own_headings>\b)(?![^\n:]{0,12}\d:\d)[^\n:.!?]{2,90}:\s?\n?[\x22']?(?=(?:i"
        r"|i'm|im|i've|ive|i'd|i'll"
        r"|my|we|our|we're|we've)\b)",
        gives="text to work on",
        fires="Reformat as table: I run on Mondays => text to work on",
        spares="Bit of background: I run on Mondays",
        needs=r":\s?\n?[\x22']?(?:i|my|we|our)",
    ),
    Rule(
        "line over a text",
        pattern=r"(?:\A|(?<=\n))(?![^\n]*\b(?:i|i'm|i've|my|me|we|our|us|this|that|write|draft|need"
        r"|want)\b)[^\n.!?:]{0,60}\b<text_nouns>\b[^\n.!?:]{0,30}\n+(?=\S)",
        gives="text to work on",
        fires="Hotel review (1 star)\nI found mould in my room. => text to work on",
        spares="I need a review\nI found mould in my room.",
        holds="\n",
    ),
    Rule(
        "text shown",
        pattern=_BEGINS + r"(?:please |can you |could you )*(?:here(?:'s| is| are)|below|attached|improve|fix"
        r"|check|edit|polish|shorten|correct|rate|grade|critique|judge|read|see)\b"
        r"(?!(?: \w+){0,3} (?:cv|resume|cover letter"
        r"|application))[^\n.!?:]{0,60}\b<text_nouns>\b[^\n.!?:]{0,40}[.!?]\s+(?=\S)"
        r"|\b(?:title|headline|caption|name|summary|translation|subject line|alt text|hook|slogan) (?:for|of) "
        r"(?:this|these)[?.!]\s+(?=\S)|\bis this (?:ai|human|spam|a scam|plagiari\w+)\b[^\n?]{0,20}\?\s+(?=\S)"
        r"|(?:\A|(?<=\n))[ ]*(?:re|fwd?|aw|wg) ?:|(?:\A|(?<=\n))<\w{2,16}> ",
        gives="text to work on",
        fires="Improve the opening of the novel. I killed a man on Tuesday. => text to work on",
        spares="Fix my cv please. I killed it at Intel.",
        needs=r"[.!?]\s|\b(?:re|fwd?|aw|wg) ?:|<\w",
    ),
    Rule(
        "asked how it sounds",
        pattern=r"\b(?:does|do|did|is|are|will|would) (?:this|that|it|these|the following) (?:sound|read|look|seem"
        r"|make sense|correct|ok(?:ay)?|right|natural|polite|rude|grammatical|clear)\b"
        r"[^\n?]{0,40}\?\s+(?=\S)",
        gives="text to work on",
        fires="Does this sound natural? I am living in Rome since May. => text to work on",
        spares="Does this sound right to you, I am living in Rome",
        holds="?",
    ),
    Rule(
        "riddle",
        pattern=r"\A(?=[\s\S]{0,2000}\bwhat am i\?)|(?:\A|\s)q: [^\n]{1,200}\sa: |(?:\A|(?<=\n)|\b)letter to the "
        r"editor\b|(?:\A|(?<=\n))(?:sir|madam), |(?:\A|(?<=\n))(?:abstract|introduction)[.:]\s",
        gives="text to work on",
        fires="I have four legs and live in my barn. What am I? => text to work on",
        spares="I have four legs of lamb in my oven, what a feast",
        holds="what am i|q: |editor|sir, |madam, |abstract|introduction",
    ),
    Rule(
        "page that speaks",
        pattern=r"\b(?:bio|biography|profile|about page|review|novel|story|song|poem|horoscope|ad|advert|website"
        r"|site|quiz|recipe|caption|slogan|sticker|t-?shirt|mug|poster)\b"
        r"[^\n.!?:]{0,30}? (?:says|said|reads|claims|states|goes)(?: that)? (?:i|i'm|my|we|our)\b|\b(?:person"
        r"|player|speaker|candidate|option) (?-i:[A-Z]) (?:says|said|claims)\b",
        gives="said by another",
        fires="His bio on the site says I founded the company => said by another",
        spares="My doctor's letter says I have asthma",
        needs=r"(?:says|said|reads|claims|states|goes)\b",
    ),
    Rule(
        "heading of a text",
        pattern=_BEGINS + r"(?=[^\n:.!?]{0,80}\b<text_nouns>\b)(?!(?:long|short|life|my whole|same) (?:old "
        r")?stor)[^\n:.!?]{1,110}(?:: ?|\s[-–—] )(?=\S|\n)",
        gives="text to work on",
        fires="First verse of the song she sang: I left my heart in Rome => text to work on",
        spares="I wrote the first verse in Rome",
        needs=r":|\s[-–—] ",
    ),
    Rule(
        "text pointed at",
        pattern=_BEGINS + r"(?!(?:i|i'm|i've|we|my|our)\b)[^\n.!?:]{0,60}?"
        r"\b(?:this|these|the following|the attached|below is (?:an?|the|my))(?! \w+ (?:at|from) my\b) (?:[\w-]+ "
        r"){0,2}?(?:<text_nouns>|text|message|answer|reply|feedback|wording|intro)\b"
        r"[^\n.!?:]{0,60}[.!?:]\s+(?=\S)",
        gives="text to work on",
        fires="What is wrong with this paragraph? I live in Rome since ten years. => text to work on",
        spares="I read this article. I live in Rome",
        holds="this|these|the following|the attached|below is",
    ),
    Rule(
        "handed in",
        pattern=r"(?<!\bi )(?<!\bwe )(?<!'ve )\b(?:sent|wrote|texted|posted|handed|mailed|e-?mailed|forwarded"
        r"|submitted|turned|dmed|replied with|answered with|came with|left)\b[^\n.!?:]{0,24}\b(?:this|the following"
        r"|these words)\b[^\n.!?:]{0,20}[.:]",
        gives="said by another",
        fires="My pupil handed this in. I like pizza. => said by another",
        spares="My pupil handed this in in May, I like it",
        holds="this|the following|these words",
    ),
    Rule(
        "a text that says so",
        pattern=r"(?<!\bi )(?<!\bwe )\b(?:says|reads|writes|states|claims)\s?: ?(?=\S)",
        gives="said by another",
        fires="My nephew's school report says: I am lazy => said by another",
        spares="My nephew says I am lazy: true",
        holds="says|reads|writes|states|claims",
    ),
    Rule(
        "what another writes",
        pattern=r"\bwhat (?:the|a|an|my|our|one|this|that|he|she|they|some)\b[^\n.!?:]{0,40}\b(?:wrote|writes|said"
        r"|says|sent|posted|replied|answered|texted|put)\b[^\n.!?:]{0,40}:",
        gives="said by another",
        fires="See what my tenant wrote: I own two dogs => said by another",
        spares="What my dad owns is mine: I own two dogs",
        holds="what ",
    ),
    Rule(
        "told by a text",
        pattern=r"\baccording to (?:the|this|that|an?|your)(?: [\w'-]+){0,3}? (?:brochure|flyer|leaflet|website|site"
        r"|page|web ?page|article|report|notes?|files?|manual|book|menu|form|ad|advert|listing|profile|post|sign"
        r"|guide|blog|novel|story|script|letter|e-?mail|paper|app|screen)s?\b|\baccording to your\b",
        gives="said by another",
        fires="According to the brochure my room has a balcony => said by another",
        spares="According to the doctor my knee has arthritis",
        holds="according",
    ),
    Rule(
        "head of a message",
        pattern=r"(?:\A|(?<=\n))[ ]*(?:(?:On|Am|Le) [^\n]{4,90}\b(?:wrote|schrieb|a écrit)\s?:"
        r"|-{2,} ?(?:Original|Forwarded)[^\n]*|Begin forwarded message)",
        gives="quoted text",
        fires="On Mon, 2 Mar, Ann wrote:\nI sold my car. => quoted text",
        spares="On Monday Ann wrote to me, I sold my car",
        holds="wrote|schrieb|crit|original|forwarded",
    ),
    Rule(
        "greeting below other words",
        pattern=r"(?<=\S)[ ]*\n\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)) "
        r"?(?:[\w.' ]{1,30})?[,!]?[ ]*\n(?=\s*\S)",
        gives="text to work on",
        fires="What do I answer?\n\nHi Sam,\nI moved to Berlin. => text to work on",
        spares="Hi Sam,\nI moved to Berlin.",
        holds="hi|hello|hey|dear|good ",
    ),
    Rule(
        "signed letter with an order under it",
        pattern=r"\A(?=\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|to whom)\b)"
        r"(?=[\s\S]{0,4000}\n\s*<sign_offs>[,!.]?[ ]*(?:\n[^\n]{2,40})?\n\s*\n?\s*[^\n]*(?:\?|\b(?:reply|answer"
        r"|respond|this|it|summari[sz]e|translate)\b))",
        gives="text to work on",
        fires="Hello,\nI am a student from Ghana.\nKind regards,\nKwame\n\nHow do I answer? => text to work on",
        spares="Hello,\nI am a student from Ghana.\nKind regards,\nKwame",
    ),
    Rule(
        "turns of a chat",
        pattern=r"(?:\A|(?<=\n))[ ]*(?P<who>(?!(?:me|i|name|city|job|age|diet|update|edit|note|ps|work|home"
        r"|also)\b)[a-zA-Z]\w{1,15}) ?: [^\n]+\n\s*(?!(?P=who)\b)(?!(?:name|city|job|age|diet|goals?|budget|height"
        r"|weight|work|home)\b)[a-zA-Z]\w{1,15} ?: [^\n]+\n\s*(?:(?P=who) ?: |\S[^\n:]*\Z)",
        gives="text to work on",
        fires="jo: i quit my job\nmia: omg\njo: i'm off to spain => text to work on",
        spares="weather: i like it cold\nfood: i like it hot",
    ),
    Rule(
        "speakers by number",
        pattern=r"(?:\A|(?<=\n))[ ]*(?:speaker|person|caller|participant|respondent|interviewee|candidate|player"
        r"|email|letter|text|option|witness) ?(?:\d|[a-z]\b|one|two)\s?:",
        gives="text to work on",
        fires="Speaker 1: I was diagnosed in March. => text to work on",
        spares="The speaker 1 room over: I was ill",
        holds="speaker|person|caller|participant|respondent|interviewee|candidate|player|email|letter|text|option|witness",
    ),
    Rule(
        "blanks to fill",
        pattern=r"\A(?=[\s\S]{0,2000}_{3,}|[\s\S]{0,2000}\((?:live|work|be|have|go|do|make|take)\))",
        gives="text to work on",
        fires="1. I ___ in London. 2. My brother is in a bank. => text to work on",
        spares="I live_in London",
        holds="___|(",
    ),
    Rule(
        "tense to choose",
        pattern=r"\b(?:which|what) (?:tense|sentence|form|one|version|word(?:ing)?|phras(?:e|ing)|spelling) (?:is"
        r"|sounds|reads|fits)[^\n:?]{0,40}[:?]|\bhow (?:do|would|can|should) (?:i|you|we) say\b[^\n?]{0,12}"
        r"(?:[\x22':]|\bthat\b)|\bwhat does [^\n?]{2,60} mean,",
        gives="text to work on",
        fires="Which tense is right: I have lived in Rome / I live in Rome => text to work on",
        spares="Which tense to choose is my weak point",
        holds="which|what|how",
    ),
    Rule(
        "order over what follows",
        pattern=_BEGINS + r"(?:please |can you |could you |now )*(?:turn|put|make|convert|change|break|cut|boil) "
        r"(?:this|that|it|the following)"
        r" (?:down )?(?:in)?to [^\n:.!?]{2,40}(?::|\s[-–—])\s|" + _BEGINS + r"(?:please |can you |could you "
        r")*(?:read|say|sing|type|recite) (?:this|that|it)"
        r" ?(?:out loud|aloud|back|to me|out)?\s?:|\b(?:classify|grade|rate|judge|score|label|tag|proof-?read"
        r"|summari[sz]e|translate) (?:it|this|them)[.:]\s",
        gives="text to work on",
        fires="Turn this into bullets - I started at Ford in 2001 => text to work on",
        spares="Turn this into my plan, I started at Ford",
        holds="this|that|it|the following|them",
    ),
    Rule(
        "what a stranger said",
        pattern=r"\b(?:this|that|some|a|one) (?:random |old |young |weird |new )?(?:guy|girl|man|woman|dude|person"
        r"|lady|stranger|user|customer|client|kid|bloke|chap)(?: (?:at|from|on|in) [\w' ]{2,20})? (?:just )?"
        r"(?:texted|wrote|messaged|told|dmed|emailed|said|says|goes|is like|was like|posted)\b",
        gives="said by another",
        fires="this guy texted me i got divorced => said by another",
        spares="this guy I got divorced from texts",
        needs=r"\b(?:texted|wrote|messaged|told|dmed|emailed|said|says|goes|like|posted)\b",
    ),
)
"""From where the pattern matches to the end of the message nothing is read. Each gives the reason."""
