"""Many threads and many processes on one file."""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import apsw
import pytest

from durability.scripts import opened
from holdfast import Message
from holdfast.errors import ConfigurationError, StorageError
from holdfast.lexical import REVISION
from holdfast.protocols import Write
from holdfast.store import SQLiteStore
from holdfast.store.database import Database
from holdfast.testing import Clock, FakeEmbedder

NOW = Clock()()


def store_at(path: Path, **options: Any) -> SQLiteStore:
    return SQLiteStore(str(path), embedder=FakeEmbedder(16).fingerprint, terms=REVISION, **options)


def test_writes_of_threads_share_transactions(tmp_path: Path) -> None:
    database = Database(str(tmp_path / "a.db"))
    database.write(lambda db: db.execute("CREATE TABLE t (n INTEGER)"))
    begun, gathered = threading.Event(), threading.Event()
    commits: list[str] = []

    def slow(db: apsw.Connection) -> None:
        db.set_commit_hook(lambda: commits.append("commit") or 0)  # type: ignore[func-returns-value]
        begun.set()
        assert gathered.wait(20)

    def insert(number: int) -> Callable[[apsw.Connection], int]:
        def work(db: apsw.Connection) -> int:
            db.execute("INSERT INTO t VALUES (?)", (number,))
            if number % 5 == 0:
                raise ValueError(number)
            return number

        return work

    with ThreadPoolExecutor(21) as pool:
        first = pool.submit(database.write, slow)
        assert begun.wait(20)
        others = [pool.submit(database.write, insert(number)) for number in range(20)]
        while len(database._group._waiting) < 20:  # pyright: ignore[reportPrivateUsage]
            os.sched_yield()
        gathered.set()
        first.result()
        for number, one in enumerate(others):
            if number % 5 == 0:
                with pytest.raises(ValueError, match=str(number)):
                    one.result()
            else:
                assert one.result() == number
    assert commits == ["commit"] * 2, "one of the slow write, one of the twenty that came meanwhile"
    with database.reading() as db:
        assert [n for (n,) in db.execute("SELECT n FROM t ORDER BY n")] == [n for n in range(20) if n % 5]
    database.close()


def test_what_one_thread_does_wrong_harms_no_other(tmp_path: Path) -> None:
    store = store_at(tmp_path / "a.db")

    def append(number: int) -> str:
        content = "other words" if number % 4 == 3 else f"words {number}"
        (one,) = store.append(
            "max", [Message("user", content, id=f"m{number // 4 if number % 4 == 3 else number}")], now=NOW
        )
        return one.message.content

    store.append("max", [Message("user", "known", id=f"m{number}") for number in range(10)], now=NOW)
    with ThreadPoolExecutor(8) as pool:
        results = [pool.submit(append, number) for number in range(12, 132)]
        good = sum(one.exception() is None for one in results)
    assert {type(one.exception()) for one in results} <= {type(None), ConfigurationError}
    assert len(store.messages("max")) == 10 + good
    assert [one.position for one in store.messages("max")] == list(range(1, 11 + good))
    assert store.check().findings == ()
    store.close()


def test_a_write_inside_a_write_is_refused(tmp_path: Path) -> None:
    store = store_at(tmp_path / "a.db")
    store.append("max", [Message("user", "Hello")], now=NOW)

    def decide(_: Any) -> Write:
        store.append("max", [Message("user", "again")], now=NOW)
        return Write()

    with pytest.raises(RuntimeError, match="inside a write"):
        store.commit("max", decide)
    assert len(store.messages("max")) == 1
    store.close()


def test_an_interrupted_leader_does_not_stop_the_others(tmp_path: Path) -> None:
    database = Database(str(tmp_path / "a.db"))
    database.write(lambda db: db.execute("CREATE TABLE t (n INTEGER)"))
    begun, gathered = threading.Event(), threading.Event()

    def interrupted(db: apsw.Connection) -> None:
        begun.set()
        assert gathered.wait(20)
        raise KeyboardInterrupt

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(database.write, interrupted)
        assert begun.wait(20)
        second = pool.submit(database.write, lambda db: db.execute("INSERT INTO t VALUES (1)").get)
        while not database._group._waiting:  # pyright: ignore[reportPrivateUsage]
            os.sched_yield()
        gathered.set()
        with pytest.raises(KeyboardInterrupt):
            first.result()
        second.result()
    with database.reading() as db:
        assert db.execute("SELECT count(*) FROM t").get == 1
    database.close()


