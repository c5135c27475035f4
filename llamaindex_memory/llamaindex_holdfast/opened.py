"""The memories open in this process, by path: what a restored handle finds its memory in.

A workflow's `Context` serialises its memory between two runs. What it keeps is a handle, a path and names, and the
object that comes back must be the same memory: not the file opened once more, with a model loaded once more.
"""

import os
import threading
import uuid
from collections import deque
from pathlib import Path
from weakref import WeakKeyDictionary, WeakValueDictionary

from holdfast import ConfigurationError, Memory, StorageError

__all__ = ["check_inside", "open_path", "path_of"]

_IN_RAM = ":memory:"
_KEPT = 8

_lock = threading.RLock()
_open: WeakValueDictionary[str, Memory] = WeakValueDictionary()
_in_ram: WeakKeyDictionary[Memory, str] = WeakKeyDictionary()
_recent: deque[Memory] = deque(maxlen=_KEPT)  # alive between two requests that hold no memory of their own


def path_of(memory: Memory) -> str:
    """Return the path that finds this very memory again in this process, and its file in another one."""
    with _lock:
        if memory.path == _IN_RAM:
            path = _in_ram.setdefault(memory, f"{_IN_RAM}{uuid.uuid4().hex}")
        else:
            path = os.path.realpath(memory.path)
        _open[path] = memory
        return path


def open_path(path: str | os.PathLike[str] | None) -> Memory:
    """Return the memory that is open at a path, or open it with the embedded defaults.

    Raises:
        ConfigurationError: The path names a memory in the RAM of a process that has ended.
        IncompatibleStoreError: Another embedder made the file, and no memory that uses it is open in this process.
    """
    with _lock:
        place = None if path is None else os.fspath(path)
        memory: Memory | None
        if place is None or place == _IN_RAM:
            memory = Memory(place) if place else _shared(Memory())
        elif place.startswith(_IN_RAM):
            memory = _alive(place)
        else:
            memory = _alive(os.path.realpath(place)) or Memory(place)
        if memory is None:
            raise ConfigurationError("this memory was in the RAM of a process and has ended; give memories a file")
        path_of(memory)
        if memory.path != _IN_RAM:
            _recent.append(memory)
        return memory


def check_inside(path: str, root: str | os.PathLike[str] | None) -> None:
    """Refuse a path outside the root that handles from elsewhere are held to; None allows every path.

    Raises:
        ConfigurationError: It lies outside, links resolved; or it is a server's address.
    """
    if root is None or (path.startswith(_IN_RAM) and path != _IN_RAM):
        return
    inside = Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))
    if "://" in path or not inside:
        raise ConfigurationError(f"{path!r} lies outside {os.fspath(root)!r}, the allowed root of restored memories")


def _shared(memory: Memory) -> Memory:
    """Return the memory that is open at the default path already, if any, instead of a second one."""
    known = _alive(os.path.realpath(memory.path))
    if known is None:
        return memory
    memory.close()
    return known


def _alive(path: str) -> Memory | None:
    memory = _open.get(path)
    if memory is None:
        return None
    try:
        memory.sessions(user_id="-")
    except StorageError:  # closed meanwhile
        return None
    return memory
