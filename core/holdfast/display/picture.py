"""A picture that shows itself in Jupyter and goes into a file."""

import os
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from holdfast.display import paper, screen
from holdfast.display.paper import Theme
from holdfast.display.scene import Scene
from holdfast.errors import ConfigurationError, MissingExtraError

_PLOTLY = "application/vnd.plotly.v1+json"


@dataclass(frozen=True, slots=True)
class Picture:
    """What `timeline`, `map` and `plot` return: shown by Jupyter as it is, and saved as a file.

    Jupyter shows a PNG, which plotly makes a live picture when the mouse comes to it; a page that renders notebooks and
    runs nothing shows the PNG. It needs the extra `notebook`.
    """

    scene: Scene

    def save(self, path: str | os.PathLike[str], *, theme: Theme = "light") -> Path:
        """Write it into a file, and return its path.

        Args:
            path: Its ending says as what: `.html` is a page that stands alone, loads nothing and follows the reader's
                light or dark; `.png`, `.svg` and `.pdf` stand still.
            theme: The ground of what stands still: `light`, `dark`, or `clear` for none, with grey ink for both.

        Raises:
            ConfigurationError: Another ending, or another theme.
            MissingExtraError: plotly (`.html`) or matplotlib is not installed.
        """
        file = Path(path)
        kind = file.suffix.lower().lstrip(".")
        if theme not in get_args(Theme):
            raise ConfigurationError(f"theme must be 'light', 'dark' or 'clear', got {theme!r}")
        if kind in ("html", "htm"):
            file.write_text(screen.page(self.scene), encoding="utf-8")
        elif kind in ("png", "svg", "pdf"):
            file.write_bytes(paper.draw(self.scene, kind=kind, theme=theme))
        else:
            raise ConfigurationError(f"a picture is saved as .html, .png, .svg or .pdf, got {os.fspath(path)!r}")
        return file

    @property
    def figure(self) -> Any:
        """The picture as a `plotly.graph_objects.Figure`, to be changed.

        Raises:
            MissingExtraError: plotly is not installed.
        """
        try:
            from plotly.graph_objects import Figure
        except ImportError as error:
            raise MissingExtraError("notebook", "plotly") from error
        return Figure(screen.figure(self.scene))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/plain": str(self), _PLOTLY: screen.figure(self.scene)}
        try:
            png = paper.draw(self.scene, kind="png", theme="clear")
        except MissingExtraError:
            return bundle
        return {**bundle, "image/png": b64encode(png).decode("ascii")}

    def __str__(self) -> str:
        return f"{self.scene.title} ({self.scene.note}); save() puts it into a file"
