"""What every `Store` promises: journal, facts and upkeep, walls between users, and a life of random calls."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,  # pyright: ignore[reportUnknownVariableType]
)

from holdfast.protocols import FactQuery, Fingerprint, Row, Store, Write
from holdfast.testing.books import BooksSuite
from holdfast.testing.facts import FactsSuite
from holdfast.testing.forgetting import ForgettingSuite
from holdfast.testing.journals import JournalSuite
from holdfast.testing.queues import QueueSuite
from holdfast.testing.samples import EMBEDDER, NOW, Mirror, change, fact, later, learn, message, row
from holdfast.testing.upkeep import UpkeepSuite
from holdfast.types import Change, Fact, Message

__all__ = ["StoreSuite"]

_IDS = st.text(min_size=1, max_size=12).filter(
    lambda id: "\0" not in id and id.encode("utf-8", "ignore").decode() == id
)


class StoreSuite(JournalSuite, QueueSuite, FactsSuite, BooksSuite, UpkeepSuite, ForgettingSuite):
    """Subclass it and give the fixture `make_store`."""

    EMBEDDER: Fingerprint = EMBEDDER
    """The embedder that the stores are opened for."""

    @pytest.fixture
    def make_store(self) -> Callable[[], Store]:
        """Return what opens a new, empty store for `EMBEDDER` at each call."""
        raise NotImplementedError("give a fixture named make_store")

    @pytest.fixture
    def store(self, make_store: Callable[[], Store]) -> Iterator[Store]:
        """Yield an empty store and close it afterwards."""
        store = make_store()
        yield store
        store.close()

    @settings(
        max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
    )
    @given(users=st.lists(_IDS, min_size=2, max_size=4, unique=True))
    def test_nothing_is_read_across_users(self, store: Store, users: list[str]) -> None:
        """Whatever the ids are, each user reads what is its own, by the same fact, message and session ids."""
        for user_id in users:
            store.forget(user_id, now=NOW)
        for user_id in users:
            journaled = store.append(user_id, [message(f"of {user_id}", id="m1", session_id="s")], now=NOW)
            learn(store, user_id, journaled, [fact(user_id, "f1", f"User is {user_id}.")])
        for user_id in users:
            assert [one.message.content for one in store.messages(user_id, ids=["m1"])] == [f"of {user_id}"]
            assert [one.message.content for one in store.messages(user_id, session_id="s")] == [f"of {user_id}"]
            assert [one.text for one in store.facts(user_id, FactQuery(ids=("f1",)))] == [f"User is {user_id}."]
            assert [one.text for one in store.facts(user_id, FactQuery(slots=("lives_in",)))] == [f"User is {user_id}."]
            assert [one.after and one.after.text for one in store.changes(user_id)] == [f"User is {user_id}."]
            assert [one.messages for one in store.sessions(user_id)] == [1]
            assert len(store.pull(user_id, 0).keys) == 2

    def test_it_agrees_with_a_dict(self, make_store: Callable[[], Store]) -> None:
        """Whatever is done in whatever order, it reads as a plain model of it does."""

        class Life(_Life):
            def new_store(self) -> Store:
                return make_store()

        run_state_machine_as_test(Life, settings=settings(max_examples=25, stateful_step_count=20))


@dataclass
class _Partition:
    """The plain model of one user's rows."""

    messages: list[Message] = field(default_factory=list[Message])
    pending: dict[int, int] = field(default_factory=dict[int, int])
    facts: dict[str, Fact] = field(default_factory=dict[str, Fact])
    keys: list[Row] = field(default_factory=list[Row])
    changes: list[Change] = field(default_factory=list[Change])


_users = st.sampled_from(["1", "10", "1\n"])


