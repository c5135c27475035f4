from datetime import timedelta
from pathlib import Path
from typing import Any

from holdfast import Memory
from holdfast.testing import Clock, FakeEmbedder
from told import only, tell, texts


def key_kinds(memory: Memory) -> list[str]:
    """Return what kinds of keys there are: a message that cannot be found by its words has none of its own."""
    return sorted(key.kind for key in memory._calls.parts.store.pull("max", 0).keys)


def test_update_gives_a_fact_other_words(memory: Memory, clock: Clock) -> None:
    tell(memory, "I like tea.")
    old = only(memory)
    clock.advance(hours=1)
    change = memory.update(old.id, "User likes green tea, never black.", user_id="max")
    assert change is not None
    assert (change.kind, change.by, change.at, change.before) == ("edited", "hand", clock.now, old)
    new = only(memory)
    assert change.after == new
    assert (new.id, new.text, new.evidence) == (old.id, "User likes green tea, never black.", old.evidence)
    assert "edited" in new.flags
    assert texts(memory.search("black", user_id="max")) == ["User likes green tea, never black."]
    assert [one.kind for one in memory.history(old.id, user_id="max")] == ["added", "edited"]
    assert memory.check().findings == ()


def test_update_to_something_else_empties_the_slot_of_what_it_was_about(tmp_path: Path, clock: Clock) -> None:
    with Memory(tmp_path / "rules.db", embedder=FakeEmbedder(), clock=clock) as memory:
        memory.add("I'm allergic to peanuts.", user_id="max")
        old = only(memory)
        assert old.slot == "allergy:peanuts"
        memory.update(old.id, "User is badly allergic to peanuts", user_id="max")
        assert only(memory).slot == "allergy:peanuts"
        memory.update(old.id, "User is allergic to walnuts", user_id="max")
        assert only(memory).slot is None


def test_delete_takes_a_fact_and_the_message_that_said_nothing_else(memory: Memory) -> None:
    tell(memory, "I like tea.", "Nothing to learn.")
    fact = next(fact for fact in memory.get_all(user_id="max"))
    change = memory.delete(fact.id, user_id="max")
    assert change is not None
    assert (change.kind, change.before, change.after) == ("deleted", fact, None)
    assert memory.get(fact.id, user_id="max") is None
    assert not any("tea" in text for text in texts(memory.search("tea", user_id="max")))
    assert not any("tea" in text for text in texts(memory.search("tea", user_id="max", among=["messages"])))
    assert memory.messages(user_id="max", session_id=None)[0].content == "I like tea."
    assert memory.delete(fact.id, user_id="max") is None
    assert memory.check().findings == ()


def test_delete_leaves_a_message_that_says_more(memory: Memory) -> None:
    tell(memory, "I cycle to work, rain or shine, because I own a bike.")
    memory.delete(only(memory).id, user_id="max")
    (hit,) = memory.search("cycle", user_id="max")
    assert hit.message is not None


def test_delete_leaves_the_other_fact_of_the_message(memory: Memory) -> None:
    tell(memory, "Mum is a nurse and Dad is a baker.")
    mother, father = memory.get_all(user_id="max")
    memory.delete(mother.id, user_id="max")
    assert texts(memory.search("nurse baker", user_id="max")) == [father.text]
    memory.restore(mother.id, user_id="max")
    assert set(texts(memory.search("nurse baker", user_id="max"))) == {mother.text, father.text}


def test_restore_undoes_a_deletion(memory: Memory) -> None:
    tell(memory, "I like tea.")
    fact = only(memory)
    before = memory.search("tea", user_id="max")
    kinds = key_kinds(memory)
    deleted = memory.delete(fact.id, user_id="max")
    assert deleted is not None
    restored = memory.restore(fact.id, user_id="max")
    assert restored is not None
    assert (restored.kind, restored.undoes, restored.after) == ("restored", deleted.id, fact)
    assert only(memory) == fact
    assert texts(memory.search("tea", user_id="max")) == texts(before)
    assert kinds == key_kinds(memory) == ["fact", "message"]
    assert len(memory.search("tea", user_id="max", among=["messages"])) == 1
    assert memory.restore(fact.id, user_id="max") is None
    assert [change.kind for change in memory.history(fact.id, user_id="max")] == ["added", "deleted", "restored"]
    assert memory.check().findings == ()


