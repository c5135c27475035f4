"""What was forgotten is in no cache of the process either."""

import gc

import pytest

from holdfast import Memory

NEEDLE = "quark", "beeren"


def remembered(needle: str) -> list[str]:
    """Return what the objects of this process hold that contains the needle, other than this test."""
    found: list[str] = []
    for owner in gc.get_objects():
        for held in gc.get_referents(owner):
            text = held.decode("latin-1") if type(held) is bytes else held
            if type(text) is str and needle in text.lower() and text != needle:
                found.append(f"{type(owner).__name__}: {text[:80]}")
    return found


@pytest.mark.parametrize("forget", ["everything", "the fact and its words"])
def test_what_was_forgotten_is_in_no_cache(forget: str) -> None:
    needle = "".join(NEEDLE)
    memory = Memory(":memory:")
    memory.add(["I like " + needle + " jam since 3 May 2021, and my name is " + needle.title()], user_id="ann")
    assert memory.search("who likes " + needle + " since last May?", user_id="ann")
    assert needle in memory.context("what do I like?", user_id="ann", max_tokens=300).text.lower()
    assert remembered(needle)
    if forget == "everything":
        memory.forget(user_id="ann")
    else:
        for fact in memory.get_all(user_id="ann"):
            memory.erase(fact.id, user_id="ann")
        del fact
    gc.collect()
    assert remembered(needle) == []
