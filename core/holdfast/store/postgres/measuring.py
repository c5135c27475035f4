"""Vectors compared on the server: exact within a user, for nodes that hold none."""

import numpy as np
import numpy.typing as npt
from pgvector import Vector

from holdfast.store.postgres.connections import Rows, Statement

__all__ = ["measured", "measuring"]

# An array as it is sent: its head, then of each element its length and itself.
_HEAD, _INT8, _FLOAT4 = 20, np.dtype([("size", ">i4"), ("is", ">i8")]), np.dtype([("size", ">i4"), ("is", ">f4")])


def measuring(user_id: str, vector: npt.NDArray[np.float32]) -> Statement:
    """Return what compares a vector with all of a user's, in float32 as the index does; `measured` takes the row."""
    # Two arrays in one row: what a driver would do for each of many rows takes longer than to compare them. In any
    # order, since the server would sort whole rows.
    query = """
        SELECT array_send(array_agg(seq)), array_send(array_agg((-(vector::vector <#> %s::vector))::real))
        FROM holdfast.key WHERE user_id = %s
    """
    return query, (Vector(vector), user_id)


def measured(rows: Rows) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return the keys' numbers and cosines of the row that `measuring` read; none for a user without keys."""
    ((numbers, cosines),) = rows
    if numbers is None:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    keys = np.frombuffer(numbers, dtype=_INT8, offset=_HEAD)["is"].astype(np.int64)
    order = np.argsort(keys)
    return keys[order], np.frombuffer(cosines, dtype=_FLOAT4, offset=_HEAD)["is"].astype(np.float32)[order]
