"""Measure whether the answer stands in the prompt block, by the tokens that the block may take.

Run `python benchmarks/context.py --locomo locomo10.json --beam chats/`: for budgets of 256 to 2,048 tokens it prints,
of the questions whose answer occurs word for word in the history, the share whose answer stands in `memory.context`,
and in a block of the turns that linear fusion finds; the same for dates, however they are written; and the tokens
used against the full history. `--cache FILE` keeps vectors between runs.
"""

import argparse
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

from corpora import Conversation, Corpus, Question, read_beam, read_chats, read_locomo
from holdfast.context import render_message
from holdfast.dates import find_dates
from recall import Remembered, answerable, baselines, memory_of

__all__ = ["main"]

BUDGETS = (256, 512, 1_024, 2_048)
_EPOCH = datetime(2000, 1, 1, tzinfo=timezone.utc)
_ISO = re.compile(r"\b\d{4}-\d\d-\d\d\b")

Block = Callable[[str, int], str]


def plain(text: str) -> str:
    """Return the words of a text, for comparison."""
    return " " + " ".join(re.findall(r"[a-z0-9]+", text.lower())) + " "


def days(text: str) -> set[str]:
    """Return the days that a text names, in any form."""
    return set(_ISO.findall(text)) | {
        span.event.start.isoformat() for span in find_dates(text, _EPOCH) if span.event.grain == "day"
    }


def fused(one: Conversation, corpus: Corpus, embedder: Remembered) -> Block:
    """Return what packs the turns that linear fusion finds, as they were said."""
    find = baselines(one, corpus, embedder)["linear fusion"]
    said = {message.id: f"- {render_message(message)}\n" for message in one.messages}
    sizes = {name: embedder.count_tokens(text) for name, text in said.items()}

    def block(question: str, budget: int) -> str:
        chosen: list[str] = []
        for name in find(question):
            if sizes[name] <= budget:
                budget -= sizes[name]
                chosen.append(said[name])
        return "".join(chosen)

    return block


def report(corpus: Corpus, embedder: Remembered) -> None:
    """Print the table of one set."""
    memory = memory_of(corpus, embedder)
    words: list[tuple[Conversation, Question]] = []
    dates: list[tuple[Conversation, Question]] = []
    full: list[int] = []
    for one in corpus.conversations:
        history = plain(" ".join(message.content for message in one.messages))
        full.append(sum(embedder.count_tokens(render_message(message)) for message in one.messages))
        asked = [question for question in one.questions if answerable(question) and question.answer]
        words += [(one, question) for question in asked if plain(question.answer) in history]
        dates += [(one, question) for question in asked if days(question.answer)]

    def ours(one: Conversation, question: str, budget: int) -> str:
        return memory.context(question, user_id=one.name, max_tokens=budget).text

    packers = {one.name: fused(one, corpus, embedder) for one in corpus.conversations}

    def theirs(one: Conversation, question: str, budget: int) -> str:
        return packers[one.name](question, budget)

    print(f"\n{corpus.name}: {len(words)} answers in the words of the history, {len(dates)} dates")
    print(f"{'':<34}" + "".join(f"{budget:>8,}" for budget in BUDGETS) + "  tokens")
    for name, block in (("linear fusion", theirs), ("holdfast", ours)):
        print(f"{name + ', words':<34}" + _shares(block, words, lambda text, wanted: plain(wanted) in plain(text)))
        if dates:
            print(f"{name + ', dates':<34}" + _shares(block, dates, lambda text, wanted: days(wanted) <= days(text)))
    sizes = [embedder.count_tokens(ours(one, question.text, 1_024)) for one, question in words]
    print(f"{'tokens used of 1,024':<34}{np.mean(sizes):8.0f}, full history {np.mean(full):,.0f}")


def _shares(
    block: Callable[[Conversation, str, int], str],
    asked: Sequence[tuple[Conversation, Question]],
    holds: Callable[[str, str], bool],
) -> str:
    cells = ""
    for budget in BUDGETS:
        found = [holds(block(one, question.text, budget), question.answer) for one, question in asked]
        cells += f"{np.mean(found):8.3f}"
    return cells


def main() -> None:
    """Read the arguments and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--locomo", type=Path, help="a file like locomo10.json")
    parser.add_argument("--beam", type=Path, help="a folder of BEAM chats")
    parser.add_argument("--cache", default=":memory:", help="keeps vectors between runs")
    options = parser.parse_args()
    embedder = Remembered(options.cache)
    corpora = [read_chats()]
    if options.beam:
        corpora.insert(0, read_beam(options.beam))
    if options.locomo:
        corpora.insert(0, read_locomo(options.locomo))
    for corpus in corpora:
        report(corpus, embedder)


if __name__ == "__main__":
    main()
