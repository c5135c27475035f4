"""What goes wrong with a server: an error of the tree that says whether to try again, nothing half-written."""

import inspect
import random
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psycopg
import psycopg_pool
import pytest

from holdfast.errors import ConfigurationError, CorruptStoreError, HoldfastError, StorageError, StoreLockedError
from holdfast.lexical import REVISION
from holdfast.protocols import FactQuery, ReadFacts, Swap, Write
from holdfast.store.postgres import PostgresStore, faults, migrate
from holdfast.testing.samples import EMBEDDER, fact, learn, row, said
from holdfast.types import Evidence
from postgres.conftest import ADMIN, Open
from postgres.server import APPLICATION, OWNER, READER, Server, make_database, make_roles, serving


def cut(url: str) -> int:
    """Cut every connection of the application; return how many there were."""
    query = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE usename = %s AND datname = current_database()"""
    with psycopg.connect(url, autocommit=True) as db:
        (count,) = db.execute(query, (APPLICATION,)).fetchone() or (0,)
    return int(count)


@pytest.fixture
def admin(server: Server, database: str) -> str:
    return server.url(database, ADMIN)


def everything(store: PostgresStore) -> tuple[Any, ...]:
    return store.messages("max"), store.facts("max", FactQuery()), store.pull("max", 0), store.pending()


# Connections


def test_connections_that_were_cut_while_idle_are_replaced_unseen(opened: Open, admin: str) -> None:
    store = opened()
    said(store, "max", "one")
    assert cut(admin) > 0
    assert len(store.messages("max")) == 1
    assert cut(admin) > 0
    said(store, "max", "two")
    assert len(store.messages("max")) == 2


def test_a_connection_cut_in_a_transaction_leaves_nothing(opened: Open, admin: str) -> None:
    store = opened()
    journaled = said(store, "max", "I live in Lisbon.")
    before = everything(store)

    def decide(_: ReadFacts) -> Write:
        cut(admin)
        return Write((row(1),), (fact("max", "f1"),), done=(1,))

    with pytest.raises(StorageError) as caught:
        store.commit("max", decide)
    assert caught.value.retryable
    assert everything(store) == before
    assert learn(store, "max", journaled, [fact("max", "f1")]).facts


def test_a_connection_cut_while_committing_says_that_it_may_be_written(opened: Open, admin: str, url: str) -> None:
    """Real: what is checked at the end of the transaction ends the session. It is not sent again by itself."""
    store = opened()
    said(store, "max", "one")
    parts = "SELECT oid::regclass::text FROM pg_class WHERE relispartition AND relname ~ '^(message|pending)_[0-9]+$'"
    with psycopg.connect(admin, autocommit=True) as db:
        db.execute("""CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
            $$BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END$$""")
        for (part,) in db.execute(parts).fetchall():
            db.execute(
                f"""CREATE CONSTRAINT TRIGGER cut AFTER INSERT OR UPDATE ON {part}
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut()""".encode()
            )
        try:
            for call in (lambda: said(store, "max", "two"), lambda: store.fail("max", [1], "down")):
                with pytest.raises(StorageError, match="may or may not have been written") as caught:
                    call()
                assert caught.value.retryable
        finally:
            db.execute("DROP FUNCTION cut() CASCADE")
    assert [(one.journaled.message.content, one.attempts) for one in store.pending()] == [("one", 0)]
    said(store, "max", "two")
    assert len(store.messages("max")) == 2


def test_a_pool_that_is_exhausted_says_so(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(pool=1)
    said(store, "max", "one")
    told: list[StorageError] = []

    def decide(_: ReadFacts) -> Write:
        monkeypatch.setattr(faults, "PATIENCE", 0.05)
        with ThreadPoolExecutor(1) as other:
            error = other.submit(store.users).exception()
            assert isinstance(error, StorageError)
            told.append(error)
        return Write()

    store.commit("max", decide)
    monkeypatch.undo()
    assert told[0].retryable
    assert "0.05 s" in str(told[0])
    assert store.users() == ["max"]


def test_a_user_that_is_locked_for_too_long_is_an_error(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others are not: the lock is one user's."""
    store, other = opened(), opened()
    said(store, "max", "one")

    def decide(_: ReadFacts) -> Write:
        monkeypatch.setattr(faults, "PATIENCE", 0.1)
        with pytest.raises(StoreLockedError) as caught:
            said(other, "max", "two")
        assert caught.value.retryable
        monkeypatch.undo()
        said(other, "eve", "three")
        return Write()

    store.commit("max", decide)
    assert len(store.messages("max")) == 1
    said(other, "max", "two")


