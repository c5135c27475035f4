"""From journaled messages to keys and facts: extract, ground, embed, consolidate, commit."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from holdfast.drivers import Flow, embed_metered, extract, local
from holdfast.echo import ECHO, fingerprint, heard, repeats
from holdfast.errors import HoldfastError, ProviderError
from holdfast.extractors.redaction import SCREEN, without_secrets
from holdfast.grounding import ground
from holdfast.keying import keys_and_vectors_metered, words_of
from holdfast.keys import READ, key_terms, spoken
from holdfast.outcome import Outcome
from holdfast.parts import Parts
from holdfast.protocols import Batching, FactQuery, Journaled, ReadFacts, Row, Write
from holdfast.ranking import Request
from holdfast.telemetry import described_extraction, traced
from holdfast.types import (
    Added,
    Batch,
    Candidate,
    Extraction,
    Fact,
    Key,
    Message,
    Quarantined,
    Skipped,
    Usage,
)

__all__ = [
    "CONTEXT",
    "DEGRADED",
    "NEIGHBOURS",
    "TOGETHER",
    "batches",
    "learn",
]

DEGRADED = "degraded"
"""How the reason of a message begins that another extractor read in a model's place."""

TOGETHER = 32
"""Messages that are extracted and committed at once; a crash costs the work of one such batch, never its words."""

CONTEXT = 6
"""Earlier messages of the session that an extractor sees to understand the new ones."""

NEIGHBOURS = 10
"""Facts near a new one that it is compared with; those of its slot and its words are compared always."""


def batches(journaled: Iterable[Journaled], extractor: object = None) -> Iterator[list[Journaled]]:
    """Return messages in portions of one session each, in journal order within the session.

    A portion holds at most TOGETHER, or as many as the extractor wants.
    """
    most = extractor.together if isinstance(extractor, Batching) else TOGETHER
    sessions: dict[str | None, list[Journaled]] = {}
    for one in journaled:
        sessions.setdefault(one.message.session_id, []).append(one)
    for ones in sessions.values():
        for start in range(0, len(ones), most):
            yield ones[start : start + most]


def learn(parts: Parts, user_id: str, batch: Sequence[Journaled]) -> Flow[Added]:
    """Extract, ground, embed, consolidate and commit a batch of one session.

    On failure it stays pending. It does so too when another extractor stood in for a model: what that one found is
    there until the model has read the batch, and goes then.
    """
    positions = {one.message.id: one.position for one in batch}
    messages = [one.message for one in batch]
    try:
        words = yield from local(lambda: {one.position: words_of(one.message) for one in batch})
        vectors, existing, usage = yield from _existing(parts, user_id, batch, words)
        context = yield from local(lambda: _before(parts, user_id, batch[0]))
        asked = extract(parts.extractor, Batch(heard(messages), heard(context), existing))
        told: dict[str, str | int] = {"holdfast.extractor": parts.extractor.name, "holdfast.messages": len(messages)}
        extraction = yield from traced("holdfast.extract", asked, described_extraction, told)
        parts.book.spend(user_id, "extraction", extraction.usage)
        by = extraction.stand_in or parts.extractor.name
        extraction = yield from _without_echo(parts, user_id, extraction, messages)
        found = extraction
        extraction, refused = yield from local(
            lambda: ground(found, messages, context=context, existing=existing, screen=SCREEN)
        )
        proposed = [(_fact(user_id, one, batch, by), one) for one in extraction.candidates]
        keys = _keys(words, extraction, proposed, positions)
        said = {one.position: one.message for one in batch}
        rows, spent = yield from keys_and_vectors_metered(parts, user_id, keys, said, vectors)
        near, read_before = yield from local(lambda: _standing(parts, user_id, rows, list(positions.values())))
    except HoldfastError as error:
        reason = f"{type(error).__name__}: {error}"
        yield from local(lambda: parts.store.fail(user_id, list(positions.values()), reason))
        yield from local(lambda: parts.book.write(parts.store.book))
        if isinstance(error, ProviderError):
            error.waiting = len(batch)
        raise
    now = parts.clock()
    quarantined = tuple(_quarantined(one, messages, by, now) for one in refused)
    degraded = extraction.degraded
    write_to = Write(
        keys=rows,
        hidden=read_before,
        done=() if degraded else tuple(positions.values()),
        again=tuple(positions.values()) if degraded else (),
        reason=f"{DEGRADED}: {degraded}" if degraded else "",
        quarantined=quarantined,
    )
    outcome = Outcome(now, by, write_to, frozenset(positions) if read_before else frozenset())
    write = yield from local(
        lambda: _commit(parts, user_id, lambda read: outcome.decide(_known(read, proposed, near, outcome), proposed))
    )
    born = {change.fact_id for change in write.changes if change.kind == "added"}
    return Added(
        facts=tuple(fact for fact in write.facts if fact.id in born),
        changes=write.changes,
        skipped=(*_unread(batch), *extraction.skipped),
        quarantined=tuple(Skipped(one.message_id, one.text, one.reason) for one in quarantined),
        usage=extraction.usage + usage + spent,
        degraded=degraded,
    )


