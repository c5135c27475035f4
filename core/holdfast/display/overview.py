"""What a memory shows of itself: where it lies and whom it knows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """One user: sessions, messages, facts that hold, messages that wait."""

    user_id: str
    sessions: int
    messages: int
    facts: int
    pending: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A memory: the first of its users, and how many there are; `fault` says why it cannot be read."""

    name: str
    path: str
    users: int = 0
    shown: tuple[Known, ...] = ()
    fault: str | None = None
