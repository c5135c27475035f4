"""Mutate each row of the embedded extractor's tables and show that its examples notice.

Run `python benchmarks/mutate_rules.py`. Each row is disabled (it never matches), widened (it always matches) and made
to yield something else; a mutant that no example notices survives, is printed, and fails the run.
"""

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path

from holdfast.extractors.embedded import gate
from holdfast.extractors.embedded.rules import Rule
from holdfast.extractors.embedded.shapes import Shape

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "core"))
_examples = import_module("test_embedded_rules")
YIELDS: dict[str, tuple[tuple[Rule, ...], object]] = _examples.YIELDS
SHAPES: tuple[Shape, ...] = _examples.SHAPES
rule_failure: Callable[[str, Rule], str | None] = _examples.rule_failure
shape_failure: Callable[[Shape], str | None] = _examples.shape_failure

NEVER = r"(?!)"
ALWAYS = r"\S?"


@contextmanager
def mutated(table: str, original: Rule, mutant: Rule) -> Generator[None]:
    """Put a mutant in place of a row."""
    module_name, _, name = table.rpartition(".")
    module = import_module(f"holdfast.extractors.embedded.{module_name}")
    rows = getattr(module, name)
    setattr(module, name, tuple(mutant if row is original else row for row in rows))
    try:
        yield
    finally:
        setattr(module, name, rows)


@contextmanager
def reshaped(original: Shape, mutant: Shape) -> Generator[None]:
    """Put a mutant in place of a shape."""
    setattr(gate, "SHAPES", tuple(mutant if shape is original else shape for shape in SHAPES))  # noqa: B010 - re-exported
    gate.shapes_by_verb.cache_clear()
    try:
        yield
    finally:
        setattr(gate, "SHAPES", SHAPES)  # noqa: B010 - re-exported
        gate.shapes_by_verb.cache_clear()


def rule_mutants(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """Yield the mutants of a row, each with the kind of its change."""
    yield "disabled", replace(rule, pattern=NEVER)
    yield "widened", replace(rule, pattern=ALWAYS)
    if rule.gives:
        yield "yield", replace(rule, gives="retracts" if rule.gives == "replaces" else "something else")


def shape_mutants(shape: Shape) -> Iterator[tuple[str, Shape]]:
    """Yield the mutants of a shape, each with the kind of its change."""
    yield "disabled", replace(shape, rest=NEVER)
    yield "widened", replace(shape, rest=ALWAYS, verbs="*", who="any", tense="", needs="", subject="", adverb="")
    yield "kind", replace(shape, kind="note")
    if shape.slot and shape.value:
        yield "slot", replace(shape, slot="another")
        yield "value", replace(shape, value=NEVER)
    if shape.single:
        yield "single", replace(shape, single=False)
    if shape.negative:
        yield "negative", replace(shape, negative=False)


def survivors() -> Iterator[tuple[str, bool]]:
    """Yield each mutant's name, and whether it survived."""
    for table, (rows, _) in YIELDS.items():
        for rule in rows:
            for kind, mutant in rule_mutants(rule):
                with mutated(table, rule, mutant):
                    yield f"{table}: {rule.name}: {kind}", not _noticed(partial(rule_failure, table, mutant))
    for shape in SHAPES:
        for kind, changed in shape_mutants(shape):
            with reshaped(shape, changed):
                yield f"shape: {shape.name}: {kind}", not _noticed(partial(shape_failure, changed))


def _unmutated() -> Iterator[tuple[str, str | None]]:
    for table, (rows, _) in YIELDS.items():
        yield from ((f"{table}: {rule.name}", rule_failure(table, rule)) for rule in rows)
    yield from ((f"shape: {shape.name}", shape_failure(shape)) for shape in SHAPES)


def _noticed(check: Callable[[], str | None]) -> bool:
    try:
        return check() is not None
    except Exception:  # noqa: BLE001 - a mutant that breaks the extractor is noticed too
        return True


def main() -> int:
    """Run all mutants and return how many survived."""
    broken = [name for name, failure in _unmutated() if failure]
    if broken:
        print("these rows fail before any mutation:", *broken, sep="\n  ")
        return len(broken)
    results = list(survivors())
    alive = [name for name, survived in results if survived]
    for name in alive:
        print(f"survived  {name}")
    print(
        f"{len(results)} mutants of {sum(len(rows) for rows, _ in YIELDS.values()) + len(SHAPES)} rows,"
        f" {len(alive)} survived"
    )
    return len(alive)


if __name__ == "__main__":
    sys.exit(bool(main()))
