"""A scene as plotly reads it: JSON, which Jupyter draws, and a page of its own that loads nothing from elsewhere."""

import json
from html import escape
from typing import Any, TypeAlias

from holdfast.display.scene import COLOURS, Dot, Scene, Span, name_of
from holdfast.errors import MissingExtraError

Json: TypeAlias = dict[str, Any]

_LABELLED = 15
"""So many points carry their text beside them; more would cover each other."""

_ROOM = 0.16
"""Share of the width that is left free on both sides, for the texts of the outermost points."""

# Readable on white and on black: the page below the picture is not known.
_INK = "#858c95"
_GRID = "rgba(133,140,149,0.25)"

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline';
 style-src 'unsafe-inline'; img-src data: blob:">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>body {{ margin: 1rem; background: #fff; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #14171b; }} }}</style>
<div id="picture" role="img" aria-label="{title}"></div>
<script>{plotly}</script>
<script type="application/json" id="figure">{figure}</script>
<script>
const figure = JSON.parse(document.getElementById("figure").textContent);
Plotly.newPlot("picture", figure.data, figure.layout, {{responsive: true, displaylogo: false}});
</script>
</html>
"""


def figure(scene: Scene) -> Json:
    """Return a scene as the `data` and `layout` of a plotly figure."""
    return {"data": [*_bars(scene), *_joints(scene), *_points(scene), *_lines(scene)], "layout": _layout(scene)}


def page(scene: Scene) -> str:
    """Return a scene as a whole HTML page with plotly's script in it.

    Raises:
        MissingExtraError: plotly is not installed.
    """
    try:
        from plotly.offline import get_plotlyjs
    except ImportError as error:
        raise MissingExtraError("notebook", "plotly") from error
    data = json.dumps(figure(scene)).replace("<", "\\u003c")  # so that no text can end the script element
    return _PAGE.format(title=escape(scene.title), plotly=get_plotlyjs(), figure=data)


def _words(text: str) -> str:
    """Return a text that plotly, which reads some HTML everywhere, shows as it is."""
    return escape(text, quote=False).replace("\n", "<br>")


def _bars(scene: Scene) -> list[Json]:
    return [
        _bar([one for one in scene.spans if one.group == group and one.over == over], group, over=over)
        for group in scene.groups
        for over in (False, True)
        if any(one.group == group and one.over == over for one in scene.spans)
    ]


def _bar(spans: list[Span], group: str, *, over: bool) -> Json:
    return {
        "type": "bar",
        "orientation": "h",
        "name": f"{name_of(group)} (superseded)" if over else name_of(group),
        "legendgroup": group,
        "y": [one.row for one in spans],
        "base": [one.start.isoformat() for one in spans],
        "x": [(one.end - one.start).total_seconds() * 1000 for one in spans],
        "width": 0.62,
        "text": [_words(one.label) for one in spans],
        "textposition": "inside",
        "insidetextanchor": "start",
        "textangle": 0,
        "hovertext": [_words(one.hover) for one in spans],
        "hoverinfo": "text",
        "opacity": 0.6 if over else 1.0,
        "textfont": {"color": "#ffffff"},
        "marker": {
            "color": COLOURS[group],
            "pattern": {"shape": "/" if over else "", "solidity": 0.2, "fgcolor": "#ffffff", "fillmode": "overlay"},
            "line": {"width": 0},
        },
    }


def _joints(scene: Scene) -> list[Json]:
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [one.at.isoformat()] * 2,
            "y": [one.above, one.below],
            "line": {"color": _INK, "width": 2},
            "hoverinfo": "skip",
            "showlegend": False,
        }
        for one in scene.joints
    ]


def _points(scene: Scene) -> list[Json]:
    labelled = len(scene.dots) <= _LABELLED
    return [
        _scatter([one for one in scene.dots if one.group == group], group, labelled=labelled)
        for group in scene.groups
        if scene.dots
    ]


def _scatter(dots: list[Dot], group: str, *, labelled: bool) -> Json:
    return {
        "type": "scatter",
        "mode": "markers+text" if labelled else "markers",
        "name": name_of(group),
        "x": [one.x for one in dots],
        "y": [one.y for one in dots],
        "text": [_words(one.label) for one in dots],
        "textposition": "top center",
        "cliponaxis": False,
        "hovertext": [_words(one.hover) for one in dots],
        "hoverinfo": "text",
        "marker": {
            "color": COLOURS[group],
            "size": 11,
            "symbol": ["circle-open" if one.over else "circle" for one in dots],
        },
    }


def _lines(scene: Scene) -> list[Json]:
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": _words(one.name),
            "x": list(range(1, len(one.values) + 1)),
            "y": list(one.values),
            "hovertext": [_words(text) for text in one.hover],
            "hoverinfo": "text",
            "line": {"color": one.colour, "dash": one.dash, "width": 2.5},
        }
        for one in scene.curves
    ]


def _layout(scene: Scene) -> Json:
    plain = {"gridcolor": _GRID, "zerolinecolor": _GRID, "linecolor": _GRID, "automargin": True}
    x: Json = {**plain, "title": {"text": scene.x_title}}
    y: Json = {**plain, "title": {"text": scene.y_title}}
    if scene.axis == "time":
        x["type"] = "date"
        y |= {
            "tickvals": list(range(len(scene.rows))),
            "ticktext": [_words(row) for row in scene.rows],
            "range": [len(scene.rows) - 0.5, -0.5],
            "showgrid": False,
            "zeroline": False,
        }
    elif scene.axis == "hidden":
        for axis in (x, y):
            axis |= {"showticklabels": False, "zeroline": False}
        if scene.dots:
            left, right = min(dot.x for dot in scene.dots), max(dot.x for dot in scene.dots)
            room = (right - left or 1.0) * _ROOM
            x["range"] = [left - room, right + room]
    note = f"<br><span style='font-size:12px'>{_words(scene.note)}</span>"
    return {
        "title": {"text": f"<b>{_words(scene.title)}</b>{note}", "x": 0.01, "xanchor": "left", "font": {"size": 15}},
        "font": {"color": _INK, "size": 12},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hoverlabel": {"bgcolor": "#22272e", "font": {"color": "#ffffff"}, "align": "left"},
        "barmode": "overlay",
        "bargap": 0.3,
        "uniformtext": {"minsize": 9, "mode": "hide"},
        "height": scene.height,
        "margin": {"l": 20, "r": 20, "t": 70, "b": 40},
        "showlegend": bool(scene.groups or scene.curves),
        "legend": {"itemsizing": "constant"},
        "hovermode": "closest",
        "xaxis": x,
        "yaxis": y,
    }
