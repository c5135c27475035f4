"""The seams. Each contract stands in its docstrings, and each sentence of it has a test in `holdfast.testing`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, runtime_checkable

from holdfast.types import (
    Batch,
    Change,
    Extraction,
    Fact,
    KeyKind,
    LedgerEntry,
    Message,
    Put,
    Quarantined,
    Receipt,
    Record,
    Report,
    Session,
    Usage,
    Vectors,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = [
    "AsyncEmbedder",
    "AsyncExtractor",
    "Batching",
    "Books",
    "Delta",
    "Embedder",
    "Extractor",
    "FactKeys",
    "FactQuery",
    "Facts",
    "Fingerprint",
    "Found",
    "Journal",
    "Journaled",
    "Lease",
    "Measuring",
    "MeteredEmbedder",
    "Pending",
    "Place",
    "Queue",
    "ReadFacts",
    "RecordStore",
    "Row",
    "Shelf",
    "Store",
    "Swap",
    "TextKind",
    "TokenCounter",
    "Upkeep",
    "Write",
]

TextKind: TypeAlias = Literal["document", "query"]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What makes two embedders interchangeable: vectors may be compared only under equal fingerprints."""

    name: str
    dimensions: int
    revision: str = "1"

    def __str__(self) -> str:
        return f"{self.name} ({self.dimensions} dimensions, revision {self.revision})"


@runtime_checkable
class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def fingerprint(self) -> Fingerprint:
        """What the store remembers, so that vectors of two embedders never mix."""
        ...

    def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        """Return one unit vector a text, in order: shape (len(texts), dimensions), float32, C-contiguous.

        A text's vector does not depend on the texts beside it (to 1e-5), nor on the call. Equal texts get equal
        vectors. No text, any length, only white space: each gets a finite unit vector; no texts give shape
        (0, dimensions). Thread-safe.

        Args:
            texts: What to embed; long ones are cut where the model's input ends.
            kind: Whether these are stored (`document`) or asked (`query`); many models treat them alike.

        Raises:
            ProviderError: The model could not be reached or refused.
        """
        ...


@runtime_checkable
class AsyncEmbedder(Protocol):
    """What an embedder adds when it can be awaited; without it, `embed` runs in a worker thread."""

    async def aembed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        """Do as `Embedder.embed`, awaited."""
        ...


@runtime_checkable
class MeteredEmbedder(Protocol):
    """What an embedder adds when it costs something and can tell how much."""

    def embed_metered(self, texts: Sequence[str], *, kind: TextKind = "document") -> tuple[Vectors, Usage]:
        """Do as `Embedder.embed`, and return what it cost with the vectors."""
        ...

    async def aembed_metered(self, texts: Sequence[str], *, kind: TextKind = "document") -> tuple[Vectors, Usage]:
        """Do as `embed_metered`, awaited."""
        ...


@runtime_checkable
class TokenCounter(Protocol):
    """Counts tokens; the embedded embedder is one."""

    def count_tokens(self, text: str) -> int:
        """Return how many tokens `text` has: 0 for the empty text, and no special tokens counted."""
        ...


@runtime_checkable
class Extractor(Protocol):
    """Reads messages, proposes facts and further search keys. Never decides what survives: messages always do."""

    @property
    def name(self) -> str:
        """Name and version (`rules/1`), kept with every fact."""
        ...

    def extract(self, batch: Batch) -> Extraction:
        """Return what the batch's messages say; its context only helps to understand them.

        Each candidate, key and skipped clause names a message of the batch, and each evidence quotes its span
        exactly: `message.content[start:end] == quote`. No messages give an empty extraction. Messages that say
        nothing worth keeping give no candidates; that is no error. Thread-safe.

        Raises:
            ProviderError: The model could not be reached, or answered out of shape; nothing is lost, the messages
                stay pending.
        """
        ...


@runtime_checkable
class AsyncExtractor(Protocol):
    """What an extractor adds when it can be awaited; without it, `extract` runs in a worker thread."""

    async def aextract(self, batch: Batch) -> Extraction:
        """Do as `Extractor.extract`, awaited."""
        ...


@runtime_checkable
class Batching(Protocol):
    """What an extractor adds that wants batches of its own size, or known facts with them."""

    @property
    def together(self) -> int:
        """Messages of one batch at most; what is committed together too."""
        ...

    @property
    def existing(self) -> int:
        """How many known facts each batch brings along, the nearest ones."""
        ...


@dataclass(frozen=True, slots=True)
class Journaled:
    """A message and its place: `position` counts a user's messages from 1. `new` is false for one sent again."""

    position: int
    message: Message
    new: bool = True


@dataclass(frozen=True, slots=True)
class Pending:
    """A message that is journaled but not extracted yet; `reason` is set when an attempt failed."""

    user_id: str
    journaled: Journaled
    attempts: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Lease:
    """Who has taken pending messages, and until when nobody else may; see `holdfast.leases`."""

    owner: str
    until: datetime


