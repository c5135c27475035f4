"""The profiles of users seen lately, so that not every turn reads all facts again."""

import threading
from bisect import insort
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from holdfast.context import profile_of, profile_order
from holdfast.protocols import Renewed
from holdfast.types import Fact

__all__ = ["KEPT", "LINES", "Profile", "Profiles"]

KEPT = 10_000
"""Facts and lines of all profiles together, about 20 MB; the least recently used go first, the last always stays."""

LINES = 500
"""Lines of one user whose tokens are remembered."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The facts of a profile when its partition stood at `seq`, and the tokens of `sizes` lines in prompts."""

    seq: int
    facts: Sequence[Fact]
    sizes: dict[str, int] = field(default_factory=dict[str, int])

    def __len__(self) -> int:
        return len(self.facts) + len(self.sizes)


class Profiles:
    """Each profile holds for one state of its partition, named by the sequence number. Thread-safe."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Profile] = OrderedDict()
        self._mutex = threading.Lock()

    def get(self, user_id: str, seq: int, renewed: Callable[[str, int], Renewed]) -> Profile:
        """Return the profile of a partition that stands at `seq`, reading with `renewed` what was written since."""
        with self._mutex:
            known = self._known.get(user_id)
            if known is not None and len(known.sizes) > LINES:
                known.sizes.clear()
            if known is not None and known.seq == seq:
                self._known.move_to_end(user_id)
                return known
        profile = _renewed(known or Profile(0, ()), renewed(user_id, known.seq if known else 0))
        with self._mutex:
            self._known[user_id] = profile
            self._known.move_to_end(user_id)
            while len(self._known) > 1 and sum(map(len, self._known.values())) > KEPT:
                self._known.popitem(last=False)
        return profile

    def drop(self, user_id: str) -> None:
        """Forget a profile."""
        with self._mutex:
            self._known.pop(user_id, None)


def _renewed(known: Profile, news: Renewed) -> Profile:
    if news.reset:
        return Profile(news.seq, profile_of(news.facts), known.sizes)
    new = {fact.id for fact in news.facts}
    facts = [fact for fact in known.facts if fact.id not in new]
    for fact in profile_of(news.facts):
        insort(facts, fact, key=profile_order)
    return Profile(news.seq, facts, known.sizes)
