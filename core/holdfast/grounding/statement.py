"""A statement against the words that it rests on: names, numbers, dates, and of whom they were said."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from holdfast.dates import puts_day_first
from holdfast.grounding.clauses import Clause, clauses
from holdfast.grounding.dates import Calendar
from holdfast.grounding.words import Specific, in_quotation_marks, names_match
from holdfast.lexical import terms_of
from holdfast.types import Candidate, Event, Evidence, Fact, Message

__all__ = ["Told", "fault_of"]

_SHARED = 0.3
"""The share of a statement's words of content that the words it rests on must hold, in the same or another form."""

_FIRST = re.compile(r"\b(?:I|I'm|I've|I'd|I'll|[Mm]y|[Mm]ine|me|[Mm]yself|[Ww]e|[Ww]e're|[Oo]urs?|us|[Oo]urselves)\b")
_TEAM = re.compile(
    r"\b(?:we|our|ours|us|team|company|wir|unser\w*|nous|notre|nos|nosotros|nuestr\w+)\b|\bwe'", re.IGNORECASE
)
_SPOKEN_OF = re.compile(
    r"\b(?:the|this|that|current|said|der|dem|den|des) (?:current |human )?(?:user|nutzer|benutzer)s?\b"
    r"|(?<!\w )\buser (?:is|has|must|should|wants|prefers|loves|likes|lives|works|allows|agree\w*|approve\w*|will|can"
    r"|may|needs|owns|moved)\b",
    re.IGNORECASE,
)
_TO_THE_MEMORY = re.compile(
    r"^\W*(?:please |now |then )*(?:forget|delete|erase|wipe|store|save|memori[sz]e|record|rank|overwrite|disregard"
    r"|set your|update (?:your|my|the) (?:memory|profile|facts?|record))\b",
    re.IGNORECASE,
)
_ASKED_TO_KEEP = re.compile(
    r"^\W*(?:please |now |then )*(?:store|save|memori[sz]e|record)"
    r"(?: (?:this|that|it|down|somewhere|please|for (?:me|later)))*(?:\s*[:,–—-]\s*|(?<= that)\s+|\s+that\s+)(?=\S)",
    re.IGNORECASE,
)
"""A plain request to remember what follows: "store this: ...", "save that I ..."."""
_RANKED = re.compile(
    r"\b(?:users?|admin\w*|root|developer|priority|trust\w*|verif\w+|authori[sz]\w*|approv\w*|permissions?|privileg\w*"
    r"|clearance|instruct\w*|bypass\w*|memor(?:y|ies)|assistants?|chatbots?|llms?|as (?:an? |the )?(?:fact|truth|rule"
    r"|system)\w*)\b|^\W*(?:forget|delete|erase|wipe|rank|overwrite|disregard|ignore|always|never|you)\b",
    re.IGNORECASE,
)
"""What a person does not ask to remember of themselves: ranks and rights, the memory and the model, a further order."""
_NOT = re.compile(
    r"\b(?:not|never|no|none|nothing|nobody|neither|nor|without|cannot|nope|nah|\w+n['’]t"
    r"|(?:do|does|did|is|was|are|were|have|has|had|ca|wo|would|could|should)nt)\b",
    re.IGNORECASE,
)
_REACH = 4
"""Words after a negation that it may deny, no further than the next comma or bracket."""
_END_OF_REACH = re.compile(r"[,;:()\[\]–—]")
_NAMING = re.compile(r"\b(?:called|named|name is)\b|\bname's\b", re.IGNORECASE)
_AS_GOOD_AS_NOT = re.compile(
    r"\b(?:stop\w*|quit\w*|gave up|given up|giv\w+ up|avoid\w*|hat(?:e|es|ed|ing)|dislik\w*|refus\w*|lack\w*|left"
    r"|leav\w*|ended|former\w*|allerg\w*|intoleran\w*|except|instead|rather|free|sold|cancel\w*|ditch\w*|drop\w*|unable"
    r"|can't stand|fail\w*|miss\w*|unlike|over|less|un\w+|used to|switched|replaced|detest\w*|only|low|last)\b",
    re.IGNORECASE,
)
_NOT_REALLY = re.compile(
    r"\b(?:can't|cannot|can not|couldn't) (?:stop|wait|live|get enough|imagine)|\bnot only\b|\bnever (?:miss|fail)"
    r"|\bno (?:problem|doubt|idea|worries)\b|\bwhy not\b|n't mind\b|\bnot mind\b|\bdon'?t (?:you|forget)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(r"\b(?:not|never|no longer|cannot|dislikes?|hates?|avoids?)\b|n't\b", re.IGNORECASE)
_USED_TO = re.compile(
    r"(?<!am )(?<!'m )(?<!is )(?<!are )(?<!'re )(?<!get )(?<!getting )(?<!got )\bused to\b", re.IGNORECASE
)
_OVER = re.compile(
    r"\b(?:used to|former\w*|previous\w*|past|once|no longer|was|were|had|earlier|\w{2,}ed)\b", re.IGNORECASE
)
_DOUBT = re.compile(
    r"\b(?:might|(?:maybe|perhaps)(?! \d)|thinking (?:of|about)|considering|not sure|unsure)\b", re.IGNORECASE
)
_DOUBTED = re.compile(
    r"\b(?:might|may|maybe|perhaps|possibl\w+|consider\w*|think\w*|plan\w*|wants?|would|could|hop\w+|wish\w*|unsure|sure"
    r"|interest\w*|undecided|if|whether|probabl\w+|likely)\b",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:he|she|they|him|her|hers|his|them|their|it|its|this|that|these|those|there|one|both|same|such|here)\b",
    re.IGNORECASE,
)
_OWN = r"\buser's (?:\w+ )?{}\b"
_SHORT = 6


