"""Vectors on the server: float16 as pgvector's `halfvec`, or as `vector` where that is all it has."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import psycopg
from pgvector import HalfVector, Vector
from pgvector.psycopg import register_vector

__all__ = ["Vectors", "register"]


@dataclass(frozen=True, slots=True)
class Vectors:
    """How float16 vectors, little-endian as a `Row` has them, are written to the server and read from it.

    Args:
        type: `halfvec` or `vector`; both keep each number as it is.
    """

    type: str

    @property
    def column(self) -> str:
        """The vector as an expression in a SELECT list: its bytes, which no client library needs to take apart."""
        return f"{self.type}_send(vector)"

    def dump(self, vector: bytes) -> Any:
        """Return what to pass as a value."""
        numbers = np.frombuffer(vector, dtype="<f2")
        return HalfVector(numbers) if self.type == "halfvec" else Vector(numbers.astype(np.float32))

    def load(self, sent: bytes) -> bytes:
        """Return the vector of a `column`."""
        # Two numbers of 16 bits come first: how many dimensions, and one that is not used.
        return np.frombuffer(sent, dtype=">f2" if self.type == "halfvec" else ">f4", offset=4).astype("<f2").tobytes()


def register(database: psycopg.Connection[Any]) -> None:
    """Let a connection take vectors as values."""
    register_vector(database)
