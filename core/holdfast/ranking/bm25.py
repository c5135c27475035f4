"""The lexical half: which messages, and which keys of a message, hold the words of a question."""

from dataclasses import dataclass

import numpy as np

from holdfast.ranking.columns import Bools, Columns, Floats, Ints, Terms, Weights

__all__ = ["MANY", "Lexical", "matched_idf", "neighbours", "window_bm25", "windows"]

MANY = 64
"""Distinct terms of a question that count, the first ones; a longer text asks about nothing in particular."""


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
    length = windows(np.bincount(columns.word_message, minlength=m).astype(np.float64), columns.beside, weights)
    norm = weights.k1 * (1 - weights.b + weights.b * length / _mean_by_role(length, columns))
    around = np.array([weights.beside, weights.beside, weights.near, weights.near])
    words, owners = columns.words, columns.word_message
    if len(distinct) > MANY // 4:
        asked = np.isin(words, distinct)
        words, owners = words[asked], owners[asked]
    for number, term in enumerate(distinct):
        holders = owners[words == term]
        places = np.concatenate([holders, columns.beside[:, holders].ravel()])
        counts = np.concatenate([np.ones(len(holders)), np.repeat(around, len(holders))])
        frequency = np.bincount(places, counts, m + 1)[:m]
        found = np.flatnonzero(frequency)
        idfs[number] = idf = np.log1p((m - len(found) + 0.5) / (len(found) + 0.5))
        near = frequency[found]
        scores[found] += idf * near * (weights.k1 + 1) / (near + norm[found])
    return Lexical(scores, distinct, idfs)


def _distinct(terms: Terms) -> Terms:
    if len(terms) <= MANY:
        return np.unique(terms)
    return np.unique(np.array(list(dict.fromkeys(terms.tolist()))[:MANY], dtype=np.uint32))


def _mean_by_role(length: Floats, columns: Columns) -> Floats:
    means = np.ones(len(length))
    for group in (columns.by_user, ~columns.by_user):
        if group.any():
            means[group] = max(float(length[group].mean()), 1e-9)
    return means


def matched_idf(columns: Columns, ends: Ints, keys: Ints, lexical: Lexical) -> Floats:
    """Return the sum of the idf of the question's terms that each of a few keys holds; `ends` is where terms end."""
    idf = dict(zip(lexical.terms.tolist(), lexical.idf.tolist(), strict=True))
    held = (set(columns.terms[ends[key] - columns.length[key] : ends[key]].tolist()) for key in keys)
    return np.array([sum(idf[term] for term in sorted(terms & idf.keys())) for terms in held], dtype=np.float64)
