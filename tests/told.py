"""What the tests tell a memory, what its extractor makes of that, and how they read it back."""

from typing import Any

from holdfast import Memory
from holdfast.types import Candidate, Evidence, Fact, Hit

__all__ = ["SCRIPT", "lives", "only", "span", "tell", "texts"]


def span(content: str, quote: str) -> tuple[Evidence, ...]:
    """Return the evidence of a quote; the extractor fills in whose words they are."""
    start = content.index(quote)
    return (Evidence("", start, start + len(quote), quote),)


def lives(city: str) -> Candidate:
    """Return a fact of a slot that holds one value."""
    return Candidate(f"User lives in {city}.", (), kind="location", slot="lives_in", value=city, single=True)


_BIKE = "I cycle to work, rain or shine, because I own a bike."
_PARENTS = "Mum is a nurse and Dad is a baker."
_CLARA = "My sister Clara lives here. The harbour was full of sails."

SCRIPT: dict[str, list[str | Candidate]] = {
    "I live in Lisbon.": [lives("Lisbon")],
    "I live in Porto.": [lives("Porto")],
    "I live in Faro.": [lives("Faro")],
    "I like tea.": [Candidate("User likes tea.", (), kind="preference")],
    "I own a bike.": [Candidate("User owns a bike.", (), kind="possession")],
    "I ran ten miles.": [Candidate("User ran ten miles.", (), kind="event")],
    _BIKE: [Candidate("User owns a bike.", span(_BIKE, "I own a bike."), kind="possession")],
    _PARENTS: [
        Candidate("User's mother is a nurse.", span(_PARENTS, "Mum is a nurse"), kind="relation"),
        Candidate("User's father is a baker.", span(_PARENTS, "Dad is a baker."), kind="relation"),
    ],
    _CLARA: [
        Candidate("User's sister is called Clara.", span(_CLARA, "My sister Clara lives here."), kind="relation"),
        Candidate("User's sister lives here.", span(_CLARA, "My sister Clara lives here."), kind="relation"),
    ],
}


def tell(memory: Memory, *contents: str, user_id: str = "max", **options: Any) -> None:
    """Add what a user says, one call each."""
    for content in contents:
        memory.add(content, user_id=user_id, **options)


def texts(hits: tuple[Hit, ...]) -> list[str]:
    """Return what the hits say."""
    return [hit.text for hit in hits]


def only(memory: Memory, user_id: str = "max") -> Fact:
    """Return the one fact that a user has."""
    (fact,) = memory.get_all(user_id=user_id)
    return fact
