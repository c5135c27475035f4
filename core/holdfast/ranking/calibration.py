"""A score that means the same for every question."""

from holdfast.ranking.bm25 import Lexical
from holdfast.ranking.columns import Closeness, Weights

__all__ = ["FAR", "NEAR", "reach"]

NEAR = 0.6
"""Cosine of a question with a text that answers it in nearly its own words."""

FAR = 0.1
"""Cosine of texts that have nothing to do with each other; both are those of the embedded model."""


def reach(lexical: Lexical, closeness: Closeness, weights: Weights) -> float:
    """Return what a message would score that holds every word of the question once and stands `NEAR` to it.

    Measured against this, a score no longer depends on how many words the question has, how rare they are here, nor
    on how far apart the cosines of this partition lie. It divides all scores of a question alike, so their order
    stays.
    """
    words = weights.lexical * float(lexical.idf.sum())
    return max(words + weights.dense * (NEAR - FAR) / closeness.deviation, 1e-9)
