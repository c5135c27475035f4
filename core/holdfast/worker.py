"""Learning beside the chat: messages are journaled at once, threads of a worker read them afterwards."""

import asyncio
import logging
import math
import os
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Any, cast

from holdfast.errors import ConfigurationError, StorageError
from holdfast.memory import AsyncMemory, Memory

__all__ = ["PORTION", "Worker"]

PORTION = 64
"""Messages that are read from the queue at a time; one that is stopped ends with the portion that it is at."""

_REMEMBERED = 100_000  # users

_logger = logging.getLogger("holdfast.worker")


class Worker:
    """Learns what `add(defer=True)` left, beside the chat.

    ```python
    memory = Memory()
    with Worker(memory):
        memory.add("I'm building this in Next.js", user_id="user_42", defer=True)
    ```

    Its queue is the journal: what it has not come to do when the process ends, in whatever way, waits there for the
    next worker, and for `process`. Any number of workers, threads and processes may learn from one store; no message is
    learnt twice, and no model is asked twice about one that somebody is at work on. What failed stays pending with its
    reason and is tried again, first after a second, then after ever longer pauses.

    It begins when it is started, or asked to learn; a program that ends without stopping it waits for what it has
    begun, not for what it has not.

    Args:
        memory: Whose messages; an `AsyncMemory` too.
        concurrency: How many batches are learnt at a time, each in a thread of its own.
        interval: After how many seconds at most it looks for what nobody told it of: messages that other processes
            deferred, and those that failed. None: it never looks by itself and is not told of what is deferred, but
            learns for the users that `learn` names.

    Raises:
        ConfigurationError: The memory is none, or a number is out of range.
    """

    def __init__(self, memory: Memory | AsyncMemory, *, concurrency: int = 1, interval: float | None = 60.0) -> None:
        given = cast(Any, memory)
        if not isinstance(given, (Memory, AsyncMemory)):
            raise ConfigurationError(f"memory must be a Memory or AsyncMemory, got {type(given).__name__}")
        if not _is_number(concurrency, int) or concurrency < 1:
            raise ConfigurationError(f"concurrency must be a whole number of at least 1, got {concurrency!r}")
        if interval is not None and (not _is_number(interval, (int, float)) or not 0 < interval < math.inf):
            raise ConfigurationError(f"interval must be a number of seconds above 0 or None, got {interval!r}")
        self._memory: Callable[[], Memory | AsyncMemory | None] = lambda: memory
        self._concurrency = concurrency
        self._interval = interval
        self._met = OrderedDict[str, None]()
        self._forget_threads()
        _workers.add(self)

    @classmethod
    def of(cls, memory: Memory | AsyncMemory) -> "Worker":
        """Return the one worker that all parts of a program share for a memory: it learns for whom `learn` names.

        It ends with the memory, which it does not keep alive.
        """
        with _registry:
            worker = _shared.get(memory)
            if worker is None:
                worker = _shared[memory] = cls(memory, interval=None)
                worker._memory = weakref.ref(memory)
            return worker

    def _forget_threads(self) -> None:
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._watching: _Watch | None = None
        self._queued: dict[str | int, Future[None]] = {}
        self._unfinished: set[Future[None]] = set()
        self._failures = 0
        self._stopping = threading.Event()
        self._awaited = threading.Event()

    @property
    def running(self) -> bool:
        """Whether it has been started, or asked to learn, and not stopped."""
        return self._pool is not None

    def start(self) -> None:
        """Begin, with what waits already; starting twice is harmless."""
        with self._lock:
            if self._pool is None:
                self._stopping.clear()
                self._pool = ThreadPoolExecutor(self._concurrency, "holdfast-worker")
            if self._watching is None and self._interval is not None:
                memory = self._memory()
                assert memory is not None
                self._watching = _Watch(self, memory)
                self._watching.start()

    def stop(self, timeout: float | None = None) -> bool:
        """Learn what it was told of so far, then end; stopping twice is harmless.

        Args:
            timeout: Seconds to wait for that; what is not begun by then stays pending.

        Returns:
            Whether it has ended within `timeout`; else it ends with the batch that it is at.
        """
        self._awaited.set()
        with self._lock:
            pool, self._pool = self._pool, None
            watching, self._watching = self._watching, None
            unfinished = set(self._unfinished)
        if watching is not None:
            watching.end()
        if pool is None:
            return not wait(unfinished, timeout).not_done
        pool.shutdown(wait=False)
        ended = not wait(unfinished, timeout).not_done
        self._stopping.set()
        if not ended:
            pool.shutdown(wait=False, cancel_futures=True)
        else:
            pool.shutdown()
        return ended

    def learn(self, user_id: str, *, after: float = 0.0) -> "Future[None]":
        """Learn what waits of a user, soon; return what is done when that was tried.

        One who waits for the worker already waits once. It never fails: errors are logged under `holdfast.worker`, and
        the messages stay pending with the reason.

        Args:
            user_id: Who.
            after: Seconds to let pass before, in which what the chat itself asks comes first; they end at once when
                somebody waits for the worker (`flush`, `stop`, or a `learn` without them).
        """
        self.start()
        if after > 0:
            self._awaited.clear()
        else:
            self._awaited.set()
        return self._submit(user_id, user_id, time.monotonic() + after)

    def meets(self, user_id: str) -> bool:
        """Return whether this is the first that is asked of a user, or the first in a long time.

        Then an earlier process may have journaled the user's last turn and ended before it was learnt, and that turn is
        what the next session needs most: wait for `learn`, for as long as a person would.
        """
        with self._lock:
            new = user_id not in self._met
            self._met[user_id] = None
            self._met.move_to_end(user_id)
            if len(self._met) > _REMEMBERED:
                self._met.popitem(last=False)
            return new

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until everything that it was told of so far was tried; return False when that takes longer."""
        self._awaited.set()
        with self._lock:
            unfinished = set(self._unfinished)
        return not wait(unfinished, timeout).not_done

    def sweep(self) -> None:
        """Look for what waits of any user, soon."""
        self.start()
        self._sweep()

    def _sweep(self) -> None:
        for number in range(self._concurrency):
            self._submit(number, None)

    def _submit(self, place: str | int, user_id: str | None, begin: float = 0.0) -> "Future[None]":
        """Queue it, unless it was stopped: the watch may be a moment late."""
        with self._lock:
            if place in self._queued:
                return self._queued[place]
            memory = self._memory()
            try:
                if self._pool is None or memory is None:
                    return _nothing()
                future = self._queued[place] = self._pool.submit(self._run, memory, place, user_id, begin)
            except RuntimeError:  # the interpreter ends, or it was stopped in this moment
                return _nothing()
            self._unfinished.add(future)
        future.add_done_callback(self._finished)
        return future

    def _finished(self, future: "Future[None]") -> None:
        with self._lock:
            self._unfinished.discard(future)
            for place in [place for place, one in self._queued.items() if one is future]:
                del self._queued[place]  # it was cancelled

    def _run(self, memory: Memory | AsyncMemory, place: str | int, user_id: str | None, begin: float = 0.0) -> None:
        self._awaited.wait(max(0.0, begin - time.monotonic()))
        with self._lock:
            self._queued.pop(place, None)  # what is said from here on may be missed by this pass, so it queues again
        try:
            well = self._pass(Memory.of(memory) if isinstance(memory, AsyncMemory) else memory, user_id)
        except StorageError as error:
            self._failures += 1
            _logger.debug("learning failed with %s; the messages wait", type(error).__name__, exc_info=True)
        except Exception as error:  # noqa: BLE001 - nobody is there to catch it, and the messages wait in the journal
            self._failures += 1
            _logger.warning("learning failed with %s; the messages wait in the journal", type(error).__name__)
        else:
            self._failures = 0 if well else self._failures + 1
        if (watching := self._watching) is not None and self._failures:
            watching.hurry()

    def _pass(self, memory: Memory, user_id: str | None) -> bool:
        """Learn until nothing waits; False when a model answered out of shape, which asking on at once cannot mend."""
        while not self._stopping.is_set():
            processed = memory.process(user_id=user_id, limit=PORTION)
            learnt = sum(len(one.facts) for one in processed.added)
            if processed.added:
                _logger.info("learnt %d batches, %d new facts", len(processed.added), learnt)
            if any(one.degraded for one in processed.added):
                return False
            if not processed.added or not processed.remaining:
                return True
        return True

    @property
    def pause(self) -> float | None:
        """Seconds until it looks again by itself: `interval`, or less after a failure."""
        if self._interval is None or not self._failures:
            return self._interval
        return min(self._interval, 2.0 ** min(self._failures - 1, 30))

    def __enter__(self) -> "Worker":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> "Worker":
        self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)


class _Watch:
    """The thread that looks for work at intervals, and the ear for what is deferred meanwhile.

    It holds the worker weakly, so that one that nobody has any more ends; and it does not keep the process alive.
    """

    def __init__(self, worker: Worker, memory: Memory | AsyncMemory) -> None:
        self._worker = weakref.ref(worker)
        self._wake = threading.Event()
        self._hurry = threading.Event()
        self._over = False
        self._deaf = memory.on_deferred(self._deferred)
        self._thread = threading.Thread(target=self._look, name="holdfast-worker-watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def hurry(self) -> None:
        """Look at the clock again: the next time to look has come nearer."""
        self._wake.set()

    def end(self) -> None:
        """Look no more."""
        self._over = True
        self._deaf()
        self._wake.set()

    def _deferred(self, user_id: str) -> None:
        worker = self._worker()
        if worker is not None and not self._over:
            worker._submit(user_id, user_id)  # pyright: ignore[reportPrivateUsage]

    def _look(self) -> None:
        first = True
        while not self._over:
            worker = self._worker()
            if worker is None:
                self._deaf()
                return
            if first or not self._wake.is_set():
                worker._sweep()  # pyright: ignore[reportPrivateUsage]
            first = False
            self._wake.clear()
            if self._over:  # it ended between the two: nobody wakes it again
                return
            pause = worker.pause
            del worker
            self._wake.wait(pause)


def _is_number(value: Any, kinds: type | tuple[type, ...]) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool)


def _nothing() -> "Future[None]":
    done = Future[None]()
    done.set_result(None)
    return done


_workers: "weakref.WeakSet[Worker]" = weakref.WeakSet()
_shared: "weakref.WeakKeyDictionary[Memory | AsyncMemory, Worker]" = weakref.WeakKeyDictionary()
_registry = threading.Lock()


def _start_anew() -> None:
    """Forget the parent process's threads, which a fork does not copy; what they had queued waits in the journal."""
    global _registry
    _registry = threading.Lock()
    for worker in _workers:
        worker._forget_threads()  # pyright: ignore[reportPrivateUsage]


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)
