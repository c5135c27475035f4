"""Files of every released schema open, and those of a newer one are refused."""

import shutil
from pathlib import Path

import apsw
import pytest

from holdfast import Memory
from holdfast.errors import CorruptStoreError, IncompatibleStoreError
from holdfast.store.migrations import MIGRATIONS
from holdfast.testing import FakeEmbedder, ScriptedExtractor

FIXTURES = Path(__file__).parent / "fixtures"
NEWEST = MIGRATIONS[-1].version


def opened(path: Path) -> Memory:
    extractor = ScriptedExtractor(lambda message: [message.content.replace("I like", "User likes")])
    return Memory(path, embedder=FakeEmbedder(8), extractor=extractor)


def test_there_is_a_file_of_every_schema() -> None:
    assert {file.name for file in FIXTURES.glob("*.db")} == {f"schema-{step.version}.db" for step in MIGRATIONS}


@pytest.mark.parametrize("version", [step.version for step in MIGRATIONS])
def test_an_old_file_is_opened_and_brought_up_to_date(tmp_path: Path, version: int) -> None:
    path = Path(shutil.copy(FIXTURES / f"schema-{version}.db", tmp_path / "a.db"))
    with opened(path) as memory:
        assert memory.check().findings == ()
        assert [fact.text for fact in memory.get_all(user_id="max")] == ["User likes green tea.", "User likes jazz."]
        assert [one.journaled.message.id for one in memory.pending()] == ["m3"]
        assert "jazz" in memory.search("jazz", user_id="max")[0].text
        deleted = next(one for one in memory.diff(user_id="max", since="2000-01-01").changes if one.kind == "deleted")
        assert memory.restore(deleted.fact_id, user_id="max")
        memory.process()
        memory.rebuild()
        assert memory.check().findings == ()
        assert memory.count(user_id="max") == 4
    connection = apsw.Connection(str(path))
    assert connection.execute("PRAGMA user_version").get == NEWEST
    connection.close()


def test_the_schema_of_the_fixture_is_that_of_its_migration(tmp_path: Path) -> None:
    """A released step never changes: whoever edits one instead of appending another is stopped here."""
    path = Path(shutil.copy(FIXTURES / f"schema-{NEWEST}.db", tmp_path / "a.db"))
    opened(tmp_path / "new.db").close()

    def schema(file: Path) -> list[str]:
        connection = apsw.Connection(str(file))
        found = [
            str(sql) for (sql,) in connection.execute("SELECT sql FROM sqlite_schema WHERE sql NOT NULL ORDER BY name")
        ]
        connection.close()
        return found

    assert schema(path) == schema(tmp_path / "new.db")


def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    opened(tmp_path / "a.db").close()
    connection = apsw.Connection(str(tmp_path / "a.db"))
    connection.execute(f"PRAGMA user_version={NEWEST + 1}")
    connection.close()
    from holdfast.store import renew_checksums

    renew_checksums(str(tmp_path / "a.db"))
    before = (tmp_path / "a.db").read_bytes()
    with pytest.raises(IncompatibleStoreError, match="upgrade holdfast"):
        opened(tmp_path / "a.db")
    assert (tmp_path / "a.db").read_bytes() == before


def test_a_foreign_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    connection = apsw.Connection(str(tmp_path / "a.db"))
    connection.execute("CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine')")
    connection.close()
    before = (tmp_path / "a.db").read_bytes()
    with pytest.raises(CorruptStoreError, match="not a holdfast store"):
        opened(tmp_path / "a.db")
    assert (tmp_path / "a.db").read_bytes() == before
