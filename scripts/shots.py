"""Open the notebooks in a real JupyterLab, run them there, and take pictures of them: `make shots`.

It needs a Chromium (`apt install chromium`, or the path of one in CHROMIUM); `make` brings JupyterLab and playwright.
Everything stays on this machine. The pictures go to build/shots, which is not committed.
"""

import argparse
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).parents[1]
SHOTS = ROOT / "build" / "shots"

Theme = Literal["light", "dark"]

# Without these, Chromium looks for its makers' hosts at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    names = [os.environ.get("CHROMIUM") or "chromium", "chromium-browser", "google-chrome"]
    return next((path for name in names if (path := shutil.which(name))), None)


@contextmanager
def jupyter_lab(folder: Path, theme: Theme) -> Iterator[str]:
    """Serve a folder with JupyterLab on loopback, and give its address."""
    settings = folder / ".lab"
    apputils = settings / "@jupyterlab" / "apputils-extension"
    apputils.mkdir(parents=True)
    name = "JupyterLab Dark" if theme == "dark" else "JupyterLab Light"
    (apputils / "themes.jupyterlab-settings").write_text(json.dumps({"theme": name}))
    (apputils / "notification.jupyterlab-settings").write_text(
        json.dumps({"fetchNews": "false", "checkForUpdates": False})
    )
    tracker = settings / "@jupyterlab" / "notebook-extension"
    tracker.mkdir(parents=True)
    (tracker / "tracker.jupyterlab-settings").write_text(json.dumps({"windowingMode": "none"}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(8)
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root"),
            *(
                f"--IdentityProvider.token={token}",
                f"--LabApp.user_settings_dir={settings}",
                f"--notebook-dir={folder}",
            ),
            *(f"--LabApp.workspaces_dir={folder / '.workspaces'}", "--LabApp.expose_app_in_browser=True"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if not name.startswith(("HOLDFAST_", "OPENAI_"))},
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api/status?token={token}", timeout=5).close()
                break
            except OSError:
                if time.monotonic() > deadline or server.poll() is not None:
                    raise
                time.sleep(0.2)
        # A workspace for each, which else opens what was open before.
        yield f"http://127.0.0.1:{port}/lab/workspaces/{{0}}/tree/{{0}}.ipynb?token={token}"
    finally:
        server.terminate()
        server.wait(20)


@contextmanager
def browser() -> Iterator[Any]:
    """Start the machine's Chromium without a screen."""
    from playwright.sync_api import sync_playwright

    path = chromium()
    if path is None:
        raise SystemExit("no Chromium found: apt install chromium, or name one in CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield started
        finally:
            started.close()


def run(page: Any, address: str) -> None:
    """Open a notebook, run all its cells, and wait until the last has an answer."""
    page.goto(address)
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    # Asked to run before that, it asks which kernel to take.
    page.wait_for_function(
        """() => {
            const session = jupyterapp.shell.currentWidget?.sessionContext;
            return session?.isReady && session.session?.kernel?.status === 'idle';
        }""",
        timeout=60_000,
    )
    # Without the numbers of the kept run, a number beside a cell says that it has run here.
    page.evaluate("() => { jupyterapp.shell.collapseLeft(); }")
    for command in ("notebook:clear-all-cell-outputs", "notebook:run-all-cells"):
        page.evaluate("name => { jupyterapp.commands.execute(name); }", command)  # not awaited: it ends with the run
    # JupyterLab writes [*] beside a cell that waits or runs.
    page.wait_for_function(
        """() => [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]
            .every(prompt => !prompt.textContent.includes('*') && /\\d/.test(prompt.textContent))""",
        timeout=120_000,
    )
    page.wait_for_timeout(500)  # plotly draws when its data is there


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these, by the beginning of their names")
    names = parser.parse_args().names
    SHOTS.mkdir(parents=True, exist_ok=True)
    themes: tuple[Theme, ...] = ("light", "dark")
    with browser() as started:
        for theme in themes:
            with tempfile.TemporaryDirectory() as folder:
                for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
                    shutil.copy(path, folder)
                with jupyter_lab(Path(folder), theme) as address:
                    for path in sorted(Path(folder).glob("*.ipynb")):
                        if names and not path.name.startswith(tuple(names)):
                            continue
                        page = started.new_page(viewport={"width": 1250, "height": 3200}, color_scheme=theme)
                        run(page, address.format(path.stem))
                        page.screenshot(path=SHOTS / f"{path.stem}_{theme}.png")
                        sys.stdout.write(f"{SHOTS / f'{path.stem}_{theme}.png'}\n")
                        page.close()
                        for database in Path(folder).glob("*.db*"):
                            database.unlink()  # each begins with an empty folder


if __name__ == "__main__":
    main()
