"""A SQLite VFS that ends the process, or the power, at a chosen write; also the fault points that a run passes."""

import os
import random
import signal
from dataclasses import dataclass, field
from typing import Literal

import apsw

Mode = Literal["kill", "torn", "power", "full"]


@dataclass
class Fault:
    """Where to end: before write number `at` (None: nowhere), counted over all files; and how.

    `kill` ends the process there, `torn` after half of the write, `power` also takes back some of the writes that
    no sync had made durable, `full` fails all writes from there on as a full disk does.
    """

    at: int | None = None
    mode: Mode = "kill"
    seed: int = 0
    passed: int = 0
    unsynced: dict[str, list[tuple[int, bytes, bytes, int]]] = field(default_factory=dict)

    def step(self) -> bool:
        """Count one write; return whether it is the one."""
        self.passed += 1
        return self.at is not None and self.passed > self.at

    def end(self) -> None:
        """End the process as a crash does."""
        if self.mode == "full":
            return  # only writes need room
        if self.mode == "power":
            self._lose_power()
        os.kill(os.getpid(), signal.SIGKILL)

    def _lose_power(self) -> None:
        chance = random.Random(self.seed)
        for name, writes in self.unsynced.items():
            descriptor = os.open(name, os.O_RDWR)
            for offset, before, _, size in reversed(writes):
                os.pwrite(descriptor, before, offset)
                os.ftruncate(descriptor, size)
            for offset, _, after, _ in writes:
                if chance.random() < 0.5:  # the disk may have written any of them, in any order
                    os.pwrite(descriptor, after, offset)
            os.fsync(descriptor)
            os.close(descriptor)


FAULT = Fault()


class FaultyFile(apsw.VFSFile):
    """A file whose writes are counted."""

    def __init__(self, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        super().__init__("unix", name, flags)
        self.name = name.filename() if isinstance(name, apsw.URIFilename) else name or ""

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - its name in SQLite
        data = bytes(data)
        if FAULT.step():
            if FAULT.mode == "full":
                raise apsw.FullError("the disk is full, as the test wants it")
            if FAULT.mode == "torn":
                super().xWrite(data[: len(data) // 2], offset)
            FAULT.end()
        if FAULT.mode == "power" and self.name:  # a temporary file is gone anyhow
            size = self.xFileSize()
            before = self.xRead(min(len(data), max(size - offset, 0)), offset) if offset < size else b""
            FAULT.unsynced.setdefault(self.name, []).append((offset, before, data, size))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802 - its name in SQLite
        if FAULT.step():
            FAULT.end()
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802 - its name in SQLite
        if FAULT.step():
            FAULT.end()
        super().xSync(flags)
        FAULT.unsynced.pop(self.name, None)


class FaultyVFS(apsw.VFS):
    """Under everything that is opened from now on."""

    def __init__(self) -> None:
        super().__init__("faulty", base="unix", makedefault=True)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> FaultyFile:  # noqa: N802 - its name in SQLite
        return FaultyFile(name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802 - its name in SQLite
        if FAULT.step():
            FAULT.end()
        super().xDelete(filename, syncdir)
