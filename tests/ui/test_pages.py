"""What the inspector shows, and what its forms do."""

import json
import re
from datetime import datetime, timezone
from urllib.parse import parse_qs, urlsplit

import pytest
from markupsafe import escape

from holdfast import Batch, Extraction, Memory, ProviderError, Receipt, Skipped
from holdfast.ui import rendering
from inspecting import SCRIPT, STYLE, Answer, Browser

BOB = "b/o?b & <co>"


def fact_id(memory: Memory, words: str) -> str:
    (found,) = [fact for fact in memory.get_all(user_id="ann", superseded=True) if words in fact.text]
    return found.id


def fact_page(browser: Browser, memory: Memory, words: str) -> Answer:
    return browser.get("/fact", user="ann", id=fact_id(memory, words))


def visible(answer: Answer) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())


def test_a_user_is_chosen(browser: Browser) -> None:
    users = [parse_qs(urlsplit(link).query)["user"] for link in browser.get("/").links("/facts")]
    assert sorted(users) == [["ann"], [BOB]]
    assert len(browser.get("/", q="AN").links("/facts")) == 1


def test_any_id_leads_to_its_own_memory_alone(browser: Browser) -> None:
    link = next(link for link in browser.get("/").links("/facts") if "ann" not in link)
    page = browser.ask("GET", link)
    assert "User lives in Oslo" in page.text
    assert "Lisbon" not in page.text
    assert "<co>" not in page.text


def test_facts_hold_or_are_struck_through(browser: Browser) -> None:
    now, ever = browser.get("/facts", user="ann"), browser.get("/facts", user="ann", all="1")
    assert "User moved to Porto" in now.text
    assert "Lisbon" not in now.text
    assert "<s>User lives in Lisbon</s>" in ever.text


def test_facts_are_narrowed_down(browser: Browser) -> None:
    assert len(browser.get("/facts", user="ann", q="PEANUT").links("/fact?")) == 1
    assert len(browser.get("/facts", user="ann", kind="health").links("/fact?")) == 1


def test_many_facts_stand_on_several_pages(browser: Browser, memory: Memory) -> None:
    memory.add([f"I own a boat named Vessel{number}" for number in range(130)], user_id="eve")
    first, second = browser.get("/facts", user="eve"), browser.get("/facts", user="eve", page="2")
    assert "page 1 of 2, 130 in all" in visible(first)
    assert (len(first.links("/fact?")), len(second.links("/fact?"))) == (100, 30)
    (onward,) = first.links("/facts?user=eve&page")
    assert browser.ask("GET", onward).text == second.text


@pytest.mark.parametrize("page", ["facts", "search", "timeline", "fact", "changes", "messages"])
@pytest.mark.parametrize(("words", "markup"), [("tea", SCRIPT), ("coffee", STYLE)])
def test_what_a_user_says_is_never_markup(browser: Browser, memory: Memory, page: str, words: str, markup: str) -> None:
    query = {"user": "ann", "q": words if page in ("facts", "search") else "", "session": "markup"}
    answer = fact_page(browser, memory, words) if page == "fact" else browser.get(f"/{page}", **query)
    assert str(escape(markup)) in answer.text
    assert markup not in answer.text


def test_a_score_is_taken_apart(browser: Browser, memory: Memory) -> None:
    question = "Which food is dangerous for me, peanuts?"
    answer = browser.get("/search", user="ann", q=question)
    best = memory.search(question, user_id="ann")[0]
    assert best.text == "User is allergic to peanuts"
    first = answer.text.partition("<li>\n    <div")[2].partition("</li>")[0]
    assert best.text in first
    assert f"{best.score:.2f}" in first
    parts = {name: float(value) for name, value in re.findall(r'row">(\w+)</th>.*?number">([+-][\d.]+)<', first, re.S)}
    assert parts == {name: pytest.approx(value, abs=0.005) for name, value in best.why.items() if value}
    assert {"lexical", "dense"} <= set(parts)


def test_search_takes_its_options(browser: Browser) -> None:
    past = browser.get("/search", user="ann", q="where does she live?", as_of="2025-04-01", only="facts", limit="1")
    assert "User lives in Lisbon" in past.text
    assert "1 hit," in past.text
    assert ">message<" in browser.get("/search", user="ann", q="where does she live?", only="messages").text
    assert "Nothing was found" in browser.get("/search", user="nobody", q="where?").text


@pytest.mark.parametrize(("name", "value"), [("limit", "0"), ("limit", "x"), ("page", "-1"), ("as_of", "tomorrow")])
def test_a_wrong_option_is_named(browser: Browser, name: str, value: str) -> None:
    page = "/facts" if name == "page" else "/search"
    answer = browser.get(page, **{"user": "ann", "q": "where", name: value})
    assert answer.status == 400
    assert name in answer.text


