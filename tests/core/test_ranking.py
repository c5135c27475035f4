import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.ranking import (
    FAR,
    FOR_EVER,
    NEAR,
    Closeness,
    Columns,
    Ranked,
    Request,
    Weights,
    neighbours,
    rank,
    spread,
    window_bm25,
)

PLAIN = Weights(lexical=0, dense=1, assistant=0)
NO_TERMS = np.zeros(0, dtype=np.uint32)


@dataclass(frozen=True)
class Said:
    """A message of ten characters for short, with what it takes to rank it."""

    at: int = 0
    by_user: bool = True
    size: int = 10
    session: int = 0
    speaker: int = -1
    content: int = -1


@dataclass(frozen=True)
class Keyed:
    message: int
    fact: int = -1
    start: int = 0
    end: int = 10
    terms: tuple[int, ...] = ()
    cosine: float = 0.0


def partition(
    said: Sequence[Said], keys: Sequence[Keyed], facts: Sequence[tuple[int, int]] = ()
) -> tuple[Columns, Closeness]:
    lengths = [len(key.terms) for key in keys]
    own = [key for key in keys if key.fact < 0]
    session = np.array([one.session for one in said], dtype=np.int64)
    by_user = np.array([one.by_user for one in said], dtype=bool)
    columns = Columns(
        message=np.array([key.message for key in keys], dtype=np.int64),
        fact=np.array([key.fact for key in keys], dtype=np.int64),
        own=np.array([key.fact < 0 for key in keys], dtype=bool),
        start=np.array([key.start for key in keys], dtype=np.int64),
        end=np.array([key.end for key in keys], dtype=np.int64),
        terms=np.array([term for key in keys for term in key.terms], dtype=np.uint32),
        length=np.array(lengths, dtype=np.int64),
        said_at=np.array([one.at for one in said], dtype=np.int64),
        by_user=by_user,
        speaker=np.array([one.speaker for one in said], dtype=np.int64),
        size=np.array([one.size for one in said], dtype=np.int64),
        content=np.array([one.content for one in said], dtype=np.int64),
        beside=neighbours(session, by_user, np.arange(len(said))),
        words=np.array([term for key in own for term in key.terms], dtype=np.uint32),
        word_message=np.array([key.message for key in own for _ in key.terms], dtype=np.int64),
        name_terms=np.array([100 + one.speaker for one in said if one.speaker >= 0], dtype=np.uint32),
        name_speaker=np.array([one.speaker for one in said if one.speaker >= 0], dtype=np.int64),
        valid_from=np.array([one for one, _ in facts], dtype=np.int64),
        valid_to=np.array([one for _, one in facts], dtype=np.int64),
    )
    cosines = np.array([key.cosine for key in keys], dtype=np.float64)
    return columns, Closeness(cosines, spread(cosines))


def names(ranked: Sequence[Ranked]) -> list[str]:
    return [f"f{one.fact}" if one.fact >= 0 else f"m{one.message}" for one in ranked]


def found(
    said: Sequence[Said],
    keys: Sequence[Keyed],
    held: Sequence[tuple[int, int]] = (),
    *,
    weights: Weights = PLAIN,
    **request: Any,
) -> list[str]:
    columns, dense = partition(said, keys, held)
    return names(rank(columns, dense, Request(**{"terms": NO_TERMS, "limit": 10, **request}), weights))


# The lexical half


def naive_bm25(documents: Sequence[Sequence[int]], terms: Sequence[int], k1: float, b: float) -> list[float]:
    average = sum(map(len, documents)) / len(documents)
    scores = []
    for document in documents:
        score = 0.0
        for term in set(terms):
            containing = sum(term in other for other in documents)
            idf = math.log(1 + (len(documents) - containing + 0.5) / (containing + 0.5))
            frequency = document.count(term)
            score += idf * frequency * (k1 + 1) / (frequency + k1 * (1 - b + b * len(document) / average))
        scores.append(score)
    return scores


@given(
    st.lists(st.lists(st.integers(1, 6), max_size=8), min_size=1, max_size=8).filter(any),
    st.lists(st.integers(1, 8), max_size=5),
    st.floats(0.1, 3),
    st.floats(0, 1),
)
def test_bm25_is_what_the_formula_says(documents: list[list[int]], terms: list[int], k1: float, b: float) -> None:
    alone = [Said(session=number) for number in range(len(documents))]
    columns, _ = partition(alone, [Keyed(n, terms=tuple(document)) for n, document in enumerate(documents)])
    lexical = window_bm25(columns, np.array(terms, dtype=np.uint32), Weights(k1=k1, b=b))
    np.testing.assert_allclose(lexical.scores, naive_bm25(documents, terms, k1, b), rtol=1e-9, atol=1e-12)
    assert (lexical.scores >= 0).all()


