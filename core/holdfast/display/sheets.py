"""The sheet of each value."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from holdfast.display.overview import Overview
from holdfast.display.sheet import (
    ID,
    Bar,
    Cell,
    Line,
    Look,
    Piece,
    Sheet,
    Table,
    cell,
    counted,
    day,
    grounds,
    joined,
    marked,
    piece,
)
from holdfast.extractors.redaction import without_secrets
from holdfast.ledger import Ledger
from holdfast.types import (
    Added,
    Change,
    Context,
    Diff,
    Fact,
    Facts,
    Hit,
    Hits,
    Message,
    Processed,
    Receipt,
    Report,
    Skipped,
    to_json,
)

_VISIBLE = 0.005
"""A part of a score below this would be shown as 0.00."""

_LOOKS: Mapping[str, Look] = {
    "added": "good", "restored": "good", "edited": "strong", "superseded": "bad", "deleted": "bad"
}  # fmt: skip


def sheet_of(value: Any) -> Sheet:
    """Return what a value shows; one that has no sheet of its own shows its fields."""
    match value:
        case Hits():
            return _hits(value)
        case Hit():
            return _hits((value,), title="1 hit")
        case Facts():
            return _facts(value)
        case Fact():
            return _fact(value)
        case Added():
            return _added(value)
        case Processed():
            return _processed(value)
        case Diff(changes):
            return Sheet(_title(counted(len(changes), "change")), (), _changes(changes))
        case Change():
            return Sheet(_title("1 change"), (), _changes((value,)))
        case Ledger():
            return _ledger(value)
        case Receipt():
            return _receipt(value)
        case Report():
            return _report(value)
        case Context():
            return _context(value)
        case Overview():
            return _overview(value)
        case _:
            return _anything(value)


def _hits(hits: Sequence[Hit], title: str | None = None) -> Sheet:
    best = max((hit.score for hit in hits), default=0.0)
    rows = tuple((cell(piece(number, "dim")), _score(hit, best), _found(hit)) for number, hit in enumerate(hits, 1))
    shown = (Table(rows, ("", "score", "found")),) if rows else ()
    return Sheet(_title(title or (counted(len(hits), "hit") if hits else "nothing found")), (), shown)


def _score(hit: Hit, best: float) -> Cell:
    """Return a score with its parts; its bar is as long as the score, and divided as the parts that raised it."""
    parts = tuple((piece(name).text, number, value) for number, (name, value) in enumerate(hit.why.items()))
    lines = tuple((piece(f"{name} {value:+.2f}", "dim"),) for name, _, value in parts if abs(value) >= _VISIBLE)
    raised = tuple(part for part in parts if part[2] >= _VISIBLE)
    length = max(hit.score, 0.0) / best if best > 0 else 0.0
    together = sum(value for *_, value in raised) or 1.0
    shares = tuple((name, number, length * value / together) for name, number, value in raised)
    return Cell(lines, Bar(f"{round(hit.score, 2) + 0.0:.2f}", shares))


def _found(hit: Hit) -> Cell:
    if hit.fact is not None:
        return Cell((_stated(hit.fact), *_about(hit.fact), *_evidence(hit.fact)))
    return Cell(((piece(hit.text),), (piece("message", "tag"), piece(f" {hit.sources[0][:ID]}", "dim"))))


def _stated(fact: Fact, successors: Mapping[str, Fact] | None = None) -> Line:
    """Return a fact's words; struck through, with what took its place, when it holds no longer."""
    if fact.active:
        return (piece(fact.text, "strong"),)
    successor = (successors or {}).get(fact.superseded_by or "")
    if successor is not None:
        return piece(fact.text, "struck"), Piece(" → "), piece(successor.text, "strong")
    return (piece(fact.text, "struck"),)


def _about(fact: Fact) -> tuple[Line, ...]:
    said = f"said on {day(fact.said_at)}"
    happens = f"happens {_event(fact)}" if fact.event else ""
    lines: list[Line] = [
        joined(
            [
                (piece(fact.kind, "tag"),),
                *((piece(flag, "tag"),) for flag in fact.flags),
                *((piece(text, "dim"),) for text in (said, happens, fact.id[:ID]) if text),
            ]
        )
    ]
    if fact.valid_to is not None:
        by = f" by {fact.superseded_by[:ID]}" if fact.superseded_by else ""
        reason = f": {fact.reason}" if fact.reason else ""
        lines.append((piece(f"until {day(fact.valid_to)}, superseded{by}{reason}", "dim"),))
    return tuple(lines)


def _event(fact: Fact) -> str:
    event = fact.event
    if event is None:
        return ""
    span = event.start.isoformat() if event.start == event.end else f"{event.start} to {event.end}"
    return f"{span} (or another reading)" if event.ambiguous else span


def _evidence(fact: Fact) -> tuple[Line, ...]:
    return tuple(
        (
            piece(without_secrets(one.quote), "mark"),
            piece(f" message {one.message_id[:ID]}, characters {one.start} to {one.end}", "dim"),
        )
        for one in fact.evidence
    )


