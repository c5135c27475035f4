"""The keys of a message itself; those derived from it come from the extractor."""

import re
from collections.abc import Iterator

from holdfast.lexical import MONTH_NAMES, Terms, dated_terms, terms_of
from holdfast.types import Key, Message

__all__ = ["CHUNK", "PIECE", "READ", "key_terms", "message_keys", "spoken"]

READ = 64_000
"""Characters of one message that are searchable; the journal keeps all of it."""

CHUNK = 320
"""Characters after which a key ends with the sentence: about three sentences."""

PIECE = 1_000
"""Characters of one key at most: about as much as the embedded model reads at once (256 tokens)."""

_BREAK = re.compile(r"\n+|(?<=[.!?])\s+")


def message_keys(message: Message) -> tuple[Key, ...]:
    """Return the keys of a message: one, or one a chunk when it is long; none when it says nothing."""
    return tuple(
        Key("message", message.content[start:end], message.id, start, end)
        for start, end in _chunks(message.content[:READ])
        if message.content[start:end].strip()
    )


def spoken(key: Key, message: Message) -> str:
    """Return what is embedded of a key: its text with when and by whom it was said, in words that a model knows."""
    # Not strftime, which speaks the language of the process.
    day = f"On {message.at.day} {MONTH_NAMES[message.at.month - 1].title()} {message.at.year}, " if message.at else ""
    return f'{day}{message.name or message.role} said, "{" ".join(key.text.split())}"'


def key_terms(key: Key, message: Message) -> Terms:
    """Return the terms of a key, with what the dates in a message's own words mean."""
    if key.kind == "message" and message.at is not None:
        return dated_terms(key.text, message.at)
    return terms_of(key.text)


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    if len(text) <= 1.5 * CHUNK:
        yield 0, len(text)
        return
    start = last = 0
    for end in (*(match.end() for match in _BREAK.finditer(text)), len(text)):
        while end - start > PIECE:
            cut = last if last > start else start + PIECE
            yield start, cut
            start = last = cut
        if end - start >= CHUNK:
            yield start, end
            start = end
        last = end
    if start < len(text):
        yield start, len(text)
