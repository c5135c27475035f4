"""What the inspector changes. Each answers with the address of a page, so that loading it again changes nothing."""

import secrets
from collections import OrderedDict
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from holdfast.errors import ConfigurationError, ProviderError
from holdfast.memory import Memory
from holdfast.types import Receipt
from holdfast.ui.asking import Asked, NotThereError, form_of
from holdfast.ui.rendering import address, page

__all__ = ["Actions"]

_RECEIPTS = 20  # that can be looked at again


class Actions:
    """The forms, each a function of the request.

    Args:
        memory: What they change.
        csrf: What the forms of the receipts' page carry.
    """

    def __init__(self, memory: Memory, csrf: Callable[[], str]) -> None:
        self._memory = memory
        self._csrf = csrf
        self._receipts: OrderedDict[str, Receipt] = OrderedDict()

    def edit(self, request: Request) -> Response:
        """Give a fact other words."""
        user, fact_id, text = _named(request, "user", "id", "text")
        before = self._memory.get(fact_id, user_id=user)
        if before is not None and " ".join(text.split()) == before.text:
            return _to(user, fact_id, "same")
        if self._memory.update(fact_id, " ".join(text.split()), user_id=user) is None:
            raise NotThereError("There is no such fact. It may have been forgotten.")
        return _to(user, fact_id, "edited")

    def delete(self, request: Request) -> Response:
        """Take out a fact; it can be restored."""
        user, fact_id = _named(request, "user", "id")
        if self._memory.delete(fact_id, user_id=user) is None:
            raise NotThereError("There is no such fact. It may have been forgotten.")
        return _to(user, fact_id, "deleted")

    def restore(self, request: Request) -> Response:
        """Bring back a deleted or superseded fact."""
        user, fact_id = _named(request, "user", "id")
        change = self._memory.restore(fact_id, user_id=user)
        return _to(user, fact_id, "nothing" if change is None else "restored")

    def process(self, request: Request) -> Response:
        """Read what waits."""
        (user,) = _named(request, "user")
        try:
            self._memory.process(user_id=user)
        except ProviderError:
            done = "failed"
        else:
            done = "learnt"
        return RedirectResponse(address("/pending", user=user, done=done), 303)

    def erase(self, request: Request) -> Response:
        """Remove a fact and its words for good."""
        user, fact_id = _named(request, "user", "id")
        receipt = self._memory.erase(fact_id, user_id=user)
        if receipt is None:
            raise NotThereError("There is no such fact. It may have been forgotten.")
        return self._kept(receipt)

    def forget(self, request: Request) -> Response:
        """Remove a user for good, once their id was typed."""
        user, typed = _named(request, "user", "typed")
        if typed.strip() != user.strip():
            raise ConfigurationError(f"what was typed is not {user!r}; nothing was removed")
        return self._kept(self._memory.forget(user))

    def receipt(self, request: Request) -> Response:
        """Show a receipt of this start of the inspector."""
        receipt = self._receipts.get(Asked.of(request).text("of"))
        if receipt is None:
            raise NotThereError("Receipts are shown until the inspector ends; this one is not there any more.")
        told = {"receipt": receipt, "user": None, "tab": None, "notice": None, "path": self._memory.path}
        return page("receipt.html", told, csrf=self._csrf())

    def _kept(self, receipt: Receipt) -> Response:
        number = secrets.token_urlsafe(8)
        self._receipts[number] = receipt
        while len(self._receipts) > _RECEIPTS:
            self._receipts.popitem(last=False)
        return RedirectResponse(address("/receipt", of=number), 303)


def _named(request: Request, *names: str) -> list[str]:
    form = form_of(request)
    for name in names:
        if name not in form:
            raise ConfigurationError(f"the form has no {name}")
    return [form[name] for name in names]


def _to(user: str, fact_id: str, done: str) -> Response:
    return RedirectResponse(address("/fact", user=user, id=fact_id, done=done), 303)
