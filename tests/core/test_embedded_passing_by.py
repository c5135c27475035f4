"""What the embedded extractor learns in passing: from questions, orders, pieces of a clause and the sentence before."""

from datetime import datetime, timezone

import pytest

from holdfast.extractors.embedded import EmbeddedExtractor
from holdfast.types import Batch, Message

AT = datetime(2026, 3, 4, 12, 0, tzinfo=timezone.utc)
EXTRACTOR = EmbeddedExtractor()


def facts(text: str) -> list[str]:
    return [found.text for found in EXTRACTOR.extract(Batch((Message("user", text, "m1", AT),))).candidates]


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("what can I cook for my coeliac girlfriend tonight", "User's girlfriend is coeliac"),
        ("recommend some stretches for my bad back please", "User has a bad back"),
        ("Which oil does my car need, I tow with my 2016 Skoda?", "User has a 2016 Skoda"),
        ("Who repairs bellows here in Ghent?", "User lives in Ghent"),
        ("Any snacks for my 8 year old?", "User has an 8 year old"),
        ("help me plan my son's 5th birthday on Saturday", "User's son's 5th birthday is on Saturday (2026-03-07)"),
    ],
)
def test_a_question_or_an_order_tells_what_it_rests_on(text: str, fact: str) -> None:
    assert fact in facts(text)


@pytest.mark.parametrize(
    "text",
    [
        "what can I cook if my girlfriend is coeliac",
        "write a story about my bad back",
        "What does a coeliac eat at Christmas?",
        "Is my old laptop worth fixing?",
        "Help me fix my sentence",
    ],
)
def test_a_supposed_or_a_bare_question_tells_nothing(text: str) -> None:
    assert facts(text) == []


def test_whom_a_question_names_the_next_sentence_may_mean() -> None:
    assert "User's husband loves sailing" in facts("A present for my husband? He loves sailing.")


def test_the_pieces_of_a_clause_that_fits_no_shape_are_read_one_by_one() -> None:
    found = facts("My job title says analyst but honestly I spend the whole week fixing the sheets of others")
    assert found == ["User spends the whole week fixing the sheets of others"]


def test_what_is_going_on_is_a_clause_of_its_own_with_its_own_date() -> None:
    (failed, resit) = facts("I failed anatomy in January, the resit is on the 19th of May")
    assert failed == "User failed anatomy in January (2026-01)"
    assert resit == "User's resit is on the 19th of May (2026-05-19)"


def test_it_is_the_thing_named_just_before() -> None:
    assert "User's house has a heat pump" in facts("Our house has no gas, it has a heat pump.")


def test_a_doing_after_a_clause_about_another_is_not_the_users() -> None:
    assert facts("The little one is doing great - learning commands") == []
    assert facts("I'm doing great - learning Welsh") == ["User is learning Welsh"]


def test_a_long_calm_message_is_read_like_a_short_one() -> None:
    calm = "My late husband did all the computer things and kept the passwords in a tin. " * 4
    assert len(calm) > 300
    assert facts(calm)


@pytest.mark.parametrize("text", ["Thanks, Mel!", "Go, Jon!"])
def test_what_is_called_out_answers_no_question(text: str) -> None:
    asked = Message("assistant", "What is your plan to pitch in?", "m0", AT)
    assert not EXTRACTOR.extract(Batch((Message("user", text, "m1", AT),), (asked,))).candidates


def test_a_name_told_with_a_greeting_needs_no_capital() -> None:
    assert "User's name is Noor" in facts("hey its noor, 17, year 12")
