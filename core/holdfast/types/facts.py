"""What is known, and how it came to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from holdfast.types.names import Category, ChangeKind, Confidence, Kind, Polarity
from holdfast.types.said import Event, Evidence
from holdfast.types.value import Shown, Value

__all__ = ["Change", "Fact", "Facts"]


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


class Facts(tuple[Fact, ...], Shown):
    """Facts of one user, in the order in which they were said."""

    __slots__ = ()

    def __str__(self) -> str:
        return "\n".join(str(fact) for fact in self) or "no facts"


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
