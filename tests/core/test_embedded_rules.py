"""Each row of the embedded extractor's tables, run through its stage and through the whole extractor."""

from collections.abc import Callable
from datetime import datetime, timezone

import pytest

from holdfast.dates import find_dates
from holdfast.extractors.embedded import (
    EmbeddedExtractor,
    answers,
    beside,
    cleaning,
    declarations,
    fragments,
    frames,
    grounds,
    instructions,
    markers,
    noise,
    openers,
    passing,
    reference,
    repairs,
    safety,
    slots,
    telling,
    transitions,
)
from holdfast.extractors.embedded.conditions import Claim
from holdfast.extractors.embedded.gate import decides, passes
from holdfast.extractors.embedded.person import rewrite
from holdfast.extractors.embedded.predicate import parse
from holdfast.extractors.embedded.rules import Rule, compiled
from holdfast.extractors.embedded.shapes import SHAPES, Shape
from holdfast.extractors.embedded.splitting import Span
from holdfast.types import Batch, Candidate, Extraction, Message

AT = datetime(2025, 3, 12, 10, 15, tzinfo=timezone.utc)
EXTRACTOR = EmbeddedExtractor()


def extract(text: str) -> Extraction:
    return EXTRACTOR.extract(Batch((Message("user", text, "m1", AT),)))


def halves(fires: str) -> tuple[str, str]:
    before, arrow, after = fires.partition(" => ")
    assert arrow, f"{fires!r} does not say what comes out"
    return before, after


def reported(text: str, reason: str) -> bool:
    """Whether the extractor leaves the text out for that reason and makes no fact of it."""
    found = extract(text)
    return not found.candidates and reason in {skipped.reason for skipped in found.skipped}


def summary(candidate: Candidate) -> str:
    slot = f" {candidate.slot}={candidate.value}" if candidate.slot else ""
    return (
        f"{candidate.kind}{slot}{'!' if candidate.single else ''}{' not' if candidate.polarity == 'negative' else ''}"
    )


def peeled(text: str) -> str:
    return openers.peel(Span(text, 0, len(text)))[0].text


def turned(text: str) -> str:
    found = transitions.transition(text)
    return f"{'retracts' if found.retracts else 'replaces'} {found.old}" if found else ""


def filled(text: str) -> str:
    found = slots.attribute(text)
    return f"{found.slot}={found.value}" if found else ""


def stated(text: str) -> str | None:
    question, _, answer = text.partition(" | ")
    return answers.answered(question, answer)


YIELDS: dict[str, tuple[tuple[Rule, ...], Callable[[str], object]]] = {
    "cleaning.BLOCKS": (cleaning.BLOCKS, lambda text: {cut.reason for cut in cleaning.clean(text)[1]}),
    "cleaning.LINES": (cleaning.LINES, lambda text: {cut.reason for cut in cleaning.clean(text)[1]}),
    "safety.SECRETS": (safety.SECRETS, lambda text: {skipped.reason for skipped in extract(text).skipped}),
    "safety.CODES": (safety.CODES, lambda text: {skipped.reason for skipped in extract(text).skipped}),
    "safety.INJECTIONS": (safety.INJECTIONS, lambda text: {skipped.reason for skipped in extract(text).skipped}),
    "safety.ORDERS": (safety.ORDERS, lambda text: {skipped.reason for skipped in extract(text).skipped}),
    "beside.CARRIED_ON": (beside.CARRIED_ON, beside.carries_on),
    "frames.FRAMES": (frames.FRAMES, lambda text: {skipped.reason for skipped in extract(text).skipped}),
    "frames.ROLE_PLAY": (frames.ROLE_PLAY, lambda text: {skipped.reason for skipped in extract(text).skipped}),
    "frames.PASTED": (frames.PASTED, lambda text: {skipped.reason for skipped in extract(text).skipped}),
    "frames.SUPPOSED": (frames.SUPPOSED, lambda text: {skipped.reason for skipped in extract(text).skipped}),
    "frames.SARCASM": (frames.SARCASM, lambda text: {skipped.reason for skipped in extract(text).skipped}),
    "frames.FIGURES": (frames.FIGURES, lambda text: {skipped.reason for skipped in extract(text).skipped}),
    "noise.NOISE": (noise.NOISE, lambda text: {skipped.reason for skipped in extract(text).skipped}),
    "markers.MARKERS": (markers.MARKERS, markers.markers),
    "openers.OPENERS": (openers.OPENERS, peeled),
    "openers.TAGS": (openers.TAGS, peeled),
    "openers.REMEMBER": (openers.REMEMBER, lambda text: {fact.text for fact in extract(text).candidates}),
    "repairs.SPELLING": (repairs.SPELLING, repairs.spell),
    "fragments.complete.SUBJECTS": (fragments.SUBJECTS, fragments.complete),
    "instructions.STANDING": (instructions.STANDING, lambda text: {fact.text for fact in extract(text).candidates}),
    "instructions.LASTING": (instructions.LASTING, lambda text: {fact.text for fact in extract(text).candidates}),
    "instructions.MANNER": (instructions.MANNER, lambda text: {fact.text for fact in extract(text).candidates}),
    "instructions.WITH_A_DEED": (
        instructions.WITH_A_DEED,
        lambda text: {fact.text for fact in extract(text).candidates},
    ),
    "instructions.WITH_A_REASON": (
        instructions.WITH_A_REASON,
        lambda text: {fact.text for fact in extract(f"I'm deaf. {text}").candidates},
    ),
    "declarations.AT_LARGE": (
        declarations.AT_LARGE,
        lambda text: declarations.first(declarations.AT_LARGE, text)[0].gives,
    ),
    "declarations.DETAILS": (
        declarations.DETAILS,
        lambda text: {rule.gives for rule, _ in declarations.hits(declarations.DETAILS, text)},
    ),
    "declarations.OF_OURS": (
        declarations.OF_OURS,
        lambda text: declarations.first(declarations.OF_OURS, text)[0].gives,
    ),
    "telling.EVIDENCE": (telling.EVIDENCE, lambda text: telling.first(telling.EVIDENCE, text)[0].gives),
    "telling.REQUESTS": (telling.REQUESTS, lambda text: telling.first(telling.REQUESTS, text)[0].gives),
    "grounds.GROUNDS": (grounds.GROUNDS, lambda text: set(grounds.grounds(text))),
    "telling.AFFAIRS": (telling.AFFAIRS, lambda text: telling.first(telling.AFFAIRS, text)[0].gives),
    "reference.HARMLESS": (reference.HARMLESS, lambda text: "unresolved" if reference.unresolved(text) else "resolved"),
    "transitions.TRANSITIONS": (transitions.TRANSITIONS, turned),
    "slots.SLOTS": (slots.SLOTS, filled),
    "passing.PASSING": (passing.PASSING, passing.passing),
    "answers.QUESTIONS": (answers.QUESTIONS, stated),
}
"""Each table, and what its stage or the whole extractor makes of a text."""

