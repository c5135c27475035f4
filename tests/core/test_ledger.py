"""What the memory costs and what it saves: every call booked once, and the net told plainly."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from holdfast import AsyncMemory, ConfigurationError, Ledger, LedgerEntry, Memory, Prices, ProviderError
from holdfast.ledger import TOGETHER, Book
from holdfast.protocols import TextKind
from holdfast.testing import Clock, FakeEmbedder, ScriptedExtractor
from holdfast.types import Batch, Extraction, Usage, Vectors

NOW = datetime(2025, 3, 1, 12, tzinfo=timezone.utc)


class Paid(ScriptedExtractor):
    """Every batch costs the same, a quarter of it served from the provider's cache."""

    def extract(self, batch: Batch) -> Extraction:
        return replace(super().extract(batch), usage=Usage(1, 400, 50, cached_tokens=100))


class PaidEmbedder(FakeEmbedder):
    """Every text costs ten tokens."""

    def embed_metered(self, texts: Sequence[str], *, kind: TextKind = "document") -> tuple[Vectors, Usage]:
        return self.embed(texts, kind=kind), Usage(1, embedding_tokens=10 * len(texts))

    async def aembed_metered(self, texts: Sequence[str], *, kind: TextKind = "document") -> tuple[Vectors, Usage]:
        return self.embed_metered(texts, kind=kind)


SCRIPT = {"I live in Lisbon.": ["User lives in Lisbon."], "I like tea.": ["User likes tea."]}


@pytest.fixture
def paid(path: Path, clock: Clock) -> Iterator[Memory]:
    with Memory(path, extractor=Paid(SCRIPT), embedder=PaidEmbedder(), clock=clock) as memory:
        yield memory


def kinds(ledger: Ledger) -> list[str]:
    return [one.kind for one in ledger.entries]


def test_what_learning_cost_is_booked(paid: Memory, clock: Clock) -> None:
    paid.add("I live in Lisbon.", user_id="max")
    extraction, embedding = paid.ledger(user_id="max").entries
    assert extraction == LedgerEntry(clock(), "extraction", 1, 400, 50, 100)
    assert embedding == LedgerEntry(clock(), "embedding", 1, embedding_tokens=20)  # the words, and the fact


def test_what_costs_nothing_is_not_booked(memory: Memory) -> None:
    memory.add("I live in Lisbon.", user_id="max")
    memory.search("Lisbon", user_id="max")
    assert memory.ledger(user_id="max").entries == ()


def test_a_message_sent_again_costs_nothing(paid: Memory) -> None:
    message = {"role": "user", "content": "I live in Lisbon.", "id": "m"}
    paid.add(message, user_id="max")
    before = paid.ledger(user_id="max")
    paid.add(message, user_id="max")
    assert paid.ledger(user_id="max") == before


def test_a_question_costs_its_embedding(paid: Memory) -> None:
    paid.add("I live in Lisbon.", user_id="max")
    paid.search("Lisbon?", user_id="max")
    assert paid.ledger(user_id="max").by_kind["embedding"].embedding_tokens == 30


def test_a_context_is_booked_with_what_the_history_would_have_cost(paid: Memory) -> None:
    count = FakeEmbedder().count_tokens
    paid.add("I live in Lisbon.", user_id="max", session_id="first")
    paid.add("I like tea.", user_id="max", session_id="second")
    context = paid.context("tea?", user_id="max")
    told = paid.ledger(user_id="max").entries[-1]
    assert (told.kind, told.calls, told.injected_tokens) == ("context", 1, context.tokens)
    assert told.history_tokens == count("I live in Lisbon.") + count("I like tea.")
    assert (told.cached_tokens, told.history_cached_tokens) == (0, 0)
    paid.add("Thanks.", user_id="max", session_id="second")
    again = paid.context("Lisbon?", user_id="max")
    told_again = paid.ledger(user_id="max").entries[-1]
    assert again.profile == context.profile != ""
    assert told_again.cached_tokens == count(context.profile)
    assert told_again.history_tokens == told.history_tokens + count("Thanks.")
    assert told_again.history_cached_tokens == told.history_tokens
    fact = paid.get_all(user_id="max")[0]
    paid.update(fact.id, "User lives in Porto.", user_id="max")
    paid.context("Lisbon?", user_id="max")
    assert paid.ledger(user_id="max").entries[-1].cached_tokens == 0  # another profile


def test_a_context_of_nobody_leaves_no_trace(paid: Memory) -> None:
    paid.context("tea?", user_id="max")
    assert "max" not in paid.users()
    assert paid.ledger().total.injected_tokens == 0


