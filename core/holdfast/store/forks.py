"""Open databases and forks: SQLite's locks belong to a process, so no connection may live on in a child."""

import ctypes
import os
import threading
import weakref
from typing import Protocol

from holdfast.store.lock import PATIENCE

__all__ = ["Forked", "keep_for_ever", "me", "watch"]

me = threading.get_ident


class Forked(Protocol):
    """What is told of forks."""

    def pause(self, seconds: float) -> bool:
        """Wait until nothing is at work and let nothing begin; return whether that worked out."""
        ...

    def resume(self) -> None:
        """Go on, in the parent."""
        ...

    def resume_in_child(self, *, paused: bool) -> None:
        """Go on, in the child."""
        ...


_open: "weakref.WeakSet[Forked]" = weakref.WeakSet()
_paused: list[Forked] = []


def watch(database: Forked) -> None:
    """Tell it of every fork for as long as it lives."""
    _open.add(database)


def keep_for_ever(*inherited: object) -> None:
    """Never free these: to close a connection in a child would tear down the parent's."""
    for one in inherited:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(one))


def _before() -> None:
    # os.fork and multiprocessing come here; subprocess does not, since it executes another program at once.
    _paused[:] = [database for database in list(_open) if database.pause(PATIENCE)]


def _in_parent() -> None:
    for database in _paused:
        database.resume()
    _paused.clear()


def _in_child() -> None:
    for database in list(_open):
        database.resume_in_child(paused=any(database is one for one in _paused))
    _paused.clear()


os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
