"""What forgetting leaves on a server, and what the receipt says of it."""

from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from holdfast import Memory
from holdfast.cli.app import app
from holdfast.errors import StorageError
from holdfast.store.postgres import PostgresStore
from holdfast.store.postgres.schema import TABLES
from holdfast.testing.samples import NOW, fact, learn, message, said
from postgres.conftest import ADMIN, Open
from postgres.server import APPLICATION, OWNER, Server

WORDS = "the eleventh moon of a secret planet"


@pytest.fixture
def admin(server: Server, database: str) -> Any:
    with psycopg.connect(server.url(database, ADMIN), autocommit=True) as db:
        yield db


def filled(store: PostgresStore) -> PostgresStore:
    journaled = store.append("max", [message(f"I know {WORDS}.", id="m1"), message("Hello")], now=NOW)
    learn(store, "max", journaled, [fact("max", "f1", f"User knows {WORDS}.")])
    learn(store, "eve", said(store, "eve", "Hello"), [fact("eve", "f1")])
    return store


def dead_rows(admin: psycopg.Connection[Any], part: str) -> int:
    """Return the rows that a vacuum of a user's parts still finds dead."""
    said: list[str] = []
    admin.add_notice_handler(lambda notice: said.append(notice.message_primary or ""))
    for table in TABLES:
        admin.execute(f"VACUUM (VERBOSE) holdfast.{table}_{part}".encode())
    return sum(int(line.split()[1]) for text in said for line in text.splitlines() if line.startswith("tuples: "))


def test_no_row_is_left_that_anybody_can_read(opened: Open, admin: psycopg.Connection[Any]) -> None:
    """Not even who is above row-level security."""
    filled(opened()).forget("max", now=NOW)
    for table in TABLES:
        row = admin.execute(f"SELECT count(*) FROM holdfast.{table} AS t WHERE t::text LIKE %s".encode(), ("%moon%",))
        assert row.fetchone() == (0,)
        row = admin.execute(f"SELECT count(*) FROM holdfast.{table} WHERE user_id = 'max'".encode())
        assert row.fetchone() == (0,)


def test_the_dead_rows_are_vacuumed_by_the_role_that_owns_nothing(opened: Open, admin: psycopg.Connection[Any]) -> None:
    store = filled(opened())
    where = "SELECT tableoid::regclass::text FROM holdfast.partition WHERE user_id = 'max'"
    (name,) = admin.execute(where).fetchone() or ("",)
    part = str(name).rsplit("_", 1)[1]
    dead_rows(admin, part)
    said(store, "max", "More")
    admin.execute("DELETE FROM holdfast.pending WHERE user_id = 'max'")
    assert dead_rows(admin, part) > 0
    receipt = store.forget("max", now=NOW)
    assert dead_rows(admin, part) == 0
    assert not [text for text in receipt.remains if "dead rows" in text]


def test_the_receipt_says_where_copies_may_be(opened: Open) -> None:
    receipt = filled(opened()).forget("max", now=NOW)
    said = " ".join(receipt.remains)
    for place in ("write-ahead log", "backups and standbys", "free space"):
        assert place in said
    assert receipt.looked_for > 3
    assert set(receipt.scanned) == {f"holdfast.{table}" for table in TABLES}
    assert opened().forget("nobody", now=NOW).remains == ()


def test_the_receipt_says_when_an_older_transaction_keeps_the_dead_rows(opened: Open, url: str) -> None:
    store = filled(opened())
    with psycopg.connect(url) as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM holdfast.message")
        receipt = store.forget("max", now=NOW)
    assert "older transaction" in receipt.remains[0]


def test_the_receipt_says_when_the_role_may_not_vacuum(
    opened: Open, server: Server, admin: psycopg.Connection[Any]
) -> None:
    """As on a server that is older than the privilege."""
    query = """SELECT relname FROM pg_class
        WHERE relnamespace = 'holdfast'::regnamespace AND relispartition AND relkind = 'r'"""
    parts = admin.execute(query).fetchall()
    store = filled(opened())
    names = ", ".join(f"holdfast.{name}" for (name,) in parts)
    for verb, preposition in (("REVOKE", "FROM"), ("GRANT", "TO")):
        if verb == "GRANT":
            receipt = store.forget("max", now=NOW)
        admin.execute(f"{verb} MAINTAIN ON {names} {preposition} {APPLICATION}".encode())
    assert "until they are vacuumed" in receipt.remains[0]
    assert OWNER != APPLICATION


def test_a_row_that_would_not_go_is_an_error(opened: Open, admin: psycopg.Connection[Any]) -> None:
    """Real: a trigger keeps it."""
    store = filled(opened())
    admin.execute("CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$")
    admin.execute("CREATE TRIGGER keep BEFORE DELETE ON holdfast.change FOR EACH ROW EXECUTE FUNCTION keep()")
    try:
        with pytest.raises(StorageError, match="pieces of them were found"):
            store.forget("max", now=NOW)
    finally:
        admin.execute("DROP FUNCTION keep() CASCADE")


def test_words_that_a_session_shares_with_another_are_no_remnant(opened: Open) -> None:
    store = opened()
    for session in ("a", "b"):
        journaled = store.append("max", [message(f"I know {WORDS}.", session_id=session)], now=NOW)
        learn(store, "max", journaled)
    receipt = store.forget("max", session_id="a", now=NOW)
    assert receipt.removed["message"] == 1
    assert [one.message.session_id for one in store.messages("max")] == ["b"]


def test_the_command_prints_where_copies_may_be(url: str) -> None:
    with Memory(url) as memory:
        memory.add("I live in Lisbon.", user_id="max")
    done = CliRunner().invoke(app, ["forget", "--yes", "--user", "max", "--path", url])
    assert done.exit_code == 0
    assert "may remain in" in done.stdout
    assert "write-ahead log" in done.stdout
