"""Records: JSON values under a space and a key, in the memory's own file."""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import apsw
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast import (
    AsyncMemory,
    ConfigurationError,
    IncompatibleStoreError,
    Memory,
    ProviderError,
    Put,
    Record,
    StorageError,
)
from holdfast.store import renew_checksums
from holdfast.testing import FakeEmbedder

START = datetime(2026, 3, 1, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "memory.db"


@pytest.fixture
def memory(path: Path, clock: Clock) -> Iterator[Memory]:
    with Memory(path, embedder=FakeEmbedder(), clock=clock) as memory:
        yield memory


def keys(records: tuple[Record, ...]) -> list[str]:
    return [record.key for record in records]


def note(key: str, text: str, space: tuple[str, ...] = ("notes",), **more: Any) -> Put:
    return Put(space, key, {"text": text}, texts=(text,), **more)


# Putting, getting, deleting


def test_what_was_put_is_there(memory: Memory) -> None:
    value = {"theme": "dark", "sizes": [1, 2.5, None, True], "nested": {"ü": '\x00 and "quotes"'}}
    memory.records.apply([Put(("prefs", "ann"), "ui", value)])
    [record] = memory.records.get([(("prefs", "ann"), "ui")])
    assert record == Record(("prefs", "ann"), "ui", value, START, START)
    assert memory.records.get([(("prefs",), "ui"), (("prefs", "ann"), "UI")]) == (None, None)


def test_results_stand_where_they_were_asked_for(memory: Memory) -> None:
    memory.records.apply([Put(("s",), name, {"n": name}) for name in "abc"])
    asked = [(("s",), name) for name in ("c", "none", "a", "c")]
    assert [one and one.key for one in memory.records.get(asked)] == ["c", None, "a", "c"]


def test_put_again_keeps_when_it_was_made(memory: Memory, clock: Clock) -> None:
    memory.records.apply([note("a", "old words")])
    clock.now += HOUR
    memory.records.apply([note("a", "other things")])
    [record] = memory.records.get([(("notes",), "a")])
    assert record is not None
    assert (record.value, record.created_at, record.updated_at) == ({"text": "other things"}, START, START + HOUR)
    assert [one.key for one in memory.records.search(("notes",), query="old words")] == ["a"]
    assert memory.records.search(("notes",), query="other things")[0].score == pytest.approx(1, abs=1e-3)


def test_the_last_of_equals_stays_and_a_put_outlives_a_delete(memory: Memory) -> None:
    memory.records.apply([Put(("s",), "a", {"n": 1}), Put(("s",), "a", {"n": 2})], deletes=[(("s",), "a")])
    [record] = memory.records.get([(("s",), "a")])
    assert record is not None
    assert record.value == {"n": 2}
    memory.records.apply(deletes=[(("s",), "a"), (("s",), "never there")])
    assert memory.records.get([(("s",), "a")]) == (None,)
    assert memory.records.spaces() == ()


def test_what_is_returned_is_the_callers_own(memory: Memory) -> None:
    value = {"list": [1]}
    memory.records.apply([Put(("s",), "a", value)])
    value["list"].append(2)
    [record] = memory.records.get([(("s",), "a")])
    assert record is not None
    record.value["list"].append(3)
    assert memory.records.search(("s",))[0].value == {"list": [1]}


def test_it_survives_the_process(path: Path, memory: Memory) -> None:
    memory.records.apply([note("a", "the sea")])
    with Memory(path, embedder=FakeEmbedder()) as other:
        assert other.records.search((), query="the sea")[0].score == pytest.approx(1, abs=1e-3)


def test_a_batch_is_written_whole_or_not_at_all(memory: Memory, path: Path) -> None:
    memory.records.apply([Put(("s",), "a", {"n": 1})])
    with closing(apsw.Connection(str(path))) as db:
        db.execute(
            "CREATE TRIGGER refusal BEFORE INSERT ON record WHEN NEW.name='bad' BEGIN SELECT raise(FAIL,''); END"
        )
        with pytest.raises(StorageError):
            memory.records.apply([Put(("s",), "b", {}), Put(("s",), "bad", {})], deletes=[(("s",), "a")])
        db.execute("DROP TRIGGER refusal")
    assert keys(memory.records.search(())) == ["a"]


@pytest.mark.parametrize(
    ("put", "says"),
    [
        (Put((), "a", {}), "one segment"),
        (Put(("s", ""), "a", {}), "empty segment"),
        (Put(("s", 1), "a", {}), "space must be a text"),  # type: ignore[arg-type]
        (Put(("s",), 1, {}), "key must be a text"),  # type: ignore[arg-type]
        (Put(("s",), "a\0b", {}), "NUL"),
        (Put(("s",), "a", [1]), "value must be a mapping"),  # type: ignore[arg-type]
        (Put(("s",), "a", {"at": START}), "must be JSON"),
        (Put(("s",), "a", {"x": float("nan")}), "must be JSON"),
        (Put(("s",), "a", {"x": "\ud800"}), "lone surrogate"),
        (Put(("s",), "a", {}, texts="words"), "texts takes a list"),  # type: ignore[arg-type]
        (Put(("s",), "a", {}, lifetime=timedelta(0)), "lifetime"),
        (Put(("s",), "a", {}, lifetime=timedelta.max), "lifetime"),
        ("a", "takes values of Put"),
    ],
)
def test_what_cannot_be_kept_is_refused_before_anything_is_written(memory: Memory, put: Any, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        memory.records.apply([Put(("s",), "good", {}), put])
    assert memory.records.search(()) == ()


@pytest.mark.parametrize("arguments", [{"limit": 0}, {"offset": -1}, {"where": {"a": {"$near": 1}}}, {"query": 5}])
def test_a_search_that_cannot_work_is_refused(memory: Memory, arguments: Any) -> None:
    with pytest.raises(ConfigurationError):
        memory.records.search((), **arguments)


# Spaces


LOOKALIKES = [
    ("1",), ("10",), ("1", "0"), ("a_b",), ("axb",), ("a%",), ("a*",), ("A",), ("a",), ("ab",), ("a", "b"), ("a,b",),
    ('a"', "b"), ('a","b',), ("a\\",), ("a", "b", "c"), ("ann@example.com",), ("ann", "example", "com"),
    ("\u00e9",), ("e\u0301",),
    ("a]",), ("[a",), (" a",), ("a ",), ("\x1f",), ("😀", "x"),
]  # fmt: skip


def test_spaces_that_look_alike_never_meet(memory: Memory) -> None:
    memory.records.apply([Put(space, "k", {"space": [*space]}, texts=("one thing",)) for space in LOOKALIKES])
    assert memory.records.spaces() == tuple(sorted(LOOKALIKES))
    for query in (None, "one thing"):
        for space in LOOKALIKES:
            found = {record.space for record in memory.records.search(space, query=query, limit=100)}
            assert found == {one for one in LOOKALIKES if one[: len(space)] == space}
        assert len(memory.records.search((), query=query, limit=100)) == len(LOOKALIKES)


segments = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=3)
spaces = st.lists(segments, min_size=1, max_size=3).map(tuple)
steps = st.lists(st.tuples(st.booleans(), spaces, st.sampled_from("ab"), st.integers(0, 9)), max_size=12)


@settings(max_examples=40, deadline=None)
@given(steps, st.lists(spaces, max_size=3))
def test_it_is_as_a_dictionary(steps: list[tuple[bool, tuple[str, ...], str, int]], asked: list[Any]) -> None:
    model: dict[tuple[tuple[str, ...], str], int] = {}
    with Memory(":memory:", embedder=FakeEmbedder()) as memory:
        for put, space, key, number in steps:
            if put:
                memory.records.apply([Put(space, key, {"n": number}, texts=(f"word{number}",) * (number % 3))])
                model.pop((space, key), None)
                model[space, key] = number
            else:
                memory.records.apply(deletes=[(space, key)])
                model.pop((space, key), None)
            for prefix in ((), space, *asked):
                held = [pair for pair in reversed(model) if pair[0][: len(prefix)] == prefix]
                found = memory.records.search(prefix, limit=50)
                assert [(one.space, one.key, one.value["n"]) for one in found] == [
                    (*pair, model[pair]) for pair in held
                ]
                ranked = memory.records.search(prefix, query="word5", limit=50)
                assert {(one.space, one.key) for one in ranked} == set(held)
                assert all((one.score is None) == (one.value["n"] % 3 == 0) for one in ranked)
        assert memory.records.spaces() == tuple(sorted({space for space, _ in model}))
        assert memory.check().findings == ()


# Searching


def test_without_a_query_the_last_updated_comes_first(memory: Memory) -> None:
    memory.records.apply([note(name, name) for name in "abc"])
    memory.records.apply([note("a", "again")])
    found = memory.records.search(("notes",))
    assert keys(found) == ["a", "c", "b"]
    assert {record.score for record in found} == {None}
    assert keys(memory.records.search(("notes",), limit=1, offset=1)) == ["c"]
    assert keys(memory.records.search(("notes",), query="  ")) == ["a", "c", "b"]


def test_with_a_query_the_nearest_comes_first_and_what_has_no_text_last(memory: Memory) -> None:
    memory.records.apply(
        [
            note("chess", "the user plays chess"),
            Put(("notes",), "silent", {}),
            Put(("notes",), "two", {}, texts=("something about trains", "a boat on the sea")),
        ]
    )
    found = memory.records.search(("notes",), query="a boat on the sea")
    assert keys(found) == ["two", "chess", "silent"]
    assert [None if one.score is None else round(one.score, 2) for one in found][::2] == [1.0, None]
    assert keys(memory.records.search(("notes",), query="a boat on the sea", limit=1, offset=1)) == ["chess"]


def test_scores_are_those_of_a_product_of_all(memory: Memory) -> None:
    words = [f"word{number % 17} and {number % 5} things of {number}" for number in range(300)]
    memory.records.apply([note(str(number), text) for number, text in enumerate(words)])
    embedder = FakeEmbedder()
    exact = embedder.embed(words) @ embedder.embed(["word3 things"], kind="query")[0]
    found = memory.records.search((), query="word3 things", limit=300)
    np.testing.assert_allclose([one.score for one in found], np.sort(exact)[::-1], atol=2e-3)
    np.testing.assert_allclose([exact[int(one.key)] for one in found], [one.score for one in found], atol=2e-3)


def test_equal_scores_come_last_updated_first(memory: Memory) -> None:
    memory.records.apply([note(name, "the same words") for name in "abcd"])
    assert keys(memory.records.search((), query="the same words")) == ["d", "c", "b", "a"]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"n": 150}, ["150"]),
        ({"n": {"$gte": 297}}, ["299", "298", "297"]),
        ({"n": {"$lt": 2}, "even": True}, ["0"]),
        (lambda value: value["n"] in (3, 7), ["7", "3"]),
        ({"n": {"$gt": 1000}}, []),
    ],
)
def test_a_filter_is_over_the_value(memory: Memory, where: Any, found: list[str]) -> None:
    puts = [Put(("n",), str(number), {"n": number, "even": number % 2 == 0}) for number in range(300)]
    memory.records.apply(puts)
    assert keys(memory.records.search(("n",), where=where)) == found


