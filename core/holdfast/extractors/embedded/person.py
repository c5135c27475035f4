"""From the first person to the third: "I live with my wife" is "User lives with User's wife"."""

import re
from dataclasses import dataclass

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.words import is_form, third_person, verb_forms, words

USER = "User"
TEAM = "User's team"

_TOKEN = lazy(r"\"[^\"]*\"|[A-Za-z0-9À-ɏ](?:[\w.+#/&@-]*[\w+#])?(?:'[a-z]+)?|\s+|.", re.DOTALL)
_AUXILIARY = {
    "am": "is", "are": "is", "were": "was", "have": "has", "do": "does", "don't": "doesn't", "haven't": "hasn't",
    "aren't": "isn't", "weren't": "wasn't", "ain't": "isn't", "have-to": "has to",
}  # fmt: skip
_MODALS = frozenset(
    "can could will would shall should may might must cannot can't won't couldn't wouldn't shouldn't"
    " mightn't mustn't did"
    " didn't do does don't doesn't had hadn't".split()
)
_CONTRACTED = {"m": "is", "re": "is", "ve": "has", "ll": "will"}
_SAME_FORM = frozenset("cut hit put set let cost quit hurt bet read split spread shut".split())
"""Verbs whose past looks like the base: the words around decide."""
_PAST_BY_DEFAULT = frozenset("quit hurt hit cut split read put set shut".split())
_HABITUAL = lazy(
    r"\b(?:always|usually|often|every|never|sometimes|daily|weekly|regularly"
    r"|each)\b",
    re.IGNORECASE,
)
_NUMERAL_BEFORE = frozenset(
    "war part type phase level class grade tier volume book act stage calculus physics chapter world algebra".split()
)
_INFINITIVE_OF_PLACE = frozenset(
    "go goes going went drive drives drove walk walks walked commute commutes get gets".split()
)
FIRST_PERSON = lazy(
    r"(?<![\w'-])(?:i|i'm|i've|i'll|i'd|me|my|mine|myself|we|we're|we've|we'll|we'd|us|our|ours|ourselves)(?![\w-])",
    re.IGNORECASE,
)
_OUTSIDE_QUOTES = lazy(r"\"[^\"]*\"")
_COMPANION = lazy(
    r"\b(?P<other>(?:[Mm]y|[Oo]ur) (?:\w+ ){0,2}?[\w-]+(?: [A-Z]\w+)?|[A-Z]\w+(?: [A-Z]\w+)?) and I\b(?!')"
    r"|\b(?-i:[Mm]e and )(?P<mine>(?:[Mm]y|[Oo]ur) [\w-]+|[A-Z]\w+)\b",
)


@dataclass(slots=True)
class _State:
    """Where the walk over the tokens stands."""

    expecting: bool = False
    """The governed verb of a first-person subject is still to come."""
    present: bool = False
    """It came, in the present tense: verbs joined to it agree too."""
    infinitive: bool = False
    liking: bool = False
    """Its verb takes nouns that look like verbs: "I love travel and work"."""
    plural: bool = False


def rewrite(clause: str, *, we: str = USER) -> str:
    """Return the clause in the third person, without final full stop.

    Args:
        clause: English with plain apostrophes and quotes; text in double quotes is left as it is.
        we: Whom "we" stands for.
    """
    return _tidy("".join(_words(_companions_last(clause), we)))


def first_person_left(text: str) -> bool:
    """Tell whether a word of the first person stands outside double quotes."""
    for match in FIRST_PERSON().finditer(_OUTSIDE_QUOTES().sub('""', text)):
        if match[0] in ("US", "ME") or (match[0] == "I" and _is_numeral(text[: match.start()].split())):
            continue
        return True
    return False


def _companions_last(clause: str) -> str:
    """Put the first person first ("my wife and I" -> "I and my wife"), so that the subject begins with User."""
    return _COMPANION().sub(lambda match: f"I and {match['other'] or match['mine']}", clause)


def _is_numeral(before: list[str]) -> bool:
    return bool(before) and before[-1].lower() in _NUMERAL_BEFORE


def _words(clause: str, we: str) -> list[str]:
    tokens = _TOKEN().findall(clause)
    solid = [index for index, token in enumerate(tokens) if not token.isspace()]
    past = not _HABITUAL().search(clause)
    out: list[str] = []
    state = _State()
    for place, index in enumerate(solid):
        token = tokens[index]
        before = [tokens[other] for other in solid[max(0, place - 3) : place]]
        after = [tokens[other] for other in solid[place + 1 : place + 4]]
        out.append(tokens[index - 1] if index and tokens[index - 1].isspace() else "")
        out.append(_word(token, before, after, state, we=we, past=past))
    return out


