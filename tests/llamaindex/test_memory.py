"""HoldfastMemory beyond the contract: where memory stands, handles, budgets, failures."""

import copy
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("llama_index.core", reason="needs the extra holdfast[llamaindex]")

from llama_index.core.llms import ChatMessage
from llama_index.core.workflow import JsonSerializer

from holdfast import ConfigurationError, Memory, ProviderError, StorageError
from holdfast.testing import FakeEmbedder
from llamaindex.scripted import assistant, user, words
from llamaindex_holdfast import HoldfastMemory

Make = Callable[..., HoldfastMemory]

FACT = "User is allergic to peanuts"


@pytest.fixture
def known(core: Memory) -> None:
    core.add("I'm allergic to peanuts", user_id="alice", session_id="long ago")


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("insert", "history", "place"),
    [
        ("auto", [user("a snack?")], ("user", 0, 1)),
        ("auto", [user("hi"), assistant("ho")], ("user", 0, 2)),
        ("auto", [], ("system", 0, 1)),
        ("auto", [ChatMessage(role="system", content="rules")], ("system", 0, 1)),
        ("user", [], ("user", 0, 1)),
        ("user", [user("hi"), assistant("ho"), user("a snack?")], ("user", 2, 3)),
        ("system", [user("a snack?")], ("system", 0, 2)),
        ("system", [ChatMessage(role="system", content="rules"), user("a snack?")], ("system", 0, 2)),
    ],
)
def test_where_memory_stands(insert: str, history: list[ChatMessage], place: tuple[str, int, int], make: Make) -> None:
    memory = make(insert=insert)
    memory.set(history)
    got = memory.get(input="a snack?")
    where = [(message.role.value, number) for number, message in enumerate(got) if FACT in (message.content or "")]
    assert (*where[0], len(got)) == place
    assert len(where) == 1
    assert len([message for message in got if message.role == "system"]) <= 1


def test_a_new_user_gets_exactly_what_was_said(make: Make) -> None:
    memory = make()
    assert memory.get(input="hello") == []
    memory.put(user("hello"))
    assert memory.get() == [user("hello")]


@pytest.mark.usefixtures("known")
def test_the_history_is_not_recalled_once_more(make: Make) -> None:
    memory = make()
    memory.put_messages([user("The wifi is called Bluebird"), assistant("ok"), user("What is the wifi called?")])
    assert str(memory.get()).count("Bluebird") == 1


def test_what_no_longer_fits_is_recalled(make: Make) -> None:
    memory = make(token_limit=400, memory_tokens=200)
    memory.put(user("The wifi is called Bluebird"))
    memory.put_messages([message for n in range(40) for message in (user(f"number {n} of many"), assistant("ok"))])
    memory.put(user("What is the wifi called?"))
    got = memory.get()
    assert len(got) < 80
    assert "Bluebird" in (got[-1].content or "")
    tokens = sum(len(memory.tokenizer_fn(message.content or "")) for message in got)
    assert tokens <= 400


@pytest.mark.usefixtures("known")
def test_budgets(make: Make) -> None:
    memory = make(memory_tokens=0)
    memory.put(user("a snack?"))
    assert memory.get() == [user("a snack?")]
    assert make(token_limit=1).get(input="a snack?", initial_token_count=1000) == []
    with pytest.raises(ValueError, match="token_limit"):
        make(token_limit=0)


@pytest.mark.usefixtures("known")
def test_a_failing_model_costs_the_memory_of_the_turn_and_never_the_turn(caplog: pytest.LogCaptureFixture) -> None:
    embedder = FakeEmbedder()
    with Memory(":memory:", embedder=embedder) as core:
        memory = HoldfastMemory.from_memory(core, user_id="alice", session_id="s", learn="now")
        embedder.fail(times=2, error=ProviderError("fake", "is away", retryable=True))
        memory.put(user("I'm allergic to peanuts"))
        assert memory.get() == [user("I'm allergic to peanuts")]
        assert core.count(user_id="alice") == 0
        assert "is away" in caplog.text
        memory.put(assistant("Noted"))  # what failed is learnt with the next message
        assert [fact.text for fact in core.get_all(user_id="alice")] == [FACT]


def test_a_message_that_cannot_be_written_is_not_swallowed(core: Memory) -> None:
    closed = Memory(":memory:", embedder=FakeEmbedder())
    memory = HoldfastMemory.from_memory(closed, user_id="alice")
    closed.close()
    with pytest.raises(StorageError):
        memory.put(user("hello"))


def test_learning_can_be_left_to_the_application(make: Make, core: Memory) -> None:
    make(learn="later").put(user("I'm allergic to peanuts"))
    assert core.count(user_id="alice") == 0
    core.process()
    assert core.count(user_id="alice") == 1


def test_setting_what_is_shown_already_writes_nothing(make: Make, core: Memory) -> None:
    memory = make(session_id="s")
    memory.put_messages([user("a"), assistant("b")])
    before = core.messages(user_id="alice", session_id="s")
    memory.set(memory.get_all())
    assert core.messages(user_id="alice", session_id="s") == before
    memory.set([*memory.get_all(), user("c")])
    assert len(core.messages(user_id="alice", session_id="s")) == 3
    memory.reset()
    memory.set([user("a"), assistant("b")])  # a client that resends its history after a reset
    said = [one.content for one in core.messages(user_id="alice", session_id="s") if one.content]
    assert said == ["a", "b", "c"]


