import json
from dataclasses import FrozenInstanceError, fields, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast import types
from holdfast.testing.samples import NOW, change, fact, later
from holdfast.types import (
    Added,
    Change,
    Context,
    Event,
    Evidence,
    Fact,
    Hit,
    Hits,
    Message,
    Usage,
    Value,
    to_json,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
FIRST, LAST = datetime(1900, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
MESSAGES = st.builds(
    Message,
    role=st.sampled_from(["user", "assistant", "system", "tool"]),
    content=TEXTS,
    id=TEXTS,
    at=st.none() | st.datetimes(FIRST, LAST, timezones=ZONES),
    name=st.none() | TEXTS,
    session_id=st.none() | TEXTS,
    agent_id=st.none() | TEXTS,
    metadata=st.dictionaries(TEXTS, JSON, max_size=3),
    raw=JSON,
)


def through_json(value: Value) -> Any:
    return json.loads(json.dumps(value.to_dict()))


@given(MESSAGES)
def test_a_message_survives_json(message: Message) -> None:
    assert Message.from_dict(through_json(message)) == message


@pytest.mark.parametrize(
    "one",
    [
        fact("max", "f1"),
        fact("max", "f1", valid_to=later(5), superseded_by="f2", reason="moved", event=None),
        fact("max", "f1", evidence=(Evidence("m1", 0, 1, "I"), Evidence("m2", 3, 5, "am")), metadata={}),
    ],
)
def test_a_fact_survives_json(one: Fact) -> None:
    assert Fact.from_dict(through_json(one)) == one


@pytest.mark.parametrize(
    "one",
    [
        change("added", None, fact("max", "f1")),
        change("superseded", fact("max", "f1"), fact("max", "f1", valid_to=later(5))),
        replace(change("deleted", fact("max", "f1"), None), undoes="c0", position=7),
    ],
)
def test_a_change_survives_json(one: Change) -> None:
    assert Change.from_dict(through_json(one)) == one


def test_an_event_and_evidence_survive_json() -> None:
    event = Event(date(2025, 3, 1), date(2025, 3, 31), "month", ambiguous=True)
    assert Event.from_dict(through_json(event)) == event
    evidence = Evidence("m1", 3, 9, "quote")
    assert Evidence.from_dict(through_json(evidence)) == evidence


@pytest.mark.parametrize("name", [name for name in types.__all__ if isinstance(getattr(types, name), type)])
def test_values_are_frozen_and_slotted(name: str) -> None:
    cls = getattr(types, name)
    if issubclass(cls, Value) and cls is not Value:
        assert cls.__dataclass_params__.frozen
        assert "__slots__" in vars(cls)
        assert "__dict__" not in vars(cls)


def test_values_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        fact("max", "f1").text = "User lives nowhere."  # type: ignore[misc]


def test_to_json_leaves_only_what_json_has() -> None:
    added = Added((Message("user", "hi", at=NOW),), (fact("max", "f1"),), (change("added", None, fact("max", "f1")),))
    described = added.to_dict()
    assert json.loads(json.dumps(described)) == described
    assert [item.name for item in fields(added)] == list(described)
    assert described["messages"][0]["at"] == "2025-03-01T12:00:00+00:00"
    assert described["facts"][0]["event"]["start"] == "2025-03-01"
    assert to_json({1: (date(2025, 1, 2), {"a": None})}) == {"1": ["2025-01-02", {"a": None}]}


def test_a_hit_and_a_fact_read_as_their_text() -> None:
    one = fact("max", "f1", "User lives in Lisbon.")
    hit = Hit(one.text, 1.5, {"dense": 1.5}, ("m1",), one)
    assert str(one) == str(hit) == "User lives in Lisbon."
    assert str(Hits([hit, replace(hit, score=-0.25)])) == "1.50  User lives in Lisbon.\n-0.25  User lives in Lisbon."
    assert str(Hits()) == "nothing found"
    assert str(Context("p", "r", "p\nr", 3, Hits())) == "p\nr"


def test_a_fact_is_active_until_it_ends() -> None:
    assert fact("max", "f1").active
    assert not fact("max", "f1", valid_to=later(1)).active


def test_usage_adds_up() -> None:
    assert Usage(1, 2, 3, 4) + Usage(10, 20, 30, 40) == Usage(11, 22, 33, 44)
    assert Usage() + Usage(1, 2, 3, 4) == Usage(1, 2, 3, 4)
