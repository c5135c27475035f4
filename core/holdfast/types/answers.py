"""What the calls of a memory return."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from holdfast.types.extracted import Skipped, Usage
from holdfast.types.facts import Change, Fact
from holdfast.types.names import LedgerKind
from holdfast.types.said import Message
from holdfast.types.value import Shown, Value

__all__ = ["Added", "Context", "Diff", "Hit", "Hits", "LedgerEntry", "Processed", "Receipt", "Report"]


@dataclass(frozen=True, slots=True)
class Hit(Value):
    """A fact or a message that a search returned; exactly one of `fact` and `message` is set.

    `score` orders the hits of one search, higher is better. `why` breaks it down into named parts. `sources` are the
    ids of the messages that it rests on, best first.
    """

    text: str
    score: float
    why: Mapping[str, float]
    sources: tuple[str, ...]
    fact: Fact | None = None
    message: Message | None = None

    def __str__(self) -> str:
        return self.text


class Hits(tuple[Hit, ...], Shown):
    """What a search returned, best first."""

    __slots__ = ()

    def __str__(self) -> str:
        return "\n".join(f"{hit.score:.2f}  {hit}" for hit in self) or "nothing found"


@dataclass(frozen=True, slots=True)
class Added(Value):
    """What one `add` or `process` did.

    Args:
        messages: What was journaled, with the ids given; a message sent again is not in it.
        facts: The facts that are new.
        changes: Everything that happened to facts, in order.
        skipped: Clauses left out of the facts, with the reason; a message sent again is named here.
        quarantined: Candidates whose evidence does not carry them; never shown as facts.
        deferred: Only journaled; `process` reads them.
        usage: What the model calls cost.
        degraded: Why the embedded rules stood in for the model; `process` reads these messages again.
    """

    messages: tuple[Message, ...] = ()
    facts: tuple[Fact, ...] = ()
    changes: tuple[Change, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    quarantined: tuple[Skipped, ...] = ()
    deferred: bool = False
    usage: Usage = field(default_factory=Usage)
    degraded: str | None = None


@dataclass(frozen=True, slots=True)
class Processed(Value):
    """What `process` did with pending messages; `remaining` is how many still wait."""

    added: tuple[Added, ...]
    remaining: int


@dataclass(frozen=True, slots=True)
class Context(Value):
    """What goes into the prompt: `text` is `profile`, the same between turns, then `recalled`, what this turn needs."""

    profile: str
    recalled: str
    text: str
    tokens: int
    hits: Hits

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Diff(Value):
    """What changed between two moments, oldest first."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Receipt(Value):
    """Proof of a `forget`: rows removed by table, the files scanned afterwards, and how many texts were looked for.

    `digest` is the SHA-256 of the removed message ids in order, so that a person can show which messages it covers
    without keeping them. `remains` says where copies may be that no scan can reach, as a server's backups.
    """

    user_id: str
    at: datetime
    removed: Mapping[str, int]
    scanned: Mapping[str, int]
    looked_for: int
    digest: str
    remains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report(Value):
    """What `check` looked at, by name and count, and what it found wrong; no findings is a sound store."""

    checked: Mapping[str, int]
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LedgerEntry(Value):
    """What one extraction or embedding cost, or one context put into a prompt.

    Args:
        at: When.
        kind: What it was.
        calls: Calls of the provider; contexts built.
        input_tokens: Read by the model.
        output_tokens: Written by the model.
        cached_tokens: Of `input_tokens`, what the provider's prompt cache served; of `injected_tokens`, the profile
            when it is byte for byte that of the user's context before, which a prompt cache can serve.
        embedding_tokens: Embedded.
        injected_tokens: Of the context.
        history_tokens: Of all messages that the user's journal held then, which a chat without a memory would send.
        history_cached_tokens: Of these, what it held at the context before.
    """

    at: datetime
    kind: LedgerKind
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    embedding_tokens: int = 0
    injected_tokens: int = 0
    history_tokens: int = 0
    history_cached_tokens: int = 0

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "LedgerEntry":
        """Return the entry that `to_dict` described."""
        given: dict[str, Any] = {**values, "at": datetime.fromisoformat(values["at"])}
        return cls(**given)
