"""Days, weeks and longer periods as events: the one around a day, one so many further on, a part of one."""

from calendar import monthrange
from datetime import date, timedelta

from holdfast.types import Event, Grain

__all__ = [
    "add", "around", "day", "day_in", "join", "month", "nth", "part_of", "season", "weekday_after", "weekday_before",
    "year",
]  # fmt: skip

_MONTHS_OF = {"month": 1, "quarter": 3, "season": 3, "year": 12, "decade": 120}
_DAYS_OF = {"day": 1, "week": 7, "weekend": 7}


def day(when: date, *, ambiguous: bool = False) -> Event:
    """Return that day."""
    return Event(when, when, "day", ambiguous)


def _months(first: date, count: int, grain: Grain) -> Event:
    last = add("month", first, count - 1)
    return Event(first, last.replace(day=monthrange(last.year, last.month)[1]), grain)


def month(in_year: int, number: int) -> Event:
    """Return that month."""
    return _months(date(in_year, number, 1), 1, "month")


def season(in_year: int, first_month: int) -> Event:
    """Return the three months that begin in that month; a winter is named by the year of its December."""
    return _months(date(in_year, first_month, 1), 3, "season")


def year(number: int) -> Event:
    """Return that year."""
    return _months(date(number, 1, 1), 12, "year")


def add(unit: str, when: date, count: int) -> date:
    """Return the day `count` units later, kept inside its month: one month after 31 January is the end of February."""
    if unit in _DAYS_OF:
        return when + timedelta(count * _DAYS_OF[unit])
    in_year, index = divmod(when.year * 12 + when.month - 1 + count * _MONTHS_OF[unit], 12)
    return date(in_year, index + 1, min(when.day, monthrange(in_year, index + 1)[1]))


def around(unit: str, when: date) -> Event:
    """Return the unit that holds a day; weeks start on Monday, and the weekend is the one that ends its week."""
    monday = when - timedelta(when.weekday())
    match unit:
        case "week":
            return Event(monday, monday + timedelta(6), "week")
        case "weekend":
            return Event(monday + timedelta(5), monday + timedelta(6), "day")
        case "month":
            return month(when.year, when.month)
        case "quarter":
            return _months(date(when.year, (when.month - 1) // 3 * 3 + 1, 1), 3, "quarter")
        case "year":
            return year(when.year)
        case "decade":
            return _months(date(when.year // 10 * 10, 1, 1), 120, "decade")
        case _:
            return day(when)


def day_in(first: date, number: int) -> date | None:
    """Return that day of the month that begins on `first`, or None if the month is too short."""
    return first.replace(day=number) if number <= monthrange(first.year, first.month)[1] else None


def weekday_after(when: date, number: int) -> date:
    """Return the nearest such weekday strictly after a day."""
    return when + timedelta((number - when.weekday() - 1) % 7 + 1)


def weekday_before(when: date, number: int) -> date:
    """Return the nearest such weekday strictly before a day."""
    return when - timedelta((when.weekday() - number - 1) % 7 + 1)


def join(first: Event, last: Event) -> Event | None:
    """Return the range from one event to another, or None if it runs backwards."""
    if last.end < first.start:
        return None
    return Event(first.start, last.end, last.grain, first.ambiguous or last.ambiguous)


_PARTS_OF_WEEK = {"early": (0, 2), "mid": (1, 3), "late": (3, 6)}
_PARTS_IN_MONTHS = {
    "quarter": {"early": (0, 1), "mid": (1, 1), "late": (2, 1)},
    "season": {"early": (0, 1), "mid": (1, 1), "late": (2, 1)},
    "year": {"early": (0, 4), "mid": (4, 4), "late": (8, 4), "first half": (0, 6), "second half": (6, 6)},
    "decade": {"early": (0, 48), "mid": (48, 36), "late": (84, 36), "first half": (0, 60), "second half": (60, 60)},
}
_FINER: dict[str, Grain] = {"quarter": "month", "season": "month", "year": "quarter", "decade": "year"}
_PARTS_OF_MONTH = {"early": (0, 9), "mid": (10, 19), "late": (20, 30), "first half": (0, 14), "second half": (15, 30)}


def nth(whole: Event, number: int, piece: str | int) -> Event:
    """Return the first, second ... or last (-1) day, week, weekend or weekday (0 is Monday) of a period.

    The weeks of a period are counted from its first day, the last one back from its last.

    Raises:
        ValueError: The period has no such piece.
    """
    if piece == "week":
        start = whole.start + timedelta(7 * number) if number >= 0 else whole.end - timedelta(6)
        found = Event(start, start + timedelta(6), "week")
    elif piece == "day":
        found = day(whole.start + timedelta(number) if number >= 0 else whole.end)
    else:
        weekday = 5 if isinstance(piece, str) else piece
        first = weekday_after(whole.start - timedelta(1), weekday) + timedelta(7 * number)
        start = first if number >= 0 else weekday_before(whole.end + timedelta(1), weekday)
        found = Event(start, start + timedelta(piece == "weekend"), "day")
    if not whole.start <= found.start <= whole.end:
        raise ValueError(f"a {whole.grain} has no such {piece}")
    return found


def part_of(whole: Event, part: str) -> Event:
    """Return the early, mid or late part of a period, or its end.

    Early, mid and late are thirds, known no better than that: ten days of a month, four months of a year. A week is
    early until Wednesday, mid from Tuesday to Thursday, late from Thursday; it ends on Friday or on the weekend. A
    month ends on its last day, a year in its last month.

    Raises:
        ValueError: The period has no such part.
    """
    first, last, grain = whole.start, whole.end, whole.grain
    if part == "end":
        if grain == "week":
            return Event(last - timedelta(2), last, "day", ambiguous=True)
        return day(last) if grain == "month" else around(_FINER[grain] if grain == "decade" else "month", last)
    if grain == "week" and part in _PARTS_OF_WEEK:
        low, high = _PARTS_OF_WEEK[part]
        return Event(first + timedelta(low), first + timedelta(high), "day")
    if grain == "month" and part in _PARTS_OF_MONTH:
        low, high = _PARTS_OF_MONTH[part]
        return Event(first + timedelta(low), min(last, first + timedelta(high)), "week")
    if part in _PARTS_IN_MONTHS.get(grain, {}):
        skipped, length = _PARTS_IN_MONTHS[grain][part]
        return _months(add("month", first, skipped), length, _FINER[grain])
    raise ValueError(f"a {grain} has no {part}")
