"""The commands about what is learnt and what that costs: worker, pending, quarantine, ledger."""

import signal
import sys
import threading
from typing import TYPE_CHECKING, Annotated, Any

import typer

from holdfast.cli.options import ME, All, Json, StorePath, User, nothing_found, opened
from holdfast.cli.output import ID, clean, complain, counted, grid, print_blocks, print_json
from holdfast.cli.progress import bar

if TYPE_CHECKING:
    from types import FrameType

    from holdfast.memory import Memory

_PORTION = 64

Price = Annotated[float | None, typer.Option(metavar="PRICE", help="Of a million tokens, in any currency.", min=0)]


def worker(
    *,
    once: Annotated[bool, typer.Option("--once", help="Learn what waits now, and end.")] = False,
    concurrency: Annotated[int, typer.Option(metavar="N", help="Batches that are learnt at a time.", min=1)] = 1,
    interval: Annotated[float, typer.Option(metavar="SECONDS", help="Look at least so often.", min=0.1)] = 5.0,
    path: StorePath = None,
    json: Json = False,
) -> None:
    """Learn what was deferred, or failed before, of all users.

    Any number of workers may share a store: no message is learnt twice. Runs until it is interrupted or terminated,
    then ends with what it is at.
    """
    with opened(path) as memory:
        if once:
            _work_once(memory, json=json)
            return
        from holdfast.worker import Worker

        _log_to_stderr()
        over = threading.Event()

        def end(_number: int, _frame: "FrameType | None") -> None:
            over.set()

        before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            working = Worker(memory, concurrency=concurrency, interval=interval)
            working.start()
            complain(f"learning from {memory.path} until interrupted")
            over.wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)  # who insists is not made to wait
        working.stop(timeout=0)
        working.flush()
        left = len(memory.pending())
    if json:
        print_json({"remaining": left})
    else:
        print_blocks(f"ended; {counted(left, 'message')} left to learn")


def pending(*, all: All = False, user: User = ME, path: StorePath = None, json: Json = False) -> None:  # noqa: A002
    """List what waits to be learnt, and what went wrong with it."""
    with opened(path) as memory:
        waiting = memory.pending(user_id=None if all else user)
    if json:
        print_json({"pending": [_waiting(one) for one in waiting]})
        return
    from rich.text import Text

    table = grid()
    for one in waiting:
        message = one.journaled.message
        tried = f"failed {one.attempts} times: {one.reason}" if one.reason else "not tried yet"
        table.add_row(
            Text(message.id[:ID], "dim"), Text(clean(one.user_id), "cyan"), Text(clean(message.content)[:80]),
            Text(clean(tried), "yellow"),
        )  # fmt: skip
    if waiting:
        print_blocks(table)
    else:
        complain("nothing waits" if all else f"nothing of {user!r} waits; --all looks at everybody's")


def quarantine(*, user: User = ME, path: StorePath = None, json: Json = False) -> None:
    """List what was proposed as a fact and refused, with the reason."""
    with opened(path) as memory:
        refused = memory.quarantine(user_id=user)
    if json:
        print_json({"quarantine": refused})
        return
    from rich.text import Text

    table = grid()
    for one in refused:
        table.add_row(
            Text(f"{one.at:%Y-%m-%d %H:%M}", "dim"), Text(one.message_id[:ID], "dim"), Text(clean(one.text)),
            Text(clean(f"{one.reason}, by {one.extractor}"), "yellow"),
        )  # fmt: skip
    if refused:
        print_blocks(table)
    else:
        complain(f"nothing of {user!r} is in quarantine")


def ledger(
    *,
    input_price: Price = None,
    output_price: Price = None,
    cached_price: Price = None,
    embedding_price: Price = None,
    all: All = False,  # noqa: A002
    user: User = ME,
    path: StorePath = None,
    json: Json = False,
) -> None:
    """Tell what the memory cost, and what it saved.

    Compares the contexts that were built, and what extraction and embedding took, with sending everything that was ever
    said along with each question. With prices the sums are money, else tokens.
    """
    from holdfast.ledger import Prices

    rest = (output_price, cached_price, embedding_price)
    if input_price is None and any(one is not None for one in rest):
        raise typer.BadParameter("prices begin with --input-price")
    prices = None
    if input_price is not None:
        prices = Prices(input_price, output_price or 0.0, cached_price, embedding_price or 0.0)
    with opened(path) as memory:
        if not all and user not in memory.users():
            raise nothing_found(f"nothing is known of {user!r}", json=json)
        found = memory.ledger(user_id=None if all else user, prices=prices)
    if json:
        print_json(found.to_dict())
    else:
        print_blocks(str(found))


def _work_once(memory: "Memory", *, json: bool) -> None:
    learnt = facts = 0
    before = len(memory.pending())
    with bar("learning") as progress:
        while True:
            processed = memory.process(limit=_PORTION)
            facts += sum(len(one.facts) for one in processed.added)
            progress(before - processed.remaining, before)
            if not processed.added or not processed.remaining:
                break
    learnt = before - processed.remaining
    if json:
        print_json({"learnt": learnt, "facts": facts, "remaining": processed.remaining})
    else:
        print_blocks(f"{counted(learnt, 'message')} learnt, {counted(facts, 'fact')} kept")
        if processed.remaining:
            complain(f"{counted(processed.remaining, 'message')} left to others, or to be tried again")


def _waiting(one: Any) -> dict[str, Any]:
    message = one.journaled.message
    return {"user_id": one.user_id, "attempts": one.attempts, "reason": one.reason, "message": message}


def _log_to_stderr() -> None:
    import logging

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    logger = logging.getLogger("holdfast")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
