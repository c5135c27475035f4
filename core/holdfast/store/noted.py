"""Users of whom a store remembers something, in bounded room."""

__all__ = ["MOST", "Noted"]

MOST = 100_000
"""Users that are remembered at a time; beyond, all are forgotten, which whoever asks has to bear."""


class Noted:
    """A set of users. Thread-safe: each call is one step of the interpreter, or may be taken twice."""

    def __init__(self) -> None:
        self._users = set[str]()

    def __contains__(self, user_id: str) -> bool:
        return user_id in self._users

    def add(self, user_id: str) -> None:
        """Remember a user."""
        if len(self._users) >= MOST:
            self._users.clear()
        self._users.add(user_id)

    def discard(self, user_id: str) -> None:
        """Remember a user no longer."""
        self._users.discard(user_id)
