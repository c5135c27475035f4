"""Pictures of a memory: what they show, and the files that they are saved as."""

import json
import re
import sys
from base64 import b64decode
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from holdfast import AsyncMemory, ConfigurationError, Fact, Ledger, Memory, MissingExtraError, Picture
from holdfast.display.scenes import fact_map, project, spending, timeline
from holdfast.types import LedgerEntry

AT = datetime(2026, 1, 5, 9, tzinfo=timezone.utc)
PLOTLY = "application/vnd.plotly.v1+json"
HOSTILE = "</script><script>alert(1)</script> <b>b</b> %{x} $x^2$ {braces} &amp;"


def fact(id: str, text: str = "User lives in Porto", *, day: int = 0, until: int | None = None, **changed: Any) -> Fact:
    given: dict[str, Any] = {
        "user_id": "ann",
        "kind": "location",
        "category": "location",
        "subject": "User",
        "slot": None,
        "value": None,
        "polarity": "positive",
        "entities": (),
        "event": None,
        "said_at": AT + timedelta(day),
        "valid_from": AT + timedelta(day),
        "valid_to": None if until is None else AT + timedelta(until),
        "superseded_by": None,
        "reason": None,
        "confidence": "high",
        "flags": (),
        "evidence": (),
        "extractor": "rules/1",
        "session_id": None,
        "agent_id": None,
    }
    return Fact(id=id, text=text, **{**given, **changed})


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Memory]:
    with Memory(tmp_path / "memory.db", clock=lambda: AT + timedelta(100)) as memory:
        memory.add("I live in Hamburg. I'm allergic to peanuts.", user_id="ann", at=AT)
        memory.add("We moved to Porto.", user_id="ann", at=AT + timedelta(60))
        yield memory


def drawn(facts: list[Fact], *, limit: int = 40, days: int = 100) -> Any:
    return timeline(facts, user_id="ann", now=AT + timedelta(days), limit=limit)


def test_what_superseded_another_stands_behind_it_in_its_row() -> None:
    facts = [
        fact("a", "User lives in Bonn", until=20, superseded_by="b"),
        fact("n", "User's name is Ann", day=5, category="identity"),
        fact("b", "User lives in Rome", day=20, until=60, superseded_by="c"),
        fact("c", "User lives in Porto", day=60),
    ]
    scene = drawn(facts)
    assert scene.rows == ("User's name is Ann", "User lives in Porto")
    bars = [(one.row, one.start, one.end, one.over) for one in scene.spans]
    day = [AT + timedelta(n) for n in range(101)]
    assert sorted(bars) == [
        (0, day[5], day[100], False),
        (1, day[0], day[20], True),
        (1, day[20], day[60], True),
        (1, day[60], day[100], False),
    ]
    assert scene.joints == ()


def test_two_facts_that_one_superseded_are_joined_to_its_row() -> None:
    facts = [
        fact("a", "User likes tea", until=9, superseded_by="c"),
        fact("b", "User likes milk", day=1, until=9, superseded_by="c"),
        fact("c", "User likes nothing", day=9),
    ]
    scene = drawn(facts)
    assert len(scene.rows) == 2
    row = {one.hover.split("\n")[0]: one.row for one in scene.spans}
    other = row["User likes tea"] if row["User likes tea"] != row["User likes nothing"] else row["User likes milk"]
    assert [(one.at, one.above, one.below) for one in scene.joints] == [
        (AT + timedelta(9), other, row["User likes nothing"])
    ]


def test_no_bar_is_too_short_to_be_seen() -> None:
    scene = drawn([fact("a", until=0, superseded_by="b"), fact("b")])
    shortest = min(one.end - one.start for one in scene.spans)
    assert shortest >= timedelta(100) * 0.005
    (alone,) = drawn([fact("a")], days=0).spans
    assert alone.end - alone.start == timedelta(1)


