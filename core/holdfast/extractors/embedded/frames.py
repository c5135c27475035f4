"""Frames that make what follows no statement of the user's: role play, text to work on, reported speech, sarcasm."""

from holdfast.extractors.embedded.rules import Rule, compiled, first

FRAMES = (
    Rule(
        "role play",
        pattern=r"\b(?:<let_us> (?:do (?:a |some )?)?role-?\s?play|role-?\s?play(?:ing)?\b(?: as|:| where| a scene"
        r"| time|!))",
        gives="role play",
        fires="Let's role-play: I'm a knight => role play",
        spares="I play a role in a company",
    ),
    Rule(
        "pretending",
        pattern=r"\b(?:pretend|imagine) (?:that )?(?:you|i|we|i'm|you're)\b|\bpretend to be\b",
        gives="role play",
        fires="Pretend you and I are knights: I live in a castle => role play",
        spares="I pretend well on stage",
    ),
    Rule(
        "acting as",
        pattern=r"(?<!\bi )\bact (?:as|like) (?:a|an|my|if|the|i'm|im|i am|you're|you are|we)\b"
        r"|\byou are (?:now )?(?:a|an|the) (?:\w+ ){0,3}(?:and|,) (?:i am|i'm)\b",
        gives="role play",
        fires="Act as a pirate, and I'm your captain => role play",
        spares="I act in a theatre",
    ),
    Rule(
        "parts given out",
        pattern=r"(?:^|(?<=[.!?,;\n] )|(?<=\n))you(?:'ll| can| will)? (?:be|play) (?:the|my|an?)\b"
        r"|\bi(?:'ll|ll| will|'m|m| am)? ?(?:be|play|the) (?:the |your |an? )?[\w' -]{2,30}(?:,| and|;) "
        r"(?:and )?(?:you(?:'ll|'re| will| can| are)? (?:be |play )?(?:the|my|an?)\b)",
        gives="role play",
        fires="I'll be the guest and you be the cook. I eat no meat => role play",
        spares="I'll be the cook at your party",
    ),
    Rule(
        "named parts",
        pattern=r"(?:^|(?<=[.!?] )|(?<=\n))you(?:'re| are) (?-i:[A-Z])\w+(?: (?-i:[A-Z])\w+)?(?:[.,]? and"
        r"|[.,]) (?:i'm|i am) "
        r"(?:your\b|(?-i:[A-Z]))|\bi(?:'m going to|'ll| will| am going to) play (?:an?|the) [\w ]{2,30}:"
        r"|\b(?:text adventure|story time)[!:]|(?:^|(?<=\n))pov:",
        gives="role play",
        fires="You're Sherlock and I'm Watson. I was shot in Kabul => role play",
        spares="You're Irish and I live in Cork",
    ),
    Rule(
        "game or scene",
        pattern=r"\b(?:<let_us>|can we|we(?:'re| are)|start|run|simulate) (?:do(?:ing)? |have |having |playing |play "
        r"|run "
        r"|start )?(?:an? |some |this )?(?:mock [\w-]+|job interview|improv|skit|scene|d&d|dnd|dungeons and dragons|rpg"
        r"|quest|text adventure)\b(?=[.:!,;\n]| where| in which|$)|\b(?:pirate|villain|character|story|rp|evil) mode\b",
        gives="role play",
        fires="We're playing D&D. I own three taverns => role play",
        spares="We're playing D&D on Friday",
    ),
    Rule(
        "acted out",
        pattern=r"\A(?=[\s\S]{0,2000}?(?<![\w*])\*(?!(?:is|was|has|this|always|his|its|does|as|pets|us"
        r"|yes)\b)(?-i:[a-z]{2,14}s)"
        r" [^*\n]{1,80}\*(?!\*))|(?:^|(?<=\n)|(?<=[.!?(*] ))\(?i\.?c\.?\)? ?:",
        gives="role play",
        fires="I'm a hunter from Oslo *draws a sword* => role play",
        spares="I *really like this* a lot",
    ),
    Rule(
        "as if one were",
        pattern=r"\b(?:speak|talk|answer|reply|respond|behave|react|chat|write|text)\b(?: to me)? (?:as if|as though) "
        r"(?:i|i'm|you|you're|we)\b(?!.{0,14}\b(?:\d+|five|six|ten|child|kid|beginner|novice|friend|expert)\b)",
        gives="role play",
        fires="Speak as if I were the king. I own seven horses => role play",
        spares="Speak as if I were five",
    ),
    Rule(
        "cast in a role",
        pattern=r"(?:^|(?<=[.!?\n] )|(?<=\n))you(?:'re| are|r) (?:now )?(?:a|an|my|the) "
        r"(?!<praised_as>\b)(?:[\w'-]+ ){0,5}?[\w'-]+"
        r"(?:[.,:;!]| who\b| and (?:i|i'm|we)\b| named\b| interviewing\b| for\b|\n|$)",
        gives="role play",
        fires="You're a recruiter. I'm applying from Oslo => role play",
        spares="You're a lifesaver. I live in Oslo",
    ),
    Rule(
        "supposition",
        pattern=r"(?:^|(?<=[.!?\n:,] )|(?<=\n))(?:(?!assume (?:that )?(?:i (?:already )?(?:know|understand|speak|use"
        r"|have access)|<i_am> (?:an? )?(?:\w+ )?(?:beginner"
        r"|expert|novice|new|familiar|advanced|experienced|using|on)))<supposing_openings>,? (?:that )?(?:i|i'm|i've"
        r"|im|we|my|our|you"
        r"|there|someone|a|the)\b"
        r"|hypothetically|in a hypothetical|for the sake of argument|in another life|thought experiment)",
        gives="hypothetical",
        fires="Suppose my car uses 6 litres and I drive 100 km => hypothetical",
        spares="I suppose my car is old",
    ),
    Rule(
        "dialogue",
        pattern=r"(?:^|(?<=\n))\s*(?:q|a|question|answer|user|human|me|customer|client|interviewer|teacher|student"
        r"|[A-Z][a-z]+) ?\d{0,2}:"
        r" [^\n]+\n+\s*(?:q|a|question|answer|assistant|ai|bot|you|me|her|him|agent|interviewer|teacher|student"
        r"|[A-Z][a-z]+) ?\d{0,2}: ",
        gives="text to work on",
        fires="Q: Where do you live?\nA: I live in Madrid. => text to work on",
        spares="Q: do you know where I live?",
    ),
    Rule(
        "in a game",
        pattern=r"\bin (?:this|the|our|my) (?:game|story|scenario|campaign|scene|novel|fanfic|rpg"
        r"|session)\b,? (?:i|my|i'm|we|there)\b|\bas my (?:character|oc|persona|avatar)\b|\bmy (?:d&d |dnd "
        r"|rpg )?(?:character|oc|persona|avatar)(?:'s)?(?: (?-i:[A-Z])\w+)?,? (?:is"
        r"|has|name|was|lives|loves)\b|\bin character\b|\b(?:dungeon|d&d|dnd) (?:master"
        r"|campaign)\b.{0,40}:",
        gives="role play",
        fires="In this game I am a dwarf named Borin => role play",
        spares="In this game shop I buy dice",
    ),
    Rule(
        "write as",
        pattern=r"\b<writing_orders>\b(?: me)?(?: up)? ?(?:a|an|the|this|my|some)?\b"
        r".{0,60}\b<write_as_words>\b(?=.{0,160}<told_how>)",
        gives="text to be written",
        fires="Write a letter as a soldier: I miss my wife => text to be written",
        spares="I write letters to my wife",
    ),
    Rule(
        "text to work on",
        pattern=r"(?<!n't )(?<!not )\b<text_to_work_on_words>\b[^\n.!?]{0,60}(?::|(?:below|above|following"
        r"|attached)\b[^\n]{0,60}\n)|(?<!n't )(?<!not )\b(?:translate|proof-?read|rephrase|paraphrase|fix the"
        r" grammar|correct the grammar|correct this sentence|rewrite this)\b[^:\n]{0,30}[:\x22']",
        gives="text to work on",
        fires="Translate into French: I live in a small house => text to work on",
        spares="I translate books for a living",
    ),
    Rule(
        "pasted text",
        pattern=r"\b<showing> (?:the|my|a|an|this|her|his|their|our) "
        r"(?:\w+ ){0,3}<pasted_text_words>\b[^.!?\n]{0,40}:",
        gives="text to work on",
        fires="Here is the email I got: I love golf => text to work on",
        spares="Here is my plan: I move in May",
    ),
    Rule(
        "text that says",
        pattern=r"\b<short_texts> (?:says|reads|said|goes|from)[^.!?\n]{0,30}:"
        r"|\bread the text\b|\bmy homework\b.{0,40}:",
        gives="text to work on",
        fires="The note says: I love golf => text to work on",
        spares="The note is mine: I love golf",
    ),
    Rule(
        "make this better",
        pattern=r"\b(?:make|turn|put|get|render|say) (?:this|that|the following|it) (?:sound|read|into|in|more|less"
        r"|shorter|better|formal"
        r"|polite|nicer|professional)[^:\n]{0,40}:|\b<text_to_work_on_words>\b(?: this| the following| my| these)?"
        r"(?: [\w-]+){0,3}?\s?:|\b(?:is|are) (?:this|these|the following)[^:\n]{0,40}\b(?:correct|right|ok"
        r"|grammatical|natural)\b[^:\n]{0,20}:",
        gives="text to work on",
        fires="Make this sound better: I'm a mother of four => text to work on",
        spares="Make this my goal",
    ),
    Rule(
        "named text",
        pattern=r"(?:^|(?<=[.!?\n] )|(?<=\n))(?:the |my |our |this |a |an |here(?:'s| is) (?:the |my |a |an "
        r")?)?(?:[\w'-]+ ){0,2}<texts>"
        r"(?: (?:go(?:es)?|reads?|says?|is|was|from [\w' ]{2,30}|so far|i got|below|here))?\s?:",
        gives="text to work on",
        fires="Customer message: I have a leak in my kitchen => text to work on",
        spares="My message is simple",
    ),
    Rule(
        "letter",
        pattern=r"(?:^|(?<=\n))\s*(?:dear (?!(?:assistant|ai|chat|diary|bot)\b)(?:sir|madam|hiring|mr|mrs|ms|dr"
        r"|prof\w*|team|all|colleagues?|customer|editor|friend|user"
        r"|(?-i:[A-Z])\w+)\b|to whom it may concern)",
        gives="text to work on",
        fires="Dear Sir, I am writing from Oslo. => text to work on",
        spares="Dear me, I forgot",
    ),
    Rule(
        "commit",
        pattern=r"(?:^|(?<=\n))\s*(?:commit [0-9a-f]{6,}|author: |diff --git|@@ -\d|index [0-9a-f]{6,}|merge "
        r"(?:branch|pull request))",
        gives="log or code",
        fires="commit 8f3c1e2\nAuthor: Lee\n\nI moved the parser => log or code",
        spares="I commit to running",
    ),
    Rule(
        "written for another",
        pattern=r"\b<writing_orders>\b[^.!?\n]{0,80}?\b(?:as|for|from|by|about|of|in) (?:a|an|the voice of|someone"
        r"|some) [^.!?\n]{0,60}:"
        r"|\b(?:write|draft|compose)\b[^.!?\n]{0,60}\b(?:bio|review|testimonial|dialogue|monologue|scene|story"
        r"|persona|character)\b[^.!?\n]{0,60}:",
        gives="text to be written",
        fires="Write a bio for a character: I'm Zed, I live on Mars => text to be written",
        spares="I write a bio every year",
    ),
    Rule(
        "said by another",
        pattern=r"\b<speakers> (?:just )?<saying_verbs>(?: back)?\s?[:,]?\s?(?::"
        r"|[\x22']|(?=i (?:hate|love|am|can't|don't)))",
        gives="said by another",
        fires="The customer wrote: we no longer use it => said by another",
        spares="My friend wrote to me in May",
    ),
)
"""From where the pattern matches to the end of the message nothing is read. Each gives the reason."""

