"""A sheet as rich draws it in a terminal."""

from typing import TYPE_CHECKING

from holdfast.display.sheet import Bar, Cell, Line, Sheet, Table

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

_LOOKS = {
    "plain": "",
    "strong": "bold",
    "dim": "dim",
    "tag": "cyan",
    "mark": "black on yellow",
    "struck": "strike dim",
    "good": "bold green",
    "bad": "bold red",
}
_BAR = 12


def render(sheet: Sheet) -> "RenderableType":
    """Return a sheet as something that a rich console prints; no text in it is read as markup."""
    from rich.console import Group

    tables = [_table(table) for table in sheet.tables]
    return Group(_text((sheet.title, sheet.note) if sheet.note else (sheet.title,)), *tables)


def _table(table: Table) -> "RenderableType":
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(
        title=Text(table.heading, "bold") if table.heading else None,
        title_justify="left",
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        show_header=bool(table.columns),
        header_style="dim",
    )
    for name in table.columns:
        grid.add_column(Text(name))
    for row in table.rows:
        grid.add_row(*(_cell(one) for one in row))
    return grid


def _cell(one: Cell) -> "Text":
    return _text(one.lines) if one.bar is None else _text(((), *one.lines), _bar(one.bar))


def _bar(bar: Bar) -> str:
    return f"{bar.text} {'━' * round(_BAR * sum(share for *_, share in bar.parts))}"


def _text(lines: tuple[Line, ...], first: str = "") -> "Text":
    from rich.text import Text

    text = Text(first)
    for number, line in enumerate(lines):
        if number:
            text.append("\n")
        for one in line:
            text.append(one.text, _LOOKS[one.look])
    return text
