"""What commands print: one JSON document, or text that is wrapped and coloured on a terminal only; and errors."""

import io
import json
import sys
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from holdfast.errors import HoldfastError
from holdfast.types import to_json

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.padding import Padding
    from rich.table import Table

ID = 8
"""Characters of an id that are shown: enough to name one of a user's facts."""

_UNWRAPPED = 100_000
_UNCOUNTABLE = ("pending", "quarantine", "ledger")  # names of tables


def print_json(value: Any) -> None:
    """Print a value as the one JSON document of a command, in UTF-8 whatever the terminal speaks."""
    sys.stdout.flush()
    sys.stdout.buffer.write(json.dumps(to_json(value), ensure_ascii=False, indent=2).encode() + b"\n")
    sys.stdout.buffer.flush()


def print_findings(findings: Sequence[str]) -> None:
    """Print what a check of the store found, or that it is sound."""
    from rich.text import Text

    for finding in findings:
        print_blocks(Text(clean(f"wrong: {finding}"), "bold red"))
    if not findings:
        print_blocks(Text("sound", "bold green"))


def clean(text: str) -> str:
    """Return a text as one line that no terminal takes for a command: control characters become U+FFFD."""
    return "".join("\ufffd" if unicodedata.category(letter) == "Cc" else letter for letter in " ".join(text.split()))


def counted(number: int, name: str) -> str:
    """Return a number with what it counts, in the singular or plural."""
    return f"{number:,} {name}{'' if number == 1 or name in _UNCOUNTABLE else 's'}"


def scored(value: float, sign: str = "") -> str:
    """Return a score, or a part of one with its sign, in two decimals; what rounds to nothing is not below it."""
    return f"{round(value, 2) + 0.0:{sign}.2f}"


def day(moment: datetime) -> str:
    """Return a date in words."""
    return f"{moment.day} {moment:%B %Y}"


def make_console(*, width: int | None = None) -> "Console":
    """Return a console for stdout; lines of a pipe or file are not wrapped unless `width` is given."""
    from rich.console import Console

    return Console(highlight=False, width=width or (None if sys.stdout.isatty() else _UNWRAPPED))


def print_blocks(*blocks: "RenderableType", width: int | None = None) -> None:
    """Print blocks one below the other, without the blanks that tables leave at the ends of lines."""
    for block in blocks:
        _fold(block)
    console = make_console(width=width)
    with console.capture() as captured:
        for block in blocks:
            console.print(block, markup=False)
    sys.stdout.write("\n".join(line.rstrip() for line in captured.get().split("\n")))
    sys.stdout.flush()


def _fold(block: "RenderableType") -> None:
    """Have a table break words that are too long for it, which it would cut off: ids and digests are such words."""
    from rich.padding import Padding
    from rich.table import Table

    table = block.renderable if isinstance(block, Padding) else block
    if isinstance(table, Table):
        for column in table.columns:
            column.overflow = "fold"


def grid() -> "Table":
    """Return a table without lines, its columns two blanks apart."""
    from rich.table import Table

    return Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))


def indented(table: "Table") -> "Padding":
    """Return a table that stands two blanks to the right."""
    from rich.padding import Padding

    return Padding(table, (0, 0, 0, 2))


def complain(text: str) -> None:
    """Print one line on stderr."""
    sys.stderr.write(f"holdfast: {clean(text)}\n")


def guarded(work: Callable[[], object]) -> None:
    """Run `work`; an error of holdfast becomes one line on stderr and exit code 1, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # what a terminal cannot show must not end the command
    try:
        work()
    except HoldfastError as error:
        complain(str(error))
        sys.exit(1)
