"""The ledger's rows, and how many tokens a journal has."""

from collections.abc import Sequence
from datetime import datetime

import apsw

from holdfast.store.rows import utc
from holdfast.types import LedgerEntry

__all__ = ["LEDGER_COLUMNS", "LEDGER_NUMBERS", "insert_entries", "recount", "select_entries"]

LEDGER_NUMBERS = (
    "calls", "input_tokens", "output_tokens", "cached_tokens", "embedding_tokens", "injected_tokens", "history_tokens",
    "history_cached_tokens",
)  # fmt: skip
LEDGER_COLUMNS = ", ".join(("at", "kind", *LEDGER_NUMBERS))
_SUMS = ", ".join(f"sum({name})" for name in LEDGER_NUMBERS)
_INSERT = f"""
    INSERT INTO ledger (partition, number, {LEDGER_COLUMNS}) VALUES
    (?1, (SELECT coalesce(max(number), 0) + 1 FROM ledger WHERE partition=?1),
    {",".join("?" * (len(LEDGER_NUMBERS) + 2))})
"""


def insert_entries(db: apsw.Connection, partition: int, entries: Sequence[LedgerEntry]) -> None:
    """Write entries behind those that a user has; nothing for an unknown user."""
    if partition < 0:
        return
    for entry in entries:
        numbers = (getattr(entry, name) for name in LEDGER_NUMBERS)
        db.execute(_INSERT, (partition, utc(entry.at), entry.kind, *numbers))


def select_entries(db: apsw.Connection, partition: int | None) -> list[LedgerEntry]:
    """Return a user's entries as they were written, or those of all users added up by day and kind."""
    if partition is None:
        rows = db.execute(
            f"SELECT substr(at, 1, 10) || 'T00:00:00+00:00' AS day, kind, {_SUMS} FROM ledger GROUP BY day, kind "
            "ORDER BY day, kind"
        )
    else:
        rows = db.execute(f"SELECT {LEDGER_COLUMNS} FROM ledger WHERE partition=? ORDER BY number", (partition,))
    return [LedgerEntry(datetime.fromisoformat(at), kind, *numbers) for at, kind, *numbers in rows]


def recount(db: apsw.Connection, partition: int) -> None:
    """Count the tokens of a journal anew, after something was taken out of it."""
    db.execute(
        """UPDATE partition SET tokens=(SELECT coalesce(sum(coalesce(tokens, (length(content) + 3) / 4)), 0)
        FROM message WHERE partition=?1) WHERE id=?1""",
        (partition,),
    )
