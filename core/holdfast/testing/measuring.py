"""What every `Measuring` store promises."""

from dataclasses import replace
from typing import Protocol

import numpy as np
import pytest

from holdfast.protocols import Measuring, Store, Write
from holdfast.testing.conformance import Conformance
from holdfast.testing.samples import fact, learn, said, unit

__all__ = ["MeasuringStore", "MeasuringSuite"]


class MeasuringStore(Store, Measuring, Protocol):
    """A store that compares vectors."""


class MeasuringSuite(Conformance):
    """Subclass it and give the fixture `store`."""

    @pytest.fixture
    def store(self) -> MeasuringStore:
        """Return an empty store for `samples.EMBEDDER`."""
        raise NotImplementedError("give a fixture named store")

    def test_an_outline_is_what_is_pulled_with_numbers_for_vectors(self, store: MeasuringStore) -> None:
        """From the beginning, from where it was read, and when something was removed."""
        learn(store, "max", said(store, "max", "I live in Lisbon.", "Bye"), [fact("max", "f1")])
        seq = store.pull("max", 0).seq
        learn(store, "max", said(store, "max", "Hello"), [fact("max", "f2")])
        for since in (0, seq):
            _compare(store, since)
        store.commit("max", lambda _: Write(removed=("f1",)))
        for since in (0, seq, store.pull("max", 0).seq):
            _compare(store, since)
        assert store.outline("nobody", 0) == store.pull("nobody", 0)

    def test_cosines_are_those_of_the_vectors(self, store: MeasuringStore) -> None:
        """Of this user alone, by the numbers of the outline, as numpy computes them."""
        for user in ("max", "eve"):
            learn(store, user, said(store, user, f"I am {user}.", "Hello", "Bye"), [fact(user, "f1")])
        store.commit("max", lambda _: Write(removed=("f1",)))
        question = unit("who am I?")
        numbers, cosines = store.cosines("max", question)
        keys = store.pull("max", 0).keys
        exact = [np.frombuffer(key.vector, dtype="<f2").astype(np.float32) @ question for key in keys]
        assert np.allclose(cosines, exact, atol=1e-6)
        outlined = store.outline("max", 0).keys
        assert numbers.tolist() == [int.from_bytes(key.vector, "little") for key in outlined]
        assert [one.shape for one in store.cosines("nobody", question)] == [(0,), (0,)]


def _compare(store: MeasuringStore, since: int) -> None:
    pulled, outlined = store.pull("max", since), store.outline("max", since)
    numbers = [int.from_bytes(key.vector, "little") for key in outlined.keys]
    assert numbers == sorted(set(numbers))
    with_vectors = (replace(one, vector=key.vector) for one, key in zip(outlined.keys, pulled.keys, strict=True))
    assert replace(outlined, keys=tuple(with_vectors)) == pulled
