"""What every `Upkeep` promises of forgetting: a user, a session, or a fact with its words, and nothing else."""

from dataclasses import replace
from hashlib import sha256

import pytest

from holdfast.protocols import Delta, FactQuery, Journaled, Store, Write
from holdfast.testing.conformance import Conformance
from holdfast.testing.samples import LOOKALIKES, NOW, Mirror, change, everything, fact, later, learn, message, row, said
from holdfast.types import Evidence, Fact

__all__ = ["HOME", "WORK", "ForgettingSuite"]

HOME, WORK = "I live in Lisbon.", "I moved to Porto."


class ForgettingSuite(Conformance):
    """The part of `StoreSuite` that concerns what is removed for good."""

    def test_a_user_who_comes_back_is_seen_by_readers_of_old(self, store: Store) -> None:
        """After `forget` nothing that another reader remembers is taken for current."""
        for returned in ("I like tea.", "I like tea. And much more, so that there are more rows than before."):
            reader = Mirror()
            learn(store, "max", said(store, "max", "I live in Lisbon.", "Hello"), [fact("max", "f1")])
            reader.refresh(store, "max")
            store.forget("max", now=NOW)
            learn(store, "max", said(store, "max", *returned.split(". ")))
            assert reader.refresh(store, "max")
            assert reader.facts == {}
            assert len(reader.keys) == len(returned.split(". "))
            store.forget("max", now=NOW)
            assert reader.refresh(store, "max")
            assert (reader.keys, reader.places) == ([], {})

    def test_forget_says_what_it_removed(self, store: Store) -> None:
        """The receipt counts the rows and proves by a digest which messages they were."""
        old = fact("max", "f1")
        journaled = store.append("max", [message("I live in Lisbon.", id="m1"), message("Hello", id="m2")], now=NOW)
        learn(store, "max", journaled[:1], [old, fact("max", "f2")])
        receipt = store.forget("max", now=later(7))
        assert (receipt.user_id, receipt.at) == ("max", later(7))
        removed = {"message": 2, "pending": 1, "key": 3, "fact": 2, "change": 2, "partition": 1}
        assert {table: receipt.removed[table] for table in removed} == removed
        assert receipt.digest == sha256(b"m1\nm2").hexdigest()
        assert receipt.looked_for > 0

    def test_forgetting_nobody_is_no_error(self, store: Store) -> None:
        """There was nothing, and the receipt says so."""
        said(store, "eve", "Hello")
        receipt = store.forget("max", now=NOW)
        assert set(receipt.removed.values()) == {0}
        assert store.users() == ["eve"]

    def test_forget_removes_exactly_its_user(self, store: Store) -> None:
        """Of users whose ids look alike each goes alone, and the others stand as they stood."""
        for user_id in LOOKALIKES:
            journaled = store.append(user_id, [message(f"I am {user_id}", id="m1"), message("later")], now=NOW)
            learn(store, user_id, journaled[:1], [fact(user_id, "f1", f"User is {user_id}.")])
        left = list(LOOKALIKES)
        for user_id in LOOKALIKES:
            before = {other: everything(store, other) for other in left}
            store.forget(user_id, now=NOW)
            left.remove(user_id)
            assert sorted(store.users()) == sorted(left)
            assert everything(store, user_id) == ([], [], [], [], [], [], 0, Delta(0, reset=False))
            assert {other: everything(store, other) for other in left} == {other: before[other] for other in left}

    @pytest.mark.parametrize(
        "words",
        [
            "evidence", "metadata", "partition", "sqlite_schema", "SQLite format 3", "CREATE TABLE", "embedder",
            "assistant", "preference", "location", "2025-03-01", "2025-03-01T12:00:00", "User lives in Lisbon.",
            "rules/1 rules/1", "said by the user", "corrected we", "[]{}[]{}[]", '{"project":"atlas"', "f1f1f1f1f1f1",
        ],
    )  # fmt: skip
    def test_what_others_rightly_hold_is_not_taken_for_a_remnant(self, store: Store, words: str) -> None:
        """Words of the user may also stand in others' rows, and in what every store holds; forgetting succeeds."""
        learn(store, "eve", store.append("eve", [message("Me.", session_id="a shared session")], now=NOW))
        learn(store, "eve", said(store, "eve", "again"), [fact("eve", "f1f1f1f1f1f1")])
        for user_id in ("max", words):
            journaled = store.append(user_id, [message(words, session_id="a shared session", id=words)], now=NOW)
            learn(store, user_id, journaled, [fact(user_id, "f1", words)])
            assert store.forget(user_id, now=NOW).removed["message"] == 1
        assert len(store.messages("eve")) == 2

    def test_forget_finds_shared_words_quickly(self, store: Store) -> None:
        """A long text that another user said too costs one look at the store, not one for each piece of it."""
        text = " ".join(f"clause {number} of the terms" for number in range(4_000))
        for user_id in ("max", "eve"):
            said(store, user_id, text)
        assert store.forget("max", now=NOW).looked_for > 4_000
        assert store.messages("eve")[0].message.content == text

    def test_a_session_goes_with_what_rests_on_it_alone(self, store: Store) -> None:
        """Its messages, keys, pending rows, facts and their changes; the other sessions stand."""
        _two_sessions(store)
        receipt = store.forget("max", session_id="work", now=later(9))
        assert (receipt.user_id, receipt.at) == ("max", later(9))
        assert receipt.looked_for > 0
        assert receipt.digest == sha256(b"w1\nw2").hexdigest()
        removed = {"message": 2, "pending": 1, "fact": 1, "partition": 0}
        assert {table: receipt.removed[table] for table in removed} == removed
        assert [one.message.id for one in store.messages("max")] == ["h1", "h2"]
        assert [one.id for one in store.sessions("max")] == ["home"]
        assert store.pending() == []
        assert {key.position for key in store.pull("max", 0).keys} == {1, 2}
        assert {one.fact_id for one in store.changes("max")} == {"old", "both"}
        assert store.check().findings == ()

    def test_facts_with_further_evidence_keep_that(self, store: Store) -> None:
        """What a fact rests on besides the session, it rests on still, and so do its changes."""
        _two_sessions(store)
        store.forget("max", session_id="work", now=NOW)
        (both,) = store.facts("max", FactQuery(ids=("both",)))
        assert [span.message_id for span in both.evidence] == ["h2"]
        for one in store.changes("max", fact_id="both"):
            assert [span.message_id for span in one.evidence] == ["h2"]
            assert one.after is not None
            assert [span.message_id for span in one.after.evidence] == ["h2"]

    def test_what_a_removed_fact_superseded_holds_again(self, store: Store) -> None:
        """As if what ended it had never been said."""
        _two_sessions(store)
        store.forget("max", session_id="work", now=NOW)
        (old,) = store.facts("max", FactQuery(ids=("old",)))
        assert (old.active, old.superseded_by, old.reason) == (True, None, None)
        assert {one.fact_id: one.valid_to for one in store.pull("max", 0).facts}["old"] is None

    def test_readers_are_told_when_a_session_goes(self, store: Store) -> None:
        """What they read before is void."""
        _two_sessions(store)
        reader = Mirror()
        reader.refresh(store, "max")
        store.forget("max", session_id="work", now=NOW)
        assert reader.refresh(store, "max")
        assert {key.position for key in reader.keys} == {1, 2}

    def test_the_session_without_a_name_is_one(self, store: Store) -> None:
        """None forgets that one alone."""
        store.append("max", [message("a"), message("b", session_id="s"), message("c", session_id="")], now=NOW)
        assert store.forget("max", session_id=None, now=NOW).removed["message"] == 1
        assert [one.message.content for one in store.messages("max")] == ["b", "c"]

    @pytest.mark.parametrize("session_id", ["unknown", "hom", "HOME", None])
    def test_an_unknown_session_is_an_empty_receipt(self, store: Store, session_id: str | None) -> None:
        """Nothing is changed, of this user or another."""
        _two_sessions(store)
        said(store, "eve", "Hello", session_id="unknown")
        before = everything(store, "max"), everything(store, "eve")
        assert set(store.forget("max", session_id=session_id, now=NOW).removed.values()) == {0}
        assert set(store.forget("nobody", session_id="home", now=NOW).removed.values()) == {0}
        assert (everything(store, "max"), everything(store, "eve")) == before
        assert sorted(store.users()) == ["eve", "max"]

    def test_a_session_of_another_user_stands(self, store: Store) -> None:
        """Also when it has the same name."""
        _two_sessions(store)
        learn(store, "eve", said(store, "eve", WORK, session_id="work"), [fact("eve", "new")])
        before = everything(store, "eve")
        store.forget("max", session_id="work", now=NOW)
        assert everything(store, "eve") == before

    def test_an_erased_fact_goes_with_its_history_and_words(self, store: Store) -> None:
        """The messages stay as empty places, and one that is sent again is recognised by its id."""
        _two_sessions(store)
        receipt = store.erase("max", "both", now=later(9))
        assert receipt is not None
        assert receipt.at == later(9)
        assert receipt.digest == sha256(b"h2\nw2").hexdigest()
        assert (receipt.removed["message"], receipt.removed["fact"]) == (2, 1)
        assert store.facts("max", FactQuery(ids=("both",))) == []
        assert store.changes("max", fact_id="both") == []
        assert [one.message.content for one in store.messages("max")] == [HOME, "", WORK, ""]
        assert [one.message.id for one in store.messages("max")] == ["h1", "h2", "w1", "w2"]
        assert {key.position for key in store.pull("max", 0).keys} == {1, 3}
        again = store.append("max", [message("I like tea.", id="h2")], now=NOW)
        assert [one.new for one in again] == [False]
        assert store.pending() == []
        assert store.check().findings == ()

    def test_a_removed_fact_can_be_erased(self, store: Store) -> None:
        """Its words stand in the history still."""
        _two_sessions(store)
        (both,) = store.facts("max", FactQuery(ids=("both",)))
        store.commit("max", lambda _: Write(removed=("both",), changes=(change("deleted", both, None, id="c9"),)))
        assert store.erase("max", "both", now=NOW) is not None
        assert store.changes("max", fact_id="both") == []

    def test_erasing_an_unknown_fact_is_none(self, store: Store) -> None:
        """Also when it is another user's."""
        _two_sessions(store)
        said(store, "eve", "Hello")
        before = everything(store, "max")
        assert store.erase("max", "unknown", now=NOW) is None
        assert store.erase("eve", "both", now=NOW) is None
        assert store.erase("nobody", "both", now=NOW) is None
        assert everything(store, "max") == before
        assert sorted(store.users()) == ["eve", "max"]

    def test_erasing_leaves_the_same_fact_of_another_user(self, store: Store) -> None:
        """Ids of facts are a user's own."""
        _two_sessions(store)
        learn(store, "eve", said(store, "eve", "I like tea."), [fact("eve", "both")])
        before = everything(store, "eve")
        store.erase("max", "both", now=NOW)
        assert everything(store, "eve") == before


