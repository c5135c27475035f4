"""Values to SQL rows and back. Lists and mappings are JSON, moments ISO 8601, flags words with blanks between."""

import json
from datetime import datetime, timezone
from typing import Any

from holdfast.protocols import FactKeys, Journaled, Place, Row
from holdfast.types import Change, Event, Evidence, Fact, Message, to_json

__all__ = [
    "CHANGE_COLUMNS",
    "ERASED",
    "FACT_COLUMNS",
    "KEY_COLUMNS",
    "MESSAGE_COLUMNS",
    "SqlRow",
    "change_values",
    "dumps",
    "fact_values",
    "key_values",
    "message_values",
    "micros",
    "read_change",
    "read_fact",
    "read_fact_keys",
    "read_key",
    "read_message",
    "read_place",
    "utc",
]

SqlRow = tuple[Any, ...]

MESSAGE_COLUMNS = "position, id, session, agent, role, name, content, said_at, metadata, raw"
KEY_COLUMNS = 'position, kind, text, start, "end", flags, fact, terms, vector'
FACT_COLUMNS = (
    "id, text, kind, category, subject, slot, value, polarity, entities, event, said_at, valid_from, valid_to, "
    "superseded_by, reason, confidence, flags, evidence, extractor, session, agent, metadata"
)
CHANGE_COLUMNS = 'id, at, kind, fact, before, after, reason, "by", evidence, undoes, position'

ERASED = {"erased": True}
"""`raw` of a message whose words were erased: it keeps its place, and is known when it is sent again."""

_FIRST, _LAST = (end.replace(tzinfo=timezone.utc) for end in (datetime.min, datetime.max))  # noqa: DTZ901
_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_decoded = json.JSONDecoder().raw_decode  # of what `dumps` wrote: no white space to look for, as json.loads does
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def dumps(value: Any) -> str:
    """Return JSON with every character as itself, so that a reader of the file sees the words that were said."""
    return _encoded(to_json(value))


def utc(moment: datetime) -> str:
    """Return a moment in UTC at full width, so that texts sort as moments do; the calendar's ends where it has none."""
    try:
        moment = moment.astimezone(timezone.utc)
    except OverflowError:
        moment = _FIRST if moment.year == 1 else _LAST
    return moment.isoformat(timespec="microseconds")


def micros(moment: datetime) -> int:
    """Return the microseconds since 1970, UTC."""
    elapsed = moment - _EPOCH
    return (elapsed.days * 86_400 + elapsed.seconds) * 1_000_000 + elapsed.microseconds


def _micros_of(text: str) -> int:
    return micros(datetime.fromisoformat(text))


def message_values(position: int, message: Message) -> SqlRow:
    """Return a journaled message in the order of MESSAGE_COLUMNS."""
    assert message.at is not None
    return (
        position, message.id, message.session_id, message.agent_id, message.role, message.name, message.content,
        message.at.isoformat(), dumps(message.metadata), None if message.raw is None else dumps(message.raw),
    )  # fmt: skip


def read_message(row: SqlRow) -> Journaled:
    """Return the message of a row in the order of MESSAGE_COLUMNS."""
    position, id_, session, agent, role, name, content, said_at, metadata, raw = row
    return Journaled(
        position,
        Message(
            role, content, id_, datetime.fromisoformat(said_at), name, session, agent,
            json.loads(metadata), None if raw is None else json.loads(raw),
        ),
    )  # fmt: skip


def read_place(row: SqlRow) -> Place:
    """Return the place of a row: position, role, name, session, agent, said_at, length."""
    position, role, name, session, agent, said_at, length = row
    return Place(position, role, name, session, agent, _micros_of(said_at), length)


def key_values(row: Row) -> SqlRow:
    """Return a key in the order of KEY_COLUMNS."""
    return (
        row.position, row.kind, row.text, row.start, row.end, " ".join(row.flags), row.fact_id, row.terms, row.vector,
    )  # fmt: skip


def read_key(row: SqlRow) -> Row:
    """Return the key of a row in the order of KEY_COLUMNS."""
    position, kind, text, start, end, flags, fact, terms, vector = row
    return Row(position, kind, text, start, end, tuple(flags.split()), fact, terms, vector)


def fact_values(fact: Fact) -> SqlRow:
    """Return a fact in the order of FACT_COLUMNS."""
    return (
        fact.id, fact.text, fact.kind, fact.category, fact.subject, fact.slot, fact.value, fact.polarity,
        dumps(fact.entities), None if fact.event is None else dumps(fact.event), fact.said_at.isoformat(),
        fact.valid_from.isoformat(), fact.valid_to.isoformat() if fact.valid_to else None, fact.superseded_by,
        fact.reason, fact.confidence, " ".join(fact.flags), dumps(fact.evidence), fact.extractor,
        fact.session_id, fact.agent_id, dumps(fact.metadata),
    )  # fmt: skip


def read_fact(user_id: str, row: SqlRow) -> Fact:
    """Return the fact of a row in the order of FACT_COLUMNS."""
    (
        id_, text, kind, category, subject, slot, value, polarity, entities, event, said_at, valid_from, valid_to,
        superseded_by, reason, confidence, flags, evidence, extractor, session, agent, metadata,
    ) = row  # fmt: skip
    moment = datetime.fromisoformat
    said = moment(said_at)
    return Fact(
        id_, user_id, text, kind, category, subject, slot, value, polarity,
        () if entities == "[]" else tuple(_decoded(entities)[0]),
        Event.from_dict(_decoded(event)[0]) if event else None, said,
        said if valid_from == said_at else moment(valid_from), moment(valid_to) if valid_to else None, superseded_by,
        reason, confidence, tuple(flags.split()), tuple([Evidence(**item) for item in _decoded(evidence)[0]]),
        extractor, session, agent, {} if metadata == "{}" else _decoded(metadata)[0],
    )  # fmt: skip


def read_fact_keys(row: SqlRow) -> FactKeys:
    """Return what search knows of a fact, from a row: id, valid_from, valid_to."""
    id_, valid_from, valid_to = row
    return FactKeys(id_, _micros_of(valid_from), _micros_of(valid_to) if valid_to else None)


def change_values(change: Change) -> SqlRow:
    """Return a change in the order of CHANGE_COLUMNS."""
    return (
        change.id, utc(change.at), change.kind, change.fact_id, dumps(change.before) if change.before else None,
        dumps(change.after) if change.after else None, change.reason, change.by, dumps(change.evidence), change.undoes,
        change.position,
    )  # fmt: skip


def read_change(row: SqlRow) -> Change:
    """Return the change of a row in the order of CHANGE_COLUMNS."""
    id_, at, kind, fact, before, after, reason, by, evidence, undoes, position = row
    return Change(
        id_, datetime.fromisoformat(at), kind, fact, Fact.from_dict(json.loads(before)) if before else None,
        Fact.from_dict(json.loads(after)) if after else None, reason, by,
        tuple(Evidence.from_dict(item) for item in json.loads(evidence)), undoes, position,
    )  # fmt: skip
