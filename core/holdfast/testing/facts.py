"""What every `Facts` promises."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from holdfast.protocols import FactQuery, ReadFacts, Store, Write
from holdfast.testing.conformance import Conformance
from holdfast.testing.samples import NOW, change, fact, later, learn, row, said
from holdfast.types import Fact, Quarantined

__all__ = ["FactsSuite"]

_EVERY = FactQuery()


def _ids(store: Store, query: FactQuery = _EVERY, user_id: str = "max") -> list[str]:
    return [one.id for one in store.facts(user_id, query)]


def _holding(store: Store, *facts: Fact, user_id: str = "max") -> None:
    learn(store, user_id, said(store, user_id, "I live in Lisbon."), facts)


class FactsSuite(Conformance):
    """The facts' part of `StoreSuite`."""

    def test_every_field_is_kept(self, store: Store) -> None:
        """A fact comes back equal, its times with their offsets."""
        whole = fact("max", "f1", "User “lives”\nin Lisbon 🦀.", valid_to=later(5), superseded_by="f2", reason="moved")
        bare = fact("max", "f2", slot=None, value=None, event=None, entities=(), flags=(), metadata={},
                    session_id=None, agent_id=None, polarity="negative", confidence="low")  # fmt: skip
        _holding(store, whole, bare)
        found = {one.id: one for one in store.facts("max", _EVERY)}
        assert found == {"f1": whole, "f2": bare}
        assert found["f1"].said_at.utcoffset() == timedelta(hours=-3)

    def test_facts_stand_in_the_order_in_which_they_were_said(self, store: Store) -> None:
        """By the time they were said, not by the time they were learnt; of one time, as they came."""
        times = {"d": later(4), "a": later(1), "c2": later(3), "c1": later(3), "b": later(2)}
        _holding(store, *[fact("max", id, said_at=at) for id, at in times.items()])
        assert _ids(store) == ["a", "b", "c2", "c1", "d"]
        assert _ids(store, FactQuery(ids=("d", "c1", "a", "c2"))) == ["a", "c2", "c1", "d"]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            (FactQuery(), "abcd"),
            (FactQuery(ids=("a", "x")), "a"),
            (FactQuery(ids=()), ""),
            (FactQuery(slots=("lives_in",)), "ab"),
            (FactQuery(slots=("lives",)), ""),
            (FactQuery(slots=()), ""),
            (FactQuery(texts=("User likes tea.",)), "c"),
            (FactQuery(texts=("User likes",)), ""),
            (FactQuery(ids=("d",), slots=("lives_in",)), "abd"),
            (FactQuery(ids=("a",), slots=("lives_in",), texts=("User likes tea.", "User lives in Lisbon.")), "abc"),
            (FactQuery(ids=("d",), slots=(), texts=()), "d"),
        ],
    )
    def test_facts_match_any_of_the_fields_given(self, store: Store, query: FactQuery, expected: str) -> None:
        """All when none is given; superseded ones too; each once."""
        _holding(
            store,
            fact("max", "a", valid_to=later(9), superseded_by="b", reason="moved"),
            fact("max", "b", "User lives in Porto.", said_at=later(1)),
            fact("max", "c", "User likes tea.", slot="likes:tea", said_at=later(2)),
            fact("max", "d", "User owns a bike.", slot=None, said_at=later(3)),
        )
        assert "".join(_ids(store, query)) == expected

    def test_many_ids_can_be_asked_at_once(self, store: Store) -> None:
        """There is no limit to a query."""
        _holding(store, fact("max", "f1"))
        assert _ids(store, FactQuery(ids=(*map(str, range(40_000)), "f1"))) == ["f1"]

    def test_an_unknown_user_has_no_facts_and_no_changes(self, store: Store) -> None:
        """Absence is no error."""
        assert store.facts("max", _EVERY) == []
        assert store.changes("max") == []
        assert store.users() == []

    def test_changes_are_kept_whole_and_the_oldest_comes_first(self, store: Store) -> None:
        """Each comes back equal, with the fact before and after."""
        old, new = fact("max", "f1"), fact("max", "f2", "User lives in Porto.")
        closed = replace(old, valid_to=later(1), superseded_by="f2", reason="moved")
        undone = replace(change("restored", None, old, at=later(3), id="c4"), undoes="c3", by="hand")
        changes = (
            change("added", None, old, id="c1"),
            change("superseded", old, closed, at=later(1), id="c2"),
            change("deleted", closed, None, at=later(2), id="c3"),
            undone,
        )
        _holding(store)
        for one in changes:
            store.commit("max", lambda _, one=one: Write(changes=(one,)))  # type: ignore[misc]
        assert store.changes("max") == list(changes)
        store.commit("max", lambda _: Write(changes=(change("added", None, new, at=later(1), id="c5"),)))
        assert [one.id for one in store.changes("max", fact_id="f1")] == ["c1", "c2", "c3", "c4"]
        assert [one.id for one in store.changes("max", fact_id="f2")] == ["c5"]
        assert store.changes("max", fact_id="f3") == []
        assert store.changes("eve", fact_id="f1") == []

    @pytest.mark.parametrize(
        ("since", "until", "expected"),
        [
            (None, None, "abc"),
            (later(1), None, "bc"),
            (later(1.000001), None, "c"),
            (None, later(1), "a"),
            (None, later(1.000001), "ab"),
            (later(0), later(2), "ab"),
            (later(1), later(1), ""),
            (later(1).astimezone(fact("max", "f").said_at.tzinfo), None, "bc"),
        ],
    )
    def test_changes_from_since_on_and_before_until(self, store: Store, since: Any, until: Any, expected: str) -> None:
        """`since` is included, `until` is not, in whatever zone they are given."""
        _holding(store)
        changes = tuple(change("added", None, fact("max", id), at=later(at), id=id) for at, id in enumerate("abc"))
        store.commit("max", lambda _: Write(changes=changes))
        assert "".join(one.id for one in store.changes("max", since=since, until=until)) == expected
        alone = store.changes("max", fact_id="b", since=since, until=until)
        assert "".join(one.id for one in alone) == "".join(set(expected) & {"b"})

    def test_what_was_decided_is_written_and_returned(self, store: Store) -> None:
        """Keys, facts and changes are there, and the message waits no longer."""
        journaled = said(store, "max", "I live in Lisbon.", "Hello")
        write = learn(store, "max", journaled[:1], [fact("max", "f1")])
        assert [one.id for one in write.facts] == ["f1"]
        assert _ids(store) == ["f1"]
        assert [one.fact_id for one in store.changes("max")] == ["f1"]
        assert list(store.pull("max", 0).keys) == list(write.keys)
        assert [one.journaled.position for one in store.pending()] == [2]

    def test_a_decision_that_raises_leaves_nothing(self, store: Store) -> None:
        """The error comes out as it is, and the next transaction goes on as if it had not been."""
        journaled = said(store, "max", "I live in Lisbon.")
        before = store.pull("max", 0)

        def decide(read: ReadFacts) -> Write:
            read(_EVERY)
            raise LookupError("no decision")

        with pytest.raises(LookupError, match="no decision"):
            store.commit("max", decide)
        assert store.pull("max", 0) == before
        assert len(store.pending()) == 1
        assert learn(store, "max", journaled, [fact("max", "f1")]).facts

    def test_a_write_that_cannot_be_carried_out_leaves_nothing(self, store: Store) -> None:
        """Wholly or not at all, also when the last row is the one that fails."""
        journaled = said(store, "max", "I live in Lisbon.")
        no_text: Any = object()
        unstorable = replace(change("added", None, fact("max", "f1")), reason=no_text)
        write = Write((row(1),), (fact("max", "f1"),), changes=(unstorable,), done=(journaled[0].position,))
        with pytest.raises(Exception, match=r".+"):
            store.commit("max", lambda _: write)
        assert _ids(store) == []
        assert store.pull("max", 0).keys == ()
        assert len(store.pending()) == 1

    def test_a_decision_reads_what_went_before(self, store: Store) -> None:
        """It sees every transaction before its own, superseded facts too, and of its own user only."""
        _holding(store, fact("max", "f1", valid_to=later(1)), fact("max", "f2", slot="likes:tea"))
        _holding(store, fact("eve", "f3"), user_id="eve")
        seen: list[list[str]] = []

        def decide(read: ReadFacts) -> Write:
            seen.append([one.id for one in read(_EVERY)])
            seen.append([one.id for one in read(FactQuery(slots=("likes:tea",), ids=("f3",)))])
            return Write()

        assert store.commit("max", decide) == Write()
        assert seen == [["f1", "f2"], ["f2"]]

    def test_decisions_follow_one_another(self, store: Store) -> None:
        """None is lost when several threads read, count and write back."""
        _holding(store, fact("max", "counter", metadata={"n": 0}))

        def count(read: ReadFacts) -> Write:
            (one,) = read(FactQuery(ids=("counter",)))
            return Write(facts=(replace(one, metadata={"n": one.metadata["n"] + 1}),))

        with ThreadPoolExecutor(4) as pool:
            for running in [pool.submit(store.commit, "max", count) for _ in range(20)]:
                running.result()
        assert store.facts("max", _EVERY)[0].metadata == {"n": 20}

    def test_who_comes_second_writes_nothing(self, store: Store) -> None:
        """Positions that are no longer pending mean that somebody else was faster; an empty Write says so."""
        journaled = said(store, "max", "a", "b")
        assert learn(store, "max", journaled[:1], [fact("max", "f1")]).done == (1,)
        before = store.pull("max", 0)
        assert learn(store, "max", journaled[:1], [fact("max", "f2")]) == Write()
        assert learn(store, "max", journaled, [fact("max", "f3")]) == Write()
        assert store.pull("max", 0) == before
        assert _ids(store) == ["f1"]
        assert [one.journaled.position for one in store.pending()] == [2]

    def test_a_commit_for_nobody_makes_no_user(self, store: Store) -> None:
        """Neither an empty write nor messages that were forgotten meanwhile bring a user into being."""
        assert store.commit("max", lambda _: Write()) == Write()
        journaled = said(store, "eve", "I live in Lisbon.")
        store.forget("eve", now=NOW)
        assert learn(store, "eve", journaled, [fact("eve", "f1")]) == Write()
        assert store.users() == []

    def test_a_changed_fact_takes_the_place_of_the_old_state(self, store: Store) -> None:
        """Facts are written whole; there is one of each id."""
        old = fact("max", "f1")
        _holding(store, old)
        closed = replace(old, valid_to=later(1), superseded_by="f2", reason="moved", metadata={"new": True})
        store.commit("max", lambda _: Write(facts=(closed,)))
        assert store.facts("max", _EVERY) == [closed]

    def test_what_is_removed_goes_with_its_keys(self, store: Store) -> None:
        """Other facts, and the words of the message, keep theirs; an unknown id is no error."""
        _holding(store, fact("max", "f1"), fact("max", "f2", "User likes tea."))
        store.commit("max", lambda _: Write(removed=("f1", "unknown")))
        assert _ids(store) == ["f2"]
        assert [one.fact_id for one in store.pull("max", 0).keys] == [None, "f2"]

    def test_removals_come_first(self, store: Store) -> None:
        """What a write removes and writes is there afterwards, with the new keys alone."""
        _holding(store, fact("max", "f1"))
        new = fact("max", "f1", "User lives in Porto.")
        store.commit("max", lambda _: Write((row(1, new.text, fact_id="f1"),), (new,), removed=("f1",), hidden=(1,)))
        assert store.facts("max", _EVERY) == [new]
        assert [(one.fact_id, one.text) for one in store.pull("max", 0).keys] == [("f1", "User lives in Porto.")]

    def test_a_fact_that_is_written_anew_keeps_its_place(self, store: Store) -> None:
        """Among those that were said at the same time, also when it was removed in the same write."""
        _holding(store, *[fact("max", id) for id in "abc"])
        for removed in ((), ("a",)):
            new = fact("max", "a", f"User lives in Porto, {len(removed)}.")
            store.commit("max", lambda _, one=new, gone=removed: Write((), (one,), removed=gone))  # type: ignore[misc]
            assert _ids(store) == ["a", "b", "c"]

    def test_a_hidden_message_loses_its_own_keys(self, store: Store) -> None:
        """Those of its facts stay, those of other messages too, and the journal has it still."""
        _holding(store, fact("max", "f1"))
        learn(store, "max", said(store, "max", "Hello"))
        store.commit("max", lambda _: Write(hidden=(1, 99)))
        assert [(one.position, one.fact_id) for one in store.pull("max", 0).keys] == [(1, "f1"), (2, None)]
        assert [one.position for one in store.messages("max")] == [1, 2]

    def test_what_is_to_be_read_again_stays_pending(self, store: Store) -> None:
        """Positions in `again` are written for and wait on, with the reason and one more attempt."""
        journaled = said(store, "max", "I live in Lisbon.", "I like tea.")
        places = tuple(one.position for one in journaled)
        store.commit(
            "max", lambda _: Write(facts=(fact("max", "f1"),), done=places[1:], again=places[:1], reason="odd")
        )
        assert _ids(store) == ["f1"]
        assert [(one.journaled.position, one.attempts, one.reason) for one in store.pending()] == [(1, 1, "odd")]
        store.commit("max", lambda _: Write(done=places[:1]))
        late = store.commit("max", lambda _: Write(facts=(fact("max", "f2"),), again=places[:1], reason="late"))
        assert (late, _ids(store), store.pending()) == (Write(), ["f1"], [])

    def test_refused_statements_are_kept_apart(self, store: Store) -> None:
        """They come back whole, in the order of their messages; what rests on no message is not kept."""
        journaled = said(store, "max", "I live in Lisbon.", "I like tea.")
        first, second = (one.message.id for one in journaled)
        refused = [
            Quarantined(second, "User likes “tea”\n🦀.", "names", "model/1", later(1)),
            Quarantined(first, "User lives in Rome.", "gives another name", "model/1", later(2)),
            Quarantined(first, "User is 40.", "gives a number", "model/1", later(2)),
        ]
        lost = Quarantined("nobody", "x", "y", "model/1", NOW)
        store.commit("max", lambda _: Write(quarantined=(*refused, lost), done=(1,)))
        assert store.quarantine("max") == [*refused[1:], refused[0]]
        assert store.quarantine("eve") == []
        store.commit("max", lambda _: Write(hidden=(1,), keys=(row(1, "I live in Lisbon."),)))
        assert store.quarantine("max") == refused[:1]

    @pytest.mark.parametrize("session_id", ["*", "s2"])
    def test_forgetting_anything_empties_the_quarantine(self, store: Store, session_id: str) -> None:
        """Nobody has checked whose words a refused statement holds."""
        journaled = said(store, "max", "I live in Lisbon.")
        store.append("max", [replace(journaled[0].message, id="other", session_id="s2")], now=NOW)
        made_up = Quarantined(journaled[0].message.id, "User hides a treasure in Lisbon.", "names", "model/1", NOW)
        store.commit("max", lambda _: Write(quarantined=(made_up,), done=(1,)))
        receipt = store.forget("max", session_id=session_id, now=NOW)
        assert receipt.removed["quarantine"] == 1
        assert store.quarantine("max") == []