def test_the_timeline_joins_what_changed(browser: Browser) -> None:
    answer = browser.get("/timeline", user="ann")
    (row,) = [row for row in answer.text.split("<tr>") if "Lisbon" in row]
    assert "User moved to Porto" in row
    assert row.count("<rect") == 2
    past, now = re.findall(r'<rect x="([\d.]+)".*?width="([\d.]+)".*?class="(bar-\w+)"', row, re.DOTALL)
    assert (past[2], now[2]) == ("bar-past", "bar-now")
    assert float(past[0]) + float(past[1]) == pytest.approx(float(now[0]), abs=0.2)
    assert float(now[0]) + float(now[1]) == pytest.approx(1000, abs=0.2)
    assert browser.get("/timeline", user="ann", changed="1").text.count("<svg") == 1


def test_a_fact_shows_its_evidence_marked(browser: Browser, memory: Memory) -> None:
    memory.add("Thanks a lot! My cat is called Whiskers. Bye", user_id="ann", session_id="long")
    assert "Thanks a lot! <mark>My cat is called Whiskers.</mark> Bye" in fact_page(
        browser, memory, "Whiskers"
    ).text.replace("<mark>My cat is called Whiskers</mark>.", "<mark>My cat is called Whiskers.</mark>")


def test_secrets_are_blanked(browser: Browser, memory: Memory) -> None:
    secret = "sk-proj-4fJ9qLmX72bTzRw8VnK3pYc6"
    memory.add(f"I live in Rome. My key is {secret}", user_id="eve", session_id="s")
    memory.add(f"I own a dog. My key is {secret}", user_id="eve", session_id="s", defer=True)
    pages = [browser.get("/messages", user="eve", session="s"), browser.get("/pending", user="eve")]
    (rome,) = memory.get_all(user_id="eve")
    pages.append(browser.get("/fact", user="eve", id=rome.id))
    for page, beside in zip(pages, ("I live in Rome", "I own a dog", "I live in Rome"), strict=True):
        assert beside in page.text
        assert secret not in page.text


def test_a_fact_is_edited(browser: Browser, memory: Memory) -> None:
    page = fact_page(browser, memory, "peanuts")
    answer = browser.send(page, "/edit", text="User is allergic to\nwalnuts <b>")
    assert "The fact has new words" in answer.text
    assert "User is allergic to walnuts &lt;b&gt;</h1>" in answer.text
    assert "<s>User is allergic to peanuts</s>" in answer.text
    assert memory.get(fact_id(memory, "walnuts"), user_id="ann") is not None
    assert "nothing was changed" in browser.send(answer, "/edit", text="User is allergic to walnuts <b>").text
    assert browser.send(answer, "/edit", text="  ").status == 400


def test_a_fact_is_deleted_and_restored(browser: Browser, memory: Memory) -> None:
    gone = browser.send(fact_page(browser, memory, "peanuts"), "/delete")
    assert ">deleted</span>" in gone.text
    assert memory.count(user_id="ann") == 4
    assert "peanuts" not in browser.get("/facts", user="ann", all="1").text
    assert "peanuts" in browser.get("/changes", user="ann").text
    back = browser.send(gone, "/restore")
    assert "The fact is back" in back.text
    assert memory.count(user_id="ann") == 5


def test_a_superseded_fact_names_its_successor_and_can_be_restored(browser: Browser, memory: Memory) -> None:
    page = fact_page(browser, memory, "Lisbon")
    assert fact_id(memory, "Porto") in " ".join(page.links("/fact?"))
    assert "changed from Lisbon to Porto" in page.text
    restored = browser.send(page, "/restore")
    assert "The fact is back" in restored.text
    assert "User lives in Lisbon" in browser.get("/facts", user="ann").text


def test_a_fact_is_erased_with_its_words(browser: Browser, memory: Memory) -> None:
    ask = browser.ask("GET", fact_page(browser, memory, "peanuts").links("/removal?user=ann&id")[0])
    receipt = browser.send(ask, "/erase")
    assert "Receipt" in receipt.text
    assert memory.search("peanuts", user_id="ann", min_score=0.5) == ()


def test_a_user_is_forgotten_once_the_id_is_typed(browser: Browser, memory: Memory) -> None:
    page = browser.get("/removal", user=BOB)
    refused = browser.send(page, "/forget", typed="ann")
    assert refused.status == 400
    assert memory.count(user_id=BOB) == 1
    receipt = browser.send(page, "/forget", typed=BOB)
    assert re.search(r"1 message\b.*1 fact", visible(receipt))
    assert re.search(r"sha256:[0-9a-f]{64}", receipt.text)
    assert memory.users() == ("ann",)


