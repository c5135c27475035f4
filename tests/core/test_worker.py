"""A worker learns what was deferred: beside the chat, once, in whatever process, and stops when it is told to."""

import asyncio
import gc
import logging
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from holdfast import AsyncMemory, ConfigurationError, Memory, ProviderError, Worker
from holdfast.leases import gone, hold
from holdfast.testing import Clock, FakeEmbedder, ScriptedExtractor
from holdfast.types import Batch, Extraction, Message

PATIENCE = 30.0


def says(message: Message) -> list[str]:
    return [f"User said {message.content}."]


class Slow(ScriptedExtractor):
    """Answers when it is let, and says when it was asked."""

    def __init__(self) -> None:
        super().__init__(says)
        self.asked = threading.Semaphore(0)
        self.may_answer = threading.Event()

    def extract(self, batch: Batch) -> Extraction:
        self.asked.release()
        assert self.may_answer.wait(PATIENCE)
        return super().extract(batch)


@pytest.fixture
def opened(path: Path, clock: Clock) -> Iterator[Callable[..., Memory]]:
    memories: list[Memory] = []

    def opened(extractor: Any = None) -> Memory:
        extractor = extractor or ScriptedExtractor(says)
        memories.append(Memory(path, extractor=extractor, embedder=FakeEmbedder(8), clock=clock, synchronous="NORMAL"))
        return memories[-1]

    yield opened
    for memory in memories:
        memory.close()


def facts(memory: Memory, user_id: str = "max") -> list[str]:
    return sorted(fact.text for fact in memory.get_all(user_id=user_id))


def test_what_is_deferred_is_learnt_beside_the_chat(opened: Callable[..., Memory]) -> None:
    memory = opened()
    with Worker(memory) as worker:
        assert worker.running
        added = memory.add("tea", user_id="max", defer=True)
        assert added.deferred
        assert worker.flush(PATIENCE)
        assert facts(memory) == ["User said tea."]
        assert memory.pending() == ()
    assert not worker.running


def test_leaving_waits_for_what_was_deferred(opened: Callable[..., Memory]) -> None:
    memory = opened()
    with Worker(memory, concurrency=2):
        for number in range(20):
            memory.add(str(number), user_id=f"user {number % 3}", defer=True)
    assert memory.pending() == ()
    assert sum(memory.count(user_id=f"user {number}") for number in range(3)) == 20


def test_it_begins_with_what_waits_of_earlier_processes(opened: Callable[..., Memory]) -> None:
    opened().add("tea", user_id="max", defer=True)
    memory = opened(extractor := Slow())
    extractor.may_answer.set()
    with Worker(memory, interval=3600):
        assert extractor.asked.acquire(timeout=PATIENCE)
    assert facts(memory) == ["User said tea."]


def test_a_late_look_does_not_begin_again_what_was_stopped(opened: Callable[..., Memory]) -> None:
    memory = opened()
    worker = Worker(memory, interval=3600)
    worker.start()
    watching = worker._watching
    assert watching
    worker.stop()
    watching._thread.join(PATIENCE)
    assert not watching._thread.is_alive()  # however early it was stopped
    watching._over = False  # as it was when the watch looked for the last time
    watching._deferred("max")
    worker._sweep()
    assert not worker.running


def test_it_looks_at_intervals_for_what_others_deferred(opened: Callable[..., Memory]) -> None:
    memory, elsewhere = opened(extractor := Slow()), opened()
    extractor.may_answer.set()
    with Worker(memory, interval=0.01):
        elsewhere.add("tea", user_id="max", defer=True)
        assert extractor.asked.acquire(timeout=PATIENCE)
    assert facts(memory) == ["User said tea."]


def test_what_failed_is_tried_again(opened: Callable[..., Memory], caplog: pytest.LogCaptureFixture) -> None:
    extractor = Slow()
    extractor.may_answer.set()
    extractor.fail(2, ProviderError("model", "the words were: my secret tea", retryable=True))
    memory = opened(extractor)
    with caplog.at_level(logging.INFO, "holdfast"), Worker(memory, interval=0.01) as worker:
        memory.add("tea", user_id="max", defer=True)
        for _ in range(3):
            assert extractor.asked.acquire(timeout=PATIENCE)
        assert worker.flush(PATIENCE)
    assert facts(memory) == ["User said tea."]
    warnings = [one for one in caplog.records if one.levelno == logging.WARNING]
    assert {one.name for one in warnings} == {"holdfast.worker"}
    assert "ProviderError" in warnings[0].getMessage()
    assert "tea" not in caplog.text


