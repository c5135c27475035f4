"""Finding the dates of a text, writing them down, and appending them to relative phrases."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import datetime

from holdfast.caches import cached
from holdfast.dates.guards import GUARDS
from holdfast.dates.holidays import HOLIDAYS
from holdfast.dates.lazy import lazy
from holdfast.dates.place import Place, Reader, Words
from holdfast.dates.rules import RULES
from holdfast.dates.tense import read_tenses
from holdfast.dates.words import DECADES, MONTHS, SEASONS, WEEKDAYS
from holdfast.types import Event

__all__ = ["DateSpan", "find_dates", "format_event", "puts_day_first", "read_dates", "resolve"]

# Each character keeps its place: only ASCII letters are lowered, and look-alikes become one character.
_PLAIN = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ\u2019\u2018\u2010\u2011\u2012\u2013\u00a0", "abcdefghijklmnopqrstuvwxyz''---- "
)
_ANY_DATE = lazy(
    r"\b(?:day|days|week|weeks|weekend|weekends|fortnight|months?|quarter|year|years|decades?|hours?|minutes?|ago|today"
    r"|tonight|tonite|2nite|2day|yesterday|yday|tomorrow|tmrw?|tmw|tomoz|2moro|last night|night before"
    r"|last evening|this (?:morning|afternoon"
    r"|evening|arvo)|q[1-4]|(?:19|20)\d\d|\d{1,3}0'?s|(?:\d{1,4})?(?:hr|wk|wkend|mth|mo|yr)s?"
    r"|[a-z]{3,6}days|\d{1,4}(?:hour|day|week|month|year)s?|w/c|\d\d?/\d\d?|\d\d?(?:st|nd|rd|th)"
    rf"|the \w+(?:st|nd|rd|th)|{'|'.join([*MONTHS, *WEEKDAYS, *SEASONS, *HOLIDAYS, *DECADES])})\b|'\d\d\b|\d\.\d\d?\."
)
_SLASH_YEAR = r"/(?:\d\d){1,2}\b"
_ORDER = r"(?:dates?|format|style|order)\b"
_DAY_FIRST = lazy(
    rf"\b(?:european|british|uk) {_ORDER}|\bday[ -]first\b|\bdd?[/-]mm\b|\b(?:1[3-9]|2\d|3[01])/\d\d?{_SLASH_YEAR}"
    r"|\b(?!24/7\b)(?:1[3-9]|2\d|3[01])/(?:0?[1-9]|1[0-2])\b(?!/)"
)
_MONTH_FIRST = lazy(
    rf"\b(?:american|us) {_ORDER}|\bmonth[ -]first\b|\bmm?[/-]dd\b|\b\d\d?/(?:1[3-9]|2\d|3[01]){_SLASH_YEAR}"
    r"|\b(?:0?[1-9]|1[0-2])/(?:1[3-9]|2\d|3[01])\b(?!/)"
)
_DENIED = lazy(r"\bnot\s(?:on |in |at |for |by |this |the )*$")
_ABSOLUTE = lazy(r"(?<!\d)(?:19|20)\d\d(?!\d)|'\d\d(?!\d)|\d/\d{1,2}/\d|\d0'?s\b|ties\b")
_RESOLUTION = lazy(r"(?:['\u2019]s)? \((?:\d{4}(?:-\d\d){0,2})(?: to \d{4}(?:-\d\d){0,2})?\)")


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date in a text: `text` stands at characters `start` to `end` and means `event`."""

    start: int
    end: int
    text: str
    event: Event


def puts_day_first(text: str) -> bool:
    """Whether a text says, or shows by a date like 25/12, that "5/7" is 5 July; without that it is 7 May."""
    plain = text.translate(_PLAIN)
    return bool(_DAY_FIRST().search(plain)) and not _MONTH_FIRST().search(plain)


