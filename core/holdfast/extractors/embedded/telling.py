"""Statements that no shape expects, kept word for word where a message does nothing but tell.

"Second year of a nursing degree at Salford", "the hip went in March": no verb or no subject that the rules know, and
still the user's. Told from a search ("best hotel in Rome") and from the task at hand by what the words name, and only
in a quiet message: one that neither calls nor thanks anybody, where talk between friends is full of both.
"""

import re

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.rules import Rule, first
from holdfast.extractors.embedded.words import is_form

EVIDENCE = (
    Rule(
        "somebody or something of one's life",
        pattern=r"\b(?:<kin>|<occupations>|<conditions>|<body_parts>|<own_nouns>|<household>|<own_animals>"
        r"|<languages>)s?\b",
        gives="a life",
        fires="Second nurse on the ward => a life",
        spares="Second wheel on the wagon",
    ),
    Rule(
        "a time one lives in",
        pattern=r"\b(?:since|ago|yesterday|these days|nowadays|at ours|here|for (?:\w+ )?(?:years?|months?|ages|life)"
        r"|(?:last|this|next) (?:<times>)|(?:years?|months?|weeks?|yrs)\b|(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
        r"|january|february|march|april|june|july|august|september|october|november|december)\b",
        gives="a time",
        fires="Same bench since 2009 => a time",
        spares="Same bench as before",
    ),
    Rule(
        "a station of a life",
        pattern=r"\b(?:degree|uni|university|college|school|shifts?|nights|apprentic\w+|notice|overtime|commute|rented"
        r"|mortgaged?|allergic|prone|vegan|vegetarian|sober|teetotal|retired|divorced|widow\w*|single|married|engaged"
        r"|pregnant|off (?:work|sick)|part[- ]time|full[- ]time|freelance|self[- ]employed|unemployed|household|born"
        r"|raised|grew up|mother tongue|native)\b",
        gives="a station",
        fires="Part-time at the docks => a station",
        spares="Part of the docks",
    ),
)
"""What shows that words without a subject are about the one who says them. Each gives what it found."""

REQUESTS = (
    Rule(
        "search words",
        pattern=r"\b(?:best|top|vs|versus|how|what|which|why|where|who|when to|ideas?|tips|recipes?|examples?|near me"
        r"|cheap\w*|reviews?|meaning|meant|definition|difference|tutorial|compared?|comparison|pros and cons"
        r"|facts about"
        r"|list|suggestions?|alternatives?|explained|calculator|conversion|in english|history of|capital of"
        r"|weather|price|prices|population|pdf|rules|requirements|open (?:late|now|today))\b"
        r"|\bnear (?!the\b|my\b|our\b|an?\b|where\b)(?-i:[a-z])",
        gives="request",
        fires="best nursing school in Salford => request",
        spares="nursing school in Salford since May",
    ),
    Rule(
        "material of a task",
        pattern=r"\b(?:errors?|titles?|drafts?|chapters?|summar\w+|names?|synonyms?|templates?|please|pls|versions?"
        r"|options?|steps?|questions?|answers?|code|sentences?|words?|paragraphs?|functions?|files?|rows?|columns?"
        r"|tables?"
        r"|lines?|slides?|pages?|scenes?|characters?|plot|subject|heading|caption|slogan|lyrics|verse|essay|poem|story"
        r"|said|formula|query|output|input|result|results|image|photo|picture|data)\b",
        gives="request",
        fires="short story for a school => request",
        spares="short walk from a school",
    ),
    Rule(
        "something to be made",
        pattern=r"\b(?:itinerar\w+|messages?|plans?|planners?|scripts?|exercises?|letters?|jokes?|speech|symptoms?"
        r"|breeds?"
        r"|gifts?|presents?|verbs?|nouns?|dinners?|menus?|budget|workout|routine|schedule|worksheet|quiz|guide|toast"
        r"|explanation|translations?|posters?|invitations?|cards?|captions?|bio|cv|agenda|minutes|e-?mails?|reports?"
        r"|analysis"
        r"|rates?|salary|salaries|times|timetable|itinerary|calculation|grammar|exercises|costume|outfit|playlist"
        r"|songs?|film"
        r"|films|movies?|books?|series|games?|hotels?|restaurants?|flights|tickets|syllabus|lesson plan|model"
        r"|diagram)\b"
        r"| (?:for|about|between|to|per) (?:an?|my|our|the|two|three|four|kids|children|beginners?|women|men|adults"
        r"|\d)\b",
        gives="made to order",
        fires="gift for a nephew => made to order",
        spares="nephew in Leeds, seven in May",
    ),
    Rule(
        "praise and feeling",
        pattern=r"\b(?:great|nice|fun|lovely|wonderful|beautiful|exciting|challeng\w+|joy\w*|happy|happiness|wild|cool"
        r"|crazy|awful|terrible|good|bad|hard|tough|better|worse|support\w*|dreams?|growth|success\w*|failures?|journey"
        r"|love|everything|much|strength\w*|peace|future|lives|proud|stay\w*)\b",
        gives="mood or judgement",
        fires="great year as a nurse => mood or judgement",
        spares="second year as a nurse",
    ),
    Rule(
        "for ever",
        pattern=r"\b(?:always|never|forever|together|just)\b",
        gives="said at large",
        fires="never a nurse around => said at large",
        spares="nearly a nurse",
    ),
    Rule(
        "said of somebody or something else",
        pattern=r"\b(?:i|i'm|im|me|my|mine|we|us|our|he|she|it|they|him|her|them|his|their|its|it's|this|that|these"
        r"|those|you|your|everyone|everybody|people|someone|somebody|something)\b|\"|\x27\w[^\x27]{3,}\x27"
        r"|[\\_{}<>=|]|(?<!\d)/",
        gives="leans on other words",
        fires="a school like that => leans on other words",
        spares="a school like Eton",
    ),
    Rule(
        "a whole sentence of somebody else",
        pattern=r"^(?:the|an?|all|most|every|some|many|same) |^(?-i:[A-Z])[\w']+(?: (?-i:[A-Z\d])[\w'.]+)* "
        r"<past_verbs>\b"
        r"|^(?:kids|children|people|students|women|men|babies|nurses|teachers|doctors) in (?-i:[A-Z])"
        r"|^(?:bees|cats|dogs|horses|birds|goats|sheep|pigs|rabbits|parrots|hens|ducks|plants) (?:in |from |with "
        r"|can |do |don't )?"
        r"[a-z]+\b(?<!ed)(?<!ing)(?<!for)(?<!since)"
        r"|\b(?:is|are|was|were|has|have|had|can|could|will|would|should|does|did|says?|wants?|needs?|gets?|goes|went"
        r"|helps?|brings?|makes?|seems?|feels?|looks?|means?|matters?|keeps?|gives?|lets?)\b",
        gives="of somebody else",
        fires="Elon Musk has like twelve kids => of somebody else",
        spares="Twelve kids, and Elon Musk for a neighbour",
    ),
)
"""What makes of such words a search, a task or a clause that leans on others. Each gives the reason."""

