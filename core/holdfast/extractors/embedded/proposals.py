"""From a clause that passed the gate to the candidate fact."""

import re
from dataclasses import replace
from datetime import datetime

from holdfast.dates import resolve
from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.entities import entities, software
from holdfast.extractors.embedded.gate import Passed
from holdfast.extractors.embedded.instructions import Instruction
from holdfast.extractors.embedded.person import USER
from holdfast.extractors.embedded.predicate import Predicate
from holdfast.extractors.embedded.shapes import Shape
from holdfast.extractors.embedded.slots import Attribute, attribute
from holdfast.extractors.embedded.transitions import Transition, transition
from holdfast.extractors.embedded.views import View, events
from holdfast.extractors.embedded.words import kin
from holdfast.types import Candidate, Category, Confidence, Evidence, Kind

_CATEGORY: dict[Kind, Category] = {
    "identity": "identity",
    "location": "location",
    "work": "work_education",
    "education": "work_education",
    "health": "health",
    "relation": "people",
    "preference": "preference_instruction",
    "goal": "goal_plan",
    "decision": "goal_plan",
    "possession": "event_other",
    "habit": "event_other",
    "skill": "work_education",
    "event": "event_other",
    "plan": "goal_plan",
    "technology": "technology",
    "instruction": "preference_instruction",
    "note": "event_other",
}
_FLAGS = ("unresolved", "we", "negated", "hedged", "corrected", "past")
_STATES = frozenset("live work like love use have study drive play".split())
"""Verbs whose past tense says that a state is over; the past of a deed still holds."""
_CHANGES = frozenset("start join move get turn".split())
"""Verbs of change: "this week" dates them, and does not make them temporary."""
_ONE_OF_A_KIND = frozenset(
    f"attr:{noun}" for noun in "deadline wedding birthday due_date launch release surgery lease contract".split()
)
"""Things with one date at a time; of flights and exams there may be several."""
_BY_NOW = lazy(
    r"^(?!.*\b(?:mom|mum|dad|mother|father|parent|grand\w+|aunt|uncle|student)\b).*\b(?:now|these days)\b",
    re.IGNORECASE,
)
"""An occupation that somebody has by now stands in for the one before: "I'm a teacher now"."""
_NOT_SO_ANY_MORE = lazy(r"\b(?:any ?more|any longer)\b|\binstead of\b.*\bnow\b|\bnow\b.*\binstead of\b", re.IGNORECASE)
"""How a plan is told that has changed already."""
_NOT_THAT = lazy(
    r"(?:, (?:and )?not|\binstead of|\brather than) (?:with |in |as |by )?(?P<old>[\w'. -]{2,40}?)[.!]?$", re.IGNORECASE
)
"""How a wish names what was wished before."""
_NO_CHANGE = frozenset({"hedged", "past", "additive", "temporary", "negated"})
_NO_CLAIM = frozenset({"hedged", "past", "negated", "unresolved"})
_LASTING_SLOTS = ("preference", "age", "relationship")


def introduced(evidence: tuple[Evidence, ...], name: str) -> Candidate:
    """Return the fact that the user goes by a name."""
    text = f"User's name is {name}"
    return Candidate(
        text,
        evidence,
        "identity",
        "identity",
        slot="name",
        value=name,
        single=True,
        entities=(name,),
        confidence="high",
    )


def instructed(evidence: tuple[Evidence, ...], wish: Instruction) -> Candidate:
    """Return the fact that the user wants the assistant to do something, or no longer to do it."""
    before = None if wish.unwanted else _NOT_THAT().search(wish.text)
    return Candidate(
        wish.text,
        evidence,
        "instruction",
        "identity" if wish.slot == "preferred_name" else "preference_instruction",
        slot=wish.slot,
        value=wish.value,
        single=wish.slot is not None,
        polarity="negative" if wish.unwanted else "positive",
        entities=entities(wish.text),
        confidence="high",
        replaces=before["old"] if before else wish.unwanted,
        retracts=wish.unwanted is not None,
    )


def proposed(evidence: tuple[Evidence, ...], seen: View, passed: Passed | None, said_at: datetime | None) -> Candidate:
    """Return the fact that a clause states; one that passed no shape was asked to be remembered, and is a note."""
    shape = passed.shape if passed else None
    predicate = seen.predicate
    kind: Kind = shape.kind if shape else "note"
    flags = set(seen.flags)
    if predicate and passed and _is_over(predicate, passed):
        flags.add("past")
    if predicate and (predicate.verb in _CHANGES or predicate.tense not in ("present", "modal")):
        flags.discard("temporary")
    turn = transition(seen.text) if _may_turn(shape, predicate) else None
    if turn and turn.old == "pregnant":
        flags.discard("past")  # "had her baby" is a deed
    slot, value, single = _slot(passed, flags)
    single = single or (slot == "occupation" and _BY_NOW().search(seen.text) is not None and not flags & _NO_CHANGE)
    told = attribute(seen.text) if slot is None and not flags & _NO_CLAIM else None
    if told:
        slot, value, single = told.slot, told.value, told.anew and "additive" not in flags
    denied = bool(predicate and predicate.negated)
    no_longer = bool(predicate and "no longer" in predicate.adverbs)
    dated = events(seen, said_at)
    return Candidate(
        resolve(seen.text, said_at, day_first=seen.day_first) if said_at else seen.text,
        evidence,
        kind,
        _category(kind, shape, predicate, seen.text),
        USER if told and told.slot != "works_at" and not _of_a_team(told, predicate) else _about(passed, predicate),
        slot,
        value,
        single,
        "negative" if denied != bool(shape and shape.negative) else "positive",
        entities(seen.text),
        dated[0] if dated else None,
        _confidence(kind, flags, single=single),
        tuple(flag for flag in _FLAGS if flag in flags),
        _ended(turn, predicate),
        _retracts(turn) or no_longer,
        "additive" in flags,
    )


