"""What the conformance suite of the store leaves open: one file, opened again, by several, and looked into."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.errors import ConfigurationError, IncompatibleStoreError, StorageError
from holdfast.protocols import FactQuery, Fingerprint, Swap, Write
from holdfast.store import SQLiteStore, database, erasure, migrations, pages
from holdfast.store.erasure import NEEDLE, needles_of, search
from holdfast.store.migrations import APPLICATION_ID, MIGRATIONS, Migration
from holdfast.testing.samples import EMBEDDER, NOW, change, fact, later, learn, message, row, said

Open = Callable[..., SQLiteStore]


@pytest.fixture
def opened(path: Path) -> Iterator[Open]:
    """Return what opens the one file, as often as it is called."""
    stores: list[SQLiteStore] = []

    def open_store(**options: Any) -> SQLiteStore:
        store = SQLiteStore(str(path), **{"embedder": EMBEDDER, "terms": "1", "synchronous": "NORMAL", **options})
        stores.append(store)
        return store

    yield open_store
    for store in stores:
        store.close()


def filled(store: SQLiteStore) -> SQLiteStore:
    journaled = store.append("max", [message(id="m1"), message("Hello"), message("Bye")], now=NOW)
    learn(store, "max", journaled[:2], [fact("max", "f1")])
    return store


def everything(store: SQLiteStore) -> list[Any]:
    return [
        store.users(),
        store.messages("max"),
        store.sessions("max"),
        store.pending(),
        store.facts("max", FactQuery()),
        store.changes("max"),
        store.pull("max", 0),
        store.check(),
    ]


def rewrite(store: SQLiteStore, *statements: str) -> None:
    """Change the store behind its back, checksums and all."""

    def work(db: apsw.Connection) -> None:
        for statement in statements:
            db.execute(statement)

    store._database.write(work)


# The file


def test_the_file_is_what_its_documentation_says(opened: Open, path: Path) -> None:
    filled(opened()).close()
    header = path.read_bytes()[:100]
    assert header[:16] == b"SQLite format 3\0"
    assert struct.unpack(">H", header[16:18])[0] == 8192
    assert header[18:20] == b"\x02\x02"  # write-ahead log
    assert struct.unpack(">I", header[60:64])[0] == MIGRATIONS[-1].version
    assert header[68:72] == b"HFST" == struct.pack(">I", APPLICATION_ID)


@pytest.mark.parametrize(("synchronous", "number"), [("FULL", 2), ("NORMAL", 1)])
def test_how_writes_are_made_durable(opened: Open, synchronous: str, number: int) -> None:
    store = opened(synchronous=synchronous)
    seen: list[Any] = []

    def look(db: apsw.Connection) -> None:
        seen.extend(db.execute(f"PRAGMA {name}").get for name in ("synchronous", "journal_mode", "secure_delete"))

    store._database.write(look)
    assert seen == [number, "wal", 1]


def test_opened_again_it_reads_the_same(opened: Open) -> None:
    store = filled(opened())
    before = everything(store)
    store.close()
    assert everything(opened()) == before
    assert everything(opened(synchronous="FULL")) == before


def test_ids_come_from_the_source_that_was_given(opened: Open) -> None:
    numbers = iter(range(100))
    store = opened(new_id=lambda: f"n{next(numbers)}")
    journaled = store.append("max", [message("a"), message("b", id="mine"), message("c")], now=NOW)
    assert [one.message.id for one in journaled] == ["n0", "mine", "n1"]


def test_a_store_in_memory_ends_with_its_object() -> None:
    first = filled(SQLiteStore(":memory:", embedder=EMBEDDER, terms="1"))
    second = SQLiteStore(":memory:", embedder=EMBEDDER, terms="1")
    assert second.users() == []
    assert first.users() == ["max"]
    assert first.forget("max", now=NOW).scanned == {}
    first.close()
    second.close()


# Several on one file


def test_what_one_writes_the_other_reads(opened: Open) -> None:
    one, other = opened(), opened()
    filled(one)
    assert everything(other) == everything(one)
    seq = other.pull("max", 0).seq
    learn(other, "max", said(other, "max", "Again"))
    assert [key.position for key in one.pull("max", seq).keys] == [4]
    one.forget("max", now=NOW)
    assert other.users() == []
    assert other.pull("max", seq).reset


def test_another_embedder_or_other_terms_are_refused(opened: Open) -> None:
    filled(opened()).close()
    for options, expected in (
        ({"embedder": Fingerprint("other", 8)}, "other"),
        ({"embedder": Fingerprint("sample", 16)}, "16 dimensions"),
        ({"embedder": Fingerprint("sample", 8, "2")}, "revision 2"),
        ({"terms": "2"}, "terms 2"),
    ):
        with pytest.raises(IncompatibleStoreError) as caught:
            opened(**options)
        assert expected in caught.value.expected
        assert expected not in caught.value.found
    assert opened().users() == ["max"]


def test_who_has_it_open_learns_that_the_embedder_changed(opened: Open) -> None:
    """Vectors of two embedders never mix, also when the other process changed it while this one had it open."""
    one, other = filled(opened()), opened()
    new = Fingerprint("another", 16)
    known = other.pull("max", 0).seq
    keys = (row(1, width=16), row(1, fact_id="f1", width=16))
    assert one.swap([Swap("max", known, Write(keys, (fact("max", "f1"),), done=(1, 2, 3)))], new)
    journaled = said(other, "max", "Still journaled")
    with pytest.raises(IncompatibleStoreError) as caught:
        other.pull("max", known)
    assert "another" in caught.value.found
    with pytest.raises(IncompatibleStoreError):
        learn(other, "max", journaled)
    assert len(one.pull("max", 0).keys) == 2
    assert len(one.pending()) == 1
    one.close()
    other.close()
    assert len(opened(embedder=new).pull("max", 0).keys) == 2


# Looking into it

FINDINGS = {
    "belongs to no message": "DELETE FROM message WHERE position=2",
    "belongs to no fact": "DELETE FROM fact",
    "fact f1 has no key": "DELETE FROM key WHERE fact='f1'",
    "superseded by one that is not there": "UPDATE fact SET superseded_by='f9'",
    "pending position 9": "INSERT INTO pending (partition, position) VALUES (1, 9)",
    "neither pending nor searchable": "DELETE FROM pending WHERE position=3",
    "vectors of different widths": "UPDATE key SET vector=x'0000' WHERE position=2",
    "beyond its sequence number": "UPDATE partition SET seq=1",
    "without a user": "DELETE FROM partition",
    "rests on words that message m1 does not hold": "UPDATE message SET content='I live in Braga.' WHERE id='m1'",
}


@pytest.mark.parametrize("finding", FINDINGS)
def test_what_does_not_agree_is_found(opened: Open, finding: str) -> None:
    store = filled(opened())
    assert store.check().findings == ()
    rewrite(store, FINDINGS[finding])
    assert any(finding in one for one in store.check().findings)
    assert not any("Lisbon" in one or "Braga" in one for one in store.check().findings)


@pytest.mark.parametrize("finding", FINDINGS)
def test_what_does_not_agree_is_mended(opened: Open, finding: str) -> None:
    """Without deleting a message; what was derived from it can be derived again."""
    store = filled(opened())
    rewrite(store, FINDINGS[finding])
    messages: list[Any] = []
    store._database.write(lambda db: messages.extend(db.execute("SELECT id, content FROM message")))
    waiting = {"fact f1 has no key"}  # the message is pending, and gives it one when it is learnt again
    assert set(store.check(repair=True).findings) <= waiting
    assert set(store.check().findings) <= waiting
    if "no key" in finding:
        assert 1 in {one.journaled.position for one in store.pending()}
    left: list[Any] = []
    store._database.write(lambda db: left.extend(db.execute("SELECT id, content FROM message")))
    assert left == messages
    assert store.check(repair=True).checked["repaired"] == 0


def test_a_sound_store_needs_no_mending(opened: Open) -> None:
    store = filled(opened())
    before = store.pull("max", 0)
    assert store.check(repair=True).checked["repaired"] == 0
    after = store.pull("max", 0)
    assert (after.keys, after.facts, after.places) == (before.keys, before.facts, before.places)
    assert len(store.pending()) == 1


def test_a_deleted_successor_is_no_finding(opened: Open) -> None:
    store = filled(opened())
    old, new = fact("max", "f1"), fact("max", "f2")
    closed = replace(old, valid_to=later(1), superseded_by="f2")
    store.commit("max", lambda _: Write((row(1, fact_id="f2"),), (closed, new)))
    assert store.check().findings == ()
    store.commit("max", lambda _: Write(removed=("f2",), changes=(change("deleted", new, None),)))
    assert store.check().findings == ()


# Migrations


def test_steps_are_numbered_and_recorded_once(opened: Open) -> None:
    assert [step.version for step in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))
    opened().close()
    store = opened()
    recorded: list[Any] = []
    store._database.write(lambda db: recorded.extend(db.execute("SELECT version, name FROM migration")))
    assert recorded == [(step.version, step.name) for step in MIGRATIONS]


def test_a_step_that_fails_leaves_the_store_as_it_was(
    opened: Open, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(opened()).close()
    good = Migration(len(MIGRATIONS) + 1, "a note for each user", "ALTER TABLE partition ADD COLUMN note TEXT")
    bad = Migration(len(MIGRATIONS) + 2, "broken", "ALTER TABLE fact ADD COLUMN x TEXT; INSERT INTO nowhere VALUES (1)")
    for module in (database, migrations):
        monkeypatch.setattr(module, "MIGRATIONS", (*MIGRATIONS, good, bad), raising=False)
    with pytest.raises(StorageError, match="nowhere"):
        opened()
    monkeypatch.undo()
    # The good step stands, and the store says that it is newer than this version knows.
    with pytest.raises(IncompatibleStoreError, match=f"schema {good.version}"):
        opened()
    for module in (database, migrations):
        monkeypatch.setattr(module, "MIGRATIONS", (*MIGRATIONS, good), raising=False)
    store = opened()
    assert store.users() == ["max"]
    columns: list[Any] = []
    store._database.write(lambda db: columns.extend(db.execute("SELECT name FROM pragma_table_info('fact')")))
    assert ("x",) not in columns
    assert ("text",) in columns


# Erasure


@pytest.mark.parametrize("size", [*range(7, 10), *range(22, 27), 47, 48, 49, 71, 72, 73, 150])
def test_no_remnant_of_a_text_stays_unnoticed(size: int) -> None:
    """Whatever piece of 48 bytes is left, or of a shorter text the whole, one needle is in it."""
    whole = bytes(33 + number % 90 for number in range(size))
    needles = needles_of([whole.decode()])
    assert all(needle in whole for needle in needles)
    assert bool(needles) == (size >= 8)
    length = min(2 * NEEDLE, size)
    for start in range(size - length + 1) if needles else ():
        assert any(needle in whole[start : start + length] for needle in needles), start


@given(
    st.lists(st.binary(max_size=60), max_size=6),
    st.lists(st.text("abcd", min_size=8, max_size=60), max_size=4),
    st.integers(1, 64),
)
def test_search_finds_what_in_finds(chunks: list[bytes], texts: list[str], block: int) -> None:
    needles = needles_of(texts)
    planted = [*chunks, *[f"..{text}.".encode() for text in texts[::2]], b"abcdabcdabcdabcd" * 3]
    expected = {needle for needle in needles if any(needle in chunk for chunk in planted)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(erasure, "_BLOCK", block)
        assert search(planted, needles) == expected


@pytest.mark.parametrize("size", [20, 200, 5_000, 300_000])
def test_texts_of_every_length_are_gone(opened: Open, path: Path, size: int) -> None:
    """In one page or over many, learnt, superseded, edited and removed."""
    store = opened()
    said(store, "eve", "stands")

    def words(name: str) -> str:
        return " ".join(f"{name}{number}" for number in range(size // 10))

    journaled = store.append("max", [message(words("message"), id="m1", raw={"raw": words("raw")})], now=NOW)
    first, second = (
        fact("max", "f1", words("first"), metadata={"a": words("metadata")}),
        fact("max", "f1", words("second")),
    )
    learn(store, "max", journaled, [first])
    store.commit("max", lambda _: Write(facts=(second,), changes=(change("edited", first, second, id="c2"),)))
    store.commit("max", lambda _: Write(removed=("f1",), changes=(change("deleted", second, None, id="c3"),)))
    names = [
        f"{name}{number}".encode()
        for name in ("message", "raw", "first", "second", "metadata")
        for number in (1, size // 10 - 1)
    ]
    held = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert all(name in held for name in names)
    store.forget("max", now=NOW)
    left = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert [name for name in names if name in left] == []
    assert store.messages("eve")[0].message.content == "stands"
    assert store.check().findings == ()


@pytest.mark.parametrize("block", [1 << 24, 20])
def test_what_was_left_is_found_and_written_over(
    opened: Open, path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    """The proof does not trust in deleting: without it the words still go, also where two blocks meet."""
    monkeypatch.setattr(pages.blocks, "__defaults__", (block,))
    store = opened()
    said(store, "eve", "stands")
    said(store, "max", *[f"{number} is a number and a secret of nobody else" for number in range(300)])
    store._database.outside_transaction(lambda db: db.execute("PRAGMA secure_delete=OFF"))
    store.forget("max", now=NOW)
    assert b"secret of nobody" not in b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert [one.message.content for one in store.messages("eve")] == ["stands"]


def test_what_could_not_be_proved_is_not_begun(opened: Open, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader who keeps the log from being emptied keeps what stands in it; then nothing is removed yet."""
    monkeypatch.setattr(database, "PATIENCE", 0.05)
    store = filled(opened())
    reader = apsw.Connection(str(path))
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM message").get == 3
    said(store, "max", "Behind what the reader sees.")
    with pytest.raises(StorageError, match="nothing was removed"):
        store.forget("max", now=NOW)
    assert len(store.messages("max")) == 4
    reader.close()
    assert store.forget("max", now=NOW).scanned[path.name] > 0
    assert b"I live in Lisbon." not in b"".join(file.read_bytes() for file in path.parent.iterdir())


# Copies


def test_a_copy_is_a_store_of_its_own(opened: Open, path: Path) -> None:
    store = filled(opened())
    before = everything(store)
    copy = path.parent / "copy.db"
    store.backup(str(copy))
    said(store, "max", "Later")
    other = SQLiteStore(str(copy), embedder=EMBEDDER, terms="1")
    assert everything(other) == before
    said(other, "max", "Elsewhere")
    assert [one.message.content for one in store.messages("max")][-1] == "Later"
    other.close()


def test_a_copy_takes_no_other_files_place(opened: Open, path: Path) -> None:
    store = filled(opened())
    for place in (path, path.parent / "notes.txt"):
        place.touch()
        held = place.read_bytes()
        with pytest.raises(ConfigurationError, match=place.name):
            store.backup(str(place))
        assert place.read_bytes() == held
    with pytest.raises(StorageError):
        store.backup(str(path.parent / "no" / "copy.db"))
    assert store.check().findings == ()
