"""The guards of conftest.py hold."""

import asyncio
import contextlib
import os
import socket
from pathlib import Path

import platformdirs
import pytest

OUTSIDE = "192.0.2.1"  # reserved for documentation: no machine has it


@pytest.mark.parametrize("call", ["connect", "connect_ex"])
def test_connecting_outside_is_refused(call: str, blocked_hosts: list[str]) -> None:
    with socket.socket() as sock, pytest.raises(RuntimeError, match="loopback only"):
        getattr(sock, call)((OUTSIDE, 80))
    assert blocked_hosts == [OUTSIDE]
    blocked_hosts.clear()


def test_datagrams_outside_are_refused(blocked_hosts: list[str]) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sock, pytest.raises(RuntimeError, match="loopback only"):
        sock.sendto(b"x", (OUTSIDE, 53))
    blocked_hosts.clear()


def test_looking_up_a_name_is_refused(blocked_hosts: list[str]) -> None:
    with pytest.raises(RuntimeError, match="loopback only"):
        socket.create_connection(("example.invalid", 443))
    assert blocked_hosts == ["example.invalid"]
    blocked_hosts.clear()


def test_an_attempt_that_was_swallowed_is_remembered(blocked_hosts: list[str]) -> None:
    with contextlib.suppress(Exception):
        socket.create_connection((OUTSIDE, 443))
    assert blocked_hosts == [OUTSIDE]
    blocked_hosts.clear()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_loopback_is_open(host: str) -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"here")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(host, server.sockets[0].getsockname()[1])
        assert await reader.read() == b"here"
        writer.close()
        await writer.wait_closed()


def test_home_and_store_are_temporary(own_home: Path) -> None:
    assert Path.home() == own_home
    assert Path(os.environ["HOLDFAST_PATH"]).parent == own_home
    assert own_home in Path(platformdirs.user_data_dir("holdfast")).parents


def test_no_key_of_the_user_is_seen() -> None:
    assert not [name for name in os.environ if name.startswith("OPENAI_")]
