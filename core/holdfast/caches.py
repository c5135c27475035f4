"""Caches of words that users said: they speed up what is read again and again, and a `forget` empties them."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

__all__ = ["cached", "clear"]

_P = ParamSpec("_P")
_R = TypeVar("_R")

_clear: list[Callable[[], Any]] = []


def cached(size: int) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Keep the last `size` results of a pure function of what was said."""

    def keep(function: Callable[_P, _R]) -> Callable[_P, _R]:
        kept = lru_cache(maxsize=size)(function)
        _clear.append(kept.cache_clear)
        return kept  # type: ignore[return-value]  # lru_cache takes any hashable arguments

    return keep


def clear() -> None:
    """Empty all of them."""
    for one in _clear:
        one()
