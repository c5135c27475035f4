"""The journal and the queue of what is not learnt yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from holdfast.types import Message, Session

__all__ = ["Journal", "Journaled", "Lease", "Pending", "Queue"]


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