def test_bm25_of_messages_without_terms_is_zero() -> None:
    columns, _ = partition([Said(), Said()], [Keyed(0), Keyed(1)])
    assert window_bm25(columns, np.array([1], dtype=np.uint32), Weights()).scores.tolist() == [0, 0]


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.sampled_from([(), (1,), (2, 1, 1)])), max_size=9))
def test_a_window_is_the_message_with_its_fading_neighbours(messages: list[tuple[int, bool, tuple[int, ...]]]) -> None:
    said = [Said(session=session, by_user=by_user) for session, by_user, _ in messages]
    keys = [Keyed(number, terms=terms) for number, (_, _, terms) in enumerate(messages)]
    columns, _ = partition(said, keys)
    weights = Weights(k1=1e9, b=0, beside=0.5, near=0.25)  # so large a k1 leaves the frequencies as they are
    scores = window_bm25(columns, np.array([1], dtype=np.uint32), weights).scores
    sessions = {session: [n for n, one in enumerate(said) if one.session == session] for session in range(3)}
    expected = []
    for number, (session, by_user, _) in enumerate(messages):
        place = sessions[session].index(number)
        frequency = 0.0
        for distance, share in ((0, 1.0), (1, 0.5), (-1, 0.5), (2, 0.25), (-2, 0.25)):
            if 0 <= place + distance < len(sessions[session]):
                other = sessions[session][place + distance]
                if distance == 0 or (by_user and messages[other][1]):
                    frequency += share * messages[other][2].count(1)
        expected.append(frequency)
    containing = sum(one > 0 for one in expected)
    idf = math.log(1 + (len(said) - containing + 0.5) / (containing + 0.5))
    np.testing.assert_allclose(scores, [idf * one for one in expected], rtol=1e-6, atol=1e-12)


def test_a_question_of_many_words_is_cut() -> None:
    columns, _ = partition([Said(), Said()], [Keyed(0, terms=(5,)), Keyed(1, terms=(70_000,))])
    every = np.arange(1, 100_001, dtype=np.uint32)
    scores = window_bm25(columns, every, Weights()).scores
    assert scores[0] > scores[1] > 0 or scores[0] > 0  # the first words count, the last do not
    assert window_bm25(columns, every, Weights(beside=0, near=0)).scores[1] == 0


# Cosines in deviations


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30))
def test_the_spread_is_drawn_to_the_usual_where_there_is_little(values: list[float]) -> None:
    deviation = spread(np.array(values))
    low, high = sorted((float(np.std(values)), 0.1))
    assert low - 1e-9 <= deviation <= high + 1e-9
    assert spread(np.tile(values, 100_000)) == pytest.approx(float(np.std(values)), abs=0.01)


def test_the_spread_of_nothing() -> None:
    assert spread(np.zeros(0)) == 0.1


# How parts make a score


def test_the_parts_add_up_to_the_score() -> None:
    columns, dense = partition(
        [Said(1), Said(2, by_user=False)],
        [Keyed(0, terms=(1, 2), cosine=0.1), Keyed(1, terms=(2, 3), cosine=0.4), Keyed(1, terms=(3,), cosine=0.3)],
    )
    request = Request(np.array([2, 3], dtype=np.uint32), 10)
    for weights in (Weights(), Weights(lexical=0.3, dense=2, assistant=-1)):
        ranked = rank(columns, dense, request, weights)
        assert len(ranked) == 2
        for one in ranked:
            assert set(one.why) == {"lexical", "dense", "speaker", "time", "role", "repeat", "fact"}
            assert sum(one.why.values()) == pytest.approx(one.score)
    by_role = {one.message: one.why["role"] for one in rank(columns, dense, request, Weights(assistant=-0.7))}
    assert by_role == {0: 0.0, 1: pytest.approx(-0.7)}


def test_weights_weigh() -> None:
    said = [Said(1), Said(1)]
    keys = [Keyed(0, terms=(1,), cosine=0), Keyed(1, terms=(2,), cosine=1)]
    terms = np.array([1], dtype=np.uint32)
    assert found(said, keys, terms=terms, weights=Weights(lexical=9, dense=0.1)) == ["m0", "m1"]
    assert found(said, keys, terms=terms, weights=Weights(lexical=0.1, dense=9)) == ["m1", "m0"]


def test_the_user_goes_before_the_assistant() -> None:
    said = [Said(1, by_user=False), Said(0)]
    keys = [Keyed(0, cosine=0.5), Keyed(1, cosine=0.5)]
    assert found(said, keys, weights=Weights()) == ["m1", "m0"]
    assert found(said, keys, weights=Weights(assistant=0)) == ["m0", "m1"]


