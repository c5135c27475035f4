"""What docs/llamaindex.md shows, runs, and shows what it says."""

import gc
import re
from pathlib import Path

import pytest

pytest.importorskip("llama_index.core", reason="needs the extra holdfast[llamaindex]")

from llamaindex import scripted

PAGE = Path(__file__).parents[2] / "docs" / "llamaindex.md"
BLOCKS = re.findall(r"^## ([^\n]+)\n(?:(?!^## ).)*?^```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
SHOWN = {
    "A chat engine": ["User is allergic to peanuts", "user: ", "Which snack is safe?"],
    "An agent": ["User moved to Lisbon", "Where do I live?"],
    "A memory block": ["Next.js", "<holdfast>"],
    "A query engine": ["User is allergic to peanuts", "Which snack?"],
    "Tools": ["Remembered: User is allergic to peanuts", "- User is allergic to peanuts (id "],
    "Models of LlamaIndex": ["User is allergic to peanuts"],
}


def test_every_example_is_known() -> None:
    assert [title for title, _ in BLOCKS] == [*SHOWN]


@pytest.mark.parametrize(("title", "block"), BLOCKS, ids=[title for title, _ in BLOCKS])
def test_an_example_shows_what_it_says(
    title: str, block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if "chat_store=" in block and not scripted.TAKES_A_STORE:
        pytest.skip("this version's memory takes no chat store")
    monkeypatch.chdir(tmp_path)
    exec(compile(block, title, "exec"), {"__name__": "__main__"})
    printed = capsys.readouterr().out
    assert [words for words in SHOWN[title] if words not in printed] == []
    assert len(_body(block)) <= 8
    gc.collect()


def _body(block: str) -> list[str]:
    """Return the lines that do something: no import, no blank line, a call over several lines counted once."""
    lines = [line for line in block.splitlines() if line.strip() and not re.match(r"import|from|\s+\w+=|\)", line)]
    return [line for line in lines if not line.strip().startswith("#")]
