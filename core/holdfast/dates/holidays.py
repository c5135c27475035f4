"""The holidays that the grammar knows by name, each as the day on which it falls in a year.

Those of one country (Thanksgiving, Labor Day, Memorial Day) are those of the United States; Easter is the western one.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from holdfast.dates.periods import weekday_after, weekday_before

__all__ = ["HOLIDAYS"]


def _fixed(month: int, day: int, in_year: int) -> date:
    return date(in_year, month, day)


def _thanksgiving(in_year: int) -> date:
    """Return the fourth Thursday of November."""
    return weekday_after(date(in_year, 10, 31), 3) + timedelta(21)


def _labor_day(in_year: int) -> date:
    """Return the first Monday of September."""
    return weekday_after(date(in_year, 8, 31), 0)


def _memorial_day(in_year: int) -> date:
    """Return the last Monday of May."""
    return weekday_before(date(in_year, 6, 1), 0)


def _easter(in_year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar.

    Source: the "anonymous" algorithm (Nature, 20 April 1876), as given in J. Meeus, Astronomical Algorithms, ch. 8.
    """
    golden = in_year % 19
    century, within = divmod(in_year, 100)
    leaps, left = divmod(century, 4)
    epact = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    to_sunday = (32 + 2 * left + 2 * (within // 4) - epact - within % 4) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(in_year, month, day + 1)


def _beside_easter(days: int, in_year: int) -> date:
    return _easter(in_year) + timedelta(days)


def _fathers_day(in_year: int) -> date:
    """Return the third Sunday of June."""
    return weekday_after(date(in_year, 5, 31), 6) + timedelta(14)


_NAMES: dict[str, Callable[[int], date]] = {
    "christmas eve": partial(_fixed, 12, 24),
    "christmas day": partial(_fixed, 12, 25),
    "christmas": partial(_fixed, 12, 25),
    "xmas": partial(_fixed, 12, 25),
    "xmas eve": partial(_fixed, 12, 24),
    "xmas day": partial(_fixed, 12, 25),
    "boxing day": partial(_fixed, 12, 26),
    "nye": partial(_fixed, 12, 31),
    "new year's": partial(_fixed, 1, 1),
    "new year": partial(_fixed, 1, 1),
    "burns night": partial(_fixed, 1, 25),
    "bonfire night": partial(_fixed, 11, 5),
    "remembrance day": partial(_fixed, 11, 11),
    "veterans day": partial(_fixed, 11, 11),
    "juneteenth": partial(_fixed, 6, 19),
    "pancake day": partial(_beside_easter, -47),
    "ash wednesday": partial(_beside_easter, -46),
    "palm sunday": partial(_beside_easter, -7),
    "good friday": partial(_beside_easter, -2),
    "easter monday": partial(_beside_easter, 1),
    "father's day": _fathers_day,
    "new year's eve": partial(_fixed, 12, 31),
    "new year's day": partial(_fixed, 1, 1),
    "halloween": partial(_fixed, 10, 31),
    "valentine's day": partial(_fixed, 2, 14),
    "valentine's": partial(_fixed, 2, 14),
    "st patrick's day": partial(_fixed, 3, 17),
    "easter sunday": _easter,
    "easter": _easter,
    "thanksgiving day": _thanksgiving,
    "thanksgiving": _thanksgiving,
    "labor day": _labor_day,
    "memorial day": _memorial_day,
}

HOLIDAYS = {**_NAMES, **{name.replace("'", ""): day for name, day in _NAMES.items()}}
"""The day of each name in a year; an apostrophe may be left out."""
