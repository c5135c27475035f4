"""What docs/langchain.md shows is short, and memory reaches the model; that it runs, tests/docs sees."""

import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("langchain", reason="needs the extra holdfast[langchain]")

from langchain_core.language_models import FakeListChatModel

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "langchain.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = r"^## ([^\n]+)\n(?:(?!^## ).)*?^```python\n(.*?)^```$"
FIRST = dict(re.findall(SECTION, PAGE, re.MULTILINE | re.DOTALL))
(IN_README,) = (
    block
    for block in re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    if "from langchain_holdfast import" in block
)


@pytest.mark.parametrize("title", ["A chain", "A retriever", "An agent", "A graph"])
def test_six_lines_are_enough(title: str) -> None:
    lines = [line for line in FIRST[title].splitlines() if line.strip() and not re.match(r"import|from", line)]
    assert 0 < len(lines) <= 6


def test_the_readme_shows_all_four_of_one_memory() -> None:
    for name in ("with_memory", "HoldfastRetriever", "create_agent", "StateGraph"):
        assert IN_README.count(name) == 2  # imported and used
    assert max(len(part.splitlines()) for part in IN_README.split("\n\n")[1:]) <= 6


def test_the_models_of_the_readme_see_what_was_said_before(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[str] = []
    answer = FakeListChatModel._call

    def note(model: FakeListChatModel, messages: Any, *rest: Any, **options: Any) -> str:
        asked.append("\n".join(message.text for message in messages))
        return answer(model, messages, *rest, **options)

    monkeypatch.setattr(FakeListChatModel, "_call", note)
    monkeypatch.setenv("HOLDFAST_PATH", str(tmp_path / "memory.db"))
    exec(compile(IN_README, "README", "exec"), {"__name__": "__main__"})
    assert ["User is allergic to peanuts" in prompt for prompt in asked] == [False, True, True]
