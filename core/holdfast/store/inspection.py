"""The store against itself: what must agree, as one query a rule."""

import json
from collections.abc import Iterator
from typing import Any

import apsw

from holdfast.echo import without_injected
from holdfast.types import Report

__all__ = ["broken_evidence", "inspect", "unsearchable"]

_COUNTED = ("partition", "message", "pending", "key", "fact", "change", "quarantine", "ledger", "record")

_RULES: tuple[tuple[str, str], ...] = (
    (
        "key {} belongs to no message",
        """SELECT seq FROM key AS k WHERE NOT EXISTS
        (SELECT 1 FROM message AS m WHERE m.partition=k.partition AND m.position=k.position)""",
    ),
    (
        "key {} belongs to no fact",
        """SELECT seq FROM key AS k WHERE fact NOT NULL AND NOT EXISTS
        (SELECT 1 FROM fact AS f WHERE f.partition=k.partition AND f.id=k.fact)""",
    ),
    (
        "fact {} has no key",
        # One whose messages wait to be learnt anew will have one then.
        """SELECT id FROM fact AS f WHERE NOT EXISTS
        (SELECT 1 FROM key AS k WHERE k.partition=f.partition AND k.fact=f.id) AND NOT EXISTS
        (SELECT 1 FROM json_each(f.evidence) AS span JOIN message AS m
        ON m.partition=f.partition AND m.id=json_extract(span.value, '$.message_id')
        JOIN pending AS w ON w.partition=m.partition AND w.position=m.position)""",
    ),
    (
        "fact {} is superseded by one that is not there",
        """SELECT id FROM fact AS f WHERE superseded_by NOT NULL AND NOT EXISTS
        (SELECT 1 FROM fact AS s WHERE s.partition=f.partition AND s.id=f.superseded_by)
        AND NOT EXISTS (SELECT 1 FROM change AS c WHERE c.partition=f.partition AND c.fact=f.superseded_by
        AND c.kind='deleted')""",
    ),
    (
        "pending position {} is not in the journal",
        """SELECT position FROM pending AS w WHERE NOT EXISTS
        (SELECT 1 FROM message AS m WHERE m.partition=w.partition AND m.position=w.position)""",
    ),
    (
        "quarantine at position {} belongs to no message",
        """SELECT position FROM quarantine AS q WHERE NOT EXISTS
        (SELECT 1 FROM message AS m WHERE m.partition=q.partition AND m.position=q.position)""",
    ),
    (
        "vectors of different widths: {} bytes",
        "SELECT DISTINCT length(vector) FROM key WHERE (SELECT count(DISTINCT length(vector)) FROM key) > 1",
    ),
    ("terms of key {} are cut", "SELECT seq FROM key WHERE length(terms) % 4"),
    (
        "partition {} has rows beyond its sequence number",
        """SELECT id FROM partition AS p WHERE seq <
        max((SELECT ifnull(max(seq), 0) FROM key WHERE partition=p.id),
            (SELECT ifnull(max(seq), 0) FROM fact WHERE partition=p.id))""",
    ),
    (
        "rows of partition {} without a user",
        "SELECT DISTINCT partition FROM message WHERE partition NOT IN (SELECT id FROM partition)",
    ),
    (
        "record {} is no JSON object in a space of JSON",
        "SELECT seq FROM record WHERE NOT json_valid(body) OR NOT json_valid(space)",
    ),
    (
        "a text belongs to no record {}",
        "SELECT DISTINCT record FROM record_text WHERE record NOT IN (SELECT seq FROM record)",
    ),
    (
        "vectors of records of different widths: {} bytes",
        """SELECT DISTINCT length(vector) FROM record_text
        WHERE (SELECT count(DISTINCT length(vector)) FROM record_text) > 1""",
    ),
    (
        "record {} is beyond the sequence number of records",
        "SELECT seq FROM record WHERE seq > (SELECT max(seq) FROM record_state)",
    ),
)


def inspect(db: apsw.Connection) -> Report:
    """Return what was counted and what does not agree; ids and numbers are named, words never."""
    counts = {table: int(db.execute(f"SELECT count(*) FROM {table}").get) for table in _COUNTED}
    findings = [f"sqlite: {text}" for (text,) in db.execute("PRAGMA integrity_check") if text != "ok"]
    for sentence, query in _RULES:
        findings.extend(sentence.format(value) for (value,) in db.execute(query))
    findings.extend(
        f"message {message} is neither pending nor searchable, and no change explains it"
        for _, _, message in unsearchable(db)
    )
    findings.extend(
        f"fact {fact} rests on words that message {message} does not hold" for _, fact, message in broken_evidence(db)
    )
    return Report(counts, tuple(findings))


def broken_evidence(db: apsw.Connection) -> Iterator[tuple[int, str, str]]:
    """Return the partition, the fact and the message of each span that does not read as quoted."""
    facts: list[tuple[Any, ...]] = db.execute("SELECT partition, id, evidence FROM fact").fetchall()
    for partition, fact, evidence in facts:
        for span in json.loads(evidence):
            found = db.execute(
                "SELECT content FROM message WHERE partition=? AND id=?", (partition, span["message_id"])
            ).fetchone()
            if found is None or str(found[0])[span["start"] : span["end"]] != span["quote"]:
                yield partition, fact, span["message_id"]


def unsearchable(db: apsw.Connection) -> Iterator[tuple[int, int, str]]:
    """Return the partition, position and id of each message with words that no search finds, without a reason."""
    query = """
        SELECT partition, position, id, content FROM message AS m WHERE NOT EXISTS
        (SELECT 1 FROM pending AS w WHERE w.partition=m.partition AND w.position=m.position) AND NOT EXISTS
        (SELECT 1 FROM key AS k WHERE k.partition=m.partition AND k.position=m.position) AND NOT EXISTS
        (SELECT 1 FROM change AS c WHERE c.partition=m.partition AND c.kind='deleted')
    """
    for partition, position, message, content in db.execute(query):
        if without_injected(str(content)).strip():
            yield partition, position, message
