"""Any function from a batch to facts as an extractor."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeAlias, cast

from holdfast.errors import ConfigurationError, ExtractionError, HoldfastError, ProviderError
from holdfast.types import Batch, Candidate, Extraction

__all__ = ["CallableExtractor", "Read"]

Read: TypeAlias = Callable[[Batch], Extraction | Iterable[Candidate] | Awaitable[Extraction | Iterable[Candidate]]]
"""Takes a batch, returns an extraction or candidates alone."""


class CallableExtractor:
    """Extract with a function of yours.

    Args:
        function: Takes a `Batch`, returns an `Extraction` or its candidates. A coroutine function is for `AsyncMemory`
            only. Called from several threads at once.
        name: Name and version, kept with every fact; change it when the function finds other facts.
    """

    __slots__ = ("_function", "_is_async", "name")

    def __init__(self, function: Read, *, name: str) -> None:
        if not name:
            raise ConfigurationError("name is empty; give name and version of what the function does")
        self.name = name
        self._function = function
        self._is_async = inspect.iscoroutinefunction(function)

    def extract(self, batch: Batch) -> Extraction:
        """Return what the function finds; it is not called for no messages.

        Raises:
            ConfigurationError: The function is a coroutine function.
            ProviderError: The function raised.
            ExtractionError: It returned something else.
        """
        if self._is_async:
            raise ConfigurationError(f"the function of {self.name} is async; use AsyncMemory")
        return self._checked(self._called(batch)) if batch.messages else Extraction()

    async def aextract(self, batch: Batch) -> Extraction:
        """Do as `extract`, awaited; a function that is no coroutine function runs in a worker thread."""
        if not self._is_async:
            return await asyncio.to_thread(self.extract, batch)
        if not batch.messages:
            return Extraction()
        try:
            answer = await cast(Awaitable[Any], self._function(batch))
        except HoldfastError:
            raise
        except Exception as error:
            raise self._failure(error) from error
        return self._checked(answer)

    def _called(self, batch: Batch) -> Any:
        try:
            return self._function(batch)
        except HoldfastError:
            raise
        except Exception as error:
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> ProviderError:
        retryable = isinstance(error, ConnectionError | TimeoutError)
        return ProviderError(self.name, f"{type(error).__name__} while extracting", retryable=retryable)

    def _checked(self, answer: Any) -> Extraction:
        if isinstance(answer, Extraction):
            return answer
        if not isinstance(answer, Iterable) or isinstance(answer, str):
            raise ExtractionError(self.name, f"returned {type(answer).__name__}, no Extraction and no candidates")
        found = tuple(cast(Iterable[Any], answer))
        if not all(isinstance(one, Candidate) for one in found):
            raise ExtractionError(self.name, "returned something among its candidates that is none")
        return Extraction(candidates=found)
