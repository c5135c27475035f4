"""Partitions in memory: one exact FAISS index a user, filled from the store and never trusted over it."""

from holdfast.index.cache import MEMORY, Index
from holdfast.index.partition import Partition

__all__ = ["MEMORY", "Index", "Partition"]
