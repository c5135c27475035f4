"""The pictures: facts over time, facts by meaning, tokens over a conversation."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from holdfast.display.scene import Curve, Dash, Dot, Joint, Scene, Span, short
from holdfast.display.sheet import counted, day
from holdfast.ledger import Ledger
from holdfast.types import CATEGORIES, Fact

_SLIVER = 0.006
"""Share of the width that the shortest bar takes, so that what held for a moment is seen."""


_NOTHING = 1e-9
"""A variance that is only what rounding left."""


def timeline(facts: Sequence[Fact], *, user_id: str, now: datetime, limit: int) -> Scene:
    """Return facts as bars from when to when they held; what superseded another stands behind it in its row."""
    shown = sorted(sorted(facts, key=lambda fact: fact.valid_from)[-limit:], key=lambda fact: fact.valid_from)
    note = f"{counted(len(shown), 'fact')} from when to when they held"
    if len(shown) < len(facts):
        note = f"the latest {len(shown):,} of {len(facts):,} facts, from when to when they held"
    title = f"Facts of {short(user_id, 30)} over time"
    if not shown:
        return Scene(title, "no facts yet", "time")
    chains = _chains(shown)
    row_of = {fact.id: row for row, chain in enumerate(chains) for fact in chain}
    first = shown[0].valid_from
    last = max(now, *(fact.valid_to or fact.valid_from for fact in shown))
    width = last - first or timedelta(days=1)
    spans = tuple(
        Span(
            row_of[fact.id],
            fact.valid_from,
            max(fact.valid_to or first + width, fact.valid_from + width * _SLIVER),
            fact.category,
            short(fact.value or "", 24),
            _told(fact),
            not fact.active,
        )
        for fact in shown
    )
    joints = tuple(
        Joint(fact.valid_to, row_of[fact.id], row_of[fact.superseded_by])
        for fact in shown
        if fact.valid_to is not None and fact.superseded_by in row_of and row_of[fact.superseded_by] != row_of[fact.id]
    )
    return Scene(title, note, "time", rows=tuple(short(chain[-1].text) for chain in chains), spans=spans, joints=joints)


def _chains(facts: Sequence[Fact]) -> list[list[Fact]]:
    """Return facts in rows: each with the one that it superseded, or in a row of its own; rows by category."""
    ending: dict[str, list[Fact]] = {}  # the successor's id: the row that waits for it
    chains: list[list[Fact]] = []
    for fact in facts:
        chain = ending.pop(fact.id, [])
        if not chain:
            chains.append(chain)
        chain.append(fact)
        if fact.superseded_by is not None:
            ending[fact.superseded_by] = chain
    order = {name: number for number, name in enumerate(CATEGORIES)}
    return sorted(chains, key=lambda chain: (order[chain[-1].category], chain[0].valid_from))


def _told(fact: Fact) -> str:
    lines = [fact.text, f"{fact.kind}, said on {day(fact.said_at)}"]
    if fact.valid_to is not None:
        lines.append(f"until {day(fact.valid_to)}: {fact.reason or 'superseded'}")
    lines += [f"“{one.quote}”" for one in fact.evidence[:2]]
    return "\n".join(short(line, 110) for line in lines)


def fact_map(facts: Sequence[Fact], vectors: Mapping[str, npt.NDArray[np.float32]], *, user_id: str) -> Scene:
    """Return facts as points of a plane, near to what is like them in meaning, as far as a plane can show it."""
    placed = [fact for fact in facts if fact.id in vectors]
    title = f"Facts of {short(user_id, 30)} by meaning"
    if not placed:
        return Scene(title, "no facts yet", "hidden")
    points, kept = project(np.stack([vectors[fact.id] for fact in placed]))
    note = f"{counted(len(placed), 'fact')}; two principal axes, which hold {kept:.0%} of what sets them apart"
    dots = tuple(
        Dot(float(x), float(y), fact.category, short(fact.text, 40), _told(fact), not fact.active)
        for fact, (x, y) in zip(placed, points, strict=True)
    )
    return Scene(title, note, "hidden", dots=dots)


def project(vectors: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float64], float]:
    """Return the principal two coordinates of each row, shape (n, 2), and the share of the variance that they hold.

    The sign of an axis is free; it is chosen so that its largest coordinate is positive, and the picture of the same
    facts is the same.
    """
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    count, width = centred.shape
    # Of the two matrices with these eigenvalues the smaller one: a thousand facts take a tenth of a second.
    if count < width:
        values, left = np.linalg.eigh(centred @ centred.T)
        found = left[:, ::-1][:, :2] * np.sqrt(np.maximum(values[::-1][:2], 0.0))
    else:
        values, axes = np.linalg.eigh(centred.T @ centred)
        found = centred @ axes[:, ::-1][:, :2]
    points = np.zeros((count, 2))
    points[:, : found.shape[1]] = found
    for axis in range(2):
        furthest = points[np.argmax(np.abs(points[:, axis])), axis]
        points[:, axis] *= -1.0 if furthest < 0 else 1.0
    total = float(values.sum())
    return points, float(values[-2:].sum()) / total if total > _NOTHING else 1.0


def spending(ledger: Ledger) -> Scene:
    """Return what was spent, injected and saved as curves over the entries, against the full history."""
    points = ledger.series
    unit = "tokens" if ledger.prices is None else "currency of the prices"
    whose = "all users" if ledger.user_id is None else short(ledger.user_id, 30)
    title = f"What the memory of {whose} cost and saved"
    if not points:
        return Scene(title, "nothing booked yet", "number")
    saved = ledger.saved
    amount = f"{abs(saved):,.0f} tokens" if ledger.prices is None else f"{abs(saved):,.6f}"
    note = f"saved {amount} in the end" if saved >= 0 else f"cost {amount} more than it saved"

    def curve(name: str, colour: str, dash: Dash, values: Sequence[float]) -> Curve:
        told = [f"{name}: {value:,.6g}\n{day(point.at)}" for value, point in zip(values, points, strict=True)]
        return Curve(name, colour, dash, tuple(values), tuple(told))

    return Scene(
        title,
        note,
        "number",
        x_title="prompts and extractions, one after the other",
        y_title=f"{unit}, summed",
        curves=(
            curve("full history", "#848c96", "dash", [point.history for point in points]),
            curve("injected", "#4c84c4", "solid", [point.injected for point in points]),
            curve("spent on writing", "#e08a2c", "dot", [point.spent for point in points]),
            curve("saved, net", "#3fa34d", "solid", [point.saved for point in points]),
        ),
    )
