"""The fakes that users import do as their docstrings say."""

import subprocess
import sys
from datetime import datetime, timezone

import numpy as np
import pytest

from holdfast import Memory
from holdfast.errors import ConfigurationError, ProviderError
from holdfast.testing import Clock, FakeEmbedder, ScriptedExtractor
from holdfast.types import Batch, Candidate, Evidence, Message

TEXTS = ["User lives in Lisbon.", "", "東京", "Café Größe 🦀"]


def test_vectors_are_the_same_in_every_process() -> None:
    program = (
        "import sys; from holdfast.testing import FakeEmbedder\n"
        f"sys.stdout.buffer.write(FakeEmbedder(64).embed({TEXTS!a}).tobytes())"
    )
    for seed in ("1", "2"):
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=environment)
        there = np.frombuffer(done.stdout, dtype=np.float32).reshape(len(TEXTS), 64)
        assert np.array_equal(there, FakeEmbedder(64).embed(TEXTS))


@pytest.mark.parametrize("dimensions", [1, 2, 3, 64, 1000])
def test_vectors_are_as_wide_as_asked(dimensions: int) -> None:
    assert FakeEmbedder(dimensions).embed(TEXTS).shape == (4, dimensions)


def test_a_width_of_nothing_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="dimensions is 0"):
        FakeEmbedder(0)


def test_words_and_parts_of_words_make_texts_near() -> None:
    vectors = FakeEmbedder().embed(["User cycles to work", "cycling", "User likes tea", "bicycle"])
    cosines = vectors @ vectors.T
    assert cosines[0, 1] > cosines[2, 1]
    assert cosines[3, 1] > cosines[2, 1]
    assert cosines[0, 2] < 0.5


def test_what_lies_beyond_the_first_characters_is_not_read() -> None:
    text = "word " * 1_000
    first, second = FakeEmbedder().embed([text + "tea", text + "coffee"])
    assert np.array_equal(first, second)


@pytest.mark.parametrize(("text", "count"), [("", 0), ("tea", 1), ("Tea, please!", 4), ("  ", 0), ("don't", 3)])
def test_words_and_marks_are_tokens(text: str, count: int) -> None:
    assert FakeEmbedder().count_tokens(text) == count


@pytest.mark.parametrize("error", [None, OSError("no route")])
def test_fakes_fail_as_often_as_they_are_told(error: Exception | None) -> None:
    embedder, extractor = FakeEmbedder(), ScriptedExtractor()
    for fake, call in ((embedder, lambda: embedder.embed(["tea"])), (extractor, lambda: extractor.extract(Batch(())))):
        call()
        fake.fail(2, error)
        for _ in range(2):
            with pytest.raises(type(error) if error else ProviderError):
                call()
        call()


def message(content: str, role: str = "user") -> Message:
    return Message(role, content, id=f"id of {content}")  # type: ignore[arg-type]


def test_an_extractor_says_what_its_script_says() -> None:
    part = Candidate("User is Max.", (Evidence("", 3, 6, "Max"),), kind="identity")
    elsewhere = Candidate("User was Max.", (Evidence("other", 0, 1, "x"),))
    extractor = ScriptedExtractor({"I'm Max": ["User's name is Max.", part, elsewhere]})
    batch = Batch((message("I'm Max"), message("I'm Eve"), message("I'm Max", "assistant")))
    whole, quoted, kept = extractor.extract(batch).candidates
    assert (whole.text, whole.evidence) == ("User's name is Max.", (Evidence("id of I'm Max", 0, 7, "I'm Max"),))
    assert (quoted.kind, quoted.evidence) == ("identity", (Evidence("id of I'm Max", 3, 6, "Max"),))
    assert kept.evidence == elsewhere.evidence
    assert extractor.batches == [batch]
    extractor.script = lambda one: [one.content.upper()]
    assert [one.text for one in extractor.extract(batch).candidates] == ["I'M MAX", "I'M EVE"]


def test_a_clock_stands_until_it_is_set() -> None:
    clock = Clock()
    assert clock() == clock() == datetime(2025, 3, 1, 12, tzinfo=timezone.utc)
    assert clock.advance(days=1, hours=1, minutes=1, seconds=1) == datetime(2025, 3, 2, 13, 1, 1, tzinfo=timezone.utc)
    clock.now = datetime(2030, 1, 1, tzinfo=timezone.utc)
    with Memory(":memory:", embedder=FakeEmbedder(), clock=clock) as memory:
        (said,) = memory.add("tea", user_id="max").messages
        assert said.at == clock()


def test_fakes_need_no_test_tools() -> None:
    """Who only wants a fake needs neither pytest nor hypothesis."""
    program = """
import sys
sys.modules["pytest"] = sys.modules["hypothesis"] = None
import importlib.util
find_spec = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "pytest" else find_spec(name, *rest)
from holdfast.testing import Clock, FakeEmbedder, ScriptedExtractor
print(FakeEmbedder(8).embed(["tea"]).shape, Clock()().year, ScriptedExtractor().name)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "(1, 8) 2025 scripted/1\n"
