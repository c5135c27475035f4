import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import pytest

from holdfast import Memory, Message
from holdfast.errors import DimensionMismatchError, ExtractionError, ProviderError
from holdfast.protocols import Fingerprint
from holdfast.testing import Clock, FakeEmbedder, ScriptedExtractor
from holdfast.types import Candidate, Change, Evidence
from told import SCRIPT, only, tell, texts

# The second session remembers the first


TECH = "I'm building this in Next.js with a Postgres backend"
TECH_FACT = "User is building this in Next.js with a Postgres backend"


def test_the_example_of_the_mission(path: Path) -> None:
    memory = Memory(path)
    memory.add([{"role": "user", "content": TECH}], user_id="user_42")
    hits = memory.search("what tech stack is the user using?", user_id="user_42")
    assert str(hits[0]) == TECH_FACT
    memory.close()
    program = (
        "import sys; from holdfast import Memory\n"
        "print(Memory(sys.argv[1]).search('what tech stack is the user using?', user_id='user_42')[0])"
    )
    output = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert output.stdout.strip() == TECH_FACT


def test_what_was_written_is_there_when_opened_again(path: Path) -> None:
    for number in range(3):
        with Memory(path, extractor=ScriptedExtractor(SCRIPT), embedder=FakeEmbedder()) as memory:
            assert len(memory.messages(user_id="max", session_id="*")) == number
            tell(memory, ["I like tea.", "I own a bike.", "I ran ten miles."][number])
            assert len(memory.search("tea bike miles", user_id="max")) == number + 1


def test_two_processes_write_to_one_file_and_see_each_other(memory: Memory, path: Path) -> None:
    program = """
import sys
from holdfast import Memory
from holdfast.testing import FakeEmbedder, ScriptedExtractor
extractor = ScriptedExtractor(lambda message: [message.content.replace("I ", "User ")])
with Memory(sys.argv[1], extractor=extractor, embedder=FakeEmbedder()) as memory:
    for line in sys.stdin:
        memory.add(line.strip(), user_id="max")
        print("|".join(hit.text for hit in memory.search("tea bike coffee", user_id="max")), flush=True)
"""
    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None

        def there(line: str) -> set[str]:
            print(line, file=other.stdin, flush=True)
            return set(other.stdout.readline().strip().split("|")) if other.stdout else set()

        tell(memory, "I like tea.")
        assert there("I like coffee.") == {"User likes tea.", "User like coffee."}
        assert set(texts(memory.search("tea coffee", user_id="max"))) == {"User likes tea.", "User like coffee."}
        tell(memory, "I own a bike.")
        assert "User owns a bike." in there("I like milk.")
        memory.delete(next(fact.id for fact in memory.get_all(user_id="max") if "tea" in fact.text), user_id="max")
        assert not any("tea" in text for text in there("I like juice."))
        memory.forget("max")
        assert there("I like water.") == {"User like water."}
        other.stdin.close()
    assert texts(memory.search("water", user_id="max")) == ["User like water."]
    assert memory.check().findings == ()


