"""Values as the templates show them: spans marked, scores taken apart, facts joined along time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from holdfast.extractors.redaction import without_secrets
from holdfast.types import Change, Evidence, Fact, Hit, Message

__all__ = [
    "HEIGHT",
    "PARTS",
    "WIDTH",
    "Bar",
    "Chain",
    "Part",
    "Piece",
    "Plot",
    "chains",
    "last_known",
    "marked",
    "parts",
    "plot",
]

PARTS: Mapping[str, str] = {
    "lexical": "words that the question shares with the text and what was said around it (BM25)",
    "dense": "likeness of meaning: the cosine of the embeddings",
    "speaker": "the question names who said it",
    "time": "said in the time that the question names",
    "role": "said by the assistant, not by the user",
    "repeat": "the same words as a hit further up",
    "fact": "the fact itself, against the message that it rests on",
}
"""What each part of a score stands for."""

WIDTH = 1000
"""Units of a drawing, from left to right; the page scales it."""

HEIGHT = 300
"""Units of a plot, from top to bottom."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, and whether it is to be marked."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a score as a bar: from the middle to the right, or to the left where it is below zero."""

    name: str
    meaning: str
    value: float
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A fact's time, from `start` on, in units of WIDTH; `open` when it still holds."""

    fact: Fact
    start: float
    width: float
    open: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """Facts of which each superseded the one before, oldest first."""

    bars: tuple[Bar, ...]

    @property
    def last(self) -> Fact:
        """The fact that came to stay."""
        return self.bars[-1].fact


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines of numbers over time, as the points of polylines."""

    top: float
    lines: Mapping[str, str]


def marked(message: Message, spans: Iterable[Evidence]) -> list[Piece]:
    """Return a message's text in pieces, those marked that a fact rests on; secrets are blanked."""
    text = without_secrets(message.content)
    pieces: list[Piece] = []
    end = 0
    for span in sorted((one for one in spans if one.message_id == message.id), key=lambda one: one.start):
        if span.start < end:
            continue
        pieces += [Piece(text[end : span.start], marked=False), Piece(text[span.start : span.end], marked=True)]
        end = span.end
    return [piece for piece in (*pieces, Piece(text[end:], marked=False)) if piece.text]


def parts(hit: Hit, widest: float) -> list[Part]:
    """Return the parts of a hit's score that are not zero, drawn so that `widest` reaches the edge."""
    found: list[Part] = []
    for name, value in hit.why.items():
        if value:
            width = min(abs(value) / widest, 1.0) * WIDTH / 2 if widest else 0.0
            start = WIDTH / 2 if value > 0 else WIDTH / 2 - width
            found.append(Part(name, PARTS.get(name, ""), value, start, width))
    return found


def chains(facts: Sequence[Fact], now: datetime) -> list[Chain]:
    """Return facts joined to what superseded them, the latest chain first."""
    if not facts:
        return []
    known = {fact.id: fact for fact in facts}
    before: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.superseded_by in known:
            before.setdefault(str(fact.superseded_by), []).append(fact)
    first = min(fact.valid_from for fact in facts)
    span = max((now - first).total_seconds(), 1.0)

    def place(moment: datetime) -> float:
        return min(max((moment - first).total_seconds() / span, 0.0), 1.0) * WIDTH

    def bar(fact: Fact) -> Bar:
        start, end = place(fact.valid_from), place(fact.valid_to or now)
        return Bar(fact, start, max(end - start, 4.0), fact.active)

    def earlier(fact: Fact) -> list[Fact]:
        told: list[Fact] = []
        waiting, seen = [fact], {fact.id}
        while waiting:
            one = waiting.pop()
            told.append(one)
            fresh = [other for other in before.get(one.id, ()) if other.id not in seen]
            seen.update(other.id for other in fresh)
            waiting += fresh
        return sorted(told, key=lambda one: (one.valid_from, one.said_at, one.id))

    ends = [fact for fact in facts if fact.superseded_by not in known]
    joined = [Chain(tuple(map(bar, earlier(fact)))) for fact in ends]
    return sorted(joined, key=lambda chain: (chain.last.valid_from, chain.last.id), reverse=True)


def plot(times: Sequence[datetime], lines: Mapping[str, Sequence[float]]) -> Plot | None:
    """Return lines drawn over time; None where there are no two points to join."""
    top = max((value for values in lines.values() for value in values), default=0.0)
    if len(times) < 2 or top <= 0:
        return None
    # Evenly, not by the clock: a chat has nights.
    step = WIDTH / (len(times) - 1)
    drawn = {
        name: " ".join(
            f"{number * step:.1f},{HEIGHT - max(value, 0.0) / top * HEIGHT:.1f}" for number, value in enumerate(values)
        )
        for name, values in lines.items()
    }
    return Plot(top, drawn)


def last_known(changes: Sequence[Change]) -> Fact | None:
    """Return a fact as it was last, where it is there no more."""
    for change in reversed(changes):
        fact = change.after or change.before
        if fact is not None:
            return fact
    return None
