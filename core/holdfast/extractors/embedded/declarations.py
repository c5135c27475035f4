"""Statements that no shape expects: in a calm message that only tells, they are kept unless a row says why not.

The gate asks what a clause is. Here the question is turned around: a clause that says when, how many, how long, where
or who is believed to be about its author, unless its words are those of a search, of the task at hand, of the world at
large, or lean on what was said before. Words without a verb need company: another clause of the same message that is
about the user for certain.
"""

import re
from itertools import pairwise

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.rules import Rule, first, hits
from holdfast.extractors.embedded.telling import PRAISE, REQUESTS
from holdfast.extractors.embedded.words import is_form, kin, verb_forms, words

AT_LARGE = (
    Rule(
        "asked or searched for",
        pattern=r"^(?:best|top|cheap\w*|how|what|whats|which|why|who|whose|whether|if|ideas?|tips|recipes?|list"
        r"|examples?|compare|meaning|definition|difference|history of|number of|amount of)\b"
        r"|\b(?:vs|versus|near me|open late|pdf|tutorial|reviews?|explained|opening (?:hours|times)|meaning of)\b",
        gives="question",
        fires="best bakery in Lyon since 2020 => question",
        spares="the bakery in Lyon opens on Friday",
    ),
    Rule(
        "about many or anybody",
        pattern=r"^(?:most|many|some|few|every|everyone|everybody|people|all|an?|any|anyone|somebody|someone|nobody"
        r"|one (?:of|has|must|should|can|may)"
        r"|you|your|there|here|each|both|another|other|others|kids|men|women|students|scientists|experts) ",
        gives="of somebody else",
        fires="Most shops close on 24 December => of somebody else",
        spares="The shop closes on 24 December",
    ),
    Rule(
        "it was said or reported",
        pattern=r"\b(?:says?|said|according to|claims?|claimed|article|headline|the news|reported(?:ly)?|apparently"
        r"|announced|wrote|writes|the (?:book|film|movie|author|poem|novel|teacher|question|problem|exercise|text"
        r"|story)"
        r")\b",
        gives="said by another",
        fires="Apparently the strike ends on Monday => said by another",
        spares="The strike ends on Monday",
    ),
    Rule(
        "material of the task",
        pattern=r"\b(?:errors?|exceptions?|bugs?|output|input|functions?|columns?|rows?|arrays?|strings?|variables?"
        r"|queries|query|files?|regex|syntax|code|formula|equations?|paragraphs?|sentences?|headings?|titles?|chapters?"
        r"|scenes?|characters?|poems?|slogans?|captions?|bullet points?|answers?|options?|templates?|examples?"
        r"|synonyms?|translations?|\w+error)\b|[{}<>=\\|]|::|\w\(",
        gives="about the task at hand",
        fires="The second column ends on Friday => about the task at hand",
        spares="The second term ends on Friday",
    ),
    Rule(
        "what may be a secret",
        pattern=r"\d(?:[ -]?\d){6,}|\b(?:pass\w{0,6}|pins?|keys?|cards?|cv[cv]|logins?|accounts?|iban|codes?|tokens?"
        r"|secrets?|credentials?|serial|ssn|licen[cs]e)\b",
        gives="secret",
        fires="Locker pin until Friday => secret",
        spares="Locker room until Friday",
    ),
    Rule(
        "weather and the world",
        pattern=r"\b(?:rain(?:s|ed|ing|y)?|snow(?:s|ed|ing|y)?|sunny|cloudy|windy|weather|forecast|elections?"
        r"|president|prime minister|government|parliament|stock market|world cup|olympics|planets?|species|century"
        r"|inflation|interest rates|mortgage rates|oil prices|the euros|champions league|super bowl|won the|beat"
        r"|empire|the war|films?|movies?|average|meant to be|in general|population|capital of|invented|discovered"
        r"|founded in|was born in)\b",
        gives="said of people in general",
        fires="The election is on Sunday => said of people in general",
        spares="The audition is on Sunday",
    ),
    Rule(
        "mood and judgement",
        pattern=r"\b(?:great|nice|fun|lovely|wonderful|beautiful|awesome|amazing|exciting|joy\w*|happiness|crazy|awful"
        r"|terrible|horrible|annoying|stupid|boring|perfect|brilliant|dreams?|success\w*|journey|inspir\w+|proud"
        r"|literally|legend|weird|wild|cool|interesting|fascinating|impressive|adorable|cute|funny|hilarious)\b",
        gives="mood or judgement",
        fires="The concert on Friday was awful => mood or judgement",
        spares="The concert on Friday was cancelled",
    ),
    Rule(
        "leans on what was said",
        pattern=r"^(?:it|its|it's|this|that|thats|that's|these|those|he|she|they|him|her|his|their|and|or|but|because"
        r"|so|then|which|who|same|else|less|like|as|than|yes|no|not|maybe|ok|okay|please|pls|thanks|sorry|well|oh"
        r"|wow|lol"
        r"|cool|sure|hi|hello|hey|dear) ",
        gives="leans on other words",
        fires="That one leaves on Friday => leans on other words",
        spares="The ferry leaves on Friday",
    ),
)
"""Why words are not their author's own. Each gives the reason."""