def test_users_are_booked_apart_and_added_up_together(paid: Memory) -> None:
    paid.add("I live in Lisbon.", user_id="max")
    paid.add("I like tea.", user_id="eve")
    paid.context("tea?", user_id="eve")
    assert kinds(paid.ledger(user_id="max")) == ["extraction", "embedding"]
    assert paid.ledger().user_id is None
    one, other = paid.ledger(user_id="max").total, paid.ledger(user_id="eve").total
    assert paid.ledger().total == one + other
    assert kinds(paid.ledger()) == ["context", "embedding", "extraction"]


@pytest.mark.parametrize("part", ["extractor", "embedder"])
def test_what_failed_after_it_was_paid_for_is_booked_too(path: Path, clock: Clock, part: str) -> None:
    extractor, embedder = Paid(SCRIPT), PaidEmbedder()
    with Memory(path, extractor=extractor, embedder=embedder, clock=clock) as memory:
        (extractor if part == "extractor" else embedder).fail(1)
        with pytest.raises(ProviderError):
            memory.add("I live in Lisbon.", user_id="max")
        booked = memory._calls.parts.store.entries("max")  # in the store, not in memory alone
        assert [one.kind for one in booked] == ([] if part == "extractor" else ["extraction"])
        memory.process()
        assert memory.ledger(user_id="max").by_kind["extraction"].calls == (1 if part == "extractor" else 2)


def test_entries_are_written_together_and_on_close(path: Path, clock: Clock) -> None:
    memory = Memory(path, extractor=Paid(SCRIPT), embedder=FakeEmbedder(), clock=clock)
    store = memory._calls.parts.store
    memory.add("I live in Lisbon.", user_id="max")
    for _ in range(TOGETHER - 1):
        memory.context("tea?", user_id="max")
    assert len(store.entries("max")) == 1
    memory.context("tea?", user_id="max")
    assert len(store.entries("max")) == TOGETHER + 1
    memory.context("tea?", user_id="max")
    clock.advance(seconds=6)
    memory.context("tea?", user_id="max")
    assert len(store.entries("max")) == TOGETHER + 3
    memory.context("tea?", user_id="max")
    memory.add("I like tea.", user_id="max")
    assert len(store.entries("max")) == TOGETHER + 5  # with the next commit of the user
    memory.context("tea?", user_id="max")
    memory.close()
    with Memory(path, embedder=FakeEmbedder(), clock=clock) as again:
        assert again.ledger(user_id="max").by_kind["context"].calls == TOGETHER + 4


def test_a_store_that_cannot_be_written_keeps_no_context_back(paid: Memory, clock: Clock) -> None:
    from holdfast import StorageError

    def refuse(entries: Any) -> None:
        raise StorageError("here", "the disk is full")

    paid.add("I live in Lisbon.", user_id="max")
    store = paid._calls.parts.store
    store.book, book = refuse, store.book  # type: ignore[method-assign]
    paid.context("tea?", user_id="max")
    clock.advance(seconds=6)
    assert paid.context("tea?", user_id="max").text
    store.book = book  # type: ignore[method-assign]
    assert paid.ledger(user_id="max").by_kind["context"].calls == 2


def test_forget_takes_the_ledger_too(paid: Memory) -> None:
    paid.add("I live in Lisbon.", user_id="max")
    paid.add("I like tea.", user_id="eve")
    paid.context("tea?", user_id="max")
    receipt = paid.forget("max")
    assert receipt.removed["ledger"] == 2
    paid.add("Hello again.", user_id="max")
    assert kinds(paid.ledger(user_id="max")) == ["extraction", "embedding"]
    paid.context("tea?", user_id="max")
    assert paid.ledger(user_id="max").entries[-1].history_cached_tokens == 0
    assert paid.ledger(user_id="eve").entries != ()


def test_export_and_load_keep_it(paid: Memory, tmp_path: Path, clock: Clock) -> None:
    paid.add("I live in Lisbon.", user_id="max")
    paid.context("tea?", user_id="max")
    lines = list(paid.export("max"))
    with Memory(tmp_path / "other.db", embedder=PaidEmbedder(), clock=clock) as other:
        other.load(lines)
        assert other.ledger(user_id="max") == paid.ledger(user_id="max")
        assert other._calls.parts.store.spoken("max") == paid._calls.parts.store.spoken("max")


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_rebuild_is_paid_for(paid: Memory, clock: Clock, dry_run: bool) -> None:
    paid.add("I live in Lisbon.", user_id="max")
    clock.advance(days=3)
    paid.rebuild(dry_run=dry_run)
    ledger = paid.ledger(user_id="max")
    assert ledger.by_kind["extraction"].calls == 2
    assert ledger.entries[-1].at == clock()


