"""Run the notebooks from top to bottom, and keep what they print and draw: `make notebooks`.

Each runs in a folder of its own that is empty at first, with a network that ends at this machine.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"

# What reaches further ends the kernel, so that no code can swallow it: the notebooks say that they run offline.
GUARD = """
import os as _os, socket as _socket

def _guard():
    connect = _socket.socket.connect
    def guarded(self, address):
        here = ("127.", "::1", "localhost")
        if self.family in (_socket.AF_INET, _socket.AF_INET6) and not str(address[0]).startswith(here):
            _os._exit(3)
        return connect(self, address)
    _socket.socket.connect = guarded

_guard()
del _guard
"""


def execute(path: Path, folder: Path, environment: Mapping[str, str] | None = None) -> Any:
    """Return the notebook as it is after a run in `folder`; a cell that raises raises here."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(GUARD))
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        coalesce_streams=True,
    )
    client.execute(env=dict(environment if environment is not None else os.environ))
    del notebook.cells[0]
    for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), 1):
        cell.execution_count = number
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = number
    # Which Python ran it is nobody's business, and changes with every machine.
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return notebook


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these, by the beginning of their names")
    names = parser.parse_args().names
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HOLDFAST_", "OPENAI_"))}
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        if names and not path.name.startswith(tuple(names)):
            continue
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            notebook = execute(path, Path(folder), environment)
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
        sys.stdout.write(f"{path.name:<40} {time.monotonic() - started:5.1f} s  {path.stat().st_size / 1000:7.0f} kB\n")


if __name__ == "__main__":
    main()
