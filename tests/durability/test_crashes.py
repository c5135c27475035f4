"""kill -9 between any two writes, at random moments, and with the power gone: nothing acknowledged is lost."""

import random
from pathlib import Path
from typing import Any

import pytest

from durability.conftest import Run
from durability.faulty import Mode
from durability.scripts import check_survivors, opened

SIGKILL = 9


def count_points(run_writers: Run, path: Path, script: str) -> int:
    answer = run_writers(script, path)
    assert answer["status"] == [0]
    return int(answer["said"][-1][2])


def crash_everywhere(run_writers: Run, folder: Path, mode: Mode, share: float) -> None:
    points = count_points(run_writers, folder / "whole.db", "everything")
    assert points > 150
    chosen = [at for at in range(points) if random.Random(at).random() < share]
    for at in chosen:
        path = folder / f"{at}.db"
        answer = run_writers("everything", path, at=at, mode=mode, seeds=[at])
        assert answer["status"] == [SIGKILL], f"fault point {at}"
        check_survivors(str(path), answer["said"])


@pytest.mark.parametrize("mode", ["kill", "torn", "power"])
def test_a_crash_at_a_write_loses_nothing(run_writers: Run, tmp_path: Path, mode: Mode) -> None:
    crash_everywhere(run_writers, tmp_path, mode, 0.03)


@pytest.mark.soak
@pytest.mark.parametrize("mode", ["kill", "torn", "power"])
def test_a_crash_at_any_write_loses_nothing(run_writers: Run, tmp_path: Path, mode: Mode) -> None:
    crash_everywhere(run_writers, tmp_path, mode, 1)


def test_a_full_disk_is_an_error_and_loses_nothing(run_writers: Run, tmp_path: Path) -> None:
    points = count_points(run_writers, tmp_path / "whole.db", "everything")
    told = 0
    for at in range(20, points, 23):
        path = tmp_path / f"{at}.db"
        answer = run_writers("everything", path, at=at, mode="full")
        assert answer["status"] == [0]
        told += any("full" in line[2] for line in answer["said"] if line[0] == "failed")
        check_survivors(str(path), answer["said"])
    assert told > 5


def kill_at_random(run_writers: Run, folder: Path, kills: int) -> int:
    chance = random.Random(20)
    acknowledged = 0
    said: list[list[Any]] = []
    for number in range(kills):
        if number % 25 == 0:  # a new file, so that looking through it does not take longer and longer
            path, said = folder / f"{number}.db", []
        seeds = [2 * number, 2 * number + 1]
        answer = run_writers("adds", path, seeds=seeds, after=[chance.randrange(6), chance.uniform(0, 0.03)])
        assert answer["status"] == [SIGKILL, SIGKILL]
        said.extend(answer["said"])
        acknowledged += len(answer["said"])
        check_survivors(str(path), said)
    return acknowledged


def test_writers_killed_at_random_lose_nothing(run_writers: Run, tmp_path: Path) -> None:
    assert kill_at_random(run_writers, tmp_path, 15) > 30


@pytest.mark.soak
def test_a_thousand_writers_killed_at_random_lose_nothing(run_writers: Run, tmp_path: Path) -> None:
    assert kill_at_random(run_writers, tmp_path, 500) > 1_000  # two writers each time


def test_a_rebuild_that_is_killed_leaves_the_old_state(run_writers: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with opened(str(path)) as memory:
        for number in range(6):
            memory.add(f"I like number {number}.", user_id=f"user {number % 2}")
        memory.delete(memory.get_all(user_id="user 1")[0].id, user_id="user 1")

    def state() -> Any:
        with opened(str(path)) as memory:
            assert memory.check().findings == ()
            users = ("user 0", "user 1")
            return [(memory.get_all(user_id=user), memory.diff(user_id=user, since="2000-01-01")) for user in users]

    before = state()
    at, seen = 0, 0
    while (answer := run_writers("rebuilds", path, at=at))["status"] == [SIGKILL]:
        seen += state() == before
        at += 4
    assert answer["said"][1][:2] == ["done", "rebuild"]
    assert at > 5
    assert seen > at // 8  # only what comes after the commit shows the new state
