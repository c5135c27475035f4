"""A process that has everything imported and forks writers to be killed: a tenth of a second each instead of two.

It reads jobs from stdin, a JSON object a line, and answers each with a line: what its writers said, and how they ended.
"""

import json
import os
import signal
import sys
import time
from typing import Any

import faulty
import scripts

from holdfast.errors import StorageError

faulty.FaultyVFS_instance = faulty.FaultyVFS()  # type: ignore[attr-defined]  # kept alive; everything opened uses it


def writer(job: dict[str, Any], seed: int, out: int) -> None:
    faulty.FAULT.at, faulty.FAULT.mode, faulty.FAULT.seed = job.get("at"), job.get("mode", "kill"), seed
    say = scripts.sayer(out)
    try:
        scripts.SCRIPTS[job["script"]](job["path"], say, seed)
    except StorageError as error:
        say("failed", "", str(error))
    say("passed", "", faulty.FAULT.passed)


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Fork the job's writers; with `after` = [n, seconds], kill them so long after they said n lines."""
    reading, writing = os.pipe()
    children: list[int] = []
    for seed in job.get("seeds", [0]):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.close(reading)
                writer(job, seed, writing)
                status = 0
            finally:
                sys.stderr.flush()
                os._exit(status)
        children.append(child)
    os.close(writing)
    said: list[Any] = []
    with os.fdopen(reading) as lines:
        if "after" in job:
            count, seconds = job["after"]
            said += [json.loads(lines.readline()) for _ in range(count)]
            time.sleep(seconds)
            for child in children:
                os.kill(child, signal.SIGKILL)
        said += [json.loads(line) for line in lines if line.endswith("\n")]
    return {"said": said, "status": [os.waitpid(child, 0)[1] for child in children]}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)