def test_a_child_process_goes_on_after_a_fork(tmp_path: Path) -> None:
    with opened(str(tmp_path / "a.db")) as memory:
        memory.add("I like tea.", user_id="max")
        assert memory.search("tea", user_id="max")

        def child(number: int) -> None:
            memory.add(f"I like chess number {number}.", user_id="max")
            assert len(memory.search("chess", user_id="max")) >= 2
            assert memory.check().findings == ()

        processes = [multiprocessing.get_context("fork").Process(target=child, args=(n,)) for n in range(3)]
        stop = threading.Event()

        def reads() -> int:
            count = 0
            while not stop.is_set():
                assert memory.search("tea", user_id="max")
                count += 1
            return count

        with ThreadPoolExecutor(2) as pool:
            reading = [pool.submit(reads) for _ in range(2)]
            for process in processes:
                process.start()
            for process in processes:
                process.join(60)
            stop.set()
            assert all(one.result() for one in reading)
        assert [process.exitcode for process in processes] == [0, 0, 0]
        memory.add("I like jazz.", user_id="max")
        assert len(memory.messages(user_id="max", session_id="*")) == 5
        assert memory.check().findings == ()


def test_a_child_forked_in_the_middle_of_a_call_says_so(tmp_path: Path) -> None:
    database = Database(str(tmp_path / "a.db"))
    reading, writing = os.pipe()
    with database.reading():
        child = os.fork()
        if child == 0:
            try:
                database.write(lambda db: None)
            except StorageError as error:
                os.write(writing, str(error).encode())
            os._exit(0)
    os.waitpid(child, 0)
    assert b"forked in the middle of a call" in os.read(reading, 1000)
    os.close(reading)
    os.close(writing)
    database.write(lambda db: db.execute("CREATE TABLE t (n)"))
    database.close()


def write_for(path: str, seconds: float, number: int, ready: Any, results: Any) -> None:
    store = store_at(Path(path))
    ready.wait(60)
    written, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        store.append(f"user {number}", [Message("user", f"message {written}")], now=NOW)
        written += 1
    store.close()
    results.put((number, written))


def test_no_writing_process_starves(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, queue = context.Barrier(4), context.Queue()
    path = str(tmp_path / "a.db")
    writers = [context.Process(target=write_for, args=(path, 2.0, n, ready, queue)) for n in range(4)]
    for writer in writers:
        writer.start()
    counts = dict(queue.get(timeout=90) for _ in writers)
    for writer in writers:
        writer.join(60)
    written = [counts[number] for number in range(4)]
    assert max(written) < 3 * min(written), written
    store = store_at(tmp_path / "a.db")
    assert [len(store.messages(f"user {number}")) for number in range(4)] == written
    assert store.check().findings == ()
    store.close()


def test_readers_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    store = store_at(tmp_path / "a.db")
    store.append("max", [Message("user", "Hello")], now=NOW)
    reader = store_at(tmp_path / "a.db")

    def decide(_: Any) -> Write:
        # The transaction is open and the lock held; both stores read what was there before.
        with ThreadPoolExecutor(1) as pool:
            seen = [pool.submit(one.messages, "max").result(20) for one in (store, reader)]
        assert [len(messages) for messages in seen] == [1, 1]
        return Write()

    store.commit("max", decide)
    reader.close()
    store.close()


def test_a_fork_does_not_wait_for_who_waits_for_it(tmp_path: Path) -> None:
    database = Database(str(tmp_path / "a.db"))
    assert database.pause(1)  # as before a fork, which leaves everything closed
    database.resume()
    read = threading.Event()

    def reads() -> None:
        with database.reading():
            read.set()

    with database._mutex:
        reader = threading.Thread(target=reads)
        reader.start()
        assert not read.wait(0.2)  # the reader wants the file opened, and this thread is at work
        assert database.pause(0)
        database.resume()
    assert read.wait(30)
    reader.join()
    database.close()
