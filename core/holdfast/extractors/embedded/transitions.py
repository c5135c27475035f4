"""Turns of phrase that end an earlier truth: "from A to B", "instead of A", "no longer A", "sold A"."""

import re
from dataclasses import dataclass

from holdfast.extractors.embedded.rules import Rule, compiled

TRANSITIONS = (
    Rule(
        "from to",
        pattern=r"\b<changing_verbs>\b(?: [\w.+#']+){0,4}? from <old>(?: over)? (?:to|for|in favou?r)\b",
        gives="replaces",
        fires="User switched from Vim to Neovim => replaces Vim",
        spares="User walked from home to work",
    ),
    Rule(
        "to from",
        pattern=r"\b(?:switched|moved|migrated|changed|relocated|upgraded|converted)(?: [\w.+#']+){0,3}?"
        r" to [\w.+#' -]{2,40}? from <old><end>",
        gives="replaces",
        fires="User moved to Denver from Tulsa => replaces Tulsa",
        spares="User moved to Denver for good",
    ),
    Rule(
        "instead of",
        pattern=r"\b(?:instead of|rather than|in place of|in favou?r of dropping) <old><end>",
        gives="replaces",
        fires="User drinks tea instead of coffee => replaces coffee",
        spares="User drinks tea instead",
    ),
    Rule(
        "to replace",
        pattern=r"\bto replace <old><end>",
        gives="replaces",
        fires="User got a Framework to replace the ThinkPad => replaces ThinkPad",
        spares="User got to replacements",
    ),
    Rule(
        "replaced",
        pattern=r"\b<replaced_words>(?: in| out)? <old> (?:with|for|by|in favou?r of|and (?:joined|bought"
        r"|got|moved|switched|started|went))\b",
        gives="replaces",
        fires="User traded the Golf for a Tesla => replaces Golf",
        spares="User traded jokes at night",
    ),
    Rule(
        "no longer",
        pattern=r"\bno longer (?:really |a |an |even |been )*<no_longer_words>?\b ?<old><stop>",
        gives="retracts",
        fires="User no longer works at Acme => retracts Acme",
        spares="User is no stranger to Acme",
    ),
    Rule(
        "not any more",
        pattern=r"(?:n't|\bnot|\bnever|\bno)\b (?:really |a |an |even )*<not_any_more_words>?\b ?<old>"
        r" ?\b(?:any ?more|any longer|these days)\b",
        gives="retracts",
        fires="User doesn't eat meat anymore => retracts meat",
        spares="User doesn't eat meat often",
    ),
    Rule(
        "stopped",
        pattern=r"\b<stopped_words>\b (?:working (?:at|for|as) |using |eating |drinking |playing |taking "
        r"|going to |with )?<old><stop>",
        gives="retracts",
        fires="User gave up coffee in May => retracts coffee",
        spares="User gave a coffee to Ann",
    ),
    Rule(
        "parted with",
        pattern=r"\b<parted_with_words>\b (?!in\b|to\b|for\b|about\b|touch|out\b|of\b|weight|on\b"
        r"|User<stop>|early|home|\d)<old><stop>",
        gives="retracts",
        fires="User sold the motorbike => retracts motorbike",
        spares="User sold out in a day",
    ),
    Rule(
        "broke up",
        pattern=r"\b(?:and (?P<old>[A-Z]\w+)|(?P<old2>[A-Z]\w+) and User) <broke_up_words>\b",
        gives="retracts",
        fires="User and Theo broke up => retracts Theo",
        spares="User and Theo broke a plate",
    ),
    Rule(
        "over with",
        pattern=r"^User's (?!(?:[\w-]+ ){0,2}<kin>\b)(?P<old>[\w' -]{2,40}?) (?:has been|was|is|got|were"
        r"|are) (?:cancell?ed|called off|gone|off|over|no more|sold|scrapped|dead|postponed"
        r" indefinitely)\b",
        gives="retracts",
        fires="User's wedding is called off => retracts wedding",
        spares="User's wedding is in June",
    ),
    Rule(
        "rescheduled",
        pattern=r"^User's (?!(?:[\w-]+ ){0,2}<kin>\b)(?P<old>[\w' -]{2,40}?) (?:<rescheduled_exceptions>"
        r" ){0,3}<rescheduled_verbs>(?: back| forward| up| out)? (?:to|until|by|from)\b",
        gives="replaces",
        fires="User's deadline was pushed to Friday => replaces deadline",
        spares="User's deadline is Friday",
    ),
    Rule(
        "moved a date",
        pattern=r"\b(?:pushed|moved|postponed|rescheduled|delayed|bumped|extended|shifted|changed)(?:"
        r" back)? (?:the |user's )(?P<old>[\w' -]{2,30}?)(?: date)?(?: back| forward)? (?:to"
        r"|until|from)\b",
        gives="replaces",
        fires="User moved the standup to 9:15 => replaces standup",
        spares="User moved the sofa up",
    ),
    Rule(
        "not but",
        pattern=r"\bnot (?:on |in |at |with )?(?P<old>[A-Z0-9][\w.+#:-]*(?: [A-Z]\w+)?) (?:any ?more|but"
        r"|any longer)\b",
        gives="replaces",
        fires="User is not in London but in Derry => replaces London",
        spares="User is not in London",
    ),
)
"""Each gives `replaces` (a new truth stands in for the old) or `retracts` (the old one ends); group `old` names it."""


@dataclass(frozen=True, slots=True)
class Transition:
    """What a statement ends."""

    old: str | None
    retracts: bool


def transition(text: str) -> Transition | None:
    """Return what a rewritten statement ends, by the first row that matches."""
    for rule in TRANSITIONS:
        match = compiled(rule.pattern).search(text)
        if match:
            groups = match.groupdict()
            old = groups.get("old") or groups.get("old2")
            return Transition(_plain(old) if old else None, rule.gives == "retracts")
    return None


def _plain(old: str) -> str:
    return re.sub(r"^(?:User's|user's|the|a|an|my|all|their)\s+", "", old).strip(" .,")
