"""Looks for bytes that should be gone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

import apsw
import numpy as np
import numpy.typing as npt

from holdfast.errors import StorageError
from holdfast.store.database import Database

__all__ = ["NEEDLE", "fold_log", "needles_of", "prove_gone", "search"]

NEEDLE = 24
"""Bytes of one needle: long enough that chance never has it, short enough to lie within one page."""

_BLOCK = 1 << 24
_PREFIX = 8
_MAGIC = (b"SQLite format 3\0",)  # what every file begins with


def needles_of(texts: Iterable[str]) -> list[bytes]:
    """Return what to look for so that no part of these texts stays unnoticed: each text in pieces of NEEDLE bytes.

    The last piece ends with the text. A page boundary may cut one piece, never all. Texts shorter than eight bytes are
    left out: they say nothing about whose they were.
    """
    found: dict[bytes, None] = {}
    for text in texts:
        data = text.encode("utf-8")
        last = max(0, len(data) - NEEDLE)
        for start in (*range(0, last, NEEDLE), last):
            piece = data[start : start + NEEDLE]
            if len(piece) >= _PREFIX:
                found[piece] = None
    return list(found)


def fold_log(database: Database) -> None:
    """Fold the log into the file, to learn whether that can be done before anything is removed.

    Raises:
        StorageError: Somebody keeps reading what stands in the log.
    """
    if database.outside_transaction(partial(_settle, "")):
        raise StorageError(database.path, "another process keeps reading; nothing was removed, close it and try again")


def prove_gone(database: Database, needles: Sequence[bytes]) -> Mapping[str, int]:
    """Empty the log and search the files for what was removed; when some is left, write them anew and search again.

    Returns:
        Each file's name and how many of its bytes were searched.

    Raises:
        StorageError: Something was found still.
    """
    left: set[bytes] = set()
    busy = False
    for remedy in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM"):
        busy = database.outside_transaction(partial(_settle, remedy))
        found: set[bytes] = set()
        scanned: dict[str, int] = {}
        for name, blocks in database.contents():
            sizes: list[int] = []
            found |= search(_overlapping(_measured(blocks, sizes), needles), needles)
            scanned[name] = sum(sizes)
        left = set(needles) if busy else _not_of_others(database, found)
        if not left:
            return scanned
    raise StorageError(
        database.path,
        f"the rows are removed, but {len(left)} pieces of them were still found in the files"
        + ("; another process is reading, close it and forget again" if busy else ""),
    )


def search(chunks: Iterable[bytes], needles: Sequence[bytes]) -> set[bytes]:
    """Return the needles that occur in any of the chunks.

    Every offset's first eight bytes are compared with those of all needles at once; what agrees is compared whole.
    """
    found: set[bytes] = set()
    whole = {needle for needle in needles if len(needle) == NEEDLE}
    short: dict[int, list[bytes]] = {}
    for needle in needles:
        by_prefix = short.setdefault(int.from_bytes(needle[:_PREFIX], "little"), [])
        if needle not in whole:
            by_prefix.append(needle)
    prefixes = np.array(sorted(short), dtype="<u8")
    for chunk in _gathered(chunks) if needles else ():
        for offset, prefix in _agreeing(chunk, prefixes):
            if (piece := chunk[offset : offset + NEEDLE]) in whole:
                found.add(piece)
            found.update(needle for needle in short[prefix] if chunk.startswith(needle, offset))
    return found


def _overlapping(blocks: Iterable[bytes], needles: Sequence[bytes]) -> Iterator[bytes]:
    """Return the blocks of a file so that a needle on the border of two lies whole in one."""
    longest = max(map(len, needles), default=1)
    tail = b""
    for block in blocks:
        yield tail + block
        tail = (tail + block)[-longest:]


def _gathered(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Join small chunks, NUL between them, so that numpy has something to do at each step."""
    waiting: list[bytes] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk) + 1
        if size >= _BLOCK:
            yield b"\0".join(waiting)
            waiting, size = [], 0
    yield b"\0".join(waiting)


def _agreeing(data: bytes, prefixes: npt.NDArray[np.uint64]) -> Iterable[tuple[int, int]]:
    for shift in range(_PREFIX):
        count = (len(data) - shift) // _PREFIX
        if count <= 0:
            continue
        words = np.frombuffer(data, dtype="<u8", count=count, offset=shift)
        slots = np.minimum(np.searchsorted(prefixes, words), len(prefixes) - 1)
        for index in np.flatnonzero(prefixes[slots] == words):
            yield int(index) * _PREFIX + shift, int(words[index])


def _settle(sql: str, db: apsw.Connection) -> bool:
    """Run a checkpoint or a vacuum, then a checkpoint; return whether a reader kept the log from being emptied."""
    if sql == "VACUUM":
        db.execute(sql)
    busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return bool(busy and busy[0])


def _measured(blocks: Iterable[bytes], sizes: list[int]) -> Iterator[bytes]:
    for block in blocks:
        sizes.append(len(block))
        yield block


def _not_of_others(database: Database, needles: set[bytes]) -> set[bytes]:
    """Return the needles that no row rightly holds: another user may have said the same words."""
    if not needles:
        return needles
    with database.reading() as db:
        tables = [str(name) for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type='table'")]
        rows = chain.from_iterable(db.execute(f"SELECT * FROM {table}") for table in (*tables, "sqlite_schema"))
        values: Iterator[Any] = chain(_MAGIC, chain.from_iterable(rows))
        return needles - search(
            (value if isinstance(value, bytes) else str(value).encode() for value in values), list(needles)
        )
