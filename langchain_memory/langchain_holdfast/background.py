"""Learning beside the chat: messages are journaled at once, a thread of the memory's own reads them afterwards."""

import logging
import os
import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Literal, TypeAlias, get_args
from weakref import WeakKeyDictionary

from holdfast import ConfigurationError, Memory, StorageError

__all__ = ["Learn", "catch_up", "check", "flush", "learn"]

_logger = logging.getLogger("holdfast.langchain")

Learn: TypeAlias = Literal["background", "now", "later"]
"""When facts are derived: in a thread beside the chat, before the call returns, or when `Memory.process` is called."""


_PATIENCE = 2.0
"""Seconds that a user's first turn in a process waits for what an earlier process left unlearnt."""

_REMEMBERED = 100_000  # users


class _Learner:
    """One thread that learns what the users of one memory said; a user who waits already waits once.

    What it does not come to do stays pending in the journal and is learnt when that user speaks again, in whichever
    process: nothing rests on this queue. The interpreter waits for it when it exits.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queued: dict[str, Future[None]] = {}
        self._unfinished: set[Future[None]] = set()
        self._met: OrderedDict[str, None] = OrderedDict()
        self._thread = ThreadPoolExecutor(1, "holdfast-learning")

    def soon(self, memory: Memory, user_id: str) -> Future[None]:
        with self._lock:
            if user_id in self._queued:
                return self._queued[user_id]
            future = self._queued[user_id] = self._thread.submit(self._learn, memory, user_id)
            self._unfinished.add(future)
        future.add_done_callback(self._finished)
        return future

    def meets(self, user_id: str) -> bool:
        """Return whether this is the first that is heard of a user, or the first in a long time."""
        with self._lock:
            new = user_id not in self._met
            self._met[user_id] = None
            self._met.move_to_end(user_id)
            if len(self._met) > _REMEMBERED:
                self._met.popitem(last=False)
            return new

    def flush(self, timeout: float | None) -> bool:
        with self._lock:
            unfinished = set(self._unfinished)
        return not wait(unfinished, timeout).not_done

    def _learn(self, memory: Memory, user_id: str) -> None:
        with self._lock:
            self._queued.pop(user_id)  # what is said from here on may be missed by this pass, so it queues again
        try:
            memory.process(user_id=user_id)
        except StorageError:
            _logger.debug("the memory was closed or is locked; its messages wait", exc_info=True)
        except Exception as error:  # noqa: BLE001 - nobody is there to catch it, and the messages wait in the journal
            _logger.warning("learning failed with %s; the messages wait in the journal", type(error).__name__)

    def _finished(self, future: Future[None]) -> None:
        with self._lock:
            self._unfinished.discard(future)


_learners: WeakKeyDictionary[Memory, _Learner] = WeakKeyDictionary()
_registry = threading.Lock()


def _learner_of(memory: Memory) -> _Learner:
    with _registry:
        return _learners.setdefault(memory, _Learner())


def learn(memory: Memory, user_id: str, when: Learn) -> None:
    """Learn what waits in a user's journal: in the background, now, or not at all.

    Raises:
        HoldfastError: It failed, and `when` is `now`.
    """
    if when == "now":
        memory.process(user_id=user_id)
    elif when == "background":
        _learner_of(memory).soon(memory, user_id)


def catch_up(memory: Memory, user_id: str, when: Learn) -> None:
    """Learn what an earlier process left, when this one hears of a user for the first time.

    A process that ended right after its last answer has journaled the last turn and not learnt it, and that turn is
    what the next session needs most. A slow extractor is not waited for longer than a person would.

    Raises:
        HoldfastError: It failed, and `when` is `now`.
    """
    if when == "later" or not _learner_of(memory).meets(user_id):
        return
    if when == "now":
        memory.process(user_id=user_id)
    else:
        wait([_learner_of(memory).soon(memory, user_id)], _PATIENCE)


def flush(memory: Memory, timeout: float | None = None) -> bool:
    """Wait until everything that was said so far is learnt; return False when that took longer than `timeout` seconds.

    For tests and for the end of a program that closes its memory; a chat never needs it.
    """
    return _learner_of(memory).flush(timeout)


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
    """Forget the parent process's threads, which a fork does not copy; what they had queued waits in the journal."""
    global _registry
    _registry = threading.Lock()
    _learners.clear()


os.register_at_fork(after_in_child=_start_anew)
