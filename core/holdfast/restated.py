"""The same said anew with another value: "deploys on Fridays", then "deploys on Mondays now".

Two statements are compared word by word. Where they begin alike, differ in one value of one sort (a number, a day, a
name) and the later one says that it is so by now, the value has changed. A statement that says more of the moment, of
a denial or of one thing more changes nothing.
"""

import re
from collections.abc import Sequence

from holdfast.lexical import MONTH_NAMES, terms_of

__all__ = ["new_value"]

_BY_NOW = re.compile(
    r"\b(?:now|nowadays|these days|by now|from now on|instead|again|since|as of"
    r"|(?:down|up|back) to(?= [$€£]?\d| (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b))\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"^User's [\w' -]{3,30} (?:runs until|lasts until|ends (?:on|in)|expires (?:on|in)) ")
"""What ends once: its date needs no word that it is another now."""
_NO_CHANGE = re.compile(
    r"\b(?:not|never|no|nor|cannot|also|too|as well|another|both|either|second|other|back-?up|sometimes|often|usually"
    r"|mostly|today|tonight|tomorrow|for now|(?:this|next) (?:week|weekend|morning|afternoon|evening)"
    r"|was|were|had|used to|if|would|might|(?<!in )(?<!of )(?-i:may)|could|should"
    r"|temporarily|until|right now)\b|n['’]t\b|\?",
    re.IGNORECASE,
)
_ASIDE = re.compile(r" \([^)]*\)")
_CLAUSE = re.compile(
    r"[,;!]| (?:because|so|but|when|after|while|which|since|as of|btw|yesterday|last (?:week|month|year|night))\b.*"
)
_NOT_THE_OLD = re.compile(r", (?:and )?not (?:on |in |at |to |with )?(?P<old>[\w'’ -]{2,30})[.!]?$", re.IGNORECASE)
_WORD = re.compile(r"[\w$€£][\w.+#:'’%/-]*")
_LEADING = re.compile(r"^(?:now|these days|nowadays|from now on|by now),? ", re.IGNORECASE)
_SWITCHED = r"^(User(?:'s team)?) (?:has |have )?(?:upgraded|downgraded|switched|moved|went) to (?=(?:the|an?) )"
_TURNED = (
    r"^(User(?:'s [\w-]+)?) (?:has |just |have )*turned (?=\d+\b|[a-z]+(?:teen|ty)?\b(?! (?:down|up|off|on|in|out)\b))"
)
_PROMOTED = r"^(User) (?:has been|was|got|just got|has just been) promoted to (?:the )?(?=[a-z])"
_BY_DEED = re.compile(f"{_SWITCHED}|{_TURNED}|{_PROMOTED}")
"""Deeds that put one value in the place of another."""
_REWRITTEN = (
    (re.compile(r"^About User: (?:The|the) "), "User's "),
    (
        re.compile(r"^(?:User's team|User) (?:has|have) (?:User's|an?|the) ([a-z-]+) (?=(?:at|on) )"),
        r"User's \1 is ",
    ),
    (
        re.compile(
            r"^(User(?:'s team)?) (?:plans|wants|hopes|intends|decided|would like|is planning|is hoping) to go to "
        ),
        r"\1 is going to ",
    ),
    (re.compile(r"^(User(?:'s team)?) (?:is|are) (?:now )?(?:down|up) to (?=\w+ [a-z])"), r"\1 has "),
    (re.compile(r" (?:down|up|back) to (?=[$€£]?\d)"), " "),
    (re.compile(_SWITCHED), r"\1 is on "),
    (re.compile(_TURNED), r"\1 is "),
    (re.compile(_PROMOTED + "(?!an? )"), r"\1 is a "),
    (re.compile(r"^(User) (?:has )?cut (?:down|back) to (?=\w+ [a-z])"), r"\1 has "),
)
_FILLERS = frozenset("now nowadays currently just instead again already finally still".split())
_LIKE_VERBS = (
    frozenset("is are runs run sits".split()),
    frozenset("has have keeps owns drinks smokes eats takes".split()),
)
"""Verbs that say no more of a value than one another does."""
_PREPOSITIONS = frozenset("in at with for to from by under into near".split())
_ANY_PREPOSITION = _PREPOSITIONS | {"on", "until", "every", "of"}
_ONE_AT_A_TIME = frozenset("mains attends drives rides studies studying dates dating sees".split())
_BEFORE_A_HEAD = frozenset("the a an on in to".split())
_HAVING = frozenset("has have got owns bought wears keeps".split())
"""There may be one more of what one has."""
_COPULAS = frozenset("is are called named".split())
_NUMBERS = frozenset("one two three four five six seven eight nine ten eleven twelve".split())
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_MONTHS = frozenset(MONTH_NAMES)
_NUMBER = re.compile(r"[$€£]?\d[\d.,:]*(?:k|%|kg|st|nd|rd|th|am|pm|mg)?$", re.IGNORECASE)
_LONGEST_VALUE = 4


