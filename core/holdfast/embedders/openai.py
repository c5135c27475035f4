"""An OpenAI-compatible server as an embedder."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from holdfast.errors import ConfigurationError, DimensionMismatchError, ProviderError
from holdfast.protocols import Fingerprint, TextKind
from holdfast.providers import Caller, Circuit, clients_of
from holdfast.types import Usage, Vectors

if TYPE_CHECKING:
    import openai

__all__ = ["OpenAIEmbedder"]

_WIDTHS: Mapping[str, int] = {
    "text-embedding-3-small": 1536,
    "text-embedding-3-large": 3072,
    "text-embedding-ada-002": 1536,
}
_SHORTENED = "text-embedding-3-"
_TEXTS = 512
_LETTERS = 400_000
_LONGEST = 8_000
"""Characters of one text: OpenAI reads 8,192 tokens, and hardly a text has more tokens than characters."""


class OpenAIEmbedder:
    """Embeds with a server's Embeddings API: OpenAI itself, vLLM, Ollama, llama.cpp, LiteLLM and others.

    ```python
    memory = Memory(embedder=OpenAIEmbedder("text-embedding-3-small", dimensions=512))
    memory = Memory(embedder=OpenAIEmbedder("nomic-embed-text", dimensions=768, base_url="http://localhost:11434/v1"))
    ```

    Texts go out in batches of at most 512, and of 100,000 tokens taken at four characters each. A text is cut after
    8,000 characters; one without words is sent as a full stop, since servers refuse it.

    Args:
        model: The model's name there.
        dimensions: The width of a vector. Needed for a model that is not OpenAI's; those of `text-embedding-3-*` are
            shortened to it by the server.
        client: An `openai.OpenAI` of yours, instead of one made of the arguments below.
        async_client: The same to await; without it, a given `client` runs in a worker thread.
        base_url: The server; OpenAI, or the environment variable OPENAI_BASE_URL, by default.
        api_key: The key; the environment variable OPENAI_API_KEY by default. A server of your own may need none.
        headers: Sent with every request.
        timeout: Seconds until a call is given up.
        tries: Calls in all, when the server is busy or out of reach.
        circuit: When to stop asking a server that keeps failing.
        revision: Change it when the server's vectors change.

    Raises:
        MissingExtraError: openai is not installed.
        ConfigurationError: There is no key, no width for this model, or an argument is out of its range.
    """

    def __init__(
        self,
        model: str,
        *,
        dimensions: int | None = None,
        client: "openai.OpenAI | None" = None,
        async_client: "openai.AsyncOpenAI | None" = None,
        base_url: str | None = None,
        api_key: str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 30.0,
        tries: int = 3,
        circuit: Circuit | None = None,
        revision: str = "1",
    ) -> None:
        if not isinstance(cast(Any, model), str) or not model.strip():
            raise ConfigurationError(f"a model needs a name, got {model!r}")
        width = _WIDTHS.get(model) if dimensions is None else dimensions
        if width is None:
            raise ConfigurationError(f"the width of {model!r} is not known; give dimensions=...")
        if not isinstance(cast(Any, width), int) or width < 1:
            raise ConfigurationError(f"dimensions must be a whole number of at least 1, got {width!r}")
        client, async_client = clients_of(client, async_client, api_key, base_url, headers, timeout)
        self._model = model
        self._client = client
        self._async_client = async_client
        self._caller = Caller(model, tries, circuit or Circuit())
        self._fingerprint = Fingerprint(model, width, revision)
        self._asked: dict[str, Any] = {"model": model, "encoding_format": "float"}
        if dimensions is not None and model.startswith(_SHORTENED):
            self._asked["dimensions"] = dimensions

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the model's name and the width."""
        return self._fingerprint

    def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        """Return one unit vector a text; see `Embedder.embed`. `kind` makes no difference.

        Raises:
            ProviderError: The server could not be reached, refused the call, or answered with something else.
            DimensionMismatchError: The vectors have another width than promised.
        """
        return self.embed_metered(texts, kind=kind)[0]

    async def aembed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        """Do as `embed`, awaited."""
        return (await self.aembed_metered(texts, kind=kind))[0]

    def embed_metered(self, texts: Sequence[str], *, kind: TextKind = "document") -> tuple[Vectors, Usage]:
        """Do as `embed`, and tell what it cost."""
        client = self._client
        if client is None:
            raise ConfigurationError("only an async_client was given; use AsyncMemory, or give a client too")
        reading = _Reading(texts)
        for portion in reading.portions():
            answer = self._caller.call(partial(client.embeddings.create, input=portion, **self._asked))
            reading.take(self._rows(answer, len(portion)), answer)
        return reading.vectors(self._fingerprint.dimensions), reading.usage

    async def aembed_metered(self, texts: Sequence[str], *, kind: TextKind = "document") -> tuple[Vectors, Usage]:
        """Do as `embed_metered`, awaited."""
        client = self._async_client
        if client is None:
            return await asyncio.to_thread(self.embed_metered, texts, kind=kind)
        reading = _Reading(texts)
        for portion in reading.portions():
            answer = await self._caller.acall(partial(client.embeddings.create, input=portion, **self._asked))
            reading.take(self._rows(answer, len(portion)), answer)
        return reading.vectors(self._fingerprint.dimensions), reading.usage

    def _rows(self, answer: Any, count: int) -> npt.NDArray[np.float64]:
        """Read an answer as far as it is one, and bring its vectors to unit length."""
        found = list(getattr(answer, "data", None) or ())
        if len(found) != count:
            raise ProviderError(self._model, f"returned {len(found)} vectors for {count} texts", retryable=True)
        # Servers number their vectors; not all keep the order.
        numbers = [getattr(one, "index", None) for one in found]
        if sorted(numbers, key=str) == sorted(range(count), key=str):
            found = [found[numbers.index(number)] for number in range(count)]
        try:
            rows = np.asarray([one.embedding for one in found], dtype=np.float64)
        except (AttributeError, TypeError, ValueError) as error:
            raise ProviderError(self._model, "returned no vectors of numbers", retryable=True) from error
        if rows.ndim != 2:
            raise ProviderError(self._model, "returned no vectors of numbers", retryable=True)
        if rows.shape[1] != self._fingerprint.dimensions:
            raise DimensionMismatchError(self._fingerprint.dimensions, rows.shape[1])
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not lengths.all():
            raise ProviderError(self._model, "returned a vector that is zero or not finite", retryable=True)
        unit: npt.NDArray[np.float64] = rows / lengths
        return unit


