"""LangChain's own suites, with nothing overridden."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

pytest.importorskip("langchain_tests", reason="needs langchain-tests, which the test group installs")

from langchain_core.tools import BaseTool
from langchain_tests.integration_tests import RetrieversIntegrationTests, ToolsIntegrationTests
from langchain_tests.unit_tests import ToolsUnitTests

from holdfast import Memory
from holdfast.testing import FakeEmbedder
from langchain_holdfast import HoldfastRetriever, create_memory_tools

SAID = [
    "I live in Lisbon",
    "My sister lives in Porto",
    "I moved from Oslo in May",
    "I love the sea",
    "I play the cello",
]


def stocked() -> Memory:
    memory = Memory(":memory:", embedder=FakeEmbedder())
    memory.add(SAID, user_id="ann")
    return memory


class TestRetriever(RetrieversIntegrationTests):
    @property
    def retriever_constructor(self) -> type[HoldfastRetriever]:
        return HoldfastRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, object]:
        return {"memory": stocked(), "user_id": "ann"}

    @property
    def retriever_query_example(self) -> str:
        return "where does she live?"


class _OneTool:
    place: int
    example: Mapping[str, str]

    @property
    def tool_constructor(self) -> BaseTool:
        return create_memory_tools(stocked(), user_id="ann")[self.place]

    @property
    def tool_invoke_params_example(self) -> dict[str, str]:
        return dict(self.example)


class _Remember(_OneTool):
    place = 0
    example = MappingProxyType({"statement": "I am allergic to peanuts"})


class _Recall(_OneTool):
    place = 1
    example = MappingProxyType({"question": "where does she live?"})


class _Forget(_OneTool):
    place = 2
    example = MappingProxyType({"fact_id": "none"})


class _List(_OneTool):
    place = 3
    example = MappingProxyType({})


class TestRememberUnit(_Remember, ToolsUnitTests):
    pass


class TestRememberIntegration(_Remember, ToolsIntegrationTests):
    pass


class TestRecallUnit(_Recall, ToolsUnitTests):
    pass


class TestRecallIntegration(_Recall, ToolsIntegrationTests):
    pass


class TestForgetUnit(_Forget, ToolsUnitTests):
    pass


class TestForgetIntegration(_Forget, ToolsIntegrationTests):
    pass


class TestListUnit(_List, ToolsUnitTests):
    pass


class TestListIntegration(_List, ToolsIntegrationTests):
    pass
