"""What memory costs a LlamaIndex chat: a turn at 1,000 facts, 200 puts beside the framework's own, the import.

    python benchmarks/llamaindex_adapter.py

Wall time on one machine. A turn is what the engine calls: `put` of the user's words, `get`, `put` of the answer; the
embedded embedder, a file with `synchronous=FULL`. What is learnt in the background runs beside the model's answer; the
row "and all learnt" waits for it. The framework's `Memory` embeds and learns nothing: it is the floor of its own store.
Of 200 puts each is durable when it returns, on both sides: ours syncs the disk once a put, the framework's four times;
the rest of what it takes is reading the whole chat again at each, and counting its tokens, so it grows with what was
said: 107 words asked and 532 answered, as in BEAM's chats with an assistant on average, 50 and 150, or 7 words each.
"In one batch" is one `put_messages`; "chats at once" is `aput` to as many chats, whose commits share a sync; "the disk
alone" writes and syncs what one of our puts does. Sides take turns, three times each, and medians are shown.
"""

import asyncio
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any, TypeVar

from llama_index.core.llms import ChatMessage
from llama_index.core.memory import BaseMemory
from llama_index.core.memory import Memory as LlamaMemory

from holdfast import Memory
from llamaindex_holdfast import HoldfastMemory
from measure import show, timed
from memory import FACTS, PLACES, THINGS, statements

PUTS = 200

_M = TypeVar("_M", bound=BaseMemory)


def chat(asked: int, answered: int) -> list[ChatMessage]:
    """Return 200 messages of a chat with an assistant, of so many words."""
    vocabulary = [word for sentence in statements(60) for word in sentence.rstrip(".").split()]
    words = itertools.cycle(vocabulary)

    def said(length: int) -> str:
        return " ".join(itertools.islice(words, length))

    return [
        ChatMessage(said(answered), role="assistant") if number % 2 else ChatMessage(said(asked))
        for number in range(PUTS)
    ]


def remarks() -> list[ChatMessage]:
    """Return 200 messages of seven words."""
    return [ChatMessage(f"message number {number} of this long conversation") for number in range(PUTS)]


def puts(memory: BaseMemory, messages: Sequence[ChatMessage]) -> float:
    """Return the seconds that single puts take."""
    start = time.perf_counter()
    for message in messages:
        memory.put(message)
    return time.perf_counter() - start


def batch(memory: BaseMemory, messages: list[ChatMessage]) -> float:
    """Return the seconds that the same takes in one call."""
    start = time.perf_counter()
    memory.put_messages(messages)
    return time.perf_counter() - start


async def at_once(memories: list[BaseMemory]) -> float:
    """Return the seconds that one put in each of many chats takes, all of them awaited together."""
    start = time.perf_counter()
    await asyncio.gather(*(one.aput(ChatMessage("a message of one of many chats at once")) for one in memories))
    return time.perf_counter() - start


def disk(folder: str) -> float:
    """Return the seconds that 200 writes of seven pages take, as a put writes to the log, each synced."""
    file = os.open(Path(folder) / "log", os.O_CREAT | os.O_WRONLY)
    try:
        start = time.perf_counter()
        for _ in range(PUTS):
            os.write(file, bytes(7 * 8192))
            os.fsync(file)
        return time.perf_counter() - start
    finally:
        os.close(file)


def _warm(memory: _M) -> _M:
    memory.put(ChatMessage("hello"))
    return memory


