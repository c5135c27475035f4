"""Readers of what has a name: weekdays, months and their days, seasons, holidays, years."""

import re
from dataclasses import replace
from datetime import date, timedelta

from holdfast.dates import periods
from holdfast.dates.holidays import HOLIDAYS
from holdfast.dates.lazy import lazy
from holdfast.dates.place import Place, Words, nearest, recurring, step_of, with_part
from holdfast.dates.words import COUNTS, DECADES, MONTHS, ORDINALS, SEASONS, WEEKDAYS
from holdfast.types import Event

__all__ = [
    "bare_month", "bare_season", "bare_year", "day_number", "day_of_month", "days_from_to", "days_of_week", "decade",
    "dotted_day", "holiday", "iso_day", "month_day", "month_days", "month_of_which_year", "month_of_year",
    "numbered_month", "quarter", "season_of_which_year", "season_of_year", "slash_day", "weekday", "weekday_gone",
    "weekday_of_week", "weekday_of_week_ago", "which_holiday", "which_month", "which_season", "which_weekday",
]  # fmt: skip

_BEFORE_DAY = lazy(r"\b(?:on|by|until|till?|since|before|after|from|of|is|was|due|born|for|starting|ending) $")
_ENDS = lazy(r"\s?(?:[.,;:!?)]|\(\d|$)")
_BEFORE_VERB = lazy(r"\b(?:i|we|you|they|he|she|it|who|user|only|to|the) $")
_BEFORE_SHORT = lazy(r"\b(?:on|by|until|till?|since|before|after|from|to|this|for|,) ?$")
_BEFORE_SMALL = lazy(r"\b(?:on|by|until|till?|since|this) $")
_TIMED = lazy(
    r"\s(?:morning|morn|night|nite|eve|evening|afternoon|arvo|lunchtime|noon|half \w|at (?:\d|half|noon|lunch)|@ ?\d"
    r"|\d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?\b(?! [a-z]{3,}s\b))"
)
_SHORT_ALONE = frozenset("fri tues thur thurs weds".split())
"""Short weekdays that are no other word."""


def day_number(words: str) -> int:
    """Return the number that "21st" or "twenty-first" stands for."""
    return ORDINALS[words] if words in ORDINALS else int(re.sub(r"\D", "", words))


def _full_year(words: str) -> int:
    number = int(words.lstrip("'"))
    return number if number > 99 else number + (2000 if number < 70 else 1900)


def _in_year(in_year: int, month: int, day: int) -> date:
    """Return that day; 29 February of a common year is the 28th, so that birthdays come every year."""
    return date(in_year, 2, 28) if (month, day) == (2, 29) and in_year % 4 else date(in_year, month, day)


def iso_day(words: Words, place: Place) -> Event:
    """Read "2023-05-07"."""
    return periods.day(date(_full_year(words["year"]), int(words["number"]), int(words["second_number"])))


def slash_day(words: Words, place: Place) -> Event | None:
    """Read "5/7/2023" as 7 May, and the other way round where only that is a date or the text puts the day first."""
    first, second = int(words["number"]), int(words["second_number"])
    month, number = (second, first) if first > 12 or (place.day_first and second <= 12) else (first, second)
    either = first <= 12 and second <= 12 and first != second and not place.day_first
    if words["short_year"]:
        return periods.day(date(_full_year(words["short_year"]), month, number), ambiguous=either)
    found = recurring(place, lambda in_year: periods.day(_in_year(in_year, month, number)))
    return replace(found, ambiguous=found.ambiguous or either)


def dotted_day(words: Words, place: Place) -> Event | None:
    """Read "02.11.2025", "2.11." as 2 November: with dots the day comes first."""
    number, month = int(words["number"]), int(words["second_number"])
    written_year = words["year"] or words["short_year"]
    if written_year:
        return periods.day(date(_full_year(written_year), month, number))
    return recurring(place, lambda in_year: periods.day(_in_year(in_year, month, number)))


