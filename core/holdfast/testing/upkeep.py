"""What every `Upkeep` promises."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from holdfast.errors import StorageError
from holdfast.protocols import Delta, FactKeys, FactQuery, Fingerprint, Lease, Place, Renewed, Store, Swap, Write
from holdfast.testing.conformance import Conformance
from holdfast.testing.samples import (
    EMBEDDER,
    NOW,
    WIDTH,
    Mirror,
    change,
    everything,
    fact,
    later,
    learn,
    message,
    row,
    said,
)
from holdfast.types import Fact, LedgerEntry

__all__ = ["UpkeepSuite"]


def _micros(seconds: float) -> int:
    return int(later(seconds).timestamp() * 1_000_000)


_CALLS: dict[str, Callable[[Store], Any]] = {
    "append": lambda store: store.append("max", [message()], now=NOW),
    "append nothing": lambda store: store.append("max", [], now=NOW),
    "messages": lambda store: store.messages("max"),
    "sessions": lambda store: store.sessions("max"),
    "pending": lambda store: store.pending(),
    "waiting": lambda store: store.waiting(),
    "take": lambda store: store.take("max", [1], Lease("somebody", later(60)), now=NOW),
    "fail": lambda store: store.fail("max", [1], "reason"),
    "book": lambda store: store.book([("max", LedgerEntry(NOW, "context"))]),
    "entries": lambda store: store.entries(),
    "spoken": lambda store: store.spoken("max"),
    "facts": lambda store: store.facts("max", FactQuery()),
    "changes": lambda store: store.changes("max"),
    "commit": lambda store: store.commit("max", lambda _: Write()),
    "pull": lambda store: store.pull("max", 0),
    "renewed": lambda store: store.renewed("max", 0),
    "swap": lambda store: store.swap([], EMBEDDER),
    "users": lambda store: store.users(),
    "forget": lambda store: store.forget("max", now=NOW),
    "erase": lambda store: store.erase("max", "f1", now=NOW),
    "check": lambda store: store.check(),
    "repair": lambda store: store.check(repair=True),
    "backup": lambda store: store.backup("nowhere"),
}


class UpkeepSuite(Conformance):
    """The part of `StoreSuite` that concerns the store as a whole."""

    def test_news_add_up_to_everything(self, store: Store) -> None:
        """Delta after delta a reader knows what one pull from 0 tells."""
        reader = Mirror()
        old = fact("max", "f1")

        def same() -> None:
            reader.refresh(store, "max")
            afresh = Mirror()
            afresh.refresh(store, "max")
            assert reader == afresh
            assert reader.whole == {one.id: one for one in store.facts("max", FactQuery())}

        same()
        learn(store, "max", said(store, "max", "I live in Lisbon.", "Hello"), [old])
        same()
        learn(store, "max", said(store, "max", "I like tea."))
        same()
        closed = replace(old, valid_to=later(9), superseded_by="f2")
        learn(store, "max", said(store, "max", "I moved to Porto."), [closed, fact("max", "f2", "User moved.")])
        same()
        assert [one.position for one in reader.keys] == [1, 2, 1, 3, 4, 4, 4]
        assert reader.facts["f1"].valid_to == _micros(9)

    def test_nothing_new_is_nothing(self, store: Store) -> None:
        """Without a write the sequence number stays and there is nothing to read."""
        learn(store, "max", said(store, "max", "Hello"), [fact("max", "f1")])
        seq = store.pull("max", 0).seq
        assert store.pull("max", seq) == Delta(seq, reset=False)
        assert store.renewed("max", seq) == Renewed(seq, reset=False)
        learn(store, "eve", said(store, "eve", "Hello"), [fact("eve", "f1")])
        assert store.pull("max", seq) == Delta(seq, reset=False)

    def test_an_unknown_user_has_no_news(self, store: Store) -> None:
        """And reading it does not make it a user."""
        assert store.pull("max", 0) == Delta(0, reset=False)
        assert store.renewed("max", 0) == Renewed(0, reset=False)
        assert store.users() == []

    def test_the_news_say_where_and_when(self, store: Store) -> None:
        """A place for each message with keys, validity of each fact, in microseconds UTC."""
        at = later(1.5).astimezone(fact("max", "f").said_at.tzinfo)
        spoken = message("Größe 🦀", "assistant", at=at, name="Ada", session_id="s", agent_id="a")
        (journaled,) = store.append("max", [spoken], now=NOW)
        said(store, "max", "not learnt yet")
        learn(store, "max", [journaled], [fact("max", "f1", valid_from=later(2), valid_to=at)])
        delta = store.pull("max", 0)
        assert delta.places == (Place(1, "assistant", "Ada", "s", "a", _micros(1.5), 7),)
        assert delta.facts == (FactKeys("f1", _micros(2), _micros(1.5)),)
        assert delta.keys == (row(1, "Größe 🦀"), row(1, "User lives in Lisbon.", fact_id="f1"))

    @pytest.mark.parametrize("removal", [Write(removed=("f1",)), Write(hidden=(1,))])
    def test_after_a_removal_everything_is_read_again(self, store: Store, removal: Write) -> None:
        """What was read before is void, and the delta holds everything; later news are news again."""
        reader = Mirror()
        learn(store, "max", said(store, "max", "I live in Lisbon.", "Hello"), [fact("max", "f1"), fact("max", "f2")])
        reader.refresh(store, "max")
        store.commit("max", lambda _: removal)
        assert reader.refresh(store, "max")
        afresh = Mirror()
        afresh.refresh(store, "max")
        assert reader == afresh
        assert len(reader.keys) == 3
        learn(store, "max", said(store, "max", "Bye"))
        assert not reader.refresh(store, "max")
        assert len(reader.keys) == 4

    def test_news_are_of_one_moment(self, store: Store) -> None:
        """Whoever writes meanwhile, a reader gets each row once."""
        done = threading.Event()

        def read() -> Mirror:
            reader = Mirror()
            while not done.is_set():
                reader.refresh(store, "max")
            reader.refresh(store, "max")
            return reader

        with ThreadPoolExecutor(3) as pool:
            reading = [pool.submit(read) for _ in range(3)]
            for number in range(60):
                learn(store, "max", said(store, "max", f"turn {number}"), [fact("max", f"f{number}")])
            done.set()
            for reader in (one.result() for one in reading):
                assert [one.fact_id for one in reader.keys if one.fact_id] == [f"f{number}" for number in range(60)]
                assert len(reader.keys) == 2 * len(reader.facts) == 2 * len(reader.places) == 120

    def test_users_are_those_with_a_partition(self, store: Store) -> None:
        """Each is named once, and gone after `forget`."""
        assert store.users() == []
        for user_id in ("max", "eve", "max"):
            said(store, user_id, "Hello")
        assert sorted(store.users()) == ["eve", "max"]
        store.forget("max", now=NOW)
        assert store.users() == ["eve"]

    def test_a_swap_replaces_what_was_derived(self, store: Store) -> None:
        """Keys, facts and changes are those of the swap; the journal stays; readers are told to read again."""
        reader = Mirror()
        learn(store, "max", said(store, "max", "I live in Lisbon.", "Hello"), [fact("max", "f1")])
        learn(store, "eve", said(store, "eve", "Hello"), [fact("eve", "f1")])
        eve, journal = everything(store, "eve"), store.messages("max")
        reader.refresh(store, "max")
        assert store.swap([_swap(store, "max", fact("max", "f9"))], EMBEDDER)
        assert [one.id for one in store.facts("max", FactQuery())] == ["f9"]
        assert [one.fact_id for one in store.changes("max")] == ["f9"]
        assert store.messages("max") == journal
        assert store.pending() == []
        assert reader.refresh(store, "max")
        assert [one.fact_id for one in reader.keys] == [None, "f9"]
        assert everything(store, "eve") == eve

    def test_a_swap_of_what_has_moved_on_changes_nothing(self, store: Store) -> None:
        """Not of any user, when one partition no longer stands where it was read."""
        for user_id in ("max", "eve"):
            learn(store, user_id, said(store, user_id, "Hello"), [fact(user_id, "f1")])
        swaps = [_swap(store, user_id, fact(user_id, "f9")) for user_id in ("max", "eve")]
        learn(store, "eve", said(store, "eve", "Bye"), [fact("eve", "f2")])
        before = [everything(store, user_id) for user_id in ("max", "eve")]
        assert not store.swap(swaps, EMBEDDER)
        assert [everything(store, user_id) for user_id in ("max", "eve")] == before
        assert store.swap(swaps[:1], EMBEDDER)

    def test_a_swap_can_change_the_embedder(self, store: Store) -> None:
        """Vectors of another width take the place of the old ones, and the store goes on with them."""
        learn(store, "max", store.append("max", [message(id="m1")], now=NOW), [fact("max", "f1")])
        other = Fingerprint("another", 2 * WIDTH)
        assert store.swap([_swap(store, "max", fact("max", "f9"), width=other.dimensions)], other)
        assert {len(one.vector) for one in store.pull("max", 0).keys} == {2 * other.dimensions}
        assert store.check().findings == ()

    def test_a_swap_of_somebody_forgotten_changes_nothing(self, store: Store) -> None:
        """And does not bring the user back."""
        learn(store, "max", said(store, "max", "Hello"), [fact("max", "f1")])
        swap = _swap(store, "max", fact("max", "f9"))
        store.forget("max", now=NOW)
        assert not store.swap([swap], EMBEDDER)
        assert store.users() == []

    def test_a_sound_store_has_no_findings(self, store: Store) -> None:
        """Whatever was done to it, and what was looked at is counted."""
        assert store.check().findings == ()
        one = fact("max", "f1")
        learn(store, "max", store.append("max", [message(id="m1"), message("Hello")], now=NOW), [one])
        assert store.check().findings == ()
        said(store, "max", "Bye")
        store.commit("max", lambda _: Write(removed=("f1",), hidden=(1,), changes=(change("deleted", one, None),)))
        said(store, "eve", "Hello")
        store.forget("eve", now=NOW)
        report = store.check()
        assert report.findings == ()
        assert report.checked["message"] == 3
        assert report.checked["pending"] == 1

    def test_messages_without_words_are_sound(self, store: Store) -> None:
        """A message that says nothing has no key, and needs none."""
        for content in ("", " \n", "\x0b\x1f", "\u00a0\u2003"):
            journaled = said(store, "max", content)
            store.commit("max", lambda _, one=journaled[0]: Write(done=(one.position,)))  # type: ignore[misc]
        assert store.check().findings == ()

    def test_closing_twice_is_harmless(self, store: Store) -> None:
        """The second time does nothing."""
        said(store, "max", "Hello")
        store.close()
        store.close()

    @pytest.mark.parametrize("call", _CALLS.values(), ids=_CALLS)
    def test_a_closed_store_says_so(self, store: Store, call: Callable[[Store], Any]) -> None:
        """Any other call after `close` raises StorageError."""
        said(store, "max", "Hello")
        store.close()
        with pytest.raises(StorageError, match="closed"):
            call(store)


def _swap(store: Store, user_id: str, *facts: Fact, width: int = WIDTH) -> Swap:
    seq = store.pull(user_id, 0).seq
    keys = (row(1, width=width), *[row(1, one.text, fact_id=one.id, width=width) for one in facts])
    changes = tuple(change("added", None, one) for one in facts)
    done = tuple(one.position for one in store.messages(user_id))
    return Swap(user_id, seq, Write(keys, facts, changes=changes, done=done))