class Told:
    """What was said: the messages to read and those before, in order, each in clauses."""

    def __init__(self, messages: Sequence[Message], context: Sequence[Message], facts: Mapping[str, Fact]) -> None:
        self.messages = {message.id: message for message in messages}
        self.facts = facts
        self._order = [*context, *messages]
        self._clauses: dict[str, list[Clause]] = {}

    def clauses(self, message: Message) -> list[Clause]:
        """Return the clauses of a message."""
        if message.id not in self._clauses:
            self._clauses[message.id] = list(clauses(message.content))
        return self._clauses[message.id]

    def quoted(self, span: Evidence) -> list[Clause]:
        """Return the clauses of the sentences that a span lies in."""
        found = self.clauses(self.messages[span.message_id])
        touched = {one.sentence for one in found if one.start < span.end and span.start < one.end}
        return [one for one in found if one.sentence in touched]

    def sentences(self, span: Evidence) -> str:
        """Return the sentences that a span lies in, as they were written."""
        own = self.quoted(span)
        return self.messages[span.message_id].content[own[0].start : own[-1].end] if own else ""

    def before(self, span: Evidence) -> list[Clause]:
        """Return what else the message says, and what users and assistants said before it, the nearest last."""
        message = self.messages[span.message_id]
        number = next(number for number, one in enumerate(self._order) if one.id == message.id)
        earlier = [one for one in self._order[:number] if one.role in ("user", "assistant")]
        own = self.quoted(span)
        rest = [one for one in self.clauses(message) if one not in own]
        return [clause for one in earlier for clause in self.clauses(one)] + rest

    def answers(self, span: Evidence) -> bool:
        """Whether the message just before was the assistant's, and asked."""
        number = next(number for number, one in enumerate(self._order) if one.id == span.message_id)
        last = self._order[number - 1] if number else None
        return last is not None and last.role == "assistant" and last.content.rstrip().endswith("?")

    def sentences_until(self, span: Evidence) -> Iterator[str]:
        """Yield the sentences of a message up to the end of those that a span lies in."""
        found = self.clauses(self.messages[span.message_id])
        content = self.messages[span.message_id].content
        last = max((one.sentence for one in found if one.start < span.end), default=-1)
        for number in range(last + 1):
            parts = [one for one in found if one.sentence == number]
            yield content[parts[0].start : parts[-1].end]

    def calendar(self, span: Evidence, *, leaning: bool) -> Calendar:
        """Return the dates in the sentences of a span, and, where they lean on it, in what was said before."""
        message = self.messages[span.message_id]
        assert message.at is not None
        said = [*(self.before(span) if leaning else ()), *self.quoted(span)]
        return Calendar.of([one.text for one in said], message.at, day_first=puts_day_first(message.content))

    def dated(self, candidate: Candidate) -> Candidate:
        """Return a sound candidate with the date that its words give, where it had one that they do not tell."""
        event = candidate.event
        if event is None or self._gives(candidate, event):
            return candidate
        return replace(candidate, event=None)

    def _gives(self, candidate: Candidate, event: Event) -> bool:
        return any(
            self.calendar(span, leaning=leaning).carries(event)
            for span in candidate.evidence
            if self.messages[span.message_id].at is not None
            for leaning in (False, True)
        )


