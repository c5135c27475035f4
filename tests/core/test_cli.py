"""The `holdfast` command: what it prints where, and how it ends."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from holdfast import Memory
from holdfast.cli.output import grid, indented, print_blocks, scored
from holdfast.embedders import MiniLM
from holdfast.lexical import REVISION
from holdfast.protocols import Write
from holdfast.store import SQLiteStore

ESCAPE = "\x1b"
STACK = "I'm building this in Next.js with a Postgres backend"
OTHERS = (
    "diff --since 2025-01-01", "update x y", "users", "worker --once", "pending", "quarantine", "ledger",
    "rebuild --yes", "export", "backup b.db", "check",
)  # fmt: skip
COMMANDS = (
    "demo add search context list show history diff update delete restore forget users worker pending quarantine "
    "ledger rebuild export load backup check doctor"
).split()
STACK_FACT = "User is building this in Next.js with a Postgres backend"
QUESTION = "what tech stack is the user using?"


Run = Callable[..., Any]  # gives the exit code, stdout and stderr


@pytest.fixture
def told(run: Run) -> str:
    """Put one fact into the default memory and return its id."""
    added = run("add", STACK, "--json").document
    return str(added["facts"][0]["id"])


def spawn(*arguments: str, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "holdfast.cli", *arguments]
    return subprocess.run(command, capture_output=True, check=False, **options)


def test_add_prints_what_became_a_fact_and_what_was_left_out(run: Run) -> None:
    ended = run("add", f"Thanks! {STACK}.")
    assert ended.code == 0
    assert STACK_FACT in ended.out
    assert "Thanks!" in ended.out
    assert "greeting or thanks" in ended.out
    assert ended.err == ""


def test_add_as_json(run: Run) -> None:
    added = run("add", f"Thanks! {STACK}.", "--json").document
    assert [fact["text"] for fact in added["facts"]] == [STACK_FACT]
    assert [one["reason"] for one in added["skipped"]] == ["greeting or thanks"]
    assert [message["content"] for message in added["messages"]] == [f"Thanks! {STACK}."]


def test_each_text_is_a_message(run: Run) -> None:
    added = run("add", "I live in Oslo.", "I'm allergic to peanuts.", "--session", "s", "--json").document
    assert [message["content"] for message in added["messages"]] == ["I live in Oslo.", "I'm allergic to peanuts."]
    assert {message["session_id"] for message in added["messages"]} == {"s"}
    assert {message["role"] for message in added["messages"]} == {"user"}


def test_a_message_sent_again_is_named(run: Run) -> None:
    run("add", STACK)
    again = run("add", STACK)
    assert again.code == 0
    assert "already in the journal" in again.out
    assert "0 facts kept" in again.out


def test_add_reads_stdin(run: Run) -> None:
    added = run("add", "-", "--json", stdin=b"\xef\xbb\xbfMy sister Zo\xc3\xab is a nurse.\n").document
    assert [message["content"] for message in added["messages"]] == ["My sister Zoë is a nurse."]


def test_add_reads_messages_from_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "chat.jsonl"
    said = [
        {"role": "assistant", "content": "Where do you live?"},
        {"role": "user", "content": "I live in Oslo.", "at": "2025-03-01T10:00:00+01:00", "id": "m2"},
    ]
    file.write_text("\n\n".join(json.dumps(one) for one in said) + "\n", encoding="utf-8")
    added = run("add", "--jsonl", str(file), "--json").document
    assert [message["role"] for message in added["messages"]] == ["assistant", "user"]
    assert added["messages"][1]["id"] == "m2"
    assert added["messages"][1]["at"] == "2025-03-01T10:00:00+01:00"


def test_add_reads_messages_from_stdin(run: Run) -> None:
    added = run("add", "--jsonl", "-", "--json", stdin=b'{"role": "user", "content": "I live in Oslo."}').document
    assert [message["content"] for message in added["messages"]] == ["I live in Oslo."]


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"),
    [
        (("add", "--jsonl", "-"), b'{"role": "user", "content": "ok"}\nnonsense', "line 2"),
        (("add", "--jsonl", "-"), b'{"content": "no role"}', "no role"),
        (("add", "--jsonl", "no-such-file"), b"", "no-such-file cannot be read"),
        (("add", "-"), b"caf\xe9", "not UTF-8 at byte 3"),
        (("add", "I live in Oslo", "--at", "yesterday"), b"", "ISO 8601"),
        (("add", "I live in Oslo", "--user", ""), b"", "user_id"),
        (("search", "x", "--where", "{"), b"", "--where is not JSON"),
        (("search", "x", "--where", "[]"), b"", "must be a JSON object"),
        (("search", "x", "--where", '{"kind": {"$like": "w"}}'), b"", "$like"),
        (("search", "x", "-n", "0"), b"", "limit"),
        (("list", "--as-of", "soon"), b"", "ISO 8601"),
        (("context", "x", "--max-tokens", "-1"), b"", "max_tokens"),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
def test_an_error_is_one_line_on_stderr(
    run: Run, arguments: tuple[str, ...], stdin: bytes, says: str, form: tuple[str, ...]
) -> None:
    ended = run(*arguments, *form, stdin=stdin)
    assert ended.code == 1
    assert ended.out == ""
    assert ended.err.startswith("holdfast: ")
    assert says in ended.err
    assert ended.err.count("\n") == 1
    with Memory() as memory:
        assert memory.messages(user_id="me", session_id="*") == ()


@pytest.mark.parametrize(
    "arguments",
    [
        ("add",),
        ("add", "text", "--jsonl", "-"),
        ("add", "-", "-"),
        ("add", ""),
        ("add", "I live in Oslo", " \n"),
        ("search",),
        ("search", "x", "--only", "dreams"),
        ("search", "x", "-n", "many"),
        ("show",),
        ("lst",),
        ("list", "--nonsense"),
        ("forget",),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2(run: Run, arguments: tuple[str, ...]) -> None:
    ended = run(*arguments)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err


def test_search_shows_score_text_parts_and_sources(run: Run, told: str) -> None:
    ended = run("search", QUESTION)
    assert ended.code == 0
    first, about = ended.out.splitlines()[:2]
    assert first.split(maxsplit=1)[1] == STACK_FACT
    float(first.split()[0])
    with Memory() as memory:
        (message,) = memory.messages(user_id="me", session_id="*")
    assert f"fact {told[:8]}" in about
    assert f"from {message.id[:8]}" in about


def test_search_as_json(run: Run, told: str) -> None:
    (hit,) = run("search", QUESTION, "--json").document["hits"]
    assert hit["text"] == STACK_FACT
    assert hit["fact"]["id"] == told
    assert hit["score"] == pytest.approx(sum(hit["why"].values()))
    assert len(hit["sources"]) == 1


def test_search_takes_the_options_of_the_api(run: Run) -> None:
    run("add", "I live in Oslo.", "--session", "one", "--at", "2024-01-01")
    run("add", "I have a dog.", "--session", "two", "--at", "2025-01-01")

    def found(*options: str) -> list[str]:
        ended = run("search", "dog Oslo", "--json", *options)
        return [hit["text"] for hit in ended.document["hits"]]

    assert sorted(found()) == ["User has a dog", "User lives in Oslo"]
    assert len(found("--limit", "1")) == 1
    assert found("--session", "one") == ["User lives in Oslo"]
    assert found("--as-of", "2024-06-01") == ["User lives in Oslo"]
    assert found("--where", '{"session_id": "two"}') == ["User has a dog"]
    assert found("--min-score", "1000") == []
    assert all("said" in text for text in found("--only", "messages"))
    assert sorted(found("--only", "facts")) == ["User has a dog", "User lives in Oslo"]


def test_nothing_found_is_3(run: Run) -> None:
    for arguments in (("search", "x"), ("show", "abc"), ("history", "abc"), ("delete", "abc"), ("restore", "abc")):
        ended = run(*arguments)
        assert (arguments, ended.code, ended.out) == (arguments, 3, "")
        assert ended.err.count("\n") == 1
    assert run("search", "x", "--json").document == {"hits": []}
    assert run("show", "abc", "--json").document is None
    assert run("history", "abc", "--json").document == {"changes": []}
    assert run("delete", "abc", "--json").document is None
    assert run("restore", "abc", "--json").document is None


def test_an_empty_memory_is_no_error(run: Run) -> None:
    listed = run("list")
    assert (listed.code, listed.out) == (0, "")
    assert "no facts" in listed.err
    assert run("list", "--json").document == {"facts": []}
    block = run("context", "x")
    assert (block.code, block.out) == (0, "")
    assert block.err == "holdfast: nothing to put into the prompt; nobody has told it anything yet\n"
    assert run("forget", "--yes", "--json").document["removed"]["message"] == 0


@pytest.mark.parametrize("command", [("list",), ("search", "x"), ("context", "x")])
def test_who_asks_for_nobody_is_told_whose_memories_there_are(run: Run, command: tuple[str, ...]) -> None:
    with Memory() as memory:
        for number in range(5):
            memory.add("Hello", user_id=f"user_{number}")
    named = "; there are memories of 'user_0', 'user_1', 'user_2' and 2 more: --user says whose is meant\n"
    assert run(*command).err.endswith(named)
    assert "there are memories" not in run(*command, "--user", "user_4").err


def test_no_score_is_below_zero_by_less_than_is_shown() -> None:
    assert [scored(value) for value in (-0.004, 0.004, -0.005001, 1.13)] == ["0.00", "0.00", "-0.01", "1.13"]
    assert [scored(value, "+") for value in (-0.004, 0.3, -0.3)] == ["+0.00", "+0.30", "-0.30"]


def test_list_shows_what_holds_and_with_all_what_held(run: Run) -> None:
    run("add", "I live in Hamburg.", "--at", "2024-01-01")
    run("add", "I moved to Porto.", "--at", "2025-01-01")
    now, ever = run("list"), run("list", "--all")
    assert "Porto" in now.out
    assert "Hamburg" not in now.out
    assert "User lives in Hamburg" in ever.out
    assert "1 January 2024 to 1 January 2025" in ever.out
    assert [fact["text"] for fact in run("list", "--as-of", "2024-06-01", "--json").document["facts"]] == [
        "User lives in Hamburg"
    ]
    assert run("list", "--where", '{"kind": "health"}', "--json").document == {"facts": []}


def test_users_are_apart(run: Run) -> None:
    run("add", STACK, "--user", "ann")
    assert run("search", QUESTION, "--user", "bob").code == 3
    assert run("search", QUESTION).code == 3
    assert STACK_FACT in run("list", "-u", "ann").out


def test_show_tells_all_of_one_fact(run: Run, told: str) -> None:
    shown = run("show", told[:5])
    assert shown.code == 0
    assert STACK_FACT in shown.out
    assert told in shown.out
    assert f'"{STACK}" (message ' in shown.out
    assert run("show", told, "--json").document["evidence"][0]["quote"] == STACK


def test_an_id_must_name_one_fact(run: Run) -> None:
    texts = [f"I have {number} cousins in town {number}." for number in range(2, 20)]
    facts = run("add", *texts, "--json").document["facts"]
    firsts = [fact["id"][0] for fact in facts]
    shared = next(first for first in firsts if firsts.count(first) > 1)
    ended = run("show", shared)
    assert ended.code == 1
    assert f"{firsts.count(shared)} facts begin with" in ended.err


def test_delete_restore_and_history(run: Run, told: str) -> None:
    deleted = run("delete", told[:6])
    assert deleted.code == 0
    assert "deleted" in deleted.out
    assert run("search", QUESTION).code == 3
    assert run("restore", told[:6], "--json").document["kind"] == "restored"
    assert run("search", QUESTION).code == 0
    history = run("history", told[:6])
    assert [line.split()[2] for line in history.out.splitlines()[::2]] == ["added", "deleted", "restored"]
    changes = run("history", told, "--json").document["changes"]
    assert [change["kind"] for change in changes] == ["added", "deleted", "restored"]


def test_context_prints_the_block(run: Run, told: str) -> None:
    block = run("context", "Which database?", "--max-tokens", "100")
    assert block.code == 0
    assert block.out.startswith("<holdfast-memory")
    assert STACK_FACT in block.out
    document = run("context", "Which database?", "--max-tokens", "100", "--json").document
    assert document["text"] == block.out.rstrip("\n")
    assert 0 < document["tokens"] <= 100


def test_forget_wants_yes_where_nobody_can_answer(run: Run, told: str) -> None:
    refused = run("forget")
    assert (refused.code, refused.out) == (2, "")
    assert "--yes" in refused.err
    assert run("show", told).code == 0
    receipt = run("forget", "--yes", "--json").document
    assert receipt["user_id"] == "me"
    assert receipt["removed"]["message"] == 1
    assert run("show", told).code == 3


def test_forget_prints_a_receipt(run: Run, told: str) -> None:
    ended = run("forget", "-y")
    assert ended.code == 0
    assert "1 message" in ended.out
    assert "sha256:" in ended.out


def test_a_narrow_terminal_cuts_nothing_off(capsys: pytest.CaptureFixture[str]) -> None:
    table = grid()
    table.add_row("digest", "0123456789abcdef" * 4)
    print_blocks(table, indented(table), width=40)
    shown = re.sub(r"\s|digest", "", capsys.readouterr().out)
    assert shown == "0123456789abcdef" * 8


@pytest.mark.parametrize(("answer", "code", "left"), [(b"y\n", 0, 0), (b"n\n", 1, 1), (b"\n", 1, 1)])
def test_forget_asks_on_a_terminal(run: Run, told: str, answer: bytes, code: int, left: int) -> None:
    ours, theirs = pty.openpty()
    try:
        os.write(ours, answer)
        ended = spawn("forget", "--json", stdin=theirs)
    finally:
        os.close(ours)
        os.close(theirs)
    assert ended.returncode == code
    assert b"for good? [y/N]" in ended.stderr
    assert bool(ended.stdout) == (code == 0)
    with Memory() as memory:
        assert memory.count(user_id="me") == left


def test_doctor_on_a_sound_store(run: Run, told: str, own_home: Path) -> None:
    ended = run("doctor")
    assert ended.code == 0
    assert "sound" in ended.out
    assert "1 message" in ended.out
    document = run("doctor", "--json").document
    assert document["findings"] == []
    assert document["pending"] == []
    assert document["path"] == str(own_home / "holdfast.db")
    assert document["bytes"]["holdfast.db"] == (own_home / "holdfast.db").stat().st_size
    assert document["embedder"].startswith("all-MiniLM-L6-v2 (384 dimensions")
    assert {"holdfast", "SQLite", "faiss-cpu", "onnxruntime"} <= set(document["versions"])
    assert (document["users"], document["checked"]["message"], document["checked"]["fact"]) == (1, 1, 1)


def test_doctor_names_what_waits(run: Run) -> None:
    with Memory() as memory:
        memory.add({"role": "user", "content": STACK, "id": "m1"}, user_id="ann", defer=True)
    ended = run("doctor")
    assert ended.code == 0
    assert "message m1 of 'ann', not tried yet" in ended.out
    assert run("doctor", "--json").document["pending"] == [
        {"user_id": "ann", "message_id": "m1", "attempts": 0, "reason": None}
    ]


def test_doctor_names_what_is_wrong(run: Run, told: str, own_home: Path) -> None:
    with Memory() as memory:
        fact = memory.get(told, user_id="me")
    assert fact is not None
    store = SQLiteStore(str(own_home / "holdfast.db"), embedder=MiniLM().fingerprint, terms=REVISION)
    store.commit("me", lambda _: Write(facts=(replace(fact, id="unfindable"),)))
    store.close()
    ended = run("doctor")
    assert ended.code == 1
    assert "wrong: fact unfindable has no key" in ended.out
    assert "sound" not in ended.out
    as_json = run("doctor", "--json")
    assert as_json.code == 1
    assert as_json.document["findings"] == ["fact unfindable has no key"]


def test_doctor_on_a_damaged_file(run: Run, told: str, own_home: Path) -> None:
    file = own_home / "holdfast.db"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)
    ended = run("doctor")
    assert (ended.code, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert "checksum" in ended.err


@pytest.mark.parametrize(
    "command", ["search x", "context x", "list", "show x", "history x", "delete x", "doctor", *OTHERS]
)
def test_asking_makes_no_file(run: Run, tmp_path: Path, command: str) -> None:
    missing = tmp_path / "typo.db"
    ended = run(*command.split(), "--path", str(missing))
    assert ended.code == 1
    assert "no memory there" in ended.err
    assert not missing.exists()


@pytest.mark.parametrize("command", ["add x", "search x", "doctor"])
def test_a_path_that_cannot_be_is_an_error(run: Run, tmp_path: Path, command: str) -> None:
    assert run(*command.split(), "--path", str(tmp_path)).code == 1
    foreign = tmp_path / "notes.txt"
    foreign.write_text("not a database, but more than a hundred bytes " * 4)
    ended = run(*command.split(), "--path", str(foreign))
    assert (ended.code, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert foreign.read_text().startswith("not a database")


def test_path_chooses_the_file(run: Run, tmp_path: Path, own_home: Path) -> None:
    file = tmp_path / "chat.db"
    assert run("add", STACK, "--path", str(file)).code == 0
    assert STACK_FACT in run("list", "--path", str(file)).out
    assert not (own_home / "holdfast.db").exists()


def test_what_was_said_cannot_speak_to_the_terminal(run: Run) -> None:
    run("add", "I live in Oslo \x1b]0;owned\x07 with my dog.\nI like \x9b2J tea.", "--user", "a\x1b[31mb")
    for arguments in (("list", "--all"), ("search", "Oslo tea"), ("context", "Oslo tea")):
        out = run(*arguments, "--user", "a\x1b[31mb").out
        assert "Oslo" in out
        assert not {"\x1b", "\x07", "\x9b"} & set(out)
    assert ESCAPE not in run("doctor", "--path", "\x1b[31m").err


def test_a_pipe_gets_whole_lines_without_colour(run: Run, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run("add", "Parsley, " * 60)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    for arguments in (("list",), ("search", QUESTION), ("show", told), ("history", told), ("doctor",), ("add", "x")):
        ended = run(*arguments)
        assert ended.code == 0
        assert ESCAPE not in ended.out
        assert [line for line in ended.out.splitlines() if line != line.rstrip()] == []
    out = spawn("search", "parsley").stdout.decode()
    (line,) = [line for line in out.splitlines() if "Parsley" in line]
    assert line.count("Parsley") == 60
    assert ESCAPE not in out


def test_a_terminal_gets_colour(told: str) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "holdfast.cli", "list"]
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    try:
        subprocess.run(command, stdout=theirs, env={**environment, "TERM": "xterm-256color"}, check=True)
        out = os.read(ours, 100_000).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    assert ESCAPE in out
    assert STACK_FACT[:20] in out


def test_help_names_every_command_and_the_exit_codes(run: Run) -> None:
    out = run("--help").out
    for command in COMMANDS:
        assert f"\n  {command} " in out
        assert "--json" in run(command, "--help").out
        assert "--path" in run(command, "--help").out
    for command in ("chat", "import", "copy", "migrate", "ui"):
        assert f"\n  {command} " in out
    assert "..." not in out.partition("Commands:")[2]  # each says in a line of its own what it does
    assert "Exit codes" in out
    assert run("--version").out == "holdfast 0.1.0\n"


def test_help_loads_nothing_heavy() -> None:
    code = """
