"""A clause as the rest of the stages see it: rewritten, taken apart, flagged."""

import re
from dataclasses import dataclass
from datetime import datetime

from holdfast.dates import DateSpan, find_dates
from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.conditions import Claim, about_task
from holdfast.extractors.embedded.entities import software
from holdfast.extractors.embedded.gate import Passed, passes
from holdfast.extractors.embedded.markers import markers
from holdfast.extractors.embedded.passing import passing
from holdfast.extractors.embedded.person import FIRST_PERSON, TEAM, USER, rewrite
from holdfast.extractors.embedded.predicate import Predicate, parse
from holdfast.extractors.embedded.reference import resolve_subject, unresolved
from holdfast.extractors.embedded.telling import tells, tells_of_oneself
from holdfast.types import Event

_WE = lazy(r"\b(?:we|we're|we've|we'll|we'd|our|us)\b", re.IGNORECASE)
_YOU = lazy(r"\b(?:you|your|yours|yourself|you're|you've|u|ur)\b", re.IGNORECASE)
_AT_WORK = lazy(
    r"\b(?:team|sprint|codebase|repo|deploy\w*|prod|production|staging|backend|frontend|api|microservices?"
    r"|release|customers"
    r"|clients?|at work|stand-?up|roadmap|ci|database|server|servers|infra|monorepo)\b",
    re.IGNORECASE,
)
_HEDGE = lazy(r"^User (?:thinks|guesses|believes|supposes|figures|reckons)(?: that)? (?=User)")


@dataclass(frozen=True, slots=True)
class View:
    """A clause in the third person.

    Args:
        text: Its words.
        predicate: The same, taken apart, or None.
        flags: Those of keys and facts, and `additive` and `temporary`.
        about: It speaks of the user or of someone named.
        day_first: "5/7" is 5 July in this message.
        quiet: The message does nothing but tell.
    """

    text: str
    predicate: Predicate | None
    flags: frozenset[str]
    about: bool
    day_first: bool = False
    quiet: bool = False

    @property
    def stands_alone(self) -> bool:
        """Whether it leans neither on other sentences nor on the person addressed."""
        return "unresolved" not in self.flags and not _YOU().search(self.text)


def view(
    plain: str, *, sentence: str, person: str | None, corrected: bool, day_first: bool = False, quiet: bool = False
) -> View:
    """Return a clause as the gate needs it.

    Args:
        plain: The clause, spelled out and complete.
        sentence: The sentence around it: it tells a team's "we" from a family's.
        person: Whom a leading "she" means.
        corrected: It was introduced as a correction.
        day_first: "5/7" is 5 July in this message.
        quiet: The message does nothing but tell.
    """
    we = bool(_WE().search(plain))
    team = we and bool(software(plain) or _AT_WORK().search(sentence))
    text = resolve_subject(rewrite(plain, we=TEAM if team else USER), person)
    # "User thinks User is allergic": the hedge is a flag, the shape is that of what is thought.
    predicate = parse(_HEDGE().sub("", text))
    found = {
        "corrected": corrected,
        "we": we,
        "unresolved": unresolved(text),
        "negated": bool(predicate and predicate.negated),
    }
    flags = markers(plain) | {flag for flag, holds in found.items() if holds}
    named = bool(predicate and predicate.holder == "name")
    return View(
        text, predicate, flags, bool(FIRST_PERSON().search(plain)) or text.startswith(USER) or named, day_first, quiet
    )


def gate(seen: View, said_at: datetime | None) -> Passed | None:
    """Return what the strict gate makes of a clause."""
    if seen.predicate is None or not seen.stands_alone:
        return None
    return passes(Claim(seen.text, seen.predicate, events(seen, said_at), seen.flags, seen.quiet))


def events(seen: View, said_at: datetime | None) -> tuple[Event, ...]:
    """Return the dates of a clause, the one that it is about first.

    That is the first that is not taken back ("in 2014, no, in 2016"), or a finer one inside it ("this week, on
    Friday"). Dates mean nothing without the time of the message.
    """
    if said_at is None:
        return ()
    spans = find_dates(seen.text, said_at, day_first=seen.day_first)
    kept = [span for span in spans if not _taken_back(seen.text, span, spans)] or list(spans)
    found = [span.event for span in kept]
    inside = [event for event in found[1:] if _refines(event, found[0])]
    main = inside[0] if len(inside) == 1 else None  # several are a list of what happens in it
    return tuple(([main] if main else []) + [event for event in found if event is not main])


_TAKES_BACK = lazy(r"(?:,|\.\.\.|…|-)\s*(?:no|sorry|oops|wait|I mean|correction|actually)\b", re.IGNORECASE)
_MOVED_FROM = lazy(
    r"\b(?:moved?|pushed|postponed|rescheduled|shifted|bumped|changed|switched|brought forward|put back)\b[^.;!?]{0,30}"
    r"\bfrom (?:the )?$",
    re.IGNORECASE,
)
_MOVED_TO = lazy(r" (?:back |forward |out )?to (?:the )?", re.IGNORECASE)


def _taken_back(text: str, span: DateSpan, spans: tuple[DateSpan, ...]) -> bool:
    """Tell whether another date follows a date and a correction, or a date from which something was moved."""
    if _MOVED_FROM().search(text, max(0, span.start - 60), span.start):
        return any(_MOVED_TO().fullmatch(text, span.end, other.start) for other in spans)
    correction = _TAKES_BACK().search(text, span.end)
    return correction is not None and spans[-1].start >= correction.end()


def _refines(event: Event, whole: Event) -> bool:
    inside = whole.start <= event.start and event.end <= whole.end
    return inside and (event.start, event.end) != (whole.start, whole.end) and not event.ambiguous


def of_task(seen: View) -> bool:
    """Tell whether a clause is about the material of the task at hand."""
    return seen.predicate is not None and about_task(Claim(seen.text, seen.predicate, (), seen.flags, seen.quiet))


_BROKEN_OFF = lazy(
    r"\b(?:will|do|does|did|can|could|am|is|was|are|have|has|had|would|to|the|and|a|\w+n't)$", re.IGNORECASE
)


def tells_of_life(seen: View, plain: str) -> bool:
    """Tell whether a clause that passed no shape tells of the user's life in words that are not taken apart.

    Args:
        seen: The clause in the third person.
        plain: The same in the words of the message.
    """
    if not seen.stands_alone or passing(seen.text) or _BROKEN_OFF().search(seen.text):
        return False
    if USER not in seen.text:
        return tells(plain)
    of_another = seen.predicate is not None and seen.predicate.holder == "person"
    told = tells_of_oneself(plain, parsed=seen.predicate is not None, of_another=of_another)
    return told and _speaks_of_oneself(seen.predicate)


def _speaks_of_oneself(said: Predicate | None) -> bool:
    """Tell whether the subject is the user or theirs, or an "it" or "they" that says what happened to them."""
    if said is None:
        return True
    if said.holder == "other":
        return re.match(r"(?:It|They|There)\b", said.subject) is not None or "User's" in said.subject
    return said.holder != "name" and (said.tense != "modal" or (said.holder == "user" and said.auxiliary == "can"))
