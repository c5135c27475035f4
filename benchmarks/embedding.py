"""Measure the embedded embedder: load, one sentence, many sentences, long texts, memory."""

import argparse
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

WORDS = (
    "user sister harbour violin project morning rented kitchen database mountain likes prefers forgot ordered painted "
    "yellow second quarterly allergic birthday walnut clinic Lisbon nurse repaired evening spring commute meeting "
    "garden letter every before after with without because although never quietly a the of in on and to for my her"
).split()


def texts(count: int, words: int) -> list[str]:
    draw = random.Random(count * words)
    return [" ".join(draw.choices(WORDS, k=words)) for _ in range(count)]


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak_megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1024


def measure(threads: int) -> list[tuple[str, str]]:
    import numpy as np

    bare = peak_megabytes()
    start, cpu = time.perf_counter(), time.process_time()
    from holdfast.embedders import MiniLM

    embedder = MiniLM(threads=threads)
    embedder.embed(["load"])
    rows = [("import and load, s (s CPU)", f"{time.perf_counter() - start:.2f} ({time.process_time() - cpu:.2f})")]

    question = ["What should I not cook for dinner?"]
    single = sorted(seconds(lambda: embedder.embed(question)) * 1000 for _ in range(300))
    rows.append(("one short sentence, ms, min / p50 / p95", f"{single[0]:.1f} / {single[150]:.1f} / {single[285]:.1f}"))

    for label, batch in (("sentences of 20 words", texts(400, 20)), ("texts of 200 tokens", texts(60, 180))):
        tokens = sum(map(embedder.count_tokens, batch)) / len(batch)
        cpu = time.process_time()
        best = min(seconds(partial(embedder.embed, batch)) for _ in range(3))
        cpu = (time.process_time() - cpu) / 3
        rates = f"{len(batch) / best:.1f} ({len(batch) / cpu:.1f})"
        rows.append((f"{label} ({tokens:.0f} tokens), per second, best of 3 (per CPU second)", rates))

    mixed = [*texts(200, 3), *texts(20, 180), *texts(200, 20)]
    random.Random(1).shuffle(mixed)
    rows.append(("420 texts of 3, 20 and 180 words together, s", f"{seconds(lambda: embedder.embed(mixed)):.2f}"))
    alone = np.concatenate([embedder.embed([text]) for text in mixed[:100]])
    rows.append(
        ("alone against together, largest difference", f"{np.abs(alone - embedder.embed(mixed)[:100]).max():.0e}")
    )

    rows.append(("peak memory, MB (of it Python and numpy)", f"{peak_megabytes():.0f} ({bare:.0f})"))
    huge = "All of this was said in one message. " * 280_000
    rows.append(("one text of 10 MB, s", f"{seconds(lambda: embedder.embed([huge])):.2f}"))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, help="measure this number of threads, in this process")
    options = parser.parse_args()
    if options.threads is None:
        # A process each, so that load and memory are its own.
        for threads in ("1", "2"):
            subprocess.run([sys.executable, __file__, "--threads", threads], check=True)
        return
    print(f"all-MiniLM-L6-v2, {options.threads} thread{'s'[: options.threads - 1]}")
    for label, value in measure(options.threads):
        print(f"  {label:<74} {value:>20}")


if __name__ == "__main__":
    main()
