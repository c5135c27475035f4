"""A rewritten clause taken apart: who it is about, which verb governs it, in which tense, and what follows."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.person import TEAM, USER
from holdfast.extractors.embedded.words import Form, is_form, kin, verb_forms, words

Holder: TypeAlias = Literal["user", "team", "person", "thing", "name", "other"]
Tense: TypeAlias = Literal["present", "past", "perfect", "future", "modal"]


@dataclass(frozen=True, slots=True)
class Predicate:
    """One finite clause.

    Args:
        subject: The words of the subject: `User`, `User's older sister Ana`, `User's favorite color`.
        holder: What the subject is: the user, the user's team, a person or animal of the user's, a thing of the
            user's, a bare name, or something else in whose statement the user occurs.
        verb: The main verb's base form; `be` for a copula.
        tense: `perfect` is the present perfect; `modal` covers can, would, should, might and their like.
        auxiliary: The modal word, or "".
        progressive: It is an -ing form.
        negated: It is denied (not, never, no longer).
        adverbs: The adverbs between subject and verb.
        rest: What follows the verb.
        lead: What stands before the subject ("In 2019", "When User was six").
    """

    subject: str
    holder: Holder
    verb: str
    tense: Tense
    auxiliary: str
    progressive: bool
    negated: bool
    adverbs: frozenset[str]
    rest: str
    lead: str

    @property
    def thing(self) -> str:
        """What of the user's the subject names: `favorite color` of `User's favorite color`."""
        return self.subject.removeprefix("User's ") if self.subject.startswith("User's ") else ""


_WORD = lazy(r"[^\s,;:()\"]+")
_LEAD = lazy(
    r"^(?!User\b)(?P<lead>(?:\S+ ){0,11}?\S+?),? (?=User(?:'s)?\b)",
)
_OWNED_LEAD = lazy(r"(?:In|At|On|During|For|With|Before|Like|Unlike|Besides) User's [^,.]{2,30}, (?=User\b)")
_QUANTIFIED = lazy(
    r"(?:half|most|one|some|all|both|two|three|several|none|each|part)(?: of)? (?=User's)", re.IGNORECASE
)
_NAMES_USER = lazy(r" User\b")
_BE = frozenset("is are was were be isn't aren't wasn't weren't".split())
_HAVE = frozenset("has have had hasn't haven't hadn't".split())
_DO = frozenset("do does did don't doesn't didn't".split())
_MODAL = {
    "will": "will", "won't": "will", "'ll": "will", "would": "would", "wouldn't": "would", "can": "can", "can't": "can",
    "cannot": "can", "could": "could", "couldn't": "could", "may": "may", "might": "might", "should": "should",
    "shouldn't": "should", "must": "must", "mustn't": "must", "shall": "will",
}  # fmt: skip
_AUXILIARIES = _BE | _HAVE | _DO | frozenset(_MODAL)


def parse(text: str) -> Predicate | None:
    """Take a rewritten clause apart, or return None if it has no subject and finite verb that the rules know."""
    lead = ""
    owned = _OWNED_LEAD().match(text)
    if owned:
        lead, text = owned[0].rstrip(" ,"), text[owned.end() :]
    match = None if owned else _LEAD().match(text)
    if match and _opens(match["lead"]):
        lead, text = match["lead"], text[match.end() :]
        inner = re.search(r", (?=User(?:'s)?\b)", text)
        if inner and not match[0].rstrip().endswith(",") and _is_clause_word(lead):
            lead, text = f"{lead} {text[: inner.start()]}", text[inner.end() :]
        elif " " not in lead and _is_clause_word(lead):
            return None  # "Since User moved": the main clause is missing
    tokens = list(_WORD().finditer(text))
    found = _subject(text, tokens)
    if found is None:
        return None
    subject, holder, index = found
    return _VerbGroup(text, tokens, subject, holder, lead).read(index)


def _opens(lead: str) -> bool:
    """Tell whether the words before the subject are an adverbial; "A reminder that User ..." is not."""
    first = lead.split(maxsplit=1)[0].lower().strip(",")
    if first in _COUNTING:
        return bool(_TIME_WORD().search(lead))
    return first in words("lead_words")


_COUNTING = frozenset("the a an one two three four five all some many each".split())
_TIME_WORD = lazy(
    r"\b(?:day|night|morning|evening|afternoon|weekend|week|month|year|time|summer|winter|spring|autumn|fall|hour"
    r"|minute|decade"
    r"|\w+day)s?\b|\bago\b",
    re.IGNORECASE,
)


def _is_clause_word(lead: str) -> bool:
    return lead.split(maxsplit=1)[0].lower() in _CLAUSE_WORDS


_CLAUSE_WORDS = frozenset("when since after before while because although if as until for due".split())
_POSTMODIFIERS = frozenset("in from of at who with as for on".split())


def _finite(word: str) -> bool:
    lower = word.lower()
    if lower in _BE or lower in _HAVE or lower in _DO or lower in _MODAL:
        return True
    verb = verb_forms().get(lower)
    return verb is not None and bool(verb.forms & {"third", "past"})


def _subject(text: str, tokens: list[re.Match[str]]) -> tuple[str, Holder, int] | None:
    if not tokens:
        return None
    first = tokens[0][0]
    if text.startswith(TEAM + " "):
        return TEAM, "team", 2
    if first == USER:
        if len(tokens) > 1 and tokens[1][0] == "and":
            return _noun_phrase(text, tokens, 2, "user")
        return USER, "user", 1
    if first == "User's":
        return _noun_phrase(text, tokens, 1, "thing")
    quantified = _QUANTIFIED().match(text)
    if quantified:
        return _noun_phrase(text, tokens, len(quantified[0].split()), "thing")
    if first[0].isupper() and first.lower() not in words("english") and not is_form(first, "gerund"):
        return _noun_phrase(text, tokens, 0, "name")
    return _noun_phrase(text, tokens, 0, "other") if _NAMES_USER().search(text) else None


def _noun_phrase(text: str, tokens: list[re.Match[str]], start: int, holder: Holder) -> tuple[str, Holder, int] | None:
    """Find where a noun phrase ends: before the first finite verb that is not itself a noun of the phrase."""
    for index in range(start + 1, min(len(tokens), start + 10)):
        word = tokens[index][0]
        phrase = text[: tokens[index].start()].strip(" ,(")
        plural = _is_plural(phrase.split()[-1], holder) or holder == "user" or " and " in phrase
        listed = text[: tokens[index].start()].rstrip().endswith(",")
        finite = _finite(word) or (plural and not listed and is_form(word, "base"))
        adverb_first = word.lower() in words("adverbs") and index + 1 < len(tokens) and _finite(tokens[index + 1][0])
        if not (finite or adverb_first):
            continue
        following = tokens[index + 1][0] if index + 1 < len(tokens) else ""
        is_noun = finite and _may_be_noun(word) and _finite(following) and following.lower() != "had"
        if is_noun and text[tokens[index].end() : tokens[index].end() + 1] not in ",;":
            continue
        return phrase, _holder(phrase, holder), index
    return None


def _may_be_noun(word: str) -> bool:
    verb = verb_forms().get(word.lower())
    return word.lower() not in _AUXILIARIES and not (verb and verb.forms <= {"past", "participle"})


def _is_plural(head: str, holder: Holder) -> bool:
    lower = head.lower()
    return lower in words("plural_kin") or (
        holder in ("thing", "other", "name") and lower.endswith("s") and not lower.endswith(("ss", "'s", "us"))
    )


def _holder(phrase: str, holder: Holder) -> Holder:
    if holder != "thing":
        return holder
    plain = re.sub(r"\([^)]*\)", "", phrase.removeprefix("User's "))
    own = [word for word in plain.replace(",", " ").split() if word[0].islower() or word.lower() in kin()]
    end = next((place for place, word in enumerate(own) if word in _POSTMODIFIERS), len(own))
    common = own[:end]
    if common and common[-1].lower() in kin() and not any(word.endswith("'s") for word in plain.split()):
        return "person"
    if len(common) > 1 and "and" in common and any(word.lower() in kin() for word in common):
        return "person"
    return "thing"


class _VerbGroup:
    """Reads auxiliaries, adverbs and the main verb from left to right."""

    def __init__(self, text: str, tokens: list[re.Match[str]], subject: str, holder: Holder, lead: str) -> None:
        self._text = text
        self._words = [token[0] for token in tokens]
        self._ends = [token.end() for token in tokens]
        self._subject = subject
        self._holder: Holder = holder
        self._lead = lead
        self._adverbs: set[str] = set()
        self._negated = False

    def read(self, start: int) -> Predicate | None:
        """Return the predicate whose verb group begins at a word, or None if no verb is known there."""
        place = self._skip(start)
        word = self._at(place)
        if word.endswith("n't") or word == "cannot":
            self._negated = True
        if word in _MODAL or word in _DO:
            return self._after_auxiliary(place)
        if word in _HAVE:
            return self._after_have(place)
        if word in _BE:
            return self._after_be(place)
        if word == "used" and self._at(place + 1) == "to":
            verb = self._skip(place + 2)
            return (
                self._made(verb, _lemma(self._at(verb)), "past", "used to") if is_form(self._at(verb), "base") else None
            )
        return self._lexical(place)

    def _at(self, place: int) -> str:
        return self._words[place].lower() if place < len(self._words) else ""

    def _skip(self, place: int) -> int:
        """Return the place of the first word that is neither adverb nor negation, keeping those."""
        while place < len(self._words):
            word = self._at(place)
            if word == "no" and self._at(place + 1) == "longer":
                self._negated = True
                self._adverbs.add("no longer")
                place += 1
            elif word in ("not", "never", "barely", "hardly"):
                self._negated = True
                self._adverbs.add(word)
            elif self._is_adverb(place):
                self._adverbs.add(word)
            elif word not in ("all", "both", "each"):
                return place
            place += 1
        return place

    def _is_adverb(self, place: int) -> bool:
        word = self._at(place)
        if word in ("no", "too", "each", "all", "both"):
            return False
        by_ending = word.endswith("ly") and self._words[place].islower() and not is_form(word, "base")
        return by_ending or word in words("adverbs")

    def _after_auxiliary(self, place: int) -> Predicate | None:
        word = self._at(place)
        verb = self._skip(place + 1)
        following = self._at(verb)
        if word in _DO:
            tense: Tense = "past" if word.startswith("did") else "present"
            if is_form(following, "base"):
                return self._made(verb, _lemma(following), tense)
            unknown = self._negated and following.isalpha() and following not in words("english")
            return self._made(verb, following, tense) if unknown else self._made(place, "do", tense)
        auxiliary = _MODAL[word]
        tense = "future" if auxiliary == "will" else "modal"
        participle = self._skip(verb + 1)
        if following == "have" and is_form(self._at(participle), "participle"):
            return self._made(participle, _lemma(self._at(participle)), "modal", auxiliary)
        gerund = self._skip(verb + 1)
        if following == "be" and is_form(self._at(gerund), "gerund"):
            return self._made(gerund, _lemma(self._at(gerund)), tense, auxiliary, progressive=True)
        if is_form(following, "base"):
            return self._made(verb, _lemma(following), tense, auxiliary)
        return self._made(verb, following, tense, auxiliary) if following.isalpha() else None

    def _after_have(self, place: int) -> Predicate:
        tense: Tense = "past" if self._at(place).startswith("had") else "present"
        verb = self._skip(place + 1)
        following = self._at(verb)
        if following == "got":
            possessed = self._at(verb + 1)
            owns = possessed in _DETERMINERS or not (
                possessed in _NOT_GOT
                or possessed in words("passing")
                or is_form(possessed, "participle")
                or possessed.endswith(("er", "ly"))
            )
            return self._made(verb, "have" if owns else "get", tense)
        if not (is_form(following, "participle") or _unlisted_participle(following)) or following in (
            "left",
            "set",
            "put",
            "cut",
        ):
            return self._made(verb - 1, "have", tense)
        perfect: Tense = "past" if tense == "past" else "perfect"
        if following != "been":
            return self._made(verb, _lemma(following), perfect)
        after = self._skip(verb + 1)
        if is_form(self._at(after), "gerund"):
            return self._made(after, _lemma(self._at(after)), perfect, progressive=True)
        return self._made(verb, "be", perfect)

    def _after_be(self, place: int) -> Predicate:
        tense: Tense = "past" if self._at(place).startswith(("was", "were")) else "present"
        verb = self._skip(place + 1)
        following = self._at(verb)
        if following == "going" and self._at(verb + 1) == "to" and is_form(self._at(verb + 2), "base"):
            planned: Tense = "future" if tense == "present" else "modal"
            return self._made(verb + 2, _lemma(self._at(verb + 2)), planned, "going")
        if is_form(following, "gerund") and following not in ("boring", "being"):
            return self._made(verb, _lemma(following), tense, progressive=True)
        if (
            following.endswith("ing")
            and len(following) > 5
            and following.isalpha()
            and _unlisted_deed(self._words[verb])
        ):
            return self._made(verb, following[:-3], tense, progressive=True)
        return self._made(verb - 1, "be", tense)

    def _lexical(self, place: int) -> Predicate | None:
        word = self._at(place)
        verb = verb_forms().get(word)
        if verb is None:
            if self._holder not in ("user", "team") or len(word) < 4 or not word.isalpha():
                return None
            if word.endswith("ed"):
                return self._made(
                    place, word[: -1 if word.endswith(("eed", "ced", "sed", "ged", "ved", "zed")) else -2], "past"
                )
            return self._made(place, word[:-1], "present") if word.endswith("s") else None
        if verb.forms & {"past", "participle"} and "third" not in verb.forms:
            return self._made(place, verb.lemma, "past")
        plural = self._holder not in ("user", "team") or " and " in self._subject
        if verb.forms == frozenset[Form](("gerund",)) or ("third" not in verb.forms and not plural):
            return None
        return self._made(place, verb.lemma, "present")

    def _made(
        self, place: int, verb: str, tense: Tense, auxiliary: str = "", *, progressive: bool = False
    ) -> Predicate:
        rest = self._text[self._ends[place] :].strip()
        while verb in ("be", "have", "do"):
            head, space, tail = rest.partition(" ")
            if not space or not (head.lower() in _AFTER_COPULA or _manner(head)):
                break
            self._adverbs.add(head.lower())
            self._negated = self._negated or head.lower() in ("never", "not")
            rest = tail.lstrip()
        return Predicate(
            self._subject, self._holder, verb, tense, auxiliary, progressive, self._negated, frozenset(self._adverbs),
            rest, self._lead,
        )  # fmt: skip


_DETERMINERS = frozenset("a an two three four no some the my user's any this".split())
_NOT_GOT = frozenset(
    "to back over into rid used out up through away in on off around along by past from onto it them you".split()
)
_AFTER_COPULA = frozenset(
    "not also now currently still just actually really already only always both never usually mostly"
    " officially finally"
    " recently originally newly".split()
)


def _unlisted_deed(word: str) -> bool:
    """Tell whether a form in -ing of no listed verb is a verb all the same, not an adjective, a noun or a name."""
    return word.islower() and word not in words("passing") and word not in _NO_DEEDS


_NO_DEEDS = frozenset(
    "something nothing anything everything evening morning wedding sibling siblings ceiling outstanding missing "
    "upcoming ongoing"
    " willing aging ageing lacking pending during being boring loving caring charming promising demanding".split()
)


def _unlisted_participle(word: str) -> bool:
    return word.endswith("ed") and len(word) > 5 and word.isalpha() and word not in words("passing")


def _manner(word: str) -> bool:
    return word.endswith("ly") and word.islower() and len(word) > 5 and word not in _ADJECTIVES_IN_LY


_ADJECTIVES_IN_LY = frozenset(
    "family friendly lonely elderly lovely ugly silly likely unlikely lively costly deadly early daily weekly "
    "monthly yearly only"
    " curly wobbly chilly hilly bubbly cuddly orderly quarterly assembly supply bully belly".split()
)


def _lemma(word: str) -> str:
    verb = verb_forms().get(word)
    return verb.lemma if verb else word
