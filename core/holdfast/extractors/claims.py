"""The facts of a model's answer as candidates: ids known, quotes found, words of others left out."""

import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import Any, cast

from holdfast.extractors.embedded.cleaning import Cut, clean
from holdfast.extractors.prompts import LONGEST, SLOTS
from holdfast.extractors.redaction import without_secrets
from holdfast.types import (
    KINDS,
    Batch,
    Candidate,
    Category,
    Confidence,
    Event,
    Evidence,
    Grain,
    Kind,
    Message,
    Relation,
    RelationType,
    Skipped,
)

__all__ = ["Claims", "claims_of", "fault_in"]

_CATEGORY: Mapping[str, Category] = {
    "identity": "identity",
    "location": "location",
    "work": "work_education",
    "education": "work_education",
    "skill": "work_education",
    "technology": "technology",
    "preference": "preference_instruction",
    "instruction": "preference_instruction",
    "relation": "people",
    "health": "health",
    "goal": "goal_plan",
    "decision": "goal_plan",
    "plan": "goal_plan",
}
_CONFIDENCE: Mapping[str, Confidence] = {"stated": "high", "implied": "medium", "uncertain": "low"}
_RELATIONS: tuple[RelationType, ...] = ("duplicates", "updates", "contradicts", "elaborates")
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " "})
_WORD = re.compile(r"\S+")
_NEGATED = re.compile(r"\b(?:not|never|no longer|cannot)\b|n't\b", re.IGNORECASE)
_ENDED = re.compile(
    r"\b(?:no longer|not\b.{1,60}\b(?:any ?more|any longer)|stopped|quit|gave up|sold|left|ended|cancell?ed)\b",
    re.IGNORECASE,
)
_PER_MESSAGE, _BESIDE = 3, 5


@dataclass(slots=True)
class Claims:
    """What an answer claims: candidates, those refused at once, and relations left out."""

    candidates: list[Candidate] = field(default_factory=list[Candidate])
    refused: list[Skipped] = field(default_factory=list[Skipped])
    skipped: list[Skipped] = field(default_factory=list[Skipped])

    def add(self, others: "Claims") -> None:
        """Take in the claims of another answer."""
        self.candidates += others.candidates
        self.refused += others.refused
        self.skipped += others.skipped


def fault_in(answer: Mapping[str, Any]) -> str | None:
    """Return what is wrong with an answer's shape, or None. Fields that can be done without may be missing."""
    facts = answer.get("facts")
    if not isinstance(facts, list):
        return "'facts' is not a list"
    for number, fact in enumerate(cast(list[Any], facts), 1):
        if not isinstance(fact, dict):
            return f"fact {number} is not an object"
        given = cast(dict[str, Any], fact)
        if not isinstance(given.get("text"), str):
            return f"the 'text' of fact {number} is not a text"
        spans = given.get("evidence")
        if not isinstance(spans, list) or not all(_is_span(span) for span in cast(list[Any], spans)):
            return f"the 'evidence' of fact {number} is not a list of objects with 'message' and 'quote'"
    return None


def _is_span(span: Any) -> bool:
    if not isinstance(span, dict):
        return False
    given = cast(dict[str, Any], span)
    return isinstance(given.get("message"), str) and isinstance(given.get("quote"), str)


def claims_of(answer: Mapping[str, Any], batch: Batch) -> Claims:
    """Return the facts of an answer without fault, each held against the messages that it quotes.

    Refused is what quotes no message of the batch, or words that it does not hold or that are not its author's (code,
    quotations, text between tags), what is longer than a fact, and what is more than a batch of this size can say.
    """
    claims = Claims()
    messages = {f"m{number}": _Quotable(message) for number, message in enumerate(batch.messages, 1)}
    most = _PER_MESSAGE * len(batch.messages) + _BESIDE
    for number, fact in enumerate(cast(list[dict[str, Any]], answer["facts"])):
        text = " ".join(fact["text"].split())
        evidence, fault = _evidence(fact["evidence"], messages)
        if number >= most:
            fault = f"one of more than {most} statements about {len(batch.messages)} messages"
        elif len(text) > LONGEST:
            fault = f"longer than {LONGEST} characters"
        if fault:
            named = [span["message"] for span in fact["evidence"] if span["message"] in messages]
            about = messages[named[0]].message if named else batch.messages[0]
            claims.refused.append(Skipped(about.id, text[: 2 * LONGEST], fault))
            continue
        relations, unknown = _relations(fact.get("relations"), batch)
        if unknown:
            reason = "the relation to a fact that was not given is left out"
            claims.skipped.append(Skipped(evidence[0].message_id, text, reason))
        claims.candidates.append(_candidate(fact, text, evidence, relations))
    return claims


