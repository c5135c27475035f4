"""What docs/llamaindex.md and the README show of LlamaIndex, runs, and shows what it says."""

import gc
import re
from pathlib import Path

import pytest

pytest.importorskip("llama_index.core", reason="needs the extra holdfast[llamaindex]")

from llamaindex import caller, scripted

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "llamaindex.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^## ([^\n]+)\n(?:(?!^## ).)*?^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
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
    _run(block, tmp_path, monkeypatch)
    printed = capsys.readouterr().out
    assert [words for words in SHOWN[title] if words not in printed] == []
    assert len(_body(block)) <= 6


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the framework's memory leaves its database in RAM open
def test_the_readme_shows_memory_in_each_of_its_examples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = [one for one in re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL) if _OURS in one]
    for name in ("SimpleChatEngine", "FunctionAgent", "HoldfastMemoryBlock", "RetrieverQueryEngine"):
        assert block.count(name) == 2  # imported and used
    assert max(len(part.splitlines()) for part in block.split("\n\n")[2:]) <= 6
    monkeypatch.setenv("HOLDFAST_PATH", str(tmp_path / "memory.db"))
    _run(block, tmp_path, monkeypatch)
    assert capsys.readouterr().out.count("User is allergic to peanuts") == 4


_OURS = "from llamaindex_holdfast import"


def _run(block: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "MockFunctionCallingLLM" in block and not caller.HAS_A_CALLER:
        pytest.skip("this version has no mock model that calls functions")
    monkeypatch.chdir(folder)
    exec(compile(block, "example", "exec"), {"__name__": "__main__"})
    gc.collect()


def _body(block: str) -> list[str]:
    """Return the lines that do something: no import, no blank line, a call over several lines counted once."""
    lines = [line for line in block.splitlines() if line.strip() and not re.match(r"import|from|\s+\w+=|\)", line)]
    return [line for line in lines if not line.strip().startswith("#")]
