"""Sentences between quotation marks that speak in the first person: somebody's words, whose they are is not said."""

import re

from holdfast.dates.lazy import lazy

REASON = "quoted text"

_DOUBLE = lazy(r"(?<![\w\")])\"(?=[^\s\"])(?P<said>[^\"]{8,4000}?)(?<=\S)\"(?!\w)")
_SINGLE = lazy(
    r"(?<![\w'\")])'(?!cause\b|til\b|em\b|tis\b|twas\b|cos\b|n\b|bout\b|\d)(?=[^\s'])"
    r"(?P<said>(?:[^'\n]|(?<=\w)'(?=\w)){8,2000}?)(?<=[^\s'])'(?!\w)"
)
_OPEN = lazy(r"(?<=: )[\"'](?=\S)(?P<said>[^\"]{8,4000})\Z|(?<=:\n)[\"'](?=\S)(?P<said2>[^\"]{8,4000})\Z")
_TICKS = lazy(r"`(?P<said>[^`\n]{8,200})`")
_SPEAKS = lazy(r"(?<![\w'])(?:i|i'm|i've|i'll|i'd|im|ive|me|my|mine|we|we're|we've|our|us)(?![\w'])", re.IGNORECASE)
_WORD = lazy(r"[A-Za-z']+")
_FEW = 4


def quoted(text: str) -> list[tuple[int, int]]:
    """Return where sentences in the first person stand between quotation marks, in order.

    A title ("I Want to Hold Your Hand") or a word that is talked about is none.
    """
    if not {'"', "'", "`"}.intersection(text):
        return []
    found: list[tuple[int, int]] = []
    for pattern in (_DOUBLE, _SINGLE, _OPEN, _TICKS):
        found += [match.span() for match in pattern().finditer(text) if _speaks(next(filter(None, match.groups())))]
    return sorted(found)


def _speaks(said: str) -> bool:
    words = _WORD().findall(said)
    if len(words) < _FEW or not _SPEAKS().search(said):
        return False
    long = [word for word in words if len(word) > 3]
    return not long or 2 * sum(word[0].isupper() for word in long) < len(long) or len(long) <= 1
