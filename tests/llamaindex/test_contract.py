"""The contract of a chat memory, held by ours."""

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("llama_index.core", reason="needs the extra holdfast[llamaindex]")

from llamaindex.contract import MemoryContract
from llamaindex_holdfast import HoldfastMemory


class TestHoldfastMemory(MemoryContract):
    kind = HoldfastMemory

    @pytest.fixture
    def new(self, make: Callable[..., Any]) -> Callable[..., Any]:
        return make


class TestHoldfastMemoryOnAFile(MemoryContract):
    kind = HoldfastMemory

    @pytest.fixture
    def new(self, tmp_path: Any) -> Any:
        made: list[HoldfastMemory] = []

        def new() -> HoldfastMemory:
            from holdfast import Memory
            from holdfast.testing import FakeEmbedder

            core = Memory(tmp_path / "chat.db", embedder=FakeEmbedder())
            made.append(HoldfastMemory.from_memory(core, user_id="alice"))
            return made[-1]

        yield new
        for memory in made:
            assert memory.flush(timeout=60)
            memory.memory.close()