def test_pages_of_a_filtered_search_join(memory: Memory) -> None:
    memory.records.apply([note(str(number), f"word{number % 7}") for number in range(200)])
    where: Callable[[Any], bool] = lambda value: value["text"] != "word3"  # noqa: E731
    whole = keys(memory.records.search((), query="word1", where=where, limit=200))
    pages = [keys(memory.records.search((), query="word1", where=where, limit=9, offset=at)) for at in range(0, 200, 9)]
    assert [key for page in pages for key in page] == whole
    assert len(set(whole)) == 200 - len(range(3, 200, 7))


# Lifetimes


def test_what_has_expired_is_not_there(memory: Memory, clock: Clock) -> None:
    memory.records.apply(
        [note("short", "tea", lifetime=HOUR), note("long", "tea", lifetime=3 * HOUR), note("ever", "tea")]
    )
    clock.now += HOUR
    assert memory.records.get([(("notes",), "short")]) == (None,)
    assert set(keys(memory.records.search(()))) == {"long", "ever"}
    assert set(keys(memory.records.search((), query="tea", limit=2))) == {"long", "ever"}
    memory.records.apply([Put(("short lived",), "a", {}, lifetime=HOUR)])
    clock.now += HOUR
    assert memory.records.spaces() == (("notes",),)
    assert memory.records.sweep() == 2
    assert memory.records.sweep() == 0
    assert memory.check().checked["record"] == 2


