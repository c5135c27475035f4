"""The command that takes in what another memory has kept."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from holdfast.cli.options import Json, StorePath, opened
from holdfast.cli.output import clean, counted, print_blocks, print_json
from holdfast.cli.progress import bar
from holdfast.errors import ConfigurationError


def import_(
    kind: Annotated[Literal["mem0", "langgraph"], typer.Argument(help="Whose memory it was.")],
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="mem0: what get_all() returned, as JSON. langgraph: its SQLite file.")
    ],
    *,
    user: Annotated[
        str | None, typer.Option("--user", "-u", metavar="ID", help="Whose it all is. Default: as the file says.")
    ] = None,
    segment: Annotated[
        int | None,
        typer.Option(min=1, help="langgraph: which part of a namespace names the user. Default: the last."),
    ] = None,
    path: StorePath = None,
    json: Json = False,
) -> None:
    """Take in what mem0 or LangGraph has kept.

    Each memory becomes a message with its date, learnt from like any other; doing it again adds nothing.
    """
    from holdfast.importing import read_langgraph, read_mem0, take_in

    if kind == "mem0" and segment is not None:
        raise ConfigurationError("--segment is for langgraph; mem0 names the user with each memory")
    place = Path(file)
    told = read_mem0(place, user_id=user) if kind == "mem0" else read_langgraph(place, user_id=user, segment=segment)
    with opened(path, create=True) as memory, bar("importing") as progress:
        imported = take_in(memory, told, progress=progress)
        where = memory.path
    if json:
        print_json({name: getattr(imported, name) for name in ("users", "messages", "known", "facts")})
        return
    print_blocks(clean(f"{counted(imported.messages, 'message')} of {counted(len(imported.users), 'user')} in {where}"))
    if imported.known:
        print_blocks(f"{imported.known:,} were there before")
    print_blocks(f"{counted(imported.facts, 'fact')} kept; search finds the other messages too")
