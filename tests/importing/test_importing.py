"""What mem0 and LangGraph have kept, taken in; the files of LangGraph are written by LangGraph itself."""

import json
import sqlite3
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from holdfast import ConfigurationError, Memory
from holdfast.importing import read_langgraph, read_mem0, take_in
from holdfast.importing.statements import statement_of, text_of

MEM0 = [
    {"id": "1", "memory": "Likes dark roast coffee", "user_id": "ann", "created_at": "2025-03-01T10:00:00.000-07:00",
     "hash": "x", "metadata": {"topic": "drinks"}, "updated_at": None},
    {"id": "2", "memory": "User is allergic to peanuts", "user_id": "ann", "created_at": "2025-03-02T10:00:00Z"},
    {"id": "3", "memory": "Lives in Oslo", "user_id": "bob", "created_at": None, "run_id": "r1", "agent_id": "a1"},
]  # fmt: skip


@pytest.fixture
def memory(tmp_path: Path) -> Any:
    with Memory(tmp_path / "memory.db") as memory:
        yield memory


def written(path: Path, value: Any) -> Path:
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "shape",
    [{"results": MEM0}, MEM0, {"memories": MEM0, "total": 3}, "\n".join(map(json.dumps, MEM0))],
    ids=["get_all", "list", "export", "lines"],
)
def test_mem0_in_each_of_its_shapes(tmp_path: Path, memory: Memory, shape: Any) -> None:
    imported = take_in(memory, read_mem0(written(tmp_path / "mem0.json", shape)))
    assert (imported.users, imported.messages, imported.known) == (("ann", "bob"), 3, 0)
    assert {fact.text for fact in memory.get_all(user_id="ann")} == {
        "User likes dark roast coffee",
        "User is allergic to peanuts",
    }
    (coffee,) = memory.get_all(user_id="ann", where={"text": {"$eq": "User likes dark roast coffee"}})
    assert coffee.said_at == datetime(2025, 3, 1, 17, tzinfo=timezone.utc)
    assert (coffee.metadata["topic"], coffee.metadata["imported"]) == ("drinks", "mem0")
    (oslo,) = memory.get_all(user_id="bob")
    assert (oslo.text, oslo.session_id, oslo.agent_id) == ("User lives in Oslo", "r1", "a1")


def test_importing_again_adds_nothing(tmp_path: Path, memory: Memory) -> None:
    file = written(tmp_path / "mem0.json", [*MEM0, {"memory": "Owns a boat", "user_id": "ann"}])
    assert take_in(memory, read_mem0(file)).messages == 4
    again = take_in(memory, read_mem0(file))
    assert (again.messages, again.known, again.facts) == (0, 4, 0)
    assert memory.count(user_id="ann") == 3


def test_progress_counts_to_the_end(tmp_path: Path, memory: Memory) -> None:
    many = [{"id": str(n), "memory": f"Owns boat {n}", "user_id": "ann"} for n in range(40)]
    seen: list[tuple[int, int]] = []
    take_in(
        memory, read_mem0(written(tmp_path / "m.json", many)), progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(32, 40), (40, 40)]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("nothing", "JSON"),
        ('"text"', "holds no memories"),
        ([{"text": "x"}], "entry 1"),
        ([{"memory": "Likes tea"}], "--user"),
        ([{**MEM0[0], "created_at": "soon"}], "created_at"),
    ],
)
def test_what_is_not_of_mem0_is_named(tmp_path: Path, content: Any, named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        read_mem0(written(tmp_path / "mem0.json", content))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_mem0(tmp_path / "no.json")
    with pytest.raises(ConfigurationError, match="there is no file"):
        read_langgraph(tmp_path / "no.db")


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("Likes  tea", "I like tea"),
        ("User likes tea and hates coffee", "I like tea and hate coffee"),
        ("The user is a nurse", "I am a nurse"),
        ("User doesn't eat meat", "I don't eat meat"),
        ("User usually goes by train", "I usually go by train"),
        ("Studies law", "I study law"),
        ("Moved to Oslo in May", "I moved to Oslo in May"),
        ("Name is John", "My name is John"),
        ("The full name is John Roe", "My full name is John Roe"),
        ("User's sister is a nurse", "My sister is a nurse"),
        ("User's sister lost her keys", "User's sister lost her keys"),
        ("User loves their dog", "User loves their dog"),
        ("Islands are nice", "Islands are nice"),
        ("Dev works at Acme", "Dev works at Acme"),
        ("User", "User"),
        ("", ""),
    ],
)
def test_a_statement_is_said_by_the_user(kept: str, said: str) -> None:
    assert statement_of(kept) == said


