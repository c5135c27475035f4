"""What every store promises that is opened more than once, by nodes or processes."""

from collections.abc import Callable, Iterator

import pytest

from holdfast.protocols import Delta, FactQuery, Found, Store
from holdfast.testing.conformance import Conformance
from holdfast.testing.samples import NOW, fact, learn, said

__all__ = ["SharedSuite"]


class SharedSuite(Conformance):
    """Subclass it and give the fixture `open_store`."""

    @pytest.fixture
    def open_store(self) -> Callable[[], Store]:
        """Return what opens the one store, empty at first, as often as it is called, for `samples.EMBEDDER`."""
        raise NotImplementedError("give a fixture named open_store")

    @pytest.fixture
    def store(self, open_store: Callable[[], Store]) -> Iterator[Store]:
        """Yield the store with a user of whom it knows something."""
        store = open_store()
        learn(store, "max", said(store, "max", "I live in Lisbon.", "Bye"), [fact("max", "f1"), fact("max", "f2")])
        store.pull("max", 0)
        yield store
        store.close()

    def test_what_stands_is_looked_up_at_once(self, store: Store) -> None:
        """The same facts and messages as are read one after the other."""
        found = store.look_up("max", store.pull("max", 0).seq, ["f2", "f1"], [2, 1])
        assert found is not None
        assert {one.id: one for one in found.facts} == {one.id: one for one in store.facts("max", FactQuery())}
        assert sorted(found.messages, key=lambda one: one.position) == store.messages("max")

    def test_what_is_not_there_is_left_out(self, store: Store) -> None:
        """An unknown fact, place or user is no error."""
        seq = store.pull("max", 0).seq
        assert store.look_up("max", seq, ["f9"], [9]) == Found()
        assert store.look_up("max", seq, [], []) == Found()
        assert store.look_up("max", None, ["f9", "f1"], []) == Found(tuple(store.facts("max", FactQuery(ids=("f1",)))))
        assert store.look_up("nobody", 0, [], []) == store.look_up("nobody", None, ["f1"], [1]) == Found()

    @pytest.mark.parametrize("writer", ["this one", "another"])
    def test_nothing_is_told_of_another_moment(
        self, store: Store, open_store: Callable[[], Store], writer: str
    ) -> None:
        """Whichever store wrote: nothing is found, and nothing may stand until what is new is pulled."""
        writing = store if writer == "this one" else open_store()
        seq = store.pull("max", 0).seq
        (new,) = said(writing, "max", "I live in Porto.")
        learn(writing, "max", [new], [fact("max", "f3")])
        assert store.look_up("max", seq, ["f1"], [1]) is None
        assert not store.may_stand("max")
        delta = store.pull("max", seq)
        assert [one.position for one in delta.keys] == [new.position] * 2
        assert store.look_up("max", delta.seq, ["f3"], []) is not None

    def test_who_was_forgotten_elsewhere_is_not_found(self, store: Store, open_store: Callable[[], Store]) -> None:
        """Nor is anything that was known of that user."""
        seq = store.pull("max", 0).seq
        open_store().forget("max", now=NOW)
        assert store.look_up("max", seq, ["f1"], [1]) is None
        assert store.pull("max", seq) == Delta(0, reset=True)

    def test_what_was_pulled_may_stand_until_it_is_known_not_to(self, open_store: Callable[[], Store]) -> None:
        """This store knows what it wrote itself, and what another wrote once it has looked something up."""
        here, there = open_store(), open_store()
        learn(here, "max", said(here, "max", "I live in Lisbon."), [fact("max", "f1")])
        assert not here.may_stand("max")
        seq = here.pull("max", 0).seq
        assert here.may_stand("max")
        learn(there, "max", said(there, "max", "I live in Porto."), [fact("max", "f2")])
        assert here.may_stand("max")
        assert here.look_up("max", seq, ["f1"], []) is None
        assert not here.may_stand("max")
        here.pull("max", seq)
        assert here.may_stand("max")
