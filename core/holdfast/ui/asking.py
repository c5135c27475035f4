"""What a page's address or form asks for, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from holdfast.errors import ConfigurationError

__all__ = ["Asked", "NotThereError", "form_of"]


class NotThereError(Exception):
    """What the address names is not there."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The query of an address."""

    query: Mapping[str, str]
    values: Mapping[str, list[str]]

    @classmethod
    def of(cls, request: Request) -> "Asked":
        """Read a request's address."""
        query = request.query_params
        return cls(query, {name: query.getlist(name) for name in query})

    @property
    def user(self) -> str:
        """The user whose memory is looked at.

        Raises:
            NotThereError: The address names none.
        """
        user = self.text("user")
        if not user:
            raise NotThereError("The address names no user.")
        return user

    def text(self, name: str) -> str:
        """Return what the address says under a name, or the empty text."""
        return self.query.get(name, "")

    def number(self, name: str, otherwise: int) -> int:
        """Return a whole number of at least 1.

        Raises:
            ConfigurationError: It is none.
        """
        text = self.text(name).strip()
        if not text:
            return otherwise
        if not text.isascii() or not text.isdigit() or not 0 < int(text) < 10**6:
            raise ConfigurationError(f"{name} must be a whole number of at least 1, got {text!r}")
        return int(text)


def form_of(request: Request) -> Mapping[str, str]:
    """Return the fields of a form, which the guard has read."""
    form: Any = request.scope["holdfast.form"]
    fields: Mapping[str, str] = form
    return fields
