"""What is left of facts and changes when the messages that they rest on are taken out."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from holdfast.types import Change, Evidence, Fact

__all__ = ["cleaned", "lost_facts", "without"]


def lost_facts(
    known: Sequence[Fact], changes: Iterable[tuple[str, str]], gone: set[str], facts: Collection[str]
) -> set[str]:
    """Return the ids of facts that go with these messages: those that rest on nothing else, and `facts` in any case.

    A fact that is in the history alone counts by what its changes rested on.

    Args:
        known: The user's facts.
        changes: Fact and evidence, as JSON, of every change of the user.
        gone: Ids of the messages.
        facts: Ids of facts that go in any case.
    """
    lost = {fact.id for fact in known if fact.id in facts or gone.issuperset(span.message_id for span in fact.evidence)}
    rested: dict[str, set[str]] = {}
    for fact_id, evidence in changes:
        rested.setdefault(fact_id, set()).update(span["message_id"] for span in json.loads(evidence))
    history = {fact_id for fact_id, ids in rested.items() if ids and ids <= gone}
    return lost | history - {fact.id for fact in known} | set(facts)


def without(fact: Fact, gone: set[str], lost: set[str]) -> Fact:
    """Return a fact that stays, without the evidence that goes; what a lost fact superseded holds again."""
    evidence = _kept(fact.evidence, gone)
    if fact.superseded_by in lost:
        return replace(fact, evidence=evidence, valid_to=None, superseded_by=None, reason=None)
    return replace(fact, evidence=evidence)


def cleaned(change: Change, gone: set[str], lost: set[str]) -> Change | None:
    """Return a change of a fact that stays, without the words that go; None when it rested on them alone."""
    evidence = _kept(change.evidence, gone)
    if change.evidence and not evidence:
        return None
    return replace(
        change,
        before=change.before and without(change.before, gone, lost),
        after=change.after and without(change.after, gone, lost),
        evidence=evidence,
    )


def _kept(evidence: Sequence[Evidence], gone: set[str]) -> tuple[Evidence, ...]:
    return tuple(span for span in evidence if span.message_id not in gone)
