"""From a ranking to hits: what a search may return, and the facts and messages themselves."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from holdfast.context import render_message
from holdfast.echo import without_injected
from holdfast.extractors.redaction import without_secrets
from holdfast.index import Partition
from holdfast.protocols import FactQuery, Found, Place, Store
from holdfast.ranking import Bools, Ranked
from holdfast.types import Fact, Hit, Message
from holdfast.where import Predicate, comparable

__all__ = [
    "ASKED",
    "MARGIN",
    "NEAR",
    "REPLY",
    "Allowed",
    "Named",
    "answered",
    "hits",
    "named",
    "record_of",
    "wanted",
]

MARGIN = 8_000
"""Characters beside the span shown of a long message in which a private key may begin or end: twice its length."""

NEAR = 400
"""The same for any other secret, with the words that name it, up to the next blank."""

_PRIVATE_KEY = "-----"

ASKED = 3
"""The first hits of which a question to somebody is shown with the answer."""

REPLY = 500
"""Characters of an answer at most."""


Named: TypeAlias = tuple[int, str | None, Ranked]
"""A ranked entry by what the store knows it by: position, and id for a fact."""


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


def named(partition: Partition, ranked: Sequence[Ranked]) -> list[Named]:
    """Return ranked entries by what the store knows them by."""
    return [
        (partition.places[one.message].position, partition.fact_ids[one.fact] if one.fact >= 0 else None, one)
        for one in ranked
    ]


def wanted(named: Sequence[Named]) -> tuple[tuple[str, ...], list[int]]:
    """Return the ids of the facts and the positions of the messages that hits are made of."""
    ids = tuple(fact_id for _, fact_id, _ in named if fact_id is not None)
    return ids, [position for position, fact_id, _ in named if fact_id is None]


def hits(found: Found, named: Sequence[Named]) -> Iterator[Hit]:
    """Make hits of what was ranked and looked up, in order."""
    facts = {fact.id: fact for fact in found.facts}
    messages = {one.position: one.message for one in found.messages}
    for position, fact_id, one in named:
        # What another process removed since the ranking is no longer a hit.
        if fact_id is not None and fact_id in facts:
            fact = facts[fact_id]
            yield Hit(fact.text, one.score, one.why, tuple(dict.fromkeys(e.message_id for e in fact.evidence)), fact)
        elif fact_id is None and position in messages:
            message = messages[position]
            yield Hit(_quoted(message, one.span), one.score, one.why, (message.id,), message=message)


def answered(store: Store, user_id: str, found: Sequence[Hit], may: Callable[[int], bool]) -> list[Hit]:
    """Put what was answered behind each of the first hits in which one person asks another.

    Only between persons with names: what an assistant answers to its user is what the user did not know.

    Args:
        store: Where the messages are.
        user_id: Whose.
        found: Hits in their order.
        may: Whether the message at a position may be shown.
    """
    asked = [hit.message for hit in found[:ASKED] if hit.message is not None and hit.message.name]
    asked = [message for message in asked if message.content.rstrip().endswith("?")]
    if not asked:
        return list(found)
    places = {one.message.id: one.position for one in store.messages(user_id, ids=tuple(one.id for one in asked))}
    after = [position + 1 for position in places.values() if may(position + 1)]
    replies = {one.position: one.message for one in store.messages(user_id, positions=after)} if after else {}
    shown = list(found)
    for question in asked:
        reply = replies.get(places[question.id] + 1) if question.id in places else None
        if reply is None or not _answers(reply, question):
            continue
        place = next(number for number, hit in enumerate(shown) if hit.sources == (question.id,)) + 1
        if any(reply.id in hit.sources for hit in shown[:place]):
            continue
        there = [hit for hit in shown[place:] if reply.id in hit.sources]
        score = shown[place - 1].score
        there = there or [Hit(_quoted(reply, None), score, {"answer": score}, (reply.id,), message=reply)]
        shown[place:] = [*there, *(hit for hit in shown[place:] if reply.id not in hit.sources)]
    return shown


def _answers(reply: Message, question: Message) -> bool:
    return (
        reply.role == "user"
        and reply.name not in (None, question.name)
        and reply.session_id == question.session_id
        and len(reply.content) <= REPLY
    )


def _quoted(message: Message, span: tuple[int, int] | None) -> str:
    """Return a message, or a span of it, quoted; a long one is read around the span alone.

    Its secrets are left out, and what a memory had injected into it: that would be injected once more.
    """
    if span is None:
        return render_message(replace(message, content=without_secrets(without_injected(message.content))))
    first, (start, end) = max(0, span[0] - MARGIN), span
    around = without_injected(message.content[first : end + MARGIN])
    if _PRIVATE_KEY not in around:
        # No other secret is as long, nor goes on without a blank.
        cut = around.rfind(" ", 0, max(0, start - first - NEAR)) + 1
        last = around.find(" ", end - first + NEAR)
        first, around = first + cut, around[cut : last if last >= 0 else len(around)]
    return render_message(replace(message, content=without_secrets(around)), (start - first, end - first))