def test_the_pause_after_failures_grows_up_to_the_interval(opened: Callable[..., Memory]) -> None:
    extractor = ScriptedExtractor(says)
    memory = opened(extractor)
    worker = Worker(memory, interval=5)
    extractor.fail(10)
    memory.add("tea", user_id="max", defer=True)
    pauses: list[float | None] = [worker.pause]
    for _ in range(5):
        worker._run(memory, "max", "max")
        pauses.append(worker.pause)
    assert pauses == [5, 1, 2, 4, 5, 5]
    extractor.fail(0)
    worker._run(memory, "max", "max")
    assert worker.pause == 5


def test_one_user_s_failure_does_not_keep_others_waiting(opened: Callable[..., Memory]) -> None:
    extractor = ScriptedExtractor(says)
    memory = opened(extractor)
    memory.add("tea", user_id="max", defer=True)
    memory.add("tea", user_id="eve", defer=True)
    extractor.fail(1)
    with Worker(memory, interval=None) as worker:
        worker.sweep()
    assert sorted(facts(memory, "max") + facts(memory, "eve")) == ["User said tea."]
    assert len(memory.pending()) == 1


@pytest.mark.parametrize("concurrency", [1, 3])
def test_no_message_is_learnt_twice_by_workers_of_one_process(opened: Callable[..., Memory], concurrency: int) -> None:
    extractors = [ScriptedExtractor(says) for _ in range(3)]
    memories = [opened(extractor) for extractor in extractors]
    for number in range(60):
        memories[0].add(str(number), user_id=f"user {number % 4}", session_id=str(number % 3), defer=True)
    workers = [Worker(memory, concurrency=concurrency, interval=None) for memory in memories]
    for worker in workers:
        worker.sweep()
    assert all(worker.stop(PATIENCE) for worker in workers)
    asked = [message.id for one in extractors for batch in one.batches for message in batch.messages]
    assert len(asked) == len(set(asked)) == 60
    assert memories[0].pending() == ()


def test_a_worker_keeps_from_what_an_add_is_at(opened: Callable[..., Memory]) -> None:
    slow, idle = Slow(), ScriptedExtractor(says)
    chat, other = opened(slow), opened(idle)
    results: list[Any] = []
    adding = threading.Thread(target=lambda: results.append(chat.add("tea", user_id="max")))
    adding.start()
    assert slow.asked.acquire(timeout=PATIENCE)
    assert other.process().added == ()
    assert len(other.pending()) == 1
    slow.may_answer.set()
    adding.join(PATIENCE)
    assert [fact.text for fact in results[0].facts] == ["User said tea."]
    assert idle.batches == []


def test_an_add_sent_again_keeps_from_what_a_worker_is_at(opened: Callable[..., Memory]) -> None:
    slow, idle = Slow(), ScriptedExtractor(says)
    memory, chat = opened(slow), opened(idle)
    message = {"role": "user", "content": "tea", "id": "m"}
    memory.add(message, user_id="max", defer=True)
    worker = Worker(memory, interval=None)
    learning = worker.learn("max")
    assert slow.asked.acquire(timeout=PATIENCE)
    assert chat.add(message, user_id="max").facts == ()
    assert idle.batches == []
    slow.may_answer.set()
    learning.result(PATIENCE)
    assert worker.stop(PATIENCE)
    assert facts(chat) == ["User said tea."]


def test_an_interrupted_call_lets_go_at_once(opened: Callable[..., Memory]) -> None:
    class Interrupted(ScriptedExtractor):
        def extract(self, batch: Batch) -> Extraction:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        opened(Interrupted()).add("tea", user_id="max")
    memory = opened()
    assert len(memory.process().added) == 1
    assert facts(memory) == ["User said tea."]


async def test_a_cancelled_call_lets_go_at_once(opened: Callable[..., Memory]) -> None:
    class Endless(ScriptedExtractor):
        begun = asyncio.Event()

        async def aextract(self, batch: Batch) -> Extraction:
            self.begun.set()
            return await asyncio.Future()

    endless = Endless()
    adding = asyncio.ensure_future(AsyncMemory.of(opened(endless)).add("tea", user_id="max"))
    await endless.begun.wait()
    memory = opened()
    assert memory.process().added == ()
    adding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await adding
    assert len(memory.process().added) == 1


_WORKER = """
import sys
from holdfast import Memory, Worker
from holdfast.testing import FakeEmbedder, ScriptedExtractor

class Noting(ScriptedExtractor):
    def extract(self, batch):
        for message in batch.messages:
            print(message.id + " ", end="")  # in one piece: two threads print
        return super().extract(batch)

extractor = Noting(lambda message: [f"User said {message.content}."])
with Memory(sys.argv[1], extractor=extractor, embedder=FakeEmbedder(8), synchronous="NORMAL") as memory:
    with Worker(memory, concurrency=2, interval=None) as worker:
        worker.sweep()
"""