def test_a_long_timeline_shows_the_latest_and_says_so() -> None:
    scene = drawn([fact(f"f{n}", f"User likes {n}", day=n) for n in range(50)], limit=10)
    assert len(scene.spans) == 10
    assert "the latest 10 of 50" in scene.note
    assert {one.hover.split("\n")[0] for one in scene.spans} == {f"User likes {n}" for n in range(40, 50)}


def test_the_map_keeps_the_distances_that_a_plane_can_hold() -> None:
    flat = np.random.default_rng(0).normal(size=(30, 2)) @ np.random.default_rng(1).normal(size=(2, 64))
    vectors = flat.astype(np.float32)
    points, kept = project(vectors)
    assert kept == pytest.approx(1.0)
    apart = np.linalg.norm(vectors[:, None] - vectors[None], axis=2)
    assert np.linalg.norm(points[:, None] - points[None], axis=2) == pytest.approx(apart, rel=1e-4, abs=1e-4)
    again, _ = project(vectors[::-1].copy())
    assert again[::-1] == pytest.approx(points, abs=1e-5)  # whichever sign the decomposition chose


@pytest.mark.parametrize("seed", range(8))
def test_an_axis_points_to_where_its_largest_coordinate_is(seed: int) -> None:
    points, _ = project(np.random.default_rng(seed).normal(size=(9, 16)).astype(np.float32))
    assert all(axis[np.argmax(np.abs(axis))] > 0 for axis in points.T)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_map_of_few_facts(count: int) -> None:
    vectors = {f"f{n}": np.eye(8, dtype=np.float32)[n] for n in range(count)}
    scene = fact_map([fact(name) for name in [*vectors, "without a vector"]], vectors, user_id="ann")
    assert len(scene.dots) == count
    assert len({(one.x, one.y) for one in scene.dots}) == count


def test_pictures_of_a_memory(told: Memory) -> None:
    scene = told.timeline(user_id="ann").scene
    assert {one.label for one in scene.spans} >= {"Hamburg", "Porto"}
    assert len(scene.rows) == 2
    assert len(told.map(user_id="ann").scene.dots) == 2
    assert len(told.map(user_id="ann", superseded=True).scene.dots) == 3
    assert told.timeline(user_id="nobody").scene.spans == told.map(user_id="nobody").scene.dots == ()


async def test_awaited(tmp_path: Path) -> None:
    async with AsyncMemory(tmp_path / "memory.db") as memory:
        await memory.add("I live in Porto", user_id="ann")
        assert len((await memory.timeline(user_id="ann")).scene.spans) == 1
        assert len((await memory.map(user_id="ann")).scene.dots) == 1


def test_a_limit_below_one_is_refused(told: Memory) -> None:
    with pytest.raises(ConfigurationError, match="limit"):
        told.timeline(user_id="ann", limit=0)


LEDGER = Ledger(
    "ann",
    tuple(
        LedgerEntry(AT + timedelta(n), "context", 1, injected_tokens=100, history_tokens=80 * (n + 1)) for n in range(5)
    ),
)


def test_a_ledger_is_drawn_against_the_full_history() -> None:
    curves = {one.name: one.values for one in LEDGER.plot().scene.curves}
    assert curves["full history"] == (80, 240, 480, 800, 1200)
    assert curves["injected"] == (100, 200, 300, 400, 500)
    assert curves["saved, net"] == (-20, 40, 180, 400, 700)
    assert "saved 700 tokens" in LEDGER.plot().scene.note
    assert "cost 20 tokens more" in Ledger("ann", LEDGER.entries[:1]).plot().scene.note


def hostile() -> list[Picture]:
    facts = [
        fact("a", HOSTILE, value=HOSTILE, until=9, superseded_by="b", reason=HOSTILE),
        fact("b", HOSTILE, day=9, value=HOSTILE),
    ]
    vectors = {"a": np.eye(4, dtype=np.float32)[0], "b": np.eye(4, dtype=np.float32)[1]}
    return [
        Picture(timeline(facts, user_id=HOSTILE, now=AT + timedelta(20), limit=9)),
        Picture(fact_map(facts, vectors, user_id=HOSTILE)),
        Picture(spending(Ledger(HOSTILE, LEDGER.entries))),
    ]


