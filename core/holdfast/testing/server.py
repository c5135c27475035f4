"""An OpenAI-compatible server on this machine that answers as it is told, faults included."""

import json
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, TypeAlias, cast

from holdfast.testing.fakes import FakeEmbedder

__all__ = ["Endpoint", "Played", "Request", "ScriptedAnswer", "ScriptedServer"]

Endpoint: TypeAlias = Literal["chat", "embeddings", "models"]

_LETTERS = 4  # a token
_BLOCK = 128 * _LETTERS  # what a prompt cache counts in


@dataclass(frozen=True, slots=True)
class ScriptedAnswer:
    """One answer of a `ScriptedServer`.

    Args:
        content: What the model says: a text, or a value that is sent as JSON text. For `embeddings`, see `raw`.
        status: The HTTP status; from 400 on `content` is the message of the error.
        headers: Sent along (`{"Retry-After": "1"}`).
        code: The error's code (`insufficient_quota`).
        param: The request's parameter that the error blames.
        finish_reason: `length` when the answer was cut off by the limit of tokens.
        refusal: The model refuses, in these words.
        raw: This body instead, whatever it is.
        delay: Seconds before the answer; ends early when the server closes.
        cut: Close the connection after so many bytes of the body.
    """

    content: Any = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    code: str | None = None
    param: str | None = None
    finish_reason: str = "stop"
    refusal: str | None = None
    raw: str | None = None
    delay: float = 0.0
    cut: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came: where it went, its headers in small letters, its JSON."""

    endpoint: Endpoint
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def asked(self) -> Mapping[str, Any]:
        """Return the JSON object in the last message of a chat request, or nothing where that is none."""
        try:
            content: Any = json.loads(self.body["messages"][-1]["content"])
        except (KeyError, IndexError, TypeError, ValueError):
            return {}
        return cast(Mapping[str, Any], content) if isinstance(content, dict) else {}


Played: TypeAlias = (
    ScriptedAnswer | str | Mapping[str, Any] | Callable[[Request], "ScriptedAnswer | str | Mapping[str, Any]"]
)
"""What can be played: an answer, its content alone, or a function of the request."""


class ScriptedServer:
    """Serves Chat Completions, Embeddings and Models on loopback, in a thread, as it is told.

    ```python
    with ScriptedServer() as server:
        server.play({"facts": []}, ScriptedAnswer(status=500), "not JSON")
        extractor = OpenAIExtractor("scripted", base_url=server.url)
    ```

    Answers are played in the order given; then `default` is. Vectors depend on the texts, as `FakeEmbedder`'s do.
    Tokens are counted at four characters each; from 1,024 on, what a request has in common with the beginning of an
    earlier one is reported as cached.

    Args:
        default: What the model says when nothing is left to play.
        embeddings: What requests for vectors are answered then; an answer without an error has the vectors.
        modes: How far the server can hold a model to a schema; it refuses a request for more.
        refuses: Parameters that it refuses.
        dimensions: The width of its vectors, when a request does not say.
        models: What it serves; it answers 404 to others. None serves any.
    """

    def __init__(
        self,
        default: Played = '{"facts": []}',
        *,
        embeddings: Played | None = None,
        modes: Sequence[str] = ("json_schema", "json_object", "text"),
        refuses: Sequence[str] = (),
        dimensions: int = 64,
        models: Sequence[str] | None = None,
    ) -> None:
        self._defaults: dict[str, Played | None] = {"chat": default, "embeddings": embeddings}
        self._modes = modes
        self._refuses = refuses
        self._dimensions = dimensions
        self._models = models
        self._waiting: dict[str, deque[Played]] = {"chat": deque(), "embeddings": deque(), "models": deque()}
        self._requests: list[Request] = []
        self._beginnings: set[int] = set()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.scripted = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Return the base URL for a client."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def requests(self) -> tuple[Request, ...]:
        """Return the requests so far, oldest first."""
        with self._lock:
            return tuple(self._requests)

    def asked(self, endpoint: Endpoint = "chat") -> tuple[Request, ...]:
        """Return the requests to one endpoint."""
        return tuple(request for request in self.requests if request.endpoint == endpoint)

    def play(self, *answers: Played, to: Endpoint = "chat") -> None:
        """Answer the next requests with these, one each."""
        with self._lock:
            self._waiting[to].extend(answers)

    def close(self) -> None:
        """Stop listening, and end answers that still wait."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._server.hang_up()
        self._thread.join()

    def __enter__(self) -> "ScriptedServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def answer(self, request: Request) -> ScriptedAnswer:
        """Return what to answer to a request, and remember it."""
        with self._lock:
            self._requests.append(request)
            waiting = self._waiting[request.endpoint]
            played = waiting.popleft() if waiting else None
        if played is None:
            played = self._refusal(request) or self._defaults.get(request.endpoint) or ScriptedAnswer()
        if callable(played):
            played = played(request)
        answer = played if isinstance(played, ScriptedAnswer) else ScriptedAnswer(played)
        self._closing.wait(answer.delay)
        return answer

    def body(self, request: Request, answer: ScriptedAnswer) -> str:
        """Return the body of an answer."""
        if answer.raw is not None:
            return answer.raw
        if answer.status >= 400:
            error = {"message": answer.content or "as scripted", "type": "scripted"}
            return json.dumps({"error": {**error, "code": answer.code, "param": answer.param}})
        if request.endpoint == "models":
            served = [{"id": name, "object": "model"} for name in self._models or ("scripted",)]
            return json.dumps({"object": "list", "data": served})
        if request.endpoint == "embeddings":
            return json.dumps(self._embeddings(request))
        return json.dumps(self._completion(request, answer))

    def _refusal(self, request: Request) -> ScriptedAnswer | None:
        """Refuse what this server does not know, as such servers do."""
        body = request.body
        if self._models is not None and request.endpoint != "models" and body.get("model") not in self._models:
            return ScriptedAnswer("no such model", status=404, code="model_not_found")
        for name in self._refuses:
            if name in body:
                return ScriptedAnswer(f"{name} is not supported", status=400, param=name)
        mode = body.get("response_format", {}).get("type", "text")
        if mode not in self._modes:
            return ScriptedAnswer(f"{mode} is not supported", status=400, param="response_format")
        return None

    def _completion(self, request: Request, answer: ScriptedAnswer) -> dict[str, Any]:
        content: Any = answer.content
        content = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        said = {"role": "assistant", "content": None if answer.refusal else content, "refusal": answer.refusal}
        return {
            "id": "chatcmpl-scripted",
            "object": "chat.completion",
            "created": 0,
            "model": request.body.get("model"),
            "choices": [{"index": 0, "message": said, "finish_reason": answer.finish_reason, "logprobs": None}],
            "usage": self._usage(request, content),
        }

    def _usage(self, request: Request, content: str) -> dict[str, Any]:
        held = json.dumps(request.body.get("response_format"), ensure_ascii=False)
        said = "\n".join(str(message.get("content")) for message in request.body.get("messages", ()))
        whole = held + said
        # As providers do it: known are beginnings of so and so many blocks, by their hash.
        beginnings = [hash(whole[:end]) for end in range(_BLOCK, len(whole) + 1, _BLOCK)]
        with self._lock:
            known = [number for number, one in enumerate(beginnings, 1) if one in self._beginnings]
            self._beginnings.update(beginnings)
        cached = max(known, default=0) * _BLOCK // _LETTERS
        asked, answered = len(whole) // _LETTERS, len(content) // _LETTERS
        return {
            "prompt_tokens": asked,
            "completion_tokens": answered,
            "total_tokens": asked + answered,
            "prompt_tokens_details": {"cached_tokens": cached if cached >= 1024 else 0},
        }

    def _embeddings(self, request: Request) -> dict[str, Any]:
        given: Any = request.body.get("input", [])
        texts = [given] if isinstance(given, str) else [str(text) for text in cast(list[Any], given)]
        vectors = FakeEmbedder(int(request.body.get("dimensions") or self._dimensions)).embed(texts)
        tokens = sum(len(text) // 4 + 1 for text in texts)
        return {
            "object": "list",
            "model": request.body.get("model"),
            "data": [
                {"object": "embedding", "index": number, "embedding": vector.tolist()}
                for number, vector in enumerate(vectors)
            ],
            "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
        }


class _Server(ThreadingHTTPServer):
    """Knows its open connections, so that closing does not wait for clients that keep them."""

    daemon_threads = True
    block_on_close = False
    scripted: ScriptedServer

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._open: set[socket.socket] = set()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for connection in tuple(self._open):
            super().shutdown_request(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over a client that went away: tests play just that."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            body: Any = json.loads(sent)
        except ValueError:
            body = {}
        self._serve(cast(Mapping[str, Any], body) if isinstance(body, dict) else {})

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: `requests` tells it all."""

    def _serve(self, body: Mapping[str, Any]) -> None:
        scripted = cast(_Server, self.server).scripted
        endpoints: dict[str, Endpoint] = {
            "/v1/chat/completions": "chat", "/v1/embeddings": "embeddings", "/v1/models": "models",
        }  # fmt: skip
        endpoint = endpoints.get(self.path)
        if endpoint is None:
            self._send(404, {}, json.dumps({"error": {"message": f"nothing at {self.path}"}}), None)
            return
        request = Request(endpoint, {name.lower(): value for name, value in self.headers.items()}, body)
        answer = scripted.answer(request)
        self._send(answer.status, answer.headers, scripted.body(request, answer), answer.cut)

    def _send(self, status: int, headers: Mapping[str, str], body: str, cut: int | None) -> None:
        data = body.encode("utf-8")
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[:cut])
        if cut is not None:
            self.close_connection = True
