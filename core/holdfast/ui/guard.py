"""Who may ask the inspector: the browser that was given the token, from the inspector's own pages, and nobody else."""

import secrets
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["CSRF", "HEADERS", "LONGEST_FORM", "Guard"]

CSRF = "csrf"
"""Name of the hidden field that every form carries."""

LONGEST_FORM = 256 * 1024
"""Bytes that a form may have; the longest holds the words of one fact."""

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not no-referrer: under that a browser sends `Origin: null` with a form, and the origin could not be checked.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Sent with every answer. No script runs, whatever a fact holds: none is allowed, not even the inspector's own."""

_LANDING = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>holdfast</title>
<link rel="icon" href="/static/icon.svg"><meta http-equiv="refresh" content="0; url=/"></head>
<body><p><a href="/">Open the inspector</a></p></body></html>"""

_REFUSED = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Refused - holdfast</title>
<link rel="icon" href="/static/icon.svg"></head>
<body><h1>Refused</h1><p>{reason}</p></body></html>"""


class Guard:
    """ASGI middleware that lets through what comes from the one browser that has exchanged the token.

    The token in the address is good once: it is exchanged for a cookie that no script can read and no other site makes
    a browser send. The host must be this server's own name, so that a name that somebody else's server has pointed at
    this machine (DNS rebinding) reaches nothing; and what changes something must come from a form of its own pages.

    Args:
        app: What is guarded.
        port: Where it is served.
    """

    def __init__(self, app: ASGIApp, *, port: int) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        self._origins = {f"http://{host}" for host in self._hosts}
        # Browsers keep cookies by host and not by port, so two inspectors need two names.
        self._cookie = f"holdfast-{port}"
        self._token: str | None = secrets.token_urlsafe(32)
        self._session = secrets.token_urlsafe(32)
        self.csrf = secrets.token_urlsafe(32)

    @property
    def token(self) -> str | None:
        """What the address carries; None once it was exchanged."""
        return self._token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is refused, and pass on the rest with the headers added to its answer."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        answer = await self._refusal(scope, receive)
        await (self._app if answer is None else answer)(scope, receive, sending)

    async def _refusal(self, scope: Scope, receive: Receive) -> Response | None:
        headers = Headers(scope=scope)
        if headers.get("host", "") not in self._hosts:
            return _refused("This address does not belong to the inspector.", 421)
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token")
        if scope["path"] == "/" and scope["method"] == "GET" and given:
            return self._exchange(given[0], headers)
        # A browser names who makes it ask: `none` is the user, who typed the address or opened a bookmark.
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return _refused("Another page has asked for this.", 403)
        if headers.get("origin") is not None and headers["origin"] not in self._origins:
            return _refused("Another page has asked for this.", 403)
        if scope["path"].startswith("/static/"):
            return None
        if not self._knows(headers):
            return _refused("Open the address that <code>holdfast ui</code> has printed; it is good once.", 403)
        if scope["method"] in ("GET", "HEAD"):
            return None
        if "origin" not in headers:
            return _refused("A form is sent from a page of the inspector.", 403)
        return await self._check_form(Request(scope, receive), scope)

    def _exchange(self, given: str, headers: Headers) -> Response:
        if self._token is not None and secrets.compare_digest(given.encode(), self._token.encode()):
            self._token = None
            # A page that leads on, not a redirect: a strict cookie is not sent along a redirect that began elsewhere.
            answer = HTMLResponse(_LANDING)
            answer.set_cookie(self._cookie, self._session, path="/", httponly=True, samesite="strict")
            return answer
        if self._knows(headers):
            return HTMLResponse(_LANDING)
        return _refused("This address was used already. Start <code>holdfast ui</code> anew for another.", 403)

    def _knows(self, headers: Headers) -> bool:
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return cookie is not None and secrets.compare_digest(cookie.value.encode(), self._session.encode())

    async def _check_form(self, request: Request, scope: Scope) -> Response | None:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LONGEST_FORM:
                return _refused("The form is too long.", 413)
        form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        sent = form.get(CSRF, [""])[0]
        if not secrets.compare_digest(sent.encode(), self.csrf.encode()):
            return _refused("The form is from an earlier start of the inspector; load its page anew.", 403)
        scope["holdfast.form"] = {name: values[0] for name, values in form.items()}
        return None


def _refused(reason: str, status: int) -> Response:
    return HTMLResponse(_REFUSED.format(reason=reason), status_code=status)
