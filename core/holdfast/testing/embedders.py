"""What every `Embedder` promises."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.drivers import embed, run_async
from holdfast.errors import ProviderError
from holdfast.protocols import Embedder, TextKind, TokenCounter
from holdfast.testing.conformance import Conformance
from holdfast.types import Vectors

__all__ = ["ODD", "SENTENCES", "EmbedderSuite"]

SENTENCES = (
    "User lives in Lisbon.",
    "The deployment runs on Kubernetes 1.31 in two regions.",
    "yes",
    "Ich trinke keinen Kaffee.",
    "東京に住んでいます。",
    "Her brother's wedding is on 3 May, isn't it?",
)
ODD = ("", " ", "\n\t \n", "🦀", "a" * 50_000, "word " * 20_000, "\u0301", "<s>[SEP]</s>")

# The fixture is an embedder without state, so one object may serve all examples.
_quick = settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
)


def _texts(least: int = 1) -> st.SearchStrategy[list[str]]:
    return st.lists(
        st.sampled_from([*SENTENCES, *ODD[:4]]) | st.text(max_size=40).filter(_is_utf8), min_size=least, max_size=5
    )


def _is_utf8(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


class EmbedderSuite(Conformance):
    """Subclass it and give the fixture `embedder`; `failing` too, where the model can be out of reach."""

    @pytest.fixture
    def embedder(self) -> Embedder:
        """Return the embedder under test."""
        raise NotImplementedError("give a fixture named embedder")

    @pytest.fixture
    def failing(self) -> Embedder:
        """Return an embedder whose model cannot be reached, or refuses."""
        pytest.skip("give a fixture named failing: an embedder whose model cannot be reached")

    def test_it_is_one(self, embedder: Embedder) -> None:
        """It has what the protocol asks for."""
        assert isinstance(embedder, Embedder)

    def test_the_fingerprint_stays_and_states_the_width(self, embedder: Embedder) -> None:
        """The fingerprint has a name and does not change, and vectors are as wide as it says."""
        fingerprint = embedder.fingerprint
        assert fingerprint.name
        assert fingerprint.revision
        assert fingerprint.dimensions == embedder.embed(["User lives in Lisbon."]).shape[1]
        assert embedder.fingerprint == fingerprint

    @pytest.mark.parametrize("kind", ["document", "query"])
    def test_one_unit_vector_a_text(self, embedder: Embedder, kind: TextKind) -> None:
        """The shape is (texts, dimensions), float32, C-contiguous, each row of unit length."""
        _check(embedder.embed(SENTENCES, kind=kind), embedder, len(SENTENCES))

    @pytest.mark.parametrize("kind", ["document", "query"])
    def test_no_texts_give_no_rows(self, embedder: Embedder, kind: TextKind) -> None:
        """No texts give shape (0, dimensions)."""
        _check(embedder.embed([], kind=kind), embedder, 0)

    def test_any_text_gets_a_finite_unit_vector(self, embedder: Embedder) -> None:
        """No text, any length, only white space: each gets a finite unit vector."""
        for text in ODD:
            _check(embedder.embed([text]), embedder, 1)
        _check(embedder.embed(ODD), embedder, len(ODD))

    @_quick
    @given(texts=_texts())
    def test_any_texts_give_unit_vectors(self, embedder: Embedder, texts: list[str]) -> None:
        """Whatever the characters are, each text gets a finite unit vector."""
        _check(embedder.embed(texts), embedder, len(texts))

    def test_rows_stand_in_the_order_of_the_texts(self, embedder: Embedder) -> None:
        """Row i is the vector of text i."""
        forwards, backwards = embedder.embed(SENTENCES), embedder.embed(SENTENCES[::-1])
        np.testing.assert_allclose(forwards, backwards[::-1], atol=1e-5)
        cosines = forwards @ forwards.T
        assert np.array_equal(np.argmax(cosines, axis=1), np.arange(len(SENTENCES)))

    @_quick
    @given(texts=_texts(least=2))
    def test_a_vector_does_not_depend_on_the_texts_beside_it(self, embedder: Embedder, texts: list[str]) -> None:
        """A text alone and among others has the same vector, to 1e-5."""
        together = embedder.embed(texts)
        for text, vector in zip(texts, together, strict=True):
            np.testing.assert_allclose(embedder.embed([text])[0], vector, atol=1e-5)

    def test_a_vector_does_not_depend_on_the_call(self, embedder: Embedder) -> None:
        """The same texts give the same vectors again."""
        np.testing.assert_allclose(embedder.embed(SENTENCES), embedder.embed(SENTENCES), atol=1e-5)

    def test_equal_texts_get_equal_vectors(self, embedder: Embedder) -> None:
        """A text that stands twice in a call has one vector."""
        first, other, second = embedder.embed([SENTENCES[0], "User likes tea.", SENTENCES[0]])
        assert np.array_equal(first, second)
        assert not np.array_equal(first, other)

    def test_vectors_depend_on_what_is_said(self, embedder: Embedder) -> None:
        """Texts that share words are nearer than texts that share none."""
        city, same_city, tool = embedder.embed(["Lisbon is home", "home is in Lisbon", "Postgres 17 backend"])
        assert city @ same_city > city @ tool

    def test_it_is_thread_safe(self, embedder: Embedder) -> None:
        """Calls from several threads give what calls from one give."""
        batches = [[f"{sentence} {number}" for sentence in SENTENCES[: number % 4 + 1]] for number in range(12)]
        alone = [embedder.embed(batch) for batch in batches]
        with ThreadPoolExecutor(4) as pool:
            for vectors, expected in zip(pool.map(embedder.embed, batches), alone, strict=True):
                np.testing.assert_allclose(vectors, expected, atol=1e-5)

    def test_awaited_it_gives_the_same(self, embedder: Embedder) -> None:
        """`aembed` does as `embed`, and so does `embed` in a worker thread where there is none."""
        np.testing.assert_allclose(_awaited(embedder, SENTENCES), embedder.embed(SENTENCES), atol=1e-5)
        _check(_awaited(embedder, ()), embedder, 0)

    def test_a_model_out_of_reach_is_a_provider_error(self, failing: Embedder) -> None:
        """What the model raises becomes a ProviderError."""
        with pytest.raises(ProviderError) as caught:
            failing.embed(SENTENCES)
        assert caught.value.provider

    def test_a_model_out_of_reach_is_a_provider_error_when_awaited(self, failing: Embedder) -> None:
        """`aembed` raises as `embed` does."""
        with pytest.raises(ProviderError):
            _awaited(failing, SENTENCES)

    def test_it_counts_tokens(self, embedder: Embedder) -> None:
        """The empty text has no token, and none is counted for the ends of a text."""
        if not isinstance(embedder, TokenCounter):
            pytest.skip("counts no tokens")
        one, fifty = embedder.count_tokens("home"), embedder.count_tokens("home " * 50)
        assert embedder.count_tokens("") == 0
        assert one >= 1
        # A token added at each end would count fifty times on the left and once on the right.
        assert 50 * one <= 1.5 * fifty


def _awaited(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    return asyncio.run(run_async(embed(embedder, texts, "query")))


def _check(vectors: Vectors, embedder: Embedder, count: int) -> None:
    assert vectors.shape == (count, embedder.fingerprint.dimensions)
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
