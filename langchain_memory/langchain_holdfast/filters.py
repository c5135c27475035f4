"""Filters of LangGraph's stores as functions of a value."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeAlias, cast

from holdfast import ConfigurationError

__all__ = ["compile_filter"]

_Test: TypeAlias = Callable[[Any], bool]


def compile_filter(filter: Mapping[str, Any]) -> _Test:  # noqa: A002
    """Return whether a value passes: each field equal, or compared with `$eq $ne $gt $gte $lt $lte`, all of them.

    A mapping without operators asks for these fields of a mapping, to any depth; a list for an equal list. Numbers are
    compared with numbers, and with texts that are numbers; other texts with texts, so that dates in ISO 8601 compare
    as dates. What has no order does not pass, a missing field included.

    Raises:
        ConfigurationError: An unknown operator.
    """
    return _fields(filter)


def _fields(wanted: Mapping[str, Any]) -> _Test:
    tests = {name: _test(one) for name, one in wanted.items()}

    def passes(value: Any) -> bool:
        if not isinstance(value, Mapping):
            return False
        given = cast(Mapping[str, Any], value)
        return all(test(given.get(name)) for name, test in tests.items())

    return passes


def _test(wanted: Any) -> _Test:
    if isinstance(wanted, Mapping):
        given = cast(Mapping[str, Any], wanted)
        if not any(name.startswith("$") for name in given):
            return _fields(given)
        parts = [_operator(name, operand) for name, operand in given.items()]
        return lambda value: all(part(value) for part in parts)
    if isinstance(wanted, (list, tuple)):
        items = [_test(one) for one in cast(Sequence[Any], wanted)]

        def passes(value: Any) -> bool:
            if not isinstance(value, (list, tuple)):
                return False
            found = cast(Sequence[Any], value)
            return len(found) == len(items) and all(test(one) for test, one in zip(items, found, strict=True))

        return passes
    return lambda value: bool(value == wanted)


def _operator(name: str, operand: Any) -> _Test:
    compare = _ORDERS.get(name)
    if compare is not None:
        return lambda value: _ordered(compare, value, operand)
    if name in ("$eq", "$ne"):
        return lambda value: (value == operand) == (name == "$eq")
    raise ConfigurationError(f"unknown operator {name!r}; known are $eq, $ne, {', '.join(_ORDERS)}")


_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "$gt": lambda value, operand: value > operand,
    "$gte": lambda value, operand: value >= operand,
    "$lt": lambda value, operand: value < operand,
    "$lte": lambda value, operand: value <= operand,
}


def _ordered(compare: Callable[[Any, Any], bool], value: Any, operand: Any) -> bool:
    with suppress(TypeError, ValueError):
        return compare(float(value), float(operand))
    return isinstance(value, str) and isinstance(operand, str) and compare(value, operand)
