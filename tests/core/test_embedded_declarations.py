"""What a calm message says in words that no shape expects is kept, unless a row says why not."""

from datetime import datetime, timezone

import pytest

from holdfast.extractors.embedded import EmbeddedExtractor
from holdfast.types import Batch, Extraction, Message

AT = datetime(2026, 3, 11, 10, 15, tzinfo=timezone.utc)


def extract(text: str) -> Extraction:
    return EmbeddedExtractor().extract(Batch((Message("user", text, "m1", AT),)))


def told(text: str) -> list[str]:
    return [fact.text for fact in extract(text).candidates]


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("The kiln inspection has been confirmed for 8 May.", "kiln inspection has been confirmed for 8 May"),
        ("Milo is 4 and allergic to eggs", "Milo is 4 and allergic to eggs"),
        ("The trainee is Odile.", "The trainee is Odile"),
        ("Fieldwork near Esbjerg, from the 3rd to the 9th of October", "Fieldwork near Esbjerg"),
        ("Ten to noon every morning, in pencil, then fair copy", "Ten to noon every morning"),
        ("Deadline for the grant: 30 April", "deadline for the grant is 30 april"),
    ],
)
def test_a_sentence_that_says_when_or_who_is_kept_alone(text: str, fact: str) -> None:
    assert any(fact.lower() in one.lower() for one in told(text)), told(text)


@pytest.mark.parametrize(
    "fragment",
    ["Six years at Orchard Mills as a dyer.", "Lodgers until Easter, both quiet.", "Ramekins for Odette and her lot."],
)
def test_a_fragment_is_kept_beside_a_statement_of_the_users_own(fragment: str) -> None:
    beside = told(f"I own a dye works in Ghent. {fragment}")
    assert any(fragment.partition(",")[0].rstrip(".") in fact for fact in beside), beside


@pytest.mark.parametrize(
    "text",
    [
        "ferry timetable Esbjerg Harwich 2026 pdf",
        "train times from York to Leeds on Friday",
        "Two-day itinerary for Ghent with kids",
        "Most banks close on 24 December",
        "Portugal won the Euros in 2016",
        "The second column ends on Friday",
        "The concert on Friday was awful",
        "That one leaves on Friday",
        "Locker pin 8841 until Friday",
        "The average nurse walks five miles a shift",
    ],
)
def test_a_search_a_task_and_the_world_at_large_are_left_out(text: str) -> None:
    assert told(text) == []


def test_what_is_kept_is_not_reported_as_left_out() -> None:
    found = extract("I own a dye works in Ghent. Six years at Orchard Mills as a dyer.")
    assert len(found.candidates) == 2
    assert not found.skipped


def test_the_pieces_of_a_list_of_complaints_are_kept_each() -> None:
    assert any(
        "arthritis" in fact.lower()
        for fact in told("hands are knackered, arthritis in both thumbs, and no before you ask it stays")
    )


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("visa runs out in May, can i extend it?", "User's visa runs out in May (2026-05)"),
        ("As someone who stammers, how do I prepare for a podcast?", "User is someone who stammers"),
        ("What do I pack for my trip to Iceland in June?", "User's trip to Iceland is in June (2026-06)"),
        ("Which plan fits given I run 30k a week?", "User runs 30k a week"),
        ("Dinner ideas for my two kids who hate peas?", "User has two kids who hate peas"),
    ],
)
def test_a_question_rests_on_what_it_says_of_the_user(text: str, fact: str) -> None:
    assert fact in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "She had a hard winter, going through a divorce, losing her flat, and ending up with nothing.",
        "I'm using it to stay organized. It sets goals, tracks my achievements and helps me find areas to improve.",
    ],
)
def test_what_another_does_is_not_the_users(text: str) -> None:
    assert told(text) == []
