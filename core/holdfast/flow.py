"""The algorithm: what happens to a message and to a question. Generators only; nothing here waits by itself."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from holdfast.context import build_context
from holdfast.drivers import Flow, embed_metered, local
from holdfast.errors import HoldfastError, StorageError
from holdfast.finding import Allowed, Named, answered, hits, named, wanted
from holdfast.learning import DEGRADED, batches, learn
from holdfast.leases import LEASE, hold
from holdfast.lexical import asks_the_assistant, dated_terms, periods
from holdfast.parts import Parts
from holdfast.protocols import Found, Journaled, Lease
from holdfast.ranking import Request
from holdfast.types import Added, Context, Hit, Hits, Message, Processed, Skipped, Vectors
from holdfast.updates import DEPTH, asks_for_a_value, newest_first
from holdfast.where import Predicate

__all__ = ["RECALLED", "TRIES", "build", "process", "recall", "remember"]

_logger = logging.getLogger("holdfast.ledger")

RECALLED = 50
"""Hits that compete for the room in a prompt."""

TRIES = 5
"""How often a model is asked about messages that it keeps answering out of shape; then the rules' facts stay."""

_GLANCES = 2  # the second has asked for news; a user who is written to all the time is read without being confirmed


def remember(parts: Parts, user_id: str, messages: Sequence[Message], *, defer: bool) -> Flow[Added]:
    """Journal the messages, then learn what they say; `defer` stops after the journal."""
    with hold() as owner:
        now = parts.clock()
        lease = None if defer else Lease(owner, now + LEASE)
        journaled = yield from local(lambda: _journal(parts, user_id, messages, now, lease))
        new = tuple(one.message for one in journaled if one.new)
        again = tuple(Skipped(one.message.id, "", "already in the journal") for one in journaled if not one.new)
        if defer:
            return Added(new, skipped=again, deferred=bool(new))
        # A message that is sent again because the first attempt failed is learnt now.
        waiting = set[int]()
        if again:
            pending = yield from local(lambda: parts.store.pending(user_id=user_id))
            waiting = {one.journaled.position for one in pending}
        added = Added(new, skipped=again)
        to_learn = [one for one in journaled if one.new or one.position in waiting]
        for number, batch in enumerate(batches(to_learn, parts.extractor)):
            if number or again:
                batch = yield from _taken(parts, user_id, batch, owner)
            try:
                if batch:
                    added = _joined(added, (yield from learn(parts, user_id, batch)))
            except HoldfastError:
                yield from _given_back(parts, user_id, journaled, owner)  # for others need not wait for what is left
                raise
        return added


def _journal(
    parts: Parts, user_id: str, messages: Sequence[Message], now: datetime, lease: Lease | None
) -> list[Journaled]:
    tokens = [parts.book.size(one.content) for one in messages]
    return parts.store.append(user_id, messages, now=now, lease=lease, tokens=tokens)


def process(parts: Parts, user_id: str | None, limit: int | None) -> Flow[Processed]:
    """Learn what is pending; the first failure is raised after the rest was tried."""
    added: list[Added] = []
    failure: HoldfastError | None = None
    users = yield from _free(parts, user_id, limit)
    with hold() as owner:
        while users:
            for user, waiting in users.items():
                for batch in batches(waiting, parts.extractor):
                    taken = yield from _taken(parts, user, batch, owner)
                    if not taken:
                        continue
                    try:
                        added.append((yield from learn(parts, user, taken)))
                    except HoldfastError as error:
                        failure = failure or error  # one failure must not stop the others
            # Others may have been faster with all of it; then there may be more.
            users = {} if added or failure else (yield from _free(parts, user_id, limit))
    if failure is not None:
        raise failure
    remaining = yield from local(lambda: parts.store.waiting(user_id))
    return Processed(tuple(added), remaining)