SARCASM = (
    Rule(
        "rolling eyes",
        pattern=r"\U0001f644|\U0001f643|\s/s\b|\b(?:yeah|yea|oh) (?:right|sure)\b[,.! ]|\bsure,? jan\b"
        r"|\bas if\b[!.]|\bnot\b!$",
        gives="sarcasm",
        fires="I am a millionaire 🙄 => sarcasm",
        spares="I am a millionaire 🙂",
    ),
    Rule(
        "ironic praise",
        pattern=r"\b(?:oh|ah),? <praise>\b|\bjust what i (?:needed|wanted)\b",
        gives="sarcasm",
        fires="Oh great, another update. I love it => sarcasm",
        spares="I love great updates",
    ),
    Rule(
        "ironic love",
        pattern=r"\b(?:just|absolutely|really|simply) (?:love|adore|enjoy) "
        r"(?:it when|how (?:the|my|our|every|this)|when (?:the|my|our|people))\b",
        gives="sarcasm",
        fires="I just love it when my train is late => sarcasm",
        spares="I just love trains",
    ),
    Rule(
        "ironic reason to love",
        pattern=r"^(?:and |yeah,? |sure,? )?(?:because|cause|cuz|cos) i (?:just|really|totally|absolutely|obviously|so"
        r"|clearly)\b",
        gives="sarcasm",
        fires="Because I just love doing taxes => sarcasm",
        spares="I moved because I just love Rome",
    ),
    Rule(
        "love of a chore",
        pattern=r"\b(?:just|absolutely|really|simply|so|do) (?:love|adore|enjoy) (?:waiting|being (?:on hold|lied"
        r"|ignored"
        r"|late"
        r"|stuck|yelled|told|called|woken)|getting (?:up at|ignored|yelled|stuck|spam\w*|woken)|cleaning up after"
        r"|paying"
        r"|sitting in traffic|standing in line|filling (?:in|out)|losing|having to|(?:doing )?(?:my )?taxes|traffic"
        r"|meetings that)\b",
        gives="sarcasm",
        fires="I just love waiting on hold for two hours => sarcasm",
        spares="I just love hiking for two hours",
    ),
    Rule(
        "praise of what recurs",
        pattern=r"^(?:great|fantastic|wonderful|perfect|brilliant|lovely|awesome|marvell?ous|nice one|yay|just great"
        r"|how"
        r" lovely|lucky me|(?:wow,? |oh,? )?(?:i'm|im|i am) so lucky|(?:oh,? )?what an? (?:joy|treat|delight"
        r"|pleasure))\b"
        r"[^.!?]{0,60}\b(?:again|another)\b",
        gives="sarcasm",
        fires="Fantastic, my car broke down again => sarcasm",
        spares="Fantastic, my car runs",
    ),
    Rule(
        "yay me",
        pattern=r"\b(?:love (?:that|this) for me|yay me|thrilled to be working)\b"
        r"|^(?:sure|yeah|right|yes|oh),? (?:because|cause|cuz) (?:i|my)\b|\bi totally (?:have|own|am"
        r"|know)\b.*\b(?:lol|haha)\b",
        gives="sarcasm",
        fires="Sure, because I have unlimited money => sarcasm",
        spares="I am sure because I have money",
    ),
    Rule(
        "dream of nobody",
        pattern=r"\b(?:totally|obviously|clearly|exactly) (?:my|the) (?:dream|idea of fun|favou?rite|goal)\b"
        r"|, my favou?rite (?:hobby|thing|pastime|part)[.!]?$",
        gives="sarcasm",
        fires="I got the night shift in Hull, totally my dream => sarcasm",
        spares="I got the night shift, which was my dream",
    ),
    Rule(
        "oh yes",
        pattern=r"^(?:oh|yeah|yes|sure),? (?:yes|yeah|sure|right),? (?:i|i'm|im|my|we)\b(?: \w+){0,2}? (?:definitely"
        r"|totally"
        r"|absolutely|obviously|clearly|so)\b",
        gives="sarcasm",
        fires="Oh yes, I'm definitely going to be a pilot at 70 => sarcasm",
        spares="Oh yes, I'm going to be a pilot",
    ),
    Rule(
        "opened by if",
        pattern=r"^(?:and |but |so |ok |well |what )?(?:if|what if|even if|unless) (?:i|i'm|im|we|we're|my|our|you"
        r"|there|only)\b"
        r"(?! (?:may|remember|recall|understand|am honest|'m honest|'m not mistaken))",
        gives="hypothetical",
        fires="If I lived in Rome, my commute is nothing => hypothetical",
        spares="As if I said that I live in Rome",
    ),
    Rule(
        "told of the user",
        pattern=r"(?-i:\bUser) <told_of_user>\b|(?-i:\bUser's) \w",
        gives="text recalled from memory",
        fires="User lives in Rome => text recalled from memory",
        spares="User tests are my job",
    ),
    Rule(
        "joking",
        pattern=r"\b(?:i'm|i am|im|was|just|only) (?:just |only )?(?:joking|kidding)\b|\bj/?k\b",
        gives="sarcasm",
        fires="I'm joking, I own no yacht => sarcasm",
        spares="I joke a lot at work",
    ),
    Rule(
        "quoted speech",
        pattern=r"^[\x22'][^\x22]{3,200}[\x22'],? (?:said|says|wrote|goes|he|she|they|according|was what)\b",
        gives="said by another",
        fires='"I have three kids", said the actor => said by another',
        spares="'Dune' by Herbert is mine",
    ),
    Rule(
        "reported by something",
        pattern=r"^(?:an?|the|some|this|that|one|my|our) (?!(?:[\w-]+ ){0,2}?(?:<kin>|<who_knows_about_one>|boss"
        r"|manager|landlord|teacher)\b)(?:[\w'-]+ ){1,6}?"
        r"(?:says?|said|claims?|claimed|predicts?|goes|reads?|sings?|sang|states?|thinks?)\b[:,]? (?:that )?\W?(?:i"
        r"|i'm|i've|my|we)\b",
        gives="said by another",
        fires="A guy on the bus said I love Jesus => said by another",
        spares="My aunt says I talk in my sleep",
    ),
    Rule(
        "ironic reason",
        pattern=r"\bbecause that's (?:exactly )?what\b|\bclearly i\b"
        r"|\bof course (?:i'm|i am|i have) (?:a|an|the|made)\b",
        gives="sarcasm",
        fires="Of course I have a yacht => sarcasm",
        spares="Of course my sister has a boat",
    ),
)
"""Signs, in one sentence, that it is not meant literally. Each gives the reason."""