def _of_a_team(told: Attribute, predicate: Predicate | None) -> bool:
    return told.slot.startswith("version:") and predicate is not None and predicate.subject == "User's team"


def noted(evidence: tuple[Evidence, ...], seen: View, said_at: datetime | None) -> Candidate:
    """Return the fact of a statement that no shape takes apart, as it was said; it closes what it says is over."""
    over = seen.predicate is not None and (seen.predicate.tense in ("past", "perfect") or "no longer" in seen.text)
    turn = transition(seen.text) if over else None
    ended = turn.old if turn else None
    if USER not in seen.text:
        seen = replace(seen, text=f"About User: {seen.text.strip(' .,;')}")
    note = proposed(evidence, seen, None, said_at)
    subject = USER if ended and ended in note.subject else note.subject
    return replace(note, subject=subject, replaces=ended, retracts=_retracts(turn), confidence="low")


def _is_over(predicate: Predicate, passed: Passed) -> bool:
    if predicate.tense != "past":
        return False
    if predicate.verb == "have" and (
        passed.shape.kind not in ("possession", "relation") or predicate.rest.startswith("to ")
    ):
        return False  # "had surgery" is a deed
    return predicate.verb in _STATES or (
        predicate.verb == "be" and passed.slot is not None and passed.shape.name != "rescheduled"
    )


def _slot(passed: Passed | None, flags: set[str]) -> tuple[str | None, str | None, bool]:
    """Return slot and value, and whether a new value takes the old one's place."""
    if passed is None or passed.slot is None:
        return None, None, False
    if flags & {"past", "temporary"} and not passed.slot.startswith(_LASTING_SLOTS):
        return None, None, False
    single = passed.shape.single and not flags & _NO_CHANGE
    if passed.shape.kind == "plan" and passed.slot not in _ONE_OF_A_KIND:
        single = False
    return passed.slot, passed.value, single


def _may_turn(shape: Shape | None, predicate: Predicate | None) -> bool:
    """Tell whether a statement can say that something has changed, not that it should or may."""
    if shape is None:
        return True
    if shape.kind in ("goal", "plan") and not (predicate and _NOT_SO_ANY_MORE().search(predicate.rest)):
        return shape.name == "rescheduled" or (predicate is not None and "no longer" in predicate.adverbs)
    return predicate is not None and predicate.tense in ("present", "past", "perfect")


def _ended(turn: Transition | None, predicate: Predicate | None) -> str | None:
    """Return what a statement ends; with the thing that it is said of ("my office moved from Leeds"), if any."""
    if turn is None or turn.old is None:
        return None
    thing = predicate.thing if predicate and predicate.holder == "thing" else ""
    return turn.old if not thing or turn.old in thing else f"{thing} {turn.old}"


def _retracts(turn: Transition | None) -> bool:
    return turn is not None and turn.retracts


def _confidence(kind: Kind, flags: set[str], *, single: bool) -> Confidence:
    if "hedged" in flags:
        return "low"
    return "high" if single or kind in ("identity", "instruction") else "medium"


_OF_THE_USER = frozenset({"somebody died", "a name is gone", "put on medicine", "was told to", "was let go"})
"""Shapes whose subject is another, and which say something of the user's life."""


def _about(passed: Passed | None, predicate: Predicate | None) -> str:
    if passed and (passed.shape.name in _OF_THE_USER or (passed.slot or "").startswith("attr:")):
        subject = _subject(predicate)
        return subject if "'s " in subject.removeprefix("User's ") else USER
    return _subject(predicate)


def _subject(predicate: Predicate | None) -> str:
    """Return whom a fact is about; a thing is its owner's: `User's sister` for `User's sister's name`."""
    if predicate is None or predicate.holder == "user":
        return USER
    if predicate.holder == "thing":
        owner = re.match(r"(User's (?:[\w-]+ ){0,2}?([\w-]+)(?: [A-Z][\w-]+)?)'s? ", predicate.subject)
        return owner[1] if owner and owner[2].lower() in kin() else USER
    return re.sub(r"\s*\([^)]*\)|,? who.*$", "", predicate.subject)


def _category(kind: Kind, shape: Shape | None, predicate: Predicate | None, text: str) -> Category:
    if shape and shape.category:
        return shape.category
    if predicate and predicate.holder == "person":
        return "people"
    if kind in ("decision", "possession", "habit", "event") and software(text):
        return "technology"
    return _CATEGORY[kind]