@pytest.mark.usefixtures("known")
def test_what_get_returned_can_be_set(make: Make, core: Memory) -> None:
    memory = make(session_id="s")
    memory.put(user("a snack without {context_str}?"))
    memory.set(memory.get())
    assert words(memory.get_all()) == [("user", "a snack without {context_str}?")]
    assert len(core.messages(user_id="alice", session_id="s")) == 1


def test_two_handles_on_one_session_see_each_other(make: Make) -> None:
    one, other = make(session_id="s"), make(session_id="s")
    for number in range(50):
        (one, other)[number % 2].put(user(str(number)))
    assert [content for _, content in words(one.get_all())] == [str(number) for number in range(50)]
    other.reset()
    assert one.get_all() == []
    other.put_messages([user(str(number)) for number in range(100)])
    assert len(one.get_all()) == 100


def test_a_handle_holds_names_and_nothing_that_was_said(make: Make) -> None:
    memory = make(session_id="s", insert="user", token_limit=5000, memory_tokens=100, learn="later")
    memory.put(user("my secret is tulip"))
    given = memory.to_dict()
    assert json.loads(json.dumps(given)) == given
    assert "tulip" not in str(given)
    assert set(given) - {"class_name"} == {
        "path", "user_id", "session_id", "insert", "token_limit", "memory_tokens", "learn",
    }  # fmt: skip
    for again in (HoldfastMemory.from_dict(given), copy.copy(memory), pickle.loads(pickle.dumps(memory))):
        assert again.to_dict() == given
        assert again.memory is memory.memory


def test_a_handle_of_a_later_version_is_read(make: Make) -> None:
    assert HoldfastMemory.from_dict({**make().to_dict(), "colour": "red"}).user_id == "alice"


def test_a_handle_outlives_the_process(tmp_path: Path) -> None:
    script = """
import sys
from holdfast import Memory
from holdfast.testing import FakeEmbedder
from llamaindex_holdfast import HoldfastMemory
from llama_index.core.llms import ChatMessage
core = Memory(sys.argv[1], embedder=FakeEmbedder())
memory = HoldfastMemory.from_memory(core, user_id="alice", session_id="s")
memory.put(ChatMessage(role="user", content="I'm allergic to peanuts"))
memory.flush()
print(memory.to_json())
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "chat.db")], capture_output=True, text=True, check=True
    )
    core = Memory(tmp_path / "chat.db", embedder=FakeEmbedder())
    HoldfastMemory.from_memory(core, user_id="bob")
    again = HoldfastMemory.from_json(done.stdout)
    assert again.memory is core
    assert words(again.get_all()) == [("user", "I'm allergic to peanuts")]
    assert [fact.text for fact in core.get_all(user_id="alice")] == [FACT]
    core.close()


def test_a_handle_on_ram_ends_with_it() -> None:
    core = Memory(":memory:", embedder=FakeEmbedder())
    given = HoldfastMemory.from_memory(core, user_id="alice").to_dict()
    core.close()
    with pytest.raises(ConfigurationError, match="in the RAM of a process"):
        HoldfastMemory.from_dict(given)


def test_restored_handles_are_held_to_a_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "root").mkdir()
    inside = HoldfastMemory(tmp_path / "root" / "a.db", user_id="alice")
    outside = HoldfastMemory(tmp_path / "b.db", user_id="alice")
    link = tmp_path / "root" / "link.db"
    link.symlink_to(tmp_path / "b.db")
    stored = pickle.dumps(outside)
    monkeypatch.setattr(HoldfastMemory, "allowed_root", tmp_path / "root")
    assert HoldfastMemory.from_dict(inside.to_dict()).memory is inside.memory
    for path in (str(tmp_path / "b.db"), str(tmp_path / "root" / ".." / "b.db"), str(link), "postgresql://x/y"):
        with pytest.raises(ConfigurationError, match="outside"):
            HoldfastMemory.from_dict({**inside.to_dict(), "path": path})
    serializer = JsonSerializer()
    with pytest.raises(ConfigurationError, match="outside"):
        serializer.deserialize(serializer.serialize(outside))
    with pytest.raises(ConfigurationError, match="outside"):
        pickle.loads(stored)
    for memory in (inside, outside):
        memory.memory.close()


def test_one_file_is_opened_once(tmp_path: Path, own_home: Path) -> None:
    one = HoldfastMemory(tmp_path / "a.db", user_id="alice")
    other = HoldfastMemory(str(tmp_path / "." / "a.db"), user_id="bob")
    assert one.memory is other.memory
    one.memory.close()
    third = HoldfastMemory(tmp_path / "a.db", user_id="alice")
    assert third.memory is not one.memory
    assert third.get_all() == []
    third.memory.close()
    default = HoldfastMemory(user_id="alice")
    assert Path(default.path).parent == own_home.resolve()
    assert HoldfastMemory(user_id="bob").memory is default.memory
    default.memory.close()


def test_without_a_user_nobody_meets() -> None:
    one = HoldfastMemory.from_defaults(chat_history=[user("mine")])
    other = HoldfastMemory.from_defaults()
    assert (one.user_id, one.path) != (other.user_id, other.path)
    assert other.get_all() == []
    for memory in (one, other):
        memory.flush()
        memory.memory.close()


def test_options_reach_the_memory_that_an_engine_makes(core: Memory) -> None:
    class Model:
        class metadata:  # noqa: N801 - as the framework names it
            context_window = 4000

    path = HoldfastMemory.from_memory(core, user_id="alice").path
    made: Any = HoldfastMemory.from_defaults(llm=Model(), path=path, user_id="alice", insert="system", unknown=1)
    assert (made.memory, made.token_limit, made.insert) == (core, 3000, "system")
