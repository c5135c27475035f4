"""Measure how well search finds the messages that hold an answer.

Run `python benchmarks/recall.py --locomo locomo10.json --beam chats/`: it prints, for each set and for our own chats,
recall at 5, 10 and 20, nDCG at 10 and MRR, beside BM25, dense search, rank fusion and linear fusion over the same
messages, with the interval of the gain over linear fusion; then recall by kind of question, abstention, the order of
updated values, and the time of a search. `--ablation` prints the same with each part of the ranking left out, `--mem0
PYTHON`, the interpreter of an environment with mem0ai, sets mem0 beside it, which adds every turn as it is and is given
the same vectors. `--conversations 1` takes the first of each set alone, and `--cache FILE` keeps vectors between runs.
"""

import argparse
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from corpora import Conversation, Corpus, Question, read_beam, read_chats, read_locomo
from holdfast import Memory
from holdfast.calls import Calls
from holdfast.embedders import MiniLM
from holdfast.extractors.embedded import EmbeddedExtractor
from holdfast.lexical import terms_of
from holdfast.protocols import Fingerprint, TextKind
from holdfast.ranking import Weights
from holdfast.types import Batch, Extraction, Hits, Vectors

__all__ = ["Remembered", "baselines", "main", "memory_of", "reweighted"]

DEPTH = 20
HITS = 3 * DEPTH  # a message may stand as several facts, and turns are counted
UNANSWERABLE = {"adversarial", "abstention"}

Ranking = Sequence[str]
Figures = npt.NDArray[np.float64]


class Remembered:
    """An embedder that keeps every vector in a file."""

    def __init__(self, path: str, *, plain: bool = False) -> None:
        self._model = MiniLM()
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)")
        self._plain = plain

    @property
    def fingerprint(self) -> Fingerprint:
        return self._model.fingerprint

    def count_tokens(self, text: str) -> int:
        return self._model.count_tokens(text)

    def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        if self._plain:
            texts = [re.sub(r'^On \d+ \w+ \d+, .{1,40}? said, "(.*)"$', r"\1", text) for text in texts]
        keys = [blake2b(text.encode("utf-8", "replace"), digest_size=16).digest() for text in texts]
        found = {key: self._read(key) for key in keys}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if found[key] is None}
        vectors = self._model.embed(list(missing.values()), kind=kind)
        for key, vector in zip(missing, vectors, strict=True):
            found[key] = vector
            self._db.execute("INSERT OR IGNORE INTO vectors VALUES (?, ?)", (key, vector.astype("<f2").tobytes()))
        self._db.commit()
        rows = [found[key] for key in keys]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.fingerprint.dimensions)

    def _read(self, key: bytes) -> npt.NDArray[np.float32] | None:
        row = self._db.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
        return None if row is None else np.frombuffer(row[0], dtype="<f2").astype(np.float32)


class Bare:
    """An extractor that proposes facts and no further keys, or nothing at all."""

    def __init__(self, kinds: Iterable[str]) -> None:
        self._rules = EmbeddedExtractor()
        self._kinds = frozenset(kinds)

    @property
    def name(self) -> str:
        return self._rules.name

    def extract(self, batch: Batch) -> Extraction:
        found = self._rules.extract(batch)
        return replace(
            found,
            keys=tuple(key for key in found.keys if key.kind in self._kinds),
            candidates=found.candidates if "fact" in self._kinds else (),
        )


def memory_of(corpus: Corpus, embedder: Remembered, keys: Iterable[str] = ("fact", "statement", "question")) -> Memory:
    """Return a memory that holds every conversation, each as a user of its own."""
    last = max(message.at for one in corpus.conversations for message in one.messages if message.at)
    memory = Memory(":memory:", embedder=embedder, extractor=Bare(keys), clock=lambda: last)
    for one in corpus.conversations:
        sessions: dict[str | None, list[object]] = defaultdict(list)
        for message in one.messages:
            sessions[message.session_id].append(message)
        for session in sessions.values():
            memory.add(session, user_id=one.name)  # type: ignore[arg-type]
    return memory


def reweighted(memory: Memory, weights: Weights) -> Memory:
    """Give a memory other weights."""
    memory._calls = Calls(replace(memory._calls.parts, weights=weights))
    return memory


