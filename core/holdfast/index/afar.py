"""The vectors of one partition where they are kept: compared by the server, not held by the node."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from holdfast.index.vectors import NEAREST, SAMPLED, WIDEST
from holdfast.ranking import Closeness, Floats, Ints, spread
from holdfast.types import Vectors

__all__ = ["ServerVectors"]


class ServerVectors:
    """Stands for the vectors of a partition; of each key its number alone is held.

    A question is as near to a key as `PartitionVectors` would tell, to what float32 rounds.

    Args:
        ask: Compares a vector with all that the server has, as `Measuring.cosines` does.
    """

    def __init__(self, ask: Callable[[Vectors], tuple[Ints, Vectors]]) -> None:
        self._ask = ask
        self._numbers = np.zeros(0, dtype=np.int64)

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return int(self._numbers.nbytes)

    def add(self, data: bytes) -> None:
        """Add keys by their numbers, as `Measuring.outline` gives them, one after the other."""
        self._numbers = np.concatenate([self._numbers, np.frombuffer(data, dtype="<i8")])

    def codes(self) -> npt.NDArray[np.uint8]:
        """Return what is held of all keys, one after the other."""
        return self._numbers.view(np.uint8)

    def closeness(self, vector: Vectors) -> Closeness:
        """Return how near a vector is to every key; beyond WIDEST keys only the nearest are told apart."""
        numbers, found = self._ask(vector)
        place = np.minimum(np.searchsorted(numbers, self._numbers), max(len(numbers) - 1, 0))
        # What is new there is not known here yet; what was removed there is near to nothing.
        cosines: Floats = np.full(len(self), -1.0)
        if len(numbers):
            there = numbers[place] == self._numbers
            cosines[there] = found[place[there]]
        if len(self) <= WIDEST:
            return Closeness(cosines, spread(cosines))
        deviation = spread(cosines[::SAMPLED])
        nearest = np.argsort(-cosines, kind="stable")[:NEAREST]
        return Closeness(np.maximum(cosines, cosines[nearest[-1]]), deviation, nearest)
