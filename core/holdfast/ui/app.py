"""The pages and forms put together, behind the guard."""

from collections.abc import Callable
from datetime import datetime, timezone

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from holdfast.errors import ConfigurationError, HoldfastError
from holdfast.memory import Memory
from holdfast.ui.actions import Actions
from holdfast.ui.asking import NotThereError
from holdfast.ui.guard import Guard
from holdfast.ui.pages import Pages
from holdfast.ui.rendering import HERE, page

__all__ = ["make_app"]


def _now() -> datetime:
    return datetime.now(timezone.utc)


def make_app(memory: Memory, *, port: int, now: Callable[[], datetime] = _now) -> Guard:
    """Return the inspector of a memory as an ASGI application, guarded.

    Args:
        memory: What it shows and changes; it stays the caller's to close.
        port: Where it is served; other addresses are refused.
        now: Tells the time, with its zone.
    """

    def csrf() -> str:
        return guard.csrf

    def failed(request: Request, error: Exception) -> Response:
        status, reason = _said(error)
        told = {"reason": reason, "user": None, "tab": None, "notice": None, "path": memory.path}
        return page("error.html", told, csrf=csrf(), status=status)

    pages, actions = Pages(memory, now, csrf), Actions(memory, csrf)
    shown = {
        "/": pages.users, "/facts": pages.facts, "/search": pages.search, "/timeline": pages.timeline,
        "/fact": pages.fact, "/changes": pages.changes, "/messages": pages.messages, "/pending": pages.pending,
        "/ledger": pages.ledger, "/removal": pages.removal, "/export": pages.export, "/receipt": actions.receipt,
    }  # fmt: skip
    done = {
        "/edit": actions.edit, "/delete": actions.delete, "/restore": actions.restore, "/process": actions.process,
        "/erase": actions.erase, "/forget": actions.forget,
    }  # fmt: skip
    starlette = Starlette(
        routes=[
            *(Route(path, endpoint, methods=["GET"]) for path, endpoint in shown.items()),
            *(Route(path, endpoint, methods=["POST"]) for path, endpoint in done.items()),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        exception_handlers={HoldfastError: failed, NotThereError: failed, HTTPException: failed},
    )
    guard = Guard(starlette, port=port)
    return guard


def _said(error: Exception) -> tuple[int, str]:
    match error:
        case NotThereError():
            return 404, str(error)
        case HTTPException(status_code=404):
            return 404, "There is no such page."
        case HTTPException(status_code=status, detail=detail):
            return status, detail
        case ConfigurationError():
            return 400, str(error)
        case _:
            return 503, str(error)
