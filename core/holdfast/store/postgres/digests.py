"""Texts of any length, as numbers that an index can hold."""

import hashlib

__all__ = ["digest"]


def digest(text: str) -> int:
    """Return eight bytes that stand for a text in an index, as a signed number."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
