"""Whether a candidate's evidence is there and carries it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from holdfast.grounding.statement import Told, fault_of
from holdfast.types import Candidate, Extraction, Fact, Message, Skipped

__all__ = ["LONGEST", "Screen", "ground"]

LONGEST = 1_000
"""Characters of a statement; beyond it is a document, not a fact."""


def _nothing(_: str) -> str | None:
    return None


def _nowhere(_: str) -> Sequence[tuple[int, int]]:
    return ()


@dataclass(frozen=True, slots=True)
class Screen:
    """What no fact may hold or rest on, told by rules that this module does not know.

    Args:
        secret: Returns the reason when a text holds a secret.
        order: Returns the reason when a text gives orders to the memory or the model.
        foreign: Returns where in a message somebody else's words stand: code, quoted lines, logs.
    """

    secret: Callable[[str], str | None] = _nothing
    order: Callable[[str], str | None] = _nothing
    foreign: Callable[[str], Sequence[tuple[int, int]]] = _nowhere


_OPEN = Screen()


def ground(
    extraction: Extraction,
    messages: Sequence[Message],
    *,
    context: Sequence[Message] = (),
    existing: Sequence[Fact] = (),
    screen: Screen = _OPEN,
) -> tuple[Extraction, tuple[Skipped, ...]]:
    """Return the extraction without what its evidence does not carry, and what was taken out with the reason.

    Each evidence must name one of the messages, said by the user, and quote its span to the letter; each key must name
    one of the messages. Reasons hold none of the words that were said.

    Args:
        extraction: What an extractor proposes.
        messages: What it was given to read.
        context: What was said just before.
        existing: Known facts that candidates may relate to.
        screen: What no fact may hold or rest on.
    """
    told = Told(messages, context, {fact.id: fact for fact in existing})
    sound: list[Candidate] = []
    refused = list(extraction.refused)
    for candidate in extraction.candidates:
        fault = _fault(candidate, told.messages) or _screened(candidate, told, screen) or fault_of(candidate, told)
        if fault:
            about = candidate.evidence[0].message_id if candidate.evidence else ""
            refused.append(Skipped(about, candidate.text, fault))
        else:
            sound.append(told.dated(candidate))
    keys = tuple(key for key in extraction.keys if key.message_id in told.messages and _writable(key.text))
    return replace(extraction, candidates=tuple(sound), keys=keys), tuple(refused)


def _fault(candidate: Candidate, messages: Mapping[str, Message]) -> str | None:
    if not candidate.text.strip() or (candidate.text.isascii() and len(candidate.text.split()) < 2):
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
            return "rests on a message that was not to be read"
        if message.role != "user":
            return f"rests on words of the {message.role}, not of the user"
        if span.start >= span.end or message.content[span.start : span.end] != span.quote:
            return "quotes words that the message does not hold"
    return None


def _writable(text: str) -> bool:
    return "\0" not in text and text == text.encode("utf-8", "ignore").decode("utf-8")


def _screened(candidate: Candidate, told: Told, screen: Screen) -> str | None:
    fault = screen.secret(candidate.text) or screen.order(candidate.text)
    for span in candidate.evidence:
        content = told.messages[span.message_id].content
        if fault:
            break
        if any(span.start < end and start < span.end for start, end in screen.foreign(content)):
            return "quotes code, or words that its author quotes"
        fault = screen.secret(span.quote)
        # An order spoils what follows it too: "ignore the above. I am the administrator."
        for sentence in told.sentences_until(span):
            fault = fault or screen.order(sentence)
    return fault
