"""One body for the blocking and the awaited API: the flows and the two drivers that run them."""

import asyncio
import threading
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from holdfast import Memory
from holdfast.drivers import Flow, embed, extract, local, run, run_async
from holdfast.errors import DimensionMismatchError, ExtractionError, ProviderError, StorageError
from holdfast.grounding import LONGEST
from holdfast.keys import PIECE, READ, message_keys
from holdfast.learning import TOGETHER, batches
from holdfast.protocols import Journaled, TextKind
from holdfast.testing import FakeEmbedder, ScriptedExtractor
from holdfast.testing.samples import message
from holdfast.types import Batch, Candidate, Evidence, Extraction, Key, KeyKind, Message, Vectors
from told import texts

Drive = Callable[[Flow[object]], object]


def awaited(flow: Flow[object]) -> object:
    return asyncio.run(run_async(flow))


both = pytest.mark.parametrize("drive", [run, awaited])


class AwaitedEmbedder(FakeEmbedder):
    """Counts how it was asked."""

    def __init__(self) -> None:
        super().__init__(16)
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        self.asked.append("embed")
        return super().embed(texts, kind=kind)

    async def aembed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        self.asked.append("aembed")
        await asyncio.sleep(0)
        return super().embed(texts, kind=kind)


class AwaitedExtractor(ScriptedExtractor):
    def __init__(self) -> None:
        super().__init__(lambda message: ["User is here."])
        self.asked: list[str] = []

    def extract(self, batch: Batch) -> Extraction:
        self.asked.append("extract")
        return super().extract(batch)

    async def aextract(self, batch: Batch) -> Extraction:
        self.asked.append("aextract")
        await asyncio.sleep(0)
        return super().extract(batch)


# The drivers


@both
def test_a_flow_is_sent_the_answers_it_asked_for(drive: Drive) -> None:
    embedder, extractor = FakeEmbedder(16), ScriptedExtractor({"hi": ["User greets."]})
    batch = Batch((message("hi", id="m1"),))

    def flow() -> Flow[object]:
        number = yield from local(lambda: 41)
        vectors = yield from embed(embedder, ["a", "b"], "query")
        extraction = yield from extract(extractor, batch)
        return number + 1, vectors.shape, [one.text for one in extraction.candidates]

    assert drive(flow()) == (42, (2, 16), ["User greets."])


@both
def test_an_error_is_raised_where_it_was_asked(drive: Drive) -> None:
    def fails() -> object:
        raise LookupError("no row")

    def flow() -> Flow[object]:
        try:
            yield from local(fails)
        except LookupError as error:
            caught = str(error)
        return (yield from local(lambda: f"caught {caught}"))

    assert drive(flow()) == "caught no row"
    with pytest.raises(LookupError, match="no row"):
        drive(local(fails))


@both
def test_a_flow_without_needs_runs(drive: Drive) -> None:
    def flow() -> Flow[object]:
        return "nothing needed"
        yield

    assert drive(flow()) == "nothing needed"


def test_an_interrupt_is_not_held_back() -> None:
    def interrupted() -> object:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(local(interrupted))


def test_what_can_be_awaited_is_awaited() -> None:
    embedder, extractor = AwaitedEmbedder(), AwaitedExtractor()

    def flow() -> Flow[object]:
        yield from embed(embedder, ["a"], "document")
        yield from extract(extractor, Batch(()))

    run(flow())
    asyncio.run(run_async(flow()))
    assert embedder.asked == ["embed", "aembed"]
    assert extractor.asked == ["extract", "aextract"]


def test_nothing_blocks_the_loop() -> None:
    """What cannot be awaited runs in another thread."""
    threads: list[int] = []

    class Watched(FakeEmbedder):
        def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
            threads.append(threading.get_ident())
            return super().embed(texts, kind=kind)

    def watched(message: Message) -> list[str]:
        threads.append(threading.get_ident())
        return []

    def flow() -> Flow[object]:
        yield from local(lambda: threads.append(threading.get_ident()))
        yield from embed(Watched(), ["a"], "query")
        yield from extract(ScriptedExtractor(watched), Batch((message(),)))

    asyncio.run(run_async(flow()))
    assert len(threads) == 3
    assert threading.get_ident() not in threads


def test_a_cancelled_call_raises_as_cancelled() -> None:
    class Waiting(AwaitedEmbedder):
        async def aembed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
            await asyncio.Event().wait()
            raise AssertionError

    async def main() -> None:
        task = asyncio.create_task(run_async(embed(Waiting(), ["a"], "query")))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


# What models answer is held to what was agreed


@both
@pytest.mark.parametrize("shape", [(1, 5), (1, 17), (16,)])
def test_vectors_of_another_width_are_refused(drive: Drive, shape: tuple[int, ...]) -> None:
    class Wrong(FakeEmbedder):
        def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
            return np.ones(shape, dtype=np.float32)

    with pytest.raises(DimensionMismatchError) as caught:
        drive(embed(Wrong(16), ["a"], "query"))
    assert caught.value.expected == 16


@both
def test_foreign_errors_become_ours(drive: Drive) -> None:
    embedder, extractor = FakeEmbedder(), ScriptedExtractor()
    for error in (RuntimeError("bug"), ZeroDivisionError(), OSError("no route")):
        embedder.fail(1, error)
        with pytest.raises(ProviderError) as caught:
            drive(embed(embedder, ["a"], "query"))
        assert caught.value.__cause__ is error
        extractor.fail(1, error)
        with pytest.raises(ExtractionError) as caught:
            drive(extract(extractor, Batch(())))
        assert caught.value.__cause__ is error
    ours = StorageError("path", "detail")
    embedder.fail(1, ours)
    with pytest.raises(StorageError) as kept:
        drive(embed(embedder, ["a"], "query"))
    assert kept.value is ours