def month_day(words: Words, place: Place) -> Event | None:
    """Read "May 7th", "7 May 2023"."""
    name, number = words["month"].rstrip("."), day_number(words["day"])
    loose = words["day"].isdigit() and not words["year"] and not words["weekday"]
    small = loose and not place.capital(words, "month") and not _BEFORE_DAY().search(place.before)
    if small and (_BEFORE_VERB().search(place.before) or not _ENDS().match(place.plain, place.end)):
        return None
    if words["year"]:
        return periods.day(date(_full_year(words["year"]), MONTHS[name], number))
    return recurring(place, lambda in_year: periods.day(_in_year(in_year, MONTHS[name], number)))


def month_days(words: Words, place: Place) -> Event | None:
    """Read "June 10-14", "between 2 and 5 June"."""
    month, first, last = MONTHS[words["month"].rstrip(".")], day_number(words["day"]), day_number(words["to_day"])
    if first >= last or (not place.capital(words, "month") and not words["year"]):
        return None

    def of_year(in_year: int) -> Event:
        return Event(date(in_year, month, first), date(in_year, month, last), "day")

    return of_year(_full_year(words["year"])) if words["year"] else recurring(place, of_year)


def days_from_to(words: Words, place: Place) -> Event | None:
    """Read "from the 20th to the 27th"."""
    if place.tenses.rescheduled(place.start) and words.phrase.startswith("from"):
        return None
    first = day_of_month(words, place)
    if first is None:
        return None
    last = periods.day_in(first.start.replace(day=1), day_number(words["to_ordinal"]))
    if last is None:
        return None
    if last < first.start:
        last = periods.add("month", last, 1)
    return Event(first.start, last, "day", first.ambiguous)


def day_of_month(words: Words, place: Place) -> Event | None:
    """Read "on the 28th": of this month, or of the one that the tense points to."""
    if place.before.endswith("to ") and not place.tenses.rescheduled(place.start):
        return None
    number, first = day_number(words["ordinal"]), place.today.replace(day=1)
    around = [periods.day_in(periods.add("month", first, step), number) for step in range(-2, 3)]
    earlier = max(day for day in around if day and day <= place.today)
    later = min(day for day in around if day and day >= place.today)
    return nearest(periods.day(earlier), periods.day(later), place.tense)


_WEEK_BEFORE = lazy(r"\b(?P<which>next) week\b[^.!?;]{1,160}$")
"""The week that a sentence has set for its weekdays: "next week I sit exams: maths on Tuesday, art on Thursday"."""


def weekday(words: Words, place: Place) -> Event | None:
    """Read "on Friday", within the week that the sentence named before, else the nearest.

    The weekday of the day itself is ambiguous, for one would say "today".
    """
    name = words["weekday"]
    if place.tenses.habitual(place.start) or (len(name) < 6 and not _is_short_weekday(words, place)):
        return None
    number = WEEKDAYS[name]
    week = _WEEK_BEFORE().search(place.plain, max(0, place.start - 160), place.start)
    if week:
        monday = periods.around("week", periods.add("week", place.today, step_of(week["which"]))).start
        return periods.day(monday + timedelta(number))
    earlier = periods.day(periods.weekday_before(place.today, number))
    later = periods.day(periods.weekday_after(place.today, number))
    found = nearest(earlier, later, place.tense)
    return replace(found, ambiguous=found.ambiguous or place.today.weekday() == number)


def _is_short_weekday(words: Words, place: Place) -> bool:
    """Tell whether "sat", "Thu" is meant as a weekday, by what stands around it."""
    timed = _TIMED().match(place.plain, place.end) is not None
    if words["weekday"] in _SHORT_ALONE or timed:
        return not _BEFORE_VERB().search(place.before)
    if not place.capital(words, "weekday"):
        return _BEFORE_SMALL().search(place.before) is not None and _ENDS().match(place.plain, place.end) is not None
    if _BEFORE_SHORT().search(place.before):
        return True
    return _ENDS().match(place.plain, place.end) is not None and not place.before.endswith(("the ", "a ", "my "))


