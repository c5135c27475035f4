"""What keeps a damaged file from giving wrong answers: a checksum on each page, and a log that may not shrink.

Every page carries a checksum that is compared each time it is read, by SQLite's own cksumvfs, which the wheels of apsw
bring along. The log has checksums too, but SQLite takes the first bad one for the end of the log: what follows would be
lost without a word. So the lock file marks how much of the log is durable.
"""

import os
import struct
import threading
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path

import apsw
import apsw.sqlite_extra

from holdfast.errors import CorruptStoreError, StorageError
from holdfast.store.lock import Mark, WriteLock
from holdfast.store.migrations import APPLICATION_ID

__all__ = [
    "VFS",
    "Log",
    "blocks",
    "blocks_of_log",
    "check_header",
    "check_log",
    "renew_checksums",
    "reserve",
    "verified",
]

VFS = "cksmvfs"
_EXTENSION = "cksumvfs"

_RESERVED = 8  # bytes at the end of a page that hold its checksum
_RESERVED_AT, _APPLICATION_AT = 20, 68
_HEADER = 100
_BLOCK = 1 << 20
_LOG_HEADER = 32
_REGISTERED = threading.Lock()


def verified(path: str) -> apsw.Connection:
    """Return a connection that verifies every page it reads."""
    with _REGISTERED:
        if VFS not in apsw.vfs_names():
            _register(path)
    return apsw.Connection(path, vfs=VFS)


def _register(path: str) -> None:
    default = apsw.vfs_names()[0]
    try:
        connection = apsw.Connection(":memory:")
        apsw.sqlite_extra.load(connection, _EXTENSION)
        connection.close()
    except (LookupError, apsw.sqlite_extra.NotAvailable, apsw.Error) as error:
        raise StorageError(
            path,
            "this apsw lacks the checksum extension of SQLite; install its wheel: pip install --only-binary :all: apsw",
        ) from error
    apsw.set_default_vfs(default)  # the extension makes itself the default of everybody else in the process


def renew_checksums(path: str) -> None:
    """Write the checksums of a store anew, after another program made or changed the file.

    SQLite without the checksum extension, and so most tools, copies a store (`.backup`, `VACUUM INTO`) or writes to it
    without them. This trusts what it finds, as far as SQLite finds the file whole.

    Raises:
        CorruptStoreError: SQLite does not find it whole.
    """
    with WriteLock(f"{path}-lock", store=path).held():
        db = verified(path)
        try:
            db.execute("PRAGMA checksum_verification=OFF")
            if (found := db.execute("PRAGMA integrity_check(1)").get) != "ok":
                raise CorruptStoreError(path, f"not a sound SQLite file: {found}")
            db.reserve_bytes("main", _RESERVED)
            db.execute("VACUUM")
        except apsw.Error as error:
            raise CorruptStoreError(path, f"not a sound SQLite file: {error}") from error
        finally:
            db.close()


def reserve(db: apsw.Connection) -> None:
    """Make room for checksums in a file that is about to be created."""
    db.reserve_bytes("main", _RESERVED)


def blocks(path: str, size: int = _BLOCK) -> Generator[bytes, None, None]:
    """Return the bytes of the database file.

    Not with `open`: closing any descriptor of the file would drop the locks that this process holds on it (POSIX), and
    another process would take itself for the last one and delete the log.
    """
    file = apsw.VFSFile("unix", path, [apsw.SQLITE_OPEN_MAIN_DB | apsw.SQLITE_OPEN_READONLY, 0])
    try:
        end = file.xFileSize()
        for offset in range(0, end, size):
            yield file.xRead(min(size, end - offset), offset)
    finally:
        file.xClose()


def blocks_of_log(path: Path) -> Iterator[bytes]:
    """Return the bytes of the log; it carries no locks, so it may be opened like any file."""
    with path.open("rb") as log:
        while block := log.read(_BLOCK):
            yield block


def check_header(path: str) -> None:
    """Refuse a store whose header says that its pages have no checksums: the byte that says so is damaged."""
    if not Path(path).exists() or Path(path).stat().st_size < _HEADER:
        return
    file = blocks(path, _HEADER)
    header = next(file)
    file.close()
    ours = header[_APPLICATION_AT : _APPLICATION_AT + 4] == APPLICATION_ID.to_bytes(4, "big")
    if ours and header[_RESERVED_AT] != _RESERVED:
        raise CorruptStoreError(path, "the header of the file is damaged; restore a backup")


class Log:
    """The log beside a store, held open while the store is: SQLite deletes it only after."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._descriptor: int | None = None

    def mark(self, frames: int) -> Mark | None:
        """Return the mark for a log that holds so many frames; None when there is none."""
        if self._descriptor is None:
            self._descriptor = os.open(f"{self._path}-wal", os.O_RDONLY | os.O_CLOEXEC)
        header = os.pread(self._descriptor, _LOG_HEADER, 0)
        return Mark(header[16:24], frames) if len(header) == _LOG_HEADER and frames else None

    def close(self) -> None:
        """Let go of it, since another may take its place; the next mark opens that."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def check_log(path: str, mark: Mark | None, db: apsw.Connection) -> None:
    """Refuse a log that lost what was durable. One that is gone or empty was folded into the file, by whomever.

    Raises:
        CorruptStoreError: Its header is damaged, or it reads shorter than the mark says.
    """
    header = _log_header(path)
    if mark is None or header is None:
        return
    _, frames, _ = db.execute("PRAGMA wal_checkpoint(NOOP)").fetchone() or (0, 0, 0)
    if _checksum_of_header(header) != header[24:32] or (header[16:24] == mark.salts and int(frames) < mark.frames):
        _refuse(path, mark.frames - max(int(frames), 0), db)


def _refuse(path: str, frames: int, db: apsw.Connection) -> None:
    with suppress(apsw.Error):
        db.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)  # or closing would delete what is left of the log
    raise CorruptStoreError(
        path,
        f"{frames} pages that were durable cannot be read from the log beside it ({path}-wal); restore a backup, or "
        f"delete {path}-lock to go on without them",
    )


def _log_header(path: str) -> bytes | None:
    with suppress(OSError):
        log = os.open(f"{path}-wal", os.O_RDONLY | os.O_CLOEXEC)
        try:
            header = os.pread(log, _LOG_HEADER, 0)
        finally:
            os.close(log)
        return header if len(header) == _LOG_HEADER else None
    return None


def _checksum_of_header(header: bytes) -> bytes:
    """Return the checksum that the header of a log should have.

    Source: https://www.sqlite.org/fileformat2.html#checksum_algorithm
    """
    order = ">" if header[3] & 1 else "<"
    words = struct.unpack(f"{order}6I", header[:24])
    first = second = 0
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return struct.pack(">2I", first, second)
