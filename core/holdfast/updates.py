"""A figure that was said anew: asked how many there are, what was said later stands before what it replaces."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from holdfast.lexical import MONTH_NAMES, terms_of
from holdfast.types import Hit

__all__ = ["CLOSE", "DEPTH", "asks_for_a_value", "newest_first"]

DEPTH = 10
"""Hits among which a newer value is looked for."""

CLOSE = 0.7
"""Share of the older one's score that the newer one must reach: both speak of what is asked."""

_SHARED = 2  # words of the question that both sentences hold
_READ = 2_000  # characters of one message that are read for figures, code left out

_VALUE = re.compile(
    r"\bhow (?:many|much|long|often|far|old|fast|high|big|large|tall|heavy)\b|\bwhen\b|\b(?:number|percent|percentage"
    r"|rate|average|total|count|amount|deadline|date|time|score|price|cost|quota|limit|budget|size|accuracy|coverage"
    r"|progress)\b",
    re.IGNORECASE,
)
_MEASURED = re.compile(r"\bhow (?!many|much)\w+\b|\btime\b", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:between|first|earlier|before|original\w*|initial\w*|previous\w*|used to|chang\w+|differ\w+|compar\w+"
    r"|summar\w+|across|over (?:time|the)|order|from \S+ to|passed|progress\w*|when I|back (?:then|when|in)|did)\b",
    re.IGNORECASE,
)
_ANEW = re.compile(
    r"\b(?:now|new(?:ly)?|recent(?:ly)?|latest|current(?:ly)?|updat\w+|increas\w+|improv\w+|reach\w*|gr(?:ew|own|owth)"
    r"|exten(?:d|ded|sion)|rais\w+|reduc\w+|drop(?:ped)?|decreas\w+|lower\w*|chang\w+|mov(?:ed|ing)|switch\w*|up to"
    r"|down to|no longer|instead|push\w*|postpon\w+|reschedul\w+|delay\w*|total|so far|already|add(?:ed|ing)|further"
    r"|since)\b",
    re.IGNORECASE,
)
_NUMBERS = {word: str(number) for number, word in enumerate("two three four five six seven eight nine ten".split(), 2)}
_FIGURE = re.compile(
    rf"(?P<date>\b(?:{'|'.join(MONTH_NAMES)}) \d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{1,2}} (?:{'|'.join(MONTH_NAMES)})\b)"
    r"|(?P<money>[$€£]\s?\d[\d,]*(?:\.\d+)?)|(?P<clock>\b\d{1,2}:\d\d\b)"
    rf"|(?<![\w.\-/:#])(?P<number>\d[\d,]*(?:\.\d+)?|(?:{'|'.join(_NUMBERS)})\b)"
    r"(?P<unit>\s?(?:%|percent\b)|(?!st\b|nd\b|rd\b|th\b)[a-z]{1,3}\b)?"
    r"(?P<counted>(?:[ -](?!and\b|or\b|to\b|of\b|in\b|on\b|at\b|for\b|with\b|but\b|by\b|from\b)[a-z][\w'-]*){0,4})"
    r"(?![\w:/]|\.\d)",
    re.IGNORECASE,
)
_HOLDS = re.compile(rf"\d|\b(?:{'|'.join(_NUMBERS)})\b", re.IGNORECASE)
_CODE = re.compile(r"```[\s\S]*?(?:```|\Z)")
_BREAK = re.compile(r"(?<=[.!?])\s+|\n+")
_QUESTIONED = re.compile(r"\d[\d,]*(?:\.\d+)?")

_Unit: TypeAlias = int | str
"""The term of what is counted, or a name of what has a measure of its own."""

_MEASURES = "ms sec second min minute hour day week month year mm cm km mile metre meter kg gram pound litre degree"
_OF_THEIR_OWN = frozenset[_Unit](["date", "money", "clock", "percent"])
_OF_A_MEASURE = _OF_THEIR_OWN.union(terms_of(_MEASURES).tolist())
_BARE = "bare"


@dataclass(frozen=True, slots=True)
class _Sentence:
    """The terms of a sentence, the values that it gives by what they count, and whether it tells something new."""

    terms: frozenset[int]
    values: Mapping[_Unit, frozenset[str]]
    anew: bool


