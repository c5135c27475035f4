"""Chat shorthand and slips repaired: spelling, contractions, and values that are taken back in the same breath."""

import re

from holdfast.caches import cached
from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.rules import Rule, compiled, folded, possible

SPELLING = (
    Rule(
        "time for oneself",
        pattern=r"\bme-time\b|(?<=\bmy )me time\b|(?<=\bsome )me time\b|(?<=\bneed )me time\b",
        gives="time alone",
        fires="Sunday is my me time => Sunday is my time alone",
        spares="give me time to pack",
        holds="me time|me-time",
    ),
    Rule(
        "starred correction",
        pattern=r"^\*(?=\w)",
        gives="",
        fires="*moved to Rome => moved to Rome",
        spares="moved * to Rome",
    ),
    Rule(
        "im",
        pattern=r"\b(?-i:[Ii])[' ]?m\b(?= )",
        gives="I'm",
        fires="im from Ohio => I'm from Ohio",
        spares="Kim is from Ohio",
    ),
    Rule(
        "ive",
        pattern=r"\b(?-i:[Ii])ve\b",
        gives="I've",
        fires="ive moved => I've moved",
        spares="I live here",
    ),
    Rule(
        "ill",
        pattern=r"^ill (?=be\b|go\b|have\b|start\b|move\b|get\b|take\b|do\b)",
        gives="I'll ",
        fires="ill be 30 in May => I'll be 30 in May",
        spares="ill health runs in my family",
    ),
    Rule(
        "bare i",
        pattern=r"(?<![\w.'/-])i(?=$|[ ,.!?;]|'(?:m|ve|ll|d)\b)",
        gives="I",
        fires="i live here => I live here",
        spares="a.i. lives here",
    ),
    Rule(
        "negated contraction",
        pattern=r"\b(?P<verb>do|does|did|is|was|would|have|has|are|were|could|should|had)nt\b",
        gives=r"\g<verb>n't",
        fires="I dont smoke => I don't smoke",
        spares="I do smoke",
        holds="nt",
    ),
    Rule(
        "cant",
        pattern=r"\b(?P<verb>ca|wo)nt\b",
        gives=r"\g<verb>n't",
        fires="I cant swim => I can't swim",
        spares="I canter on Sundays",
        holds="nt",
    ),
    Rule(
        "he's",
        pattern=r"\b(?P<who>he|she|that|it|there|what|who)s\b(?= \w)(?<!\bits)(?<!\bthats)",
        gives=r"\g<who>'s",
        fires="hes a nurse => he's a nurse",
        spares="his nurse came",
    ),
    Rule(
        "gonna",
        pattern=r"\bgonna\b",
        gives="going to",
        fires="I'm gonna move => I'm going to move",
        spares="I'm gone to move",
        holds="gonna",
    ),
    Rule(
        "wanna",
        pattern=r"\bwanna\b",
        gives="want to",
        fires="I wanna move => I want to move",
        spares="I want a move",
        holds="wanna",
    ),
    Rule(
        "gotta",
        pattern=r"\b(?:have |'ve )?gotta\b",
        gives=" have to",
        fires="I gotta move => I have to move",
        spares="I got a move",
        holds="gotta",
    ),
    Rule(
        "w",
        pattern=r"(?<= )w/? (?=my|a|the|\w)",
        gives="with ",
        fires="travelling w my cousin => travelling with my cousin",
        spares="travelling west",
    ),
    Rule(
        "bc",
        pattern=r"\b(?:bc|cuz|coz|'cause)\b",
        gives="because",
        fires="I left bc of rain => I left because of rain",
        spares="I left BCE maps",
    ),
    Rule(
        "id",
        pattern=r"(?:^|(?<= ))(?-i:[Ii])d (?=(?:love|like|prefer|rather|say|want|hate|never)\b)",
        gives="I'd ",
        fires="id love to learn cello => I'd love to learn cello",
        spares="my id card is lost",
    ),
    Rule(
        "r and u",
        pattern=r"(?<=\bwe )r\b|(?<=\bthey )r\b",
        gives="are",
        fires="we r moving => we are moving",
        spares="we row boats",
    ),
    Rule(
        "names",
        pattern=r"\b(?P<my>my|the) (?:name's|names) (?!(?:for|of|are|and|in)\b)(?=\w)|^name'?s (?=\w)",
        gives="my name is ",
        fires="my names priya => my name is priya",
        spares="my names for cats are odd",
        holds="name",
    ),
    Rule(
        "kin she",
        pattern=r"^(?P<kin>(?:my|our) (?:[\w-]+ ){0,2}?<kin>) (?:she|he|they)(?='s|'re| (?:is|are|has|have|was|were"
        r"|will|can|loves?|likes?|works?|lives?)\b)",
        gives=r"\g<kin>",
        fires="my wife she is pregnant => my wife is pregnant",
        spares="my wife thinks she is pregnant",
        holds=" she| he| they",
    ),
    Rule(
        "am having",
        pattern=r"\bI(?: am|'m) having (?=(?:an?|two|three|four|\d|no|some|only|one) (?:[\w-]+ ){0,2}?(?:<kin>"
        r"|childrens?|house|car|job|flat)\b)",
        gives="I have ",
        fires="I am having two children => I have two children",
        spares="I am having dinner",
        holds="having",
    ),
    Rule(
        "chat words",
        pattern=r"\b(?:tmrw|tmr|tmw|2moro|tomoz)\b",
        gives="tomorrow",
        fires="my exam is tmrw => my exam is tomorrow",
        spares="my exam is over",
    ),
    Rule(
        "gf",
        pattern=r"(?<=\bmy )gf\b",
        gives="girlfriend",
        fires="my gf is Greek => my girlfriend is Greek",
        spares="my gfci is broken",
        holds="gf",
    ),
    Rule(
        "bf",
        pattern=r"(?<=\bmy )bf\b",
        gives="boyfriend",
        fires="my bf is Greek => my boyfriend is Greek",
        spares="my bff is Greek",
        holds="bf",
    ),
    Rule(
        "gimme",
        pattern=r"\bgimme\b",
        gives=r"give me",
        fires="gimme the code => give me the code",
        spares="my dog Gimmel barks",
        holds="gimme",
    ),
    Rule(
        "partner in short",
        pattern=r"^gf(?= |'s)",
        gives="my girlfriend",
        fires="gf is a vet => my girlfriend is a vet",
        spares="gfci is a breaker",
        holds="gf",
    ),
    Rule(
        "partner in short, he",
        pattern=r"^bf(?= |'s)",
        gives="my boyfriend",
        fires="bf is a vet => my boyfriend is a vet",
        spares="bff is a vet",
        holds="bf",
    ),
    Rule(
        "s for is",
        pattern=r"^(?P<my>my|our) (?P<what>(?:[\w-]+ )?[a-z]{2,}[a-rt-z])s (?=(?:an?|called|named) )",
        gives=r"\g<my> \g<what> is ",
        fires="my bikes a brompton => my bike is a brompton",
        spares="my bikes are old",
    ),
    Rule(
        "s for is doing",
        pattern=r"^(?P<my>my|our) (?P<what>(?:[\w-]+ )?(?:<kin>|<services>|boss|manager))(?<!s)s (?=\w+ing\b)",
        gives=r"\g<my> \g<what> is ",
        fires="my landlords selling up => my landlord is selling up",
        spares="my landlords sell up",
    ),
    Rule(
        "s for of one's kin",
        pattern=r"\b(?P<my>my|our) (?P<what>mom|mum|dad|wife|husband|son|daughter|brother|sister|gran|nan|grandma"
        r"|grandad|boss|boyfriend"
        r"|girlfriend|partner|uncle|aunt)s (?=(?:b-?day|birthday|job|house|flat|car|name|wedding|funeral|phone"
        r"|surgery|dog|cat"
        r"|new|old|place|kids?|side|age)\b)",
        gives=r"\g<my> \g<what>'s ",
        fires="my moms birthday is in May => my mom's birthday is in May",
        spares="my moms are in Spain",
    ),
    Rule(
        "both of us",
        pattern=r"\b(?P<we>we(?:'re| are| were| have|'ve)?) both (?![\w' -]{1,30} and\b)"
        r"|\b(?P<all>we(?:'re| are| were)) all (?!of\b|in\b|the\b|about\b|on\b|human\b|different\b)",
        gives=r"\g<we>\g<all> ",
        fires="we both teach => we teach",
        spares="we both teach and write",
        holds="both|all",
    ),
    Rule(
        "the one who",
        pattern=r"\bI'm (?:the (?:only )?one|one of (?:those|the)(?: rare| few| weird| odd)? (?:people|ones|men"
        r"|women|parents|folks|types|kids))"
        r"(?: (?:in|at|on|of) (?:my|our|the) (?:[\w-]+ )?[\w-]+)? (?:who|that) (?:always |never |usually |still "
        r")?(?=\w+s\b)(?!is\b|was\b|has\b|does\b)",
        gives="I ",
        fires="I'm the one who signs off expenses => I signs off expenses",
        spares="I'm the one who is late",
        holds=" one",
    ),
    Rule(
        "the one doing",
        pattern=r"\bI'm the (?:only )?one (?=\w+ing (?!it\b|this\b|that\b)\w)",
        gives="I'm ",
        fires="I'm the one hosting Eid => I'm hosting Eid",
        spares="I'm the one missing",
        holds="the one|only one",
    ),
    Rule(
        "a bit of one",
        pattern=r"(?<=\bI'm )(?:a bit|something|kind|sort) of (?=an? )",
        gives="",
        fires="I'm a bit of a hoarder => I'm a hoarder",
        spares="I have a bit of a cold",
        holds=" of a",
    ),
    Rule(
        "could never",
        pattern=r"\bI could never (?=(?:live|work|eat|drink|sleep|do without|own|have|wear|drive|afford|cope|go back"
        r"|get used|marry"
        r"|date|swim|fly)\b(?! (?:that|this|it)\b))",
        gives="I can never ",
        fires="I could never live without the sea => I can never live without the sea",
        spares="I could never thank you enough",
        holds="could never",
    ),
    Rule(
        "call oneself",
        pattern=r"\bI(?:'d| would)? (?:call|consider|describe) myself (?:as |to be )?(?=[a-z])",
        gives="I'm ",
        fires="I'd call myself agnostic => I'm agnostic",
        spares="I'd call my sister agnostic",
        holds="myself",
    ),
    Rule(
        "more of a",
        pattern=r"(?<=\bI'm )(?:much |definitely |always been )?more of (?=an? [\w-]+ )",
        gives="",
        fires="I'm more of a tea person => I'm a tea person",
        spares="I'm more of them",
        holds="more of",
    ),
    Rule(
        "this one's own",
        pattern=r"\b(?P<deed>built|bought|got|inherited|live in|lived in|moved into|renovated|rented|rent|own|started) "
        r"this (?=(?:[\w-]+ )?(?:pc|laptop|phone|computer|tablet|house|flat|apartment|car|bike|company|business"
        r"|shop)\b)",
        gives=r"\g<deed> my ",
        fires="I built this PC in May => I built my PC in May",
        spares="I like this PC",
        holds="this",
    ),
    Rule(
        "bday",
        pattern=r"\bb-?day\b",
        gives="birthday",
        fires="my bday is 4 May => my birthday is 4 May",
        spares="d-day was in 1944",
        holds="day",
    ),
    Rule(
        "smart dash",
        pattern=r"\s[\u2014\u2013]\s",
        gives=" - ",
        fires="I ski — badly => I ski - badly",
        spares="I ski-jump",
    ),
)
"""Each gives the replacement; all that match apply, in order."""