def sources(hits: Hits) -> list[str]:
    """Return the messages that hits rest on, in order, each once."""
    return list(dict.fromkeys(name for hit in hits for name in hit.sources))[:DEPTH]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, what was found, and the score of the best."""

    conversation: str
    question: Question
    found: Ranking
    best: float
    seconds: float

    @property
    def figures(self) -> tuple[float, float, float, float, float]:
        """Recall at 5, 10 and 20, nDCG at 10, reciprocal rank of the first."""
        places = [place for place, name in enumerate(self.found) if name in self.question.evidence]
        wanted = len(self.question.evidence)
        recall = [sum(place < k for place in places) / wanted for k in (5, 10, 20)]
        gain = sum(1 / np.log2(place + 2) for place in places if place < 10)
        ideal = sum(1 / np.log2(place + 2) for place in range(min(wanted, 10)))
        return (*recall, float(gain / ideal), 1 / (places[0] + 1) if places else 0.0)


def answerable(question: Question) -> bool:
    """Whether its answer was said."""
    return bool(question.evidence) and question.kind not in UNANSWERABLE


def ask(memory: Memory, corpus: Corpus, *, shift: int = 0) -> list[Asked]:
    """Ask each conversation's questions of its own partition, or of the one `shift` further."""
    asked: list[Asked] = []
    users = [one.name for one in corpus.conversations]
    for number, one in enumerate(corpus.conversations):
        user = users[(number + shift) % len(users)]
        for question in one.questions:
            start = time.perf_counter()
            hits = memory.search(question.text, user_id=user, limit=HITS)
            seconds = time.perf_counter() - start
            asked.append(Asked(one.name, question, sources(hits), hits[0].score if hits else 0.0, seconds))
    return asked


def turns(one: Conversation, corpus: Corpus) -> list[tuple[str, str]]:
    """Return what other systems are given: the id and the text of each turn, with its speaker's name if it has one."""
    said = [message for message in one.messages if message.role == "user" or not corpus.assistant]
    return [(message.id, f"{message.name}: {message.content}" if message.name else message.content) for message in said]


def baselines(one: Conversation, corpus: Corpus, embedder: Remembered) -> Mapping[str, Callable[[str], Ranking]]:
    """Return the usual retrievers over the turns as they were said."""
    said = turns(one, corpus)
    texts = [text for _, text in said]
    terms = [terms_of(text) for text in texts]
    lengths = np.array([len(part) for part in terms], dtype=np.float64)
    flat, owner = np.concatenate(terms), np.repeat(np.arange(len(said)), lengths.astype(int))
    vectors = embedder.embed(texts)

    def bm25(question: str) -> Figures:
        scores = np.zeros(len(said))
        norm = 0.9 * (0.6 + 0.4 * lengths / lengths.mean())
        for term in np.unique(terms_of(question)):
            count = np.bincount(owner[flat == term], minlength=len(said))
            holding = np.count_nonzero(count)
            scores += np.log1p((len(said) - holding + 0.5) / (holding + 0.5)) * count * 1.9 / (count + norm)
        return scores

    def dense(question: str) -> Figures:
        return np.asarray(vectors @ embedder.embed([question], kind="query")[0], dtype=np.float64)

    def linear(question: str) -> Figures:
        lexical, near = bm25(question), dense(question)
        return (lexical - lexical.mean()) / (lexical.std() or 1) + 2 * (near - near.mean()) / near.std()

    def ranks(question: str) -> Figures:
        places = [np.argsort(np.argsort(-scores(question), kind="stable")) for scores in (bm25, dense)]
        return np.sum([1 / (60 + place + 1) for place in places], axis=0)

    def ranking(scores: Callable[[str], Figures]) -> Callable[[str], Ranking]:
        return lambda question: [said[n][0] for n in np.argsort(-scores(question), kind="stable")[:DEPTH]]

    named = {"BM25": bm25, "dense": dense, "rank fusion": ranks, "linear fusion": linear}
    return {name: ranking(scores) for name, scores in named.items()}


def ask_baselines(corpus: Corpus, embedder: Remembered) -> dict[str, list[Asked]]:
    """Ask every question of every baseline."""
    asked: dict[str, list[Asked]] = defaultdict(list)
    for one in corpus.conversations:
        for name, find in baselines(one, corpus, embedder).items():
            asked[name] += [
                Asked(one.name, question, find(question.text), 0.0, 0.0)
                for question in one.questions
                if answerable(question)
            ]
    return asked


