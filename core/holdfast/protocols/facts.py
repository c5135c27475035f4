"""What is derived: facts, keys and what a commit writes, and the ledger."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from holdfast.types import Change, Fact, KeyKind, LedgerEntry, Quarantined

__all__ = ["Books", "FactQuery", "Facts", "ReadFacts", "Row", "Write"]


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