import json, sys
from holdfast.cli import main
sys.argv = ["holdfast", "--help"]
try:
    main()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = json.loads(ended.stderr)
    assert "holdfast.cli.app" in modules
    heavy = {
        "apsw",
        "faiss",
        "numpy",
        "onnxruntime",
        "platformdirs",
        "rich",
        "tokenizers",
        "holdfast.memory",
        "asyncio",
    }
    assert heavy & set(modules) == set()


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Run the demo as its script does, in a folder whose files have the names of modules."""
    folder = tmp_path_factory.mktemp("work")
    for name in ("random.py", "numpy.py", "json.py"):
        (folder / name).write_text("raise SystemExit('imported by accident')")
    script = tmp_path_factory.mktemp("bin") / "run"
    script.write_text("from holdfast.cli import main; main()")
    command = [sys.executable, str(script), "demo", "--json"]
    ended = subprocess.run(command, capture_output=True, check=False, cwd=folder)
    assert (ended.returncode, ended.stderr) == (0, b"")
    return json.loads(ended.stdout)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    file = tmp_path_factory.mktemp("demo") / "demo.db"
    ended = spawn("demo", "--path", str(file))
    assert (ended.returncode, ended.stderr) == (0, b"")
    return ended.stdout.decode(), file


def test_the_demo_has_two_processes_that_have_ended(document: Any) -> None:
    pids = [session["pid"] for session in document["sessions"]]
    assert len({*pids, os.getpid()}) == 3
    assert [session["exit_code"] for session in document["sessions"]] == [0, 0]


def test_the_second_process_of_the_demo_answers_from_what_the_first_was_told(document: Any) -> None:
    told, asked = document["sessions"]
    said = {message["id"] for message in told["messages"]}
    assert len(told["messages"]) >= 8
    assert len(asked["answers"]) >= 4
    for answer in asked["answers"]:
        assert answer["hits"]
        assert all(set(hit["sources"]) <= said for hit in answer["hits"])
        assert 0 < answer["context"]["tokens"] <= 160
    recalled = [" ".join(hit["text"] for hit in answer["hits"]) for answer in asked["answers"]]
    expected = ("Porto", "structural engineer", "peanuts", "six", "Astro")
    assert [word for word, text in zip(expected, recalled, strict=True) if word not in text] == []


def test_the_demo_tells_what_was_kept_closed_and_left_out(document: Any) -> None:
    told, _ = document["sessions"]
    assert "User lives in Hamburg" not in [fact["text"] for fact in told["facts"]]
    assert [change["before"]["text"] for change in told["superseded"]] == ["User lives in Hamburg"]
    assert {"greeting or thanks", "question", "secret"} <= {clause["reason"] for clause in told["left_out"]}


def test_the_temporary_store_of_the_demo_is_gone(document: Any) -> None:
    assert not Path(document["path"]).parent.exists()


def test_the_page_of_the_demo(page: tuple[str, Path]) -> None:
    out, file = page
    assert ESCAPE not in out
    assert max(map(len, out.splitlines())) <= 100
    for heading in ("Session 1", "Kept as facts", "No longer true", "Left out", "has ended", "Session 2", "Tokens"):
        assert heading in out
    with Memory(file) as memory:
        for fact in memory.get_all(user_id="me"):
            assert fact.text[:40] in out


def test_the_demo_begins_with_a_new_file_only(page: tuple[str, Path], run: Run) -> None:
    _, file = page
    before = file.read_bytes()
    ended = run("demo", "--path", str(file))
    assert (ended.code, ended.out) == (1, "")
    assert file.read_bytes() == before
