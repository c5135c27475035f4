"""A clause as the gate sees it, and what a shape may need of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.entities import entities, software
from holdfast.extractors.embedded.passing import passing
from holdfast.extractors.embedded.predicate import Predicate
from holdfast.extractors.embedded.rules import first
from holdfast.extractors.embedded.telling import EVIDENCE, PRAISE, REQUESTS
from holdfast.extractors.embedded.words import kin, words
from holdfast.types import Event


@dataclass(frozen=True, slots=True)
class Claim:
    """A clause as the gate sees it.

    Args:
        text: The rewritten clause.
        predicate: The same, taken apart.
        events: Its dates.
        flags: What its words mark: hedged, past, temporary, additive, corrected.
        quiet: The message does nothing but tell.
    """

    text: str
    predicate: Predicate
    events: tuple[Event, ...]
    flags: frozenset[str]
    quiet: bool = False

    @property
    def said(self) -> str:
        """What is said beside the subject."""
        return f"{self.predicate.lead} {self.predicate.rest}".strip()


_FREQUENT = lazy(
    r"^(?:every|most|each|\w+days|on (?:\w+days|weekends)|in the (?:mornings?|evenings?)|once|twice|usually|sometimes"
    r"|at (?:weekends|night)|weekends|evenings|mornings|since|for)\b",
    re.IGNORECASE,
)
_NUMBER = lazy(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred"
    r"|thousand|million|first|second|third|half|twice)\b",
    re.IGNORECASE,
)
_NO_DEEDS = frozenset(
    "be have do get think feel know believe say tell hope guess mean want need understand agree realize realise "
    "seem appear"
    " wonder imagine appreciate admire wish miss matter suppose worry doubt deserve struggle thank cherish value "
    "respect tend"
    " remain inspire encourage support like love enjoy hate".split()
)
_NO_CRAFTS = frozenset(
    "see hear try come go wait use help confirm make call start stop add change check find show ask send pay meet talk "
    "stay leave relate continue move live manage cope happen work concentrate afford join visit follow share".split()
)
"""What anybody can do: no skill."""
_REGULAR = lazy(
    r"(?:before|after|every|daily|weekly|at (?:lunch|night|noon|dawn|weekends)|in the (?:morning|evening)s?|to "
    r"(?:work|school)"
    r"|alone|indoors|outdoors|most|on \w+days)\b"
)
_OF_A_LIFE = frozenset("be have die pass live work study serve teach raise own suffer fight".split())
_COUNTED = lazy(
    r"\b(?:\d+|twice|two|three|four|five|six|seven|eight|nine|ten|many|several|dozens of) ?(?:times|moves|jobs"
    r"|countries)?\b",
    re.IGNORECASE,
)
_ANY_MORE = lazy(r"\b(?:any ?more|any longer)\b", re.IGNORECASE)


def _has_name(claim: Claim) -> bool:
    rest = (
        re.sub(r",? (?:[A-Z][a-z]+|guys|dude|man|girl|buddy|bro|friend)$", "", claim.predicate.rest)
        if _VOCATIVE().search(claim.predicate.rest)
        else claim.predicate.rest
    )
    return bool(entities("x " + rest)) or bool(entities("x " + claim.predicate.lead))


_VOCATIVE = lazy(r", (?:[A-Z][a-z]+|guys|dude|man|girl|buddy|bro|friend)$")


def _telling(claim: Claim) -> list[str]:
    """Return the words of what is said that carry content of their own."""
    return [word for word in _TELLING().findall(claim.predicate.rest.lower()) if _tells(word)]


_TELLING = lazy(r"[a-zà-ɏ][a-zà-ɏ'-]+")


def _tells(word: str) -> bool:
    return (
        word not in words("vague")
        and word not in ("user", "user's")
        and not any(word in words(name) for name in ("english", "adverbs", "feelings"))
    )


def _detail(claim: Claim) -> bool:
    return bool(_telling(claim))


def _concrete(claim: Claim) -> bool:
    """Tell whether what is said names something: not only encouragement and feeling."""
    if _has_name(claim) or any(word in words("belongings") or word in kin() for word in _telling(claim)):
        return True
    if _VERSION().search(claim.predicate.rest):
        return True
    telling = _head(claim)
    return bool(telling) and not any(_is_abstract(word) for word in telling)


_VERSION = lazy(r"^(?:[\w'-]+ ){0,4}?(?=[\w.-]*\d)(?=[\w.-]*[a-zA-Z])(?!\d+(?:st|nd|rd|th|am|pm|x)\b)[\w][\w.-]+")
"""A thing told by letters and digits near the verb: "v2", "node-20", "RTX4070"."""
_AFTER_HEAD = lazy(r"(?<=\w) (?:with|for|because|so|since|when|while|as|in|at|on|from|by|about|to) ")


def _head(claim: Claim) -> list[str]:
    """Return the first telling words: up to three, and none beyond a preposition once there is one."""
    found: list[str] = []
    for part in _AFTER_HEAD().split(claim.predicate.rest):
        found = [word for word in _TELLING().findall(_PARTITIVE().sub("", part.lower())) if _tells(word)]
        if found:
            break
    return found[:3]


_PARTITIVE = lazy(
    r"\b(?:sense|piece|kind|sort|type|bit|lot|lots|part|end|start|pair|set|fear|risk|love|quality|loss|lack|state) "
    r"of (?=\w)"
)


def about_task(claim: Claim) -> bool:
    """Tell whether the words are about the material of the task at hand."""
    if claim.predicate.holder not in ("user", "team"):
        return False
    named = {
        word.lower() for name in entities("x " + claim.predicate.rest) for word in name.split() if not word.isupper()
    }
    return any(word in words("task_words") and word not in named for word in _telling(claim)[:3])


def _is_abstract(word: str) -> bool:
    return word in words("abstract") or (word.endswith(("ness", "hood")) and word not in _CONCRETE_ALL_THE_SAME)


_CONCRETE_ALL_THE_SAME = frozenset(
    "business harness witness wilderness illness fitness lioness governess neighborhood neighbourhood hood".split()
)


def _owned(claim: Claim) -> bool:
    """Tell whether what one has or got is a thing, an animal or a person, or is told in numbers and names."""
    telling = _telling(claim)[:6]
    return any(
        word in words("belongings")
        or word.rstrip("s") in words("belongings")
        or word in kin()
        or word in words("conditions")
        for word in telling
    )


_AT_LARGE = frozenset("need want think feel know".split())


def _particular(claim: Claim) -> bool:
    """Tell whether a clause about the user or theirs names a time, a number or a name, whatever its verb says."""
    predicate = claim.predicate
    if first(PRAISE, claim.text) or any(_is_abstract(word) for word in _head(claim)[:1]):
        return False
    told = bool(claim.events) or _has_name(claim) or bool(re.search(r"\d", claim.said))
    return told and predicate.holder in ("user", "team", "person") and predicate.verb not in _AT_LARGE


_STATES_SOMETHING = frozenset("get keep hold grow manage stay".split())


def _stated(claim: Claim) -> bool:
    """Tell whether a clause says what was or is done, in words that name something."""
    predicate = claim.predicate
    if first(PRAISE, claim.text):
        return False
    empty = predicate.verb in ("do", "be") or predicate.verb in words("mental_verbs") - _STATES_SOMETHING
    if empty or not (predicate.holder in ("user", "team", "person") or _matters(predicate)):
        return False
    if predicate.holder != "user" and "just" in predicate.adverbs and predicate.verb not in words("life_changes"):
        return False  # "my cat just walked over the keys"
    telling = [word for word in _head(claim) if word not in words("closed_class") and not word.endswith("ly")]
    return bool(telling) and not _is_abstract(telling[0])


CONDITIONS: dict[str, Callable[[Claim], bool]] = {
    "date": lambda claim: bool(claim.events),
    "name": _has_name,
    "number": lambda claim: bool(_NUMBER().search(claim.said)),
    "tech": lambda claim: bool(software(claim.said)),
    "detail": _detail,
    "concrete": _concrete,
    "owned": _owned,
    "article": lambda claim: bool(re.match(r"(?:only |just )?an? ", claim.predicate.rest)),
    "plain": lambda claim: (
        _concrete(claim)
        and (bool(claim.events) or _has_name(claim) or not any(_is_abstract(word) for word in _telling(claim)))
    ),
    "kin": lambda claim: any(word in kin() for word in re.findall(r"[\w-]+", claim.said.lower())),
    "occupation": lambda claim: any(
        word in words("occupations") for word in re.findall(r"[a-z-]+", claim.said.lower())
    ),
    "clock": lambda claim: bool(re.search(r"\d(?::\d\d)? ?(?:am|pm|o'clock)?\b", claim.said)),
    "progressive": lambda claim: claim.predicate.progressive,
    "simple": lambda claim: not claim.predicate.progressive,
    "activity": lambda claim: claim.predicate.verb not in words("mental_verbs"),
    "deed": lambda claim: claim.predicate.verb not in _NO_DEEDS,
    "lead": lambda claim: bool(_FREQUENT().match(claim.predicate.lead)),
    "can": lambda claim: claim.predicate.auxiliary in ("can", "could") and "could" not in claim.predicate.auxiliary,
    "might": lambda claim: claim.predicate.auxiliary in ("might", "may"),
    "going": lambda claim: claim.predicate.auxiliary == "going",
    "anymore": lambda claim: bool(_ANY_MORE().search(claim.text)) or "no longer" in claim.predicate.adverbs,
    "gone": lambda claim: bool(re.search(r"\b(?:cancell?ed|called off)\b", claim.predicate.rest)),
    "positive": lambda claim: not claim.predicate.negated,
    "self": lambda claim: "themselves" in claim.predicate.rest,
    "negated": lambda claim: claim.predicate.negated,
    "once": lambda claim: not re.search(r"\b(?:every|except|each|usually|always|most|on \w+days)\b", claim.text),
    "used": lambda claim: claim.predicate.auxiliary == "used to",
    "first": lambda claim: bool(re.search(r"\bfirst\b", claim.predicate.rest)),
    "home": lambda claim: bool(
        re.search(r"\b(?:room|flat|apartment|house|studio|place|condo|cabin|home)\b", claim.predicate.rest)
    ),
    "tool": lambda claim: bool(
        re.search(
            r"\b(?:app|tool|editor|library|framework|database|api|server|cloud|browser|terminal|plugin"
            r"|extension|linux|spreadsheet|keyboard|monorepo|microservices?)\b",
            claim.predicate.rest,
            re.IGNORECASE,
        )
    ),
    "place": lambda claim: (
        _has_name(claim)
        and bool(re.match(r"(?:back |up |over |down |out )?(?:to|at|in|from|through|around) ", claim.predicate.rest))
    ),
    "thing": lambda claim: _own_thing(claim.predicate),
    "value": lambda claim: True,
    "limited": lambda claim: (
        not claim.flags & {"we"} and bool(claim.predicate.adverbs & {"only"} or claim.predicate.verb in ("do", "work"))
    ),
    "regular": lambda claim: bool(_REGULAR().match(claim.predicate.rest)),
    "stands": lambda claim: (
        claim.predicate.tense != "past"
        or claim.predicate.verb in words("life_changes")
        or claim.predicate.verb in _OF_A_LIFE
    ),
    "counted": lambda claim: bool(_COUNTED().search(claim.predicate.rest)),
    "lasting": lambda claim: passing(claim.text.removeprefix(claim.predicate.lead).lstrip(" ,")) is None,
    "quiet": lambda claim: claim.quiet and not about_task(claim) and not first(REQUESTS[1:2], claim.text),
    "evident": lambda claim: bool(first(EVIDENCE, claim.predicate.rest) or re.search(r"\d", claim.predicate.rest)),
    "stated": _stated,
    "particular": _particular,
    "feels_not": lambda claim: claim.predicate.verb not in _NO_DEEDS - {"be", "have", "get", "do"},
    "mentions": lambda claim: "User" in claim.predicate.rest or "User" in claim.predicate.subject,
    "craft": lambda claim: claim.predicate.verb not in _NO_CRAFTS and claim.predicate.verb not in _NO_DEEDS,
    "matter": lambda claim: _matters(claim.predicate),
}
"""What a shape's `needs` may name."""


