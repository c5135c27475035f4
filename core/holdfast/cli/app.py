"""The commands put together."""

import logging
from typing import Annotated

import typer

from holdfast.cli import chat, doctor, importing, moving, options, reading, ui, upkeep, work, writing
from holdfast.cli.demo.command import demo

app = typer.Typer(
    name="holdfast",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done; 1 an error, in one line on stderr, or a finding of `doctor` or `check`; 2 wrong usage; "
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
    extractor: Annotated[
        str | None,
        typer.Option(metavar="NAME", envvar="HOLDFAST_EXTRACTOR", help="What derives facts, as `openai:MODEL`."),
    ] = None,
    embedder: Annotated[
        str | None,
        typer.Option(metavar="NAME", envvar="HOLDFAST_EMBEDDER", help="What the store was made with, if not minilm."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Keep what users say across sessions: one file, one machine, no key."""
    # A call that is repeated is told of at its end; without a handler each try would print a bare line.
    logging.getLogger("stamina").addHandler(logging.NullHandler())
    options.use(extractor, embedder)


app.command()(demo)
app.command()(chat.chat)
app.command()(writing.add)
app.command()(reading.search)
app.command()(reading.context)
app.command("list")(reading.list_facts)
app.command()(reading.show)
app.command()(reading.history)
app.command()(reading.diff)
app.command()(writing.update)
app.command()(writing.delete)
app.command()(writing.restore)
app.command()(writing.forget)
app.command()(upkeep.users)
app.command()(work.worker)
app.command()(work.pending)
app.command()(work.quarantine)
app.command()(work.ledger)
app.command()(upkeep.rebuild)
app.command()(upkeep.export)
app.command()(upkeep.load)
app.command("import")(importing.import_)
app.command()(upkeep.backup)
app.command()(moving.copy)
app.command()(moving.migrate)
app.command()(upkeep.check)
app.command()(ui.ui)
app.command()(doctor.doctor)
