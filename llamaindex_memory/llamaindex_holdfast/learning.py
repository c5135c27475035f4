"""When to learn: beside the chat, at once, or later. Messages are journaled before, whichever it is."""

import logging
from typing import Literal, TypeAlias

from holdfast import AsyncMemory, Memory, ProviderError, Worker

__all__ = ["Learn", "alearn", "flush", "learn"]

_logger = logging.getLogger("holdfast.llama_index")

Learn: TypeAlias = Literal["background", "now", "later"]
"""When facts are derived: in a thread beside the chat, before the call returns, or when `Memory.process` is called."""


def learn(memory: Memory, user_id: str, when: Learn) -> None:
    """Derive facts from what waits in a user's journal; a model that fails leaves it waiting and is logged."""
    if when == "now":
        try:
            memory.process(user_id=user_id)
        except ProviderError as error:
            _log(error)
    elif when == "background":
        Worker.of(memory).learn(user_id)


async def alearn(memory: Memory, user_id: str, when: Learn) -> None:
    """Do as `learn`, with models that can be awaited awaited."""
    if when != "now":
        learn(memory, user_id, when)
        return
    try:
        await AsyncMemory.of(memory).process(user_id=user_id)
    except ProviderError as error:
        _log(error)


def flush(memory: Memory, timeout: float | None = None) -> bool:
    """Wait until everything said so far is learnt; return False when that takes longer than `timeout` seconds.

    For tests, and for a program that closes its memory at the end; a chat never needs it.
    """
    return Worker.of(memory).flush(timeout)


def _log(error: ProviderError) -> None:
    _logger.warning("learning failed with %s; the messages wait in the journal", type(error).__name__)
