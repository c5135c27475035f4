"""The `where` filter: a mapping in the MongoDB style that becomes a predicate over JSON-like records."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timezone
from typing import Any, TypeAlias, cast

from holdfast.errors import ConfigurationError

__all__ = ["OPERATORS", "Predicate", "Record", "comparable", "compile_where"]

Record: TypeAlias = Mapping[str, Any]
Predicate: TypeAlias = Callable[[Record], bool]

_ABSENT = object()
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)")


def comparable(value: Any) -> Any:
    """Return a value in a form that compares: moments as ISO 8601 in UTC, given as datetime or as text."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        with suppress(ValueError):
            value = datetime.fromisoformat(value.replace("Z", "+00:00"))
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        with suppress(OverflowError):  # at the two ends of the calendar another zone may lie beyond it
            moment = moment.astimezone(timezone.utc)
        return moment.isoformat(timespec="microseconds")
    if isinstance(value, (list, tuple, set, frozenset)):
        return [comparable(one) for one in cast(Iterable[Any], value)]
    return value


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def test(found: Any, wanted: Any) -> bool:
        try:
            return found is not _ABSENT and found is not None and compare(found, wanted)
        except TypeError:
            return False  # values of different kinds have no order; absence of order is no match

    return test


def _equal(found: Any, wanted: Any) -> bool:
    if isinstance(found, (list, tuple)) and not isinstance(wanted, (list, tuple)):
        return wanted in found
    return bool(found == wanted)


def _among(found: Any, wanted: Any) -> bool:
    return any(_equal(found, one) for one in wanted)


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "$eq": _equal,
    "$ne": lambda found, wanted: not _equal(found, wanted),
    "$gt": _ordered(lambda found, wanted: found > wanted),
    "$gte": _ordered(lambda found, wanted: found >= wanted),
    "$lt": _ordered(lambda found, wanted: found < wanted),
    "$lte": _ordered(lambda found, wanted: found <= wanted),
    "$in": _among,
    "$nin": lambda found, wanted: not _among(found, wanted),
    "$exists": lambda found, wanted: (found is not _ABSENT and found is not None) == wanted,
}
OPERATORS = (*_COMPARISONS, "$and", "$or", "$not")


def compile_where(where: Mapping[str, Any] | None) -> Predicate | None:
    """Return the predicate that `where` describes, or None for no filter.

    A field is a name of the record or of its `metadata`, or a dotted path (`metadata.project`). A bare value means
    `$eq`; `$eq` on a list field asks whether the value is in it. Several fields, and several operators on one field,
    must all hold. A comparison of values without an order (a number and a text) is false. Moments are compared as
    ISO 8601 in UTC, whether given as datetime or as text (`{"said_at": {"$gte": "2025-03"}}`).

    Raises:
        ConfigurationError: An unknown operator, or an operand of the wrong shape.
    """
    return _all_of(where) if where is not None else None


def _all_of(where: Any) -> Predicate:
    if not isinstance(where, Mapping):
        raise ConfigurationError(f"where takes a mapping, got {where!r}")
    parts = [_part(str(name), wanted) for name, wanted in cast(Mapping[str, Any], where).items()]
    return lambda record: all(part(record) for part in parts)


def _part(name: str, wanted: Any) -> Predicate:
    match name:
        case "$and" | "$or":
            if not isinstance(wanted, Sequence) or isinstance(wanted, str):
                raise ConfigurationError(f"where: {name} takes a list of filters, got {wanted!r}")
            parts = [_all_of(one) for one in cast(Sequence[Any], wanted)]
            every = all if name == "$and" else any
            return lambda record: every(part(record) for part in parts)
        case "$not":
            inner = _all_of(wanted)
            return lambda record: not inner(record)
        case _ if name.startswith("$"):
            raise _unknown(name)
        case _:
            return _field(name, wanted)


def _field(name: str, wanted: Any) -> Predicate:
    operators = isinstance(wanted, Mapping) and any(str(key).startswith("$") for key in cast(Mapping[str, Any], wanted))
    given: list[tuple[str, Any]] = list(cast(Mapping[str, Any], wanted).items()) if operators else [("$eq", wanted)]
    tests = [(str(operator), comparable(operand)) for operator, operand in given]
    for operator, operand in tests:
        if operator == "$not":
            continue
        if operator not in _COMPARISONS:
            raise _unknown(operator)
        if operator in ("$in", "$nin") and (not isinstance(operand, (list, tuple, set, frozenset))):
            raise ConfigurationError(f"where: {operator} on {name!r} takes a list, got {operand!r}")
        if operator == "$exists" and not isinstance(operand, bool):
            raise ConfigurationError(f"where: $exists on {name!r} takes True or False, got {operand!r}")
    checks = [_check(name, operator, operand) for operator, operand in tests]
    return lambda record: all(check(_value(record, name)) for check in checks)


def _check(name: str, operator: str, operand: Any) -> Callable[[Any], bool]:
    if operator == "$not":
        inner = _field(name, operand)
        return lambda found: not inner({} if found is _ABSENT else {name: found})
    compare = _COMPARISONS[operator]
    return lambda found: compare(comparable(found), operand)


def _value(record: Record, path: str) -> Any:
    if path in record:
        return record[path]
    metadata = record.get("metadata")
    if isinstance(metadata, Mapping) and path in metadata:
        return cast(Mapping[str, Any], metadata)[path]
    value: Any = record
    for name in path.split("."):
        if not isinstance(value, Mapping) or name not in value:
            return _ABSENT
        value = cast(Mapping[str, Any], value)[name]
    return value


def _unknown(operator: str) -> ConfigurationError:
    return ConfigurationError(f"where: unknown operator {operator!r}; known are {', '.join(OPERATORS)}")
