"""How values show themselves: as HTML in Jupyter, with rich in a terminal, and as pictures.

A value asks for it when it is shown, so nothing of this is loaded by `import holdfast`.
"""

from typing import TYPE_CHECKING, Any

from holdfast.display import markup, terminal
from holdfast.display.overview import Known, Overview
from holdfast.display.picture import Picture
from holdfast.display.scenes import fact_map, spending, timeline
from holdfast.display.sheets import sheet_of

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["Known", "Overview", "Picture", "fact_map", "spending", "timeline", "to_html", "to_rich"]


def to_html(value: Any) -> str:
    """Return a value as HTML; everything in it that users wrote is escaped."""
    return markup.render(sheet_of(value))


def to_rich(value: Any) -> "RenderableType":
    """Return a value as something that a rich console prints."""
    return terminal.render(sheet_of(value))
