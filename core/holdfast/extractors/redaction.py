"""Secrets blanked: what is searched and shown never holds a key, a card or a password that the rules recognise."""

import re
from collections.abc import Sequence

from holdfast.extractors.embedded.cleaning import clean
from holdfast.extractors.embedded.safety import injection, secret_spans
from holdfast.grounding import Screen

__all__ = ["BLANK", "SCREEN", "without_secrets"]

BLANK = "•"
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def without_secrets(text: str) -> str:
    """Return a text of the same length in which each secret is blanked; offsets keep their meaning."""
    for start, end, _ in secret_spans(text):
        text = text[:start] + BLANK * (end - start) + text[end:]
    return text


def _secret(text: str) -> str | None:
    return "holds a secret" if BLANK in text or secret_spans(text) else None


def _foreign(content: str) -> Sequence[tuple[int, int]]:
    comments = [match.span() for match in _COMMENT.finditer(content)]
    return [*((cut.start, cut.end) for cut in clean(content)[1]), *comments]


SCREEN = Screen(_secret, injection, _foreign)
"""What the rules know of secrets, orders and other people's words, for grounding."""
