"""Messages that were sent before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

import apsw

from holdfast.errors import ConfigurationError
from holdfast.protocols import Journaled
from holdfast.store.rows import ERASED, MESSAGE_COLUMNS, read_message
from holdfast.types import Message

__all__ = ["Known", "KnownRows", "SentBefore"]


class Known(Protocol):
    """The journal of one user, as far as recognising a message needs it."""

    def with_id(self, id: str) -> Sequence[Journaled]:
        """Return the message with this id; those that this call has journaled count too."""
        ...

    def said_at(self, at: datetime) -> Sequence[Journaled]:
        """Return the messages said at about this moment, that of the moment itself among them, before this call."""
        ...

    def tail(self, session: str | None, count: int) -> Sequence[Journaled]:
        """Return the last messages of a session before this call, in order."""
        ...


class SentBefore:
    """Recognises the messages of one call that are in the journal already; `Journal.append` states the rule."""

    def __init__(self, known: Known, messages: Sequence[Message]) -> None:
        self._known = known
        self._overlap: dict[int, Journaled] = {}
        sessions: dict[str | None, list[int]] = {}
        for number, message in enumerate(messages):
            sessions.setdefault(message.session_id, []).append(number)
        for session, numbers in sessions.items():
            if not all(messages[number].id for number in numbers):  # an id is all that is asked of those that have one
                self._align(session, numbers, messages)

    def find(self, number: int, message: Message) -> Journaled | None:
        """Return the message of the journal that this one, the call's `number`-th, repeats; None when it is new."""
        if message.id:
            return self._by_id(message)
        if number in self._overlap:
            return self._overlap[number]
        return self._by_time(message) if message.at else None

    def _by_id(self, message: Message) -> Journaled | None:
        for known in self._known.with_id(message.id):
            said = (known.message.role, known.message.content)
            if said != (message.role, message.content) and known.message.raw != ERASED:
                raise ConfigurationError(
                    f"message id {message.id!r} is in the journal with another content; "
                    "the journal is never overwritten, give the new message an id of its own"
                )
            return replace(known, new=False)
        return None

    def _by_time(self, message: Message) -> Journaled | None:
        assert message.at is not None
        for known in self._known.said_at(message.at):
            if known.message.session_id == message.session_id and _same(message, known.message):
                return replace(known, new=False)
        return None

    def _align(self, session: str | None, numbers: Sequence[int], messages: Sequence[Message]) -> None:
        tail = self._known.tail(session, len(numbers))
        for length in range(len(tail), 0, -1):
            pairs = list(zip(numbers, tail[-length:], strict=False))
            if all(_same(messages[number], known.message) for number, known in pairs):
                self._overlap.update((number, replace(known, new=False)) for number, known in pairs)
                return


class KnownRows:
    """A journal in SQLite, inside a transaction; `last` is its last position before this call."""

    def __init__(self, db: apsw.Connection, partition: int, last: int) -> None:
        self._db = db
        self._partition = partition
        self._last = last

    def with_id(self, id: str) -> list[Journaled]:
        """See `Known.with_id`."""
        return self._select("id=?", id)

    def said_at(self, at: datetime) -> list[Journaled]:
        """See `Known.said_at`."""
        # The planner would rather read the whole journal of a user; without the index this is an error, not slow.
        there = "INDEXED BY message_said_at"
        return self._select("unixepoch(said_at)=? AND position<=?", int(at.timestamp() // 1), self._last, source=there)

    def tail(self, session: str | None, count: int) -> list[Journaled]:
        """See `Known.tail`."""
        there = "INDEXED BY message_session"
        return self._select("session IS ? ORDER BY position DESC LIMIT ?", session, count, source=there)[::-1]

    def _select(self, condition: str, *values: Any, source: str = "") -> list[Journaled]:
        query = f"SELECT {MESSAGE_COLUMNS} FROM message {source} WHERE partition=? AND {condition}"
        return [read_message(row) for row in self._db.execute(query, (self._partition, *values))]


def _same(message: Message, known: Message) -> bool:
    if message.id:
        return message.id == known.id
    said = (message.role, message.name, message.content) == (known.role, known.name, known.content)
    return said and (message.at is None or message.at == known.at)
