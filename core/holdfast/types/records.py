"""What is kept under a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from holdfast.types.value import Value

__all__ = ["Put", "Record"]


@dataclass(frozen=True, slots=True)
class Put:
    """A JSON value to keep under a space and a key, in the place of what stood there.

    Args:
        space: Where it lies: one or more segments, each any non-empty text.
        key: Its name there.
        value: A JSON object.
        texts: What a query finds it by; without any it is found by its space alone.
        lifetime: How long it is kept; for ever by default.
    """

    space: tuple[str, ...]
    key: str
    value: Mapping[str, Any]
    texts: tuple[str, ...] = ()
    lifetime: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Record(Value):
    """A JSON value kept under a space and a key; `score` is its cosine with a query, None where there is none."""

    space: tuple[str, ...]
    key: str
    value: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None = None
    score: float | None = None
