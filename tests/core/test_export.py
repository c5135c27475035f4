"""A memory as lines, and back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast import Memory, Message
from holdfast.errors import ConfigurationError, ProviderError
from holdfast.testing import Clock, FakeEmbedder, ScriptedExtractor


def opened(path: Path | str, *, name: str = "fake") -> Memory:
    extractor = ScriptedExtractor(lambda message: [message.content.replace("I like", "User likes")])
    return Memory(path, embedder=FakeEmbedder(32, name=name), extractor=extractor, clock=Clock())


@pytest.fixture
def full(tmp_path: Path) -> Memory:
    """Return a memory with something of everything."""
    memory = opened(tmp_path / "full.db")
    memory.add(
        [
            Message("user", "I like tea. 🦀", id="m1", name="Max", agent_id="helper", metadata={"n": [1, 2.5, None]}),
            Message("assistant", "Why?", raw={"content": [{"text": "Why?"}], "tool_calls": []}),
            {"role": "user", "content": "I like chess.", "at": "2024-02-29T23:59:59.5+05:30"},
        ],
        user_id="max",
        session_id="s",
    )
    memory.add("I like my password, which is: hunter2-Xk9!", user_id="max")
    memory.add("I like " + "a long story. " * 300, user_id="max")
    chess, tea = (next(one for one in memory.get_all(user_id="max") if word in one.text) for word in ("chess", "tea"))
    memory.update(tea.id, "User likes green tea.", user_id="max")
    memory.delete(chess.id, user_id="max")
    memory.add("I like waiting.", user_id="max", defer=True)
    failing = memory._calls.parts.extractor
    assert isinstance(failing, ScriptedExtractor)
    failing.fail(2)
    for _ in range(2):
        with pytest.raises(ProviderError):
            memory.process()
    memory.add("I like being somebody else.", user_id="eve")
    return memory


def answers(memory: Memory) -> Any:
    return [
        memory.messages(user_id="max", session_id="*"),
        memory.sessions(user_id="max"),
        memory.pending(user_id="max"),
        memory.get_all(user_id="max", superseded=True),
        memory.diff(user_id="max", since="2000-01-01"),
        [(hit.text, hit.score, hit.sources) for hit in memory.search("tea story password", user_id="max", limit=50)],
    ]


def test_an_export_is_loaded_without_loss(full: Memory, tmp_path: Path) -> None:
    lines = [json.dumps(line) for line in full.export("max")]
    assert not any("somebody else" in line for line in lines)
    with opened(tmp_path / "other.db") as other:
        assert other.load(lines) == "max"
        assert answers(other) == answers(full)
        assert other.check().findings == ()
        assert list(other.export("max")) == list(full.export("max"))
        assert other.users() == ("max",)
        other.process()
        full.process()
        assert answers(other) == answers(full)


def test_vectors_of_another_embedder_are_made_anew(full: Memory, tmp_path: Path) -> None:
    with opened(tmp_path / "other.db", name="another") as other:
        other.load(full.export("max"))
        assert answers(other) == answers(full)  # the fakes differ in name alone
        assert other.check().findings == ()


def test_what_was_forgotten_in_part_is_loaded_too(full: Memory, tmp_path: Path) -> None:
    full.forget("max", session_id="s")
    with opened(tmp_path / "other.db") as other:
        other.load(full.export("max"))
        assert (answers(other)[3], answers(other)[5]) == (answers(full)[3], answers(full)[5])
        assert [one.journaled.message for one in other.pending()] == [one.journaled.message for one in full.pending()]


def test_nobody_has_an_export_and_it_can_be_loaded(full: Memory, tmp_path: Path) -> None:
    lines = list(full.export("nobody"))
    assert len(lines) == 2
    with opened(tmp_path / "other.db") as other:
        assert other.load(lines) == "nobody"
        assert other.users() == ()


def test_a_memory_is_not_mixed_with_another(full: Memory, tmp_path: Path) -> None:
    lines = list(full.export("max"))
    with opened(tmp_path / "other.db") as other:
        other.add("I like staying alone.", user_id="max")
        before = answers(other)
        with pytest.raises(ConfigurationError, match="has a memory here already"):
            other.load(lines)
        assert answers(other) == before
        other.forget("max")
        other.load(lines)
        with pytest.raises(ConfigurationError, match="has a memory here already"):
            other.load(lines)
        assert answers(other) == answers(full)


def drop_last(lines: list[str]) -> list[str]:
    return lines[:-1]


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (lambda lines: [], None),
        (drop_last, 0),
        (lambda lines: lines[:5], 5),
        (lambda lines: lines[1:], 1),
        (lambda lines: lines[:3] + lines[4:], 0),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], 0),
        (lambda lines: [lines[0].replace('"version": 1', '"version": 2'), *lines[1:]], 1),
        (lambda lines: [*lines[:2], lines[2].replace("Why", "Who"), *lines[3:]], 0),
        (lambda lines: [*lines[:2], lines[2][:-5], *lines[3:]], 3),
        (lambda lines: [*lines[:2], "[1]", *lines[3:]], 3),
        (lambda lines: [*lines[:2], '{"fact": {"id": "x"}}', *lines[3:]], 3),
        (lambda lines: [*lines[:2], '{"role": "user", "content": "hi"}', *lines[3:]], 3),
        (lambda lines: ['{"role": "user", "content": "a foreign file"}'], 1),
        (lambda lines: ["not even JSON"], 1),
    ],
)
def test_a_cut_or_foreign_file_is_refused_with_its_line(
    full: Memory, tmp_path: Path, damage: Callable[[list[str]], list[str]], line: int | None
) -> None:
    lines = damage([json.dumps(line) for line in full.export("max")])
    with opened(tmp_path / "other.db") as other:
        number = "no line" if line is None else f"line {line or len(lines)}"
        with pytest.raises(ConfigurationError, match=number):
            other.load(lines)
        assert other.users() == ()


@settings(max_examples=25)
@given(data=st.data())
def test_any_change_of_one_character_is_noticed_or_harmless(data: st.DataObject) -> None:
    with opened(":memory:") as memory, opened(":memory:") as other:
        memory.add([Message("user", "I like tea.", id="m1")], user_id="max")
        lines = [json.dumps(line) for line in memory.export("max")]
        number = data.draw(st.integers(0, len(lines) - 1))
        place = data.draw(st.integers(0, len(lines[number]) - 1))
        character = data.draw(st.sampled_from('x"{}[],: 0\\'))
        lines[number] = lines[number][:place] + character + lines[number][place + 1 :]
        try:
            other.load(lines)
        except ConfigurationError:
            assert other.users() == ()
        else:
            assert list(other.export("max")) == list(memory.export("max"))


def test_a_load_that_was_interrupted_can_be_repeated(full: Memory, tmp_path: Path) -> None:
    lines = list(full.export("max"))
    with opened(tmp_path / "other.db") as other:
        store = other._calls.parts.store
        given = [dict(line["message"]) for line in lines if "message" in line]
        said = [Message.from_dict({name: one[name] for name in one if name != "position"}) for one in given]
        store.append("max", said[:3], now=Clock()())
        other.load(lines)
        assert answers(other) == answers(full)


def test_a_backup_is_a_whole_store(full: Memory, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    full.backup(copy)
    assert {file.name for file in tmp_path.iterdir()} >= {"copy.db", "full.db"}
    assert not list(tmp_path.glob("copy.db-*"))
    before = answers(full)
    full.add("I like what comes later.", user_id="max")
    with opened(copy) as other:
        assert answers(other) == before
        assert other.check().findings == ()
        other.add("I like copies.", user_id="max")
    with pytest.raises(ConfigurationError, match="there already"):
        full.backup(copy)
