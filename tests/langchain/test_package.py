"""What importing costs, and what is said when the framework is not there."""

import subprocess
import sys

import pytest

NAMES = (
    "HoldfastChatMessageHistory", "HoldfastMiddleware", "HoldfastRetriever", "HoldfastStore", "LangChainEmbedder",
    "LangChainExtractor", "create_memory_tools", "flush", "with_memory",
)  # fmt: skip


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_names_are_public() -> None:
    import langchain_holdfast

    assert tuple(sorted(langchain_holdfast.__all__)) == NAMES
    assert dir(langchain_holdfast) == langchain_holdfast.__all__
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = langchain_holdfast.Nothing


@pytest.mark.parametrize("name", [name for name in NAMES if name != "flush"])
def test_without_the_framework_the_extra_is_named(name: str) -> None:
    code = f"""
import sys
for package in ("langchain", "langchain_core", "langgraph"):
    sys.modules[package] = None
from holdfast import MissingExtraError
try:
    from langchain_holdfast import {name}
except MissingExtraError as error:
    print(error.extra, error)
"""
    printed = run(code)
    assert printed.startswith("langchain ")
    assert 'pip install "holdfast[langchain]"' in printed


def test_core_parts_need_the_core_only() -> None:
    pytest.importorskip("langchain_core", reason="the adapter needs the extra: pip install 'holdfast[langchain]'")
    code = """
import sys
for package in ("langchain", "langgraph"):
    sys.modules[package] = None
from langchain_holdfast import HoldfastChatMessageHistory, HoldfastRetriever, create_memory_tools, with_memory
from holdfast import Memory
from holdfast.testing import FakeEmbedder
memory = Memory(":memory:", embedder=FakeEmbedder())
remember, *_ = create_memory_tools(memory)
print(remember.invoke({"statement": "I play chess"}, {"configurable": {"user_id": "ann"}}))
print(HoldfastRetriever(memory=memory, user_id="ann").invoke("chess")[0].page_content)
"""
    assert run(code) == "Remembered: User plays chess\nUser plays chess\n"
