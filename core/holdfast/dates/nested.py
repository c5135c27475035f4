"""Readers of pieces of a named period: its first week, its last Friday, its day of that number, all of it."""

from dataclasses import replace
from datetime import date, timedelta

from holdfast.dates import periods
from holdfast.dates.named import day_number, day_of_month
from holdfast.dates.place import Place, Words, nearest, step_of, with_part
from holdfast.dates.words import COUNTS, WEEKDAYS
from holdfast.types import Event

__all__ = [
    "all_of", "day_of_which_month", "day_of_which_year", "holiday_week", "in_year_ago", "nth_of", "part_of_whole",
    "parts_of_whole", "so_many_of", "week_of", "weekday_the_nth",
]  # fmt: skip


def _whole(words: Words, place: Place) -> Event | None:
    """Return the period that the words name, or the current one ("the month")."""
    return periods.around(words["single"], place.today) if words["single"] else place.point(words, "whole")


def nth_of(words: Words, place: Place) -> Event | None:
    """Read "the last week of May", "the first Monday in June", "the last day of the month"."""
    whole = _whole(words, place)
    if whole is None or place.tenses.habitual(place.start):
        return None
    number = -1 if words["nth"] == "last" else day_number(words["nth"]) - 1
    found = periods.nth(whole, number, words["piece"] or WEEKDAYS[words["weekday"]])
    return replace(found, ambiguous=whole.ambiguous)


def so_many_of(words: Words, place: Place) -> Event | None:
    """Read "the first ten days of May", "the last two weeks of the year"."""
    whole, unit = _whole(words, place), words["unit"].rstrip("s")
    if whole is None or unit not in {"day", "week", "month"}:
        return None
    number = words["count"]
    low, high = COUNTS.get(number) or (int(number), int(number))
    start, end = whole.start, whole.end
    if words["nth"] == "last":
        start = periods.add(unit, end + timedelta(1), -high)
    else:
        end = periods.add(unit, start, high) - timedelta(1)
    if start < whole.start or end > whole.end:
        return None
    return Event(start, end, periods.around(unit, start).grain, whole.ambiguous or high > low)


def part_of_whole(words: Words, place: Place) -> Event | None:
    """Read "mid July", "the end of last summer", "early 2024"."""
    whole = place.point(words, "whole")
    return whole and with_part(words, whole, place)


def parts_of_whole(words: Words, place: Place) -> Event | None:
    """Read "mid to late July"."""
    whole = place.point(words, "whole")
    if whole is None:
        return None
    joined = periods.join(periods.part_of(whole, words["part"]), periods.part_of(whole, words["to_part"]))
    return joined and replace(joined, ambiguous=whole.ambiguous)


def all_of(words: Words, place: Place) -> Event | None:
    """Read "all of May", "the whole summer", "all week"; "open all year" comes every year, and is no date."""
    unit, tense = words["single"], place.tense
    if place.before.endswith(("they ", "we ", "you ")):  # "we all spring up"
        return None
    if not unit:
        return place.point(words, "whole")
    if tense == 0 or (unit == "year" and tense > 0) or place.tenses.habitual(place.start):
        return None
    now = periods.around(unit, place.today)
    return nearest(periods.around(unit, periods.add(unit, place.today, -1)), now, tense) if unit == "weekend" else now


def day_of_which_month(words: Words, place: Place) -> Event:
    """Read "the 21st of this month", "next month on the 12th"."""
    first = periods.add("month", place.today.replace(day=1), step_of(words["which"]))
    return periods.day(first.replace(day=day_number(words["ordinal"])))


def day_of_which_year(words: Words, place: Place) -> Event | None:
    """Read "Christmas Eve this year", "12 May last year"."""
    new_year = date(place.today.year + step_of(words["which"]), 1, 1)
    return place.seen_from(new_year, 1).point(words, "day_of_year")


def weekday_the_nth(words: Words, place: Place) -> Event | None:
    """Read "Friday the 13th": the nearest such day within a year."""
    weekday, number = WEEKDAYS[words["weekday"]], day_number(words["ordinal"])
    first = place.today.replace(day=1)
    starts = (periods.add("month", first, step) for step in range(-12, 13))
    days = [day for start in starts if (day := periods.day_in(start, number)) and day.weekday() == weekday]
    earlier = max((day for day in days if day <= place.today), default=None)
    later = min((day for day in days if day >= place.today), default=None)
    return nearest(periods.day(earlier), periods.day(later), place.tense) if earlier and later else None


def week_of(words: Words, place: Place) -> Event | None:
    """Read "the week of 3 March", "the weekend of the 14th"."""
    anchor = day_of_month(words, place) if words["ordinal"] else place.point(words, "point")
    if anchor is None or anchor.start != anchor.end:
        return None
    return replace(periods.around(words["single"] or "week", anchor.start), ambiguous=anchor.ambiguous)


def holiday_week(words: Words, place: Place) -> Event | None:
    """Read "Christmas week", "Labor Day weekend": a weekend reaches to the holiday beside it."""
    day = place.point(words, "point")
    if day is None:
        return None
    found = periods.around(words["single"], day.start)
    if words["single"] == "weekend" and day.start.weekday() < 2:
        found = Event(periods.weekday_before(day.start, 5), day.start, "day")
    elif words["single"] == "weekend":
        found = Event(min(day.start, found.start), found.end, "day")
    return replace(found, ambiguous=day.ambiguous)


def in_year_ago(words: Words, place: Place) -> Event | None:
    """Read "four years ago on New Year's Eve", "in May two years ago"."""
    number = words["count"]
    low, high = COUNTS.get(number) or (int(number), int(number))
    new_year = date(place.today.year - low, 1, 1)
    found = place.seen_from(new_year, 1).point(words, "of_every_year")
    return found and replace(found, ambiguous=high > low)
