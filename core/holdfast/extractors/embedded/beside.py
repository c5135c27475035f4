"""What is still the user's own beside an order that poses as content, or beside a secret."""

import re

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.openers import peel
from holdfast.extractors.embedded.rules import Rule, first
from holdfast.extractors.embedded.safety import TAKES_OVER, injection
from holdfast.extractors.embedded.splitting import Span, clauses, shorter

CARRIED_ON = (
    Rule(
        "about the user",
        pattern=r"\b(?:the|this) (?:user|account|customer|owner of)\b|^user\b",
        gives="part of an order",
        fires="I confirm that the user is over 18 => part of an order",
        spares="I train users of our app",
    ),
    Rule(
        "to the machine",
        pattern=r"\b(?:you|your|you're|yours|yourself)\b|\b<the_machine>\b|\b(?:memory|memories|prompt|instructions?"
        r"|facts?)\b",
        gives="part of an order",
        fires="I am your master => part of an order",
        spares="I am a master of judo",
    ),
    Rule(
        "claims a right",
        pattern=r"\b<claimed_rights>\b",
        gives="part of an order",
        fires="I have full refund rights => part of an order",
        spares="I have two kids, right",
    ),
    Rule(
        "to be kept",
        pattern=r"\b(?:save|store|record|memori[sz]e|remember|log|obey|comply|execute)\b (?:it|this|that|as|everything"
        r"|all|me)\b",
        gives="part of an order",
        fires="I want this rule: save that at once => part of an order",
        spares="I save for a house",
    ),
)
"""How a sentence after an order goes on with it, though it is in the first person. Each gives the reason."""

_OWN = lazy(r"(?:i|i'm|i've|i'll|i'd|im|ive|we|we're|we've|my|our)\b", re.IGNORECASE)
_NAME = lazy(r"(?<=[\w,:] )(?!I\b)[A-Z]\w+")
_SET_OFF = lazy(r"\b(?:btw|by the way|anyway|ps|p\.s)\b", re.IGNORECASE)
_FROM_NEW_SUBJECT = lazy(
    r"(?:[,;:.!)]|\s(?:-+|[—–]))\s(?:(?:and|but|so|because|since|cuz|cos|btw|by the way|also|plus|anyway|ps|oh)[, ]\s?"
    r"){0,3}(?=(?:i|i'm|i've|im|ive|we|we're|we've|my|our)\b)"
    r"|[,;.]\s(?:and |but |so )?(?=(?:the )?(?:phone|laptop|car|flat|house|wife|husband|mum|mom|dad|dog|cat|baby|son"
    r"|daughter|boss|job|work|rent|team|app|box|server|backend|stack)(?:'s| is| are)\s)"
    r"|\s(?:and|but|so|because|since|cuz|cos|btw|by the way|also|plus)\s(?:(?:btw|by the way|also|now|then|that|yes"
    r"|remember(?: that)?) )?"
    r"(?=(?:i|i'm|i've|im|ive|we|we're|we've|my|our)\b)",
    re.IGNORECASE,
)
_BEFORE_ITS_NAME = lazy(
    r"(?:,|\s-|;|\s\()?\s(?:and|but|so|where|with|because)\s(?=(?:the|my|our|his|her|their|its|here's)\s)",
    re.IGNORECASE,
)


def carries_on(text: str) -> str | None:
    """Return that a sentence after an order goes on with it, or None."""
    found = first(CARRIED_ON, text)
    return found[0].gives if found else None


def names_in(text: str) -> frozenset[str]:
    """Return the capitalised words inside a text."""
    return frozenset(_NAME().findall(text))


def is_own(sentence: Span, ordered: frozenset[str] = frozenset()) -> bool:
    """Tell whether a sentence beside an order is the user's own: in the first person, and no part of the order.

    Args:
        sentence: The sentence or clause.
        ordered: The names in the order; a sentence that repeats one goes on with it.
    """
    if carries_on(sentence.text) or not ordered.isdisjoint(names_in(sentence.text)):
        return False
    return _OWN().match(peel(sentence)[0].text) is not None


def own_clauses(sentence: Span) -> list[Span]:
    """Return the clauses of a sentence with an order that stand before it, or that "by the way" sets off from it."""
    found: list[Span] = []
    ordered, end = False, sentence.start
    parts = clauses(sentence)
    for clause in parts:
        gap = sentence.text[end - sentence.start : clause.start - sentence.start]
        end = clause.end
        if injection(clause.text):
            ordered = True
        elif (not ordered or _SET_OFF().search(gap)) and is_own(clause):
            found.append(clause)
    return found if ordered else []


def takes_over(reason: str, sentence: Span, text: str) -> bool:
    """Tell whether an order claims the whole rest of the message: it sets a role, or announces what follows."""
    return reason == TAKES_OVER or ":" in text[sentence.end - 1 : sentence.end + 1]


def around_secrets(clause: Span, hidden: list[tuple[int, int]]) -> list[Span]:
    """Return what stands before the first secret up to a joint, and what begins anew after the last one.

    Args:
        clause: It holds at least one secret.
        hidden: Where the message's secrets stand.
    """
    own = [(max(start - clause.start, 0), end - clause.start) for start, end in hidden]
    own = [(start, end) for start, end in own if end > 0 and start < len(clause.text)]
    before = clause.text[: own[0][0]]
    ends = [len(part) for part in shorter(before)] + [match.start() for match in _BEFORE_ITS_NAME().finditer(before)]
    found = [clause.cut(0, max(ends))] if ends else []
    after = max(end for _, end in own)
    anew = _FROM_NEW_SUBJECT().search(clause.text, max(after - 1, 0))
    if anew:
        found.append(clause.cut(anew.end()))
    return found
