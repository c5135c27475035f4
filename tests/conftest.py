"""No test leaves this machine, and none touches what its user has."""

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A failure that another run cannot repeat helps nobody, and a busy machine is no failure.
settings.register_profile(
    "repeatable",
    database=None,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],  # that says how busy the machine is
)
settings.load_profile("repeatable")


class NetworkBlockedError(RuntimeError):
    """A test reached for a host other than this one. No OSError, so that a retry does not hide it."""


def _is_here(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def blocked_hosts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Refuse every connection and name look-up beyond loopback; the list holds what was tried and must end empty.

    Code under test may swallow the error, as an adapter does when the network fails, so the attempt fails the test.
    """
    tried: list[str] = []

    def refuse(host: object) -> None:
        tried.append(str(host))
        raise NetworkBlockedError(f"{host} is not this machine; tests talk to loopback only")

    def guarded(name: str) -> Callable[..., Any]:
        original = getattr(socket.socket, name)

        def call(sock: socket.socket, *args: Any) -> Any:
            address = args[-1]
            if sock.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
                refuse(address[0])
            return original(sock, *args)

        return call

    look_up = socket.getaddrinfo

    def guarded_look_up(host: Any, *args: Any, **options: Any) -> Any:
        if not _is_here(host):
            refuse(host)
        return look_up(host, *args, **options)

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, guarded(name))
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
    yield tried
    assert not tried, f"tried to reach {', '.join(tried)}"


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give each test a home of its own, HOLDFAST_PATH in it, and no key from the environment."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith(("HOLDFAST_", "OPENAI_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("HOLDFAST_PATH", str(home / "holdfast.db"))
    return home
