"""Chat shorthand made into sentences that the rewriting understands: spelling, dropped subjects, bare nouns."""

import re

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.rules import Rule, compiled

SPELLING = (
    Rule(
        "time for oneself",
        pattern=r"\bme-time\b|(?<=\bmy )me time\b|(?<=\bsome )me time\b|(?<=\bneed )me time\b",
        gives="time alone",
        fires="Sunday is my me time => Sunday is my time alone",
        spares="give me time to pack",
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
    ),
    Rule(
        "cant",
        pattern=r"\b(?P<verb>ca|wo)nt\b",
        gives=r"\g<verb>n't",
        fires="I cant swim => I can't swim",
        spares="I canter on Sundays",
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
    ),
    Rule(
        "wanna",
        pattern=r"\bwanna\b",
        gives="want to",
        fires="I wanna move => I want to move",
        spares="I want a move",
    ),
    Rule(
        "gotta",
        pattern=r"\b(?:have |'ve )?gotta\b",
        gives=" have to",
        fires="I gotta move => I have to move",
        spares="I got a move",
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
        "smart dash",
        pattern=r"\s[\u2014\u2013]\s",
        gives=" - ",
        fires="I ski — badly => I ski - badly",
        spares="I ski-jump",
    ),
)
"""Each gives the replacement; all that match apply, in order."""