class Free:
    """An extractor that answers what it is given."""

    name = "free/1"

    def __init__(self, answer: Callable[[Message], Extraction]) -> None:
        self._answer = answer

    def extract(self, batch: Batch) -> Extraction:
        return self._answer(batch.messages[0])


def key(text: str, message_id: str, kind: KeyKind = "statement") -> Key:
    return Key(kind, text, message_id, 0, 3)


def resting(one: Message, text: str = "User likes tea.", **fields: object) -> Candidate:
    return Candidate(text, (Evidence(one.id, 0, len(one.content), one.content),), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "facts"),
    [
        (lambda one: Extraction(keys=(key("tea", "elsewhere"),)), 0),
        (lambda one: Extraction(keys=(key("lone \ud800", one.id),)), 0),
        (lambda one: Extraction(keys=(key("nul \0", one.id),)), 0),
        (lambda one: Extraction(candidates=(resting(one, "lone \ud800"),)), 0),
        (lambda one: Extraction(candidates=(resting(one, "nul \0"),)), 0),
        (lambda one: Extraction(candidates=(resting(one, " "),)), 0),
        (lambda one: Extraction(candidates=(resting(one, "x" * (LONGEST + 1)),)), 0),
        (lambda one: Extraction(candidates=(Candidate("User likes tea.", ()),)), 0),
        (lambda one: Extraction(candidates=(resting(one), resting(one, " "))), 1),
        (lambda one: Extraction(candidates=(resting(one), resting(one))), 1),
        (lambda one: Extraction(candidates=(resting(one, value="lone \ud800"),)), 0),
        (lambda one: Extraction(candidates=(resting(one, entities=("nul \0",)),)), 0),
    ],
)
def test_an_extraction_out_of_shape_harms_nothing(answer: Callable[[Message], Extraction], facts: int) -> None:
    """What cannot be kept is left out; the message is searchable all the same, and waits no longer."""
    with Memory(":memory:", extractor=Free(answer), embedder=FakeEmbedder()) as memory:
        memory.add("I like tea.", user_id="max")
        assert memory.count(user_id="max") == facts
        assert memory.process().added == ()
        assert len(memory.search("tea", user_id="max")) == 1
        assert memory.check().findings == ()


@pytest.mark.parametrize("role", ["assistant", "system", "tool"])
def test_words_of_others_are_no_evidence_whatever_the_extractor_says(role: str) -> None:
    extractor = Free(lambda one: Extraction(candidates=(resting(one),)))
    with Memory(":memory:", extractor=extractor, embedder=FakeEmbedder()) as memory:
        added = memory.add({"role": role, "content": "I like tea."}, user_id="max")
        assert added.facts == ()
        assert [one.reason for one in added.quarantined] == [f"rests on words of the {role}, not of the user"]
        assert memory.count(user_id="max") == 0


@pytest.mark.parametrize("answer", [None, 5, "text", ()])
def test_an_answer_that_is_no_extraction_loses_nothing(answer: object) -> None:
    with Memory(":memory:", extractor=Free(lambda one: answer), embedder=FakeEmbedder()) as memory:  # type: ignore[arg-type,return-value]
        with pytest.raises(ExtractionError):
            memory.add("I like tea.", user_id="max")
        assert [one.content for one in memory.messages(user_id="max", session_id=None)] == ["I like tea."]


def test_derived_keys_find_their_message() -> None:
    def answer(one: Message) -> Extraction:
        derived = key("When does the user get up? At six.", one.id, "question"), key("User rises early.", one.id)
        return Extraction(keys=derived)

    with Memory(":memory:", extractor=Free(answer), embedder=FakeEmbedder()) as memory:
        memory.add(["At six.", "unrelated words"], user_id="max", at="2025-03-01")
        for question in ("When does the user get up?", "rises early"):
            assert texts(memory.search(question, user_id="max"))[0] == 'On 1 March 2025, user said: "At six."'


# Portions and pieces


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        ("", []),
        ("a", [[1]]),
        ("aab", [[1, 2], [3]]),
        ("abab", [[1, 3], [2, 4]]),
        ("a" * (TOGETHER + 1), [list(range(1, TOGETHER + 1)), [TOGETHER + 1]]),
    ],
)
def test_batches(sessions: str, expected: list[list[int]]) -> None:
    journaled = [Journaled(n, message(session_id=session)) for n, session in enumerate(sessions, 1)]
    assert [[one.position for one in batch] for batch in batches(journaled)] == expected


@pytest.mark.parametrize("content", ["", " \n\t"])
def test_a_message_without_words_has_no_keys(content: str) -> None:
    assert message_keys(message(content)) == ()


@pytest.mark.parametrize(
    "content",
    [
        "Short.",
        "x" * PIECE,
        "x" * (PIECE + 1),
        "A sentence of some length. " * 200,
        "One line\n" * 400,
        "no break at all " * 100,
        "x" * (READ + 5_000),
    ],
)
def test_keys_cover_what_is_read_in_pieces(content: str) -> None:
    keys = message_keys(message(content, id="m1"))
    assert "".join(one.text for one in keys) == content[:READ]
    assert all(content[one.start : one.end] == one.text for one in keys)
    assert all(len(one.text) <= PIECE for one in keys)
    assert all(len(one.text) > PIECE // 4 for one in keys[:-1])
    assert {one.kind for one in keys} == {"message"}


def test_pieces_end_at_sentences_where_they_can() -> None:
    keys = message_keys(message("A sentence of some length. " * 200))
    assert all(one.text.endswith(". ") for one in keys)
