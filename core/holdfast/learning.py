"""From journaled messages to keys and facts: extract, ground, embed, consolidate, commit."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

import numpy as np

from holdfast.consolidation import consolidate
from holdfast.drivers import Flow, embed, extract, local
from holdfast.errors import HoldfastError
from holdfast.extractors.redaction import without_secrets
from holdfast.grounding import ground
from holdfast.keys import READ, key_terms, message_keys, spoken
from holdfast.parts import Parts
from holdfast.protocols import FactQuery, Journaled, ReadFacts, Row, Write
from holdfast.ranking import Request
from holdfast.types import Added, Batch, Candidate, Change, Evidence, Extraction, Fact, Key, Message, Skipped, Vectors

__all__ = ["CONTEXT", "NEIGHBOURS", "TOGETHER", "batches", "change_id", "keys_and_vectors", "learn", "words_of"]

TOGETHER = 32
"""Messages that are extracted and committed at once; a crash costs the work of one such batch, never its words."""

CONTEXT = 6
"""Earlier messages of the session that an extractor sees to understand the new ones."""

NEIGHBOURS = 10
"""Facts near a new one that it is compared with; those of its slot and its words are compared always."""


def batches(journaled: Iterable[Journaled]) -> Iterator[list[Journaled]]:
    """Return messages in portions of one session each, at most TOGETHER, in journal order within the session."""
    sessions: dict[str | None, list[Journaled]] = {}
    for one in journaled:
        sessions.setdefault(one.message.session_id, []).append(one)
    for ones in sessions.values():
        for start in range(0, len(ones), TOGETHER):
            yield ones[start : start + TOGETHER]


def learn(parts: Parts, user_id: str, batch: Sequence[Journaled]) -> Flow[Added]:
    """Extract, ground, embed, consolidate and commit a batch of one session; on failure it stays pending."""
    positions = {one.message.id: one.position for one in batch}
    try:
        extraction = yield from _extract(parts, user_id, batch)
        extraction, quarantined = ground(extraction, [one.message for one in batch])
        proposed = [(_fact(parts, user_id, one, batch), one) for one in extraction.candidates]
        keys = _keys(batch, extraction, proposed, positions)
        rows = yield from keys_and_vectors(parts, keys, {one.position: one.message for one in batch})
        near = yield from local(lambda: _neighbours(parts, user_id, rows))
    except HoldfastError as error:
        reason = f"{type(error).__name__}: {error}"
        yield from local(lambda: parts.store.fail(user_id, list(positions.values()), reason))
        raise
    outcome = _Outcome(parts.clock(), rows, tuple(positions.values()))
    write = yield from local(
        lambda: parts.store.commit(user_id, lambda read: outcome.decide(_known(read, proposed, near), proposed))
    )
    born = {change.fact_id for change in write.changes if change.kind == "added"}
    return Added(
        facts=tuple(fact for fact in write.facts if fact.id in born),
        changes=write.changes,
        skipped=(*_unread(batch), *extraction.skipped),
        quarantined=quarantined,
        usage=extraction.usage,
    )


def _extract(parts: Parts, user_id: str, batch: Sequence[Journaled]) -> Flow[Extraction]:
    first = batch[0]
    before = yield from local(
        lambda: parts.store.messages(user_id, session_id=first.message.session_id, before=first.position, limit=CONTEXT)
    )
    asked = Batch(tuple(one.message for one in batch), tuple(one.message for one in before))
    return (yield from extract(parts.extractor, asked))


def _fact(parts: Parts, user_id: str, candidate: Candidate, batch: Sequence[Journaled]) -> Fact:
    message = next(one.message for one in batch if one.message.id == candidate.evidence[0].message_id)
    assert message.at is not None
    span = candidate.evidence[0]
    # The id follows from the words and their place, so that the same journal gives the same facts.
    name = "\x1f".join((user_id, span.message_id, str(span.start), str(span.end), candidate.text))
    return Fact(
        id=hashlib.blake2b(name.encode(), digest_size=12).hexdigest(),
        user_id=user_id,
        text=candidate.text,
        kind=candidate.kind,
        category=candidate.category,
        subject=candidate.subject,
        slot=candidate.slot,
        value=candidate.value,
        polarity=candidate.polarity,
        entities=candidate.entities,
        event=candidate.event,
        said_at=message.at,
        valid_from=message.at,
        valid_to=None,
        superseded_by=None,
        reason=None,
        confidence=candidate.confidence,
        flags=candidate.flags,
        evidence=candidate.evidence,
        extractor=parts.extractor.name,
        session_id=message.session_id,
        agent_id=message.agent_id,
        metadata=message.metadata,
    )


def _keys(
    batch: Sequence[Journaled],
    extraction: Extraction,
    proposed: Sequence[tuple[Fact, Candidate]],
    positions: Mapping[str, int],
) -> list[tuple[int, Key, str | None]]:
    keys: list[tuple[int, Key, str | None]] = [
        (one.position, key, None) for one in batch for key in words_of(one.message)
    ]
    stated = {(span.message_id, fact.text) for fact, _ in proposed for span in fact.evidence}
    keys.extend(
        (positions[key.message_id], key, None) for key in extraction.keys if (key.message_id, key.text) not in stated
    )
    for fact, _ in proposed:
        for span in fact.evidence:
            key = Key("fact", fact.text, span.message_id, span.start, span.end, fact.flags)
            keys.append((positions[span.message_id], key, fact.id))
    return keys


def _neighbours(parts: Parts, user_id: str, rows: Sequence[Row]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    with parts.index.partition(user_id) as partition:
        for row in rows:
            if row.fact_id:
                vector = np.frombuffer(row.vector, dtype="<f2").astype(np.float32)
                request = Request(np.frombuffer(row.terms, dtype="<u4"), NEIGHBOURS, frozenset({"facts"}))
                ranked = partition.search(vector, request, parts.weights)
                found.update((partition.fact_ids[one.fact], None) for one in ranked)
    return tuple(found)


def _known(read: ReadFacts, proposed: Sequence[tuple[Fact, Candidate]], near: tuple[str, ...]) -> list[Fact]:
    if not proposed:
        return []
    slots = tuple({fact.slot for fact, _ in proposed if fact.slot})
    return read(
        FactQuery(
            ids=(*near, *(fact.id for fact, _ in proposed)),
            slots=slots,
            texts=tuple({fact.text for fact, _ in proposed}),
        )
    )


class _Outcome:
    """Consolidates the candidates of one batch, one after the other, into what the transaction writes."""

    def __init__(self, now: datetime, rows: tuple[Row, ...], done: tuple[int, ...]) -> None:
        self._now = now
        self._rows = rows
        self._done = done
        self._changes: list[Change] = []
        self._written: dict[str, Fact] = {}
        self._stands_for: dict[str, str] = {}

    def decide(self, known: Sequence[Fact], proposed: Sequence[tuple[Fact, Candidate]]) -> Write:
        """Return the write for these candidates, given the facts that they may touch."""
        facts = {fact.id: fact for fact in known}
        for fact, candidate in proposed:
            self._add(fact, candidate, facts)
        rows = tuple(replace(row, fact_id=self._stands_for[row.fact_id]) if row.fact_id else row for row in self._rows)
        return Write(rows, tuple(self._written.values()), changes=tuple(self._changes), done=self._done)

    def _add(self, fact: Fact, candidate: Candidate, facts: dict[str, Fact]) -> None:
        verdict = consolidate(fact, candidate, tuple(facts.values()))
        twin = fact.id if fact.id in facts else verdict.duplicate_of
        self._stands_for[fact.id] = twin or fact.id
        if twin:
            known = facts[twin]
            evidence = tuple(dict.fromkeys((*known.evidence, *fact.evidence)))
            self._keep(replace(known, evidence=evidence), facts)
            return
        if verdict.closed_by:
            newer, reason = verdict.closed_by
            fact = replace(fact, valid_to=facts[newer].valid_from, superseded_by=newer, reason=reason)
        self._keep(fact, facts)
        self._note("added", fact, None, fact, f"said by the user in message {fact.evidence[0].message_id}")
        for old_id, reason in verdict.supersedes:
            old = facts[old_id]
            closed = replace(old, valid_to=fact.valid_from, superseded_by=fact.id, reason=reason)
            self._keep(closed, facts)
            self._note("superseded", fact, old, closed, reason)

    def _keep(self, fact: Fact, facts: dict[str, Fact]) -> None:
        facts[fact.id] = self._written[fact.id] = fact

    def _note(
        self, kind: Literal["added", "superseded"], cause: Fact, before: Fact | None, after: Fact, reason: str
    ) -> None:
        id_ = change_id(kind, after.id, cause.evidence)
        self._changes.append(
            Change(id_, self._now, kind, after.id, before, after, reason, cause.extractor, cause.evidence)
        )


def change_id(kind: str, fact_id: str, evidence: Sequence[Evidence], salt: str = "") -> str:
    """Return an id that follows from what happened, so that a rebuild names its changes alike."""
    spans = [f"{span.message_id}:{span.start}:{span.end}" for span in evidence]
    name = "\x1f".join((kind, fact_id, salt, *spans))
    return hashlib.blake2b(name.encode(), digest_size=12).hexdigest()


def words_of(message: Message) -> tuple[Key, ...]:
    """Return the keys of a message's own words; what looks like a secret is in the journal alone."""
    return message_keys(replace(message, content=without_secrets(message.content[:READ])))


