"""The store on a server against itself: what must agree, as one query a rule and user; and how it is mended."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timezone

from holdfast.store.postgres.connections import Connections, Rows, Statement, Transaction
from holdfast.store.postgres.schema import TABLES
from holdfast.store.postgres.writing import insert_change, lock
from holdfast.store.rows import FACT_COLUMNS, read_fact
from holdfast.types import Change, Evidence, Fact, Report

__all__ = ["inspect"]

_BY = "check"

# Each asks with the user's id, as often as it has places for it.
_RULES: tuple[tuple[str, str], ...] = (
    (
        "key {} belongs to no message",
        """SELECT seq FROM holdfast.key AS k WHERE user_id = %s AND NOT EXISTS
        (SELECT 1 FROM holdfast.message AS m WHERE m.user_id = %s AND m.position = k.position)""",
    ),
    (
        "key {} belongs to no fact",
        """SELECT seq FROM holdfast.key AS k WHERE user_id = %s AND fact IS NOT NULL AND NOT EXISTS
        (SELECT 1 FROM holdfast.fact AS f WHERE f.user_id = %s AND f.id = k.fact)""",
    ),
    (
        "fact {} has no key",
        # One whose messages wait to be learnt anew will have one then.
        """SELECT id FROM holdfast.fact AS f WHERE user_id = %s AND NOT EXISTS
        (SELECT 1 FROM holdfast.key AS k WHERE k.user_id = %s AND k.fact = f.id) AND NOT EXISTS
        (SELECT 1 FROM json_array_elements(f.evidence::json) AS span JOIN holdfast.message AS m
        ON m.user_id = %s AND m.id = span ->> 'message_id'
        JOIN holdfast.pending AS w ON w.user_id = %s AND w.position = m.position)""",
    ),
    (
        "fact {} is superseded by one that is not there",
        """SELECT id FROM holdfast.fact AS f WHERE user_id = %s AND superseded_by IS NOT NULL AND NOT EXISTS
        (SELECT 1 FROM holdfast.fact AS s WHERE s.user_id = %s AND s.id = f.superseded_by) AND NOT EXISTS
        (SELECT 1 FROM holdfast.change AS c
        WHERE c.user_id = %s AND c.fact = f.superseded_by AND c.kind = 'deleted')""",
    ),
    (
        "pending position {} is not in the journal",
        """SELECT position FROM holdfast.pending AS w WHERE user_id = %s AND NOT EXISTS
        (SELECT 1 FROM holdfast.message AS m WHERE m.user_id = %s AND m.position = w.position)""",
    ),
    (
        "terms of key {} are cut",
        "SELECT seq FROM holdfast.key WHERE user_id = %s AND octet_length(terms) %% 4 <> 0",
    ),
    (
        "the partition of user {} has rows beyond its sequence number",
        """SELECT user_id FROM holdfast.partition AS p WHERE user_id = %s AND seq < greatest(
        (SELECT max(seq) FROM holdfast.key WHERE user_id = %s),
        (SELECT max(seq) FROM holdfast.fact WHERE user_id = %s))""",
    ),
    (
        "message {} is neither pending nor searchable, and no change explains it",
        """SELECT id FROM holdfast.message AS m WHERE user_id = %s AND content <> '' AND NOT EXISTS
        (SELECT 1 FROM holdfast.pending AS w WHERE w.user_id = %s AND w.position = m.position) AND NOT EXISTS
        (SELECT 1 FROM holdfast.key AS k WHERE k.user_id = %s AND k.position = m.position) AND NOT EXISTS
        (SELECT 1 FROM holdfast.change AS c WHERE c.user_id = %s AND c.kind = 'deleted')""",
    ),
)

_COUNTED = " UNION ALL ".join(
    f"SELECT '{table}', count(*) FROM holdfast.{table} WHERE user_id = %s" for table in TABLES
)

_WIDTHS = "SELECT DISTINCT vector_dims(vector) FROM holdfast.key WHERE user_id = %s"

_FACTS = f"SELECT {FACT_COLUMNS} FROM holdfast.fact WHERE user_id = %s"
_SAID = "SELECT id, content FROM holdfast.message WHERE user_id = %s"


def _for(user_id: str, query: str) -> Statement:
    return query, (user_id,) * query.count("%s")


def inspect(connections: Connections, users: Sequence[str], *, repair: bool) -> Report:
    """Return what was counted and what does not agree, user by user; ids and numbers are named, words never.

    With `repair` each user's rows are mended first, in a transaction of their own.
    """
    counts = dict.fromkeys(TABLES, 0)
    findings: list[str] = []
    widths: set[int] = set()
    mended = 0
    for user_id in users:
        if repair:
            mended += connections.write(user_id, _Mending(user_id))
        statements = [
            _for(user_id, query) for query in (_COUNTED, _WIDTHS, *(query for _, query in _RULES), _FACTS, _SAID)
        ]
        counted, dimensions, *ruled, facts, said = connections.read(user_id, *statements)
        for table, count in counted:
            counts[table] += count
        widths.update(width for (width,) in dimensions)
        for (sentence, _), rows in zip(_RULES, ruled, strict=True):
            findings.extend(sentence.format(value) for (value,) in rows if not _blank(sentence, value, said))
        findings.extend(
            f"fact {fact.id} rests on words that message {span.message_id} does not hold"
            for fact, span in _unfounded(user_id, facts, said)
        )
    if len(widths) > 1:
        findings.append(f"vectors of different widths: {', '.join(map(str, sorted(widths)))} dimensions")
    (((records,),),) = connections.read_all(("SELECT count(*) FROM holdfast.record", ()))
    counts["record"] = records
    return Report({**counts, "repaired": mended} if repair else counts, tuple(findings))


def _blank(sentence: str, value: str, said: Rows) -> bool:
    """Whether a message that no search finds has no words, as Python tells white space."""
    return sentence.startswith("message") and any(id == value and not content.strip() for id, content in said)


def _unfounded(user_id: str, facts: Rows, said: Rows) -> Iterator[tuple[Fact, Evidence]]:
    contents: dict[str, str] = dict(said)
    for row in facts:
        fact = read_fact(user_id, row)
        for span in fact.evidence:
            if contents.get(span.message_id, "\0")[span.start : span.end] != span.quote:
                yield fact, span


class _Mending:
    """Mends one user's rows: what is derived is derived anew, and what was said is never deleted."""

    def __init__(self, user_id: str) -> None:
        self._user_id = user_id
        self._mended = 0

    def __call__(self, transaction: Transaction) -> int:
        """Do so inside a transaction and return how many rows that took."""
        user_id = self._user_id
        (standing,) = transaction.run(lock(user_id))
        if not standing:
            return 0  # forgotten meanwhile
        self._take_out(transaction, "key", "seq", (0, 1))
        self._take_out(transaction, "pending", "position", (4,))
        self._let_hold(transaction)
        highest = self._retire(transaction)
        self._learn_anew(transaction)
        # A sequence number that no reader can have seen: each reads everything again.
        seq = max(standing[0][0], highest) + 1
        update = "UPDATE holdfast.partition SET seq = %s, cleared = %s WHERE user_id = %s"
        transaction.finish((update, (seq, seq, user_id)))
        return self._mended + int(highest > standing[0][0])

    def _broken(self, transaction: Transaction, rule: int) -> list[int | str]:
        (rows,) = transaction.run(_for(self._user_id, _RULES[rule][1]))
        return [value for (value,) in rows]

    def _take_out(self, transaction: Transaction, table: str, column: str, rules: Sequence[int]) -> None:
        for rule in rules:
            broken = self._broken(transaction, rule)
            query = f"DELETE FROM holdfast.{table} WHERE user_id = %s AND {column} = ANY(%s)"
            transaction.run((query, (self._user_id, broken)))
            self._mended += len(broken)

    def _let_hold(self, transaction: Transaction) -> None:
        broken = self._broken(transaction, 3)
        query = "UPDATE holdfast.fact SET superseded_by = NULL WHERE user_id = %s AND id = ANY(%s)"
        transaction.run((query, (self._user_id, broken)))
        self._mended += len(broken)

    def _retire(self, transaction: Transaction) -> int:
        """Take facts whose words are not in the journal out, into the history; return the highest sequence number."""
        user_id = self._user_id
        union = " UNION ALL ".join(
            f"SELECT max(seq) AS seq FROM holdfast.{table} WHERE user_id = %s" for table in ("key", "fact", "change")
        )
        highest = f"SELECT coalesce(max(seq), 0) FROM ({union}) AS seqs"
        facts, said, ((seq,),) = transaction.run(*[_for(user_id, query) for query in (_FACTS, _SAID, highest)])
        unfounded = {fact.id: (fact, span.message_id) for fact, span in _unfounded(user_id, facts, said)}
        for fact, message in unfounded.values():
            seq += 1
            reason = f"rested on words that message {message} does not hold"
            now = datetime.now(timezone.utc)
            change = Change(f"{_BY}-{fact.id}", now, "deleted", fact.id, fact, None, reason, _BY, fact.evidence)
            transaction.run(
                insert_change(user_id, seq, change),
                ("DELETE FROM holdfast.key WHERE user_id = %s AND fact = %s", (user_id, fact.id)),
                ("DELETE FROM holdfast.fact WHERE user_id = %s AND id = %s", (user_id, fact.id)),
            )
            self._mended += 1
        return int(seq)

    def _learn_anew(self, transaction: Transaction) -> None:
        """Mark messages pending whose keys are no keys, whose facts have none, and which no search finds."""
        user_id = self._user_id
        cut = """SELECT DISTINCT position FROM holdfast.key WHERE user_id = %s AND octet_length(terms) %% 4 <> 0"""
        keyless = """
            SELECT DISTINCT m.position FROM holdfast.fact AS f, json_array_elements(f.evidence::json) AS span
            JOIN holdfast.message AS m ON m.user_id = %s AND m.id = span ->> 'message_id'
            WHERE f.user_id = %s AND NOT EXISTS
            (SELECT 1 FROM holdfast.key AS k WHERE k.user_id = %s AND k.fact = f.id)
        """
        lost = f"SELECT position FROM holdfast.message WHERE user_id = %s AND id IN ({_RULES[-1][1]})"
        words = "SELECT position FROM holdfast.message WHERE user_id = %s AND content ~ '[^[:space:]]'"
        *found, spoken = transaction.run(*[_for(user_id, query) for query in (cut, keyless, lost, words)])
        wordy = {position for (position,) in spoken}
        positions = sorted({position for rows in found for (position,) in rows} & wordy)
        insert = "INSERT INTO holdfast.pending (user_id, position) VALUES (%s, %s) ON CONFLICT DO NOTHING"
        transaction.run(
            ("DELETE FROM holdfast.key WHERE user_id = %s AND position = ANY(%s)", (user_id, positions)),
            *[(insert, (user_id, position)) for position in positions],
        )
        self._mended += len(positions)
