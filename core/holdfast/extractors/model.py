"""Any model as an extractor: what it is asked, what is made of its answer, and what happens without one."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, cast

from holdfast.errors import ConfigurationError, ExtractionError, HoldfastError, ProviderError
from holdfast.extractors.claims import Claims, claims_of, fault_in
from holdfast.extractors.embedded import EmbeddedExtractor
from holdfast.extractors.prompts import READ, REVISION, Prompt, prompt_for, repaired
from holdfast.extractors.replies import Reply, parsed
from holdfast.protocols import Extractor
from holdfast.types import Batch, Extraction, Key, Skipped, Usage

__all__ = ["AwaitComplete", "Complete", "ModelExtractor"]

Complete: TypeAlias = Callable[[Prompt], Reply]
AwaitComplete: TypeAlias = Callable[[Prompt], Awaitable[Reply]]

_TOKENS = 3_000
_CONTEXT = 6
_KEPT = 2_000
_LETTERS = 4  # a token has about so many


class ModelExtractor:
    """Extracts with a model that you call: one question a batch, its answer checked against what was said.

    An answer that is cut off is asked for in two halves. One that cannot be read is asked for once more, with the
    fault; after the second, `stand_in` reads the batch and the extraction says that it is `degraded`.

    ```python
    def complete(prompt: Prompt) -> Reply:
        answer = my_client.chat(system=prompt.system, user=prompt.user, json_schema=prompt.schema)
        return Reply(answer.text, answer.input_tokens, answer.output_tokens)

    memory = Memory(extractor=ModelExtractor(complete, name="my-model"))
    ```

    Args:
        complete: Asks the model; called from several threads at once. Retries are its own affair. What it raises
            becomes a `ProviderError`; an `ExtractionError` counts as an answer that cannot be read.
        name: The model's name, kept with every fact.
        acomplete: Asks the model, awaited; without it `complete` runs in a worker thread.
        together: Messages of one question at most.
        existing: Known facts, the nearest ones, that go along so that the answer can relate to them.
        stand_in: Reads what the model does not answer in the agreed shape, and finds further keys for what it does;
            None raises instead, and finds no such keys. The embedded rules by default.

    Raises:
        ConfigurationError: An argument is out of its range.
    """

    def __init__(
        self,
        complete: Complete,
        *,
        name: str,
        acomplete: AwaitComplete | None = None,
        together: int = 12,
        existing: int = 12,
        stand_in: Extractor | None = EmbeddedExtractor(),  # noqa: B008 - it holds nothing
    ) -> None:
        if not isinstance(cast(Any, name), str) or not name.strip():
            raise ConfigurationError(f"a model needs a name, got {name!r}")
        if not callable(complete):
            raise ConfigurationError(f"complete must be a function, got {type(complete).__name__}")
        for what, number, least in (("together", together, 1), ("existing", existing, 0)):
            if not isinstance(cast(Any, number), int) or number < least:
                raise ConfigurationError(f"{what} must be a whole number of at least {least}, got {number!r}")
        self._complete = complete
        self._acomplete = acomplete
        self._model = name
        self._together = together
        self._existing = existing
        self._stand_in = stand_in

    @property
    def name(self) -> str:
        """The model's name and the revision of the prompt."""
        return f"{self._model}/{REVISION}"

    @property
    def together(self) -> int:
        """See `Batching.together`."""
        return self._together

    @property
    def existing(self) -> int:
        """See `Batching.existing`."""
        return self._existing

    def extract(self, batch: Batch) -> Extraction:
        """Return what the model reads in the messages, as far as it quotes them.

        Raises:
            ProviderError: The model could not be reached or refused the call.
            ExtractionError: It answered out of shape twice, and there is no stand-in.
        """
        reading = self._reading(batch)
        try:
            prompt = next(reading)
            while True:
                try:
                    reply = self._complete(prompt)
                except Exception as error:  # noqa: BLE001, PERF203 - it is raised again, or counts as an answer
                    prompt = reading.throw(self._failure(error))
                else:
                    prompt = reading.send(reply)
        except StopIteration as done:
            return self._concluded(batch, *done.value)

    async def aextract(self, batch: Batch) -> Extraction:
        """Do as `extract`, awaited."""
        reading = self._reading(batch)
        try:
            prompt = next(reading)
            while True:
                try:
                    if self._acomplete is None:
                        reply = await asyncio.to_thread(self._complete, prompt)
                    else:
                        reply = await self._acomplete(prompt)
                except Exception as error:  # noqa: BLE001, PERF203 - it is raised again, or counts as an answer
                    prompt = reading.throw(self._failure(error))
                else:
                    prompt = reading.send(reply)
        except StopIteration as done:
            # The rules take a millisecond and more a message: other calls of the event loop go on meanwhile.
            return await asyncio.to_thread(self._concluded, batch, *done.value)

    def _failure(self, error: Exception) -> HoldfastError:
        if isinstance(error, HoldfastError):
            return error
        failure = ProviderError(
            self._model,
            f"{type(error).__name__} while it was asked",  # not its text, which may repeat what was said
            retryable=isinstance(error, ConnectionError | TimeoutError),
        )
        failure.__cause__ = error
        return failure

    def _reading(self, batch: Batch) -> Generator[Prompt, Reply, tuple["_Found", str]]:
        """Read a batch; yields what to ask the model, returns what it said and what was wrong with that."""
        found = _Found()
        for portion in self._portions(batch):
            fault = yield from self._read(portion, found)
            if fault:
                return found, fault
        return found, ""

    def _concluded(self, batch: Batch, found: "_Found", fault: str) -> Extraction:
        if fault:
            return self._stood_in(batch, fault, found)
        keys: tuple[Key, ...] = self._stand_in.extract(batch).keys if self._stand_in and found.mode else ()
        return Extraction(
            keys,
            tuple(found.claims.candidates),
            (*_unread(batch), *found.claims.skipped),
            found.usage,
            tuple(found.claims.refused),
            found.mode,
        )

    def _read(self, portion: Batch, found: "_Found") -> Generator[Prompt, Reply, str]:
        """Ask for one portion; return what was wrong with the second answer, or nothing."""
        if not any(message.role == "user" and message.content.strip() for message in portion.messages):
            return ""
        first = prompt = prompt_for(portion)
        fault = ""
        for _ in range(2):
            try:
                reply = yield prompt
            except ExtractionError as error:
                fault = error.detail
                found.last = error.reply
            else:
                found.count(reply)
                if reply.cut_off and len(portion.messages) > 1:
                    for half in _halves(portion):
                        fault = fault or (yield from self._read(half, found))
                    return fault
                answer = parsed(reply.content)
                if not isinstance(answer, str):
                    fault = fault_in(answer) or ""
                    if not fault:
                        found.claims.add(claims_of(answer, portion))
                        return ""
                else:
                    fault = "it was cut off" if reply.cut_off else answer
            prompt = repaired(first, fault)
        return fault

    def _stood_in(self, batch: Batch, fault: str, found: "_Found") -> Extraction:
        reason = f"{self._model} answered twice out of shape: {fault}"
        if self._stand_in is None:
            raise ExtractionError(self._model, f"answered twice out of shape: {fault}", reply=found.last)
        instead = self._stand_in.extract(batch)
        candidates = tuple(replace(one, flags=(*one.flags, "degraded")) for one in instead.candidates)
        usage = instead.usage + found.usage
        return replace(
            instead, candidates=candidates, usage=usage, mode=found.mode, degraded=reason, stand_in=self._stand_in.name
        )

    def _portions(self, batch: Batch) -> Iterator[Batch]:
        """Return the batch in portions that one question takes, each with what was said before it."""
        start = tokens = 0
        for number, message in enumerate(batch.messages):
            length = min(len(message.content), READ) // _LETTERS
            if number > start and (tokens + length > _TOKENS or number - start >= self._together):
                yield _part(batch, start, number)
                start, tokens = number, 0
            tokens += length
        if batch.messages:
            yield _part(batch, start, len(batch.messages))


@dataclass(slots=True)
class _Found:
    """What the answers to a batch hold, and what they cost."""

    claims: Claims = field(default_factory=Claims)
    usage: Usage = field(default_factory=Usage)
    mode: str | None = None
    last: str = ""

    def count(self, reply: Reply) -> None:
        self.usage += Usage(1, reply.input_tokens, reply.output_tokens, cached_tokens=reply.cached_tokens)
        self.mode = reply.mode
        self.last = str(reply.content)[:_KEPT]


def _halves(batch: Batch) -> Iterator[Batch]:
    middle = len(batch.messages) // 2
    yield _part(batch, 0, middle)
    yield _part(batch, middle, len(batch.messages))


def _part(batch: Batch, start: int, end: int) -> Batch:
    """Return messages `start` to `end`, with those before them as context."""
    before = (*batch.context, *batch.messages[:start])[-_CONTEXT:]
    return replace(batch, messages=batch.messages[start:end], context=before)


def _unread(batch: Batch) -> Iterator[Skipped]:
    for message in batch.messages:
        if message.role == "user" and len(message.content) > READ:
            yield Skipped(message.id, "", f"beyond the {READ:,} characters that a model is given")
