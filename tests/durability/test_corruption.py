"""One wrong bit in any file of the store: a named error or the right answer, never a wrong one."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from durability.conftest import Run
from durability.scripts import opened
from holdfast import Memory
from holdfast.errors import CorruptStoreError, StorageError

USERS = ("max", "eve")


def answers(memory: Memory) -> Any:
    found: list[Any] = [memory.users()]
    for user in USERS:
        found += [
            memory.messages(user_id=user, session_id="*"),
            memory.sessions(user_id=user),
            memory.get_all(user_id=user, superseded=True),
            memory.diff(user_id=user, since="2000-01-01"),
            [(hit.text, hit.sources) for hit in memory.search("number 7 coffee", user_id=user, limit=50)],
        ]
        found += [memory.get(fact.id, user_id=user) for fact in found[-3]]
    return found


def fill(path: Path) -> Any:
    with opened(str(path)) as memory:
        for number in range(12):
            for user in USERS:
                memory.add(f"I like number {number} of {user} coffee.", user_id=user, session_id=str(number % 3))
        memory.delete(memory.get_all(user_id="max")[0].id, user_id="max")
        return answers(memory)


def flip(source: Path, folder: Path, name: str, offset: int, bit: int) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    with (folder / name).open("r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0] ^ (1 << bit)
        file.seek(offset)
        file.write(bytes([byte]))
    return folder / "a.db"


def places(size: int, page: int, step: int, header: int = 0) -> list[int]:
    """All of the first bytes, then a few spread over each page, never the same ones."""
    spread = [start + (start // page * 131 + part * step) % page for start in range(0, size, page) for part in range(4)]
    return [*range(header), *(place for place in spread if place < size)]


def attack(source: Path, folder: Path, name: str, offsets: list[int], truth: Any) -> tuple[int, int]:
    """Flip one bit after the other; return how often that was noticed and how often it did no harm."""
    noticed = harmless = 0
    for number, offset in enumerate(offsets):
        path = flip(source, folder, name, offset, number % 8)
        try:
            with opened(str(path)) as memory:
                assert answers(memory) == truth, f"{name}, byte {offset}: a wrong answer"
            harmless += 1
        except CorruptStoreError:
            noticed += 1
    return noticed, harmless


def test_a_wrong_bit_in_the_database(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    truth = fill(source / "a.db")
    assert {file.name for file in source.iterdir()} == {"a.db", "a.db-lock"}
    size = (source / "a.db").stat().st_size
    noticed, harmless = attack(source, tmp_path / "copy", "a.db", places(size, 8192, 2048 + 17, 100), truth)
    assert noticed > harmless  # the rest lies in pages that nothing reads, such as those of empty tables


@pytest.mark.parametrize("name", ["a.db", "a.db-wal", "a.db-shm", "a.db-lock"])
def test_a_wrong_bit_after_a_crash(run_writers: Run, tmp_path: Path, name: str) -> None:
    source = tmp_path / "source"
    source.mkdir()
    fill(source / "a.db")
    points = run_writers("everything", tmp_path / "count.db")["said"][-1][2]
    run_writers("everything", source / "a.db", at=points // 2)
    with opened(str(shutil.copytree(source, tmp_path / "whole") / "a.db")) as memory:
        truth = answers(memory)
    size = (source / name).stat().st_size
    offsets = places(size, 8192 + 24 if name == "a.db-wal" else 8192, 2048 + 17, min(size, 60))
    noticed, harmless = attack(source, tmp_path / "copy", name, offsets, truth)
    if name == "a.db-wal":
        assert noticed > 100
        assert harmless == 0
    elif name != "a.db":
        assert noticed == 0, "these can be made anew"
        assert harmless > 10


def test_a_log_that_was_cut_is_noticed(run_writers: Run, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    points = run_writers("everything", source / "count.db")["said"][-1][2]
    run_writers("everything", source / "a.db", at=points // 2)
    log = source / "a.db-wal"
    with log.open("r+b") as file:
        file.truncate(log.stat().st_size // 2)
    for _ in range(2):  # looking does not make it whole
        with pytest.raises(CorruptStoreError, match="pages that were durable cannot be read"):
            opened(str(source / "a.db"))
    (source / "a.db-lock").unlink()
    with opened(str(source / "a.db")) as memory:
        assert memory.check().findings == ()


def test_a_foreign_or_cut_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    fill(path)
    whole = path.read_bytes()
    for content in (b"not a database", b"\0" * 8192, whole[:50], whole[: len(whole) // 2], whole[8192:]):
        path.write_bytes(content)
        with pytest.raises(StorageError), opened(str(path)) as memory:
            answers(memory)
