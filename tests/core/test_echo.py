"""Memory does not learn from itself: however often it is repeated, the number of facts stays."""

import itertools
import re
from pathlib import Path

import pytest

from holdfast import Memory
from holdfast.echo import ECHO, Injected, fingerprint, repeats, without_injected
from holdfast.testing import Clock, FakeEmbedder, ScriptedExtractor
from holdfast.types import Batch, Candidate, Evidence, Extraction, Message

BLOCK = '<holdfast-memory kind="profile">\nQuoted data.\n- User lives in Lisbon.\n</holdfast-memory>'


class Gullible:
    """Believes whoever speaks: each sentence about `you`, `I` or `User` is a fact about the user."""

    name = "gullible/1"
    _about = re.compile(r"(?:you told me that you|you said that you|I know that you|as ever, you|User|I) ([^.\n]+)\.")

    def __init__(self) -> None:
        self.read: list[Message] = []

    def extract(self, batch: Batch) -> Extraction:
        self.read.extend((*batch.messages, *batch.context))
        return Extraction(candidates=tuple(one for message in batch.messages for one in self._candidates(message)))

    def _candidates(self, message: Message) -> list[Candidate]:
        return [
            Candidate(f"User {found[1]}.", (Evidence(message.id, found.start(), found.end(), found[0]),))
            for found in self._about.finditer(message.content)
        ]


@pytest.fixture
def gullible() -> Gullible:
    return Gullible()


@pytest.fixture
def believing(path: Path, gullible: Gullible, clock: Clock) -> Memory:
    return Memory(path, extractor=gullible, embedder=FakeEmbedder(), clock=clock, synchronous="NORMAL")


def facts(memory: Memory) -> list[str]:
    return sorted(fact.text for fact in memory.get_all(user_id="max"))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"{BLOCK}\nI like tea.", "I like tea."),
        (f"I like tea. {BLOCK} And jazz.", "I like tea. And jazz."),
        ('<holdfast-memory kind="recalled">\n- User lives in Lisbon.', ""),
        ("<HOLDFAST-MEMORY>x</holdfast-memory >y", "y"),
        (f"{BLOCK}{BLOCK}", ""),
        ("a < b and <b>bold</b>", "a < b and <b>bold</b>"),
        ("holdfast-memory is fine", "holdfast-memory is fine"),
        ("", ""),
    ],
)
def test_what_a_context_injected_is_blank(text: str, left: str) -> None:
    blank = without_injected(text)
    assert len(blank) == len(text)
    assert " ".join(blank.split()) == left
    assert all(one in (other, " ") for one, other in zip(blank, text, strict=True))


def test_no_extractor_reads_what_was_injected(believing: Memory, gullible: Gullible) -> None:
    believing.add("I live in Lisbon.", user_id="max")
    block = believing.context("Where do I live?", user_id="max").text
    assert "Lisbon" in block
    for role in ("user", "assistant", "system", "tool"):
        said = {"role": role, "content": f"{block}\nI like {role} music."}
        believing.add(said, user_id="eve", session_id="s")
    assert not any("Lisbon" in message.content for message in gullible.read if message.session_id == "s")
    assert "User like user music." in [fact.text for fact in believing.get_all(user_id="eve")]
    (fact,) = [fact for fact in believing.get_all(user_id="eve") if "user music" in fact.text]
    (message,) = (one for one in believing.messages(user_id="eve", session_id="s") if one.role == "user")
    span = fact.evidence[0]
    assert message.content[span.start : span.end] == span.quote == "I like user music."


def test_no_search_finds_a_message_by_what_was_injected(believing: Memory) -> None:
    believing.add(f"{BLOCK} What now?", user_id="max")
    believing.add(BLOCK, user_id="max")
    assert all(hit.why.get("bm25", 0) == 0 for hit in believing.search("Lisbon", user_id="max"))
    assert believing.check().findings == ()
    assert len(believing.messages(user_id="max", session_id="*")) == 2


@pytest.mark.parametrize(
    ("known", "text", "echo"),
    [
        ("User lives in Lisbon.", "User lives in Lisbon.", True),
        ("User lives in Lisbon.", "User is based in Lisbon.", True),
        ("User lives in Lisbon.", "User's home is Lisbon.", True),
        ("User prefers tea to coffee.", "User likes tea more than coffee.", True),
        ("User's flight leaves at 9:40.", "User has a flight at 9:40.", True),
        ("User lives in Lisbon.", "User lives in Porto.", False),
        ("User lives in Lisbon.", "User booked a hotel in Lisbon for the conference.", False),
        ("User's flight leaves at 9:40.", "User's flight leaves at 10:40.", False),
        ("User lives in Lisbon.", "User plays chess.", False),
    ],
)
def test_a_paraphrase_says_nothing_new(known: str, text: str, echo: bool) -> None:
    assert repeats(text, [fingerprint(known)]) is echo


def test_a_summary_of_several_says_nothing_new() -> None:
    lines = [fingerprint(one) for one in ("User lives in Lisbon.", "User plays chess.", "User keeps two cats.")]
    summary = "User lives in Lisbon, plays chess and keeps cats."
    assert repeats(summary, lines)
    assert not repeats(summary, lines, together=False)
    assert not repeats("User lives in Lisbon, plays chess and keeps horses in Sintra.", lines)
    assert repeats("", lines)
    assert not repeats("User plays chess.", [])


