"""What a reader has found in the messages so far, and the sentence that it stands in."""

from dataclasses import dataclass, field

from holdfast.types import Candidate, Key, Skipped


@dataclass(slots=True)
class Found:
    """The keys, the facts and what was left out, so far."""

    keys: list[Key] = field(default_factory=list[Key])
    candidates: list[Candidate] = field(default_factory=list[Candidate])
    skipped: list[Skipped] = field(default_factory=list[Skipped])


@dataclass(frozen=True, slots=True)
class Sentence:
    """The sentence around a clause, and what its opening said."""

    text: str
    remember: bool
    corrected: bool
