"""A fragment made into a clause by the first row that matches."""

import re

from holdfast.extractors.embedded.fragments.happened import HAPPENED
from holdfast.extractors.embedded.fragments.nouns import NAMED
from holdfast.extractors.embedded.fragments.openings import OPENINGS
from holdfast.extractors.embedded.fragments.shortened import SHORTENED
from holdfast.extractors.embedded.fragments.subjects import DROPPED
from holdfast.extractors.embedded.rules import compiled

__all__ = ["SUBJECTS", "complete"]

SUBJECTS = (*DROPPED, *SHORTENED, *HAPPENED, *OPENINGS, *NAMED)
"""Each gives the replacement; the first that matches applies."""
_SHORTEST = 4
"""Characters of the shortest fragment that says anything."""


def complete(clause: str) -> str:
    """Return the clause with a dropped subject or possessive put back, if it has one of the known openings.

    What that makes may have such an opening again: "rent's gone up" becomes "my rent's", and that "my rent has".
    """
    if len(clause) < _SHORTEST:
        return clause
    once = _completed(clause)
    return once if once == clause else _completed(once)


def _completed(clause: str) -> str:
    for rule in SUBJECTS:
        match = compiled(rule.pattern).match(clause)
        if match:
            start = match.expand(rule.gives) if "\\" in rule.gives else rule.gives
            start = start.replace("\\g<name>", "")
            rest = clause[match.end() :]
            if (
                rule.gives.endswith(" ")
                and rest[:1].isupper()
                and not re.match(r"[A-Z]{2}|I\b|[A-Z]\w* [A-Z]", rest)
                and match.end() == 0
            ):
                rest = rest[0].lower() + rest[1:]
            return start + rest
    return clause
