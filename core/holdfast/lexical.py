"""Text to terms: what the lexical half of search counts."""

import re
import threading
import zlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt
import Stemmer

from holdfast.caches import cached
from holdfast.dates import find_dates
from holdfast.protocols import Place
from holdfast.types import Event

__all__ = [
    "MONTH_NAMES",
    "REVISION",
    "STOP_WORDS",
    "Terms",
    "asks_the_assistant",
    "dated_terms",
    "periods",
    "place_terms",
    "terms_of",
]

Terms = npt.NDArray[np.uint32]
"""The terms of one text in order, repeated as often as they occur: shape (words,), uint32."""

REVISION = "1"
"""Kept in the store: terms of another revision cannot be compared and are derived anew."""

STOP_WORDS = frozenset(
    """a about after all also am an and any are as at be because been before being both but by can could did do does
    doing don down during each few for from further had has have having he her here hers herself him himself his how i
    if in into is it its itself just ll me more most my myself no nor not now of off on once only or other our ours
    ourselves out over own re s same shall she should so some such t than that the their theirs them themselves then
    there these they this those through to too under until up us user ve very was we were what when where which while
    who whom why will with would you your yours yourself yourselves""".split()
)
"""Words that say nothing about the subject; `user` stands in nearly every fact."""

MONTH_NAMES = tuple("january february march april may june july august september october november december".split())

_DAY = 86_400_000_000  # microseconds
_EPOCH = date(1970, 1, 1).toordinal()
_WORD = re.compile(r"[^\W_]+(?:[.+#&'’-][^\W_]+)*[+#]*")
_ASSISTANT = re.compile(
    r"\b(?:did|had) you\b|\byou(?:'ve| have| had| just)? (?:said|told|suggested|recommended|advised|explained|proposed"
    r"|mentioned|gave|given|wrote|listed)\b|\b(?:your|the assistant's) (?:last |first |earlier )?(?:advice|answer"
    r"|explanation|suggestions?|recommendations?|reply|tips?)\b|\bthe assistant\b",
    re.IGNORECASE,
)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_stemmer = threading.local()  # a Stemmer object must not be shared between threads


@cached(65_536)
def _stem(word: str) -> str:
    if not hasattr(_stemmer, "english"):
        _stemmer.english = Stemmer.Stemmer("english")
    stem: str = _stemmer.english.stemWord(word)
    return stem


def _words(text: str) -> Sequence[str]:
    words: list[str] = []
    for match in _WORD.finditer(text.lower().replace("’", "'")):
        word = match[0].removesuffix("'s")
        if _UNSPACED.search(word):
            # Scripts without spaces: overlapping pairs of characters stand in for words.
            words.extend(word[i : i + 2] for i in range(max(1, len(word) - 1)))
        else:
            words.append(word)
            if "-" in word or "'" in word:
                words.extend(part for part in re.split(r"[-']", word) if len(part) > 1)
    return words


def terms_of(text: str) -> Terms:
    """Return the terms of a text: lower case, without stop words, stemmed, hashed.

    Stems are Snowball's English ones; a hash is the CRC-32 of the stem's UTF-8, so that a partition's terms are one
    array of integers that loads without decoding. Two of a user's 20,000 stems share a hash with a chance of 5 %,
    which moves a score a little and loses nothing.
    """
    stems = (_stem(word) for word in _words(text) if word not in STOP_WORDS)
    return np.fromiter((zlib.crc32(stem.encode("utf-8", "replace")) for stem in stems), dtype=np.uint32)


def asks_the_assistant(question: str) -> bool:
    """Whether a question is about what the assistant said, not about the user."""
    return bool(_ASSISTANT.search(question))


def dated_terms(text: str, said_at: datetime) -> Terms:
    """Return the terms of a text and, beyond those, of what its dates mean: of "yesterday" the day, month and year."""
    terms = terms_of(text)
    dates = find_dates(text, said_at)
    if not dates:
        return terms
    meant = terms_of(" ".join(_calendar(span.event) for span in dates))
    return np.concatenate([terms, np.setdiff1d(meant, terms)])


def periods(question: str, now: datetime) -> tuple[tuple[int, int], ...]:
    """Return the times that a question asked `now` names: first and last microsecond since 1970, UTC."""
    days = [(span.event.start.toordinal(), span.event.end.toordinal()) for span in find_dates(question, now)]
    return tuple(((first - _EPOCH) * _DAY, (last + 1 - _EPOCH) * _DAY - 1) for first, last in days)


def place_terms(place: Place) -> Terms:
    """Return the terms of when a message was said, in UTC, and by whom."""
    return _place_terms(place.said_at // _DAY, place.name)


@cached(4_096)
def _place_terms(day: int, name: str | None) -> Terms:
    try:
        said = _day(date(1970, 1, 1) + timedelta(days=day))
    except OverflowError:  # the ends of time, in UTC
        said = ""
    return terms_of(f"{said} {name or ''}")


def _day(when: date) -> str:
    return f"{when.day} {MONTH_NAMES[when.month - 1]} {when.year}"


def _calendar(event: Event) -> str:
    """Name the days of up to a week, the months of up to half a year, and the years."""
    days = [event.start + timedelta(days=number) for number in range(min((event.end - event.start).days + 1, 184))]
    names: list[str] = []
    if len(days) <= 7:
        names = [str(one.day) for one in days]
    if len(days) < 184:
        names += [MONTH_NAMES[one.month - 1] for one in days]
    return " ".join(dict.fromkeys([*names, str(event.start.year), str(event.end.year)]))
