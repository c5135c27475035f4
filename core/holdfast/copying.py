"""A whole memory moved from one store to another: from a file to a server, and back."""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.errors import ConfigurationError, StorageError
from holdfast.memory import Memory
from holdfast.protocols import Fingerprint, TextKind
from holdfast.store import embedder_of, place_of
from holdfast.types import Value, Vectors

__all__ = ["Copied", "copy", "copy_store"]


@dataclass(frozen=True, slots=True)
class Copied(Value):
    """What a copy did.

    Args:
        users: Whose memory was written, read back, and found to be the same.
        standing: Whose memory was there already, the same: an earlier copy had come so far.
        counts: Rows of all these users by kind, as they stand in both stores now.
    """

    users: tuple[str, ...]
    standing: tuple[str, ...]
    counts: Mapping[str, int]


def copy_store(source: str, target: str, *, progress: Callable[[int, int], None] | None = None) -> Copied:
    """Copy everything that users said, and all that was derived from it, into another store.

    Nothing is embedded or extracted anew, so no model is needed, whatever embedder the source was made with. A user
    whose memory is in the target already, the same, is passed over: a copy that was interrupted is made again, and
    goes on where it was. Records are not copied.

    Args:
        source: A file or a `postgresql://` address.
        target: The other; a file is made when it is absent.
        progress: Called with the users done and the users in all.

    Raises:
        ConfigurationError: The source holds no store, or a user has another memory in the target; nothing of that
            user is changed.
        IncompatibleStoreError: The target holds vectors of another embedder.
        StorageError: A store could not be read or written, or what was written reads otherwise than the source.
    """
    fingerprint = embedder_of(source)
    if fingerprint is None:
        raise ConfigurationError(f"no memory in {place_of(source)}; nothing was copied")
    with _opened(source, fingerprint) as one, _opened(target, fingerprint) as other:
        return copy(one, other, progress=progress)


def copy(source: Memory, target: Memory, *, progress: Callable[[int, int], None] | None = None) -> Copied:
    """Do as `copy_store` between two open memories, which must have the same embedder."""
    users, known = source.users(), set(target.users())
    copied: list[str] = []
    standing: list[str] = []
    counts: dict[str, int] = {}
    for number, user_id in enumerate(users):
        lines = list(source.export(user_id))
        wanted = _digest(lines)
        if user_id in known and _digest(target.export(user_id)) == wanted:
            standing.append(user_id)
        else:
            target.load(lines)
            if _digest(target.export(user_id)) != wanted:
                raise StorageError(
                    target.path, f"what was written of {user_id!r} reads otherwise than in {source.path}"
                )
            copied.append(user_id)
        for name, count in lines[0]["counts"].items():
            counts[name] = counts.get(name, 0) + count
        if progress is not None:
            progress(number + 1, len(users))
    return Copied(tuple(copied), tuple(standing), counts)


def _digest(lines: Iterable[Mapping[str, Any]]) -> str:
    """Return a SHA-256 over a user's rows. Positions count from 1: they close up where messages were forgotten."""
    places: list[int] = []
    hashed = hashlib.sha256()
    for line in lines:
        ((name, value), *_) = line.items()
        if name in ("format", "end"):
            continue
        if name == "message":
            places.append(value["position"])
        if "position" in value:
            value = {**value, "position": bisect_right(places, value["position"])}
        hashed.update(json.dumps([name, value], ensure_ascii=False, sort_keys=True).encode() + b"\n")
    return hashed.hexdigest()


class _Kept:
    """An embedder by name alone: a copy takes vectors as they are."""

    def __init__(self, fingerprint: Fingerprint) -> None:
        self._fingerprint = fingerprint

    @property
    def fingerprint(self) -> Fingerprint:
        """See `Embedder.fingerprint`."""
        return self._fingerprint

    def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        """See `Embedder.embed`."""
        raise ConfigurationError("this memory was opened to copy it; open it with its embedder")


def _opened(place: str, fingerprint: Fingerprint) -> Memory:
    return Memory(place, embedder=_Kept(fingerprint), count_tokens=len)
