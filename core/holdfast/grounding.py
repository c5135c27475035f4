"""A fact has evidence or it is not a fact: what an extractor proposes, held against what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from holdfast.types import Candidate, Extraction, Message, Skipped

__all__ = ["LONGEST", "ground"]

LONGEST = 1_000
"""Characters of a statement; beyond it is a document, not a fact."""


def ground(extraction: Extraction, messages: Sequence[Message]) -> tuple[Extraction, tuple[Skipped, ...]]:
    """Return the extraction without what its evidence does not carry, and what was taken out with the reason.

    Each evidence must name one of the messages, said by the user, and quote its span to the letter; each key must name
    one of the messages.
    """
    known = {message.id: message for message in messages}
    faults = [(candidate, _fault(candidate, known)) for candidate in extraction.candidates]
    refused = tuple(
        Skipped(candidate.evidence[0].message_id if candidate.evidence else "", candidate.text, fault)
        for candidate, fault in faults
        if fault
    )
    sound = tuple(candidate for candidate, fault in faults if not fault)
    keys = tuple(key for key in extraction.keys if key.message_id in known and _writable(key.text))
    return replace(extraction, candidates=sound, keys=keys), refused


def _fault(candidate: Candidate, messages: Mapping[str, Message]) -> str | None:
    if not candidate.text.strip():
        return "says nothing"
    fields = (candidate.text, candidate.subject, candidate.slot, candidate.value, candidate.replaces)
    if not all(_writable(text) for text in (*fields, *candidate.entities, *candidate.flags) if text):
        return "holds characters that cannot be stored"
    if len(candidate.text) > LONGEST:
        return f"longer than {LONGEST} characters"
    if not candidate.evidence:
        return "rests on nothing"
    for span in candidate.evidence:
        message = messages.get(span.message_id)
        if message is None:
            return f"rests on message {span.message_id!r}, which was not to be read"
        if message.role != "user":
            return f"rests on words of the {message.role}, not of the user"
        if span.start >= span.end or message.content[span.start : span.end] != span.quote:
            return "quotes words that the message does not hold"
    return None


def _writable(text: str) -> bool:
    return "\0" not in text and text == text.encode("utf-8", "ignore").decode("utf-8")
