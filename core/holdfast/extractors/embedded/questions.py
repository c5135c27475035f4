"""Questions: the statement in front of one, and the one that a message ends with."""

import re

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.fragments import complete
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
AS_ONE = lazy(r"as (?:an?|someone|somebody)\b", re.IGNORECASE)
"""How a question begins that says first who asks it."""
_TAIL = lazy(
    r", (?:so |and |but )?(?:(?:what|how(?! many| much| long| far| old))(?: \w+){0,2}? "
    r"(?:can|do|does|should|could|would|is|are|to)\b"
    r"|(?:which|where|who|why|when) (?:\w+ )?(?:can|do|should|could) (?:i|we)\b"
    r"|(?:should|could|can|do|does|will|would) (?:i|we)\b|what'?s (?:an?|the|my|a good)\b|which(?: (?!is\b|was\b"
    r"|are\b|has\b)\w+){1,3}$"
    r"|(?:can|could|would) you\b|any (?:ideas|tips|advice|suggestions|recommendations|thoughts)\b"
    r"|(?:please |pls )?(?:make|give|write|help|suggest|recommend|tell|show|explain|convert|translate)"
    r"(?: (?:me|us|it|this|the)\b|$))",
    re.IGNORECASE,
)
"""What is asked or ordered after a comma, without a question mark: "I have a toddler, how do I sleep"."""
_LAST = lazy(r"[^.!?\n]{2,300}\?\s*$")


def declarative(statement: Span) -> Span | None:
    """Return the statement before a question, the whole if there is none, or None if all is a question."""
    if not statement.text.rstrip("\"') ").endswith("?"):
        return _without_tail(statement)
    if _GROUND().match(statement.text):
        return statement.cut(0, len(statement.text.rstrip("?\"') ")))
    if _START().match(statement.text):
        return None
    for joint in _JOINT().finditer(statement.text):
        head = statement.text[: joint.start()]
        if FIRST_PERSON().search(head) or FIRST_PERSON().search(complete(head)):
            return statement.cut(0, joint.start())
    return None


def _without_tail(statement: Span) -> Span:
    """Return the statement without a question or order that is added after a comma."""
    for tail in _TAIL().finditer(statement.text):
        head = statement.text[: tail.start()]
        states = FIRST_PERSON().search(head) and len(head.split()) > 3
        if states and not _START().match(head):
            return statement.cut(0, tail.start())
    return statement


def last_question(message: Message | None) -> str | None:
    """Return the question that a message of the conversation ends with, or None."""
    if message is None or message.role in ("system", "tool"):
        return None
    match = _LAST().search(message.content[-400:])
    return " ".join(match[0].split()) if match else None
