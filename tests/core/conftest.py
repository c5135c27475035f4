"""A memory in a file whose embedder, extractor and clock do as they are told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfast import Memory
from holdfast.testing import Clock, FakeEmbedder, ScriptedExtractor
from told import SCRIPT


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def extractor() -> ScriptedExtractor:
    return ScriptedExtractor(dict(SCRIPT))


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "memory.db"


@pytest.fixture
def memory(path: Path, clock: Clock, extractor: ScriptedExtractor, embedder: FakeEmbedder) -> Iterator[Memory]:
    with Memory(path, extractor=extractor, embedder=embedder, clock=clock, synchronous="NORMAL") as memory:
        yield memory
