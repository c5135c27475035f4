"""What a clause takes from its neighbours: the thing that "it" is, whose doing an -ing form is."""

import re

from holdfast.dates.lazy import lazy

_NOW_SO = lazy(
    r"(?:it's|it is|its|now it's|now he's|he's|she's) (?P<value>(?![a-z]+ing\b)(?:an? |the |on |at "
    r")?[\w$\u20ac\u00a3@.,' -]{2,40}?) (?:now|these days)(?:,? not .*)?$",
    re.IGNORECASE,
)


_IT_HAS = lazy(
    r"it(?: (?P<verb>has|had|runs|needs|takes|seats|sleeps|costs)|'s (?P<got>got))"
    r"(?= (?:only |just |also |now )?(?:an?|no|the|two|three|four|five|six|some|lots|\d))",
    re.IGNORECASE,
)
"""What is said of the thing named just before: "my flat is tiny, it has no oven"."""


def with_thing(plain: str, thing: str | None) -> str:
    """Return a clause about "it" with the thing named just before in its place, where the clause is sure to mean it."""
    if thing is None:
        return plain
    now = _NOW_SO().match(plain)
    if now:
        return f"my {thing} is {now['value']} now"
    it = _IT_HAS().match(plain)
    return f"my {thing} {it['verb'] or 'has'}{plain[it.end() :]}" if it else plain


_PLACE = lazy(
    r"(?<!is) (?<!are )(?:there|in there|over there) (?=(?:every|each|on|since|for|with|once|twice|at|in|last|most)\b)"
)
"""A "there" that a clause stands without: "I record there every Thursday"."""


def without_place(plain: str) -> list[str]:
    """Return the clause without a "there" that it can spare, if it has one."""
    shown = _PLACE().sub(" ", plain)
    return [shown] if shown != plain else []


_SAID_OF_ANOTHER = lazy(
    r"(?:he|she|they|it|the (?:little one|baby|dog|puppy|kitten|cat|kids|boys|girls|twins))(?:'s|'re| [a-z]+)\b",
    re.IGNORECASE,
)
_DOING = lazy(r"(?:[a-z]+ing|[a-z]{3,}s (?:my|me|our|us))\b", re.IGNORECASE)
"""What another does goes on with no subject: "she's doing well - learning to walk", "it tracks my sleep, wakes me"."""


def of_another(first: str, clause: str) -> bool:
    """Tell whether a later clause of a sentence is about the one whom its first clause is about."""
    return _SAID_OF_ANOTHER().match(first) is not None and _DOING().match(clause) is not None
