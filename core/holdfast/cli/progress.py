"""Progress on a terminal, for what takes more than a second."""

import sys
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress

_T = TypeVar("_T")

_PATIENCE = 1.0
"""Seconds that pass before a bar is shown."""


class Bar:
    """A bar on stderr; nothing at all when that is no terminal."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._began = time.monotonic()
        self._progress: Progress | None = None

    def __call__(self, done: int, total: int | None) -> None:
        """Show how far it is."""
        if self._progress is None:
            if not sys.stderr.isatty() or time.monotonic() - self._began < _PATIENCE:
                return
            self._progress = self._started()
        self._progress.update(self._progress.task_ids[0], completed=done, total=total)

    def pulse(self) -> None:
        """Show that something goes on, how far nobody knows."""
        self._progress = self._started(counted=False)

    def end(self) -> None:
        """Take it away."""
        if self._progress is not None:
            self._progress.stop()

    def _started(self, *, counted: bool = True) -> "Progress":
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
        from rich.progress import TimeRemainingColumn as Remaining

        how_far = (MofNCompleteColumn(), Remaining()) if counted else (TimeElapsedColumn(),)
        columns = (TextColumn("{task.description}"), BarColumn(), *how_far)
        progress = Progress(*columns, console=Console(stderr=True), transient=True)
        progress.start()
        progress.add_task(self._title, total=None)
        return progress


@contextmanager
def bar(title: str) -> Generator[Bar, None, None]:
    """Lend a bar that is gone afterwards."""
    shown = Bar(title)
    try:
        yield shown
    finally:
        shown.end()


@contextmanager
def working(title: str) -> Generator[None, None, None]:
    """Show on a terminal that one call, which cannot be counted, goes on."""
    if not sys.stderr.isatty():
        yield
        return
    shown = Bar(title)
    timer = threading.Timer(_PATIENCE, shown.pulse)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        shown.end()


def counted_by(shown: Bar, items: Iterable[_T], total: int | None = None) -> Iterator[_T]:
    """Return the items, counting them on a bar."""
    for number, item in enumerate(items, 1):
        yield item
        shown(number, total)