def test_a_refresh_begins_the_lifetime_anew(memory: Memory, clock: Clock) -> None:
    memory.records.apply([note("a", "tea", lifetime=2 * HOUR)])
    clock.now += HOUR
    [record] = memory.records.get([(("notes",), "a")])
    assert record is not None
    assert record.expires_at == START + 2 * HOUR
    [record] = memory.records.get([(("notes",), "a")], refresh=True)
    assert record is not None
    assert (record.expires_at, record.updated_at) == (START + 3 * HOUR, START)
    clock.now += HOUR
    [record] = memory.records.search((), query="tea", refresh=True)
    assert record.expires_at == START + 4 * HOUR
    assert record.score == pytest.approx(1, abs=1e-3)
    clock.now += 2 * HOUR
    assert memory.records.search(()) == ()


def test_what_is_put_after_it_expired_is_new(memory: Memory, clock: Clock) -> None:
    memory.records.apply([note("a", "tea", lifetime=HOUR)])
    clock.now += 2 * HOUR
    memory.records.apply([note("a", "tea")])
    [record] = memory.records.get([(("notes",), "a")])
    assert record is not None
    assert (record.created_at, record.expires_at) == (clock.now, None)


# Beside the rest of the memory


def test_forgetting_a_user_leaves_records_alone(memory: Memory, path: Path) -> None:
    words = "I keep a very particular hedgehog in the garden"
    memory.add(words, user_id="ann")
    memory.records.apply([Put(("ann",), "copy", {"text": words}, texts=(words,))])
    memory.forget("ann")
    assert memory.records.search(("ann",), query=words)[0].value == {"text": words}
    assert memory.users() == ()


