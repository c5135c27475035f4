"""Dates of a statement against those in the words that it rests on."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from holdfast.dates import find_dates
from holdfast.types import Event, Grain

__all__ = ["Calendar"]

_NOW = re.compile(r"\b(?:just|now|today|tonight|recently|currently|new|finally|this|right)\b", re.IGNORECASE)
_RESOLVED = re.compile(r"\((?P<first>\d{4}(?:-\d\d){0,2})(?: to (?P<last>\d{4}(?:-\d\d){0,2}))?\)")
_WIDE = ("month", "quarter", "season", "year", "decade")
_PAST, _FUTURE = 120 * 366, 20 * 366


@dataclass(frozen=True, slots=True)
class Calendar:
    """The dates that some clauses, said at a time, give: as they are read together, and each alone.

    Both readings count: the tense of a neighbour may turn "9 June" the other way.
    """

    said_at: datetime
    words: str
    dates: tuple[Event, ...]

    @classmethod
    def of(cls, parts: Sequence[str], said_at: datetime, *, day_first: bool) -> "Calendar":
        """Read the dates of what was said."""
        words = ". ".join(parts)
        found = [span.event for span in find_dates(words, said_at, day_first=day_first)]
        if found and len(parts) > 1:
            alone = (find_dates(part, said_at, day_first=day_first) for part in parts)
            found.extend(span.event for spans in alone for span in spans)
        return cls(said_at, words, tuple(dict.fromkeys(found)))

    def check(self, text: str) -> tuple[str, bool]:
        """Return a statement without its dates, and whether all of them are dates that were said."""
        agrees = True
        for match in _RESOLVED.finditer(text):
            event = _event_of(match["first"], match["last"] or match["first"])
            agrees = agrees and event is not None and self.carries(event)
            text = _blanked(text, match.start(), match.end())
        said = self.words.casefold()
        for span in find_dates(text, self.said_at):
            agrees = agrees and (span.text.casefold() in said or self.carries(span.event))
            text = _blanked(text, span.start, span.end)
        return text, agrees

    def carries(self, event: Event) -> bool:
        """Whether the words give this date, or one in it or around it that is as exact."""
        if any(_agree(event, known) for known in self.dates):
            return True
        today = self.said_at.date()
        return bool(_NOW.search(self.words)) and event.start <= today <= event.end

    def is_possible(self, event: Event) -> bool:
        """Whether a date lies within a life from when it was said."""
        today = self.said_at.date()
        return today - timedelta(days=_PAST) <= event.start and event.end <= today + timedelta(days=_FUTURE)


def _agree(event: Event, known: Event) -> bool:
    if known.start <= event.start and event.end <= known.end:
        # No more exact than what was said: "last week" is not its Tuesday.
        return _days(event) * 2 > _days(known)
    if event.start <= known.start and known.end <= event.end:
        return event.grain in _WIDE or _days(event) <= 2 * _days(known)
    return False


def _days(event: Event) -> int:
    return (event.end - event.start).days + 1


def _blanked(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _event_of(first: str, last: str) -> Event | None:
    """Return the days from the first of one ISO date, month or year to the last of another."""
    grains: tuple[Grain, ...] = ("year", "month", "day")
    try:
        start = date.fromisoformat((first + "-01-01")[:10])
        year, month, day = (*map(int, last.split("-")), 0, 0)[:3]
        month = month or 12
        end = date(year, month, day or monthrange(year, month)[1])
    except ValueError:
        return None
    return Event(start, end, grains[first.count("-")]) if start <= end else None
