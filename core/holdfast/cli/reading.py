"""The commands that ask a memory: search, context, list, show, history."""

from typing import Annotated, Any, Literal, TypeAlias, cast, get_args

import typer

from holdfast.cli.options import (
    ME,
    Agent,
    AsOf,
    FactId,
    Filter,
    Json,
    Session,
    StorePath,
    User,
    nothing_found,
    opened,
    others,
    parsed_filter,
    whole_id,
)
from holdfast.cli.output import ID, clean, complain, day, grid, print_blocks, print_json, scored
from holdfast.cli.upkeep import print_changes
from holdfast.types import Change, Fact, Hit

Among: TypeAlias = Literal["facts", "messages"]


def search(
    query: Annotated[str, typer.Argument(help="The question, in any words.")],
    *,
    limit: Annotated[int, typer.Option("--limit", "-n", help="At most so many hits.")] = 10,
    only: Annotated[Among | None, typer.Option(help="Search one kind alone.")] = None,
    min_score: Annotated[float | None, typer.Option(help="Leave out hits below this score.")] = None,
    session: Session = None,
    agent: Agent = None,
    where: Filter = None,
    as_of: AsOf = None,
    user: User = ME,
    path: StorePath = None,
    json: Json = False,
) -> None:
    """Find what answers a question, best first.

    Facts and messages come with their score, what it is made of, and the messages that they rest on.
    """
    among = (only,) if only else get_args(Among)
    with opened(path) as memory:
        hits = memory.search(
            query,
            user_id=user,
            limit=limit,
            session_id=session,
            agent_id=agent,
            where=parsed_filter(where),
            as_of=as_of,
            min_score=min_score,
            among=among,
        )
        hint = "" if hits else others(memory, user)
    if not hits:
        raise nothing_found(f"nothing found{hint}", json=json, empty={"hits": []})
    if json:
        print_json({"hits": hits})
        return
    from rich.text import Text

    table = grid()
    table.add_column(justify="right", no_wrap=True)
    for hit in hits:
        table.add_row(Text(scored(hit.score), "bold green"), Text(clean(hit.text)))
        table.add_row("", Text(" · ".join(_about(hit)), "dim"))
    print_blocks(table)


def context(
    query: Annotated[str, typer.Argument(help="What the user asks now.")],
    *,
    max_tokens: Annotated[int, typer.Option("--max-tokens", "-t", help="Room in the prompt.")] = 800,
    session: Session = None,
    user: User = ME,
    path: StorePath = None,
    json: Json = False,
) -> None:
    """Print the block that goes into the prompt.

    It holds the user's profile and what this question recalls; nothing is printed when nothing is known.
    """
    with opened(path) as memory:
        block = memory.context(query, user_id=user, max_tokens=max_tokens, session_id=session)
        hint = "" if block.text else others(memory, user)
    if json:
        print_json(block)
    elif block.text:
        typer.echo("\n".join(clean(line) for line in block.text.split("\n")))
    else:
        complain(f"nothing to put into the prompt{hint}")


def list_facts(
    *,
    all: Annotated[bool, typer.Option("--all", help="Also facts that no longer hold.")] = False,  # noqa: A002
    where: Filter = None,
    as_of: AsOf = None,
    user: User = ME,
    path: StorePath = None,
    json: Json = False,
) -> None:
    """List a user's facts, as they were said."""
    with opened(path) as memory:
        facts = memory.get_all(user_id=user, where=parsed_filter(where), as_of=as_of, superseded=all)
        hint = "" if facts else others(memory, user)
    if json:
        print_json({"facts": facts})
        return
    from rich.text import Text

    table = grid()
    for fact in facts:
        table.add_row(
            Text(fact.id[:ID], "dim"),
            Text(fact.kind, "cyan"),
            Text(clean(fact.text), "" if fact.active else "strike dim"),
            Text(_period(fact), "dim"),
        )
    if facts:
        print_blocks(table)
    else:
        complain(f"no facts of {user!r}{hint}")


def show(id: FactId, *, user: User = ME, path: StorePath = None, json: Json = False) -> None:
    """Show one fact with all that is known of it."""
    with opened(path) as memory:
        fact = memory.get(whole_id(memory, id, user), user_id=user)
    if fact is None:
        raise nothing_found(f"no fact {id}", json=json)
    if json:
        print_json(fact)
        return
    from rich.text import Text

    table = grid()
    table.add_column(style="dim")
    for name, value in fact.to_dict().items():
        if name == "evidence":
            for span in fact.evidence:
                place = f"message {span.message_id}, characters {span.start} to {span.end}"
                table.add_row(name, Text(f'"{clean(span.quote)}" ({place})'))
        elif value not in (None, [], {}):
            table.add_row(name, Text(_plain(value)))
    print_blocks(table)


def history(id: FactId, *, user: User = ME, path: StorePath = None, json: Json = False) -> None:
    """Show what happened to one fact, oldest first."""
    with opened(path) as memory:
        changes = memory.history(whole_id(memory, id, user), user_id=user)
    if not changes:
        raise nothing_found(f"no fact {id}", json=json, empty={"changes": []})
    if json:
        print_json({"changes": changes})
        return
    from rich.text import Text

    from holdfast.display.sheet import grounds

    table = grid()
    for change in changes:
        table.add_row(Text(f"{change.at:%Y-%m-%d %H:%M}", "dim"), Text(change.kind, "cyan"), Text(_what(change)))
        table.add_row("", "", Text(clean(grounds(change)), "dim"))
    print_blocks(table)


def diff(
    *,
    since: Annotated[str, typer.Option(metavar="TIME", help="From then on, in ISO 8601; UTC if bare.")],
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Before then. Default: up to now.")] = None,
    user: User = ME,
    path: StorePath = None,
    json: Json = False,
) -> None:
    """Show what happened to a user's facts in a stretch of time."""
    with opened(path) as memory:
        found = memory.diff(user_id=user, since=since, until=until)
    if json:
        print_json(found)
    elif found.changes:
        print_changes(found.changes)
    else:
        complain("nothing changed")


def _about(hit: Hit) -> list[str]:
    parts = [f"{name} {scored(value, '+')}" for name, value in hit.why.items() if round(value, 2)]
    sources = ", ".join(source[:ID] for source in hit.sources)
    if hit.fact is None:
        return ["message", *parts, f"from {sources}"]
    return [f"fact {hit.fact.id[:ID]}", hit.fact.kind, day(hit.fact.said_at), *parts, f"from {sources}"]


def _period(fact: Fact) -> str:
    since = day(fact.valid_from)
    return since if fact.valid_to is None else f"{since} to {day(fact.valid_to)}: {clean(fact.reason or '')}"


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain, cast(list[Any], value)))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(item)}" for name, item in cast(dict[str, Any], value).items())
    return clean(str(value))


def _what(change: Change) -> str:
    before, after = change.before, change.after
    if change.kind == "edited" and before and after:
        return clean(f"{before.text} -> {after.text}")
    fact = after or before
    return clean(fact.text if fact else "")
