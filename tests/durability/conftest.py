import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """Return a folder in memory where there is one: what a crash leaves is the same, and no test waits for a disk."""
    if not os.access("/dev/shm", os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def run_writers() -> Iterator[Run]:
    """Run writers in a process of their own that has no other purpose; see nursery.py."""
    nursery = subprocess.Popen(
        [sys.executable, str(HERE / "nursery.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    stdin, stdout = nursery.stdin, nursery.stdout

    def run(script: str, path: Path, **job: Any) -> dict[str, Any]:
        stdin.write(json.dumps({"script": script, "path": str(path), **job}) + "\n")
        stdin.flush()
        answer: dict[str, Any] = json.loads(stdout.readline())
        return answer

    with nursery:
        yield run
        stdin.close()
