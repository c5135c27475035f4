"""The lexical half: which messages, and which keys of a message, hold the words of a question."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from holdfast.ranking.columns import Bools, Columns, Floats, Ints, Postings, Terms, Weights

__all__ = ["MANY", "Lexical", "gathered", "matched_idf", "neighbours", "window_bm25", "windows"]

MANY = 64
"""Distinct terms of a question that count, the first ones; a longer text asks about nothing in particular."""

_Number = TypeVar("_Number", bound=np.generic)

_SPARSE = 32  # terms that few messages hold are counted by sorting, the others by an array of all messages
_CELLS = 1_000_000  # frequencies that are counted at once: terms times messages


@dataclass(frozen=True, slots=True)
class Lexical:
    """BM25 of every message, shape (m,); the distinct terms of the question and the idf of each."""

    scores: Floats
    terms: Terms
    idf: Floats


def neighbours(session: Ints, by_user: Bools, position: Ints) -> Ints:
    """Return for each message the ones one before, one after, two before and two after it in its session.

    Shape (4, m); m where there is none, and where either is the assistant's: what an assistant writes at length about
    a message says nothing about what its user meant. `position` is their order in the journal.
    """
    m = len(session)
    order = np.lexsort((position, session))
    beside = np.full((4, m), m, dtype=np.int64)
    for row, distance in ((0, 1), (2, 2)):
        earlier, later = order[:-distance], order[distance:]
        together = (session[earlier] == session[later]) & by_user[earlier] & by_user[later]
        beside[row, later[together]] = earlier[together]
        beside[row + 1, earlier[together]] = later[together]
    return beside


def windows(values: Floats, beside: Ints, weights: Weights) -> Floats:
    """Return each message's value plus the weighted values of its neighbours."""
    padded = np.append(values, 0.0)
    near = weights.beside * (padded[beside[0]] + padded[beside[1]])
    further = weights.near * (padded[beside[2]] + padded[beside[3]])
    total: Floats = values + near + further
    return total


def window_bm25(columns: Columns, terms: Terms, weights: Weights) -> Lexical:
    """Score every message by the terms of the question in its own words and in those around it.

    A term's frequency in a message is its own, plus half of that next to it and a quarter of that two messages away
    in the same session: the answer and the word that names it often stand in neighbouring turns. The mean length is
    taken over the user's messages and over the others apart, since an assistant writes at another length. A term of
    the question counts once; statistics are those of this partition alone.

    Source: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), with the idf of
    Lucene, ln(1 + (n - df + 0.5) / (df + 0.5)), which is never negative; k1 and b are those of Anserini's passages.
    Frequencies that fade with distance: Lv and Zhai, Positional Language Models for Information Retrieval (2009).
    """
    m = len(columns.said_at)
    distinct = _distinct(terms)
    scores, idfs = np.zeros(m), np.zeros(len(distinct))
    if not m or not len(distinct):
        return Lexical(scores, distinct, idfs)
    norm = columns.norms.get(weights)
    if norm is None:
        norm = columns.norms[weights] = _norm(columns, weights)
    counted = np.array([1.0, weights.beside, weights.beside, weights.near, weights.near])
    together = max(1, _CELLS // (m + 1))
    for first in range(0, len(distinct), together):
        some = distinct[first : first + together]
        numbers, holders = _holders(columns.postings, some)
        places = columns.around[:, holders] + numbers * (m + 1)
        cells, frequency = _added_up(places.ravel(), np.repeat(counted, len(holders)), len(some) * (m + 1))
        number, message = np.divmod(cells, m + 1)
        there = message < m
        number, message, near = number[there], message[there], frequency[there]
        found = np.bincount(number, minlength=len(some))
        idf = np.log1p((m - found + 0.5) / (found + 0.5))
        idfs[first : first + together] = idf
        scores += np.bincount(message, idf[number] * near * (weights.k1 + 1) / (near + norm[message]), m)
    return Lexical(scores, distinct, idfs)


def _added_up(places: Ints, values: Floats, size: int) -> tuple[Ints, Floats]:
    """Return which of `size` places occur, and the sum of the values at each."""
    if len(places) < size // _SPARSE:
        order = np.argsort(places)
        places = places[order]
        first = np.flatnonzero(np.append(True, places[1:] != places[:-1])[: len(places)])
        return places[first], np.add.reduceat(values[order], first, dtype=np.float64) if len(first) else values
    sums = np.bincount(places, values, size)
    some = np.flatnonzero(sums)
    return some, sums[some].astype(np.float64)


def _norm(columns: Columns, weights: Weights) -> Floats:
    m = len(columns.said_at)
    length = windows(np.bincount(columns.word_message, minlength=m).astype(np.float64), columns.beside, weights)
    norm: Floats = weights.k1 * (1 - weights.b + weights.b * length / _mean_by_role(length, columns))
    return norm


def _holders(postings: Postings, terms: Terms) -> tuple[Ints, Ints]:
    """Return for each place where one of the terms stands which of them it is, and whose message."""
    starts, ends = np.searchsorted(postings.terms, terms), np.searchsorted(postings.terms, terms, side="right")
    return np.repeat(np.arange(len(terms)), ends - starts), gathered(postings.message, starts, ends)


def gathered(values: npt.NDArray[_Number], starts: Ints, ends: Ints) -> npt.NDArray[_Number]:
    """Return several runs of the values, one after the other."""
    some = [values[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    return np.concatenate(some) if some else values[:0]


def _distinct(terms: Terms) -> Terms:
    return np.array(sorted(list(dict.fromkeys(terms.tolist()))[:MANY]), dtype=np.uint32)


def _mean_by_role(length: Floats, columns: Columns) -> Floats:
    means = np.ones(len(length))
    for group in (columns.by_user, ~columns.by_user):
        if group.any():
            means[group] = max(float(length[group].mean()), 1e-9)
    return means


def matched_idf(columns: Columns, keys: Ints, lexical: Lexical) -> Floats:
    """Return for each of a few keys the sum of the idf of the question's terms that it holds."""
    held = np.zeros((len(keys), len(lexical.terms)), dtype=bool)
    if held.size:
        counts, ends = columns.length[keys], columns.ends[keys]
        terms = gathered(columns.terms, ends - counts, ends)
        place = np.searchsorted(lexical.terms, terms)
        place[place == len(lexical.terms)] = 0
        asked = lexical.terms[place] == terms
        held[np.repeat(np.arange(len(keys)), counts)[asked], place[asked]] = True
    # Not a matrix product: its rounding would depend on how many keys are looked at together.
    total: Floats = (held * lexical.idf).sum(axis=1)
    return total