def asks_for_a_value(question: str) -> bool:
    """Whether a question asks for a figure or a date as it is now, not for its history."""
    return bool(_VALUE.search(question)) and not _PAST.search(question)


def newest_first(question: str, hits: Sequence[Hit]) -> list[Hit]:
    """Put what gives a figure anew in front of what gave it before, where both match a question for that figure.

    Two hits of the user are taken for one figure at two times when a sentence of each shares two words with the
    question, both count the same in another number, the later one says that something is new, and matches at least
    `CLOSE` as well. The number that the question itself names is not replaced.
    """
    if not asks_for_a_value(question) or not any(_ANEW.search(_text(hit)) for hit in hits[:DEPTH]):
        return list(hits)
    asked = frozenset(terms_of(question).tolist())
    units = asked | (_OF_A_MEASURE if _MEASURED.search(question) else _OF_THEIR_OWN)
    named = {number.replace(",", "") for number in _QUESTIONED.findall(question)}
    read = [_read(hit, asked) for hit in hits[:DEPTH]]
    scores = [hit.score for hit in hits]
    order = list(range(len(hits)))
    for later, news in enumerate(read):
        for place, earlier in enumerate(order[: order.index(later)]):
            if hits[later].score < CLOSE * scores[earlier] or _when(hits[earlier]) >= _when(hits[later]):
                continue
            if any(_replaces(new, old, asked, units, named) for new in news if new.anew for old in read[earlier]):
                order.remove(later)
                order.insert(place, later)
                scores[later] = scores[earlier]
                break
    return [_scored(hits[number], scores[number]) for number in order]


def _scored(hit: Hit, score: float) -> Hit:
    return hit if score == hit.score else replace(hit, score=score, why={**hit.why, "newer": score - hit.score})


def _read(hit: Hit, asked: frozenset[int]) -> list[_Sentence]:
    """Return what a hit says about the question with a figure.

    Nothing of the assistant: its figures are examples more often than news.
    """
    if hit.message is not None and hit.message.role != "user":
        return []
    return [one for one in _sentences(hit) if len(one.terms & asked) >= _SHARED]


def _when(hit: Hit) -> datetime:
    when = hit.fact.said_at if hit.fact is not None else hit.message.at if hit.message is not None else None
    assert when is not None  # the journal gives every message a time
    return when


def _replaces(new: _Sentence, old: _Sentence, asked: frozenset[int], units: frozenset[_Unit], named: set[str]) -> bool:
    """Whether the figure of one sentence takes the place of one in the other that the question does not name."""
    if len(new.terms & old.terms & asked) < _SHARED:
        return False
    for unit, values in new.values.items():
        if unit == _BARE:  # "the commits have reached 165" after "150 commits"
            before = [held for one, held in old.values.items() if one in new.terms and one in asked]
            before = [held for held in before if not values & held]
        else:
            before = [old.values[unit]] if unit in old.values and unit in units else []
        if any(not values <= held and not named & held for held in before):
            return True
    return False


def _sentences(hit: Hit) -> Iterator[_Sentence]:
    """Return the sentences of a hit that give a figure."""
    for sentence in _BREAK.split(_CODE.sub("\n", _text(hit))[:_READ]):
        if _HOLDS.search(sentence) and (values := _values(sentence)):
            yield _Sentence(frozenset(terms_of(sentence).tolist()), values, bool(_ANEW.search(sentence)))


def _text(hit: Hit) -> str:
    return (hit.message.content if hit.message is not None else hit.text)[: 2 * _READ]


def _values(sentence: str) -> dict[_Unit, frozenset[str]]:
    values: dict[_Unit, set[str]] = {}
    for found in _FIGURE.finditer(sentence):
        number = (found["number"] or "").lower()
        number = _NUMBERS.get(number, number.replace(",", ""))
        unit = (found["unit"] or "").strip().lower()
        units: list[_Unit] = ["percent"] if unit in ("%", "percent") else []
        if not number:
            units = [name for name in ("date", "money", "clock") if found[name]]
            number = " ".join(found[0].lower().replace(",", "").split())
        elif not units:
            units = terms_of(f"{unit} {found['counted']}").tolist() or [_BARE]
        for one in units:
            values.setdefault(one, set()).add(number)
    return {one: frozenset(held) for one, held in values.items()}
