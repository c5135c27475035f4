import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from holdfast.embedders import CallableEmbedder, MiniLM, OpenAIEmbedder
from holdfast.testing import EmbedderSuite, FakeEmbedder, ScriptedServer


class TestMiniLM(EmbedderSuite):
    @pytest.fixture
    def embedder(self) -> MiniLM:
        return MiniLM()

    @pytest.fixture
    def failing(self, tmp_path: Path) -> MiniLM:
        return MiniLM(folder=tmp_path)


class TestFakeEmbedder(EmbedderSuite):
    @pytest.fixture
    def embedder(self) -> FakeEmbedder:
        return FakeEmbedder()

    @pytest.fixture
    def failing(self) -> FakeEmbedder:
        fake = FakeEmbedder()
        fake.fail(times=1)
        return fake


def unscaled(texts: list[str]) -> npt.NDArray[np.float64]:
    return FakeEmbedder(64).embed(texts).astype(np.float64) * 7


async def unscaled_awaited(texts: list[str]) -> npt.NDArray[np.float64]:
    return unscaled(texts)


def unreachable(texts: list[str]) -> npt.NDArray[np.float64]:
    raise ConnectionError("no route to host")


class TestCallableEmbedder(EmbedderSuite):
    @pytest.fixture
    def embedder(self) -> CallableEmbedder:
        return CallableEmbedder(unscaled, name="unscaled", dimensions=64)

    @pytest.fixture
    def failing(self) -> CallableEmbedder:
        return CallableEmbedder(unreachable, name="unreachable", dimensions=64)


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


class TestOpenAIEmbedder(EmbedderSuite):
    @pytest.fixture
    def embedder(self, server: ScriptedServer) -> OpenAIEmbedder:
        return OpenAIEmbedder("scripted", dimensions=64, base_url=server.url)

    @pytest.fixture
    def failing(self) -> OpenAIEmbedder:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        return OpenAIEmbedder("scripted", dimensions=64, base_url=f"http://127.0.0.1:{port}/v1", tries=1)
