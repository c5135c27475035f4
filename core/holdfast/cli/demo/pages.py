"""How the demo looks: what the sessions returned, for a person who sees it for the first time."""

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from rich.console import Group
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from holdfast.cli.demo.chat import ROOM
from holdfast.cli.output import clean, grid, indented, make_console, print_blocks, scored

_WIDTH = 100
_CHATS = 50


class Pages:
    """Prints the demo, page by page.

    Args:
        place: The store's file.
        kept: It stays when the demo has ended.
    """

    def __init__(self, place: str, *, kept: bool) -> None:
        self._place = place
        self._kept = kept
        self._width = min(_WIDTH, make_console().width)

    def waiting(self, text: str) -> AbstractContextManager[Any]:
        """Return a sign of life for a terminal while a session runs."""
        return make_console().status(text) if sys.stdout.isatty() else nullcontext()

    def opening(self, pid: int) -> None:
        """Say what is going to happen."""
        self._print(
            Text("A memory that outlives the process that filled it", "bold"),
            Text(
                f"This is process {pid}. It starts two others, one after the other, which share nothing but one file. "
                "The first takes part in a chat and ends; the second has seen nothing of it and answers questions."
            ),
        )

    def told(self, session: dict[str, Any]) -> None:
        """Show session 1: the chat, what was kept, what was left out."""
        chat = grid()
        chat.add_column(no_wrap=True, justify="right")
        turns: dict[str, int] = {}
        for number, message in enumerate(session["messages"], 1):
            turns[message["id"]] = number
            style = "bold green" if message["role"] == "user" else "dim"
            chat.add_row(Text(f"{number}", "dim"), Text(message["role"], style), Text(clean(message["content"])))
        kept = grid()
        for fact in session["facts"]:
            lines = ", ".join(dict.fromkeys(str(turns[span["message_id"]]) for span in fact["evidence"]))
            kept.add_row(Text(fact["kind"], "cyan"), Text(clean(fact["text"])), Text(f"from line {lines}", "dim"))
        outdated = grid()
        for change in session["superseded"]:
            outdated.add_row(Text(clean(change["before"]["text"])), Text(clean(change["reason"]), "dim"))
        left_out = grid()
        for clause in session["left_out"]:
            left_out.add_row(Text(clean(clause["text"])), Text(clean(clause["reason"]), "dim"))
        pid, size = session["pid"], session["bytes"]
        self._print(
            Rule(Text.assemble(("Session 1", "bold"), f": a chat, in process {pid}")),
            indented(chat),
            *_section("Kept as facts about the user", kept),
            *_section("No longer true, and therefore closed", outdated),
            *_section("Left out of the facts, and why", left_out),
            Text("The lines themselves all stay in the journal, where a search finds them too.", "dim"),
            Text(f"Process {pid} has ended. What it knew is in {self._place} ({size:,} bytes).", "bold"),
        )

    def asked(self, session: dict[str, Any]) -> None:
        """Show session 2: each question with what it recalled."""
        answers: list[Group | Padding] = []
        for answer in session["answers"]:
            hits = grid()
            hits.add_column(justify="right", no_wrap=True)
            for place, hit in enumerate(answer["hits"]):
                why = ", ".join(f"{name} {scored(value, '+')}" for name, value in hit["why"].items() if round(value, 2))
                hits.add_row(
                    Text(scored(hit["score"]), "cyan"),
                    Text(clean(hit["text"]), "bold" if place == 0 else ""),
                    Text(why, "dim"),
                )
            answers.append(Group(Text(clean(answer["question"]), "bold green"), indented(hits)))
        last = session["answers"][-1]
        block = Text("\n".join(clean(line) for line in last["context"]["text"].split("\n")))
        title = Text(f"The block for the last question: {last['context']['tokens']} tokens")
        self._print(
            Rule(Text.assemble(("Session 2", "bold"), f": a new process, {session['pid']}, with that file alone")),
            *answers,
            Text(
                "The score says how far a line stands out from everything that is stored: in its words (lexical) and "
                "in its meaning (dense), less a little for what the assistant said (role), and for a fact that fits "
                "less well than the message that it rests on (fact). So a question finds its answer even where the "
                "two share no word.",
                "dim",
            ),
            Text("An application puts a block like this before the question, and any model can answer:"),
            Panel(block, title=title, title_align="left", border_style="dim"),
        )

    def tokens(self, session: dict[str, Any]) -> None:
        """Compare what went into the prompts with the whole history."""
        history = session["history_tokens"]
        injected = [answer["context"]["tokens"] for answer in session["answers"]]
        mean = sum(injected) / len(injected)
        table = grid()
        table.add_column(justify="right")
        table.add_row(f"{history}", "the whole chat of session 1")
        table.add_row(
            f"{mean:.0f}", f"the block, on average over the {len(injected)} questions (at most {ROOM} allowed)"
        )
        if mean < history:
            verdict = f"Here that saves {history - mean:.0f} tokens a question: little, since the chat is short."
        else:
            verdict = (
                f"Here that costs {mean - history:.0f} tokens more: the chat is shorter than what is said about it."
            )
        self._print(
            *_section("Tokens in the prompt, counted with the tokenizer of the embedding model", table),
            Text(
                f"{verdict} The block stays within its limit however long the history grows. That is arithmetic, not a "
                f"measurement: {_CHATS} such chats are {_CHATS} x {history} = {_CHATS * history:,} tokens, the block "
                f"is still at most {ROOM}."
            ),
        )

    def closing(self) -> None:
        """Say what can be done next."""
        if self._kept:
            advice = f"The file stays. Look into it: holdfast list --path {self._place}"
        else:
            advice = "The temporary file is deleted now. To keep one and look into it: holdfast demo --path demo.db"
        self._print(Text(advice, "dim"))

    def _print(self, *blocks: Group | Padding | Panel | Rule | Text) -> None:
        spaced = [part for block in blocks for part in (Text(""), block)]
        print_blocks(*spaced, width=self._width)


def _section(title: str, table: Table) -> list[Group]:
    return [Group(Text(title, "bold"), indented(table))] if table.row_count else []
