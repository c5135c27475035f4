"""The demo itself: starts the two sessions, one after the other, and shows what they returned."""

import json as jsonlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

import typer

from holdfast.cli.options import ME, Json, StorePath, User
from holdfast.cli.output import complain, print_json
from holdfast.errors import ConfigurationError


def demo(*, user: User = ME, path: StorePath = None, json: Json = False) -> None:
    """Tell it in one process, ask it in another.

    The store is temporary unless --path names a new file. Takes a few seconds; needs no key and no network.
    """
    if path and Path(path).exists():
        raise ConfigurationError(f"{path} is there already; the demo begins with a new file")
    with tempfile.TemporaryDirectory(prefix="holdfast-demo-") as temporary:
        folder = Path(temporary)
        place = str(Path(path).absolute()) if path else str(folder / "memory.db")
        if json:
            first = _run("tell", place, user, folder)
            second = _run("ask", place, user, folder)
            print_json({"path": place, "user_id": user, "sessions": [first, second]})
            return
        from holdfast.cli.demo.pages import Pages

        pages = Pages(place, kept=path is not None)
        pages.opening(os.getpid())
        with pages.waiting("The first session is running"):
            first = _run("tell", place, user, folder)
        pages.told(first)
        with pages.waiting("The second session is running"):
            second = _run("ask", place, user, folder)
        pages.asked(second)
        pages.tokens(second)
        pages.closing()


def _run(session: Literal["tell", "ask"], place: str, user: str, folder: Path) -> dict[str, Any]:
    """Run a session in a new process, wait until it has ended, and return what it printed."""
    command = [sys.executable, "-m", "holdfast.cli.demo.sessions", session, place, user]
    # The child finds what this process found, and nothing that lies in the current folder by chance.
    found = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path if entry)
    environment = {**os.environ, "PYTHONPATH": found}
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=folder, env=environment) as process:
        out, _ = process.communicate()
    if process.returncode:
        complain(f"the process of the session ended with exit code {process.returncode}")
        raise typer.Exit(1)
    return {**jsonlib.loads(out), "exit_code": process.returncode, "bytes": Path(place).stat().st_size}
