"""Secrets blanked: what is searched and shown never holds a key, a card or a password that the rules recognise."""

from holdfast.extractors.embedded.safety import secret_spans

__all__ = ["BLANK", "without_secrets"]

BLANK = "•"


def without_secrets(text: str) -> str:
    """Return a text of the same length in which each secret is blanked; offsets keep their meaning."""
    for start, end, _ in secret_spans(text):
        text = text[:start] + BLANK * (end - start) + text[end:]
    return text
