"""Introductions: "I'm Priya, 34, and I run ..." names the user and goes on."""

import re

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.person import FIRST_PERSON
from holdfast.extractors.embedded.words import words

_TITLED = r"(?:Dr\.? |Prof\.? )?[A-Z][a-z'-]+"
_INTRODUCTION = lazy(
    rf"(?:I'm|I am|[Tt]his is|[Mm]y name's|[Tt]he name's) (?:called )?(?P<name>{_TITLED}(?:"
    rf" [A-Z][a-z'-]+){{0,2}})"
    r"(?= here|[,.(!]| and\b| from\b| - |$)(?P<rest>.*)$"
)
_HERE = lazy(rf"(?P<name>{_TITLED}(?: [A-Z][a-z'-]+)?) here\b(?P<rest>.*)$")
_GREETED = lazy(
    r"(?:hey|hi|hiya|hello|yo|morning|evening)\b[,!. ]*(?:there[,!. ]*)?(?:it's|its|this is|it is) "
    r"(?P<name>(?!me\b|my\b|us\b|been\b)[A-Za-z][a-z'-]+)(?=,? (?:\d+|here|again|from)\b|,? and (?:i|I)\b|[.!,]?$|, "
    r"(?:an?|the|your) )"
    r"(?P<rest>.*)$",
    re.IGNORECASE,
)
"""A name told with a greeting, whatever its letters: "hey its noor, 17"."""
_NO_NAMES = ("demonyms", "english", "feelings", "technologies")


def introduction(plain: str) -> tuple[str, str] | None:
    """Return the name that a clause introduces the user by, and the statement that its rest makes, "" if none."""
    match = _INTRODUCTION().match(plain) or _HERE().match(plain) or _GREETED().match(plain)
    if match is None or any(match["name"].split()[0].lower() in words(name) for name in _NO_NAMES):
        return None
    name = match["name"][0].upper() + match["name"][1:]
    rest = re.sub(r"^(?:here|again|and|but)\b[ ,]*", "", match["rest"].strip(" ,.!-"))
    if not rest or FIRST_PERSON().match(rest):
        return name, rest
    return name, f"I'm {rest}" if re.match(r"(?:an?|the|from|\d+|your)\b", rest) else f"I {rest}"