DETAILS = (
    Rule(
        "so much, so long or so many",
        pattern=r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|twenty|thirty|forty|fifty"
        r"|sixty|hundred|thousand|half|twice|once an?|daily|weekly|monthly|both sides)\b",
        gives="a number",
        fires="Six spoons in a drawer => a number",
        spares="Spoons in a drawer",
    ),
    Rule(
        "a time",
        pattern=r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|june|july|august"
        r"|september|october|november|december|easter|christmas|ramadan|diwali|tomorrow|yesterday|since|until|till|ago"
        r"|(?:this|next|last) (?:week|month|year|term|spring|summer|autumn|winter|weekend|season)|mornings?|evenings?"
        r"|weekends?|nights?|years?|months?|weeks?)\b",
        gives="a time",
        fires="Ladders until Easter => a time",
        spares="Ladders and buckets",
    ),
    Rule(
        "somebody or somewhere by name",
        pattern=r"(?<=\w )(?!I\b|I')(?-i:[A-Z])[\w'-]+",
        gives="a name",
        fires="Lunch with Petra => a name",
        spares="Lunch with peas",
    ),
)
"""What makes words worth keeping. Each gives what it found."""

OF_OURS = (
    Rule(
        "somebody at home by name",
        pattern=r"^(?-i:[A-Z])[a-z]+(?:'s|,? (?:and|&) (?-i:[A-Z])[a-z]+)? (?:is|are|will be) (?:now |only |almost "
        r"|nearly )?"
        r"(?:\d{1,2}\b(?! (?:percent|km|miles|minutes|hours|degrees))|allergic\b|scared of\b|vegan\b|vegetarian\b)"
        r"|^(?-i:[A-Z])[a-z]+ (?:needs|takes|gets|has) (?:his|her|their|its) "
        r"|^(?-i:[A-Z])[a-z]+(?: and (?-i:[A-Z])[a-z]+)?"
        r" (?:is|are) (?:my|our|coming|moving|staying|visiting)\b|^(?-i:[A-Z])[a-z]+ (?:turns|is turning) \d{1,3}\b",
        gives="one of ours",
        fires="Milo is 4 and allergic to eggs => one of ours",
        spares="Milo is a brand of cocoa",
    ),
    Rule(
        "who is who",
        pattern=r"^(?:the |our |new )*(?:[\w-]+ ){0,2}?(?!(?:the )?(?:author|inventor|founder|winner|director|singer"
        r"|actor"
        r"|king|queen|writer|painter|composer|main|answer|leader|killer|murderer|hero|number|letter|order|color|paper"
        r"|former|first|last)\b)(?:<occupations>|<kin>|interns?|act|lead|head|guest|chair|host|contact|treasurer"
        r"|\w+mate|\w{3,}(?:er|or|ist|ian)) (?:is|are|will be) (?:now |still |called |named )?"
        r"(?-i:[A-Z])[a-z]+(?: (?-i:[A-Z])[\w'-]+)?(?=[.,;]|$| (?:and|from|now|who|until)\b)",
        gives="one of ours",
        fires="The intern is Noor => one of ours",
        spares="The inventor is Nobel",
    ),
)
"""Sentences about somebody around the user that name neither a day nor the user. Each gives what it found."""

