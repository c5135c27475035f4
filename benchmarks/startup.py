"""What a new process pays before its first answer, and what is installed: CPU of fresh interpreters, medians.

python benchmarks/startup.py [--times 7]
"""

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile
from importlib.metadata import distribution
from pathlib import Path
from statistics import median

from measure import show

STEPS = {
    "python itself": "pass",
    "import holdfast": "import holdfast",
    "from holdfast import Memory": "from holdfast import Memory",
    "open an empty memory": "from holdfast import Memory; Memory(PATH)",
    "open, add one message, search": (
        "from holdfast import Memory; memory = Memory(PATH); memory.add('I live in Lisbon.', user_id='u');"
        " assert memory.search('where do they live?', user_id='u')"
    ),
    "open a memory of one fact, search": (
        "from holdfast import Memory; memory = Memory(FULL); assert memory.search('where do they live?', user_id='u')"
    ),
}


def cost(code: str) -> tuple[float, float]:
    """Return milliseconds of wall and of CPU of one fresh interpreter, its end included."""
    import resource
    import time

    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall * 1000, cpu * 1000


def installed(name: str) -> float:
    """Return the megabytes of a distribution's files."""
    found = distribution(name)
    return sum(size(Path(str(found.locate_file(file)))) for file in found.files or ()) / 1e6


def size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def required(name: str, seen: dict[str, None]) -> None:
    """Collect a distribution and what it needs, without extras."""
    from packaging.requirements import Requirement

    if name.lower() in seen:
        return
    seen[name.lower()] = None
    for line in distribution(name).requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            required(requirement.name, seen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=7)
    times: int = parser.parse_args().times
    rows: list[tuple[object, ...]] = []
    with tempfile.TemporaryDirectory() as folder:
        full = str(Path(folder) / "full.db")
        subprocess.run(
            [sys.executable, "-c", STEPS["open, add one message, search"].replace("PATH", repr(full))], check=True
        )
        floor = 0.0
        for number, (name, code) in enumerate(STEPS.items()):
            taken: list[tuple[float, float]] = []
            for time in range(times):
                path = str(Path(folder) / f"{number}-{time}.db")
                taken.append(cost(code.replace("PATH", repr(path)).replace("FULL", repr(full))))
            wall, cpu = median(one[0] for one in taken), median(one[1] for one in taken)
            floor = floor or cpu
            rows.append((name, wall, cpu, cpu - floor))
    show("A fresh process; milliseconds, medians", ("what", "wall", "CPU", "CPU beyond python's"), rows)

    names: dict[str, None] = {}
    required("holdfast", names)
    package = Path(sysconfig.get_path("purelib"))
    sizes = {name: installed(name) for name in names}
    import holdfast

    source = Path(str(holdfast.__file__)).parent
    if not source.is_relative_to(package):  # an editable install lists none of its files
        walked = (
            Path(folder) / file for folder, _, files in os.walk(source) for file in files if "__pycache__" not in folder
        )
        sizes["holdfast"] = sum(map(size, walked)) / 1e6
    biggest = sorted(sizes.items(), key=lambda one: -one[1])
    show(
        "What is installed, compiled files aside; megabytes",
        ("distribution", "MB"),
        [
            *biggest[:8],
            ("the other " + str(len(biggest) - 8), sum(mb for _, mb in biggest[8:])),
            ("all", sum(sizes.values())),
        ],
    )


if __name__ == "__main__":
    main()