ANCHORED = {"cleaning.LINES", "openers.OPENERS", "openers.REMEMBER", "fragments.complete.SUBJECTS"}
NO_FACTS = {
    "safety.SECRETS",
    "safety.CODES",
    "safety.INJECTIONS",
    "safety.ORDERS",
    "frames.FRAMES",
    "frames.ROLE_PLAY",
    "frames.PASTED",
    "frames.SUPPOSED",
    "frames.SARCASM",
    "frames.FIGURES",
    "noise.NOISE",
}
RULES = [(table, rule) for table, (rows, _) in YIELDS.items() for rule in rows]


def rule_failure(table: str, rule: Rule) -> str | None:
    """Return what is wrong with a row's two examples, or None."""
    pattern = compiled(rule.pattern)
    find = pattern.match if table in ANCHORED else pattern.search
    text, expected = halves(rule.fires)
    if not find(text):
        return f"{text!r} does not match"
    if find(rule.spares):
        return f"{rule.spares!r} matches"
    made = YIELDS[table][1](text)
    if made != expected and not (isinstance(made, set | frozenset) and expected in made):
        return f"{text!r} gives {made!r}, not {expected!r}"
    if table in NO_FACTS and extract(text).candidates:
        return f"{text!r} makes a fact"
    return None


def shape_failure(shape: Shape) -> str | None:
    """Return what is wrong with a shape's two examples, or None."""
    text, expected = halves(shape.fires)
    found = extract(text).candidates
    if expected not in map(summary, found):
        return f"{text!r} gives {[summary(one) for one in found]}, not {expected!r}"
    if decided_by(text) is not shape:
        other = decided_by(text)
        return f"{text!r} is decided by {other.name if other else None!r}"
    claim = claim_of(shape.spares)
    if claim is None:
        return f"{shape.spares!r} has no subject and verb"
    if decides(shape, claim) or decided_by(shape.spares) is shape:
        return f"{shape.spares!r} passes"
    return None


def claim_of(text: str) -> Claim | None:
    """Return a message as the gate sees it, whatever the stages before would say."""
    rewritten = rewrite(fragments.complete(repairs.spell(text)))
    predicate = parse(rewritten)
    events = tuple(span.event for span in find_dates(rewritten, AT))
    return Claim(rewritten, predicate, events, frozenset(), telling.calm(text)) if predicate else None


def decided_by(text: str) -> Shape | None:
    """Return the shape that the gate gives to a message, whatever the stages before would say."""
    claim = claim_of(text)
    passed = passes(claim) if claim else None
    return passed.shape if passed else None


@pytest.mark.parametrize(("table", "rule"), RULES, ids=[f"{table}: {rule.name}" for table, rule in RULES])
def test_rule_fires_and_spares(table: str, rule: Rule) -> None:
    assert rule_failure(table, rule) is None


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.name for shape in SHAPES])
def test_shape_fires_and_spares(shape: Shape) -> None:
    assert shape_failure(shape) is None
