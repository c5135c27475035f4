"""Pronouns: which of them a rewritten clause explains itself, and whom "she" means after "my sister Ana"."""

import re

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.rules import Rule, compiled
from holdfast.extractors.embedded.words import kin

HARMLESS = (
    Rule(
        "relative clause",
        r"\bthat (?:is|are|was|were|has|have|had|can|will|would|User|the|a|an|my|\w+s|\w+ed)\b",
        "",
        "User wants an app that tracks sleep => resolved",
        "User wants that",
    ),
    Rule(
        "this of time",
        r"\b(?:this|these|that|those) (?:coming |past |very )?<times>\b",
        "",
        "User is in Rome this week => resolved",
        "User likes this town",
    ),
    Rule(
        "there is",
        r"\bthere (?:is|are|was|were|'s)\b",
        "",
        "User says there is a dog in the house => resolved",
        "User lives there",
    ),
    Rule(
        "pronouns named",
        r"\b(?:they/them|she/her|he/him|they/she|he/they|she/they)\b",
        "",
        "User goes by they/them => resolved",
        "User goes with them",
    ),
    Rule(
        "weather",
        r"\bit'?s? (?:is |was )?(?:rain|snow|cold|hot)\w*",
        "",
        "User runs when it rains => resolved",
        "User runs when it works",
    ),
    Rule(
        "joined by that or as",
        r"\bso that\b|\bsuch as\b",
        "",
        "User likes fruit such as figs => resolved",
        "User likes such figs",
    ),
    Rule(
        "what is being made",
        r"\bbuilding this\b|\bis (?:building|making|writing|creating|developing|using|working on) (?:this|it)\b",
        "",
        "User is building this in Next.js => resolved",
        "User is eating this",
    ),
    Rule(
        "than one",
        r"\bthan an? \w+ one\b",
        "",
        "User wants a bike better than a new one => resolved",
        "User wants another one",
    ),
    Rule(
        "here for a place",
        r"\bmoved (?:back )?here\b|\bhere (?:in|at) [A-Z]",
        "",
        "User lives here in Oslo => resolved",
        "User lives here",
    ),
    Rule(
        "the same since",
        r"\bthe same (?:[\w-]+ ){1,3}(?:since|for|every|all|as (?:always|ever))\b",
        "",
        "User has had the same haircut since 1998 => resolved",
        "User has had the same",
    ),
    Rule(
        "the one told apart",
        r"\bthe one (?:with|in|from|who|that|\w+ing)\b",
        "",
        "User's sister is the one in Oslo => resolved",
        "User's sister is the one",
    ),
    Rule(
        "it of time and place",
        r"^It(?:'s| is| was|'s been| has been| will be)(?: now| almost| nearly| about| already| over| only| exactly)? "
        r"(?:(?:an?|<number>) (?:[\w-]+ )?(?:days?|weeks?|months?|years?|decades?|hours?|miles|km|minutes?)\b"
        r"|User's (?:first|last|second|third|final) )",
        "",
        "It's been two years since User quit smoking => resolved",
        "It's two pounds",
    ),
    Rule(
        "it that took so long",
        r"^It (?:took|takes|has taken|cost|costs|has been|was) User(?:'s)? (?=[\w-]+ \w)",
        "",
        "It took User nine years to qualify => resolved",
        "It took User",
    ),
    Rule(
        "it that is decided",
        r"^It(?:'s| is) an? (?:no|yes|boy|girl)\b",
        "",
        "It's a no to the Riga job from User => resolved",
        "It's a nuisance",
    ),
    Rule(
        "they who are nobody in particular",
        r"^They(?:'ve|'re|'ll)? (?:(?:have|had|are|will|want|just|finally|still|only) ){0,2}[\w-]+ "
        r"(?:(?:an?|the|some) (?:[\w-]+ ){1,3}(?:in|on) )?User(?:'s)?\b",
        "",
        "They've asked User to cover the night desk => resolved",
        "They've asked for more",
    ),
    Rule(
        "where one stands",
        r"\b(?:in|at|of) this (?:country|repo|repository|project|codebase|house|flat|town|city|company|job|village"
        r"|household|school|building|street|family|office|team|class|area)\b",
        "",
        "User has no family in this country => resolved",
        "User has no family in this",
    ),
    Rule(
        "one of what was counted",
        r"\b(?:two|three|four|five|six|several|\d+) [\w ]{3,40} (?:and|but) (?:only )?[a-z]+ one\b",
        "",
        "User owns two pianos and plays one => resolved",
        "User owns pianos and plays one",
    ),
    Rule(
        "there is, told of a circumstance",
        r"\bthere's\b|\b(?:is|am|are|been|lives?|living|works?|working) here (?:since|for|on|in|at|with|as|from"
        r"|alone)\b",
        "",
        "User has lived and been here since 2022 => resolved",
        "User is here",
    ),
    Rule(
        "those who",
        r"\b(?:one of )?(?:those|the) (?:people|men|women|kids|parents|folks|ones|types|persons)? ?(?:who|that)\b",
        "",
        "User is one of those people who faint at needles => resolved",
        "User is one of those",
    ),
)
"""Pronouns that the clause itself explains."""