def _resting(id: str, text: str, *journaled: Journaled, **fields: object) -> Fact:
    spans = (one.message for one in journaled)
    evidence = tuple(Evidence(one.id, 0, len(one.content), one.content) for one in spans)
    return fact("max", id, text, evidence=evidence, **fields)


def _two_sessions(store: Store) -> None:
    """Tell of a move in two sessions: `new` supersedes `old`, and `both` was said in both."""
    talk = [message(HOME, id="h1", session_id="home"), message("I like tea.", id="h2", session_id="home")]
    talk += [message(WORK, id="w1", session_id="work"), message("Tea!", id="w2", session_id="work")]
    h1, h2, w1, w2 = store.append("max", talk, now=NOW)
    old = _resting("old", "User lives in Lisbon.", h1)
    both = _resting("both", "User likes tea.", h2)
    keys = [row(1, old.text, fact_id="old"), row(2, both.text, fact_id="both"), row(1, HOME), row(2, "I like tea.")]
    changes = (change("added", None, old, id="c1"), change("added", None, both, id="c2"))
    store.commit("max", lambda _: Write(tuple(keys), (old, both), changes=changes, done=(1, 2)))
    new = _resting("new", "User lives in Porto.", w1)
    closed = replace(old, valid_to=later(5), superseded_by="new", reason="moved")
    again = _resting("both", "User likes tea.", h2, w2)
    keys = [row(3, new.text, fact_id="new"), row(4, both.text, fact_id="both"), row(3, WORK)]
    changes = (change("added", None, new, id="c3"), change("superseded", old, closed, id="c4"))
    changes = (changes[0], replace(changes[1], evidence=new.evidence))
    store.commit("max", lambda _: Write(tuple(keys), (new, closed, again), changes=changes, done=(3,)))
