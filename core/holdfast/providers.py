"""Calls of a provider over the network: its errors as ours, repeated where that helps, given up where it does not."""

import importlib
import threading
import time
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from holdfast.errors import ConfigurationError, MissingExtraError, ProviderError

if TYPE_CHECKING:
    import openai

__all__ = ["Caller", "Circuit", "clients", "clients_of", "retry_after", "translated"]

_R = TypeVar("_R")

_LONGEST_WAIT = 30.0
"""Seconds that a server may ask to wait; for more, the caller is told at once and the work is done later."""


class Circuit:
    """Stops asking a provider that keeps failing: opens after `failures` in a row, lets one call try after `rest`.

    Each failed trial doubles the rest, up to ten times. Thread-safe.

    Args:
        failures: How many in a row open it.
        rest: Seconds without a call.
        clock: Seconds that only grow.
    """

    def __init__(self, failures: int = 5, rest: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = failures
        self._rest = rest
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._until = 0.0
        self._last = ""

    @contextmanager
    def passing(self, provider: str) -> Generator[None, None, None]:
        """Let the block call the provider, and learn from what becomes of it.

        Raises:
            ProviderError: The circuit is open; the provider was not asked.
        """
        self._enter(provider)
        try:
            yield
        except ProviderError as error:
            # Only what another call may not change tells of the provider; a refused request tells of itself.
            if error.retryable:
                self._note(error.detail)
            raise
        with self._lock:
            self._failed = 0

    def _enter(self, provider: str) -> None:
        with self._lock:
            if self._failed < self._most:
                return
            left = self._until - self._clock()
            if left > 0:
                detail = f"not asked: {self._failed} calls in a row failed ({self._last}); next try in {left:.0f} s"
                raise ProviderError(provider, detail, retryable=True)
            self._until = self._clock() + self._rest  # others wait while this one tries

    def _note(self, detail: str) -> None:
        with self._lock:
            self._failed += 1
            self._last = detail
            if self._failed >= self._most:
                self._until = self._clock() + self._rest * min(2 ** (self._failed - self._most), 10)


class Caller:
    """Calls one provider: translates its errors, repeats what may succeed a moment later, and keeps a circuit.

    Waits between tries grow and are jittered; `Retry-After` is honoured up to 30 s.

    Args:
        provider: What errors name.
        tries: Calls in all, at least 1.
        circuit: Stops asking when all fails.
    """

    def __init__(self, provider: str, tries: int, circuit: Circuit) -> None:
        if not isinstance(cast(Any, tries), int) or tries < 1:
            raise ConfigurationError(f"tries is {tries!r}; give a whole number of at least 1")
        self._provider = provider
        self._tries = tries
        self._circuit = circuit

    def call(self, function: Callable[[], _R]) -> _R:
        """Return what the function returns.

        Raises:
            ProviderError: It failed for good, or as often as it may.
        """
        import stamina

        with self._circuit.passing(self._provider):
            for attempt in stamina.retry_context(on=_wait, attempts=self._tries, wait_initial=0.5, wait_max=8.0):
                with attempt, self._translating():
                    return function()
        raise AssertionError("the last attempt returns or raises")

    async def acall(self, function: Callable[[], Awaitable[_R]]) -> _R:
        """Do as `call`, awaited."""
        import stamina

        with self._circuit.passing(self._provider):
            async for attempt in stamina.retry_context(on=_wait, attempts=self._tries, wait_initial=0.5, wait_max=8.0):
                with attempt, self._translating():
                    return await function()
        raise AssertionError("the last attempt returns or raises")

    @contextmanager
    def _translating(self) -> Generator[None, None, None]:
        import openai

        try:
            yield
        except openai.OpenAIError as error:
            raise translated(error, self._provider) from error
        except ValueError as error:  # a body that says it is JSON and is none
            raise ProviderError(self._provider, "its answer is no JSON", retryable=True) from error


def _wait(error: Exception) -> bool | float:
    if not isinstance(error, ProviderError) or not error.retryable:
        return False
    asked = retry_after(error)
    return True if asked is None else asked if asked <= _LONGEST_WAIT else False


def retry_after(error: BaseException) -> float | None:
    """Return how many seconds the server asked to wait, or None."""
    response = getattr(error.__cause__, "response", None)
    headers = cast(Mapping[str, str], getattr(response, "headers", {}))
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers[name]) / unit
        except (KeyError, ValueError):
            continue
        if seconds >= 0:
            return seconds
    return None


