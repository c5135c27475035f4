"""Clauses, and whom each is about: what one says of a colleague is not true of a sister."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

from holdfast.grounding.lexicon import NUMBERS, PEOPLE, SENTENCE_OPENERS
from holdfast.grounding.words import Specific, plain, specifics, words_in
from holdfast.lexical import terms_of

__all__ = ["Clause", "clauses"]

_Who = Literal["user", "other", "leaning", "open"]
"""Whom a clause is about: who speaks, somebody it names, somebody it only points at, or nobody in particular."""

_SENTENCE = re.compile(r"(?<=[.!?…])[\"”»)]*\s+(?=\S)|\s*[;\n]+\s*|。|\s[-–—]\s")
_JOINT = re.compile(
    r",?\s+(?:and|but|while|whereas|though|although|because|since|so|or)\s+(?=(?P<next>\S+)(?:\s+(?P<then>\S+))?)"
    r"|,\s+(?=(?:I|I'm|I've|we|he|she|they|my|our)\b)|:\s+(?=(?P<after>\S+))",
    re.IGNORECASE,
)
_OPENERS = re.compile(
    r"^(?:(?:and|but|so|or|because|since|well|yes|yeah|yep|no|nope|nah|oh|ok|okay|hi|hey|hello|thanks|btw|actually|also"
    r"|now|then|today|sadly|luckily|fyi|plus|remember(?: that)?|please|though|although|while|whereas|as)\b[,:!.\s]*)+",
    re.IGNORECASE,
)
_FIRST = re.compile(r"(?:i|we|me|us|i'\w+|we'\w+|j'\w+|ich|wir|je|nous|yo|eu|io|ik)\b", re.IGNORECASE)
_WITH_FIRST = re.compile(r"^[^.!?]{1,50}?\band (?:I|we)\b")
_POINTING = re.compile(r"(?:he|she|they|him|her|them|he's|she's|they're|he'\w+|she'\w+|they'\w+)\b", re.IGNORECASE)
_LEANING_ON = re.compile(r"(?:it|that|this|there|these|those|it's|that's|there's|one)\b", re.IGNORECASE)
_OWNED = re.compile(r"(?P<whose>my|our|his|her|their|the|a|an|this|user's|\w+'s)\s+(?P<rest>.*)", re.IGNORECASE)
_VERB = re.compile(
    r"(?:is|isn't|was|wasn't|are|aren't|were|has|hasn't|have|had|will|won't|would|can|can't|could|may|might|must|should"
    r"|does|doesn't|did|didn't|\w{2,}(?:s|ed)|got|went|came|took|made|gave|said|told|left|bought|grew|met|found|became"
    r"|began|knew|ran|sold|spoke|taught|wants|won|wrote|broke|drove|fell|felt|flew|kept|lost|sent|spent|thought)$"
)
_NOBODY = frozenset({*SENTENCE_OPENERS, *NUMBERS, "user"})
_SPEAKS = re.compile(r"(?<!\w)(?:I|I'm|I've|I'd|I'll|we|we're|we've|we'd|we'll|im|ive)(?!\w)")
_REPORT = re.compile(
    r"^(?:my|our|the|a) (?:\w+ ){1,3}?(?:says?|said|thinks?|told me|tells me|reckons?|insists?|noticed|found)"
    r"(?: that)?\s+(?=(?:my|our|I|we|i)\b)",
    re.IGNORECASE,
)
_ANYBODY = "person"
_BELONGING = re.compile(r"\b(?P<whose>[\w-]+)'s (?P<what>\w+(?: \w+)?)", re.IGNORECASE)
_NEGATED_VERB = re.compile(
    r"\b\w+n['’]t\b|\b(?:do|does|did|is|was|are|were|have|has|had|ca|wo|would|could|should)nt\b", re.I
)


@dataclass(frozen=True)
class Clause:
    """A clause of a text at `start` to `end`, and the sentence it is of, counted from 0."""

    text: str
    start: int
    end: int
    sentence: int

    @cached_property
    def words(self) -> frozenset[str]:
        """Return its words in their plain form."""
        return frozenset(words_in(self.text))

    @cached_property
    def terms(self) -> frozenset[int]:
        """Return the stems of its words of content."""
        return frozenset(terms_of(_NEGATED_VERB.sub(" ", self.text)).tolist())

    @cached_property
    def specifics(self) -> tuple[Specific, ...]:
        """Return its names and numbers."""
        return tuple(specifics(self.text))

    @cached_property
    def names(self) -> frozenset[str]:
        """Return its names in their plain form."""
        return frozenset(one.key for one in self.specifics if one.kind == "name")

    @cached_property
    def belongings(self) -> tuple[tuple[str, frozenset[int]], ...]:
        """Return whose things it speaks of, "my sister's wedding", each with the stems of what is theirs."""
        return tuple(
            (PEOPLE[plain(match["whose"])], frozenset(terms_of(match["what"]).tolist()))
            for match in _BELONGING.finditer(self.text.replace("’", "'"))
            if plain(match["whose"]) in PEOPLE
        )

    @cached_property
    def people(self) -> frozenset[str]:
        """Return who in it is somebody's relative, friend, animal and so on."""
        return frozenset(PEOPLE[word] for word in self.words if word in PEOPLE)

    @cached_property
    def subject(self) -> tuple[_Who, frozenset[str]]:
        """Return whom it is about, with the words that name those people."""
        return _subject(self.text)


