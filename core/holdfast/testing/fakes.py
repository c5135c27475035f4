"""Fakes that depend on what they are given: a quick embedder, an extractor with a script, a clock that is set."""

import re
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TypeAlias

import numpy as np

from holdfast.errors import ConfigurationError, ProviderError
from holdfast.lexical import terms_of
from holdfast.protocols import Fingerprint, TextKind
from holdfast.types import Batch, Candidate, Evidence, Extraction, Message, Vectors

__all__ = ["Clock", "FakeEmbedder", "Script", "ScriptedExtractor"]

Script: TypeAlias = Mapping[str, Sequence[str | Candidate]] | Callable[[Message], Iterable[str | Candidate]]
"""What a message says, by its content or by a function of it: the text of a fact, or a whole candidate."""

_READ = 4_000
_TRIGRAM_WEIGHT = 0.35
_TOKEN = re.compile(r"\w+|[^\w\s]")


class _Failures:
    """Counts down the calls that fail. Thread-safe."""

    def __init__(self, provider: str) -> None:
        self._provider = provider
        self._left = 0
        self._error: Exception | None = None
        self._lock = threading.Lock()

    def plan(self, times: int, error: Exception | None) -> None:
        with self._lock:
            self._left, self._error = times, error

    def next(self) -> None:
        with self._lock:
            if not self._left:
                return
            self._left -= 1
            raise self._error or ProviderError(self._provider, "failed, as it was told to", retryable=True)


class FakeEmbedder:
    """Embeds by the words and trigrams of a text: near are texts that share words, or parts of words.

    Stands in for a model where a test needs vectors that depend on content: about 30 microseconds a sentence, the same
    in every process. It knows no synonyms. Reads the first 4,000 characters. Thread-safe.

    Args:
        dimensions: The width of a vector; the fewer, the more texts are near by accident.
        name: What a store remembers.
    """

    def __init__(self, dimensions: int = 256, *, name: str = "fake") -> None:
        if dimensions < 1:
            raise ConfigurationError(f"dimensions is {dimensions}; give at least 1")
        self._fingerprint = Fingerprint(name, dimensions)
        self._failures = _Failures(name)

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the name and the width."""
        return self._fingerprint

    def fail(self, times: int = 1, error: Exception | None = None) -> None:
        """Let the next calls raise a ProviderError, or `error`."""
        self._failures.plan(times, error)

    def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        """Return one unit vector a text; see `Embedder.embed`."""
        self._failures.next()
        dimensions = self._fingerprint.dimensions
        rows = [self._vector(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, dimensions), dtype=np.float32)

    def count_tokens(self, text: str) -> int:
        """Return how many words and punctuation marks `text` has."""
        return len(_TOKEN.findall(text))

    def _vector(self, text: str) -> Vectors:
        text = text[:_READ]
        words = terms_of(text)
        spaced = f" {' '.join(text.lower().split())} ".encode("utf-8", "replace")
        parts = [zlib.crc32(spaced[start : start + 3]) for start in range(len(spaced) - 2)]
        hashes = np.concatenate([words, np.array(parts, dtype=np.uint32)]).astype(np.uint64)
        weights = np.repeat([1.0, _TRIGRAM_WEIGHT], [len(words), len(parts)])
        # A hash gives the place and, from a bit far from those, the sign; so that chance meetings cancel out.
        mixed = (hashes * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20)
        signs = np.where(mixed >> np.uint64(40) & np.uint64(1), 1.0, -1.0)
        places = (mixed % np.uint64(self._fingerprint.dimensions)).astype(np.int64)
        vector = np.bincount(places, weights * signs, self._fingerprint.dimensions)
        length = float(np.linalg.norm(vector))
        if length < 1e-6:  # a text without a character, or one whose parts cancel out
            vector[0], length = 1.0, 1.0
        return np.asarray(vector / length, dtype=np.float32)


class ScriptedExtractor:
    """Proposes what its script says of each user message, and nothing of others.

    An entry of the script is the text of a fact or a `Candidate`. What has no evidence rests on the whole message; of
    evidence that names no message, the message is filled in. Thread-safe.

    Args:
        script: From the content of a message to what it says; contents that it lacks say nothing.
        name: Name and version, kept with every fact.

    Attributes:
        script: As given; may be replaced at any time.
        batches: What it was asked, in order, failures included.
    """

    def __init__(self, script: Script | None = None, *, name: str = "scripted/1") -> None:
        self.script: Script = {} if script is None else script
        self._name = name
        self._failures = _Failures(name)
        self.batches: list[Batch] = []

    @property
    def name(self) -> str:
        """Name and version."""
        return self._name

    def fail(self, times: int = 1, error: Exception | None = None) -> None:
        """Let the next calls raise a ProviderError, or `error`."""
        self._failures.plan(times, error)

    def extract(self, batch: Batch) -> Extraction:
        """Return what the script says of the batch's user messages; see `Extractor.extract`."""
        self.batches.append(batch)
        self._failures.next()
        said = (message for message in batch.messages if message.role == "user")
        return Extraction(candidates=tuple(one for message in said for one in self._candidates(message)))

    def _candidates(self, message: Message) -> Iterator[Candidate]:
        entries = self.script(message) if callable(self.script) else self.script.get(message.content, ())
        whole = Evidence(message.id, 0, len(message.content), message.content)
        for entry in entries:
            candidate = Candidate(entry, ()) if isinstance(entry, str) else entry
            named = (replace(span, message_id=span.message_id or message.id) for span in candidate.evidence)
            yield replace(candidate, evidence=tuple(named) or (whole,))


class Clock:
    """A clock that stands until it is set.

    Args:
        now: What it shows at first; noon UTC of 1 March 2025 by default.
    """

    def __init__(self, now: datetime = datetime(2025, 3, 1, 12, tzinfo=timezone.utc)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return what it shows."""
        return self.now

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Move it on and return what it shows then."""
        self.now += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self.now
