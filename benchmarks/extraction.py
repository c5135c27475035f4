"""Measure the embedded extractor on the labelled messages of `benchmarks/data/extraction`.

Run `python benchmarks/extraction.py`: it prints one table, each rate with its counts and 95 % Wilson interval.
`--verbose` adds every failure with its message, `--kinds` the rates of each kind of message, `--heldout` reads the
third that was first kept aside, `--others` messages by authors who knew no rule, which were read since, `--blind` such
messages that nobody has read. `--locomo FILE` takes in a file of LoCoMo's format instead, says how many facts were
superseded, and prints `--sample N` of them to be read.
"""

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from holdfast.extractors.embedded import EmbeddedExtractor
from holdfast.types import Batch, Candidate, Event, Extraction, Fact, Message

__all__ = ["Example", "Gold", "Series", "Tally", "first_person", "load", "main", "wilson"]

DATA = Path(__file__).parent / "data" / "extraction"

Span: TypeAlias = tuple[str, str]
"""The first and the last day, both included, as ISO dates."""

FOREIGN = frozenset(
    {"secret", "injection", "echo", "other_person", "quotes", "roleplay", "hypothetical", "code", "log"}
)
"""Tags of messages whose forbidden strings must never be stored; elsewhere they are statements turned around: a
negation, hedge, past, correction or irony that was lost."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A statement that the message makes; the fields are described in the data folder's README."""

    text: str
    core: bool
    kind: str
    category: str
    must: tuple[re.Pattern[str], ...]
    mustnt: tuple[re.Pattern[str], ...]
    slot: str | None
    value: str | None
    spans: frozenset[Span]
    grain: str | None
    any_date: bool

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> "Gold":
        """Read one entry of `facts`."""
        events: list[dict[str, str]] = [row["event"]] if "event" in row else []
        return cls(
            text=row["text"],
            core=row["core"],
            kind=row["kind"],
            category=row["category"],
            must=_patterns(row["must"]),
            mustnt=_patterns(row.get("mustnt", [])),
            slot=row.get("slot"),
            value=row.get("value"),
            spans=frozenset((event["start"], event["end"]) for event in events + row.get("event_also", [])),
            grain=events[0]["grain"] if events else None,
            any_date=row.get("event_free", False),
        )

    def matches(self, text: str) -> bool:
        """Say whether an extracted fact states this."""
        return _all_in(self.must, text) and not any(pattern.search(text) for pattern in self.mustnt)


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled message."""

    message: Message
    context: tuple[Message, ...]
    keep: bool | None
    facts: tuple[Gold, ...]
    forbidden: tuple[re.Pattern[str], ...]
    tags: tuple[str, ...]

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> "Example":
        """Read one line of a file of messages."""
        at = datetime.fromisoformat(row["at"])
        before = Message("assistant", row["previous"] or "", id=f"{row['id']}-previous", at=at - timedelta(minutes=1))
        return cls(
            message=Message("user", row["text"], id=row["id"], at=at),
            context=(before,) if row["previous"] else (),
            keep=row["keep"],
            facts=tuple(Gold.from_dict(fact) for fact in row["facts"]),
            forbidden=_patterns(row["forbidden"]),
            tags=tuple(row["tags"]),
        )


@dataclass(frozen=True, slots=True)
class Series:
    """Messages of one user, the last of which changes something (`update`) or nothing (`keep`)."""

    id: str
    old: tuple[Message, ...]
    new: Message
    update: bool
    old_must: tuple[re.Pattern[str], ...]
    new_must: tuple[re.Pattern[str], ...]
    tags: tuple[str, ...]

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> "Series":
        """Read one line of `updates_dev.jsonl` or of its siblings."""
        old, new = (
            tuple(Message("user", said["text"], at=datetime.fromisoformat(said["at"])) for said in part)
            for part in (row["old"], [row["new"]])
        )
        return cls(
            id=row["id"],
            old=old,
            new=new[0],
            update=row["kind"] == "update",
            old_must=_patterns(row.get("old_must", [])),
            new_must=_patterns(row.get("new_must", [])),
            tags=tuple(row["tags"]),
        )


@dataclass(slots=True)
class Tally:
    """Counts one rate and remembers what went wrong.

    Args:
        name: What is counted.
        reach: The rate to reach, or None for a rate that is printed for information.
        fewer: Fewer are better: `reach` is a ceiling, and each one counted is a failure.
    """

    name: str
    reach: float | None = None
    fewer: bool = False
    count: int = 0
    total: int = 0
    failures: list[str] = field(default_factory=list[str])

    def add(self, hit: bool, failure: str) -> None:
        """Count one case; `failure` is kept when it is one."""
        self.total += 1
        self.count += hit
        if hit == self.fewer:
            self.failures.append(failure)

    def line(self) -> str:
        """Render one row of the table."""
        low, high = wilson(self.count, self.total)
        share = self.count / self.total if self.total else 0.0
        goal, verdict = "", ""
        if self.reach is not None:
            goal = f"{'at most' if self.fewer else 'at least'} {self.reach:g}"
            verdict = "reached" if (share <= self.reach if self.fewer else share >= self.reach) else "MISSED"
        counts, interval = f"{self.count}/{self.total}", f"{low:.3f}-{high:.3f}"
        return f"{self.name:<52} {counts:>9} {share:>7.3f}  {interval}  {goal:<13} {verdict}".rstrip()


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of `count` out of `total`; (0, 1) when there is nothing to count.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
    """
    if not total:
        return 0.0, 1.0
    z = 1.959964
    share = count / total
    middle = share + z * z / (2 * total)
    margin = z * (share * (1 - share) / total + z * z / (4 * total * total)) ** 0.5
    scale = 1 + z * z / total
    return max(0.0, (middle - margin) / scale), min(1.0, (middle + margin) / scale)


