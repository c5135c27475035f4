import time
from datetime import datetime, timezone

import pytest

from holdfast import Memory
from holdfast.context import render_message
from holdfast.testing import Clock
from holdfast.testing.samples import fact
from holdfast.types import Hit, Message
from holdfast.updates import CLOSE, DEPTH, asks_for_a_value, newest_first


def said(text: str, day: int, score: float, role: str = "user") -> Hit:
    at = datetime(2025, 3, day, tzinfo=timezone.utc)
    message = Message(role, text, f"m{day}", at)  # type: ignore[arg-type]
    return Hit(render_message(message), score, {"dense": score}, (message.id,), message=message)


def order(question: str, *hits: Hit) -> list[str]:
    return [source for hit in newest_first(question, hits) for source in hit.sources]


UPDATES = [
    ("How many plants are on my balcony?", "I have 12 plants on my balcony.", "My balcony has grown to 17 plants now."),
    ("How long is my commute by bike?", "My commute by bike takes 40 minutes.",
     "With the new path my bike commute is down to 25 minutes."),
    ("How much do I pay for rent?", "I pay $900 rent.", "Bad news, they raised it: the rent that I pay is now $1,050."),
    ("When is the deadline of my thesis?", "The deadline of my thesis is May 2.",
     "My thesis deadline was postponed to June 14!"),
    ("What share of the flight tests pass? I want the percentage.", "So far 62% of the flight tests pass.",
     "Good progress: 81% of the flight tests pass now."),
    ("How many chapters of the novel have I written?", "I have written four chapters of the novel.",
     "The chapters of the novel keep coming; I have recently reached 7."),
    ("What is the average response time of the search page?", "The search page has an average response time of 480 ms.",
     "After the fix the average response time of the search page dropped to 210 ms."),
    ("What time does the choir meet?", "The choir is to meet at 18:30.",
     "From today the choir will meet at 19:15 instead."),
    ("How many kilometres do I run every Sunday?", "I run 8 kilometres every Sunday.",
     "I have increased it: every Sunday I run 11 kilometres."),
    ("What is the budget for the kitchen?", "The kitchen budget is €7,000.",
     "We moved the kitchen budget up to €8,500."),
]  # fmt: skip


@pytest.mark.parametrize(("question", "before", "after"), UPDATES)
def test_a_figure_said_anew_stands_first(question: str, before: str, after: str) -> None:
    assert order(question, said(before, 1, 1.0), said(after, 9, 0.9)) == ["m9", "m1"]


@pytest.mark.parametrize(("question", "before", "after"), UPDATES)
def test_what_stands_first_already_stays(question: str, before: str, after: str) -> None:
    assert order(question, said(after, 9, 1.0), said(before, 1, 0.9)) == ["m9", "m1"]


@pytest.mark.parametrize(
    ("question", "before", "after"),
    [
        ("How many plants did I have on my balcony before?", *UPDATES[0][1:]),
        ("What was the original deadline of my thesis?", *UPDATES[3][1:]),
        ("Do I like the plants on my balcony?", *UPDATES[0][1:]),
        ("When did I have 12 plants on my balcony?", *UPDATES[0][1:]),
        ("What is the count of my balcony plants since I had 12 plants?", *UPDATES[0][1:]),
        ("How many plants are on my balcony?", UPDATES[0][1], "My sister now has 17 plants."),
        ("How many plants are on my balcony?", UPDATES[0][1], "My balcony plants now stand in 3 rows."),
        ("How many plants are on my balcony?", UPDATES[0][1], "Now the 12 plants on my balcony are watered."),
        ("How many plants are on my balcony?", UPDATES[0][1], "On a balcony like that, 17 plants are fine."),
        ("How many plants are on my balcony?", "I like plants on a balcony.", UPDATES[0][2]),
    ],
)
def test_what_is_no_update_stays_where_it_is(question: str, before: str, after: str) -> None:
    assert order(question, said(before, 1, 1.0), said(after, 9, 0.9)) == ["m1", "m9"]


def test_it_must_match_nearly_as_well() -> None:
    question, before, after = UPDATES[0]
    assert order(question, said(before, 1, 1.0), said(after, 9, CLOSE + 0.01))[0] == "m9"
    assert order(question, said(before, 1, 1.0), said(after, 9, CLOSE - 0.01))[0] == "m1"


def test_the_assistant_updates_nothing() -> None:
    question, before, after = UPDATES[0]
    assert order(question, said(before, 1, 1.0), said(after, 9, 0.9, "assistant")) == ["m1", "m9"]
    assert order(question, said(before, 1, 1.0, "assistant"), said(after, 9, 0.9)) == ["m1", "m9"]


def test_facts_count_too() -> None:
    old = fact("max", "f", "User has 12 plants on the balcony.", said_at=datetime(2025, 3, 1, tzinfo=timezone.utc))
    hits = [Hit(old.text, 1.0, {}, ("m1",), old), said(UPDATES[0][2], 9, 0.9)]
    assert order(UPDATES[0][0], *hits) == ["m9", "m1"]


def test_the_latest_of_several_stands_first() -> None:
    hits = [said(f"Now I have {number} plants on my balcony.", day, 1 - day / 100)
            for day, number in ((1, 12), (4, 15), (9, 17))]  # fmt: skip
    assert order(UPDATES[0][0], *hits) == ["m9", "m4", "m1"]


def test_scores_stay_in_order_and_say_why() -> None:
    question, before, after = UPDATES[0]
    found = newest_first(question, [said("Something else.", 2, 1.2), said(before, 1, 1.0), said(after, 9, 0.9)])
    assert [hit.score for hit in found] == [1.2, 1.0, 1.0]
    assert found[1].why == {"dense": 0.9, "newer": pytest.approx(0.1)}
    assert sum(found[1].why.values()) == pytest.approx(found[1].score)


def test_what_is_far_behind_is_not_looked_at() -> None:
    question, before, after = UPDATES[0]
    between = [said("Something else.", 2, 0.95)] * (DEPTH - 1)
    assert order(question, said(before, 1, 1.0), *between, said(after, 9, 0.9))[0] == "m1"


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("How many cats do I have?", True),
        ("When is my exam?", True),
        ("What is the price of my ticket?", True),
        ("How did the price of my ticket change?", False),
        ("How many days passed between my exams?", False),
        ("Who is my sister?", False),
        ("", False),
    ],
)
def test_which_questions_ask_for_a_value(question: str, asks: bool) -> None:
    assert asks_for_a_value(question) == asks


def test_a_long_text_is_read_in_time() -> None:
    hits = [said("1 " * 40_000 + "now", day, 1.0) for day in range(1, 11)]
    start = time.process_time()
    newest_first("How many plants are there now?", hits)
    assert time.process_time() - start < 0.5


# In a memory


def test_a_search_puts_the_newer_value_first(clock: Clock) -> None:
    with Memory(":memory:", clock=clock) as memory:
        memory.add("I have 12 plants on my balcony, in pots.", user_id="max")
        clock.advance(days=9)
        memory.add("My balcony has grown to 17 plants now.", user_id="max")
        for limit in (1, 2, 5):
            hits = memory.search("How many plants in pots are on my balcony?", user_id="max", limit=limit)
            assert "17" in hits[0].text
            assert len(hits) == min(limit, 2)
        past = memory.search("How many plants in pots were on my balcony earlier?", user_id="max")
        assert "12" in past[0].text
