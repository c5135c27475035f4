"""From a ranking to hits: what a search may return, and the facts and messages themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from holdfast.context import render_message
from holdfast.echo import without_injected
from holdfast.extractors.redaction import without_secrets
from holdfast.index import Partition
from holdfast.protocols import FactQuery, Place, Store
from holdfast.ranking import Bools, Ranked
from holdfast.types import Fact, Hit, Message
from holdfast.where import Predicate, comparable

__all__ = ["MARGIN", "Allowed", "hits", "named", "record_of"]

MARGIN = 8_000
"""Characters beside the span shown of a long message in which a secret may begin or end: twice a private key."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a search may return, as masks over a partition."""

    store: Store
    user_id: str
    session_id: str | None
    agent_id: str | None
    where: Predicate | None

    def messages(self, partition: Partition) -> Bools | None:
        """Return which messages may be returned as themselves; None for all."""
        if self._everywhere and self.where is None:
            return None
        there = partition.message_mask(self._there)
        if self.where is not None:
            journal = self.store.messages(self.user_id)
            passing = {one.position for one in journal if self.where(record_of(one.message))}
            there &= partition.message_mask(lambda place: place.position in passing)
        return there

    def facts(self, partition: Partition) -> Bools | None:
        """Return which facts may be returned; None for all."""
        if self._everywhere and self.where is None:
            return None
        there = partition.facts_resting_on(partition.message_mask(self._there))
        if self.where is not None:
            facts = self.store.facts(self.user_id, FactQuery())
            there &= partition.fact_mask({fact.id for fact in facts if self.where(record_of(fact))})
        return there

    @property
    def _everywhere(self) -> bool:
        return self.session_id is None and self.agent_id is None

    def _there(self, place: Place) -> bool:
        return self.session_id in (None, place.session_id) and self.agent_id in (None, place.agent_id)


def record_of(value: Fact | Message) -> dict[str, Any]:
    """Return the fields of a value as `where` filters read them."""
    return {name: comparable(getattr(value, name)) for name in type(value).__slots__}


def named(partition: Partition, ranked: Sequence[Ranked]) -> list[tuple[int, str | None, Ranked]]:
    """Return ranked entries by what the store knows them by: position, and id for a fact."""
    return [
        (partition.places[one.message].position, partition.fact_ids[one.fact] if one.fact >= 0 else None, one)
        for one in ranked
    ]


def hits(store: Store, user_id: str, named: Sequence[tuple[int, str | None, Ranked]]) -> Iterator[Hit]:
    """Read what was ranked and make hits of it, in order."""
    ids = tuple(fact_id for _, fact_id, _ in named if fact_id is not None)
    facts = {fact.id: fact for fact in store.facts(user_id, FactQuery(ids=ids))} if ids else {}
    positions = [position for position, fact_id, _ in named if fact_id is None]
    messages = {one.position: one.message for one in store.messages(user_id, positions=positions)} if positions else {}
    for position, fact_id, one in named:
        # What another process removed since the ranking is no longer a hit.
        if fact_id is not None and fact_id in facts:
            fact = facts[fact_id]
            yield Hit(fact.text, one.score, one.why, tuple(dict.fromkeys(e.message_id for e in fact.evidence)), fact)
        elif fact_id is None and position in messages:
            message = messages[position]
            yield Hit(_quoted(message, one.span), one.score, one.why, (message.id,), message=message)


def _quoted(message: Message, span: tuple[int, int] | None) -> str:
    """Return a message, or a span of it, quoted; a long one is read around the span alone.

    Its secrets are left out, and what a memory had injected into it: that would be injected once more.
    """
    first, last = (0, len(message.content)) if span is None else (max(0, span[0] - MARGIN), span[1] + MARGIN)
    shown = replace(message, content=without_secrets(without_injected(message.content[first:last])))
    return render_message(shown, None if span is None else (span[0] - first, span[1] - first))
