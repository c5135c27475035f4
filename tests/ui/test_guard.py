"""Who may ask the inspector, and what an answer allows."""

import re
import socket
from urllib.parse import urlencode

import pytest

from holdfast import ConfigurationError, Memory
from holdfast.ui import Server
from inspecting import Browser

PAGES = ["/", "/facts?user=ann", "/search?user=ann&q=where", "/export?user=ann", "/nothing"]


@pytest.mark.parametrize("page", PAGES)
def test_without_the_token_nothing_is_shown(stranger: Browser, page: str) -> None:
    answer = stranger.ask("GET", page)
    assert answer.status == 403
    assert "Lisbon" not in answer.text


def test_the_token_is_good_once(stranger: Browser) -> None:
    entered = stranger.enter()
    assert entered.status == 200
    cookie = entered.headers["set-cookie"].lower()
    assert {"httponly", "samesite=strict", "path=/"} <= {part.strip() for part in cookie.split(";")}
    assert stranger.get("/").status == 200
    other = Browser(stranger.port, stranger.token)
    assert other.enter().status == 403
    assert other.cookie is None


def test_who_has_entered_may_load_the_address_again(browser: Browser) -> None:
    assert browser.get("/", token=browser.token).status == 200
    assert "set-cookie" not in browser.get("/", token=browser.token).headers


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 43])
def test_another_token_opens_nothing(stranger: Browser, token: str) -> None:
    assert stranger.get("/", token=token).status == 403
    assert stranger.enter().status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "0.0.0.0:{port}", ""]
)
def test_another_host_is_refused(browser: Browser, host: str) -> None:
    named = host.format(port=browser.port)
    assert browser.ask("GET", "/facts?user=ann", host=named).status == 421
    assert browser.ask("GET", f"/?token={browser.token}", host=named).status == 421


def test_localhost_is_its_name_too(browser: Browser) -> None:
    assert browser.ask("GET", "/", host=f"localhost:{browser.port}").status == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:{port}"])
def test_another_origin_is_refused(browser: Browser, memory: Memory, origin: str) -> None:
    page = browser.get("/removal", user="ann")
    body = urlencode({**page.fields("/forget"), "typed": "ann"})
    named = origin.format(port=browser.port)
    assert browser.ask("POST", "/forget", body, origin=named).status == 403
    assert browser.ask("GET", "/facts?user=ann", origin=named).status == 403
    assert memory.count(user_id="ann") == 5


def test_a_form_without_an_origin_is_refused(browser: Browser, memory: Memory) -> None:
    body = urlencode({**browser.get("/removal", user="ann").fields("/forget"), "typed": "ann"})
    assert browser.ask("POST", "/forget", body, origin=None).status == 403
    assert memory.count(user_id="ann") == 5


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_page_makes_the_browser_ask_is_refused(browser: Browser, site: str) -> None:
    assert browser.ask("GET", "/facts?user=ann", sec_fetch_site=site).status == 403


def test_a_link_from_elsewhere_may_carry_the_token(stranger: Browser) -> None:
    assert stranger.ask("GET", f"/?token={stranger.token}", sec_fetch_site="cross-site").status == 200


@pytest.mark.parametrize("csrf", [None, "", "x", "é"])
def test_a_form_needs_its_token(browser: Browser, memory: Memory, csrf: str | None) -> None:
    fields = {**browser.get("/removal", user="ann").fields("/forget"), "typed": "ann"}
    del fields["csrf"]
    if csrf is not None:
        fields["csrf"] = csrf
    assert browser.ask("POST", "/forget", urlencode(fields)).status == 403
    assert memory.count(user_id="ann") == 5


@pytest.mark.parametrize("path", ["/forget", "/edit", "/delete", "/restore", "/erase", "/process"])
def test_an_address_alone_changes_nothing(browser: Browser, path: str) -> None:
    assert browser.get(path, user="ann").status in (404, 405)


def test_a_form_has_a_limit(browser: Browser) -> None:
    fields = browser.get("/removal", user="ann").fields("/forget")
    assert browser.ask("POST", "/forget", urlencode({**fields, "typed": "x" * 300_000})).status == 413


@pytest.mark.parametrize("page", [*PAGES, "/static/style.css"])
def test_answers_allow_no_script_and_nothing_from_elsewhere(browser: Browser, page: str) -> None:
    headers = browser.ask("GET", page).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert set(policy) == {"default-src", "style-src", "img-src", "form-action", "base-uri", "frame-ancestors"}
    assert {policy[name] for name in policy} == {"'none'", "'self'"}
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("page", ["/", "/facts?user=ann", "/search?user=ann&q=where", "/nothing"])
def test_pages_hold_nothing_that_the_policy_would_stop(browser: Browser, page: str) -> None:
    text = browser.ask("GET", page).text
    assert (
        re.findall(r"<script|<style|\sstyle=|\son[a-z]+=|https?://", text.replace("http://www.w3.org/2000/svg", ""))
        == []
    )


def test_a_path_cannot_leave_the_static_files(browser: Browser) -> None:
    for path in ("/static/../guard.py", "/static/%2e%2e/guard.py", "/static/..%2fguard.py", "/static//etc/passwd"):
        assert browser.ask("GET", path).status == 404


def test_it_is_served_on_loopback_only(memory: Memory) -> None:
    server = Server(memory)
    try:
        assert server._socket.getsockname()[0] == "127.0.0.1"
    finally:
        server._socket.close()


def test_a_taken_port_is_named(memory: Memory) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ConfigurationError, match=str(taken.getsockname()[1])):
            Server(memory, port=taken.getsockname()[1])
    with pytest.raises(ConfigurationError, match="99999"):
        Server(memory, port=99999)
