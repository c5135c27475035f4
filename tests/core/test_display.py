"""How values show themselves in Jupyter and in a terminal."""

import io
from datetime import date, datetime, timedelta, timezone
from html.parser import HTMLParser
from typing import Any

import pytest
from rich.console import Console

from holdfast import (
    Added,
    AsyncMemory,
    Change,
    Context,
    Diff,
    Event,
    Evidence,
    Fact,
    Facts,
    Hit,
    Hits,
    Memory,
    Message,
    Processed,
    Receipt,
    Report,
    Skipped,
    Usage,
)
from holdfast.ledger import Ledger, Prices
from holdfast.types import LedgerEntry

AT = datetime(2026, 3, 5, 9, tzinfo=timezone.utc)

HOSTILE = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "</div></td></table><h1>out</h1>",
    "\"' onmouseover='alert(1)",
    "{{7*7}} {%raw%} ${x} %{y}",
    "[bold red]markup[/bold red]",
    "$x^2$ and \\(y\\)",
    "&lt;b&gt; &#60;b&#62;",
]


def fact(text: str = "User lives in Porto", **changed: Any) -> Fact:
    given: dict[str, Any] = {
        "id": "f1",
        "user_id": "ann",
        "text": text,
        "kind": "location",
        "category": "location",
        "subject": "User",
        "slot": "lives_in",
        "value": "Porto",
        "polarity": "positive",
        "entities": (),
        "event": None,
        "said_at": AT,
        "valid_from": AT,
        "valid_to": None,
        "superseded_by": None,
        "reason": None,
        "confidence": "high",
        "flags": (),
        "evidence": (Evidence("m1", 0, 15, "I live in Porto"),),
        "extractor": "rules/1",
        "session_id": None,
        "agent_id": None,
    }
    return Fact(**{**given, **changed})


OLD = fact(
    "User lives in Hamburg",
    id="f0",
    valid_to=AT,
    superseded_by="f1",
    reason="lives_in changed from Hamburg to Porto",
    evidence=(Evidence("m0", 0, 17, "I live in Hamburg"),),
)
HIT = Hit("User lives in Porto", 1.5, {"lexical": 1.0, "dense": 0.7, "window": 0.0, "role": -0.2}, ("m1",), fact())


def change(kind: Any = "added", before: Fact | None = None, after: Fact | None = None) -> Change:
    return Change("c", AT, kind, "f1", before, after, "said by the user", "rules/1", (Evidence("m1", 0, 4, "I am"),))


def everything(words: str) -> list[Any]:
    """One of each value, with these words wherever a user's words can stand."""
    hostile = fact(
        words,
        id=words,
        user_id=words,
        subject=words,
        slot=words,
        value=words,
        reason=words,
        flags=(words,),
        extractor=words,
        superseded_by=words,
        valid_to=AT,
        evidence=(Evidence(words, 0, len(words), words),),
    )
    message = Message("user", words, words, AT, words, words, words, {words: words}, {words: words})
    changes = (change("added", None, hostile), change("edited", hostile, hostile), change("deleted", hostile, None))
    skipped = (Skipped(words, words, words),)
    return [
        Hits((Hit(words, 1.0, {words: 1.0}, (words,), hostile), Hit(words, 0.5, {}, (words,), message=message))),
        Hit(words, 1.0, {words: 1.0}, (words,), message=message),
        hostile,
        Facts((hostile,)),
        Added((message,), (hostile,), changes, skipped, skipped, usage=Usage(1), degraded=words),
        Processed((Added((message,), (), changes),), 3),
        Diff(changes),
        Ledger(words, (LedgerEntry(AT, "context", 1, injected_tokens=5, history_tokens=9),)),
        Receipt(words, AT, {words: 1}, {words: 2}, 3, words, (words,)),
        Report({words: 1}, (words,)),
        Context(words, words, words, 3, Hits()),
        message,
        change("added", None, hostile),
    ]


KINDS = [type(value).__name__ for value in everything("")]


