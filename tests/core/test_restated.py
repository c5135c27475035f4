"""The same said anew with another value: what the later statement changes, and what it leaves alone."""

from dataclasses import replace

import pytest

from said import Said, verdict

CHANGED = [
    ("User's team deploys on fridays", "User's team deploys on mondays now, not fridays", "mondays for fridays"),
    ("User's staging db runs on Postgres 14", "User's staging db is on Postgres 16 since friday", "16 for 14"),
    ("User's cholesterol is 6.8", "User's cholesterol is down to 5.1", "5.1 for 6.8"),
    ("User has two cats", "User is down to one cat", "one for two"),
    ("User drinks four coffees a day", "User has cut down to one coffee a day", "one for four"),
    ("User is on the Pro plan", "User downgraded to the free plan yesterday", "free for Pro"),
    ("User is a junior developer at Elastic", "User was promoted to senior developer", "senior for junior"),
    ("User's daughter is three", "User's daughter turned four yesterday", "four for three"),
    ("User's lease runs until August (2026-08)", "User's lease runs until next February", "next February for August"),
    ("User's contract is part-time", "User's contract is full-time since May", "full-time for part-time"),
    ("User's team lead is Bo", "User's team lead is Kim now", "Kim for Bo"),
    ("User mains Ana in Overwatch", "User mains Kiriko now", "Kiriko for Ana"),
    ("User is getting married in Puglia", "User is getting married in Bath instead", "Bath for Puglia"),
    ("User plans to go to Corsica in July", "User is going to Sardinia in July, not Corsica", "Sardinia for Corsica"),
    ("User's team has User's standup at 9:30 every day", "User's standup is at 10 now", "10 for 9:30"),
    ("About User: The shop opens at 9", "About User: The shop opens at 8 now", "8 for 9"),
    ("User's exam is in May", "User's exam is in July now", "July for May"),
]
SAME = [
    # nothing says that it is so by now
    ("User goes to the gym on Mondays", "User goes to the gym on Thursdays"),
    ("User's flight is on 3 May", "User's flight is on 9 May"),
    # of the moment
    ("User's standup is at 9:30", "User's standup is at 10 today instead"),
    # one more
    ("User works with Ann", "User works with Bob now too"),
    ("User has a red car", "User has a blue car now"),
    # another thing, another matter, another sort
    ("User's salary is 52k", "User's pension is 58k now"),
    ("User's API is written in Flask", "User's API is down now"),
    ("User plays tennis on Sundays", "User plays golf on Sundays now"),
    ("User's dog is brown", "User's dog is sick now"),
    ("User is a shooting guard for the team", "User is now mentoring the younger players on the team"),
    ("User uses Slack", "User uses Linear now"),
    # hedged, past, denied
    ("User deploys on Fridays", "User might deploy on Mondays now"),
    ("User works with Ann", "User used to work with Bob, now in Rome"),
    ("User is moving to Bath", "User is moving to Rome now, not Oslo"),
    # the same value
    ("User deploys on Fridays", "User deploys on fridays now"),
]


@pytest.mark.parametrize(("old", "new", "values"), CHANGED)
def test_a_new_value_of_the_same_statement_supersedes(old: str, new: str, values: str) -> None:
    found = verdict(Said(old), Said(new, day=3))
    assert [(id_, reason) for id_, reason in found.supersedes] == [
        ("old", f"said anew, with {values.partition(' for ')[0]} for {values.partition(' for ')[2]}")
    ]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_anything_else_leaves_both(old: str, new: str) -> None:
    assert verdict(Said(old), Said(new, day=3)).supersedes == ()


def test_it_does_not_matter_which_is_learnt_first() -> None:
    old, new = Said("User deploys on fridays"), Said("User deploys on mondays now", day=3)
    found = verdict(new, old)
    assert found.closed_by == ("old", "said anew, with mondays for fridays")
    assert verdict(new, replace(old, flags=("past",))).closed_by is None


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (Said("User wants to buy a van"), Said("User bought a van"), "van is there now"),
        (Said("User is looking for a flat in Basel"), Said("User found a flat in Basel"), "flat is there now"),
        (Said("User is unemployed"), Said("User started at Siemens on Monday"), "there is work now"),
        (
            Said("User reads crime novels"),
            Said("User doesn't read crime novels any more", polarity="negative"),
            "read crime novels is over by now",
        ),
        (
            Said("User's surname is Petrov", "attr:surname", "Petrov", entities=("Petrov",)),
            Said("User changed User's surname to Hale", replaces="surname"),
            "surname was replaced",
        ),
        (
            Said("User is a smoker"),
            Said("User quit smoking", replaces="smoking", retracts=True),
            "smoking is no longer so",
        ),
        (
            Said("User's wife is pregnant", subject="User's wife"),
            Said("User's son Otto was born", subject="User's son", replaces="pregnant", retracts=True),
            "pregnant is no longer so",
        ),
        (
            Said("User's dog Fenn is nine", subject="User's dog Fenn"),
            Said("Fenn passed away", replaces="Fenn", retracts=True),
            "Fenn is no longer so",
        ),
        (
            Said("User's API is written in Flask", flags=("we",)),
            Said("User's team dropped Flask", subject="User's team", replaces="Flask", retracts=True),
            "Flask is no longer so",
        ),
    ],
)
def test_a_deed_ends_the_state_before_it(old: Said, new: Said, reason: str) -> None:
    assert verdict(old, replace(new, day=3)).supersedes == (("old", reason),)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (Said("User wants to buy a van"), Said("User bought a caravan")),
        (Said("User is unemployed"), Said("User works on a puzzle")),
        (
            Said("User reads crime novels"),
            Said("User doesn't read Russian novels any more", polarity="negative"),
        ),
        (
            Said("User's sister is pregnant", subject="User's sister"),
            Said("User's neighbour had her baby", replaces="pregnant", retracts=True),
        ),
        (
            Said("User is vegan", "diet", "vegan"),
            Said("User's mates aren't vegan", "diet", "vegan", polarity="negative"),
        ),
        (Said("User is looking for a flat in Basel"), Said("User found a flat tyre on the bike")),
        (
            Said("User's mum is a nurse at the hospital", subject="User's mum"),
            Said("User's mum came home from hospital", subject="User's mum", replaces="hospital", retracts=True),
        ),
        (Said("User lost User's job"), Said("User quit User's job", replaces="job", retracts=True)),
        (
            Said("User's dog Fenn is nine", subject="User's dog Fenn"),
            Said("User sold the Fenn map", replaces="Fenn", retracts=True),
        ),
    ],
)
def test_a_deed_ends_nothing_else(old: Said, new: Said) -> None:
    assert verdict(old, replace(new, day=3)).supersedes == ()
