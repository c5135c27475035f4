"""Consolidation: updates that must supersede, pairs that must both stay, repetitions, and facts learnt out of order."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest

from holdfast.consolidation import Verdict, consolidate
from holdfast.types import Event, Fact
from said import START, Said, verdict


def home(value: str, **more: Any) -> Said:
    return replace(Said(f"User lives in {value}", "lives_in", value, single=True, kind="location"), **more)


def job(value: str, **more: Any) -> Said:
    return replace(Said(f"User works at {value}", "works_at", value, single=True, kind="work"), **more)


def likes(value: str, **more: Any) -> Said:
    return replace(Said(f"User likes {value}", f"likes:{value}", value, kind="preference"), **more)


def uses(value: str, **more: Any) -> Said:
    return replace(Said(f"User uses {value}", "uses:tool", value, kind="technology"), **more)


def attribute(name: str, value: str) -> Said:
    return Said(f"User's {name} is {value}", f"attr:{name}", value, single=True)


def ended(what: str, text: str, **more: Any) -> Said:
    return replace(Said(text, replaces=what, retracts=True), **more)


UPDATES = [
    # another value of a single-valued slot
    (home("Berlin"), home("Lisbon"), "lives_in changed from Berlin to Lisbon"),
    (job("Acme"), job("Globex"), "works_at changed from Acme to Globex"),
    (job("Acme"), job("Globex", text="User started at Globex this week"), "works_at changed from Acme to Globex"),
    (uses("Jenkins for CI", entities=("Jenkins", "CI")), uses("Buildkite", replaces="Jenkins"), "Jenkins was replaced"),
    (attribute("boss", "Ines"), attribute("boss", "Omar"), "attr:boss changed from Ines to Omar"),
    (attribute("age", "30"), attribute("age", "31"), "attr:age changed from 30 to 31"),
    (
        attribute("phone", "Pixel 7"),
        attribute("phone", "Fairphone 5"),
        "attr:phone changed from Pixel 7 to Fairphone 5",
    ),
    (attribute("favorite color", "teal"), attribute("favorite color", "ochre"), "changed from teal to ochre"),
    (
        Said("User is vegetarian", "diet", "vegetarian", single=True),
        Said("User is vegan", "diet", "vegan", single=True),
        "diet changed from vegetarian to vegan",
    ),
    (
        Said("User is engaged", "marital_status", "engaged", single=True),
        Said("User is married", "marital_status", "married", single=True),
        "marital_status changed from engaged to married",
    ),
    (
        Said("User wants answers in French", "response_language", "French", single=True, kind="instruction"),
        Said("User wants answers in Dutch", "response_language", "Dutch", single=True, kind="instruction"),
        "response_language changed from French to Dutch",
    ),
    (
        Said("User's sister lives in Oslo", "lives_in", "Oslo", single=True, subject="User's sister"),
        Said("User's sister lives in Bergen", "lives_in", "Bergen", single=True, subject="User's sister"),
        "lives_in changed from Oslo to Bergen",
    ),
    (home("Berlin"), home("Berlin Mitte", flags=("corrected",)), "lives_in changed from Berlin to Berlin Mitte"),
    (home("Berlin", day=0), home("Lisbon", day=0, message="m9"), "lives_in changed from Berlin to Lisbon"),
    (home("Berlin", message="m1"), home("Bremen", message="m1", flags=("corrected",)), "from Berlin to Bremen"),
    # an explicit transition
    (uses("Vue"), uses("React", replaces="Vue"), "Vue was replaced by React"),
    (uses("Vue"), uses("React", replaces="Vue", slot="uses:framework"), "Vue was replaced by React"),
    (uses("Next.js"), uses("SvelteKit", replaces="Next.js"), "Next.js was replaced by SvelteKit"),
    (uses("Python 3.11"), uses("Python 3.13", replaces="Python 3.11"), "Python 3.11 was replaced by Python 3.13"),
    (
        Said("User drinks coffee every morning", kind="habit"),
        Said("User drinks tea instead of coffee", value="tea", replaces="coffee", kind="habit"),
        "coffee was replaced by tea",
    ),
    (
        Said("User's project runs on a MySQL backend"),
        Said("User moved the project from MySQL to Postgres", replaces="MySQL"),
        "MySQL was replaced",
    ),
    (
        Said("User's demo is on Thursday", kind="event", event=Event(date(2025, 1, 9), date(2025, 1, 9), "day")),
        Said("User's demo moved from Thursday to Friday", value="Friday", replaces="Thursday"),
        "Thursday was replaced by Friday",
    ),
    (home("Berlin"), home("Lisbon", replaces="Berlin", text="User moved from Berlin to Lisbon"), "Berlin was replaced"),
    (uses("the VW Golf"), uses("a bicycle", replaces="Golf"), "Golf was replaced by a bicycle"),
    (
        Said("User is using MySQL 5.7 for the shop", entities=("MySQL 5.7",)),
        Said("User's team migrated the shop from MySQL to Postgres", replaces="MySQL", subject="User's team"),
        "MySQL was replaced",
    ),
    (
        Said("User's team deploys with Jenkins", entities=("Jenkins",), subject="User's team"),
        Said("User moved the builds from Jenkins to Buildkite", replaces="Jenkins"),
        "Jenkins was replaced",
    ),
    (
        Said("User's laptop is a ThinkPad running Fedora", entities=("ThinkPad", "Fedora")),
        Said("User replaced the ThinkPad, still Fedora", replaces="ThinkPad"),
        "ThinkPad was replaced",
    ),
    (
        Said("User works at Acme in Rome", "works_at", "Acme", single=True, entities=("Acme", "Rome")),
        job("Globex", replaces="Acme", text="User moved from Acme to Globex"),
        "works_at changed from Acme to Globex",
    ),
    # a retraction
    (
        Said("User volunteers at the Oxfam bookshop", entities=("Oxfam",)),
        ended("bookshop", "User gave up the bookshop"),
        "bookshop is no longer so",
    ),
    (uses("Slack"), ended("Slack", "User no longer uses Slack"), "Slack is no longer so"),
    (job("Acme"), ended("Acme", "User quit Acme", slot="works_at", value="Acme"), "Acme is no longer so"),
    (Said("User owns a red motorbike"), ended("motorbike", "User sold the motorbike"), "motorbike is no longer so"),
    (Said("User smokes a pipe"), ended("smoking", "User stopped smoking"), "smoking is no longer so"),
    (Said("User is dating Theo"), ended("Theo", "User broke up with Theo"), "Theo is no longer so"),
    (Said("User has a Netflix subscription"), ended("Netflix", "User cancelled Netflix"), "Netflix is no longer so"),
    (
        Said("User plays the cello in a quartet"),
        ended("the quartet", "User left the quartet"),
        "the quartet is no longer so",
    ),
    (
        Said("User's wedding is in June", kind="plan", event=Event(date(2025, 6, 1), date(2025, 6, 30), "month")),
        ended("wedding", "User's wedding is called off"),
        "wedding is no longer so",
    ),
    # the other polarity
    (
        likes("olives"),
        likes("olives", text="User dislikes olives", polarity="negative"),
        "likes:olives olives is now denied",
    ),
    (
        likes("jazz", text="User hates jazz", polarity="negative"),
        likes("jazz", text="User likes jazz"),
        "likes:jazz jazz is now affirmed",
    ),
    (
        Said("User is vegetarian", "diet", "vegetarian", single=True),
        Said("User is not vegetarian", "diet", "vegetarian", single=True, polarity="negative"),
        "diet vegetarian is now denied",
    ),
    (home("Rome"), home("Rome", text="User does not live in Rome", flags=("negated",)), "lives_in Rome is now denied"),
    (
        Said("User eats meat", "eats:meat", kind="habit"),
        Said("User doesn't eat meat", "eats:meat", polarity="negative", kind="habit"),
        "eats:meat is now denied",
    ),
    # a preference turned round, a lack filled
    (
        Said("User prefers trains to planes", "preference:trains", "trains", kind="preference"),
        Said("User prefers planes to trains now", "preference:planes", "planes", kind="preference"),
        "planes is now preferred to trains",
    ),
    (
        Said("User doesn't own a car", polarity="negative", flags=("negated",), kind="possession"),
        Said("User bought a red car", kind="event"),
        "car is now there",
    ),
    # where it was goes with what was replaced
    (
        Said("User is studying law at Keele", entities=("Keele",), kind="education"),
        Said("User changed User's course from law to criminology", replaces="law"),
        "law was replaced",
    ),
    (
        Said("User goes to the gym three times a week, Basic-Fit on the corner", entities=("Basic-Fit",)),
        ended("gym", "User cancelled User's gym membership"),
        "gym is no longer so",
    ),
    # the name of one of the user's people, and what is gone for a whole team
    (
        Said("User's boyfriend is called Marc", subject="User's boyfriend", kind="relation"),
        ended("Marc", "User and Marc broke up"),
        "Marc is no longer so",
    ),
    (
        Said("User's team deploys with Jenkins", subject="User's team", entities=("Jenkins",)),
        ended("Jenkins", "Jenkins is finally gone"),
        "Jenkins is no longer so",
    ),
]

KEPT = [
    # someone else
    (home("Berlin"), home("Lisbon", subject="User's sister", text="User's sister lives in Lisbon")),
    (home("Berlin", subject="User's sister"), home("Oslo", subject="User's other sister")),
    (likes("olives"), likes("olives", subject="User's dad", polarity="negative")),
    (uses("Vue"), ended("Vue", "User's team no longer uses Vue", subject="User's team")),
    (home("Berlin"), home("Lisbon", user="u2")),
    # no claim
    (home("Berlin"), home("Lisbon", text="User might move to Lisbon", flags=("hedged",))),
    (home("Berlin"), home("Rome", text="User used to live in Rome", flags=("past",))),
    (job("Acme"), job("Globex", flags=("unresolved",))),
    (home("Rome", flags=("past",)), home("Lisbon")),
    (job("Globex", flags=("hedged",)), job("Initech")),
    (uses("Vue"), uses("React", replaces="Vue", flags=("hedged",))),
    (uses("Slack"), ended("Slack", "User may stop using Slack", flags=("hedged",))),
    (likes("olives"), likes("olives", polarity="negative", flags=("past",))),
    # one more
    (uses("Vue"), uses("React", additive=True)),
    (home("Berlin"), home("Lisbon", additive=True, text="User also lives in Lisbon")),
    (uses("Postgres"), uses("Redis", replaces="Postgres", additive=True)),
    # several values at once
    (uses("Vue"), uses("React")),
    (likes("olives"), likes("capers")),
    (likes("olives"), likes("capers", polarity="negative")),
    (Said("User has a cat", "pet", "cat"), Said("User has a dog", "pet", "dog")),
    # another slot, another family
    (home("Berlin"), job("Lisbon Labs")),
    (likes("Vue"), uses("React", replaces="Vue")),
    (job("Berlin Labs"), home("Lisbon", replaces="Berlin")),
    (attribute("boss", "Ines"), attribute("landlord", "Omar")),
    # the same or a finer value
    (home("Berlin"), home("berlin", text="User still lives in Berlin")),
    (home("Berlin"), home("Kreuzberg, Berlin")),
    (attribute("name", "Ana Maria Reis"), attribute("name", "Ana")),
    (home("Berlin"), replace(home("Lisbon"), value=None)),
    # for a while
    (home("Berlin"), home("Vienna", text="User lives in Vienna this week")),
    (
        Said("User is vegan", "diet", "vegan", single=True),
        Said("User is vegetarian for now", "diet", "vegetarian", single=True),
    ),
    # denied values
    (home("Berlin"), home("Rome", text="User does not live in Rome", polarity="negative")),
    (home("Rome", text="User does not live in Rome", polarity="negative"), home("Lisbon")),
    (uses("Slack", text="User does not use Slack", polarity="negative"), ended("Slack", "User got rid of Slack")),
    (Said("User never owned a motorbike"), ended("motorbike", "User sold the motorbike")),
    (Said("User avoids Slack", "uses:tool", "Slack", polarity="negative"), ended("Slack", "User got rid of Slack")),
    (likes("olives"), likes("olives", text="User does not like olives this week", polarity="negative")),
    (job("Acme"), ended("Globex", "User left Globex", slot="works_at", value="Globex", single=True)),
    # not all words of the old value, or none
    (Said("User owns a red motorbike"), ended("blue motorbike", "User sold the blue motorbike")),
    (Said("User owns a red motorbike"), ended("it", "User sold it")),
    (Said("User uses Vue"), Said("User no longer uses some tool", retracts=True)),
    # more than what was replaced or ended
    (
        Said("User is building a site with SvelteKit and SQLite", entities=("SvelteKit", "SQLite")),
        Said("User switched from SvelteKit to Astro", replaces="SvelteKit"),
    ),
    (
        Said("User's stack is Next.js with a Postgres backend", entities=("Next.js", "Postgres")),
        Said("User moved from Next.js to Remix", replaces="Next.js"),
    ),
    (
        Said("User uses Slack and Notion", entities=("Slack", "Notion")),
        ended("Slack", "User no longer uses Slack"),
    ),
    # the team's, beyond a replacement
    (home("Berlin"), home("Lisbon", subject="User's team", text="User's team lives in Lisbon")),
    (likes("olives"), likes("olives", subject="User's team", polarity="negative")),
    (uses("Vue"), uses("React", replaces="Vue", subject="User's sister")),
    # what a transition cannot undo
    (
        Said("User gave a talk on Vue", kind="event", event=Event(date(2024, 5, 2), date(2024, 5, 2), "day")),
        ended("Vue", "User stopped using Vue"),
    ),
    (Said("User saw the Vue conference", kind="event"), ended("Vue", "User stopped using Vue")),
    (Said("User knows Vue well", kind="skill"), ended("Vue", "User stopped using Vue")),
    (
        uses("React", text="User switched from Vue to React"),
        uses("React", text="User moved from Vue to React", replaces="Vue"),
    ),
    # another preference, another lack, something borrowed
    (
        Said("User prefers trains to planes", "preference:trains", "trains", kind="preference"),
        Said("User prefers trams to trains", "preference:trams", "trams", kind="preference"),
    ),
    (
        Said("User doesn't own a car", polarity="negative", flags=("negated",), kind="possession"),
        Said("User bought a bike", kind="event"),
    ),
    (
        Said("User doesn't own a car", polarity="negative", flags=("negated",), kind="possession"),
        Said("User rented a car", kind="event"),
    ),
    # denied at some times only
    (
        Said("User drinks coffee", "diet:coffee", "coffee", kind="habit"),
        Said("User doesn't drink coffee after six", "diet:coffee", "coffee", polarity="negative", kind="habit"),
    ),
    # somebody of that name who is none of the user's people
    (
        Said("User's boyfriend is called Marc", subject="User's boyfriend", kind="relation"),
        ended("Marc", "User's friend and Marc broke up", subject="User's friend", replaces="Marco"),
    ),
    # said earlier, or in the same breath
    (home("Berlin", message="m1"), home("Lisbon", message="m1")),
]


@pytest.mark.parametrize(("old", "new", "reason"), UPDATES)
def test_update_supersedes(old: Said, new: Said, reason: str) -> None:
    later = new if new.day or new.message else replace(new, day=3)
    found = verdict(old, later)
    assert [id_ for id_, _ in found.supersedes] == ["old"]
    assert reason in found.supersedes[0][1]
    assert found.duplicate_of is None
    assert found.closed_by is None
    assert found.related == ()


@pytest.mark.parametrize(("old", "new"), KEPT)
def test_both_are_kept(old: Said, new: Said) -> None:
    later = new if new.message else replace(new, day=3)
    found = verdict(old, later)
    assert found.supersedes == ()
    assert found.duplicate_of is None
    assert found.closed_by is None


def test_tables_keep_their_size() -> None:
    assert len(UPDATES) >= 30
    assert len(KEPT) >= 30


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("User plays the cello", "User plays the cello."),
        ("User plays the cello", "user  plays The cello"),
        ("User plays the cello", "User plays a cello!"),
        ("User said “hello”", 'User said "hello"'),
        ("User’s cello is old", "User's cello is old"),
        (
            "User flew to Oslo last week (2025-01-06 to 2025-01-12)",
            "User flew to Oslo, last week (2025-01-06 to 2025-01-12)",
        ),
        ("🎻", " 🎻 "),
    ],
)
def test_repetition_is_a_duplicate(old: str, new: str) -> None:
    assert verdict(Said(old), Said(new, day=3)) == Verdict(duplicate_of="old")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (Said("User writes C"), Said("User writes C++")),
        (Said("User uses Python 3.11"), Said("User uses Python 3.1 1")),
        (
            Said("User flew last week (2025-01-06 to 2025-01-12)"),
            Said("User flew last week (2025-02-03 to 2025-02-09)"),
        ),
        (Said("User likes olives"), Said("User likes olives", polarity="negative")),
        (Said("User likes olives"), Said("User likes olives", subject="User's dad")),
        (Said("User likes olives"), Said("User likes olives", user="u2")),
        (Said("🎻"), Said("🎺")),
    ],
)
def test_lookalike_is_no_duplicate(old: Said, new: Said) -> None:
    assert verdict(old, replace(new, day=3)).duplicate_of is None


def test_oldest_of_two_twins_gains_the_evidence() -> None:
    twins = [Said("User plays the cello", day=2).fact("b"), Said("User plays a cello", day=1).fact("a")]
    new = Said("User plays the cello", day=3)
    assert consolidate(new.fact("new"), new.candidate, twins).duplicate_of == "a"


def test_a_fact_is_not_its_own_neighbour() -> None:
    new = Said("User plays the cello")
    assert consolidate(new.fact("new"), new.candidate, [new.fact("new")]) == Verdict()


def test_superseded_twin_does_not_swallow_what_is_true_again() -> None:
    berlin = replace(home("Berlin").fact("berlin"), valid_to=START + timedelta(2), superseded_by="lisbon")
    lisbon = home("Lisbon", day=2).fact("lisbon")
    again = home("Berlin", day=5)
    found = consolidate(again.fact("new"), again.candidate, [berlin, lisbon])
    assert found.duplicate_of is None
    assert found.supersedes == (("lisbon", "lives_in changed from Lisbon to Berlin"),)


def test_what_was_ended_can_begin_again() -> None:
    slack = replace(uses("Slack").fact("slack"), valid_to=START + timedelta(2), superseded_by="other")
    again = uses("Slack", day=5)
    assert consolidate(again.fact("new"), again.candidate, [slack]) == Verdict()


def test_repeated_retraction_still_ends_what_was_taken_up_again() -> None:
    retraction = ended("Slack", "User no longer uses Slack", polarity="negative", day=2)
    again = uses("Slack", day=4)
    new = replace(retraction, day=6)
    found = consolidate(new.fact("new"), new.candidate, [retraction.fact("stopped"), again.fact("again")])
    assert found.supersedes == (("again", "Slack is no longer so"),)
    assert found.duplicate_of is None


def test_one_transition_ends_every_fact_that_names_the_old_value() -> None:
    known = [uses("Vue").fact("a"), Said("User's shop is written in Vue").fact("b"), uses("Redis").fact("c")]
    new = uses("React", replaces="Vue", day=3)
    found = consolidate(new.fact("new"), new.candidate, known)
    assert {id_ for id_, _ in found.supersedes} == {"a", "b"}
    assert found.related == ("c",)


def test_related_facts_share_the_slot_or_half_of_their_words() -> None:
    known = [
        uses("Vue").fact("same slot"),
        Said("User practises the cello with Mara on Sundays").fact("same words"),
        Said("User practises law").fact("one word"),
        Said("User practises the cello with Mara on Sundays", subject="Mara").fact("other subject"),
        replace(uses("Svelte").fact("closed"), valid_to=START + timedelta(1)),
    ]
    new = Said("User practises the cello with Mara on Mondays", "uses:tool", day=3)
    assert consolidate(new.fact("new"), new.candidate, known).related == ("same words", "same slot")


def test_a_fact_ended_in_part_is_linked_first() -> None:
    old = Said("User is building a site with SvelteKit and SQLite", entities=("SvelteKit", "SQLite"))
    team = replace(old, subject="User's team")
    known = [uses("Vue").fact("a"), old.fact("b"), team.fact("c"), old.fact("d")]
    new = uses("Astro", replaces="SvelteKit", text="User switched from SvelteKit to Astro", day=3)
    found = consolidate(new.fact("new"), new.candidate, known)
    assert found.supersedes == ()
    assert found.related == ("b", "c", "d", "a")
    hedged = replace(new, flags=("hedged",))
    assert consolidate(hedged.fact("new"), hedged.candidate, known[1:3]).related == ()


def test_related_links_are_few_and_ordered() -> None:
    known = [uses(f"tool {number}").fact(f"f{number}") for number in range(9)]
    new = uses("another thing", day=3)
    found = consolidate(new.fact("new"), new.candidate, known)
    assert found == consolidate(new.fact("new"), new.candidate, known[::-1])
    assert found.related == ("f0", "f1", "f2", "f3", "f4")


class TestOutOfOrder:
    """A statement that was said before what is known."""

    def test_older_value_is_closed_by_the_newer(self) -> None:
        found = verdict(home("Lisbon", day=9), home("Berlin", day=1))
        assert found.closed_by == ("old", "lives_in changed from Berlin to Lisbon")
        assert found.supersedes == ()
        assert found.related == ()

    def test_older_value_is_closed_by_the_next_one(self) -> None:
        lisbon = home("Lisbon", day=9).fact("lisbon")
        porto = replace(home("Porto", day=4).fact("porto"), valid_to=lisbon.valid_from, superseded_by="lisbon")
        new = home("Berlin", day=1)
        found = consolidate(new.fact("new"), new.candidate, [lisbon, porto])
        assert found.closed_by == ("porto", "lives_in changed from Berlin to Porto")

    def test_older_polarity_is_closed_by_the_newer(self) -> None:
        found = verdict(likes("olives", polarity="negative", day=9), likes("olives", day=1))
        assert found.closed_by == ("old", "likes:olives olives is now denied")

    @pytest.mark.parametrize(
        ("later", "older"),
        [
            (uses("Vue", day=9), uses("React", day=1)),
            (home("Lisbon", day=9, flags=("hedged",)), home("Berlin", day=1)),
            (home("Lisbon", day=9), home("Berlin", day=1, flags=("past",))),
            (home("Lisbon", day=9, subject="Mara"), home("Berlin", day=1)),
            (home("Lisbon", day=9, user="u2"), home("Berlin", day=1)),
            (uses("Vue", day=9), uses("React", replaces="Vue", day=1)),
        ],
    )
    def test_nothing_else_is_closed(self, later: Said, older: Said) -> None:
        found = verdict(later, older)
        assert found.closed_by is None
        assert found.supersedes == ()

    @pytest.mark.parametrize("order", list(permutations(range(4))))
    def test_every_order_of_arrival_gives_the_same_intervals(self, order: tuple[int, ...]) -> None:
        said = [home(city, day=day) for day, city in enumerate(("Berlin", "Porto", "Lisbon", "Faro"))]
        facts: dict[str, Fact] = {}
        for index in order:
            new = said[index].fact(f"f{index}")
            found = consolidate(new, said[index].candidate, list(facts.values()))
            if found.closed_by:
                later, reason = found.closed_by
                new = replace(new, valid_to=facts[later].valid_from, superseded_by=later, reason=reason)
            for id_, reason in found.supersedes:
                facts[id_] = replace(facts[id_], valid_to=new.valid_from, superseded_by=new.id, reason=reason)
            facts[new.id] = new
        ends = {id_: (fact.valid_to, fact.superseded_by) for id_, fact in facts.items()}
        assert ends == {
            "f0": (START + timedelta(1), "f1"),
            "f1": (START + timedelta(2), "f2"),
            "f2": (START + timedelta(3), "f3"),
            "f3": (None, None),
        }
