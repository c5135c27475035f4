"""What nodes tell each other of whom they wrote to: hints, which may be lost, and never the truth."""

import json
import logging
import os
import threading
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress

import psycopg

from holdfast.errors import HoldfastError, StorageError
from holdfast.store.noted import MOST
from holdfast.store.postgres.connections import Connections
from holdfast.store.postgres.digests import digest

__all__ = ["CHANNEL", "GATHERED", "Hints"]

CHANNEL = "holdfast"
"""What nodes listen to. Any role of the database may, so no name of a user is said there, only its digest."""

GATHERED = 0.01
"""Seconds in which hints are gathered: a NOTIFY makes the commits of a server wait for each other, so there are few."""

_TOGETHER = 300  # digests in one notification, which may have 8,000 bytes
_GLANCE = 0.2  # seconds after which a listener looks whether it is closed
_AGAIN = 1.0  # seconds after which it connects anew

_logger = logging.getLogger("holdfast.store")


class Hints:
    """Says of whom this node wrote something, and hears it of the others; two threads and a connection of its own.

    Thread-safe. What cannot be said or heard is left out: every reading asks the server for itself.

    Args:
        connections: To the server.
        heard: Called with a user whom this node has met and another one wrote to, one after the other.
    """

    def __init__(self, connections: Connections, heard: Callable[[str], object]) -> None:
        self._connections = connections
        self._heard = heard
        self._node = uuid.uuid4().hex
        self._closed = threading.Event()
        self._process = 0
        self._begin()

    def meet(self, user_id: str) -> None:
        """Care for this user from now on."""
        self._begin()
        if len(self._users) >= MOST:
            self._users.clear()
        self._users[digest(user_id)] = user_id

    def say(self, user_id: str) -> None:
        """Tell the other nodes, soon, that a user is not what they know."""
        self._begin()
        with self._mutex:
            self._said.add(digest(user_id))
        self._something.set()

    def close(self) -> None:
        """End both threads."""
        self._closed.set()
        if self._process == os.getpid():
            self._something.set()
            for thread in self._threads:
                if thread is not threading.current_thread():
                    thread.join(2 * _AGAIN)

    def _begin(self) -> None:
        """Start the threads, of which a child process has none."""
        if self._process == os.getpid() or self._closed.is_set():
            return
        self._process = os.getpid()
        self._users: dict[int, str] = {}
        self._said = set[int]()
        self._mutex = threading.Lock()
        self._something = threading.Event()
        work = (("say", self._saying), ("hear", self._hearing))
        self._threads = [threading.Thread(target=run, name=f"holdfast-{name}", daemon=True) for name, run in work]
        for thread in self._threads:
            thread.start()

    def _saying(self) -> None:
        while True:
            self._something.wait()
            self._closed.wait(GATHERED)
            self._something.clear()
            with self._mutex:
                said, self._said = list(self._said), set[int]()
            with suppress(StorageError):
                for first in range(0, len(said), _TOGETHER):
                    self._notify(said[first : first + _TOGETHER])
            if self._closed.is_set():
                return

    def _notify(self, digests: Sequence[int]) -> None:
        with self._connections.lend() as database, database.transaction():
            database.execute("SET LOCAL synchronous_commit = off")
            database.execute("SELECT pg_notify(%s, %s)", (CHANNEL, json.dumps([self._node, *digests])))

    def _hearing(self) -> None:
        while not self._closed.is_set():
            with suppress(StorageError, psycopg.Error), self._connections.apart() as database:
                database.execute(f"LISTEN {CHANNEL}".encode())
                while not self._closed.is_set():
                    for one in database.notifies(timeout=_GLANCE):
                        self._take(one.payload)
            self._closed.wait(_AGAIN)

    def _take(self, payload: str) -> None:
        node, *digests = json.loads(payload)
        if node == self._node:
            return
        for one in digests:
            user_id = self._users.get(one)
            if user_id is not None:
                try:
                    self._heard(user_id)
                except HoldfastError:
                    _logger.debug("what another node wrote was not read yet; the next call reads it")
