"""Rows for the suites: small, valid, and told apart by their texts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np

from holdfast.lexical import terms_of
from holdfast.protocols import (
    Delta,
    FactKeys,
    FactQuery,
    Facts,
    Fingerprint,
    Journal,
    Journaled,
    Place,
    Row,
    Store,
    Write,
)
from holdfast.types import Change, ChangeKind, Event, Evidence, Fact, Message, Role, Vectors

__all__ = [
    "EMBEDDER",
    "LOOKALIKES",
    "NOW",
    "WIDTH",
    "Mirror",
    "change",
    "everything",
    "fact",
    "later",
    "learn",
    "message",
    "row",
    "said",
    "unit",
]

NOW = datetime(2025, 3, 1, 12, tzinfo=timezone.utc)

WIDTH = 8
"""Dimensions of the vectors of sample rows."""

EMBEDDER = Fingerprint("sample", WIDTH)
"""Whose vectors the stores under test hold."""

LOOKALIKES = (
    "1", "10", "01", " 1", "1 ", "1\n", "a_b", "axb", "a%b", "%", "*", "?", "a.b", "a/b", "a\\b", "A_B", "../a",
    "max@example.org", "max@example.org.uk", "é", "e\u0301", "ﬁ", "fi", "\u200b1", "'; DROP TABLE fact; --", "None",
    "🦀", "x" * 3_000, "x" * 3_001,
)  # fmt: skip
"""User ids that some database or path would take for one another."""


def later(seconds: float) -> datetime:
    """Return a moment that many seconds after NOW."""
    return NOW + timedelta(seconds=seconds)


def message(content: str = "I live in Lisbon.", role: Role = "user", **fields: Any) -> Message:
    """Return a message."""
    return Message(role, content, **fields)


def unit(text: str, dimensions: int = WIDTH) -> Vectors:
    """Return a unit vector that a text always gets; not one that knows what it means."""
    vector = np.random.default_rng(list(text.encode())).normal(size=dimensions)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def row(position: int, text: str = "I live in Lisbon.", *, fact_id: str | None = None, width: int = WIDTH) -> Row:
    """Return the key of a message, or with `fact_id` that of a fact."""
    return Row(
        position=position,
        kind="fact" if fact_id else "message",
        text=text if fact_id else None,
        start=0,
        end=len(text),
        flags=("we",) if fact_id else (),
        fact_id=fact_id,
        terms=terms_of(text).astype("<u4").tobytes(),
        vector=unit(text, width).astype("<f2").tobytes(),
    )


def fact(user_id: str, id: str, text: str = "User lives in Lisbon.", **fields: Any) -> Fact:
    """Return a fact with every field filled, those given as given."""
    given: dict[str, Any] = {
        "kind": "location",
        "category": "location",
        "subject": "User",
        "slot": "lives_in",
        "value": "Lisbon",
        "polarity": "positive",
        "entities": ("Lisbon", "Café Größe"),
        "event": Event(NOW.date(), NOW.date(), "day", ambiguous=True),
        "said_at": NOW.astimezone(timezone(timedelta(hours=-3))),
        "valid_from": NOW,
        "valid_to": None,
        "superseded_by": None,
        "reason": None,
        "confidence": "high",
        "flags": ("corrected", "we"),
        "evidence": (Evidence("m1", 0, 17, "I live in Lisbon."),),
        "extractor": "rules/1",
        "session_id": "s1",
        "agent_id": "helper",
        "metadata": {"project": "atlas", "tags": ["a", "b"], "depth": {"n": 1.5}},
    }
    return Fact(id=id, user_id=user_id, text=text, **{**given, **fields})


def change(kind: ChangeKind, before: Fact | None, after: Fact | None, *, at: datetime = NOW, id: str = "c1") -> Change:
    """Return a change from one state of a fact to another."""
    one = after or before
    assert one is not None
    return Change(id, at, kind, one.id, before, after, "said by the user", "rules/1", one.evidence, position=1)


def learn(store: Facts, user_id: str, journaled: Sequence[Journaled], facts: Sequence[Fact] = ()) -> Write:
    """Commit the keys of messages and of facts that rest on the first of them; return what was written."""
    keys = [row(one.position, one.message.content) for one in journaled]
    keys.extend(row(journaled[0].position, one.text, fact_id=one.id) for one in facts)
    changes = tuple(change("added", None, one, id=f"added-{one.id}") for one in facts)
    done = tuple(one.position for one in journaled)
    return store.commit(user_id, lambda _: Write(tuple(keys), tuple(facts), changes=changes, done=done))


def said(store: Journal, user_id: str, *contents: str, session_id: str | None = None) -> list[Journaled]:
    """Journal what the user said."""
    return store.append(user_id, [message(one, session_id=session_id) for one in contents], now=NOW)


def everything(store: Store, user_id: str) -> tuple[Any, ...]:
    """Return all that a store tells of a user."""
    return (
        store.messages(user_id),
        store.sessions(user_id),
        store.pending(user_id=user_id),
        store.facts(user_id, FactQuery()),
        store.changes(user_id),
        store.entries(user_id),
        store.spoken(user_id),
        store.pull(user_id, 0),
    )


@dataclass
class Mirror:
    """A reader of a partition that takes in what is new, as an index and a profile do."""

    seq: int = 0
    renewed: int = 0
    whole: dict[str, Fact] = field(default_factory=dict[str, Fact])
    keys: list[Row] = field(default_factory=list[Row])
    facts: dict[str, FactKeys] = field(default_factory=dict[str, FactKeys])
    places: dict[int, Place] = field(default_factory=dict[int, Place])

    def take(self, delta: Delta) -> None:
        """Apply a delta, on nothing when it is a reset."""
        if delta.reset:
            self.keys, self.facts, self.places = [], {}, {}
        self.seq = delta.seq
        self.keys.extend(delta.keys)
        self.facts.update((one.fact_id, one) for one in delta.facts)
        self.places.update((one.position, one) for one in delta.places)

    def refresh(self, store: Store, user_id: str) -> bool:
        """Read what is new; return whether it was a reset."""
        delta = store.pull(user_id, self.seq)
        self.take(delta)
        news = store.renewed(user_id, self.renewed)
        self.whole = {**({} if news.reset else self.whole), **{one.id: one for one in news.facts}}
        self.renewed = news.seq
        return delta.reset
