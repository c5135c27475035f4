"""What ranking reads: a partition as arrays, a question, and how the parts of a score count."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = [
    "FOR_EVER",
    "SPEAKS_FOR",
    "Among",
    "Bools",
    "Closeness",
    "Columns",
    "Floats",
    "Ints",
    "Postings",
    "Ranked",
    "Request",
    "Terms",
    "Visible",
    "Weights",
]

Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Ints: TypeAlias = npt.NDArray[np.int64]
Terms: TypeAlias = npt.NDArray[np.uint32]
Among: TypeAlias = frozenset[Literal["facts", "messages"]]

FOR_EVER = np.iinfo(np.int64).max
"""`valid_to` of a fact that is still true."""

SPEAKS_FOR = 0.8
"""Share of a message's characters that its facts must rest on to stand for the whole message."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How the parts of a score count, in the units of BM25; `benchmarks/recall.py --ablation` shows each part's gain.

    Args:
        lexical: Of BM25.
        dense: Of one standard deviation of cosine.
        beside: How much of a term's frequency counts in the message next to it.
        near: The same, two messages away.
        k1: BM25: how soon a repeated term stops counting.
        b: BM25: how much long messages are held back.
        speaker: Added when the question names the speaker.
        time: Added to what was said in the time that the question names.
        assistant: Added to what was not said by the user, in shares of the best possible score: the user goes first.
        repeat: The same for what says, word for word, what something that ranks above it says.
    """

    lexical: float = 1.0
    dense: float = 3.0
    beside: float = 0.5
    near: float = 0.25
    k1: float = 0.9
    b: float = 0.4
    speaker: float = 2.0
    time: float = 2.0
    assistant: float = -0.5
    repeat: float = -1.0


@dataclass(frozen=True, slots=True)
class Postings:
    """The terms of all messages in order, and whose each of them is."""

    terms: Terms
    message: Ints


@dataclass(frozen=True, slots=True)
class Visible:
    """The keys that `may` be returned, by message: those of `messages[i]` are `keys[starts[i]:starts[i + 1]]`."""

    may: Bools
    keys: Ints
    messages: Ints
    starts: Ints


@dataclass(frozen=True)
class Columns:
    """One partition as arrays: n keys, m messages, f facts; what follows from them alone is derived once.

    Of a key: `message` and `fact` are indices into the message and fact columns, -1 for a key without a fact; `own`
    marks a message's own words; `start` and `end` are its span; its terms are the `length` next ones of `terms`.

    Of a message: when it was said (`said_at`), whether `by_user`, its `speaker` or -1, its `size` in
    characters, its `content`, equal for messages of the same words and -1 without words, and in `beside`, shape
    (4, m), the messages one before, one after, two before and two after it in its session, m where there is none.
    `words` are the terms of all messages, with when and by whom they were said, and `word_message` whose they are.
    `name_terms` and `name_speaker` are the terms of the speakers' names.

    Of a fact: from when to when it holds. Times are microseconds since 1970, UTC.

    `norms` and `standing` keep what the lexical half and the grouping derive for one choice of weights and of `among`.
    """

    message: Ints
    fact: Ints
    own: Bools
    start: Ints
    end: Ints
    terms: Terms
    length: Ints
    said_at: Ints
    by_user: Bools
    speaker: Ints
    size: Ints
    content: Ints
    beside: Ints
    words: Terms
    word_message: Ints
    name_terms: Terms
    name_speaker: Ints
    valid_from: Ints
    valid_to: Ints
    norms: dict["Weights", Floats] = field(default_factory=dict["Weights", Floats], compare=False, repr=False)
    standing: dict[Among, Visible] = field(default_factory=dict[Among, Visible], compare=False, repr=False)

    @property
    def nbytes(self) -> int:
        """Bytes that it takes: of the arrays, and at most as many of what is derived from them."""
        arrays = (getattr(self, one.name) for one in fields(self))
        return 2 * sum(one.nbytes for one in arrays if isinstance(one, np.ndarray))

    @cached_property
    def ends(self) -> Ints:
        """Where the terms of each key end, shape (n,)."""
        return np.cumsum(self.length)

    @cached_property
    def in_order(self) -> Ints:
        """All keys, those of one message together, shape (n,)."""
        return np.argsort(self.message, kind="stable")

    @cached_property
    def postings(self) -> Postings:
        """Return the terms of all messages in order."""
        order = np.argsort(self.words, kind="stable")
        return Postings(self.words[order], self.word_message[order])

    @cached_property
    def around(self) -> Ints:
        """Return each message and those `beside` it, shape (5, m)."""
        return np.vstack([np.arange(len(self.said_at)), self.beside])

    @cached_property
    def spoken_for(self) -> Bools:
        """Which messages their facts stand for, shape (m,): they rest on SPEAKS_FOR of its characters or more."""
        keys = np.flatnonzero(self.fact >= 0)
        # The messages are laid end to end, so that one pass counts what lies under several facts once.
        width = int(self.end.max(initial=0)) + 1
        starts, ends = (self.message[keys] * width + side[keys] for side in (self.start, self.end))
        order = np.argsort(starts, kind="stable")
        reached = np.concatenate([[0], np.maximum.accumulate(ends[order])[:-1]]) if len(order) else starts
        new = np.maximum(ends[order] - np.maximum(starts[order], reached), 0)
        spans = np.bincount(self.message[keys][order], new, len(self.said_at))
        covered: Bools = spans >= SPEAKS_FOR * np.maximum(self.size, 1)
        return covered

    @cached_property
    def repeated(self) -> Ints:
        """Return the messages whose words, exactly as they stand, another message has too."""
        some = np.flatnonzero(self.content >= 0)
        content = self.content[some]
        return some[np.bincount(content)[content] > 1] if len(some) else some

    @cached_property
    def speakers(self) -> int:
        """How many speakers there are, those without a name counted as one."""
        return len(np.unique(self.speaker))

    @cached_property
    def users_alone(self) -> bool:
        """Whether every message is the user's."""
        return bool(self.by_user.all())


@dataclass(frozen=True, slots=True)
class Closeness:
    """How near a question is to the keys: their `cosine`, shape (n,), with its deviation over all keys.

    In a large partition the `nearest` keys alone are told apart, and all others count as near as the last of them.
    """

    cosine: Floats
    deviation: float
    nearest: Ints | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a partition.

    `messages` and `facts` are masks over the message and fact columns, True for what may be returned; None for all.
    Without `as_of` facts that are still true are returned; with it, what was known and true at that microsecond.
    `periods` are the times that the question names, first and last microsecond.
    `assistant` says that the question is about what the assistant said, so the user does not go first.
    """

    terms: Terms
    limit: int
    among: Among = frozenset({"facts", "messages"})
    as_of: int | None = None
    messages: Bools | None = None
    facts: Bools | None = None
    periods: tuple[tuple[int, int], ...] = ()
    assistant: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """A message, or the fact shown in its place.

    `score` is the sum of the parts in `why`, in shares of what an ideal answer would score: comparable between
    questions, about 1 for a hit that repeats the question, below 0 for what has nothing to do with it. `span` is
    the part of a long message that answers best; None for all of it.
    """

    message: int
    fact: int
    score: float
    span: tuple[int, int] | None = None
    why: Mapping[str, float] = field(default_factory=dict[str, float])
