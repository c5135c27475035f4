"""A memory in a file whose embedder, extractor and clock do as they are told."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from holdfast import Memory
from holdfast.testing import Clock, FakeEmbedder, ScriptedExtractor
from told import SCRIPT


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Run the command in this process, its output piped and its input without a terminal."""
    from holdfast.cli import main

    def call(*arguments: str, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "argv", ["holdfast", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return Ended(int(ended.value.code or 0), captured.out, captured.err)

    return call


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