AFFAIRS = (
    Rule(
        "an affair of one's own",
        pattern=r"^(?:the |our |new |first |second |last |final |next )?(?!(?:an?|any|every|most|some|this|that|my"
        r"|[\w-]+'s)\b"
        r"|(?:[\w-]+ )?(?:average|typical|standard|usual)\b)(?:[\w/-]+ ){0,2}?(?:<affairs>)"
        r"(?: (?:and|with|at|for|on|in|to|from|of) (?:the |my |our )?(?:[\w'-]+ )?[\w'-]+)?"
        r"(?: (?:(?:now|only|also|just|finally|still|officially|already|both) )?(?:[a-z]+ed|is|are|was|were|has"
        r"|have"
        r"|had|will|<happenings>)\b|'s (?=\w+ing\b|been\b|booked\b|due\b|on\b))"
        r"(?=.*(?:\d|<times_named>|\b<turns_of_a_life>\b))",
        gives="an affair",
        fires="The kitchen fitters are coming on Friday => an affair",
        spares="The kitchen at the museum is open on Friday",
    ),
)
"""A sentence about what is going on in one's life, though nothing in it says whose it is. Each gives what it found."""

PRAISE = tuple(rule for rule in REQUESTS if rule.name == "praise and feeling")
_LOUD = lazy(
    r"!|\b(?:thanks?(?! (?:god|goodness|heavens|to)\b)|thx|wow|congrats|congratulations|awesome|amazing|inspir\w+"
    r"|incredible|proud"
    r"|good luck|take care|haha\w*|lol)\b",
    re.IGNORECASE,
)
_FIRST_WORD = lazy(r"[a-z'-]+", re.IGNORECASE)
_NO_ORDERS = frozenset("back half left home second last long short even just".split())
_ABOUT_OTHERS = ("of somebody else", "said at large")
_FEWEST, _MOST = 3, 18
_LONGEST = 800
"""Characters of a message that does nothing but tell; longer ones are a talk with somebody."""


def calm(text: str) -> bool:
    """Tell whether a message is short and neither calls, cheers nor thanks anybody."""
    return len(text) <= _LONGEST and _LOUD().search(text) is None


def tells(clause: str) -> bool:
    """Tell whether words without a subject are plainly about the one who says them."""
    said = clause.strip(" .,;")
    opening = _FIRST_WORD().match(said)
    if opening is None or not _FEWEST <= len(said.split()) <= _MOST:
        return False
    affair = first(AFFAIRS, said)
    if affair and all(rule.gives in _ABOUT_OTHERS for rule in _requested(said[affair[1].end() :].split(", ")[0])):
        return True
    word = opening[0].lower()
    if is_form(word, "base") and word not in _NO_ORDERS:
        return False
    return first(REQUESTS, said) is None and first(EVIDENCE, said) is not None


def tells_of_oneself(clause: str, *, parsed: bool = False, of_another: bool = False) -> bool:
    """Tell whether a clause in the first person that passed no shape still names something of a life.

    Args:
        clause: In the words of the message.
        parsed: It was taken apart: a number or a name in it is not enough.
        of_another: Its subject is somebody of the user's, who orders nothing of the assistant.
    """
    said = clause.strip(" .,;")
    against = {"request", "mood or judgement" if parsed else "", "" if of_another else "made to order"}
    if not _FEWEST <= len(said.split()) <= _MOST or any(rule.gives in against for rule in _requested(said)):
        return False
    return first(EVIDENCE, said) is not None or (not parsed and _PARTICULAR().search(said) is not None)


_PARTICULAR = lazy(r"\d|(?<=\w )(?!I\b|I')[A-Z]\w")


def _requested(said: str) -> list[Rule]:
    return [found[0] for rule in REQUESTS if (found := first((rule,), said))]
