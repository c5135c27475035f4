"""The word lists in `lexicon/`, each read once on first use."""

from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias

Form: TypeAlias = Literal["base", "third", "past", "participle", "gerund"]


@dataclass(frozen=True, slots=True)
class Verb:
    """One reading of a written form: the verb it belongs to and the forms that it may be."""

    lemma: str
    forms: frozenset[Form]


@cache
def lines(name: str) -> tuple[str, ...]:
    """Return the entries of `lexicon/<name>.txt`, comments and blank lines left out."""
    from importlib.resources import files  # takes longer to import than this whole package

    text = files("holdfast.extractors.embedded.lexicon").joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of a list as a set."""
    return frozenset(word for line in lines(name) for word in line.split())


@cache
def kin() -> dict[str, str]:
    """Return the words for people and animals of one's own, each with its pronoun: she, he or they."""
    pairs = (line.split() for line in lines("kin"))
    return {word: pronoun for word, pronoun in pairs}  # noqa: C416 - dict() loses the types


def third_person(verb: str) -> str:
    """Return the form that follows a singular third person: work, works; try, tries; have, has."""
    lower = verb.lower()
    if lower in ("be", "have"):
        return "is" if lower == "be" else "has"
    if lower.endswith("y") and len(lower) > 1 and lower[-2] not in "aeiou":
        return verb[:-1] + "ies"
    if lower.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    return verb + "s"


def gerund(verb: str) -> str:
    """Return the -ing form: work, working; make, making; run, running."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return verb[:-1] + "ing"
    return (verb + verb[-1] if _doubles(verb) else verb) + "ing"


def _doubles(verb: str) -> bool:
    """Tell whether the last consonant is doubled before a vowel: plan, planned; commit, committed."""
    if verb in _STRESSED_LAST:
        return True
    if len(verb) < 3 or verb[-1] in "aeiouwxyh" or verb[-2] not in "aeiou" or verb[-3] in "aeiou":
        return False
    return sum(letter in "aeiou" for letter in verb) == 1


_STRESSED_LAST = frozenset("begin forget refer prefer commit admit submit transfer occur control regret quit".split())


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return (verb + verb[-1] if _doubles(verb) else verb) + "ed"


@cache
def verb_forms() -> dict[str, Verb]:
    """Return every written form of every listed verb; the commoner verb wins where two share a form."""
    table: dict[str, tuple[str, set[Form]]] = {}

    def enter(form: str, lemma: str, kind: Form) -> None:
        known = table.setdefault(form, (lemma, set()))
        if known[0] == lemma:
            known[1].add(kind)

    for line in lines("verbs"):
        lemma, *irregular = line.split()
        past = irregular[0] if irregular else _past(lemma)
        enter(lemma, lemma, "base")
        enter(third_person(lemma), lemma, "third")
        enter(past, lemma, "past")
        enter(irregular[-1] if irregular else past, lemma, "participle")
        enter(gerund(lemma), lemma, "gerund")
    for form, lemma in (("learnt", "learn"), ("dreamt", "dream"), ("travelled", "travel"), ("cancelled", "cancel")):
        enter(form, lemma, "past")
        enter(form, lemma, "participle")
    for form, lemma in (("travelling", "travel"), ("cancelling", "cancel"), ("focussing", "focus")):
        enter(form, lemma, "gerund")
    for form in ("am", "are", "were"):
        enter(form, "be", "past" if form == "were" else "third")
    return {form: Verb(lemma, frozenset(kinds)) for form, (lemma, kinds) in table.items()}


def is_form(word: str, form: Form) -> bool:
    """Tell whether a word may be this form of a listed verb."""
    verb = verb_forms().get(word.lower())
    return verb is not None and form in verb.forms
