"""What the documents say can be done, can be done."""

import os
import re
import shlex
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from holdfast import Memory

ROOT = Path(__file__).parents[2]
# docs/llamaindex.md runs with its framework's tests, which know that framework's warnings.
PAGES = [ROOT / "README.md", *sorted(page for page in (ROOT / "docs").glob("*.md") if page.stem != "llamaindex")]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


def blocks(page: Path, *languages: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [body for language, body in found if language in languages]


def python_blocks() -> Iterator[Any]:
    for name, page in zip(NAMES, PAGES, strict=True):
        for number, block in enumerate(blocks(page, "python", "py"), 1):
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
    for line in ran:
        ended = subprocess.run(
            ["sh", "-c", line],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert (line, ended.returncode, ended.stderr) == (line, 0, b"")
        assert ended.stdout
    assert ran or page.name != "README.md"


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
@pytest.mark.usefixtures("in_repository")
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


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
