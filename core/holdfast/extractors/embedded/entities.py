"""Names in a rewritten statement: people, places, works, technologies, addresses."""

import re

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.words import words

_TITLE = lazy(r"\"([^\"]{2,60})\"|(?<!\w)'([A-Z][^'\n]{1,58})'(?!\w)")
_NAME = lazy(r"(?<![\w.'-])[A-Z][\w&.'-]*(?:(?: (?:of|de|du|da|van|von|the|la|le))? [A-Z0-9][\w&.'-]*)*")
_ADDRESS = lazy(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_SOFTWARE = lazy(r"[A-Za-z.][\w.+#/-]*")


def entities(text: str) -> tuple[str, ...]:
    """Return the names in a rewritten statement, in order, each once."""
    found: list[str] = []
    covered: list[tuple[int, int]] = []
    for match in _TITLE().finditer(text):
        found.append(match[1] or match[2])
        covered.append(match.span())
    for match in _NAME().finditer(text):
        if not any(start <= match.start() < end for start, end in covered):
            found.extend(_trimmed(match[0], at_start=match.start() == 0))
    found.extend(software(text))
    found.extend(_ADDRESS().findall(text))
    seen: dict[str, str] = {}
    for name in found:
        seen.setdefault(name.lower(), name)
    return tuple(seen.values())


def _trimmed(name: str, *, at_start: bool) -> list[str]:
    parts = re.sub(r"'s$", "", name.rstrip(".'-&")).split()
    while parts and _common(parts[0], first=at_start):
        parts = parts[1:]
    while parts and (parts[-1].lower() in words("no_names") or (parts[-1].isdigit() and len(parts) == 1)):
        parts = parts[:-1]
    while parts and parts[0].lower() in ("of", "de", "the", "la", "le"):
        parts = parts[1:]
    return [" ".join(parts)] if parts and len(parts[0]) > 1 else []


def _common(word: str, *, first: bool) -> bool:
    lower = word.lower()
    return (
        lower in words("no_names")
        or (lower in words("english") and lower not in ("may", "will"))
        or (first and lower in ("when", "since", "after"))
    )


def software(text: str) -> tuple[str, ...]:
    """Return the words that name a technology."""
    return tuple(
        word
        for token in _SOFTWARE().findall(text)
        if (word := token.rstrip(".-/")).lower() in words("technologies") or word in words("capital_technologies")
    )
