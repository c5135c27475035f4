"""Readers of what is counted from today: days ago, last week, the end of the month."""

from dataclasses import replace
from datetime import date, timedelta

from holdfast.dates import periods
from holdfast.dates.holidays import HOLIDAYS
from holdfast.dates.lazy import lazy
from holdfast.dates.place import Place, Words, nearest, step_of, with_part
from holdfast.dates.words import COUNTS, SEASONS, WEEKDAYS
from holdfast.types import Event

__all__ = [
    "ago", "ahead", "beyond", "for_so_long", "from_now", "lasted", "named_ago", "named_ahead", "not_for_so_long",
    "part_of_unit", "past_unit", "relative_day", "rest_of_unit", "the_weekend", "this_time", "unit_gone",
    "which_unit", "window",
]  # fmt: skip

_SMALLER = {
    "decade": (10, "year"),
    "year": (12, "month"),
    "quarter": (3, "month"),
    "month": (30, "day"),
    "week": (7, "day"),
    "fortnight": (14, "day"),
    "day": (24, "hour"),
    "hour": (60, "minute"),
}
_PLURAL_UNITS = {"fortnight": (2, "week"), "decade": (10, "year")}
_RELATIVE_DAYS = {
    "day before yesterday": -2,
    "yesterday": -1,
    "yday": -1,
    "last night": -1,
    "last evening": -1,
    "night before last": -2,
    "tomorrow": 1,
    "tmrw": 1,
    "tmr": 1,
    "tmw": 1,
    "tomoz": 1,
    "2moro": 1,
    "day after tomorrow": 2,
}


def _count(words: Words) -> tuple[int, int, str]:
    """Return at least how many, at most how many, of which unit; halves are counted in a smaller unit."""
    unit, (number, point, _) = words["unit"].rstrip("s"), words["count"].partition(".")
    halved = number.startswith("half")
    low, high = (0, 0) if halved else COUNTS.get(number) or (int(number), int(number))
    if halved or point or words["half"] or words["half_more"]:
        factor, unit = _SMALLER[unit]
        return low * factor + factor // 2, high * factor + factor // 2, unit
    factor, unit = _PLURAL_UNITS.get(unit, (1, unit))
    return low * factor, high * factor, unit


def _vague(words: Words) -> bool:
    return words["count"].startswith(("few", "a few", "several", "couple", "a couple"))


def _away(place: Place, unit: str, count: int) -> Event:
    if unit in {"minute", "hour"}:
        return periods.day((place.said_at + timedelta(**{f"{unit}s": count})).date())
    return periods.around(unit, periods.add(unit, place.today, count))


def _span(first: Event, last: Event) -> Event:
    return Event(first.start, last.end, first.grain)


def _away_exactly(place: Place, unit: str, count: int) -> date:
    if unit in {"minute", "hour"}:
        return _away(place, unit, count).start
    return periods.add(unit, place.today, count)


def relative_day(words: Words, place: Place) -> Event:
    """Read "yesterday", "the day after tomorrow"."""
    return periods.day(place.today + timedelta(_RELATIVE_DAYS.get(words["relative"], 0)))


def which_unit(words: Words, place: Place) -> Event:
    """Read "last week", "next month", "this weekend"."""
    which, unit = words["which"], words["single"]
    if which == "this past" and unit != "weekend":
        return replace(periods.around(unit, place.today), start=periods.add(unit, place.today, -1), end=place.today)
    step = 0 if which in {"coming", "this coming"} and unit == "weekend" else step_of(which)
    found = periods.around(unit, periods.add(unit, place.today, step))
    return replace(found, ambiguous=unit == "weekend" and which == "next")


def unit_gone(words: Words, place: Place) -> Event:
    """Read "the weekend just gone"."""
    return periods.around(words["single"], periods.add("week", place.today, -1))


def the_weekend(words: Words, place: Place) -> Event | None:
    """Read "over the weekend": the last or the coming one; "I cook at the weekend" is every weekend."""
    if place.tense == 0 and place.before.endswith(("at ", "on ")):
        return None
    earlier = periods.around("weekend", periods.add("week", place.today, -1))
    return nearest(earlier, periods.around("weekend", place.today), place.tense)


