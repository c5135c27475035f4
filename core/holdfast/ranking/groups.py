"""A message with its keys is a group: it is shown either as itself or as the facts that rest on it."""

from dataclasses import dataclass

import numpy as np

from holdfast.ranking.columns import FOR_EVER, Bools, Columns, Floats, Ints, Request

__all__ = ["CROWD", "SPEAKS_FOR", "Groups", "Shown", "spoken_for"]

SPEAKS_FOR = 0.8
"""Share of a message's characters that its facts must rest on to stand for the whole message."""

CROWD = 1.0
"""What each further fact of a message stays behind, so that one message does not fill the list."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message, or a fact in its place, and how far it stays `behind` the score of its message."""

    message: int
    fact: int
    behind: float


def spoken_for(columns: Columns) -> Bools:
    """Return which messages their facts stand for: they rest on SPEAKS_FOR of its characters or more."""
    keys = np.flatnonzero(columns.fact >= 0)
    # The messages are laid end to end, so that one pass counts what lies under several facts once.
    width = int(columns.end.max(initial=0)) + 1
    starts, ends = (columns.message[keys] * width + side[keys] for side in (columns.start, columns.end))
    order = np.argsort(starts, kind="stable")
    reached = np.concatenate([[0], np.maximum.accumulate(ends[order])[:-1]]) if len(order) else starts
    new = np.maximum(ends[order] - np.maximum(starts[order], reached), 0)
    spans = np.bincount(columns.message[keys][order], new, len(columns.said_at))
    return spans >= SPEAKS_FOR * np.maximum(columns.size, 1)


class Groups:
    """Which keys may be returned, and how a message with them is shown.

    A fact takes the place of its message when it matches at least as well as the message's own words, or when the
    message says little else; so a message and a fact that rests on it never stand side by side. A message whose every
    word went into facts that no longer hold is not shown.
    """

    def __init__(self, columns: Columns, request: Request) -> None:
        self._columns = columns
        self._request = request
        self._told: set[int] = set()
        self._quoted: set[int] = set()
        true = self._true_facts()
        is_fact = columns.fact >= 0
        self._covered = spoken_for(columns)
        keys = np.flatnonzero(is_fact)
        holding = np.bincount(columns.message[keys], true[columns.fact[keys]], len(columns.said_at)) > 0
        outdated = self._covered & ~holding
        messages = self._visible_messages()
        facts = true if request.facts is None else true & np.append(request.facts, False)
        self.visible = np.where(is_fact, facts[columns.fact], messages[columns.message])
        if "messages" not in request.among:
            self.visible &= is_fact
        elif "facts" not in request.among:
            self.visible = messages[columns.message]
        else:
            self.visible &= is_fact | ~outdated[columns.message]

    def shown(self, message: int, keys: Ints, strength: Floats) -> list[Shown]:
        """Return how a message is shown, given its visible keys and how well each matches the question.

        Messages are asked for in their order: what an earlier one showed, a later one shows no second time.
        """
        fact = self._columns.fact[keys]
        facts, words = np.flatnonzero(fact >= 0), np.flatnonzero(fact < 0)
        here = set(fact[facts].tolist())
        if "facts" not in self._request.among or not here:
            return [Shown(message, -1, 0.0)]
        says_more = not self._covered[message] and len(words) > 0
        if says_more and strength[facts].max() < strength[words].max() and not here & self._told:
            self._quoted |= here
            return [Shown(message, -1, 0.0)]
        self._told |= here - self._quoted
        ordered = facts[np.argsort(-strength[facts], kind="stable")]
        behind = strength[ordered[0]] - strength[ordered] + CROWD * np.arange(len(ordered))
        return [
            Shown(message, number, distance)
            for number, distance in zip(fact[ordered].tolist(), behind.tolist(), strict=True)
            if number not in self._quoted
        ]

    def _visible_messages(self) -> Bools:
        known = np.ones(len(self._columns.said_at), dtype=bool)
        if self._request.as_of is not None:
            known = self._columns.said_at <= self._request.as_of
        return known if self._request.messages is None else known & self._request.messages

    def _true_facts(self) -> Bools:
        columns, as_of = self._columns, self._request.as_of
        if as_of is None:
            true = columns.valid_to == FOR_EVER
        else:
            true = (columns.valid_from <= as_of) & (as_of < columns.valid_to)
        return np.append(true, False)  # index -1, a key without a fact, reads the last
