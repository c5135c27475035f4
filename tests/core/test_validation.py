import time
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.errors import ConfigurationError
from holdfast.types import Message
from holdfast.validation import as_messages, check_limit, check_text, check_time, check_user

NOON = datetime(2025, 3, 1, 12, tzinfo=timezone.utc)
BLOCKS = [
    {"type": "text", "text": "Look at this:"},
    {"type": "image_url", "image_url": {"url": "https://example.org/cat.png"}},
    {"type": "text", "text": "my cat"},
]


def one(messages: Any, **options: Any) -> Message:
    (message,) = as_messages(messages, **options)
    return message


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("I live in Lisbon.", Message("user", "I live in Lisbon.")),
        ("", Message("user", "")),
        ({"role": "user", "content": "hi"}, Message("user", "hi")),
        (Message("assistant", "hi", id="m1"), Message("assistant", "hi", id="m1")),
        ([{"role": "tool", "content": "42"}], Message("tool", "42")),
        (("hi",), Message("user", "hi")),
        (iter(["hi"]), Message("user", "hi")),
        (MappingProxyType({"role": "system", "content": "hi"}), Message("system", "hi")),
        ({"role": "user", "content": "hi", "id": None, "at": None, "metadata": None}, Message("user", "hi")),
        (
            {"role": "user", "content": "hi", "id": "m1", "at": NOON, "name": "Ada", "session_id": "s", "agent_id": "a",
             "metadata": {"n": 1}, "raw": {"any": ["thing"]}},
            Message("user", "hi", "m1", NOON, "Ada", "s", "a", {"n": 1}, {"any": ["thing"]}),
        ),
    ],
)  # fmt: skip
def test_what_is_a_message(given: Any, expected: Message) -> None:
    assert one(given) == expected


def test_no_messages_are_none() -> None:
    assert as_messages([]) == ()


def test_the_call_fills_in_what_a_message_leaves_open() -> None:
    call: dict[str, Any] = {"session_id": "s", "agent_id": "a", "at": NOON, "metadata": {"project": "atlas", "n": 1}}
    assert one("hi", **call) == Message("user", "hi", "", NOON, None, "s", "a", {"project": "atlas", "n": 1})
    own = Message("user", "hi", at=NOON + timedelta(1), session_id="t", agent_id="b", metadata={"n": 2})
    assert one(own, **call) == Message(
        "user", "hi", "", NOON + timedelta(1), None, "t", "b", {"project": "atlas", "n": 2}
    )


# Content blocks: the text is taken, the rest kept


def test_the_text_of_content_blocks_is_taken_and_all_of_it_kept() -> None:
    given = {"role": "user", "content": BLOCKS}
    message = one(given)
    assert message.content == "Look at this:\nmy cat"
    assert message.raw == given


@pytest.mark.parametrize(
    ("blocks", "content"),
    [
        ([], ""),
        (["just", "texts"], "just\ntexts"),
        ([{"type": "image"}], ""),
        ([{"type": "text", "text": None}], ""),
        (({"text": "a"}, "b"), "a\nb"),
        ([{"type": "tool_result", "content": [{"type": "text", "text": "not the user's words"}]}], ""),
    ],
)
def test_blocks(blocks: Any, content: str) -> None:
    message = one({"role": "user", "content": blocks})
    assert message.content == content
    assert message.raw["content"] == (list(blocks) if isinstance(blocks, tuple) else blocks) or blocks == ()


@pytest.mark.parametrize("at", [NOON, NOON.replace(tzinfo=None), "2025-03-01T12:00:00Z"])
def test_blocks_and_foreign_fields_stand_beside_a_time(at: Any) -> None:
    for said in ({"content": BLOCKS}, {"content": "hi", "tool_calls": []}):
        message = one({"role": "user", "at": at, "metadata": {"n": 1}, **said})
        assert message.at == NOON
        assert message.raw["content"] == said["content"]


def test_fields_of_a_framework_are_kept() -> None:
    given = {"role": "assistant", "content": "hi", "refusal": None, "tool_calls": [{"id": "c1"}]}
    assert one(given).raw == given
    assert one({**given, "raw": {"own": 1}}).raw == {"own": 1}


def test_a_turn_that_only_calls_tools_says_nothing() -> None:
    calls = [{"id": "c1", "function": {"name": "weather"}}]
    message = one({"role": "assistant", "content": None, "tool_calls": calls})
    assert message.content == ""
    assert message.raw["tool_calls"] == calls


# What is refused, and how it is named


