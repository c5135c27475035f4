"""What becomes of the candidates of one batch: facts, what they supersede, and the changes that tell of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

from holdfast.consolidation import consolidate, content_terms
from holdfast.protocols import Write
from holdfast.types import Candidate, Change, ChangeKind, Evidence, Fact

__all__ = ["Outcome", "change_id"]


class Outcome:
    """Consolidates the candidates of one batch, one after the other, into what the transaction writes."""

    def __init__(self, now: datetime, by: str, write: Write, rereads: frozenset[str]) -> None:
        self._now = now
        self._by = by
        self._write = write
        self.rereads = rereads
        self._changes: list[Change] = []
        self._written: dict[str, Fact] = {}
        self._stands_for: dict[str, str] = {}
        self._terms = cache(content_terms)

    def decide(self, known: Sequence[Fact], proposed: Sequence[tuple[Fact, Candidate]]) -> Write:
        """Return the write for these candidates, given the facts that they may touch."""
        facts = {fact.id: fact for fact in known}
        gone = self._withdraw(facts)
        for fact, candidate in proposed:
            self._add(fact, candidate, facts, gone)
        for old in gone.values():
            if old.id not in self._written:
                self._note("deleted", old, old, None, f"{self._by} has read the message since")
        rows = tuple(
            replace(row, fact_id=self._stands_for[row.fact_id]) if row.fact_id else row for row in self._write.keys
        )
        return replace(
            self._write,
            keys=rows,
            facts=tuple(self._written.values()),
            removed=tuple(gone),
            changes=tuple(self._changes),
        )

    def _withdraw(self, facts: dict[str, Fact]) -> dict[str, Fact]:
        """Take out what another extractor found in the messages that are read again.

        What a person edited, or another message says too, stays, and is no makeshift any more.
        """
        gone: dict[str, Fact] = {}
        for fact in list(facts.values()):
            if "degraded" not in fact.flags or not self.rereads.intersection(span.message_id for span in fact.evidence):
                continue
            if "edited" in fact.flags or not self.rereads.issuperset(span.message_id for span in fact.evidence):
                flags = tuple(flag for flag in fact.flags if flag != "degraded")
                self._keep(replace(fact, flags=flags), facts)
            else:
                gone[fact.id] = facts.pop(fact.id)
        return gone

    def _add(self, fact: Fact, candidate: Candidate, facts: dict[str, Fact], gone: Mapping[str, Fact]) -> None:
        verdict = consolidate(fact, candidate, tuple(facts.values()), self._terms)
        twin = fact.id if fact.id in facts else verdict.duplicate_of
        self._stands_for[fact.id] = twin or fact.id
        if twin:
            known = facts[twin]
            evidence = tuple(dict.fromkeys((*known.evidence, *fact.evidence)))
            self._keep(replace(known, evidence=evidence), facts)
            return
        if verdict.closed_by:
            newer, reason = verdict.closed_by
            fact = replace(fact, valid_to=facts[newer].valid_from, superseded_by=newer, reason=reason)
        self._keep(fact, facts)
        if fact.id not in gone:
            self._note("added", fact, None, fact, f"said by the user in message {fact.evidence[0].message_id}")
        elif fact != gone[fact.id]:
            self._note("edited", fact, gone[fact.id], fact, f"read by {self._by} too")
        for old_id, reason in verdict.supersedes:
            old = facts[old_id]
            closed = replace(old, valid_to=fact.valid_from, superseded_by=fact.id, reason=reason)
            self._keep(closed, facts)
            self._note("superseded", fact, old, closed, reason)

    def _keep(self, fact: Fact, facts: dict[str, Fact]) -> None:
        facts[fact.id] = self._written[fact.id] = fact

    def _note(self, kind: ChangeKind, cause: Fact, before: Fact | None, after: Fact | None, reason: str) -> None:
        fact = after or before
        assert fact is not None
        id_ = change_id(kind, fact.id, cause.evidence)
        self._changes.append(Change(id_, self._now, kind, fact.id, before, after, reason, self._by, cause.evidence))


def change_id(kind: str, fact_id: str, evidence: Sequence[Evidence], salt: str = "") -> str:
    """Return an id that follows from what happened, so that a rebuild names its changes alike."""
    spans = [f"{span.message_id}:{span.start}:{span.end}" for span in evidence]
    name = "\x1f".join((kind, fact_id, salt, *spans))
    return hashlib.blake2b(name.encode(), digest_size=12).hexdigest()
