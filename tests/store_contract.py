"""What a long-term store owes to LangGraph, as its interface says it: one suite for ours and for LangGraph's own.

A subclass gives the fixture `make` and, in `differs`, the tests that its store does not pass, with the reason; each of
these must fail, so that the list stays true.
"""

import asyncio
import math
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import Any, ClassVar

import pytest
from langgraph.store.base import (
    BaseStore,
    GetOp,
    InvalidNamespaceError,
    ListNamespacesOp,
    MatchCondition,
    PutOp,
    SearchOp,
)

LOOKALIKES = [
    ("1",), ("10",), ("1", "0"), ("a_b",), ("axb",), ("a%",), ("a*",), ("*",), ("A",), ("a",), ("ab",), ("a", "b"),
    ("a,b",), ('a"', "b"), ('a","b',), ("a\\", "b"), ("ann@example",), (" a",), ("😀", "x"),
]  # fmt: skip
FILTERS: list[tuple[dict[str, Any], set[str]]] = [
    ({"kind": "note"}, {"1", "2"}),
    ({"kind": {"$eq": "note"}}, {"1", "2"}),
    ({"kind": {"$ne": "note"}}, {"3"}),
    ({"n": {"$gt": 9}}, {"2", "3"}),
    ({"n": {"$gte": 9, "$lt": 100}}, {"1", "2"}),
    ({"n": {"$lte": 10}, "kind": "note"}, {"1", "2"}),
    ({"by": {"name": "ann"}}, {"1"}),
    ({"by": {"age": {"$gt": 30}}}, {"2"}),
    ({"tags": ["x", "y"]}, {"1"}),
    ({"tags": "x"}, set()),
    ({"a.b": 1}, {"3"}),
    ({"gone": None}, {"1", "2", "3"}),
    ({}, {"1", "2", "3"}),
]
FILTERED = {
    "1": {"kind": "note", "n": 9, "by": {"name": "ann", "age": 30}, "tags": ["x", "y"]},
    "2": {"kind": "note", "n": 10, "by": {"name": "bob", "age": 31}, "tags": ["y", "x"]},
    "3": {"kind": "task", "n": 100, "by": {"name": "eve", "age": 7}, "tags": [], "a.b": 1},
}


class Face:
    """A store, called the blocking or the awaited way."""

    def __init__(self, store: BaseStore, awaited: bool) -> None:
        self.store = store
        self._awaited = awaited

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if not self._awaited:
            return getattr(self.store, name)  # type: ignore[no-any-return]
        call = getattr(self.store, f"a{name}")
        return lambda *positional, **named: asyncio.run(call(*positional, **named))


def keys(items: Iterable[Any]) -> list[str]:
    return [item.key for item in items]


