"""The notebooks run from top to bottom, offline, and what they keep is what they give."""

import importlib.util
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]

pytest.importorskip("nbclient", reason="the extra `notebook` and the test tools are not installed")
if not NOTEBOOKS:
    pytest.skip("runs against an installed wheel: the notebooks are not here", allow_module_level=True)


def runner() -> Any:
    spec = importlib.util.spec_from_file_location("run_notebooks", ROOT / "scripts" / "notebooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def cells(notebook: Any, kind: str = "code") -> list[Any]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def printed(notebook: Any) -> list[str]:
    """What each cell prints, numbers and dates aside: those come with the day and the machine."""
    texts = [
        "".join("".join(one["text"]) for one in cell["outputs"] if one["output_type"] == "stream")
        for cell in cells(notebook)
    ]
    months = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    return [re.sub(r"\s+", " ", re.sub(r"\d[\d.,]*", "#", re.sub(months, "month", text))).strip() for text in texts]


def shown(notebook: Any) -> list[set[str]]:
    """What kinds of output each cell has."""
    return [{kind for one in cell["outputs"] for kind in one.get("data", {})} for cell in cells(notebook)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_runs_and_gives_what_it_keeps(path: Path, tmp_path: Path) -> None:
    kept = read(path)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path if entry),
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }
    folder = tmp_path / "work"
    folder.mkdir()
    before = os.times()
    notebook = runner().execute(path, folder, environment)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    assert 0 < used < 60  # seconds of the processor, whatever else the machine does
    outputs = [one for cell in cells(notebook) for one in cell["outputs"]]
    assert not [one["text"] for one in outputs if one.get("name") == "stderr"]
    assert printed(notebook) == printed(kept), "run `make notebooks` and look at what has changed"
    assert shown(notebook) == shown(kept)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_what_a_notebook_keeps(path: Path) -> None:
    notebook = read(path)
    assert [cell["execution_count"] for cell in cells(notebook)] == list(range(1, len(cells(notebook)) + 1))
    outputs = [one for cell in cells(notebook) for one in cell["outputs"]]
    assert outputs
    assert {one["output_type"] for one in outputs} <= {"stream", "execute_result", "display_data"}
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"/(?:home|root|tmp|work|Users)/", text)
    assert len(text) < 200_000
    assert not re.search(
        r"!pip|%pip|https?://(?!127\.0\.0\.1)", "".join("".join(cell["source"]) for cell in cells(notebook))
    )


def test_the_guard_ends_a_notebook_that_reaches_out(tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    outside = "import socket\nsocket.socket().connect(('192.0.2.1', 80))"  # no machine has this address
    swallowed = f"try:\n    exec({outside!r})\nexcept Exception:\n    pass"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(swallowed)])
    nbformat.write(notebook, tmp_path / "outside.ipynb")
    with pytest.raises(Exception, match=r"[Kk]ernel"):
        runner().execute(tmp_path / "outside.ipynb", tmp_path, {**os.environ, "IPYTHONDIR": str(tmp_path)})


def test_the_table_names_every_notebook_and_its_question() -> None:
    table = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\d)\]\((\S+)\) \| (.+?) \|", table, re.MULTILINE)
    titles = [re.match(r"# (\d)\. (.+)", "".join(cells(read(path), "markdown")[0]["source"])) for path in NOTEBOOKS]
    assert [(number, name, question) for number, name, question in rows] == [
        (title[1], path.name, title[2]) for title, path in zip(titles, NOTEBOOKS, strict=True) if title
    ]
    assert all(title is not None and title[2].endswith("?") for title in titles)
