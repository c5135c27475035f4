"""What a message scores for a question: lexical and dense evidence, who said it and when."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from holdfast.ranking.bm25 import Lexical
from holdfast.ranking.calibration import FAR
from holdfast.ranking.columns import Bools, Closeness, Columns, Floats, Request, Weights

__all__ = ["ASSUMED", "TYPICAL", "deviations", "message_parts", "repeats", "spread"]

TYPICAL = 0.1
"""Deviation of cosines that is assumed before any key was seen, and how many keys that assumption weighs."""
ASSUMED = 16


def spread(cosines: Floats) -> float:
    """Return the deviation of cosines from their mean, drawn to `TYPICAL` where there are few.

    Source: the posterior mean of a variance under a conjugate prior worth `ASSUMED` observations; without it two keys
    would always stand one deviation from their mean, however alike they are.
    """
    squares = float(((cosines - cosines.mean()) ** 2).sum()) if len(cosines) else 0.0
    return float(np.sqrt((squares + ASSUMED * TYPICAL**2) / (len(cosines) + ASSUMED)))


def deviations(closeness: Closeness) -> Floats:
    """Return the cosines of the keys above `FAR`, in deviations, so that embedders of any scale weigh alike.

    Scores are fused, not ranks, which throw away how much better the first is. Source: Bruch et al., An Analysis of
    Fusion Functions for Hybrid Retrieval (2023).
    """
    standard: Floats = (closeness.cosine - FAR) / closeness.deviation
    return standard


def message_parts(
    columns: Columns, lexical: Lexical, dense: Floats, ideal: float, request: Request, weights: Weights
) -> Mapping[str, Floats]:
    """Return the named parts of each message's score, each of shape (m,).

    Args:
        columns: The partition.
        lexical: What its words match.
        dense: Of each message the deviations of its nearest key that may be returned; -inf without one.
        ideal: What a message would score that answers the question in its own words.
        request: The question.
        weights: How the parts count.
    """
    seen = np.isfinite(dense)
    parts: dict[str, Any] = {
        "lexical": weights.lexical * lexical.scores,
        "dense": np.where(seen, weights.dense * np.where(seen, dense, 0.0), -np.inf),
        "speaker": weights.speaker * _named(columns, request),
        "time": weights.time * _within(columns, request),
        "role": np.where(columns.by_user | request.assistant, 0.0, weights.assistant * ideal),
    }
    so_far: Floats = parts["lexical"] + parts["dense"] + parts["speaker"] + parts["time"] + parts["role"]
    parts["repeat"] = weights.repeat * ideal * repeats(columns, so_far)
    return parts


def repeats(columns: Columns, scores: Floats) -> Bools:
    """Return which messages say, word for word, what one with a better score says, or a later one with the same."""
    found = np.zeros(len(scores), dtype=bool)
    some = np.flatnonzero((columns.content >= 0) & np.isfinite(scores))
    content = columns.content[some]
    some = some[np.bincount(content)[content] > 1] if len(some) else some
    if len(some):
        order = some[np.lexsort((-columns.said_at[some], -scores[some]))]
        found[order] = True
        found[order[np.unique(columns.content[order], return_index=True)[1]]] = False
    return found


def _within(columns: Columns, request: Request) -> Bools:
    """Return which messages were said in a time that the question names."""
    found = np.zeros(len(columns.said_at), dtype=bool)
    for first, last in request.periods:
        found |= (first <= columns.said_at) & (columns.said_at <= last)
    return found


def _named(columns: Columns, request: Request) -> Bools:
    """Return which messages were said by someone the question names; none when it names all of them, or nobody."""
    speakers = np.unique(columns.name_speaker[np.isin(columns.name_terms, request.terms)])
    if not len(speakers) or len(speakers) == len(np.unique(columns.speaker)):
        return np.zeros(len(columns.speaker), dtype=bool)
    return np.isin(columns.speaker, speakers)
