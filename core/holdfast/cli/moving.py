"""The commands about servers: migrate, copy."""

from typing import Annotated

import typer

from holdfast.cli.options import Json
from holdfast.cli.output import clean, counted, print_blocks, print_json
from holdfast.cli.progress import bar
from holdfast.errors import ConfigurationError, MissingExtraError


def copy(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A file, or a postgresql:// address.")],
    target: Annotated[str, typer.Argument(metavar="TARGET", help="The other; a file is made when it is absent.")],
    *,
    json: Json = False,
) -> None:
    """Copy a whole memory from a file to a server, or back.

    Every user is read back and compared. A copy that was interrupted goes on where it was when it is made again; a user
    who has another memory in the target is left as it is, and the copy ends there.
    """
    from holdfast.copying import copy_store

    with bar("copying") as progress:
        copied = copy_store(source, target, progress=progress)
    if json:
        print_json(copied)
        return
    held = ", ".join(counted(number, name) for name, number in copied.counts.items())
    print_blocks(f"{counted(len(copied.users), 'user')} copied, {len(copied.standing)} there already")
    print_blocks(f"the same in both: {held}")


def migrate(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="The postgresql:// address, as a role that owns the store.")
    ],
    *,
    partitions: Annotated[
        int | None,
        typer.Option(metavar="N", help="Hash partitions of each new table; 0 for plain tables, to be distributed."),
    ] = None,
    grant: Annotated[
        str | None, typer.Option(metavar="ROLE", help="A role that is to use the store and to own nothing.")
    ] = None,
    json: Json = False,
) -> None:
    """Make the tables of a store on a server, or upgrade them.

    Others who migrate at the same moment wait; when it fails nothing is changed.
    """
    from holdfast.store import is_server

    if not is_server(url):
        raise ConfigurationError("migrate is for servers; a file is brought to this version when it is opened")
    try:
        from holdfast.store.postgres import migrate as bring
        from holdfast.store.postgres.schema import PARTITIONS
    except ImportError as error:
        raise MissingExtraError("postgres", error.name or "psycopg") from error
    done = bring(url, partitions=PARTITIONS if partitions is None else partitions, grant=grant)
    if json:
        print_json({"path": done.path, "found": done.found, "version": done.version})
    elif done.found == done.version:
        print_blocks(clean(f"{done.path} is at schema {done.version} already"))
    else:
        print_blocks(clean(f"{done.path} is at schema {done.version} now; it was at {done.found or 'none'}"))