def test_a_form_is_told_by_its_fields() -> None:
    assert text_of(
        {"kind": "Profile", "content": {"name": "Ann", "age": 30, "pets": [], "likes": ["tea", "rain"]}}
    ) == ("name: Ann; age: 30; likes: tea, rain")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Let LangGraph write a store as LangMem fills it."""
    sqlite = pytest.importorskip("langgraph.store.sqlite")
    path = tmp_path / "store.db"
    with sqlite.SqliteStore.from_conn_string(str(path)) as store:
        store.setup()
        store.put(("memories", "ann"), "k1", {"kind": "Memory", "content": {"content": "User is allergic to peanuts"}})
        store.put(("memories", "bob"), "k1", {"content": "Lives in Oslo"})
        store.put(("memories", "bob"), "k2", {"content": ""})
    return path


def test_a_store_of_langgraph(store: Path, memory: Memory) -> None:
    imported = take_in(memory, read_langgraph(store))
    assert (imported.users, imported.messages, imported.facts) == (("ann", "bob"), 2, 2)
    assert [fact.text for fact in memory.get_all(user_id="bob")] == ["User lives in Oslo"]
    assert memory.get_all(user_id="ann")[0].said_at.date() == datetime.now(timezone.utc).date()


def test_whose_a_namespace_is_can_be_said(store: Path) -> None:
    assert {told.user_id for told in read_langgraph(store, segment=1)} == {"memories"}
    assert {told.user_id for told in read_langgraph(store, user_id="eve")} == {"eve"}
    with pytest.raises(ConfigurationError, match="no part 3"):
        read_langgraph(store, segment=3)


@pytest.fixture
def threads(tmp_path: Path) -> Path:
    """Let LangGraph hold two conversations of ann and one of nobody's."""
    saver = pytest.importorskip("langgraph.checkpoint.sqlite")
    from langchain_core.messages import AIMessage
    from langgraph.graph import START, MessagesState, StateGraph

    def answer(state: MessagesState) -> dict[str, Any]:
        return {"messages": [AIMessage([{"type": "text", "text": f"Heard {len(state['messages'])}"}], id=None)]}

    path = tmp_path / "threads.db"
    with saver.SqliteSaver.from_conn_string(str(path)) as checkpointer:
        graph = StateGraph(MessagesState).add_node(answer).add_edge(START, "answer").compile(checkpointer=checkpointer)
        for thread, user, words in (
            ("t1", "ann", "I live in Lisbon"),
            ("t1", "ann", "I own a boat"),
            ("t2", "ann", "I play the cello"),
        ):
            config = {"configurable": {"thread_id": thread, "user_id": user}}
            graph.invoke({"messages": [("user", words)]}, config)
    return path


def test_threads_of_langgraph(threads: Path, memory: Memory) -> None:
    imported = take_in(memory, read_langgraph(threads))
    assert (imported.users, imported.messages) == (("ann",), 6)
    assert {fact.text for fact in memory.get_all(user_id="ann")} == {
        "User lives in Lisbon",
        "User owns a boat",
        "User plays the cello",
    }
    said = memory.messages(user_id="ann", session_id="t1")
    assert [(one.role, one.content) for one in said] == [
        ("user", "I live in Lisbon"),
        ("assistant", "Heard 1"),
        ("user", "I own a boat"),
        ("assistant", "Heard 3"),
    ]
    times = [one.at for one in said if one.at is not None]
    assert len(times) == 4
    assert times == sorted(times)
    assert times[0] != times[-1]
    assert take_in(memory, read_langgraph(threads)).messages == 0


def test_a_thread_of_nobody_is_named(threads: Path) -> None:
    with sqlite3.connect(threads) as db:
        db.execute("UPDATE checkpoints SET metadata = '{}'")
    db.close()
    with pytest.raises(ConfigurationError, match=r"t1.*--user"):
        read_langgraph(threads)
    assert {told.user_id for told in read_langgraph(threads, user_id="eve")} == {"eve"}


def test_no_class_that_a_checkpoint_names_is_made(tmp_path: Path) -> None:
    ormsgpack = pytest.importorskip("ormsgpack")
    proof = tmp_path / "made"
    harmful = ormsgpack.Ext(1, ormsgpack.packb(("pathlib", "Path.touch", [str(proof)])))
    data = ormsgpack.packb({"ts": "2025-03-01T00:00:00+00:00", "channel_values": {"messages": [harmful]}})
    path = tmp_path / "threads.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE checkpoints (thread_id, checkpoint_ns, checkpoint_id, type, checkpoint, metadata)")
        db.execute("INSERT INTO checkpoints VALUES ('t', '', '1', 'msgpack', ?, '{}')", (data,))
    db.close()
    assert read_langgraph(path, user_id="ann") == []
    assert not proof.exists()


def test_another_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE x (y)")
    db.close()
    with pytest.raises(ConfigurationError, match="neither a store nor checkpoints"):
        read_langgraph(path)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_langgraph(written(tmp_path / "text.db", "x" * 5000))
