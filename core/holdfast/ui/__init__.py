"""The inspector: a page on this machine that shows what is remembered, and why, and corrects it.

- `guard`: who may ask. Loopback, one-time token, cookie, origin, content security policy.
- `pages`: what is shown; `actions`: what is changed; `app` puts them together.
- `views`: values as the templates show them; `server` serves it all.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from holdfast.ui.app import make_app
    from holdfast.ui.guard import Guard
    from holdfast.ui.server import Server

__all__ = ["Guard", "Server", "make_app"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    from holdfast.errors import MissingExtraError

    for needed in ("jinja2", "starlette", "uvicorn"):
        try:
            import_module(needed)
        except ImportError as error:  # noqa: PERF203 - what is missing is named before anything else is tried
            raise MissingExtraError("ui", needed) from error
    from holdfast.ui import app, guard, server

    return {"Guard": guard.Guard, "Server": server.Server, "make_app": app.make_app}[name]
