"""What the memory cost, what it put into prompts, and what the whole history would have cost there."""

import hashlib
import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from holdfast.errors import ConfigurationError
from holdfast.types import LedgerEntry, Usage, Value, to_json

if TYPE_CHECKING:
    from holdfast.display import Picture

__all__ = ["AFTER", "TOGETHER", "Book", "Ledger", "LedgerPoint", "LedgerTotals", "Prices"]

TOGETHER = 64
"""Entries that are written at once, so that a context does not wait for the disk."""

AFTER = timedelta(seconds=5)
"""Age of an unwritten entry from which on the next context writes them all."""

_USERS = 10_000  # whose last context is remembered
_TEXTS = 10_000  # whose size is remembered
_KEPT = 100_000  # entries that wait for a store which cannot be written
_COUNTED = 8_000  # characters of a text that are counted; the rest is taken to be alike

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices(Value):
    """What a million tokens cost, in any one currency. None is built in: prices change.

    Args:
        input: Read by the model.
        output: Written by the model.
        cached: Read, but served by the provider's prompt cache; None when it has none.
        embedding: Embedded.

    Raises:
        ConfigurationError: A price is no number, or below 0.
    """

    input: float
    output: float = 0.0
    cached: float | None = None
    embedding: float = 0.0

    def __post_init__(self) -> None:
        for name in ("input", "output", "cached", "embedding"):
            price: Any = getattr(self, name)
            if price is None and name == "cached":
                continue
            if isinstance(price, bool) or not isinstance(price, (int, float)) or not 0 <= price < math.inf:
                raise ConfigurationError(f"the {name} price must be a number of at least 0, got {price!r}")


@dataclass(frozen=True, slots=True)
class LedgerTotals(Value):
    """Entries added up; the fields are those of `LedgerEntry`."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    embedding_tokens: int = 0
    injected_tokens: int = 0
    history_tokens: int = 0
    history_cached_tokens: int = 0

    def __add__(self, other: "LedgerTotals | LedgerEntry") -> "LedgerTotals":
        return LedgerTotals(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(LedgerTotals)))


@dataclass(frozen=True, slots=True)
class LedgerPoint(Value):
    """How things stood after an entry: sums from the beginning on, in tokens or in the currency of the prices."""

    at: datetime
    spent: float
    injected: float
    history: float
    saved: float


@dataclass(frozen=True, slots=True)
class Ledger(Value):
    """What a memory cost and what it saved, against a chat that sends everything that was ever said with each question.

    Without prices a token is a token, whoever reads or writes it; with prices all is in their currency.

    Args:
        user_id: Whose; None for all users together, whose entries are then summed by day.
        entries: What was booked, in order.
        prices: What tokens cost, or None.
    """

    user_id: str | None
    entries: tuple[LedgerEntry, ...]
    prices: Prices | None = None

    @property
    def total(self) -> LedgerTotals:
        """All entries added up."""
        return _sum(self.entries)

    @property
    def by_kind(self) -> Mapping[str, LedgerTotals]:
        """Entries added up by kind: `extraction` and `embedding` wrote the memory, `context` went into prompts."""
        return {
            kind: _sum([one for one in self.entries if one.kind == kind])
            for kind in ("extraction", "embedding", "context")
        }

    @property
    def spent(self) -> float:
        """What extraction and embedding cost."""
        return _spent(self._written, self.prices)

    @property
    def injected(self) -> float:
        """What the injected contexts cost as part of prompts."""
        return _read(self.by_kind["context"].injected_tokens, 0, self.prices)

    @property
    def history(self) -> float:
        """What the whole history in their place would have cost."""
        return _read(self.by_kind["context"].history_tokens, 0, self.prices)

    @property
    def saved(self) -> float:
        """The net: `history` less `injected` and `spent`. Below 0 the memory cost more than it saved."""
        return self.history - self.injected - self.spent

    @property
    def saved_with_cache(self) -> float | None:
        """The net when the provider's prompt cache serves all that it can; None without a price for that.

        Of a context that is the profile when it is as it was in the context before; of the history all that was in it
        then. A cache forgets after minutes, so this is the most that it can do, for both sides.
        """
        if self.prices is None or self.prices.cached is None:
            return None
        told = self.by_kind["context"]
        injected = _read(told.injected_tokens, told.cached_tokens, self.prices)
        return _read(told.history_tokens, told.history_cached_tokens, self.prices) - injected - self.spent

    @property
    def series(self) -> tuple[LedgerPoint, ...]:
        """How it came to be, entry by entry, for a plot."""
        sums = accumulate(self.entries, _later, initial=_Sums())
        return tuple(one.point(self.prices) for one in sums if one.at is not None)

    def plot(self) -> "Picture":
        """Return a picture of what was spent, injected and saved over the conversation, against the full history."""
        from holdfast.display import Picture, spending

        return Picture(spending(self))

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values, with what follows from the entries."""
        return {
            "user_id": self.user_id,
            "prices": to_json(self.prices),
            "unit": "tokens" if self.prices is None else "currency",
            "spent": self.spent,
            "injected": self.injected,
            "history": self.history,
            "saved": self.saved,
            "saved_with_cache": self.saved_with_cache,
            "by_kind": to_json(self.by_kind),
            "entries": to_json(self.entries),
        }

    def __str__(self) -> str:
        kinds = self.by_kind
        told, read, embedded = kinds["context"], kinds["extraction"], kinds["embedding"].embedding_tokens
        written = f"{read.input_tokens:,} tokens read and {read.output_tokens:,} written"
        spent = f"{written} in {_calls(read.calls, 'model call')}, {embedded:,} embedded"
        same = f"{told.cached_tokens:,} of them as in the context before"
        injected = f"{told.injected_tokens:,} tokens in {_calls(told.calls, 'context')}, {same}"
        lines = [
            f"spent on writing memory  {self._amount(self.spent)}  ({spent})",
            f"injected into prompts    {self._amount(self.injected)}  ({injected})",
            f"full history instead     {self._amount(self.history)}  ({told.history_tokens:,} tokens)",
            self._net(self.saved, ""),
        ]
        if self.saved_with_cache is not None:
            lines.append(self._net(self.saved_with_cache, ", with a prompt cache on both sides"))
        return "\n".join(lines)

    def _net(self, saved: float, how: str) -> str:
        verdict = "saved" if saved >= 0 else "cost more than it saved:"
        return f"net: the memory {verdict} {self._amount(abs(saved)).strip()}{how}"

    @property
    def _written(self) -> LedgerTotals:
        kinds = self.by_kind
        return kinds["extraction"] + kinds["embedding"]

    def _amount(self, amount: float) -> str:
        return f"{amount:>12,.0f} tokens" if self.prices is None else f"{amount:>14,.6f}"