def fault_of(candidate: Candidate, told: Told) -> str | None:
    """Return why the words that a candidate quotes do not carry it, or None. Its evidence is known to be there."""
    text = candidate.text
    unquoted = text
    for start, end in reversed(in_quotation_marks(text)):
        unquoted = unquoted[:start] + unquoted[end:]
    if _FIRST.search(unquoted):
        return "speaks in the first person"
    for span in candidate.evidence:
        message = told.messages[span.message_id]
        if any(start < span.start and span.end < end for start, end in in_quotation_marks(message.content)):
            return "quotes words that its author quotes"
        for clause in told.quoted(span):
            if clause.start < span.end and span.start < clause.end and _SPOKEN_OF.search(clause.text):
                return "rests on words about a user, not of the user"
        if candidate.kind != "instruction" and _is_order(told.sentences(span)):
            return "rests on an order to the memory"
    return _Check(candidate, told).fault()


def _is_order(sentence: str) -> bool:
    """Whether a sentence gives an order to the memory, and not just something to remember."""
    asked = _ASKED_TO_KEEP.match(sentence)
    if asked is None:
        return _TO_THE_MEMORY.match(sentence) is not None
    kept = sentence[asked.end() :]
    return _RANKED.search(kept) is not None or _TO_THE_MEMORY.match(kept) is not None


class _Check:
    """One candidate against its support."""

    def __init__(self, candidate: Candidate, told: Told) -> None:
        self._candidate = candidate
        self._told = told
        spans = candidate.evidence
        self._own = list(dict.fromkeys(one for span in spans for one in told.quoted(span)))
        self._leans = any(self._is_leaning(span) for span in spans)
        linked = [told.facts[one.fact_id].text for one in candidate.relations if one.fact_id in told.facts]
        self._linked = [clause for text in linked for clause in clauses(text)]
        self._undated = candidate.text

    @cached_property
    def _before(self) -> list[Clause]:
        """What was said before: read only where the words lean on it, since answers of assistants are long."""
        return [one for span in self._candidate.evidence for one in self._told.before(span)]

    def _is_leaning(self, span: Evidence) -> bool:
        own = self._told.quoted(span)
        words = sum(len(one.text.split()) for one in own)
        if self._told.answers(span) and words <= _SHORT:
            return True
        return any(one.subject[0] in ("open", "leaning") or _POINTING.search(one.text) for one in own)

    def fault(self) -> str | None:
        """Return the first fault, or None."""
        return (
            self._dates_fault()
            or self._people_fault()
            or next(filter(None, map(self._clause_fault, self._stated())), None)
        )

    def _stated(self) -> list[Clause]:
        """Return the statement's clauses, what is said of dates blanked: those are held against the calendar."""
        return [one for one in self._told_as(self._undated) if one.terms or one.specifics]

    @staticmethod
    def _told_as(text: str) -> Iterator[Clause]:
        """Return the clauses of a statement; what stands behind a colon there begins none of its own."""
        return clauses(text.replace(": ", ", "))

    def _dates_fault(self) -> str | None:
        candidate = self._candidate
        calendars = [
            self._told.calendar(span, leaning=self._leans)
            for span in candidate.evidence
            if self._told.messages[span.message_id].at is not None
        ]
        if not calendars:
            return None
        checked = [calendar.check(candidate.text) for calendar in calendars]
        self._undated = checked[0][0]
        if not any(agrees for _, agrees in checked):
            return "gives a date that the words do not"
        event = candidate.event
        if event is None:
            return None
        if not calendars[0].is_possible(event):
            return "gives a date beyond a lifetime"
        known = [calendar for calendar in calendars if calendar.dates]
        if known and not any(calendar.carries(event) for calendar in calendars):
            return "gives another date than the words"
        return None

    def _people_fault(self) -> str | None:
        """Whoever is somebody's sister or boss in the statement is that in the words."""
        text = self._candidate.text.casefold()
        stated = {person for one in self._told_as(self._candidate.text) for person in one.people}
        stated -= {person for one in (*self._own, *self._linked) for person in one.people}
        if stated:
            named = {one for clause in self._own for one in clause.specifics if one.kind == "name"}
            near = [one for one in self._before if self._leans or named.intersection(one.specifics)]
            if stated - {person for one in near for person in one.people}:
                return "names somebody whom the words do not"
        if "user's team" in text and not _TEAM.search(self._everything()):
            return "speaks of a team that the words do not name"
        for one in self._own:
            who, people = one.subject
            for person in people if who == "leaning" else ():
                owned = re.search(_OWN.format(re.escape(person)), text)
                if owned and not re.search(
                    rf"\b(?:my|our) (?:\w+ )?{re.escape(person)}", self._everything().casefold()
                ):
                    return "takes somebody else's people for the user's"
        return None

    def _everything(self) -> str:
        return " ".join(one.text for one in (*self._own, *self._before))

    def _clause_fault(self, stated: Clause) -> str | None:
        for specific in stated.specifics:
            if specific == Specific("number", "1"):
                continue
            holding = self._holding(specific)
            if not holding:
                what = "name" if specific.kind == "name" else "number"
                return f"gives a {what} that the words do not"
            if not any(self._fits(one, stated) for one in holding):
                return "says of one what was said of another"
        return self._meaning_fault(stated)

    def _holding(self, specific: Specific) -> list[Clause]:
        """Return the clauses that hold a name or number: the quoted ones, else those that they lean on."""
        places: list[Iterable[Clause]] = [self._own]
        if self._leans:
            places.append(self._before)
        if self._may_use_linked():
            places.append(self._linked)
        for place in places:
            found = [one for one in place if _holds(one, specific)]
            if found:
                return found
        return []

    def _may_use_linked(self) -> bool:
        """Whether the statement takes up every name of the words: then others may come from the fact it relates to."""
        stated = list(self._told_as(self._candidate.text))
        named = [one for clause in self._own for one in clause.specifics if one.kind == "name"]
        return all(any(_holds(clause, one) for clause in stated) for one in named)

    def _meaning_fault(self, stated: Clause) -> str | None:
        known = [*self._own, *(self._before if self._leans else ()), *self._linked]
        shared = stated.terms.intersection(term for one in known for term in one.terms)
        if stated.terms and len(shared) < _SHARED * len(stated.terms):
            return "says what the words do not"
        most = max((len(one.terms & stated.terms) for one in self._own), default=0)
        best = [one for one in self._own if len(one.terms & stated.terms) == most]
        if not any(self._fits(one, stated) for one in best):
            return "says of one what was said of another"
        if all(_is_opposite(stated, one, self._own) for one in best):
            return "says the opposite of the words"
        if all(_USED_TO.search(one.text) for one in best) and not _OVER.search(stated.text):
            return "says of now what was said of the past"
        if all(_DOUBT.search(one.text) for one in best) and not _DOUBTED.search(stated.text):
            return "states what was only thought of"
        return None

    def _fits(self, said: Clause, stated: Clause) -> bool:
        """Whether what one clause says may be stated of whom the statement is about."""
        if said in self._linked:
            return True
        who, people = said.subject
        about_user, about = _stated_of(stated)
        if who == "other":
            by_name = bool(_NAMING.search(said.text)) and (not about_user or stated.text.startswith("User and "))
            return _mentions(stated, people) or (by_name and _mentions(stated, said.names))
        if who == "leaning":
            whom = people or self._pointed_at(said)
            return _mentions(stated, whom) if whom else not about_user
        if who == "user" and about:
            return _mentions(said, about)
        return not any(
            not _mentions(stated, {owner}) and stated.terms & owned and not stated.terms & (said.terms - owned)
            for owner, owned in said.belongings
        )

    def _pointed_at(self, said: Clause) -> frozenset[str]:
        """Return the person that was spoken of last before a clause, or nobody."""
        earlier = [*self._before, *(one for one in self._own if one.start < said.start)]
        same = [one for one in earlier if one.subject[0] == "other"]
        return same[-1].subject[1] | same[-1].names if same else frozenset()


