"""docs/storage.md against the files that are really written."""

import os
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
import Stemmer

from holdfast import Memory

PAGE = (Path(__file__).parents[2] / "docs" / "storage.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with Memory(tmp_path / "memory.db") as memory:
        memory.add(["I'm building this in Next.js with a Postgres backend", "Thanks! Bye"], user_id="ann")
        memory.add(["I live in Zürich 🏔 now.", "I moved to Genève."], user_id="bob")
    return tmp_path / "memory.db"


@contextmanager
def opened(file: Path) -> Generator[sqlite3.Connection, None, None]:
    """Open the file with another SQLite; no memory may have it open in this process then."""
    db = sqlite3.connect(file)
    try:
        yield db
    finally:
        db.close()


@pytest.fixture
def store(file: Path) -> Generator[sqlite3.Connection, None, None]:
    with opened(file) as db:
        yield db


def schema(db: sqlite3.Connection) -> dict[str, str]:
    rows = db.execute("SELECT name, sql FROM sqlite_schema WHERE sql NOTNULL")
    # A step that adds a column writes it with other blanks than a person would.
    plain = {name: " ".join(re.sub(r"--.*", "", sql).split()) for name, sql in rows}
    return {name: re.sub(r" ?([(),]) ?", r"\1", sql) for name, sql in plain.items()}


def pragma(db: sqlite3.Connection, name: str) -> object:
    return db.execute(f"PRAGMA {name}").fetchone()[0]


def test_the_sql_is_that_of_a_fresh_store(store: sqlite3.Connection) -> None:
    documented = sqlite3.connect(":memory:")
    documented.executescript(block("sql"))
    assert schema(documented) == schema(store)
    documented.close()


def test_the_file_is_marked_as_documented(store: sqlite3.Connection) -> None:
    assert f"`0x{pragma(store, 'application_id'):08x}`" in PAGE
    assert f"Schema version {pragma(store, 'user_version')}." in PAGE
    assert f"| page size | {pragma(store, 'page_size'):,} bytes" in PAGE
    assert pragma(store, "journal_mode") == "wal"


def test_pages_end_with_a_checksum(file: Path) -> None:
    # https://www.sqlite.org/fileformat2.html: byte 20 of the header counts what is reserved at the end of each page.
    assert file.read_bytes()[20] == 8
    assert "the last 8 of which are a checksum" in PAGE


def test_meta_is_as_documented(store: sqlite3.Connection) -> None:
    meta = dict(store.execute("SELECT name, value FROM meta"))
    assert set(meta) == {"embedder", "terms"}
    assert f"`{meta['embedder']}`" in " ".join(PAGE.split())


def test_every_column_is_explained_or_speaks_for_itself(store: sqlite3.Connection) -> None:
    plain = set(
        "agent applied_at category confidence evidence extractor fact id kind name polarity reason role session slot"
        " subject text user_id value version".split()
    )
    tables = ("meta", "migration", "partition", "message", "pending", "key", "fact", "change")
    for table in tables:
        for _, column, *_ in store.execute(f"PRAGMA table_info({table})"):
            assert column in plain or re.search(rf'[`.]"?{column}"?`', PAGE), f"{table}.{column}"


def test_the_reader_reads(file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code = block("python")
    assert "holdfast" not in code.lower().replace("holdfast_path", "")
    assert len([line for line in code.splitlines() if line and not line.startswith(("import", "from"))]) <= 10
    monkeypatch.setenv("HOLDFAST_PATH", str(file))
    exec(compile(code, "reader", "exec"), {})
    rows = [line.split(" | ") for line in capsys.readouterr().out.splitlines()]
    with opened(file) as db:
        assert len(rows) == db.execute("SELECT count(*) FROM key").fetchone()[0]
    assert {row[0] for row in rows} == {"ann", "bob"}
    assert {(row[4], row[5]) for row in rows} == {("384", "1.0")}
    said = {(row[0], row[1], row[2]) for row in rows}
    assert ("ann", "message", "Thanks! Bye") in said
    assert ("bob", "message", "I live in Zürich 🏔 now.") in said
    with Memory(file) as memory:
        for user in ("ann", "bob"):
            facts = memory.get_all(user_id=user, superseded=True)
            assert facts
            assert {(user, "fact", fact.text) for fact in facts} <= said


def test_it_reads_while_another_process_writes(file: Path) -> None:
    with Memory(file) as memory:
        memory.add("I have a llama.", user_id="ann")
        command = [sys.executable, "-c", block("python")]
        environment = {**os.environ, "HOLDFAST_PATH": str(file), "PYTHONIOENCODING": "utf-8"}
        out = subprocess.run(command, env=environment, capture_output=True, check=True).stdout.decode()
    assert "ann | message | I have a llama. | " in out


def test_terms_are_checksums_of_stems(store: sqlite3.Connection) -> None:
    (terms,) = store.execute("SELECT terms FROM key WHERE text LIKE '%Next.js%'").fetchone()
    stem = Stemmer.Stemmer("english").stemWord
    expected = [zlib.crc32(stem(word).encode()) for word in ("building", "next.js", "postgres", "backend")]
    assert list(struct.unpack(f"<{len(terms) // 4}I", terms)) == expected


def test_spans_are_characters_of_the_content(store: sqlite3.Connection) -> None:
    rows = store.execute(
        'SELECT m.content, k.start, k."end", f.evidence FROM key AS k JOIN message AS m USING (partition, position)'
        " JOIN fact AS f ON f.partition = k.partition AND f.id = k.fact"
    ).fetchall()
    assert rows
    for content, start, end, evidence in rows:
        assert f'"quote":"{content[start:end]}"' in evidence


def follow(file: Path, user: str, known: int) -> tuple[int, bool, list[int]]:
    """Read what is new as the page tells it: the new number, whether all is read anew, and the rows' numbers."""
    with opened(file) as db:
        row = db.execute("SELECT id, seq, cleared FROM partition WHERE user_id=?", (user,)).fetchone()
        partition, seq, cleared = row
        anew = known < cleared
        rows = db.execute(
            "SELECT seq FROM key WHERE partition=?1 AND seq>?2"
            " UNION SELECT seq FROM fact WHERE partition=?1 AND seq>?2",
            (partition, 0 if anew else known),
        )
        return seq, anew, sorted(number for (number,) in rows)


def test_a_reader_can_follow(file: Path) -> None:
    first, anew, rows = follow(file, "ann", 0)
    assert anew
    assert rows
    assert follow(file, "ann", first) == (first, False, [])

    with Memory(file) as memory:
        memory.add("I have a dog.", user_id="ann")
    second, anew, rows = follow(file, "ann", first)
    assert not anew
    assert min(rows) > first

    with Memory(file) as memory:
        memory.add("I have a cat.", user_id="bob")
    assert follow(file, "ann", second) == (second, False, [])

    with Memory(file) as memory:
        memory.delete(memory.get_all(user_id="ann")[0].id, user_id="ann")
    third, anew, _ = follow(file, "ann", second)
    assert anew
    assert third > second

    with Memory(file) as memory:
        memory.forget("ann")
        memory.add("I have a horse.", user_id="ann")
    fourth, anew, rows = follow(file, "ann", third)
    assert anew
    assert min(rows) > third
    with opened(file) as db:
        (partition,) = db.execute("SELECT id FROM partition WHERE user_id='ann'").fetchone()
    assert fourth >> 32 == partition


def test_what_delete_leaves_and_forget_does_not(file: Path) -> None:
    words = "Next.js with a Postgres backend"
    with Memory(file) as memory:
        (fact,) = memory.get_all(user_id="ann")
        memory.delete(fact.id, user_id="ann")
    with opened(file) as db:
        assert db.execute("SELECT count(*) FROM fact WHERE id=?", (fact.id,)).fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM key WHERE fact=?", (fact.id,)).fetchone() == (0,)
        said, before = db.execute(
            "SELECT m.content, c.before FROM change AS c JOIN message AS m USING (partition)"
            " WHERE c.kind='deleted' AND m.position=1"
        ).fetchone()
    assert words in said
    assert fact.text in before
    with Memory(file) as memory:
        memory.forget("ann")
    files = [path for path in file.parent.iterdir() if path.is_file()]
    assert [path.name for path in files if words.encode() in path.read_bytes()] == []
    with opened(file) as db:
        assert [user for (user,) in db.execute("SELECT user_id FROM partition")] == ["bob"]


def test_a_copy_of_the_closed_file_is_a_backup(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(file, copy)
    with Memory(file) as memory, Memory(copy) as other:
        assert other.get_all(user_id="bob") == memory.get_all(user_id="bob")
        assert other.check().findings == ()
