"""What every `RecordStore` promises."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from holdfast.protocols import RecordStore, Shelf
from holdfast.testing.conformance import Conformance
from holdfast.testing.samples import NOW, later
from holdfast.types import Put, Record

__all__ = ["RecordSuite"]

_A, _B = ("s", "a"), ("s", "b")

_ALIKE = [
    ("1",), ("10",), ("1", "0"), ("a_b",), ("axb",), ("a%",), ("A",), ("a",), ("ab",), ("a", "b"), ("a,b",),
    ('a"', "b"), ('a","b',), ("a\\",), ("ann@example.com",), ("ann", "example", "com"), ("a]",), ("[a",),
    (" a",), ("😀", "x"),
]  # fmt: skip


def _put(space: tuple[str, ...], key: str, *texts: str, seconds: int | None = None, **value: object) -> Put:
    return Put(space, key, value, texts, None if seconds is None else timedelta(seconds=seconds))


def _write(records: RecordStore, *puts: Put, deletes: Sequence[tuple[tuple[str, ...], str]] = (), at: int = 0) -> None:
    vectors = [[_vector(text) for text in put.texts] for put in puts]
    records.write(puts, vectors, deletes, now=later(at))


def _vector(text: str) -> bytes:
    return bytes([len(text) % 256, *text.encode()[:7].ljust(7)])


def _one(records: RecordStore, space: tuple[str, ...], key: str, at: int = 0) -> Record | None:
    found = records.read(pairs=[(space, key)], now=later(at))
    return found[0][1] if found else None


def _all(records: RecordStore, prefix: tuple[str, ...]) -> Shelf:
    return records.shelf(prefix, -1)


class RecordSuite(Conformance):
    """Subclass it and give the fixture `records`, a new and empty one; vectors are of eight bytes."""

    @pytest.fixture
    def records(self) -> RecordStore:
        """Return the store under test."""
        raise NotImplementedError("give a fixture named records")

    def test_what_is_written_is_read(self, records: RecordStore) -> None:
        """By its pair and by its number, alike; what is not there is left out."""
        value: dict[str, Any] = {"ü": ["\x00", 'a "quote"', 1.5, None, True, {}], "": {"nested": [[]]}}
        records.write([Put(_A, "k", value)], [[]], [], now=NOW)
        [(number, record)] = records.read(pairs=[(_A, "k"), (_A, "other"), (_B, "k")], now=NOW)
        assert record == Record(_A, "k", value, NOW, NOW)
        assert records.read(numbers=[number, number + 99], now=NOW) == [(number, record)]
        assert records.read(now=NOW) == []

    def test_a_record_put_again_keeps_when_it_was_made(self, records: RecordStore) -> None:
        """It gets a new number, and nothing of the old one is left."""
        _write(records, _put(_A, "k", "old", n=1))
        [(first, _)] = records.read(pairs=[(_A, "k")], now=NOW)
        _write(records, _put(_A, "k", n=2), at=60)
        [(second, record)] = records.read(pairs=[(_A, "k")], now=later(60))
        assert second > first
        assert (record.value, record.created_at, record.updated_at) == ({"n": 2}, NOW, later(60))
        assert (_all(records, _A).records, _all(records, _A).vectors) == ((second,), ())
        assert records.read(numbers=[first], now=NOW) == []

    def test_deletes_go_before_puts_and_the_last_of_equals_stays(self, records: RecordStore) -> None:
        """Deleting what is not there is no error."""
        _write(records, _put(_A, "k", n=1), _put(_A, "k", n=2), deletes=[(_A, "k"), (_B, "never")])
        assert _one(records, _A, "k") == Record(_A, "k", {"n": 2}, NOW, NOW)
        _write(records, deletes=[(_A, "k")])
        assert _one(records, _A, "k") is None
        assert _all(records, ()).records == ()
        _write(records)

    def test_a_transaction_is_whole(self, records: RecordStore) -> None:
        """One put that cannot be written takes the others with it."""
        _write(records, _put(_A, "stays", n=1))
        broken = Put(_B, "bad", {"n": 1}, ("text",))
        with pytest.raises(Exception):  # noqa: B017, PT011 - a text without its vector
            records.write([_put(_A, "new"), broken], [[], []], [(_A, "stays")], now=NOW)
        assert [record.key for _, record in records.read(pairs=[(_A, "stays"), (_A, "new")], now=NOW)] == ["stays"]

    def test_prefixes_are_of_whole_segments(self, records: RecordStore) -> None:
        """Spaces that look alike never meet, and the empty prefix is every space."""
        _write(records, *(_put(space, "k", "text") for space in _ALIKE))
        for prefix in (*_ALIKE, ()):
            shelf = _all(records, prefix)
            found = [record.space for _, record in records.read(numbers=shelf.records, now=NOW)]
            assert sorted(found) == sorted(space for space in _ALIKE if space[: len(prefix)] == prefix)
            assert [record for record, _, _ in shelf.vectors] == list(shelf.records)
        assert sorted(records.spaces(now=NOW)) == sorted(_ALIKE)

    def test_a_shelf_is_in_the_order_of_puts(self, records: RecordStore) -> None:
        """With the vectors of each record's texts, in order."""
        _write(records, _put(_B, "1", "x", "yy"), _put(_A, "2"), _put(_A, "3", "zzz"))
        shelf = _all(records, ("s",))
        order = {number: record.key for number, record in records.read(numbers=shelf.records, now=NOW)}
        assert [order[number] for number in shelf.records] == ["1", "2", "3"]
        assert list(shelf.records) == sorted(shelf.records)
        expected = [("1", 0, _vector("x")), ("1", 1, _vector("yy")), ("3", 0, _vector("zzz"))]
        assert [(order[record], number, vector) for record, number, vector in shelf.vectors] == expected
        assert shelf.stale == ()

    def test_a_reader_is_told_what_is_new(self, records: RecordStore) -> None:
        """Nothing, what was added, or all that is there when something was removed or replaced."""
        _write(records, _put(_A, "1", "x"), _put(("t",), "2", "x"))
        first = _all(records, _A)
        assert records.shelf(_A, first.seq) == Shelf(first.seq, whole=False)
        _write(records, _put(_A, "3", "y"), _put(("t",), "4", "y"))
        second = records.shelf(_A, first.seq)
        assert (second.whole, len(second.records), len(second.vectors)) == (False, 1, 1)
        _write(records, _put(_A, "1", "z"), deletes=[(("t",), "2")])
        third = records.shelf(_A, second.seq)
        assert third.whole
        assert third.records == _all(records, _A).records
        assert [vector for _, _, vector in third.vectors] == [_vector("z")]
        assert first.seq < second.seq < third.seq

    def test_expired_records_are_not_there(self, records: RecordStore) -> None:
        """From the moment that their lifetime ends, though a shelf may still name them."""
        _write(records, _put(_A, "short", seconds=10), _put(_A, "ever"), _put(_B, "short", seconds=10))
        assert _one(records, _A, "short", at=9) == Record(_A, "short", {}, NOW, NOW, later(10))
        assert _one(records, _A, "short", at=10) is None
        named = _all(records, ()).records
        assert [record.key for _, record in records.read(numbers=named, now=later(10))] == ["ever"]
        assert (len(records.spaces(now=later(9))), records.spaces(now=later(10))) == (2, [_A])
        _write(records, _put(_A, "short"), at=20)
        assert _one(records, _A, "short", at=20) == Record(_A, "short", {}, later(20), later(20))

    def test_sweeping_deletes_what_has_expired(self, records: RecordStore) -> None:
        """And says how many records that were."""
        _write(records, _put(_A, "1", "x", seconds=10), _put(_A, "2", "x", seconds=20), _put(_A, "3", "x"))
        known = _all(records, _A)
        assert records.sweep(now=later(9)) == 0
        assert records.shelf(_A, known.seq).records == ()
        assert records.sweep(now=later(10)) == 1
        assert len(records.shelf(_A, known.seq).records) == 2
        assert len(_all(records, _A).vectors) == 2

    def test_a_refresh_begins_lifetimes_anew(self, records: RecordStore) -> None:
        """Of what is read with it; nothing else of a record changes."""
        _write(records, _put(_A, "1", seconds=10), _put(_A, "2", seconds=10), _put(_A, "ever"))
        pairs = [(_A, "1"), (_A, "ever")]
        found = {record.key: record for _, record in records.read(pairs=pairs, now=later(8), refresh=True)}
        assert found["1"] == Record(_A, "1", {}, NOW, NOW, later(18))
        assert found["ever"].expires_at is None
        assert [record.key for _, record in records.read(pairs=[(_A, "1"), (_A, "2")], now=later(12))] == ["1"]

    def test_filled_vectors_are_kept(self, records: RecordStore) -> None:
        """Those of records that are gone are passed over."""
        _write(records, _put(_A, "k", "x"))
        [(record, number, _)] = _all(records, _A).vectors
        records.fill([(record, number, b"12345678"), (record + 99, 0, b"12345678")])
        assert _all(records, _A).vectors == ((record, number, b"12345678"),)

    def test_it_is_thread_safe(self, records: RecordStore) -> None:
        """Nothing is lost and no number is given twice."""

        def work(thread: int) -> None:
            for number in range(10):
                _write(records, _put(("s", str(thread)), str(number), "x", n=number))
                records.shelf(("s",), -1)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
        shelf = _all(records, ("s",))
        assert len(set(shelf.records)) == len(records.read(numbers=shelf.records, now=NOW)) == len(shelf.vectors) == 40
