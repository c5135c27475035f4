"""The conversations that retrieval is measured on: LoCoMo and BEAM from files given by path, and a set of our own."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from holdfast.types import Message

__all__ = ["CHATS", "Conversation", "Corpus", "Question", "read_beam", "read_chats", "read_locomo"]

CHATS = Path(__file__).parent / "data" / "recall" / "chats.jsonl"

_KINDS = {1: "multi-hop", 2: "temporal", 3: "open-domain", 4: "single-hop", 5: "adversarial"}
_PACE = timedelta(seconds=30)  # between two turns of a session, whose file gives one time for all


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the ids of the messages that hold its answer (none: it has none), and those that are out of date."""

    text: str
    evidence: frozenset[str]
    kind: str
    answer: str = ""
    stale: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Conversation:
    """One user's partition: messages in order, and what is asked about them."""

    name: str
    messages: tuple[Message, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Conversations of one origin. With `assistant`, evidence counts only where the user said it."""

    name: str
    conversations: tuple[Conversation, ...]
    assistant: bool


def read_locomo(path: Path) -> Corpus:
    """Read `locomo10.json`: two friends, each a user with a name; a shared photo is its caption."""
    return Corpus("LoCoMo", tuple(_locomo(one) for one in json.loads(path.read_text())), assistant=False)


def _locomo(one: dict[str, Any]) -> Conversation:
    said: list[Message] = []
    talk = one["conversation"]
    for number in sorted(int(found[1]) for name in talk if (found := re.fullmatch(r"session_(\d+)", name))):
        start = datetime.strptime(talk[f"session_{number}_date_time"] + " +0000", "%I:%M %p on %d %B, %Y %z")
        for turn, item in enumerate(talk[f"session_{number}"]):
            photo = f" [shares {item['blip_caption']}]" if item.get("blip_caption") else ""
            at = start + turn * _PACE
            said.append(Message("user", item["text"] + photo, item["dia_id"], at, item["speaker"], str(number)))
    ids = {message.id for message in said}
    questions = tuple(
        Question(
            item["question"],
            frozenset(name for text in item["evidence"] for name in re.findall(r"D\d+:\d+", text)) & ids,
            _KINDS[item["category"]],
            str(item.get("answer", "")),
        )
        for item in one["qa"]
    )
    return Conversation(one["sample_id"], tuple(said), questions)


def read_beam(path: Path) -> Corpus:
    """Read a folder of BEAM chats, each with `chat.json` and `probing_questions.json`."""
    folders = sorted((one for one in path.iterdir() if (one / "chat.json").exists()), key=lambda one: int(one.name))
    return Corpus("BEAM", tuple(_beam(folder) for folder in folders), assistant=True)


def _beam(folder: Path) -> Conversation:
    said: list[Message] = []
    at = datetime(2024, 1, 1, tzinfo=timezone.utc)
    for batch in json.loads((folder / "chat.json").read_text()):
        for item in (item for turn in batch["turns"] for item in turn):
            if item.get("time_anchor"):
                at = datetime.strptime(item["time_anchor"], "%B-%d-%Y").replace(tzinfo=timezone.utc)
            text = re.sub(r"\s*->->\s*[\d,.\sN/A]*$", "", item["content"])  # the generator's mark, no one's words
            at += _PACE
            said.append(Message(item["role"], text, str(item["id"]), at, session_id=str(batch["batch_number"])))
    by_user = {message.id for message in said if message.role == "user"}
    asked = json.loads((folder / "probing_questions.json").read_text())
    questions = tuple(_beam_question(kind, item, by_user) for kind, items in asked.items() for item in items)
    return Conversation(folder.name, tuple(said), questions)


def _beam_question(kind: str, item: Mapping[str, Any], by_user: set[str]) -> Question:
    sources = item.get("source_chat_ids")
    stale = frozenset(_ids(sources.get("original_info"))) if isinstance(sources, dict) else frozenset[str]()
    return Question(item["question"], frozenset(_ids(sources)) & by_user, kind, str(item.get("answer", "")), stale)


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, int):
        yield str(value)
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _ids(one)


def read_chats(path: Path = CHATS) -> Corpus:
    """Read our own chats: two users, four sessions each."""
    return Corpus("own", tuple(_chats(json.loads(line)) for line in path.read_text().splitlines()), assistant=True)


def _chats(one: dict[str, Any]) -> Conversation:
    said = [
        Message(
            item["role"], item["content"], item["id"], datetime.fromisoformat(session["at"]) + turn * _PACE,
            session_id=session["id"],
        )
        for session in one["sessions"]
        for turn, item in enumerate(session["messages"])
    ]  # fmt: skip
    by_user = {message.id for message in said if message.role == "user"}
    questions = tuple(
        Question(
            item["text"],
            frozenset(item["evidence"]) & by_user if item["kind"] != "assistant" else frozenset(item["evidence"]),
            "abstention" if item["kind"] == "none" else item["kind"],
            item["answer"],
        )
        for item in one["questions"]
    )
    return Conversation(one["user"], tuple(said), questions)
