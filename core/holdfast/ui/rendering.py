"""Templates filled: everything escaped, dates in words, addresses quoted."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from holdfast.display.sheet import grounds
from holdfast.ui.guard import CSRF

__all__ = ["HERE", "address", "page"]

HERE = Path(__file__).parent
"""Where the templates and the style sheet lie."""


def address(path: str, **query: object) -> str:
    """Return the address of a page; what is None or empty is left out of the query."""
    given = {name: value for name, value in query.items() if value not in (None, "", False)}
    return f"{path}?{urlencode(given, doseq=True)}" if given else path


def page(template: str, values: Mapping[str, Any], *, csrf: str, status: int = 200) -> HTMLResponse:
    """Return a template as an answer."""
    text = _environment().get_template(template).render(**values, csrf=csrf, csrf_name=CSRF)
    return HTMLResponse(text, status_code=status)


@cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        loader=FileSystemLoader(HERE / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = _day
    environment.filters["minute"] = _minute
    environment.filters["grounds"] = grounds
    environment.filters["score"] = _score
    cast(dict[str, Any], environment.globals)["address"] = address
    return environment


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _score(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}"  # no -0.00


def _minute(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y, %H:%M}"