def find_dates(text: str, said_at: datetime, *, day_first: bool = False) -> tuple[DateSpan, ...]:
    """Return the dates of a text, in the order of their words, never overlapping.

    Args:
        text: A statement or a question, in English.
        said_at: When it was said; its own date is "today".
        day_first: Whether "5/7" is 5 July; so it is too if the text itself `puts_day_first`.
    """
    return tuple(span for _, span in read_dates(text, said_at, day_first=day_first))


@cached(256)
def read_dates(text: str, said_at: datetime, *, day_first: bool = False) -> tuple[tuple[str, DateSpan], ...]:
    """Return the dates of a text, each with the name of the rule that read it."""
    plain = text.translate(_PLAIN)
    if not _ANY_DATE().search(plain):
        return ()
    tenses = read_tenses(plain)
    day_first = day_first or puts_day_first(plain)
    used = bytearray(len(plain))
    for guard in GUARDS:
        for match in guard.compiled.finditer(plain):
            used[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    spans: list[tuple[str, DateSpan]] = []
    for rule in RULES:
        for match in rule.compiled.finditer(plain):
            start, end = match.span()
            if 1 in used[start:end]:
                continue
            place = Place(text, plain, start, end, said_at, tenses, _read_point, day_first=day_first)
            if (rule.after and not rule.preceded.search(place.before)) or _DENIED().search(place.before):
                continue
            event = _read(rule.read, Words(match), place)
            if event is not None:
                spans.append((rule.name, DateSpan(start, end, text[start:end], event)))
                used[start:end] = b"\1" * (end - start)
    spans.sort(key=lambda found: found[1].start)
    resolved = 0
    kept: list[tuple[str, DateSpan]] = []
    for found in spans:
        if found[1].start >= resolved:
            kept.append(found)
            resolved = _resolved_until(text, found[1])
    return tuple(kept)


def _read(reader: Reader, words: Words, place: Place) -> Event | None:
    try:
        return reader(words, place)
    except (ValueError, OverflowError):  # 30 February, 9,999 years ago
        return None


def _read_point(start: int, end: int, place: Place) -> Event | None:
    for rule in RULES:
        match = rule.alone.fullmatch(place.plain, start, end) if rule.alone else None
        if match:
            return _read(rule.read, Words(match), replace(place, start=start, end=end))
    return None


def _resolved_until(text: str, span: DateSpan) -> int:
    """Return where the brackets end that `resolve` put behind a span, or 0 if it put none."""
    brackets = _RESOLUTION().match(text, span.end)
    return brackets.end() if brackets and _is_relative(span) else 0


def _is_relative(span: DateSpan) -> bool:
    return not _ABSOLUTE().search(span.text.translate(_PLAIN))


def resolve(text: str, said_at: datetime, *, day_first: bool = False) -> str:
    """Return the text with every relative date followed by what it means: "last week (2025-03-03 to 2025-03-09)".

    The words themselves stay; dates that name their year need nothing; doing it again changes nothing.
    """
    pieces: list[str] = []
    position = 0
    for span in find_dates(text, said_at, day_first=day_first):
        if _is_relative(span) and not _resolved_until(text, span):
            end = span.end + 2 * text.startswith(("'s", "\u2019s"), span.end)
            pieces += [text[position:end], f" ({format_event(span.event)})"]
            position = end
    return "".join([*pieces, text[position:]])


def format_event(event: Event) -> str:
    """Return "2025-03-12", "2025-03-03 to 2025-03-09", "2025-03", "2024-12 to 2025-02" or "2023"."""
    start, end = event.start, event.end
    first, last = start.isoformat(), end.isoformat()
    whole_months = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
    if event.grain in {"month", "quarter", "season", "year", "decade"} and whole_months:
        first, last = first[:7], last[:7]
        if event.grain in {"year", "decade"} and start.month == 1 and end.month == 12:
            first, last = first[:4], last[:4]
    return first if first == last else f"{first} to {last}"
