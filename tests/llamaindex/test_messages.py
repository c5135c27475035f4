"""Messages to the journal and back."""

import math
from typing import Any

import pytest

pytest.importorskip("llama_index.core", reason="needs the extra holdfast[llamaindex]")

from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.base.llms import types
from llama_index.core.llms import AudioBlock, ChatMessage, DocumentBlock, ImageBlock, MessageRole, TextBlock
from pydantic import BaseModel

from holdfast import Memory, Message
from llamaindex.scripted import assistant, user
from llamaindex_holdfast.messages import from_journal, neutral, to_journal, unmarked

BLOCKS = [
    TextBlock(text="words"),
    TextBlock(text=""),
    ImageBlock(image=b"\x89PNG\r\n\x1a\n\xff", image_mimetype="image/png"),
    ImageBlock(url="https://example.invalid/a.png"),
    AudioBlock(audio=b"ID3\xff", format="mp3"),
    DocumentBlock(data=b"%PDF\xff", document_mimetype="application/pdf", title="t"),
]
_LATER = {  # not in every version
    "CachePoint": {"cache_control": {"type": "ephemeral"}},
    "ThinkingBlock": {"content": "hm", "additional_information": {"signature": "s"}},
    "ToolCallBlock": {"tool_call_id": "1", "tool_name": "n", "tool_kwargs": {"a": {"b": [1, 2.5, None, "ü"]}}},
}
BLOCKS += [getattr(types, name)(**fields) for name, fields in _LATER.items() if hasattr(types, name)]


def kept(message: ChatMessage, core: Memory) -> Message:
    core.add([to_journal(message, "s")], user_id="u", defer=True)
    return core.messages(user_id="u", session_id="s")[-1]


@pytest.mark.parametrize("role", MessageRole)
def test_every_role_comes_back(role: MessageRole, core: Memory) -> None:
    message = ChatMessage(role=role, content="words")
    one = kept(message, core)
    assert from_journal(one) == message
    assert one.content == "words"
    assert one.role in ("user", "assistant", "system", "tool")


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.block_type)
def test_every_block_comes_back(block: Any, core: Memory) -> None:
    message = ChatMessage(role="assistant", blocks=[block, TextBlock(text="and this")], additional_kwargs={"k": [1]})
    assert from_journal(kept(message, core)) == message


def test_a_sound_that_the_framework_took_for_encoded_comes_back(core: Memory) -> None:
    sound = AudioBlock(audio=b"\x00\xff\x01", format="wav")
    (back,) = from_journal(kept(ChatMessage(role="user", blocks=[sound]), core)).blocks
    assert isinstance(back, AudioBlock)
    assert back.resolve_audio().read() == b"\x00\xff\x01"


@given(st.lists(st.text(), max_size=3), st.dictionaries(st.text(), st.text() | st.integers() | st.none()))
def test_any_text_is_taken(texts: list[str], extra: dict[str, Any]) -> None:
    message = ChatMessage(role="user", blocks=[TextBlock(text=text) for text in texts], additional_kwargs=extra)
    with Memory(":memory:", embedder=_embedder()) as core:
        assert len(from_journal(kept(message, core)).blocks) == len(texts)


def _embedder() -> Any:
    from holdfast.testing import FakeEmbedder

    return FakeEmbedder()


def test_plain_words_are_kept_as_words_alone(core: Memory) -> None:
    assert kept(user("hello"), core).raw is None


def test_a_message_without_text_says_nothing(core: Memory) -> None:
    assert kept(ChatMessage(role="assistant", content=None), core).content == ""


class Odd(BaseModel):
    number: int = 1


class Opaque:
    def __repr__(self) -> str:
        return "<opaque>"


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, b"\xff\x00", Opaque(), Odd(), {1: 2}, {"a": {1, 2}}, "\ud800", "\0", (1, 2)],
    ids=repr,
)
def test_what_hangs_on_a_message_never_loses_it(value: Any, core: Memory) -> None:
    back = from_journal(kept(ChatMessage(role="user", content="words", additional_kwargs={"k": value}), core))
    assert back.content == "words"
    assert "k" in back.additional_kwargs


def test_what_contains_itself_never_loses_a_message(core: Memory) -> None:
    circle: dict[str, Any] = {}
    circle["circle"] = circle
    message = ChatMessage(role="user", blocks=[*BLOCKS[:1], BLOCKS[2]])
    message.additional_kwargs = circle
    try:
        one = kept(message, core)
    except RecursionError:
        pytest.fail("a circle broke the turn")
    assert len(from_journal(one).blocks) == 2


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_odd_characters_never_break_a_turn(text: str, core: Memory) -> None:
    assert kept(user(text), core).content in ("ab", "a?b")


def test_what_memory_put_in_is_taken_out_again() -> None:
    block = '<holdfast-memory kind="profile">\nQuoted.\n- User lives in Oslo\n</holdfast-memory>\n'
    both = block + block.replace("profile", "recalled")
    assert unmarked(ChatMessage(role="user", blocks=[TextBlock(text=both), TextBlock(text="hi")])) == user("hi")
    assert unmarked(user(f"{both}\nhi")) == user("hi")
    assert unmarked(user(f"hi {block}")) == user(f"hi {block}")
    assert unmarked(user(neutral("{context_str} {x}"))) == user("{context_str} {x}")


@pytest.mark.parametrize(
    ("role", "shown"), [("user", "user"), ("assistant", "assistant"), ("system", "system"), ("tool", "assistant")]
)
def test_other_frameworks_messages_come_as_their_words(role: Any, shown: str) -> None:
    message = Message(role, "words", raw={"framework": "another", "type": "ai", "data": {"tool_calls": []}})
    assert from_journal(message) == ChatMessage(role=shown, content="words")


def test_a_block_of_a_later_version_leaves_the_words() -> None:
    data = {"role": "assistant", "blocks": [{"block_type": "hologram", "x": 1}], "additional_kwargs": {}}
    raw = {"framework": "llama_index", "type": "message", "data": data}
    assert from_journal(Message("assistant", "words", raw=raw)) == assistant("words")