def test_a_node_that_stops_in_the_middle_lets_go_of_its_user(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server ends a transaction that waits for its node; what the node then writes is refused."""
    store, other = opened(), opened()
    said(store, "max", "one")
    monkeypatch.setattr(faults, "PATIENCE", 0.1)

    def decide(_: ReadFacts) -> Write:
        monkeypatch.undo()
        said(other, "max", "two")  # waits until the server has ended this transaction
        return Write((row(1),), done=(1,))

    with pytest.raises(StorageError) as caught:
        store.commit("max", decide)
    assert caught.value.retryable
    assert len(store.pending()) == 2


def test_a_deadlock_is_retryable_and_one_of_the_two_is_done(opened: Open) -> None:
    """Two swaps that lock the same users in opposite order: the server ends one of them."""
    store = opened()
    for user in ("max", "eve"):
        learn(store, user, said(store, user, "Hello"), [fact(user, "f1")])
    together = threading.Barrier(2)

    class Meeting(Sequence[Swap]):
        def __init__(self, *users: str) -> None:
            self._swaps = [Swap(user, store.pull(user, 0).seq, Write((row(1),), (fact(user, "f9"),))) for user in users]

        def __len__(self) -> int:
            return 2

        def __getitem__(self, number: Any) -> Any:
            if number == 1:
                together.wait(10)  # each has locked its first
            return self._swaps[number]

    meetings = [Meeting("max", "eve"), Meeting("eve", "max")]
    with ThreadPoolExecutor(2) as pool:
        swapping = [pool.submit(store.swap, meeting, EMBEDDER) for meeting in meetings]
    errors = [one.exception() for one in swapping]
    (failed,) = [error for error in errors if error is not None]
    assert isinstance(failed, StorageError)
    assert failed.retryable
    assert [one.result() for one in swapping if one.exception() is None] == [True]
    for user in ("max", "eve"):
        assert [one.id for one in store.facts(user, FactQuery())] == ["f9"]


# The server


@pytest.fixture
def own() -> Iterator[Server]:
    """Yield a server that a test may treat badly, with an empty store."""
    with serving() as server:
        make_roles(server.url())
        make_database(server.url(), "mine")
        with psycopg.connect(server.url("mine"), autocommit=True) as db:
            db.execute("CREATE EXTENSION vector")
        migrate(server.url("mine", OWNER), partitions=2, grant=APPLICATION)
        yield server


def store_on(server: Server, **options: Any) -> PostgresStore:
    return PostgresStore(server.url("mine", APPLICATION), embedder=EMBEDDER, terms=REVISION, **options)


def test_a_server_that_went_away_and_came_back(own: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped without a checkpoint: what was acknowledged is there, and calls in between say that it is not."""
    store = store_on(own)
    said(store, "max", "one")
    own.stop("immediate")
    monkeypatch.setattr(faults, "PATIENCE", 0.3)
    for call in (lambda: store.messages("max"), lambda: said(store, "max", "two")):
        with pytest.raises(StorageError) as caught:
            call()
        assert caught.value.retryable
    own.start()
    monkeypatch.undo()
    assert [one.message.content for one in store.messages("max")] == ["one"]
    said(store, "max", "two")
    assert store.check().findings == ()
    store.close()


def test_a_server_that_restarts_under_load_loses_nothing_acknowledged(own: Server) -> None:
    """Writers send again what failed, as a chat would; each message is there once."""
    store = store_on(own)
    begun, acknowledged = threading.Semaphore(0), set[str]()

    def send(user: str, content: str) -> None:
        journaled = said(store, user, content)
        span = Evidence(journaled[0].message.id, 0, len(content), content)
        learn(store, user, journaled, [fact(user, content, evidence=(span,))])
        acknowledged.add(content)

    def speak(writer: int) -> None:
        for number in range(40):
            content = f"{writer}-{number}"
            while content not in acknowledged:
                with suppress(StorageError):
                    send(f"user {writer}", content)
            begun.release()

    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(speak, writer) for writer in range(3)]
        for _ in range(12):
            begun.acquire()
        own.restart("immediate")
        for writer in writers:
            writer.result()
    for writer in range(3):
        said_by = [one.message.content for one in store.messages(f"user {writer}")]
        assert said_by == [f"{writer}-{number}" for number in range(40)]
    assert store.check().findings == ()
    store.close()


