"""What cannot work is refused with one of our errors, before anything is written; what is only odd is kept."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from holdfast import Memory, Message
from holdfast.errors import (
    ConfigurationError,
    CorruptStoreError,
    HoldfastError,
    IncompatibleStoreError,
    StorageError,
)
from holdfast.keys import READ
from holdfast.store.database import Database
from holdfast.testing import FakeEmbedder, ScriptedExtractor
from told import SCRIPT, tell

Call = Callable[[Memory], object]

CALLS: dict[str, Callable[..., object]] = {
    "add": lambda memory, user_id: memory.add("hi", user_id=user_id),
    "process": lambda memory, user_id: memory.process(user_id=user_id),
    "search": lambda memory, user_id: memory.search("tea", user_id=user_id),
    "context": lambda memory, user_id: memory.context("tea", user_id=user_id),
    "get": lambda memory, user_id: memory.get("f1", user_id=user_id),
    "get_all": lambda memory, user_id: memory.get_all(user_id=user_id),
    "count": lambda memory, user_id: memory.count(user_id=user_id),
    "update": lambda memory, user_id: memory.update("f1", "text", user_id=user_id),
    "delete": lambda memory, user_id: memory.delete("f1", user_id=user_id),
    "restore": lambda memory, user_id: memory.restore("f1", user_id=user_id),
    "history": lambda memory, user_id: memory.history("f1", user_id=user_id),
    "diff": lambda memory, user_id: memory.diff(user_id=user_id, since="2025-01-01"),
    "messages": lambda memory, user_id: memory.messages(user_id=user_id, session_id=None),
    "sessions": lambda memory, user_id: memory.sessions(user_id=user_id),
    "rebuild": lambda memory, user_id: memory.rebuild(user_id=user_id),
    "forget": lambda memory, user_id: memory.forget(user_id),
}


@pytest.fixture
def untouched(memory: Memory) -> Iterator[Memory]:
    """Yield a memory that must hold afterwards what it held before."""
    tell(memory, "I like tea.")
    before = memory.check()
    yield memory
    assert memory.check() == before
    assert memory.users() == ("max",)


# Users


@pytest.mark.parametrize("user_id", ["", 5, b"max", ["max"], "a\0b", "\ud800"])
@pytest.mark.parametrize("name", CALLS)
def test_what_is_no_user_is_refused_by_every_call(untouched: Memory, name: str, user_id: Any) -> None:
    with pytest.raises(ConfigurationError, match="user_id"):
        CALLS[name](untouched, user_id)


@pytest.mark.parametrize("name", sorted(CALLS.keys() - {"process", "rebuild"}))
def test_no_user_at_all_is_refused(untouched: Memory, name: str) -> None:
    with pytest.raises(ConfigurationError, match="user_id"):
        CALLS[name](untouched, None)


# Messages


@pytest.mark.parametrize(
    "messages",
    [
        None,
        5,
        b"hi",
        [None],
        {"role": "user"},
        {"content": "hi"},
        {"role": "robot", "content": "hi"},
        {"role": "user", "content": None},
        {"role": "user", "content": b"hi"},
        {"role": "user", "content": [{"type": "text", "text": "hi"}, b"raw"]},
        "nul \0",
        "lone \ud800",
        {"role": "user", "content": "hi", "metadata": {"at": datetime(2025, 1, 1, tzinfo=timezone.utc)}},
    ],
    ids=repr,
)
def test_what_is_no_message_is_refused_whole(untouched: Memory, messages: Any) -> None:
    """Also when good messages stand around it."""
    with pytest.raises(ConfigurationError):
        untouched.add(messages, user_id="max")
    with pytest.raises(ConfigurationError, match="message 1"):
        untouched.add(["before", messages, "after"], user_id="max")


def test_the_text_of_content_blocks_is_learnt_and_the_rest_kept(memory: Memory) -> None:
    blocks = [{"type": "text", "text": "I like tea."}, {"type": "image_url", "image_url": {"url": "https://a/b.png"}}]
    added = memory.add({"role": "user", "content": blocks}, user_id="max")
    assert [fact.text for fact in added.facts] == ["User likes tea."]
    (message,) = memory.messages(user_id="max", session_id=None)
    assert message.content == "I like tea."
    assert message.raw["content"] == blocks


def test_a_message_without_words_is_kept(memory: Memory) -> None:
    memory.add(["", " ", {"role": "user", "content": []}], user_id="max", session_id="s")
    assert memory.process().remaining == 0
    assert len(memory.messages(user_id="max", session_id="s")) == 3
    assert memory.search("tea", user_id="max") == ()
    assert memory.check().findings == ()


def test_ten_megabytes_are_kept_whole(path: Path) -> None:
    text = "I like tea. " + "The archive of the harbour master goes on and on. " * 200_000
    with Memory(path, embedder=FakeEmbedder()) as memory:
        added = memory.add(text, user_id="max")
        assert memory.messages(user_id="max", session_id=None)[0].content == text
        assert any(str(len(text) - READ) in one.reason for one in added.skipped)
        assert any("8,000" in one.reason for one in added.skipped)
        (hit, *_) = memory.search("tea", user_id="max")
        assert "tea" in hit.text
        report = memory.check()
        assert report.findings == ()
        assert report.checked["key"] < 500
        assert memory.context("harbour", user_id="max", max_tokens=100).tokens <= 100
        memory.forget("max")
    assert b"harbour" not in path.read_bytes()


@pytest.mark.parametrize("at", ["2025-03-01T12:00:00", datetime(2025, 3, 1, 12), "2025-03-01T12:00:00Z"])  # noqa: DTZ001
def test_a_moment_without_a_zone_is_utc(memory: Memory, at: Any) -> None:
    memory.add([{"role": "user", "content": "tea", "at": at}, "and milk"], user_id="max", at=at)
    moments = {message.at for message in memory.messages(user_id="max", session_id=None)}
    assert moments == {datetime(2025, 3, 1, 12, tzinfo=timezone.utc)}
    for as_of, count in ((at, 2), ("2025-03-01T11:59:59", 0)):
        assert len(memory.search("tea", user_id="max", as_of=as_of)) == count


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01", "9999-12-31"])
def test_the_ends_of_time_are_moments(memory: Memory, at: str) -> None:
    memory.add("tea", user_id="max", at=at)
    for where in (None, {"at": {"$gt": "2025"}}):
        assert len(memory.search("tea", user_id="max", where=where)) in (0, 1)
    assert len(memory.search("tea", user_id="max")) == 1
    memory.search("tea", user_id="max", as_of=at)
    memory.diff(user_id="max", since=at, until=at)


def test_an_id_with_other_words_is_refused(untouched: Memory) -> None:
    (message,) = untouched.messages(user_id="max", session_id=None)
    with pytest.raises(ConfigurationError, match=message.id):
        untouched.add(["before", Message("user", "other words", id=message.id)], user_id="max")


# Other arguments


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda memory: memory.search("tea", user_id="max", limit=0), "limit"),
        (lambda memory: memory.search("tea", user_id="max", limit=-1), "limit"),
        (lambda memory: memory.search("tea", user_id="max", limit=2.5), "limit"),
        (lambda memory: memory.search("tea", user_id="max", limit=True), "limit"),
        (lambda memory: memory.search("tea", user_id="max", limit="3"), "limit"),
        (lambda memory: memory.search(None, user_id="max"), "query"),
        (lambda memory: memory.search(b"tea", user_id="max"), "query"),
        (lambda memory: memory.search("tea", user_id="max", where={"kind": {"$like": "x"}}), r"\$like"),
        (lambda memory: memory.search("tea", user_id="max", where="kind"), "where"),
        (lambda memory: memory.search("", user_id="max", where={"kind": {"$like": "x"}}), r"\$like"),
        (lambda memory: memory.search("tea", user_id="max", as_of="soon"), "as_of"),
        (lambda memory: memory.search("tea", user_id="max", as_of=5), "as_of"),
        (lambda memory: memory.search("tea", user_id="max", among=[]), "among"),
        (lambda memory: memory.search("tea", user_id="max", among=["facts", "dreams"]), "among"),
        (lambda memory: memory.search("tea", user_id="max", among="dreams"), "among"),
        (lambda memory: memory.search("tea", user_id="max", among=None), "among"),
        (lambda memory: memory.search("tea", user_id="max", among=5), "among"),
        (lambda memory: memory.search("tea", user_id="max", among=[["facts"]]), "among"),
        (lambda memory: memory.search("tea", user_id="max", min_score="high"), "min_score"),
        (lambda memory: memory.search("tea", user_id="max", min_score=float("nan")), "min_score"),
        (lambda memory: memory.search("tea", user_id="max", session_id=5), "session_id"),
        (lambda memory: memory.search("tea", user_id="max", session_id="\ud800"), "session_id"),
        (lambda memory: memory.search("tea", user_id="max", agent_id=b"a"), "agent_id"),
        (lambda memory: memory.context("tea", user_id="max", max_tokens=-1), "max_tokens"),
        (lambda memory: memory.context("tea", user_id="max", max_tokens=None), "max_tokens"),
        (lambda memory: memory.context("tea", user_id="max", max_tokens=True), "max_tokens"),
        (lambda memory: memory.context(5, user_id="max"), "query"),
        (lambda memory: memory.context("tea", user_id="max", session_id=5), "session_id"),
        (lambda memory: memory.get(5, user_id="max"), "id"),
        (lambda memory: memory.get(None, user_id="max"), "id"),
        (lambda memory: memory.get("\ud800", user_id="max"), "id"),
        (lambda memory: memory.history(["a"], user_id="max"), "id"),
        (lambda memory: memory.update(5, "text", user_id="max"), "id"),
        (lambda memory: memory.update("f1", "", user_id="max"), "text"),
        (lambda memory: memory.update("f1", " \n", user_id="max"), "text"),
        (lambda memory: memory.update("f1", None, user_id="max"), "text"),
        (lambda memory: memory.update("f1", "a\0", user_id="max"), "text"),
        (lambda memory: memory.delete(object(), user_id="max"), "id"),
        (lambda memory: memory.restore("\0", user_id="max"), "id"),
        (lambda memory: memory.get_all(user_id="max", where={"$nor": []}), r"\$nor"),
        (lambda memory: memory.get_all(user_id="max", as_of="never"), "as_of"),
        (lambda memory: memory.diff(user_id="max", since="never"), "since"),
        (lambda memory: memory.diff(user_id="max", since="2025-01-01", until=5), "until"),
        (lambda memory: memory.messages(user_id="max", session_id=5), "session_id"),
        (lambda memory: memory.messages(user_id="max", session_id="\ud800"), "session_id"),
        (lambda memory: memory.messages(user_id="max", session_id=None, limit=0), "limit"),
        (lambda memory: memory.process(limit=0), "limit"),
        (lambda memory: memory.add("hi", user_id="max", session_id=5), "session_id"),
        (lambda memory: memory.add("hi", user_id="max", session_id="*"), "session_id"),
        (lambda memory: memory.add("hi", user_id="max", agent_id="\ud800"), "agent_id"),
        (lambda memory: memory.add("hi", user_id="max", metadata=[1]), "metadata"),
        (lambda memory: memory.add("hi", user_id="max", at="soon"), "at"),
        (lambda memory: memory.rebuild(user_id="max", embedder=FakeEmbedder(8)), "user_id"),
    ],
)  # fmt: skip
def test_arguments_that_cannot_work_are_named(untouched: Memory, call: Call, match: str) -> None:
    with pytest.raises(ConfigurationError, match=match):
        call(untouched)


@pytest.mark.parametrize("query", ["nul \0 tea", "lone \ud800 tea", "tea" * 50_000, "🦀 tea", "?", "   tea\n"])
def test_any_text_is_a_question(untouched: Memory, query: str) -> None:
    assert len(untouched.search(query, user_id="max")) == 1
    assert untouched.context(query, user_id="max").text


@pytest.mark.parametrize("query", ["", " ", "\n\t"])
def test_an_empty_question_finds_nothing_and_is_no_error(untouched: Memory, query: str) -> None:
    assert untouched.search(query, user_id="max") == ()
    assert "User likes tea." in untouched.context(query, user_id="max").profile


def test_more_hits_than_there_are(untouched: Memory) -> None:
    assert len(untouched.search("tea", user_id="max", limit=10**9)) == 1


# Paths


def opened(path: Any, **options: Any) -> Memory:
    return Memory(path, embedder=FakeEmbedder(), extractor=ScriptedExtractor(SCRIPT), **options)


@pytest.mark.parametrize("path", ["", "mysql://localhost/x", 5, b"memory.db"])
def test_what_is_no_path_is_refused(path: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"path|store"):
        opened(path)


@pytest.mark.parametrize("option", [{"synchronous": "OFF"}, {"synchronous": None}])
def test_options_that_cannot_work(option: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="|".join(option)):
        opened(":memory:", **option)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="a folder"):
        opened(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="does not exist"):
        opened(tmp_path / "no" / "memory.db")
    assert list(tmp_path.iterdir()) == []


def test_a_file_for_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(StorageError):
        opened(tmp_path / "file" / "memory.db")


@pytest.mark.parametrize(
    "content", [b"no", b"SQLite format 3\0", b"\0" * 5_000, b"Dear diary.\n", b"Dear diary.\n" * 5_000]
)
def test_a_file_that_is_no_database_is_refused_and_stays_as_it_was(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(CorruptStoreError) as caught:
        opened(path)
    assert caught.value.path == str(path)
    assert path.read_bytes() == content


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    path.touch()
    with opened(path) as memory:
        tell(memory, "I like tea.")
        assert memory.count(user_id="max") == 1


def test_another_sqlite_file_is_refused_and_stays_as_it_was(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE message (id INTEGER PRIMARY KEY, text TEXT)")
        other.execute("INSERT INTO message (text) VALUES ('mine')")
    other.close()
    before = path.read_bytes()
    with pytest.raises(CorruptStoreError, match="not a holdfast store"):
        opened(path)
    assert path.read_bytes() == before


def test_a_newer_schema_is_refused(path: Path) -> None:
    database = Database(str(path))
    database.write(lambda db: db.execute("PRAGMA user_version=99"))
    database.close()
    with pytest.raises(IncompatibleStoreError) as caught:
        opened(path)
    assert "99" in caught.value.found
    assert "upgrade" in str(caught.value)


def test_another_embedder_is_refused_with_the_way_out(path: Path) -> None:
    with opened(path) as memory:
        tell(memory, "I like tea.")
    for other in (FakeEmbedder(64), FakeEmbedder(name="other")):
        with pytest.raises(IncompatibleStoreError) as caught:
            Memory(path, embedder=other)
        assert str(other.fingerprint) in caught.value.expected
        assert str(FakeEmbedder().fingerprint) in caught.value.found
        assert "rebuild(embedder=" in str(caught.value)
    with opened(path) as memory:
        assert memory.count(user_id="max") == 1


@pytest.fixture
def for_all() -> Iterator[Path]:
    """Yield a folder that every user of this machine may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


