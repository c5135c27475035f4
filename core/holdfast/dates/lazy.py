"""Regular expressions that cost nothing until they are needed."""

import re
from collections.abc import Callable
from functools import cache

__all__ = ["lazy"]


def lazy(pattern: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """Return a function that compiles a pattern on its first call: compiling all at import took 50 ms."""
    return cache(lambda: re.compile(pattern, flags))
