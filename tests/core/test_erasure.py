"""What `forget` of a session and `erase` take out, and what stays."""

import random
import threading
from pathlib import Path

import pytest

from holdfast import Memory, Message
from holdfast.errors import StorageError
from holdfast.store.erasure import NEEDLE, needles_of, search
from holdfast.testing import FakeEmbedder, ScriptedExtractor
from holdfast.types import Candidate

TALK = {
    "home": [
        ("h1", "I live in Wolverhampton, near the canal."),
        ("h2", "My cousin Bartholomew sails every weekend."),
    ],
    "work": [
        ("w1", "I moved to Aberystwyth last summer."),
        ("w2", "My cousin Bartholomew sails every weekend."),
    ],
}


def script(message: Message) -> list[Candidate]:
    if "live in" in message.content:
        return [Candidate("User lives in Wolverhampton.", (), slot="lives_in", value="Wolverhampton", single=True)]
    if "moved to" in message.content:
        return [Candidate("User lives in Aberystwyth.", (), slot="lives_in", value="Aberystwyth", single=True)]
    return [Candidate(message.content.replace("My", "User's"), ())]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.db"


@pytest.fixture
def memory(path: Path) -> Memory:
    memory = Memory(path, embedder=FakeEmbedder(32), extractor=ScriptedExtractor(script))
    for session, messages in TALK.items():
        memory.add([Message("user", text, id=id) for id, text in messages], user_id="max", session_id=session)
    memory.add("I live in Wolverhampton.", user_id="eve", session_id="home")
    return memory


def everything_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


def test_a_forgotten_session_leaves_nothing_and_takes_nothing_else(memory: Memory, path: Path) -> None:
    assert [fact.text for fact in memory.get_all(user_id="max")] == [
        "User's cousin Bartholomew sails every weekend.",
        "User lives in Aberystwyth.",
    ]
    receipt = memory.forget("max", session_id="work")
    assert receipt.removed["message"] == 2
    assert receipt.removed["fact"] == 1
    assert receipt.looked_for > 3
    assert memory.check().findings == ()
    # The sailor rests on the other session too; the old town was superseded by what is gone, and holds again.
    assert {fact.text: [span.message_id for span in fact.evidence] for fact in memory.get_all(user_id="max")} == {
        "User lives in Wolverhampton.": ["h1"],
        "User's cousin Bartholomew sails every weekend.": ["h2"],
    }
    assert [session.id for session in memory.sessions(user_id="max")] == ["home"]
    assert not any("Aberystwyth" in str(hit) for hit in memory.search("where does the user live", user_id="max"))
    memory.close()
    assert b"Aberystwyth" not in everything_of(path.parent)
    assert b"Bartholomew" in everything_of(path.parent)


def test_forgetting_a_session_is_as_if_it_had_never_been(memory: Memory, tmp_path: Path) -> None:
    memory.forget("max", session_id="work")
    other = Memory(tmp_path / "b.db", embedder=FakeEmbedder(32), extractor=ScriptedExtractor(script))
    other.add([Message("user", text, id=id) for id, text in TALK["home"]], user_id="max", session_id="home")

    def state(memory: Memory) -> list[tuple[str, object, object]]:
        facts = memory.get_all(user_id="max", superseded=True)
        return [(fact.text, fact.active, [span.message_id for span in fact.evidence]) for fact in facts]

    assert state(memory) == state(other)
    assert len(memory.search("sails", user_id="max")) == len(other.search("sails", user_id="max"))
    before = state(memory)
    memory.rebuild(user_id="max")
    assert state(memory) == before


@pytest.mark.parametrize("session", ["nowhere", None, ""])
def test_forgetting_an_unknown_session_changes_nothing(memory: Memory, session: str | None) -> None:
    before = memory.get_all(user_id="max", superseded=True)
    assert set(memory.forget("max", session_id=session).removed.values()) == {0}
    assert memory.get_all(user_id="max", superseded=True) == before


def test_erasing_a_fact_takes_its_words_and_keeps_their_place(memory: Memory, path: Path) -> None:
    fact = next(fact for fact in memory.get_all(user_id="max") if "sails" in fact.text)
    assert memory.erase(fact.id, user_id="eve") is None
    assert memory.erase("unknown", user_id="max") is None
    receipt = memory.erase(fact.id, user_id="max")
    assert receipt is not None
    assert (receipt.removed["message"], receipt.removed["fact"]) == (2, 1)
    assert memory.get(fact.id, user_id="max") is None
    assert memory.history(fact.id, user_id="max") == ()
    assert memory.restore(fact.id, user_id="max") is None
    assert memory.check().findings == ()
    # A framework sends the whole talk again at each turn; what was erased stays so.
    again = [Message("user", text, id=id) for id, text in TALK["work"]]
    assert memory.add(again, user_id="max", session_id="work").messages == ()
    memory.rebuild()
    assert [message.content for message in memory.messages(user_id="max", session_id="work")] == [
        TALK["work"][0][1],
        "",
    ]
    memory.close()
    assert b"Bartholomew" not in everything_of(path.parent)


def test_a_deleted_fact_can_still_be_erased(memory: Memory, path: Path) -> None:
    fact = next(fact for fact in memory.get_all(user_id="max") if "sails" in fact.text)
    memory.delete(fact.id, user_id="max")
    assert b"Bartholomew" in everything_of(path.parent)
    receipt = memory.erase(fact.id, user_id="max")
    assert receipt is not None
    assert receipt.removed["change"] > 0
    memory.close()
    assert b"Bartholomew" not in everything_of(path.parent)


def test_a_reader_that_does_not_end_stops_forgetting_before_anything_is_gone(
    memory: Memory, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdfast.store.database.PATIENCE", 0.05)
    with Memory(path, embedder=FakeEmbedder(32)) as other:
        reading, done = threading.Event(), threading.Event()

        def read() -> None:
            with other._calls.parts.store._database.reading() as db:  # type: ignore[attr-defined]
                db.execute("SELECT count(*) FROM message").fetchall()
                reading.set()
                assert done.wait(20)

        thread = threading.Thread(target=read)
        thread.start()
        assert reading.wait(20)
        memory.add("I also like chess.", user_id="max")  # stands in the log, behind what the other reads
        with Memory(path, embedder=FakeEmbedder(32)) as third:
            with pytest.raises(StorageError, match="nothing was removed"):
                third.forget("max")
            assert len(third.messages(user_id="max", session_id="*")) == 5
            done.set()
            thread.join(20)
            assert third.forget("max").looked_for > 5


def test_needles_cover_a_text_to_its_end() -> None:
    chance = random.Random(3)
    for length in (8, 23, 24, 25, 47, 48, 49, 500):
        text = "".join(chance.choices("abcdefgh", k=length))
        needles = needles_of([text])
        assert search([text.encode()], needles) == set(needles)
        covered = {place for needle in needles for place in range(text.find(needle.decode()), length)[: len(needle)]}
        assert covered == set(range(length))
        assert all(len(needle) <= NEEDLE for needle in needles)
    assert needles_of(["short"]) == []


def test_search_finds_needles_at_any_offset_and_no_others() -> None:
    chance = random.Random(4)
    for _ in range(50):
        needles = [bytes(chance.choices(b"abcd", k=chance.choice([8, 9, 16, 24]))) for _ in range(20)]
        chunks = [bytes(chance.choices(b"abcd", k=chance.randrange(200))) for _ in range(5)]
        chunks[2] += needles[0] + needles[1]
        expected = {needle for needle in needles if any(needle in chunk for chunk in chunks)}
        assert search(chunks, needles) == expected
