from datetime import datetime, timedelta
from typing import Any

import pytest

from holdfast import ConfigurationError, DimensionMismatchError, HoldfastError, Memory, Message
from holdfast.context import render_message
from holdfast.extractors.redaction import without_secrets
from holdfast.finding import hits
from holdfast.protocols import Found, Journaled
from holdfast.ranking import Ranked
from holdfast.testing import Clock, FakeEmbedder, ScriptedExtractor
from told import tell, texts


def test_a_fact_hides_its_message(memory: Memory) -> None:
    tell(memory, "I like tea.", "Nothing to learn here.")
    hits = memory.search("tea", user_id="max")
    assert texts(hits) == ["User likes tea.", 'On 1 March 2025, user said: "Nothing to learn here."']
    assert hits[0].fact is not None
    assert hits[0].message is None
    assert hits[1].message is not None
    assert hits[1].fact is None
    assert hits[0].sources == (hits[0].fact.evidence[0].message_id,)
    assert hits[1].sources == (hits[1].message.id,)
    for hit in hits:
        assert sum(hit.why.values()) == pytest.approx(hit.score)


def test_a_message_that_says_more_than_its_fact_can_stand_for_itself(memory: Memory) -> None:
    tell(memory, "I cycle to work, rain or shine, because I own a bike.", "I ran ten miles.")
    (hit, _) = memory.search("does the user cycle in the rain?", user_id="max")
    assert hit.message is not None
    (hit, _) = memory.search("User owns a bike.", user_id="max")
    assert hit.text == "User owns a bike."


def test_two_facts_of_one_sentence_do_not_hide_the_rest_of_the_message(
    memory: Memory,
) -> None:
    tell(memory, "My sister Clara lives here. The harbour was full of sails.")
    (hit,) = memory.search("harbour sails", user_id="max")
    assert "harbour" in hit.text


def test_a_superseded_fact_is_hidden_and_the_message_that_only_said_it_too(memory: Memory, clock: Clock) -> None:
    started = clock.now
    tell(memory, "I live in Lisbon.")
    clock.advance(days=30)
    added = memory.add("I live in Porto.", user_id="max")
    assert [change.kind for change in added.changes] == ["added", "superseded"]
    assert texts(memory.search("where does the user live? Lisbon?", user_id="max")) == ["User lives in Porto."]
    assert [fact.text for fact in memory.get_all(user_id="max")] == ["User lives in Porto."]
    old, new = memory.get_all(user_id="max", superseded=True)
    assert (old.valid_to, old.superseded_by, old.active) == (clock.now, new.id, False)
    assert old.reason == "lives_in changed from Lisbon to Porto"
    for moment, expected in (
        (started, ["User lives in Lisbon."]),
        (clock.now - timedelta(microseconds=1), ["User lives in Lisbon."]),
        (clock.now, ["User lives in Porto."]),
        (started - timedelta(microseconds=1), []),
        ("2025-03-02", ["User lives in Lisbon."]),
        (datetime(2025, 3, 2), ["User lives in Lisbon."]),  # noqa: DTZ001
    ):
        assert texts(memory.search("live", user_id="max", as_of=moment)) == expected, moment
        assert [fact.text for fact in memory.get_all(user_id="max", as_of=moment)] == expected, moment


def test_a_fact_holds_from_when_it_was_said_not_from_when_it_was_learnt(memory: Memory, clock: Clock) -> None:
    first, second = clock.now - timedelta(days=20), clock.now - timedelta(days=10)
    tell(memory, "I live in Lisbon.", at=first)
    tell(memory, "I live in Porto.", at=second)
    old, new = memory.get_all(user_id="max", superseded=True)
    assert (old.valid_from, old.valid_to, new.valid_from) == (first, second, second)
    assert {change.at for change in memory.history(old.id, user_id="max")} == {clock.now}
    assert texts(memory.search("live", user_id="max", as_of=second - timedelta(days=1))) == ["User lives in Lisbon."]


def test_as_of_leaves_out_what_was_said_later(memory: Memory, clock: Clock) -> None:
    tell(memory, "Nothing to learn.")
    moment = clock.now
    clock.advance(hours=1)
    tell(memory, "Nothing more.")
    assert len(memory.search("nothing", user_id="max", as_of=moment)) == 1
    assert len(memory.search("nothing", user_id="max")) == 2


def test_search_within_a_session_an_agent_and_a_kind(memory: Memory) -> None:
    tell(memory, "I like tea.", "Tea at noon.", session_id="s1", agent_id="a1")
    tell(memory, "I own a bike.", session_id="s2", agent_id="a1", metadata={"project": "atlas"})
    tell(memory, "Tea at night.", session_id="s2", agent_id="a2")

    def found(**options: Any) -> set[str]:
        return {
            text.split('"')[1] if '"' in text else text
            for text in texts(memory.search("tea", user_id="max", **options))
        }

    everything = {"User likes tea.", "Tea at noon.", "User owns a bike.", "Tea at night."}
    assert found() == everything
    assert found(session_id="s1") == {"User likes tea.", "Tea at noon."}
    assert found(session_id="unknown") == set()
    assert found(agent_id="a1") == everything - {"Tea at night."}
    assert found(session_id="s2", agent_id="a1") == {"User owns a bike."}
    assert found(among=["facts"]) == {"User likes tea.", "User owns a bike."}
    assert found(among="facts", session_id="s2") == {"User owns a bike."}
    assert found(among=("messages",)) == {"I like tea.", "Tea at noon.", "I own a bike.", "Tea at night."}
    assert found(where={"kind": "preference"}) == {"User likes tea."}
    assert found(where={"project": "atlas"}) == {"User owns a bike."}
    assert found(where={"project": "atlas"}, among=["messages"]) == {"I own a bike."}
    assert found(where={"role": "user"}, session_id="s1") == {"I like tea.", "Tea at noon."}
    assert found(where={"$not": {"kind": {"$exists": True}}, "session_id": "s2"}) == {"I own a bike.", "Tea at night."}
    assert found(where={"kind": "work"}) == set()
    assert [fact.text for fact in memory.get_all(user_id="max", where={"metadata.project": "atlas"})] == [
        "User owns a bike."
    ]