def test_a_message_scores_as_its_best_key() -> None:
    said = [Said(), Said()]
    keys = [Keyed(0, cosine=0.1), Keyed(0, cosine=0.9), Keyed(1, cosine=0.5), Keyed(1, cosine=0.6)]
    assert found(said, keys) == ["m0", "m1"]


def test_equal_scores_go_to_what_was_said_later() -> None:
    keys = [Keyed(number, cosine=0.5) for number in range(4)]
    assert found([Said(2), Said(4), Said(1), Said(3)], keys) == ["m1", "m3", "m0", "m2"]


# Facts and their messages

TRUE = (0, FOR_EVER)
OVER = (0, 50)


def test_a_fact_takes_the_place_of_the_message_it_covers() -> None:
    keys = [Keyed(0, cosine=0.9), Keyed(0, 0, 0, 8, cosine=0.1)]
    assert found([Said()], keys, [TRUE]) == ["f0"]


def test_a_fact_that_covers_little_must_match_as_well_as_the_words() -> None:
    other = Keyed(1, cosine=0.0)
    keys = [Keyed(0, cosine=0.5), Keyed(0, 0, 0, 7, cosine=0.4), other]
    assert found([Said(), Said()], keys, [TRUE]) == ["m0", "m1"]
    keys[1] = replace(keys[1], cosine=0.5)
    assert found([Said(), Said()], keys, [TRUE]) == ["f0", "m1"]


def test_the_fact_that_stands_for_a_message_has_its_score() -> None:
    columns, dense = partition([Said(), Said()], [Keyed(0, cosine=0.9), Keyed(0, 0, cosine=0.1), Keyed(1)], [TRUE])
    first, second = rank(columns, dense, Request(NO_TERMS, 10), PLAIN)
    assert names([first, second]) == ["f0", "m1"]
    assert first.why["dense"] == pytest.approx((0.9 - FAR) / (NEAR - FAR))
    assert first.why["fact"] == 0


def test_all_facts_of_a_message_are_shown_in_its_place() -> None:
    said = [Said(size=20)]
    keys = [Keyed(0, -1, 0, 20, cosine=0.5), Keyed(0, 0, 0, 10, cosine=0.2), Keyed(0, 1, 10, 20, cosine=0.6)]
    assert found(said, keys, [TRUE, TRUE]) == ["f1", "f0"]
    assert found(said, keys, [TRUE, TRUE], limit=1) == ["f1"]


def test_a_message_all_of_whose_facts_are_over_is_not_shown() -> None:
    keys = [Keyed(0, cosine=0.9), Keyed(0, 0, cosine=0.9), Keyed(1, cosine=0.1)]
    assert found([Said(), Said()], keys, [OVER]) == ["m1"]
    part = [replace(key, end=7) if key.fact == 0 else key for key in keys]
    assert found([Said(), Said()], part, [OVER]) == ["m0", "m1"]


def test_one_fact_that_holds_keeps_the_others_message() -> None:
    said = [Said(size=20)]
    keys = [Keyed(0, -1, 0, 20, cosine=0.9), Keyed(0, 0, 0, 10, cosine=0.2), Keyed(0, 1, 10, 20, cosine=0.1)]
    assert found(said, keys, [OVER, TRUE]) == ["f1"]


def test_a_fact_said_twice_is_shown_once_with_its_better_score() -> None:
    keys = [Keyed(0, 0, cosine=0.2), Keyed(0, cosine=0.2), Keyed(1, 0, cosine=0.3), Keyed(1, cosine=0.8), Keyed(2)]
    columns, dense = partition([Said(), Said(), Said()], keys, [TRUE])
    ranked = rank(columns, dense, Request(NO_TERMS, 10), PLAIN)
    assert names(ranked) == ["f0", "m2"]
    assert ranked[0].why["dense"] == pytest.approx((0.8 - FAR) / (NEAR - FAR))


@pytest.mark.parametrize(
    ("among", "expected"),
    [({"facts", "messages"}, ["f0", "m1"]), ({"facts"}, ["f0"]), ({"messages"}, ["m0", "m1"])],
)
def test_among(among: set[str], expected: list[str]) -> None:
    keys = [Keyed(0, cosine=0.9), Keyed(0, 0, cosine=0.8), Keyed(1, cosine=0.1)]
    assert found([Said(), Said()], keys, [TRUE], among=frozenset(among)) == expected


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [(None, ["f1"]), (9, []), (10, ["f0"]), (19, ["f0"]), (20, ["f1"]), (99, ["f1"])],
)
def test_as_of_shows_what_was_known_and_held(as_of: int | None, expected: list[str]) -> None:
    said = [Said(10), Said(20)]
    keys = [Keyed(0), Keyed(0, 0), Keyed(1), Keyed(1, 1)]
    assert found(said, keys, [(10, 20), (20, FOR_EVER)], as_of=as_of) == expected


