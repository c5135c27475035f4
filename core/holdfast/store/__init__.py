"""Where memory is kept: `SQLiteStore` in one file."""

from holdfast.store.pages import renew_checksums
from holdfast.store.sqlite import SQLiteStore

__all__ = ["SQLiteStore", "renew_checksums"]