def test_the_user_may_repeat_and_change(believing: Memory) -> None:
    believing.add("I live in Lisbon.", user_id="max")
    believing.context("Where do I live?", user_id="max")
    added = believing.add("I am based in Lisbon.", user_id="max")
    assert [fact.text for fact in added.facts] == ["User am based in Lisbon."]


def test_what_the_assistant_says_of_new_things_is_no_echo(believing: Memory) -> None:
    """It is no fact either, but a person finds it in the quarantine."""
    believing.add("I live in Lisbon.", user_id="max")
    believing.context("Where do I live?", user_id="max")
    told = [{"role": "assistant", "content": "Done: you said that you booked the Alfama hotel for Friday."}]
    added = believing.add(told, user_id="max")
    assert added.facts == added.skipped == ()
    assert [one.text for one in added.quarantined] == ["User booked the Alfama hotel for Friday."]


def test_what_is_left_out_is_named(believing: Memory) -> None:
    believing.add("I live in Lisbon.", user_id="max")
    added = believing.add({"role": "assistant", "content": "I know that you are at home in Lisbon."}, user_id="max")
    assert added.facts == ()
    (skipped,) = added.skipped
    assert (skipped.text, skipped.reason) == ("User are at home in Lisbon.", ECHO)


def test_a_loop_of_a_thousand_turns_keeps_the_number_of_facts(believing: Memory) -> None:
    """The assistant says again what it was told, each time in other words, and the whole prompt is journaled."""
    for said in ("I live in Lisbon.", "I like green tea.", "I play chess on Sundays.", "I keep two cats."):
        believing.add(said, user_id="max")
    before = facts(believing)
    openings = ["you told me that you", "you said that you", "I know that you", "as ever, you"]
    verbs = {"live in": ["are based in", "reside in", "dwell in"], "like": ["enjoy", "love", "prefer"]}
    words = itertools.cycle(["really", "still", "happily", "often", "mostly", "gladly", "surely"])
    turns = 0
    for number, opening in zip(range(40), itertools.cycle(openings)):
        context = believing.context("What do you know about me?", user_id="max")
        sentences: list[str] = []
        for line in context.text.splitlines():
            if line.startswith("- User "):
                claim = line.removeprefix("- User ").rstrip(".")
                for verb, others in verbs.items():
                    claim = claim.replace(verb, others[number % 3])
                sentences.append(f"{opening} {next(words)} {claim}.")
        assert sentences
        prompt = {"role": "user", "content": f"{context.text}\n\nTurn {number}: and?", "session_id": "loop"}
        shares = [" ".join(sentences[start::24]) or "Go on." for start in range(24)]
        answers = [{"role": "assistant", "content": share, "session_id": "loop"} for share in shares]
        believing.add([prompt, *answers], user_id="max")
        turns += 25
    assert turns == 1_000
    assert facts(believing) == before
    assert len(believing._calls.parts.store.quarantine("max")) < 10  # of what the first turns said in other words


def test_without_the_guard_the_quarantine_grows(believing: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop above would be no test if the extractor did not believe the assistant."""
    monkeypatch.setattr("holdfast.learning.repeats", lambda *_, **__: False)
    believing.add("I live in Lisbon.", user_id="max")
    for word in ("really", "still", "happily"):
        said = {"role": "assistant", "content": f"as ever, you {word} live in Lisbon."}
        believing.add(said, user_id="max")
    assert len(believing._calls.parts.store.quarantine("max")) == 3


def test_fingerprints_hold_no_text_and_go_with_the_user(believing: Memory) -> None:
    believing.add("I live in Lisbon.", user_id="max")
    believing.context("Where do I live?", user_id="max")
    injected = believing._calls.parts.injected
    assert injected.lines("max")
    assert all(isinstance(term, int) for line in injected.lines("max") for term in line)
    believing.forget("max")
    assert injected.lines("max") == []


def test_only_the_latest_are_kept() -> None:
    injected = Injected()
    for number in range(1_500):
        injected.note(f"user {number}", "<holdfast-memory>\n- User lives in Lisbon.\n</holdfast-memory>")
    assert injected.lines("user 0") == []
    assert len(injected.lines("user 1499")) == 1
    for number in range(300):
        injected.note("max", f"- User has seen film {number}.")
    assert len(injected.lines("max")) == 256
    injected.note("max", "- User has seen film 299.")
    assert len(injected.lines("max")) == 256


def test_a_worker_elsewhere_knows_the_facts_too(path: Path, clock: Clock) -> None:
    with Memory(path, extractor=Gullible(), embedder=FakeEmbedder(), clock=clock) as chat:
        chat.add("I live in Lisbon.", user_id="max")
        chat.context("Where do I live?", user_id="max")
        chat.add({"role": "assistant", "content": "I know that you dwell in Lisbon."}, user_id="max", defer=True)
    with Memory(path, extractor=Gullible(), embedder=FakeEmbedder(), clock=clock) as elsewhere:
        elsewhere.process()
        assert facts(elsewhere) == ["User live in Lisbon."]


def test_scripted_candidates_of_users_are_not_touched(path: Path, clock: Clock) -> None:
    script = {"I live in Lisbon.": ["User lives in Lisbon."], "As I said, Lisbon.": ["User's home is Lisbon."]}
    with Memory(path, extractor=ScriptedExtractor(script), embedder=FakeEmbedder(), clock=clock) as memory:
        for said in script:
            memory.add(said, user_id="max")
            memory.context("home?", user_id="max")
        assert len(facts(memory)) == 2