def _calls(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def _sum(entries: Sequence[LedgerEntry]) -> LedgerTotals:
    total = LedgerTotals()
    for one in entries:
        total += one
    return total


def _spent(written: "LedgerTotals | LedgerEntry", prices: Prices | None) -> float:
    if prices is None:
        return written.input_tokens + written.output_tokens + written.embedding_tokens
    read = _read(written.input_tokens, written.cached_tokens, prices)
    return read + (written.output_tokens * prices.output + written.embedding_tokens * prices.embedding) / _MILLION


def _read(tokens: int, cached: int, prices: Prices | None) -> float:
    if prices is None:
        return tokens
    if prices.cached is None:
        return tokens * prices.input / _MILLION
    return ((tokens - cached) * prices.input + cached * prices.cached) / _MILLION


@dataclass(frozen=True, slots=True)
class _Sums:
    at: datetime | None = None
    written: LedgerTotals = field(default_factory=LedgerTotals)
    injected: int = 0
    history: int = 0

    def point(self, prices: Prices | None) -> LedgerPoint:
        assert self.at is not None
        spent = _spent(self.written, prices)
        injected, history = _read(self.injected, 0, prices), _read(self.history, 0, prices)
        return LedgerPoint(self.at, spent, injected, history, history - injected - spent)


def _later(sums: _Sums, entry: LedgerEntry) -> _Sums:
    written = sums.written if entry.kind == "context" else sums.written + entry
    return _Sums(entry.at, written, sums.injected + entry.injected_tokens, sums.history + entry.history_tokens)


_Noted: TypeAlias = tuple[str, LedgerEntry]


@dataclass(slots=True)
class _Told:
    """A user's last context: a digest of its profile, and what was in the history then."""

    profile: bytes = b""
    profile_tokens: int = 0
    history: int = 0


class Book:
    """Entries that are not written yet, and what it takes to make them. Thread-safe.

    They are written with the user's next commit, or TOGETHER, or when the oldest is AFTER old, or when the memory is
    closed or asked for its ledger. A crash loses those that were not; nothing else rests on them.

    Args:
        clock: Dates the entries.
        count_tokens: Counts as `context` does.
    """

    def __init__(self, clock: Callable[[], datetime], count_tokens: Callable[[str], int]) -> None:
        self._clock = clock
        self._count_tokens = count_tokens
        self._lock = threading.Lock()
        self._noted: list[_Noted] = []
        self._told: OrderedDict[str, _Told] = OrderedDict()
        self._sizes: OrderedDict[bytes, int] = OrderedDict()

    def spend(self, user_id: str, kind: Literal["extraction", "embedding"], usage: Usage) -> None:
        """Note what a call of a model cost; what cost nothing is not noted."""
        if usage != Usage():
            entry = LedgerEntry(
                self._clock(), kind, usage.calls, usage.input_tokens, usage.output_tokens, usage.cached_tokens,
                usage.embedding_tokens,
            )  # fmt: skip
            self.note([(user_id, entry)])

    def tell(self, user_id: str, profile: str, tokens: int, history: int) -> None:
        """Note that a context of so many tokens was built, its profile included, where the history has so many."""
        if not tokens and not history:
            return
        digest = _digest(profile)
        with self._lock:
            last = self._told.pop(user_id, None) or _Told()
        same = profile != "" and digest == last.profile
        size = last.profile_tokens if same else self._count_tokens(profile) if profile else 0
        with self._lock:
            self._told[user_id] = _Told(digest, size, history)
            if len(self._told) > _USERS:
                self._told.popitem(last=False)
        entry = LedgerEntry(
            self._clock(), "context", 1, cached_tokens=min(size, tokens) if same else 0, injected_tokens=tokens,
            history_tokens=history, history_cached_tokens=min(last.history, history),
        )  # fmt: skip
        self.note([(user_id, entry)])

    def note(self, entries: Sequence[_Noted]) -> None:
        """Keep entries until they are taken."""
        with self._lock:
            self._noted.extend(entries)
            del self._noted[:-_KEPT]

    def write(self, book: Callable[[Sequence[_Noted]], None]) -> None:
        """Hand all entries to what writes them; when it raises they are kept."""
        entries = self.take()
        if not entries:
            return
        try:
            book(entries)
        except BaseException:
            self.note(entries)
            raise

    @property
    def due(self) -> bool:
        """Whether it is time to write."""
        with self._lock:
            if not self._noted:
                return False
            return len(self._noted) >= TOGETHER or self._clock() - self._noted[0][1].at >= AFTER

    def take(self, user_id: str | None = None) -> list[_Noted]:
        """Return the entries of one user, or all, and keep them no longer."""
        with self._lock:
            if user_id is None:
                taken, self._noted = self._noted, []
                return taken
            taken = [one for one in self._noted if one[0] == user_id]
            if taken:
                self._noted = [one for one in self._noted if one[0] != user_id]
            return taken

    def drop(self, user_id: str) -> None:
        """Forget a user."""
        self.take(user_id)
        with self._lock:
            self._told.pop(user_id, None)

    def size(self, text: str) -> int:
        """Return how many tokens a message would take in a prompt; of a very long one an estimate from its beginning.

        What was counted lately is known by its digest: an application may send a whole conversation with every turn.
        """
        digest = _digest(text)
        with self._lock:
            if (known := self._sizes.get(digest)) is not None:
                self._sizes.move_to_end(digest)
                return known
        counted = text[:_COUNTED]
        try:
            size = self._count_tokens(counted)
        except Exception:  # noqa: BLE001 - a counter of the user's must not keep a message from the journal
            size = (len(counted) + 3) // 4
        if len(text) > len(counted):
            size = round(size * len(text) / len(counted))
        with self._lock:
            self._sizes[digest] = size
            if len(self._sizes) > _TEXTS:
                self._sizes.popitem(last=False)
        return size


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