@pytest.mark.parametrize("given", ["path", "variable", "default"])
def test_where_the_file_lies(given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    monkeypatch.setenv("HOLDFAST_PATH", str(tmp_path / "variable.db"))
    expected = {"path": "path.db", "variable": "variable.db"}
    if given == "default":
        monkeypatch.delenv("HOLDFAST_PATH")
    # Read when the memory is made, not when the module was imported, and not later.
    with Memory(tmp_path / "path.db" if given == "path" else None, embedder=FakeEmbedder()) as memory:
        monkeypatch.setenv("HOLDFAST_PATH", str(tmp_path / "later.db"))
        tell(memory, "I like tea.")
        if given == "default":
            assert Path(memory.path).is_relative_to(own_home)
        else:
            assert Path(memory.path) == tmp_path / expected[given]
        assert Path(memory.path).stat().st_size
        assert repr(memory) == f"Memory({memory.path!r})"


# Adding


def test_add_says_what_it_did(memory: Memory, clock: Clock) -> None:
    talk = [
        {"role": "user", "content": "I live in Lisbon.", "id": "m1"},
        {"role": "assistant", "content": "I live in Porto."},
    ]
    added = memory.add(talk, user_id="max", session_id="s", agent_id="a", metadata={"project": "atlas"})
    assert [message.content for message in added.messages] == ["I live in Lisbon.", "I live in Porto."]
    assert added.messages[0].id == "m1"
    assert all(message.at == clock.now for message in added.messages)
    (fact,) = added.facts
    assert fact.text == "User lives in Lisbon."
    assert (fact.kind, fact.slot, fact.value, fact.extractor) == ("location", "lives_in", "Lisbon", "scripted/1")
    assert (fact.session_id, fact.agent_id, fact.metadata) == ("s", "a", {"project": "atlas"})
    assert (fact.said_at, fact.valid_from, fact.valid_to) == (clock.now, clock.now, None)
    assert fact.evidence == (Evidence("m1", 0, 17, "I live in Lisbon."),)
    assert [change.kind for change in added.changes] == ["added"]
    assert added.changes == memory.history(fact.id, user_id="max")
    assert memory.get(fact.id, user_id="max") == fact
    assert not added.deferred


def test_words_of_others_are_no_evidence(memory: Memory) -> None:
    for role in ("assistant", "system", "tool"):
        added = memory.add({"role": role, "content": "I like tea."}, user_id="max")
        assert added.facts == ()
    assert memory.count(user_id="max") == 0
    assert len(memory.search("tea", user_id="max")) == 3


def test_a_candidate_that_its_evidence_does_not_carry_is_quarantined(
    memory: Memory, extractor: ScriptedExtractor
) -> None:
    wrong = {
        "rests on words that are not there": (Evidence("", 0, 4, "I do"),),
        "rests on nothing that was said": (Evidence("elsewhere", 0, 17, "I live in Lisbon."),),
        "rests on an empty span": (Evidence("", 3, 3, ""),),
    }
    extractor.script = {"I live in Lisbon.": [Candidate(text, spans) for text, spans in wrong.items()]}
    added = memory.add("I live in Lisbon.", user_id="max")
    assert added.facts == ()
    assert [one.text for one in added.quarantined] == list(wrong)
    assert all(one.reason for one in added.quarantined)
    assert len(memory.search("Lisbon", user_id="max")) == 1


def test_resending_is_harmless(memory: Memory, extractor: ScriptedExtractor) -> None:
    talk = [{"role": "user", "content": "I live in Lisbon."}, {"role": "assistant", "content": "Nice."}]
    first = memory.add(talk, user_id="max")
    batches = len(extractor.batches)
    for again in (talk, talk[1:], [{**message.to_dict(), "session_id": None} for message in first.messages]):
        added = memory.add(again, user_id="max")
        assert (added.messages, added.facts, added.changes) == ((), (), ())
        assert [one.reason for one in added.skipped] == ["already in the journal"] * len(again)
    grown = memory.add([*talk, {"role": "user", "content": "I like tea."}], user_id="max")
    assert texts(tuple(grown.messages and memory.search("tea", user_id="max", limit=1))) == ["User likes tea."]
    assert len(memory.messages(user_id="max", session_id=None)) == 3
    assert len(extractor.batches) == batches + 1
    assert memory.count(user_id="max") == 2


def test_the_same_said_again_is_evidence_not_another_fact(memory: Memory, clock: Clock) -> None:
    tell(memory, "I like tea.", session_id="s1")
    clock.advance(days=1)
    added = memory.add("I like tea.", user_id="max", session_id="s2")
    assert added.facts == ()
    assert len(only(memory).evidence) == 2
    assert texts(memory.search("tea", user_id="max")) == ["User likes tea."]
    for session_id in ("s1", "s2"):
        assert texts(memory.search("tea", user_id="max", session_id=session_id)) == ["User likes tea."]


def test_an_extractor_sees_what_was_said_just_before(memory: Memory, extractor: ScriptedExtractor) -> None:
    tell(memory, *[f"turn {number}" for number in range(8)], session_id="s")
    tell(memory, "another session", session_id="t")
    tell(memory, "now", session_id="s")
    assert [message.content for message in extractor.batches[-1].messages] == ["now"]
    assert [message.content for message in extractor.batches[-1].context] == [
        f"turn {number}" for number in range(2, 8)
    ]


def test_a_long_conversation_is_learnt_in_portions_of_one_session(memory: Memory, extractor: ScriptedExtractor) -> None:
    talk = [Message("user", f"turn {number}", session_id=f"s{number % 2}") for number in range(100)]
    memory.add(talk, user_id="max")
    read = [[message.content for message in batch.messages] for batch in extractor.batches]
    assert sorted(content for contents in read for content in contents) == sorted(message.content for message in talk)
    for batch in extractor.batches:
        assert len(batch.messages) <= 32
        assert len({message.session_id for message in (*batch.messages, *batch.context)}) == 1


# Failing, deferring, processing


@pytest.mark.parametrize("error", [None, ProviderError("model", "no route"), RuntimeError("bug"), KeyError("x")])
def test_an_extractor_that_fails_loses_nothing(
    memory: Memory, extractor: ScriptedExtractor, error: Exception | None
) -> None:
    extractor.fail(2, error)
    with pytest.raises(ProviderError) as caught:
        memory.add("I like tea.", user_id="max")
    if error is not None and not isinstance(error, ProviderError):
        assert isinstance(caught.value, ExtractionError)
        assert caught.value.__cause__ is error
    assert [message.content for message in memory.messages(user_id="max", session_id=None)] == ["I like tea."]
    with pytest.raises(ProviderError):
        memory.process()
    (pending,) = memory._calls.parts.store.pending()
    assert pending.attempts == 2
    assert pending.reason
    assert type(caught.value).__name__ in pending.reason
    processed = memory.process()
    assert [fact.text for added in processed.added for fact in added.facts] == ["User likes tea."]
    assert processed.remaining == 0
    assert memory.process() == type(processed)((), 0)
    assert texts(memory.search("tea", user_id="max")) == ["User likes tea."]


@pytest.mark.parametrize("error", [None, RuntimeError("bug")])
def test_an_embedder_that_fails_loses_nothing(memory: Memory, embedder: FakeEmbedder, error: Exception | None) -> None:
    embedder.fail(1, error)
    with pytest.raises(ProviderError):
        memory.add("I like tea.", user_id="max")
    assert memory.count(user_id="max") == 0
    embedder.fail(1, error)
    with pytest.raises(ProviderError):
        memory.search("tea", user_id="max")
    assert memory.process().remaining == 0
    assert texts(memory.search("tea", user_id="max")) == ["User likes tea."]


def test_what_failed_is_learnt_when_it_is_sent_again(memory: Memory, extractor: ScriptedExtractor) -> None:
    extractor.fail()
    with pytest.raises(ProviderError):
        memory.add("I like tea.", user_id="max")
    added = memory.add("I like tea.", user_id="max")
    assert added.messages == ()
    assert [fact.text for fact in added.facts] == ["User likes tea."]
    assert memory.process().added == ()


def test_deferred_messages_are_learnt_by_process(memory: Memory, extractor: ScriptedExtractor) -> None:
    added = memory.add(["I like tea.", "I own a bike."], user_id="max", defer=True)
    assert added.deferred
    assert len(added.messages) == 2
    assert extractor.batches == []
    assert memory.search("tea", user_id="max") == ()
    assert not memory.add([], user_id="max", defer=True).deferred
    tell(memory, "I ran ten miles.", user_id="eve", defer=True)
    assert memory.process(user_id="eve").remaining == 0
    assert memory.count(user_id="max") == 0
    assert memory.process(limit=1).remaining == 1
    assert memory.process().remaining == 0
    assert memory.count(user_id="max") == 2


def test_process_tries_the_others_before_it_raises(memory: Memory, extractor: ScriptedExtractor) -> None:
    for user_id in ("max", "eve", "zoe"):
        tell(memory, "I like tea.", user_id=user_id, defer=True)
    extractor.fail(1, ProviderError("model", "no route"))
    with pytest.raises(ProviderError, match="no route"):
        memory.process()
    assert [memory.count(user_id=user_id) for user_id in ("max", "eve", "zoe")] == [0, 1, 1]
    assert memory.process().remaining == 0


def test_two_workers_learn_each_message_once(path: Path, memory: Memory) -> None:
    memory.add([f"turn {number}" for number in range(40)], user_id="max", defer=True)
    extractor = ScriptedExtractor(lambda message: [f"User said {message.content}."])
    workers = [Memory(path, extractor=extractor, embedder=FakeEmbedder()) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda worker: worker.process(), workers))
    assert memory.count(user_id="max") == 40
    assert len(memory.diff(user_id="max", since="2000-01-01").changes) == 40
    for worker in workers:
        worker.close()