def test_deleted_bytes_are_gone(memory: Memory, path: Path) -> None:
    words = "a very particular hedgehog in the garden"
    memory.records.apply([note("a", words), note("b", "other things")])
    memory.records.apply(deletes=[(("notes",), "a")])
    memory.forget("nobody")  # folds the log into the file
    assert [file.name for file in path.parent.iterdir() if words.encode() in file.read_bytes()] == []


def test_another_embedder_embeds_them_anew(memory: Memory, path: Path) -> None:
    memory.add("I play chess", user_id="ann")
    memory.records.apply([note("a", "tea"), note("b", "the sea")])
    with Memory(path, embedder=FakeEmbedder()) as other:
        memory.rebuild(embedder=FakeEmbedder(32))
        found = memory.records.search((), query="the sea")
        assert keys(found) == ["b", "a"]
        assert found[0].score == pytest.approx(1, abs=1e-3)
        for call in (lambda: other.records.search((), query="tea"), lambda: other.records.apply([note("c", "x")])):
            with pytest.raises(IncompatibleStoreError):
                call()
    assert memory.check().findings == ()


class Failing(FakeEmbedder):
    down = False

    def embed(self, *args: Any, **options: Any) -> Any:
        if self.down:
            raise ConnectionError("no network")
        return super().embed(*args, **options)


def test_an_embedder_that_fails_loses_nothing(path: Path) -> None:
    embedder = Failing()
    with Memory(path, embedder=embedder) as memory:
        memory.records.apply([note("a", "tea")])
        embedder.down = True
        with pytest.raises(ProviderError):
            memory.records.apply([note("b", "sea")], deletes=[(("notes",), "a")])
        with pytest.raises(ProviderError):
            memory.records.search((), query="tea")
        memory.records.apply([Put(("notes",), "c", {})])  # which has no words
        assert keys(memory.records.search(())) == ["c", "a"]


