"""What a value shows of itself, before anybody knows where: Jupyter and the terminal draw the same sheet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from holdfast.types import Change

ID = 8
"""Characters of an id that are shown: enough to name one of a user's facts."""

# Control characters, which a terminal obeys, and the marks that turn the direction of what stands behind them.
_HARMFUL = dict.fromkeys(
    [*range(9), *range(11, 32), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD
)

Look: TypeAlias = Literal["plain", "strong", "dim", "tag", "mark", "struck", "good", "bad"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text and how it looks; nothing in it is ever markup."""

    text: str
    look: Look = "plain"


Line: TypeAlias = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A value in words and as a bar: each part has a name, the number of its colour, and its share of the length."""

    text: str
    parts: tuple[tuple[str, int, float], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """Lines, one below the other, and perhaps a bar above them."""

    lines: tuple[Line, ...]
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a heading; without `columns` the rows stand alone."""

    rows: tuple[tuple[Cell, ...], ...]
    columns: tuple[str, ...] = ()
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A title, a line about it, and tables."""

    title: Line
    note: Line = ()
    tables: tuple[Table, ...] = ()


def piece(text: object, look: Look = "plain") -> Piece:
    """Return a piece of what somebody wrote; what could act on a terminal or on other text becomes U+FFFD."""
    return Piece(str(text).translate(_HARMFUL), look)


def cell(*pieces: Piece) -> Cell:
    """Return a cell of one line."""
    return Cell((pieces,))


def joined(lines: Iterable[Line], between: str = " · ") -> Line:
    """Return lines as one, with a dim text between them."""
    found: list[Piece] = []
    for line in lines:
        if line:
            found += [Piece(between, "dim"), *line] if found else line
    return tuple(found)


def marked(text: str, spans: Sequence[tuple[int, int]]) -> Line:
    """Return a text whose spans are marked; they may overlap, and end behind the text."""
    found: list[Piece] = []
    done = 0
    for start, end in sorted(spans):
        start, end = max(start, done), min(end, len(text))
        if start < end:
            found += [piece(text[done:start]), piece(text[start:end], "mark")]
            done = end
    return tuple(one for one in (*found, piece(text[done:])) if one.text)


def day(moment: datetime) -> str:
    """Return a date in words."""
    return f"{moment.day} {moment:%B %Y}"


def grounds(change: Change) -> str:
    """Return why a change was made and by whom, the messages in it named by the beginnings of their ids."""
    reason = change.reason
    for one in change.evidence:
        reason = reason.replace(one.message_id, one.message_id[:ID])
    by = f"by {change.by}"
    return reason if reason.endswith(by) else f"{reason}, {by}"


def counted(number: int, name: str) -> str:
    """Return a number with what it counts, in the singular or plural."""
    return f"{number:,} {name}{'' if number == 1 else 's'}"
