"""Frames that make what follows no statement of the user's: role play, text to work on, reported speech, sarcasm."""

from holdfast.extractors.embedded.pasted import PASTED
from holdfast.extractors.embedded.roleplay import ROLE_PLAY
from holdfast.extractors.embedded.rules import Rule, compiled, first, folded, possible
from holdfast.extractors.embedded.sarcasm import SARCASM
from holdfast.extractors.embedded.supposed import SUPPOSED

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
        pattern=r"\b(?:pretend|imagine) (?:that )?(?:your?|i|we|i'm|you're)\b|\bpretend to be\b",
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
        holds="you're|you are|play|adventure|story time|pov",
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
        "set in a scene",
        pattern=r"(?:^|(?<=[.!?\n] ))(?:for|in) (?:this|the|our) (?:scene|story|scenario|skit|game|exercise|campaign"
        r"|chapter|sketch|role)\b,? (?:i'm|i am|im|i'll be|i play|my name(?:'s| is)|you're|you are|we're|we are)\b",
        gives="role play",
        fires="For this scene, I'm a detective. I left Boston => role play",
        spares="In this game I scored twice",
    ),
    Rule(
        "acted out",
        pattern=r"\A(?=[\s\S]{0,2000}?(?<![\w*])\*(?!(?:is|was|has|this|always|his|its|does|as|pets|us"
        r"|yes)\b)(?-i:[a-z]{2,14}s)"
        r" [^*\n]{1,80}\*(?!\*))|(?:^|(?<=\n)|(?<=[.!?(*] ))\(?i\.?c\.?\)? ?:",
        gives="role play",
        fires="I'm a hunter from Oslo *draws a sword* => role play",
        spares="I *really like this* a lot",
        needs=r"\*|i\.?c\.?\)? ?:",
    ),
    Rule(
        "as if one were",
        pattern=r"\b(?:speak|talk|answer|reply|respond|behave|react|chat|write|text|interview|question|greet"
        r"|address)\b(?: to me| me)? (?:as if|as though) "
        r"(?:i|i'm|you|you're|we)\b(?!.{0,14}\b(?:\d+|five|six|ten|child|kid|beginner|novice|friend|expert)\b)",
        gives="role play",
        fires="Speak as if I were the king. I own seven horses => role play",
        spares="Speak as if I were five",
        holds="as if|as though",
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
        pattern=r"(?:^|(?<=\n))[ ]*(?:q|a|question|answer|user|human|me|customer|client|interviewer|teacher|student"
        r"|[A-Z][a-z]+) ?\d{0,2}:"
        r" [^\n]+\n+\s*(?:q|a|question|answer|assistant|ai|bot|you|me|her|him|agent|interviewer|teacher|student"
        r"|[A-Z][a-z]+) ?\d{0,2}: ",
        gives="text to work on",
        fires="Q: Where do you live?\nA: I live in Madrid. => text to work on",
        spares="Q: do you know where I live?",
        holds=":",
    ),
    Rule(
        "in a game",
        pattern=r"\bin (?:this|the|our|my) (?:game|story|scenario|campaign|scene|novel|fanfic|rpg"
        r"|session)\b,? (?:i|my|i'm|we|there)\b|\bas my (?:character|oc|persona|avatar)\b|\bmy (?:d&d |dnd "
        r"|rpg )?(?:character|oc|persona|avatar)(?:'s)?(?: (?-i:[A-Z])\w+)?,? (?:is"
        r"|has|name|was|lives|loves)\b|\bin character\b|\b(?:dungeon|d&d|dnd) (?:master"
        r"|campaign)\b.{0,40}:",
        gives="role play",
        fires="My avatar Zed has my old name => role play",
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
        r" grammar|correct the grammar|correct this sentence|rewrite this)\b[^:\n]{0,30}(?:[:\x22]|(?<!\w)')",
        gives="text to work on",
        fires="Translate into French: I live in a small house => text to work on",
        spares="I translate books for a living",
        needs=r"[:\x22']|below|above|following|attached",
    ),
    Rule(
        "pasted text",
        pattern=r"\b<showing> (?:the|my|a|an|this|her|his|their|our) "
        r"(?:\w+ ){0,3}<pasted_text_words>\b[^.!?\n]{0,40}:",
        gives="text to work on",
        fires="Here is the email I got: I love golf => text to work on",
        spares="Here is my plan: I move in May",
        holds=":",
    ),
    Rule(
        "text that says",
        pattern=r"\b<short_texts> (?:says|reads|said|goes|from)[^.!?\n]{0,30}:"
        r"|\bread the text\b|\bmy homework\b.{0,40}:",
        gives="text to work on",
        fires="The note says: I love golf => text to work on",
        spares="The note is mine: I love golf",
        holds=":|read the text",
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
        holds=":",
    ),
    Rule(
        "named text",
        pattern=r"(?:^|(?<=[.!?\n] )|(?<=\n))(?:the |my |our |this |a |an |here(?:'s| is) (?:the |my |a |an "
        r")?)?(?:[\w'-]+ ){0,2}<texts>"
        r"(?: (?:go(?:es)?|reads?|says?|is|was|from [\w' ]{2,30}|so far|i got|below|here))?\s?:",
        gives="text to work on",
        fires="Customer message: I have a leak in my kitchen => text to work on",
        spares="My message is simple",
        holds=":",
    ),
    Rule(
        "letter",
        pattern=r"(?:^|(?<=\n))[ ]*(?:dear (?!(?:assistant|ai|chat|diary|bot)\b)(?:sir|madam|hiring|mr|mrs|ms|dr"
        r"|prof\w*|team|all|colleagues?|customer|editor|friend|user"
        r"|(?-i:[A-Z])\w+)\b|to whom it may concern)",
        gives="text to work on",
        fires="Dear Sir, I am writing from Oslo. => text to work on",
        spares="Dear me, I forgot",
    ),
    Rule(
        "commit",
        pattern=r"(?:^|(?<=\n))[ ]*(?:commit [0-9a-f]{6,}|author: |diff --git|@@ -\d|index [0-9a-f]{6,}|merge "
        r"(?:branch|pull request))",
        gives="log or code",
        fires="commit 8f3c1e2\nAuthor: Lee\n\nI moved the parser => log or code",
        spares="I commit to running",
        holds="commit|author|diff|@@|index|merge",
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
        holds=":",
    ),
    Rule(
        "asked to play a part",
        pattern=r"(?:^|(?<=[.!?\n] ))(?:please |can you |could you |let's |now |ok,? )*(?:be|play|act|simulate"
        r"|act out|play out"
        r"|rehearse|practi[sc]e|improvise|mock) (?:my|the|a|an|this|that|our|with me) (?:[\w-]+ ){0,3}?(?:interview\w*"
        r"|therapist|boss|customer|landlord|date|opponent|examiner|recruiter|patient|client|negotiat\w+|bartender"
        r"|waiter"
        r"|shopkeeper|king|queen|villain|hero|narrator|pirate|call|conversation|scene|dialogue|sketch|argument|audition"
        r"|dungeon master|game master|wizard|detective|alien|robot|ghost)\b",
        gives="role play",
        fires="Rehearse my audition with me. I'm a chef from Lyon => role play",
        spares="Be my guest in Lyon, I'm a chef",
    ),
    Rule(
        "scene set",
        pattern=r"(?:^|(?<=\n))[ ]*(?:scene|setting|scenario|premise|backstory|character(?: sheet)?|genre|my (?:role"
        r"|part))\s?:",
        gives="role play",
        fires="Setting: Mars. I'm the botanist and I grow potatoes => role play",
        spares="Setting up: I'm the botanist",
        holds=":",
    ),
    Rule(
        "who is whom",
        pattern=r"\b(?:i'm|i am) (?:(?:the|an?) )?[\w' ]{2,30}?(?:,| and|;) (?:and )?you(?:'re|r| are|'ll be"
        r"| be) "
        r"(?!right|welcome|great|so\b|not\b|very|too|my favou?rite|an? (?:ai|bot|assistant|computer|machine|star"
        r"|legend)|the "
        r"best|free|sure|here|there|going|doing|being)\w",
        gives="role play",
        fires="I'm Ann, you're Gandalf. I carry a ring => role play",
        spares="I'm late, you're right. I carry a bag",
    ),
    Rule(
        "cast for today",
        pattern=r"(?:^|(?<=[.!?\n] )|(?<=\n))(?:today|tonight|ok|okay|so|right|now|for now|for this chat"
        r"|in this chat|from here"
        r" on),? you(?:'re| are|'ll be) (?:an?|my|the|(?-i:[A-Z]))(?!.*\b(?:star|legend|lifesaver|best)\b)",
        gives="role play",
        fires="Today you're my French teacher. I'm a tourist called Sam => role play",
        spares="Today you're right. I'm a tourist",
    ),
    Rule(
        "story to go on with",
        pattern=r"\b(?:continue|finish|complete|extend|go on with) (?:this|the|my) (?:story|tale|scene|poem|diary"
        r"|novel|chapter"
        r"|paragraph|monologue|fanfic|text)\b",
        gives="text to be written",
        fires="Finish the story. I woke up on Mars => text to be written",
        spares="I finish my stories on Mars",
    ),
    Rule(
        "order over a text",
        pattern=r"\A(?:please |pls |can you |could you |hey,? |hi,? )*<text_to_work_on_words>\b[^\n]{0,60}\n",
        gives="text to work on",
        fires="Proofread my text\nI live in a small house => text to work on",
        spares="Proofreaders live in small houses\nI know one",
        holds="\n",
    ),
    Rule(
        "order under a text",
        pattern=r"\A(?=[^\n][\s\S]{0,7000}\n[ ]*(?:please |pls |can you |could you |now )*(?:translate|proof-?read"
        r"|rewrite"
        r"|rephrase|paraphrase|summari[sz]e|correct|edit|polish|shorten|simplify|reword|grade|fix)\b[^\n]{0,60}\b"
        r"(?:this|that"
        r"|it|above|them)\b[^\n]{0,40}\s*\Z)",
        gives="text to work on",
        fires="I live in a small house.\nPlease proofread this => text to work on",
        spares="I live in a small house.\nI proofread this",
        holds="\n",
    ),
    Rule(
        "in another's person",
        pattern=r"\b(?:write|rewrite|put|tell|phrase|narrate|answer)\b[^.:\n]{0,40}\b(?:in (?:the )?(?:first|second"
        r"|third)"
        r"[- ]person|from the (?:perspective|point of view|viewpoint) of)\b[^:\n]{0,30}:",
        gives="text to be written",
        fires="Write it in first person: I grew up in Ohio => text to be written",
        spares="I write in the first person, I grew up in Ohio",
        holds=":",
    ),
    Rule(
        "said by another",
        pattern=r"\b<speakers> (?:just )?<saying_verbs>(?: back)?\s?[:,]?\s?(?::"
        r"|[\x22']|(?=i (?:hate|love|am|can't|don't)))",
        gives="said by another",
        fires="My customer wrote: we no longer use it => said by another",
        spares="My friend wrote to me in May",
    ),
)
"""From where the pattern matches to the end of the message nothing is read. Each gives the reason."""

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
    small = folded(text)
    rules = [rule for rule in (*FRAMES, *ROLE_PLAY, *PASTED, *SUPPOSED) if possible(rule, text, small)]
    found = [(match.start(), rule.gives) for rule in rules if (match := compiled(rule.pattern).search(text))]
    return min(found) if found else None


def not_literal(sentence: str) -> str | None:
    """Return why a sentence is not meant literally, or None."""
    found = first(SARCASM, sentence)
    return found[0].gives if found else None


def figurative(clause: str) -> str | None:
    """Return that a clause is a figure of speech, or None."""
    found = first(FIGURES, clause)
    return found[0].gives if found else None
