"""The inspector on a real server on loopback."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfast import Memory
from holdfast.ui import Server
from inspecting import SCRIPT, STYLE, TOLD, Browser


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tell a memory once; each test works on a copy of its file."""
    path = tmp_path_factory.mktemp("told") / "memory.db"
    with Memory(path) as memory:
        memory.add(TOLD, user_id="ann", session_id="monday", at="2025-03-01")
        memory.add("I moved to Porto", user_id="ann", session_id="tuesday", at="2025-06-01")
        memory.add("I live in Oslo", user_id="b/o?b & <co>")
        memory.add(f"Look: {SCRIPT} and {STYLE}", user_id="ann", session_id="markup")
        for words, markup in (("tea", SCRIPT), ("coffee", STYLE)):
            (fact,) = [one for one in memory.get_all(user_id="ann") if words in one.text]
            memory.update(fact.id, f"User likes {words} {markup}", user_id="ann")
    return path


@pytest.fixture
def memory(told: Path, tmp_path: Path) -> Iterator[Memory]:
    with Memory(shutil.copy(told, tmp_path / "memory.db")) as memory:
        yield memory


@pytest.fixture
def stranger(memory: Memory) -> Iterator[Browser]:
    """Give a browser that has the token and has not used it."""
    server = Server(memory)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield Browser(server.port, server.url.partition("?token=")[2])
    finally:
        server.stop()
        thread.join()


@pytest.fixture
def browser(stranger: Browser) -> Browser:
    stranger.enter()
    return stranger