def test_an_unknown_user_and_an_empty_history_are_no_errors(memory: Memory) -> None:
    assert memory.search("tea", user_id="max") == ()
    assert memory.search("", user_id="max") == ()
    assert memory.context("tea", user_id="max").text == ""
    assert memory.get_all(user_id="max") == ()
    assert memory.count(user_id="max") == 0
    assert memory.get("f1", user_id="max") is None
    assert memory.update("f1", "User likes tea.", user_id="max") is None
    assert memory.delete("f1", user_id="max") is None
    assert memory.restore("f1", user_id="max") is None
    assert memory.history("f1", user_id="max") == ()
    assert memory.diff(user_id="max", since="2025-01-01").changes == ()
    assert memory.messages(user_id="max", session_id=None) == ()
    assert memory.sessions(user_id="max") == ()
    assert memory.process(user_id="max") == memory.process()
    assert memory.add([], user_id="max").messages == ()
    assert memory.users() == ()
    assert set(memory.forget("max").removed.values()) == {0}
    assert memory.check().findings == ()


# The journal and its sessions


def test_messages_and_sessions(memory: Memory, clock: Clock) -> None:
    start = clock.now
    tell(memory, "one", "two", session_id="s1")
    later = clock.advance(hours=1)
    tell(memory, "three")
    tell(memory, "four", session_id="s1")
    assert [message.content for message in memory.messages(user_id="max", session_id="s1")] == ["one", "two", "four"]
    assert [message.content for message in memory.messages(user_id="max", session_id="s1", limit=2)] == ["two", "four"]
    assert [message.content for message in memory.messages(user_id="max", session_id=None)] == ["three"]
    assert len(memory.messages(user_id="max", session_id="*")) == 4
    first, second = memory.sessions(user_id="max")
    assert (first.id, first.messages, first.first, first.last) == ("s1", 3, start, later)
    assert (second.id, second.messages) == (None, 1)


