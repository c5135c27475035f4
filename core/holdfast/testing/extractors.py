"""What every `Extractor` promises."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.drivers import extract, run_async
from holdfast.errors import ProviderError
from holdfast.protocols import Extractor
from holdfast.testing.conformance import Conformance
from holdfast.types import CATEGORIES, KINDS, Batch, Extraction, Message, Role

__all__ = ["ExtractorSuite"]

_AT = datetime(2025, 3, 1, 12, tzinfo=timezone.utc)

_TALK: tuple[tuple[Role, str], ...] = (
    ("user", "Hi there! I'm building this in Next.js with a Postgres backend. Can you help?"),
    ("assistant", "Sure. Where do you host it?"),
    ("user", "On Hetzner. My sister Clara lives in Berlin, and I moved from Lisbon to Porto last year."),
    ("tool", '{"temperature": 21}'),
    ("user", "We're thinking about leaving… I don't drink coffee anymore; tea is fine 🍵.\n\n- allergic to nuts\n"),
    ("system", "You are a helpful assistant. The user is called Max."),
    ("user", "Remember that I prefer short answers. Actually no, long ones."),
    ("user", "thanks!"),
)

_pure = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
)


def _messages(*said: tuple[Role, str], first: int = 0) -> tuple[Message, ...]:
    return tuple(Message(role, content, f"m{n}", _AT) for n, (role, content) in enumerate(said, first))


class ExtractorSuite(Conformance):
    """Subclass it and give the fixture `extractor`; `failing` too, where a model can be out of reach."""

    @pytest.fixture
    def extractor(self) -> Extractor:
        """Return the extractor under test."""
        raise NotImplementedError("give a fixture named extractor")

    @pytest.fixture
    def failing(self) -> Extractor:
        """Return an extractor whose model cannot be reached, or answers out of shape."""
        pytest.skip("give a fixture named failing: an extractor whose model cannot be reached")

    def test_it_is_one(self, extractor: Extractor) -> None:
        """It has what the protocol asks for, and a name that stays."""
        assert isinstance(extractor, Extractor)
        assert extractor.name
        assert extractor.name == extractor.name

    def test_no_messages_give_an_empty_extraction(self, extractor: Extractor) -> None:
        """There is nothing to say of nothing, context or not."""
        for batch in (Batch(()), Batch((), context=_messages(*_TALK))):
            extraction = extractor.extract(batch)
            assert (extraction.keys, extraction.candidates, extraction.skipped) == ((), (), ())

    @pytest.mark.parametrize("content", ["", "   ", "ok", "Thanks!", "What time is it?", "…"])
    def test_messages_without_content_worth_keeping_are_no_error(self, extractor: Extractor, content: str) -> None:
        """They give no candidates."""
        assert extractor.extract(Batch(_messages(("user", content)))).candidates == ()

    def test_everything_names_a_message_of_the_batch(self, extractor: Extractor) -> None:
        """Each candidate, key and skipped clause does, and evidence quotes its span exactly."""
        _check(extractor, Batch(_messages(*_TALK)))

    def test_context_only_helps_to_understand(self, extractor: Extractor) -> None:
        """Nothing rests on a message of the context."""
        for cut in range(len(_TALK)):
            _check(extractor, Batch(_messages(*_TALK[cut:], first=cut), context=_messages(*_TALK[:cut])))

    @_pure
    @given(contents=st.lists(st.text(max_size=80) | st.sampled_from([text for _, text in _TALK]), max_size=4))
    def test_any_text_is_quoted_exactly(self, extractor: Extractor, contents: list[str]) -> None:
        """Whatever the characters are, spans lie in their messages and read as quoted."""
        said: list[tuple[Role, str]] = [("user", content) for content in contents]
        _check(extractor, Batch(_messages(*said)))

    def test_it_is_thread_safe(self, extractor: Extractor) -> None:
        """Calls from several threads give what calls from one give."""
        batches = [Batch(_messages(*_TALK[number % 3 :])) for number in range(12)]
        alone = [extractor.extract(batch) for batch in batches]
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(extractor.extract, batches)) == alone

    def test_awaited_it_gives_the_same(self, extractor: Extractor) -> None:
        """`aextract` does as `extract`, and so does `extract` in a worker thread where there is none."""
        batch = Batch(_messages(*_TALK))
        assert asyncio.run(run_async(extract(extractor, batch))) == extractor.extract(batch)

    def test_a_model_out_of_reach_is_a_provider_error(self, failing: Extractor) -> None:
        """What the model raises becomes a ProviderError."""
        with pytest.raises(ProviderError) as caught:
            failing.extract(Batch(_messages(*_TALK)))
        assert caught.value.provider


def _check(extractor: Extractor, batch: Batch) -> Extraction:
    extraction = extractor.extract(batch)
    contents = {message.id: message.content for message in batch.messages}
    for key in extraction.keys:
        assert key.kind in ("statement", "question")
        assert key.text.strip()
        assert 0 <= key.start <= key.end <= len(contents[key.message_id])
    for candidate in extraction.candidates:
        assert candidate.text.strip()
        assert candidate.kind in KINDS
        assert candidate.category in CATEGORIES
        assert candidate.evidence
        for span in candidate.evidence:
            assert contents[span.message_id][span.start : span.end] == span.quote
            assert span.quote
    for clause in extraction.skipped:
        assert clause.message_id in contents
        assert clause.reason
    return extraction