def _commit(parts: Parts, user_id: str, decide: Callable[[ReadFacts], Write]) -> Write:
    """Commit with what the user's ledger lacks; that stays noted when nothing was written."""
    noted = parts.book.take(user_id)
    entries = tuple(entry for _, entry in noted)
    write = Write()
    try:
        write = parts.store.commit(user_id, lambda read: replace(decide(read), entries=entries))
    finally:
        if write == Write():
            parts.book.note(noted)
    return write


def _before(parts: Parts, user_id: str, first: Journaled) -> tuple[Message, ...]:
    before = parts.store.messages(user_id, session_id=first.message.session_id, before=first.position, limit=CONTEXT)
    return tuple(one.message for one in before)


def _existing(
    parts: Parts, user_id: str, batch: Sequence[Journaled], words: Mapping[int, Sequence[Key]]
) -> Flow[tuple[Mapping[str, bytes], tuple[Fact, ...], Usage]]:
    """Return the active facts nearest to what the user says, for an extractor that wants them.

    With them come the vectors of those words, which are keys too and need not be made again, and what they cost.
    """
    most = parts.extractor.existing if isinstance(parts.extractor, Batching) else 0
    if not most or not (yield from local(lambda: _has_facts(parts, user_id))):
        return {}, (), Usage()
    keys = [(key, one.message) for one in batch if one.message.role == "user" for key in words[one.position]]
    texts = list(dict.fromkeys(spoken(key, message) for key, message in keys))
    vectors, usage = yield from embed_metered(parts.embedder, texts, "document")
    parts.book.spend(user_id, "embedding", usage)
    by_text = dict(zip(texts, vectors, strict=True))

    def find() -> tuple[Fact, ...]:
        ranked: dict[str, float] = {}
        with parts.index.partition(user_id) as partition:
            for key, message in keys:
                request = Request(key_terms(key, message), most, frozenset({"facts"}))
                for hit in partition.search(by_text[spoken(key, message)], request, parts.weights):
                    fact_id = partition.fact_ids[hit.fact]
                    ranked[fact_id] = max(hit.score, ranked.get(fact_id, hit.score))
        found = {fact.id: fact for fact in parts.store.facts(user_id, FactQuery(ids=tuple(ranked))) if fact.active}
        best = sorted(found, key=lambda fact_id: (-ranked[fact_id], fact_id))
        return tuple(found[fact_id] for fact_id in best[:most])

    existing = yield from local(find)
    return {text: vector.astype("<f2").tobytes() for text, vector in by_text.items()}, existing, usage


def _has_facts(parts: Parts, user_id: str) -> bool:
    with parts.index.partition(user_id) as partition:
        return bool(partition.fact_ids)


