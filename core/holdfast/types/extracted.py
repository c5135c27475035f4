"""What an extractor makes of messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdfast.types.facts import Fact
from holdfast.types.names import Category, Confidence, KeyKind, Kind, Polarity, RelationType
from holdfast.types.said import Event, Evidence, Message
from holdfast.types.value import Value

__all__ = ["Batch", "Candidate", "Extraction", "Key", "Quarantined", "Relation", "Skipped", "Usage"]


@dataclass(frozen=True, slots=True)
class Key(Value):
    """A further way to find a message: what search matches, and the span that it was derived from.

    Kind `statement` is a loose clause rewritten to the third person, `question` the question just asked plus this
    answer. The flow adds the kinds `message` (the words themselves) and `fact`.
    """

    kind: KeyKind
    text: str
    message_id: str
    start: int = 0
    end: int = 0
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation(Value):
    """What an extractor says a candidate does to the known fact `fact_id`; a claim, which consolidation weighs."""

    fact_id: str
    type: RelationType


@dataclass(frozen=True, slots=True)
class Candidate(Value):
    """A fact as an extractor proposes it, before grounding and consolidation.

    Args:
        text: One standalone statement in the third person.
        evidence: Where it was said; at least one span.
        subject: Whom it is about: `User`, `User's sister`, or a name.
        slot: The attribute that it fills (`lives_in`, `favorite:color`), or None.
        value: What fills the slot.
        single: The slot holds one value at a time, so another value supersedes this one.
        replaces: The old value that the words name ("from Vue", "instead of tea"), or None.
        retracts: It says that something is no longer so.
        additive: It says "also", "too", "another": never supersedes.
        flags: Among `unresolved`, `we`, `negated`, `hedged`, `corrected`, `past`, `degraded`.
        relations: What it does to the facts of `Batch.existing`.
    """

    text: str
    evidence: tuple[Evidence, ...]
    kind: Kind = "note"
    category: Category = "event_other"
    subject: str = "User"
    slot: str | None = None
    value: str | None = None
    single: bool = False
    polarity: Polarity = "positive"
    entities: tuple[str, ...] = ()
    event: Event | None = None
    confidence: Confidence = "medium"
    flags: tuple[str, ...] = ()
    replaces: str | None = None
    retracts: bool = False
    additive: bool = False
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped(Value):
    """A clause that was left out of the facts, and why. Its message is in the journal all the same."""

    message_id: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Quarantined(Value):
    """A statement that an extractor proposed and grounding refused: kept apart with the reason, never a fact."""

    message_id: str
    text: str
    reason: str
    extractor: str
    at: datetime

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Quarantined":
        """Return what `to_dict` described."""
        given: dict[str, Any] = {**values, "at": datetime.fromisoformat(values["at"])}
        return cls(**given)


@dataclass(frozen=True, slots=True)
class Usage(Value):
    """What calls of a model cost, as the provider reports it; the embedded default costs nothing.

    `cached_tokens` are those of `input_tokens` that the provider's prompt cache served.
    """

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    embedding_tokens: int = 0
    cached_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.calls + other.calls,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.embedding_tokens + other.embedding_tokens,
            self.cached_tokens + other.cached_tokens,
        )


@dataclass(frozen=True, slots=True)
class Batch(Value):
    """What an extractor is given: `messages` to read and `context`, the messages just before them, oldest first.

    All are of one user and one session. `existing` are the user's facts that may be related, for relations only.
    """

    messages: tuple[Message, ...]
    context: tuple[Message, ...] = ()
    existing: tuple["Fact", ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction(Value):
    """What an extractor answers.

    Args:
        keys: Further ways to find the messages.
        candidates: Facts, before grounding.
        skipped: Clauses left out, with the reason.
        usage: What the calls cost.
        refused: Statements of a model that rest on nothing that was said; they go to the quarantine.
        mode: How a model was held to the shape: `json_schema`, `json_object` or `text`.
        degraded: Why another extractor stood in for the model; the messages stay pending, to be read again.
        stand_in: The name of that other extractor.
    """

    keys: tuple[Key, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    usage: Usage = Usage()
    refused: tuple[Skipped, ...] = ()
    mode: str | None = None
    degraded: str | None = None
    stand_in: str | None = None