# Threads, forks, clocks


def test_one_memory_serves_many_threads(memory: Memory) -> None:
    def live(number: int) -> None:
        user_id = f"user {number % 3}"
        tell(memory, f"I like tea. {number}", user_id=user_id, session_id=str(number))
        assert memory.search("tea", user_id=user_id, limit=100)
        assert memory.context("tea", user_id=user_id).text

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(live, range(30)))
    assert [len(memory.messages(user_id=f"user {number}", session_id="*")) for number in range(3)] == [10, 10, 10]
    assert memory.check().findings == ()


def test_a_clock_without_a_zone_is_taken_as_utc(path: Path) -> None:
    with Memory(path, embedder=FakeEmbedder(), clock=lambda: datetime(2025, 3, 1, 12)) as memory:  # noqa: DTZ001
        tell(memory, "tea")
        (hit,) = memory.search("tea", user_id="max")
        assert hit.message is not None
        assert hit.message.at == datetime(2025, 3, 1, 12, tzinfo=timezone.utc)


def test_vectors_of_the_wrong_width_are_refused(path: Path) -> None:
    class Lying(FakeEmbedder):
        @property
        def fingerprint(self) -> Fingerprint:
            return Fingerprint("lying", 5)

    with Memory(path, embedder=Lying()) as memory:
        with pytest.raises(DimensionMismatchError) as caught:
            tell(memory, "tea")
        assert (caught.value.expected, caught.value.got) == (5, 256)
        assert len(memory.messages(user_id="max", session_id=None)) == 1


def test_a_change_names_its_fact_and_its_evidence(memory: Memory) -> None:
    tell(memory, "I like tea.")
    fact = only(memory)
    (change,) = memory.history(fact.id, user_id="max")
    assert isinstance(change, Change)
    assert (change.fact_id, change.evidence, change.by) == (fact.id, fact.evidence, "scripted/1")
    assert np.isfinite([hit.score for hit in memory.search("tea", user_id="max")]).all()
