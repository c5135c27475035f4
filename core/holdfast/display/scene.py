"""What a picture shows, before anybody draws it: plotly on the screen and matplotlib in a file draw the same scene."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from holdfast.types import CATEGORIES

Axis: TypeAlias = Literal["time", "number", "hidden"]
Dash: TypeAlias = Literal["solid", "dash", "dot"]

# Of middling lightness, so that they stand out from white and from black.
COLOURS = dict(
    zip(
        CATEGORIES,
        ["#4c84c4", "#e08a2c", "#2ca58d", "#9470d6", "#d6608a", "#b8923a", "#d6504b", "#3fa34d", "#848c96"],
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Span:
    """A bar from `start` to `end` in a row; one that is `over` is drawn paler, and hatched."""

    row: int
    start: datetime
    end: datetime
    group: str
    label: str
    hover: str
    over: bool


@dataclass(frozen=True, slots=True)
class Joint:
    """A line between two rows at a moment: what stood in the one went on in the other."""

    at: datetime
    above: int
    below: int


@dataclass(frozen=True, slots=True)
class Dot:
    """A point with its text."""

    x: float
    y: float
    group: str
    label: str
    hover: str
    over: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """Values one after the other; `hover` has a text for each."""

    name: str
    colour: str
    dash: Dash
    values: tuple[float, ...]
    hover: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: spans in rows, or dots, or curves. `note` stands below the title, `rows` beside the spans."""

    title: str
    note: str
    axis: Axis
    x_title: str = ""
    y_title: str = ""
    rows: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    joints: tuple[Joint, ...] = ()
    dots: tuple[Dot, ...] = ()
    curves: tuple[Curve, ...] = ()

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that occur, in the order of the colours."""
        there = {one.group for one in self.spans} | {one.group for one in self.dots}
        return tuple(group for group in COLOURS if group in there)

    @property
    def height(self) -> int:
        """Pixels that it needs."""
        return 150 + 30 * len(self.rows) if self.rows else 440


def name_of(group: str) -> str:
    """Return a category's name for people."""
    return group.replace("_", ", ")


def short(text: str, length: int = 44) -> str:
    """Return a text cut to a length."""
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
