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

_BLOCK = 1 << 20  # bytes searched at once: their words and hashes stay in the processor's cache
_PREFIX = 8
_WIDE, _NARROW = 8, 4
_HASH_BITS = 20
_FEW = 2_000
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
    """Return the needles that occur in any of the chunks, at any offset.

    Only every eighth offset is looked at (every fourth for needles of less than 15 bytes): wherever a needle lies, one
    of its words begins there. Words that no needle holds are told by a table of hashes; the others are compared whole.
    """
    found: set[bytes] = set()
    sieves = [_Sieve(ones, width) for ones, width in _by_width(needles) if ones]
    for chunk in _gathered(chunks) if sieves else ():
        for number, sieve in enumerate(sieves):
            if hits := sieve.search(chunk):
                found |= hits
                sieves[number] = sieve.without(hits)
    return found


def _by_width(needles: Sequence[bytes]) -> Iterator[tuple[set[bytes], int]]:
    yield {needle for needle in needles if len(needle) >= 2 * _WIDE - 1}, _WIDE
    yield {needle for needle in needles if len(needle) < 2 * _WIDE - 1}, _NARROW


class _Sieve:
    """Needles by the words in them: each word of `width` bytes that may begin at a multiple of `width`."""

    def __init__(self, needles: set[bytes], width: int) -> None:
        self._needles = needles
        self._width = width
        self._type = np.dtype(f"<u{width}")
        places: dict[int, set[tuple[int, int]]] = {}
        for needle in needles:
            for shift in range(width):
                word = int.from_bytes(needle[shift : shift + width], "little")
                places.setdefault(word, set()).add((shift, len(needle)))
        self._places = places
        self._words = np.array(sorted(places), dtype=self._type)
        self._table = np.zeros(1 << _HASH_BITS, dtype=bool)
        self._table[self._hashes(self._words)] = True

    def without(self, found: set[bytes]) -> "_Sieve":
        """Return a sieve that does not look again for what was found, unless it is too large to be made anew."""
        rest = self._needles - found
        return _Sieve(rest, self._width) if len(rest) <= _FEW else self

    def search(self, chunk: bytes) -> set[bytes]:
        """Return the needles that occur in the chunk."""
        found: set[bytes] = set()
        words = np.frombuffer(chunk, dtype=self._type, count=len(chunk) // self._width)
        likely = np.flatnonzero(self._table[self._hashes(words)])
        slots = np.minimum(np.searchsorted(self._words, words[likely]), len(self._words) - 1)
        for index in likely[self._words[slots] == words[likely]]:
            offset = int(index) * self._width
            for shift, length in self._places[int(words[index])]:
                # Few ask at one place, however many needles share a word: a set knows the rest.
                piece = chunk[offset - shift : offset - shift + length] if offset >= shift else b""
                if piece in self._needles:
                    found.add(piece)
        return found

    def _hashes(self, words: npt.NDArray[Any]) -> npt.NDArray[np.uint64]:
        mixed: npt.NDArray[np.uint64] = words.astype(np.uint64, copy=False) * np.uint64(0x9E3779B97F4A7C15)
        hashes: npt.NDArray[np.uint64] = mixed >> np.uint64(64 - _HASH_BITS)
        return hashes


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
        return needles - search(chain(_MAGIC, _all_texts(db)), list(needles))


def _all_texts(db: apsw.Connection) -> Iterator[bytes]:
    """Return the texts of every row of every table, those of a row with NUL between."""
    tables = [str(name) for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type='table'")]
    for table in (*tables, "sqlite_schema"):
        columns = [name for _, name, kind, *_ in db.execute(f"PRAGMA table_info({table})") if kind.upper() == "TEXT"]
        joined = "||char(0)||".join(f"ifnull(\"{name}\", '')" for name in columns)
        if joined:
            for (text,) in db.execute(f"SELECT CAST({joined} AS BLOB) FROM {table}"):
                yield text