def weekday_gone(words: Words, place: Place) -> Event:
    """Read "Saturday just gone"."""
    return periods.day(periods.weekday_before(place.today, WEEKDAYS[words["weekday"]]))


def weekday_of_week_ago(words: Words, place: Place) -> Event:
    """Read "a week ago Tuesday" as the Tuesday before the last one."""
    low, _ = COUNTS.get(words["count"]) or (int(words["count"]),) * 2
    last = periods.weekday_before(place.today, WEEKDAYS[words["weekday"]])
    return periods.day(last - timedelta(7 * low), ambiguous=True)


def which_weekday(words: Words, place: Place) -> Event | None:
    """Read "last Friday", "next Friday" as the nearest one strictly before or after."""
    which, number = words["which"], WEEKDAYS[words["weekday"]]
    if words["weekday"] in {"sat", "sun", "wed"} and not place.capital(words, "weekday"):
        leads = _BEFORE_VERB().search(place.before)  # "when I last sat down"
        if leads or not (_ENDS().match(place.plain, place.end) or _TIMED().match(place.plain, place.end)):
            return None
    earlier, later = periods.weekday_before(place.today, number), periods.weekday_after(place.today, number)
    match step_of(which):
        case -1:
            this_week = earlier >= periods.around("week", place.today).start
            return periods.day(earlier, ambiguous=this_week and which != "this past")
        case 1:
            return periods.day(later, ambiguous=which == "next")
        case _ if place.today.weekday() == number:
            return periods.day(place.today)
        case _:
            return replace(nearest(periods.day(earlier), periods.day(later), place.tense), ambiguous=False)


def weekday_of_week(words: Words, place: Place) -> Event | None:
    """Read "Thursday next week", "last week on Tuesday"."""
    if words["single"] != "week":
        return None
    monday = periods.around("week", periods.add("week", place.today, step_of(words["which"]))).start
    return periods.day(monday + timedelta(WEEKDAYS[words["weekday"]]))


_BEFORE_SMALL_MONTH = lazy(
    r"\b(?:in|since|until|till?|during|of|by|from|before|after|around|through|early|mid|late|starting|due|as of)[ -]$"
)


def days_of_week(words: Words, place: Place) -> Event | None:
    """Read "Thursday to Sunday this week"."""
    monday = periods.around("week", periods.add("week", place.today, step_of(words["which"]))).start
    first, last = WEEKDAYS[words["weekday"]], WEEKDAYS[words["other_weekday"]]
    return Event(monday + timedelta(first), monday + timedelta(last), "day") if first < last else None


def bare_month(words: Words, place: Place) -> Event | None:
    """Read "in May", "early March"."""
    if place.tenses.habitual(place.start):
        return None
    if not place.capital(words, "month") and not _BEFORE_SMALL_MONTH().search(place.before):
        return None
    month = MONTHS[words["month"].rstrip(".")]
    return with_part(words, recurring(place, lambda in_year: periods.month(in_year, month)), place)


def which_month(words: Words, place: Place) -> Event | None:
    """Read "last May": the last one that is over; ambiguous if it lies in this year."""
    month, today = MONTHS[words["month"].rstrip(".")], place.today
    if not place.capital(words, "month"):
        return None
    match step_of(words["which"]):
        case -1:
            in_year = today.year - (month >= today.month)
        case 1:
            in_year = today.year + (month <= today.month)
        case _:
            return replace(recurring(place, lambda in_year: periods.month(in_year, month)), ambiguous=False)
    return replace(periods.month(in_year, month), ambiguous=in_year == today.year)


def numbered_month(words: Words, place: Place) -> Event:
    """Read "03/2024" as March 2024."""
    return periods.month(_full_year(words["year"]), int(words["number"]))


def month_of_year(words: Words, place: Place) -> Event:
    """Read "May 2021", "late November 2023"."""
    return with_part(words, periods.month(_full_year(words["year"]), MONTHS[words["month"].rstrip(".")]), place)


