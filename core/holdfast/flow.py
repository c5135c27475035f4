"""The algorithm: what happens to a message and to a question. Generators only; nothing here waits by itself."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from holdfast.context import build_context
from holdfast.drivers import Flow, embed, local
from holdfast.errors import HoldfastError
from holdfast.finding import Allowed, hits, named
from holdfast.learning import batches, learn
from holdfast.lexical import asks_the_assistant, dated_terms, periods
from holdfast.parts import Parts
from holdfast.protocols import FactQuery, Journaled
from holdfast.ranking import Request
from holdfast.types import Added, Context, Hit, Hits, Message, Processed, Skipped
from holdfast.where import Predicate

__all__ = ["RECALLED", "build", "process", "recall", "remember"]

RECALLED = 50
"""Hits that compete for the room in a prompt."""


def remember(parts: Parts, user_id: str, messages: Sequence[Message], *, defer: bool) -> Flow[Added]:
    """Journal the messages, then learn what they say; `defer` stops after the journal."""
    now = parts.clock()
    journaled = yield from local(lambda: parts.store.append(user_id, messages, now=now))
    new = tuple(one.message for one in journaled if one.new)
    again = tuple(Skipped(one.message.id, "", "already in the journal") for one in journaled if not one.new)
    if defer:
        return Added(new, skipped=again, deferred=bool(new))
    # A message that is sent again because the first attempt failed is learnt now.
    waiting = set[int]()
    if again:
        waiting = {one.journaled.position for one in (yield from local(lambda: parts.store.pending(user_id=user_id)))}
    added = Added(new, skipped=again)
    for batch in batches([one for one in journaled if one.new or one.position in waiting]):
        added = _joined(added, (yield from learn(parts, user_id, batch)))
    return added


def process(parts: Parts, user_id: str | None, limit: int | None) -> Flow[Processed]:
    """Learn what is pending; the first failure is raised after the rest was tried."""
    pending = yield from local(lambda: parts.store.pending(user_id=user_id, limit=limit))
    users: dict[str, list[Journaled]] = {}
    for one in pending:
        users.setdefault(one.user_id, []).append(one.journaled)
    added: list[Added] = []
    failure: HoldfastError | None = None
    for owner, waiting in users.items():
        for batch in batches(waiting):
            try:
                added.append((yield from learn(parts, owner, batch)))
            except HoldfastError as error:  # noqa: PERF203 - one failure must not stop the others
                failure = failure or error
    if failure is not None:
        raise failure
    remaining = yield from local(lambda: parts.store.pending(user_id=user_id))
    return Processed(tuple(added), len(remaining))


def recall(
    parts: Parts,
    user_id: str,
    query: str,
    *,
    limit: int,
    session_id: str | None,
    agent_id: str | None,
    where: Predicate | None,
    as_of: datetime | None,
    min_score: float | None,
    among: frozenset[Literal["facts", "messages"]],
) -> Flow[Hits]:
    """Find the facts and messages that answer a question."""
    if not query.strip():
        yield from local(parts.store.users)  # so that a closed memory says so
        return Hits()
    vectors = yield from embed(parts.embedder, [query], "query")

    now = as_of or parts.clock()

    def find() -> Hits:
        allowed = Allowed(parts.store, user_id, session_id, agent_id, where)
        with parts.index.partition(user_id) as partition:
            request = Request(
                terms=dated_terms(query, now),
                limit=limit,
                periods=periods(query, now),
                assistant=asks_the_assistant(query),
                among=among,
                as_of=None if as_of is None else int(as_of.timestamp() * 1_000_000),
                messages=allowed.messages(partition),
                facts=allowed.facts(partition),
            )
            ranked = partition.search(vectors[0], request, parts.weights)
            ranked = [one for one in ranked if min_score is None or one.score >= min_score]
            chosen = named(partition, ranked)
        return Hits(hits(parts.store, user_id, chosen))

    return (yield from local(find))


def build(
    parts: Parts, user_id: str, query: str, *, max_tokens: int, session_id: str | None, seen: Collection[str]
) -> Flow[Context]:
    """Put the profile and what the question recalls into one block."""
    found = yield from recall(
        parts, user_id, query, limit=RECALLED, session_id=session_id, agent_id=None, where=None, as_of=None,
        min_score=None, among=frozenset({"facts", "messages"}),
    )  # fmt: skip

    def pack() -> Context:
        # The sequence number is read first: facts that are newer than it cost one more reading, nothing else.
        with parts.index.partition(user_id) as partition:
            seq = partition.seq
        profile = parts.profiles.get(user_id, seq, lambda: parts.store.facts(user_id, FactQuery()))
        news = _unseen(parts, user_id, found, seen) if seen else found
        return build_context(profile, news, max_tokens=max_tokens, count_tokens=parts.count_tokens)

    return (yield from local(pack))


def _unseen(parts: Parts, user_id: str, found: Sequence[Hit], seen: Collection[str]) -> list[Hit]:
    """Return the hits that rest on a message which the prompt does not hold already."""
    sources = {source for hit in found for source in hit.sources}
    known = {one.message.id for one in parts.store.messages(user_id, ids=tuple(sources)) if one.message.content in seen}
    return [hit for hit in found if not known.issuperset(hit.sources)]


def _joined(one: Added, other: Added) -> Added:
    return replace(
        one,
        facts=one.facts + other.facts,
        changes=one.changes + other.changes,
        skipped=one.skipped + other.skipped,
        quarantined=one.quarantined + other.quarantined,
        usage=one.usage + other.usage,
    )
