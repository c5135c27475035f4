"""A memory that moves between a file and a server, both ways, and the commands that do it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from holdfast import Memory
from holdfast.cli.app import app
from holdfast.copying import copy, copy_store
from holdfast.errors import ConfigurationError, IncompatibleStoreError, StorageError
from holdfast.protocols import FactQuery
from holdfast.store.postgres import PostgresStore, migrate
from holdfast.store.postgres.schema import MIGRATIONS, TABLES
from holdfast.testing import FakeEmbedder, ScriptedExtractor
from holdfast.testing.samples import EMBEDDER
from holdfast.types import Change
from postgres.conftest import ADMIN, Databases
from postgres.server import APPLICATION, OWNER, PASSWORD, Server


def opened(place: str, **options: Any) -> Memory:
    extractor = ScriptedExtractor(lambda message: [message.content.replace("I like", "User likes")])
    return Memory(place, embedder=FakeEmbedder(16), extractor=extractor, **options)


def filled(place: str) -> None:
    """Say, change, forget and defer, for users whose ids look alike."""
    with opened(place) as memory:
        for user in ("1", "10", "é/🦀"):
            for topic in ("tea", "jazz", "chess"):
                memory.add(f"I like {topic}.", user_id=user, session_id=topic, metadata={"n": [1, {"ü": None}]})
            first = memory.get_all(user_id=user)[0]
            memory.update(first.id, "User likes green tea.", user_id=user)
            memory.delete(memory.get_all(user_id=user)[1].id, user_id=user)
            memory.forget(user, session_id="jazz")
            memory.add("I like waiting.", user_id=user, defer=True)


def changes(memory: Memory, user: str) -> Sequence[Change]:
    return memory.diff(user_id=user, since="2000-01-01").changes


def told(place: str) -> list[Any]:
    """Return all that a memory says; positions of the journal are its own."""
    with opened(place) as memory:
        assert memory.check().findings == ()
        return [
            (
                user,
                memory.messages(user_id=user, session_id="*"),
                memory.get_all(user_id=user, superseded=True),
                [(one.id, one.kind, one.before, one.after) for one in changes(memory, user)],
                [(one.journaled.message.id, one.attempts) for one in memory.pending(user_id=user)],
                [(hit.text, hit.score) for hit in memory.search("tea or chess", user_id=user)],
            )
            for user in sorted(memory.users())
        ]  # fmt: skip


def test_a_memory_moves_to_a_server_and_back(url: str, tmp_path: Path) -> None:
    start, end = str(tmp_path / "start.db"), str(tmp_path / "end.db")
    filled(start)
    copied = copy_store(start, url)
    assert sorted(copied.users) == ["1", "10", "é/🦀"]
    assert told(url) == told(start)
    back = copy_store(url, end)
    assert back.counts == copied.counts
    assert told(end) == told(start)


def test_a_copy_that_was_interrupted_goes_on_where_it_was(url: str, tmp_path: Path) -> None:
    start = str(tmp_path / "start.db")
    filled(start)

    class StoppedError(Exception):
        pass

    def stop(done: int, _: int) -> None:
        if done == 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        copy_store(start, url, progress=stop)
    rest = copy_store(start, url)
    assert (len(rest.users), len(rest.standing)) == (1, 2)
    assert told(url) == told(start)
    again = copy_store(start, url)
    assert (len(again.users), len(again.standing)) == (0, 3)


def test_a_user_whose_journal_alone_came_through_is_completed(url: str, tmp_path: Path) -> None:
    """What a copy leaves that is killed between the two transactions of a user."""
    start = str(tmp_path / "start.db")
    filled(start)
    with opened(start) as source, opened(url) as target:
        journal = [one.message for one in source._calls.parts.store.messages("1")]
        target._calls.parts.store.append("1", journal, now=source._calls.parts.clock())
    assert len(copy_store(start, url).users) == 3
    assert told(url) == told(start)


def test_another_memory_of_a_user_is_left_as_it_is(url: str, tmp_path: Path) -> None:
    start = str(tmp_path / "start.db")
    filled(start)
    with opened(url) as memory:
        memory.add("I like my own things.", user_id="10")
        before = memory.get_all(user_id="10")
    with pytest.raises(ConfigurationError, match="'10'"):
        copy_store(start, url)
    with opened(url) as memory:
        assert memory.get_all(user_id="10") == before


def test_what_reads_otherwise_than_it_was_written_is_an_error(
    server: Server, database: str, url: str, tmp_path: Path
) -> None:
    """Real: a trigger on the server changes what is written."""
    start = str(tmp_path / "start.db")
    filled(start)
    with psycopg.connect(server.url(database, ADMIN), autocommit=True) as db:
        db.execute("""CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
            $$BEGIN NEW.reason = 'spoilt'; RETURN NEW; END$$""")
        db.execute("CREATE TRIGGER spoil BEFORE INSERT ON holdfast.change FOR EACH ROW EXECUTE FUNCTION spoil()")
        try:
            with pytest.raises(StorageError, match="reads otherwise"):
                copy_store(start, url)
        finally:
            db.execute("DROP FUNCTION spoil() CASCADE")


def test_a_target_of_another_embedder_is_refused(url: str, tmp_path: Path) -> None:
    start = str(tmp_path / "start.db")
    filled(start)
    Memory(url, embedder=FakeEmbedder(24, name="wider")).close()
    with pytest.raises(IncompatibleStoreError, match="wider"):
        copy_store(start, url)


def test_nothing_is_copied_from_nowhere(url: str, tmp_path: Path) -> None:
    for source in (str(tmp_path / "absent.db"), url):
        with pytest.raises(ConfigurationError, match="no memory") as caught:
            copy_store(source, str(tmp_path / "target.db"))
        assert PASSWORD not in str(caught.value)
    assert not (tmp_path / "target.db").exists()


def test_two_open_memories_can_be_copied_too(url: str, tmp_path: Path) -> None:
    filled(str(tmp_path / "a.db"))
    with opened(str(tmp_path / "a.db")) as source, opened(url) as target:
        assert len(copy(source, target).users) == 3


# Commands


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.stdout or str(result.exception)


def test_the_command_copies(url: str, tmp_path: Path) -> None:
    start = str(tmp_path / "start.db")
    filled(start)
    code, printed = run("copy", start, url, "--json")
    assert code == 0
    assert json.loads(printed)["counts"]["message"] == 9
    assert run("copy", start, url) == (0, run("copy", start, url)[1])
    assert "0 users copied, 3 there already" in run("copy", start, url)[1]


@pytest.fixture
def empty(databases: Databases) -> str:
    """Name a database without a store."""
    return databases.make_empty()


def test_the_command_migrates(server: Server, empty: str) -> None:
    """A role that owns nothing finds the store afterwards; before, it is told what to run."""
    with pytest.raises(StorageError, match="holdfast migrate"):
        PostgresStore(server.url(empty, APPLICATION), embedder=EMBEDDER, terms="1")
    code, printed = run("migrate", server.url(empty, OWNER), "--partitions", "3", "--grant", APPLICATION)
    assert (code, "schema" in printed) == (0, True)
    assert "already" in run("migrate", server.url(empty, OWNER))[1]
    store = PostgresStore(server.url(empty, APPLICATION), embedder=EMBEDDER, terms="1")
    assert store.facts("max", FactQuery()) == []
    store.close()
    code, printed = run("migrate", server.url(empty, OWNER), "--grant", "nobody_at_all")
    assert code != 0
    assert "nobody_at_all" in printed
    assert run("migrate", "memory.db")[0] != 0


def test_the_first_who_opens_a_database_that_is_his_makes_the_store(server: Server, empty: str) -> None:
    for _ in range(2):
        PostgresStore(server.url(empty, OWNER), embedder=EMBEDDER, terms="1").close()


def test_several_who_migrate_at_once_take_turns(server: Server, empty: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: migrate(server.url(empty, OWNER), partitions=1), range(4)))
    assert sorted(one.found for one in done) == [0, *[len(MIGRATIONS)] * 3]


def test_a_newer_schema_is_refused(server: Server, empty: str) -> None:
    migrate(server.url(empty, OWNER), partitions=1)
    with psycopg.connect(server.url(empty, OWNER), autocommit=True) as db:
        db.execute("INSERT INTO holdfast.migration VALUES (99, 'later')")
    for call in (
        lambda: migrate(server.url(empty, OWNER)),
        lambda: PostgresStore(server.url(empty, OWNER), embedder=EMBEDDER, terms="1"),
    ):
        with pytest.raises(IncompatibleStoreError, match="schema 99"):
            call()


def test_a_migration_that_fails_leaves_nothing(server: Server, empty: str) -> None:
    """The last of its tables is there already, made by somebody else."""
    with psycopg.connect(server.url(empty, OWNER), autocommit=True) as db:
        db.execute("CREATE SCHEMA holdfast")
        db.execute(f"CREATE TABLE holdfast.{TABLES[-1]} (x int)".encode())
        with pytest.raises(StorageError):
            migrate(server.url(empty, OWNER))
        tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'holdfast'::regnamespace AND relkind = 'r'"
        assert db.execute(tables).fetchone() == (1,)


def test_plain_tables_work_as_partitioned_ones_do(server: Server, empty: str) -> None:
    """What a distributed PostgreSQL is given to spread."""
    migrate(server.url(empty, OWNER), partitions=0, grant=APPLICATION)
    filled(server.url(empty, APPLICATION))
    with opened(server.url(empty, APPLICATION)) as memory:
        assert memory.check().findings == ()
        assert memory.forget("10").removed["message"] == 3
        assert sorted(memory.users()) == ["1", "é/🦀"]


def test_another_count_of_partitions_is_refused_out_of_range(server: Server, empty: str) -> None:
    for number in (-1, 1025):
        with pytest.raises(ConfigurationError, match="partitions"):
            migrate(server.url(empty, OWNER), partitions=number)