def test_a_server_that_is_read_only_is_read(own: Server) -> None:
    """As a standby, or while a database is moved: reading works, writing says why not."""
    with closing(store_on(own)) as store:
        said(store, "max", "one")
    with psycopg.connect(own.url("mine"), autocommit=True) as db:
        db.execute("ALTER DATABASE mine SET default_transaction_read_only = on")
    with closing(store_on(own)) as store:
        assert len(store.messages("max")) == 1
        with pytest.raises(StorageError, match="read-only") as caught:
            said(store, "max", "two")
        assert not caught.value.retryable
        assert len(store.messages("max")) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_is_an_error_and_leaves_nothing(own: Server) -> None:
    """Real: the file of a table is a device that takes no byte."""
    store = store_on(own)
    with psycopg.connect(own.url("mine")) as db:
        files = [db.execute("SELECT pg_relation_filepath(%s)", (f"holdfast.message_{n}",)).fetchone() for n in (0, 1)]
    store.close()
    own.stop()
    paths = [own.data / str(one[0]) for one in files if one]
    for path in paths:
        assert path.stat().st_size == 0
        path.unlink()
        path.symlink_to("/dev/full")
    own.start()
    store = store_on(own)
    with pytest.raises(StorageError, match="disk is full") as caught:
        said(store, "max", "one")
    assert not caught.value.retryable
    store.close()
    own.stop()
    for path in paths:
        path.unlink()
        path.touch()
        own.give(path)
    own.start()
    store = store_on(own)
    assert store.users() == []
    said(store, "max", "one")
    assert store.check().findings == ()
    store.close()


# What opening finds


def test_a_role_that_lacks_rights_is_told_what_to_run(server: Server, database: str) -> None:
    with pytest.raises(StorageError, match="holdfast migrate"):
        PostgresStore(server.url(database, READER), embedder=EMBEDDER, terms=REVISION)


def test_no_server_is_a_storage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StorageError) as caught:
        PostgresStore("postgresql:///x?host=/nowhere", embedder=EMBEDDER, terms=REVISION)
    assert caught.value.retryable
    assert "/nowhere" in str(caught.value)


def test_no_such_database_is_a_storage_error(server: Server) -> None:
    with pytest.raises(StorageError, match="does not exist"):
        PostgresStore(server.url("nothing", APPLICATION), embedder=EMBEDDER, terms=REVISION)


def test_an_id_too_long_for_an_index_is_refused(opened: Open) -> None:
    long = "".join(chr(random.Random(n).randrange(0x4E00, 0x9FFF)) for n in range(4_000))
    store = opened()
    with pytest.raises(ConfigurationError, match="2,000 bytes"):
        said(store, long, "one")
    assert store.users() == []


# Translation

ERRORS = sorted(
    {
        *(one for _, one in inspect.getmembers(psycopg.errors, inspect.isclass) if issubclass(one, psycopg.Error)),
        *(one for _, one in inspect.getmembers(psycopg_pool, inspect.isclass) if issubclass(one, psycopg.Error)),
    },
    key=lambda one: one.__name__,
)

RETRYABLE = {
    "SerializationFailure", "DeadlockDetected", "LockNotAvailable", "AdminShutdown", "CrashShutdown",
    "CannotConnectNow", "TooManyConnections", "PoolTimeout", "ConnectionFailure", "OutOfMemory", "QueryCanceled",
    "OperationalError",
}  # fmt: skip
FINAL = {
    "DiskFull", "ReadOnlySqlTransaction", "InsufficientPrivilege", "UndefinedTable", "InvalidPassword", "DataCorrupted",
    "NumericValueOutOfRange", "UniqueViolation", "SyntaxError",
}  # fmt: skip


def test_every_error_of_the_driver_is_one_of_the_tree() -> None:
    told = {one.__name__: faults.translate("here", one("what it said\nDETAIL: (words)")) for one in ERRORS}
    assert len(told) > 250
    assert all(isinstance(one, HoldfastError) for one in told.values())
    assert {name for name in RETRYABLE if not getattr(told[name], "retryable", False)} == set()
    assert {name for name in FINAL if getattr(told[name], "retryable", False)} == set()
    assert not [one for one in told.values() if isinstance(one, StorageError) and "words" in str(one)]
    assert type(told["LockNotAvailable"]) is StoreLockedError
    assert type(told["DataCorrupted"]) is CorruptStoreError
