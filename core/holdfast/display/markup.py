"""A sheet as HTML, for Jupyter: one element with its own style, nothing loaded from anywhere.

Where the style is taken away, as in a notebook that is not trusted, the elements alone still say what is marked and
what is struck through. The two classes besides ours keep MathJax from reading a user's dollar signs as formulas.
"""

from collections.abc import Iterator
from html import escape

from holdfast.display.sheet import Bar, Cell, Line, Piece, Sheet, Table

_ELEMENTS = {
    "plain": "",
    "strong": "b",
    "dim": "small",
    "tag": "code",
    "mark": "mark",
    "struck": "del",
    "good": "b",
    "bad": "b",
}

_COLOURS = 5
"""Colours of the parts of a bar, the classes `hf-part0` and on."""

# Colours are mixed from the text's own, so they follow the page from light to dark.
_STYLE = """
.holdfast{font:13px/1.5 var(--jp-ui-font-family,system-ui,sans-serif);color:var(--jp-ui-font-color1,inherit);
 max-width:72rem;text-align:left}
.holdfast .hf-scroll{max-height:32rem;overflow:auto;margin:.4em 0}
.holdfast.holdfast table{border-collapse:collapse;margin:0;border:0;font-size:inherit;width:auto}
.holdfast.holdfast caption{caption-side:top;text-align:left;padding:.2em 0;font-weight:600;color:inherit}
.holdfast.holdfast tr:nth-child(n){background:none}
.holdfast.holdfast tr:hover{background:color-mix(in srgb,currentColor 6%,transparent)}
.holdfast.holdfast :is(td,th){text-align:left;vertical-align:top;padding:.35em 1.2em .35em 0;border:0;max-width:46rem;
 white-space:pre-wrap;overflow-wrap:break-word;border-top:1px solid color-mix(in srgb,currentColor 14%,transparent)}
.holdfast.holdfast th{font-weight:600;border-top:0;opacity:.75;white-space:nowrap}
.holdfast.holdfast th[scope=row]{font-weight:400;border-top:1px solid color-mix(in srgb,currentColor 14%,transparent)}
.holdfast.holdfast small{font-size:12px;opacity:.78}
.holdfast.holdfast code{font:11px/1.4 var(--jp-code-font-family,ui-monospace,monospace);padding:.05em .45em;
 border-radius:.7em;background:color-mix(in srgb,currentColor 11%,transparent);color:inherit;white-space:nowrap}
.holdfast.holdfast mark{background:rgba(255,190,0,.32);color:inherit;border-radius:2px;padding:0 1px}
.holdfast.holdfast del{opacity:.7}
.holdfast.holdfast .hf-good{color:color-mix(in srgb,#2c9a5b 75%,currentColor)}
.holdfast.holdfast .hf-bad{color:color-mix(in srgb,#d6504b 75%,currentColor)}
.holdfast .hf-bar{display:flex;width:9rem;height:7px;margin:.45em 0 .25em;border-radius:4px;overflow:hidden;
 background:color-mix(in srgb,currentColor 11%,transparent)}
.holdfast .hf-part0{background:#3f7fd6}.holdfast .hf-part1{background:#e08a2c}.holdfast .hf-part2{background:#2ca58d}
.holdfast .hf-part3{background:#a46bd0}.holdfast .hf-part4{background:#d6608a}
"""


def render(sheet: Sheet) -> str:
    """Return a sheet as HTML, every text in it escaped."""
    return "".join(_element(sheet))


def _element(sheet: Sheet) -> Iterator[str]:
    yield f'<div class="holdfast tex2jax_ignore mathjax_ignore"><style>{_STYLE}</style>'
    yield f"<div>{_line(sheet.title)}</div>"
    if sheet.note:
        yield f"<div>{_line(sheet.note)}</div>"
    for table in sheet.tables:
        yield from _table(table)
    yield "</div>"


def _table(table: Table) -> Iterator[str]:
    yield '<div class="hf-scroll" tabindex="0"><table>'
    if table.heading:
        yield f"<caption>{escape(table.heading)}</caption>"
    if table.columns:
        yield "<thead><tr>"
        for name in table.columns:
            yield f'<th scope="col">{escape(name)}</th>'
        yield "</tr></thead>"
    yield "<tbody>"
    for first, *rest in table.rows:
        head = "td" if table.columns or not rest else "th"
        yield f"<tr><{head}{' scope=row' if head == 'th' else ''}>{_cell(first)}</{head}>"
        for one in rest:
            yield f"<td>{_cell(one)}</td>"
        yield "</tr>"
    yield "</tbody></table></div>"


def _cell(one: Cell) -> str:
    lines = "<br>".join(_line(line) for line in one.lines)
    return f"{_bar(one.bar)}{lines}" if one.bar else lines


def _bar(bar: Bar) -> str:
    parts = "".join(
        f'<i class="hf-part{number % _COLOURS}" style="width:{100 * share:.1f}%" title="{escape(name)}"></i>'
        for name, number, share in bar.parts
    )
    return f'<b>{escape(bar.text)}</b><div class="hf-bar" aria-hidden="true">{parts}</div>'


def _line(line: Line) -> str:
    return "".join(_piece(one) for one in line)


def _piece(one: Piece) -> str:
    text, element = escape(one.text), _ELEMENTS[one.look]
    if not element:
        return text
    colour = f' class="hf-{one.look}"' if one.look in ("good", "bad") else ""
    return f"<{element}{colour}>{text}</{element}>"
