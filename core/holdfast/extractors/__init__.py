"""Extractors: messages in, proposed facts and further search keys out."""
