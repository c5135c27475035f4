"""From a cleaned message to sentences and clauses, each with its offsets in the message."""

import re
from dataclasses import dataclass, replace
from itertools import chain

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.rules import compiled
from holdfast.extractors.embedded.words import kin, verb_forms, words

ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st sr jr vs etc e.g i.e eg ie inc ltd co corp dept approx fig u.s u.k d.c a.m p.m"
    " b.sc m.sc ph.d"
    " mt ft jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_MAY_END = frozenset("etc p.m a.m inc ltd u.s u.k ph.d b.sc m.sc d.c".split())
BULLET = lazy(r"\s*(?:[-*•·]|\(?\d{1,2}[.)])\s+")
EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf\u2b50\ufe0f\u200d"
_BREAK = lazy(rf"([.!?…]{{1,10}})[\"')\]]{{0,3}}\s+|[{EMOJI}]+\s*|(?<!\w)[:;]-?[)(DP](?!\w)|<3")
_WORD_BEFORE = lazy(r"[\w.]+$")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a message: `start` to `end` in its content. `lead` is the heading that a list item stands under."""

    text: str
    start: int
    end: int
    lead: "Span | None" = None

    def cut(self, start: int, end: int | None = None) -> "Span":
        """Return the part from `start` to `end` of this span, without the space around it."""
        stop = len(self.text) if end is None else end
        piece = self.text[start:stop]
        start += len(piece) - len(piece.lstrip())
        piece = piece.strip()
        return replace(self, text=piece, start=self.start + start, end=self.start + start + len(piece))


def sentences(text: str) -> list[Span]:
    """Split a cleaned message at line ends, list items, sentence ends and emoji."""
    found: list[Span] = []
    lead: Span | None = None
    start = 0
    for line in text.split("\n"):
        whole = Span(line, start, start + len(line)).cut(0)
        start += len(line) + 1
        if not whole.text:
            continue
        bullet = BULLET().match(whole.text)
        if bullet:
            found.append(replace(whole.cut(bullet.end()), lead=lead))
        elif whole.text.endswith(":"):
            parts = _sentences_of_line(whole)
            found.extend(parts[:-1])
            lead = parts[-1].cut(0, len(parts[-1].text) - 1)
        else:
            lead = None
            found.extend(_sentences_of_line(whole))
    return [sentence for sentence in found if re.search(r"\w", sentence.text)]


def _sentences_of_line(line: Span) -> list[Span]:
    found: list[Span] = []
    start = 0
    for match in _BREAK().finditer(line.text):
        if match[1] and not _ends_sentence(line.text, start, match):
            continue
        found.append(line.cut(start, match.end(1) if match[1] else match.start()))
        start = match.end()
    found.append(line.cut(start))
    return [span for span in found if span.text] or [line]


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    mark, following = match[1], text[match.end() : match.end() + 1]
    if ")" in match[0] and following.islower():
        return False
    if mark[0] != ".":
        return True
    if len(mark) > 1:
        return not following.islower()
    before = _WORD_BEFORE().search(text, max(start, match.start() - 20), match.start())
    word = before[0].lower() if before else ""
    if word in ABBREVIATIONS:
        return word in _MAY_END and following.isupper()
    return not (len(word) == 1 and word.isalpha() and word != "i")


_PRONOUNS = (
    r"(?:I(?:'m|'ve|'ll|'d|m|ve)?|we(?:'re|'ve|'ll|'d)?|my|our|he(?:'s)?|she(?:'s)?|they(?:'re)?"
    r"|it(?:'s|s)?|that'?s|there's|this)"
)
_SOMEBODY = r"(?:nobody|everyone|everybody|someone|somebody)"
_REQUEST = r"(?:(?:please |pls )?call me|please|pls)"
_BARE = (
    r"(?:the )?(?:mom|mum|dad|wife|husband|boyfriend|girlfriend|son|daughter|brother|sister|baby|cat|dog|choir|work"
    r"|school|practice|training"
    r"|therapy|rehearsal|budget|rent|deadline)(?:'s)? (?=(?:is|are|was|were|has|had|have|will|died|passed|lives?"
    r"|works?|hates?|loves?|likes?"
    r"|starts?|ends?|moved|got|on|at|in)\b|=)"
)
_SUBJECT = rf"(?:{_BARE}|{_PRONOUNS}|{_SOMEBODY}|{_REQUEST}|been (?=\w+ing))\b"
_CONJUNCTION = r"(?:and|but|so|then|plus|yet|while|although|though|whereas)"
_SINCE_THEN = r"since (?:then|that time|that),?"
_ADVERB = (
    rf"(?:then|{_SINCE_THEN}|now|these days|lately|also|sometimes|usually|currently|after that|honestly|actually|really"
    r"|luckily|sadly|thankfully|unfortunately|apparently|recently|finally|mostly|to be honest|tbh|in fact|at the moment"
    r"|nowadays|yes|no|even|here|of course),?"
)
_ASIDE = r"(?:btw|by the way|p\.?s\.?)"
_JOINTS = lazy(
    rf";\s|\s?[—–]\s?|\s--?\s|:\s(?={_SUBJECT})|,?\s{{1,3}}{_CONJUNCTION}\s(?:{_ADVERB}\s)?(?={_SUBJECT})"
    rf"|,?\s(?:and |but |oh )?{_ASIDE}[,:]?\s(?={_SUBJECT})|,\s(?:{_ADVERB}\s)?(?={_SUBJECT})"
    r"|:\s(?=(?:from|since|in|at|on|as of|until|this|next|last|every) [^,.;]{2,30}? (?:I|we|my|I'm|we're|I've)\b)",
    re.IGNORECASE,
)
_OWN_AFFAIR = (
    r"(?:,\s(?:and\s|but\s)?|\s(?:and|but|so)\s)(?=(?:the|our|my)\s(?:[\w-]+\s)?(?:<affairs>)(?:\s(?:is|are|was|were"
    r"|has|have|had"
    r"|will|comes?|starts?|ends?|got|runs|expires?)\b|'s\s\w))"
)
"""A joint before what else is going on: "..., the resit is in May"."""
_SUBORDINATE = lazy(
    r"(?:(?:ever )?since|after|before|while|when(?:ever)?|because|although|though|if|as|until|unless|once"
    r"|where|wherever"
    r"|every time|in|on|at|during|for|by|last|next|this|with|without|due to|thanks to|growing|being|having|given"
    r"|despite|coming from"
    r"|raised|born|to)\b",
    re.IGNORECASE,
)
_POSSESSIVE = lazy(r"(?:my|our)\b", re.IGNORECASE)


def clauses(sentence: Span) -> list[Span]:
    """Split a sentence where a new subject begins; an opening like "When I moved, ..." stays with its main clause."""
    found: list[Span] = []
    start = 0
    joints = chain(_JOINTS().finditer(sentence.text), compiled(_OWN_AFFAIR).finditer(sentence.text))
    for joint in sorted(joints, key=lambda match: match.start()):
        if joint.start() < start:
            continue
        head = sentence.text[start : joint.start()]
        if (
            (len(head.split()) < 2 and not joint[0].startswith(":"))
            or head.count("(") > head.count(")")
            or _companion(head, joint[0], sentence.text[joint.end() :])
            or (joint[0].lstrip().startswith(",") and _SUBORDINATE().match(head.strip()))
        ):
            continue
        rest = sentence.text[joint.end() :]
        if _POSSESSIVE().match(rest) and not _has_verb(rest):
            continue
        found.append(sentence.cut(start, joint.start()))
        start = joint.end()
    found.append(sentence.cut(start))
    return [clause for clause in found if clause.text]


def _companion(head: str, joint: str, rest: str) -> bool:
    """Tell whether "and I" only joins subjects: "my wife and I moved", "Me and my friend ran"."""
    if "and" not in joint.split() or not re.match(r"(?:I|my|our)\b(?!')", rest, re.IGNORECASE):
        return False
    one = _ONE_OF_OURS().match(head.strip())
    if one and (one["kin"] or "me").lower() in (*kin(), "me"):
        return True
    words_before = re.findall(r"[\w'-]+", head)
    if words_before and words_before[0].lower() in _PERSONAL:
        return False
    return len(words_before) <= 5 and not any(_finite(word) for word in words_before)


_PERSONAL = frozenset("they he she it we i this that there".split())
_ONE_OF_OURS = lazy(r"(?:me|(?:my|our) (?:[\w-]+ ){0,2}?(?P<kin>[\w-]+)(?: (?-i:[A-Z])[\w'-]+)?)$", re.IGNORECASE)
"""Words that name one person: "My partner Jun", though "partner" may be a verb."""


def _finite(word: str) -> bool:
    lower = word.lower()
    verb = verb_forms().get(lower)
    contracted = lower.endswith(("'m", "'re", "'ve", "'ll", "'d", "n't"))
    return (
        contracted
        or lower in _FINITE
        or (bool(verb and verb.forms & {"third", "past", "base"}) and lower not in ("love",))
    )


def _has_verb(text: str) -> bool:
    """Tell whether a finite verb follows within the next words: "my wife is ..." but not "my wife in May"."""
    if _SHORT_IS().match(text):
        return True
    forms = verb_forms()
    for word in re.findall(r"[\w'-]+|[,;]", text)[1:7]:
        if word in ",;":
            return False
        verb = forms.get(word.lower())
        if word.lower().endswith("n't") or (verb and verb.forms & {"third", "past"}) or word.lower() in _FINITE:
            return True
    return False


_SHORT_IS = lazy(
    r"(?:my|our) (?:[\w-]+ )?[\w-]+'s (?:an?|the|in|at|on|from|not|been|got|\w+ing|allergic|vegan|vegetarian"
    r"|diabetic|(?-i:[A-Z])"
    r"\w+(?=[.,;]|$))",
    re.IGNORECASE,
)
"""A possessed noun with the short form of "is": "my husband's American"."""
_FINITE = frozenset("will would can could should may might must has have do does had did are were".split())


_COMMON_SUBJECT = lazy(
    r"(?P<subject>I(?='m|'ve|'ll|'d)|I|we(?='re|'ve|'ll|'d)|we|(?:my|our) (?:[\w-]+ ){0,2}?[\w-]+?(?:"
    r" (?-i:[A-Z])[\w-]+)?)(?:'\w+)? ",
    re.IGNORECASE,
)
_INNER_JOINT = lazy(r",? (?:and|but) (?:(?:also|then|now|just|recently) )?|, ")
_GOVERNS_BASE = lazy(
    r"\b(?:to|can|could|will|would|should|might|must|may|do|did|lets?|helps?|helped|makes?|made|finds?)\b|'ll\b|'d\b"
    r"|n't\b",
    re.IGNORECASE,
)
_PREDICATIVE = lazy(
    r"(?:allergic|married|vegan|vegetarian|pregnant|based|from|single|divorced|retired|engaged|diabetic"
    r"|lactose|left-handed|born)\b",
    re.IGNORECASE,
)
_ASKED_FOR = frozenset("suggest recommend give tell show add write include mention answer explain say send".split())
"""What "..., don't" asks the assistant not to do: no predicate of the subject before it."""
_DESCRIBING = frozenset(
    "fixed based made built set rented fitted located signed backed owned called named born held paid written hosted "
    "published bought"
    " borrowed used known taken given".split()
)
_AFTER_PARTICIPLE = frozenset("by until till in at for from with on to as of after".split())
"""With these, what a comma adds describes the noun before it: "a mortgage, fixed until 2027"."""
_AUXILIARY = frozenset("can can't don't doesn't haven't hasn't didn't won't am is has have was".split())


def coordinated(clause: Span) -> list[tuple[Span, str]]:
    """Return the predicates that share the clause's subject, each with its span and its words with that subject."""
    match = _COMMON_SUBJECT().match(clause.text)
    if match is None or (
        match["subject"].lower() not in ("i", "we") and match["subject"].split()[-1].lower() not in kin()
    ):
        dropped = re.match(r"[\w']+", clause.text)
        if dropped is None or not _starts_predicate(clause.text, ""):
            return [(clause, clause.text)]
        subject = "I"
    else:
        subject = match["subject"]
    plural_or_other = subject.lower() not in ("i", "we")
    found: list[tuple[Span, str]] = []
    start, found_prefix = 0, ""
    for joint in _INNER_JOINT().finditer(clause.text):
        head, rest = clause.text[start : joint.start()], clause.text[joint.end() :]
        copula = bool(re.search(r"\b(?:I'm|am|is|are|we're|was)\b", head))
        if len(head.split()) < 2:
            continue
        if _starts_predicate(rest, head, other=plural_or_other):
            prefix = subject
        elif copula and _PREDICATIVE().match(rest):
            prefix = "I'm" if subject == "I" else f"{subject} is"
        else:
            continue
        piece = clause.cut(start, joint.start())
        found.append((piece, piece.text if not found else f"{found_prefix} {piece.text}"))
        found_prefix, start = prefix, joint.end()
    piece = clause.cut(start)
    found.append((piece, piece.text if not found else f"{found_prefix} {piece.text}"))
    return found