def test_restore_undoes_a_supersession(memory: Memory) -> None:
    tell(memory, "I live in Lisbon.", "I live in Porto.")
    old = memory.get_all(user_id="max", superseded=True)[0]
    restored = memory.restore(old.id, user_id="max")
    assert restored is not None
    assert restored.after is not None
    assert (restored.after.active, restored.after.superseded_by, restored.after.reason) == (True, None, None)
    assert memory.get(old.id, user_id="max") == restored.after
    assert {fact.text for fact in memory.get_all(user_id="max")} == {"User lives in Lisbon.", "User lives in Porto."}
    assert "User lives in Lisbon." in texts(memory.search("Lisbon", user_id="max"))
    assert memory.restore(old.id, user_id="max") is None


def test_restoring_a_deleted_fact_that_was_superseded_leaves_it_superseded(memory: Memory) -> None:
    tell(memory, "I live in Lisbon.", "I live in Porto.")
    old = memory.get_all(user_id="max", superseded=True)[0]
    memory.delete(old.id, user_id="max")
    memory.restore(old.id, user_id="max")
    assert memory.get(old.id, user_id="max") == old
    assert texts(memory.search("live", user_id="max")) == ["User lives in Porto."]


def test_an_edit_between_does_not_hide_what_can_be_undone(memory: Memory) -> None:
    tell(memory, "I live in Lisbon.", "I live in Porto.")
    old = memory.get_all(user_id="max", superseded=True)[0]
    memory.update(old.id, "User lives in Lisbon, Alfama.", user_id="max")
    restored = memory.restore(old.id, user_id="max")
    assert restored is not None
    assert restored.after is not None
    assert (restored.after.active, restored.after.text) == (True, "User lives in Lisbon, Alfama.")


def test_what_was_deleted_stays_deleted_when_it_is_sent_again(memory: Memory) -> None:
    tell(memory, "I like tea.")
    memory.delete(only(memory).id, user_id="max")
    tell(memory, "I like tea.")
    assert memory.count(user_id="max") == 0
    tell(memory, "Something else.", "I like tea.")
    assert memory.count(user_id="max") == 1


def test_diff_is_what_happened_between(memory: Memory, clock: Clock) -> None:
    tell(memory, "I live in Lisbon.")
    first = clock.now
    second = clock.advance(days=1)
    tell(memory, "I live in Porto.")
    third = clock.advance(days=1)
    memory.delete(memory.get_all(user_id="max")[0].id, user_id="max")

    def kinds(**options: Any) -> list[str]:
        return [change.kind for change in memory.diff(user_id="max", **options).changes]

    assert kinds(since=first) == ["added", "added", "superseded", "deleted"]
    assert kinds(since=first, until=second) == ["added"]
    assert kinds(since=second, until=third) == ["added", "superseded"]
    assert kinds(since=second.isoformat()) == ["added", "superseded", "deleted"]
    assert kinds(since=third.replace(tzinfo=None)) == ["deleted"]
    assert kinds(since=third + timedelta(microseconds=1)) == []
    ids = [change.id for change in memory.diff(user_id="max", since=first).changes]
    assert len(set(ids)) == len(ids)


def test_another_user_can_do_nothing_with_an_id(memory: Memory) -> None:
    tell(memory, "I like tea.")
    tell(memory, "I own a bike.", user_id="eve")
    fact = only(memory)
    assert memory.get(fact.id, user_id="eve") is None
    assert memory.update(fact.id, "User hates tea.", user_id="eve") is None
    assert memory.delete(fact.id, user_id="eve") is None
    assert memory.restore(fact.id, user_id="eve") is None
    assert memory.history(fact.id, user_id="eve") == ()
    memory.delete(fact.id, user_id="max")
    assert memory.restore(fact.id, user_id="eve") is None
    assert memory.count(user_id="max") == 0
    memory.restore(fact.id, user_id="max")
    assert only(memory) == fact
