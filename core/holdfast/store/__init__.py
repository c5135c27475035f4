"""Where memory is kept: `SQLiteStore` in one file, `holdfast.store.postgres` on a server."""

from holdfast.store.opening import embedder_of, is_server, place_of
from holdfast.store.pages import renew_checksums
from holdfast.store.sqlite import SQLiteStore

__all__ = ["SQLiteStore", "embedder_of", "is_server", "place_of", "renew_checksums"]
