import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.errors import ConfigurationError
from holdfast.where import OPERATORS, comparable, compile_where

NOON = datetime(2025, 3, 1, 12, tzinfo=timezone.utc)
RECORD: dict[str, Any] = {
    "kind": "technology",
    "value": None,
    "entities": ("Next.js", "Postgres"),
    "flags": (),
    "said_at": comparable(NOON),
    "metadata": {"project": "atlas", "stars": 3, "tags": ["a", "b"], "nested": {"deep": {"n": 1}}, "kind": "hidden"},
}


def passes(where: Mapping[str, Any], record: Mapping[str, Any] = RECORD) -> bool:
    predicate = compile_where(where)
    assert predicate is not None
    return predicate(record)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({}, True),
        ({"kind": "technology"}, True),
        ({"kind": "location"}, False),
        ({"kind": {"$eq": "technology"}}, True),
        ({"kind": {"$ne": "technology"}}, False),
        ({"kind": {"$ne": "location"}}, True),
        ({"unknown": {"$ne": "location"}}, True),
        ({"unknown": {"$eq": None}}, False),
        ({"value": None}, True),
        ({"value": {"$eq": None}}, True),
        ({"stars": {"$gt": 2}}, True),
        ({"stars": {"$gt": 3}}, False),
        ({"stars": {"$gte": 3}}, True),
        ({"stars": {"$gte": 3.5}}, False),
        ({"stars": {"$lt": 4}}, True),
        ({"stars": {"$lt": 3}}, False),
        ({"stars": {"$lte": 3}}, True),
        ({"stars": {"$lte": 2}}, False),
        ({"stars": {"$gt": 1, "$lt": 3}}, False),
        ({"stars": {"$gt": 1, "$lt": 4}}, True),
        ({"stars": {"$gt": "2"}}, False),
        ({"stars": {"$lt": "2"}}, False),
        ({"unknown": {"$gt": 0}}, False),
        ({"unknown": {"$lt": 0}}, False),
        ({"value": {"$gt": 0}}, False),
        ({"value": {"$lte": 0}}, False),
        ({"kind": {"$in": ["location", "technology"]}}, True),
        ({"kind": {"$in": []}}, False),
        ({"kind": {"$in": ("technology",)}}, True),
        ({"kind": {"$nin": ["location"]}}, True),
        ({"kind": {"$nin": ["technology"]}}, False),
        ({"unknown": {"$in": ["a"]}}, False),
        ({"unknown": {"$nin": ["a"]}}, True),
        ({"entities": "Postgres"}, True),
        ({"entities": "postgres"}, False),
        ({"entities": {"$ne": "Postgres"}}, False),
        ({"entities": {"$in": ["MySQL", "Postgres"]}}, True),
        ({"entities": {"$nin": ["MySQL"]}}, True),
        ({"tags": "a"}, True),
        ({"tags": ["a", "b"]}, True),
        ({"tags": ["a"]}, False),
        ({"kind": {"$exists": True}}, True),
        ({"kind": {"$exists": False}}, False),
        ({"value": {"$exists": True}}, False),
        ({"value": {"$exists": False}}, True),
        ({"unknown": {"$exists": False}}, True),
        ({"unknown": {"$exists": True}}, False),
        ({"flags": {"$exists": True}}, True),
        ({"project": "atlas"}, True),
        ({"metadata.project": "atlas"}, True),
        ({"metadata.kind": "hidden"}, True),
        ({"metadata.nested.deep.n": 1}, True),
        ({"metadata.nested.deep.m": {"$exists": False}}, True),
        ({"metadata.nested.deep.n.x": {"$exists": False}}, True),
        ({"nested": {"deep": {"n": 1}}}, True),
        ({"kind": "technology", "project": "atlas"}, True),
        ({"kind": "technology", "project": "other"}, False),
        ({"$and": [{"kind": "technology"}, {"stars": 3}]}, True),
        ({"$and": [{"kind": "technology"}, {"stars": 4}]}, False),
        ({"$and": []}, True),
        ({"$or": [{"kind": "location"}, {"stars": 3}]}, True),
        ({"$or": [{"kind": "location"}, {"stars": 4}]}, False),
        ({"$or": []}, False),
        ({"$not": {"kind": "location"}}, True),
        ({"$not": {"kind": "technology"}}, False),
        ({"$not": {"$or": [{"kind": "location"}, {"stars": 4}]}}, True),
        ({"$and": [{"$or": [{"stars": 1}, {"stars": 3}]}, {"$not": {"tags": "c"}}]}, True),
        ({"stars": {"$not": {"$gt": 5}}}, True),
        ({"stars": {"$not": {"$gt": 2}}}, False),
        ({"stars": {"$not": 3}}, False),
        ({"unknown": {"$not": {"$gt": 5}}}, True),
        ({"unknown": {"$not": {"$exists": True}}}, True),
        ({"unknown": {"$not": {"$exists": False}}}, False),
        ({"unknown": {"$not": {"$ne": 5}}}, False),
        ({"metadata.nested.deep.n": {"$not": {"$lt": 1}}}, True),
        ({"said_at": NOON}, True),
        ({"said_at": "2025-03-01T12:00:00Z"}, True),
        ({"said_at": "2025-03-01T14:00:00+02:00"}, True),
        ({"said_at": {"$gte": "2025-03"}}, True),
        ({"said_at": {"$gte": "2025-03-01T12:30:00+02:00"}}, True),
        ({"said_at": {"$lt": "2025-03-01T12:30:00+02:00"}}, False),
        ({"said_at": {"$lt": "2025-03-01"}}, False),
        ({"said_at": {"$gt": NOON - timedelta(microseconds=1), "$lt": NOON + timedelta(microseconds=1)}}, True),
        ({"said_at": {"$gt": NOON}}, False),
        ({"said_at": NOON.astimezone(timezone(timedelta(hours=-9)))}, True),
        ({"said_at": {"$in": [NOON]}}, True),
        ({"said_at": {"$nin": [NOON]}}, False),
        ({"said_at": {"$not": {"$lt": NOON}}}, True),
    ],
)
def test_operators(where: dict[str, Any], expected: bool) -> None:
    assert passes(where) is expected