def month_of_which_year(words: Words, place: Place) -> Event | None:
    """Read "May last year"."""
    if words["single"] != "year":
        return None
    in_year = place.today.year + step_of(words["which"])
    return with_part(words, periods.month(in_year, MONTHS[words["month"].rstrip(".")]), place)


def bare_season(words: Words, place: Place) -> Event | None:
    """Read "in the autumn"; one that has begun counts as past and as present."""
    if place.tenses.habitual(place.start):
        return None
    first_month, today = SEASONS[words["season"]], place.today
    years = [periods.season(today.year + step, first_month) for step in (-1, 0, 1)]
    earlier = next(event for event in reversed(years) if event.start <= today)
    later = next(event for event in years if event.end >= today)
    return with_part(words, nearest(earlier, later, place.tense), place)


def which_season(words: Words, place: Place) -> Event | None:
    """Read "last summer": the last one that is over; "next" may skip the coming one."""
    first_month, today = SEASONS[words["season"]], place.today
    years = [periods.season(today.year + step, first_month) for step in (-2, -1, 0, 1)]
    match step_of(words["which"]):
        case -1:
            found = next(event for event in reversed(years) if event.end < today)
            running = any(event.start <= today <= event.end for event in years)
            return replace(found, ambiguous=running)
        case 1:
            return replace(next(event for event in years if event.start > today), ambiguous=True)
        case _:
            this = bare_season(words, place)
            return this and replace(this, ambiguous=False)


def season_of_year(words: Words, place: Place) -> Event:
    """Read "the spring of 2016"; which winter is meant is ambiguous, for it lies in two years."""
    found = periods.season(_full_year(words["year"]), SEASONS[words["season"]])
    return replace(with_part(words, found, place), ambiguous=words["season"] == "winter")


def season_of_which_year(words: Words, place: Place) -> Event | None:
    """Read "summer last year"."""
    if words["single"] != "year":
        return None
    found = periods.season(place.today.year + step_of(words["which"]), SEASONS[words["season"]])
    return replace(found, ambiguous=words["season"] == "winter")


def quarter(words: Words, place: Place) -> Event:
    """Read "Q3", "Q4 2024"."""
    month = int(words["quarter_number"]) * 3 - 2
    if words["year"]:
        return periods.around("quarter", date(_full_year(words["year"]), month, 1))
    return recurring(place, lambda in_year: periods.around("quarter", date(in_year, month, 1)))


def bare_year(words: Words, place: Place) -> Event:
    """Read "in 2019", "early 2024"."""
    return with_part(words, periods.year(_full_year(words["year"])), place)


def decade(words: Words, place: Place) -> Event:
    """Read "the 90s": the last ones that have begun; those of 1920 and 2020 cannot be told apart."""
    name = words["decade"].removeprefix("the ").lstrip("'")
    digits = re.sub(r"\D", "", name) or str(DECADES[name])
    if len(digits) == 4:
        return with_part(words, periods.around("decade", date(int(digits), 1, 1)), place)
    in_year = 2000 + int(digits) if 2000 + int(digits) <= place.today.year else 1900 + int(digits)
    found = replace(periods.around("decade", date(in_year, 1, 1)), ambiguous=int(digits) <= 20 and digits != "00")
    return with_part(words, found, place)


def holiday(words: Words, place: Place) -> Event | None:
    """Read "on Halloween", "Christmas 2023"."""
    if place.tenses.habitual(place.start):
        return None
    day_in = HOLIDAYS[words["holiday"]]
    if words["year"]:
        return periods.day(day_in(_full_year(words["year"])))
    return recurring(place, lambda in_year: periods.day(day_in(in_year)))


def which_holiday(words: Words, place: Place) -> Event:
    """Read "last Christmas", "next Halloween"."""
    day_in = HOLIDAYS[words["holiday"]]
    directed = replace(place, direction=(-1, place.tense, 1)[step_of(words["which"]) + 1])
    return replace(recurring(directed, lambda in_year: periods.day(day_in(in_year))), ambiguous=False)