def _fact(fact: Fact) -> Sheet:
    rows: list[tuple[str, Cell]] = [
        ("kind", cell(*joined([(piece(one, "tag"),) for one in dict.fromkeys((fact.kind, fact.category))]))),
        ("about", cell(piece(fact.subject))),
        ("said", cell(piece(_when(fact.said_at)))),
        ("holds", cell(piece(_holds(fact)))),
    ]
    if fact.superseded_by:
        rows.append(("superseded by", cell(piece(fact.superseded_by[:ID], "tag"))))
    if fact.reason:
        rows.append(("because", cell(piece(fact.reason))))
    if fact.event:
        rows.append(("happens", cell(piece(_event(fact)))))
    if fact.slot:
        rows.append(("fills", cell(piece(f"{fact.slot} = {fact.value}"))))
    if fact.flags:
        rows.append(("flags", cell(*joined([(piece(flag, "tag"),) for flag in fact.flags]))))
    rows += [
        ("evidence", Cell(_evidence(fact))),
        ("confidence", cell(piece(fact.confidence))),
        ("learnt by", cell(piece(fact.extractor))),
        ("id", cell(piece(fact.id, "dim"))),
    ]
    return Sheet(_stated(fact), (), (Table(tuple((cell(piece(name, "dim")), one) for name, one in rows)),))


def _when(moment: Any) -> str:
    return f"{day(moment)}, {moment:%H:%M}"


def _holds(fact: Fact) -> str:
    return f"from {day(fact.valid_from)}" + (f" to {day(fact.valid_to)}" if fact.valid_to else " on")


def _facts(facts: Facts) -> Sheet:
    known = {fact.id: fact for fact in facts}
    rows = tuple((Cell((_stated(fact, known), *_about(fact), *_evidence(fact))),) for fact in facts)
    active = sum(fact.active for fact in facts)
    closed = f", {len(facts) - active:,} of them no longer true" if active < len(facts) else ""
    return Sheet(_title(f"{counted(len(facts), 'fact')}{closed}"), (), (Table(rows),) if rows else ())


def _changes(changes: Sequence[Change], heading: str = "") -> tuple[Table, ...]:
    if not changes:
        return ()
    now = {change.after.id: change.after for change in changes if change.after is not None}
    rows = tuple(
        (
            cell(piece(change.kind, _LOOKS[change.kind])),
            Cell((_changed(change, now), *_grounds(change))),
        )
        for change in changes
    )
    return (Table(rows, ("change", "fact"), heading),)


def _changed(change: Change, now: Mapping[str, Fact]) -> Line:
    before, after = change.before, change.after
    if change.kind == "edited" and before is not None and after is not None:
        return piece(before.text, "struck"), Piece(" → "), piece(after.text, "strong")
    if after is not None:
        return _stated(after, now)
    return (piece(before.text if before else change.fact_id, "struck"),)


def _grounds(change: Change) -> tuple[Line, ...]:
    """Return what a change rests on, and when and by whom it was made."""
    made = f"{grounds(change)} · {day(change.at)}"
    quotes = tuple((piece(without_secrets(one.quote), "mark"),) for one in change.evidence)
    return *quotes, (piece(made, "dim"),)


def _added(added: Added) -> Sheet:
    summary = [counted(len(added.messages), "message"), counted(len(added.facts), "new fact")]
    note: list[Line] = []
    if added.deferred:
        note.append((piece("only journaled; process() learns what it says"),))
    if added.degraded:
        note.append((piece(f"read by the embedded rules for now: {added.degraded}", "bad"),))
    if added.usage.calls:
        usage = added.usage
        told = (
            f"{counted(usage.calls, 'model call')}, {usage.input_tokens:,} tokens read, {usage.output_tokens:,} written"
        )
        note.append((piece(told, "dim"),))
    spans: dict[str, list[tuple[int, int]]] = {}
    for evidence in (one for change in added.changes for one in change.evidence):
        spans.setdefault(evidence.message_id, []).append((evidence.start, evidence.end))
    said = tuple(
        (cell(piece(_speaker(one), "dim")), cell(*marked(without_secrets(one.content), spans.get(one.id, ()))))
        for one in added.messages
    )
    tables = [Table(said, ("said by", "message, what facts rest on marked"))] if said else []
    tables += [
        *_changes(added.changes),
        *_left_out(added.skipped, "left out of the facts"),
        *_left_out(added.quarantined, "refused, as the words do not carry it"),
    ]
    return Sheet(_title(" · ".join(summary)), joined(note), tuple(tables))


def _speaker(message: Message) -> str:
    name = f"{message.role} {message.name}" if message.name else message.role
    return f"{name}, {day(message.at)}" if message.at else name


def _left_out(skipped: Sequence[Skipped], why: str) -> tuple[Table, ...]:
    rows = tuple((cell(piece(without_secrets(one.text))), cell(piece(one.reason, "dim"))) for one in skipped)
    return (Table(rows, (why, "reason")),) if rows else ()


