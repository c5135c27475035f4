"""A rule is a row: a name, a pattern, what it yields, an example that fires and a look-alike that must not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from holdfast.extractors.embedded.words import Form, kin, lines, verb_forms, words

Match = re.Match[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a table.

    Args:
        name: Unique in its table.
        pattern: A regular expression in which `<part>` stands for a named part of `PARTS`; case is ignored unless
            it says `(?-i:...)`.
        gives: What it yields: a reason, a flag, a replacement; the table's docstring says which.
        fires: A text that the rule matches; where the yield is a text, `before => after`.
        spares: A text that looks alike and must not match.
        holds: What every match holds, one or another, in small letters and parted by bars: next to free to look for.
        needs: A pattern that every match holds, far cheaper than the whole.
    """

    name: str
    pattern: str
    gives: str
    fires: str
    spares: str
    holds: str = ""
    needs: str = ""


_FORM_PARTS: dict[str, Form] = {"past_verbs": "past", "gerunds": "gerund"}


def _lexicon_part(name: str) -> str:
    if name in _FORM_PARTS:
        source = [
            form for form, verb in verb_forms().items() if _FORM_PARTS[name] in verb.forms and "base" not in verb.forms
        ]
    else:
        source = list(kin()) if name == "kin" else list(words(name))
    by_first: dict[str, list[str]] = {}  # a text that has no such first letter is passed over ten times as fast
    for word in sorted(source, key=lambda word: (-len(word), word)):
        by_first.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(letter)}(?:{'|'.join(rest)})" for letter, rest in by_first.items())


PARTS: dict[str, str] = {
    "name": r"(?!User\b)(?-i:[A-Z][\w'’.-]*(?: (?:(?:de|da|van|von|der|la|le|of|the) )?[A-Z][\w'’.-]*){0,3})",
    "det": r"(?:the|a|an|my|our|user's|his|her|their|this|that|some)",
    "number": r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a couple of|several|a few)",
    "end": r"(?=[.,;:!?)]|$| (?:and|but|so|because|since|with|for|now|anymore|any more|these days|at the moment|last"
    r"|next|this|in|on|at|from|running|to|as|after|before|when|while|which|who|instead|yesterday|recently|again|all"
    r"|ever)\b)",
    "i": r"(?:I|we)",
    "be": r"(?:am|is|are|was|were|'m|'re|'s)",
    "my": r"(?:my|our)",
}
LEXICON_PARTS = (
    "kin",
    "occupations",
    "conditions",
    "demonyms",
    "languages",
    "feelings",
    "own_nouns",
    "technologies",
    "capital_technologies",
    "abstract",
    "passing",
    "nothing_had",
    "task_words",
    "past_verbs",
    "gerunds",
)
PARTS["value"] = r"(?P<value>\w[\w&.+#'’/:@-]*(?: [\w&.+#'’/:@$-]+){0,7}?)" + PARTS["end"]
PARTS["object"] = r"(?!<pointing>\b)\S"
PARTS["place"] = r"(?!<no_place>\b)<value>"
PARTS["employer"] = r"(?!<no_employer>\b)(?:the )?<value>"
PARTS["old"] = r"<old_openings>*(?P<old>[\w][\w.+#:'/-]*(?: [\w.+#:'/-]+){0,4}?)"
PARTS["stop"] = r"(?=[.,;!)]|$| <stop_words>\b)"
PARTS["not_vague"] = r"(?!<frequency_exceptions>\b)"
PARTS["not_vague_thing"] = r"(?!(?:<quantifiers> )*(?:[\w-]+ ){0,2}?<nothing_owned>\b)"
PARTS["worthy"] = r"(?!<likes_exceptions>\b)\S"
PARTS["liked"] = r"(?:<liked_openings> )?(?:(?:the|a|an|my|user's|some|any) )?<value>"


@cache
def _named_alternatives() -> dict[str, str]:
    """Return the sections of `lexicon/parts.txt`: entries parted by line ends and by bars between spaces."""
    sections: dict[str, list[str]] = {}
    section: list[str] = []
    for line in lines("parts"):
        if line.startswith("[") and line.endswith("]"):
            section = sections.setdefault(line[1:-1], [])
        else:
            section.extend(line.removesuffix(" |").split(" | "))
    return {name: "|".join(entries) for name, entries in sections.items()}


def part(name: str) -> str:
    """Return the pattern that `<name>` stands for, its own `<parts>` filled in."""
    if name == "tech":
        return f"(?:{_lexicon_part('technologies')}|(?-i:{_lexicon_part('capital_technologies')}))"
    if name in LEXICON_PARTS:
        return f"(?:{_lexicon_part(name)})"
    return expand(PARTS[name] if name in PARTS else f"(?:{_named_alternatives()[name]})")


def expand(pattern: str) -> str:
    """Return a row's pattern with its `<parts>` filled in."""
    return re.sub(r"(?<!\?P)<(\w+)>", lambda match: part(match[1]), pattern)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a row's pattern on its first use."""
    return re.compile(expand(pattern), re.IGNORECASE)


def folded(text: str) -> str:
    """Return a text as `Rule.holds` reads it: what a pattern takes for one small letter is that letter."""
    return text.casefold().replace("\u0307", "").replace("\u0131", "i")


@cache
def _alternatives(holds: str) -> tuple[str, ...]:
    return tuple(holds.split("|"))


def possible(rule: Rule, text: str, small: str) -> bool:
    """Whether a text, and what `folded` makes of it, hold what every match of a rule does."""
    if rule.holds:
        for part in _alternatives(rule.holds):
            if part in small:
                break
        else:
            return False
    return not rule.needs or compiled(rule.needs).search(text) is not None


def first(table: tuple[Rule, ...], text: str) -> tuple[Rule, Match] | None:
    """Return the first row that matches anywhere in the text, and where."""
    return next(hits(table, text), None)


def hits(table: tuple[Rule, ...], text: str) -> Iterator[tuple[Rule, Match]]:
    """Yield each row that matches, in the table's order, with its first match."""
    small = folded(text)
    for rule in table:
        if (rule.holds or rule.needs) and not possible(rule, text, small):
            continue
        if match := compiled(rule.pattern).search(text):
            yield rule, match
