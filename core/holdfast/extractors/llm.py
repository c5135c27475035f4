"""An OpenAI-compatible server as an extractor: OpenAI itself, vLLM, Ollama, llama.cpp, LiteLLM and others."""

import logging
from collections.abc import Generator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from holdfast.errors import ConfigurationError, ProviderError
from holdfast.extractors.embedded import EmbeddedExtractor
from holdfast.extractors.model import ModelExtractor
from holdfast.extractors.prompts import Prompt
from holdfast.extractors.replies import Reply
from holdfast.protocols import Extractor
from holdfast.providers import Caller, Circuit, clients_of

if TYPE_CHECKING:
    import openai

__all__ = ["Mode", "OpenAIExtractor"]

Mode: TypeAlias = Literal["json_schema", "json_object", "text"]
_MODES: tuple[Mode, ...] = ("json_schema", "json_object", "text")

_TOO_LONG = "context_length_exceeded"

_log = logging.getLogger("holdfast.extractors")


class OpenAIExtractor(ModelExtractor):
    """Extracts with a chat model over Chat Completions.

    ```python
    memory = Memory(extractor=OpenAIExtractor("gpt-4.1-mini"))
    memory = Memory(extractor=OpenAIExtractor("qwen3:8b", base_url="http://localhost:11434/v1"))
    ```

    The model is held to the schema as strictly as the server can: by `json_schema`, else `json_object`, else by the
    prompt alone. What worked is tried first from then on; `mode` tells it, and each extraction its own. A parameter
    that the server refuses by name (`temperature`, `seed`) is left out from then on.

    Args:
        model: The model's name there.
        client: An `openai.OpenAI` of yours, instead of one made of the arguments below.
        async_client: The same to await; without it, a given `client` runs in a worker thread.
        base_url: The server; OpenAI, or the environment variable OPENAI_BASE_URL, by default.
        api_key: The key; the environment variable OPENAI_API_KEY by default. A server of your own may need none.
        headers: Sent with every request.
        timeout: Seconds until a call is given up.
        tries: Calls in all, when the server is busy or out of reach.
        seed: Sent if given.
        temperature: Sent unless None.
        mode: The strictest mode to try.
        together: Messages of one question at most.
        existing: Known facts that go along.
        circuit: When to stop asking a server that keeps failing.
        stand_in: See `ModelExtractor`.

    Raises:
        MissingExtraError: openai is not installed.
        ConfigurationError: There is no key, or an argument is out of its range.
    """

    def __init__(
        self,
        model: str,
        *,
        client: "openai.OpenAI | None" = None,
        async_client: "openai.AsyncOpenAI | None" = None,
        base_url: str | None = None,
        api_key: str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 30.0,
        tries: int = 3,
        seed: int | None = None,
        temperature: float | None = 0.0,
        mode: Mode = "json_schema",
        together: int = 12,
        existing: int = 12,
        circuit: Circuit | None = None,
        stand_in: Extractor | None = EmbeddedExtractor(),  # noqa: B008 - it holds nothing
    ) -> None:
        if mode not in _MODES:
            raise ConfigurationError(f"mode must be one of {', '.join(_MODES)}, got {mode!r}")
        client, async_client = clients_of(client, async_client, api_key, base_url, headers, timeout)
        self._client = client
        self._async_client = async_client
        self._caller = Caller(model, tries, circuit or Circuit())
        self._mode: Mode = mode
        options = {"temperature": temperature, "seed": seed}
        self._options: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
        super().__init__(
            self._ask,
            name=model,
            acomplete=self._aask if async_client is not None else None,
            together=together,
            existing=existing,
            stand_in=stand_in,
        )

    @property
    def mode(self) -> str:
        """How the model is held to the schema at present."""
        return self._mode

    def _ask(self, prompt: Prompt) -> Reply:
        client = self._client
        if client is None:
            raise ConfigurationError("only an async_client was given; use AsyncMemory, or give a client too")
        negotiation = self._negotiation(prompt)
        request = next(negotiation)
        while True:
            try:
                answer = self._caller.call(partial(client.chat.completions.create, **request))
            except ProviderError as error:  # noqa: PERF203 - the next request asks for less
                if _is_too_long(error):
                    return Reply("", mode=self._mode, cut_off=True)
                request = negotiation.throw(error)
            else:
                return self._reply(answer, request)

    async def _aask(self, prompt: Prompt) -> Reply:
        client = self._async_client
        assert client is not None
        negotiation = self._negotiation(prompt)
        request = next(negotiation)
        while True:
            try:
                answer = await self._caller.acall(partial(client.chat.completions.create, **request))
            except ProviderError as error:  # noqa: PERF203 - the next request asks for less
                if _is_too_long(error):
                    return Reply("", mode=self._mode, cut_off=True)
                request = negotiation.throw(error)
            else:
                return self._reply(answer, request)

    def _negotiation(self, prompt: Prompt) -> Generator[dict[str, Any], None, None]:
        """Yield requests, each one asking less of the server, until none is left; the error of the first is raised."""
        mode: Mode = self._mode
        options = dict(self._options)
        first: ProviderError | None = None
        while True:
            try:
                yield self._request(prompt, mode, options)
            except ProviderError as error:  # noqa: PERF203 - the next request asks for less
                first = first or error
                refused = _refused(error)
                if refused is None:
                    raise first from first.__cause__
                if refused in options:
                    del options[refused]
                    _log.info("%s refuses %s; left out from now on", self._model, refused)
                    self._options = {name: value for name, value in self._options.items() if name != refused}
                elif mode == "text":
                    raise first from first.__cause__
                else:
                    mode = _MODES[_MODES.index(mode) + 1]

    def _request(self, prompt: Prompt, mode: Mode, options: Mapping[str, Any]) -> dict[str, Any]:
        held: dict[str, Any] = {}
        if mode == "json_schema":
            schema = {name: value for name, value in prompt.schema.items() if name != "title"}
            named = {"name": prompt.schema["title"], "schema": schema, "strict": True}
            held["response_format"] = {"type": "json_schema", "json_schema": named}
        elif mode == "json_object":
            held["response_format"] = {"type": "json_object"}
        said = [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}]
        return {"model": self._model, "messages": said, **options, **held}

    def _reply(self, answer: Any, request: Mapping[str, Any]) -> Reply:
        """Read an answer as far as it is one: the client does not check what a server sends."""
        held = cast(Mapping[str, Any], request.get("response_format", {}))
        mode = cast(Mode, held.get("type", "text"))
        if mode != self._mode:
            _log.info("%s answers in %s only", self._model, mode)
            self._mode = mode
        choice = next(iter(getattr(answer, "choices", None) or ()), None)
        said = getattr(choice, "message", None)
        content = getattr(said, "content", None) or getattr(said, "refusal", None)
        usage = getattr(answer, "usage", None)
        details = getattr(usage, "prompt_tokens_details", None)
        return Reply(
            content if isinstance(content, str) else "",
            input_tokens=_count(usage, "prompt_tokens"),
            output_tokens=_count(usage, "completion_tokens"),
            cached_tokens=_count(details, "cached_tokens"),
            mode=mode,
            cut_off=getattr(choice, "finish_reason", None) == "length",
        )


def _count(usage: Any, name: str) -> int:
    count = getattr(usage, name, None)
    return count if isinstance(count, int) and count > 0 else 0


def _is_too_long(error: ProviderError) -> bool:
    return getattr(error.__cause__, "code", None) == _TOO_LONG


def _refused(error: ProviderError) -> str | None:
    """Return the parameter that the server refused, empty where it named none; None when it refused nothing."""
    cause = error.__cause__
    if getattr(cause, "status_code", None) not in (400, 422):
        return None
    return str(getattr(cause, "param", None) or "")
