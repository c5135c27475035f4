"""Records of applications, beside the memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from holdfast.types import Put, Record

__all__ = ["RecordStore", "Shelf"]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is new under a prefix since a sequence number, up to `seq`, in the order in which it was put.

    Args:
        seq: Counts what is written to all records.
        whole: Records were removed or replaced since: `records` are all that are there, else those that are new.
        records: The records' numbers, ascending; one that is put again gets a new one.
        vectors: Record, number of its text, and vector (float16, little-endian) of what is new, in order.
        stale: Record, number and words of the texts whose vectors another embedder made; `fill` gives them new ones.
    """

    seq: int
    whole: bool
    records: tuple[int, ...] = ()
    vectors: tuple[tuple[int, int, bytes], ...] = ()
    stale: tuple[tuple[int, int, str], ...] = ()


class RecordStore(Protocol):
    """JSON values under a space and a key, apart from what users said. All methods are thread-safe.

    A space is under a prefix when its first segments are those of the prefix, each whole. What has expired at `now` is
    not there.
    """

    def write(
        self,
        puts: Sequence[Put],
        vectors: Sequence[Sequence[bytes]],
        deletes: Sequence[tuple[tuple[str, ...], str]],
        *,
        now: datetime,
    ) -> None:
        """Delete and put in one durable transaction, with the vectors of each put's texts; the last of equals stays.

        A record that is put again keeps its `created_at`.

        Raises:
            StorageError: The store could not be written. Nothing is.
        """
        ...

    def read(
        self,
        *,
        pairs: Sequence[tuple[tuple[str, ...], str]] = (),
        numbers: Sequence[int] = (),
        now: datetime,
        refresh: bool = False,
    ) -> list[tuple[int, Record]]:
        """Return the records of these pairs or numbers that are there, in any order, each with its number.

        With `refresh` the lifetime of each begins anew.
        """
        ...

    def shelf(self, prefix: tuple[str, ...], since: int) -> Shelf:
        """Return what is new under a prefix since sequence number `since`; -1 reads it all."""
        ...

    def fill(self, vectors: Sequence[tuple[int, int, bytes]]) -> None:
        """Write vectors of texts that had none: record, number, vector. Records that are gone are passed over."""
        ...

    def spaces(self, *, now: datetime) -> list[tuple[str, ...]]:
        """Return the spaces that hold a record, each once, in any order."""
        ...

    def sweep(self, *, now: datetime) -> int:
        """Delete what has expired; return how many records."""
        ...
