"""Who passes the contract of a chat memory: ours, and LlamaIndex's own two.

    python benchmarks/llamaindex_contract.py

Runs tests/llamaindex/contract.py, the suite that ours is held to, against each. Printed is who passes what.
"""

import os
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SUITE = """
import uuid
import pytest
from holdfast import Memory
from holdfast.testing import FakeEmbedder
from llama_index.core.memory import ChatMemoryBuffer
from llama_index.core.memory import Memory as LlamaMemory
from llamaindex.contract import MemoryContract
from llamaindex_holdfast import HoldfastMemory

class TestHoldfastMemory(MemoryContract):
    kind = HoldfastMemory

    @pytest.fixture
    def new(self):
        core = Memory(":memory:", embedder=FakeEmbedder())
        return lambda: HoldfastMemory.from_memory(core, user_id="alice")

class TestMemory(MemoryContract):
    kind = LlamaMemory

    @pytest.fixture
    def new(self):
        return lambda: LlamaMemory.from_defaults(session_id=str(uuid.uuid4()))

class TestChatMemoryBuffer(MemoryContract):
    kind = ChatMemoryBuffer

    @pytest.fixture
    def new(self):
        return lambda: ChatMemoryBuffer.from_defaults(token_limit=30000)
"""


class Recorder:
    """Keeps the outcome of every test by its name and class."""

    def __init__(self) -> None:
        self.passed: dict[str, dict[str, bool]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        _, kind, name = report.nodeid.split("::")
        results = self.passed.setdefault(name.removeprefix("test_").replace("_", " "), {})
        results[kind] = results.get(kind, True) and report.passed


def main() -> int:
    recorder = Recorder()
    with tempfile.TemporaryDirectory() as folder:
        suite = Path(folder) / "test_suite.py"
        suite.write_text(SUITE)
        sys.path.insert(0, str(ROOT / "tests"))
        options = ["-q", "--no-header", "--tb=no", "-W", "ignore", "-p", "no:cacheprovider", "-o", "asyncio_mode=auto"]
        output, sys.stdout = sys.stdout, open(os.devnull, "w")  # noqa: PTH123, SIM115
        try:
            pytest.main([str(suite), f"--rootdir={folder}", *options], plugins=[recorder])
        finally:
            sys.stdout = output
    kinds = ["TestHoldfastMemory", "TestMemory", "TestChatMemoryBuffer"]
    print("| a chat memory ... | " + " | ".join(kind.removeprefix("Test") for kind in kinds) + " |")
    print("|---|---|---|---|")
    for name, results in recorder.passed.items():
        print(f"| {name} | " + " | ".join("yes" if results.get(kind) else "**no**" for kind in kinds) + " |")
    totals = [sum(results.get(kind, False) for results in recorder.passed.values()) for kind in kinds]
    print(f"| passed of {len(recorder.passed)} | " + " | ".join(map(str, totals)) + " |")
    return 0 if totals[0] == len(recorder.passed) else 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # a memory of the framework's may have left a thread that never ends
