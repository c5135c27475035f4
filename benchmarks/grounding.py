"""What grounding refuses of facts that people wrote down, and what it lets pass of the same facts spoilt.

    python benchmarks/grounding.py

The facts are those of benchmarks/data/extraction, each held against the sentence of its message that has most words
in common with it. Spoilt, each in turn: a name or a number becomes another one, the user's cousin did it, the user did
what a relative did, or the fact is held against another message. Some of what is refused should be: a sentence that
holds a password, what stands beside an order to the memory, a number that somebody worked out. What the data
has in the user's own words, such as wishes about answers, is no statement and left out.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from holdfast import Candidate, Evidence, Extraction, Message
from holdfast.extractors.redaction import SCREEN
from holdfast.grounding import ground
from measure import show

DATA = Path(__file__).with_name("data") / "extraction"
NAME = re.compile(r"(?<!^)\b[A-Z][a-z]{3,}\b")
RELATIVE = re.compile(
    r"^User's (?:sister|brother|wife|husband|mother|mom|dad|father|son|daughter|boss|friend|partner|cousin)\b"
)
OWN_WORDS = re.compile("(?:Instruction|Decided|Tech|Pref): ")
Row = dict[str, Any]


def words(text: str) -> set[str]:
    return set(re.findall(r"\w{3,}", text.lower()))


def refused(row: Row, text: str, stated: str) -> str | None:
    """Return why the text is no fact, resting on the sentence that is nearest to what was stated."""
    said = row["text"]
    sentence = max(re.finditer(r"[^.!?\n]+[.!?\n]?", said), key=lambda found: len(words(stated) & words(found[0])))
    at = datetime.fromisoformat(row["at"])
    before = [Message("assistant", row["previous"], "p", at)] if isinstance(row.get("previous"), str) else []
    evidence = (Evidence("m", *sentence.span(), sentence[0]),)
    proposed = Extraction(candidates=(Candidate(text, evidence),))
    _, quarantined = ground(proposed, [Message("user", said, "m", at)], context=before, screen=SCREEN)
    return quarantined[0].reason if quarantined else None


def spoilt(
    row: Row, text: str, rows: list[Row], names: list[str], chance: random.Random
) -> Iterator[tuple[str, Row, str]]:
    """Yield what is wrong, the message that it is held against, and the spoilt fact."""
    mine = [name for name in NAME.findall(text) if name != "User"]
    if mine:
        other = chance.choice([name for name in names if name.lower() not in row["text"].lower()])
        yield "another name", row, text.replace(mine[0], other)
    number = re.search(r"\b\d{1,3}\b", text)
    if number:
        other = str(int(number[0]) + chance.choice([1, 2, 7, 11]))
        if other not in row["text"]:
            yield "another number", row, text[: number.start()] + other + text[number.end() :]
    if RELATIVE.match(text):
        yield "told of the user", row, RELATIVE.sub("User", text)
    elif text.startswith("User "):
        yield "told of a cousin", row, f"User's cousin{text[4:]}"
    stranger = chance.choice(rows)
    if stranger is not row:
        yield "another message", stranger, text


def main() -> None:
    chance = random.Random(1)
    lines = [line for name in ("dev", "heldout") for line in (DATA / f"{name}.jsonl").open(encoding="utf-8")]
    rows = [row for row in map(json.loads, lines) if row.get("facts")]
    names = [name for row in rows for fact in row["facts"] for name in NAME.findall(fact["text"]) if name != "User"]
    facts = [
        (row, text) for row in rows for text in (fact["text"] for fact in row["facts"]) if not OWN_WORDS.match(text)
    ]
    reasons = Counter(reason for row, text in facts if (reason := refused(row, text, text)))
    share = 100 * sum(reasons.values()) / len(facts)
    show(f"Of {len(facts)} facts {share:.1f} % are refused", ["because it", "facts"], reasons.most_common())
    made, passed = Counter[str](), Counter[str]()
    for row, text in facts:
        for fault, against, wrong in spoilt(row, text, rows, names, chance):
            made[fault] += 1
            passed[fault] += refused(against, wrong, text) is None
    share = 100 * sum(passed.values()) / sum(made.values())
    table = [[fault, count, passed[fault]] for fault, count in made.most_common()]
    show(f"Of {sum(made.values())} spoilt facts {share:.1f} % pass", ["spoilt by", "facts", "passed"], table)


if __name__ == "__main__":
    main()