SUBJECTS = (
    Rule(
        "state without subject",
        pattern="^(?=<state_without_subject_words>)",
        gives="I'm ",
        fires="allergic to sulfa drugs => I'm allergic to sulfa drugs",
        spares="I'm allergic to sulfa",
    ),
    Rule(
        "deed without subject",
        pattern=r"^(?=<deed_without_subject_words> ?)(?!got (?:it|you|that)\b|had to\b.*you|used to"
        r" (?:the|it)|need to (?:be|know) (?:said|done)|\w+ (?:by|of)\b)",
        gives="I ",
        fires="moved to denver in august => I moved to denver in august",
        spares="move to denver",
    ),
    Rule(
        "doing without subject",
        pattern=r"^(?=<doing_without_subject_words>\b)(?![^,;]{0,80}"
        r" <doing_without_subject_exceptions>\b)(?!.*\byour?\b)",
        gives="I'm ",
        fires="working night shift at a BPO => I'm working night shift at a BPO",
        spares="working nights is hard",
    ),
    Rule(
        "nothing of it",
        pattern=r"^(?=no <nothing_of_it_words>\b(?! (?:is|are|was|were|can|allowed)\b))",
        gives="I have ",
        fires="no kids, no pets => I have no kids, no pets",
        spares="no kids are allowed",
    ),
    Rule(
        "liking without subject",
        pattern=r"^(?=(?:really |absolutely )?(?:love|hate|prefer|enjoy|dislike) (?!it\b|that\b|this\b"
        r"|you\b|your\b|the (?:way|idea|sound)\b|how\b|them\b|to (?:hear|see)\b)\S)",
        gives="I ",
        fires="Love horror games => I love horror games",
        spares="Love your idea",
    ),
    Rule(
        "been without subject",
        pattern=r"^(?=been (?!a (?:while|minute|long)|so\b|great|good|ages|too|there\b)\w+)",
        gives="I've ",
        fires="Been sober for a year => I've been sober for a year",
        spares="Been a while",
    ),
    Rule(
        "diagnosis",
        pattern=r"^(?P<what>\S+) diagnosis (?:came|was)\b",
        gives=r"my \g<what> diagnosis came",
        fires="ADHD diagnosis came through => my ADHD diagnosis came through",
        spares="The diagnosis is open",
    ),
    Rule(
        "own noun",
        pattern=r"^(?:the |our )?(?P<noun>(?:<own_noun_fillers> )?<own_nouns>)(?= <own_noun_words>\b)",
        gives=r"my \g<noun>",
        fires="Budget is 500 euros => my Budget is 500 euros",
        spares="Budgets are hard",
    ),
    Rule(
        "own kin",
        pattern=r"^(?:the |our )?(?P<kin><own_kin_nouns>)(?='s? |s? <kin_predicates>\b)",
        gives=r"my \g<kin>",
        fires="the twins were born in June => my twins were born in June",
        spares="the twinset is new",
    ),
    Rule(
        "own plural kin",
        pattern=r"^(?:the |our )(?P<kin>(?:twins|kids|boys|girls|cats|dogs|chickens|hens|grandkids"
        r"|in-laws|parents))(?= (?!and\b|of\b|in\b|who\b|that\b|with\b|from\b)\w+)",
        gives=r"my \g<kin>",
        fires="The kids go back to school => my kids go back to school",
        spares="The kids in France run",
    ),
    Rule(
        "headed list",
        pattern=r"^(?P<noun>goal|diet|stack|job|car|name|age|allergies|hometown|birthday|pronouns"
        r"|occupation|location|city|timezone|budget|deadline|hobbies|pets|surname|first name"
        r"|email|nationality|dob)(?: ?[:=]| is:) (?=\S)",
        gives=r"my \g<noun> is ",
        fires="goal: no takeout in May => my goal is no takeout in May",
        spares="goals: none",
    ),
    Rule(
        "my head",
        pattern=r"^(?P<noun>my (?:[\w-]+ ){0,2}[\w-]+) ?[:=] ?(?=\S)",
        gives=r"\g<noun> is ",
        fires="my goal: run daily => my goal is run daily",
        spares="my goal is to run",
    ),
    Rule(
        "cleft",
        pattern="^what I (?:really |actually |mostly )?(?P<verb>want|need|like|love|hate|prefer|miss)(?:"
        " best| most| really)?,?(?: long[- ]term,?)? is (?:that |when )?",
        gives=r"I \g<verb> ",
        fires="What I really want is to open a shop => I want to open a shop",
        spares="What I said is true",
    ),
    Rule(
        "me and",
        pattern=r"^me and (?P<other>(?:my|a) [\w-]+(?: \w+)?) (?:we )?(?=\w)",
        gives=r"I and \g<other> ",
        fires="Me and my wife moved => I and my wife moved",
        spares="Me and you moved",
    ),
    Rule(
        "kin's short for is",
        pattern=r"^(?P<kin>(?:my|our) (?:[\w-]+ ){0,2}?[\w-]+)'s (?=<what_kin_can_be>\b)",
        gives=r"\g<kin> is ",
        fires="my roommate's vegan => my roommate is vegan",
        spares="my roommate's dog is vegan",
    ),
    Rule(
        "thing's short for has",
        r"^(?P<what>(?:my|our) (?:[\w-]+ ){0,2}?[\w-]+)'s (?=(?:been|gone|had|got)\b)",
        r"\g<what> has ",
        "my back's been bad => my back has been bad",
        "my back's muscles ache",
    ),
    Rule(
        "thing's short for is",
        r"^(?P<what>(?:my|our) (?:[\w-]+ ){0,2}?[\w-]+)'s (?=\w+(?:[,.;!]|$))",
        r"\g<what> is ",
        "my budget's tight, sorry => my budget is tight, sorry",
        "my budget's limits are tight",
    ),
    Rule(
        "both",
        r"^(?:both|all)(?: of)? (?=(?:my|our)\b)",
        "",
        "Both my parents teach => my parents teach",
        "Both parents teach",
    ),
    Rule(
        "appositive",
        pattern=r"^(?P<kin>(?:my|our) (?:[\w-]+ ){0,2}?<kin>),? (?:\((?P<name>(?-i:[A-Z])\w+)\)"
        r"|(?P<name2>(?-i:[A-Z])\w+)),(?= \w)",
        gives=r"\g<kin> \g<name>\g<name2>",
        fires="my wife, Ana, works => my wife Ana works",
        spares="my wife, a nurse, works",
    ),
    Rule(
        "name then role",
        pattern=r"^(?P<name>(?-i:[A-Z])\w+) \((?P<kin>my (?:[\w-]+ ){0,2}?<kin>)\)(?= \w)",
        gives=r"\g<kin> \g<name>",
        fires="Harriet (my line manager) is leaving => my line manager Harriet is leaving",
        spares="Harriet (my word) is leaving",
    ),
    Rule(
        "being",
        pattern=r"^being (?=an? [\w' -]{2,40}$)",
        gives="I'm ",
        fires="Being a single dad => I'm a single dad",
        spares="Being late is rude",
    ),
    Rule(
        "name's",
        pattern="^my (?P<which>(?:first |last |full |real )?)name's (?=(?-i:[A-Z]))",
        gives=r"my \g<which>name is ",
        fires="my name's Olu Ade => my name is Olu Ade",
        spares="my name's origin is old",
    ),
    Rule(
        "as someone with",
        pattern=r"^as (?:someone|a person) (?:with|who has|living with) (?P<what>[\w' -]+?),.*$",
        gives=r"I have \g<what>",
        fires="As someone with asthma, what helps => I have asthma",
        spares="As someone said, no",
    ),
    Rule(
        "as someone who",
        pattern=r"^as (?:someone|a person) who(?:'s| is) (?P<what>[\w' -]+?),.*$",
        gives=r"I'm \g<what>",
        fires="As someone who is vegan, what helps => I'm vegan",
        spares="As someone who sings, no",
    ),
    Rule(
        "as a",
        pattern=r"^as (?P<what>an? (?:[\w'-]+ ){0,3}[\w'-]+),(?! I\b).*$",
        gives=r"I'm \g<what>",
        fires="As a vegan, what can be eaten => I'm a vegan",
        spares="As a child I sang",
    ),
    Rule(
        "since",
        pattern=r"^(?:since|given that|because|considering(?: that)?|seeing as) (?P<what>(?:I|I'm|I've|my"
        r"|we|we're)\b[^,]{3,80}),(?: (?:what|how|which|where|can|could|should|is|are|do|does|any"
        r"|would|will|when|who)\b).*$",
        gives=r"\g<what>",
        fires="Since I'm vegan, what works => I'm vegan",
        spares="Since I moved, I sleep",
    ),
)
"""Each gives the replacement; the first that matches applies."""