_MADE_TO_ORDER = tuple(rule for rule in REQUESTS if rule.gives in ("request", "made to order"))
_FEWEST, _MOST = 3, 34
_FINITE = frozenset("is are was were has have had will won't isn't aren't can can't does doesn't did didn't".split())
_RECURS = lazy(r"\b(?:each|every) \w+,", re.IGNORECASE)
_RUNS_ON = lazy(r",|\b(?:from|since|until|till|with|over|each|every)\b", re.IGNORECASE)
"""What the words of a search hardly ever have."""
_SHORT_IS = lazy(r"^(?:the )?[\w-]+'s (?:an?|the|in|at|on|from|due|called|\d)\b", re.IGNORECASE)


def declares(said: str, *, dated: bool, beside: bool, personal: bool, several: bool) -> bool:
    """Tell whether words that no shape expects are a statement of their author's own.

    Args:
        said: A clause in the words of the message.
        dated: It names a day, month or year.
        beside: Another clause of the message is about the user for certain.
        personal: It speaks of the user.
        several: The message says more than this, and no question.
    """
    plain = said.strip(" .,;!")
    if not _FEWEST <= len(plain.split()) <= _MOST or first(AT_LARGE, plain) or _orders(plain):
        return False
    details = {rule.gives for rule, _ in hits(DETAILS, plain)}
    if beside:
        return bool(details)
    if is_sentence(plain):
        told = dated or (bool(details) and (personal or several or _near(plain))) or first(OF_OURS, plain) is not None
        told = told or (personal and _of_a_life(plain))
        if told or _RECURS().search(plain) is None:
            return told
    return len(details) > 1 and _RUNS_ON().search(plain) is not None and not is_ordered(plain)


def _orders(plain: str) -> bool:
    """Tell whether words begin like an order: with a verb in its base form that nothing of a life begins with."""
    opening = plain.split(maxsplit=1)[0].lower()
    return opening == "kindly" or (is_form(opening, "base") and opening in words("task_verbs"))


def is_ordered(plain: str) -> bool:
    """Tell whether words ask for something to be looked up or made."""
    return first(_MADE_TO_ORDER, _UP_TO().sub("", plain)) is not None


_UP_TO = lazy(r"\b(?:to|till|until) (?:the )?\d\w*")
"""The end of a stretch of time, which is not what something is made for."""


_NEAR = lazy(
    r"[a-z]|(?:[Tt]he|[Oo]ur)(?! (?:average|typical|usual|whole|human|most|same|only)\b)(?!.{0,40} (?:in|from"
    r"|of) [A-Z])"
)
"""How a sentence begins about what is around the one who says it: no name of the wide world for a subject."""
_NOT_OF_A_LIFE = ("task_words", "nothing_had", "feelings", "passing", "abstract")


def _of_a_life(plain: str) -> bool:
    """Tell whether a sentence about the user is neither a mood nor a thought nor about the task."""
    said = _LETTERS().findall(plain.lower())
    if _THOUGHT().search(plain) or first(PRAISE, plain) or is_form(said[0], "gerund"):
        return False
    return not any(word in words(name) for word in said for name in _NOT_OF_A_LIFE)


_LETTERS = lazy(r"[a-z][a-z'-]+")
_THOUGHT = lazy(
    r"\b(?:think|thought|know|knew|forgot|guess|wonder\w*|mean|meant|wish|hope|bet|suppose|would|might|where|how|why"
    r"|let|lets|confused|sure|idea|maybe|perhaps"
    r"|feels?|felt|everything|important|helps?|helped|focus\w*|believ\w+|future|purpose|powered|pulled|best|myself"
    r"|chance|is just|wanted|imagin\w+|connected)\b",
    re.IGNORECASE,
)


def _near(plain: str) -> bool:
    """Tell whether a sentence begins with something around the one who says it."""
    opening = plain.split(maxsplit=1)[0].lower()
    return _NEAR().match(plain) is not None or opening in words("belongings") or opening in kin()


_OF_ONESELF = lazy(r"(?:i|we|i'\w+|we'\w+) \w+ \w+", re.IGNORECASE)


def is_sentence(plain: str) -> bool:
    """Tell whether a finite verb stands behind a subject."""
    if _SHORT_IS().match(plain) or _OF_ONESELF().match(plain):
        return True
    said = [word.strip(",;:") for word in plain.lower().split()[:9]]
    for before, word in pairwise(said):
        verb = verb_forms().get(word)
        if verb and "base" in verb.forms and before.endswith("s") and said[0] in ("the", "our", "my"):
            return True
        if word in _FINITE or (verb and "third" in verb.forms and "base" not in verb.forms):
            return True
        if verb and "past" in verb.forms and "base" not in verb.forms:
            return True
    return False
