"""The values that cross module borders: frozen, slotted, compared by content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast, get_args

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from rich.console import RenderableType

__all__ = [
    "CATEGORIES",
    "KINDS",
    "ROLES",
    "Added",
    "Batch",
    "Candidate",
    "Category",
    "Change",
    "ChangeKind",
    "Confidence",
    "Context",
    "Diff",
    "Event",
    "Evidence",
    "Extraction",
    "Fact",
    "Facts",
    "Grain",
    "Hit",
    "Hits",
    "Key",
    "KeyKind",
    "Kind",
    "LedgerEntry",
    "LedgerKind",
    "Message",
    "Polarity",
    "Processed",
    "Put",
    "Quarantined",
    "Receipt",
    "Record",
    "Relation",
    "RelationType",
    "Report",
    "Role",
    "Session",
    "Shown",
    "Skipped",
    "Usage",
    "Value",
    "Vectors",
    "to_json",
]

Vectors: TypeAlias = "npt.NDArray[np.float32]"
"""Row vectors, shape (n, dimensions), float32, unit length."""

Role: TypeAlias = Literal["user", "assistant", "system", "tool"]
ROLES: tuple[str, ...] = get_args(Role)

Kind: TypeAlias = Literal[
    "identity", "location", "work", "education", "health", "relation", "preference", "goal", "decision",
    "possession", "habit", "skill", "event", "plan", "technology", "instruction", "note",
]  # fmt: skip
"""The shape of a fact's predicate; `note` is what the user asked to remember and no other shape fits."""
KINDS: tuple[str, ...] = get_args(Kind)

Category: TypeAlias = Literal[
    "identity", "location", "work_education", "technology", "preference_instruction",
    "people", "health", "goal_plan", "event_other",
]  # fmt: skip
"""Nine coarse drawers; finer labels do not agree between two readers."""
CATEGORIES: tuple[str, ...] = get_args(Category)

Grain: TypeAlias = Literal["minute", "day", "week", "month", "quarter", "season", "year", "decade"]
Confidence: TypeAlias = Literal["low", "medium", "high"]
Polarity: TypeAlias = Literal["positive", "negative"]
KeyKind: TypeAlias = Literal["message", "statement", "question", "fact"]
RelationType: TypeAlias = Literal["duplicates", "updates", "contradicts", "elaborates"]
LedgerKind: TypeAlias = Literal["extraction", "embedding", "context"]
ChangeKind: TypeAlias = Literal["added", "superseded", "edited", "deleted", "restored"]


def to_json(value: Any) -> Any:
    """Return a value of this module as JSON values: datetimes and dates in ISO 8601, tuples as lists."""
    if isinstance(value, Value):
        return value.to_dict()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): to_json(item) for name, item in cast(Mapping[Any, Any], value).items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in cast(Sequence[Any], value)]
    return value


class Shown:
    """What shows itself: as HTML in Jupyter, with rich in a terminal. The drawing is loaded when it is asked for."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        from holdfast.display import to_html

        return to_html(self)

    def __rich__(self) -> "RenderableType":
        from holdfast.display import to_rich

        return to_rich(self)


class Value(Shown):
    """What the values below share: `to_dict`, whose lines `export` writes."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values; where the class has a `from_dict`, that gives an equal value."""
        return {item.name: to_json(getattr(self, item.name)) for item in fields(self)}  # type: ignore[arg-type]


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


@dataclass(frozen=True, slots=True)
class Fact(Value):
    """One standalone statement: current truth about the user, dated, with its evidence.

    It was said at `said_at` and holds from `valid_from` until `valid_to`; a fact without `valid_to` is active. A fact
    that was superseded names its successor and the reason. `extractor` is who derived it (`rules/1`).
    """

    id: str
    user_id: str
    text: str
    kind: Kind
    category: Category
    subject: str
    slot: str | None
    value: str | None
    polarity: Polarity
    entities: tuple[str, ...]
    event: Event | None
    said_at: datetime
    valid_from: datetime
    valid_to: datetime | None
    superseded_by: str | None
    reason: str | None
    confidence: Confidence
    flags: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    extractor: str
    session_id: str | None
    agent_id: str | None
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def active(self) -> bool:
        """Whether it still holds."""
        return self.valid_to is None

    def __str__(self) -> str:
        return self.text

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Fact":
        """Return the fact that `to_dict` described."""
        moment = datetime.fromisoformat
        given: dict[str, Any] = {
            **values,
            "entities": tuple(values["entities"]),
            "flags": tuple(values["flags"]),
            "event": Event.from_dict(values["event"]) if values["event"] else None,
            "evidence": tuple(Evidence.from_dict(item) for item in values["evidence"]),
            "said_at": moment(values["said_at"]),
            "valid_from": moment(values["valid_from"]),
            "valid_to": moment(values["valid_to"]) if values["valid_to"] else None,
        }
        return cls(**given)


@dataclass(frozen=True, slots=True)
class Change(Value):
    """What happened to a fact. `before` and `after` are the fact as it was and as it became; None where it was not.

    `by` is the extractor that caused it, or `hand` for `update`, `delete` and `restore`. `undoes` names the change
    that this one takes back. `position` is how many messages the journal held then, so that a rebuild takes changes by
    hand in where they belong.
    """

    id: str
    at: datetime
    kind: ChangeKind
    fact_id: str
    before: Fact | None
    after: Fact | None
    reason: str
    by: str
    evidence: tuple[Evidence, ...] = ()
    undoes: str | None = None
    position: int = 0

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Change":
        """Return the change that `to_dict` described."""
        given: dict[str, Any] = {
            **values,
            "at": datetime.fromisoformat(values["at"]),
            "before": Fact.from_dict(values["before"]) if values["before"] else None,
            "after": Fact.from_dict(values["after"]) if values["after"] else None,
            "evidence": tuple(Evidence.from_dict(item) for item in values["evidence"]),
        }
        return cls(**given)


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


class Facts(tuple[Fact, ...], Shown):
    """Facts of one user, in the order in which they were said."""

    __slots__ = ()

    def __str__(self) -> str:
        return "\n".join(str(fact) for fact in self) or "no facts"


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
    usage: Usage = Usage()
    degraded: str | None = None


@dataclass(frozen=True, slots=True)
class Processed(Value):
    """What `process` did with pending messages; `remaining` is how many still wait."""

    added: tuple[Added, ...]
    remaining: int


@dataclass(frozen=True, slots=True)
class Session(Value):
    """One conversation in the journal."""

    id: str | None
    messages: int
    first: datetime
    last: datetime


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
class Put:
    """A JSON value to keep under a space and a key, in the place of what stood there.

    Args:
        space: Where it lies: one or more segments, each any non-empty text.
        key: Its name there.
        value: A JSON object.
        texts: What a query finds it by; without any it is found by its space alone.
        lifetime: How long it is kept; for ever by default.
    """

    space: tuple[str, ...]
    key: str
    value: Mapping[str, Any]
    texts: tuple[str, ...] = ()
    lifetime: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Record(Value):
    """A JSON value kept under a space and a key; `score` is its cosine with a query, None where there is none."""

    space: tuple[str, ...]
    key: str
    value: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None = None
    score: float | None = None
