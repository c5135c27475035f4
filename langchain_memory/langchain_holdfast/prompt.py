"""Where memory stands in a prompt, and which of a prompt's messages are this turn's."""

from collections.abc import Sequence
from typing import Any, TypeVar

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from langchain_holdfast.messages import spoken, text_of

__all__ = ["current_turn", "question_of", "questions", "with_profile", "with_recalled", "words_of"]

_M = TypeVar("_M", bound=BaseMessage)


def current_turn(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Return what was said since the last finished answer, that answer excluded; at a turn's end, its answer included.

    A client that keeps no ids sends its history anew each time, so the rest of it must not be taken for new.
    """
    later_human = False
    for place in range(len(messages) - 1, -1, -1):
        message = messages[place]
        if isinstance(message, HumanMessage):
            later_human = True
        elif isinstance(message, AIMessage) and not message.tool_calls and later_human:
            return spoken(messages[place + 1 :])
    return spoken(messages)


def question_of(messages: Sequence[BaseMessage]) -> str:
    """Return the words that the user said last; the empty text when there are none."""
    place = _last_question(messages)
    return "" if place is None else text_of(messages[place])


def questions(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Return the messages in which the user said something."""
    return [message for message in spoken(messages) if isinstance(message, HumanMessage)]


def words_of(messages: Sequence[BaseMessage]) -> list[str]:
    """Return the words that stand in the prompt already, which need not be recalled."""
    return [text_of(message) for message in messages]


def with_profile(system: SystemMessage | None, profile: str) -> SystemMessage | None:
    """Return the system message with the profile behind it, the same text as long as the profile is the same."""
    if not profile:
        return system
    if system is None:
        return SystemMessage(profile)
    return system.model_copy(update={"content": _joined(system.content, profile)})


def with_recalled(messages: Sequence[_M], recalled: str) -> list[_M]:
    """Return the messages with what was recalled put before the words of the user's last one.

    So it stands behind the history, which a provider's prompt cache keeps, and no message is added: models that want
    user and assistant to alternate take it too.
    """
    changed = list(messages)
    place = _last_question(messages)
    if recalled and place is not None:
        question = changed[place]
        changed[place] = question.model_copy(update={"content": _joined(recalled, question.content)})
    return changed


def _last_question(messages: Sequence[BaseMessage]) -> int | None:
    for place in range(len(messages) - 1, -1, -1):
        message = messages[place]
        if isinstance(message, HumanMessage) and not message.additional_kwargs.get("lc_source"):
            return place
    return None


def _joined(first: str | list[Any], second: str | list[Any]) -> str | list[Any]:
    if isinstance(first, str) and isinstance(second, str):
        return f"{first}\n\n{second}"
    blocks: list[Any] = []
    for content in (first, second):
        blocks += [{"type": "text", "text": content}] if isinstance(content, str) else content
    return blocks
