"""Group commit: the writes of many threads in few transactions."""

import copy
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import apsw

from holdfast.errors import StorageError

__all__ = ["GroupCommit", "Work"]

_R = TypeVar("_R")

Work = Callable[[apsw.Connection], _R]


@dataclass(slots=True, eq=False)
class _Write:
    """One caller's part of a transaction, and what became of it."""

    work: Work[Any]
    begun: bool = False
    done: bool = False
    value: Any = None
    error: BaseException | None = None


class GroupCommit:
    """Runs writes one after the other; those that wait while a commit is on its way to the disk share the next one.

    There is no writer thread: the first caller to find no other at work leads, and carries out what waits. A caller
    returns when the transaction with its own write is durable. A write that raises is undone alone; a transaction that
    fails as a whole (the disk is full) raises for each that was in it.

    Args:
        path: Named in errors.
        connection: Lends the writing connection, alone among threads and processes.
        committed: Called with the connection after each commit, before the callers return.
    """

    def __init__(
        self,
        path: str,
        connection: Callable[[], AbstractContextManager[apsw.Connection]],
        committed: Callable[[apsw.Connection], None],
    ) -> None:
        self._path = path
        self._connection = connection
        self._committed = committed
        self._turn = threading.Condition()
        self._waiting: list[_Write] = []
        self._leader: int | None = None

    def run(self, work: Work[_R]) -> _R:
        """Call `work` inside a transaction and return what it returns once that is durable."""
        mine = _Write(work)
        if batch := self._queue(mine):
            self._lead(mine, batch)
        if mine.error is not None:
            raise mine.error
        return cast(_R, mine.value)

    def _queue(self, mine: _Write) -> list[_Write]:
        """Wait until it is done, or until it is this caller's turn to lead: then return what waits."""
        me = threading.get_ident()
        with self._turn:
            if self._leader == me:
                raise RuntimeError("a write inside a write; the store must not be called there")
            self._waiting.append(mine)
            try:
                self._turn.wait_for(lambda: mine.done or self._leader is None)
            except BaseException:
                if mine in self._waiting:
                    self._waiting.remove(mine)
                raise
            if mine.done:
                return []
            self._leader = me
            batch, self._waiting = self._waiting, []
            return batch

    def _lead(self, mine: _Write, batch: list[_Write]) -> None:
        try:
            with self._connection() as db:
                interruption = self._commit(db, batch)
            mine.error = mine.error or interruption
        except BaseException as error:  # noqa: BLE001 - each caller raises its own
            mine.error = mine.error or error
            for one in batch:
                if one.begun or isinstance(error, Exception):
                    one.error = one.error or self._of_another(error)
        finally:
            with self._turn:
                for one in batch:
                    one.done = one.begun or one.error is not None
                self._waiting = [*(one for one in batch if not one.done), *self._waiting]
                self._leader = None
                self._turn.notify_all()

    def _commit(self, db: apsw.Connection, batch: list[_Write]) -> BaseException | None:
        """Carry out the writes; return what interrupted the thread after the commit, when nothing can be undone."""
        interruption: BaseException | None = None
        db.execute("BEGIN IMMEDIATE")
        try:
            if len(batch) == 1:
                batch[0].begun = True
                batch[0].value = batch[0].work(db)
            else:
                for one in batch:
                    self._try(db, one)
            db.execute("COMMIT")
        except BaseException as error:
            if db.in_transaction:
                db.execute("ROLLBACK")
                raise
            if isinstance(error, apsw.Error):
                raise  # SQLite has rolled it back by itself
            interruption = error
        self._committed(db)
        return interruption

    def _try(self, db: apsw.Connection, one: _Write) -> None:
        one.begun = True
        db.execute("SAVEPOINT one")
        try:
            one.value = one.work(db)
        except Exception as error:
            if not db.in_transaction:
                raise  # SQLite has rolled back everything, the disk being full or broken
            db.execute("ROLLBACK TO one")
            one.error = error
        db.execute("RELEASE one")

    def _of_another(self, error: BaseException) -> BaseException:
        if not isinstance(error, Exception):
            return StorageError(self._path, "the transaction was interrupted; nothing was written, try again")
        mine = copy.copy(error)  # two threads must not raise one object: each adds its own traceback to it
        mine.__cause__ = error
        return mine
