"""What every `Books` promises."""

from datetime import datetime, timedelta, timezone

from holdfast.protocols import Store, Write
from holdfast.testing.conformance import Conformance
from holdfast.testing.samples import NOW, later, message, said
from holdfast.types import LedgerEntry

__all__ = ["BooksSuite"]

_SPENT = LedgerEntry(NOW, "extraction", 2, 300, 40, 100)
_EMBEDDED = LedgerEntry(later(1), "embedding", 1, embedding_tokens=25)
_TOLD = LedgerEntry(
    later(2), "context", 1, cached_tokens=8, injected_tokens=20, history_tokens=90, history_cached_tokens=70
)


class BooksSuite(Conformance):
    """The ledger's part of `StoreSuite`."""

    def test_entries_come_back_as_they_were_written(self, store: Store) -> None:
        """A user's own, in order, every number of them."""
        said(store, "max", "a")
        said(store, "eve", "b")
        store.book([("max", _SPENT), ("eve", _TOLD), ("max", _EMBEDDED)])
        store.book([("max", _TOLD)])
        assert store.entries("max") == [_SPENT, _EMBEDDED, _TOLD]
        assert store.entries("eve") == [_TOLD]
        assert store.entries("ma") == []

    def test_entries_of_nobody_are_passed_over(self, store: Store) -> None:
        """No user begins by being booked."""
        said(store, "max", "a")
        store.book([("eve", _SPENT), ("max", _TOLD)])
        store.book([])
        assert store.users() == ["max"]
        assert store.entries() != []
        assert store.entries("eve") == []

    def test_entries_of_all_users_are_added_up_by_day_and_kind(self, store: Store) -> None:
        """Days are those of UTC."""
        said(store, "max", "a")
        said(store, "eve", "b")
        east = timezone(timedelta(hours=9))
        night = datetime(2025, 3, 2, 3, tzinfo=east)  # 1 March in UTC
        store.book([("max", LedgerEntry(night, "extraction", 1, 10)), ("eve", LedgerEntry(night, "extraction", 1, 5))])
        later_on = datetime(2025, 3, 2, 3, tzinfo=timezone.utc)
        store.book([("max", LedgerEntry(later_on, "extraction", 1, 7)), ("eve", LedgerEntry(night, "context", 1))])
        first, second = (datetime(2025, 3, day, tzinfo=timezone.utc) for day in (1, 2))
        assert store.entries() == [
            LedgerEntry(first, "context", 1),
            LedgerEntry(first, "extraction", 2, 15),
            LedgerEntry(second, "extraction", 1, 7),
        ]

    def test_a_commit_writes_its_entries(self, store: Store) -> None:
        """In its transaction: not when somebody else was faster."""
        said(store, "max", "a")
        assert store.commit("max", lambda _: Write(done=(1,), entries=(_SPENT,))).entries == (_SPENT,)
        assert store.commit("max", lambda _: Write(done=(1,), entries=(_SPENT,))) == Write()
        assert store.entries("max") == [_SPENT]

    def test_what_was_spoken_is_counted(self, store: Store) -> None:
        """As told, or four characters a token; a message that is sent again counts once."""
        assert store.spoken("max") == 0
        store.append("max", [message("a", id="a"), message("b", id="b")], now=NOW, tokens=[3, 4])
        assert store.spoken("max") == 7
        store.append("max", [message("b", id="b"), message("c", id="c")], now=NOW, tokens=[100, 5])
        assert store.spoken("max") == 12
        store.append("max", [message("x" * 9)], now=NOW)
        assert store.spoken("max") == 15
        assert store.spoken("eve") == 0

    def test_what_is_forgotten_is_counted_no_more(self, store: Store) -> None:
        """A session's words go from the count, a user's entries with the user; others stand."""
        for user_id in ("max", "eve"):
            store.append(user_id, [message("a", session_id="s"), message("b")], now=NOW, tokens=[3, 4])
            store.book([(user_id, _SPENT)])
        store.forget("max", session_id="s", now=NOW)
        assert store.spoken("max") == 4
        assert store.entries("max") == [_SPENT]
        assert store.forget("max", now=NOW).removed["ledger"] == 1
        assert (store.spoken("max"), store.entries("max")) == (0, [])
        assert (store.spoken("eve"), store.entries("eve")) == (7, [_SPENT])