def _evidence(
    spans: Sequence[Mapping[str, str]], messages: Mapping[str, "_Quotable"]
) -> tuple[tuple[Evidence, ...], str]:
    found: list[Evidence] = []
    for span in spans:
        quotable = messages.get(span["message"])
        if quotable is None:
            return (), "rests on a message that was not to be read"
        message = quotable.message
        if message.role != "user":
            return (), f"rests on words of the {message.role}, not of the user"
        places = quotable.places(span["quote"])
        if not places:
            return (), "quotes words that the message does not hold"
        own = [place for place in places if not quotable.is_foreign(place)]
        if not own:
            return (), "quotes code, or words that its author quotes"
        start, end = own[0]
        found.append(Evidence(message.id, start, end, message.content[start:end]))
    return tuple(dict.fromkeys(found)), "" if found else "rests on nothing"


class _Quotable:
    """A message that an answer may quote; what is costly to know of it is found out once, when it is quoted."""

    def __init__(self, message: Message) -> None:
        self.message = message

    @cached_property
    def _shown(self) -> str:
        # What the model was given had its secrets blanked: a quote of one is found nowhere.
        return without_secrets(self.message.content).translate(_PLAIN)

    @cached_property
    def _cuts(self) -> Sequence[Cut]:
        return clean(self.message.content)[1]

    @cached_property
    def _words(self) -> tuple[str, list[int], list[int]]:
        """Return its words with one space between them, and where each begins: in that text, and in the message."""
        spans = [match.span() for match in _WORD.finditer(self._shown)]
        lengths = accumulate((end - start + 1 for start, end in spans), initial=0)
        return " ".join(self._shown[start:end] for start, end in spans), [*lengths], [start for start, _ in spans]

    def places(self, quote: str) -> list[tuple[int, int]]:
        """Return where a quote stands, white space and the style of quotation marks apart."""
        wanted = " ".join(quote.translate(_PLAIN).split())
        text, begins, starts = self._words
        places: list[tuple[int, int]] = []
        # Not by a pattern made of the quote: it costs as much as a search, and `re` would keep the user's words.
        found = text.find(wanted) if wanted else -1
        while found >= 0:
            last = found + len(wanted) - 1
            first_word, last_word = bisect(begins, found) - 1, bisect(begins, last) - 1
            start, end = starts[first_word] + found - begins[first_word], starts[last_word] + last - begins[last_word]
            places.append((start, end + 1))
            found = text.find(wanted, last + 1)
        return places

    def is_foreign(self, place: tuple[int, int]) -> bool:
        """Whether a place lies in code, in quoted lines, or between tags that hold no speech of the user's."""
        return any(place[0] < cut.end and cut.start < place[1] for cut in self._cuts)


def _relations(given: Any, batch: Batch) -> tuple[tuple[Relation, ...], bool]:
    """Return the relations to facts of the batch, one a fact, and whether there were others."""
    known = {f"E{number}": fact.id for number, fact in enumerate(batch.existing, 1)}
    found: dict[str, Relation] = {}
    unknown = False
    for one in cast(list[Any], given) if isinstance(given, list) else []:
        relation = cast(dict[str, Any], one) if isinstance(one, dict) else {}
        fact_id, type_ = known.get(str(relation.get("existing"))), relation.get("type")
        if fact_id is None or type_ not in _RELATIONS:
            unknown = True
        else:
            found.setdefault(fact_id, Relation(fact_id, type_))
    return tuple(found.values()), unknown


def _candidate(
    fact: Mapping[str, Any], text: str, evidence: tuple[Evidence, ...], relations: tuple[Relation, ...]
) -> Candidate:
    kind = cast(Kind, fact.get("kind") if fact.get("kind") in KINDS else "note")
    subject = _words(fact.get("subject")) or "User"
    slot, value = _words(fact.get("slot")), _words(fact.get("value"))
    if slot not in SLOTS or value is None or subject != "User":
        slot = value = None
    certainty = fact.get("certainty")
    flags = (["negated"] if _NEGATED.search(text) else []) + (["hedged"] if certainty == "uncertain" else [])
    entities = fact.get("entities")
    named = cast(list[Any], entities) if isinstance(entities, list) else []
    return Candidate(
        text=text,
        evidence=evidence,
        kind=kind,
        category=_CATEGORY.get(kind, "event_other"),
        subject=subject,
        slot=slot,
        value=value,
        single=slot is not None,
        polarity="negative" if "negated" in flags else "positive",
        entities=tuple(dict.fromkeys(name for name in map(_words, named) if name)),
        event=_event(fact.get("event_start"), fact.get("event_end")),
        confidence=_CONFIDENCE.get(str(certainty), "medium"),
        flags=tuple(flags),
        retracts=bool(_ENDED.search(text)),
        relations=relations,
    )


def _words(value: Any) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _event(first: Any, last: Any) -> Event | None:
    """Return the days that the dates name, or None where they name none."""
    days: list[date] = []
    for text in (first, last):
        try:
            days.append(date.fromisoformat(str(text)))
        except ValueError:  # noqa: PERF203 - two at most
            continue
    if not days:
        return None
    start, end = min(days), max(days)
    length = (end - start).days + 1
    grains: tuple[tuple[int, Grain], ...] = ((1, "day"), (7, "week"), (31, "month"), (92, "quarter"), (366, "year"))
    for most, grain in grains:
        if length <= most:
            return Event(start, end, grain)
    return Event(start, end, "decade")
