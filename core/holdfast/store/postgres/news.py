"""What is new of a user, and what a node may take for granted of what it has read before."""

from collections.abc import Callable, Sequence
from typing import Any

from holdfast.protocols import Delta, FactQuery, Found, Renewed
from holdfast.store.noted import Noted
from holdfast.store.postgres.connections import Connections, Rows, Statement
from holdfast.store.postgres.hints import Hints
from holdfast.store.postgres.journal import choosing
from holdfast.store.postgres.vectors import Vectors
from holdfast.store.postgres.writing import EMBEDDER, facts_found, selecting_facts
from holdfast.store.rows import FACT_COLUMNS, read_fact, read_fact_keys, read_key, read_message, read_place

__all__ = ["News"]

_COLUMNS = 'position, kind, text, start, "end", flags, fact, terms'
_PLACES = """
    SELECT position, role, name, session, agent, said_at, length(content) FROM holdfast.message
    WHERE user_id = %s AND position IN (SELECT position FROM holdfast.key WHERE user_id = %s AND seq > %s)
"""


class News:
    """The news of a store's users. Thread-safe.

    Args:
        connections: To the server.
        vectors: How the server keeps vectors.
        check_embedder: Raises when the vectors are another embedder's, as the server names it.
    """

    def __init__(self, connections: Connections, vectors: Vectors, check_embedder: Callable[[Rows], None]) -> None:
        self._connections = connections
        self._vectors = vectors
        self._check_embedder = check_embedder
        self._written = Noted()
        self._hints: Hints | None = None
        self._failovers = 0
        self._pulled = Noted()
        self._renewed = Noted()

    def wrote(self, user_id: str) -> None:
        """Remember that a partition is not what it was, so that who reads it next need not ask whether it is."""
        self._written.add(user_id)
        if self._hints is not None:
            self._hints.say(user_id)

    def hear(self, heard: Callable[[str], object]) -> None:
        """See `Telling.hear`."""

        def take(user_id: str) -> None:
            self._written.add(user_id)
            heard(user_id)

        self._hints = Hints(self._connections, take)

    def close(self) -> None:
        """Hear no more."""
        if self._hints is not None:
            self._hints.close()

    def may_stand(self, user_id: str) -> bool:
        """See `Upkeep.may_stand`."""
        return user_id not in self._written and not self._lost(user_id)

    def pull(self, user_id: str, since: int) -> Delta:
        """See `Upkeep.pull`."""
        return self._pull(user_id, since, self._vectors.column, self._vectors.load)

    def outline(self, user_id: str, since: int) -> Delta:
        """See `Measuring.outline`."""
        return self._pull(user_id, since, "seq", lambda seq: int(seq).to_bytes(8, "little"))

    def renewed(self, user_id: str, since: int) -> Renewed:
        """See `Upkeep.renewed`."""
        floor = 0 if self._failed_over() and user_id not in self._renewed else since
        failovers = self._connections.failovers
        facts = f"SELECT {FACT_COLUMNS} FROM holdfast.fact WHERE user_id = %s AND seq > %s"
        standing, rows = self._connections.read(user_id, _standing(user_id), (facts, (user_id, floor)))
        if failovers != self._connections.failovers:
            return self.renewed(user_id, since)
        if floor == 0:
            self._renewed.add(user_id)
        if not standing:
            return Renewed(0, reset=since > 0)
        ((seq, cleared),) = standing
        if floor and not cleared <= floor <= seq:
            return self.renewed(user_id, 0)
        return Renewed(seq, floor < cleared, tuple(read_fact(user_id, row) for row in rows))

    def look_up(self, user_id: str, seq: int | None, ids: Sequence[str], positions: Sequence[int]) -> Found | None:
        """See `Upkeep.look_up`."""
        if not seq and not ids and not positions:
            return Found()  # an empty partition is one that was asked for
        query = FactQuery(ids=tuple(ids))
        statements = [_standing(user_id), *(selecting_facts(user_id, query) if ids else ())]
        if positions:
            chosen = choosing(user_id, session_id="*", positions=positions, ids=None, before=None, limit=None)
            statements.append(chosen)
        standing, *rows = self._connections.read(user_id, *statements)
        if seq is not None and ([row[0] for row in standing] != [seq] or self._lost(user_id)):
            self._written.add(user_id)  # somebody did
            return None
        messages = rows.pop() if positions else []
        return Found(tuple(facts_found(user_id, query, rows)), tuple(read_message(row) for row in messages))

    def _pull(self, user_id: str, since: int, column: str, load: Callable[[Any], bytes]) -> Delta:
        if since and self.may_stand(user_id):
            (standing,) = self._connections.read(user_id, _standing(user_id))
            if not standing:
                return Delta(0, reset=True)
            if standing[0][0] == since and not self._lost(user_id):
                return Delta(since, reset=False)
        self._written.discard(user_id)
        if self._hints is not None:
            self._hints.meet(user_id)
        floor = 0 if self._lost(user_id) else since
        failovers = self._connections.failovers
        keys = f"SELECT {_COLUMNS}, {column} FROM holdfast.key WHERE user_id = %s AND seq > %s ORDER BY seq"
        facts = "SELECT id, valid_from, valid_to FROM holdfast.fact WHERE user_id = %s AND seq > %s"
        standing, embedder, *rows = self._connections.read(
            user_id,
            _standing(user_id),
            EMBEDDER,
            (keys, (user_id, floor)),
            (facts, (user_id, floor)),
            (_PLACES, (user_id, user_id, floor)),
        )
        if floor == 0 and failovers == self._connections.failovers:
            self._pulled.add(user_id)
        if not standing:
            return Delta(0, reset=since > 0)
        ((seq, cleared),) = standing
        if floor and (self._lost(user_id) or not cleared <= floor <= seq):
            return self._pull(user_id, 0, column, load)  # something was removed, or lost with a server
        if seq != since:
            self._check_embedder(embedder)
        return Delta(
            seq,
            floor < cleared,
            tuple(read_key((*row[:-1], load(row[-1]))) for row in rows[0]),
            tuple(read_fact_keys(row) for row in rows[1]),
            tuple(read_place(row) for row in rows[2]),
        )

    def _lost(self, user_id: str) -> bool:
        """Whether what was pulled of a user was read from a server whose place another one has taken.

        That one may lack what the other had committed last, and number what came later alike.
        """
        return self._failed_over() and user_id not in self._pulled

    def _failed_over(self) -> bool:
        if self._failovers != self._connections.failovers:
            self._failovers = self._connections.failovers
            self._pulled, self._renewed = Noted(), Noted()
        return self._failovers > 0


def _standing(user_id: str) -> Statement:
    return "SELECT seq, cleared FROM holdfast.partition WHERE user_id = %s", (user_id,)
