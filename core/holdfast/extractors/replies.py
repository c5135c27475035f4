"""What a model answered, and the JSON in it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

__all__ = ["Reply", "parsed"]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of a model, as it came.

    Args:
        content: Its text, or the object where the client has parsed it.
        input_tokens: As the provider reports it, like the two that follow.
        output_tokens: Of the answer.
        cached_tokens: Those of the input that the provider's prompt cache served.
        mode: How the model was held to the schema: `json_schema`, `json_object`, `text`, or the client's own word.
        cut_off: The answer ended because the model was allowed no more tokens.
    """

    content: str | Mapping[str, Any]
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    mode: str = "json_schema"
    cut_off: bool = False


def parsed(content: str | Mapping[str, Any]) -> Mapping[str, Any] | str:
    """Return the answer's object, or what is wrong with it, in words without any of its own.

    Prose, code fences and thoughts around the object are passed over; among several objects the last one with `facts`
    counts, since models think before they answer.
    """
    if isinstance(content, Mapping):
        return content if "facts" in content else "it is an object without 'facts'"
    if not isinstance(cast(Any, content), str) or not content.strip():
        return "it is empty"
    found = [one for one in _objects(content) if "facts" in one]
    if found:
        return found[-1]
    try:
        whole = json.loads(content)
    except ValueError:
        return "its JSON is not complete" if "{" in content else "it is not JSON"
    if isinstance(whole, dict):
        return "it is an object without 'facts'"
    return "it is a list" if isinstance(whole, list) else "it is null" if whole is None else "it is no object"


def _objects(text: str) -> Iterator[Mapping[str, Any]]:
    """Yield the JSON objects of a text, the outermost ones."""
    decoder = json.JSONDecoder()
    position = text.find("{")
    while position >= 0:
        try:
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            end = position + 1
        else:
            if isinstance(value, dict):
                yield cast(Mapping[str, Any], value)
        position = text.find("{", end)
