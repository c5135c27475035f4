"""How the benchmarks time and print: medians of many calls, one plain table each."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Timed:
    """Milliseconds of many single calls: wall time, and the processor's, which a busy machine stretches less."""

    wall: Sequence[float]
    cpu: Sequence[float]

    @property
    def row(self) -> tuple[float, float, float]:
        """Return the median, the 95th percentile, and the median of processor time."""
        return median(self.wall), quantiles(self.wall, n=20)[-1], median(self.cpu)


def timed(call: Callable[[], object], times: int, warm: int = 5) -> Timed:
    """Time single calls, after some that do not count."""
    wall: list[float] = []
    cpu: list[float] = []
    for number in range(warm + times):
        start, used = time.perf_counter(), time.process_time()
        call()
        if number >= warm:
            wall.append((time.perf_counter() - start) * 1000)
            cpu.append((time.process_time() - used) * 1000)
    return Timed(wall, cpu)


def show(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table as Markdown, so that it can be quoted as it stands."""
    cells = [[f"{value:.3g}" if isinstance(value, float) else str(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
    print(f"\n{title}\n")
    for row in (head, ["-" * width for width in widths], *cells):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