def _free(parts: Parts, user_id: str | None, limit: int | None) -> Flow[dict[str, list[Journaled]]]:
    """Return what waits and nobody is learning, by user."""
    now = parts.clock()
    pending = yield from local(lambda: parts.store.pending(user_id=user_id, limit=limit, free=now))
    users: dict[str, list[Journaled]] = {}
    for one in pending:
        if one.attempts < TRIES or not (one.reason or "").startswith(DEGRADED):
            users.setdefault(one.user_id, []).append(one.journaled)
    return users


def _given_back(parts: Parts, user_id: str, journaled: Sequence[Journaled], owner: str) -> Flow[None]:
    now = parts.clock()
    positions = [one.position for one in journaled]
    try:
        yield from local(lambda: parts.store.take(user_id, positions, Lease(owner, now), now=now))
    except StorageError:
        return  # the lease ends by itself


def _taken(parts: Parts, user_id: str, batch: Sequence[Journaled], owner: str) -> Flow[list[Journaled]]:
    """Return what of a batch nobody else is learning, and keep others from it."""
    now = parts.clock()
    positions = [one.position for one in batch]
    lease = Lease(owner, now + LEASE)
    free = set((yield from local(lambda: parts.store.take(user_id, positions, lease, now=now))))
    return [one for one in batch if one.position in free]


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
    vector: "Vectors | None" = None,
) -> Flow[Hits]:
    """Find the facts and messages that answer a question."""
    if not query.strip() and vector is None:
        yield from local(parts.store.users)  # so that a closed memory says so
        return Hits()
    asked = vector if vector is not None else (yield from _asked(parts, user_id, query))

    now = as_of or parts.clock()
    depth = max(limit, DEPTH) if asks_for_a_value(query) else limit

    def ranked(*, unasked: bool) -> tuple[int, list[Named]]:
        allowed = Allowed(parts.store, user_id, session_id, agent_id, where)
        with parts.index.partition(user_id, unasked=unasked) as partition:
            request = Request(
                terms=dated_terms(query, now),
                limit=depth,
                periods=periods(query, now),
                assistant=asks_the_assistant(query),
                among=among,
                as_of=None if as_of is None else int(as_of.timestamp() * 1_000_000),
                messages=allowed.messages(partition),
                facts=allowed.facts(partition),
            )
            best = partition.search(asked, request, parts.weights)
            return partition.seq, named(partition, [one for one in best if min_score is None or one.score >= min_score])

    def shown(found: Found, chosen: Sequence[Named]) -> Hits:
        return Hits(newest_first(query, tuple(hits(found, chosen)))[:limit])

    def find() -> Hits:
        store = parts.store
        # The reading that the hits need anyway confirms what was ranked.
        for _ in range(_GLANCES):
            seq, chosen = ranked(unasked=store.may_stand(user_id))
            found = store.look_up(user_id, seq, *wanted(chosen))
            if found is not None:
                return shown(found, chosen)
        _, chosen = ranked(unasked=False)
        return shown(store.look_up(user_id, None, *wanted(chosen)) or Found(), chosen)

    return (yield from local(find))


def _asked(parts: Parts, user_id: str, query: str) -> Flow[Vectors]:
    vectors, usage = yield from embed_metered(parts.embedder, [query], "query")
    parts.book.spend(user_id, "embedding", usage)
    vector: Vectors = vectors[0]
    return vector


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
            whole = answered(parts.store, user_id, found, partition.has_words)
        profile = parts.profiles.get(user_id, seq, parts.store.renewed)
        news = _unseen(parts, user_id, whole, seen) if seen else whole
        context = build_context(
            profile.facts, news, max_tokens=max_tokens, count_tokens=parts.count_tokens, sizes=profile.sizes
        )
        parts.injected.note(user_id, context.text)
        _tell(parts, user_id, context)
        return context

    return (yield from local(pack))


def _tell(parts: Parts, user_id: str, context: Context) -> None:
    parts.book.tell(user_id, context.profile, context.tokens, parts.store.spoken(user_id))
    if parts.book.due:
        try:
            parts.book.write(parts.store.book)
        except StorageError as error:  # the answer is there, and the entries are kept
            _logger.warning("the ledger waits: %s", error)


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
        degraded=one.degraded or other.degraded,
    )