def importing(more: str) -> float:
    """Return the processor seconds that an import adds to the framework's, in a process of its own."""
    begun = "import llama_index.core.memory, time; start = time.process_time()"
    code = f"{begun}; {more}; print(time.process_time() - start)"
    return min(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        core = Memory(Path(folder) / "bench.db")
        core.add(statements(FACTS), user_id="user")
        rows: list[tuple[object, ...]] = []
        asked = itertools.cycle(
            f"which {thing} did I get in {place}, number {number}?"
            for number in range(50)
            for thing, place in zip(THINGS, PLACES, strict=True)
        )

        def turn(memory: HoldfastMemory, *, wait: bool = False) -> None:
            memory.put(ChatMessage(next(asked)))
            memory.get()
            memory.put(ChatMessage("You got the red one in the small shop by the river.", role="assistant"))
            if wait:
                memory.flush()

        def handle(**options: Any) -> HoldfastMemory:
            return HoldfastMemory.from_memory(core, user_id="user", **options)

        background, later, now = handle(), handle(learn="later"), handle(learn="now")
        rows.append(("turn, learning beside the chat", *_paced(lambda: turn(background), background), "p50 under 25"))
        rows.append(("turn, learning left to the application", *timed(lambda: turn(later), 60).row, ""))
        core.process()
        rows.append(("turn, learning before put returns", *timed(lambda: turn(now), 60).row, ""))
        rows.append(("turn, and all learnt", *timed(lambda: turn(background, wait=True), 60).row, ""))
        show(
            f"A turn at {core.count(user_id='user'):,} facts; milliseconds",
            ("call", "p50", "p95", "p50 CPU", "reach"),
            rows,
        )

        engine = f"sqlite+aiosqlite:///{folder}/theirs.db"
        names = (f"chat {number}" for number in itertools.count())

        def theirs() -> LlamaMemory:
            return _warm(LlamaMemory.from_defaults(session_id=next(names), async_database_uri=engine))

        def ours(learn: str) -> HoldfastMemory:
            return _warm(handle(learn=learn, session_id=next(names)))

        lengths = (
            ("107 and 532 words", chat(107, 532)),
            ("50 and 150 words", chat(50, 150)),
            ("7 words", remarks()),
        )
        compared: list[tuple[object, ...]] = []
        for length, messages in lengths:
            rounds = [
                (puts(ours("later"), messages), batch(ours("later"), messages), puts(theirs(), messages))
                for _ in range(3)
            ]
            one_by_one, at_a_time, floor = (median(side) for side in zip(*rounds, strict=True))
            compared += [
                ("HoldfastMemory, learning left to the application", length, one_by_one, floor / one_by_one, "20"),
                ("HoldfastMemory, in one batch", length, at_a_time, floor / at_a_time, ""),
                ("llama_index.core Memory", length, floor, 1.0, ""),
            ]
        beside = puts(ours("background"), remarks())
        background.flush()
        chats: list[BaseMemory] = [handle(learn="later", session_id=next(names)) for _ in range(PUTS)]
        many = asyncio.run(at_once(chats))
        show(
            f"{PUTS} puts on a file; seconds",
            ("memory", "messages of", "s", "times faster", "reach"),
            [
                *compared,
                ("HoldfastMemory, learning beside", "7 words", beside, floor / beside, ""),
                (f"HoldfastMemory, {PUTS} chats at once", "7 words", many, "", ""),
                ("the disk alone", "", disk(folder), "", ""),
            ],
        )
        core.close()
    show(
        "Importing, beyond llama_index.core.memory; seconds of processor time",
        ("import", "s", "reach"),
        [
            ("llamaindex_holdfast", importing("import llamaindex_holdfast"), "under 0.05"),
            ("HoldfastMemory, the core with it", importing("from llamaindex_holdfast import HoldfastMemory"), ""),
        ],
    )


def _paced(call: Callable[[], None], memory: HoldfastMemory) -> tuple[float, float, float]:
    """Time turns with the pause that a model's answer gives, in which what was said is learnt."""
    wall: list[float] = []
    cpu: list[float] = []
    for number in range(65):
        memory.flush()
        start, used = time.perf_counter(), time.process_time()
        call()
        if number >= 5:
            wall.append((time.perf_counter() - start) * 1000)
            cpu.append((time.process_time() - used) * 1000)
    return median(wall), quantiles(wall, n=20)[-1], median(cpu)


if __name__ == "__main__":
    main()
