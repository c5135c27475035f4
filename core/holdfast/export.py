"""One user's memory as lines of JSON, and back; docs/export.md describes the lines."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, TypeAlias, cast

from holdfast.drivers import Flow, local
from holdfast.errors import ConfigurationError, StorageError
from holdfast.keying import keys_and_vectors, searchable
from holdfast.leases import LEASE, hold
from holdfast.lexical import REVISION
from holdfast.parts import Parts
from holdfast.protocols import FactQuery, Journaled, Lease, Pending, Row, Store, Write
from holdfast.types import Change, Fact, Key, LedgerEntry, Message, Quarantined

__all__ = ["FORMAT", "VERSION", "Line", "export", "key_of", "load"]

FORMAT = "holdfast memory"
VERSION = 1

Line: TypeAlias = Mapping[str, Any]

_TRIES = 5


@dataclass
class _Memory:
    """A user's partition, whole."""

    journal: list[Journaled] = field(default_factory=list[Journaled])
    pending: list[tuple[int, int, str | None]] = field(default_factory=list[tuple[int, int, str | None]])
    facts: list[Fact] = field(default_factory=list[Fact])
    changes: list[Change] = field(default_factory=list[Change])
    keys: list[Row] = field(default_factory=list[Row])
    entries: list[LedgerEntry] = field(default_factory=list[LedgerEntry])
    refused: list[Quarantined] = field(default_factory=list[Quarantined])

    def counts(self) -> dict[str, int]:
        """Return how many there are of each."""
        return {
            "message": len(self.journal),
            "pending": len(self.pending),
            "fact": len(self.facts),
            "change": len(self.changes),
            "key": len(self.keys),
            "ledger": len(self.entries),
            "quarantine": len(self.refused),
        }


def key_of(row: Row, message: Message) -> Key:
    """Return the key that a row was made of."""
    text = searchable(message.content)[row.start : row.end] if row.text is None else row.text
    return Key(row.kind, text, message.id, row.start, row.end, row.flags)


def export(parts: Parts, user_id: str) -> Iterator[dict[str, Any]]:
    """Read a user's memory and return its lines."""
    return _export(_read(parts.store, user_id), user_id, str(parts.embedder.fingerprint))


def _export(memory: _Memory, user_id: str, embedder: str) -> Iterator[dict[str, Any]]:
    written = _Digest()
    head = {"format": FORMAT, "version": VERSION, "user_id": user_id, "embedder": embedder, "terms": REVISION}
    for line in chain([{**head, "counts": memory.counts()}], _lines(memory)):
        written.add(line)
        yield line
    yield {"end": {"lines": written.lines, "sha256": written.hexdigest()}}


def load(parts: Parts, lines: Iterable[str | bytes | Line]) -> Flow[str]:
    """Take in what `export` wrote and return whose memory it is; nothing is written before all of it was read.

    Vectors are taken over when the embedder is the one that made them, else made anew.

    Raises:
        ConfigurationError: A line is not of an export, or the file is cut or changed: with the number of the line.
            Or the user has a memory here already.
    """
    head, memory = _parsed(lines)
    user_id = str(head["user_id"])
    if (head["embedder"], head["terms"]) != (str(parts.embedder.fingerprint), REVISION):
        memory.keys = list((yield from _embedded(parts, user_id, memory)))
    yield from local(lambda: _write(parts, user_id, memory))
    return user_id


def _read(store: Store, user_id: str) -> _Memory:
    for _ in range(_TRIES):
        journal = store.messages(user_id)
        delta = store.pull(user_id, 0)
        places = {one.position for one in journal}
        pending = [_waiting(one) for one in store.pending(user_id=user_id) if one.journaled.position in places]
        facts, changes = store.facts(user_id, FactQuery()), store.changes(user_id)
        entries, refused = store.entries(user_id), store.quarantine(user_id)
        # Messages come first and the sequence number is compared last, so that everything is of one moment.
        if store.pull(user_id, delta.seq) == replace(delta, reset=False, keys=(), facts=(), places=()):
            return _Memory(journal, pending, facts, changes, list(delta.keys), entries, refused)
    raise StorageError("export", f"the memory of {user_id!r} was written to during each of {_TRIES} tries; try again")


def _waiting(one: Pending) -> tuple[int, int, str | None]:
    return one.journaled.position, one.attempts, one.reason


def _lines(memory: _Memory) -> Iterator[dict[str, Any]]:
    for one in memory.journal:
        yield {"message": {"position": one.position, **one.message.to_dict()}}
    for position, attempts, reason in memory.pending:
        yield {"pending": {"position": position, "attempts": attempts, "reason": reason}}
    for fact in memory.facts:
        yield {"fact": fact.to_dict()}
    for change in memory.changes:
        yield {"change": change.to_dict()}
    for row in memory.keys:
        yield {
            "key": {
                "position": row.position, "kind": row.kind, "text": row.text, "start": row.start, "end": row.end,
                "flags": list(row.flags), "fact_id": row.fact_id, "terms": base64.b64encode(row.terms).decode(),
                "vector": base64.b64encode(row.vector).decode(),
            }
        }  # fmt: skip
    for entry in memory.entries:
        yield {"ledger": entry.to_dict()}
    for statement in memory.refused:
        yield {"quarantine": statement.to_dict()}