def new_value(new: str, old: str) -> tuple[str, str] | None:
    """Return what a later statement says in place of what an earlier one said, the earlier value first."""
    ours, theirs = _ASIDE.sub("", new), _ASIDE.sub("", old)
    denied = _NOT_THE_OLD.search(ours)
    if denied:
        ours = ours[: denied.start()]
    if not (denied or _BY_NOW.search(ours) or _UNTIL.match(ours) or _BY_DEED.match(ours)):
        return None
    mine, before = _words(ours), _words(theirs)
    if mine is None or before is None:
        return None
    start = _shared(before, mine)
    was, is_ = _until_preposition(before[start:]), _until_preposition(mine[start:])
    end = _shared(was[::-1], is_[::-1])
    rest = is_[len(is_) - end :]
    was, is_ = was[: len(was) - end], is_[: len(is_) - end]
    sort = _sort(was)
    if len(was) == len(is_) == 1 and {sort, _sort(is_)} == {"word", "name"}:
        sort = "word"  # "the Pro plan", "the free plan"
    elif len(was) == len(is_) == 1 and sort == "word" and _one_of_two(was[0], is_[0]):
        return was[0], is_[0]
    elif sort is None or sort != _sort(is_) or (sort == "word" and (len(was), len(is_)) != (1, 1)):
        return None
    if _alike_all(was, is_):
        return None
    if not _holds_one(mine[:start], sort, rest):
        return None
    if denied and not _alike_all(_WORD.findall(denied["old"])[: len(was)], was):
        return None
    return " ".join(was), " ".join(is_)


def _words(text: str) -> list[str] | None:
    """Return the words of a statement's first clause, without those that say when it is so."""
    clause = _CLAUSE.split(_LEADING.sub("", text), maxsplit=1)[0]
    for pattern, rewritten in _REWRITTEN:
        clause = pattern.sub(rewritten, clause)
    if _NO_CHANGE.search(_UNTIL.sub("", clause)):
        return None
    found = (word.rstrip(".'’:") for word in _WORD.findall(clause.replace("these days", "")))
    return [word for word in found if word.casefold() not in _FILLERS]


def _alike(one: str, other: str) -> bool:
    if one.casefold() == other.casefold() or any(one in verbs and other in verbs for verbs in _LIKE_VERBS):
        return True
    terms = terms_of(one).tolist()
    return bool(terms) and terms == terms_of(other).tolist()


def _alike_all(some: Sequence[str], others: Sequence[str]) -> bool:
    return len(some) == len(others) and all(map(_alike, some, others))


def _shared(some: Sequence[str], others: Sequence[str]) -> int:
    """Return with how many like words both begin."""
    count = 0
    for one, other in zip(some, others, strict=False):
        if not _alike(one, other):
            break
        count += 1
    return count


def _one_of_two(one: str, other: str) -> bool:
    """Whether two words are halves of one scale: part-time and full-time."""
    return "-" in one and "-" in other and one.rpartition("-")[2] == other.rpartition("-")[2]


def _until_preposition(value: Sequence[str]) -> list[str]:
    """Return a value without what follows it: "Ana" of "Ana in Overwatch"."""
    for index, word in enumerate(value):
        if index and word in _ANY_PREPOSITION:
            return list(value[:index])
    return list(value)


def _sort(value: Sequence[str]) -> str | None:
    if not 0 < len(value) <= _LONGEST_VALUE:
        return None
    first = value[0].casefold()
    if first.removesuffix("s") in _DAYS:
        return "day"
    if first in _MONTHS or (first == "next" and len(value) > 1 and value[1].casefold() in _MONTHS):
        return "month"
    if _NUMBER.match(first) or first in _NUMBERS:
        return "number"
    return "name" if value[0][0].isupper() or first in ("a", "an", "the") else "word"


def _holds_one(frame: Sequence[str], sort: str, rest: Sequence[str]) -> bool:
    """Whether what both say of the value leaves room for one only."""
    if len(frame) < 2 or frame[0] not in ("User", "User's"):
        return False
    last, thing = frame[-1].casefold(), frame[0] == "User's"
    if sort in ("day", "month"):
        return last in _ANY_PREPOSITION
    if sort == "number":
        return thing or bool(rest) or len(frame) > 2
    if sort == "word":
        return bool(rest) and last in _BEFORE_A_HEAD and frame[-2] not in _HAVING
    if last in _PREPOSITIONS or last in _ONE_AT_A_TIME:
        return len(frame) > 2 or last in _ONE_AT_A_TIME
    return thing and last in _COPULAS
