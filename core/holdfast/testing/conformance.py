"""The ground of every conformance suite: what it promises cannot be dropped in silence."""

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["Conformance", "F", "deviates"]

F = TypeVar("F", bound=Callable[..., Any])


def deviates(reason: str) -> Callable[[F], F]:
    """Mark a test of a subclass that knowingly takes the place of one of the suite's, and say why."""
    if not reason:
        raise TypeError("deviates takes the reason for the deviation")

    def mark(test: F) -> F:
        test.__dict__["deviates"] = reason
        return test

    return mark


class Conformance:
    """A suite whose tests a subclass cannot replace unnoticed.

    What a backend does not support is skipped with its reason, by a fixture that calls `pytest.skip(reason)`.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        inherited = {name for base in cls.__mro__[1:] for name in vars(base) if name.startswith("test")}
        for name in sorted(inherited & vars(cls).keys()):
            if not getattr(vars(cls)[name], "deviates", ""):
                raise TypeError(f"{cls.__name__}.{name} hides a test of its suite; mark it @deviates(reason)")
