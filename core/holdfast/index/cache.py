"""The partitions in use, filled from the store and never trusted over it."""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial

from holdfast.index.afar import ServerVectors
from holdfast.index.partition import Partition
from holdfast.protocols import Delta
from holdfast.ranking import Ints
from holdfast.types import Vectors

__all__ = ["MEMORY", "Index"]

MEMORY = 512 * 1024 * 1024
"""Bytes that the partitions in memory may take together: about 250,000 keys of 384 dimensions."""


class Index:
    """The partitions in use, the least recently used dropped when they outgrow `memory` bytes. Thread-safe.

    Args:
        pull: Reads a user's news since a sequence number, as `Store.pull` does.
        dimensions: Width of the vectors.
        memory: Bytes that all partitions together may take; the one in use always stays.
        cosines: Compares a user's vectors where they are kept, as `Measuring.cosines` does; then `pull` is its
            `outline`, and none are held here.
    """

    def __init__(
        self,
        pull: Callable[[str, int], Delta],
        dimensions: int,
        *,
        memory: int = MEMORY,
        cosines: Callable[[str, Vectors], tuple[Ints, Vectors]] | None = None,
    ) -> None:
        self._pull = pull
        self._dimensions = dimensions
        self._memory = memory
        self._cosines = cosines
        self._renew()

    @contextmanager
    def partition(self, user_id: str, *, unasked: bool = False) -> Generator[Partition, None, None]:
        """Lend a user's partition as it is in the store now. Lenders share it; news wait until they are done.

        With `unasked` one that is in memory is lent as it is.
        """
        if os.getpid() != self._process:
            self._renew()  # in a child process: the locks may be held by threads that only the parent has
        with self._mutex:
            entry = self._entries.get(user_id)
            if entry is None:
                entry = _Entry(self._empty(user_id))
            else:
                self._entries.move_to_end(user_id)
        found: int | None = None  # where this call saw the partition stand
        while True:
            with entry.shared():
                seq = entry.partition.seq
                if seq == found or (seq and unasked):
                    yield entry.partition
                    return
                delta = self._pull(user_id, seq)
                if delta.seq == seq and not delta.reset:
                    yield entry.partition
                    return
            self._refresh(user_id, entry, seq, delta)
            found = delta.seq

    def refresh(self, user_id: str) -> None:
        """Read what is new of a partition, if it is in memory."""
        if user_id in self._entries:
            with self.partition(user_id):
                pass

    def like_this(self, dimensions: int) -> "Index":
        """Return an empty one over the same store, with the same room, for vectors of another width."""
        return Index(self._pull, dimensions, memory=self._memory, cosines=self._cosines)

    def drop(self, user_id: str) -> None:
        """Forget a partition; it is read anew when it is next asked for."""
        with self._mutex:
            self._remove(user_id)

    @property
    def nbytes(self) -> int:
        """Bytes that all partitions take."""
        return self._nbytes

    def differing(self) -> list[str]:
        """Return the users whose partition in memory is not what the store holds."""
        with self._mutex:
            users = list(self._entries)
        found: list[str] = []
        for user_id in users:
            with self.partition(user_id) as partition:
                fresh = self._empty(user_id)
                fresh.apply(self._pull(user_id, 0))
                if fresh.seq == partition.seq and not partition.equals(fresh):
                    found.append(user_id)
        return found

    def __len__(self) -> int:
        return len(self._entries)

    def _refresh(self, user_id: str, entry: "_Entry", seq: int, delta: Delta) -> None:
        with entry.alone():
            if entry.partition.seq != seq:
                return  # somebody else was faster
            if delta.reset:
                entry.partition = self._empty(user_id)
            entry.partition.apply(delta)
            nbytes = entry.partition.nbytes
        with self._mutex:
            # Only what holds something is kept, so that asking for unknown users costs no memory.
            self._remove(user_id)
            self._entries[user_id] = entry
            entry.nbytes = nbytes
            self._nbytes += nbytes
            while self._nbytes > self._memory and len(self._entries) > 1:
                self._remove(next(iter(self._entries)))

    def _empty(self, user_id: str) -> Partition:
        if self._cosines is None:
            return Partition(self._dimensions)
        return Partition(self._dimensions, ServerVectors(partial(self._cosines, user_id)))

    def _renew(self) -> None:
        self._process = os.getpid()
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._nbytes = 0
        self._mutex = threading.Lock()

    def _remove(self, user_id: str) -> None:
        entry = self._entries.pop(user_id, None)
        if entry is not None:
            self._nbytes -= entry.nbytes


class _Entry:
    """A partition and its lock: many readers or one writer. FAISS crashes when an add meets a search."""

    def __init__(self, partition: Partition) -> None:
        self.partition = partition
        self.nbytes = 0
        self._readers = 0
        self._changed = threading.Condition()

    @contextmanager
    def shared(self) -> Generator[None, None, None]:
        with self._changed:
            self._readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Generator[None, None, None]:
        with self._changed:
            self._changed.wait_for(lambda: self._readers == 0)
            yield
