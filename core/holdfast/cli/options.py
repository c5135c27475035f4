"""The options that commands share, and the memory and facts that they name."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from holdfast.cli.output import complain, print_json
from holdfast.errors import ConfigurationError, StorageError

if TYPE_CHECKING:
    from holdfast.memory import Memory

NOTHING_FOUND = 3
"""Exit code of a question that is answered by nothing; 1 and 2 are taken by errors and usage."""

StorePath = Annotated[
    str | None,
    typer.Option(
        "--path", metavar="FILE", help="The file of the memory. Default: HOLDFAST_PATH, else the user's data directory."
    ),
]
User = Annotated[str, typer.Option("--user", "-u", metavar="ID", help="Whose memory it is.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout, and nothing else there.")]
Session = Annotated[str | None, typer.Option("--session", metavar="ID", help="The conversation.")]
Agent = Annotated[str | None, typer.Option("--agent", metavar="ID", help="The agent spoken with.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="TIME", help="What was known and held then, in ISO 8601; UTC if bare.")
]
Filter = Annotated[
    str | None, typer.Option("--where", metavar="JSON", help="""A filter, such as '{"kind": "work"}'; see the API.""")
]
FactId = Annotated[str, typer.Argument(metavar="ID", help="The fact's id, or a beginning that no other fact has.")]

All = Annotated[bool, typer.Option("--all", help="Of all users together.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask; needed where nobody can answer.")]

ME = "me"
"""The user of a command that names none: on a terminal one speaks for oneself."""


_NAMED = 3  # users that a hint names


@dataclass
class _Models:
    """Short names of the models that this run of the command uses."""

    extractor: str | None = None
    embedder: str | None = None


_models = _Models()


def use(extractor: str | None, embedder: str | None) -> None:
    """Open memories with these from now on; None is the embedded one."""
    _models.extractor, _models.embedder = extractor, embedder


@contextmanager
def opened(path: str | None, *, create: bool = False) -> "Generator[Memory]":
    """Open the memory at `path`; a file that was named and is not there is made only with `create`."""
    from holdfast.memory import Memory

    if path and not create and path != ":memory:" and "://" not in path and not Path(path).exists():
        raise StorageError(path, "no memory there; `holdfast add` begins one")
    with Memory(path, extractor=_models.extractor, embedder=_models.embedder) as memory:
        yield memory


def confirmed(question: str, why: str, *, yes: bool) -> None:
    """Ask on a terminal whether to go on, and leave unless somebody agrees.

    Args:
        question: What to do.
        why: What speaks against doing it unasked.
        yes: It was agreed to beforehand.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise typer.BadParameter(f"{why} and nobody is here to ask; add --yes")
    # Not typer.confirm: it writes a blank to stdout, where nothing but the answer of the command belongs.
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        complain("nothing was done")
        raise typer.Exit(1)


def parsed_filter(text: str | None) -> dict[str, Any] | None:
    """Return the mapping that `--where` holds."""
    if text is None:
        return None
    import json

    try:
        where = json.loads(text)
    except ValueError as error:
        raise ConfigurationError(f"--where is not JSON: {error}") from None
    if not isinstance(where, dict):
        raise ConfigurationError(f"--where must be a JSON object, got {text!r}")
    return where  # pyright: ignore[reportUnknownVariableType]


def whole_id(memory: "Memory", start: str, user: str) -> str:
    """Return the id of the one fact, present or deleted, that begins with `start`; `start` itself if there is none."""
    if memory.get(start, user_id=user) is not None:
        return start
    ids = {fact.id for fact in memory.get_all(user_id=user, superseded=True)}
    ids |= {change.fact_id for change in memory.diff(user_id=user, since="0001-01-01").changes}
    found = [one for one in ids if start and one.startswith(start)]
    if len(found) > 1:
        raise ConfigurationError(f"{len(found)} facts begin with {start!r}; give more of the id")
    return found[0] if found else start


def others(memory: "Memory", user: str) -> str:
    """Return whose memories there are, as the end of a sentence, when this user has none."""
    users = memory.users()
    if not users:
        return "; nobody has told it anything yet"
    if user in users:
        return ""
    more = f" and {len(users) - _NAMED:,} more" if len(users) > _NAMED else ""
    return f"; there are memories of {', '.join(map(repr, users[:_NAMED]))}{more}: --user says whose is meant"


def nothing_found(what: str, *, json: bool, empty: Any = None) -> typer.Exit:
    """Say that nothing was found and return the exit to raise."""
    if json:
        print_json(empty)
    complain(what)
    return typer.Exit(NOTHING_FOUND)
