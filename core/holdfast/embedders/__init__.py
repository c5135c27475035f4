"""Embedders: the embedded default, and any function of yours. A model is loaded when it is first asked."""

from holdfast.embedders.callable import CallableEmbedder
from holdfast.embedders.minilm import MiniLM

__all__ = ["CallableEmbedder", "MiniLM"]
