"""What the documents say can be done, can be done."""

import ast
import json
import os
import re
import shlex
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from holdfast import Memory

ROOT = Path(__file__).parents[2]
# What shows LlamaIndex runs with its framework's tests, which know that framework's warnings.
PAGES = [ROOT / "README.md", *sorted(page for page in (ROOT / "docs").rglob("*.md") if page.stem != "llamaindex")]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


def blocks(page: Path, *languages: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [body for language, body in found if language in languages]


def python_blocks() -> Iterator[Any]:
    for name, page in zip(NAMES, PAGES, strict=True):
        for number, block in enumerate(blocks(page, "python", "py"), 1):
            if "from llamaindex_holdfast" in block:
                continue
            yield pytest.param(block, id=f"{name}-{number}")


@pytest.fixture
def in_repository() -> None:
    if not (ROOT / "core" / "holdfast").is_dir():
        pytest.skip("runs against an installed wheel: the rest of the repository is not here")


def test_there_is_something_to_test() -> None:
    assert len(list(python_blocks())) >= 3
    assert "docs/storage.md" in NAMES


@pytest.mark.parametrize("block", list(python_blocks()))
def test_an_example_runs_and_prints_what_it_says(
    block: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOLDFAST_PATH", str(tmp_path / "memory.db"))
    if "Memory(" not in block:  # it reads what is there already
        with Memory() as memory:
            memory.add("I'm building this in Next.js with a Postgres backend", user_id="user_42")
    exec(compile(block, "example", "exec"), {"__name__": "__main__"})
    printed = capsys.readouterr().out
    assert printed.strip()
    # A comment behind a print says what it prints; one that begins in lower case says something else.
    promised = re.findall(r"print\(.*\)  # ([A-Z].*)$", block, re.MULTILINE)
    assert [line for line in promised if line not in printed.splitlines()] == []


def test_the_first_example_is_short_and_says_what_it_prints() -> None:
    first = blocks(PAGES[0], "python")[0]
    assert len(first.splitlines()) <= 12
    assert "  # User is building this in Next.js with a Postgres backend" in first


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_command_lines_end_well(page: Path, tmp_path: Path) -> None:
    shell = tmp_path / "bin"
    shell.mkdir()
    command = shell / "holdfast"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m holdfast.cli "$@"\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    environment = {
        **os.environ,
        "PATH": f"{shell}{os.pathsep}{os.environ['PATH']}",
        "HOLDFAST_PATH": str(tmp_path / "memory.db"),
        "PYTHONPATH": os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path if entry),
    }
    lines = [line for block in blocks(page, "sh", "console") for line in block.splitlines()]
    ran = [line for line in lines if re.match(r"(?:.*\| )?holdfast ", line)]
    if page.name == "migration.md":
        _other_memories(tmp_path)
    for line in ran:
        if re.match(r"holdfast ui\b", line):
            _served(line, environment)
            continue
        ended = subprocess.run(
            ["sh", "-c", line],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=300,
        )
        assert (line, ended.returncode, ended.stderr) == (line, 0, b"")
        assert ended.stdout
    assert ran or page.name != "README.md"


def _served(line: str, environment: dict[str, str]) -> None:
    """Run a command that serves until it is interrupted, up to the address that it prints."""
    with subprocess.Popen(
        ["sh", "-c", f"exec {line}"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline()
        process.send_signal(signal.SIGTERM)  # a shell's background jobs do not hear SIGINT
        try:
            process.communicate(timeout=60)
        finally:
            process.kill()
    assert address.startswith(b"http://127.0.0.1:")


def _other_memories(folder: Path) -> None:
    """Put the files there that docs/migration.md imports."""
    memories = [{"id": "1", "memory": "Likes green tea", "user_id": "ann", "created_at": "2025-03-01T10:00:00Z"}]
    (folder / "memories.json").write_text(json.dumps(memories), encoding="utf-8")
    stores = pytest.importorskip("langgraph.store.sqlite")
    savers = pytest.importorskip("langgraph.checkpoint.sqlite")
    from langgraph.graph import START, MessagesState, StateGraph

    with stores.SqliteStore.from_conn_string(str(folder / "store.db")) as store:
        store.setup()
        store.put(("memories", "ann"), "k", {"kind": "Memory", "content": {"content": "User plays the cello"}})
    with savers.SqliteSaver.from_conn_string(str(folder / "threads.db")) as saver:
        graph = StateGraph(MessagesState).add_node("listen", lambda state: {"messages": []}).add_edge(START, "listen")
        graph.compile(checkpointer=saver).invoke(
            {"messages": [("user", "I live in Lisbon")]}, {"configurable": {"thread_id": "t"}}
        )


def _anchor(heading: str) -> str:
    """Return what a heading is linked by."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
@pytest.mark.usefixtures("in_repository")
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]*))?[^)]*\)", page.read_text(encoding="utf-8"))
    local = [(link, anchor) for link, anchor in links if "://" not in link]
    assert [link for link, _ in local if not (page.parent / link).exists()] == []
    for link, anchor in local:
        if anchor:
            text = (page.parent / link if link else page).read_text(encoding="utf-8")
            headings = {_anchor(heading) for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}
            assert anchor in headings, f"{link}#{anchor}"


@pytest.mark.usefixtures("in_repository")
def test_every_page_is_in_the_navigation() -> None:
    named = re.findall(r": ([\w./-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    pages = [str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md")]
    assert sorted(named) == sorted(pages)


@pytest.mark.parametrize("package", ["holdfast", "langchain_holdfast", "llamaindex_holdfast"])
@pytest.mark.usefixtures("in_repository")
def test_every_public_name_is_in_the_reference(package: str) -> None:
    source = next(ROOT.glob(f"*/{package}/__init__.py"))
    (names,) = [
        ast.literal_eval(node.value)
        for node in ast.parse(source.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__"
    ]
    page = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    shown = re.findall(rf"^::: {package}\.(\w+)$", page, re.MULTILINE)
    assert sorted(shown) == sorted(names)


@pytest.mark.usefixtures("in_repository")
def test_the_pages_build_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="mkdocs is not installed: pip install --group docs")
    pytest.importorskip("mkdocstrings", reason="mkdocstrings is not installed: pip install --group docs")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert ended.returncode == 0, ended.stderr[-4000:]
    page = (tmp_path / "site" / "reference" / "index.html").read_text(encoding="utf-8")
    assert "Journal messages and learn what they say." in page


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
@pytest.mark.usefixtures("in_repository")
def test_make_targets_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:time )?make (\w+)", text))
    named |= {name for block in blocks(page, "sh") for name in re.findall(r"^make (\w+)", block, re.MULTILINE)}
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= targets
    if page.name == "README.md":
        assert {"demo", "test"} <= named


@pytest.mark.usefixtures("in_repository")
def test_extras_are_there() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    declared = set(
        re.findall(r"^(\w+) = \[", text.split("[project.optional-dependencies]")[1].split("\n[")[0], re.MULTILINE)
    )
    named = " ".join(re.findall(r"[Ee]xtras\b.*?\.", PAGES[0].read_text(encoding="utf-8"), re.DOTALL))
    assert set(re.findall(r"`(\w+)`", named)) == declared


def test_the_readme_is_short() -> None:
    assert len(PAGES[0].read_text(encoding="utf-8").splitlines()) <= 150
