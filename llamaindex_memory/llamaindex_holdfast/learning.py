"""Learning beside the chat: a message is journaled before `put` returns, a thread reads it afterwards."""

import logging
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Literal, TypeAlias
from weakref import WeakKeyDictionary

from holdfast import Memory, ProviderError, StorageError

__all__ = ["Learn", "flush", "learn"]

_logger = logging.getLogger("holdfast.llama_index")

Learn: TypeAlias = Literal["background", "now", "later"]
"""When facts are derived: in a thread beside the chat, before the call returns, or when `Memory.process` is called."""


class _Learner:
    """One thread that learns for the users of one memory; it starts with the first message and idles without cost.

    Nothing rests on its queue: what it does not come to do waits in the journal and is learnt with the user's next
    message. The interpreter waits for it when it exits.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queued: set[str] = set()
        self._unfinished: set[Future[None]] = set()
        self._thread = ThreadPoolExecutor(1, "holdfast-learning")

    def soon(self, memory: Memory, user_id: str) -> None:
        with self._lock:
            if user_id in self._queued:
                return
            self._queued.add(user_id)
            future = self._thread.submit(self._learn, memory, user_id)
            self._unfinished.add(future)
        future.add_done_callback(self._finish)

    def flush(self, timeout: float | None) -> bool:
        with self._lock:
            unfinished = set(self._unfinished)
        return not wait(unfinished, timeout).not_done

    def _learn(self, memory: Memory, user_id: str) -> None:
        with self._lock:
            self._queued.discard(user_id)  # what is said from here on may be missed by this pass, so it queues again
        try:
            _process(memory, user_id)
        except StorageError:
            _logger.debug("the memory was closed or is locked; its messages wait in the journal", exc_info=True)

    def _finish(self, future: Future[None]) -> None:
        with self._lock:
            self._unfinished.discard(future)


_learners: WeakKeyDictionary[Memory, _Learner] = WeakKeyDictionary()
_lock = threading.Lock()


def learn(memory: Memory, user_id: str, when: Learn) -> None:
    """Derive facts from what waits in a user's journal; a model that fails leaves it waiting and is logged."""
    if when == "now":
        _process(memory, user_id)
    elif when == "background":
        with _lock:
            learner = _learners.setdefault(memory, _Learner())
        learner.soon(memory, user_id)


def flush(memory: Memory, timeout: float | None = None) -> bool:
    """Wait until everything said so far is learnt; return False when that takes longer than `timeout` seconds.

    For tests, and for a program that closes its memory at the end; a chat never needs it.
    """
    with _lock:
        learner = _learners.get(memory)
    return learner is None or learner.flush(timeout)


def _process(memory: Memory, user_id: str) -> None:
    try:
        memory.process(user_id=user_id)
    except ProviderError as error:
        _logger.warning("learning failed (%s); the messages wait in the journal", error)


def _start_anew() -> None:
    """Forget the threads of the parent process, which a fork does not copy; what they had queued is in the journal."""
    global _lock
    _lock = threading.Lock()
    _learners.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)
