"""`holdfast ui`, `holdfast chat` and `holdfast import`, as they run in a shell and on a terminal."""

import http.client
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from holdfast import Memory
from holdfast.testing import ScriptedAnswer, ScriptedServer

LIMIT = 60.0  # seconds that a busy machine may take


def run(*arguments: str, stdin: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "holdfast.cli", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
        env={**os.environ, **environment},
    )


class Terminal:
    """A command on a pseudo-terminal, driven as a person drives it: read until a text is there, then type."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str], columns: int = 120) -> None:
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "holdfast.cli", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": str(columns), **environment},
            start_new_session=True,
        )
        os.close(slave)
        self.shown = ""
        self._read = 0

    def until(self, pattern: str) -> str:
        """Read until what is new matches; return that."""
        deadline = time.monotonic() + LIMIT
        while True:
            new = self.shown[self._read :]
            found = re.search(pattern, new)
            if found:
                self._read += found.end()
                return new[: found.end()]
            assert time.monotonic() < deadline, f"no {pattern!r} in {new!r}"
            if select.select([self._master], [], [], 1.0)[0]:
                try:
                    data = os.read(self._master, 65536)
                except OSError:
                    data = b""
                assert data, f"it ended without {pattern!r} in {new!r}"
                self.shown += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]", "", data.decode())

    def type(self, line: str) -> None:
        os.write(self._master, f"{line}\n".encode())

    def press(self, key: bytes) -> None:
        os.write(self._master, key)

    def end(self) -> int:
        """Wait until it has ended and return its exit code."""
        deadline = time.monotonic() + LIMIT
        while self._process.poll() is None:
            assert time.monotonic() < deadline
            if select.select([self._master], [], [], 0.2)[0]:
                try:
                    self.shown += os.read(self._master, 65536).decode()
                except OSError:
                    break
        return self._process.wait(timeout=LIMIT)

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._master)


@pytest.fixture
def terminal() -> Iterator[Any]:
    opened: list[Terminal] = []

    def start(*arguments: str, columns: int = 120, **environment: str) -> Terminal:
        opened.append(Terminal([*arguments], environment, columns))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def test_a_conversation_without_a_model(terminal: Any, own_home: Path) -> None:
    chat = terminal("chat", "--session", "first")
    assert "No model is set" in chat.until("you> ")
    chat.type("I live in Lisbon")
    assert re.search(r"Noted\. .*learnt.*User lives in Lisbon", chat.until("you> "), re.DOTALL)
    chat.type("Where do I live?")
    assert re.search(
        r"User lives in Lisbon .*recalled for this\s+[\d.]+ User lives in Lisbon", chat.until("you> "), re.DOTALL
    )
    chat.type("/facts")
    (fact,) = re.findall(r"([0-9a-f]{8})\s+location\s+User lives in Lisbon", chat.until("you> "))
    chat.type("/delete")
    assert "Which one? /delete ID" in chat.until("you> ")
    chat.type(f"/delete {fact}")
    assert "deleted: User lives in Lisbon" in chat.until("you> ")
    chat.type("Where do I live?")
    assert "Nothing that I remember fits this" in chat.until("you> ")
    chat.type(f"/restore {fact}")
    assert "restored: User lives in Lisbon" in chat.until("you> ")
    chat.press(b"\x04")
    assert "holdfast chat --session first" in chat.until("first")
    assert chat.end() == 0
    with Memory(own_home / "holdfast.db") as memory:
        assert [fact.text for fact in memory.get_all(user_id="me")] == ["User lives in Lisbon"]
        assert [one.content for one in memory.messages(user_id="me", session_id="first")] == ["I live in Lisbon"]


def test_a_narrow_terminal_shows_memory_below(terminal: Any) -> None:
    chat = terminal("chat", columns=60)
    chat.until("you> ")
    chat.type("I live in Lisbon")
    assert re.search(r"Noted\.\s*\n\s*learnt", chat.until("you> "))
    chat.type("/quit")
    assert chat.end() == 0


def test_a_conversation_with_a_model(terminal: Any, own_home: Path) -> None:
    with Memory(own_home / "holdfast.db") as memory:
        memory.add("I'm allergic to peanuts", user_id="me", session_id="earlier")
    with ScriptedServer() as server:
        server.play("Rice cakes are fine.", "You are welcome.")
        chat = terminal("chat", "--model", "scripted", "--base-url", server.url)
        assert "scripted at 127.0.0.1 answers" in chat.until("you> ")
        chat.type("Which snacks are safe for me?")
        turn = chat.until("you> ")
        assert "Rice cakes are fine." in turn
        assert "in every prompt" in turn
        assert "User is allergic to peanuts" in turn
        chat.type("Thanks!")
        assert "You are welcome." in chat.until("you> ")
        chat.type("/context")
        assert "holdfast-memory" in chat.until("you> ")
        chat.type("/quit")
        assert chat.end() == 0
        first, second = [request.body["messages"] for request in server.asked()]
    assert "User is allergic to peanuts" in json.dumps(first)
    assert [one["content"] for one in second[1:-1]] == ["Which snacks are safe for me?", "Rice cakes are fine."]
    with Memory(own_home / "holdfast.db") as memory:
        roles = [one.role for one in memory.messages(user_id="me", session_id="*")]
    assert roles == ["user", "user", "assistant", "user", "assistant"]


def test_a_model_that_fails_ends_no_conversation(own_home: Path) -> None:
    with ScriptedServer() as server:
        server.play(ScriptedAnswer(status=400), ScriptedAnswer(status=400))
        said = "I live in Lisbon\nhello\n"
        ended = run("chat", "--model", "scripted", "--base-url", server.url, "--session", "s", stdin=said)
    assert ended.returncode == 0
    assert ended.stderr.count("no answer: scripted") == 2
    with Memory(own_home / "holdfast.db") as memory:
        assert memory.count(user_id="me") == 1
        assert len(memory.messages(user_id="me", session_id="s")) == 2


def test_an_extractor_that_fails_ends_no_conversation(own_home: Path) -> None:
    with ScriptedServer() as server:
        server.play(ScriptedAnswer(status=401))
        ended = subprocess.run(
            [sys.executable, "-m", "holdfast.cli", "--extractor", "openai:scripted", "chat", "--no-model"],
            input="I live in Lisbon\n/facts\n",
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT,
            env={**os.environ, "OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "none"},
        )
    assert ended.returncode == 0
    assert "kept, but not learnt yet: scripted" in ended.stderr
    assert "Nothing yet" in ended.stdout
    with Memory(own_home / "holdfast.db") as memory:
        assert len(memory.pending(user_id="me")) == 1


def test_a_chat_in_a_pipe_is_plain() -> None:
    ended = run("chat", "--no-model", stdin="I live in Lisbon\n/nope\n/help\n", OPENAI_API_KEY="never used")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "\x1b" not in ended.stdout
    assert "you>" not in ended.stdout
    assert "There is no /nope" in ended.stdout
    assert "/context" in ended.stdout


def test_what_a_user_says_is_no_command_of_the_terminal(terminal: Any) -> None:
    ended = run("chat", "--no-model", stdin="I live in Li\x1b[31msbon\n/facts\n")
    assert ended.returncode == 0
    assert "\x1b" not in ended.stdout


def test_a_server_needs_the_name_of_a_model() -> None:
    ended = run("chat", "--base-url", "http://127.0.0.1:9/v1")
    assert ended.returncode == 1
    assert "--model NAME" in ended.stderr


def test_the_inspector_is_served_until_it_is_interrupted(own_home: Path) -> None:
    with Memory(own_home / "holdfast.db") as memory:
        memory.add("I live in Lisbon", user_id="me")
    command = [sys.executable, "-m", "holdfast.cli", "ui", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)(/\?token=[\w-]{43})", url)
        assert found, url
        connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=LIMIT)
        connection.request("GET", found[2])
        assert connection.getresponse().status == 200
        connection.close()
        process.send_signal(signal.SIGINT)
        try:
            _, errors = process.communicate(timeout=LIMIT)
        finally:
            process.kill()
    assert "Traceback" not in errors
    assert process.returncode in (0, 130, -signal.SIGINT)


def test_the_inspector_of_nothing_is_an_error(tmp_path: Path) -> None:
    ended = run("ui", "--path", str(tmp_path / "no.db"))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "no memory there" in ended.stderr


def test_importing_says_what_it_took_in(tmp_path: Path, own_home: Path) -> None:
    file = tmp_path / "mem0.json"
    file.write_text(json.dumps({"results": [{"id": "1", "memory": "Likes tea", "user_id": "ann"}]}))
    first = run("import", "mem0", str(file))
    assert (first.returncode, first.stderr) == (0, "")
    assert f"1 message of 1 user in {own_home / 'holdfast.db'}" in first.stdout
    assert "1 fact kept" in first.stdout
    again = run("import", "mem0", str(file), "--json")
    assert json.loads(again.stdout) == {"users": ["ann"], "messages": 0, "known": 1, "facts": 0}
    wrong = run("import", "mem0", str(file), "--segment", "1")
    assert (wrong.returncode, wrong.stdout) == (1, "")


WITHOUT = "import sys; sys.modules[{missing!r}] = None; from holdfast.cli import main; sys.argv = {argv!r}; main()"


def run_without(missing: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a command where a package is not installed."""
    code = WITHOUT.format(missing=missing, argv=["holdfast", *arguments])
    return subprocess.run(
        [sys.executable, "-c", code],
        input="I live in Lisbon\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize("missing", ["starlette", "uvicorn", "jinja2"])
def test_the_inspector_names_the_extra_that_it_needs(own_home: Path, missing: str) -> None:
    with Memory(own_home / "holdfast.db"):
        pass
    ended = run_without(missing, "ui")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert 'pip install "holdfast[ui]"' in ended.stderr


def test_a_chat_names_the_extra_that_a_model_needs() -> None:
    asked = run_without("openai", "chat", "--model", "any", OPENAI_API_KEY="none")
    assert asked.returncode == 1
    assert 'pip install "holdfast[openai]"' in asked.stderr
    # A key alone may be meant for another program.
    found = run_without("openai", "chat", OPENAI_API_KEY="none")
    assert found.returncode == 0
    assert "memory alone answers" in found.stdout
    assert 'pip install "holdfast[openai]"' in found.stderr