class _Digest:
    """SHA-256 over lines in canonical form, so that other blanks or another order of names make no difference."""

    def __init__(self) -> None:
        self.lines = 0
        self._hash = hashlib.sha256()

    def add(self, line: Line) -> None:
        self.lines += 1
        text = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        self._hash.update(text.encode("utf-8") + b"\n")

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def _parsed(lines: Iterable[str | bytes | Line]) -> tuple[Line, _Memory]:
    memory, digest = _Memory(), _Digest()
    head: Line | None = None
    number = 0
    for number, raw in enumerate(lines, 1):
        line = _object(raw, number)
        if head is None:
            head = _head(line, number)
        elif "end" in line:
            _check_end(line["end"], digest, number)
            return head, _checked(memory, head, number)
        else:
            try:
                _take(memory, line)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise ConfigurationError(
                    f"line {number} is no line of an export: {error}; nothing was loaded"
                ) from None
        digest.add(line)
    if head is None:
        raise ConfigurationError("there is no line; an export begins with its format. Nothing was loaded")
    raise ConfigurationError(f"the export ends after line {number}, before its end; nothing was loaded")


def _object(raw: str | bytes | Line, number: int) -> Line:
    if isinstance(raw, Mapping):
        return raw
    try:
        line = json.loads(raw)
    except ValueError as error:
        raise ConfigurationError(f"line {number} is not JSON: {error}; nothing was loaded") from None
    if not isinstance(line, dict):
        raise ConfigurationError(f"line {number} is no line of an export; nothing was loaded")
    return cast(Line, line)


def _head(line: Line, number: int) -> Line:
    if line.get("format") != FORMAT:
        raise ConfigurationError(f"line {number} is not the beginning of an export; nothing was loaded")
    if line.get("version") != VERSION:
        raise ConfigurationError(
            f"line {number}: version {line.get('version')!r} of the format, known is {VERSION}; upgrade holdfast"
        )
    names = ("user_id", "embedder", "terms", "counts")
    if missing := [name for name in names if name not in line]:
        raise ConfigurationError(f"line {number} lacks {', '.join(missing)}; nothing was loaded")
    return line


def _take(memory: _Memory, line: Line) -> None:
    ((name, value),) = line.items()
    if name == "message":
        given = dict(value)
        memory.journal.append(Journaled(int(given.pop("position")), Message.from_dict(given)))
    elif name == "pending":
        memory.pending.append((int(value["position"]), int(value["attempts"]), value["reason"]))
    elif name == "fact":
        memory.facts.append(Fact.from_dict(value))
    elif name == "change":
        memory.changes.append(Change.from_dict(value))
    elif name == "key":
        terms, vector = base64.b64decode(value["terms"]), base64.b64decode(value["vector"])
        row: dict[str, Any] = {**value, "flags": tuple(value["flags"]), "terms": terms, "vector": vector}
        memory.keys.append(Row(**row))
    elif name == "ledger":
        memory.entries.append(LedgerEntry.from_dict(value))
    elif name == "quarantine":
        memory.refused.append(Quarantined.from_dict(value))
    else:
        raise ValueError(f"unknown name {name!r}")


def _check_end(end: Any, digest: _Digest, number: int) -> None:
    if end != {"lines": digest.lines, "sha256": digest.hexdigest()}:
        raise ConfigurationError(
            f"line {number}: the {digest.lines} lines before do not agree with what the end says of them; "
            "the export was cut or changed. Nothing was loaded"
        )


def _checked(memory: _Memory, head: Line, number: int) -> _Memory:
    expected = {name: head["counts"].get(name, 0) for name in memory.counts()}  # what is not named was not there
    if memory.counts() != expected:
        raise ConfigurationError(f"line {number}: the lines are not as many as line 1 says; nothing was loaded")
    return memory


def _embedded(parts: Parts, user_id: str, memory: _Memory) -> Flow[Sequence[Row]]:
    messages = {one.position: one.message for one in memory.journal}
    keys = [(row.position, key_of(row, messages[row.position]), row.fact_id) for row in memory.keys]
    return (yield from keys_and_vectors(parts, user_id, keys, messages))


def _write(parts: Parts, user_id: str, memory: _Memory) -> None:
    store = parts.store
    standing = store.messages(user_id)
    # A load that was interrupted after the journal was written may be repeated; anything else would be mixed.
    begun = [one.message.id for one in memory.journal[: len(standing)]] == [one.message.id for one in standing]
    if standing and (not begun or store.changes(user_id) or store.facts(user_id, FactQuery())):
        raise ConfigurationError(f"user {user_id!r} has a memory here already; forget it first. Nothing was loaded")
    now = max((one.message.at for one in memory.journal if one.message.at), default=parts.clock())
    with hold() as owner:  # so that nobody learns in between what the export says already
        lease = Lease(owner, parts.clock() + LEASE)
        journaled = store.append(user_id, [one.message for one in memory.journal], now=now, lease=lease)
        _complete(store, user_id, memory, journaled)
        now = parts.clock()
        store.take(user_id, [one.position for one in journaled], Lease(owner, now), now=now)  # what waits is free again


def _complete(store: Store, user_id: str, memory: _Memory, journaled: Sequence[Journaled]) -> None:
    # Positions close up where messages were forgotten.
    places = {old.position: new.position for old, new in zip(memory.journal, journaled, strict=True)}
    waiting = {position for position, _, _ in memory.pending}
    write = Write(
        keys=tuple(replace(row, position=places[row.position]) for row in memory.keys),
        facts=tuple(memory.facts),
        changes=tuple(replace(change, position=_place(change.position, places)) for change in memory.changes),
        done=tuple(new for old, new in places.items() if old not in waiting),
        entries=tuple(memory.entries),
        quarantined=tuple(memory.refused),
    )
    store.commit(user_id, lambda _: write)
    for position, attempts, reason in memory.pending:
        for _ in range(attempts):
            store.fail(user_id, [places[position]], reason or "")


def _place(position: int, places: Mapping[int, int]) -> int:
    return max((new for old, new in places.items() if old <= position), default=0)