def beyond(words: Words, place: Place) -> Event:
    """Read "the week after next", "the Friday before last"."""
    step = 2 if words["beyond"] == "after next" else -2
    if words["single"]:
        return periods.around(words["single"], periods.add(words["single"], place.today, step))
    nearest = periods.weekday_after if step > 0 else periods.weekday_before
    return periods.day(periods.add("week", nearest(place.today, WEEKDAYS[words["weekday"]]), step // 2), ambiguous=True)


def part_of_unit(words: Words, place: Place) -> Event | None:
    """Read "the end of the month", "early next week"."""
    which = words["which"] or "this"
    whole = periods.around(words["single"], periods.add(words["single"], place.today, step_of(which)))
    return None if words["single"] == "weekend" else with_part(words, whole, place)


def rest_of_unit(words: Words, place: Place) -> Event | None:
    """Read "earlier this year" up to today, "later this month" from today."""
    whole = periods.around(words["single"], place.today)
    if words.phrase.startswith("earlier"):
        return replace(whole, end=place.today)
    return replace(whole, start=place.today)


def ago(words: Words, place: Place) -> Event:
    """Read "three weeks ago" as the week that holds that day; of "a few" both ends are guesses."""
    low, high, unit = _count(words)
    if words.phrase.endswith("today"):
        return periods.day(_away_exactly(place, unit, -low))
    found = periods.join(_away(place, unit, -high), _away(place, unit, -low))
    return replace(found or _away(place, unit, -low), ambiguous=_vague(words))


def named_ago(words: Words, place: Place) -> Event | None:
    """Read "two summers ago", "three Christmases ago", "two Fridays ago": the last one counts as the first."""
    low, high = COUNTS.get(words["count"]) or (int(words["count"]), int(words["count"]))
    today = place.today
    if words["weekdays"]:
        last = periods.weekday_before(today, WEEKDAYS[words["weekdays"]])
        return periods.day(last - timedelta(7 * (low - 1)), ambiguous=high > low)
    if words["season"]:
        begun = (periods.season(today.year - back, SEASONS[words["season"]]) for back in range(3))
        last_begun = next(event.start for event in begun if event.end < today)
        return replace(periods.season(last_begun.year - low + 1, last_begun.month), ambiguous=high > low)
    day_in = HOLIDAYS[words["holiday"]]
    in_year = today.year - (day_in(today.year) >= today) - low + 1
    return periods.day(day_in(in_year), ambiguous=high > low)


def named_ahead(words: Words, place: Place) -> Event | None:
    """Read "in two Saturdays": the coming one counts as the first."""
    low, high = COUNTS.get(words["count"]) or (int(words["count"]), int(words["count"]))
    if place.tense < 0:
        return None
    first = periods.weekday_after(place.today, WEEKDAYS[words["weekdays"]])
    return periods.day(first + timedelta(7 * (low - 1)), ambiguous=high > low)


def this_time(words: Words, place: Place) -> Event:
    """Read "this time last year": the month then; of last week and last month, the day and the week."""
    unit = words["single"]
    then = periods.add(unit, place.today, step_of(words["which"]))
    return replace(periods.around({"week": "day", "month": "week"}.get(unit, "month"), then), ambiguous=True)


def past_unit(words: Words, place: Place) -> Event:
    """Read "the past month": up to today."""
    unit = words["single"]
    if unit == "weekend":
        return periods.around(unit, periods.add("week", place.today, -1))
    return replace(periods.around(unit, place.today), start=periods.add(unit, place.today, -1), end=place.today)


def ahead(words: Words, place: Place) -> Event | None:
    """Read "in three weeks"; after a past verb it says how long something took."""
    low, high, unit = _count(words)
    if place.tense < 0 or unit in {"minute", "hour"}:
        return None
    return replace(_span(_away(place, unit, low), _away(place, unit, high)), ambiguous=_vague(words))


def from_now(words: Words, place: Place) -> Event:
    """Read "ten days from now"."""
    low, high, unit = _count(words)
    return replace(_span(_away(place, unit, low), _away(place, unit, high)), ambiguous=_vague(words))


def window(words: Words, place: Place) -> Event:
    """Read "the last three days", "the next few weeks": up to today, or from today."""
    _, high, unit = _count(words)
    grain = periods.around(unit, place.today).grain
    if step_of(words["which"]) < 0:
        return Event(_away_exactly(place, unit, -high), place.today, grain, _vague(words))
    return Event(place.today, _away_exactly(place, unit, high), grain, _vague(words))


_PERFECT = lazy(
    r"(?:\b(?:have|has|haven't|hasn't)|'ve|'s)\s(?:\w+\s){0,2}?(?:been|had|known|worn|\w+ed)\b|\bbeen\s\w+ing\b"
)


_NOT_SINCE = lazy(
    r"(?:\b(?:haven't|hasn't|hadn't)|(?:\b(?:have|has|had)|'ve|'s) (?:not|never)|\bfirst \w+)\b[^.,;:!?]{0,60}$"
)


def not_for_so_long(words: Words, place: Place) -> Event | None:
    """Read "in two years" after "haven't smoked" and "my first holiday": when that began."""
    low, high, unit = _count(words)
    if unit in {"minute", "hour"} or not _NOT_SINCE().search(place.plain, max(0, place.start - 80), place.start):
        return None
    return replace(_span(_away(place, unit, -high), _away(place, unit, -low)), ambiguous=_vague(words))


def for_so_long(words: Words, place: Place) -> Event | None:
    """Read "for three years" after "have lived": when that began."""
    lasting = words.phrase.endswith(" now") or _PERFECT().search(place.plain, max(0, place.start - 80), place.start)
    return lasted(words, place) if lasting else None


def lasted(words: Words, place: Place) -> Event | None:
    """Read "three years" in "three years since", "been here three years": when that began."""
    low, high, unit = _count(words)
    if unit in {"minute", "hour"}:
        return None
    found = periods.join(_away(place, unit, -high), _away(place, unit, -low))
    return found and replace(found, ambiguous=_vague(words))
