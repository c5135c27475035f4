"""The strict gate: which shape a clause has, and what fills its slot."""

import re
from dataclasses import dataclass
from functools import cache

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.conditions import Claim, about_task, meets
from holdfast.extractors.embedded.rules import compiled
from holdfast.extractors.embedded.shapes import SHAPES, Shape
from holdfast.extractors.embedded.words import words


@dataclass(frozen=True, slots=True)
class Passed:
    """A claim that the gate let through: by which shape, and what it fills."""

    shape: Shape
    slot: str | None
    value: str | None


@cache
def shapes_by_verb() -> dict[str, tuple[Shape, ...]]:
    """Return the shapes that a verb may have, in their order; `*` for a verb that none names."""
    verbs = {verb for shape in SHAPES for verb in verbs_of(shape)} - {"*"}
    table = {verb: tuple(shape for shape in SHAPES if verb in verbs_of(shape) or shape.verbs == "*") for verb in verbs}
    table["*"] = tuple(shape for shape in SHAPES if shape.verbs == "*")
    return table


@cache
def verbs_of(shape: Shape) -> frozenset[str]:
    """Return the verbs of a shape: its own, or those of the list that it names."""
    return words(shape.verbs[1:-1]) if shape.verbs.startswith("<") else frozenset(shape.verbs.split())


_TASK_KINDS = ("possession", "goal", "decision", "event", "habit", "plan", "technology")
_WHO = {
    "user": ("user", "team"),
    "own": ("user", "team", "person"),
    "person": ("person",),
    "thing": ("thing",),
    "name": ("name",),
    "other": ("other", "name"),
    "anyone": ("user", "team", "person", "thing", "name", "other"),
    "any": ("user", "team", "person", "thing", "name"),
}


def passes(claim: Claim) -> Passed | None:
    """Return the first shape that fits, with its slot and value; None if the clause is no fact."""
    table = shapes_by_verb()
    shapes = table.get(claim.predicate.verb, table["*"])
    return next((passed for shape in shapes if (passed := decides(shape, claim))), None)


def decides(shape: Shape, claim: Claim) -> Passed | None:
    """Return what one shape makes of a claim, or None if the claim does not have this shape."""
    if shape.verbs != "*" and claim.predicate.verb not in verbs_of(shape):
        return None
    if not _fits(shape, claim):
        return None
    if shape.kind in _TASK_KINDS and claim.predicate.verb in words("task_verbs") and about_task(claim):
        return None
    slot, value = _filled(shape, claim)
    needs = shape.needs.split("|")
    if value is None and "value" in needs:
        others = "|".join(need for need in needs if need != "value")
        if not others or not meets(claim, others):
            return None
    return Passed(shape, slot, value)


_OF_WISHES = frozenset({"would like", "would rather", "would pick"})
"""Shapes of what one would do: elsewhere "would" and its like state nothing."""


def _fits(shape: Shape, claim: Claim) -> bool:
    predicate = claim.predicate
    if predicate.holder not in _WHO[shape.who] or (predicate.holder == "name" and shape.who == "any"):
        return False
    if predicate.tense not in shape.tense.split() if shape.tense else predicate.tense == "modal":
        return False
    if predicate.auxiliary in ("would", "could", "should", "must") and shape.name not in _OF_WISHES:
        return False
    if predicate.progressive and predicate.tense == "past" and shape.kind == "event" and not claim.events:
        return False  # "was listening to a podcast": what one was doing, and nobody knows when
    if shape.adverb and not any(compiled(shape.adverb).fullmatch(adverb) for adverb in predicate.adverbs or {""}):
        return False
    if shape.subject and not compiled(shape.subject).search(predicate.subject):
        return False
    return bool(compiled(shape.rest).match(predicate.rest)) and meets(claim, shape.needs)


def _filled(shape: Shape, claim: Claim) -> tuple[str | None, str | None]:
    if not shape.slot or not shape.value:
        return None, None
    match = compiled(shape.value).match(claim.predicate.rest)
    if match is None or not match["value"]:
        return None, None
    value = trim(match["value"])
    if (
        claim.predicate.negated
        and shape.kind == "preference"
        and _CIRCUMSTANCE().match(claim.predicate.rest, match.end())
    ):
        return None, None  # not running on treadmills is not: not running
    if claim.events and shape.name in ("a thing of theirs is due", "rescheduled"):
        value = claim.events[0].start.isoformat()
    if not value or ("{object}" in shape.slot and len(value.split()) > 4):
        return None, None
    thing = re.sub(r"^.*?favou?rite ", "", claim.predicate.thing.lower())
    thing = re.sub(r"^(?:(?:new|current|old|main|line|now|regular|monthly|daily|base|gross|net) )+", "", thing)
    thing = thing.removesuffix(" of all time")
    thing = _SAME_THING.get(thing, thing)
    return shape.slot.format(object=_object(value), thing=thing.replace(" ", "_")), value


_CIRCUMSTANCE = lazy(
    r" (?:on|in|at|with|when|whenever|while|if|during|before|after|from|without|unless|alone|near|by|under|that|who"
    r"|which"
    r"|as a|for (?:breakfast|lunch|dinner|work|long))\b"
)
_SAME_THING = {
    "colour": "color", "last name": "surname", "family name": "surname", "manager": "boss",
    "first name": "first_name", "movie": "film",
    "time zone": "timezone", "date of birth": "birthday", "dob": "birthday",
    "flavour": "flavor", "home town": "hometown",
}  # fmt: skip
"""Attributes under one name, so that "my last name is" meets "my surname is"."""


def trim(value: str) -> str:
    """Return a slot's value without article, trailing adverbs and punctuation."""
    value = re.sub(
        r"^(?:the|a|an|my|user's|now|currently|probably|actually|called|named) ",
        "",
        value.strip(" .,;:!\"'"),
        flags=re.IGNORECASE,
    )
    return re.sub(
        r" (?:now|too|also|as well|again|instead|actually|these days|though|lately|a lot|so much|very much"
        r"|the most)$",
        "",
        value,
    ).strip(" .,;:!\"'")


def _object(value: str) -> str:
    return re.sub(
        r"^(?:to |the |a |an |some |any |my |user's |eating |drinking |using |playing )+", "", value.lower()
    ).strip()