def _processed(processed: Processed) -> Sheet:
    changes = [change for added in processed.added for change in added.changes]
    waiting = f"{processed.remaining:,} still waiting" if processed.remaining else "nothing waits"
    return Sheet(_title(f"{counted(len(changes), 'change')}, {waiting}"), (), _changes(changes))


def _ledger(ledger: Ledger) -> Sheet:
    kinds, unit = ledger.by_kind, "tokens" if ledger.prices is None else "in the currency of the prices"

    def amount(value: float) -> Cell:
        return cell(piece(f"{value:,.0f}" if ledger.prices is None else f"{value:,.6f}"))

    written = kinds["extraction"] + kinds["embedding"]
    told = kinds["context"]
    rows = [
        ("spent on writing memory", ledger.spent, f"{counted(written.calls, 'call')} of models"),
        ("injected into prompts", ledger.injected, counted(told.calls, "context")),
        ("full history instead", ledger.history, "what the same prompts would have carried"),
    ]
    table = Table(
        tuple((cell(piece(name)), amount(value), cell(piece(how, "dim"))) for name, value, how in rows),
        ("", unit, ""),
    )
    nets: list[Line] = [_net(ledger, ledger.saved, "")]
    if ledger.saved_with_cache is not None:
        nets.append(_net(ledger, ledger.saved_with_cache, " with a prompt cache on both sides"))
    whose = "all users" if ledger.user_id is None else ledger.user_id
    return Sheet((Piece("ledger of ", "strong"), piece(whose, "strong")), joined(nets), (table,))


def _net(ledger: Ledger, saved: float, how: str) -> Line:
    amount = f"{abs(saved):,.0f} tokens" if ledger.prices is None else f"{abs(saved):,.6f}"
    if saved < 0:
        return (piece(f"cost {amount} more than it saved{how}", "bad"),)
    return (piece(f"saved {amount}{how}", "good"),)


def _receipt(receipt: Receipt) -> Sheet:
    gone = tuple((cell(piece(name, "dim")), cell(piece(f"{number:,}"))) for name, number in receipt.removed.items())
    files = tuple((cell(piece(name)), cell(piece(f"{size:,} bytes", "dim"))) for name, size in receipt.scanned.items())
    looked = f"{_when(receipt.at)} · {counted(receipt.looked_for, 'text')} looked for in the files, none found"
    tables = [Table(gone, ("removed", "rows"))]
    if files:
        tables.append(Table(files, ("searched afterwards", "")))
    if receipt.remains:
        tables.append(Table(tuple((cell(piece(one)),) for one in receipt.remains), ("where copies may remain",)))
    tables.append(Table(((cell(piece("digest of the message ids", "dim")), cell(piece(receipt.digest, "dim"))),)))
    return Sheet(
        (piece("forgotten: ", "good"), piece(receipt.user_id, "strong")), (piece(looked, "dim"),), tuple(tables)
    )


def _report(report: Report) -> Sheet:
    sound = not report.findings
    title = piece("sound", "good") if sound else piece(counted(len(report.findings), "finding"), "bad")
    checked = tuple((cell(piece(name, "dim")), cell(piece(f"{number:,}"))) for name, number in report.checked.items())
    tables = [Table(tuple((cell(piece(one)),) for one in report.findings), ("found wrong",))] if not sound else []
    return Sheet((title,), (), (*tables, Table(checked, ("checked", ""))))


def _context(context: Context) -> Sheet:
    parts = (("profile", context.profile), ("recalled", context.recalled))
    rows = tuple((cell(piece(name, "dim")), cell(piece(text))) for name, text in parts if text)
    return Sheet(_title(f"{context.tokens:,} tokens for the prompt"), (), (Table(rows),) if rows else ())


def _overview(memory: Overview) -> Sheet:
    title = (piece(memory.name, "strong"), piece(f"  {memory.path}", "dim"))
    if memory.fault is not None:
        return Sheet(title, (piece(memory.fault, "bad"),))
    more = memory.users - len(memory.shown)
    note = counted(memory.users, "user") + (f"; {more:,} of them not shown" if more else "")
    columns = ("user", "sessions", "messages", "facts", "waiting")
    rows = tuple(
        (
            cell(piece(one.user_id, "strong")),
            *(cell(piece(f"{number:,}")) for number in (one.sessions, one.messages, one.facts, one.pending)),
        )
        for one in memory.shown
    )
    return Sheet(title, (piece(note),), (Table(rows, columns),) if rows else ())


def _anything(value: Any) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    for one in fields(value):
        shown = to_json(getattr(value, one.name))
        if shown not in (None, "", [], {}):
            rows.append((cell(piece(one.name, "dim")), cell(piece(without_secrets(str(shown))))))
    return Sheet(_title(type(value).__name__), (), (Table(tuple(rows)),))


def _title(text: str) -> Line:
    return (piece(text, "strong"),)
