"""The seams. Each contract stands in its docstrings, and each sentence of it has a test in `holdfast.testing`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from holdfast.types import Batch, Change, Extraction, Fact, KeyKind, Message, Receipt, Report, Session, Vectors

__all__ = [
    "AsyncEmbedder",
    "AsyncExtractor",
    "Delta",
    "Embedder",
    "Extractor",
    "FactKeys",
    "FactQuery",
    "Facts",
    "Fingerprint",
    "Journal",
    "Journaled",
    "Pending",
    "Place",
    "ReadFacts",
    "Row",
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


class Journal(Protocol):
    """What was said, for ever and in order. All methods are thread-safe."""

    def append(self, user_id: str, messages: Sequence[Message], *, now: datetime) -> list[Journaled]:
        """Journal the messages in one durable transaction, each new one pending; return all, in order, with ids.

        A message without a time was said `now`.

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

    def pending(self, *, user_id: str | None = None, limit: int | None = None) -> list[Pending]:
        """Return what waits for extraction, of one user or of all: the least tried first, then in journal order."""
        ...

    def fail(self, user_id: str, positions: Sequence[int], reason: str) -> None:
        """Note that an attempt to extract these failed; they stay pending."""
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
        hidden: Positions of messages whose own keys go, since all that they say was removed.
        changes: What happened, for the history.
        done: Positions that are no longer pending.
    """

    keys: tuple[Row, ...] = ()
    facts: tuple[Fact, ...] = ()
    removed: tuple[str, ...] = ()
    hidden: tuple[int, ...] = ()
    changes: tuple[Change, ...] = ()
    done: tuple[int, ...] = ()


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

    def commit(self, user_id: str, decide: Callable[[ReadFacts], Write]) -> Write:
        """Call `decide` inside a write transaction and carry out what it returns, wholly or not at all.

        `decide` reads facts through its argument, sees every transaction before its own, and must not call the store
        in any other way. Positions in `done` that are no longer pending mean that somebody else was faster: then
        nothing is written and an empty `Write` is returned.
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


class Store(Journal, Facts, Upkeep, Protocol):
    """The durable home of journal, facts, keys and changes. Nothing ever reads across two users."""
