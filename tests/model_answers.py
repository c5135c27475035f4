"""What a model would answer to the question of extraction: a fact for each town that somebody lives in."""

import json
import re
from typing import Any

__all__ = ["answer_to"]


def answer_to(asked: str) -> dict[str, Any]:
    """Return the object that a model answers to the user's part of a prompt."""
    said = [message for message in json.loads(asked)["messages"] if message["role"] == "user"]
    return {"facts": [_fact(one["id"], found) for one in said for found in _LIVES.finditer(one["text"])]}


def _fact(message: str, found: re.Match[str]) -> dict[str, Any]:
    return {
        "text": f"User lives in {found[1]}.",
        "kind": "location",
        "subject": "User",
        "slot": "lives_in",
        "value": found[1],
        "evidence": [{"message": message, "quote": found[0]}],
        "entities": [found[1]],
        "event_start": None,
        "event_end": None,
        "certainty": "stated",
        "relations": [],
    }


_LIVES = re.compile(r"I live in (\w+)")