def test_a_receipt_can_be_loaded_again(browser: Browser) -> None:
    page = browser.get("/removal", user="ann")
    sent = browser.ask(
        "POST", "/forget", "&".join(f"{n}={v}" for n, v in page.fields("/forget").items()) + "&typed=ann"
    )
    assert sent.status == 303
    first, second = browser.get(sent.headers["location"]), browser.get(sent.headers["location"])
    assert first.text == second.text
    assert browser.get("/receipt", of="another").status == 404


def test_a_receipt_says_what_it_cannot_reach() -> None:
    proof = Receipt("ann", datetime(2026, 1, 2, tzinfo=timezone.utc), {}, {}, 3, "0" * 64, ("backups <b>", "standbys"))
    told = {"receipt": proof, "user": None, "tab": None, "notice": None, "path": "postgresql://here"}
    text = bytes(rendering.page("receipt.html", told, csrf="").body).decode()
    assert "backups &lt;b&gt;" in text
    assert "standbys" in text
    assert "none of it was found afterwards." in text


def test_an_export_is_what_memory_exports(browser: Browser, memory: Memory) -> None:
    answer = browser.get("/export", user=BOB)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines == json.loads(json.dumps([*memory.export(BOB)]))
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="b_o_b____co_.jsonl"')
    with Memory(":memory:") as other:
        assert other.load(answer.text.splitlines()) == BOB


def test_what_waits_is_shown_and_read(browser: Browser, memory: Memory) -> None:
    memory.add("I own a boat", user_id="ann", defer=True)
    page = browser.get("/pending", user="ann")
    assert "I own a boat" in page.text
    assert "not tried yet" in page.text
    assert "Nothing waits" in browser.send(page, "/process").text
    assert "User owns a boat" in browser.get("/facts", user="ann").text


def test_what_was_refused_and_what_failed_is_shown_with_the_reason(browser: Browser, memory: Memory) -> None:
    def invents(batch: Batch) -> Extraction:
        (message, *_) = batch.messages
        if "fail" in message.content:
            raise ProviderError("invents", "out of <b>words</b>")
        return Extraction(refused=(Skipped(message.id, "User is <i>rich</i>", "nobody said so"),))

    with Memory(memory.path, extractor=invents) as other:
        other.add("Hello there", user_id="eve")
        with pytest.raises(ProviderError):
            other.add("This will fail", user_id="eve")
    page = browser.get("/pending", user="eve")
    assert "User is &lt;i&gt;rich&lt;/i&gt;" in page.text
    assert "nobody said so" in page.text
    assert "This will fail" in page.text
    assert "out of &lt;b&gt;words&lt;/b&gt;" in page.text


def test_reasons_and_details_are_in_words(browser: Browser, memory: Memory) -> None:
    fact = memory.add("We moved to Porto last week", user_id="eve", session_id="s", at="2026-03-09").facts[0]
    (message,) = memory.messages(user_id="eve", session_id="s")
    page = browser.get("/fact", user="eve", id=fact.id)
    assert f"said by the user in message {message.id[:8]}, by rules/1<" in page.text
    assert "start 2026-03-02, end 2026-03-08, grain week<" in page.text


def test_the_journal_is_readable(browser: Browser, memory: Memory) -> None:
    (conversation,) = [one for one in browser.get("/messages", user="ann").links("/messages") if "monday" in one]
    page = browser.ask("GET", conversation)
    assert "My sister Ana is a nurse" in page.text
    (message,) = [one for one in memory.messages(user_id="ann", session_id="monday") if "Ana" in one.content]
    assert f'id="m-{message.id}"' in page.text


def test_the_ledger_says_what_it_cost(browser: Browser, memory: Memory) -> None:
    assert "Nothing is booked yet" in browser.get("/ledger", user="ann").text
    for question in ("where do I live?", "what may I eat?", "who is Ana?"):
        memory.context(question, user_id="ann")
    ledger = memory.ledger(user_id="ann")
    answer = browser.get("/ledger", user="ann")
    for value in (ledger.history, ledger.injected, ledger.spent):
        assert f'number">{value:,.0f}<' in answer.text
    assert f'number">{ledger.saved:+,.0f}<' in answer.text
    assert re.search(r'class="line-history"\s+points="[\d., ]+"', answer.text)


@pytest.mark.parametrize(
    "page", ["/facts", "/search?q=tea", "/fact?user=ann&id=none", "/removal?user=ann&id=none", "/x"]
)
def test_what_is_not_there_is_said(browser: Browser, page: str) -> None:
    answer = browser.ask("GET", page)
    assert answer.status == 404
    assert "<h1>Not done</h1>" in answer.text


def test_a_notice_cannot_be_made_up(browser: Browser) -> None:
    assert "Send your password" not in browser.get("/facts", user="ann", done="Send your password").text


def test_a_store_that_fails_is_said(browser: Browser, memory: Memory) -> None:
    memory.close()
    answer = browser.get("/facts", user="ann")
    assert answer.status == 503
    assert "closed" in answer.text