NOT_ROOT = """
import os, sys
from holdfast import Memory
from holdfast.errors import StorageError
from holdfast.testing import FakeEmbedder
embedder = FakeEmbedder()
if os.geteuid() == 0:  # who may write everywhere
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    Memory(sys.argv[1], embedder=embedder).add("I like tea.", user_id="max")
except StorageError as error:
    print(type(error).__name__, error)
"""


def as_somebody_else(path: Path) -> str:
    """Return what a user who owns nothing is told."""
    done = subprocess.run([sys.executable, "-c", NOT_ROOT, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("there", [False, True])
def test_a_folder_that_cannot_be_written_is_refused(for_all: Path, there: bool) -> None:
    path = for_all / "memory.db"
    if there:
        opened(path).close()
        path.chmod(0o644)
    for_all.chmod(0o555)
    assert "not writable" in as_somebody_else(path)


def test_a_file_that_cannot_be_written_is_refused(for_all: Path) -> None:
    path = for_all / "memory.db"
    opened(path).close()
    path.chmod(0o444)
    for_all.chmod(0o777)
    assert "not writable" in as_somebody_else(path)


# A closed memory


@pytest.mark.parametrize("name", CALLS)
def test_a_closed_memory_says_so(path: Path, name: str) -> None:
    memory = opened(path)
    tell(memory, "I like tea.")
    memory.close()
    memory.close()
    with pytest.raises(StorageError, match="closed"):
        CALLS[name](memory, "max")


@pytest.mark.parametrize(
    "call",
    [
        lambda memory: memory.search("", user_id="max"),
        lambda memory: memory.add([], user_id="max"),
        lambda memory: memory.context("", user_id="max"),
        lambda memory: memory.users(),
        lambda memory: memory.check(),
        lambda memory: memory.process(),
        lambda memory: memory.rebuild(),
    ],
)
def test_a_closed_memory_says_so_to_calls_that_need_nothing(path: Path, call: Call) -> None:
    memory = opened(path)
    memory.close()
    with pytest.raises(StorageError, match="closed"):
        call(memory)


# A full disk

FULL = """
import json, resource, sys
from holdfast import Memory
from holdfast.errors import HoldfastError, StorageError
from holdfast.testing import FakeEmbedder, ScriptedExtractor

path, limit = sys.argv[1], int(sys.argv[2])
memory = Memory(path, embedder=FakeEmbedder(), extractor=ScriptedExtractor(lambda message: ["User said it."]))
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
kept, error = [], None
while error is None and len(kept) < 500:
    id = f"m{len(kept)}"
    try:
        memory.add({"role": "user", "content": id + " word" * 2000, "id": id}, user_id="max")
        kept.append(id)
    except HoldfastError as caught:
        error = [type(caught).__name__, str(caught)]
after = [message.id for message in memory.messages(user_id="max", session_id="*")]
found = len(memory.search("word", user_id="max", limit=1000))
findings = memory.check().findings
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
else:
    import os
    os.remove(sys.argv[3])
remaining = memory.process().remaining
memory.add("room again", user_id="max")
later = [message.content for message in memory.messages(user_id="max", session_id="*")]
print(json.dumps([kept, error, after, found, findings, remaining, later[-1], memory.check().findings]))
"""


def fill_up(path: Path, limit: int, ballast: Path | None = None) -> None:
    """Write until there is no room; what was acknowledged stands, and with room there is no trace of the rest."""
    command = [sys.executable, "-c", FULL, str(path), str(limit), str(ballast)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    kept, error, after, found, findings, remaining, last, findings_later = json.loads(done.stdout)
    assert error is not None
    assert error[0] == "StorageError"
    assert "disk" in error[1]
    assert 0 < len(kept) < 500
    # The call that failed may have journaled its message before room ran out; then it is pending, and learnt later.
    assert after[: len(kept)] == kept
    assert len(after) <= len(kept) + 1
    assert found > 0
    assert (findings, findings_later, remaining, last) == ([], [], 0, "room again")


@pytest.mark.parametrize("limit", [600_000, 1_500_000])
def test_a_file_that_may_not_grow(path: Path, limit: int) -> None:
    fill_up(path, limit)


def test_a_full_disk(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("only the superuser mounts a small disk")
    done = subprocess.run([mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("this machine does not let a test mount a disk")
    try:
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(600_000))
        fill_up(disk / "memory.db", 0, ballast)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_every_error_here_is_ours() -> None:
    assert issubclass(CorruptStoreError, HoldfastError)
