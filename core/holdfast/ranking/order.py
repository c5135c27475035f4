"""Ranking, put together: the parts of a score, the messages that lead, and how each is shown."""

from collections.abc import Iterator

import numpy as np

from holdfast.ranking.bm25 import matched_idf, runs, window_bm25
from holdfast.ranking.calibration import reach
from holdfast.ranking.columns import Closeness, Columns, Floats, Ints, Ranked, Request, Weights
from holdfast.ranking.fusion import deviations, message_parts
from holdfast.ranking.groups import Groups, visible

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
    seen = visible(columns, request)
    if not len(seen.keys):
        return []
    lexical = window_bm25(columns, request.terms, weights)
    standard = deviations(closeness)
    dense = np.full(len(columns.said_at), -np.inf)
    dense[seen.messages] = np.maximum.reduceat(standard[seen.keys], seen.starts[:-1])
    ideal = reach(lexical, closeness, weights)
    parts = message_parts(columns, lexical, dense, ideal, request, weights)
    total = sum(parts.values(), start=np.zeros(1))
    groups = Groups(columns, request)
    names = [*parts, "fact"]
    found: dict[tuple[int, int], Ranked] = {}
    leading: set[tuple[int, int]] = set()
    for messages in _best_first(total, columns.said_at, seen.messages, MARGIN * request.limit):
        group = np.searchsorted(seen.messages, messages)
        first, counts = seen.starts[group], seen.starts[group + 1] - seen.starts[group]
        keys = seen.keys[runs(first, counts)]
        strength = (weights.dense * standard[keys] + weights.lexical * matched_idf(columns, keys, lexical)).tolist()
        facts, ends = columns.fact[keys].tolist(), np.cumsum(counts).tolist()
        shares = [(part[messages] if len(part) > 1 else part.repeat(len(messages))) / ideal for part in parts.values()]
        why = np.stack(shares, axis=1).tolist()
        start = 0
        for place, (message, end) in enumerate(zip(messages.tolist(), ends, strict=True)):
            # Every group gives a hit with the score of its message, so the best `limit` are among the first so many.
            if len(leading) >= request.limit:
                break
            for one in groups.shown(message, facts[start:end], strength[start:end]):
                score = (float(total[message]) - one.behind) / ideal
                name = (-1, one.fact) if one.fact >= 0 else (one.message, -1)
                if not one.behind:
                    leading.add(name)
                # A fact that was said twice stands in two groups and is shown once, with its better score.
                if name not in found or found[name].score < score:
                    span = None if one.fact >= 0 else _span(columns, keys[start:end], standard)
                    found[name] = Ranked(
                        message,
                        one.fact,
                        score,
                        span,
                        dict(zip(names, [*why[place], -one.behind / ideal], strict=True)),
                    )
            start = end
        if len(leading) >= request.limit:
            break
    by_score = sorted(
        found.values(), key=lambda one: (-one.score, -int(columns.said_at[one.message]), one.message, one.fact)
    )
    return by_score[: request.limit]


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
    """Give messages in their order, the `first` of them without sorting the others."""
    scores = total[messages]
    if len(messages) <= first:
        yield _in_order(messages, scores, said_at)
        return
    least = np.partition(scores, -first)[-first]
    yield _in_order(messages[scores >= least], scores[scores >= least], said_at)
    yield _in_order(messages[scores < least], scores[scores < least], said_at)


def _in_order(messages: Ints, scores: Floats, said_at: Ints) -> Ints:
    return messages[np.lexsort((messages, -said_at[messages], -scores))]
