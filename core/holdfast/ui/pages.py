"""What the inspector shows."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Literal, TypeVar, cast
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from holdfast.extractors.redaction import without_secrets
from holdfast.memory import Memory
from holdfast.types import KINDS, Fact, Hits, Message, to_json
from holdfast.ui.asking import Asked, NotThereError
from holdfast.ui.rendering import page
from holdfast.ui.views import chains, last_known, marked, parts, plot

__all__ = ["NOTICES", "PER_PAGE", "Pages"]

_T = TypeVar("_T")

PER_PAGE = 100
"""Rows of a page; what is more is on the next."""

NOTICES: Mapping[str, str] = {
    "edited": "The fact has new words. The old ones stand in its history.",
    "same": "The words are the same as before; nothing was changed.",
    "deleted": "The fact is deleted. Restore brings it back.",
    "restored": "The fact is back.",
    "nothing": "There is nothing to restore.",
    "learnt": "What waited was read.",
    "failed": "An attempt failed; the reason stands below, and the messages wait on.",
}
"""What a page may say of what was just done; the address names the sentence, so that it cannot carry another."""

_BEGINNING = "0001-01-01"


class Pages:
    """The pages that change nothing, each a function of the request.

    Args:
        memory: What they show.
        now: Tells the time.
        csrf: What their forms carry.
    """

    def __init__(self, memory: Memory, now: Callable[[], datetime], csrf: Callable[[], str]) -> None:
        self._memory = memory
        self._now = now
        self._csrf = csrf

    def users(self, request: Request) -> Response:
        """Show whose memories there are."""
        asked = Asked.of(request)
        wanted = asked.text("q").casefold()
        users = [user for user in self._memory.users() if wanted in user.casefold()]
        rows, paging = _paged(users, asked)
        return self._page("users.html", asked, None, {"users": rows, "paging": paging, "q": asked.text("q")})

    def facts(self, request: Request) -> Response:
        """Show a user's facts, the latest first."""
        asked = Asked.of(request)
        kind, words, everything = asked.text("kind"), asked.text("q").casefold(), asked.text("all") == "1"
        where = {"kind": kind} if kind else None
        facts = self._memory.get_all(user_id=asked.user, where=where, superseded=everything)
        found = [fact for fact in reversed(facts) if words in fact.text.casefold()]
        rows, paging = _paged(found, asked)
        told = {"facts": rows, "paging": paging, "kinds": KINDS, "kind": kind, "q": asked.text("q"), "all": everything}
        return self._page("facts.html", asked, "facts", told)

    def search(self, request: Request) -> Response:
        """Show what answers a question, with the score of each hit taken apart."""
        asked = Asked.of(request)
        user = asked.user
        question, limit, only = asked.text("q"), asked.number("limit", 10), asked.text("only")
        among: tuple[Literal["facts", "messages"], ...] = ("facts", "messages")
        if only in among:
            among = ("facts",) if only == "facts" else ("messages",)
        as_of = asked.text("as_of") or None
        hits = Hits()
        if question.strip():
            hits = self._memory.search(question, user_id=user, limit=limit, among=among, as_of=as_of)
        widest = max((abs(value) for hit in hits for value in hit.why.values()), default=0.0)
        told = {
            "hits": [(hit, parts(hit, widest)) for hit in hits],
            "q": question, "limit": limit, "only": only, "as_of": as_of or "",
        }  # fmt: skip
        return self._page("search.html", asked, "search", told)

    def timeline(self, request: Request) -> Response:
        """Show when facts held, those that changed joined."""
        asked = Asked.of(request)
        joined = chains(self._memory.get_all(user_id=asked.user, superseded=True), self._now())
        changed = asked.text("changed") == "1"
        rows, paging = _paged([chain for chain in joined if not changed or len(chain.bars) > 1], asked)
        first = min((bar.fact.valid_from for chain in joined for bar in chain.bars), default=None)
        told = {"chains": rows, "paging": paging, "first": first, "now": self._now(), "changed": changed}
        return self._page("timeline.html", asked, "timeline", told)

    def fact(self, request: Request) -> Response:
        """Show one fact: what it rests on, what happened to it, and what can be done with it."""
        asked = Asked.of(request)
        user, fact_id = asked.user, asked.text("id")
        fact = self._memory.get(fact_id, user_id=user) if fact_id else None
        changes = self._memory.history(fact_id, user_id=user) if fact_id else ()
        shown = fact or last_known(changes)
        if shown is None:
            raise NotThereError("There is no such fact. It may have been forgotten.")
        successor = self._memory.get(shown.superseded_by, user_id=user) if shown.superseded_by else None
        told = {
            "fact": shown,
            "deleted": fact is None,
            "evidence": [(one, marked(one, shown.evidence)) for one in self._evidence(user, shown)],
            "changes": changes,
            "successor": successor,
            "details": _details(shown),
        }
        return self._page("fact.html", asked, "facts", told)

    def changes(self, request: Request) -> Response:
        """Show what happened to all facts of a user, the latest first."""
        asked = Asked.of(request)
        changes = self._memory.diff(user_id=asked.user, since=_BEGINNING).changes
        rows, paging = _paged([*reversed(changes)], asked)
        return self._page("changes.html", asked, "changes", {"changes": rows, "paging": paging})

    def messages(self, request: Request) -> Response:
        """Show the journal: the sessions of a user, or the messages of one."""
        asked = Asked.of(request)
        sessions = self._memory.sessions(user_id=asked.user)
        chosen = "session" in asked.query
        said: Sequence[Message] = ()
        if chosen:
            said = self._memory.messages(user_id=asked.user, session_id=asked.text("session") or None)
        rows, paging = _paged(said, asked)
        told = {
            "sessions": sessions,
            "chosen": chosen,
            "session": asked.text("session"),
            "messages": [(one, without_secrets(one.content)) for one in rows],
            "paging": paging,
        }
        return self._page("messages.html", asked, "messages", told)

    def pending(self, request: Request) -> Response:
        """Show what waits to be learnt, and what was refused."""
        asked = Asked.of(request)
        waiting = self._memory.pending(user_id=asked.user)
        rows, paging = _paged(waiting, asked)
        told = {
            "waiting": [(one, without_secrets(one.journaled.message.content)) for one in rows],
            "paging": paging,
            "refused": self._memory.quarantine(user_id=asked.user),
        }
        return self._page("pending.html", asked, "pending", told)

    def ledger(self, request: Request) -> Response:
        """Show what the memory cost, and what it saved."""
        asked = Asked.of(request)
        ledger = self._memory.ledger(user_id=asked.user)
        series = ledger.series
        lines = {
            "history": [point.history for point in series],
            "memory": [point.injected + point.spent for point in series],
        }
        told = {"ledger": ledger, "plot": plot([point.at for point in series], lines)}
        return self._page("ledger.html", asked, "ledger", told)

    def removal(self, request: Request) -> Response:
        """Ask before a user, or a fact with its words, is removed for good."""
        asked = Asked.of(request)
        fact = None
        if asked.text("id"):
            fact = self._memory.get(asked.text("id"), user_id=asked.user)
            if fact is None:
                raise NotThereError("There is no such fact. It may have been forgotten.")
        told = {
            "fact": fact,
            "messages": sum(session.messages for session in self._memory.sessions(user_id=asked.user)),
            "facts": self._memory.count(user_id=asked.user),
        }
        return self._page("removal.html", asked, "removal", told)

    def export(self, request: Request) -> Response:
        """Send a user's memory as lines of JSON."""
        asked = Asked.of(request)
        lines = self._memory.export(asked.user)
        name = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in asked.user)[:80]
        exact = quote(f"{asked.user[:80]}.jsonl", safe="")
        headers = {"Content-Disposition": f"attachment; filename=\"{name}.jsonl\"; filename*=UTF-8''{exact}"}
        return StreamingResponse(_written(lines), media_type="application/x-ndjson", headers=headers)

    def _page(self, template: str, asked: Asked, tab: str | None, values: Mapping[str, Any]) -> Response:
        told = {
            "user": asked.query.get("user"),
            "tab": tab,
            "notice": NOTICES.get(asked.text("done")),
            "path": self._memory.path,
            **values,
        }
        return page(template, told, csrf=self._csrf())

    def _evidence(self, user: str, fact: Fact) -> Iterator[Message]:
        """Yield the messages that a fact rests on, as far as they are there."""
        wanted = [*dict.fromkeys(span.message_id for span in fact.evidence)]
        found: dict[str, Message] = {}
        # Most rest on one session, which is read in less time than the whole journal.
        for session in dict.fromkeys((fact.session_id, "*")):
            if len(found) < len(wanted):
                said = self._memory.messages(user_id=user, session_id=session)
                found |= {one.id: one for one in said if one.id in wanted}
        for one in wanted:
            with suppress(KeyError):
                yield found[one]