class _Reading:
    """The texts of one call: each sent once, in portions, and handed back in order."""

    def __init__(self, texts: Sequence[str]) -> None:
        if isinstance(texts, str):
            raise ConfigurationError("texts is one string; give a list of strings")
        # A lone surrogate is no text that a request can carry.
        sent = [text[:_LONGEST].encode("utf-8", "replace").decode("utf-8") for text in texts]
        self._texts: list[str] = [text if text.strip() else "." for text in sent]
        self._rows: list[npt.NDArray[np.float64]] = []
        self.usage = Usage()

    def portions(self) -> Iterator[list[str]]:
        """Return the different texts in portions of one request each."""
        portion: list[str] = []
        letters = 0
        for text in dict.fromkeys(self._texts):
            if portion and (len(portion) >= _TEXTS or letters + len(text) > _LETTERS):
                yield portion
                portion, letters = [], 0
            portion.append(text)
            letters += len(text)
        if portion:
            yield portion

    def take(self, rows: npt.NDArray[np.float64], answer: Any) -> None:
        """Keep the vectors of the last portion, and what it cost."""
        self._rows.append(rows)
        tokens = getattr(getattr(answer, "usage", None), "total_tokens", None)
        self.usage += Usage(calls=1, embedding_tokens=tokens if isinstance(tokens, int) and tokens > 0 else 0)

    def vectors(self, dimensions: int) -> Vectors:
        """Return one vector a text, in order."""
        if not self._texts:
            return np.empty((0, dimensions), dtype=np.float32)
        places = {text: number for number, text in enumerate(dict.fromkeys(self._texts))}
        rows = np.concatenate(self._rows)[[places[text] for text in self._texts]]
        return np.ascontiguousarray(rows, dtype=np.float32)
