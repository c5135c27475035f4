"""The inspector, opened from the command line."""

import sys
from typing import Annotated

import typer

from holdfast.cli.options import StorePath, opened


def ui(
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where on this machine. Default: a free port.")] = 0,
    browser: Annotated[
        bool | None, typer.Option(help="Open it in the browser. Default: when this is a terminal.")
    ] = None,
    path: StorePath = None,
) -> None:
    """Look at a memory in the browser, and correct it.

    Serves a page to this machine alone until Ctrl-C. The address that it prints is good once.
    """
    from holdfast.ui import Server

    with opened(path) as memory:
        server = Server(memory, port=port)
        typer.echo(server.url)
        typer.echo(f"{memory.path}; Ctrl-C ends it", err=True)
        sys.stdout.flush()
        if sys.stdout.isatty() if browser is None else browser:
            import webbrowser

            webbrowser.open(server.url)
        server.run()
