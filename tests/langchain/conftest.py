"""What the tests of the adapter share: a memory, a model that plays a script, and how to configure a run."""

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import apsw
import pytest

from holdfast import Memory
from holdfast.testing import FakeEmbedder

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig


@cache
def scripted() -> Any:
    """Return the class of a model that plays a script; here, since this file is read without the framework too."""
    from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
    from pydantic import Field

    class Scripted(GenericFakeChatModel):
        """Keeps what it was shown."""

        seen: list[list[Any]] = Field(default_factory=list)

        def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
            return self

        def _generate(self, messages: list[Any], *args: Any, **kwargs: Any) -> Any:
            self.seen.append(messages)
            return super()._generate(messages, *args, **kwargs)

    return Scripted


@pytest.fixture
def play() -> Callable[..., Any]:
    """Make a model that answers with these texts or messages, one a call; an exception is raised."""

    def script(lines: tuple[Any, ...]) -> Iterator[Any]:
        from langchain_core.messages import AIMessage

        for line in lines:
            if isinstance(line, Exception):
                raise line
            yield AIMessage(line) if isinstance(line, str) else line

    return lambda *lines: scripted()(messages=script(lines))


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with Memory(tmp_path / "memory.db", embedder=FakeEmbedder()) as memory:
        yield memory
        if importlib.util.find_spec("langchain_core"):
            from langchain_holdfast import flush

            assert flush(memory, 30)


@pytest.fixture
def run_of() -> "Callable[..., RunnableConfig]":
    """Configure a run: whose it is, and in which conversation."""

    def configure(user_id: str, thread_id: str = "1", **more: Any) -> "RunnableConfig":
        return {"configurable": {"user_id": user_id, "thread_id": thread_id, **more}}

    return configure


@pytest.fixture
def said() -> Callable[..., list[str]]:
    """Return what stands in a session's journal."""

    def read(memory: Memory, user_id: str, session_id: str | None = "1") -> list[str]:
        return [message.content for message in memory.messages(user_id=user_id, session_id=session_id)]

    return read


@pytest.fixture
def refusing() -> Callable[[Memory], AbstractContextManager[None]]:
    """Let a memory's file refuse new messages for a while, as a full disk would."""

    @contextmanager
    def refuse(memory: Memory) -> Iterator[None]:
        db = apsw.Connection(memory.path)
        db.execute("CREATE TRIGGER refusal BEFORE INSERT ON message BEGIN SELECT raise(FAIL, 'refused'); END")
        try:
            yield
        finally:
            db.execute("DROP TRIGGER refusal")
            db.close()

    return refuse
