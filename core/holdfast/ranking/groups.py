"""A message with its keys is a group: it is shown either as itself or as the facts that rest on it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from holdfast.ranking.columns import FOR_EVER, Bools, Columns, Request, Visible

__all__ = ["CROWD", "Groups", "Shown", "visible"]

CROWD = 1.0
"""What each further fact of a message stays behind, so that one message does not fill the list."""


class Shown(NamedTuple):
    """A message, or a fact in its place, and how far it stays `behind` the score of its message."""

    message: int
    fact: int
    behind: float


class Groups:
    """How messages are shown, asked for in their order: what an earlier one showed, a later one shows no second time.

    A fact takes the place of its message when it matches at least as well as the message's own words, or when the
    message says little else; so a message and a fact that rests on it never stand side by side.
    """

    def __init__(self, columns: Columns, request: Request) -> None:
        self._covered = columns.spoken_for
        self._facts = "facts" in request.among
        self._told: set[int] = set()
        self._quoted: set[int] = set()

    def shown(self, message: int, facts: Sequence[int], strength: Sequence[float]) -> list[Shown]:
        """Return how a message is shown, given its visible keys: the fact of each or -1, and how well it matches."""
        stated = [(one, number) for one, number in zip(strength, facts, strict=True) if number >= 0]
        if not self._facts or not stated:
            return [Shown(message, -1, 0.0)]
        if len(stated) > 1:
            stated.sort(key=lambda one: -one[0])
        here = [number for _, number in stated]
        best = stated[0][0]
        words = len(stated) < len(facts) and not self._covered[message] and self._told.isdisjoint(here)
        if words and best < max(one for one, number in zip(strength, facts, strict=True) if number < 0):
            self._quoted.update(here)
            return [Shown(message, -1, 0.0)]
        self._told.update(number for number in here if number not in self._quoted)
        return [
            Shown(message, number, best - one + CROWD * rank)
            for rank, (one, number) in enumerate(stated)
            if number not in self._quoted
        ]


def visible(columns: Columns, request: Request) -> Visible:
    """Return which keys may be returned; a message whose every word went into facts that no longer hold may not."""
    filtered = request.as_of is not None or request.messages is not None or request.facts is not None
    known = None if filtered else columns.standing.get(request.among)
    if known is None:
        known = _visible(columns, request)
        if not filtered:
            columns.standing[request.among] = known
    return known


def _visible(columns: Columns, request: Request) -> Visible:
    is_fact = columns.fact >= 0
    messages = _visible_messages(columns, request)
    true = _true_facts(columns, request.as_of)
    if "facts" not in request.among:
        may = messages[columns.message]
    else:
        facts = true if request.facts is None else true & np.append(request.facts, False)
        may = np.where(is_fact, facts[columns.fact], messages[columns.message])
        if "messages" not in request.among:
            may &= is_fact
        else:
            keys = np.flatnonzero(is_fact)
            holding = np.bincount(columns.message[keys], true[columns.fact[keys]], len(columns.said_at)) > 0
            may &= is_fact | ~(columns.spoken_for & ~holding)[columns.message]
    keys = columns.in_order[may[columns.in_order]]
    owners = columns.message[keys]
    starts = np.flatnonzero(np.append(True, owners[1:] != owners[:-1])) if len(keys) else np.zeros(0, dtype=np.int64)
    return Visible(may, keys, owners[starts], np.append(starts, len(keys)))


def _visible_messages(columns: Columns, request: Request) -> Bools:
    known = np.ones(len(columns.said_at), dtype=bool)
    if request.as_of is not None:
        known = columns.said_at <= request.as_of
    return known if request.messages is None else known & request.messages


def _true_facts(columns: Columns, as_of: int | None) -> Bools:
    last = columns.valid_to
    true = last == FOR_EVER if as_of is None else (columns.valid_from <= as_of) & (as_of < last)
    return np.append(true, False)  # index -1, a key without a fact, reads the last
