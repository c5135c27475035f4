"""Questions: the statement in front of one, and the one that a message ends with."""

import re

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.person import FIRST_PERSON
from holdfast.extractors.embedded.splitting import Span
from holdfast.types import Message

_WORDS = r"which|what|how|why|who|where|when|can|could|would|should|is|are|do|does|did|will|any|got any|know any|shall"
_JOINT = lazy(
    r"(?:\s?[—–]\s?|\s-+\s|[,;:.]\s|\s(?:and|so|but)\s)"
    rf"(?=(?:and |so |but )?(?:{_WORDS}|party|ideas|suggestions|tips|thoughts)\b)",
    re.IGNORECASE,
)
_START = lazy(rf"(?:so |and |but |ok |also |then )?(?:{_WORDS}|whose|whats|am|was|were|has|have you)\b", re.IGNORECASE)
_GROUND = lazy(r"(?:as (?:an?|someone)|since|given that|because|considering)\b", re.IGNORECASE)
_LAST = lazy(r"[^.!?\n]{2,300}\?\s*$")


def declarative(statement: Span) -> Span | None:
    """Return the statement before a question, the whole if there is none, or None if all is a question."""
    if not statement.text.rstrip("\"') ").endswith("?"):
        return statement
    if _GROUND().match(statement.text):
        return statement.cut(0, len(statement.text.rstrip("?\"') ")))
    if _START().match(statement.text):
        return None
    for joint in _JOINT().finditer(statement.text):
        if FIRST_PERSON().search(statement.text[: joint.start()]):
            return statement.cut(0, joint.start())
    return None


def last_question(message: Message | None) -> str | None:
    """Return the question that a message of the conversation ends with, or None."""
    if message is None or message.role in ("system", "tool"):
        return None
    match = _LAST().search(message.content[-400:])
    return " ".join(match[0].split()) if match else None
