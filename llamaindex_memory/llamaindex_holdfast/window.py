"""The part of a conversation that goes to the model: the latest turns that fit, whole."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias, cast

from llama_index.core import utils
from llama_index.core.base.llms.types import ChatMessage, MessageRole, TextBlock

__all__ = ["Tokenizer", "calls_tools", "count_tokens", "default_tokenizer", "fit"]

Tokenizer: TypeAlias = Callable[[str], Sequence[Any]]

_SYSTEM = (MessageRole.SYSTEM, MessageRole.DEVELOPER)
_ANSWERS = (MessageRole.TOOL, MessageRole.FUNCTION)
# What one costs, as `llama_index.core.memory.Memory` estimates them.
_MEDIA = {"image": 256, "audio": 256, "video": 256, "document": 1024}


def default_tokenizer() -> Tokenizer:
    """Return what LlamaIndex counts with; its vocabulary lies in LlamaIndex's own package, so nothing is fetched."""
    return cast(Tokenizer, utils.get_tokenizer())  # pyright: ignore[reportUnknownMemberType]


def count_tokens(message: ChatMessage, tokenizer: Tokenizer) -> int:
    """Return what a message costs: its text, its calls of tools with their arguments, an estimate for media."""
    total = 0
    for block in message.blocks:
        if block.block_type in _MEDIA:
            total += _MEDIA[block.block_type]
        else:
            total += len(tokenizer(block.text if isinstance(block, TextBlock) else block.model_dump_json()))
    called = message.additional_kwargs.get("tool_calls")
    return total + (len(tokenizer(str(called))) if called else 0)


def calls_tools(message: ChatMessage) -> bool:
    """Whether a message calls tools, as a block or in the older way of `additional_kwargs`."""
    return bool(message.additional_kwargs.get("tool_calls")) or any(
        block.block_type == "tool_call" for block in message.blocks
    )


def fit(messages: Sequence[ChatMessage], costs: Sequence[int], limit: int) -> list[int]:
    """Return which messages to send, as indices in order: all when they fit in `limit` tokens.

    System messages always stay. Of the rest the latest turns stay, each from its user's message to the next one's. When
    not even the last turn fits, its user's message stays with the latest of its steps that fit; a step is one message,
    or a call of tools with all its results. A result whose call is not there is left out: no model takes it.
    """
    system = [number for number, message in enumerate(messages) if message.role in _SYSTEM]
    left = limit - sum(costs[number] for number in system)
    steps = list(_steps(messages))
    if sum(costs[number] for step in steps for number in step) <= left:
        return sorted([*system, *(number for step in steps for number in step)])
    begins = [place for place, step in enumerate(steps) if messages[step[0]].role == MessageRole.USER]
    kept: list[list[int]] = []
    ends = [*begins[1:], len(steps)] if begins else []
    for turn in reversed([steps[begin:end] for begin, end in zip(begins, ends, strict=True)]):
        cost = sum(costs[number] for step in turn for number in step)
        if cost > left:
            if not kept:
                kept = [turn[0], *_latest(turn[1:], costs, left - costs[turn[0][0]])]
            break
        kept = [*turn, *kept]
        left -= cost
    if not begins:
        kept = _latest(steps, costs, left)
    return sorted([*system, *(number for step in kept for number in step)])


def _steps(messages: Sequence[ChatMessage]) -> Iterator[list[int]]:
    """Yield what must stay together, system messages and results without a call left out."""
    step: list[int] = []
    for number, message in enumerate(messages):
        if message.role in _SYSTEM:
            continue
        if message.role in _ANSWERS:
            if step and calls_tools(messages[step[0]]):
                step.append(number)
            continue
        if step:
            yield step
        step = [number]
    if step:
        yield step


def _latest(steps: Sequence[list[int]], costs: Sequence[int], left: int) -> list[list[int]]:
    kept: list[list[int]] = []
    for step in reversed(steps):
        left -= sum(costs[number] for number in step)
        if left < 0:
            break
        kept = [step, *kept]
    return kept
