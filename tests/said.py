"""Statements as an extractor would describe them, and what one does to another."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from holdfast.consolidation import Verdict, consolidate
from holdfast.types import Candidate, Event, Evidence, Fact, Kind, Polarity

START = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Said:
    """One statement, as an extractor would describe it; `day` is when it was said."""

    text: str
    slot: str | None = None
    value: str | None = None
    single: bool = False
    replaces: str | None = None
    retracts: bool = False
    additive: bool = False
    polarity: Polarity = "positive"
    flags: tuple[str, ...] = ()
    subject: str = "User"
    kind: Kind = "note"
    event: Event | None = None
    entities: tuple[str, ...] = ()
    day: int = 0
    message: str | None = None
    user: str = "u1"

    @property
    def candidate(self) -> Candidate:
        evidence = Evidence(self.message or f"m{self.day}", 0, len(self.text), self.text)
        return Candidate(
            text=self.text,
            evidence=(evidence,),
            kind=self.kind,
            subject=self.subject,
            slot=self.slot,
            value=self.value,
            single=self.single,
            polarity=self.polarity,
            event=self.event,
            flags=self.flags,
            replaces=self.replaces,
            retracts=self.retracts,
            additive=self.additive,
        )

    def fact(self, id_: str) -> Fact:
        at = START + timedelta(self.day)
        one = self.candidate
        return Fact(
            id=id_,
            user_id=self.user,
            text=one.text,
            kind=one.kind,
            category=one.category,
            subject=one.subject,
            slot=one.slot,
            value=one.value,
            polarity=one.polarity,
            entities=self.entities,
            event=one.event,
            said_at=at,
            valid_from=at,
            valid_to=None,
            superseded_by=None,
            reason=None,
            confidence="medium",
            flags=one.flags,
            evidence=one.evidence,
            extractor="test/1",
            session_id=None,
            agent_id=None,
        )


def verdict(old: Said, new: Said) -> Verdict:
    return consolidate(new.fact("new"), new.candidate, [old.fact("old")])
