"""What somebody else's memory says of a user, in the words in which the user would have said it."""

import json
import re
from collections.abc import Mapping
from typing import Any, cast

__all__ = ["statement_of", "text_of"]

_OWNED = re.compile(
    r"(?:(?:The\s+)?user['’]s\s+|(?:The\s+)?(?=(?:(?:full|first|last)\s+)?(?:name|age|birthday|job|profession|hobby)\b))",
    re.IGNORECASE,
)

_VERBS = """
    is was has had does did likes loves enjoys prefers hates dislikes wants works worked lives lived moved owns uses
    used plays played speaks studies studied learns teaches drives drinks eats visited travels started stopped bought
    knows believes thinks goes writes
"""
_VERB = re.compile(rf"(?:{'|'.join(_VERBS.split())})(?:n['’]t)?\b", re.IGNORECASE)
_SECOND = re.compile(rf"(?<=\b)(and|but|who)\s+({'|'.join(_VERBS.split())})\b")
_ADVERBS = frozenset("also often always never sometimes still now just usually currently really mostly".split())
_OTHERS = re.compile(r"\b(?:he|she|they|him|her|hers|his|them|their|theirs|himself|herself|themselves|users?)\b", re.I)
"""Who these are, the user or somebody else, only the words before told; such a statement stays as it is."""

_IRREGULAR = {
    "is": "am", "isn't": "am not", "has": "have", "hasn't": "haven't", "does": "do", "doesn't": "don't", "was": "was",
    "wasn't": "wasn't",
}  # fmt: skip

_TEXTS = ("memory", "content", "text", "data", "fact", "value")
"""Names under which other memories keep their words, the first one that is there."""


def statement_of(text: str) -> str:
    """Return a memory as the user would say it: "User likes tea" and "Likes tea" both say "I like tea".

    What cannot be turned without a guess stays as it is.
    """
    text = " ".join(text.split())
    owned = _OWNED.match(text)
    if owned:
        rest = text[owned.end() :]
        return text if _OTHERS.search(rest) else f"My {rest[0].lower()}{rest[1:]}" if rest else text
    subject = re.match(r"(?:The\s+)?user\s+", text, re.IGNORECASE)
    rest = text[subject.end() :] if subject else text
    if not rest or (subject is None and not _VERB.match(rest)) or _OTHERS.search(rest):
        return text
    words = rest.split(" ")
    number = next((n for n, word in enumerate(words) if word.lower() not in _ADVERBS), 0)
    words[0] = words[0][0].lower() + words[0][1:]
    words[number] = _first_person(words[number])
    said = " ".join(words)
    return f"I {_SECOND.sub(lambda found: f'{found[1]} {_first_person(found[2])}', said)}"


def _first_person(verb: str) -> str:
    known = _IRREGULAR.get(verb.replace("’", "'"))
    if known is not None:
        return known
    if re.search(r"[^aeiou]ies$", verb):
        return f"{verb[:-3]}y"
    if re.search(r"(?:ch|sh|ss|x|z|o)es$", verb):
        return verb[:-2]
    return verb[:-1] if re.search(r"[^sui]s$", verb) else verb


def text_of(value: Any) -> str:
    """Return the words of a stored value; of a form, each field with its name."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        fields = cast(Mapping[str, Any], value)
        for name in _TEXTS:
            if fields.get(name):
                return text_of(fields[name])
        return "; ".join(f"{name}: {text_of(item)}" for name, item in fields.items() if item not in (None, "", [], {}))
    if isinstance(value, list):
        return ", ".join(map(text_of, cast(list[Any], value)))
    return json.dumps(value, ensure_ascii=False)
