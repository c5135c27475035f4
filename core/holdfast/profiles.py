"""The profiles of users seen lately, so that not every turn reads all facts again."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from holdfast.context import profile_of
from holdfast.types import Fact

__all__ = ["KEPT", "Profiles"]

KEPT = 10_000
"""Facts of all profiles together, about 20 MB; the least recently used go first, the last one always stays."""


class Profiles:
    """Each profile holds for one state of its partition, named by the sequence number. Thread-safe."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[int, Sequence[Fact]]] = OrderedDict()
        self._mutex = threading.Lock()

    def get(self, user_id: str, seq: int, read: Callable[[], Iterable[Fact]]) -> Sequence[Fact]:
        """Return the profile of a partition that stands at `seq`, reading the facts if it is not known."""
        with self._mutex:
            known = self._known.get(user_id)
            if known is not None and known[0] == seq:
                self._known.move_to_end(user_id)
                return known[1]
        profile = profile_of(read())
        with self._mutex:
            self._known[user_id] = (seq, profile)
            self._known.move_to_end(user_id)
            while len(self._known) > 1 and sum(len(facts) for _, facts in self._known.values()) > KEPT:
                self._known.popitem(last=False)
        return profile

    def drop(self, user_id: str) -> None:
        """Forget a profile."""
        with self._mutex:
            self._known.pop(user_id, None)
