"""Any Python value as JSON and back: what messages carry beside their words (artifacts, metadata of a response).

JSON values stay as they are. A value that JSON lacks becomes a mapping with the one key TAG, which names its type among
the fixed ones below; nothing read back can name a class to construct. A value of any other type is kept as its fields
or its `repr`, so that no message is lost for what hangs on it.
"""

import base64
import dataclasses
import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import numpy as np
from langchain_core.documents import Document
from pydantic import BaseModel

__all__ = ["TAG", "decode", "encode"]

TAG = "holdfast:type"
"""The key that marks a value which JSON lacks: `{TAG: [type, payload]}`."""

_DEEPEST = 60  # a structure that contains itself ends here, as its repr
_LONGEST = 10_000  # characters of a repr


def encode(value: Any, depth: int = 0) -> Any:
    """Return a value as JSON values."""
    match value:
        case None | bool():
            return value
        case str():
            return _text(str.__str__(value))
        case int():
            return int(value)
        case float():
            return float(value) if math.isfinite(value) else _tagged("float", repr(float(value)))
        case _ if depth > _DEEPEST:
            return _opaque(value)
        case list() | tuple() | set() | frozenset():
            items = [encode(item, depth + 1) for item in cast("list[Any]", value)]
            return items if isinstance(value, list) else _tagged(_sequence(cast(object, value)), items)
        case Mapping():
            return _mapping(cast(Mapping[Any, Any], value), depth)
        case _:
            return _other(value, depth)


def decode(value: Any) -> Any:
    """Return the value that `encode` described."""
    if isinstance(value, list):
        return [decode(item) for item in cast(list[Any], value)]
    if isinstance(value, dict):
        given = cast(dict[str, Any], value)
        if set(given) == {TAG}:
            kind, payload = given[TAG]
            return _DECODERS[kind](payload)
        return {name: decode(item) for name, item in given.items()}
    return value


def _tagged(kind: str, payload: Any) -> dict[str, Any]:
    return {TAG: [kind, payload]}


def _text(text: str) -> Any:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # a lone surrogate, which no file in UTF-8 can hold
        return _tagged("text", _pack(text.encode("utf-8", "surrogatepass")))
    return text


def _sequence(value: object) -> str:
    for kind in (tuple, frozenset, set):
        if isinstance(value, kind):
            return kind.__name__
    raise AssertionError(value)


def _mapping(value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
    plain = all(type(name) is str and isinstance(_text(name), str) for name in value)
    if plain and TAG not in value:
        return {name: encode(item, depth + 1) for name, item in value.items()}
    return _tagged("dict", [[encode(name, depth + 1), encode(item, depth + 1)] for name, item in value.items()])


def _other(value: Any, depth: int) -> Any:
    for kind, (name, write) in _ENCODERS.items():
        if type(value) is kind:
            return _tagged(name, write(value))
    if isinstance(value, np.generic):
        return encode(value.item(), depth + 1)
    if isinstance(value, np.ndarray):
        array = cast("np.ndarray[Any, np.dtype[Any]]", value)
        if not array.dtype.hasobject:
            shape = list(array.shape)
            return _tagged("ndarray", [array.dtype.str, shape, _pack(np.ascontiguousarray(array).tobytes())])
        return encode(array.tolist(), depth + 1)
    if type(value) is Document:
        return _tagged("document", encode([value.id, value.page_content, value.metadata], depth + 1))
    if isinstance(value, BaseModel):
        return encode({**dict(value), **(value.model_extra or {})}, depth + 1)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {item.name: getattr(value, item.name, None) for item in dataclasses.fields(value)}
        return encode(fields, depth + 1)
    return _opaque(value)


def _opaque(value: object) -> Any:
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - a broken repr must not lose the message
        text = f"<{type(value).__name__}>"
    return _text(text[:_LONGEST])


def _pack(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _array(payload: Any) -> Any:
    kind, shape, data = payload
    return np.frombuffer(base64.b64decode(data), dtype=np.dtype(kind)).reshape(shape).copy()


def _document(payload: Any) -> Document:
    id_, content, metadata = decode(payload)
    return Document(page_content=content, id=id_, metadata=metadata)


_ENCODERS: Mapping[type, tuple[str, Callable[[Any], Any]]] = {
    bytes: ("bytes", _pack),
    bytearray: ("bytearray", _pack),
    datetime: ("datetime", datetime.isoformat),
    date: ("date", date.isoformat),
    time: ("time", time.isoformat),
    timedelta: ("timedelta", lambda value: [value.days, value.seconds, value.microseconds]),
    Decimal: ("decimal", str),
    UUID: ("uuid", str),
    complex: ("complex", lambda value: [repr(value.real), repr(value.imag)]),
}
_DECODERS: Mapping[str, Callable[[Any], Any]] = {
    "bytes": base64.b64decode,
    "bytearray": lambda data: bytearray(base64.b64decode(data)),
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda parts: timedelta(*parts),
    "decimal": Decimal,
    "uuid": UUID,
    "complex": lambda parts: complex(*map(float, parts)),
    "float": float,
    "text": lambda data: base64.b64decode(data).decode("utf-8", "surrogatepass"),
    "tuple": lambda items: tuple(decode(items)),
    "set": lambda items: set(decode(items)),
    "frozenset": lambda items: frozenset(decode(items)),
    "dict": lambda pairs: {decode(name): decode(item) for name, item in pairs},
    "ndarray": _array,
    "document": _document,
}
