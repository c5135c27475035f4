from collections.abc import Sequence
from pathlib import Path

import pytest

from holdfast import Memory, Message
from holdfast.errors import ConfigurationError, ProviderError, StorageError
from holdfast.protocols import TextKind
from holdfast.testing import Clock, FakeEmbedder, ScriptedExtractor
from holdfast.types import Vectors
from told import tell, texts


def test_rebuild_gives_the_same_twice_and_keeps_what_was_done_by_hand(memory: Memory, clock: Clock) -> None:
    tell(memory, "I live in Lisbon.", "I like tea.", "I own a bike.")
    clock.advance(days=1)
    tell(memory, "I live in Porto.")
    tea, bike = (next(fact for fact in memory.get_all(user_id="max") if word in fact.text) for word in ("tea", "bike"))
    memory.update(tea.id, "User likes green tea.", user_id="max")
    memory.delete(bike.id, user_id="max")
    facts = memory.get_all(user_id="max", superseded=True)
    assert memory.rebuild(dry_run=True).changes == ()
    memory.rebuild()
    assert memory.get_all(user_id="max", superseded=True) == facts
    memory.rebuild(user_id="max")
    assert memory.get_all(user_id="max", superseded=True) == facts
    assert not any("bike" in text for text in texts(memory.search("bike", user_id="max")))
    assert memory.check().findings == ()


def test_rebuild_with_another_extractor_and_embedder(memory: Memory, path: Path) -> None:
    tell(memory, "I like tea.", "I own a bike.")
    other = ScriptedExtractor(lambda message: [f'User says: "{message.content}"'], name="scripted/2")
    would = memory.rebuild(extractor=other, dry_run=True)
    assert {change.kind for change in would.changes} == {"added", "deleted"}
    assert {fact.extractor for fact in memory.get_all(user_id="max")} == {"scripted/1"}
    memory.rebuild(extractor=other, embedder=FakeEmbedder(64, name="other"))
    assert {fact.text for fact in memory.get_all(user_id="max")} == {
        'User says: "I like tea."',
        'User says: "I own a bike."',
    }
    assert texts(memory.search("tea", user_id="max", limit=1)) == ['User says: "I like tea."']
    with Memory(path, embedder=FakeEmbedder(64, name="other")) as again:
        assert texts(again.search("tea", user_id="max", limit=1)) == ['User says: "I like tea."']


class Counting(FakeEmbedder):
    """Keeps what it was asked."""

    def __init__(self, *, name: str = "fake") -> None:
        super().__init__(name=name)
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        self.asked.extend(texts)
        return super().embed(texts, kind=kind)


def keys_of(memory: Memory, user_id: str) -> list[str]:
    """Return a user's search keys, vectors and all, in an order that no batch decides."""
    return sorted(str(line) for line in memory.export(user_id) if "key" in line)


def likes(message: Message) -> list[str]:
    return [message.content.replace("I like", "User likes")]


def test_sessions_that_alternate_keep_their_places(path: Path, clock: Clock) -> None:
    """A rebuild learns session by session; what it finds must still stand where it was said."""
    with Memory(path, embedder=FakeEmbedder(), extractor=ScriptedExtractor(likes), clock=clock) as memory:
        for number, topic in enumerate("tea chess jazz hiking sailing baking".split()):
            clock.advance(hours=1)
            memory.add(f"I like {topic}.", user_id="max", session_id=str(number % 2))
        memory.forget("max", session_id="never")
        clock.advance(hours=1)
        memory.add("I like leaving a gap.", user_id="max", session_id="gap")
        clock.advance(hours=1)
        memory.add("I like what follows it.", user_id="max", session_id="0")
        memory.forget("max", session_id="gap")
        memory.delete(memory.get_all(user_id="max")[1].id, user_id="max")

        def state() -> list[object]:
            facts = memory.get_all(user_id="max", superseded=True)
            found = [memory.search(fact.text, user_id="max", limit=3) for fact in facts]
            return [facts, [[(hit.text, hit.sources) for hit in hits] for hits in found]]

        before = state()
        for _ in range(2):
            memory.rebuild()
            assert state() == before
            assert memory.check().findings == ()
        (deleted,) = (one for one in memory.diff(user_id="max", since="2000-01-01").changes if one.kind == "deleted")
        assert deleted.position == 8


