"""Ranking, put together: the parts of a score, the messages that lead, and how each is shown."""

from collections.abc import Iterator

import numpy as np

from holdfast.ranking.bm25 import matched_idf, window_bm25
from holdfast.ranking.calibration import reach
from holdfast.ranking.columns import Closeness, Columns, Floats, Ints, Ranked, Request, Weights
from holdfast.ranking.fusion import deviations, message_parts
from holdfast.ranking.groups import Groups

__all__ = ["MARGIN", "rank"]

MARGIN = 4
"""Messages, for each hit wanted, that are put in order before it is known whether more are needed."""


def rank(columns: Columns, closeness: Closeness, request: Request, weights: Weights) -> list[Ranked]:
    """Return the best facts and messages, at most `request.limit`, best first.

    A message's score is the sum of its parts, in shares of the best possible: see `message_parts` and `reach`. It is
    shown as itself or as the facts that rest on it: see `Groups`. Of several facts the one that matches best has the
    score of the message, the others what they fall behind less. Equal scores go to what was said later.

    Args:
        columns: The partition.
        closeness: How near the question is to every key.
        request: What may be returned.
        weights: How the parts count.
    """
    m = len(columns.said_at)
    groups = Groups(columns, request)
    keys = np.flatnonzero(groups.visible)
    if not len(keys):
        return []
    lexical = window_bm25(columns, request.terms, weights)
    standard = deviations(closeness)
    nearest = np.full(m, -np.inf)
    np.maximum.at(nearest, columns.message[keys], standard[keys])
    ideal = reach(lexical, closeness, weights)
    parts = message_parts(columns, lexical, nearest, ideal, request, weights)
    total = np.sum(list(parts.values()), axis=0)
    found: dict[tuple[int, int], Ranked] = {}
    leading: set[tuple[int, int]] = set()
    ends = np.cumsum(columns.length)
    keys = keys[np.argsort(columns.message[keys], kind="stable")]
    owners = columns.message[keys]
    for message in _best_first(total, columns.said_at, MARGIN * request.limit):
        # Every group gives a hit with the score of its message, so the best `limit` are among the first so many.
        if len(leading) >= request.limit:
            break
        own = keys[np.searchsorted(owners, message) : np.searchsorted(owners, message, side="right")]
        strength = np.zeros(len(own))
        if (columns.fact[own] >= 0).any():
            strength = weights.dense * standard[own] + weights.lexical * matched_idf(columns, ends, own, lexical)
        for one in groups.shown(int(message), own, strength):
            score = (float(total[message]) - one.behind) / ideal
            name = (-1, one.fact) if one.fact >= 0 else (one.message, -1)
            if not one.behind:
                leading.add(name)
            # A fact that was said twice stands in two groups and is shown once, with its better score.
            if name not in found or found[name].score < score:
                why = {part: float(values[message]) / ideal for part, values in parts.items()}
                why["fact"] = -one.behind / ideal
                span = None if one.fact >= 0 else _span(columns, own[columns.own[own]], standard)
                found[name] = Ranked(one.message, one.fact, score, span, why)
    by_score = sorted(
        found.values(), key=lambda one: (-one.score, -int(columns.said_at[one.message]), one.message, one.fact)
    )
    return by_score[: request.limit]


def _span(columns: Columns, own: Ints, standard: Floats) -> tuple[int, int] | None:
    """Return the span of the nearest chunk of a message that has several."""
    if len(own) < 2:
        return None
    best = own[np.argmax(standard[own])]
    return int(columns.start[best]), int(columns.end[best])


def _best_first(total: Floats, said_at: Ints, first: int) -> Iterator[int]:
    """Give the messages that may be shown in their order, the `first` of them without sorting the others."""
    visible = np.flatnonzero(total > -np.inf)
    least = np.partition(total[visible], -first)[-first] if len(visible) > first else -np.inf
    waiting = visible[total[visible] >= least]
    yield from waiting[np.lexsort((waiting, -said_at[waiting], -total[waiting]))].tolist()
    if len(waiting) < len(visible):
        rest = visible[total[visible] < least]
        yield from rest[np.lexsort((rest, -said_at[rest], -total[rest]))].tolist()
