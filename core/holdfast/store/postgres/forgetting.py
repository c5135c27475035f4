"""What forgetting takes out of a server: a user, a session, or a fact with its words; and what may remain where."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import psycopg

from holdfast.errors import StorageError
from holdfast.protocols import FactQuery
from holdfast.store.erasure import needles_of, search
from holdfast.store.postgres.books import recounting
from holdfast.store.postgres.connections import Connections, Rows, Statement, Transaction
from holdfast.store.postgres.journal import choosing
from holdfast.store.postgres.schema import TABLES
from holdfast.store.postgres.writing import insert_change, insert_fact, lock, select_facts
from holdfast.store.rows import CHANGE_COLUMNS, ERASED, dumps, read_change
from holdfast.store.unsaid import cleaned, lost_facts, without
from holdfast.types import Change, Receipt

__all__ = ["Removed", "positions_of_evidence", "positions_of_session", "remove_messages", "remove_user", "vacuumed"]

_TEXTS: Mapping[str, tuple[str, ...]] = {
    "message": ("content", "raw", "id", "session", "agent", "name", "metadata"),
    "key": ("text",),
    "fact": ("id", "text", "value", "reason"),
    "quarantine": ("text",),
    "change": ("before::json ->> 'text'", "after::json ->> 'text'", "reason"),
}

_REMAINS = (
    "the server's write-ahead log, until it is recycled, and wherever it is archived",
    "backups and standbys that were made before",
    "free space inside the table's pages, until it is used again or VACUUM FULL writes the table anew",
)


@dataclass
class Removed:
    """How many rows went, which words went with them, and whose messages they were.

    `parts` are the tables, or parts of tables, that they stood in; `kept` is what the user's other rows say rightly.
    """

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TABLES, 0))
    texts: list[str] = field(default_factory=list[str])
    ids: list[str] = field(default_factory=list[str])
    parts: set[str] = field(default_factory=set[str])
    kept: list[str] = field(default_factory=list[str])

    @property
    def digest(self) -> str:
        """SHA-256 of the message ids in order."""
        return hashlib.sha256("\n".join(self.ids).encode()).hexdigest()

    def take(self, transaction: Transaction, table: str, condition: str, *values: object) -> None:
        """Delete rows and keep their words, to look for them."""
        columns = ", ".join(("tableoid::regclass::text", *_TEXTS.get(table, ())))
        query = f"DELETE FROM holdfast.{table} WHERE {condition} RETURNING {columns}"
        (rows,) = transaction.run((query, values))
        self.counts[table] += len(rows)
        self.parts.update(str(row[0]) for row in rows)
        self.keep([row[1:] for row in rows])

    def keep(self, rows: Rows) -> None:
        """Keep the words of rows."""
        self.texts.extend(dict.fromkeys(str(text) for row in rows for text in row if text is not None))


def remove_user(transaction: Transaction, user_id: str) -> Removed:
    """Delete every row of a user."""
    removed = Removed(texts=[user_id])
    query = "SELECT id FROM holdfast.message WHERE user_id = %s ORDER BY position"
    (ids,) = transaction.run((query, (user_id,)))
    removed.ids.extend(id for (id,) in ids)
    for table in sorted(TABLES, key=lambda table: table == "partition"):
        removed.take(transaction, table, "user_id = %s", user_id)
    return removed


def positions_of_session(transaction: Transaction, user_id: str, session: str | None) -> list[int]:
    """Return where the messages of a session stand."""
    query, values = choosing(user_id, session_id=session, positions=None, ids=None, before=None, limit=None)
    (rows,) = transaction.run((query, values))
    return [row[0] for row in reversed(rows)]


def positions_of_evidence(transaction: Transaction, user_id: str, fact_id: str) -> list[int] | None:
    """Return where the messages of a fact's evidence stand, a deleted one's too; None without such a fact."""
    query = """
        SELECT evidence FROM holdfast.fact WHERE user_id = %s AND id = %s
        UNION ALL SELECT evidence FROM holdfast.change WHERE user_id = %s AND fact = %s
    """
    (rows,) = transaction.run((query, (user_id, fact_id, user_id, fact_id)))
    ids = [span["message_id"] for (spans,) in rows for span in json.loads(spans)]
    if not ids:
        return None
    (rows,) = transaction.run(choosing(user_id, session_id="*", positions=None, ids=ids, before=None, limit=None))
    return [row[0] for row in reversed(rows)]


def remove_messages(
    transaction: Transaction,
    user_id: str,
    positions: Sequence[int],
    *,
    facts: Collection[str] = (),
    keep_rows: bool = False,
) -> Removed:
    """Take messages out, and all that rests on them alone; see `holdfast.store.forgetting.remove_messages`."""
    removed = Removed()
    here, listed = "user_id = %s AND position = ANY(%s)", (user_id, list(positions))
    standing, ids, history = transaction.run(
        lock(user_id),
        (f"SELECT id FROM holdfast.message WHERE {here} ORDER BY position", listed),
        (f"SELECT seq, {CHANGE_COLUMNS} FROM holdfast.change WHERE user_id = %s ORDER BY seq", (user_id,)),
    )
    removed.ids.extend(id for (id,) in ids)
    if not ids:
        return removed
    changes = {row[0]: read_change(row[1:]) for row in history}
    gone = set(removed.ids)
    removed.kept = _kept(transaction, user_id, positions)
    known = select_facts(transaction, user_id, FactQuery())
    lost = lost_facts(known, [(one.fact_id, dumps(one.evidence)) for one in changes.values()], gone, facts)
    for table, column in (("key", "fact"), ("fact", "id"), ("change", "fact")):
        removed.take(transaction, table, f"user_id = %s AND {column} = ANY(%s)", user_id, sorted(lost))
    removed.take(transaction, "key", here, *listed)
    removed.take(transaction, "pending", here, *listed)
    # What a model made up may hold words of any message.
    removed.take(transaction, "quarantine", "user_id = %s", user_id)
    seq = standing[0][0] + 1
    statements: list[Statement] = [_clear(user_id, seq)]
    for fact in known:
        after = without(fact, gone, lost)
        if fact.id not in lost and after != fact:
            removed.texts.extend(text for text in (fact.id, fact.text, fact.value, fact.reason) if text)
            seq += 1
            statements.append(insert_fact(user_id, seq, after))
    statements.append(("UPDATE holdfast.partition SET seq = %s WHERE user_id = %s", (seq, user_id)))
    statements.extend(_clean_changes(user_id, changes, gone, lost))
    transaction.run(*statements)
    removed.kept += _texts(transaction.run(*[_everything(table, user_id) for table in ("fact", "change")]))
    if keep_rows:
        columns = ", ".join(_TEXTS["message"])
        emptied = "content = '', tokens = 0, metadata = '{}', name = NULL, raw = %s"
        update = f"UPDATE holdfast.message SET {emptied} WHERE {here}"
        rows, _ = transaction.run(
            (f"SELECT {columns} FROM holdfast.message WHERE {here}", listed), (update, (dumps(ERASED), *listed))
        )
        removed.counts["message"] += len(rows)
        removed.keep(rows)
    else:
        removed.take(transaction, "message", here, *listed)
    transaction.run(recounting(user_id))
    return removed


def _clear(user_id: str, seq: int) -> Statement:
    return "UPDATE holdfast.partition SET seq = %s, cleared = %s WHERE user_id = %s", (seq, seq, user_id)


def _clean_changes(user_id: str, changes: Mapping[int, Change], gone: set[str], lost: set[str]) -> Iterator[Statement]:
    """Take the words that went out of the history of facts that stay; a change that rested on them alone goes."""
    for seq, change in changes.items():
        left = cleaned(change, gone, lost) if change.fact_id not in lost else change
        if left != change:
            yield "DELETE FROM holdfast.change WHERE user_id = %s AND seq = %s", (user_id, seq)
            if left is not None:
                yield insert_change(user_id, seq, left)


def _kept(transaction: Transaction, user_id: str, positions: Sequence[int]) -> list[str]:
    """Return the texts of messages that stay, of their keys and of whatever else stands at their places."""
    elsewhere = "user_id = %s AND NOT position = ANY(%s)"
    values = (user_id, list(positions))
    statements = [(f"SELECT * FROM holdfast.{table} WHERE {elsewhere}", values) for table in _PLACED]
    return [user_id, *_texts(transaction.run(*statements))]


def vacuumed(connections: Connections, user_id: str, removed: Removed, now: datetime) -> Receipt:
    """Give the space of what was removed free, look for it in the user's rows, and say where it may remain.

    Raises:
        StorageError: It was found.
    """
    needles = needles_of(removed.texts)
    tables = connections.read(user_id, *[_everything(table, user_id) for table in TABLES])
    left = {table: _texts([rows]) for table, rows in zip(TABLES, tables, strict=True)}
    found = search((text.encode() for texts in left.values() for text in texts), needles)
    found -= search((text.encode() for text in removed.kept), list(found))
    if found:
        raise StorageError(
            connections.path, f"the rows are removed, but {len(found)} pieces of them were found in others of the user"
        )
    remains = (*_vacuum(connections, sorted(removed.parts)), *_REMAINS) if removed.parts else ()
    scanned = {f"holdfast.{table}": sum(len(text.encode()) for text in texts) for table, texts in left.items()}
    return Receipt(user_id, now, removed.counts, scanned, len(needles), removed.digest, remains)


def _everything(table: str, user_id: str) -> Statement:
    return f"SELECT * FROM holdfast.{table} WHERE user_id = %s", (user_id,)


def _texts(tables: Iterable[Rows]) -> list[str]:
    return [value for rows in tables for row in rows for value in row if isinstance(value, str)]


def _vacuum(connections: Connections, parts: Sequence[str]) -> list[str]:
    """Vacuum tables, or parts of tables; return what could not be done about the dead rows in them."""
    said: list[tuple[str, str]] = []

    def hear(notice: psycopg.errors.Diagnostic) -> None:
        said.append((notice.severity_nonlocalized or "", notice.message_primary or ""))

    with connections.lend() as database:
        database.add_notice_handler(hear)
        try:
            # Index entries hold the user's id; a table with few dead rows would keep them.
            database.execute(f"VACUUM (VERBOSE, INDEX_CLEANUP ON, PARALLEL 0) {', '.join(parts)}".encode())
        finally:
            database.remove_notice_handler(hear)
    refused = [text for severity, text in said if severity == "WARNING"]
    if refused:
        return [f"dead rows inside the tables, until they are vacuumed by who may: {refused[0]}"]
    waiting = sum(int(number) for _, text in said for number in _DEAD.findall(text))
    if waiting:
        return [f"up to {waiting} dead rows that an older transaction still sees, until it ends and autovacuum comes"]
    return []


_DEAD = re.compile(r"(\d+) are dead but not yet removable")
_PLACED = ("message", "key")