def test_masks_are_walls() -> None:
    keys = [Keyed(0, cosine=0.9), Keyed(0, 0, cosine=0.8), Keyed(1, cosine=0.2), Keyed(2, 1, cosine=0.5), Keyed(2)]
    said = [Said(), Said(), Said()]
    only = np.array([False, True, False])
    assert found(said, keys, [TRUE, TRUE], messages=only, facts=np.array([False, False])) == ["m1"]
    assert found(said, keys, [TRUE, TRUE], messages=only, facts=np.array([False, True])) == ["f1", "m1"]
    # A fact that is left out leaves its message, which may be returned as itself.
    shown = found(said, keys, [TRUE, TRUE], facts=np.array([False, True]), messages=np.array([True, True, True]))
    assert shown == ["m0", "f1", "m1"]


def test_nothing_is_found_in_nothing() -> None:
    assert found([], []) == []


# Laws, whatever the partition is


@st.composite
def partitions(draw: st.DrawFn) -> tuple[list[Said], list[Keyed], list[tuple[int, int]]]:
    said = draw(st.lists(st.builds(Said, st.integers(0, 3), st.booleans(), st.just(10)), min_size=1, max_size=6))
    facts = draw(st.lists(st.sampled_from([TRUE, OVER]), max_size=5))
    some = st.integers(0, len(said) - 1)
    cosines = st.sampled_from([0.0, 0.25, 0.5, 1.0])
    keys = [
        Keyed(draw(some), cosine=draw(cosines), terms=(draw(st.integers(1, 3)),))
        for _ in range(draw(st.integers(0, 6)))
    ]
    for fact in range(len(facts)):
        for message in draw(st.lists(some, min_size=1, max_size=2, unique=True)):
            keys.append(Keyed(message, fact, 0, draw(st.sampled_from([3, 10])), (1,), draw(cosines)))  # noqa: PERF401
    return said, keys, facts


@given(partitions(), st.sets(st.sampled_from(["facts", "messages"]), min_size=1), st.integers(1, 6))
def test_laws(one: tuple[list[Said], list[Keyed], list[tuple[int, int]]], among: set[str], limit: int) -> None:
    said, keys, facts = one
    columns, dense = partition(said, keys, facts)
    request = Request(np.array([1, 2], dtype=np.uint32), 100, frozenset(among))  # type: ignore[arg-type]
    every = rank(columns, dense, request, Weights())
    # The limit is filled, with the best.
    assert rank(columns, dense, replace(request, limit=limit), Weights()) == every[:limit]
    assert [-hit.score for hit in every] == sorted(-hit.score for hit in every)
    for hit, after in pairwise(every):
        assert hit.score > after.score or said[hit.message].at >= said[after.message].at
    # Nothing twice; and a message and a fact that rests on it never side by side.
    assert len(set(names(every))) == len(every)
    shown = {hit.fact for hit in every}
    standing = {hit.message for hit in every if hit.fact < 0}
    assert not [key for key in keys if key.fact >= 0 and key.fact in shown and key.message in standing]
    # Only what holds, and only the kinds asked for.
    assert all(facts[fact] == TRUE for fact in shown if fact >= 0)
    assert {"facts" if hit.fact >= 0 else "messages" for hit in every} <= among
    # Whoever holds is found when only facts are asked for, and every message with a key when only messages are.
    if among == {"facts"}:
        assert shown == {key.fact for key in keys if key.fact >= 0 and facts[key.fact] == TRUE}
    if among == {"messages"}:
        assert standing == {key.message for key in keys}


@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 20), st.integers(1, 20)), max_size=6),
    st.lists(st.integers(0, 25), min_size=2, max_size=2),
)
def test_a_message_is_spoken_for_when_its_facts_cover_it(spans: list[tuple[int, int, int]], sizes: list[int]) -> None:
    said = [Said(size=size) for size in sizes]
    keys = [Keyed(message, n, start, start + length) for n, (message, start, length) in enumerate(spans)]
    columns, _ = partition(said, [*keys, Keyed(0, -1, 0, 25), Keyed(1, -1, 0, 25)], [TRUE] * len(spans))
    for number, covered in enumerate(columns.spoken_for):
        resting = {at for key in keys if key.message == number for at in range(key.start, key.end)}
        assert covered == (len(resting) >= 0.8 * max(sizes[number], 1)), number
