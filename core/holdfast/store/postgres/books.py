"""The ledger and the quarantine on a server, and how many tokens a journal has."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from holdfast.store.books import LEDGER_COLUMNS, LEDGER_NUMBERS
from holdfast.store.postgres.connections import Rows, Statement
from holdfast.store.postgres.digests import digest
from holdfast.store.rows import utc
from holdfast.types import LedgerEntry, Quarantined

__all__ = ["adding_up", "booking", "entries_of", "quarantined", "quarantining", "recounting", "refusing"]

_SUMS = ", ".join(f"sum({name})::bigint" for name in LEDGER_NUMBERS)

# The lock lets others write to the partition meanwhile, but not take it away.
_INSERT = f"""
    INSERT INTO holdfast.ledger (user_id, {LEDGER_COLUMNS})
    SELECT user_id, {", ".join(["%s"] * (len(LEDGER_NUMBERS) + 2))}
    FROM holdfast.partition WHERE user_id = %s FOR KEY SHARE
"""


def booking(user_id: str, entries: Sequence[LedgerEntry]) -> Iterator[Statement]:
    """Return what writes entries behind those that a user has; nothing for an unknown user."""
    for entry in entries:
        numbers = (getattr(entry, name) for name in LEDGER_NUMBERS)
        yield _INSERT, (utc(entry.at), entry.kind, *numbers, user_id)


def entries_of(user_id: str) -> Statement:
    """Return what reads a user's entries in the order in which they were written."""
    return f"SELECT {LEDGER_COLUMNS} FROM holdfast.ledger WHERE user_id = %s ORDER BY number", (user_id,)


def adding_up() -> Statement:
    """Return what reads the entries of all users added up by day and kind."""
    day = "substr(at, 1, 10) || 'T00:00:00+00:00' AS day"
    return f"SELECT {day}, kind, {_SUMS} FROM holdfast.ledger GROUP BY day, kind ORDER BY day, kind", ()


def recounting(user_id: str) -> Statement:
    """Return what counts the tokens of a journal anew, after something was taken out of it."""
    tokens = "SELECT coalesce(sum(tokens), 0) FROM holdfast.message WHERE user_id = %s"
    return f"UPDATE holdfast.partition SET tokens = ({tokens}) WHERE user_id = %s", (user_id, user_id)


def refusing(user_id: str, refused: Quarantined) -> Statement:
    """Return what puts a statement into the quarantine, by the message that it was said to rest on."""
    query = """
        INSERT INTO holdfast.quarantine (user_id, position, text, reason, extractor, at)
        SELECT user_id, position, %s, %s, %s, %s FROM holdfast.message
        WHERE user_id = %s AND id_digest = %s AND id = %s
    """
    values = (refused.text, refused.reason, refused.extractor, utc(refused.at))
    return query, (*values, user_id, digest(refused.message_id), refused.message_id)


def quarantining(user_id: str) -> Statement:
    """Return what reads a user's quarantine."""
    query = """
        SELECT m.id, q.text, q.reason, q.extractor, q.at FROM holdfast.quarantine AS q
        JOIN holdfast.message AS m ON m.user_id = q.user_id AND m.position = q.position
        WHERE q.user_id = %s ORDER BY q.position, q.number
    """
    return query, (user_id,)


def quarantined(rows: Rows) -> list[Quarantined]:
    """Return the statements of the rows that `quarantining` read."""
    return [
        Quarantined(message, text, reason, extractor, datetime.fromisoformat(at))
        for message, text, reason, extractor, at in rows
    ]