_DETERMINER = (
    r"(?:the|this|that|another|which|every|any|each|new|first|last|other|good|big|small|long|short|best|right|wrong)"
)
_SAME = r"the same(?! (?:job|company|house|school|flat|time|age|city|year|place))"
_PRONOUN = lazy(
    r"\b(?P<person>he|him|she|hers?|his|himself|herself)\b"
    r"|\b(?P<group>they|them|their|theirs)\b"
    r"|\b(?P<thing>it|its|itself)\b"
    r"|\b(?P<pointing>this|that|these|those|such|there|here)\b"
    rf"|\b(?P<one>ones|{_DETERMINER} one(?! of)|one$|{_SAME}|the (?:other|first|second|last) (?:one|thing|part))\b",
    re.IGNORECASE,
)
_ANTECEDENT = lazy(r"\b(?:[Aa]n?|[Tt]he|User's|two|three|my) [\w-]+|\b[A-Z]\w+")
_PERSON = lazy(r"User's ((?:[\w-]+ ){0,3}?)([\w-]+)((?: (?!I\b)[A-Z][\w-]+){0,2})(?!'s)\b")


_CALLED = lazy(
    r"^User's (?:[\w-]+ ){0,2}(?:manager|supervisor|teacher|tutor|therapist|landlord|landlady|colleague|coach|doctor"
    r"|neighbou?r"
    r"|assistant|mentor|client|lodger|tenant|trainer|editor|agent|nanny|cleaner|dentist)(?: is called| is named|'s "
    r"name is| is) "
    r"(?!User\b)([A-Z][\w-]+)"
)
_ACQUIRED = lazy(
    r"^User (?:(?:has|got|adopted|bought|just|recently|finally|also) ){1,3}(?:an?|one) (?:[\w-]+ ){0,2}?([\w-]+)\b"
    r"(?=[ ,.]|$)"
)


def person_of(text: str) -> str | None:
    """Return the one person or animal of the user's that a rewritten clause names, or None if it names none or two."""
    found = {
        match[0]
        for match in _PERSON().finditer(text)
        if match[2].lower() in kin() and not match[1].lower().strip().endswith("'s")
    }
    if not found and (called := _CALLED().match(text)):
        return called[1]
    if not found:
        found = {f"User's {match[1]}" for match in _ACQUIRED().finditer(text) if match[1].lower() in kin()}
    return found.pop() if len(found) == 1 else None


_HER = lazy(r"(?<=[a-z] )her\b(?= (?:since|for|every|on|in|at|and|but|too|now|again|twice|once|to)\b|[,.;]|$)")


