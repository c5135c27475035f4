"""What a message scores for a question: lexical and dense evidence, who said it and when."""

from collections.abc import Mapping

import numpy as np

from holdfast.ranking.bm25 import Lexical
from holdfast.ranking.calibration import FAR
from holdfast.ranking.columns import Closeness, Columns, Floats, Request, Weights

__all__ = ["ASSUMED", "TYPICAL", "added", "deviations", "message_parts", "repeats", "spread"]

TYPICAL = 0.1
"""Deviation of cosines that is assumed before any key was seen, and how many keys that assumption weighs."""
ASSUMED = 16


def spread(cosines: Floats) -> float:
    """Return the deviation of cosines from their mean, drawn to `TYPICAL` where there are few.

    Source: the posterior mean of a variance under a conjugate prior worth `ASSUMED` observations; without it two keys
    would always stand one deviation from their mean, however alike they are.
    """
    squares = 0.0
    if len(cosines):
        around = cosines - cosines.sum() / len(cosines)
        squares = float(around.dot(around))
    return float(np.sqrt((squares + ASSUMED * TYPICAL**2) / (len(cosines) + ASSUMED)))


def deviations(closeness: Closeness) -> Floats:
    """Return the cosines of the keys above `FAR`, in deviations, so that embedders of any spread weigh alike.

    Scores are fused, not ranks, which throw away how much better the first is. Source: Bruch et al., An Analysis of
    Fusion Functions for Hybrid Retrieval (2023).
    """
    standard: Floats = (closeness.cosine - FAR) / closeness.deviation
    return standard


def message_parts(
    columns: Columns, lexical: Lexical, dense: Floats, ideal: float, request: Request, weights: Weights
) -> Mapping[str, Floats]:
    """Return the named parts of each message's score, each of shape (m,); those that are 0 for all are left out.

    Args:
        columns: The partition.
        lexical: What its words match.
        dense: Of each message the deviations of its nearest key that may be returned; -inf without one.
        ideal: What a message would score that answers the question in its own words.
        request: The question.
        weights: How the parts count.
    """
    parts: dict[str, Floats] = {
        "dense": weights.dense * dense if weights.dense else np.where(np.isfinite(dense), 0.0, -np.inf)
    }
    if len(lexical.terms):
        parts["lexical"] = weights.lexical * lexical.scores
    if len(columns.name_terms):
        parts["speaker"] = weights.speaker * _named(columns, request)
    if request.periods:
        parts["time"] = weights.time * _within(columns, request)
    if not columns.users_alone and not request.assistant:
        parts["role"] = weights.assistant * ideal * (~columns.by_user).astype(np.float64)
    if len(columns.repeated):
        parts["repeat"] = weights.repeat * ideal * repeats(columns, added(parts))
    return parts


def added(parts: Mapping[str, Floats]) -> Floats:
    """Return the sum of the parts."""
    first, *others = parts.values()
    total: Floats = first.copy()
    for part in others:
        total += part
    return total


def repeats(columns: Columns, scores: Floats) -> Floats:
    """Return 1 for what says, word for word, the same as one with a better score, or as a later one with the same."""
    found = np.zeros(len(scores))
    some = columns.repeated[np.isfinite(scores[columns.repeated])]
    if len(some):
        order = some[np.lexsort((-columns.said_at[some], -scores[some]))]
        found[order] = 1
        found[order[np.unique(columns.content[order], return_index=True)[1]]] = 0
    return found


def _within(columns: Columns, request: Request) -> Floats:
    """Return which messages were said in a time that the question names."""
    found = np.zeros(len(columns.said_at), dtype=bool)
    for first, last in request.periods:
        found |= (first <= columns.said_at) & (columns.said_at <= last)
    return found.astype(np.float64)


def _named(columns: Columns, request: Request) -> Floats:
    """Return which messages were said by someone the question names; none when it names all of them, or nobody."""
    speakers = np.unique(columns.name_speaker[np.isin(columns.name_terms, request.terms)])
    if len(speakers) == columns.speakers:
        return np.zeros(len(columns.said_at))
    return np.isin(columns.speaker, speakers).astype(np.float64)
