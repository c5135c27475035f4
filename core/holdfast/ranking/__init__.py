"""Which messages and facts answer a question: lexical and dense scores over keys, fused, then grouped. Pure numpy.

- `columns`: what ranking reads, and the weights.
- `bm25`: words, of a message and of those around it.
- `fusion`: the parts of a message's score.
- `groups`: whether a message is shown as itself or as its facts.
- `calibration`: scores that mean the same for every question.
- `order`: all of it, put together.
"""

from holdfast.ranking.bm25 import neighbours, window_bm25
from holdfast.ranking.calibration import FAR, NEAR, reach
from holdfast.ranking.columns import (
    FOR_EVER,
    SPEAKS_FOR,
    Bools,
    Closeness,
    Columns,
    Floats,
    Ints,
    Ranked,
    Request,
    Terms,
    Weights,
)
from holdfast.ranking.fusion import spread
from holdfast.ranking.groups import visible
from holdfast.ranking.order import rank

__all__ = [
    "FAR",
    "FOR_EVER",
    "NEAR",
    "SPEAKS_FOR",
    "Bools",
    "Closeness",
    "Columns",
    "Floats",
    "Ints",
    "Ranked",
    "Request",
    "Terms",
    "Weights",
    "neighbours",
    "rank",
    "reach",
    "spread",
    "visible",
    "window_bm25",
]
