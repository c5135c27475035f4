"""The embedded extractor: rules for English, no model, no key, no network."""

from holdfast.extractors.embedded.extractor import EmbeddedExtractor

__all__ = ["EmbeddedExtractor"]