_SAME = r"(?P<old>\d[\w:.]*|(?-i:[A-Z])[\w'-]+)"
_NEW = r"(?P<new>\d[\w:.]*|(?-i:[A-Z])[\w'-]+)"
SELF_CORRECTION = lazy(
    rf"{_SAME},? (?:[-—–]+ |\.\.\.? ?)?(?:sorry|oops|wait|no wait|no|er|uh|I mean|I meant|correction|make that"
    rf"|rather)[, ]+(?:I mean |I meant |make that |no |sorry,? |the |actually )?{_NEW}(?:,(?= \w))?",
    re.IGNORECASE,
)
"""A value taken back in the same breath: "14, I mean 40, employees"."""
WITHDRAWN = lazy(r"(?:[\w-]+, )?(?:sorry|oops|scratch that|no wait|correction|I mean|I meant)\b", re.IGNORECASE)
"""How a sentence begins that takes the one before it back."""


def spell(text: str) -> str:
    """Return the text with chat spellings of pronouns and contractions written out, and corrections carried out."""
    text = SELF_CORRECTION().sub(lambda match: match["new"], text)
    for rule in SPELLING:
        text = compiled(rule.pattern).sub(rule.gives, text)
    return " ".join(text.split())


def complete(clause: str) -> str:
    """Return the clause with a dropped subject or possessive put back, if it has one of the known openings."""
    for rule in SUBJECTS:
        match = compiled(rule.pattern).match(clause)
        if match:
            start = match.expand(rule.gives) if "\\" in rule.gives else rule.gives
            start = start.replace("\\g<name>", "")
            rest = clause[match.end() :]
            if (
                rule.gives.endswith(" ")
                and rest[:1].isupper()
                and not re.match(r"[A-Z]{2}|I\b|[A-Z]\w* [A-Z]", rest)
                and match.end() == 0
            ):
                rest = rest[0].lower() + rest[1:]
            return start + rest
    return clause
