"""The embedded embedder: all-MiniLM-L6-v2 from the files beside this module, run by onnxruntime on one thread."""

import os
import re
import threading
from collections.abc import Callable, Generator, Hashable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from holdfast.errors import ConfigurationError, ProviderError
from holdfast.protocols import Fingerprint, TextKind
from holdfast.types import Vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

__all__ = ["MODEL_FOLDER", "MiniLM"]

MODEL_FOLDER = Path(__file__).parent / "all_minilm_l6_v2"

_NAME = "all-MiniLM-L6-v2"
_DIMENSIONS = 384
_REVISION = "int8-1"
"""Raise the number when a new conversion moves vectors by more than rounding; stores made before then say so."""

_MAX_TOKENS = 256
_MAX_CHARACTERS = 32_768
"""Where a text is cut before it is tokenised. A word of up to 100 characters is at least one token and a longer one
is exactly one, so 254 tokens end before this unless white space or longer words fill it."""

_RUN_TEXTS = 32
_RUN_TOKENS = 1_024
"""What one run of the model takes. It bounds the memory, and larger runs are slower: with 1,024 tokens 16.7 texts of
200 tokens a second and 175 MB at the peak, with 4,096 13.3 and 275 MB."""

_OPT_OUT = "ORT_DISABLE_TELEMETRY"
_BREAK = re.compile(r"[ \t\n\r!-/:-@\[-`{-~]")
"""White space and ASCII punctuation: the tokenizer splits there whatever stands beside it."""

_T = TypeVar("_T")
_Ids = npt.NDArray[np.int64]


class MiniLM:
    """Embed with all-MiniLM-L6-v2, shipped inside the package: no key, no network, no torch.

    The weights are stored as int8 and computed in float32, so a text's vector does not depend on its batch. Objects
    share one model per process and number of threads; it is loaded at the first `embed`, and again in a forked child.

    Args:
        threads: Threads that work on one run of the model. More than one helps on an idle machine only.
        folder: Where `model.onnx` and `tokenizer.json` are, if not inside the package.
    """

    __slots__ = ("_folder", "_threads")

    def __init__(self, *, threads: int = 1, folder: Path = MODEL_FOLDER) -> None:
        if threads < 1:
            raise ConfigurationError(f"threads is {threads}; give 1 or more")
        self._threads = threads
        self._folder = folder

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the name, the width and the conversion of the model."""
        return Fingerprint(_NAME, _DIMENSIONS, _REVISION)

    def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        """Return one unit vector a text, in order: shape (len(texts), 384), float32, C-contiguous.

        A text counts up to its 256th token, and up to 32,768 characters. `kind` changes nothing for this model.

        Raises:
            ConfigurationError: `texts` is one string.
            ProviderError: The model's files are missing or damaged.
        """
        if isinstance(texts, str):
            raise ConfigurationError("texts is one string; give a list of strings")
        rows = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        vectors = np.empty((len(rows), _DIMENSIONS), dtype=np.float32)
        if not rows:
            return vectors
        tokenizer = self._tokenizer()
        session = self._session()
        ids = [_model_input(tokenizer, text) for text in rows]
        for run in _runs([len(item) for item in ids]):
            vectors[run] = _unit_means(session, [ids[row] for row in run])
        return vectors[[rows[text] for text in texts]]

    def count_tokens(self, text: str) -> int:
        """Return how many tokens all of `text` has, without special tokens; loads the tokenizer only."""
        tokenizer = self._tokenizer()
        return sum(len(tokenizer.encode(part, add_special_tokens=False)) for part in _pieces(_encodable(text)))

    def _tokenizer(self) -> "Tokenizer":
        return _shared.get(("tokenizer", self._folder), lambda: _load_tokenizer(self._folder / "tokenizer.json"))

    def _session(self) -> "InferenceSession":
        key = ("session", self._folder, self._threads)
        return _shared.get(key, lambda: _load_session(self._folder / "model.onnx", self._threads))


class _Shared:
    """What is loaded once in a process, however many threads ask for it at the same time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: dict[Hashable, Any] = {}
        self._inherited: list[dict[Hashable, Any]] = []

    def get(self, key: Hashable, load: Callable[[], _T]) -> _T:
        """Return what `load` gave for `key` in this process."""
        found: _T | None = self._loaded.get(key)
        if found is None:
            with self._lock:
                found = self._loaded.get(key)
                if found is None:
                    found = self._loaded[key] = load()
        return found

    def after_fork(self) -> None:
        """Start anew in a child: a thread of the parent may have held any lock, ours or the library's."""
        self._lock = threading.Lock()
        # Kept, because a session that is closed waits for its threads, and those stayed with the parent.
        self._inherited.append(self._loaded)
        self._loaded = {}


