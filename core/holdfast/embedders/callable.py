"""Any function from texts to vectors as an embedder."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Sequence

import numpy as np
import numpy.typing as npt

from holdfast.errors import ConfigurationError, DimensionMismatchError, HoldfastError, ProviderError
from holdfast.protocols import Fingerprint, TextKind
from holdfast.types import Vectors

__all__ = ["CallableEmbedder"]


class CallableEmbedder:
    """Embed with a function of yours; its vectors are checked and brought to unit length.

    Args:
        function: Takes a list of texts, returns one vector each: an array of shape (len(texts), dimensions) or what
            numpy makes one of. A coroutine function is for `AsyncMemory` only. Called from several threads at once.
        name: What the store remembers; vectors of another name are never compared with these.
        dimensions: The width of a vector.
        revision: Change it when the function's vectors change.
    """

    __slots__ = ("_fingerprint", "_function", "_is_async")

    def __init__(
        self,
        function: Callable[[list[str]], npt.ArrayLike | Awaitable[npt.ArrayLike]],
        *,
        name: str,
        dimensions: int,
        revision: str = "1",
    ) -> None:
        if not name:
            raise ConfigurationError("name is empty; give the name of the model that the function calls")
        if dimensions < 1:
            raise ConfigurationError(f"dimensions is {dimensions}; give the width of the function's vectors")
        self._function = function
        self._fingerprint = Fingerprint(name, dimensions, revision)
        # Others may return an awaitable too, which shows only when they are called.
        self._is_async = inspect.iscoroutinefunction(function)

    @property
    def fingerprint(self) -> Fingerprint:
        """Return name, width and revision as given."""
        return self._fingerprint

    def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        """Return one unit vector a text, in order: shape (len(texts), dimensions), float32, C-contiguous.

        `kind` is not passed on. The function is not called for no texts.

        Raises:
            ConfigurationError: The function is a coroutine function, or `texts` is one string.
            DimensionMismatchError: The vectors have another width than `dimensions`.
            ProviderError: The function raised, or a vector is missing, zero or not finite.
        """
        texts = _as_list(texts)
        if self._is_async:
            raise self._only_awaited()
        if not texts:
            return self._unit_vectors([], 0)
        try:
            answer = self._function(texts)
        except HoldfastError:
            raise
        except Exception as error:
            raise self._failure(error) from error
        if inspect.isawaitable(answer):
            if inspect.iscoroutine(answer):
                answer.close()
            raise self._only_awaited()
        return self._unit_vectors(answer, len(texts))

    async def aembed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        """Do as `embed`, awaited; a function that is no coroutine function runs in a worker thread."""
        texts = _as_list(texts)
        if not texts:
            return self._unit_vectors([], 0)
        try:
            answer = self._function(texts) if self._is_async else await asyncio.to_thread(self._function, texts)
            if inspect.isawaitable(answer):
                answer = await answer
        except HoldfastError:
            raise
        except Exception as error:
            raise self._failure(error) from error
        return self._unit_vectors(answer, len(texts))

    def _unit_vectors(self, answer: object, count: int) -> Vectors:
        name, dimensions = self._fingerprint.name, self._fingerprint.dimensions
        if not count:
            return np.empty((0, dimensions), dtype=np.float32)
        try:
            values = np.asarray(answer, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise ProviderError(name, f"returned no array of numbers ({error})") from error
        if values.ndim != 2 or len(values) != count:
            raise ProviderError(name, f"returned shape {values.shape} for {count} texts; expected {count, dimensions}")
        if values.shape[1] != dimensions:
            raise DimensionMismatchError(dimensions, values.shape[1])
        # By the largest component first: the squares of very large or very small ones would leave float64.
        peaks = np.abs(values).max(axis=1, keepdims=True)
        wrong = np.flatnonzero(~np.isfinite(peaks) | (peaks == 0))
        if len(wrong):
            kind = "a zero vector" if peaks[wrong[0]] == 0 else "a vector that is not finite"
            raise ProviderError(name, f"returned {kind} for the text at index {wrong[0]}")
        values = values / peaks
        values /= np.linalg.norm(values, axis=1, keepdims=True)
        return np.ascontiguousarray(values, dtype=np.float32)

    def _failure(self, error: Exception) -> ProviderError:
        retryable = isinstance(error, ConnectionError | TimeoutError)
        return ProviderError(self._fingerprint.name, f"{type(error).__name__}: {error}", retryable=retryable)

    def _only_awaited(self) -> ConfigurationError:
        return ConfigurationError(f"the function of {self._fingerprint.name} is async; use AsyncMemory, or aembed")


def _as_list(texts: Sequence[str]) -> list[str]:
    if isinstance(texts, str):
        raise ConfigurationError("texts is one string; give a list of strings")
    return list(texts)
