"""`check` names what does not agree; with `repair` it mends it and loses nothing that was said."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
import pytest

from holdfast import Memory
from holdfast.testing import FakeEmbedder, ScriptedExtractor

WORDS = ("tea", "chess", "jazz", "hiking")


def opened(path: Path) -> Memory:
    extractor = ScriptedExtractor(lambda message: [message.content.replace("I like", "User likes")])
    return Memory(path, embedder=FakeEmbedder(32), extractor=extractor)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with opened(tmp_path / "a.db") as memory:
        for word in WORDS:
            memory.add(f"I like {word}.", user_id="max")
            memory.add(f"I like {word} too.", user_id="eve")
    return tmp_path / "a.db"


def damage(path: Path, *statements: str) -> None:
    """Change rows behind the memory's back, checksums and all."""
    with opened(path) as memory:
        store: Any = memory._calls.parts.store

        def write(db: apsw.Connection) -> None:
            for statement in statements:
                db.execute(statement)

        store._database.write(write)


DAMAGES = {
    "a lost fact": ["DELETE FROM fact WHERE text='User likes tea.'"],
    "lost keys of a fact": ["DELETE FROM key WHERE fact=(SELECT id FROM fact WHERE text='User likes tea.')"],
    "lost keys of a message": ["DELETE FROM key WHERE partition=1 AND position=1"],
    "lost keys": ["DELETE FROM key"],
    "keys of no message": ["UPDATE key SET position=99 WHERE partition=1 AND position=1"],
    "keys of no fact": ["UPDATE key SET fact='nothing' WHERE partition=1 AND position=1 AND fact NOT NULL"],
    "a cut vector": ["UPDATE key SET vector=substr(vector, 2) WHERE partition=1 AND position=2"],
    "cut terms": ["UPDATE key SET terms=substr(terms, 2) WHERE partition=1 AND position=2"],
    "pending, but of no message": ["INSERT INTO pending (partition, position) VALUES (1, 99)"],
    "superseded by nothing": [
        "UPDATE fact SET superseded_by='nothing', valid_to=said_at WHERE text='User likes jazz.'"
    ],
    "numbers run ahead": ["UPDATE partition SET seq=cleared WHERE id=1"],
    "changed evidence": ["UPDATE fact SET evidence=replace(evidence, 'hiking', 'skiing') WHERE partition=1"],
    "a changed message": ["UPDATE message SET content='I like tee.' WHERE content='I like tea.'"],
    "a lost user": ["DELETE FROM partition WHERE user_id='eve'"],
}


@pytest.mark.parametrize("statements", DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_is_found_and_mended(path: Path, statements: list[str]) -> None:
    def journal(memory: Memory) -> Any:
        return sorted(
            message.content for user in memory.users() for message in memory.messages(user_id=user, session_id="*")
        )

    with opened(path) as memory:
        assert memory.check().findings == ()
    damage(path, *statements)
    with opened(path) as memory:
        said = journal(memory)
        assert memory.check().findings
        assert memory.check().findings, "looking mends nothing"
        report = memory.check(repair=True)
        assert report.findings == ()
        assert report.checked["repaired"] > 0
        memory.process()
        assert memory.check(repair=True).findings == ()
        assert len(journal(memory)) == 8
        assert set(said) <= set(journal(memory))
        for user in memory.users():
            closed = {
                fact.evidence[0].message_id for fact in memory.get_all(user_id=user, superseded=True) if not fact.active
            }
            for message in memory.messages(user_id=user, session_id="*"):
                if message.id in closed:
                    continue  # all it says holds no longer
                hits = memory.search(message.content, user_id=user, limit=50)
                assert any(message.id in hit.sources for hit in hits)


def test_a_fact_without_foundation_goes_into_the_history(path: Path) -> None:
    damage(path, *DAMAGES["changed evidence"])
    with opened(path) as memory:
        (fact,) = (fact for fact in memory.get_all(user_id="max") if "hiking" in fact.text)
        memory.check(repair=True)
        assert memory.get(fact.id, user_id="max") is None
        last = memory.history(fact.id, user_id="max")[-1]
        assert (last.kind, last.by, last.before) == ("deleted", "check", fact)


def test_another_memory_that_is_open_sees_the_repair(path: Path) -> None:
    with opened(path) as reader, opened(path) as memory:
        before = reader.search("tea", user_id="max", limit=50)
        damage(path, *DAMAGES["lost keys"])
        memory.check(repair=True)
        memory.process()
        assert [hit.text for hit in reader.search("tea", user_id="max", limit=50)] == [hit.text for hit in before]


def test_vectors_in_memory_are_compared_with_the_store(path: Path) -> None:
    with opened(path) as memory:
        memory.search("tea", user_id="max")
        with memory._calls.parts.index.partition("max") as partition:
            partition._vectors.codes()
            partition.places[0], partition.places[1] = partition.places[1], partition.places[0]
        assert any("in memory of user 'max'" in finding for finding in memory.check().findings)
        assert memory.check(repair=True).findings == ()
        assert memory.check().findings == ()


def test_a_sound_store_needs_no_repair(path: Path) -> None:
    with opened(path) as memory:
        before = list(memory.export("max"))
        assert memory.check(repair=True).checked["repaired"] == 0
        assert list(memory.export("max")) == before


def plain(path: Path, statement: str) -> None:
    connection = apsw.Connection(str(path))
    connection.execute(statement)
    connection.close()


def backup(path: Path, copy: Path) -> None:
    source, target = apsw.Connection(str(path)), apsw.Connection(str(copy))
    with target.backup("main", source, "main") as steps:
        steps.step()
    source.close()
    target.close()


@pytest.mark.parametrize("make", [backup, lambda path, copy: plain(path, f"VACUUM INTO '{copy}'")])
def test_a_copy_made_by_another_program_can_be_taken_over(
    path: Path, tmp_path: Path, make: Callable[[Path, Path], None]
) -> None:
    from holdfast.errors import CorruptStoreError
    from holdfast.store import renew_checksums

    copy = tmp_path / "copy.db"
    with opened(path) as memory:
        expected = list(memory.export("max"))
        memory.add("I like to be there while it is copied.", user_id="eve")
        make(path, copy)
    with pytest.raises(CorruptStoreError, match="renew_checksums"):
        opened(copy)
    renew_checksums(str(copy))
    with opened(copy) as memory:
        assert memory.check().findings == ()
        assert list(memory.export("max")) == expected
        assert len(memory.messages(user_id="eve", session_id="*")) == 5
    copy.write_bytes(copy.read_bytes()[: 8192 * 5])
    with pytest.raises(CorruptStoreError):
        renew_checksums(str(copy))