def ask_mem0(corpus: Corpus, embedder: Remembered, python: str) -> list[Asked]:
    """Ask every question of mem0; nothing when it cannot be run."""
    asked = [(one, [question for question in one.questions if answerable(question)]) for one in corpus.conversations]
    given = [(one.name, turns(one, corpus), [question.text for question in questions]) for one, questions in asked]
    stored = list(dict.fromkeys(text for _, said, _ in given for _, text in said))
    queries = list(dict.fromkeys(text for _, _, questions in given for text in questions))
    vectors = np.concatenate([embedder.embed(stored), embedder.embed(queries, kind="query")])
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "turns.json").write_text(json.dumps(given))
        np.savez(Path(folder) / "vectors.npz", texts=np.array([*stored, *queries]), vectors=vectors)
        script = Path(__file__).with_name("peer_mem0_recall.py")
        run = subprocess.run([python, str(script), folder], capture_output=True, text=True, check=False)
    if run.returncode:
        print(f"mem0: {run.stderr.strip().splitlines()[-1][:100]}", file=sys.stderr)
        return []
    found = json.loads(run.stdout.strip().splitlines()[-1])
    return [
        Asked(one.name, question, names, 0.0, 0.0)
        for (one, questions), answers in zip(asked, found, strict=True)
        for question, names in zip(questions, answers, strict=True)
    ]


def interval(ours: Sequence[Asked], theirs: Sequence[Asked], column: int) -> tuple[float, float, float]:
    """Return the mean gain and its 95 % interval: paired, whole conversations drawn, then questions within them."""
    gains: dict[str, list[float]] = defaultdict(list)
    for one, other in zip(ours, theirs, strict=True):
        gains[one.conversation].append(one.figures[column] - other.figures[column])
    groups = [np.array(values) for values in gains.values()]
    random = np.random.default_rng(0)
    means: list[float] = []
    for _ in range(2_000):
        drawn = [groups[n] for n in random.integers(len(groups), size=len(groups))]
        means.append(float(np.concatenate([random.choice(group, len(group)) for group in drawn]).mean()))
    low, high = np.percentile(means, [2.5, 97.5])
    return float(np.concatenate(groups).mean()), float(low), float(high)


def line(name: str, asked: Sequence[Asked], after: str = "") -> str:
    """Return a row of the table."""
    means = np.mean([one.figures for one in asked if answerable(one.question)], axis=0)
    return f"{name:<24}" + "".join(f"{mean:8.3f}" for mean in means) + after


def report(corpus: Corpus, embedder: Remembered, mem0: str | None = None) -> None:
    """Print everything about one set."""
    memory = memory_of(corpus, embedder)
    every = ask(memory, corpus)
    ours = [one for one in every if answerable(one.question)]
    others = ask_baselines(corpus, embedder)
    if mem0 and (theirs := ask_mem0(corpus, embedder, mem0)):
        others["mem0, infer=False"] = theirs
    print(f"\n{corpus.name}: {len(corpus.conversations)} conversations, {len(ours)} questions")
    print(f"{'':<24}{'R@5':>8}{'R@10':>8}{'R@20':>8}{'nDCG@10':>8}{'MRR':>8}")
    for name, asked in others.items():
        print(line(name, asked))
    gain, low, high = interval(ours, others["linear fusion"], 1)
    print(line("holdfast", ours, f"   R@10 {gain:+.3f} [{low:+.3f}, {high:+.3f}] against linear fusion"))
    kinds = sorted({one.question.kind for one in ours})
    print("R@10 by kind:   " + ", ".join(f"{kind} {_mean(ours, kind):.3f}" for kind in kinds))
    updates = [one for one in ours if one.question.stale]
    if updates:
        first = sum(_newest_first(one) for one in updates)
        print(f"updated values: newest above the stale one in {first} of {len(updates)}")
    abstention(memory, corpus, every)
    times = np.array([one.seconds for one in every]) * 1_000
    print(
        f"search:         p50 {np.percentile(times, 50):.1f} ms, p95 {np.percentile(times, 95):.1f} ms, vectors cached"
    )


def _mean(asked: Iterable[Asked], kind: str) -> float:
    return float(np.mean([one.figures[1] for one in asked if one.question.kind == kind]))


def _newest_first(one: Asked) -> bool:
    new = one.question.evidence - one.question.stale
    places = {name: place for place, name in enumerate(one.found)}
    newest = min((places[name] for name in new if name in places), default=DEPTH)
    return newest < min((places[name] for name in one.question.stale if name in places), default=DEPTH)