_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|‘[^’]*’|«[^»]*»|`[^`]*`|(?<!\w)'[^'\n]+'(?!\w)")
_FIRST_PERSON = re.compile(
    # "World War I", "Henry I" and "type I" count; "I/O" and "i.e." abbreviate; "US" is a country and "a mine" a pit.
    r"(?<!\bWar )(?<!\bType )(?<!\btype )(?<!\bPart )(?<!\bHenry )\b[Ii]\b(?![./]\w)"
    r"|\b(?:[Mm]e|[Mm]y|[Mm]yself|[Ww]e|[Uu]s|[Oo]urs?|[Oo]urselves)\b|(?<!\ba )(?<!\bthe )(?<!\w )\b[Mm]ine\b"
    r"|\b(?:of|and|to|with|is|are) mine\b"
)


def first_person(text: str) -> str | None:
    """Return the first word of the first person that stands outside quotation marks, if any."""
    found = _FIRST_PERSON.search(_QUOTED.sub(" ", text))
    return found.group() if found else None


def _patterns(sources: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source, re.IGNORECASE) for source in sources)


def _all_in(patterns: Iterable[re.Pattern[str]], text: str) -> bool:
    return all(pattern.search(text) for pattern in patterns)


def _span(event: Event) -> Span:
    return event.start.isoformat(), event.end.isoformat()


def load(name: str) -> Iterator[dict[str, Any]]:
    """Yield the records of one file of the data folder."""
    with (DATA / f"{name}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _contract_broken(example: Example, extraction: Extraction) -> str | None:
    """Return what an extraction says of a message that the message does not bear out: evidence, ids, spans."""
    content = example.message.content
    for candidate in extraction.candidates:
        if not candidate.evidence:
            return f"no evidence: {candidate.text}"
        for evidence in candidate.evidence:
            if evidence.message_id != example.message.id or content[evidence.start : evidence.end] != evidence.quote:
                return f"evidence quotes something else: {candidate.text}"
    named = [key.message_id for key in extraction.keys] + [skipped.message_id for skipped in extraction.skipped]
    return next((f"names another message: {name}" for name in named if name != example.message.id), None)


class MessageScore:
    """The rows of the table that are measured message by message."""

    def __init__(self) -> None:
        self.kept = Tally("messages worth keeping, kept", 0.95)
        self.core = Tally("core facts found", 0.92)
        self.precise = Tally("facts that match a gold fact", 0.96)
        self.noise = Tally("noise messages that yield a fact", 0.05, fewer=True)
        self.person = Tally("first person left outside quotes: facts", 0.0, fewer=True)
        self.person_keys = Tally("first person left outside quotes: derived keys", 0.0, fewer=True)
        self.forbidden = Tally("messages that yield a forbidden string", 0.0, fewer=True)
        self.reversed = Tally("messages whose statement is turned around", fewer=True)
        self.dates = Tally("dates right among dated facts", 0.95)
        self.minor = Tally("minor facts found")
        self.stray = Tally("undated facts given a date", fewer=True)
        self.grain = Tally("grain right among right dates")
        self.category = Tally("category equal to the label")
        self.slot = Tally("slot and value equal to the label")
        self.question = Tally("answers that give a question key")
        self.contract = Tally("messages whose evidence and ids are exact", 1.0)
        self.kinds: dict[str, tuple[Tally, Tally, Tally]] = {}

    @property
    def rows(self) -> tuple[Tally, ...]:
        """The rows with something to reach."""
        return (
            self.kept, self.core, self.precise, self.noise, self.person, self.person_keys, self.forbidden, self.dates,
            self.contract,
        )  # fmt: skip

    @property
    def information(self) -> tuple[Tally, ...]:
        """The rows that are printed for information."""
        return self.reversed, self.minor, self.stray, self.grain, self.category, self.slot, self.question

    def add(self, example: Example, extraction: Extraction) -> None:
        """Score what was extracted from one message."""
        shown = f"[{example.message.id} {' '.join(example.tags)}] {example.message.content}"
        found = extraction.candidates
        statements = [key.text for key in extraction.keys if key.kind == "statement"]
        searchable = [key.text for key in extraction.keys if key.kind != "message"]
        texts = [candidate.text for candidate in found]

        if example.keep is True:
            self.kept.add(bool(found), shown)
        elif example.keep is False:
            self.noise.add(bool(found), f"{shown}\n    gave {texts}")
        for text in texts:
            right = any(gold.matches(text) for gold in example.facts)
            self.precise.add(right, f"{shown}\n    gave {text!r}")
            self.person.add(first_person(text) is not None, f"{shown}\n    gave {text!r}")
        for text in statements:
            self.person_keys.add(first_person(text) is not None, f"{shown}\n    key {text!r}")
        yielded, core, bad = self.kinds.setdefault(
            example.tags[0], (Tally("yield"), Tally("core"), Tally("forbidden", fewer=True))
        )
        yielded.add(bool(found), shown)
        if example.forbidden:
            hits = [text for text in texts + searchable if any(pattern.search(text) for pattern in example.forbidden)]
            for tally in (bad, self.reversed if FOREIGN.isdisjoint(example.tags) else self.forbidden):
                tally.add(bool(hits), f"{shown}\n    gave {hits}")
        if example.context and example.context[0].content.endswith("?"):
            self.question.add(any(key.kind == "question" for key in extraction.keys), shown)
        broken = _contract_broken(example, extraction)
        self.contract.add(broken is None, f"{shown}\n    {broken}")

        for gold in example.facts:
            matched = [candidate for candidate in found if gold.matches(candidate.text)]
            (self.core if gold.core else self.minor).add(
                bool(matched), f"{shown}\n    missing {gold.text!r} in {texts}"
            )
            if gold.core:
                core.add(bool(matched), shown)
            if matched:
                self._add_match(example, gold, matched, shown)

    def _add_match(self, example: Example, gold: Gold, matched: Sequence[Candidate], shown: str) -> None:
        dates = [candidate.event for candidate in matched if candidate.event is not None]
        gave = "; ".join(f"{_span(event)} {event.grain}" for event in dates) or "none"
        if gold.any_date:
            pass
        elif gold.spans:
            right = [event for event in dates if _span(event) in gold.spans]
            self.dates.add(bool(right), f"{shown}\n    {gold.text!r}: want {sorted(gold.spans)}, got {gave}")
            if right:
                self.grain.add(right[0].grain == gold.grain, f"{shown}\n    want {gold.grain}, got {right[0].grain}")
        else:
            # One extracted fact may state several gold facts; its date then belongs to the dated one.
            alone = [
                candidate
                for candidate in matched
                if not any((other.spans or other.any_date) and other.matches(candidate.text) for other in example.facts)
            ]
            if alone:
                dated = [candidate.text for candidate in alone if candidate.event is not None]
                self.stray.add(bool(dated), f"{shown}\n    dated {dated} {gave}")
        categories = [candidate.category for candidate in matched]
        self.category.add(gold.category in categories, f"{shown}\n    {gold.text!r}: {gold.category}, got {categories}")
        if gold.slot:
            wanted = (gold.slot, (gold.value or "").casefold())
            slots = [(candidate.slot, (candidate.value or "").casefold()) for candidate in matched]
            self.slot.add(wanted in slots, f"{shown}\n    want {wanted}, got {slots}")


def score_messages(name: str) -> tuple[MessageScore, float, tuple[float, str]]:
    """Extract from each message of a file by itself.

    Returns:
        The score; the mean CPU time of a message in milliseconds; the longest one with the id of its message.
    """
    extractor = EmbeddedExtractor()
    examples = [Example.from_dict(row) for row in load(name)]
    score = MessageScore()
    for example in examples:
        score.add(example, extractor.extract(Batch((example.message,), example.context)))
    spent: list[tuple[float, str]] = []
    for example in examples:  # the pass above warmed the pattern caches
        started = time.process_time()
        extractor.extract(Batch((example.message,), example.context))
        spent.append((1000 * (time.process_time() - started), example.message.id))
    return score, sum(milliseconds for milliseconds, _ in spent) / len(spent), max(spent)


class UpdateScore:
    """The rows of the table that need a memory: what a later message does to earlier facts."""

    def __init__(self) -> None:
        self.caught = Tally("true updates superseded", 0.45)
        self.false = Tally("facts superseded where nothing changed", 0.01, fewer=True)
        self.false_series = Tally("series in which a fact was wrongly superseded", fewer=True)
        self.learnt = Tally("old facts learnt (updates)")
        self.kinds = {tag: Tally(f"true updates superseded, {tag}") for tag in ("explicit", "implied")}
        self.beside = Tally("other facts superseded beside an update", fewer=True)

    @property
    def rows(self) -> tuple[Tally, ...]:
        """The rows with something to reach."""
        return self.caught, self.false

    @property
    def information(self) -> tuple[Tally, ...]:
        """The rows that are printed for information."""
        return self.false_series, *self.kinds.values(), self.learnt, self.beside

    def add(self, series: Series, before: Sequence[Fact], after: Sequence[Fact]) -> None:
        """Score one series: `before` are the facts after its old messages, `after` those after its new one."""
        said = " | ".join(message.content for message in (*series.old, series.new))
        shown = f"[{series.id} {' '.join(series.tags)}] {said}"
        ids = {fact.id for fact in before}
        active = {fact.id for fact in after if fact.active}
        closed = [fact for fact in before if fact.active and fact.id not in active]
        reasons = {fact.id: fact.reason for fact in after}
        if not series.update:
            for fact in before:
                self.false.add(fact in closed, f"{shown}\n    closed {fact.text!r}: {reasons.get(fact.id)}")
            self.false_series.add(bool(closed), shown)
            return
        old = [fact for fact in before if fact.active and _all_in(series.old_must, fact.text)]
        new = [fact for fact in after if fact.active and fact.id not in ids and _all_in(series.new_must, fact.text)]
        caught = bool(old) and all(fact in closed for fact in old) and bool(new)
        state = f"old {[fact.text for fact in old]}, closed {len(closed)}, new {[fact.text for fact in new]}"
        self.learnt.add(bool(old), f"{shown}\n    learnt {[fact.text for fact in before]}")
        for tally in (self.caught, *(tally for tag, tally in self.kinds.items() if tag in series.tags)):
            tally.add(caught, f"{shown}\n    {state}")
        for fact in before:
            if fact not in old:
                self.beside.add(fact in closed, f"{shown}\n    closed {fact.text!r}: {reasons.get(fact.id)}")


def score_updates(name: str) -> UpdateScore:
    """Tell each series of a file to one memory, as a user of its own."""
    from holdfast import Memory

    score = UpdateScore()
    with Memory(":memory:") as memory:
        for row in load(name):
            series = Series.from_dict(row)
            for message in series.old:
                memory.add(message, user_id=series.id)
            before = list(memory.get_all(user_id=series.id, superseded=True))
            memory.add(series.new, user_id=series.id)
            score.add(series, before, list(memory.get_all(user_id=series.id, superseded=True)))
    return score


def locomo_sessions(path: Path) -> Iterator[tuple[str, str, list[Message]]]:
    """Yield the sessions of a LoCoMo file, once for each speaker: partition, session, messages.

    The speaker's turns are the user's messages, the other's the assistant's.
    """
    for sample in json.loads(path.read_text(encoding="utf-8")):
        conversation: dict[str, Any] = sample["conversation"]
        names = sorted((key for key in conversation if re.fullmatch(r"session_\d+", key)), key=lambda key: int(key[8:]))
        for speaker in (conversation["speaker_a"], conversation["speaker_b"]):
            partition = f"{sample['sample_id']}/{speaker}"
            for name in names:
                start = datetime.strptime(f"{conversation[f'{name}_date_time']} +0000", "%I:%M %p on %d %B, %Y %z")
                messages = [
                    Message(
                        "user" if turn["speaker"] == speaker else "assistant",
                        turn["text"],
                        id=f"{partition}/{turn['dia_id']}",
                        at=start + timedelta(seconds=position),
                    )
                    for position, turn in enumerate(conversation[name])
                    if turn["text"].strip()
                ]
                yield partition, name, messages


def report_locomo(path: Path, sample: int, seed: int, verbose: bool) -> None:
    """Take in a LoCoMo file, print the share of facts that were superseded, and `sample` facts at random."""
    from holdfast import Memory

    said: dict[str, Message] = {}
    partitions: set[str] = set()
    with Memory(":memory:") as memory:
        for partition, session, messages in locomo_sessions(path):
            partitions.add(partition)
            said.update((message.id, message) for message in messages)
            memory.add(messages, user_id=partition, session_id=session)
        facts = [fact for name in sorted(partitions) for fact in memory.get_all(user_id=name, superseded=True)]
    facts.sort(key=lambda fact: (fact.user_id, fact.said_at, fact.text))  # ids may be random; the sample must not be
    turns = sum(message.role == "user" for message in said.values())
    sources = {fact.evidence[0].message_id for fact in facts}
    superseded = Tally("facts superseded", 0.0005, fewer=True)
    first = Tally("first person left outside quotes: facts", 0.0, fewer=True)
    by_id = {fact.id: fact for fact in facts}
    for fact in facts:
        successor = by_id.get(fact.superseded_by or "")
        superseded.add(not fact.active, f"{fact.text!r} by {successor.text if successor else None!r}: {fact.reason}")
        first.add(first_person(fact.text) is not None, fact.text)
    print(f"{path.name}: {len(partitions)} speakers, {turns} turns, {len(facts)} facts from {len(sources)} turns")
    print("\n".join(tally.line() for tally in (superseded, first)))
    _print_failures((superseded, first) if verbose else ())
    for number, fact in enumerate(random.Random(seed).sample(facts, min(sample, len(facts))), 1):
        source = said[fact.evidence[0].message_id]
        event = f" {_span(fact.event)}" if fact.event else ""
        state = "" if fact.active else " (superseded)"
        print(f"\n{number}. {fact.text}  [{fact.kind}{event}]{state}\n   {fact.said_at:%a %Y-%m-%d}: {source.content}")


def _print_failures(tallies: Iterable[Tally]) -> None:
    for tally in tallies:
        if tally.failures:
            print(f"\n{tally.name}: {len(tally.failures)} failures")
            print("\n".join(f"  {failure}" for failure in tally.failures))


def _print_kinds(score: MessageScore) -> None:
    print(f"\n{'kind of message':<24} {'yield a fact':>14} {'core facts found':>18} {'forbidden':>12}")
    for kind, tallies in score.kinds.items():
        counts = (f"{tally.count}/{tally.total}" if tally.total else "-" for tally in tallies)
        print("{:<24} {:>14} {:>18} {:>12}".format(kind, *counts))


def report(suffix: str, *, updates: bool, verbose: bool, kinds: bool) -> None:
    """Print the table for `dev`, `heldout`, `others` or `blind`, the names of the data files."""
    score, mean, (longest, slowest) = score_messages(suffix)
    changed = score_updates(f"updates_{suffix}") if updates else None
    rows = (*score.rows, *(changed.rows if changed else ()))
    information = (*score.information, *(changed.information if changed else ()))
    tags = Counter(row["keep"] for row in load(suffix))
    print(f"{suffix}: {sum(tags.values())} messages, {tags[True]} worth keeping, {tags[False]} noise\n")
    print(f"{'what':<52} {'count':>9} {'share':>7}  {'95 %':<11}  reach")
    print("\n".join(tally.line() for tally in rows))
    verdict = "reached" if mean < 3 else "MISSED"
    print(f"{'CPU ms per message':<52} {'':>9} {mean:>7.2f}  {'':<11}  at most 3     {verdict}")
    print(f"{'CPU ms of the slowest message':<52} {slowest:>9} {longest:>7.2f}\n\nfor information")
    print("\n".join(tally.line() for tally in information))
    if kinds:
        _print_kinds(score)
    if verbose:
        _print_failures(rows + information)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data = parser.add_mutually_exclusive_group()
    data.add_argument("--heldout", action="store_true", help="the held-out third instead of the development data")
    data.add_argument("--others", action="store_true", help="messages of authors who knew no rule instead")
    data.add_argument("--blind", action="store_true", help="such messages, which no rule was written against, instead")
    parser.add_argument("--verbose", action="store_true", help="list each failure with its message")
    parser.add_argument("--kinds", action="store_true", help="the rates of each kind of message")
    parser.add_argument("--messages-only", action="store_true", help="leave out the updates, which need an embedder")
    parser.add_argument("--locomo", type=Path, metavar="FILE", help="take in a file of LoCoMo's format instead")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="with --locomo: print N facts at random")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of the sample")
    options = parser.parse_args(arguments)
    if options.locomo:
        report_locomo(options.locomo, options.sample, options.seed, options.verbose)
        return
    suffix = next((name for name in ("heldout", "others", "blind") if getattr(options, name)), "dev")
    report(suffix, updates=not options.messages_only, verbose=options.verbose, kinds=options.kinds)


if __name__ == "__main__":
    main()