class StoreContract:
    """A subclass gives `make`, called with the fields to index or None and a `ttl` configuration, and `tick`."""

    differs: ClassVar[Mapping[str, str]] = MappingProxyType({})

    @pytest.fixture
    def make(self) -> Callable[..., BaseStore]:
        raise NotImplementedError

    @pytest.fixture
    def tick(self) -> Callable[[float], None]:
        """Let minutes pass."""
        raise NotImplementedError

    @pytest.fixture(autouse=True)
    def _known_difference(self, request: pytest.FixtureRequest) -> None:
        name = request.node.originalname
        if name in self.differs:
            request.applymarker(pytest.mark.xfail(reason=self.differs[name], strict=True))

    @pytest.fixture(params=["blocking", "awaited"])
    def face(self, request: pytest.FixtureRequest, make: Callable[..., BaseStore]) -> Face:
        return Face(make(["text"]), request.param == "awaited")

    @pytest.fixture
    def store(self, make: Callable[..., BaseStore]) -> BaseStore:
        return make(["text"])

    # Putting and getting

    def test_what_was_put_is_there(self, face: Face) -> None:
        value = {"text": 'ü 😀 "', "list": [1, 2.5, None, True, {"a": []}], "empty": {}}
        assert face.put(("a", "b"), "k.1/ü", value) is None
        item = face.get(("a", "b"), "k.1/ü")
        assert (item.namespace, item.key, item.value) == (("a", "b"), "k.1/ü", value)
        assert item.created_at.tzinfo is not None
        assert item.created_at <= item.updated_at

    def test_what_is_missing_is_none(self, face: Face) -> None:
        face.put(("a",), "k", {})
        assert face.get(("a",), "other") is None
        assert face.get(("b",), "k") is None
        assert face.delete(("b",), "k") is None

    def test_keys_may_be_numbers(self, face: Face) -> None:
        face.put(("a",), 7, {"n": 1})
        assert face.get(("a",), 7).key == "7"

    def test_what_is_deleted_is_gone(self, face: Face) -> None:
        face.put(("a",), "k", {"text": "tea"})
        face.put(("a",), "l", {"text": "tea"})
        face.delete(("a",), "k")
        assert face.get(("a",), "k") is None
        assert keys(face.search(("a",), query="tea")) == ["l"]

    def test_a_put_replaces_the_whole_value(self, face: Face) -> None:
        face.put(("a",), "k", {"old": 1, "text": "tea"})
        face.put(("a",), "k", {"text": "sea"})
        assert face.get(("a",), "k").value == {"text": "sea"}

    def test_created_at_survives_a_put(self, face: Face) -> None:
        face.put(("a",), "k", {"n": 1})
        first = face.get(("a",), "k")
        face.put(("a",), "k", {"n": 2})
        second = face.get(("a",), "k")
        assert second.created_at == first.created_at
        assert second.updated_at >= first.updated_at

    def test_what_is_read_is_a_copy(self, face: Face) -> None:
        face.put(("a",), "k", {"list": [1]})
        face.get(("a",), "k").value["list"].append(2)
        face.search(("a",))[0].value["list"].append(3)
        assert face.get(("a",), "k").value == {"list": [1]}

    def test_what_is_put_is_copied(self, face: Face) -> None:
        value: dict[str, Any] = {"list": [1]}
        face.put(("a",), "k", value)
        value["list"].append(2)
        assert face.get(("a",), "k").value == {"list": [1]}

    @pytest.mark.parametrize("value", [{"x": object()}, {"x": {1, 2}}, {"x": math.nan}])
    def test_values_must_be_json(self, store: BaseStore, value: Any) -> None:
        with pytest.raises((TypeError, ValueError)):
            store.batch([PutOp(("a",), "good", {}), PutOp(("a",), "k", value)])
        assert store.search(()) == []

    # Batches

    def test_results_stand_where_their_operations_do(self, face: Face) -> None:
        face.put(("a",), "k", {"n": 1})
        ops = [
            PutOp(("b",), "x", {}), GetOp(("a",), "k"), ListNamespacesOp(), GetOp(("a",), "none"),
            SearchOp(("a",)), PutOp(("a",), "k", None), GetOp(("a",), "k", refresh_ttl=False),
        ]  # fmt: skip
        put, got, listed, missing, found, deleted, again = face.batch(ops)
        assert (put, missing, deleted) == (None, None, None)
        assert got.value == again.value == {"n": 1}
        assert listed == [("a",)]
        assert keys(found) == ["k"]

    def test_reads_see_what_was_there_before_the_writes(self, face: Face) -> None:
        face.put(("a",), "k", {"n": 1})
        got, _, again = face.batch([GetOp(("a",), "k"), PutOp(("a",), "k", {"n": 2}), GetOp(("a",), "k")])
        assert got.value == again.value == {"n": 1}
        assert face.get(("a",), "k").value == {"n": 2}

    def test_of_several_writes_to_one_key_the_last_counts(self, face: Face) -> None:
        face.batch([PutOp(("a",), "k", {"n": 1}), PutOp(("a",), "k", None), PutOp(("a",), "k", {"n": 3})])
        face.batch([PutOp(("a",), "l", {"n": 1}), PutOp(("a",), "l", None)])
        assert face.get(("a",), "k").value == {"n": 3}
        assert face.get(("a",), "l") is None

    def test_an_empty_batch_has_no_results(self, face: Face) -> None:
        assert face.batch([]) == []
        assert face.batch(iter([GetOp(("a",), "k")])) == [None]

    def test_an_unknown_operation_is_refused(self, face: Face) -> None:
        with pytest.raises(ValueError, match="nknown operation"):
            face.batch(["get"])

    # Namespaces

    @pytest.mark.parametrize(
        "namespace", [(), ("",), ("a", ""), ("a.b",), ("ann@example.com",), (1,), ("langgraph", "x"), ("a\0",)]
    )
    def test_a_namespace_that_cannot_be_is_refused(self, face: Face, namespace: Any) -> None:
        with pytest.raises(InvalidNamespaceError):
            face.put(namespace, "k", {})

    @pytest.mark.parametrize("namespace", [("a.b",), ("a", ""), (1,)])
    def test_operations_in_a_batch_are_held_to_the_same(self, face: Face, namespace: Any) -> None:
        prefix = ListNamespacesOp((MatchCondition("prefix", namespace),))
        for op in (PutOp(namespace, "k", {}), GetOp(namespace, "k"), SearchOp(namespace), prefix):
            with pytest.raises(ValueError, match=r"amespace|segment|text"):
                face.batch([PutOp(("good",), "k", {}), op])
        assert face.search(()) == []

    def test_namespaces_that_look_alike_never_meet(self, store: BaseStore) -> None:
        for space in LOOKALIKES:
            store.put(space, "k", {"space": [*space], "text": "one thing"})
        for query in (None, "one thing"):
            for space in LOOKALIKES:
                found = {item.namespace for item in store.search(space, query=query, limit=100)}
                assert found == {one for one in LOOKALIKES if one[: len(space)] == space}
            assert len(store.search((), query=query, limit=100)) == len(LOOKALIKES)

    def test_namespaces_are_listed_sorted(self, face: Face) -> None:
        for space in [("b",), ("a", "c"), ("a",), ("a", "b", "x")]:
            face.put(space, "k", {})
        assert face.list_namespaces() == [("a",), ("a", "b", "x"), ("a", "c"), ("b",)]
        assert face.list_namespaces(limit=2, offset=1) == [("a", "b", "x"), ("a", "c")]

    def test_depth_is_cut_before_pages_are(self, face: Face) -> None:
        for number in range(6):
            face.put(("u", str(number % 3), f"t{number}"), "k", {})
        assert face.list_namespaces(max_depth=2) == [("u", "0"), ("u", "1"), ("u", "2")]
        assert face.list_namespaces(max_depth=2, limit=1, offset=2) == [("u", "2")]

    def test_namespaces_are_matched_at_both_ends(self, face: Face) -> None:
        spaces = [("u", "1", "v1"), ("u", "2", "v2"), ("w", "1", "v1"), ("v1",)]
        for space in spaces:
            face.put(space, "k", {})
        assert face.list_namespaces(prefix=("u",)) == spaces[:2]
        assert face.list_namespaces(suffix=("v1",)) == [spaces[0], spaces[3], spaces[2]]
        assert face.list_namespaces(prefix=("u",), suffix=("v1",)) == [spaces[0]]
        assert face.list_namespaces(prefix=("*", "1")) == [spaces[0], spaces[2]]
        assert face.list_namespaces(suffix=("1", "*")) == [spaces[0], spaces[2]]
        assert face.list_namespaces(prefix=("u", "1", "v1", "more")) == []

    def test_an_unknown_kind_of_match_is_refused(self, face: Face) -> None:
        face.put(("a",), "k", {})
        with pytest.raises(ValueError, match="match type"):
            face.batch([ListNamespacesOp((MatchCondition("middle", ("a",)),))])  # type: ignore[arg-type]

    def test_asking_makes_no_namespace(self, face: Face) -> None:
        face.get(("ghost",), "k")
        face.delete(("ghost",), "k")
        face.put(("a",), "k", {})
        face.delete(("a",), "k")
        assert face.list_namespaces() == []

    # Filters

    @pytest.mark.parametrize(("wanted", "found"), FILTERS, ids=[str(wanted) for wanted, _ in FILTERS])
    def test_filters(self, face: Face, wanted: dict[str, Any], found: set[str]) -> None:
        face.batch([PutOp(("f",), key, value) for key, value in FILTERED.items()])
        assert set(keys(face.search(("f",), filter=wanted))) == found

    @pytest.mark.parametrize("operator", ["$gt", "$gte", "$lt", "$lte"])
    def test_what_has_no_order_does_not_pass(self, face: Face, operator: str) -> None:
        face.batch([PutOp(("f",), str(at), {"n": one}) for at, one in enumerate((None, "x", [1], {"a": 1}))])
        face.put(("f",), "missing", {})
        assert face.search(("f",), filter={"n": {operator: 1}}) == []

    def test_dates_compare_as_dates(self, face: Face) -> None:
        days = ("2026-01-09", "2026-01-10", "2025-12-31")
        face.batch([PutOp(("f",), day, {"day": day}) for day in days])
        assert set(keys(face.search(("f",), filter={"day": {"$gte": "2026-01-01"}}))) == set(days[:2])

    def test_numbers_in_texts_compare_as_numbers(self, face: Face) -> None:
        face.batch([PutOp(("f",), number, {"n": number}) for number in ("9", "10")])
        assert keys(face.search(("f",), filter={"n": {"$gt": 9.5}})) == ["10"]

    def test_an_unknown_operator_is_refused(self, face: Face) -> None:
        face.put(("f",), "k", {"n": 1})
        with pytest.raises(ValueError, match="operator"):
            face.search(("f",), filter={"n": {"$near": 1}})

    # Searching

    def test_without_a_query_the_last_updated_comes_first(self, face: Face) -> None:
        for key in "abc":
            face.put(("s",), key, {})
        face.put(("s",), "a", {"n": 2})
        assert keys(face.search(("s",))) == ["a", "c", "b"]
        assert {item.score for item in face.search(("s",))} == {None}

    def test_pages_join(self, face: Face) -> None:
        face.batch([PutOp(("s",), str(number), {"n": number}) for number in range(7)])
        whole = keys(face.search(("s",), limit=10))
        assert keys(face.search(("s",), limit=3)) + keys(face.search(("s",), limit=9, offset=3)) == whole
        assert len(set(whole)) == 7
        assert face.search(("s",), limit=3, offset=7) == []

    def test_ten_are_found_unless_told(self, face: Face) -> None:
        face.batch([PutOp(("s",), str(number), {"text": f"tea {number}"}) for number in range(12)])
        assert len(face.search(("s",))) == len(face.search(("s",), query="tea")) == 10

    def test_with_a_query_the_nearest_comes_first(self, face: Face) -> None:
        texts = {"chess": "the user plays chess", "sea": "a boat on the sea", "both": "chess on a boat"}
        face.batch([PutOp(("s",), key, {"text": text}) for key, text in texts.items()])
        found = face.search(("s",), query="a boat on the sea")
        assert found[0].key == "sea"
        assert found[0].score == pytest.approx(1, abs=2e-3)
        scores = [item.score for item in found]
        assert scores == sorted(scores, reverse=True)
        assert all(-1.01 <= score <= 1.01 for score in scores)

    def test_a_query_without_an_index_is_passed_over(self, make: Callable[..., BaseStore]) -> None:
        store = make(None)
        store.put(("s",), "a", {"text": "tea"}, index=["text"])
        [item] = store.search(("s",), query="tea")
        assert item.score is None

    def test_the_best_of_several_texts_counts(self, make: Callable[..., BaseStore]) -> None:
        store = make(["title", "lines[*]"])
        store.put(("s",), "one", {"title": "trains", "lines": ["the weather today", "a boat on the sea"]})
        store.put(("s",), "two", {"title": "a boat on a lake", "lines": []})
        found = store.search(("s",), query="a boat on the sea")
        assert keys(found) == ["one", "two"]
        assert found[0].score == pytest.approx(1, abs=2e-3)

    def test_the_whole_value_is_indexed_by_default(self, make: Callable[..., BaseStore]) -> None:
        store = make(["$"])
        store.put(("s",), "one", {"about": "chess"})
        store.put(("s",), "two", {"about": "the sea"})
        assert keys(store.search(("s",), query='{"about": "the sea"}')) == ["two", "one"]

    def test_what_is_not_indexed_comes_last_without_a_score(self, face: Face) -> None:
        face.put(("s",), "silent", {"text": "tea"}, index=False)
        face.put(("s",), "other", {"n": 1})
        face.put(("s",), "tea", {"text": "tea"})
        found = face.search(("s",), query="tea")
        assert found[0].key == "tea"
        assert {item.key: item.score for item in found[1:]} == {"silent": None, "other": None}

    def test_pages_of_a_query_join(self, face: Face) -> None:
        face.batch([PutOp(("s",), f"tea {number}", {"text": f"tea {number}"}) for number in range(4)])
        face.batch([PutOp(("s",), f"silent {number}", {"n": 1}) for number in range(4)])
        whole = keys(face.search(("s",), query="tea", limit=20))
        pages = [key for at in range(0, 8, 3) for key in keys(face.search(("s",), query="tea", limit=3, offset=at))]
        assert pages == whole
        assert len(set(whole)) == 8

    def test_a_put_says_what_is_indexed(self, face: Face) -> None:
        face.put(("s",), "own", {"text": "trains", "note": "a boat on the sea"}, index=["note"])
        face.put(("s",), "usual", {"text": "chess", "note": "a boat on the sea"})
        found = face.search(("s",), query="a boat on the sea")
        assert keys(found) == ["own", "usual"]
        assert found[0].score == pytest.approx(1, abs=2e-3)

    def test_a_put_without_index_ends_the_old_one(self, face: Face) -> None:
        face.put(("s",), "k", {"text": "tea"})
        face.put(("s",), "k", {"text": "tea"}, index=False)
        assert [item.score for item in face.search(("s",), query="tea")] == [None]

    def test_equal_texts_in_one_batch(self, face: Face) -> None:
        face.batch([PutOp(("s",), key, {"text": "tea"}) for key in "abc"])
        assert sorted(keys(face.search(("s",), query="tea"))) == ["a", "b", "c"]

    def test_a_filter_goes_before_the_nearest(self, face: Face) -> None:
        face.batch([PutOp(("s",), str(at), {"text": f"tea {at}", "even": at % 2 == 0}) for at in range(30)])
        found = face.search(("s",), query="tea 7", filter={"even": False}, limit=20)
        assert found[0].key == "7"
        assert len(found) == 15

    # Lifetimes

    def test_a_lifetime_is_refused_where_there_is_none(self, face: Face) -> None:
        if not face.store.supports_ttl:
            with pytest.raises(NotImplementedError):
                face.put(("t",), "k", {}, ttl=1)
        else:
            face.put(("t",), "k", {}, ttl=1)
        face.put(("t",), "l", {}, ttl=None)

    @pytest.fixture
    def mortal(self, make: Callable[..., BaseStore]) -> Callable[..., BaseStore]:
        def new(**ttl: Any) -> BaseStore:
            store = make(["text"], ttl=ttl or None)
            if not store.supports_ttl:
                pytest.skip("has no lifetimes")
            return store

        return new

    def test_what_has_expired_is_not_there(
        self, mortal: Callable[..., BaseStore], tick: Callable[[float], None]
    ) -> None:
        store = mortal()
        store.put(("t",), "short", {"text": "tea"}, ttl=1)
        store.put(("t",), "ever", {"text": "tea"})
        tick(1.5)
        assert store.get(("t",), "short") is None
        assert keys(store.search(("t",))) == keys(store.search(("t",), query="tea")) == ["ever"]
        store.put(("u",), "short", {}, ttl=1)
        tick(1.5)
        assert store.list_namespaces() == [("t",)]

    def test_reading_begins_a_lifetime_anew(
        self, mortal: Callable[..., BaseStore], tick: Callable[[float], None]
    ) -> None:
        store = mortal()
        for key in ("got", "found", "unread", "passed over"):
            store.put(("t", key), key, {"text": key}, ttl=2)
        tick(1.5)
        assert store.get(("t", "got"), "got") is not None
        assert store.search(("t", "found"))
        assert store.get(("t", "passed over"), "passed over", refresh_ttl=False) is not None
        tick(1.5)
        assert sorted(keys(store.search(("t",), refresh_ttl=False))) == ["found", "got"]

    def test_a_store_has_lifetimes_of_its_own(
        self, mortal: Callable[..., BaseStore], tick: Callable[[float], None]
    ) -> None:
        store = mortal(default_ttl=2, refresh_on_read=False)
        store.put(("t",), "usual", {})
        store.put(("t",), "longer", {}, ttl=10)
        store.put(("t",), "ever", {}, ttl=None)
        tick(1.5)
        assert len(store.search(("t",))) == 3
        tick(1)
        assert sorted(keys(store.search(("t",)))) == ["ever", "longer"]

    # Callers

    async def test_blocking_calls_work_inside_a_loop(self, store: BaseStore) -> None:
        store.put(("a",), "k", {"text": "tea"})
        await store.aput(("a",), "l", {"text": "sea"})
        assert keys(store.search(("a",), query="tea")) == keys(await store.asearch(("a",), query="tea")) == ["k", "l"]

    def test_one_store_in_several_loops(self, store: BaseStore) -> None:
        asyncio.run(store.aput(("a",), "k", {"n": 1}))
        item = asyncio.run(store.aget(("a",), "k"))
        assert item is not None
        assert item.value == {"n": 1}

    async def test_many_awaited_at_once(self, store: BaseStore) -> None:
        await asyncio.gather(*(store.aput(("a", str(n % 5)), str(n), {"text": f"tea {n}"}) for n in range(50)))
        found = await asyncio.gather(*(store.asearch(("a", str(n)), limit=20) for n in range(5)))
        assert [sorted(map(int, keys(one))) for one in found] == [[*range(n, 50, 5)] for n in range(5)]

    def test_threads_at_once(self, store: BaseStore) -> None:
        def work(thread: int) -> None:
            for number in range(8):
                store.put(("a", str(thread)), str(number), {"text": f"word{thread} {number}"})
                assert store.search(("a", str(thread)), query=f"word{thread} {number}", limit=1)

        with ThreadPoolExecutor(5) as pool:
            list(pool.map(work, range(5)))
        assert len(store.search(("a",), limit=100)) == 40