PICTURES = ["timeline", "map", "ledger"]


@pytest.mark.parametrize("number", range(3), ids=PICTURES)
def test_a_page_stands_alone_and_holds_no_words_as_code(number: int, tmp_path: Path) -> None:
    page = hostile()[number].save(tmp_path / "picture.html").read_text(encoding="utf-8")
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", page)
    assert "default-src 'none'" in page
    assert page.count("</script>") - page.count("<\\/script>") == 3  # ours
    assert "alert(1)</script>" not in page
    data = page.split('id="figure">')[1].split("</script>")[0]
    assert "<" not in data  # so that nothing in it can end the element
    figure = json.loads(data)
    assert "</script>" not in page.split("<title>")[1].split("</title>")[0]
    assert figure["data"]


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


@pytest.mark.parametrize("number", range(3), ids=PICTURES)
def test_jupyter_gets_data_and_a_still_picture(number: int) -> None:
    bundle = hostile()[number]._repr_mimebundle_()
    assert set(bundle) == {"text/plain", PLOTLY, "image/png"}
    assert b64decode(bundle["image/png"]).startswith(b"\x89PNG\r\n")
    found = list(texts(json.loads(json.dumps(bundle[PLOTLY]))))
    # plotly reads some tags everywhere, and fills templates where there are any
    assert not [text for text in found if "<b>b" in text or "<script" in text]
    assert "template" not in json.dumps(bundle[PLOTLY])


@pytest.mark.parametrize("number", range(3), ids=PICTURES)
@pytest.mark.parametrize("theme", ["light", "dark", "clear"])
def test_files_are_what_they_say_and_the_same_every_time(number: int, theme: Any, tmp_path: Path) -> None:
    picture = hostile()[number]
    for ending, start in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")):
        file = picture.save(tmp_path / f"picture.{ending}", theme=theme)
        first = file.read_bytes()
        assert first.startswith(start)
        if ending == "png":
            assert picture.save(tmp_path / "again.PNG", theme=theme).read_bytes() == first
    assert (tmp_path / "picture.png").stat().st_size < 100_000


def test_themes_differ(tmp_path: Path) -> None:
    picture = LEDGER.plot()
    light = picture.save(tmp_path / "light.png").read_bytes()
    assert picture.save(tmp_path / "dark.png", theme="dark").read_bytes() != light


def test_other_endings_and_themes_are_refused(tmp_path: Path) -> None:
    for name in ("picture", "picture.gif", "picture.txt"):
        with pytest.raises(ConfigurationError, match=r"\.html, \.png"):
            LEDGER.plot().save(tmp_path / name)
    with pytest.raises(ConfigurationError, match="theme"):
        LEDGER.plot().save(tmp_path / "picture.png", theme="blue")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_empty_pictures_can_be_saved_too(tmp_path: Path) -> None:
    for scene in (drawn([]), fact_map([], {}, user_id="ann"), spending(Ledger("ann", ()))):
        assert Picture(scene).save(tmp_path / "picture.png").stat().st_size > 0
        assert Picture(scene).save(tmp_path / "picture.html").stat().st_size > 0


def test_the_figure_can_be_changed() -> None:
    figure = LEDGER.plot().figure
    figure.update_layout(title="mine")
    assert figure.layout.title.text == "mine"
    for picture in hostile():
        assert picture.figure.data  # plotly checks every name and value


@pytest.mark.parametrize(("module", "ending"), [("plotly", "html"), ("matplotlib", "png")])
def test_what_is_missing_is_named(module: str, ending: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=r'pip install "holdfast\[notebook\]"') as caught:
        LEDGER.plot().save(tmp_path / f"picture.{ending}")
    assert caught.value.extra == "notebook"
    assert PLOTLY in LEDGER.plot()._repr_mimebundle_()  # Jupyter draws it all the same
    if module == "plotly":
        with pytest.raises(MissingExtraError):
            _ = LEDGER.plot().figure
