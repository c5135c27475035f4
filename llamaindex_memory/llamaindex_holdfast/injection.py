"""Where memory stands in what the model reads."""

from typing import Literal, TypeAlias

from llama_index.core.base.llms.types import ChatMessage, MessageRole, TextBlock

__all__ = ["Insert", "inject"]

Insert: TypeAlias = Literal["auto", "user", "system"]
"""Before the words of the user's latest message (`user`), in a leading system message (`system`), or the first of these
that is there (`auto`)."""


def inject(messages: list[ChatMessage], text: str, where: Insert) -> None:
    """Put a text into messages, in place; an empty text changes nothing.

    By default it goes before the user's words: ReActAgent and CodeActAgent throw the leading system message away, and
    strict chat templates refuse a second one beside the agent's own. Only a chat in which the user has not spoken yet
    gets a system message.
    """
    if not text:
        return
    block = TextBlock(text=f"{text}\n\n")  # some providers join the blocks of a message without a space
    latest = [message for message in reversed(messages) if message.role == MessageRole.USER]
    leading = [message for message in messages if message.role == MessageRole.SYSTEM]
    targets = {"user": latest, "system": leading, "auto": latest or leading}[where]
    if targets:
        targets[0].blocks = [block, *targets[0].blocks]
    elif where == "user":
        messages.append(ChatMessage(role=MessageRole.USER, blocks=[block]))
    else:
        messages.insert(0, ChatMessage(role=MessageRole.SYSTEM, blocks=[block]))
