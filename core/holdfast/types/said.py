"""What was said: messages, the words in them, the times that they name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from holdfast.types.names import Grain, Role
from holdfast.types.value import Value

__all__ = ["Event", "Evidence", "Message", "Session"]


@dataclass(frozen=True, slots=True)
class Message(Value):
    """What somebody said, as it stands in the journal.

    `id` is the caller's, or given by the journal. `at` is when it was said, with its own UTC offset. `raw` is the
    framework's own message, kept whole; it must be JSON.
    """

    role: Role
    content: str
    id: str = ""
    at: datetime | None = None
    name: str | None = None
    session_id: str | None = None
    agent_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])
    raw: Any = None

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Message":
        """Return the message that `to_dict` described."""
        at = values.get("at")
        given: dict[str, Any] = {**values, "at": datetime.fromisoformat(at) if at else None}
        return cls(**given)


@dataclass(frozen=True, slots=True)
class Evidence(Value):
    """The span that a fact rests on: characters `start` to `end` of the message's content, which read `quote`."""

    message_id: str
    start: int
    end: int
    quote: str

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Evidence":
        """Return the evidence that `to_json` described."""
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Event(Value):
    """When something happens: whole days from `start` to `end`, both included, known to `grain`.

    `ambiguous` means that another reading of the words is as likely ("next Friday").
    """

    start: date
    end: date
    grain: Grain
    ambiguous: bool = False

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Event":
        """Return the event that `to_json` described."""
        start, end = date.fromisoformat(values["start"]), date.fromisoformat(values["end"])
        return cls(start, end, values["grain"], values["ambiguous"])


@dataclass(frozen=True, slots=True)
class Session(Value):
    """One conversation in the journal."""

    id: str | None
    messages: int
    first: datetime
    last: datetime
