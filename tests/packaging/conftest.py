import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def source_tree() -> Path:
    """Return the repository, or skip where only the installed wheel is there."""
    if not (ROOT / "core" / "holdfast").is_dir():
        pytest.skip("runs against an installed wheel: no sources beside the tests")
    return ROOT


@pytest.fixture(scope="session")
def wheel(source_tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """Build the wheel as `pip wheel` does, with the hatchling that is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "wheel", "--quiet"]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(source_tree)]
    built = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive
    shutil.rmtree(folder)
