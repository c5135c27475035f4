"""Memory does not learn from itself: what was injected is not heard again, nor is the assistant's paraphrase of it."""

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from holdfast.lexical import terms_of
from holdfast.types import Message

__all__ = ["ECHO", "Fingerprint", "Injected", "fingerprint", "heard", "repeats", "without_injected"]

ECHO = "says again what the memory had said"
"""Why a candidate that only repeats is left out."""

_ALONE = 0.5  # of a candidate's words: what it may share with one injected line before it repeats that
_TOGETHER = 0.8  # and with all of them: a summary of several
_LINES = 256  # of a user, the latest
_USERS = 1_000

_BLOCK = re.compile(r"<holdfast-memory\b[^>\n]{0,200}>[\s\S]*?(?:</holdfast-memory\s*>|\Z)", re.IGNORECASE)
_NAME = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][\w'’-]*|\b\w*\d[\w.,:-]*")

Fingerprint: TypeAlias = frozenset[int]
"""The terms of a text as numbers: enough to recognise it, not to read it."""


def without_injected(text: str) -> str:
    """Return a text of the same length in which each block that `context` made is blank; offsets keep their meaning."""
    if "<" not in text:
        return text
    return _BLOCK.sub(lambda block: re.sub(r"[^\n]", " ", block[0]), text)


def heard(messages: Iterable[Message]) -> tuple[Message, ...]:
    """Return messages as an extractor may read them."""
    return tuple(
        message if (content := without_injected(message.content)) == message.content
        else replace(message, content=content)
        for message in messages
    )  # fmt: skip


def fingerprint(text: str) -> Fingerprint:
    """Return what a text is recognised by."""
    return frozenset(terms_of(text).tolist())


def repeats(text: str, lines: Sequence[Fingerprint], *, together: bool = True) -> bool:
    """Whether a text says nothing that the lines did not say: no other name or number, and mostly their words.

    Args:
        text: What may be a paraphrase.
        lines: The fingerprints of what was said before.
        together: A text that is put together from several of them repeats too.
    """
    said = fingerprint(text)
    if not said:
        return True
    names = fingerprint(" ".join(_NAME.findall(text)))
    for line in lines:
        if names <= line and len(said & line) >= _ALONE * len(said):
            return True
    every = frozenset[int]().union(*lines) if together else frozenset[int]()
    return names <= every and len(said & every) >= _TOGETHER * len(said)


class Injected:
    """The fingerprints of what contexts said to the model lately, by user. Thread-safe, and holds no text."""

    def __init__(self) -> None:
        # By the hash of the line, so that what is said in every turn is not taken apart in every turn.
        self._lines: OrderedDict[str, OrderedDict[int, Fingerprint]] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, user_id: str, block: str) -> None:
        """Keep what a block of `context` says."""
        lines = [line[2:] for line in block.split("\n") if line.startswith("- ")]
        if not lines:
            return
        with self._lock:
            kept = self._lines.setdefault(user_id, OrderedDict())
            self._lines.move_to_end(user_id)
            for line in lines:
                number = hash(line)
                if number not in kept:
                    kept[number] = fingerprint(line)
                kept.move_to_end(number)
            while len(kept) > _LINES:
                kept.popitem(last=False)
            if len(self._lines) > _USERS:
                self._lines.popitem(last=False)

    def lines(self, user_id: str) -> list[Fingerprint]:
        """Return what was kept of a user."""
        with self._lock:
            return list(self._lines[user_id].values()) if user_id in self._lines else []

    def drop(self, user_id: str) -> None:
        """Forget a user."""
        with self._lock:
            self._lines.pop(user_id, None)