_shared = _Shared()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_shared.after_fork)


def _load_tokenizer(path: Path) -> "Tokenizer":
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the binding raises bare Exception
        raise ProviderError(_NAME, f"{path} cannot be loaded ({error}); reinstall holdfast") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    # "[SEP]" in a message is what somebody wrote, not the end of the input.
    tokenizer.encode_special_tokens = True
    return tokenizer


def _load_session(path: Path, threads: int) -> "InferenceSession":
    with _telemetry_off():
        import onnxruntime
    # For the case that the application had imported it already.
    onnxruntime.disable_telemetry_events()

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Otherwise the int8 weights are turned into float32 at every run instead of once at load.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors have no common class of their own
        raise ProviderError(_NAME, f"{path} cannot be loaded ({error}); reinstall holdfast") from error


@contextmanager
def _telemetry_off() -> Generator[None, None, None]:
    """Hold onnxruntime's telemetry off while it is imported; the choice then lasts as long as the process.

    Since 1.29 the import alone writes a device id below the home directory, starts an uploader, and lets a forked
    child hang when it exits. This variable is the only way to prevent all of that.
    Source: https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md
    """
    before = os.environ.get(_OPT_OUT)
    os.environ[_OPT_OUT] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_OPT_OUT]
        else:
            os.environ[_OPT_OUT] = before


def _encodable(text: str) -> str:
    """Return `text` with split surrogate pairs joined and lone surrogates replaced: the tokenizer takes UTF-8 only."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _pieces(text: str) -> Iterator[str]:
    """Yield `text` in pieces whose token counts add up, so that memory stays bounded.

    Only a run of 32,768 letters and digits is cut where nothing separates them.
    """
    start = 0
    while start < len(text):
        end = start + _MAX_CHARACTERS
        found = _BREAK.search(text, end, end + _MAX_CHARACTERS)
        end = found.start() if found else end + _MAX_CHARACTERS
        yield text[start:end]
        start = end


def _model_input(tokenizer: "Tokenizer", text: str) -> _Ids:
    """Return the token ids that stand for `text`, at most 256 with [CLS] and [SEP]."""
    # Texts are encoded one by one: encode_batch starts threads and reads TOKENIZERS_PARALLELISM.
    encoding = tokenizer.encode(_encodable(text[:_MAX_CHARACTERS]))
    ids = np.array(encoding.ids, dtype=np.int64)
    return ids if len(ids) <= _MAX_TOKENS else np.append(ids[: _MAX_TOKENS - 1], ids[-1])


def _runs(lengths: list[int]) -> Iterator[list[int]]:
    """Yield the rows of each run, texts of like length together, so that little padding is computed."""
    run: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if run and (len(run) == _RUN_TEXTS or (len(run) + 1) * lengths[row] > _RUN_TOKENS):
            yield run
            run = []
        run.append(row)
    yield run


def _unit_means(session: "InferenceSession", ids: list[_Ids]) -> Vectors:
    """Return the unit vector of each text: the mean of its token states, padding left out."""
    padded = np.zeros((len(ids), max(map(len, ids))), dtype=np.int64)
    mask = np.zeros_like(padded)
    for row, item in enumerate(ids):
        padded[row, : len(item)] = item
        mask[row, : len(item)] = 1
    try:
        (states,) = session.run(["last_hidden_state"], {"input_ids": padded, "attention_mask": mask})
    except Exception as error:  # its errors have no common class of their own
        raise ProviderError(_NAME, f"the model failed on {len(ids)} texts ({error})") from error
    # The sum points where the mean does.
    sums: Vectors = np.einsum("nld,nl->nd", states, mask.astype(np.float32))
    sums /= np.linalg.norm(sums, axis=1, keepdims=True)
    return sums