def _starts_predicate(rest: str, head: str, *, other: bool = False) -> bool:
    """Tell whether the words go on with a finite verb of the same subject."""
    words_ahead = re.findall(r"[\w'-]+", rest[:60])
    if len(words_ahead) < 2:
        return False
    first = words_ahead[0].lower()
    if first in ("never", "usually", "always", "mostly", "only") and len(words_ahead) > 2:
        first = words_ahead[1].lower()
    if first in _AUXILIARY:
        return not (first == "don't" and words_ahead[1].lower() in _ASKED_FOR)
    if first == "last" and words_ahead[1].lower() not in ("for", "until"):
        return False
    verb = verb_forms().get(first)
    if verb is None:
        return False
    if "past" in verb.forms and "base" not in verb.forms:
        return not (first in _DESCRIBING and words_ahead[1].lower() in _AFTER_PARTICIPLE)
    if words_ahead[1].lower() in ("and", "or"):
        return False
    return "third" in verb.forms if other else "base" in verb.forms and not _GOVERNS_BASE().search(head)


_CUTS = lazy(
    r"(?:,| -|;)(?= )|(?= \()|,? (?=(?:so|because|since|but|although|though|which|where|until|and then|while) )|,? "
    r"(?=and (?:\w+ing|it|that|this|they|he|she|then|so|neither|none|both)\b)|,? (?=(?:when|if|whenever|before"
    r"|after) (?:you|it|that|this|they|he|she)\b)|(?= (?:there|here|for it|with it|because of (?:it|that))[.!,]?$)"
)


