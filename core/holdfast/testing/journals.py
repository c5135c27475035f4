"""What every `Journal` promises."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.errors import ConfigurationError
from holdfast.protocols import Store
from holdfast.testing.conformance import Conformance
from holdfast.testing.samples import NOW, later, learn, message, said
from holdfast.types import Message, Session

__all__ = ["JournalSuite"]

_TALK = (
    message("Hi, I live in Lisbon.", at=later(-60)),
    message("Nice! What do you do?", "assistant", at=later(-50), name="Ada"),
    message("I'm a nurse.", at=later(-40)),
)


def _contents(store: Store, user_id: str = "max", **options: Any) -> list[str]:
    return [one.message.content for one in store.messages(user_id, **options)]


class JournalSuite(Conformance):
    """The journal's part of `StoreSuite`."""

    def test_messages_come_back_in_order_with_ids_and_positions(self, store: Store) -> None:
        """Positions count a user's messages from 1; an id is the caller's, or given and not given twice."""
        first = store.append("max", [message("one", id="mine"), message("two")], now=NOW)
        second = store.append("max", [message("three"), message("four")], now=NOW)
        journaled = [*first, *second]
        assert [one.message.content for one in journaled] == ["one", "two", "three", "four"]
        assert [one.position for one in journaled] == [1, 2, 3, 4]
        assert all(one.new for one in journaled)
        ids = [one.message.id for one in journaled]
        assert ids[0] == "mine"
        assert all(ids)
        assert len(set(ids)) == 4
        assert store.messages("max") == journaled

    def test_every_field_is_kept(self, store: Store) -> None:
        """A message comes back equal, its time with its own offset, what is nested in it too."""
        at = NOW.replace(microsecond=123_456).astimezone(timezone(timedelta(hours=5, minutes=30)))
        raw = {"content": [{"type": "text", "text": "ünïcode 🦀\u2028"}], "tool_calls": [], "n": 1.5, "none": None}
        whole = Message("tool", "line\nbreak\ttab", "id/1", at, "Ada", "s 1", "agent", {"a": [1, {"b": None}]}, raw)
        store.append("max", [whole], now=NOW)
        (found,) = store.messages("max")
        assert found.message == whole
        assert found.message.at is not None
        assert found.message.at.utcoffset() == timedelta(hours=5, minutes=30)

    def test_a_message_without_a_time_was_said_now(self, store: Store) -> None:
        """`now` is for those only."""
        store.append("max", [message("a"), message("b", at=later(-9))], now=NOW)
        assert [one.message.at for one in store.messages("max")] == [NOW, later(-9)]

    def test_no_messages_are_no_error(self, store: Store) -> None:
        """Nothing comes of nothing, not even a user."""
        assert store.append("max", [], now=NOW) == []
        assert store.users() == []

    def test_long_and_odd_contents_are_kept_whole(self, store: Store) -> None:
        """The journal keeps what was said to the letter."""
        contents = ["", " ", "x" * 1_000_000, "a\r\nb", "'\"\\%_*", "\u0301é🦀\u2029\x7f"]
        store.append("max", [message(one) for one in contents], now=NOW)
        assert _contents(store) == contents

    @pytest.mark.parametrize("again", [_TALK, _TALK[1:], _TALK[2:]])
    def test_a_known_id_is_sent_again(self, store: Store, again: Sequence[Message]) -> None:
        """It comes back with `new` false, as it was journaled, wherever in the journal it stands."""
        named = [replace(one, id=f"m{number}") for number, one in enumerate(_TALK)]
        store.append("max", [*named, message("later")], now=NOW)
        repeated = [one for one in named if replace(one, id="") in again]
        back = store.append("max", [replace(one, at=None, session_id="other") for one in repeated], now=later(9))
        assert [one.new for one in back] == [False] * len(again)
        assert [one.message for one in back] == repeated
        assert len(store.messages("max")) == 4

    def test_the_same_id_twice_in_a_call_is_journaled_once(self, store: Store) -> None:
        """The second is the first sent again."""
        back = store.append("max", [message("a", id="m"), message("a", id="m")], now=NOW)
        assert [one.new for one in back] == [True, False]
        assert len(store.messages("max")) == 1

    @pytest.mark.parametrize(
        "other", [message("other words", id="m"), message("I live in Lisbon.", "assistant", id="m")]
    )
    def test_a_known_id_with_another_content_is_refused(self, store: Store, other: Message) -> None:
        """Nothing is journaled, not even what stood before it in the call."""
        store.append("max", [message(id="m")], now=NOW)
        with pytest.raises(ConfigurationError, match="'m'"):
            store.append("max", [message("before"), other, message("after")], now=NOW)
        assert _contents(store) == ["I live in Lisbon."]
        assert len(store.pending(user_id="max")) == 1
        with pytest.raises(ConfigurationError):
            store.append("eve", [message("a", id="m"), message("b", id="m")], now=NOW)
        assert "eve" not in store.users()

    def test_an_empty_message_has_a_content_too(self, store: Store) -> None:
        """Words under the id of a message that said nothing are other words, and not lost in silence."""
        store.append("max", [message("", id="m")], now=NOW)
        with pytest.raises(ConfigurationError, match="'m'"):
            store.append("max", [message(id="m")], now=NOW)

    def test_another_user_may_use_the_same_id(self, store: Store) -> None:
        """Ids are a user's own."""
        store.append("max", [message("a", id="m")], now=NOW)
        (back,) = store.append("eve", [message("b", id="m")], now=NOW)
        assert back.new
        assert _contents(store) == ["a"]

    def test_without_an_id_time_and_words_tell(self, store: Store) -> None:
        """Role, name, content, time and session must agree; then the message is sent again, wherever it stands."""
        first = message("yes", at=NOW, name="Max", session_id="s")
        store.append("max", [first, message("no", session_id="s"), message("maybe", session_id="s")], now=later(5))
        elsewhere = replace(first, at=NOW.astimezone(timezone(timedelta(hours=2))))
        for again in (first, elsewhere):
            (back,) = store.append("max", [again], now=later(9))
            assert (back.new, back.position) == (False, 1)
        for other in (
            replace(first, role="assistant"),
            replace(first, name=None),
            replace(first, content="Yes"),
            replace(first, at=NOW + timedelta(microseconds=1)),
            replace(first, session_id=None),
            replace(first, session_id="S"),
        ):
            (back,) = store.append("max", [other], now=later(9))
            assert back.new, other
        assert len(store.messages("max")) == 9

    def test_words_repeated_within_one_call_are_all_journaled(self, store: Store) -> None:
        """A conversation handed over whole loses nothing, one time for all of it or none."""
        talk = [message("yes"), message("sure?", "assistant"), message("yes")]
        for session_id, at in (("untimed", None), ("timed", NOW)):
            told = [replace(one, at=at, session_id=session_id) for one in talk]
            assert [one.new for one in store.append("max", told, now=NOW)] == [True, True, True]
            assert [one.new for one in store.append("max", told, now=NOW)] == [False, False, False]
            assert _contents(store, session_id=session_id) == ["yes", "sure?", "yes"]

    @pytest.mark.parametrize(
        ("known", "sent", "new"),
        [
            ("ab", "ab", ""),
            ("ab", "abc", "c"),
            ("ab", "bc", "c"),
            ("ab", "b", ""),
            ("ab", "cab", "cab"),
            ("ab", "a", "a"),
            ("aba", "ab", "b"),
            ("aba", "aba", ""),
            ("aa", "aaa", "a"),
            ("a", "ba", "ba"),
            ("abcab", "abd", "d"),
            ("", "aa", "aa"),
        ],
    )
    def test_the_overlap_of_end_and_beginning_is_sent_again(
        self, store: Store, known: str, sent: str, new: str
    ) -> None:
        """Without id and time, what the session ends with and the call begins with is the same, as much as can be."""
        store.append("max", [message(one, session_id="s") for one in known], now=NOW)
        store.append("max", [message("b", session_id="other")], now=NOW)
        back = store.append("max", [message(one, session_id="s") for one in sent], now=later(60))
        assert "".join(one.message.content for one in back if one.new) == new
        assert [one.message.content for one in back] == list(sent)
        assert "".join(_contents(store, session_id="s")) == known + new

    def test_the_overlap_is_found_in_each_session_of_a_call(self, store: Store) -> None:
        """Sessions that come mixed in one call are told apart."""
        store.append("max", [message("a", session_id="s"), message("b", session_id="t")], now=NOW)
        sent = [message("b", session_id="t"), message("a", session_id="s"), message("b", session_id="s")]
        assert [one.new for one in store.append("max", sent, now=NOW)] == [False, False, True]

    @settings(
        max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
    )
    @given(cuts=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=6))
    def test_windows_of_a_conversation_add_up_to_it(self, store: Store, cuts: list[tuple[int, int]]) -> None:
        """Whatever part of a conversation is sent again with what came after it, each turn is journaled once."""
        user = f"user {len(store.users())}"
        talk = [f"turn {number}" for number in range(12)]
        end = 0
        for start, stop in cuts:
            start, stop = min(start, end), max(stop, end)
            store.append(user, [message(one) for one in talk[start:stop]], now=NOW)
            end = stop
        assert _contents(store, user) == talk[:end]

    def test_messages_of_a_session(self, store: Store) -> None:
        """None is the session without a name, `*` is all of them, an unknown one has none."""
        store.append("max", [message("a", session_id="s"), message("b"), message("c", session_id="S")], now=NOW)
        assert _contents(store) == ["a", "b", "c"]
        assert _contents(store, session_id="*") == ["a", "b", "c"]
        assert _contents(store, session_id="s") == ["a"]
        assert _contents(store, session_id=None) == ["b"]
        assert _contents(store, session_id="unknown") == []
        assert _contents(store, "eve") == []

    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            ({"positions": [5, 2, 2, 99]}, "be"),
            ({"positions": []}, ""),
            ({"ids": ["id-f", "id-a", "id-x"]}, "af"),
            ({"ids": []}, ""),
            ({"before": 3}, "ab"),
            ({"before": 1}, ""),
            ({"limit": 2}, "ef"),
            ({"limit": 100}, "abcdef"),
            ({"before": 5, "limit": 2}, "cd"),
            ({"session_id": "odd", "before": 5, "limit": 1}, "c"),
            ({"session_id": "even", "positions": [1, 2, 4]}, "bd"),
            ({"positions": [1, 2, 3], "ids": ["id-b", "id-f"]}, "b"),
        ],
    )
    def test_messages_are_chosen(self, store: Store, options: dict[str, Any], expected: str) -> None:
        """At the given positions, with the given ids, before a position; the last `limit` of those, in order."""
        for number, letter in enumerate("abcdef", 1):
            session_id = "odd" if number % 2 else "even"
            store.append("max", [message(letter, id=f"id-{letter}", session_id=session_id)], now=NOW)
        assert "".join(_contents(store, **options)) == expected

    def test_sessions_the_one_spoken_in_last_first(self, store: Store) -> None:
        """Each with the number of its messages and the times of its first and last."""
        store.append("max", [message("a", session_id="s", at=later(1)), message("b", at=later(2))], now=NOW)
        store.append("max", [message("c", session_id="t", at=later(3))], now=NOW)
        store.append("max", [message("d", session_id="s", at=later(4))], now=NOW)
        assert store.sessions("max") == [
            Session("s", 2, later(1), later(4)),
            Session("t", 1, later(3), later(3)),
            Session(None, 1, later(2), later(2)),
        ]
        assert store.sessions("eve") == []

    def test_each_new_message_is_pending(self, store: Store) -> None:
        """With no attempt made; one that is sent again is not pending anew."""
        journaled = said(store, "max", "a", "b")
        assert [(one.user_id, one.journaled, one.attempts, one.reason) for one in store.pending()] == [
            ("max", one, 0, None) for one in journaled
        ]
        learn(store, "max", journaled)
        assert store.pending() == []
        assert not any(one.new for one in said(store, "max", "a", "b"))
        assert store.pending() == []

    def test_pending_of_one_user_or_of_all(self, store: Store) -> None:
        """A user's in the order of the journal; at most `limit`."""
        said(store, "max", "a", "b")
        said(store, "eve", "c")
        said(store, "max", "a", "b", "d")
        assert [one.journaled.message.content for one in store.pending(user_id="max")] == ["a", "b", "d"]
        assert [one.journaled.message.content for one in store.pending(user_id="eve")] == ["c"]
        assert sorted(one.journaled.message.content for one in store.pending()) == ["a", "b", "c", "d"]
        assert [one.journaled.message.content for one in store.pending(user_id="max", limit=2)] == ["a", "b"]
        assert len(store.pending(limit=3)) == 3
        assert store.pending(user_id="ma") == []

    def test_what_failed_stays_pending_with_the_reason(self, store: Store) -> None:
        """Attempts are counted; the others wait as before, and before it."""
        said(store, "max", "a", "b", "c")
        store.fail("max", [1, 2], "the model is down")
        store.fail("max", [1], "still down")
        store.fail("eve", [1], "nobody")
        waiting = {one.journaled.position: (one.attempts, one.reason) for one in store.pending()}
        assert waiting == {1: (2, "still down"), 2: (1, "the model is down"), 3: (0, None)}
        assert store.users() == ["max"]

    def test_failing_messages_do_not_keep_others_waiting(self, store: Store) -> None:
        """What was tried less often comes first, whoever said it."""
        said(store, "max", "a", "b")
        said(store, "eve", "c")
        store.fail("max", [1, 2], "the model is down")
        assert [one.user_id for one in store.pending(limit=1)] == ["eve"]

    def test_appending_is_thread_safe(self, store: Store) -> None:
        """Positions of a user stay without gap and without double."""

        def speak(number: int) -> None:
            for turn in range(5):
                said(store, "max", f"{number}-{turn}", session_id=f"s{number}")
                assert store.messages("max", session_id=f"s{number}")

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(speak, range(4)))
        assert [one.position for one in store.messages("max")] == list(range(1, 21))
        assert len(set(_contents(store))) == 20
