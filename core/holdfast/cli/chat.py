"""A conversation in the terminal, with the memory shown beside it."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import uuid4

import typer

from holdfast.cli.options import ME, StorePath, User, opened
from holdfast.cli.output import ID, clean, complain, day, grid, make_console
from holdfast.errors import ConfigurationError, MissingExtraError, ProviderError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from holdfast.memory import Memory
    from holdfast.types import Added, Context, Fact, Hit, Message

MODEL = "gpt-4.1-mini"
"""Asked of OpenAI when a key is set and no model is named."""

ENOUGH = 0.25
"""Score from which on something answers without a model: docs/retrieval.md shows what such a bound keeps."""

NEAR = 0.1
"""Score from which on something is named as the nearest, where nothing answers."""

_RECENT = 20  # messages of this conversation that go along with each question
_SHOWN = 6  # lines of a kind beside an answer
_SIDE = 44  # columns of the memory beside the answer
_NARROW = 96  # columns below which it stands under the answer
_SYSTEM = "You are a helpful assistant. Answer briefly, in plain text."
_ROLES: dict[str, Literal["user", "assistant"]] = {"user": "user", "assistant": "assistant"}

_HELP = (
    ("/facts", "what is known of you"),
    ("/context", "the block that went into the last prompt"),
    ("/delete ID", "take out a fact; /restore ID brings it back"),
    ("/help", "this list"),
    ("/quit", "end; so does Ctrl-D. What was said stays"),
)


def chat(
    *,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help=f"Who answers. Default: {MODEL} if OPENAI_API_KEY is set.")
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", help="An OpenAI-compatible server, such as http://localhost:11434/v1.")
    ] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="Answer from memory only; nothing leaves.")] = False,
    session: Annotated[
        str | None, typer.Option(metavar="ID", help="Continue this conversation. Default: a new one.")
    ] = None,
    max_tokens: Annotated[int, typer.Option("--max-tokens", "-t", help="Room for memory in the prompt.")] = 400,
    user: User = ME,
    path: StorePath = None,
) -> None:
    """Talk, and see what is remembered beside it.

    With a model when one is named or OPENAI_API_KEY is set, else from memory alone.
    """
    answers = None if no_model else _model(model, base_url)
    with opened(path, create=True) as memory:
        talk = _Talk(memory, user, session or f"chat-{uuid4().hex[:ID]}", answers, max_tokens)
        screen = _Screen()
        screen.opening(talk)
        for said in screen.lines():
            if said.startswith("/"):
                if not _command(talk, screen, said):
                    break
                continue
            with screen.waiting():
                turn = talk.take(said)
            screen.turn(turn)
        screen.closing(talk)


class _Model:
    """A chat model behind an OpenAI-compatible server."""

    def __init__(self, name: str, base_url: str | None) -> None:
        from holdfast.providers import Caller, Circuit, clients

        self._client, _ = clients(None, base_url, None, 60.0)
        self._caller = Caller(name, 2, Circuit())
        self.name = name
        self.place = str(self._client.base_url.host)

    def answer(self, messages: list[Any]) -> str:
        completions = self._client.chat.completions
        reply: Any = self._caller.call(lambda: completions.create(model=self.name, messages=messages))
        choice = next(iter(getattr(reply, "choices", None) or ()), None)
        text = getattr(getattr(choice, "message", None), "content", None)
        if not isinstance(text, str) or not text.strip():
            raise ProviderError(self.name, "answered without a word", retryable=True)
        return text.strip()


@dataclass(slots=True)
class _Turn:
    """What came of one message of the user."""

    answer: str = ""
    recalled: "Sequence[Hit]" = ()
    added: "Added | None" = None
    known: list[str] = field(default_factory=list[str])
    problems: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class _Talk:
    """The conversation: asks the memory first, then who answers, then lets the memory learn."""

    memory: "Memory"
    user: str
    session: str
    model: _Model | None
    max_tokens: int
    context: "Context | None" = None
    turns: int = 0

    def take(self, said: str) -> _Turn:
        """Take in what the user says and return the answer with what the memory had to do with it."""
        recent = self.memory.messages(user_id=self.user, session_id=self.session, limit=_RECENT)
        turn = _Turn()
        try:
            self._recall(said, recent, turn)
        except ProviderError as error:
            turn.problems.append(f"not recalled: {error}")
        # First the journal, so that what was said survives a model that fails; the answer follows.
        # Without a model a question is looked up and no more: kept, it would be what fits best when asked again.
        if self.model is not None or not said.endswith("?"):
            turn.added = self._told(said, turn)
        try:
            turn.answer = self._answered(said, recent, turn)
        except ProviderError as error:
            turn.problems.append(f"no answer: {error}")
        else:
            if self.model is not None:
                self._told({"role": "assistant", "content": turn.answer}, turn)
        self.turns += 1
        return turn

    def _recall(self, said: str, recent: "tuple[Message, ...]", turn: _Turn) -> None:
        if self.model is None:
            # Of this conversation too: no model has it before it.
            turn.recalled = self.memory.search(said, user_id=self.user, min_score=NEAR)
            return
        seen = [message.id for message in recent]
        self.context = None
        self.context = self.memory.context(said, user_id=self.user, max_tokens=self.max_tokens, seen=seen)
        turn.recalled = self.context.hits
        turn.known = [line[2:] for line in self.context.profile.split("\n") if line.startswith("- ")]

    def _told(self, message: Any, turn: _Turn) -> "Added | None":
        try:
            return self.memory.add(message, user_id=self.user, session_id=self.session)
        except ProviderError as error:
            turn.problems.append(f"kept, but not learnt yet: {error}")
            return None

    def _answered(self, said: str, recent: "tuple[Message, ...]", turn: _Turn) -> str:
        if self.model is None:
            return _from_memory(turn)
        system, asked, block = _SYSTEM, said, self.context
        if block is not None:
            system = f"{_SYSTEM}\n\n{block.profile}" if block.profile else _SYSTEM
            asked = f"{block.recalled}\n\n{said}" if block.recalled else said
        earlier = [{"role": one.role, "content": one.content} for one in recent if one.role in _ROLES]
        return self.model.answer([{"role": "system", "content": system}, *earlier, {"role": "user", "content": asked}])


def _from_memory(turn: _Turn) -> str:
    """Answer without a model: with what is known, in the words in which it is kept."""
    if turn.added is not None and turn.added.facts:
        return "Noted."
    fitting = [hit.text for hit in turn.recalled if hit.score >= ENOUGH]
    if fitting or not turn.recalled:
        return "\n".join(fitting[:3]) or "Nothing that I remember fits this."
    return f"The nearest that I remember: {turn.recalled[0].text}"


def _model(name: str | None, base_url: str | None) -> _Model | None:
    """Return the model that is configured, or None.

    Raises:
        MissingExtraError: One was asked for, and openai is not installed.
        ConfigurationError: A server is named and no model.
    """
    if name is None and base_url is None:
        if not os.environ.get("OPENAI_API_KEY"):
            return None
        if not os.environ.get("OPENAI_BASE_URL"):
            try:
                return _Model(MODEL, None)
            except MissingExtraError as error:  # a key may be set for another program
                complain(str(error))
                return None
    if name is None:
        raise ConfigurationError("which model of that server? Add --model NAME")
    return _Model(name, base_url)


def _command(talk: _Talk, screen: "_Screen", line: str) -> bool:
    """Carry out a line that begins with a slash; return False when it ends the conversation."""
    name, _, rest = line.partition(" ")
    memory, user = talk.memory, talk.user
    match name:
        case "/quit" | "/exit" | "/q":
            return False
        case "/facts":
            screen.facts(memory.get_all(user_id=user))
        case "/context":
            text = talk.context.text if talk.context else ""
            nothing = "Nothing went into a prompt yet." if talk.model else "No model is asked, so there is no prompt."
            screen.say(text or nothing)
        case "/delete" | "/restore":
            screen.say(_corrected(memory, user, name, rest.strip()))
        case "/help":
            screen.help()
        case _:
            screen.say(f"There is no {name}; /help lists what there is.")
    return True


def _corrected(memory: "Memory", user: str, name: str, start: str) -> str:
    from holdfast.cli.options import whole_id

    if not start:
        return f"Which one? {name} ID; /facts shows the ids."
    try:
        found = whole_id(memory, start, user)
        change = (memory.delete if name == "/delete" else memory.restore)(found, user_id=user)
    except ConfigurationError as error:
        return str(error)
    if change is None:
        return f"Nothing to {name[1:]} for {start!r}; /facts shows the ids."
    fact = change.after or change.before
    return f"{change.kind}: {fact.text if fact else found}"


class _Screen:
    """Reads lines and prints turns; in a pipe without colours and without a prompt."""

    def __init__(self) -> None:
        self._console = make_console()
        self._terminal = sys.stdin.isatty() and sys.stdout.isatty()

    def opening(self, talk: _Talk) -> None:
        """Say who answers, and from where."""
        known = talk.memory.count(user_id=talk.user)
        if talk.model is None:
            who = "No model is set (--model NAME sets one): memory alone answers, in the words that it keeps."
        else:
            who = f"{talk.model.name} at {talk.model.place} answers; what you say and what is recalled goes there."
        self.say(who, "bold")
        kept = f"{known} fact{'' if known == 1 else 's'} known of {clean(talk.user)!r} in {clean(talk.memory.path)}"
        self.say(f"{kept}. Conversation {clean(talk.session)}. /help lists commands.", "dim")

    def lines(self) -> Iterator[str]:
        """Yield what is typed, until the end of input."""
        if self._terminal:
            from importlib import import_module

            with suppress(ImportError):  # where there is one: arrow keys and history, from here on
                import_module("readline")
        while True:
            try:
                line = input("you> ") if self._terminal else sys.stdin.readline()
            except (EOFError, KeyboardInterrupt):
                sys.stdout.write("\n")
                return
            if not self._terminal and not line:
                return
            if line.strip():
                yield line.strip().encode("utf-8", "replace").decode()

    def waiting(self) -> AbstractContextManager[Any]:
        """Return a sign of life while an answer is made."""
        return self._console.status("thinking") if self._terminal else nullcontext()

    def turn(self, turn: _Turn) -> None:
        """Print the answer with what the memory did beside it."""
        from rich.text import Text

        answer = Text("\n".join(clean(line) for line in turn.answer.split("\n")))
        beside = _beside(turn)
        if not self._terminal or self._console.width < _NARROW:
            blocks: list[RenderableType] = [answer, *beside] if turn.answer else [*beside]
        else:
            from rich.console import Group
            from rich.table import Table

            table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 3, 0, 0), expand=True)
            table.add_column(ratio=1)
            table.add_column(width=_SIDE)
            table.add_row(answer, Group(*beside))
            blocks = [table]
        for block in blocks:
            self._console.print(block, markup=False)
        for problem in turn.problems:
            complain(problem)
        self._console.print()
        sys.stdout.flush()

    def facts(self, facts: "tuple[Fact, ...]") -> None:
        """Print what is known."""
        from rich.text import Text

        table = grid()
        for fact in facts:
            said = Text(day(fact.valid_from), "dim")
            table.add_row(Text(fact.id[:ID], "dim"), Text(fact.kind, "cyan"), Text(clean(fact.text)), said)
        self._console.print(table if facts else Text("Nothing yet."))

    def help(self) -> None:
        """Print the commands."""
        table = grid()
        for name, meaning in _HELP:
            table.add_row(name, meaning)
        self._console.print(table)

    def say(self, text: str, style: str = "") -> None:
        """Print lines."""
        from rich.text import Text

        for line in text.split("\n"):
            self._console.print(Text(clean(line), style))

    def closing(self, talk: _Talk) -> None:
        """Say how to go on."""
        if talk.turns:
            again = f"holdfast chat --session {clean(talk.session)}"
            self.say(f"What was said is kept. To go on: {again}", "dim")


def _beside(turn: _Turn) -> "list[RenderableType]":
    """Return what was recalled and what was learnt, a line each."""
    from rich.padding import Padding
    from rich.text import Text

    lines: list[RenderableType] = []

    def section(title: str, style: str, texts: list[str]) -> None:
        if texts:
            lines.append(Text(title, f"bold {style}"))
            lines.extend(Padding(Text(clean(text), "dim"), (0, 0, 0, 2)) for text in texts)

    section("in every prompt", "cyan", turn.known[:_SHOWN])
    fitting = [f"{hit.score:.2f} {hit.text}" for hit in turn.recalled if hit.score >= ENOUGH]
    section("recalled for this", "cyan", fitting[:_SHOWN])
    added = turn.added
    if added is not None:
        section("learnt", "green", [fact.text for fact in added.facts])
        outdated = [one.before.text for one in added.changes if one.kind == "superseded" and one.before]
        section("no longer", "yellow", outdated)
    return lines or [Text("nothing recalled, nothing learnt", "dim")]