def test_no_message_is_learnt_twice_by_workers_of_two_processes(opened: Callable[..., Memory], path: Path) -> None:
    memory = opened()
    for number in range(120):
        memory.add(str(number), user_id=f"user {number % 10}", session_id=str(number % 3), defer=True)
    processes = [
        subprocess.Popen([sys.executable, "-c", _WORKER, str(path)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    asked = [process.communicate(timeout=120)[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert len(asked[0]) + len(asked[1]) == len({*asked[0], *asked[1]}) == 120
    memory.process()
    assert memory.pending() == ()
    assert sum(memory.count(user_id=user) for user in memory.users()) == 120


_KILLED = """
import os, signal, sys
from holdfast import Memory, Worker
from holdfast.testing import FakeEmbedder, ScriptedExtractor

class Deadly(ScriptedExtractor):
    def extract(self, batch):
        os.kill(os.getpid(), signal.SIGKILL)

with Memory(sys.argv[1], extractor=Deadly(), embedder=FakeEmbedder(8), synchronous="NORMAL") as memory:
    Worker(memory, interval=None).learn("max").result()
"""


def test_what_a_killed_worker_was_at_is_free_at_once(opened: Callable[..., Memory], path: Path) -> None:
    memory = opened()
    memory.add("tea", user_id="max", defer=True)
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(path)], timeout=120, check=False)
    assert killed.returncode < 0
    with Worker(memory, interval=None) as worker:
        worker.learn("max").result(PATIENCE)
    assert facts(memory) == ["User said tea."]


def test_one_that_is_stopped_in_haste_ends_with_what_it_is_at(opened: Callable[..., Memory]) -> None:
    slow = Slow()
    memory = opened(slow)
    memory.add("tea", user_id="max", defer=True)
    memory.add("tea", user_id="eve", defer=True)
    worker = Worker(memory, interval=None)
    first, second = worker.learn("max"), worker.learn("eve")
    assert slow.asked.acquire(timeout=PATIENCE)
    assert not worker.stop(0)
    slow.may_answer.set()
    first.result(PATIENCE)
    assert second.cancelled()
    assert facts(memory) == ["User said tea."]
    assert [one.user_id for one in memory.pending()] == ["eve"]
    assert worker.stop()


def test_it_can_be_started_again(opened: Callable[..., Memory]) -> None:
    memory = opened()
    worker = Worker(memory)
    for number in range(2):
        worker.start()
        worker.start()
        memory.add(str(number), user_id="max", defer=True)
        assert worker.stop()
        assert worker.stop()
    assert facts(memory) == ["User said 0.", "User said 1."]
    memory.add("after", user_id="max", defer=True)
    assert not worker.running
    assert len(memory.pending()) == 1


def test_one_that_waits_already_waits_once(opened: Callable[..., Memory]) -> None:
    slow = Slow()
    memory = opened(slow)
    memory.add("tea", user_id="max", defer=True)
    worker = Worker(memory, interval=None)
    running = worker.learn("max")
    assert slow.asked.acquire(timeout=PATIENCE)
    assert worker.learn("max") is not running  # what is said from here on might be missed
    assert worker.learn("max") is worker.learn("max")
    assert not worker.flush(0)
    slow.may_answer.set()
    assert worker.flush(PATIENCE)
    assert worker.stop()


async def test_an_awaited_memory_has_workers_too(path: Path, clock: Clock) -> None:
    async with AsyncMemory(path, extractor=ScriptedExtractor(says), embedder=FakeEmbedder(8), clock=clock) as memory:
        async with Worker(memory) as worker:
            await memory.add("tea", user_id="max", defer=True)
            await asyncio.to_thread(worker.flush)
        assert [fact.text for fact in await memory.get_all(user_id="max")] == ["User said tea."]


def test_who_wants_to_know_of_deferred_messages_is_told(opened: Callable[..., Memory]) -> None:
    memory = opened()
    told: list[str] = []
    end = memory.on_deferred(told.append)
    memory.add("tea", user_id="max", defer=True)
    memory.add("tea", user_id="eve")
    memory.add({"role": "user", "content": "tea", "id": "m"}, user_id="jo", defer=True)
    memory.add({"role": "user", "content": "tea", "id": "m"}, user_id="jo", defer=True)
    end()
    end()
    memory.add("coffee", user_id="max", defer=True)
    assert told == ["max", "jo"]


def test_a_memory_has_one_shared_worker_that_does_not_keep_it_alive(path: Path) -> None:
    memory = Memory(path, extractor=ScriptedExtractor(says), embedder=FakeEmbedder(8))
    worker = Worker.of(memory)
    assert Worker.of(memory) is worker
    memory.add("tea", user_id="max", defer=True)
    assert worker.flush(0)  # it learns for whom it is told to, nobody else
    worker.learn("max").result(PATIENCE)
    assert facts(memory) == ["User said tea."]
    assert worker.stop(PATIENCE)
    alive = weakref.ref(memory)
    memory.close()
    del memory
    gc.collect()
    assert alive() is None
    assert worker.learn("max").done()


def test_it_meets_a_user_once(opened: Callable[..., Memory]) -> None:
    memory = opened()
    asked = ["ann", "bob", "ann", "bob", "an"]
    assert [Worker.of(memory).meets(user) for user in asked] == [True, True, False, False, True]
    assert not Worker.of(memory).running


def test_a_worker_that_nobody_has_any_more_ends(opened: Callable[..., Memory]) -> None:
    memory = opened()
    worker = Worker(memory, interval=0.01)
    worker.start()
    watching = worker._watching
    assert watching
    del worker
    gc.collect()
    watching._thread.join(PATIENCE)
    assert not watching._thread.is_alive()
    memory.add("tea", user_id="max", defer=True)
    assert len(memory.pending()) == 1


def test_a_closed_memory_is_no_drama(opened: Callable[..., Memory], caplog: pytest.LogCaptureFixture) -> None:
    memory = opened()
    worker = Worker(memory, interval=None)
    memory.close()
    with caplog.at_level(logging.INFO):
        assert worker.learn("max").result(PATIENCE) is None
    assert caplog.records == []
    assert worker.stop()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_has_threads_of_its_own(opened: Callable[..., Memory]) -> None:
    memory = opened()
    worker = Worker(memory, interval=None)
    worker.learn("max").result(PATIENCE)
    memory.add("tea", user_id="max", defer=True)
    child = os.fork()
    if not child:
        try:
            worker.learn("max").result(PATIENCE)
            os._exit(0 if not memory.pending() else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert worker.stop(PATIENCE)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({"concurrency": 0}, "concurrency"),
        ({"concurrency": 1.5}, "concurrency"),
        ({"concurrency": True}, "concurrency"),
        ({"interval": 0}, "interval"),
        ({"interval": -1.0}, "interval"),
        ({"interval": float("nan")}, "interval"),
        ({"interval": float("inf")}, "interval"),
        ({"interval": "5"}, "interval"),
    ],
)
def test_bad_arguments_are_refused(opened: Callable[..., Memory], arguments: dict[str, Any], what: str) -> None:
    with pytest.raises(ConfigurationError, match=what):
        Worker(opened(), **arguments)


def test_what_is_no_memory_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="str"):
        Worker("memory.db")  # type: ignore[arg-type]


def test_what_an_add_that_failed_did_not_come_to_is_free_for_other_processes(
    path: Path,
) -> None:
    extractor = ScriptedExtractor(says)
    extractor.fail(1)
    # No clock of the test's: a lease ends by the time that both processes know.
    with Memory(path, extractor=extractor, embedder=FakeEmbedder(8)) as memory:
        with pytest.raises(ProviderError):
            memory.add([str(number) for number in range(70)], user_id="max")
        command = [sys.executable, "-c", _WORKER, str(path)]
        done = subprocess.run(command, stdout=subprocess.PIPE, timeout=120, check=True)
        assert len(done.stdout.split()) == 70
        assert memory.pending() == ()


def test_of_an_owner_elsewhere_nothing_is_known() -> None:
    with hold() as mine:
        machine, process, _ = mine.split("/")
        assert not gone(mine)
        assert not gone(f"another-{machine}/{process}/0")
        assert gone(f"{machine}/{process}/0")
        assert not gone("somebody")
    assert gone(mine)


@pytest.mark.parametrize("press", ["flush", "stop", "learn"])
def test_what_may_wait_waits_until_somebody_asks(press: str) -> None:
    memory = Memory(":memory:", embedder=FakeEmbedder(), extractor=ScriptedExtractor())
    memory.add("I like tea.", user_id="max", defer=True)
    worker = Worker(memory, interval=None)
    learnt = worker.learn("max", after=3600)
    assert worker.learn("max", after=3600) is learnt
    assert not learnt.done()
    assert memory.pending(user_id="max")
    if press == "learn":
        assert worker.learn("max") is learnt
    else:
        getattr(worker, press)(30)
    learnt.result(30)
    assert not memory.pending(user_id="max")
    worker.stop()