def _word(token: str, before: list[str], after: list[str], state: _State, *, we: str, past: bool) -> str:
    lower = token.lower()
    if token.startswith('"'):
        return token
    if token == "I" or lower == "we":
        if token == "I" and _is_numeral(before):
            return token
        state.expecting, state.present, state.infinitive = True, False, False
        state.plural = bool(after) and after[0].lower() == "and" and not (len(after) > 1 and _verbal(after[1]))
        return USER if token == "I" else we
    if lower[:2] in ("i'", "we") and "'" in lower and lower.split("'")[0] in ("i", "we"):
        return _contraction(token, after, state, we)
    if token != "US" and lower in _PRONOUNS:
        return _PRONOUNS[lower]
    if after and after[0].lower() in ("i", "we") and lower in _AUXILIARY:
        state.expecting = False
        return _AUXILIARY[lower]
    if state.expecting:
        return _governed(token, after, state, past=past)
    if lower == "to":
        state.infinitive = bool(after) and is_form(after[0], "base") and not _goes_to_work(before, after)
    elif lower in (".", "!", "?", ";", ":"):
        state.present = state.infinitive = False
    elif state.present and not state.infinitive and _joined(lower, before, after, liking=state.liking):
        return third_person(token)
    return token


_PRONOUNS = {
    "my": "User's", "our": "User's", "mine": "User's", "ours": "User's", "me": "User", "us": "User",
    "myself": "themselves", "ourselves": "themselves",
}  # fmt: skip


def _contraction(token: str, after: list[str], state: _State, we: str) -> str:
    subject = USER if token.lower().startswith("i") else we
    ending = token.lower().split("'")[1]
    state.expecting, state.infinitive, state.plural = False, False, False
    state.present = ending in ("m", "re")
    if ending == "d":
        verb = next((word.lower() for word in after if word.lower() not in words("adverbs")), "")
        had = verb == "better" or (is_form(verb, "participle") and not is_form(verb, "base"))
        return f"{subject} {'had' if had else 'would'}"
    return f"{subject} {_CONTRACTED.get(ending, 'is')}"


def _verbal(word: str) -> bool:
    return word.lower() in _MODALS or word.lower() in _AUXILIARY or is_form(word, "base") or is_form(word, "past")


def _governed(token: str, after: list[str], state: _State, *, past: bool) -> str:
    """Agree the verb of a first-person subject; adverbs before it pass."""
    lower = token.lower()
    if not re.fullmatch(r"[a-z'-]+", lower):
        return token
    if state.plural:
        return token
    if lower in words("adverbs") or (lower.endswith("ly") and not is_form(lower, "base")):
        return token
    if lower == "last" and after and after[0].lower() in verb_forms():
        return token
    state.expecting = False
    if lower in _AUXILIARY:
        state.present = lower in ("am", "are", "have")
        return _AUXILIARY[lower]
    if lower in _MODALS or lower.endswith("n't"):
        return token
    if lower in _SAME_FORM:
        state.present = not (past and lower in _PAST_BY_DEFAULT)
        return third_person(token) if state.present else token
    verb = verb_forms().get(lower)
    if (verb and "base" not in verb.forms) or (not verb and lower.endswith(("ed", "ing", "s"))):
        state.present = lower in ("has", "is")
        return token
    if not verb and not lower.isalpha():
        return token
    state.present = True
    state.liking = lower in ("love", "like", "enjoy", "prefer", "hate", "study", "teach", "do", "play", "need", "want")
    return third_person(token)


def _goes_to_work(before: list[str], after: list[str]) -> bool:
    return bool(before) and before[-1].lower() in _INFINITIVE_OF_PLACE and after[0].lower() in ("work", "study")


def _joined(lower: str, before: list[str], after: list[str], *, liking: bool) -> bool:
    """Tell whether a base verb is coordinated with the governed one: "I live here and WORK at home"."""
    if not is_form(lower, "base") or lower in _SAME_FORM or not before:
        return False
    adverb = before[-1].lower() in words("adverbs")
    joint = (before[-2] if adverb and len(before) > 1 else before[-1]).lower()
    if joint not in ("and", "but", "or", "then", ","):
        return False
    if not after:
        return not liking and joint == "and"
    following = after[0]
    closed = (
        following.lower() in words("closed_class")
        or following[0].isdigit()
        or following[:1].isupper()
        or following.endswith("ing")
    )
    if joint in (",", "but"):
        return closed
    return closed or (following[0].isalpha() and following.lower() not in ("and", "or"))


def _tidy(text: str) -> str:
    """Collapse spaces, drop the final stop, begin with a capital."""
    text = " ".join(text.split()).lstrip(" ,;:-—–.!…").rstrip(" ,;:-—–.!…")
    if text and text[0].islower() and not re.match(r"\w+[.+#/]\w|[a-z]+[A-Z]", text):
        text = text[0].upper() + text[1:]
    return text