def test_the_limit_is_filled_and_kept(memory: Memory) -> None:
    memory.add([f"tea number {number}" for number in range(30)], user_id="max")
    best = memory.search("tea", user_id="max", limit=100)
    assert len(best) == 30
    for limit in (1, 7, 10, 29):
        assert memory.search("tea", user_id="max", limit=limit) == best[:limit]
    assert len(memory.search("tea", user_id="max")) == 10
    assert len(memory.search("tea", user_id="max", where={"content": {"$nin": ["tea number 3"]}})) == 10


def test_equal_scores_go_to_what_was_said_later(memory: Memory, clock: Clock) -> None:
    for number in range(4):
        clock.advance(minutes=1)
        tell(memory, "tea", session_id=str(number))
    sessions = [hit.message and hit.message.session_id for hit in memory.search("tea", user_id="max")]
    assert sessions == ["3", "2", "1", "0"]


def test_min_score_leaves_out_what_scores_less(memory: Memory) -> None:
    tell(memory, "green tea", "black tea with milk", "a bike")
    hits = memory.search("tea", user_id="max")
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert memory.search("tea", user_id="max", min_score=hits[1].score) == hits[:2]
    assert memory.search("tea", user_id="max", min_score=hits[0].score + 0.1) == ()


def test_searching_leaves_no_trace(memory: Memory) -> None:
    tell(memory, "I like tea.")
    before = memory.check().checked
    memory.search("tea", user_id="max")
    memory.context("tea", user_id="eve")
    assert memory.check().checked == before
    assert memory.users() == ("max",)


def test_a_vector_that_is_given_is_not_made_again(memory: Memory) -> None:
    tell(memory, "I like tea.", "I own a bike.")
    question = "what does the user like?"
    [vector] = memory._calls.parts.embedder.embed([question], kind="query")
    asked = memory.search(question, user_id="max")
    given = memory.search(question, user_id="max", vector=(7 * vector).tolist())
    assert [(hit.text, round(hit.score, 5)) for hit in given] == [(hit.text, round(hit.score, 5)) for hit in asked]
    [other] = memory._calls.parts.embedder.embed(["User owns a bike."])
    assert memory.search("", user_id="max", vector=other.tolist())[0].text == "User owns a bike."


@pytest.mark.parametrize(
    ("vector", "error"),
    [
        ([1.0, 2.0], DimensionMismatchError),
        ([[1.0]], ConfigurationError),
        (["a"], ConfigurationError),
        ("abc", ConfigurationError),
        (0.0, ConfigurationError),
        (float("nan"), ConfigurationError),
        (float("inf"), ConfigurationError),
    ],
)
def test_a_vector_without_use_is_refused(memory: Memory, vector: Any, error: type[HoldfastError]) -> None:
    given = [vector] * memory._calls.parts.embedder.fingerprint.dimensions if isinstance(vector, float) else vector
    with pytest.raises(error):
        memory.search("anything", user_id="max", vector=given)


def test_a_secret_around_the_shown_part_of_a_long_message_stays_hidden() -> None:
    body = "\n".join("QmFzZTY0" * 8 for _ in range(50))
    key = f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY----- opens the lighthouse door in Porto."
    filler = "The harbour was full of sails in spring. " * 400
    memory = Memory(":memory:", embedder=FakeEmbedder(), extractor=ScriptedExtractor())
    memory.add(f"{filler}\n{key}\n{filler}", user_id="max")
    for question in ("what opens the lighthouse door in Porto?", "sails in spring", "•••• private key"):
        (hit,) = memory.search(question, user_id="max")
        assert "QmFzZTY0" not in hit.text
        assert hit.message is not None
        assert key in hit.message.content


@pytest.mark.parametrize(
    "secret",
    [
        "my password is Tr0ub4dor-x9, keep it",
        "OPENAI_API_KEY=sk-" + "aB3dE6gH9" * 6,
        "eyJhbGciOiJIUzI1NiJ9." + "aB3dE6gH9kL" * 90 + ".sflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV",
        "postgres://admin:s3cr3tPassw0rd@db.example.com:5432/app",
        "4111 1111 1111 1111",
    ],
)
def test_a_part_of_a_long_message_is_blanked_as_the_whole_is(secret: str) -> None:
    filler = "The harbour was full of sails in spring. " * 60
    content = f"{filler}\n{secret}\n{filler}"
    assert without_secrets(secret) != secret
    whole = without_secrets(content)
    for start in range(len(filler) - 700, len(filler) + len(secret) + 100, 7):
        span = (start, start + 400)
        ranked = Ranked(0, -1, 1.0, span)
        (hit,) = hits(Found(messages=(Journaled(1, Message("user", content, "m")),)), [(1, None, ranked)])
        assert hit.text == render_message(Message("user", whole), span)
