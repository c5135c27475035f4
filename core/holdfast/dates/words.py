"""The words of dates: what each means, and the named parts that patterns are composed of."""

import re
from calendar import day_name, month_name
from collections.abc import Iterable
from functools import cache

from holdfast.dates.holidays import HOLIDAYS

__all__ = ["COUNTS", "DECADES", "MONTHS", "ORDINALS", "PARTS", "SEASONS", "SHORT_UNITS", "WEEKDAYS", "compile_pattern"]

_MONTH_NAMES = {name.lower(): number for number, name in enumerate(month_name) if name}
MONTHS = {**_MONTH_NAMES, **{name[:3]: number for name, number in _MONTH_NAMES.items()}, "sept": 9}

_DAY_NAMES = {name.lower(): number for number, name in enumerate(day_name)}
_SHORT_DAY_NAMES = {name[:3]: number for name, number in _DAY_NAMES.items()}
WEEKDAYS = {**_DAY_NAMES, **_SHORT_DAY_NAMES, "tues": 1, "weds": 2, "thur": 3, "thurs": 3}

SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The first month of each season, on the northern hemisphere."""

DECADES = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "nineties": 90,
}

_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
SHORT_UNITS = {"hr": "hour", "wk": "week", "wkend": "weekend", "mth": "month", "mo": "month", "yr": "year"}
"""Units as they are typed on a phone."""

COUNTS = {
    **{word: (number, number) for number, word in enumerate(_NUMBERS, 1)},
    "thirty": (30, 30),
    "forty": (40, 40),
    "fifty": (50, 50),
    "a": (1, 1),
    "an": (1, 1),
    "a couple of": (2, 2),
    "a couple": (2, 2),
    "couple of": (2, 2),
    "couple": (2, 2),
    "a few": (2, 4),
    "few": (2, 4),
    "several": (3, 6),
}
"""How many a word means, at least and at most."""

_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
ORDINALS = {
    **{word: number for number, word in enumerate(_ORDINALS, 1)},
    **{f"twenty-{word}": 20 + number for number, word in enumerate(_ORDINALS[:9], 1)},
    "thirtieth": 30,
    "thirty-first": 31,
}


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


_YEAR = r"(?:(?:19|20)\d\d|'\d\d)(?![\d'])"
_MONTH = rf"(?:{_any(MONTHS)})(?:\.(?= ?\d))?(?!\w)"
_WEEKDAY = rf"(?:{_any(WEEKDAYS)})(?!\w)"
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{_any(ORDINALS)})(?!\w)"
_HOLIDAY = _any(HOLIDAYS)
_SEASON = _any(SEASONS)
_SINGLE = "week|wk|weekend|wkend|month|mth|quarter|year|yr|decade"
_WHICH = "last|previous|this past|this coming|this|coming|upcoming|next"
_OF_EVERY_YEAR = "|".join(
    [rf"{_MONTH} (?:the )?{_DAY}", rf"{_DAY} (?:of )?{_MONTH}", _HOLIDAY, _MONTH, rf"(?:{_SEASON})(?!\w)"]
)
_DAY_OF_YEAR = "|".join([rf"{_MONTH} (?:the )?{_DAY}", rf"(?:the )?{_DAY} (?:of )?{_MONTH}", _HOLIDAY])
_WHOLE = "|".join(
    [
        rf"(?:{_MONTH}|{_SEASON}) (?:of )?{_YEAR}",
        rf"(?:{_WHICH}) (?:{_MONTH}|{_SEASON}|{_SINGLE})(?!\w)",
        _MONTH,
        rf"(?:{_SEASON})(?!\w)",
        _YEAR,
    ]
)
_POINT = "|".join(
    [
        r"(?:19|20)\d\d-\d\d-\d\d",
        rf"{_MONTH} (?:the )?{_DAY}(?:,? {_YEAR})?",
        rf"(?:the )?{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?",
        rf"(?:{_MONTH}|{_SEASON}) (?:of )?{_YEAR}",
        rf"(?:{_HOLIDAY})(?:,? {_YEAR})?",
        rf"(?:last|next|this) (?:{_WEEKDAY}|{_MONTH}|{_SINGLE})(?!\w)",
        "yesterday|today|now|tomorrow",
        _MONTH,
        _WEEKDAY,
        _YEAR,
    ]
)

PARTS = {
    "year": _YEAR,
    "month": _MONTH,
    "weekday": _WEEKDAY,
    "other_weekday": _WEEKDAY,
    "day": _DAY,
    "to_day": _DAY,
    "to_ordinal": r"\d{1,2}(?:st|nd|rd|th)(?!\w)",
    "ordinal": rf"(?:\d{{1,2}}(?:st|nd|rd|th)|{_any(ORDINALS)})(?!\w)",
    "season": _SEASON,
    "holiday": _HOLIDAY,
    "decade": rf"(?:the |')?(?:(?:19|20)?\d0'?s|{_any(DECADES)})",
    "number": r"\d{1,2}",
    "second_number": r"\d{1,2}",
    "short_year": r"(?:\d{4}|\d{2})(?!\d)",
    "count": rf"\d{{1,4}}(?:\.5)?|half an?|{_any(COUNTS)}",
    "unit": f"(?:minute|{_any(SHORT_UNITS)}|hour|day|weekend|week|fortnight|month|quarter|year|decade)s?",
    "single": _SINGLE,
    "half": "(?: and a half)?",
    "about": "(?:(?:about|around|approx|almost|nearly|over|under|roughly|maybe|like|just|exactly|well|a little"
    "|a bit|slightly|some|going on|getting on for|more than|less than|at least|close to"
    "|coming up on|coming up to|the best part of) ){0,2}",
    "which": _WHICH,
    "half_more": "(?: and a half)?",
    "part": "early|mid|middle of|later?|beginning of|start of|end of|(?:first|second) half of",
    "to_part": "mid|late",
    "whole": _WHOLE,
    "of_every_year": _OF_EVERY_YEAR,
    "day_of_year": _DAY_OF_YEAR,
    "nth": "first|second|third|fourth|last|1st|2nd|3rd|4th",
    "piece": "week|weekend|day",
    "weekdays": "|".join(_DAY_NAMES),
    "beyond": "after next|before last",
    "side": "before|after|from",
    "relative": "day after tomorrow|day before yesterday|yesterday|yday|night before last|last night|last evening"
    "|tomorrow|tmrw|tmr|tmw|tomoz|2moro|today|2day|tonight|tonite|2nite"
    "|this (?:morning|afternoon|evening|arvo)|(?:earlier|later) (?:on )?today",
    "point": _POINT,
    "other_point": _POINT,
    "quarter_number": "[1-4]",
}
"""Named parts: `<month>` in a pattern stands for the group `month`, which matches this."""


@cache
def compile_pattern(pattern: str, *, bounded: bool = True) -> re.Pattern[str]:
    """Compile a rule's pattern: `<name>` is a named part, a space is any short white space.

    It is matched against text in lower case with straight apostrophes and hyphens.

    Args:
        pattern: The words.
        bounded: Match whole words only; amounts, handles, decimals and clock times are no whole words.
    """
    composed = re.sub(r"(?<!\?P)<([a-z_]+)>", lambda part: f"(?P<{part[1]}>{PARTS[part[1]]})", pattern)
    composed = re.sub(r"(?<!\[) ", r"(?:\\s{1,3})", composed)
    if not bounded:
        return re.compile(composed)
    return re.compile(rf"(?<![\w$€£#@-])(?<!\w\.)(?:{composed})(?![\w%€$£°@(=])(?!-\w|[.:]\d)")