def test_check_finds_and_mends(path: Path) -> None:
    with Memory(path, embedder=FakeEmbedder()) as memory:
        memory.records.apply([note("a", "tea"), note("b", "sea"), note("c", "pea")])
    with closing(apsw.Connection(str(path))) as db:
        db.execute("INSERT INTO record_text VALUES (99, 0, 'stray', NULL)")
        db.execute("UPDATE record_text SET vector=x'0000' WHERE record=2")
        db.execute("UPDATE record_state SET seq=0")
    renew_checksums(str(path))
    with Memory(path, embedder=FakeEmbedder()) as memory:
        findings = memory.check().findings
        assert "a text belongs to no record 99" in findings
        assert any("vectors of records" in one for one in findings)
        assert any("beyond the sequence number" in one for one in findings)
        assert memory.check(repair=True).findings == ()
        assert keys(memory.records.search((), query="sea"))[0] == "b"


def test_a_backup_holds_them(memory: Memory, tmp_path: Path) -> None:
    memory.records.apply([note("a", "tea")])
    memory.backup(tmp_path / "copy.db")
    with Memory(tmp_path / "copy.db", embedder=FakeEmbedder()) as copy:
        assert copy.records.search((), query="tea")[0].score == pytest.approx(1, abs=1e-3)


def test_a_closed_memory_says_so(path: Path) -> None:
    memory = Memory(path, embedder=FakeEmbedder())
    memory.close()
    for call in (memory.records.apply, memory.records.spaces, memory.records.sweep):
        with pytest.raises(StorageError, match="closed"):
            call()


# Several at once


async def test_awaited_it_is_the_same(path: Path, memory: Memory) -> None:
    async with AsyncMemory(path, embedder=FakeEmbedder()) as awaited:
        await awaited.records.apply([note("a", "tea", lifetime=HOUR)], deletes=[(("x",), "y")])
        assert await awaited.records.get([(("notes",), "a")], refresh=True) != (None,)
        assert keys(await awaited.records.search(("notes",), query="tea", where={"text": "tea"})) == ["a"]
        assert await awaited.records.spaces() == (("notes",),)
        assert await awaited.records.sweep() == 0
    assert AsyncMemory.of(memory).records is not None


def test_two_memories_on_one_file_see_each_other(memory: Memory, path: Path) -> None:
    with Memory(path, embedder=FakeEmbedder()) as other:
        for number in range(20):
            writer, reader = (memory, other) if number % 2 else (other, memory)
            writer.records.apply([note(str(number), f"word{number}")], deletes=[(("notes",), str(number - 3))])
            assert keys(reader.records.search((), query=f"word{number}", limit=1)) == [str(number)]
            assert set(keys(reader.records.search((), limit=50))) == {
                str(one) for one in range(number - 2, number + 1) if one >= 0
            }


def test_threads_put_and_search_at_once(memory: Memory) -> None:
    def work(thread: int) -> None:
        for number in range(15):
            name = f"{thread} {number}"
            memory.records.apply([note(name, f"word{thread} {number}", ("s", str(thread)))])
            assert keys(memory.records.search(("s", str(thread)), limit=1)) == [name]
            assert name in keys(memory.records.search(("s",), query=f"word{thread} {number}", limit=200))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert len(memory.records.search((), limit=200)) == 90


def _search_in_child(memory: Memory, queue: Any) -> None:
    queue.put(keys(memory.records.search((), query="tea")))


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_child_process_goes_on(memory: Memory) -> None:
    memory.records.apply([note("a", "tea")])
    memory.records.search((), query="tea")
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=_search_in_child, args=(memory, queue))
    child.start()
    assert queue.get(timeout=30) == ["a"]
    child.join()


def test_the_room_for_vectors_is_bounded(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    from holdfast import records

    memory.records.apply([note("a", f"word{number}", (str(number),)) for number in range(20)])
    monkeypatch.setattr(records, "MEMORY", 3_000)
    for number in range(20):
        [record] = memory.records.search((str(number),), query=f"word{number}")
        assert record.score == pytest.approx(1, abs=1e-3)
    shelves = memory._calls.records._shelves
    assert 1 <= len(shelves) < 15
