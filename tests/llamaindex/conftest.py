"""A memory in RAM whose vectors cost nothing, and handles on it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from holdfast import Memory
from holdfast.testing import FakeEmbedder

# LlamaIndex looks at every member of a workflow, pydantic's deprecated ones included, asks a running workflow whether
# it runs, and still makes its own deprecated buffer for agents without a memory, and its own deprecated manager.
_OF_THE_FRAMEWORK = (
    r"ignore:The `__fields(_set)?__` attribute is deprecated",
    r"ignore:Accessing the 'model_(computed_)?fields' attribute on the instance is deprecated",
    r"ignore:is_running called from within a step",
    r"ignore:Call to deprecated class ChatMemoryBuffer",
    r"ignore:ServiceManager is deprecated",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for warning in _OF_THE_FRAMEWORK:
                item.add_marker(pytest.mark.filterwarnings(warning))


@pytest.fixture
def core() -> Iterator[Memory]:
    from llamaindex_holdfast import flush

    with Memory(":memory:", embedder=FakeEmbedder()) as memory:
        yield memory
        assert flush(memory, timeout=60)


@pytest.fixture
def make(core: Memory) -> Callable[..., Any]:
    """Make handles of `alice` that learn before `put` returns."""
    from llamaindex_holdfast import HoldfastMemory

    def make(user_id: str = "alice", **options: Any) -> HoldfastMemory:
        return HoldfastMemory.from_memory(core, user_id=user_id, **{"learn": "now", **options})

    return make
