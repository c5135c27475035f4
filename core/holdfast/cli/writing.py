"""The commands that change a memory: add, delete, restore, forget."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from holdfast.cli.options import (
    ME,
    Agent,
    FactId,
    Json,
    Session,
    StorePath,
    User,
    Yes,
    confirmed,
    nothing_found,
    opened,
    whole_id,
)
from holdfast.cli.output import ID, clean, counted, grid, indented, print_blocks, print_json
from holdfast.cli.progress import working
from holdfast.errors import ConfigurationError
from holdfast.types import Added, Change, Receipt

STDIN = "-"


def add(
    texts: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT", help="What the user said, a message each; - reads stdin.")
    ] = None,
    *,
    jsonl: Annotated[
        str | None,
        typer.Option(metavar="FILE", help='Messages, a line each: {"role": ..., "content": ...}; - reads stdin.'),
    ] = None,
    session: Session = None,
    agent: Agent = None,
    at: Annotated[str | None, typer.Option(metavar="TIME", help="When it was said, in ISO 8601. Default: now.")] = None,
    defer: Annotated[bool, typer.Option("--defer", help="Only journal it; `worker` learns.")] = False,
    user: User = ME,
    path: StorePath = None,
    json: Json = False,
) -> None:
    """Tell the memory something.

    Prints the facts that were kept, and the clauses that were left out with the reason.
    """
    if bool(texts) == (jsonl is not None):
        raise typer.BadParameter("give texts, or - for stdin, or --jsonl FILE; one of the three")
    if texts and texts.count(STDIN) > 1:
        raise typer.BadParameter("stdin can be read once only")
    messages: list[Any] = _lines(jsonl) if jsonl else [_stdin() if text == STDIN else text for text in texts or ()]
    if any(isinstance(one, str) and not one.strip() for one in messages):
        raise typer.BadParameter("a text is empty; say something, or leave it out")
    with opened(path, create=True) as memory:
        with working("learning"):
            added = memory.add(messages, user_id=user, session_id=session, agent_id=agent, at=at, defer=defer)
        place = memory.path
    if json:
        print_json(added)
    else:
        _print_added(added, place)


def update(
    id: FactId,
    text: Annotated[str, typer.Argument(help="What it should say.")],
    *,
    user: User = ME,
    path: StorePath = None,
    json: Json = False,
) -> None:
    """Correct one fact; the old words stay in its history."""
    with opened(path) as memory:
        change = memory.update(whole_id(memory, id, user), text, user_id=user)
    _print_change(change, f"no fact {id}", json=json)


def delete(id: FactId, *, user: User = ME, path: StorePath = None, json: Json = False) -> None:
    """Take out one fact; `restore` brings it back.

    Messages that say nothing else are no longer found either; they stay in the journal until `forget`.
    """
    with opened(path) as memory:
        change = memory.delete(whole_id(memory, id, user), user_id=user)
    _print_change(change, f"no fact {id}", json=json)


def restore(id: FactId, *, user: User = ME, path: StorePath = None, json: Json = False) -> None:
    """Bring back a deleted or superseded fact."""
    with opened(path) as memory:
        change = memory.restore(whole_id(memory, id, user), user_id=user)
    _print_change(change, f"nothing to restore for {id}", json=json)


def forget(
    *,
    yes: Yes = False,
    user: User = ME,
    path: StorePath = None,
    json: Json = False,
) -> None:
    """Remove everything of a user, for good.

    Afterwards the files are searched for what was removed, and a receipt says so. Asks first on a terminal.
    """
    with opened(path) as memory:
        said = counted(len(memory.messages(user_id=user, session_id="*")), "message")
        facts = counted(memory.count(user_id=user), "fact")
        question = f"Remove the {said} and {facts} of {clean(user)!r} from {memory.path} for good?"
        confirmed(question, "forget cannot be undone", yes=yes)
        with working("forgetting"):
            receipt = memory.forget(user)
    if json:
        print_json(receipt)
    else:
        _print_receipt(receipt)


def _stdin() -> str:
    return _decoded(sys.stdin.buffer.read(), "stdin")


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig").rstrip("\n")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{name} is not UTF-8 at byte {error.start}; convert it first") from None


def _lines(file: str) -> list[Any]:
    if file == STDIN:
        text = _stdin()
    else:
        try:
            text = _decoded(Path(file).read_bytes(), file)
        except OSError as error:
            raise ConfigurationError(f"{file} cannot be read: {error.strerror}") from error
    messages: list[Any] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                messages.append(json.loads(line))
            except ValueError as error:
                raise ConfigurationError(f"line {number} of {file} is not JSON: {error}; nothing was added") from None
    return messages


def _print_added(added: Added, place: str) -> None:
    from rich.text import Text

    facts, rest = grid(), grid()
    for fact in added.facts:
        facts.add_row(Text(fact.id[:ID], "dim"), Text(fact.kind, "cyan"), Text(clean(fact.text)))
    outdated = [change for change in added.changes if change.kind == "superseded" and change.before]
    for change in outdated:
        text = change.before.text if change.before else ""
        facts.add_row(Text(change.fact_id[:ID], "dim"), Text("no longer", "yellow"), Text(clean(text)))
    again = [one for one in added.skipped if not one.text]
    left_out = [one for one in (*added.skipped, *added.quarantined) if one.text]
    for one in left_out:
        rest.add_row(Text(clean(one.text)), Text(one.reason, "dim"))
    later = ", to be learnt by `holdfast worker`" if added.deferred else ""
    print_blocks(Text(f"{counted(len(added.messages), 'message')} journaled in {place}{later}"))
    for reason in dict.fromkeys(one.reason for one in again):
        print_blocks(Text(f"{sum(one.reason == reason for one in again)} x {reason}", "yellow"))
    if added.deferred:
        return
    print_blocks(
        Text(f"{counted(len(added.facts), 'fact')} kept", "bold"), *([indented(facts)] if facts.row_count else [])
    )
    if left_out:
        print_blocks(Text(f"{counted(len(left_out), 'clause')} left out of the facts", "bold"), indented(rest))


def _print_change(change: Change | None, otherwise: str, *, json: bool) -> None:
    if change is None:
        raise nothing_found(otherwise, json=json)
    if json:
        print_json(change)
        return
    from rich.text import Text

    fact = change.after or change.before
    print_blocks(Text.assemble((change.kind, "cyan"), "  ", clean(fact.text if fact else "")))


def _print_receipt(receipt: Receipt) -> None:
    from rich.text import Text

    table = grid()
    table.add_row("user", Text(clean(receipt.user_id)))
    table.add_row("removed", ", ".join(counted(number, table) for table, number in receipt.removed.items()))
    table.add_row("searched", ", ".join(f"{name} ({size:,} bytes)" for name, size in receipt.scanned.items()))
    table.add_row("looked for", f"{receipt.looked_for:,} pieces of what was removed; none is left")
    for number, place in enumerate(receipt.remains):
        table.add_row("" if number else "may remain in", Text(clean(place)))
    table.add_row("digest", f"sha256:{receipt.digest}")
    print_blocks(table)
