"""Who is at work on what: names of owners that tell whether the owner is still there."""

import os
import socket
import uuid
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cache
from pathlib import Path

__all__ = ["LEASE", "gone", "hold"]

LEASE = timedelta(minutes=10)
"""How long a batch may take before others may try it: far longer than a model needs, since whoever died on this machine
is known to be gone at once."""

_active: set[str] = set()  # the owners of this process that are at work now


@contextmanager
def hold() -> Generator[str, None, None]:
    """Name a new owner, who is gone when the block ends, in whatever way: nothing needs to be written then."""
    owner = f"{_machine()}/{os.getpid()}/{uuid.uuid4().hex}"
    _active.add(owner)
    try:
        yield owner
    finally:
        _active.discard(owner)


def gone(owner: str) -> bool:
    """Whether an owner is known to be at work no more; of one on another machine nothing is known."""
    machine, _, rest = owner.partition("/")
    process, _, _ = rest.partition("/")
    if machine != _machine() or not process.isdecimal():
        return False
    if int(process) == os.getpid():
        return owner not in _active
    return not _runs(int(process))


def _runs(process: int) -> bool:
    if os.name != "posix":
        return True  # there a signal 0 is no question
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True


@cache
def _machine() -> str:
    """Return what two processes share when one can see the other: containers on one machine cannot."""
    names = [socket.gethostname()]
    with suppress(OSError):
        names.append(str(Path("/proc/self/ns/pid").stat().st_ino))
    return "-".join(names)
