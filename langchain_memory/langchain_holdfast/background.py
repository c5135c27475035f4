"""When to learn: beside the chat, at once, or later. Messages are journaled before, whichever it is."""

from concurrent.futures import wait
from typing import Any, Literal, TypeAlias, get_args

from holdfast import ConfigurationError, Memory, Worker

__all__ = ["Learn", "catch_up", "check", "flush", "learn"]

Learn: TypeAlias = Literal["background", "now", "later"]
"""When facts are derived: in a thread beside the chat, before the call returns, or when `Memory.process` is called."""

_PATIENCE = 2.0
"""Seconds that a user's first turn in a process waits for what an earlier process left unlearnt."""


def learn(memory: Memory, user_id: str, when: Learn) -> None:
    """Learn what waits in a user's journal: in the background, now, or not at all.

    Raises:
        HoldfastError: It failed, and `when` is `now`.
    """
    if when == "now":
        memory.process(user_id=user_id)
    elif when == "background":
        Worker.of(memory).learn(user_id)


def catch_up(memory: Memory, user_id: str, when: Learn) -> None:
    """Learn what an earlier process left, when this one hears of a user for the first time.

    A process that ended right after its last answer has journaled the last turn and not learnt it, and that turn is
    what the next session needs most. A slow extractor is not waited for longer than a person would.

    Raises:
        HoldfastError: It failed, and `when` is `now`.
    """
    if when == "later" or not Worker.of(memory).meets(user_id):
        return
    if when == "now":
        memory.process(user_id=user_id)
    else:
        wait([Worker.of(memory).learn(user_id)], _PATIENCE)


def flush(memory: Memory, timeout: float | None = None) -> bool:
    """Wait until everything that was said so far is learnt; return False when that took longer than `timeout` seconds.

    For tests and for the end of a program that closes its memory; a chat never needs it.
    """
    return Worker.of(memory).flush(timeout)


def check(memory: Any, when: Any = "later") -> None:
    """Refuse what is no `Memory`, and an unknown time of learning, where the adapter is made and not at its first call.

    Raises:
        ConfigurationError: It is something else, an `AsyncMemory` included.
    """
    if not isinstance(memory, Memory):
        raise ConfigurationError(
            f"memory must be a holdfast.Memory, got {type(memory).__name__}; the awaited calls of LangChain use it too"
        )
    if when not in get_args(Learn):
        raise ConfigurationError(f"learn must be one of {', '.join(get_args(Learn))}, got {when!r}")
