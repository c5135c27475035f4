"""The words of a statement that can be wrong: names, numbers, people."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from holdfast.grounding.lexicon import NUMBERS, ORDINALS, SCALES, SENTENCE_OPENERS

__all__ = ["Specific", "in_quotation_marks", "names_match", "plain", "specifics", "words_in"]

_WORD = re.compile(r"[^\W_]+(?:[.'’&+#-][^\W_]+)*[+#]*")
_NUMBER = re.compile(
    r"(?<![\w.])(?:\d{1,3}(?:,\d{3})+|\d+)(?:[.:]\d+)*(?:st|nd|rd|th|[kKmM](?![a-zA-Z]))?|\d+(?:[.:]\d+)*"
)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+|\n\s*|[\"“«(]\s*)$")
_ENDINGS = frozenset("s es er ers n an ian ians ish sql js ic al ly ed d ing r".split())
_QUOTED = re.compile(r"\"[^\"\n]+\"|“[^”\n]+”|«[^»\n]+»|„[^“”\n]+[“”]|(?<![\w])'[^'\n]{8,}'(?!\w)")


@dataclass(frozen=True, slots=True)
class Specific:
    """A name or a number, in the form in which two of them are compared."""

    kind: Literal["name", "number"]
    key: str


def plain(word: str) -> str:
    """Return a word without case, accents and possessive."""
    word = word.replace("’", "'").casefold().removesuffix("'s").removesuffix("'")
    if word.isascii():
        return word
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))


def words_in(text: str) -> list[str]:
    """Return the words of a text in their plain form; those with hyphens also in parts."""
    found: list[str] = []
    for match in _WORD.finditer(text):
        word = plain(match[0])
        found.append(word)
        if "-" in word or "'" in word:
            found.extend(part for part in re.split(r"[-']", word) if part)
    return found


def specifics(text: str) -> list[Specific]:
    """Return the names and numbers of a text.

    A name is a word with a capital that does not merely open a sentence, or one of letters and digits.
    """
    found: dict[Specific, None] = {}
    for match in _WORD.finditer(text):
        word = match[0]
        if _is_name(word, opens=bool(_SENTENCE_START.search(text, 0, match.start()))):
            found[Specific("name", plain(word))] = None
    found.update((Specific("number", number), None) for number in _numbers(text))
    return list(found)


def _is_name(word: str, *, opens: bool) -> bool:
    if word.islower() and word.isalpha():
        return False
    if plain(word) in ("user", "i") or not any(letter.isalpha() for letter in word) or _UNSPACED.search(word):
        return False
    if any(letter.isdigit() for letter in word):
        return not _NUMBER.fullmatch(word)
    if not any(letter.isupper() for letter in word):
        return False
    return not (opens and word[1:].islower() and plain(word) in SENTENCE_OPENERS) and len(word) > 1


def _numbers(text: str) -> Iterator[str]:
    for match in _NUMBER.finditer(text):
        digits = match[0].replace(",", "")
        number = re.sub(r"(?:st|nd|rd|th)$", "", digits)
        scale = SCALES.get(number[-1:].casefold())
        yield _shortest(float(number[:-1]) * scale) if scale and number[:-1].replace(".", "", 1).isdigit() else number
    for word in re.findall(r"[a-z]+(?:-[a-z]+)?", text.casefold()):
        tens, _, ones = word.partition("-")
        if word in NUMBERS:
            yield str(NUMBERS[word])
        elif ones and NUMBERS.get(tens, 0) >= 20 and 0 < NUMBERS.get(ones, 0) < 10:
            yield str(NUMBERS[tens] + NUMBERS[ones])
        elif word in ORDINALS:
            yield str(ORDINALS[word])


def _shortest(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def names_match(one: str, other: str) -> bool:
    """Whether two plain words are one name, or forms of it ("postgres", "postgresql"; "berlin", "berliner")."""
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) > 3 and long.startswith(short) and long[len(short) :] in _ENDINGS)


def in_quotation_marks(text: str) -> list[tuple[int, int]]:
    """Return where somebody else is quoted: at least three words between quotation marks."""
    return [match.span() for match in _QUOTED.finditer(text) if len(match[0].split()) > 2]