def clauses(text: str) -> Iterator[Clause]:
    """Yield the clauses of a text in order."""
    position = 0
    number = 0
    for match in (*_SENTENCE.finditer(text), None):
        end = match.start() if match else len(text)
        if text[position:end].strip():
            for start, stop in _parts(text, position, end):
                yield Clause(text[start:stop], start, stop, number)
            number += 1
        position = match.end() if match else end


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split a sentence where another subject begins."""
    begun = start
    for match in _JOINT.finditer(text, start, end):
        left = text[begun : match.start()]
        listed = match["next"] is not None and _is_noun_phrase(left)
        if listed or not _begins_clause(text[match.end() : end]):
            continue
        yield begun, match.start()
        begun = match.end()
    yield begun, end


def _begins_clause(rest: str) -> bool:
    who, _ = _subject(rest)
    return who in ("user", "other", "leaning") or rest.casefold().startswith(("it ", "it's ", "user "))


def _is_noun_phrase(left: str) -> bool:
    """Whether what stands before a joint is no clause of its own: "Tom", "my sister Clara"."""
    words = _OPENERS.sub("", left).split()
    if len(words) > 4 or any(_VERB.match(word.casefold()) or _FIRST.match(word) for word in words):
        return False
    # "my roommate's vegan" is a clause, "my roommate's friend" and "my friend's Clara" are none.
    return not any(
        word.endswith(("'s", "’s")) and following.islower() and plain(following) not in PEOPLE
        for word, following in pairwise(words)
    )


def _subject(text: str) -> tuple[_Who, frozenset[str]]:
    stripped = _OPENERS.sub("", text.strip().replace("’", "'")).lstrip("\"“'(-*• ")
    stripped = _REPORT.sub("", stripped)  # what a doctor says of the user is said of the user
    if _FIRST.match(stripped) or _WITH_FIRST.match(stripped):
        return "user", frozenset()
    if _POINTING.match(stripped):
        return "leaning", _owned_people(stripped)
    if _LEANING_ON.match(stripped):
        return "open", frozenset()
    first = plain(stripped.split(maxsplit=1)[0].strip(",.;:!?()")) if stripped else ""
    if PEOPLE.get(first, _ANYBODY) != _ANYBODY:  # "mum is a nurse", "Dad's garden"
        return "other", frozenset(_person_at(stripped.split()))
    owned = _OWNED.match(stripped)
    if owned:
        return _owned(owned["whose"].casefold(), owned["rest"])
    return _named(stripped)


def _owned_people(text: str) -> frozenset[str]:
    """Return the person in "her father is ...", where the owner is somebody pointed at."""
    words = text.split()
    whose = words[0].casefold() if words else ""
    return frozenset(_person_at(words[1:])) if whose in ("his", "her", "their") else frozenset()


def _owned(whose: str, rest: str) -> tuple[_Who, frozenset[str]]:
    people = _person_at(rest.split())
    if whose in ("his", "her", "their"):
        return "leaning", frozenset(people)
    if people:
        return "other", frozenset(people)
    if whose not in ("my", "our", "the", "a", "an", "this", "user's"):
        return "other", frozenset({plain(whose)})
    return ("user" if whose in ("my", "our") else "open"), frozenset()


def _person_at(words: list[str]) -> set[str]:
    """Return the person named at the beginning: up to two words, what they are, and their name."""
    for number, word in enumerate(words[:4]):
        bare = plain(word.strip(",.;:!?()"))
        if PEOPLE.get(bare, _ANYBODY) != _ANYBODY:
            found = {PEOPLE[bare]}
            for following in words[number + 1 : number + 3]:
                if not following[:1].isupper():
                    break
                found.add(plain(following.strip(",.;:!?()")))
            return found
        if number and _VERB.match(bare):
            break
    return set()


def _named(text: str) -> tuple[_Who, frozenset[str]]:
    """Read a name, or a bare noun, before a verb: "Priya hates flying"."""
    words = text.split()
    names: list[str] = []
    for word in words[:3]:
        bare = word.strip(",.;:!?()\"'")
        if not bare[:1].isupper() or plain(bare) in _NOBODY:
            break
        names.append(plain(bare))
    following = words[len(names)].strip(",.;:!?()") if len(words) > len(names) else ""
    if names and _VERB.match(following.casefold()) and following[:1].islower():
        return "other", frozenset(names)
    return ("user" if _SPEAKS.search(text) else "open"), frozenset()
