"""In a real JupyterLab, in a real browser: what is shown is drawn, and what users wrote does nothing."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="no browser's driver: `make shots` brings it")
pytest.importorskip("jupyterlab", reason="no JupyterLab: `make shots` brings it")
nbformat = pytest.importorskip("nbformat")

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "shots.py"

if not SCRIPT.exists():
    pytest.skip("runs against an installed wheel: the scripts are not here", allow_module_level=True)

# Told by a user, and shown as a message, as a fact, in a picture, as a user's name.
CELL = r"""
from holdfast import Memory

memory = Memory(":memory:")
hostile = "<script>document.title = 'run'</script></style><img src=x onerror=\"document.title = 'run'\"> $x^2$ %{x}"
memory.add(["I live in Porto", hostile], user_id=hostile)
fact = memory.get_all(user_id=hostile)[0]
memory.update(fact.id, hostile, user_id=hostile)
"""
SHOWN = [
    "memory",
    "memory.search(hostile, user_id=hostile)",
    "memory.get_all(user_id=hostile)",
    "memory.timeline(user_id=hostile)",
    "memory.map(user_id=hostile)",
]


def scripted() -> Any:
    spec = importlib.util.spec_from_file_location("shots", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


shots = scripted()
if shots.chromium() is None:
    pytest.skip("no Chromium on this machine", allow_module_level=True)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("lab")
    cells = [nbformat.v4.new_code_cell(source) for source in [CELL, *SHOWN]]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "hostile.ipynb")
    with shots.browser() as browser, shots.jupyter_lab(folder, "dark") as address:
        page = browser.new_page(viewport={"width": 1250, "height": 2400}, color_scheme="dark")
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        shots.run(page, address.format("hostile"))
        yield page


def test_values_are_drawn_as_tables(page: Any) -> None:
    assert page.locator(".jp-OutputArea .holdfast table").count() >= 3
    assert page.locator(".jp-OutputArea .holdfast mark").first.is_visible()
    assert page.locator(".jp-OutputArea .holdfast .hf-bar").first.is_visible()


def test_what_users_wrote_is_shown_and_does_nothing(page: Any) -> None:
    assert page.title() != "run"
    assert page.locator(".jp-OutputArea img[src='x'], .jp-OutputArea .holdfast script").count() == 0
    assert "<script>document.title" in page.locator(".jp-OutputArea .holdfast").first.inner_text()
    assert page.locator(".jp-OutputArea .holdfast mjx-container, .jp-OutputArea .holdfast .MathJax").count() == 0


def test_pictures_are_drawn(page: Any) -> None:
    stills = page.locator(".jp-RenderedPlotly .plot-img")
    assert stills.count() == 2
    for number in range(2):
        stills.nth(number).dispatch_event("mouseenter")  # which makes it a live picture
        page.locator(".js-plotly-plot .main-svg").nth(number).wait_for(timeout=30_000)
    assert page.locator(".js-plotly-plot").count() == 2
    title = page.locator(".js-plotly-plot .gtitle").first.text_content()
    assert "<script>" in title


def test_text_is_readable_on_dark_ground(page: Any) -> None:
    colours = page.evaluate(
        """() => [...document.querySelectorAll('.jp-OutputArea .holdfast :is(td, mark, small)')]
            .map(one => getComputedStyle(one).color.match(/\\d+/g).slice(0, 3).map(Number))"""
    )
    assert colours
    assert min(min(colour) for colour in colours) > 150


def test_nothing_is_asked_elsewhere(page: Any) -> None:
    outside = [url for url in page.asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))]
    assert outside == []
