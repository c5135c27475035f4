"""What every `Queue` promises."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from holdfast.leases import LEASE, hold
from holdfast.protocols import Lease, Store
from holdfast.testing.conformance import Conformance
from holdfast.testing.samples import NOW, later, learn, message, said

__all__ = ["QueueSuite"]


def _free(store: Store, user_id: str | None = None) -> list[str]:
    return [one.journaled.message.content for one in store.pending(user_id=user_id, free=NOW)]


class QueueSuite(Conformance):
    """The part of `StoreSuite` about what is not learnt yet."""

    def test_waiting_counts_what_is_pending(self, store: Store) -> None:
        """Of one user or of all, taken or not."""
        assert store.waiting() == 0
        journaled = said(store, "max", "a", "b")
        said(store, "eve", "c")
        with hold() as owner:
            store.take("max", [1], Lease(owner, NOW + LEASE), now=NOW)
            assert (store.waiting(), store.waiting("max"), store.waiting("eve"), store.waiting("ma")) == (3, 2, 1, 0)
        learn(store, "max", journaled)
        assert store.waiting() == 1

    def test_what_one_has_taken_no_other_gets(self, store: Store) -> None:
        """The rest is free; the owner may take its own anew; nobody else's user is touched."""
        said(store, "max", "a", "b", "c")
        said(store, "eve", "d")
        with hold() as one, hold() as other:
            assert store.take("max", [3, 1], Lease(one, NOW + LEASE), now=NOW) == [1, 3]
            assert _free(store) == ["b", "d"]
            assert _free(store, "max") == ["b"]
            assert store.take("max", [1, 2, 3], Lease(other, NOW + LEASE), now=NOW) == [2]
            assert store.take("max", [1, 2, 3], Lease(one, NOW + LEASE), now=NOW) == [1, 3]
            assert store.take("eve", [1], Lease(other, NOW + LEASE), now=NOW) == [1]
            assert len(store.pending()) == 4

    def test_only_what_is_pending_can_be_taken(self, store: Store) -> None:
        """Not what is learnt, not what was never said, nothing of an unknown user."""
        journaled = said(store, "max", "a", "b")
        learn(store, "max", journaled[:1])
        with hold() as owner:
            assert store.take("max", [1, 2, 9], Lease(owner, NOW + LEASE), now=NOW) == [2]
            assert store.take("ma", [1], Lease(owner, NOW + LEASE), now=NOW) == []
            assert store.take("max", [], Lease(owner, NOW + LEASE), now=NOW) == []

    def test_a_lease_ends(self, store: Store) -> None:
        """From its end on others may take what it held; taking anew makes it longer."""
        said(store, "max", "a")
        with hold() as one, hold() as other:
            store.take("max", [1], Lease(one, later(60)), now=NOW)
            assert store.take("max", [1], Lease(other, later(90)), now=later(59)) == []
            store.take("max", [1], Lease(one, later(100)), now=later(59))
            assert store.take("max", [1], Lease(other, later(90)), now=later(60)) == []
            assert store.pending(free=later(99)) == []
            assert len(store.pending(free=later(100))) == 1
            assert store.take("max", [1], Lease(other, later(200)), now=later(100)) == [1]

    def test_an_owner_that_is_gone_holds_nothing(self, store: Store) -> None:
        """What it had taken is free at once, long before its lease ends."""
        said(store, "max", "a")
        with hold() as gone:
            store.take("max", [1], Lease(gone, NOW + timedelta(days=9)), now=NOW)
            assert _free(store) == []
        assert _free(store) == ["a"]
        with hold() as other:
            assert store.take("max", [1], Lease(other, NOW + LEASE), now=NOW) == [1]

    def test_messages_may_be_taken_as_they_are_journaled(self, store: Store) -> None:
        """The new ones only; one that is sent again stays whose it is."""
        with hold() as one, hold() as other:
            store.append("max", [message("a", id="a")], now=NOW, lease=Lease(one, NOW + LEASE))
            again = [message("a", id="a"), message("b", id="b")]
            store.append("max", again, now=NOW, lease=Lease(other, NOW + LEASE))
            assert _free(store) == []
            assert store.take("max", [1, 2], Lease(one, NOW + LEASE), now=NOW) == [1]
            assert store.take("max", [1, 2], Lease(other, NOW + LEASE), now=NOW) == [2]

    def test_what_failed_is_free(self, store: Store) -> None:
        """Others may try it at once."""
        said(store, "max", "a", "b")
        with hold() as one, hold() as other:
            store.take("max", [1, 2], Lease(one, NOW + LEASE), now=NOW)
            store.fail("max", [1], "the model is down")
            assert _free(store) == ["a"]
            assert store.take("max", [1, 2], Lease(other, NOW + LEASE), now=NOW) == [1]

    def test_of_several_who_ask_at_once_one_gets_it(self, make_store: Callable[[], Store], store: Store) -> None:
        """Each message is one's alone, whichever thread asks first."""
        count = 40
        said(store, "max", *(f"turn {number}" for number in range(count)))

        def ask(_: int) -> list[int]:
            with hold() as owner:
                taken = [
                    position
                    for start in range(1, count + 1, 4)
                    for position in store.take("max", list(range(start, start + 4)), Lease(owner, NOW + LEASE), now=NOW)
                ]
                learn(store, "max", store.messages("max", positions=taken))
                return taken

        with ThreadPoolExecutor(4) as pool:
            taken = [position for positions in pool.map(ask, range(4)) for position in positions]
        assert sorted(taken) == list(range(1, count + 1))
        assert store.waiting() == 0
