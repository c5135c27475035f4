"""The commands about a store as a whole: check, rebuild, backup, export, load, users."""

import json as jsonlib
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer

from holdfast.cli.options import ME, All, Json, StorePath, User, Yes, confirmed, nothing_found, opened
from holdfast.cli.output import ID, clean, complain, counted, grid, print_blocks, print_findings, print_json
from holdfast.cli.progress import bar, counted_by, working
from holdfast.errors import ConfigurationError, StorageError
from holdfast.types import Change

STREAM = "-"


def check(
    *,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended; no message is deleted.")] = False,
    path: StorePath = None,
    json: Json = False,
) -> None:
    """Compare the store with itself; --repair mends it.

    What --repair took out is derived anew by `worker`. The exit code is 1 when something is wrong still.
    """
    with opened(path) as memory, working("looking"):
        report = memory.check(repair=repair)
    if json:
        print_json(report)
    else:
        from rich.text import Text

        held = (counted(number, table) for table, number in report.checked.items() if table != "partition")
        print_blocks(Text(f"looked at {', '.join(held)}"))
        print_findings(report.findings)
    if report.findings:
        raise typer.Exit(1)


def rebuild(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the difference and change nothing.")] = False,
    new_extractor: Annotated[
        str | None, typer.Option(metavar="NAME", help="Derive with this one, this time, such as `openai:MODEL`.")
    ] = None,
    new_embedder: Annotated[
        str | None, typer.Option(metavar="NAME", help="Move the store to this one, of all users.")
    ] = None,
    all: All = False,  # noqa: A002
    yes: Yes = False,
    user: User = ME,
    path: StorePath = None,
    json: Json = False,
) -> None:
    """Derive facts and search keys anew from what was said.

    What was changed by hand stays so. Prints how the facts differ. Asks first on a terminal: facts that an older
    version found, and this one does not, go.
    """
    all = all or new_embedder is not None  # noqa: A001
    chosen = None if all else user
    with opened(path) as memory:
        if not dry_run:
            whose = "all users" if all else clean(repr(user))
            confirmed(f"Derive the facts of {whose} in {memory.path} anew?", "rebuild replaces the facts", yes=yes)
        with bar("deriving") as progress:
            diff = memory.rebuild(
                user_id=chosen, extractor=new_extractor, embedder=new_embedder, dry_run=dry_run, progress=progress
            )
    if json:
        print_json(diff)
        return
    print_changes(diff.changes)
    verb = "would differ" if dry_run else "changed"
    print_blocks(f"{counted(len(diff.changes), 'fact')} {verb}")


def backup(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The new file.")],
    *,
    path: StorePath = None,
    json: Json = False,
) -> None:
    """Copy the whole store into a new file.

    As it stands now; others may go on writing.
    """
    with opened(path) as memory, working("copying"):
        memory.backup(file)
    size = Path(file).stat().st_size
    if json:
        print_json({"path": file, "bytes": size})
    else:
        print_blocks(clean(f"{size:,} bytes in {file}"))


def export(
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="Where to; - is stdout.")] = STREAM,
    *,
    yes: Yes = False,
    user: User = ME,
    path: StorePath = None,
    json: Json = False,
) -> None:
    """Write all that is known of a user as lines of JSON.

    `load` takes them back, here or elsewhere, without loss. On stdout nothing else is printed.
    """
    with opened(path) as memory:
        if user not in memory.users():
            raise nothing_found(f"nothing is known of {user!r}", json=json)
        lines = memory.export(user)
        head = next(lines)
        total = 2 + sum(head["counts"].values())
        with bar("exporting") as shown:
            every = counted_by(shown, _written(head, lines), total)
            if file == STREAM:
                for line in every:
                    sys.stdout.buffer.write(line)
                sys.stdout.buffer.flush()
                return
            if Path(file).exists():
                confirmed(f"Overwrite {clean(file)}?", f"{file} is there already", yes=yes)
            _write_file(file, every)
    if json:
        print_json({"path": file, "user_id": user, "lines": total})
    else:
        print_blocks(clean(f"{total:,} lines of {user!r} in {file}"))


def load(
    file: Annotated[str, typer.Argument(metavar="FILE", help="What `export` wrote; - is stdin.")],
    *,
    path: StorePath = None,
    json: Json = False,
) -> None:
    """Take in what `export` wrote, all of it or nothing.

    Refuses a file that was cut or changed, with the number of the line, and a user who has a memory here already.
    """
    with opened(path, create=True) as memory, bar("loading") as shown:
        if file == STREAM:
            user = memory.load(counted_by(shown, sys.stdin.buffer))
        else:
            user = memory.load(counted_by(shown, _lines_of(file)))
        messages = len(memory.messages(user_id=user, session_id="*"))
        facts = memory.count(user_id=user)
    if json:
        print_json({"user_id": user, "messages": messages, "facts": facts})
    else:
        print_blocks(clean(f"{counted(messages, 'message')} and {counted(facts, 'fact')} of {user!r} are here now"))


def users(*, path: StorePath = None, json: Json = False) -> None:
    """List whose memories there are."""
    with opened(path) as memory:
        found = memory.users()
    if json:
        print_json({"users": found})
    elif found:
        from rich.text import Text

        print_blocks(*(Text(clean(user)) for user in found))
    else:
        complain("there is nobody yet")


def print_changes(changes: Iterable[Change]) -> None:
    """Print what happened to facts, one below the other."""
    from rich.text import Text

    table = grid()
    for change in changes:
        before, after = change.before, change.after
        fact = after or before
        text = fact.text if fact else ""
        if change.kind == "edited" and before and after and before.text != after.text:
            text = f"{before.text} -> {after.text}"
        table.add_row(
            Text(f"{change.at:%Y-%m-%d %H:%M}", "dim"),
            Text(change.fact_id[:ID], "dim"),
            Text(change.kind, "cyan"),
            Text(clean(text)),
        )
    if table.row_count:
        print_blocks(table)


def _written(head: Any, lines: Iterable[Any]) -> Iterator[bytes]:
    for line in chain((head,), lines):
        yield _line(line)


def _line(value: Any) -> bytes:
    return jsonlib.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"


def _write_file(file: str, lines: Iterable[bytes]) -> None:
    half = Path(f"{file}-part")  # whole, or not there: a cut export can be loaded by nobody
    try:
        with half.open("wb") as out:
            out.writelines(lines)
        half.replace(file)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise StorageError(file, f"cannot be written: {error.strerror}") from error


def _lines_of(file: str) -> Iterator[bytes]:
    try:
        with Path(file).open("rb") as source:
            yield from source
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}") from error
