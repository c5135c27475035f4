"""Embedders: the embedded default, a server, and any function of yours. A model is loaded when it is first asked."""

from holdfast.embedders.callable import CallableEmbedder
from holdfast.embedders.minilm import MiniLM
from holdfast.embedders.openai import OpenAIEmbedder

__all__ = ["CallableEmbedder", "MiniLM", "OpenAIEmbedder"]
