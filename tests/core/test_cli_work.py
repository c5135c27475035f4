"""The commands about a store as a whole, about what waits and about what it cost."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from holdfast.cli import progress
from holdfast.embedders import MiniLM
from holdfast.lexical import REVISION
from holdfast.store import SQLiteStore

Run = Callable[..., Any]
STACK = "I'm building this in Next.js with a Postgres backend"
STACK_FACT = "User is building this in Next.js with a Postgres backend"
COMMAND = [sys.executable, "-m", "holdfast.cli"]


@pytest.fixture
def told(run: Run) -> str:
    """Put one fact into the default memory and return its id."""
    return str(run("add", STACK, "--json").document["facts"][0]["id"])


def on_a_terminal(*arguments: str, answer: bytes = b"") -> "tuple[subprocess.CompletedProcess[bytes], bytes]":
    """Run a command whose stdin and stderr are a terminal; return also what that showed."""
    ours, theirs = pty.openpty()
    try:
        os.write(ours, answer)
        ended = subprocess.run([*COMMAND, *arguments], stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, check=False)
        return ended, os.read(ours, 100_000)
    finally:
        os.close(ours)
        os.close(theirs)


def test_what_is_deferred_waits_until_a_worker_comes(run: Run) -> None:
    added = run("add", "--defer", STACK)
    assert (added.code, added.err) == (0, "")
    assert "holdfast worker" in added.out
    assert run("list").out == ""
    pending = run("pending")
    assert STACK in pending.out
    assert "not tried yet" in pending.out
    (waiting,) = run("pending", "--json").document["pending"]
    assert (waiting["user_id"], waiting["attempts"], waiting["message"]["content"]) == ("me", 0, STACK)
    assert run("pending", "--user", "eve", "--json").document == {"pending": []}
    assert len(run("pending", "--all", "--user", "eve", "--json").document["pending"]) == 1
    done = run("worker", "--once")
    assert done.out == "1 message learnt, 1 fact kept\n"
    assert run("worker", "--once", "--json").document == {"learnt": 0, "facts": 0, "remaining": 0}
    assert STACK_FACT in run("list").out
    assert run("pending").err == "holdfast: nothing of 'me' waits; --all looks at everybody's\n"
    assert run("pending", "--all").err == "holdfast: nothing waits\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_worker_ends_when_it_is_told_to(run: Run, number: signal.Signals) -> None:
    run("add", "--defer", STACK)
    worker = subprocess.Popen([*COMMAND, "worker", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert worker.stderr is not None
    told = worker.stderr.readline()
    assert "learning from" in told
    while "learnt 1 batches" not in told:
        told = worker.stderr.readline()
        assert told, "it ended early"
    worker.send_signal(number)
    out, err = worker.communicate(timeout=120)
    assert (worker.returncode, err) == (0, "")
    assert json.loads(out) == {"remaining": 0}
    assert STACK_FACT in run("list").out


def test_ledger_tells_the_net(run: Run, told: str) -> None:
    tokens = run("context", "Which database?", "--json").document["tokens"]
    ended = run("ledger")
    assert ended.code == 0
    assert ended.out.splitlines()[-1].startswith("net: the memory cost more than it saved: ")
    document = run("ledger", "--json").document
    assert (document["unit"], document["injected"]) == ("tokens", tokens)
    assert document["saved"] == document["history"] - tokens
    priced = run("ledger", "--input-price", "2", "--cached-price", "0.5", "--json").document
    assert priced["unit"] == "currency"
    assert priced["injected"] == pytest.approx(tokens * 2 / 1e6)
    assert "with a prompt cache" in run("ledger", "--input-price", "2", "--cached-price", "0.5").out
    assert run("ledger", "--all", "--user", "eve", "--json").document["injected"] == tokens


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--user", "eve"], 3), (["--output-price", "2"], 2), (["--input-price", "-1"], 2), (["--input-price", "x"], 2)],
)
def test_ledger_of_nobody_and_of_no_price(run: Run, told: str, arguments: list[str], code: int) -> None:
    ended = run("ledger", *arguments)
    assert (ended.code, ended.out) == (code, "")
    assert ended.err


def test_quarantine_shows_what_was_refused(run: Run, told: str) -> None:
    assert run("quarantine").err == "holdfast: nothing of 'me' is in quarantine\n"
    assert run("quarantine", "--json").document == {"quarantine": []}


def test_diff_shows_a_stretch_of_time(run: Run, told: str) -> None:
    run("update", told[:6], "User is building this in Django")
    out = run("diff", "--since", "2020-01-01").out
    assert [line.split()[3] for line in out.splitlines()] == ["added", "edited"]
    assert "-> User is building this in Django" in out
    assert run("diff", "--since", "2999-01-01").err == "holdfast: nothing changed\n"
    changes = run("diff", "--since", "2020-01-01", "--until", "2999-01-01", "--json").document["changes"]
    assert [one["kind"] for one in changes] == ["added", "edited"]
    assert run("diff", "--since", "yesterday").code == 1
    assert run("diff").code == 2


def test_update_corrects_a_fact(run: Run, told: str) -> None:
    assert "edited" in run("update", told[:6], "User is building this in Django").out
    assert run("show", told, "--json").document["text"] == "User is building this in Django"
    assert run("update", "ffffff", "x").code == 3
    assert run("update", told, " ").code == 1


def test_export_and_load_move_a_user(run: Run, told: str, tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "me.jsonl", str(tmp_path / "elsewhere.db")
    ended = run("export", str(file))
    assert (ended.code, ended.err) == (0, "")
    assert f"lines of 'me' in {file}" in ended.out
    lines = file.read_bytes()
    loaded = run("load", str(file), "--path", elsewhere)
    assert loaded.out == "1 message and 1 fact of 'me' are here now\n"
    assert STACK_FACT in run("list", "--path", elsewhere).out
    again = run("load", str(file), "--path", elsewhere)
    assert (again.code, again.out) == (1, "")
    assert "forget it first" in again.err
    third = str(tmp_path / "third.db")
    assert run("load", "-", "--path", third, "--json", stdin=lines).document == {
        "user_id": "me", "messages": 1, "facts": 1,
    }  # fmt: skip
    assert not list(tmp_path.glob("*-part"))


def test_export_to_stdout_prints_the_lines_alone(told: str) -> None:
    out = subprocess.run([*COMMAND, "export"], capture_output=True, check=True).stdout
    lines = [json.loads(line) for line in out.splitlines()]
    assert lines[0]["format"] == "holdfast memory"
    assert "end" in lines[-1]


def test_export_overwrites_only_when_it_may(run: Run, told: str, tmp_path: Path) -> None:
    file = tmp_path / "me.jsonl"
    file.write_text("precious")
    refused = run("export", str(file))
    assert (refused.code, refused.out, file.read_text()) == (2, "", "precious")
    assert "--yes" in refused.err
    assert run("export", str(file), "--yes", "--json").document["user_id"] == "me"
    assert file.read_text().startswith("{")
    assert run("export", "--user", "eve").code == 3
    assert run("export", str(tmp_path / "nowhere" / "me.jsonl")).code == 1


def test_a_cut_file_is_refused_with_its_line(run: Run, told: str, tmp_path: Path) -> None:
    file = tmp_path / "me.jsonl"
    run("export", str(file))
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:2]))
    ended = run("load", str(file), "--path", str(tmp_path / "new.db"))
    assert (ended.code, ended.out) == (1, "")
    assert "after line 2" in ended.err
    assert run("load", str(tmp_path / "missing.jsonl")).code == 1


def test_backup_is_a_store_of_its_own(run: Run, told: str, tmp_path: Path) -> None:
    file = tmp_path / "copy.db"
    assert f"in {file}" in run("backup", str(file)).out
    assert STACK_FACT in run("list", "--path", str(file)).out
    assert run("backup", str(file)).code == 1
    document = run("backup", str(tmp_path / "other.db"), "--json").document
    assert document["bytes"] == (tmp_path / "other.db").stat().st_size


def test_check_finds_and_mends(run: Run, told: str, own_home: Path) -> None:
    assert run("check").out.endswith("sound\n")
    import apsw

    from holdfast.store import renew_checksums

    database = apsw.Connection(str(own_home / "holdfast.db"))
    database.execute("INSERT INTO pending (partition, position) VALUES (1, 9)")
    database.close()
    renew_checksums(str(own_home / "holdfast.db"))
    found = run("check")
    assert found.code == 1
    assert "wrong: pending position 9" in found.out
    assert run("check", "--json").code == 1
    mended = run("check", "--repair", "--json")
    assert (mended.code, mended.document["findings"]) == (0, [])
    assert mended.document["checked"]["repaired"] >= 1
    assert run("check").code == 0


def test_rebuild_shows_the_difference_before_it_makes_it(run: Run, told: str, own_home: Path) -> None:
    store = SQLiteStore(str(own_home / "holdfast.db"), embedder=MiniLM().fingerprint, terms=REVISION)
    from dataclasses import replace

    from holdfast.protocols import FactQuery, Write

    (fact,) = store.facts("me", FactQuery())
    store.commit("me", lambda _: Write(facts=(replace(fact, text="User is a teapot"),)))
    store.close()
    tried = run("rebuild", "--dry-run")
    assert tried.code == 0
    assert tried.out.splitlines()[-1] == "1 fact would differ"
    assert "User is a teapot -> User is building this" in tried.out
    assert "teapot" in run("list").out
    refused = run("rebuild")
    assert (refused.code, refused.out) == (2, "")
    assert run("rebuild", "--yes").out.splitlines()[-1] == "1 fact changed"
    assert STACK_FACT in run("list").out
    assert run("rebuild", "--yes", "--all", "--json").document == {"changes": []}


@pytest.mark.parametrize(("answer", "code"), [(b"y\n", 0), (b"n\n", 1)])
def test_rebuild_asks_on_a_terminal(told: str, answer: bytes, code: int) -> None:
    ended, shown = on_a_terminal("rebuild", answer=answer)
    assert ended.returncode == code
    assert b"anew? [y/N]" in shown
    assert (b"nothing was done" in shown) == (code == 1)


def test_users_are_listed(run: Run, told: str) -> None:
    run("add", "I live in Oslo.", "--user", "a\x1b[31mb")
    assert run("users").out == "me\na\ufffd[31mb\n"
    assert run("users", "--json").document == {"users": ["me", "a\x1b[31mb"]}


_LOADING = """
import sys
from holdfast.cli import progress
progress._PATIENCE = 0.0
with progress.bar("loading") as shown:
    for number, _ in enumerate(progress.counted_by(shown, range(3), 3), 1):
        pass