def _own_thing(predicate: Predicate) -> bool:
    """Tell whether the subject is something that one can own or state, not a feeling or a thought."""
    head = predicate.thing.split(" of ")[0].split(" in ")[0].split()[-1:] or [""]
    return head[0].lower() in words("belongings")


_EFFORT = lazy(r"\b(?:hard|good|great|best|real) (?:work|efforts?)\b")


def _matters(predicate: Predicate) -> bool:
    """Tell whether the subject is a matter of the user's life, not of the talk or the task at hand."""
    if _EFFORT().search(predicate.thing):
        return False
    if predicate.thing.startswith("idea of "):
        return True
    head = re.split(r" (?:of|in|on|at|with|for|from|to) ", predicate.thing or predicate.subject)[0].split()[-1:] or [""]
    word = head[0].lower().strip(",'")
    return not (
        word in words("nothing_had")
        or word in words("task_words")
        or _is_abstract(word)
        or re.match(
            r"(?:it|this|that|these|those|they|he|she|there|here|what|which|one|ones)\b", predicate.subject.lower()
        )
    )


def meets(claim: Claim, needs: str) -> bool:
    """Tell whether one alternative of `needs` holds in full."""
    return not needs or any(
        all(CONDITIONS[name](claim) for name in alternative.split("+")) for alternative in needs.split("|")
    )