def abstention(memory: Memory, corpus: Corpus, every: Sequence[Asked]) -> None:
    """Print how many unanswerable questions return nothing, at the score that keeps a share of the others."""
    kept = np.array([one.best for one in every if answerable(one.question)])
    groups = {
        "unanswerable": np.array([one.best for one in every if one.question.kind in UNANSWERABLE]),
    }
    if len(corpus.conversations) > 1:
        strange = ask(memory, corpus, shift=1)
        groups["another user's"] = np.array([one.best for one in strange if answerable(one.question)])
    print(
        "abstention:     " + f"{'answerable kept':<18}" + "".join(f"{share:8.0%}" for share in (0.99, 0.95, 0.9, 0.8))
    )
    levels = [float(np.quantile(kept, 1 - share)) for share in (0.99, 0.95, 0.9, 0.8)]
    print(f"{'':<16}{'min_score':<18}" + "".join(f"{level:8.3f}" for level in levels))
    for name, scores in groups.items():
        if len(scores):
            shares = "".join(f"{np.mean(scores < level):8.0%}" for level in levels)
            print(f"{'':<16}{name:<18}{shares}   of {len(scores)} return nothing")


def ablations() -> Iterator[tuple[str, Weights]]:
    """Give each part of the weights left out."""
    yield "no lexical", Weights(lexical=0)
    yield "no dense", Weights(dense=0)
    yield "no windows", Weights(beside=0, near=0)
    yield "windows of 3", Weights(near=0)
    yield "no speaker", Weights(speaker=0)
    yield "no time", Weights(time=0)
    yield "assistant beside user", Weights(assistant=0)
    yield "half dense", Weights(dense=1.5)
    yield "double dense", Weights(dense=6)


def ablate(corpora: Sequence[Corpus], embedder: Remembered, plain: Remembered) -> None:
    """Print R@5, R@10 and nDCG@10 of each set with each part left out."""
    print("\nablation" + " " * 16 + "".join(f"{corpus.name + ': R@5':>16}{'R@10':>8}{'nDCG':>8}" for corpus in corpora))
    memories = [memory_of(corpus, embedder) for corpus in corpora]
    _row("everything", memories, corpora)
    for name, weights in ablations():
        _row(name, [reweighted(memory, weights) for memory in memories], corpora)
    memories = [reweighted(memory, Weights()) for memory in memories]
    with patch("holdfast.flow.newest_first", lambda _, hits: list(hits)):
        _row("nothing put in front", memories, corpora)
    for name, using, keys in (
        ("no facts", embedder, ("statement", "question")),
        ("no statement keys", embedder, ("fact", "question")),
        ("no question keys", embedder, ("fact", "statement")),
        ("words alone", embedder, ()),
        ("no date and speaker", plain, ("fact", "statement", "question")),
    ):
        for memory in memories:
            memory.close()
        memories = [memory_of(corpus, using, keys) for corpus in corpora]
        _row(name, memories, corpora)


def _row(name: str, memories: Sequence[Memory], corpora: Sequence[Corpus]) -> None:
    cells = ""
    for memory, corpus in zip(memories, corpora, strict=True):
        means = np.mean([one.figures for one in ask(memory, corpus) if answerable(one.question)], axis=0)
        cells += f"{means[0]:16.3f}{means[1]:8.3f}{means[3]:8.3f}"
    print(f"{name:<24}{cells}", flush=True)


def main() -> None:
    """Read the arguments and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--locomo", type=Path, help="a file like locomo10.json")
    parser.add_argument("--beam", type=Path, help="a folder of BEAM chats")
    parser.add_argument("--cache", default=":memory:", help="keeps vectors between runs")
    parser.add_argument("--ablation", action="store_true")
    parser.add_argument("--mem0", metavar="PYTHON", help="an interpreter that has mem0ai")
    parser.add_argument("--conversations", type=int, metavar="N", help="the first N of each set alone")
    options = parser.parse_args()
    embedder = Remembered(options.cache)
    corpora = [read_chats()]
    if options.beam:
        corpora.insert(0, read_beam(options.beam))
    if options.locomo:
        corpora.insert(0, read_locomo(options.locomo))
    corpora = [replace(corpus, conversations=corpus.conversations[: options.conversations]) for corpus in corpora]
    for corpus in corpora:
        report(corpus, embedder, options.mem0)
    if options.ablation:
        ablate(corpora, embedder, Remembered(options.cache, plain=True))


if __name__ == "__main__":
    main()
