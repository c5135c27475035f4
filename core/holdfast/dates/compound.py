"""Readers of dates made of dates: ranges, and days counted from another."""

import re
from dataclasses import replace
from datetime import timedelta

from holdfast.dates import periods
from holdfast.dates.place import Place, Words
from holdfast.dates.words import COUNTS, WEEKDAYS
from holdfast.types import Event

__all__ = ["between", "counted_from", "week_later", "weekday_beside"]


def counted_from(words: Words, place: Place) -> Event | None:
    """Read "two days after Christmas", "the week before 9 June 2023": of a week, the seven days beside that day."""
    onward = words["side"] == "from"
    anchor = (replace(place, direction=1) if onward else place).point(words, "point")
    if anchor is None or anchor.start != anchor.end:
        return None
    number = words["count"] or "a"
    low, high = COUNTS.get(number) or (int(number), int(number))
    unit, sign = words["unit"].rstrip("s"), -1 if words["side"] == "before" else 1
    if unit in {"minute", "hour", "fortnight"} or number.startswith("half"):
        return None
    if words["count"] or unit == "day":
        found = periods.add(unit, anchor.start, sign * low)
        return periods.day(found, ambiguous=anchor.ambiguous or high > low)
    if unit == "week":
        near, far = anchor.start + timedelta(sign), anchor.start + timedelta(7 * sign)
        return Event(min(near, far), max(near, far), "week", anchor.ambiguous)
    if unit == "weekend":
        saturday = periods.weekday_after(anchor.start, 5) if sign > 0 else periods.weekday_before(anchor.start, 6)
        return periods.around("weekend", saturday)
    return replace(periods.around(unit, periods.add(unit, anchor.start, sign)), ambiguous=anchor.ambiguous)


def weekday_beside(words: Words, place: Place) -> Event | None:
    """Read "the Friday before 15 July 2023"."""
    anchor = place.point(words, "point")
    if anchor is None or anchor.start != anchor.end:
        return None
    step = periods.weekday_before if words["side"] == "before" else periods.weekday_after
    return periods.day(step(anchor.start, WEEKDAYS[words["weekday"]]), ambiguous=anchor.ambiguous)


def week_later(words: Words, place: Place) -> Event | None:
    """Read "a week on Tuesday", "a fortnight tomorrow", "Monday week"."""
    if place.tense < 0:
        return None
    anchor = replace(place, direction=1).point(words, "point")
    days = 14 if words["unit"] == "fortnight" else 7
    return anchor and periods.day(anchor.start + timedelta(days), ambiguous=anchor.ambiguous)


def between(words: Words, place: Place) -> Event | None:
    """Read "from March 3 to March 9": the end without a year lies nearest to the other one."""
    if place.tenses.rescheduled(place.start) and words.phrase.startswith("from"):
        return None
    has_year = re.compile(r"(?:19|20)\d\d|'\d\d").search
    if has_year(words["other_point"]) or (place.tense < 0 and not has_year(words["point"])):
        last = place.point(words, "other_point")
        first = last and place.seen_from(last.start, -1).point(words, "point")
    else:
        first = place.point(words, "point")
        last = first and place.seen_from(first.start, 1).point(words, "other_point")
    if first is None or last is None or first.grain != last.grain:
        return None
    ambiguous = place.tense == 0 and first.ambiguous
    return periods.join(replace(first, ambiguous=ambiguous), replace(last, ambiguous=ambiguous))
