"""What a place holds, before anybody opens it."""

import re
from pathlib import Path

from holdfast.errors import MissingExtraError
from holdfast.protocols import Fingerprint
from holdfast.store.database import Database

__all__ = ["embedder_of", "is_server", "place_of"]

_SERVERS = ("postgresql", "postgres")
_FINGERPRINT = re.compile(r"(.*) \((\d+) dimensions, revision (.*)\)", re.DOTALL)


def is_server(place: str) -> bool:
    """Whether a place is the address of a PostgreSQL server; anything else is a file."""
    scheme, separator, _ = place.partition("://")
    return bool(separator) and scheme in _SERVERS


def embedder_of(place: str) -> Fingerprint | None:
    """Return whose vectors the store at a place holds; None when there is no store, and none is made.

    Raises:
        StorageError: It could not be read.
    """
    found = _on_server(place) if is_server(place) else _in_file(place)
    match = None if found is None else _FINGERPRINT.fullmatch(found)
    return None if match is None else Fingerprint(match[1], int(match[2]), match[3])


def place_of(place: str) -> str:
    """Return a place as it may be shown: the address of a server without its password."""
    if not is_server(place):
        return place
    from holdfast.store.postgres.connections import shown

    return shown(place)


def _in_file(place: str) -> str | None:
    if not Path(place).is_file():
        return None
    database = Database(place)
    try:
        with database.reading() as db:
            found = db.execute("SELECT value FROM meta WHERE name='embedder'").get
    finally:
        database.close()
    return None if found is None else str(found)


def _on_server(place: str) -> str | None:
    try:
        from holdfast.store.postgres import embedder_on
    except ImportError as error:
        raise MissingExtraError("postgres", error.name or "psycopg") from error
    return embedder_on(place)
