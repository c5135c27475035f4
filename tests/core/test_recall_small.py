"""Search over a year of chats of two users, in our own words: what must be found, and what must stay away."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from holdfast import Memory
from holdfast.dates import find_dates
from holdfast.types import Hits

CHATS = Path(__file__).parents[2] / "benchmarks" / "data" / "recall" / "chats.jsonl"
USERS: list[dict[str, Any]] = [json.loads(line) for line in CHATS.read_text().splitlines()]


@pytest.fixture(scope="module")
def memory() -> Iterator[Memory]:
    with Memory(":memory:") as memory:
        for one in USERS:
            for session in one["sessions"]:
                memory.add(session["messages"], user_id=one["user"], session_id=session["id"], at=session["at"])
        yield memory


def recall(hits: Hits, evidence: list[str]) -> float:
    found = {source for hit in hits for source in hit.sources}
    return len(found & set(evidence)) / len(evidence)


def test_the_set_is_sound() -> None:
    for one in USERS:
        said = {message["id"]: message["content"] for session in one["sessions"] for message in session["messages"]}
        for question in one["questions"]:
            assert set(question["evidence"]) <= said.keys()
            assert bool(question["evidence"]) == bool(question["answer"])
            if question["answer"]:
                texts = [said[name].lower() for name in question["evidence"]]
                assert any(question["answer"].lower() in text for text in texts), question


@pytest.mark.parametrize(("limit", "least"), [(5, 0.9), (10, 0.95)])
def test_answers_are_found(memory: Memory, limit: int, least: float) -> None:
    shares = [
        recall(memory.search(question["text"], user_id=one["user"], limit=limit), question["evidence"])
        for one in USERS
        for question in one["questions"]
        if question["evidence"]
    ]
    assert sum(shares) / len(shares) >= least


def test_one_score_keeps_the_answers_and_turns_strangers_away(memory: Memory) -> None:
    """At a `min_score` that keeps nine of ten answers, most questions about another user return nothing."""
    own, strange = (
        [
            memory.search(question["text"], user_id=one["user"] if here else other["user"], limit=1)[0].score
            for one, other in ((USERS[0], USERS[1]), (USERS[1], USERS[0]))
            for question in one["questions"]
            if question["evidence"]
        ]
        for here in (True, False)
    )
    level = sorted(own)[len(own) // 10]
    assert sum(score < level for score in strange) / len(strange) >= 0.6
    one = USERS[0]["questions"][0]["text"]
    every = memory.search(one, user_id="ines", limit=50)
    kept = memory.search(one, user_id="ines", limit=50, min_score=level)
    assert kept == tuple(hit for hit in every if hit.score >= level)
    assert 0 < len(kept) < len(every)


def test_the_user_goes_before_the_assistant_unless_the_assistant_is_asked_about(memory: Memory) -> None:
    (hit,) = memory.search("Which handles should I avoid?", user_id="ines", limit=1)
    assert hit.message is None or hit.message.role == "user"
    hits = memory.search("What did you suggest for eastern light?", user_id="ines", limit=3)
    assert any(hit.message and hit.message.role == "assistant" and "eastern light" in hit.text for hit in hits)
    assert len(memory.search("kitchen", user_id="ines", limit=1_000)) > 80  # those of the assistant come too


@pytest.mark.parametrize("budget", [0, 40, 256, 1_024])
def test_the_block_keeps_its_budget(memory: Memory, budget: int) -> None:
    context = memory.context("When do we fly back from Norway?", user_id="ines", max_tokens=budget)
    assert context.tokens <= budget
    assert ("19 August" in context.recalled) == (budget >= 256)


def test_relative_dates_are_resolved_in_the_block(memory: Memory) -> None:
    context = memory.context("When did I order the worktop?", user_id="ines", max_tokens=400)
    line = next(line for line in context.text.splitlines() if "worktop" in line and "yesterday" in line)
    assert "2024-11-03" in line
    assert find_dates(line, memory.messages(user_id="ines", session_id="kitchen")[0].at)  # type: ignore[arg-type]


def test_a_relative_date_in_a_question_is_understood() -> None:
    with Memory(":memory:") as memory:
        memory.add("We painted the shed.", user_id="max", at="2024-05-11T10:00:00Z", session_id="a")
        memory.add("We painted the fence.", user_id="max", at="2025-05-11T10:00:00Z", session_id="b")
        memory.add("We painted the gate.", user_id="max", at="2025-08-11T10:00:00Z", session_id="c")
        for moment, expected in (("2025-04-01", "shed"), ("2026-04-01", "fence")):
            (hit,) = memory.search("what did we paint last May?", user_id="max", as_of=moment, limit=1)
            assert expected in hit.text


def test_words_next_to_an_answer_lead_to_it() -> None:
    with Memory(":memory:") as memory:
        memory.add(
            [
                {"role": "user", "name": "Ann", "content": "How was the marathon in Ghent?"},
                {"role": "user", "name": "Ben", "content": "Four hours flat, and my knees hated it."},
            ],
            user_id="max",
            session_id="one",
        )
        for number in range(40):
            memory.add(f"The weather on walk {number} was mild.", user_id="max", session_id=f"s{number}")
        hits = memory.search("Ghent marathon", user_id="max", limit=2)
        assert any("Four hours" in hit.text for hit in hits)


def test_the_speaker_that_is_named_goes_first() -> None:
    with Memory(":memory:") as memory:
        for name in ("Ann", "Ben"):
            said = {"role": "user", "name": name, "content": "My favourite dish is lasagne with spinach."}
            memory.add(said, user_id="max", session_id=name)
        for name in ("Ann", "Ben"):
            (hit,) = memory.search(f"What is the favourite dish of {name}?", user_id="max", limit=1, among=["messages"])
            assert hit.message is not None
            assert hit.message.name == name


def test_the_same_words_are_shown_once_before_anything_else_is_shown_twice() -> None:
    with Memory(":memory:") as memory:
        for number in range(6):
            memory.add("The bakery opens at seven, they said.", user_id="max", session_id=f"s{number}")
        memory.add("The bakery smells of rye.", user_id="max", session_id="t")
        first, second, *rest = memory.search("bakery", user_id="max", limit=7, among=["messages"])
        assert {"rye" in first.text, "rye" in second.text} == {True, False}
        assert len(rest) == 5  # the limit is filled


def test_a_long_message_is_shown_by_the_part_that_answers() -> None:
    filler = " ".join(
        f"Paragraph {number} is about the usual matters of the allotment society." for number in range(40)
    )
    with Memory(":memory:") as memory:
        memory.add(f"{filler} The gate code is written behind the clock. {filler}", user_id="max")
        (hit,) = memory.search("where is the gate code?", user_id="max", limit=1)
        assert "behind the clock" in hit.text
        assert len(hit.text) < 800
        assert hit.message is None or len(hit.message.content) > 5_000


@pytest.mark.parametrize("question", ["?", "the of and", "🙂🙂🙂", "a\0b", "word " * 20_000, "какая погода", "什么"])
def test_any_question_is_answered_with_something(memory: Memory, question: str) -> None:
    hits = memory.search(question, user_id="theo", limit=7)
    assert len(hits) == 7
    assert hits == memory.search(question, user_id="theo", limit=7)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
