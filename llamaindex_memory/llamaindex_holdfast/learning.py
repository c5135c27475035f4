"""When to learn: beside the chat, at once, or later. Messages are journaled before, whichever it is."""

import asyncio
import logging
from concurrent.futures import wait
from typing import Literal, TypeAlias

from holdfast import AsyncMemory, Memory, ProviderError, Worker

__all__ = ["Learn", "acatch_up", "alearn", "catch_up", "flush", "learn"]

_logger = logging.getLogger("holdfast.llama_index")

Learn: TypeAlias = Literal["background", "now", "later"]
"""When facts are derived: in a thread beside the chat, before the call returns, or when `Memory.process` is called."""

_SETTLE = 0.2
"""Seconds after a message in which the turn reads its memory, before what the message says is learnt."""

_PATIENCE = 2.0
"""Seconds that a user's first turn in a process waits for what an earlier process left unlearnt."""


def learn(memory: Memory, user_id: str, when: Learn) -> None:
    """Derive facts from what waits in a user's journal; a model that fails leaves it waiting and is logged."""
    if when == "now":
        try:
            memory.process(user_id=user_id)
        except ProviderError as error:
            _log(error)
    elif when == "background":
        Worker.of(memory).learn(user_id, after=_SETTLE)


async def alearn(memory: Memory, user_id: str, when: Learn) -> None:
    """Do as `learn`, with models that can be awaited awaited."""
    if when != "now":
        learn(memory, user_id, when)
        return
    try:
        await AsyncMemory.of(memory).process(user_id=user_id)
    except ProviderError as error:
        _log(error)


def catch_up(memory: Memory, user_id: str, when: Learn) -> None:
    """Learn what an earlier process left, when this one hears of a user for the first time.

    A process that ended right after a turn has journaled it and not learnt it, and that turn is what the next session
    needs most. It is called before anything of this turn is journaled, which would be waited for too; and a slow model
    is not waited for longer than a person would.
    """
    if when == "later" or not Worker.of(memory).meets(user_id):
        return
    if when == "now":
        learn(memory, user_id, when)
    else:
        wait([Worker.of(memory).learn(user_id)], _PATIENCE)


async def acatch_up(memory: Memory, user_id: str, when: Learn) -> None:
    """Do as `catch_up`, awaited."""
    if when == "later" or not Worker.of(memory).meets(user_id):
        return
    if when == "now":
        await alearn(memory, user_id, when)
    else:
        await asyncio.to_thread(wait, [Worker.of(memory).learn(user_id)], _PATIENCE)


def flush(memory: Memory, timeout: float | None = None) -> bool:
    """Wait until everything said so far is learnt; return False when that takes longer than `timeout` seconds.

    For tests, and for a program that closes its memory at the end; a chat never needs it.
    """
    return Worker.of(memory).flush(timeout)


def _log(error: ProviderError) -> None:
    _logger.warning("learning failed with %s; the messages wait in the journal", type(error).__name__)