class Journal(Protocol):
    """What was said, for ever and in order. All methods are thread-safe."""

    def append(
        self,
        user_id: str,
        messages: Sequence[Message],
        *,
        now: datetime,
        lease: Lease | None = None,
        tokens: Sequence[int] | None = None,
    ) -> list[Journaled]:
        """Journal the messages in one durable transaction, each new one pending; return all, in order, with ids.

        A message without a time was said `now`. With a lease the new ones are taken at once, as by `Queue.take`.
        `tokens` is what each message would cost in a prompt; without it, four characters are a token.

        When this returns the messages survive a crash of the process and of the machine. A message is *sent again*,
        and comes back with `new` false, when its id is known; or, without an id, when it has the role, name, content
        and time of a message of its session; or, without an id and a time, when it lies in the overlap of the
        session's end and the call's beginning.

        Raises:
            ConfigurationError: A known id with another content. Nothing is journaled.
            StorageError: The store could not be written. Nothing is journaled.
        """
        ...

    def messages(
        self,
        user_id: str,
        *,
        session_id: str | None = "*",
        positions: Sequence[int] | None = None,
        ids: Sequence[str] | None = None,
        before: int | None = None,
        limit: int | None = None,
    ) -> list[Journaled]:
        """Return messages in journal order; an unknown user has none.

        Args:
            user_id: Whose journal.
            session_id: Only this session; None is the session without a name, `*` means all of them.
            positions: Only these places.
            ids: Only these messages.
            before: Only what stands before this place.
            limit: Only the last so many of what is left.
        """
        ...

    def sessions(self, user_id: str) -> list[Session]:
        """Return the user's sessions, the one spoken in last first."""
        ...


class Queue(Protocol):
    """What was said and is not learnt yet, shared by all who learn. All methods are thread-safe."""

    def pending(
        self, *, user_id: str | None = None, limit: int | None = None, free: datetime | None = None
    ) -> list[Pending]:
        """Return what waits for extraction, of one user or of all: the least tried first, then in journal order.

        With `free`, only what nobody else has taken at that moment.
        """
        ...

    def waiting(self, user_id: str | None = None) -> int:
        """Return how many messages wait, taken ones too."""
        ...

    def take(self, user_id: str, positions: Sequence[int], lease: Lease, *, now: datetime) -> list[int]:
        """Take pending messages and return the positions that were to be had, in order.

        Not to be had is what is no longer pending, and what another owner has taken, unless that lease has ended
        `now` or its owner is gone. An owner may take anew what is its own. Of several that ask at once, in whatever
        process, one gets a message.
        """
        ...

    def fail(self, user_id: str, positions: Sequence[int], reason: str) -> None:
        """Note that an attempt to extract these failed; they stay pending, and are free to be taken."""
        ...


@dataclass(frozen=True, slots=True)
class FactQuery:
    """Which facts to read: those that match any of the fields given; all when none is. Superseded ones too."""

    ids: tuple[str, ...] | None = None
    slots: tuple[str, ...] | None = None
    texts: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A key as the store keeps it: `terms` is uint32 and `vector` float16, both little-endian bytes."""

    position: int
    kind: KeyKind
    text: str | None
    start: int
    end: int
    flags: tuple[str, ...]
    fact_id: str | None
    terms: bytes
    vector: bytes


@dataclass(frozen=True, slots=True)
class Write:
    """What one transaction does to a partition; removals come first.

    Args:
        keys: New keys.
        facts: Facts that are new or changed, whole.
        removed: Ids of facts to remove, with their keys.
        hidden: Positions of messages whose own keys go, since all that they say was removed or is read anew; what
            stands in the quarantine by them goes too.
        changes: What happened, for the history.
        done: Positions that are no longer pending.
        entries: What it cost, for the ledger.
        again: Positions that stay pending, free to be taken, with `reason` and one more attempt.
        reason: Why those are to be read again.
        quarantined: Statements that were refused.
    """

    keys: tuple[Row, ...] = ()
    facts: tuple[Fact, ...] = ()
    removed: tuple[str, ...] = ()
    hidden: tuple[int, ...] = ()
    changes: tuple[Change, ...] = ()
    done: tuple[int, ...] = ()
    entries: tuple[LedgerEntry, ...] = ()
    again: tuple[int, ...] = ()
    reason: str = ""
    quarantined: tuple[Quarantined, ...] = ()


class Books(Protocol):
    """What was spent and saved. All methods are thread-safe."""

    def book(self, entries: Sequence[tuple[str, LedgerEntry]]) -> None:
        """Write entries of users in one transaction; those of users without a partition are passed over."""
        ...

    def entries(self, user_id: str | None = None) -> list[LedgerEntry]:
        """Return a user's entries in the order in which they were written.

        Of all users: added up by day (UTC) and kind, dated by the beginning of the day, in order of day and kind.
        """
        ...

    def spoken(self, user_id: str) -> int:
        """Return how many tokens the messages in a user's journal have, as `Journal.append` was told."""
        ...


ReadFacts: TypeAlias = Callable[[FactQuery], list[Fact]]


class Facts(Protocol):
    """What is true, and how it came to be. All methods are thread-safe."""

    def facts(self, user_id: str, query: FactQuery) -> list[Fact]:
        """Return the matching facts in the order in which they were said."""
        ...

    def changes(
        self,
        user_id: str,
        *,
        fact_id: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Change]:
        """Return changes, oldest first: of one fact, at or after `since`, before `until`."""
        ...

    def quarantine(self, user_id: str) -> list[Quarantined]:
        """Return the statements that were refused, in the order of the messages that they were said to rest on.

        Forgetting or erasing anything of a user empties the user's quarantine: nobody has checked its words.
        """
        ...

    def commit(self, user_id: str, decide: Callable[[ReadFacts], Write]) -> Write:
        """Call `decide` inside a write transaction and carry out what it returns, wholly or not at all.

        `decide` reads facts through its argument, sees every transaction before its own, and must not call the store
        in any other way. Positions in `done` or `again` that are no longer pending mean that somebody else was faster:
        then nothing is written and an empty `Write` is returned.
        """
        ...


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
