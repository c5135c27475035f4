"""The commands put together."""

from typing import Annotated

import typer

from holdfast.cli import doctor, reading, writing
from holdfast.cli.demo.command import demo

app = typer.Typer(
    name="holdfast",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done; 1 an error, in one line on stderr, or a finding of `doctor`; 2 wrong usage; "
    "3 nothing found (`search` without a hit, an id without a fact).",
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer passes it by position
    if wanted:
        from holdfast import __version__

        typer.echo(f"holdfast {__version__}")
        raise typer.Exit


@app.callback()
def about(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Keep what users say across sessions: one file, one machine, no key."""


app.command()(demo)
app.command()(writing.add)
app.command()(reading.search)
app.command()(reading.context)
app.command("list")(reading.list_facts)
app.command()(reading.show)
app.command()(reading.history)
app.command()(writing.delete)
app.command()(writing.restore)
app.command()(writing.forget)
app.command()(doctor.doctor)