FIGURES = (
    Rule(
        "figure of speech",
        pattern=r"\b<figures_of_speech>\b",
        gives="figure of speech",
        fires="I have a black belt in procrastination => figure of speech",
        spares="I have a black belt in judo",
    ),
    Rule(
        "superlative",
        pattern=r"\b(?:best|worst|\w{3,}est|most \w+|least \w+) (?:[\w-]+ ){1,4}?(?:in the (?:world|universe"
        r"|history)|ever|on earth|on the planet|alive|of all time)$",
        gives="figure of speech",
        fires="I'm the worst cook in the world => figure of speech",
        spares="I'm the worst cook in my family",
    ),
    Rule(
        "lives in a thing",
        pattern=r"\b(?:live|living) (?:in|on|for|off) (?:my )?(?:inbox|e-?mails?|slack|phone|head|denial|fear"
        r"|sweatpants|leggings|excel|spreadsheets?|meetings?|weekends?|caffeine|borrowed time|cloud nine|the moment"
        r"|the past|the now|hope|hell|bubble)\b",
        gives="figure of speech",
        fires="I live in my inbox => figure of speech",
        spares="I live in my parents' house",
    ),
    Rule(
        "allergic to a nuisance",
        pattern=r"\b(?:allergic to|live for|married to) <nuisances>\b",
        gives="figure of speech",
        fires="I'm allergic to mornings => figure of speech",
        spares="I'm allergic to nuts",
    ),
)
"""Figures of speech, which spoil one clause. Each gives the reason."""


def framed_from(text: str) -> tuple[int, str] | None:
    """Return where the first frame begins, and its reason."""
    found = [(match.start(), rule.gives) for rule in FRAMES if (match := compiled(rule.pattern).search(text))]
    return min(found) if found else None


def not_literal(sentence: str) -> str | None:
    """Return why a sentence is not meant literally, or None."""
    found = first(SARCASM, sentence)
    return found[0].gives if found else None


def figurative(clause: str) -> str | None:
    """Return that a clause is a figure of speech, or None."""
    found = first(FIGURES, clause)
    return found[0].gives if found else None