BRACKETED = lazy(r"\((?:i|i'm|im|ive|i've|we|we're|we've|he|she|he's|she's|hes|shes)\b [^()]{6,160}\)", re.IGNORECASE)
"""A statement of its own between brackets: "my therapist (I've been seeing her since May) ..."."""


_LOOSE = lazy(
    r"[,;:]\s(?:(?:and|but|so|now|then|plus)\s)?|\s(?:and|but|so|because|though)\s(?=(?:(?:the|now|then|if|nobody"
    r"|most|half|"
    r"[a-z]+ly|to be honest)\s|(?:I|I'm|i|im|i've|my|our|we|we're)\b))|\s-\s",
    re.IGNORECASE,
)


def pieces(clause: Span) -> list[Span]:
    """Return the pieces of a clause between commas, colons and joints that may part statements; none if it is whole."""
    found: list[Span] = []
    start = 0
    for joint in _LOOSE().finditer(clause.text):
        found.append(clause.cut(start, joint.start()))
        start = joint.end()
    found.append(clause.cut(start))
    return [piece for piece in found if len(piece.text.split()) >= _FEWEST] if start else []


_FEWEST = 3
"""Words of the shortest piece that states anything."""


_DANGLING = frozenset(
    "to the a an and or but of for with in on at from by my our is are was were as than that not so because"
    " very".split()
)


def shorter(plain: str) -> list[str]:
    """Return the parts of a clause that end at a comma, bracket or joint, the longest first."""
    ends = [match.start() for match in _CUTS().finditer(plain)] + ([len(plain)] if plain.endswith(",") else [])
    parts = [plain[:end] for end in reversed(ends)]
    return [part for part in parts if len(part.replace("'", " ").split()) >= 3 and not _dangles(part.lower().split())][
        :4
    ]


def _dangles(said: list[str]) -> bool:
    """Tell whether the words break off before the noun: after a preposition, or "a safe" of "a safe, warm place"."""
    return said[-1] in _DANGLING or (
        said[-2] in ("a", "an", "the", "my", "our") and (said[-1] in words("passing") or said[-1] in _BEFORE_NOUNS)
    )


_BEFORE_NOUNS = frozenset(
    "safe loving big small new old long short young little large huge tiny quiet loud fast slow strong weak rich "
    "poor clean soft"
    " red blue green black white private public local small-scale family-run".split()
)
