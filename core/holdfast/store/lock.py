"""The write lock: one writer at a time among all processes, and a mark of what they have made durable."""

import fcntl
import os
import struct
import time
import zlib
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from holdfast.errors import StorageError, StoreLockedError

__all__ = ["PATIENCE", "Mark", "WriteLock"]

PATIENCE = 30.0
"""Seconds that a writer waits for the others before it raises StoreLockedError."""

_POLL = 0.001  # seconds between two tries: short, so that every waiting process has the same chance
_MARK = struct.Struct("<8sI")
_CRC = struct.Struct("<I")


@dataclass(frozen=True, slots=True)
class Mark:
    """What was durable when it was written: `frames` frames of the log whose header holds `salts`."""

    salts: bytes
    frames: int


class WriteLock:
    """A lock file: held by one process at a time, and by nobody when its holder dies.

    SQLite's own busy timeout lets one writer starve the others; here each waits a moment after its turn, so that
    whoever waits goes first. Not thread-safe.

    Args:
        path: The lock file, created when absent.
        store: The file that it guards, named in errors.
    """

    def __init__(self, path: str, *, store: str) -> None:
        self._path = path
        self._store = store
        self._descriptor: int | None = None
        self._contended = False

    @contextmanager
    def held(self) -> Generator[None, None, None]:
        """Wait for the lock, hold it, release it.

        Raises:
            StoreLockedError: Another process held it for longer than PATIENCE.
            StorageError: The lock file cannot be opened.
        """
        try:
            descriptor = self._acquire()
        except OSError as error:
            raise StorageError(self._store, f"its lock file cannot be taken: {error.strerror}") from error
        try:
            yield
        finally:
            fcntl.flock(descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file; the next `held` opens it again."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def read(self) -> Mark | None:
        """Return the mark; None when there is none, or not a whole one. Call it with the lock held."""
        assert self._descriptor is not None
        data = os.pread(self._descriptor, _MARK.size + _CRC.size, 0)
        if len(data) != _MARK.size + _CRC.size or _CRC.unpack_from(data, _MARK.size)[0] != zlib.crc32(data[:-4]):
            return None
        return Mark(*_MARK.unpack_from(data))

    def write(self, mark: Mark | None) -> None:
        """Set or clear the mark, without waiting for the disk: it never promises more than the log holds."""
        assert self._descriptor is not None
        if mark is None:
            os.ftruncate(self._descriptor, 0)
            return
        data = _MARK.pack(mark.salts, mark.frames)
        os.pwrite(self._descriptor, data + _CRC.pack(zlib.crc32(data)), 0)

    def _acquire(self) -> int:
        if self._contended:
            time.sleep(_POLL)  # who has just had it must not be the first to ask again
        start = time.monotonic()
        self._contended = False
        while True:
            descriptor = self._opened()
            with suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(descriptor).st_nlink:
                    return descriptor
                self.close()  # somebody deleted the file meanwhile; lock the one that took its place
                continue
            self._contended = True
            if time.monotonic() - start > PATIENCE:
                raise StoreLockedError(self._store, PATIENCE)
            time.sleep(_POLL)

    def _opened(self) -> int:
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        return self._descriptor
