"""What a model is asked, what is made of its answers, and what its relations to known facts do."""

import asyncio
import json
import re
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from holdfast import (
    AsyncMemory,
    Batch,
    EmbeddedExtractor,
    Extraction,
    ExtractionError,
    Memory,
    Message,
    ModelExtractor,
    Prompt,
    ProviderError,
    Reply,
    Worker,
)
from holdfast.extractors.prompts import SCHEMA, SYSTEM
from holdfast.testing import Clock, FakeEmbedder


def fact(text: str, quote: str, message: str = "m1", **others: Any) -> dict[str, Any]:
    """One fact of an answer, whole."""
    return {
        "text": text, "kind": "note", "subject": "User", "slot": None, "value": None,
        "evidence": [{"message": message, "quote": quote}], "entities": [], "event_start": None, "event_end": None,
        "certainty": "stated", "relations": [], **others,
    }  # fmt: skip


LISBON = fact("User lives in Lisbon.", "I live in Lisbon", slot="lives_in", value="Lisbon", kind="location")


class Model:
    """Answers in turn, and remembers what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)
        self.prompts: list[Prompt] = []

    def __call__(self, prompt: Prompt) -> Reply:
        self.prompts.append(prompt)
        answer = self._answers.pop(0) if self._answers else {"facts": []}
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Reply) else Reply(answer, 100, 10)

    async def awaited(self, prompt: Prompt) -> Reply:
        await asyncio.sleep(0)
        return self(prompt)

    @property
    def asked(self) -> list[dict[str, Any]]:
        return [json.loads(prompt.user) for prompt in self.prompts]


def extractor(*answers: Any, **options: Any) -> tuple[ModelExtractor, Model]:
    model = Model(*answers)
    return ModelExtractor(model, name="model", **{"stand_in": None, **options}), model


def said(*contents: str, role: Any = "user") -> tuple[Message, ...]:
    return tuple(Message(role, content, f"id-{number}", Clock().now) for number, content in enumerate(contents, 1))


@pytest.fixture
def facts_file(tmp_path: Path) -> Path:
    return tmp_path / "memory.db"


# What is asked


def test_the_schema_is_one_that_strict_servers_take() -> None:
    """Every field required, none additional, no defaults, no free-form maps."""

    def check(schema: Any) -> None:
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False
            assert schema["required"] == [*schema["properties"]]
            assert schema["properties"]
            for one in schema["properties"].values():
                check(one)
        elif schema.get("type") == "array":
            check(schema["items"])
        else:
            assert set(schema) <= {"type", "enum"}

    check(SCHEMA)
    assert SCHEMA["title"]


def test_what_goes_out_beyond_the_messages_is_small() -> None:
    """Under 1,200 tokens of rules, under 1,500 with schema and frame, at four characters a token."""
    reader, model = extractor()
    reader.extract(Batch(said("I live in Lisbon")))
    (prompt,) = model.prompts
    assert len(SYSTEM) / 4 < 1_200
    whole = len(prompt.system) + len(prompt.user) + len(json.dumps(prompt.schema)) - len("I live in Lisbon")
    assert whole / 4 < 1_500


def test_the_rules_are_the_same_for_every_call() -> None:
    reader, model = extractor()
    reader.extract(Batch(said("I live in Lisbon")))
    reader.extract(Batch(said("I like tea"), context=said("hi")))
    assert {prompt.system for prompt in model.prompts} == {SYSTEM}
    assert model.asked[1]["context"][0]["text"] == "hi"


def test_messages_have_short_names_and_their_own_time() -> None:
    reader, model = extractor()
    reader.extract(Batch(said("I live in Lisbon")))
    assert model.asked[0] == {
        "messages": [
            {
                "id": "m1",
                "role": "user",
                "at": "2025-03-01T12:00:00+00:00",
                "weekday": "Sat",
                "text": "I live in Lisbon",
            }
        ],
        "context": [],
        "existing": [],
    }


def test_no_tool_no_system_prompt_and_no_secret_goes_out() -> None:
    reader, model = extractor()
    talk = (*said("my password is hunter2 and I live in Lisbon"), *said("rows: 12", role="tool"))
    reader.extract(Batch(talk, context=said("You are a bot", role="system")))
    assert "hunter2" not in model.prompts[0].user
    assert "rows: 12" not in model.prompts[0].user
    assert "You are a bot" not in model.prompts[0].user
    assert "I live in Lisbon" in model.prompts[0].user


def test_of_a_long_message_before_only_the_ends_go_along() -> None:
    reader, model = extractor()
    secret = "AKIAABCDEFGHIJKLMNOP"
    answer = f"It begins. {'word ' * 56}{secret} {'more ' * 2_000}Do you take sugar?"
    assert answer.index(secret) < 300 < answer.index(secret) + len(secret)
    reader.extract(Batch(said("yes, two"), context=said(answer, role="assistant")))
    (shown,) = (one["text"] for one in model.asked[0]["context"])
    assert shown.startswith("It begins. word")
    assert shown.endswith("Do you take sugar?")
    assert len(shown) < 900
    assert "AKIA" not in shown


def test_a_quote_is_found_across_line_ends_and_kept_by_nobody() -> None:
    reader, _ = extractor({"facts": [fact("User lives in Lisbon.", "live in Lisbon")]})
    content = "I live  in\n\tLisbon, honestly"
    (candidate,) = reader.extract(Batch(said(content))).candidates
    assert candidate.evidence[0].quote == "live  in\n\tLisbon"
    assert not any("Lisbon" in str(pattern) for pattern in re._cache)  # type: ignore[attr-defined]


async def test_awaited_the_rules_do_not_stop_the_event_loop() -> None:
    threads: list[int] = []

    class Rules(EmbeddedExtractor):
        def extract(self, batch: Batch) -> Extraction:
            threads.append(threading.get_ident())
            return super().extract(batch)

    for answers in ((), ("prose", "prose")):
        model = Model(*answers)
        reader = ModelExtractor(model, name="model", acomplete=model.awaited, stand_in=Rules())
        extraction = await reader.aextract(Batch(said("I live in Lisbon")))
        assert [key.text for key in extraction.keys] == ["User lives in Lisbon"]
    assert len(threads) == 2
    assert threading.get_ident() not in threads


@pytest.mark.parametrize("talk", [(), said(" ", ""), said("Sure!", role="assistant"), said("rows", role="tool")])
def test_nothing_of_the_user_is_no_call(talk: tuple[Message, ...]) -> None:
    reader, model = extractor()
    assert reader.extract(Batch(talk)).candidates == ()
    assert model.prompts == []


def test_a_batch_is_asked_in_portions_each_with_what_was_said_before() -> None:
    reader, model = extractor(together=2)
    reader.extract(Batch(said("a one", "b two", "c three")))
    assert [[one["text"] for one in asked["messages"]] for asked in model.asked] == [["a one", "b two"], ["c three"]]
    assert [one["text"] for one in model.asked[1]["context"]] == ["a one", "b two"]
    reader, model = extractor()
    reader.extract(Batch(said("x" * 7_000, "y" * 7_000)))
    assert len(model.prompts) == 2


# What is made of the answer


@pytest.mark.parametrize(
    "wrapped",
    [
        "{}",
        "Here you are:\n```json\n{}\n```\nAnything else?",
        '<think>{{not json}} and {{"a": 1}}</think> {}',
        '{{"facts": []}} wait, no: {}',
    ],
)
def test_the_object_is_found_in_what_surrounds_it(wrapped: str) -> None:
    answer = json.dumps({"facts": [LISBON]})
    reader, model = extractor(wrapped.replace("{{", "{").replace("}}", "}").replace("{}", answer))
    found = reader.extract(Batch(said("I live in Lisbon")))
    assert [one.text for one in found.candidates] == ["User lives in Lisbon."]
    assert len(model.prompts) == 1


FAULTS = {
    "prose": "I found nothing interesting, sorry!",
    "truncated": json.dumps({"facts": [LISBON]})[:-30],
    "list": [json.dumps([LISBON])][0],
    "another key": json.dumps({"memories": [LISBON]}),
    "null": "null",
    "number": "7",
    "empty": "",
    "facts null": {"facts": None},
    "facts of texts": {"facts": ["User lives in Lisbon."]},
    "no text": {"facts": [{**LISBON, "text": None}]},
    "text a number": {"facts": [{**LISBON, "text": 5}]},
    "evidence a text": {"facts": [{**LISBON, "evidence": "I live in Lisbon"}]},
    "evidence without a quote": {"facts": [{**LISBON, "evidence": [{"message": "m1"}]}]},
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_an_answer_out_of_shape_is_asked_for_once_more(fault: Any) -> None:
    reader, model = extractor(fault, {"facts": [LISBON]})
    found = reader.extract(Batch(said("I live in Lisbon")))
    assert [one.text for one in found.candidates] == ["User lives in Lisbon."]
    assert found.degraded is None
    assert (found.usage.calls, found.usage.input_tokens, found.usage.output_tokens) == (2, 200, 20)
    assert "could not be used" in model.asked[1]["note"]
    assert model.prompts[1].system == SYSTEM


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_after_two_such_answers_the_rules_stand_in(fault: Any) -> None:
    model = Model(fault, fault)
    found = ModelExtractor(model, name="model").extract(Batch(said("I live in Lisbon")))
    assert [(one.text, one.flags) for one in found.candidates] == [("User lives in Lisbon", ("degraded",))]
    assert (found.stand_in, found.usage.calls) == ("rules/1", 2)
    assert found.degraded is not None
    assert found.degraded.startswith("model answered twice out of shape: ")
    assert "Lisbon" not in found.degraded


def test_without_a_stand_in_it_is_an_error_without_what_was_said() -> None:
    reader, _ = extractor("Lisbon? nice", "Lisbon? nice")
    with pytest.raises(ExtractionError, match="answered twice out of shape: it is not JSON") as caught:
        reader.extract(Batch(said("I live in Lisbon")))
    assert caught.value.retryable
    assert caught.value.reply == "Lisbon? nice"
    assert "Lisbon" not in str(caught.value)


def test_fields_that_can_be_done_without_may_be_missing_or_odd() -> None:
    bare = {"text": "User lives in Lisbon.", "evidence": [{"message": "m1", "quote": "I live in Lisbon"}]}
    odd = {**fact("User likes tea.", "I like tea"), "kind": "joy", "slot": "mood", "entities": "tea", "relations": 3}
    reader, _ = extractor({"facts": [bare, odd]})
    one, two = reader.extract(Batch(said("I live in Lisbon. I like tea"))).candidates
    assert (one.kind, one.category, one.subject, one.confidence) == ("note", "event_other", "User", "medium")
    assert (two.kind, two.slot, two.entities, two.relations) == ("note", None, (), ())


def test_an_answer_that_is_cut_off_is_asked_for_in_halves() -> None:
    cut = Reply(json.dumps({"facts": [LISBON]})[:-30], 100, 10, cut_off=True)
    tea = fact("User likes tea.", "I like tea")
    reader, model = extractor(cut, {"facts": [LISBON]}, {"facts": [tea]})
    found = reader.extract(Batch(said("I live in Lisbon", "I like tea")))
    assert [one.evidence[0].message_id for one in found.candidates] == ["id-1", "id-2"]
    assert [[one["text"] for one in asked["messages"]] for asked in model.asked] == [
        ["I live in Lisbon", "I like tea"],
        ["I live in Lisbon"],
        ["I like tea"],
    ]
    assert [one["text"] for one in model.asked[2]["context"]] == ["I live in Lisbon"]


def test_what_quotes_nothing_is_refused_and_the_rest_stands() -> None:
    answer = {
        "facts": [
            LISBON,
            fact("User has a boat.", "I have a boat"),
            fact("User likes tea.", "I live in Lisbon", message="m9"),
            fact("User is tall.", "You are tall", message="m2"),
            fact("User likes code.", "likes code", message="m1"),
            fact("User lives " + "far " * 80, "I live in Lisbon"),
        ]
    }
    reader, _ = extractor(answer)
    talk = (*said("I live in Lisbon\n```\nlikes code\n```"), Message("assistant", "You are tall", "a", Clock().now))
    found = reader.extract(Batch(talk))
    assert [one.text for one in found.candidates] == ["User lives in Lisbon."]
    assert [one.reason for one in found.refused] == [
        "quotes words that the message does not hold",
        "rests on a message that was not to be read",
        "rests on words of the assistant, not of the user",
        "quotes code, or words that its author quotes",
        "longer than 300 characters",
    ]


def test_more_than_can_be_said_is_refused() -> None:
    reader, _ = extractor({"facts": [LISBON] * 30})
    found = reader.extract(Batch(said("I live in Lisbon")))
    assert (len(found.candidates), len(found.refused)) == (8, 22)


def test_quotes_are_found_whatever_their_blanks_and_quotation_marks() -> None:
    reader, _ = extractor({"facts": [fact('User likes "Moth Parade".', 'I  like "Moth\nParade"')]})
    (one,) = reader.extract(Batch(said("well, I\nlike “Moth Parade”!"))).candidates
    assert one.evidence[0].quote == "I\nlike “Moth Parade”"


@pytest.mark.parametrize(
    ("raised", "expected", "retryable"),
    [
        (ProviderError("model", "down", retryable=True), ProviderError, True),
        (ValueError("Max lives in Lisbon"), ProviderError, False),
        (TimeoutError("late"), ProviderError, True),
    ],
)
def test_what_the_model_raises_becomes_an_error_of_ours(raised: Exception, expected: type, retryable: bool) -> None:
    for run in ("blocking", "awaited"):
        model = Model(raised)
        reader = ModelExtractor(model, name="model", acomplete=model.awaited if run == "awaited" else None)
        talk = Batch(said("I live in Lisbon"))
        with pytest.raises(expected) as caught:
            asyncio.run(reader.aextract(talk)) if run == "awaited" else reader.extract(talk)
        assert caught.value.retryable is retryable  # type: ignore[attr-defined]
        assert "Lisbon" not in str(caught.value)


def test_an_extraction_error_of_a_client_counts_as_an_answer_out_of_shape() -> None:
    reader, model = extractor(ExtractionError("client", "no tool call"), {"facts": [LISBON]})
    assert len(reader.extract(Batch(said("I live in Lisbon"))).candidates) == 1
    assert "no tool call" in model.asked[1]["note"]


def test_awaited_it_does_the_same() -> None:
    answers = ("prose", {"facts": [LISBON]})
    blocking, one = extractor(*answers)
    model = Model(*answers)
    awaited = ModelExtractor(model, name="model", acomplete=model.awaited, stand_in=None)
    in_thread, other = extractor(*answers)
    batch = Batch(said("I live in Lisbon"))
    found = blocking.extract(batch)
    assert found == asyncio.run(awaited.aextract(batch)) == asyncio.run(in_thread.aextract(batch))
    assert [len(each.prompts) for each in (one, model, other)] == [2, 2, 2]


# What is done to known facts


def learnt(*steps: tuple[str, dict[str, Any]]) -> tuple[list[str], list[str], Model]:
    """Tell a memory one message a step, an hour apart; return the active facts, the others, and the model."""
    model = Model(*[{"facts": [made]} for _, made in steps])
    clock = Clock()
    reader = ModelExtractor(model, name="model", stand_in=None)
    with Memory(":memory:", extractor=reader, embedder=FakeEmbedder(), clock=clock) as memory:
        for words, _ in steps:
            memory.add(words, user_id="max")
            clock.advance(hours=1)
        known = memory.get_all(user_id="max", superseded=True)
        for one in known:
            if not one.active:
                assert memory.restore(one.id, user_id="max") is not None
        return [one.text for one in known if one.active], [one.text for one in known if not one.active], model


def relating(how: str, text: str, quote: str, **others: Any) -> dict[str, Any]:
    return fact(text, quote, relations=[{"existing": "E1", "type": how}], **others)


BOSCH = ("I work at Bosch", fact("User works at Bosch.", "I work at Bosch", kind="work", entities=["Bosch"]))
OLIVES = ("I like olives", fact("User likes olives.", "I like olives", kind="preference"))


def test_the_nearest_known_facts_go_along() -> None:
    _, _, model = learnt(BOSCH, OLIVES, ("Bosch is fine", fact("User finds Bosch fine.", "Bosch is fine")))
    assert [len(asked["existing"]) for asked in model.asked] == [0, 1, 2]
    assert model.asked[2]["existing"][0] == {"id": "E1", "text": "User works at Bosch.", "since": "2025-03-01"}


NEW_JOB, NO_OLIVES = "I moved to Siemens, new job", "I no longer like olives"
MAYBE, SISTER = "I might have moved on by then, at Siemens", "my sister now works at Siemens"
AT_SIEMENS = "User moved to Siemens for a new job."


@pytest.mark.parametrize(
    ("first", "words", "made", "closed"),
    [
        (BOSCH, NEW_JOB, relating("updates", AT_SIEMENS, NEW_JOB, kind="work"), True),
        (OLIVES, NO_OLIVES, relating("contradicts", "User no longer likes olives.", NO_OLIVES), True),
        (BOSCH, NEW_JOB, relating("updates", AT_SIEMENS, NEW_JOB, kind="work", certainty="implied"), False),
        (BOSCH, MAYBE, relating("updates", "User might move on to Siemens.", MAYBE, certainty="uncertain"), False),
        (
            BOSCH,
            SISTER,
            relating("updates", "User's sister now works at Siemens.", SISTER, subject="User's sister"),
            False,
        ),
        (BOSCH, "I like tea now", relating("updates", "User likes tea now.", "I like tea now"), False),
        (OLIVES, "I like tea", relating("updates", "User likes tea.", "I like tea", kind="preference"), False),
        (BOSCH, NEW_JOB, relating("elaborates", AT_SIEMENS, NEW_JOB, kind="work"), False),
    ],
    ids=[
        "a stated change",
        "an end",
        "implied",
        "doubtful",
        "somebody else",
        "another matter",
        "no change",
        "no claim",
    ],
)
def test_a_claim_closes_a_fact_only_narrowly(
    first: tuple[str, dict[str, Any]], words: str, made: dict[str, Any], closed: bool
) -> None:
    active, over, _ = learnt(first, (words, made))
    assert over == ([first[1]["text"]] if closed else [])
    assert active == [made["text"]] if closed else [first[1]["text"], made["text"]]


def test_one_claim_closes_one_fact_at_most() -> None:
    every = [{"existing": f"E{number}", "type": "updates"} for number in (1, 2, 3)]
    also = ("I also like green olives", fact("User likes green olives.", "I also like green olives", kind="preference"))
    third = ("I like black olives", fact("User likes black olives.", "I like black olives", kind="preference"))
    ended = fact("User no longer likes olives.", "I no longer like olives", kind="preference", relations=every)
    active, over, _ = learnt(OLIVES, also, third, ("I no longer like olives", ended))
    assert (len(active), len(over)) == (3, 1)


def test_a_duplicate_is_evidence_for_the_fact_that_stands() -> None:
    active, over, _ = learnt(
        BOSCH, ("as I said, I work at Bosch", relating("duplicates", "User is working at Bosch.", "I work at Bosch"))
    )
    assert (active, over) == (["User works at Bosch."], [])


@pytest.mark.parametrize("text", ["User works at Siemens.", "User does not work at Bosch."])
def test_what_is_called_a_duplicate_and_says_more_is_kept(text: str) -> None:
    words = "I work at Siemens" if "Siemens" in text else "I do not work at Bosch"
    active, over, _ = learnt(BOSCH, (words, relating("duplicates", text, words)))
    assert text in active + over
    assert "User works at Bosch." in active + over


def test_an_unknown_fact_is_left_out_of_the_relations_and_noted() -> None:
    reader, _ = extractor({"facts": [{**LISBON, "relations": [{"existing": "E7", "type": "updates"}]}]})
    found = reader.extract(Batch(said("I live in Lisbon")))
    assert found.candidates[0].relations == ()
    assert [one.reason for one in found.skipped] == ["the relation to a fact that was not given is left out"]


# What is read again


def degraded_then(second: Any, path: Path, between: Any = None) -> tuple[Memory, Model]:
    """A memory whose model answered twice in prose and then `second`, when it was asked again."""
    model = Model("prose", "prose", second)
    memory = Memory(path, extractor=ModelExtractor(model, name="model"), embedder=FakeEmbedder(), clock=Clock())
    added = memory.add("I live in Lisbon and I like tea.", user_id="max")
    assert added.degraded is not None
    assert [one.extractor for one in added.facts] == ["rules/1"] * len(added.facts)
    assert added.facts
    (waiting,) = memory.pending(user_id="max")
    assert waiting.reason == f"degraded: {added.degraded}"
    assert memory.search("Lisbon", user_id="max")
    if between:
        between(memory)
    memory.process()
    return memory, model


def test_what_the_rules_found_meanwhile_gives_way_to_the_model(facts_file: Path) -> None:
    tea = fact("User likes tea.", "I like tea")
    memory, _ = degraded_then({"facts": [LISBON, tea]}, facts_file)
    with memory:
        known = memory.get_all(user_id="max", superseded=True)
        assert {(one.text, one.extractor, one.flags) for one in known} == {
            ("User lives in Lisbon.", "model/1", ()),
            ("User likes tea.", "model/1", ()),
        }
        assert memory.pending() == ()
        assert memory.check().findings == ()
        hits = [str(hit) for hit in memory.search("where does the user live?", user_id="max")]
        assert len(hits) == len(set(hits))
        again = memory.process()
        assert (again.added, again.remaining) == ((), 0)


def test_read_again_once_leaves_what_reading_once_leaves(facts_file: Path, tmp_path: Path) -> None:
    """Facts and keys are those of a memory whose model answered at once."""
    memory, _ = degraded_then({"facts": [LISBON]}, facts_file)
    model = Model({"facts": [LISBON]})
    with (
        memory,
        Memory(
            tmp_path / "other.db", extractor=ModelExtractor(model, name="model"), embedder=FakeEmbedder(), clock=Clock()
        ) as other,
    ):
        other.add([m.to_dict() | {"at": m.at} for m in memory.messages(user_id="max", session_id=None)], user_id="max")

        def derived(one: Memory) -> list[Any]:
            lines = [line for line in one.export("max") if "fact" in line or "key" in line]
            return sorted(json.dumps(line, sort_keys=True) for line in lines)

        assert derived(memory) == derived(other)


def test_nothing_that_the_model_does_not_say_is_left(facts_file: Path) -> None:
    memory, _ = degraded_then({"facts": []}, facts_file)
    with memory:
        assert memory.get_all(user_id="max", superseded=True) == ()
        assert memory.search("Lisbon", user_id="max")[0].message is not None
        assert memory.check().findings == ()


def test_another_answer_out_of_shape_changes_nothing(facts_file: Path) -> None:
    model = Model(*["prose"] * 6, {"facts": [LISBON]})
    with Memory(
        facts_file, extractor=ModelExtractor(model, name="m"), embedder=FakeEmbedder(), clock=Clock()
    ) as memory:
        memory.add("I live in Lisbon.", user_id="max")

        def derived() -> list[Any]:
            kinds = ("fact", "key", "change")
            lines = [line for line in memory.export("max") if any(kind in line for kind in kinds)]
            return [{**line, "position": None} for line in lines]

        before = derived()
        for attempts in (2, 3):
            assert [one.changes for one in memory.process().added] == [()]
            assert [one.attempts for one in memory.pending()] == [attempts]
            assert derived() == before
        memory.process()
        assert [(one.kind, one.by) for one in memory.history(memory.get_all(user_id="max")[0].id, user_id="max")] == [
            ("added", "m/1")
        ]
        assert memory.check().findings == ()


def test_what_a_person_edited_meanwhile_stays(facts_file: Path) -> None:
    def edit(memory: Memory) -> None:
        home = next(one for one in memory.get_all(user_id="max") if "Lisbon" in one.text)
        memory.update(home.id, "User lives in Lisbon, in Alfama", user_id="max")

    memory, _ = degraded_then({"facts": []}, facts_file, edit)
    with memory:
        assert [(one.text, one.flags) for one in memory.get_all(user_id="max")] == [
            ("User lives in Lisbon, in Alfama", ("edited",))
        ]


def test_a_model_that_keeps_answering_out_of_shape_is_not_asked_for_ever(facts_file: Path) -> None:
    model = Model(*["prose"] * 40)
    with Memory(
        facts_file, extractor=ModelExtractor(model, name="m"), embedder=FakeEmbedder(), clock=Clock()
    ) as memory:
        memory.add("I live in Lisbon.", user_id="max")
        for _ in range(9):
            memory.process()
        assert len(model.prompts) == 10
        assert [one.attempts for one in memory.pending()] == [5]
        assert [one.text for one in memory.get_all(user_id="max")] == ["User lives in Lisbon"]


def test_a_worker_does_not_ask_such_a_model_at_once_again(facts_file: Path) -> None:
    model = Model(*["prose"] * 40)
    with Memory(facts_file, extractor=ModelExtractor(model, name="m"), embedder=FakeEmbedder()) as memory:
        memory.add("I live in Lisbon.", user_id="max", defer=True)
        worker = Worker(memory, interval=None)
        worker.learn("max")
        worker.stop()
        assert len(model.prompts) == 2
        assert [one.attempts for one in memory.pending()] == [1]


def test_what_another_message_says_too_stays(facts_file: Path) -> None:
    again = fact("User lives in Lisbon.", "I live in Lisbon")
    model = Model("prose", "prose", {"facts": [again]}, {"facts": []})
    with Memory(
        facts_file, extractor=ModelExtractor(model, name="m"), embedder=FakeEmbedder(), clock=Clock()
    ) as memory:
        memory.add("I live in Lisbon.", user_id="max", session_id="a")
        memory.add("as I said, I live in Lisbon", user_id="max", session_id="b")
        (known,) = memory.get_all(user_id="max")
        assert (known.flags, len(known.evidence)) == (("degraded",), 2)
        memory.process()
        assert memory.get_all(user_id="max") == (replace(known, flags=()),)
        assert memory.check().findings == ()


def test_what_stands_in_closes_nothing() -> None:
    model = Model({"facts": [LISBON]}, "prose", "prose")
    clock = Clock()
    with Memory(":memory:", extractor=ModelExtractor(model, name="m"), embedder=FakeEmbedder(), clock=clock) as memory:
        memory.add("I live in Lisbon", user_id="max")
        clock.advance(hours=1)
        memory.add("I live in Porto", user_id="max")
        assert {one.text for one in memory.get_all(user_id="max")} == {"User lives in Lisbon.", "User lives in Porto"}


def test_a_rebuild_is_not_content_with_a_stand_in() -> None:
    model = Model({"facts": [LISBON]}, "prose", "prose")
    with Memory(":memory:", extractor=ModelExtractor(model, name="m"), embedder=FakeEmbedder()) as memory:
        memory.add("I live in Lisbon", user_id="max")
        with pytest.raises(ExtractionError, match="nothing is changed"):
            memory.rebuild()
        assert [one.text for one in memory.get_all(user_id="max")] == ["User lives in Lisbon."]


async def test_the_awaited_memory_does_the_same(facts_file: Path) -> None:
    model = Model("prose", "prose", {"facts": [LISBON]})
    reader = ModelExtractor(model, name="model", acomplete=model.awaited)
    async with AsyncMemory(facts_file, extractor=reader, embedder=FakeEmbedder(), clock=Clock()) as memory:
        added = await memory.add("I live in Lisbon.", user_id="max")
        assert added.degraded
        await memory.process()
        assert [one.extractor for one in await memory.get_all(user_id="max")] == ["model/1"]
        assert await memory.quarantine(user_id="max") == ()


def test_the_quarantine_is_exported_and_forgotten(facts_file: Path, tmp_path: Path) -> None:
    made_up = fact("User has a boat called Esmeralda.", "I have a boat")
    model = Model({"facts": [LISBON, made_up]})
    with Memory(
        facts_file, extractor=ModelExtractor(model, name="m"), embedder=FakeEmbedder(), clock=Clock()
    ) as memory:
        memory.add("I live in Lisbon", user_id="max", session_id="s")
        (refused,) = memory.quarantine(user_id="max")
        assert (refused.text, refused.extractor, refused.at) == (made_up["text"], "m/1", Clock().now)
        with Memory(tmp_path / "copy.db", embedder=FakeEmbedder()) as copy:
            copy.load(memory.export("max"))
            assert copy.quarantine(user_id="max") == (refused,)
        receipt = memory.forget("max", session_id="s")
        assert receipt.removed["quarantine"] == 1
        assert memory.quarantine(user_id="max") == ()
        assert b"Esmeralda" not in facts_file.read_bytes()
