"""What a reader is given: the words that matched, and the place where they stand."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeAlias

from holdfast.dates import periods
from holdfast.dates.lazy import lazy
from holdfast.dates.tense import Tense, Tenses
from holdfast.dates.words import SHORT_UNITS
from holdfast.types import Event

__all__ = ["Place", "PointReader", "Reader", "Words", "nearest", "recurring", "step_of", "with_part"]

_DEADLINE = lazy(r"\b(?:by|until|till?|before|due)(?: the)? ?$")
_FORWARD = lazy(r"\b(?:to|until|till?|for|from|on)(?: the)? ?$")
_ON = lazy(r"\bon(?: the)? ?$")
_ENTERED = lazy(
    r"\b(?:(?:signed (?:\w+ )?up|registered|enrolled|entered|invited|got (?:\w+ ){0,2}(?:place|spot|tickets?)|applied) "
    r"(?:us |me |my \w+ )?(?:for|to|in|on|at) (?!(?:in|on|last|back)\b)(?:[\w'&-]{1,20} ){1,7}?"
    r"|booked (?:an?|the|our|my|us|me|flights?|tickets?|user's|user) (?:[\w'&-]{1,20} ){1,7}?)"
    r"(?:in|on|at|over|for|from|this)(?: the| early| late| mid)?[ -]?$"
)
"""Before the date of what one has entered or booked: "signed up for the marathon in October"."""
_BOOKED = lazy(r"\b(?:booked|reserved|scheduled)\b[^.;!?]{0,80}, ?(?:(?:on|from) )?(?:the )?$")
_SET_DATE = lazy(
    r"\b(?:(?:start|starting|due|release|completion|end|exchange|surgery|op|court|wedding"
    r"|hearing|moving|moving-in)[ -]date"
    r"|deadline) (?:of|for)(?: the)? ?$"
)
_AS_OF = lazy(r"\bas of(?: the)? $")
_ELSEWHERE = lazy(r"\b(?:to|into) [\w' -]{1,20} (?:on|for|from)(?: the)? ?$")  # "moved to Porto on Saturday"
_SINCE = lazy(r"\bsince(?: the| early| late| mid)?[ -]?$")
_START = lazy(r"\b(?:since|from)(?: the)? ?$")
_ALSO_WORDS = frozenset("sun sat wed mon fri may march mar dec jan sep oct feb jun".split())

PointReader: TypeAlias = Callable[[int, int, "Place"], Event | None]
"""Reads the characters between two positions as one end of a range, which needs no preposition of its own."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words that a pattern matched, by the names of its parts; a part that is absent is empty."""

    match: re.Match[str]

    def __getitem__(self, name: str) -> str:
        found = " ".join((self.match.groupdict().get(name) or "").split())
        return SHORT_UNITS.get(found.rstrip("s"), found) if name in {"unit", "single"} else found

    @property
    def phrase(self) -> str:
        """All of them."""
        return " ".join(self.match[0].split())


@dataclass(frozen=True, slots=True)
class Place:
    """Where a phrase stands: in which text, said when.

    Args:
        text: The words as they were written.
        plain: The same in lower case.
        start: The first character of the phrase.
        end: The character after it.
        said_at: When the text was said.
        tenses: The verbs of the text.
        read_point: Reads one end of a range.
        direction: Overrules the tense.
        day_first: Whether "5/7" is 5 July.
    """

    text: str
    plain: str
    start: int
    end: int
    said_at: datetime
    tenses: Tenses
    read_point: PointReader
    direction: Tense | None = None
    day_first: bool = False

    @property
    def today(self) -> date:
        """The day on which it was said, by its own clock."""
        return self.said_at.date()

    @property
    def before(self) -> str:
        """The characters just before the phrase."""
        return self.plain[max(0, self.start - 30) : self.start]

    @property
    def tense(self) -> Tense:
        """Where the words point: `since` to the past, a rescheduling `to` and `until` to the future, else the verb."""
        if self.direction is not None:
            return self.direction
        if _SINCE().search(self.before):
            return -1
        forward = _FORWARD().search(self.before) and not _ELSEWHERE().search(self.before)
        if forward and self.tenses.rescheduled(self.start, booked=_ON().search(self.before) is not None):
            return 1
        if _SET_DATE().search(self.before) or _ENTERED().search(self.plain, max(0, self.start - 90), self.start):
            return 1
        own = self.tenses.of_clause(self.start)
        if not own and _BOOKED().search(self.plain, max(0, self.start - 110), self.start):
            return 1
        return own or (1 if self.deadline else self.tenses.of_sentence(self.start))

    @property
    def deadline(self) -> bool:
        """Whether `by` or `until` stands before it."""
        return _DEADLINE().search(self.before) is not None

    def capital(self, words: Words, name: str) -> bool:
        """Whether a word that is also no date ("may", "sun") was written as a name."""
        return words[name].rstrip(".") not in _ALSO_WORDS or self.text[words.match.start(name)].isupper()

    def seen_from(self, when: date, direction: Tense) -> "Place":
        """Return the same place as if said on another day, with a fixed direction."""
        return replace(self, said_at=datetime.combine(when, self.said_at.timetz()), direction=direction)

    def point(self, words: Words, name: str) -> Event | None:
        """Read a named part as one end of a range."""
        return self.read_point(*words.match.span(name), replace(self, direction=self.tense))


Reader: TypeAlias = Callable[[Words, Place], Event | None]


def nearest(earlier: Event, later: Event, tense: Tense) -> Event:
    """Return the one that the tense points to; without a tense the later one, marked as ambiguous."""
    return earlier if tense < 0 else replace(later, ambiguous=later.ambiguous or tense == 0)


_JUST_PAST, _FAR_AHEAD = timedelta(45), timedelta(270)
"""Without a verb, "hip op 9 March" said on the 11th was two days ago."""


def recurring(place: Place, of_year: Callable[[int], Event]) -> Event:
    """Return the last or next of something that comes every year; today's counts as both."""
    this_year = place.today.year
    earlier = of_year(this_year if of_year(this_year).start <= place.today else this_year - 1)
    later = of_year(this_year if of_year(this_year).end >= place.today else this_year + 1)
    undecided = place.tense == 0 or _AS_OF().search(place.before)
    if undecided and place.today - earlier.end < _JUST_PAST and later.start - place.today > _FAR_AHEAD:
        return replace(earlier, ambiguous=True)
    return nearest(earlier, later, place.tense)


def step_of(which: str) -> int:
    """Return -1 for "last", 1 for "next", 0 for "this"."""
    if which in {"last", "past", "previous", "this past"}:
        return -1
    return 1 if which in {"next", "coming", "this coming", "upcoming"} else 0


_SAME_PART = {"middle": "mid", "beginning": "early", "start": "early", "later": "late"}


def with_part(words: Words, whole: Event, place: Place) -> Event:
    """Return the part of a period that the words name: "early", "the end of"; without one, the period."""
    part = _SAME_PART.get(words["part"].removesuffix(" of"), words["part"].removesuffix(" of"))
    if not part:
        return whole
    if part == "end" and place.deadline and whole.grain != "week":
        found = periods.day(whole.end)
    elif part == "mid" and place.deadline and whole.grain == "month":
        found = periods.day(whole.start.replace(day=15))
    elif words["part"] in {"beginning of", "start of"} and _START().search(place.before):
        found = periods.day(whole.start)
    else:
        found = periods.part_of(whole, part)
    return replace(found, ambiguous=found.ambiguous or whole.ambiguous)
