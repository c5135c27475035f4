"""The window: what goes to the model when not everything fits."""

import pytest

pytest.importorskip("llama_index.core", reason="needs the extra holdfast[llamaindex]")

from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.llms import ChatMessage, ImageBlock

from llamaindex.scripted import assistant, calls, user
from llamaindex_holdfast.window import count_tokens, default_tokenizer, fit


def tool(text: str = "result") -> ChatMessage:
    return ChatMessage(role="tool", content=text, additional_kwargs={"tool_call_id": "call-n"})


def system(text: str = "rules") -> ChatMessage:
    return ChatMessage(role="system", content=text)


KINDS = {"u": user("u"), "a": assistant("a"), "c": calls("n"), "t": tool(), "s": system()}


@pytest.mark.parametrize(
    ("messages", "limit", "expected"),
    [
        ("ua", 20, "01"),
        ("uaua", 20, "23"),
        ("uauaua", 40, "2345"),
        ("suaua", 30, "034"),  # the system message stays
        ("uasua", 30, "234"),
        ("uctaua", 20, "45"),
        ("uactta", 40, "05"),  # the call and its two results go together
        ("uactta", 50, "02345"),
        ("uacta", 40, "0234"),
        ("ucta", 40, "0123"),
        ("ucta", 30, "03"),
        ("u", 5, "0"),  # what the user says now always goes
        ("auaua", 20, "34"),
        ("tua", 30, "12"),  # a result without its call
        ("uta", 30, "02"),
        ("aa", 10, "1"),
        ("", 10, ""),
    ],
)
def test_what_fits(messages: str, limit: int, expected: str) -> None:
    given = [KINDS[kind] for kind in messages]
    assert "".join(map(str, fit(given, [10] * len(given), limit))) == expected


@given(st.lists(st.tuples(st.sampled_from("uactts"), st.integers(0, 30)), max_size=25), st.integers(0, 200))
def test_laws(messages: list[tuple[str, int]], limit: int) -> None:
    kinds = "".join(kind for kind, _ in messages)
    given = [KINDS[kind] for kind in kinds]
    costs = [cost for _, cost in messages]
    kept = fit(given, costs, limit)
    assert kept == sorted(set(kept))
    assert [number for number, kind in enumerate(kinds) if kind == "s"] == [n for n in kept if kinds[n] == "s"]
    rest = [number for number in kept if kinds[number] != "s"]
    trimmed = sum(costs) > limit
    if rest and trimmed and "u" in kinds:
        assert kinds[rest[0]] == "u" or sum(costs[n] for n in kept) <= limit
    if "u" in kinds:
        assert kinds.rindex("u") in kept
    for number in rest:
        if kinds[number] == "t":  # its call and every result between stand before it
            call = max(n for n in range(number) if kinds[n] not in "ts")
            assert kinds[call] == "c"
            assert {n for n in range(call, number) if kinds[n] != "s"} <= set(kept)
        if kinds[number] == "c":
            following = number + 1
            while following < len(kinds) and kinds[following] in "ts":
                assert following in kept
                following += 1
    spent = sum(costs[number] for number in rest)
    room = limit - sum(costs[number] for number in kept if kinds[number] == "s")
    last = [costs[kinds.rindex("u")]] if "u" in kinds else [0]
    assert spent <= max(room, last[0])


def test_calls_of_tools_and_media_count() -> None:
    tokenizer = default_tokenizer()
    call = calls("lookup", text="word " * 500)
    assert count_tokens(call, tokenizer) > 500
    older = ChatMessage(role="assistant", additional_kwargs={"tool_calls": [{"arguments": "word " * 500}]})
    assert count_tokens(older, tokenizer) > 500
    image = ChatMessage(role="user", blocks=[ImageBlock(image=b"\x89PNG", image_mimetype="image/png")])
    assert count_tokens(image, tokenizer) == 256
    assert count_tokens(user("two words"), tokenizer) == 2
