"""What people change by hand: update, delete, restore. Each is recorded and can be undone."""

from collections.abc import Callable
from dataclasses import replace

from holdfast.drivers import Flow, local
from holdfast.keying import keys_and_vectors, words_of
from holdfast.lexical import terms_of
from holdfast.outcome import change_id
from holdfast.parts import Parts
from holdfast.protocols import FactQuery, ReadFacts, Row, Write
from holdfast.types import Change, ChangeKind, Fact, Key, Message

__all__ = ["HAND", "delete", "restore", "update"]

HAND = "hand"
"""Who caused a change that a person made."""


def update(parts: Parts, user_id: str, fact_id: str, text: str) -> Flow[Change | None]:
    """Give a fact other words; None when there is no such fact."""
    fact = yield from local(lambda: _fact(parts, user_id, fact_id))
    if fact is None:
        return None
    rows = yield from _fact_rows(parts, user_id, replace(fact, text=text))

    def decide(read: ReadFacts) -> Write:
        for before in read(FactQuery(ids=(fact_id,))):
            flags = tuple(dict.fromkeys((*before.flags, "edited")))
            after = replace(before, text=text, slot=_slot(before, text), value=None, flags=flags)
            change = _change(parts, "edited", before, after, "edited by hand")
            return Write(keys=rows, facts=(after,), removed=(fact_id,), changes=(change,))
        return Write()

    return (yield from _committed(parts, user_id, decide))


def _slot(before: Fact, text: str) -> str | None:
    """Return the slot that the new words still fill: one of an object ("allergy:peanuts") only if they name it."""
    named = terms_of((before.slot or "").partition(":")[2])
    return before.slot if frozenset(named.tolist()) <= frozenset(terms_of(text).tolist()) else None


def delete(parts: Parts, user_id: str, fact_id: str) -> Flow[Change | None]:
    """Take a fact out, with the search keys of messages that say nothing else; None when there is no such fact."""

    def spoken_for() -> tuple[int, ...]:
        with parts.index.partition(user_id) as partition:
            return tuple(place.position for place in partition.spoken_for_by(fact_id))

    hidden = yield from local(spoken_for)

    def decide(read: ReadFacts) -> Write:
        for before in read(FactQuery(ids=(fact_id,))):
            change = _change(parts, "deleted", before, None, "deleted by hand")
            return Write(removed=(fact_id,), hidden=hidden, changes=(change,))
        return Write()

    return (yield from _committed(parts, user_id, decide))


def restore(parts: Parts, user_id: str, fact_id: str) -> Flow[Change | None]:
    """Undo the last deletion or supersession of a fact; None when there is nothing to undo."""
    changes = yield from local(lambda: parts.store.changes(user_id, fact_id=fact_id))
    undone = next((change for change in reversed(changes) if change.kind in ("deleted", "superseded")), None)
    if undone is None or undone.before is None:
        return None
    rows: tuple[Row, ...] = ()
    if undone.kind == "deleted":
        rows = yield from _fact_rows(parts, user_id, undone.before, words=True)

    def decide(read: ReadFacts) -> Write:
        standing = read(FactQuery(ids=(fact_id,)))
        before = standing[0] if standing else None
        if (before is not None) == (undone.kind == "deleted") or undone.before is None:
            return Write()  # somebody restored it in the meantime
        after = undone.before
        if before is not None:
            if before.active:
                return Write()
            after = replace(before, valid_to=after.valid_to, superseded_by=after.superseded_by, reason=after.reason)
        change = _change(parts, "restored", before, after, "restored by hand", undone.id)
        return Write(keys=rows, facts=(after,), changes=(change,))

    return (yield from _committed(parts, user_id, decide))


def _committed(parts: Parts, user_id: str, decide: Callable[[ReadFacts], Write]) -> Flow[Change | None]:
    write = yield from local(lambda: parts.store.commit(user_id, decide))
    return write.changes[0] if write.changes else None


def _fact(parts: Parts, user_id: str, fact_id: str) -> Fact | None:
    facts = parts.store.facts(user_id, FactQuery(ids=(fact_id,)))
    return facts[0] if facts else None


def _fact_rows(parts: Parts, user_id: str, fact: Fact, *, words: bool = False) -> Flow[tuple[Row, ...]]:
    """Make the keys of a fact; with `words`, also those of its messages that lost theirs."""

    def read() -> list[tuple[int, Message, bool]]:
        wanted = {span.message_id for span in fact.evidence}
        with parts.index.partition(user_id) as partition:
            return [
                (one.position, one.message, partition.has_words(one.position))
                for one in parts.store.messages(user_id, ids=tuple(wanted))
            ]

    found = yield from local(read)
    positions = {message.id: position for position, message, _ in found}
    keys: list[tuple[int, Key, str | None]] = [
        (positions[span.message_id], Key("fact", fact.text, span.message_id, span.start, span.end, fact.flags), fact.id)
        for span in fact.evidence
    ]
    if words:
        keys.extend((place, key, None) for place, message, has in found if not has for key in words_of(message))
    return (yield from keys_and_vectors(parts, user_id, keys, {position: message for position, message, _ in found}))


def _change(
    parts: Parts, kind: ChangeKind, before: Fact | None, after: Fact | None, reason: str, undoes: str | None = None
) -> Change:
    fact = after or before
    assert fact is not None
    now = parts.clock()
    id_ = change_id(kind, fact.id, fact.evidence, now.isoformat())
    return Change(id_, now, kind, fact.id, before, after, reason, HAND, fact.evidence, undoes)
