"""Ranking, put together: the parts of a score, the messages that lead, and how each is shown."""

from collections.abc import Iterator

import numpy as np

from holdfast.ranking.bm25 import gathered, matched_idf, window_bm25
from holdfast.ranking.calibration import reach
from holdfast.ranking.columns import Closeness, Columns, Floats, Ints, Ranked, Request, Visible, Weights
from holdfast.ranking.fusion import added, deviations, message_parts
from holdfast.ranking.groups import Groups, visible

__all__ = ["MORE", "PARTS", "rank"]

PARTS = ("lexical", "dense", "speaker", "time", "role", "repeat", "fact")
"""The parts of a score, as a hit names them: those of its message, and what its fact stays behind that."""

_MANY = 10_000

MORE = 4
"""How many times as many messages are put in order next, when those so far did not give the hits wanted."""


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
    seen = visible(columns, request)
    if not len(seen.keys):
        return []
    lexical = window_bm25(columns, request.terms, weights)
    standard = deviations(closeness)
    dense = _dense(columns, seen, standard, closeness.nearest)
    ideal = reach(lexical, closeness, weights)
    parts = message_parts(columns, lexical, dense, ideal, request, weights)
    total = added(parts)
    groups = Groups(columns, request)
    nothing: dict[str, float] = dict.fromkeys(PARTS, 0.0)
    found: dict[tuple[int, int], Ranked] = {}
    leading: set[tuple[int, int]] = set()
    for messages in _best_first(total, columns.said_at, seen.messages, request.limit):
        group = np.searchsorted(seen.messages, messages)
        first, last = seen.starts[group], seen.starts[group + 1]
        keys = gathered(seen.keys, first, last)
        strength = (weights.dense * standard[keys] + weights.lexical * matched_idf(columns, keys, lexical)).tolist()
        facts, ends = columns.fact[keys].tolist(), np.cumsum(last - first).tolist()
        shares = {name: (part[messages] / ideal).tolist() for name, part in parts.items()}
        scores = (total[messages] / ideal).tolist()
        start = 0
        for place, (message, end) in enumerate(zip(messages.tolist(), ends, strict=True)):
            # Every group gives a hit with the score of its message, so the best `limit` are among the first so many.
            if len(leading) >= request.limit:
                break
            for one in groups.shown(message, facts[start:end], strength[start:end]):
                behind = one.behind / ideal
                score = scores[place] - behind
                name = (-1, one.fact) if one.fact >= 0 else (one.message, -1)
                if not behind:
                    leading.add(name)
                # A fact that was said twice stands in two groups and is shown once, with its better score.
                if name not in found or found[name].score < score:
                    span = None if one.fact >= 0 else _span(columns, keys[start:end], standard)
                    why = nothing.copy()
                    for part, values in shares.items():
                        why[part] = values[place]
                    why["fact"] = 0.0 - behind
                    found[name] = Ranked(message, one.fact, score, span, why)
            start = end
        if len(leading) >= request.limit:
            break
    by_score = sorted(
        found.values(), key=lambda one: (-one.score, -int(columns.said_at[one.message]), one.message, one.fact)
    )
    return by_score[: request.limit]


def _dense(columns: Columns, seen: Visible, standard: Floats, nearest: Ints | None) -> Floats:
    """Return of each message the deviations of its nearest key that may be returned; -inf without one."""
    m = len(columns.said_at)
    dense = np.full(m, -np.inf)
    if nearest is None:
        dense[seen.messages] = np.maximum.reduceat(standard[seen.keys], seen.starts[:-1])
        return dense
    least = standard[nearest].min()  # what the others are taken to be
    if len(seen.messages) == m:
        dense.fill(least)
    else:
        dense[seen.messages] = least
    near = nearest[seen.may[nearest]]
    np.maximum.at(dense, columns.message[near], standard[near])
    return dense


def _span(columns: Columns, keys: Ints, standard: Floats) -> tuple[int, int] | None:
    """Return the span of the nearest chunk of a message that has several."""
    if len(keys) < 2:
        return None
    own = keys[columns.own[keys]]
    if len(own) < 2:
        return None
    best = own[np.argmax(standard[own])]
    return int(columns.start[best]), int(columns.end[best])


def _best_first(total: Floats, said_at: Ints, messages: Ints, first: int) -> Iterator[Ints]:
    """Give messages in their order, the `first` of them without sorting the others, then MORE times as many."""
    scores = total[messages]
    while len(messages) > first:
        some = scores
        if len(some) > _MANY:
            # Nearly all messages of a large partition share the least score, and selection is slow among equals.
            above = scores[scores > scores.min()]
            some = above if len(above) >= first else scores
        leading = scores >= np.partition(some, -first)[-first]
        yield _in_order(messages[leading], scores[leading], said_at)
        messages, scores = messages[~leading], scores[~leading]
        first *= MORE
    if len(messages):
        yield _in_order(messages, scores, said_at)


def _in_order(messages: Ints, scores: Floats, said_at: Ints) -> Ints:
    return messages[np.lexsort((messages, -said_at[messages], -scores))]
