"""The store as a whole: what is new in a partition, what is looked up, and what concerns all of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from holdfast.protocols.facts import Books, Facts, Row, Write
from holdfast.protocols.journal import Journal, Journaled, Queue
from holdfast.protocols.models import Fingerprint
from holdfast.types import Fact, Receipt, Report, Vectors

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Delta", "FactKeys", "Found", "Measuring", "Place", "Renewed", "Store", "Swap", "Telling", "Upkeep"]


@dataclass(frozen=True, slots=True)
class FactKeys:
    """What search must know of a fact: where it stands, from when to when it holds (microseconds, UTC)."""

    fact_id: str
    valid_from: int
    valid_to: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """What search must know of a message: `said_at` in microseconds, UTC, and `length` in characters."""

    position: int
    role: str
    name: str | None
    session_id: str | None
    agent_id: str | None
    said_at: int
    length: int


@dataclass(frozen=True, slots=True)
class Delta:
    """What is new in a partition since a sequence number, up to `seq`.

    With `reset`, rows were removed: what was read before is void, and this holds everything.
    """

    seq: int
    reset: bool
    keys: tuple[Row, ...] = ()
    facts: tuple[FactKeys, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Renewed:
    """The facts that are new or changed in a partition since a sequence number, up to `seq`, in any order.

    With `reset`, facts were removed: what was read before is void, and these are all.
    """

    seq: int
    reset: bool
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Facts and messages that were looked up, in any order."""

    facts: tuple[Fact, ...] = ()
    messages: tuple[Journaled, ...] = ()


@dataclass(frozen=True, slots=True)
class Swap:
    """What takes the place of a partition's keys, facts and changes, derived when it stood at `seq`."""

    user_id: str
    seq: int
    write: Write


class Upkeep(Protocol):
    """The store as a whole."""

    def pull(self, user_id: str, since: int) -> Delta:
        """Return the partition's news since sequence number `since`; 0 reads it all."""
        ...

    def renewed(self, user_id: str, since: int) -> Renewed:
        """Return the facts written since sequence number `since`, whole, superseded ones too; 0 reads them all."""
        ...

    def may_stand(self, user_id: str) -> bool:
        """Whether what was pulled last may still be all, as far as can be told without a reading; else False.

        A search of a store that is a round trip away ranks what may stand, and has `look_up` confirm it.
        """
        ...

    def look_up(self, user_id: str, seq: int | None, ids: Sequence[str], positions: Sequence[int]) -> Found | None:
        """Return facts and messages of one moment at which the partition stood at `seq`, or at any; else None.

        What is not there is left out. After None nothing may stand until it is pulled.
        """
        ...

    def swap(self, partitions: Sequence[Swap], embedder: Fingerprint) -> bool:
        """Replace all that was derived, of several users and under another embedder, in one transaction.

        When one of the partitions no longer stands at its `seq`, nothing is changed and False is returned.
        """
        ...

    def users(self) -> list[str]:
        """Return every user with a partition."""
        ...

    def forget(self, user_id: str, *, session_id: str | None = "*", now: datetime) -> Receipt:
        """Remove everything of a user, then look for it in the store's files; the receipt is dated `now`.

        With a session (None is the one without a name) its messages go, and what rests on them alone; facts with
        further evidence keep that, and what a removed fact superseded holds again.

        Raises:
            StorageError: Something of it was found afterwards.
        """
        ...

    def erase(self, user_id: str, fact_id: str, *, now: datetime) -> Receipt | None:
        """Remove a fact, its history and the words that it rests on, as `forget` does; None without such a fact.

        The messages stay as empty places in the journal, so that one that is sent again is recognised by its id.

        Raises:
            StorageError: Something of it was found afterwards.
        """
        ...

    def check(self, *, repair: bool = False) -> Report:
        """Compare the store with itself; with `repair`, mend it first and count what that took as `repaired`.

        Keys that are wrong or lost are dropped and their messages marked pending, facts whose words are not in the
        journal go into the history; no message is ever deleted.
        """
        ...

    def backup(self, path: str) -> None:
        """Copy the store into a new file, as it stands at one moment, while others go on writing.

        Raises:
            ConfigurationError: The file exists.
        """
        ...

    def close(self) -> None:
        """Release files and locks. Closing twice is harmless; any other call afterwards raises `StorageError`."""
        ...


class Store(Journal, Queue, Facts, Books, Upkeep, Protocol):
    """The durable home of journal, facts, keys, changes and ledger. Nothing ever reads across two users."""


@runtime_checkable
class Measuring(Protocol):
    """What a store adds that compares vectors where it keeps them, so that a node need not hold them."""

    def outline(self, user_id: str, since: int) -> Delta:
        """Do as `Upkeep.pull`; in place of a key's vector stands its number, int64, little-endian, ascending."""
        ...

    def cosines(self, user_id: str, vector: Vectors) -> "tuple[npt.NDArray[np.int64], Vectors]":
        """Return the numbers of all keys, ascending, and the cosine of a vector with each: shapes (n,), (n,)."""
        ...


@runtime_checkable
class Telling(Protocol):
    """What a store adds whose nodes tell each other of whom they wrote to."""

    def hear(self, heard: Callable[[str], object]) -> None:
        """Call `heard`, in a thread of the store's, with users pulled here and written to by other nodes.

        It is a hint: it comes soon after the write, or never. Others are told what this store writes from now on.
        """
        ...