def _quarantined(refused: Skipped, messages: Sequence[Message], by: str, now: datetime) -> Quarantined:
    known = {message.id for message in messages}
    text = without_secrets(refused.text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8"))
    about = refused.message_id if refused.message_id in known else messages[0].id
    return Quarantined(about, text, refused.reason, by, now)


def _fact(user_id: str, candidate: Candidate, batch: Sequence[Journaled], by: str) -> Fact:
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
        extractor=by,
        session_id=message.session_id,
        agent_id=message.agent_id,
        metadata=message.metadata,
    )


def _keys(
    words: Mapping[int, Sequence[Key]],
    extraction: Extraction,
    proposed: Sequence[tuple[Fact, Candidate]],
    positions: Mapping[str, int],
) -> list[tuple[int, Key, str | None]]:
    keys: list[tuple[int, Key, str | None]] = [(position, key, None) for position, own in words.items() for key in own]
    stated = {(span.message_id, _bare(fact.text)) for fact, _ in proposed for span in fact.evidence}
    keys.extend(
        (positions[key.message_id], key, None)
        for key in extraction.keys
        if (key.message_id, _bare(key.text)) not in stated
    )
    for fact, _ in proposed:
        for span in fact.evidence:
            key = Key("fact", fact.text, span.message_id, span.start, span.end, fact.flags)
            keys.append((positions[span.message_id], key, fact.id))
    return keys


def _bare(text: str) -> str:
    """Return a statement without its full stop: rules write none, models do."""
    return text.rstrip(".").casefold()


def _standing(
    parts: Parts, user_id: str, rows: Sequence[Row], positions: Sequence[int]
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the facts near to the new ones, and which of the messages were read before."""
    found: dict[str, None] = {}
    with parts.index.partition(user_id) as partition:
        read_before = tuple(position for position in positions if partition.has_words(position))
        for row in rows:
            if row.fact_id:
                vector = np.frombuffer(row.vector, dtype="<f2").astype(np.float32)
                request = Request(np.frombuffer(row.terms, dtype="<u4"), NEIGHBOURS, frozenset({"facts"}))
                ranked = partition.search(vector, request, parts.weights)
                found.update((partition.fact_ids[one.fact], None) for one in ranked)
    return tuple(found), read_before


def _known(
    read: ReadFacts, proposed: Sequence[tuple[Fact, Candidate]], near: tuple[str, ...], outcome: Outcome
) -> list[Fact]:
    if outcome.rereads:
        return read(FactQuery())
    if not proposed:
        return []
    slots = tuple({fact.slot for fact, _ in proposed if fact.slot})
    return read(
        FactQuery(
            ids=(*near, *(fact.id for fact, _ in proposed), *_related(proposed)),
            slots=slots,
            texts=tuple({fact.text for fact, _ in proposed}),
        )
    )


def _related(proposed: Sequence[tuple[Fact, Candidate]]) -> Iterator[str]:
    for _, candidate in proposed:
        yield from (relation.fact_id for relation in candidate.relations)


def _without_echo(parts: Parts, user_id: str, extraction: Extraction, messages: Sequence[Message]) -> Flow[Extraction]:
    """Leave out what the assistant or a tool says about the user and the memory had told them."""
    speakers = {message.id: message.role for message in messages}
    told = [
        one
        for one in extraction.candidates
        if one.evidence and all(speakers.get(span.message_id, "user") != "user" for span in one.evidence)
    ]
    if not told:
        return extraction
    facts = yield from local(lambda: parts.store.facts(user_id, FactQuery()))
    lines = parts.injected.lines(user_id)
    known = [fingerprint(fact.text) for fact in facts]
    echoes = [one for one in told if repeats(one.text, lines) or repeats(one.text, known, together=False)]
    return replace(
        extraction,
        candidates=tuple(one for one in extraction.candidates if one not in echoes),
        skipped=(*extraction.skipped, *(Skipped(one.evidence[0].message_id, one.text, ECHO) for one in echoes)),
    )


def _unread(batch: Sequence[Journaled]) -> Iterator[Skipped]:
    for one in batch:
        beyond = len(one.message.content) - READ
        if beyond > 0:
            yield Skipped(one.message.id, "", f"{beyond} characters beyond the {READ} that search reads")