def test_a_moment_without_a_zone_is_utc_wherever_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert passes({"said_at": NOON.replace(tzinfo=None)})
        assert comparable(NOON.replace(tzinfo=None)) == comparable(NOON)
    finally:
        monkeypatch.undo()
        time.tzset()


FIRST, LAST = datetime(1900, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.lists(st.datetimes(FIRST, LAST, timezones=ZONES), min_size=2, max_size=2))
def test_moments_compare_as_moments(moments: list[datetime]) -> None:
    one, other = moments
    truths = {"$lt": one < other, "$lte": one <= other, "$gt": one > other, "$gte": one >= other, "$eq": one == other}
    for operator, expected in truths.items():
        assert passes({"at": {operator: other}}, {"at": comparable(one)}) is expected


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"kind": {"$regex": "t.*"}}, r"\$regex.*known are.*\$exists"),
        ({"kind": {"$GT": 1}}, r"\$GT"),
        ({"kind": {"$eq": 1, "eq": 1}}, "'eq'"),
        ({"$nor": []}, r"\$nor"),
        ({"$eq": 1}, r"\$eq"),
        ({"$and": {"kind": "a"}}, r"\$and takes a list"),
        ({"$or": "kind"}, r"\$or takes a list"),
        ({"$or": ["kind"]}, "takes a mapping"),
        ({"$not": ["kind"]}, "takes a mapping"),
        ({"kind": {"$in": "technology"}}, r"\$in on 'kind' takes a list"),
        ({"kind": {"$nin": 5}}, r"\$nin on 'kind' takes a list"),
        ({"kind": {"$exists": 1}}, r"\$exists on 'kind' takes True or False"),
        ({"kind": {"$not": {"$like": 1}}}, r"\$like"),
        ({"$and": [{"$or": [{"kind": {"$like": 1}}]}]}, r"\$like"),
        (["kind"], "takes a mapping"),
        ("kind", "takes a mapping"),
        (5, "takes a mapping"),
    ],
)
def test_what_is_no_filter_is_refused(where: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        compile_where(where)


def test_no_filter_is_none() -> None:
    assert compile_where(None) is None


def test_every_operator_is_in_the_table() -> None:
    assert set(OPERATORS) == {
        "$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$exists", "$and", "$or", "$not",
    }  # fmt: skip


def test_dates_are_no_moments() -> None:
    assert not passes({"day": {"$gt": NOON}}, {"day": date(2025, 3, 2)})