@pytest.mark.parametrize(
    ("messages", "message"),
    [
        (None, "got NoneType None"),
        (5, "got int 5"),
        (b"hi", "got bytes b'hi'"),
        (bytearray(b"hi"), "bytearray"),
        ([None], "message 0 must be"),
        (["fine", b"hi"], "message 1 must be.*bytes"),
        (["fine", ["nested"]], "message 1 must be.*list"),
        ([5], "message 0 must be"),
        ({}, "message 0 has no"),
        ({"content": "hi"}, "has no role"),
        ({"role": "user"}, "has no content"),
        ({"role": None, "content": "hi"}, "unknown role None"),
        ({"role": "human", "content": "hi"}, "unknown role 'human'.*user, assistant, system, tool"),
        ({"role": ["user"], "content": "hi"}, "unknown role"),
        ({"role": "User", "content": "hi"}, "unknown role 'User'"),
        ({"role": "user", "content": None}, "content must be a text, got NoneType"),
        ({"role": "user", "content": b"hi"}, "content must be a text, got bytes"),
        ({"role": "user", "content": 5}, "content must be a text, got int"),
        ({"role": "user", "content": {"text": "hi"}}, "content must be a text, got dict"),
        ({"role": "user", "content": [None]}, "content block NoneType"),
        ({"role": "user", "content": [b"hi"]}, "content block bytes"),
        ({"role": "user", "content": [{"type": "image", "data": b"\x89PNG"}]}, "must be JSON values"),
        ({"role": "user", "content": "hi", "id": 5}, "id must be a text"),
        ({"role": "user", "content": "hi", "name": b"Ada"}, "name must be a text"),
        ({"role": "user", "content": "hi", "session_id": 5}, "session_id must be a text"),
        ({"role": "user", "content": "hi", "agent_id": 5}, "agent_id must be a text"),
        ({"role": "user", "content": "hi", "metadata": [1]}, "metadata must be a mapping"),
        ({"role": "user", "content": "hi", "metadata": {"a": object()}}, "metadata must be JSON values"),
        ({"role": "user", "content": "hi", "metadata": {"a": float("nan")}}, "metadata must be JSON values"),
        ({"role": "user", "content": "hi", "metadata": {"a": NOON}}, "metadata must be JSON values"),
        ({"role": "user", "content": "hi", "raw": {"a": {1}}}, "raw must be JSON values"),
        ({"role": "user", "content": "hi", "at": "yesterday"}, "at must be a datetime or ISO 8601, got 'yesterday'"),
        ({"role": "user", "content": "hi", "at": 1_740_000_000}, "at must be a datetime"),
        ("a\0b", "NUL character at 1"),
        ("a\ud83db", "lone surrogate at 1.*repair"),
        ([{"type": "text", "text": "hi"}], "message 0 has no"),
        ({"role": "user", "content": [{"text": "a\0b"}]}, "NUL"),
        ({"role": "user", "content": [{"text": "a", "alt": "\udc00"}]}, "lone surrogate"),
        ({"role": "user", "content": "hi", "id": "\ud800"}, "id has a lone surrogate"),
        ({"role": "user", "content": "hi", "metadata": {"\ud800": 1}}, "lone surrogate"),
        (Message("robot", "hi"), "unknown role 'robot'"),  # type: ignore[arg-type]
        (Message("user", None), "content must be a text"),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_message_is_refused_and_named(messages: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        as_messages(messages)


def test_a_structure_too_deep_for_json_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ConfigurationError, match="raw"):
        as_messages({"role": "user", "content": "hi", "raw": deep})


@pytest.mark.parametrize(
    "options",
    [{"session_id": 5}, {"agent_id": b"a"}, {"metadata": "text"}, {"metadata": {"a": {1}}}, {"at": "soon"}, {"at": 5}],
)
def test_the_fields_of_the_call_are_held_to_the_same(options: dict[str, Any]) -> None:
    (name,) = options
    with pytest.raises(ConfigurationError, match=name):
        as_messages("hi", **options)


def test_an_error_does_not_repeat_a_whole_document() -> None:
    with pytest.raises(ConfigurationError) as caught:
        as_messages([b"x" * 1_000_000])
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("user_id", ["max", " ", "1", "a/b", "é", "x" * 100_000, "\n", "*"])
def test_any_text_is_a_user(user_id: str) -> None:
    assert check_user(user_id) == user_id


@pytest.mark.parametrize("user_id", ["", None, 5, b"max", ["max"], True, "a\0", "\ud800"])
def test_what_is_no_user(user_id: Any) -> None:
    with pytest.raises(ConfigurationError, match="user_id"):
        check_user(user_id)


@pytest.mark.parametrize("limit", [1, 10, 10**9])
def test_what_is_a_limit(limit: int) -> None:
    assert check_limit(limit) == limit


@pytest.mark.parametrize("limit", [0, -1, None, 1.5, "10", True])
def test_what_is_no_limit(limit: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"limit must be a whole number of at least 1"):
        check_limit(limit)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (None, None),
        (NOON, NOON),
        (NOON.replace(tzinfo=None), NOON),
        ("2025-03-01T12:00:00", NOON),
        ("2025-03-01T12:00:00Z", NOON),
        ("2025-03-01T14:00:00+02:00", NOON),
        ("2025-03-01", NOON.replace(hour=0)),
    ],
)
def test_moments(moment: Any, expected: datetime | None) -> None:
    found = check_time(moment, "at")
    assert found == expected
    assert found is None or found.tzinfo is not None


def test_a_moment_without_a_zone_is_utc_wherever_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert check_time(NOON.replace(tzinfo=None), "at") == check_time("2025-03-01T12:00:00", "at") == NOON
    finally:
        monkeypatch.undo()
        time.tzset()


@given(st.text())
def test_a_text_is_returned_or_refused(text: str) -> None:
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        with pytest.raises(ConfigurationError):
            check_text(text, "text")
    else:
        assert check_text(text, "text") == text


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.binary(max_size=3) | st.floats(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["role", "content", "id", "at", "metadata", "raw", "text"]), inner, max_size=4
            )
        ),
        max_leaves=10,
    )
)
def test_anything_is_messages_or_refused(given: Any) -> None:
    """Whatever it is, there is no other error."""
    try:
        messages = as_messages(given)
    except ConfigurationError:
        return
    assert all(isinstance(message, Message) and isinstance(message.metadata, Mapping) for message in messages)