class _Life(RuleBasedStateMachine):
    """Calls on a store and on the model, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self._store = self.new_store()
        self._model: dict[str, _Partition] = {}
        self._readers: dict[str, Mirror] = {}
        self._number = 0

    def new_store(self) -> Store:
        """Open an empty store."""
        raise NotImplementedError

    def teardown(self) -> None:
        """Close the store."""
        self._store.close()

    @rule(user=_users, count=st.integers(1, 3), session=st.sampled_from([None, "s", "t"]))
    def append(self, user: str, count: int, session: str | None) -> None:
        """Journal new messages."""
        names = [self._next() for _ in range(count)]
        messages = [message(f"words {name}", id=name, session_id=session, at=later(self._number)) for name in names]
        self._store.append(user, messages, now=NOW)
        model = self._model.setdefault(user, _Partition())
        for one in messages:
            model.messages.append(one)
            model.pending[len(model.messages)] = 0

    @rule(user=_users, data=st.data())
    def append_again(self, user: str, data: st.DataObject) -> None:
        """Send messages again, with the last of the session without ids."""
        known = self._of(user).messages
        if known:
            some = data.draw(st.lists(st.sampled_from(known), max_size=3))
            last = [one for one in known if one.session_id == known[-1].session_id][-2:]
            sent = [*some, *[replace(one, id="") for one in last]]
            assert not any(one.new for one in self._store.append(user, sent, now=NOW))

    @rule(user=_users, data=st.data())
    def fail(self, user: str, data: st.DataObject) -> None:
        """Note a failed attempt."""
        pending = self._of(user).pending
        some = data.draw(st.lists(st.integers(1, 8), max_size=3, unique=True))
        self._store.fail(user, some, "failed")
        for position in set(some) & pending.keys():
            pending[position] += 1

    @rule(user=_users, data=st.data(), facts=st.integers(0, 2))
    def learn(self, user: str, data: st.DataObject, facts: int) -> None:
        """Commit what waits, or try to commit what waits no longer."""
        model = self._of(user)
        if not model.messages:
            return
        position = data.draw(st.integers(1, len(model.messages)))
        own = tuple(fact(user, self._next(), f"fact {self._number}", said_at=later(self._number)) for _ in range(facts))
        keys = (row(position, "words"), *[row(position, one.text, fact_id=one.id) for one in own])
        write = Write(keys, own, changes=tuple(self._change(None, one) for one in own), done=(position,))
        self._commit(user, write)

    @rule(user=_users, data=st.data())
    def supersede(self, user: str, data: st.DataObject) -> None:
        """Close a fact."""
        model = self._of(user)
        if model.facts:
            old = model.facts[data.draw(st.sampled_from(sorted(model.facts)))]
            new = replace(old, valid_to=later(self._number), superseded_by=self._next())
            self._commit(user, Write(facts=(new,), changes=(self._change(old, new),)))

    @rule(user=_users, data=st.data())
    def remove(self, user: str, data: st.DataObject) -> None:
        """Take facts and the keys of messages out."""
        model = self._of(user)
        facts = data.draw(st.lists(st.sampled_from([*sorted(model.facts), "unknown"]), max_size=2, unique=True))
        hidden = data.draw(st.lists(st.integers(1, 8), max_size=2, unique=True))
        self._commit(user, Write(removed=tuple(facts), hidden=tuple(hidden)))

    @rule(user=_users)
    def read(self, user: str) -> None:
        """Take in the news as an index does."""
        self._readers.setdefault(user, Mirror()).refresh(self._store, user)

    @rule(user=_users)
    def forget(self, user: str) -> None:
        """Remove everything."""
        removed = self._store.forget(user, now=NOW).removed
        model = self._of(user)
        assert removed["message"] == len(model.messages)
        assert removed["key"] == len(model.keys)
        assert removed["change"] == len(model.changes)
        self._model.pop(user, None)

    @invariant()
    def agrees(self) -> None:
        """Compare every reading."""
        assert sorted(self._store.users()) == sorted(self._model)
        for user in ("1", "10", "1\n"):
            model = self._of(user)
            assert [one.message for one in self._store.messages(user)] == model.messages
            assert [one.position for one in self._store.messages(user)] == list(range(1, len(model.messages) + 1))
            assert self._store.facts(user, FactQuery()) == list(model.facts.values())
            assert self._store.changes(user) == model.changes
            waiting = {one.journaled.position: one.attempts for one in self._store.pending(user_id=user)}
            assert waiting == model.pending
            reader = replace(self._readers.get(user, Mirror()))
            reader.keys, reader.facts, reader.places = list(reader.keys), dict(reader.facts), dict(reader.places)
            reader.refresh(self._store, user)
            assert reader.keys == model.keys
            assert set(reader.facts) == set(model.facts)
            assert {one.position for one in model.keys} <= set(reader.places)

    def _of(self, user: str) -> _Partition:
        return self._model.get(user, _Partition())

    def _next(self) -> str:
        self._number += 1
        return f"n{self._number}"

    def _change(self, before: Fact | None, after: Fact) -> Change:
        return change("superseded" if before else "added", before, after, id=self._next())

    def _commit(self, user: str, write: Write) -> None:
        model = self._of(user)
        done = self._store.commit(user, lambda _: write)
        known = user in self._model
        if not known or not set(write.done) <= model.pending.keys():
            assert done == Write()
            return
        assert done == write
        model.keys = [
            one
            for one in model.keys
            if one.fact_id not in write.removed and not (one.fact_id is None and one.position in write.hidden)
        ]
        for fact_id in write.removed:
            model.facts.pop(fact_id, None)
        model.keys.extend(write.keys)
        model.facts.update((one.id, one) for one in write.facts)
        model.changes.extend(write.changes)
        for position in write.done:
            del model.pending[position]
