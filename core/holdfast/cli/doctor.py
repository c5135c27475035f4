"""The doctor: the store against itself, and what it runs on."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

import holdfast
from holdfast.cli.options import Json, StorePath, opened
from holdfast.cli.output import clean, counted, grid, print_blocks, print_findings, print_json
from holdfast.cli.progress import working

if TYPE_CHECKING:
    from holdfast.protocols import Pending

_PACKAGES = ("apsw", "faiss-cpu", "onnxruntime", "tokenizers", "numpy")


def doctor(*, path: StorePath = None, json: Json = False) -> None:
    """Tell where the store is, what it holds, if it is sound.

    Prints versions, sizes and what waits to be learnt. The exit code is 1 when something is wrong.
    """
    import platform

    with opened(path) as memory:
        with working("looking"):
            report = memory.check()
        users = len(memory.users())
        place = memory.path
        embedder = memory.embedder.fingerprint
        waiting = memory.pending()
        sizes = _sizes(place)
    if json:
        print_json(
            {
                "path": place,
                "bytes": sizes,
                "users": users,
                "checked": report.checked,
                "findings": report.findings,
                "pending": [_waiting(one) for one in waiting],
                "embedder": str(embedder),
                "python": platform.python_version(),
                "versions": _versions(),
            }
        )
    else:
        from rich.text import Text

        held = (counted(number, table) for table, number in report.checked.items() if table != "partition")
        table = grid()
        table.add_row("store", Text(place))
        table.add_row("size", ", ".join(f"{name} {size:,} bytes" for name, size in sizes.items()))
        table.add_row("holds", ", ".join([counted(users, "user"), *held]))
        table.add_row("embedder", str(embedder))
        table.add_row(
            "runs on", ", ".join([f"Python {platform.python_version()}", *map(" ".join, _versions().items())])
        )
        print_blocks(table)
        for one in waiting:
            reason = f"failed {one.attempts} times: {one.reason}" if one.reason else "not tried yet"
            text = f"waits to be learnt: message {one.journaled.message.id} of {one.user_id!r}, {reason}"
            print_blocks(Text(clean(text), "yellow"))
        print_findings(report.findings)
    if report.findings:
        raise typer.Exit(1)


def _waiting(one: "Pending") -> dict[str, Any]:
    return {
        "user_id": one.user_id,
        "message_id": one.journaled.message.id,
        "attempts": one.attempts,
        "reason": one.reason,
    }


def _sizes(place: str) -> dict[str, int]:
    files = [Path(place + suffix) for suffix in ("", "-wal")]
    return {file.name: file.stat().st_size for file in files if file.is_file()}


def _versions() -> dict[str, str]:
    # Imported here: they are a third of what `--help` would cost.
    from importlib.metadata import version

    found = {name: version(name) for name in _PACKAGES}
    # apsw is numbered after the SQLite that it brings.
    return {"holdfast": holdfast.__version__, "SQLite": found["apsw"].rpartition(".")[0], **found}