"""


def test_a_bar_is_for_terminals_and_gone_afterwards() -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80"}
    try:
        subprocess.run([sys.executable, "-c", _LOADING], stderr=theirs, env=environment, check=True)
        shown = os.read(ours, 100_000).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    assert "loading" in shown
    assert "3/3" in shown
    assert shown.endswith(("\x1b[?25h", "\x1b[2K"))
    piped = subprocess.run([sys.executable, "-c", _LOADING], capture_output=True, check=True)
    assert piped.stdout == piped.stderr == b""


_WORKING = """
import sys, threading
from holdfast.cli import progress
progress._PATIENCE = 0.0
shown = threading.Event()
pulse = progress.Bar.pulse
progress.Bar.pulse = lambda bar: (pulse(bar), shown.set())
with progress.working("learning"):
    assert shown.wait(30) == sys.stderr.isatty()
"""


def test_work_that_cannot_be_counted_shows_that_it_goes_on() -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80"}
    try:
        subprocess.run([sys.executable, "-c", _WORKING], stderr=theirs, env=environment, check=True)
        shown = os.read(ours, 100_000).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    assert "learning" in shown
    assert shown.endswith(("\x1b[?25h", "\x1b[2K"))
    piped = subprocess.run(
        [sys.executable, "-c", _WORKING.replace("wait(30)", "is_set()")], capture_output=True, check=True
    )
    assert piped.stdout == piped.stderr == b""


def test_what_is_over_in_a_second_shows_no_bar(monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress.bar("deriving") as shown:
        shown(1, 2)
    assert capfd.readouterr() == ("", "")


def test_a_model_is_named_before_the_command(run: Run, told: str, own_home: Path) -> None:
    from holdfast.testing import ScriptedServer

    fact = {"text": "User moved to Porto.", "evidence": [{"message": "m1", "quote": "moved to Porto"}]}
    run("add", "--defer", "hey, guess what: moved to Porto!", "--user", "eve")
    with ScriptedServer({"facts": [fact]}) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_BASE_URL", server.url)
        patch.setenv("OPENAI_API_KEY", "none")
        assert run("--extractor", "openai:some", "worker", "--once", "--json").document["facts"] == 1
    ledger = run("ledger", "--user", "eve", "--json").document
    assert ledger["by_kind"]["extraction"]["calls"] == 1
    assert ledger["by_kind"]["extraction"]["input_tokens"] > 0
    assert ledger["saved"] < 0
    refused = run("--extractor", "nobody:some", "list")
    assert (refused.code, refused.out) == (1, "")


def test_a_store_moves_to_another_embedder(run: Run, told: str) -> None:
    from holdfast.testing import ScriptedServer

    with ScriptedServer(dimensions=1536) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_BASE_URL", server.url)
        patch.setenv("OPENAI_API_KEY", "none")
        name = "openai:text-embedding-3-small"
        assert run("rebuild", "--new-embedder", name, "--yes").code == 0
        assert run("list").code == 1
        assert STACK_FACT in run("--embedder", name, "search", "Next.js").out
        patch.setenv("HOLDFAST_EMBEDDER", name)
        assert STACK_FACT in run("list").out
        assert "text-embedding-3-small" in run("doctor", "--json").document["embedder"]
