"""A scene as matplotlib draws it into a file: on light, on dark, or on no ground of its own."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

from holdfast.display.scene import COLOURS, Dot, Scene, name_of
from holdfast.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Theme: TypeAlias = Literal["light", "dark", "clear"]

# On clear ground the ink is readable on white and on black.
_GROUND = {"light": "#ffffff", "dark": "#14171b", "clear": "none"}
_INK = {"light": "#2b3138", "dark": "#d4d9df", "clear": "#747a82"}
_DASHES = {"solid": "-", "dash": "--", "dot": ":"}
# Neither the moment nor the version goes into the file: the same picture is the same bytes.
_UNSIGNED = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None, "Producer": None}}
_DPI = 110
_WIDTH = 780
_LETTER = 5.6  # pixels that a letter of a label takes
_LINE = 13


def draw(scene: Scene, *, kind: str, theme: Theme) -> bytes:
    """Return a scene as a file of this kind: `png`, `svg` or `pdf`.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("notebook", "matplotlib") from error
    figure = Figure((_WIDTH / _DPI, scene.height / _DPI), dpi=_DPI, facecolor=_GROUND[theme], layout="constrained")
    _fill(figure, scene, _INK[theme], _GROUND[theme])
    file = io.BytesIO()
    figure.savefig(file, format=kind, metadata=_UNSIGNED[kind])
    return file.getvalue()


def _fill(figure: "Figure", scene: Scene, ink: str, ground: str) -> None:
    axes = figure.add_subplot(facecolor=ground)
    axes.set_title(f"{_words(scene.title)}\n", loc="left", color=ink, fontsize=11, fontweight="bold")
    axes.annotate(_words(scene.note), (0, 1), (0, 6), "axes fraction", "offset points", color=ink, fontsize=8.5)
    axes.tick_params(colors=ink, labelsize=8, length=0)
    axes.grid(visible=True, color=ink, alpha=0.15, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xlabel(scene.x_title, color=ink, fontsize=8.5)
    axes.set_ylabel(scene.y_title, color=ink, fontsize=8.5)
    for side in axes.spines.values():
        side.set_visible(False)
    if scene.spans:
        _bars(axes, scene, ink)
    if scene.dots:
        _points(axes, scene, ink)
    if scene.curves:
        _lines(axes, scene)
    if scene.axis == "hidden":
        axes.set_xticklabels([])
        axes.set_yticklabels([])
    _legend(axes, scene, ink)


def _legend(axes: "Axes", scene: Scene, ink: str) -> None:
    from matplotlib.patches import Patch

    patches = [Patch(color=COLOURS[group], label=name_of(group)) for group in scene.groups]
    if any(one.over for one in scene.spans) or any(one.over for one in scene.dots):
        patches.append(Patch(facecolor="none", edgecolor=ink, hatch="///", linewidth=0.5, label="superseded"))
    if patches or scene.curves:
        axes.legend(
            handles=patches or None,
            loc="upper left",
            bbox_to_anchor=(1.0, 1.0),
            frameon=False,
            fontsize=8,
            labelcolor=ink,
            borderaxespad=0.2,
        )


def _words(text: str) -> str:
    """Return a text in which matplotlib finds no formula."""
    return text.replace("$", r"\$")


def _bars(axes: "Axes", scene: Scene, ink: str) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num

    first = min(date2num(one.start) for one in scene.spans)
    last = max(date2num(one.end) for one in scene.spans)
    for one in scene.spans:
        start, end = date2num(one.start), date2num(one.end)
        axes.barh(
            one.row,
            end - start,
            left=start,
            height=0.62,
            color=COLOURS[one.group],
            alpha=0.65 if one.over else 1.0,
            hatch="///" if one.over else None,
            edgecolor="#ffffff",
            linewidth=0,
        )
        room = (end - start) / (last - first) * _WIDTH * 0.45
        if one.label and len(one.label) * _LETTER < room:
            axes.annotate(
                _words(one.label), (start, one.row), (4, 0), "data", "offset points", va="center", fontsize=7.5,
                color="#ffffff", bbox={"facecolor": COLOURS[one.group], "linewidth": 0, "pad": 1.5},
            )  # fmt: skip
    for joint in scene.joints:
        at = date2num(joint.at)
        axes.plot([at, at], [joint.above, joint.below], color=ink, linewidth=1.2)
    axes.set_yticks(range(len(scene.rows)), [_words(row) for row in scene.rows])
    axes.set_ylim(len(scene.rows) - 0.5, -0.5)
    axes.set_xlim(first, last)
    axes.grid(visible=False, axis="y")
    locator = AutoDateLocator()
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes.xaxis.get_offset_text().set_color(ink)


def _points(axes: "Axes", scene: Scene, ink: str) -> None:
    for group in scene.groups:
        for over in (False, True):
            dots = [one for one in scene.dots if one.group == group and one.over == over]
            if dots:
                axes.scatter(
                    [one.x for one in dots],
                    [one.y for one in dots],
                    s=36,
                    facecolors="none" if over else COLOURS[group],
                    edgecolors=COLOURS[group],
                )
    axes.margins(0.12)
    _labels(axes, scene.dots, ink)


def _labels(axes: "Axes", dots: Sequence[Dot], ink: str) -> None:
    """Write each point's text beside, above or below it, where no other text stands; the rest goes without."""
    x0, x1 = axes.get_xlim()
    y0, y1 = axes.get_ylim()
    width, height = _WIDTH * 0.75, 385.0
    places = [((dot.x - x0) / (x1 - x0) * width, (dot.y - y0) / (y1 - y0) * height) for dot in dots]
    taken = [(x - 5, y - 5, x + 5, y + 5) for x, y in places]
    for dot, (x, y) in zip(dots, places, strict=True):
        long = len(dot.label) * _LETTER
        for left, up, align, shift in (
            (x + 7, 0, "left", (5, 0)),
            (x - 7 - long, 0, "right", (-5, 0)),
            (x - long / 2, 14, "center", (0, 9)),
            (x - long / 2, -14, "center", (0, -9)),
        ):
            box = (left, y + up - _LINE / 2, left + long, y + up + _LINE / 2)
            if box[0] >= 0 and box[2] <= width and not any(_meet(box, other) for other in taken):
                axes.annotate(
                    _words(dot.label), (dot.x, dot.y), shift, "data", "offset points", ha=align, va="center",
                    fontsize=7.5, color=ink,
                )  # fmt: skip
                taken.append(box)
                break


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _lines(axes: "Axes", scene: Scene) -> None:
    from matplotlib.ticker import MaxNLocator

    for one in scene.curves:
        axes.plot(
            range(1, len(one.values) + 1),
            one.values,
            _DASHES[one.dash],
            color=one.colour,
            linewidth=2,
            label=one.name,
            marker="o" if len(one.values) == 1 else None,
        )
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter("{x:,.6g}")