def _stated_of(stated: Clause) -> tuple[bool, frozenset[str]]:
    """Return whether a clause of a statement is about the user, and else about whom."""
    text = stated.text.strip()
    if re.match(r"User\b(?!['’]s)", text):
        return True, frozenset()
    who, people = stated.subject
    return False, people if who == "other" else frozenset()


def _mentions(clause: Clause, people: Iterable[str]) -> bool:
    return any(person in clause.people or any(names_match(person, word) for word in clause.words) for person in people)


def _holds(clause: Clause, specific: Specific) -> bool:
    if specific.kind == "number":
        return specific in clause.specifics
    parts = specific.key.split("-")
    return any(names_match(specific.key, word) for word in clause.words) or (
        len(parts) > 1 and all(any(names_match(part, word) for word in clause.words) for part in parts)
    )


def _is_opposite(stated: Clause, said: Clause, around: Sequence[Clause]) -> bool:
    """Whether one clause denies what the other affirms."""
    if _NOT_REALLY.search(said.text):
        return False
    if _DENIES.search(stated.text):
        return not any(_NOT.search(one.text) or _AS_GOOD_AS_NOT.search(one.text) for one in around)
    if _NOT.search(stated.text) or _AS_GOOD_AS_NOT.search(stated.text):
        return False
    if len(said.words) <= _REACH and re.match(r"\W*(?:no|nope|nah)\b", said.text, re.IGNORECASE):
        return True
    for match in _NOT.finditer(said.text):
        denied = " ".join(_END_OF_REACH.split(said.text[match.end() :], maxsplit=1)[0].split()[:_REACH])
        if stated.terms.intersection(terms_of(denied).tolist()):
            return True
    return False