def test_vectors_of_unchanged_texts_are_taken_over(path: Path) -> None:
    embedder = Counting()
    with Memory(path, embedder=embedder, extractor=ScriptedExtractor(likes)) as memory:
        for topic in ("tea", "chess"):
            memory.add(f"I like {topic}.", user_id="max")
        before = keys_of(memory, "max")
        embedder.asked.clear()
        memory.rebuild()
        assert embedder.asked == []
        assert keys_of(memory, "max") == before
        memory.rebuild(extractor=ScriptedExtractor(lambda message: [f'User says: "{message.content}"']))
        assert len(embedder.asked) == 2
        other = Counting(name="other")
        memory.rebuild(embedder=other)
        assert len(other.asked) >= 4


def test_progress_is_told(path: Path) -> None:
    told: list[tuple[int, int]] = []
    with Memory(path, embedder=FakeEmbedder(), extractor=ScriptedExtractor(likes)) as memory:
        for number in range(7):
            memory.add(f"I like number {number}.", user_id=f"user {number % 3}")
        memory.rebuild(progress=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (7, 7)
    assert {total for _, total in told} == {7}


def test_a_rebuild_that_fails_changes_nothing(path: Path) -> None:
    embedder, extractor = FakeEmbedder(), ScriptedExtractor(likes)
    with Memory(path, embedder=embedder, extractor=extractor) as memory:
        for user in ("max", "eve"):
            memory.add("I like tea.", user_id=user)
        before = [list(memory.export(user)) for user in ("max", "eve")]
        failing = ScriptedExtractor(lambda message: [f'User says: "{message.content}"'])
        failing.fail(1)
        with pytest.raises(ProviderError):
            memory.rebuild(extractor=failing)
        assert [list(memory.export(user)) for user in ("max", "eve")] == before
        assert memory.pending() == ()
        with pytest.raises(ConfigurationError, match="needs all users"):
            memory.rebuild(user_id="max", embedder=FakeEmbedder(name="other"))


def test_what_is_said_meanwhile_is_kept(path: Path) -> None:
    """Each try finds a message that was learnt after the partition was read; the last one finds none."""
    said = 0
    with Memory(path, embedder=FakeEmbedder(), extractor=ScriptedExtractor(likes)) as memory:
        memory.add("I like tea.", user_id="max")

        def interfere(_done: int, _total: int) -> None:
            nonlocal said
            if said < 2:
                said += 1
                memory.add(f"I like interruption {said}.", user_id="max")

        memory.rebuild(progress=interfere)
        assert memory.count(user_id="max") == 3
        assert memory.check().findings == ()

        def never_stop(_done: int, _total: int) -> None:
            memory.add(f"I like interruption {memory.count(user_id='max')}.", user_id="max")

        with pytest.raises(StorageError, match="was written to during each"):
            memory.rebuild(progress=never_stop)
        assert memory.check().findings == ()


def test_what_is_derived_aside_takes_no_memory(path: Path) -> None:
    """The shadow of many users moves to a temporary file that no crash leaves behind."""
    with Memory(path, embedder=FakeEmbedder(64), extractor=ScriptedExtractor(likes)) as memory:
        for user in range(30):
            memory.add([f"I like number {number} of {user}." for number in range(5)], user_id=f"user {user}")
        users = memory.users()
        before = [(memory.get_all(user_id=user), keys_of(memory, user)) for user in users]
        assert memory.rebuild().changes == ()
        assert [(memory.get_all(user_id=user), keys_of(memory, user)) for user in users] == before
        assert {file.name for file in path.parent.iterdir()} <= {
            path.name + end for end in ("", "-wal", "-shm", "-lock")
        }
