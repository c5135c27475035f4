"""Everything that is raised on purpose, raised, and carried to another process."""

import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from holdfast import Memory, errors
from holdfast.errors import (
    ConfigurationError,
    CorruptStoreError,
    DimensionMismatchError,
    ExtractionError,
    HoldfastError,
    IncompatibleStoreError,
    MissingExtraError,
    ProviderError,
    StorageError,
    StoreLockedError,
)
from holdfast.store import lock
from holdfast.testing import FakeEmbedder, ScriptedExtractor

EXAMPLES: list[HoldfastError] = [
    HoldfastError("anything"),
    ConfigurationError("limit must be at least 1, got 0"),
    MissingExtraError("openai", "openai"),
    DimensionMismatchError(384, 5),
    StorageError("memory.db", "the disk is full"),
    StoreLockedError("memory.db", 30.0),
    CorruptStoreError("memory.db", "not a sound SQLite file"),
    IncompatibleStoreError("memory.db", "schema 9", "schema 1", "upgrade holdfast"),
    ProviderError("openai", "no route to host", retryable=True),
    ExtractionError("rules/1", "no JSON", reply="I am sorry", retryable=False),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_pickles_whole(error: HoldfastError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert copy.args == error.args
    assert vars(copy) == vars(error)


def test_every_error_is_an_example() -> None:
    assert {type(error).__name__ for error in EXAMPLES} == set(errors.__all__)


@pytest.mark.parametrize(
    ("error", "fields"),
    [
        (MissingExtraError("openai", "openai"), {"extra": "openai"}),
        (DimensionMismatchError(384, 5), {"expected": 384, "got": 5}),
        (StorageError("p", "d"), {"path": "p", "detail": "d"}),
        (StoreLockedError("p", 3), {"path": "p", "seconds": 3}),
        (CorruptStoreError("p", "d"), {"path": "p", "detail": "d"}),
        (IncompatibleStoreError("p", "a", "b", "c"), {"path": "p", "found": "a", "expected": "b"}),
        (ProviderError("p", "d"), {"provider": "p", "retryable": False}),
        (ExtractionError("p", "d", reply="r"), {"provider": "p", "reply": "r", "retryable": True}),
    ],
)
def test_an_error_carries_its_fields_and_names_them(error: HoldfastError, fields: dict[str, Any]) -> None:
    assert {name: getattr(error, name) for name in fields} == fields
    text = str(error)
    for name, value in fields.items():
        if name not in ("retryable", "reply"):
            assert str(value) in text


def test_a_missing_extra_prints_the_command() -> None:
    assert 'pip install "holdfast[openai]"' in str(MissingExtraError("openai", "openai"))


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    assert errors.__doc__ is not None
    parents = [HoldfastError]
    seen = {"HoldfastError"}
    for line in errors.__doc__.splitlines():
        match = re.match(r"((?:│   |    )*)(?:├── |└── )(\w+)(?: \((\w+)\))?", line)
        if match:
            depth, name = len(match[1]) // 4 + 1, match[2]
            cls = getattr(errors, name)
            del parents[depth:]
            assert issubclass(cls, parents[depth - 1])
            if match[3]:
                assert match[3] in {base.__name__ for base in cls.__mro__}
            parents.append(cls)
            seen.add(name)
    assert seen == set(errors.__all__)


# Each leaf, as it is met


@pytest.fixture
def held(path: Path) -> Iterator[Path]:
    """Yield the path of a store whose write lock another process holds."""
    with Memory(path, embedder=FakeEmbedder()):
        pass
    program = """
import sys
from holdfast import Memory
from holdfast.testing import FakeEmbedder
from holdfast.protocols import Write
def hold(read):
    print("held", flush=True)
    sys.stdin.readline()
    return Write()
Memory(sys.argv[1], embedder=FakeEmbedder())._calls.parts.store.commit("max", hold)
"""
    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield path
        other.stdin.close()


def test_store_locked(held: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.05)
    with pytest.raises(StoreLockedError) as caught:
        Memory(held, embedder=FakeEmbedder()).add("I like tea.", user_id="max")
    assert caught.value.path == str(held)
    assert "nothing was written" in str(caught.value)


def wrong_width(path: Path) -> None:
    class Wrong(FakeEmbedder):
        def embed(self, texts: Any, *, kind: Any = "document") -> Any:
            return super().embed(texts)[:, :5]

    with Memory(path, embedder=Wrong()) as memory:
        memory.add("I like tea.", user_id="max")


def no_store(path: Path) -> None:
    path.write_text("Dear diary, today I wrote a file that is no database. " * 100)
    Memory(path, embedder=FakeEmbedder())


def other_embedder(path: Path) -> None:
    Memory(path, embedder=FakeEmbedder()).close()
    Memory(path, embedder=FakeEmbedder(name="other"))


def embedder_down(path: Path) -> None:
    embedder = FakeEmbedder()
    embedder.fail()
    with Memory(path, embedder=embedder) as memory:
        memory.add("I like tea.", user_id="max")


def extractor_broken(path: Path) -> None:
    extractor = ScriptedExtractor()
    extractor.fail(1, ValueError("no JSON"))
    with Memory(path, embedder=FakeEmbedder(), extractor=extractor) as memory:
        memory.add("I like tea.", user_id="max")


def bad_argument(path: Path) -> None:
    with Memory(path, embedder=FakeEmbedder()) as memory:
        memory.search("tea", user_id="")


def folder(path: Path) -> None:
    Memory(path.parent, embedder=FakeEmbedder())


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (bad_argument, ConfigurationError),
        (wrong_width, DimensionMismatchError),
        (folder, StorageError),
        (no_store, CorruptStoreError),
        (other_embedder, IncompatibleStoreError),
        (embedder_down, ProviderError),
        (extractor_broken, ExtractionError),
    ],
)
def test_each_is_raised(path: Path, cause: Callable[[Path], None], kind: type[HoldfastError]) -> None:
    with pytest.raises(kind) as caught:
        cause(path)
    assert type(caught.value) is kind
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