class Elements(HTMLParser):
    """The elements and attributes of some HTML, and its text outside of style."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def html(value: Any) -> str:
    shown = value._repr_html_()
    assert isinstance(shown, str)
    return shown


def elements(value: Any) -> Elements:
    return Elements(html(value))


def printed(value: Any, *, colours: bool = False, width: int = 200) -> str:
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=colours,
        color_system="standard" if colours else None,
        legacy_windows=False,
    )
    console.print(value)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


SAFE = {
    "div",
    "style",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "b",
    "i",
    "small",
    "code",
    "mark",
    "del",
    "br",
}
PLAIN = {"class", "style", "title", "scope", "tabindex", "aria-hidden"}


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("kind", range(len(KINDS)), ids=KINDS)
def test_what_users_wrote_is_text_and_nothing_else(kind: int, words: str) -> None:
    value = everything(words)[kind]
    found = elements(value)
    assert set(found.names) <= SAFE
    assert {name for name, _ in found.attributes} <= PLAIN
    assert found.open == []
    assert words in found.text  # as it was written, not as something that was made of it
    assert found.names == elements(everything("harmless")[kind]).names
    assert "tex2jax_ignore" in html(value)  # else Jupyter would read dollar signs as formulas


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("kind", range(len(KINDS)), ids=KINDS)
def test_a_terminal_prints_what_users_wrote(kind: int, words: str) -> None:
    assert words in printed(everything(words)[kind], width=2000)


@pytest.mark.parametrize("kind", range(len(KINDS)), ids=KINDS)
def test_nothing_gives_orders_to_a_terminal_or_turns_text_around(kind: int) -> None:
    words = "a\x1b[2Jb\x9bc\x07d\u202ee\u2066f"
    shown = printed(everything(words)[kind])
    assert not set(shown) & set("\x1b\x9b\x07\u202e\u2066")
    assert not set(html(everything(words)[kind])) & set("\x1b\x9b\x07\u202e\u2066")


def test_words_of_several_scripts_stay_whole() -> None:
    words = "naïve 東京 عربي 👩\u200d👧 line\nbreak"
    assert words in elements(fact(words)).text


@pytest.mark.parametrize("kind", range(len(KINDS)), ids=KINDS)
def test_nothing_is_loaded_from_elsewhere(kind: int) -> None:
    shown = html(everything("harmless")[kind])
    assert not [sign for sign in ("http", "src=", "href=", "@import", "url(") if sign in shown]


def test_a_hit_shows_its_score_in_parts() -> None:
    for text in (elements(Hits((HIT,))).text, printed(Hits((HIT,)))):
        assert [part for part in ("1.50", "lexical +1.00", "dense +0.70", "role -0.20") if part not in text] == []
        assert "window" not in text  # it gave nothing
        assert "I live in Porto" in text


def test_the_bar_is_as_long_as_the_score() -> None:
    weak = Hit("b", 0.5, {"lexical": 1.5, "role": -1.0}, ("m2",), message=Message("user", "b", "m2", AT))
    lost = Hit("c", -0.5, {"dense": 0.4, "role": -0.9}, ("m3",), message=Message("user", "c", "m3", AT))
    widths = [value for name, value in elements(Hits((HIT, weak, lost))).attributes if name == "style"]
    assert widths == ["width:58.8%", "width:41.2%", "width:33.3%", "width:0.0%"]


def test_a_fact_shows_where_it_comes_from() -> None:
    event = Event(date(2026, 2, 1), date(2026, 2, 28), "month", ambiguous=True)
    for text in (elements(fact(event=event)).text, printed(fact(event=event))):
        told = ["User lives in Porto", "location", "5 March 2026", "I live in Porto", "characters 0 to 15", "rules/1"]
        assert [part for part in [*told, "lives_in = Porto", "2026-02-01 to 2026-02-28"] if part not in text] == []


def test_what_is_no_longer_true_is_struck_through_with_its_successor() -> None:
    for value in (Facts((OLD, fact())), Diff((change("superseded", fact(), OLD), change("added", None, fact())))):
        assert "<del>User lives in Hamburg</del> → <b>User lives in Porto</b>" in html(value)
        assert "User lives in Hamburg → User lives in Porto" in printed(value)
        assert "\x1b[2;9mUser lives in Hamburg" in printed(value, colours=True)
    assert "<del>User lives in Hamburg</del>" in html(OLD)
    assert "lives_in changed from Hamburg to Porto" in html(OLD)
    assert "<del>" not in html(fact())


def test_what_facts_rest_on_is_marked_in_the_message() -> None:
    message = Message("user", "Hi. I live in Porto & love it", "m1", AT)
    rests = Change("c", AT, "added", "f1", None, fact(), "", "rules/1", (Evidence("m1", 4, 19, "I live in Porto"),))
    overlapping = Change("d", AT, "added", "f2", None, fact(), "", "rules/1", (Evidence("m1", 14, 99, "Porto …"),))
    assert "Hi. <mark>I live in Porto</mark> &amp; love it" in html(Added((message,), (fact(),), (rests,)))
    both = Added((message,), (fact(),), (overlapping, rests))
    assert "Hi. <mark>I live in Porto</mark><mark> &amp; love it</mark>" in html(both)


def test_secrets_are_blanked() -> None:
    message = Message("user", "My key is sk-proj-abcdefghijklmnop1234567890ABCDEFGH", "m1", AT)
    for shown in (html(Added((message,))), printed(Added((message,))), html(message)):
        assert "abcdefghijklmnop" not in shown
        assert "••••" in shown


def test_an_added_says_what_it_left_out_and_what_it_cost() -> None:
    added = Added(
        skipped=(Skipped("m1", "Hi!", "greeting"),),
        quarantined=(Skipped("m1", "User is a pilot", "not said"),),
        deferred=True,
        usage=Usage(2, 300, 40),
        degraded="no answer",
    )
    for text in (elements(added).text, printed(added)):
        told = ["Hi!", "greeting", "User is a pilot", "not said", "only journaled", "2 model calls", "300", "no answer"]
        assert [part for part in told if part not in text] == []


@pytest.mark.parametrize(
    ("history", "verdict"), [(900, "saved 700 tokens"), (50, "cost 150 tokens more than it saved")]
)
def test_a_ledger_says_what_it_saved_or_lost(history: int, verdict: str) -> None:
    entries = (
        LedgerEntry(AT, "extraction", 1, input_tokens=80, output_tokens=20),
        LedgerEntry(AT + timedelta(hours=1), "context", 1, injected_tokens=100, history_tokens=history),
    )
    assert verdict in elements(Ledger("ann", entries)).text
    assert verdict in printed(Ledger("ann", entries))
    priced = Ledger(None, entries, Prices(input=1.0, output=4.0, cached=0.1))
    assert "with a prompt cache on both sides" in elements(priced).text
    assert "all users" in elements(priced).text


def test_a_sound_store_and_a_broken_one_differ() -> None:
    assert "sound" in elements(Report({"message": 3}, ())).text
    assert "1 finding" in elements(Report({"message": 3}, ("a key is lost",))).text


@pytest.mark.parametrize(
    "value", [Hits(), Facts(), Added(), Diff(()), Processed((), 0), Report({}, ()), Ledger("ann", ())]
)
def test_what_is_empty_shows_itself_too(value: Any) -> None:
    assert elements(value).text.strip()
    assert printed(value).strip()


def test_a_memory_shows_whom_it_knows(memory: Memory) -> None:
    memory.add("I live in Porto", user_id="ann", session_id="a")
    memory.add("I live in <b>Lyon</b>", user_id="<i>bob</i>", defer=True)
    for text in (elements(memory).text, printed(memory)):
        assert [part for part in (str(memory.path), "2 users", "ann", "<i>bob</i>") if part not in text] == []
    for number in range(20):
        memory.add("I live in Porto", user_id=f"user {number}")
    assert "22 users; 14 of them not shown" in elements(memory).text
    memory.close()
    assert "closed" in elements(memory).text
    assert "closed" in printed(memory)


async def test_an_awaited_memory_shows_itself_at_once(tmp_path: Any) -> None:
    async with AsyncMemory(tmp_path / "memory.db") as memory:
        assert "AsyncMemory" in elements(memory).text


def test_a_thousand_hits_are_shown() -> None:
    many = Hits(
        Hit(
            f"User likes number {n}",
            1000.0 - n,
            {"lexical": 1.0, "dense": 0.5},
            (f"m{n}",),
            fact(f"number {n}", id=f"{n:024}"),
        )
        for n in range(1000)
    )
    shown = html(many)
    assert all(f"number {n}<" in shown for n in range(1000))
