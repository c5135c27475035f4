"""What was read elsewhere, added to a memory."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from holdfast.memory import Memory
from holdfast.types import Message

__all__ = ["PORTION", "Imported", "Told", "take_in"]

PORTION = 32
"""Messages that are added at a time, so that one who waits sees how far it is."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message and whose it is."""

    user_id: str
    message: Message


@dataclass(frozen=True, slots=True)
class Imported:
    """What was taken in: messages that are new, messages that were there before, and facts that are new."""

    users: tuple[str, ...]
    messages: int
    known: int
    facts: int


def take_in(memory: Memory, told: Iterable[Told], *, progress: Callable[[int, int], object] | None = None) -> Imported:
    """Add messages to a memory, each user's in their order; who does so again adds nothing.

    Args:
        memory: Where to.
        told: What was read.
        progress: Called with the messages done and the messages in all.

    Raises:
        ConfigurationError: One of them cannot be journaled; those of earlier portions are.
        StorageError: The store could not be written.
    """
    everything = sorted(told, key=lambda one: one.user_id)
    users: list[str] = []
    messages = facts = done = 0
    for user, group in groupby(everything, key=lambda one: one.user_id):
        users.append(user)
        whole = [one.message for one in group]
        for start in range(0, len(whole), PORTION):
            portion = whole[start : start + PORTION]
            added = memory.add(portion, user_id=user)
            messages += len(added.messages)
            facts += len(added.facts)
            done += len(portion)
            if progress is not None:
                progress(done, len(everything))
    return Imported(tuple(users), messages, len(everything) - messages, facts)