def resolve_subject(text: str, person: str | None) -> str:
    """Return the clause with a leading he, she, they, his or her replaced by the person named just before."""
    if person is not None and re.search(r"\bhim\b", text) and kin()[_kin_word(person)] in ("he", "they"):
        text = re.sub(r"\bhim\b", person, text, count=1)
    if person is not None and kin()[_kin_word(person)] in ("she", "they"):
        text = _HER().sub(person, text, count=1)
    if person is not None and person in text:
        return text
    match = re.match(r"(He|She|They|His|Her|Their)('s|'re|'ve|'ll|'d)?\b ?", text)
    if match is None or person is None:
        return text
    word = _kin_word(person)
    takes = kin()[word]
    group = match[1].lower()
    wanted = {"he": "he", "his": "he", "she": "she", "her": "she"}.get(group, "they")
    if (takes not in (wanted, "they") and wanted != "they") or (
        wanted == "they" and takes != "they" and group not in ("they", "their")
    ):
        return text
    if group in ("they", "their") and not word.endswith("s") and takes != "they":
        return text
    rest = text[match.end() :]
    if group in ("his", "her", "their", "its"):
        return f"{person}'s {rest}"
    ending = {
        "'s": "has" if re.match(r"(?:been|got|had|gone)\b", rest) else "is",
        "'re": "are",
        "'ve": "have",
        "'ll": "will",
        "'d": "would",
    }.get(match[2] or "", "")
    return " ".join(piece for piece in (person, ending, rest) if piece)


def _kin_word(person: str) -> str:
    """Return the word that says what somebody is to the user; of a bare name, one that any pronoun fits."""
    return next((piece.lower() for piece in reversed(person.split()) if piece.lower() in kin()), "friend")


def unresolved(text: str) -> bool:
    """Tell whether a rewritten clause leans on something outside of it."""
    text = re.sub(r"\"[^\"]*\"", "", text)
    if _PRONOUN().search(text) is None:
        return False
    harmless = [match.span() for rule in HARMLESS for match in compiled(rule.pattern).finditer(text)]
    for match in _PRONOUN().finditer(text):
        if any(start <= match.start() < end for start, end in harmless):
            continue
        before = text[: match.start()]
        if match["pointing"] or match["one"]:
            if match[0].lower() == "that" and _joins(before, text[match.end() :]):
                continue
            return True
        if match["person"] and not _people_before(before):
            return True
        if match["group"] and not _SEVERAL().search(re.sub(r"^.*?\bUser \w+", "", before)):
            return True
        if match["thing"] and not _things_before(before):
            return True
    return False


_CLAUSE_FOLLOWS = lazy(
    r"^ (?:(?:User|User's|the|an?|is|are|was|were|has|have|had|can|can't|will|won't|would|doesn't|does|didn't"
    r"|isn't|he|she|they|it|his|her|their|no|not|there|some|all|every)\b|[a-z]+(?:s|ed)\b(?! (?:is|was)))"
)


def _joins(before: str, after: str) -> bool:
    """Tell whether "that" joins a clause to a noun or verb ("an app that tracks", "decided that the ...")."""
    last = before.rsplit(maxsplit=1)[-1].lower() if before.split() else ""
    return last.isalpha() and last not in _POINTED_AT and bool(_CLAUSE_FOLLOWS().match(after))


_POINTED_AT = frozenset(
    "love loves like likes hate hates do did does enjoy about for with at on of in to than all see sees saw"
    " get gets got need needs"
    " made make makes try tried take taking after before and but or want wants is".split()
)


_SEVERAL = lazy(
    r"\b(?:[a-z]{2,}(?<!s)s|kids|children|people|parents|family|team|everyone|and (?:User's|[A-Z]\w+)"
    r"|[A-Z]\w+ and)\b(?!')"
)


def _people_before(text: str) -> bool:
    names = re.findall(r"\b(?!(?:User|They|He|She|It|There|This|That)\b)[A-Z][a-z]+", text)
    return bool(names) or any(word.strip(",.()").lower() in kin() for word in text.replace("'s", "").split())


def _things_before(text: str) -> bool:
    return any(
        match[0].lower() not in ("user", "user's") for match in _ANTECEDENT().finditer(text.replace("User ", ""))
    )