async def test_the_awaited_face_keeps_the_same_ledger(paid: Memory) -> None:
    memory = AsyncMemory.of(paid)
    await memory.add("I live in Lisbon.", user_id="max")
    await memory.context("tea?", user_id="max")
    assert await memory.ledger(user_id="max") == paid.ledger(user_id="max")
    assert kinds(await memory.ledger(user_id="max")) == ["extraction", "embedding", "embedding", "context"]


ENTRIES = (
    LedgerEntry(NOW, "extraction", 2, 1_000, 100, 400),
    LedgerEntry(NOW, "embedding", 1, embedding_tokens=500),
    LedgerEntry(NOW, "context", 1, injected_tokens=200, history_tokens=1_000),
    LedgerEntry(
        NOW, "context", 1, cached_tokens=150, injected_tokens=250, history_tokens=3_000, history_cached_tokens=1_000
    ),
)


def test_tokens_are_compared_with_tokens() -> None:
    ledger = Ledger("max", ENTRIES)
    assert (ledger.spent, ledger.injected, ledger.history) == (1_600, 450, 4_000)
    assert ledger.saved == 1_950
    assert ledger.saved_with_cache is None
    assert ledger.total.calls == 5


def test_prices_make_it_money() -> None:
    ledger = Ledger("max", ENTRIES, Prices(input=2, output=10, cached=0.5, embedding=0.1))
    spent = (600 * 2 + 400 * 0.5 + 100 * 10 + 500 * 0.1) / 1e6
    assert ledger.spent == pytest.approx(spent)
    assert ledger.saved == pytest.approx((4_000 - 450) * 2 / 1e6 - spent)
    injected = ((450 - 150) * 2 + 150 * 0.5) / 1e6
    history = ((4_000 - 1_000) * 2 + 1_000 * 0.5) / 1e6
    assert ledger.saved_with_cache == pytest.approx(history - injected - spent)
    assert Ledger("max", ENTRIES, Prices(input=2)).saved_with_cache is None


def test_the_net_is_told_plainly() -> None:
    assert str(Ledger("max", ENTRIES)).endswith("net: the memory saved 1,950 tokens")
    short = Ledger("max", ENTRIES[:3])
    assert short.saved == -800
    assert str(short).endswith("net: the memory cost more than it saved: 800 tokens")
    assert str(Ledger("max", ())).endswith("net: the memory saved 0 tokens")
    priced = str(Ledger("max", ENTRIES, Prices(input=2, output=10, cached=0.5)))
    assert priced.splitlines()[-1].endswith("with a prompt cache on both sides")


def test_the_series_adds_up_to_the_whole() -> None:
    for prices in (None, Prices(input=2, output=10, cached=0.5, embedding=0.1)):
        ledger = Ledger("max", ENTRIES, prices)
        assert len(ledger.series) == 4
        last = ledger.series[-1]
        assert last.saved == pytest.approx(ledger.saved)
        assert (last.spent, last.injected, last.history) == pytest.approx(
            (ledger.spent, ledger.injected, ledger.history)
        )
        assert ledger.series[0].history == 0
    assert Ledger("max", ()).series == ()


def test_it_is_json() -> None:
    import json

    document = json.loads(json.dumps(Ledger("max", ENTRIES, Prices(input=2)).to_dict()))
    assert document["unit"] == "currency"
    assert document["by_kind"]["context"]["history_tokens"] == 4_000
    assert [LedgerEntry.from_dict(one) for one in document["entries"]] == list(ENTRIES)


@pytest.mark.parametrize("price", [-1, "2", None, True, float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["input", "output", "embedding", "cached"])
def test_prices_are_numbers(name: str, price: Any) -> None:
    if name == "cached" and price is None:
        return
    with pytest.raises(ConfigurationError, match=name):
        Prices(**{"input": 1.0, name: price})


def test_prices_of_another_type_are_refused(paid: Memory) -> None:
    with pytest.raises(ConfigurationError, match="dict"):
        paid.ledger(prices={"input": 2})  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError):
        paid.ledger(user_id="")


def test_a_long_message_is_estimated_from_its_beginning() -> None:
    asked: list[int] = []

    def count(text: str) -> int:
        asked.append(len(text))
        return len(text.split())

    book = Book(lambda: NOW, count)
    assert book.size("word " * 1_000_000) == 1_000_000
    assert book.size("word " * 1_000_000) == 1_000_000
    assert asked == [8_000]


def test_a_counter_that_fails_loses_no_message(path: Path, clock: Clock) -> None:
    def count(text: str) -> int:
        raise RuntimeError("no vocabulary")

    with Memory(path, embedder=FakeEmbedder(), extractor=Paid(SCRIPT), clock=clock, count_tokens=count) as memory:
        memory.add("I live in Lisbon.", user_id="max")
        assert memory.count(user_id="max") == 1
        assert memory._calls.parts.store.spoken("max") == 5
