"""What the writers that are killed do, and what must be true afterwards."""

import itertools
import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from holdfast import Memory, Message
from holdfast.testing import FakeEmbedder, ScriptedExtractor

Say = Callable[..., None]

TOPICS = "tea coffee chess tennis jazz hiking sailing baking".split()


def opened(path: str, **options: Any) -> Memory:
    """Open a memory in which every user message states one fact, its own words."""
    extractor = ScriptedExtractor(lambda message: [message.content.replace("I like", "User likes")])
    return Memory(path, embedder=FakeEmbedder(16), extractor=extractor, **options)


def everything(path: str, say: Say, _seed: int) -> None:
    """Do a little of all that writes, and say before and after each what it is."""
    with opened(path) as memory:
        for number, topic in enumerate(TOPICS[:3]):
            _add(memory, say, "max", f"m{number}", f"I like {topic}.")
        _add(memory, say, "eve", "e0", "I like secrets of the eleventh moon.")
        fact = memory.get_all(user_id="max")[0]
        for call in (
            lambda: memory.update(fact.id, "User likes green tea.", user_id="max"),
            lambda: memory.delete(fact.id, user_id="max"),
            lambda: memory.restore(fact.id, user_id="max"),
            lambda: memory.rebuild(user_id="max"),
        ):
            call()
        memory.add("I like waiting.", user_id="max", defer=True)
        say("begin", "forget", "eve")
        memory.forget("eve")
        say("done", "forget", "eve")
        _add(memory, say, "max", "last", "I like endings.")


def adds(path: str, say: Say, seed: int) -> None:
    """Add messages of two users until the end comes."""
    chance = random.Random(seed)
    with opened(path) as memory:
        for number in itertools.count():
            user = chance.choice(["max", "eve"])
            _add(memory, say, user, f"{seed}-{number}", f"I like {chance.choice(TOPICS)} number {seed}-{number}.")


def rebuilds(path: str, say: Say, _seed: int) -> None:
    """Derive a memory anew; it was filled before."""
    with opened(path) as memory:
        say("begin", "rebuild", "")
        memory.rebuild()
        say("done", "rebuild", "")


def _add(memory: Memory, say: Say, user: str, id: str, content: str) -> None:
    memory.add(Message("user", content, id=id), user_id=user)
    say("added", user, [id, content])


SCRIPTS: dict[str, Callable[[str, Say, int], None]] = {"everything": everything, "adds": adds, "rebuilds": rebuilds}


def check_survivors(path: str, said: list[list[Any]]) -> None:
    """Open the store after a crash: nothing acknowledged is lost, all of it agrees, and work goes on.

    `said` are the lines of its writers since it was made.
    """
    with opened(path) as memory:
        assert memory.check().findings == ()
        journal = {
            user: {message.id: message.content for message in memory.messages(user_id=user, session_id="*")}
            for user in ("max", "eve")
        }
        _, forgetting = _last(said, "forget")
        for what, user, detail in said:
            if what == "added" and not (user == "eve" and forgetting):
                assert journal[user].get(detail[0]) == detail[1], f"{detail} was acknowledged"
        if ["done", "forget", "eve"] in said:
            assert not journal["eve"]
        memory.process()
        assert memory.check().findings == ()
        for user, messages in journal.items():
            changes = memory.diff(user_id=user, since="2000-01-01").changes
            facts = memory.get_all(user_id=user, superseded=True)
            known = {span.message_id for one in (*facts, *changes) for span in one.evidence}
            assert known == set(messages), "each states a fact"
            gone = {change.evidence[0].message_id for change in changes if change.kind == "deleted"}
            for id in [id for id in messages if id not in gone][-3:]:
                content = messages[id]
                hits = memory.search(content, user_id=user, limit=len(messages) + 1)
                assert any(id in hit.sources for hit in hits)
        memory.add("I like what comes after.", user_id="max")
    if ["done", "forget", "eve"] in said:
        assert b"eleventh moon" not in b"".join(file.read_bytes() for file in _files(path))


def _last(said: list[list[Any]], what: str) -> tuple[bool, bool]:
    return any(line[:2] == ["done", what] for line in said), any(line[:2] == ["begin", what] for line in said)


def _files(path: str) -> list[Path]:
    return [file for file in Path(path).parent.iterdir() if file.name.startswith(Path(path).name)]


def sayer(descriptor: int) -> Say:
    """Return a function that writes lines to a pipe, each at once."""

    def say(what: str, *details: Any) -> None:
        os.write(descriptor, (json.dumps([what, *details]) + "\n").encode())

    return say