def keys_and_vectors(
    parts: Parts, keys: Sequence[tuple[int, Key, str | None]], said: Mapping[int, Message]
) -> Flow[tuple[Row, ...]]:
    """Embed keys, each with its position and the id of its fact, and make them rows of the store.

    Args:
        parts: The memory.
        keys: The keys.
        said: The messages that they belong to, by position.
    """
    spoken_keys = [spoken(key, said[position]) for position, key, _ in keys]
    texts = list(dict.fromkeys(spoken_keys))
    vectors: Vectors = yield from embed(parts.embedder, texts, "document")
    stored = dict(zip(texts, (vector.astype("<f2").tobytes() for vector in vectors), strict=True))
    return tuple(
        Row(
            position=position,
            kind=key.kind,
            text=None if key.kind == "message" else key.text,
            start=key.start,
            end=key.end,
            flags=key.flags,
            fact_id=fact_id,
            terms=key_terms(key, said[position]).astype("<u4").tobytes(),
            vector=stored[text],
        )
        for (position, key, fact_id), text in zip(keys, spoken_keys, strict=True)
    )


def _unread(batch: Sequence[Journaled]) -> Iterator[Skipped]:
    for one in batch:
        beyond = len(one.message.content) - READ
        if beyond > 0:
            yield Skipped(one.message.id, "", f"{beyond} characters beyond the {READ} that search reads")
