"""Learning beside the chat: messages are journaled at once, a thread of the memory's own reads them afterwards."""

import logging
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Literal, TypeAlias, get_args
from weakref import WeakKeyDictionary

from holdfast import ConfigurationError, Memory, StorageError

__all__ = ["Learn", "check", "flush", "learn"]

logger = logging.getLogger("holdfast.langchain")

Learn: TypeAlias = Literal["background", "now", "later"]
"""When facts are derived: in a thread beside the chat, before the call returns, or when `Memory.process` is called."""


class _Learner:
    """One thread that learns what the users of one memory said; a user who waits already waits once.

    What it does not come to do stays pending in the journal and is learnt with that user's next message: nothing rests
    on this queue. The interpreter waits for it when it exits.
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
        future.add_done_callback(self._finished)

    def flush(self, timeout: float | None) -> bool:
        with self._lock:
            unfinished = set(self._unfinished)
        return not wait(unfinished, timeout).not_done

    def _learn(self, memory: Memory, user_id: str) -> None:
        with self._lock:
            self._queued.discard(user_id)  # what is said from here on may be missed by this pass, so it queues again
        try:
            memory.process(user_id=user_id)
        except StorageError:
            logger.debug("the memory was closed or is locked; its messages wait", exc_info=True)
        except Exception as error:  # noqa: BLE001 - nobody is there to catch it, and the messages wait in the journal
            logger.warning("learning failed with %s; the messages wait in the journal", type(error).__name__)

    def _finished(self, future: Future[None]) -> None:
        with self._lock:
            self._unfinished.discard(future)


_learners: WeakKeyDictionary[Memory, _Learner] = WeakKeyDictionary()
_registry = threading.Lock()


def learn(memory: Memory, user_id: str, when: Learn) -> None:
    """Learn what waits in a user's journal: in the background, now, or not at all.

    Raises:
        HoldfastError: It failed, and `when` is `now`.
    """
    if when == "now":
        memory.process(user_id=user_id)
    elif when == "background":
        with _registry:
            learner = _learners.setdefault(memory, _Learner())
        learner.soon(memory, user_id)


def flush(memory: Memory, timeout: float | None = None) -> bool:
    """Wait until everything that was said so far is learnt; return False when that took longer than `timeout` seconds.

    For tests and for the end of a program that closes its memory; a chat never needs it.
    """
    with _registry:
        learner = _learners.get(memory)
    return learner is None or learner.flush(timeout)


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


def _start_anew() -> None:
    """Forget the threads of the parent process, which a fork does not copy; what they had queued waits in the journal."""
    global _registry
    _registry = threading.Lock()
    _learners.clear()


os.register_at_fork(after_in_child=_start_anew)