def _paged(rows: Sequence[_T], asked: Asked) -> tuple[Sequence[_T], dict[str, Any]]:
    """Return the rows of the page that is asked for, and what its links need."""
    pages = max(1, -(-len(rows) // PER_PAGE))
    number = min(asked.number("page", 1), pages)
    rest = {name: value for name, value in asked.query.items() if name not in ("page", "done")}
    paging = {"number": number, "pages": pages, "rows": len(rows), "query": rest}
    return rows[(number - 1) * PER_PAGE : number * PER_PAGE], paging


def _details(fact: Fact) -> list[tuple[str, str]]:
    """Return what else is known of a fact, as far as it is set."""
    left_out = {"id", "user_id", "text", "evidence", "reason", "superseded_by", "valid_from", "valid_to", "said_at"}
    rows: list[tuple[str, str]] = []
    for name, value in fact.to_dict().items():
        if name not in left_out and value not in (None, [], {}):
            rows.append((name.removesuffix("_id"), _said(value)))
    return [*rows, ("id", fact.id)]


def _said(value: Any) -> str:
    """Return a field's value as a person writes it."""
    if isinstance(value, list):
        return ", ".join(map(_said, cast(list[Any], value)))
    if isinstance(value, dict):
        return ", ".join(
            f"{name} {_said(one)}" for name, one in cast(dict[str, Any], value).items() if one is not False
        )
    return str(value)


def _written(lines: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    for line in lines:
        yield json.dumps(to_json(line), ensure_ascii=False).encode() + b"\n"