def translated(error: "openai.OpenAIError", provider: str) -> ProviderError:
    """Return an error of the openai client as ours; the server's own words stay in the cause, they may quote users."""
    import openai

    match error:
        case openai.APITimeoutError():
            return ProviderError(provider, "no answer in time", retryable=True)
        case openai.APIConnectionError():
            return ProviderError(provider, "cannot be reached; check base_url and the network", retryable=True)
        case openai.AuthenticationError():
            return ProviderError(provider, "the key was refused (401); check api_key or OPENAI_API_KEY")
        case openai.PermissionDeniedError():
            return ProviderError(provider, "the key may not use this model (403)")
        case openai.NotFoundError():
            return ProviderError(provider, "no such model, or no such address (404); check the model and base_url")
        case openai.RateLimitError():
            if error.code == "insufficient_quota":
                return ProviderError(provider, "the quota is used up (429)")
            return ProviderError(provider, "too many requests (429)", retryable=True)
        case openai.APIStatusError():
            status = error.status_code
            # 408, 409 and 425 say "not now"; the client itself repeats the first two.
            passing = status >= 500 or status in (408, 409, 425)
            what = "failed" if passing else "refused the request"
            return ProviderError(provider, f"{what} ({status})", retryable=passing)
        case openai.APIError():
            return ProviderError(provider, "its answer is no API answer", retryable=True)
        case _:
            return ProviderError(provider, f"{type(error).__name__} in the client")


def clients_of(
    client: "openai.OpenAI | None",
    async_client: "openai.AsyncOpenAI | None",
    api_key: str | None,
    base_url: str | None,
    headers: Mapping[str, str] | None,
    timeout: float,
) -> "tuple[openai.OpenAI | None, openai.AsyncOpenAI | None]":
    """Return the clients that were given, or those that the other arguments make.

    Raises:
        MissingExtraError: openai is not installed.
        ConfigurationError: What was given is no client of its kind, or as in `clients`.
    """
    if client is None and async_client is None:
        return clients(api_key, base_url, headers, timeout)
    for name, given in (("client", client), ("async_client", async_client)):
        if given is None:
            continue
        kind = type(given).__name__
        if not (hasattr(given, "chat") or hasattr(given, "embeddings")):
            raise ConfigurationError(f"{name} must be a client of openai, got {kind}")
        if (name == "client" and kind.startswith("Async")) or (
            name != "client" and kind.startswith(("OpenAI", "Azure"))
        ):
            raise ConfigurationError(f"{name} is an {kind}: client= is the one to call, async_client= the one to await")
    return client, async_client


def clients(
    api_key: str | None, base_url: str | None, headers: Mapping[str, str] | None, timeout: float
) -> "tuple[openai.OpenAI, openai.AsyncOpenAI]":
    """Return a client to call and one to await, their own retries off.

    A server of one's own needs no key. The one to await keeps no connection: it would belong to the event loop that
    opened it, and fail in the next one.

    Raises:
        MissingExtraError: openai is not installed.
        ConfigurationError: There is no key, or the base URL is none.
    """
    try:
        import openai

        importlib.import_module("stamina")  # part of the same extra
    except ImportError as error:
        raise MissingExtraError("openai", error.name or "openai") from error
    if isinstance(cast(Any, timeout), bool) or not isinstance(cast(Any, timeout), int | float) or not timeout > 0:
        raise ConfigurationError(f"timeout must be a number of seconds above 0, got {timeout!r}")
    if base_url is not None and not base_url.startswith(("http://", "https://")):
        raise ConfigurationError(f"base_url must begin with http:// or https://, got {base_url!r}")
    options: dict[str, Any] = {"base_url": base_url, "timeout": timeout, "max_retries": 0}
    once = {**(headers or {}), "Connection": "close"}
    key = api_key or ("none" if base_url and not _key_is_set() else None)
    try:
        return (
            openai.OpenAI(api_key=key, default_headers=headers, **options),
            openai.AsyncOpenAI(api_key=key, default_headers=once, **options),
        )
    except openai.OpenAIError as error:
        raise ConfigurationError("no key: give api_key=..., or set the environment variable OPENAI_API_KEY") from error


def _key_is_set() -> bool:
    import os

    return bool(os.environ.get("OPENAI_API_KEY"))
