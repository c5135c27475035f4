"""What a new fact does to those already known: it repeats one, supersedes some narrowly, or stands beside them.

Nothing is deleted and no text is edited. Automatic supersession is precise and shallow on purpose: over a store of
thousands of facts any rule by likeness closes true ones (at cosine 0.7 it would close 16 % of them), so a fact is
closed only for one of four reasons:

1. its slot holds one value at a time, and the new fact gives another (`lives_in changed from Berlin to Lisbon`);
2. the new words name the old value as replaced or ended ("from Vue to React", "sold the bike");
3. the same object of the same slot is now said with the other polarity ("likes olives", "does not like olives");
4. the same is said anew, with another value of the same sort and as so by now ("deploys on Mondays now").

And never across subjects, never by what is hedged, past, unresolved or additive, never by what was said earlier. One
exception: the user and the user's team are one subject for words that name the old value as replaced.

What a model says of a known fact (`Candidate.relations`) is a claim and weighs no more. A fact that it calls a
duplicate is one only if it holds every name and number of the new one; one that it calls updated or contradicted is
closed only by what was stated, of the same subject and matter, in words that tell of a change; and one fact at most.

A fact that names more than what was replaced ("a site with SvelteKit and SQLite", then "from SvelteKit to Astro") is
linked and not closed: whether the rest still holds, nobody said.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from holdfast.lexical import terms_of
from holdfast.restated import new_value
from holdfast.types import Candidate, Fact

__all__ = ["Verdict", "consolidate", "content_terms"]

_NO_CLAIM = frozenset({"hedged", "past", "unresolved", "degraded"})
_RELATED = 0.5
_MOST_RELATED = 5
_WORD = re.compile(r"[^\W_]+(?:[.+#&'’-][^\W_]+)*[+#]*")
_ARTICLES = frozenset({"a", "an", "the"})
_NEGATION = re.compile(r"\b(?:not|never|no|without|nor|cannot)\b|n['’]t\b", re.IGNORECASE)
_ONE_TEAM = frozenset({"User", "User's team"})
_HOUSEHOLD = re.compile(r"User(?:'s (?:wife|husband|partner|girlfriend|boyfriend|fianc[eé]e?|son|daughter|baby)\b.*)?$")
_OF_A_HOUSEHOLD = frozenset({"pregnant", "alone"})
"""States of one that another of the household can end: a son is born, a girlfriend moves in."""
_ENDED = re.compile(r"\b(?:lost|sold|quit|left|cancell?ed|ended|split up|broke up|gave up|stopped|died|retired)\b")
_DOER = re.compile(r"\bis an? (?:[\w-]+ ){0,2}?(?P<deed>\w{3,})er\b")
"""Who is named by a deed: "a smoker"."""
_LISTED = re.compile(r",| and | or | plus |[&+/]")
_PURPOSE = re.compile(r" for .*$")
"""What a thing serves: that stays when the thing is replaced."""
_PLACE = re.compile(r"(?: (?:at|in|near)|,) [^,]*$")
"""Where it was so, at the end of a statement: it goes with what was replaced."""
_CONJUNCTION = re.compile(r" and | or | plus |[&+/]")
_PREFERRED = re.compile(
    r"\bprefers? (?P<one>.+?) (?:to|over) (?P<other>.+?)(?: now| these days| any ?more)?[.,;!]*$", re.IGNORECASE
)
_OWNS = re.compile(
    r"^User(?:'s team)? (?:(?:has|have|had|just|finally|now|does|doesn't|does not|don't) )*"
    r"(?:own|owns|have|has|got|get|bought|adopted|leased|acquired|inherited|hired)\b (?:an?|any|some|User's|the) "
    r"(?P<what>[\w-]+(?: [\w-]+){0,3})",
    re.IGNORECASE,
)
_SOUGHT = re.compile(
    r"\b(?:(?:wants|would like|plans|hopes|is hoping|is planning|is looking|is trying|intends) to "
    r"(?:buy|get|find|adopt|rent)|is (?:looking|searching|hunting) for|is on the lookout for) "
    r"(?:an?|another|some) (?:new )?(?P<what>[\w-]+)"
)
_FOUND = re.compile(
    r"^User(?:'s team)? (?:(?:has|have|just|finally) )*(?:bought|found|got|adopted|rented|signed for|picked up) an? "
    r"(?:[\w-]+ ){0,2}?(?P<what>[\w-]+)"
    r"(?=[.,;!]|$| \(| (?:in|on|at|for|near|last|this|from|with|and|yesterday|today|finally)\b)"
)
_INSIDE = frozenset({"hospital", "prison", "jail", "rehab", "hospice", "intensive care"})
_WITHOUT_WORK = re.compile(
    r"\bis (?:unemployed|jobless|out of work|between jobs|job-?hunting"
    r"|(?:looking|searching|hunting) for (?:an? |some )?(?:new )?(?:job|work))\b"
)
_AT_WORK = re.compile(
    r"^User (?:just |has )*(?:start(?:s|ed) (?:work |working )?(?:at|as|with)|got (?:a|the) (?:new )?job"
    r"|found (?:a job|work)|landed (?:a|the) job|works|is working)\b(?! on\b)"
)
_NO_MORE = re.compile(
    r"^User(?:'s team)? (?:does|do|is|are|has|have)(?:n['’]t| not) (?P<what>[^,;]{3,60}?),? "
    r"(?:any ?more|any longer|these days|since|in (?:years|months|ages))\b"
)
_AT_TIMES = re.compile(
    r"^\W*(?:after|before|at|on|when|while|if|unless|during|except|without|with|late|today|tonight|this|every|alone"
    r"|in the (?:morning|afternoon|evening|week|winter|summer)|for (?:breakfast|lunch|dinner))\b"
)
"""What follows a denial of some times only: "does not drink coffee after six"."""
_ONE_MATTER = frozenset({"identity", "location", "work", "education"})
"""Kinds of which a person has one at a time, mostly: a change of one may share no word with what was before."""
_CHANGE = re.compile(
    r"\b(?:now|no longer|not any ?more|any ?more|any longer|instead|switch\w*|chang\w+|moved|moving|replac\w+|stopp?\w*"
    r"|quit\w*|used to|these days|became|sold|left|leaving|ended|broke up|divorc\w+|cancel\w*|postpon\w+|resched\w+"
    r"|upgrad\w+|migrat\w+|correction|wrong|actually|finally|got rid|gave up|new|promoted|retired|renamed|over"
    r"|from .{1,60} to)\b",
    re.IGNORECASE,
)
_TEMPORARY = re.compile(r"\b(?:this (?:week|weekend|month)|temporarily|for now|for the time being)\b", re.IGNORECASE)
_BEGINNING = re.compile(
    r"\b(?:start(?:s|ed|ing)?|join(?:s|ed|ing)?|began|begins|moved|became|turned|got|switched|changed|signed|bought"
    r"|hired)\b",
    re.IGNORECASE,
)
"""A deed that begins something: "this week" dates it, and does not say that it will be over."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with a new fact.

    Args:
        duplicate_of: The fact that says the same; it gains the evidence, and no fact is added.
        supersedes: Ids of facts to close at the new fact's `valid_from`, each with the reason.
        related: Ids of facts to link; all are kept. The likest first.
        closed_by: Id and reason of a fact said later that had closed this one, had it come in order.
    """

    duplicate_of: str | None = None
    supersedes: tuple[tuple[str, str], ...] = ()
    related: tuple[str, ...] = ()
    closed_by: tuple[str, str] | None = None


def content_terms(text: str) -> frozenset[int]:
    """Return the terms of a text, each once."""
    return frozenset(terms_of(text).tolist())


def consolidate(
    new: Fact,
    candidate: Candidate,
    known: Sequence[Fact],
    terms: Callable[[str], frozenset[int]] = content_terms,
) -> Verdict:
    """Return what a new fact does to the known ones.

    The order of `known` does not matter. Facts of other users or subjects are never touched (but see the module on the
    user's team); superseded facts only when the new one, learnt out of order, ends them sooner.

    Args:
        new: The candidate as a fact, with its id and dates.
        candidate: What the extractor said of it.
        known: Its neighbours: facts of the same slot, of the same words, and the nearest by search.
        terms: `content_terms`, or the same that remembers what it was asked: a batch asks for the same texts often.
    """
    mine = sorted(
        (old for old in known if old.id != new.id and old.user_id == new.user_id),
        key=lambda old: (old.valid_from, old.id),
    )
    claimed = {relation.fact_id: relation.type for relation in candidate.relations}
    supersedes = tuple((old.id, reason) for old in mine if (reason := _supersedes(new, candidate, old)))
    others = [old for old in mine if _same_subject(old, new)]
    if not supersedes:
        twin = next((old for old in others if _says_the_same(new, old)), None) or next(
            (old for old in others if claimed.get(old.id) == "duplicates" and _holds_all_of(new, old)), None
        )
        if twin:
            return Verdict(duplicate_of=twin.id)
        changed = [old for old in others if claimed.get(old.id) in ("updates", "contradicts")]
        supersedes = tuple((old.id, reason) for old in changed if (reason := _claimed(new, candidate, old)))[:1]
    closed = {id_ for id_, _ in supersedes}
    closed_by = _closed_by(new, candidate, others)
    beside = [old for old in mine if old.active and old.id not in closed and old.id not in (closed_by or ())]
    named = tuple(old.id for old in beside if _ends_in_part(new, candidate, old))
    linked = _related(new, [old for old in beside if old.id not in named and _same_subject(old, new)], terms)
    return Verdict(None, supersedes, (*named, *linked)[:_MOST_RELATED], closed_by)


def _supersedes(new: Fact, candidate: Candidate, old: Fact) -> str | None:
    """Return why the new fact ends the old one, or None."""
    if candidate.additive or _NO_CLAIM.intersection((*new.flags, *old.flags)):
        return None
    if not _later(new, old) or not _holds_at(old, new):
        return None
    if candidate.replaces and _reaches(new, candidate, old) and not _names_more(new, candidate, old):
        reason = _transition(new, candidate, old)
        if reason:
            return reason
    if not _same_subject(old, new):
        return _said_anew(new, old) if _ONE_TEAM.issuperset((_subject(old), _subject(new))) else None
    return _other_value(new, candidate, old) or _flip(new, old) or _said_anew(new, old)


def _said_anew(new: Fact, old: Fact) -> str | None:
    """Read the same statement with another value, which is so by now."""
    if _is_negated(new) or _is_negated(old) or _is_temporary(new) or not _comparable(new, old):
        return None
    changed = new_value(new.text, old.text)
    return f"said anew, with {changed[1]} for {changed[0]}" if changed else None


def _ends_in_part(new: Fact, candidate: Candidate, old: Fact) -> bool:
    """Whether the new words name as replaced or ended one of the things that the old fact names."""
    if not candidate.replaces or candidate.additive or not _later(new, old):
        return False
    if _NO_CLAIM.intersection((*new.flags, *old.flags)):
        return False
    more = _reaches(new, candidate, old) and _names_more(new, candidate, old)
    return more and _transition(new, candidate, old) is not None


def _reaches(new: Fact, candidate: Candidate, old: Fact) -> bool:
    """Whether a transition can speak of the old fact's subject: a team's replacement is its user's, and the reverse."""
    if _same_subject(old, new) or _names_somebody(candidate, old):
        return True
    if candidate.retracts and candidate.replaces and re.search(rf"\b{re.escape(candidate.replaces)}$", old.subject):
        return new.text.startswith(f"{candidate.replaces} ")  # it is told of somebody by name
    if candidate.retracts and candidate.replaces in _OF_A_HOUSEHOLD:
        return all(_HOUSEHOLD.match(_subject(one)) for one in (old, new))
    if candidate.retracts and new.text.startswith(f"{candidate.replaces} "):
        return _ONE_TEAM.issuperset((_subject(old), _subject(new)))  # it is gone, for everybody
    ours = not candidate.retracts or "we" in old.flags  # "our API", then "we dropped it"
    return ours and _ONE_TEAM.issuperset((_subject(old), _subject(new)))


def _names_somebody(candidate: Candidate, old: Fact) -> bool:
    """Whether the words end what was with somebody, and the old fact gives the name of one of the user's people."""
    return (
        candidate.retracts
        and bool(candidate.replaces)
        and candidate.replaces not in _OF_A_HOUSEHOLD
        and old.subject.startswith("User's ")
        and re.search(rf"\b(?:is|called|named) {re.escape(candidate.replaces or '')}\W*$", old.text) is not None
    )


def _names_more(new: Fact, candidate: Candidate, old: Fact) -> bool:
    """Whether the old fact names something that the transition leaves open.

    That is anything beside what was replaced and what the new fact names too, but for what it serves ("Jenkins for
    CI"); of a fact that ended, only what is listed with it: "Slack and Notion", not "the Oxfam bookshop".
    """
    ended = content_terms(candidate.replaces or "")
    if old.slot and old.slot.startswith("attr:") and ended == content_terms(old.slot.removeprefix("attr:")):
        return False  # the thing itself has changed, and so has whatever it was
    known = ended | content_terms(f"{new.text} {old.subject}")
    others = [name for name in old.entities if (terms := content_terms(name)) and not terms & known]
    if not candidate.retracts:
        matter = _PLACE.sub("", _PURPOSE.sub("", old.text))
        if not ended <= content_terms(matter):
            matter = old.text
        return any(name in matter for name in others)
    listed = _LISTED.split(old.text) if _CONJUNCTION.search(old.text) else [old.text]
    return any(name in part for name in others for part in listed if not ended & content_terms(part))


def _closed_by(new: Fact, candidate: Candidate, others: Iterable[Fact]) -> tuple[str, str] | None:
    """Return the first fact said later that ends the new one, and why."""
    if _NO_CLAIM.intersection(new.flags):
        return None
    for later in others:
        if new.said_at < later.valid_from and not _NO_CLAIM.intersection(later.flags):
            reason = _other_value(later, candidate, new) or _flip(later, new) or _said_anew(later, new)
            if reason:
                return later.id, reason
    return None


def _later(new: Fact, old: Fact) -> bool:
    """Whether the new fact was said after the old one began; of two messages at the same time, the one read later."""
    if new.said_at == old.valid_from:
        return "corrected" in new.flags or not _messages(new) & _messages(old)
    return new.said_at > old.valid_from


def _messages(fact: Fact) -> set[str]:
    return {evidence.message_id for evidence in fact.evidence}


def _holds_at(old: Fact, new: Fact) -> bool:
    return old.valid_to is None or new.valid_from < old.valid_to


def _other_value(new: Fact, candidate: Candidate, old: Fact) -> str | None:
    """Read a single-valued slot: both facts give it a value, and neither value merely refines the other."""
    if not candidate.single or candidate.retracts or new.slot is None or new.slot != old.slot:
        return None
    if _is_negated(new) or _is_negated(old) or _is_temporary(new):
        return None
    if not new.value or not old.value or _same(new.value, old.value):
        return None
    ours, theirs = content_terms(new.value), content_terms(old.value)
    refines = bool(ours and theirs) and (ours <= theirs or theirs <= ours)
    if refines and "corrected" not in new.flags:
        return None
    return f"{new.slot} changed from {old.value} to {new.value}"


def _transition(new: Fact, candidate: Candidate, old: Fact) -> str | None:
    """Read words that name the old value: all of its content words stand in the old fact, which affirms it."""
    if not candidate.replaces or _is_negated(old) or _NEGATION.search(old.text):
        return None
    if candidate.replaces in _INSIDE and f" in {candidate.replaces}" not in old.text:
        return None  # a nurse there stays one
    if candidate.retracts and _ENDED.search(old.text):
        return None  # it tells the same end
    named = content_terms(candidate.replaces)
    if not named or not named <= _terms_and_deeds(f"{old.text} {old.value or ''}") or not _comparable(new, old):
        return None
    if candidate.retracts:
        return f"{candidate.replaces} is no longer so"
    if new.value and old.value and _same(new.value, old.value):
        return None  # it tells the same transition again
    return f"{candidate.replaces} was replaced by {new.value}" if new.value else f"{candidate.replaces} was replaced"


def _terms_and_deeds(text: str) -> frozenset[int]:
    """Return the terms of a text, and of a doer what is done: of "a smoker" to smoke."""
    doer = _DOER.search(text)
    return content_terms(f"{text} {doer['deed']} {doer['deed']}e" if doer else text)


def _comparable(new: Fact, old: Fact) -> bool:
    """Whether a transition can reach the old fact: no skill, nothing that is over, and no slot of another family."""
    over = old.kind == "event" and (old.event is None or old.event.end < new.said_at.date())
    if old.kind == "skill" or over:
        return False
    if new.slot is None or old.slot is None:
        return True
    return new.slot.partition(":")[0] == old.slot.partition(":")[0]


def _flip(new: Fact, old: Fact) -> str | None:
    """Read the same object of the same slot with the other polarity, a preference turned round, or a lack filled."""
    turned = _turned_round(new, old) or _filled(new, old) or _achieved(new, old) or _over_by_now(new, old)
    if turned:
        return turned
    if new.slot is None or new.slot != old.slot or _is_negated(new) == _is_negated(old) or _is_temporary(new):
        return None
    if new.value and old.value and not _same(new.value, old.value):
        return None
    if new.text.startswith("User's ") != old.text.startswith("User's "):
        return None  # one is of the user, the other of what is the user's
    if _is_negated(new) and new.value and _AT_TIMES.match(new.text.casefold().partition(new.value.casefold())[2]):
        return None
    what = f"{new.slot} {new.value or old.value}" if new.value or old.value else new.slot
    return f"{what} is now denied" if _is_negated(new) else f"{what} is now affirmed"


def _turned_round(new: Fact, old: Fact) -> str | None:
    """Read "prefers planes to trains" after "prefers trains to planes"."""
    ours, theirs = _PREFERRED.search(new.text), _PREFERRED.search(old.text)
    if not ours or not theirs or _is_negated(new) or _is_negated(old):
        return None
    turned = _same(ours["one"], theirs["other"]) and _same(ours["other"], theirs["one"])
    return f"{ours['one']} is now preferred to {ours['other']}" if turned else None


def _filled(new: Fact, old: Fact) -> str | None:
    """Read "bought a car" after "does not own a car"."""
    if not _is_negated(old) or _is_negated(new) or _is_temporary(new):
        return None
    ours, theirs = _OWNS.search(new.text), _OWNS.search(old.text)
    if not ours or not theirs:
        return None
    lacked = content_terms(theirs["what"])
    return f"{theirs['what']} is now there" if lacked and lacked <= content_terms(ours["what"]) else None


def _over_by_now(new: Fact, old: Fact) -> str | None:
    """Read "does not read crime novels any more" after "reads crime novels"."""
    if _is_negated(old) or not _is_negated(new) or old.subject != new.subject or not _comparable(new, old):
        return None
    denied = _NO_MORE.match(new.text)
    if not denied or _NEGATION.search(old.text):
        return None
    ours, theirs = content_terms(denied["what"]), content_terms(old.text)
    whole = len(ours) > 1 and ours <= theirs
    return f"{denied['what'].strip()} is over by now" if whole or (ours and ours == theirs) else None


def _achieved(new: Fact, old: Fact) -> str | None:
    """Read "bought a van" after "wants to buy a van", and work after the search for it."""
    if _is_negated(old) or _is_negated(new) or old.subject != new.subject:
        return None
    if _WITHOUT_WORK.search(old.text):
        return "there is work now" if _AT_WORK.search(new.text) else None
    sought, found = _SOUGHT.search(old.text), _FOUND.search(new.text)
    if not sought or not found:
        return None
    what = content_terms(sought["what"])
    return f"{sought['what']} is there now" if what and what <= content_terms(found["what"]) else None


def _claimed(new: Fact, candidate: Candidate, old: Fact) -> str | None:
    """Weigh a model's claim that the new fact takes the old one's place."""
    if candidate.additive or candidate.confidence != "high" or _NO_CLAIM.intersection((*new.flags, *old.flags)):
        return None
    if not _later(new, old) or not _holds_at(old, new) or not _comparable(new, old) or _is_temporary(new):
        return None
    shared = bool((content_terms(new.text) & content_terms(old.text)) - content_terms(new.subject))
    if not shared and (new.kind != old.kind or new.kind not in _ONE_MATTER):
        return None
    said = " ".join((new.text, *(span.quote for span in new.evidence)))
    denied = shared and _is_negated(new) != _is_negated(old)
    if not (denied or _CHANGE.search(said)) or _lists_others(new, old):
        return None
    return f"{old.text.rstrip('.')} is no longer so" if candidate.retracts or denied else "said anew, as a change"


def _lists_others(new: Fact, old: Fact) -> bool:
    """Whether the old fact lists several things, and the new one does not speak of all of them."""
    known = content_terms(new.text)
    listed = [part for part in _LISTED.split(old.text) if any(name in part for name in old.entities)]
    return len(listed) > 1 and not all(known & content_terms(name) for name in old.entities)


def _holds_all_of(new: Fact, old: Fact) -> bool:
    """Whether an active fact holds the names and numbers of another, half of its words, and the same polarity."""
    if not old.active or _is_negated(old) != _is_negated(new):
        return False
    ours, theirs = content_terms(new.text), content_terms(old.text)
    exact = " ".join(word for word in _WORD.findall(new.text)[1:] if not word.islower())
    return content_terms(exact) <= theirs and 2 * len(ours & theirs) >= len(ours)


def _is_temporary(fact: Fact) -> bool:
    found = _TEMPORARY.search(fact.text)
    return found is not None and not (found[0].lower().startswith("this") and _BEGINNING.search(fact.text))


def _says_the_same(new: Fact, old: Fact) -> bool:
    return old.active and _is_negated(old) == _is_negated(new) and _same(new.text, old.text)


def _related(new: Fact, beside: Iterable[Fact], terms: Callable[[str], frozenset[int]]) -> tuple[str, ...]:
    """Return the ids of facts of the same slot or with at least half of all content words in common."""
    ours = terms(new.text)

    def likeness(old: Fact) -> float:
        theirs = terms(old.text)
        return len(ours & theirs) / (len(ours | theirs) or 1)

    ranked = sorted(((-likeness(old), old.id, old.slot) for old in beside), key=lambda one: one[:2])
    linked = (id_ for likest, id_, slot in ranked if -likest >= _RELATED or (slot is not None and slot == new.slot))
    return tuple(linked)[:_MOST_RELATED]


def _subject(fact: Fact) -> str:
    return " ".join(fact.subject.split())


def _same_subject(one: Fact, other: Fact) -> bool:
    return one.subject.split() == other.subject.split() or _same(one.subject, other.subject)


def _is_negated(fact: Fact) -> bool:
    return fact.polarity == "negative" or "negated" in fact.flags


def _same(one: str, other: str) -> bool:
    """Whether two texts differ in case, punctuation, white space and articles at most."""
    return _normalized(one) == _normalized(other)


def _normalized(text: str) -> tuple[str, ...]:
    words = (word.replace("’", "'") for word in _WORD.findall(text.casefold()))
    return tuple(word for word in words if word not in _ARTICLES) or (text.casefold().strip(),)
