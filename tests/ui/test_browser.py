"""The inspector in a real Chromium, by mouse and keyboard, and what axe finds; skipped where there is none."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from holdfast import Memory
from inspecting import SCRIPT, STYLE, Browser

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install --group browser")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SHOTS = os.environ.get("SHOTS")
"""A folder for screenshots, if they are wanted."""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(chromium: Any, stranger: Browser) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: page.complaints.append(request.url) if _elsewhere(request.url) else None)
    page.goto(f"{stranger.origin}/?token={stranger.token}")
    page.wait_for_url(f"{stranger.origin}/")
    yield page
    context.close()
    assert page.complaints == []


def _elsewhere(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "about:", "data:"))


def shoot(page: Any, name: str) -> None:
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(SHOTS) / f"inspector-{name}.png"), full_page=True)


def open_tab(page: Any, name: str) -> None:
    page.get_by_role("navigation", name="Memory").get_by_role("link", name=name).click()


def test_a_person_searches_edits_restores_and_forgets(page: Any, memory: Memory) -> None:
    page.get_by_role("link", name="ann").click()
    open_tab(page, "Search")
    page.get_by_label("Question, in any words").fill("Which food is dangerous for me, peanuts?")
    page.get_by_label("Question, in any words").press("Enter")
    first = page.get_by_role("listitem").filter(has_text="score").first
    assert "User is allergic to peanuts" in first.inner_text()
    assert "lexical" in first.inner_text()
    shoot(page, "search")
    first.get_by_role("link", name="User is allergic to peanuts").click()
    assert page.locator("mark").inner_text() == "I'm allergic to peanuts"
    shoot(page, "fact")
    page.get_by_label("In other words").fill("User is allergic to walnuts")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("heading", level=1).inner_text() == "User is allergic to walnuts"
    page.get_by_role("button", name="Delete").click()
    assert "The fact is deleted" in page.get_by_role("status").inner_text()
    page.get_by_role("button", name="Restore").click()
    assert "The fact is back" in page.get_by_role("status").inner_text()
    assert [fact.text for fact in memory.get_all(user_id="ann") if "walnut" in fact.text]
    open_tab(page, "Export and forget")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export", exact=True).click()
    assert download.value.suggested_filename == "ann.jsonl"
    page.get_by_label("To confirm").fill("ann")
    page.get_by_role("button", name="Forget this user").click()
    page.get_by_role("heading", name="Receipt").wait_for()
    shoot(page, "receipt")
    assert "ann" not in memory.users()


def test_markup_in_a_fact_does_nothing(page: Any, memory: Memory) -> None:
    for fact in memory.get_all(user_id="ann"):
        if SCRIPT in fact.text or STYLE in fact.text:
            page.goto(f"{page.url.split('/', 3)[0]}//{page.url.split('/')[2]}/fact?user=ann&id={fact.id}")
            assert page.title() != "owned"
            assert page.get_by_role("heading", level=1).inner_text() == fact.text
            assert page.locator("body").is_visible()
            assert page.locator("main script, main style").count() == 0


def test_the_policy_stops_what_escaping_would_have_missed(page: Any) -> None:
    page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.textContent = "document.title = 'owned'";
            document.body.append(script);
            const markup = '<img src=x onerror="document.title=1"><p style="color:red">x';
            document.body.insertAdjacentHTML('beforeend', markup);
        }"""
    )
    assert page.title() != "owned"
    assert page.evaluate("getComputedStyle(document.querySelector('body > p:last-of-type')).color") != "rgb(255, 0, 0)"
    assert page.complaints
    assert all("Content Security Policy" in one or "/x" in one or "404" in one for one in page.complaints)
    page.complaints.clear()


def test_another_origin_reaches_nothing(page: Any, chromium: Any, memory: Memory) -> None:
    """A page of another origin, in the same browser, sends the form and fetches what it would read."""
    own = page.url.rstrip("/")
    token = (
        page.context.request.get(f"{own}/removal?user=ann").text().partition('name="csrf" value="')[2].partition('"')[0]
    )
    other = page.context.new_page()
    other.route("http://evil.example/**", lambda route: route.fulfill(
        content_type="text/html",
        body=f'<form method=post action="{own}/forget"><input name=csrf value="{token}"><input name=user value=ann>'
        "<input name=typed value=ann><button>go</button></form>",
    ))  # fmt: skip
    other.goto("http://evil.example/")
    assert (
        other.evaluate(f"fetch('{own}/facts?user=ann', {{credentials: 'include'}}).then(() => 'read', () => 'no')")
        == "no"
    )
    with other.expect_response(f"{own}/forget") as refused:
        other.get_by_role("button").click()
    assert refused.value.status == 403
    assert memory.count(user_id="ann") == 5
    page.complaints.clear()


def test_everything_is_reached_by_keyboard(page: Any) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.get_by_role("link", name="ann").click()
    for _ in range(4):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Facts"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Search").wait_for()
    page.get_by_label("Question, in any words").focus()
    page.keyboard.type("peanuts")
    page.keyboard.press("Enter")
    page.get_by_text("Why this score").first.focus()
    assert page.get_by_role("group").first.get_attribute("open") is not None
    page.keyboard.press("Enter")
    assert page.get_by_role("group").first.get_attribute("open") is None


def test_a_narrow_window_needs_no_sideways_scrolling(page: Any, memory: Memory) -> None:
    origin = page.url
    memory.add("I own a boat", user_id="ann", defer=True)
    for question in ("where do I live?", "what may I eat?"):
        memory.context(question, user_id="ann")
    (known,) = [fact for fact in memory.get_all(user_id="ann", superseded=True) if "Lisbon" in fact.text]
    page.set_viewport_size({"width": 400, "height": 800})
    for name in PAGES[1:-1]:
        query = {"user": "ann", "all": "1", "q": "where" * (name == "search"), "id": known.id * (name == "fact")}
        page.goto(f"{origin}{name}?{urlencode(query)}")
        shoot(page, f"{name}-narrow")
        wide = """() => [document.documentElement, ...document.querySelectorAll('.scroll')]
            .filter(one => one.scrollWidth > one.clientWidth).map(one => one.outerHTML.slice(0, 80))"""
        assert (name, page.evaluate(wide)) == (name, [])


PAGES = ["", "facts", "search", "timeline", "changes", "messages", "pending", "ledger", "removal", "fact", "x"]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(page: Any, memory: Memory, scheme: str, name: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(color_scheme=scheme)
    memory.add("I own a boat", user_id="ann", defer=True)
    for question in ("where do I live?", "what may I eat?", "who is Ana?"):
        memory.context(question, user_id="ann")
    (known,) = [fact for fact in memory.get_all(user_id="ann", superseded=True) if "Lisbon" in fact.text]
    query = {"user": "ann", "all": "1", "q": "where do I live" * (name == "search"), "id": known.id * (name == "fact")}
    page.goto(f"{page.url}{name}?{urlencode(query)}")
    shoot(page, f"{name or 'users'}-{scheme}")
    found = axe.run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []
    page.complaints[:] = [one for one in page.complaints if not (name == "x" and "404" in one)]