_SAME = r"(?P<old>\d[\w:.]*|(?-i:[A-Z])[\w'-]+)"
_NEW = r"(?P<new>\d[\w:.]*|(?-i:[A-Z])[\w'-]+)"
SELF_CORRECTION = lazy(
    rf"{_SAME},? (?:[-—–]+ |\.\.\.? ?)?(?:sorry|oops|wait|no wait"
    rf"|no(?=[,.-]| (?:I mean|I meant|make that|the \d|\d))|er|uh"
    rf"|I mean|I meant|correction|make that"
    rf"|rather)[, ]+(?:I mean |I meant |make that |no |sorry,? |the |actually )?{_NEW}(?:,(?= \w))?",
    re.IGNORECASE,
)
"""A value taken back in the same breath: "14, I mean 40, employees"."""
WITHDRAWN = lazy(r"(?:[\w-]+, )?(?:sorry|oops|scratch that|no wait|correction|I mean|I meant)\b", re.IGNORECASE)
"""How a sentence begins that takes the one before it back."""


_BARE_VALUE = lazy(
    r"[\s:,]*(?:I mean |I meant |it's |make that |actually )?(?P<new>\d[\w:.]*\w|\d"
    r"|(?-i:[A-Z])[\w'-]+)(?P<rest>(?: as of| since| now|,|\.|!|$).*)$"
)


def restated(statement: str, correction: str) -> str | None:
    """Return the statement with its number or last name replaced by the one that the correction begins with, if any."""
    match = _BARE_VALUE().match(correction)
    if match is None:
        return None
    new = match["new"]
    if new[0].isdigit():
        changed = re.sub(r"\d[\w:.]*\w|\d", lambda _: new, statement, count=1)
    else:
        changed = re.sub(r"(?<=[a-z,] )[A-Z][\w'-]+(?=[^A-Z]*$)", lambda _: new, statement, count=1)
    return changed if changed != statement else None


@cached(256)
def spell(text: str) -> str:
    """Return the text with chat spellings of pronouns and contractions written out, and corrections carried out."""
    text = SELF_CORRECTION().sub(lambda match: match["new"], text)
    small = folded(text)
    for rule in SPELLING:
        if not possible(rule, text, small):
            continue
        mended = compiled(rule.pattern).sub(rule.gives, text)
        if mended != text:
            text, small = mended, folded(mended)
    return " ".join(text.split())
