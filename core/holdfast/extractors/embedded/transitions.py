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
        "changed for another",
        pattern=r"\b(?:changed|exchanged)(?: in)? <old> for (?:an?|the|some|(?-i:[A-Z]))",
        gives="replaces",
        fires="User has changed User's Huawei for a Pixel 9 => replaces Huawei",
        spares="User has changed a lot for good",
    ),
    Rule(
        "taken out of",
        pattern=r"\b(?:pulled|took|taken|withdrew|withdrawn|removed) [\w' ]{2,30}? out of "
        r"(?!the (?:car|oven|fridge|box|bag|shed|garage|house)\b|User's\b)<old><stop>",
        gives="retracts",
        fires="User has pulled the boys out of Montessori and put them elsewhere => retracts Montessori",
        spares="User has pulled the cake out of the oven",
    ),
    Rule(
        "turned down",
        pattern=r"\b(?:turned down|declined|rejected|backed out of|pulled out of|said no to|decided against|walked "
        r"away from) "
        r"(?:the |User's )?(?!(?:the )?(?:volume|heat|music|sound)\b)<old>(?: after all)?<stop>",
        gives="retracts",
        fires="User turned down the Oslo job after all => retracts Oslo job",
        spares="User turned down the volume",
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
        pattern=r"(?:n't|\bnot|\bnever|\bno)\b (?:really |a |an |even )*(?:<not_any_more_words>|[a-z]+ (?=\w))?\b "
        r"?<old>"
        r" ?\b(?:any ?more|any longer|these days)\b",
        gives="retracts",
        fires="User doesn't eat meat anymore => retracts meat",
        spares="User doesn't eat meat often",
    ),
    Rule(
        "stopped doing somewhere",
        pattern=r"\b(?:stopped|quit|gave up|given up|finished) (?!.*\b(?:today|halfway|on the way|for now|this time)\b)"
        r"(?P<old>[a-z]+ing (?:at|for|with) (?!\d|the (?:end|start|top|bottom)\b)(?:the |an? |User's )?"
        r"[\w'-]+(?: [\w'-]+){0,3}?)(?=[.,;!)]|$| (?:last|in|because|since|after|when|as|on|yesterday|this|due)\b)",
        gives="retracts",
        fires="User stopped volunteering at the food bank => retracts volunteering at the food bank",
        spares="User stopped at the food bank",
    ),
    Rule(
        "stopped",
        pattern=r"\b<stopped_words>\b (?!.*\b(?:today because|halfway|at \d|at the|on the way|for a (?:bit|break"
        r"|moment|while|rest"
        r"|day|week)|mid-|for now|this time)\b)(?!to\b)(?:working (?:at|for|as) |using |eating |drinking |playing "
        r"|taking "
        r"|going to |with )?<old><stop>",
        gives="retracts",
        fires="User gave up coffee in May => retracts coffee",
        spares="User gave a coffee to Ann",
    ),
    Rule(
        "broke up",
        pattern=r"\b(?:and (?P<old>[A-Z]\w+)|(?P<old2>[A-Z]\w+) and User) <broke_up_words>\b",
        gives="retracts",
        fires="User and Theo broke up => retracts Theo",
        spares="User and Theo broke a plate",
    ),
    Rule(
        "died",
        pattern=r"^(?P<old>(?-i:[A-Z])\w+) (?:has |have )?(?:sadly |finally |just )?(?:died|passed away|passed|was "
        r"put (?:down|to sleep))\b(?! (?:his|her|my|the|a|laughing|of (?:laughter|boredom|embarrassment|shame)|it"
        r"|on (?:User|me|us|stage|the)|by|through)\b)"
        r"|\bput (?P<old2>(?-i:[A-Z])\w+) (?:down|to sleep)\b",
        gives="retracts",
        fires="Rex died last week => retracts Rex",
        spares="Rex died his fur",
    ),
    Rule(
        "a name is gone",
        pattern=r"^(?P<old>(?-i:[A-Z])[\w.+#-]*(?: (?-i:[A-Z])\w*)?) (?:is|has been|are|was) (?:(?:finally|now|all"
        r"|long|officially) )*(?:gone|history|out|no more|retired"
        r"|replaced|decommissioned|scrapped|switched off|shut down)\b",
        gives="retracts",
        fires="Jenkins is finally gone => retracts Jenkins",
        spares="Jenkins is finally here",
    ),
    Rule(
        "moved off",
        pattern=r"\b(?:mov\w+|migrat\w+|switch\w*|got|getting|com\w+|came|went|go\w*|tak\w+|took|taken|wean\w*|is"
        r"|has gone)(?: User| completely| fully| finally)* (?:off(?: of)?|away from|on from) "
        r"(?!to\b|the (?:phone|bus|train|plane)\b|work\b|on\b|for\b|in\b|at\b|from\b|today\b|sick\b|duty\b"
        r"|limits\b)<old>(?=[.,;!)]|$| (?:to|for|and|onto|after|in|last|this|since|now|so|because)\b)",
        gives="retracts",
        fires="User moved off MySQL to Postgres => retracts MySQL",
        spares="User moved off to Spain",
    ),
    Rule(
        "no more of it",
        pattern=r"(?:^|[,;] (?:so )?|\b(?:so|with|has|have) )no more (?!than\b|to\b|time\b|of\b"
        r"|questions?\b)<old>(?: for User)?<stop>",
        gives="retracts",
        fires="User had laser surgery, no more glasses for User => retracts glasses",
        spares="User has no more than two",
    ),
    Rule(
        "handed over",
        pattern=r"\b(?:handed|passed|gave|turned) (?:the |user's )?<old>(?: job| role| post| position| duties)? "
        r"(?:over|on|up) to\b"
        r"|\bstepp(?:ed|ing) down (?:as|from)(?: being)? (?:the |an? |user's )?(?P<old2>[\w' -]{3,30}?)<stop>",
        gives="retracts",
        fires="User handed the treasurer job over to Pauline => retracts treasurer",
        spares="User handed the salt over the table",
    ),
    Rule(
        "not after all",
        pattern=r"\b(?:is|are|am|was)(?: not|n't) (?:really |actually )?(?:an? |the )?<old> (?:after all|it turns "
        r"out|as it turns out)\b",
        gives="retracts",
        fires="User is not vegetarian after all => retracts vegetarian",
        spares="User is not vegetarian",
    ),
    Rule(
        "parted with",
        pattern=r"\b<parted_with_words>\b (?!in\b|to\b|for\b|about\b|touch|out\b|of\b|weight|on\b"
        r"|User<stop>|early|home|last\b|this\b|next\b|\d)<old><stop>",
        gives="retracts",
        fires="User sold the motorbike => retracts motorbike",
        spares="User sold out in a day",
    ),
    Rule(
        "over with",
        pattern=r"^User's (?!(?:[\w-]+ ){0,2}<kin>\b)(?P<old>[\w' -]{2,40}?) (?:has been|was|is|got|were"
        r"|are) (?:cancell?ed|called off|gone|off(?! to\b)|over(?! to\b)|no more|sold|scrapped|dead|postponed"
        r" indefinitely)\b",
        gives="retracts",
        fires="User's wedding is called off => retracts wedding",
        spares="User's wedding is in June",
    ),
    Rule(
        "came off",
        pattern=r"^User's (?!(?:[\w-]+ ){0,2}<kin>\b)(?P<old>[\w' -]{2,40}?) (?:came|have come|has come|is|are) "
        r"(?:finally )?(?:off|out|gone)\b(?! (?:to|of|with|for)\b)",
        gives="retracts",
        fires="User's braces came off in May => retracts braces",
        spares="User's braces came in May",
    ),
    Rule(
        "was let go by",
        pattern=r"^(?P<old>(?-i:[A-Z])[\w&.'-]*(?: (?-i:[A-Z])\w*)?) (?:has |have )?(?:let User go|laid User off"
        r"|made User redundant|fired User|sacked User)\b",
        gives="retracts",
        fires="IKEA let User go => retracts IKEA",
        spares="IKEA let User in",
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
            plain = _plain(old) if old else None
            return None if plain in _NOTHING_NAMED else Transition(plain, rule.gives == "retracts")
    return None


_NOTHING_NAMED = frozenset(
    "playing using doing going working eating taking having making being trying it that this".split()
)
"""What "stopped playing" names: nothing that an earlier fact could be known by."""


def _plain(old: str) -> str:
    bare = re.sub(
        r"^(?:(?:User's|user's|the|a|an|my|all|their|drinking|eating|using|playing|doing|taking|smoking(?= \w))\s+)+",
        "",
        old,
    )
    return re.sub(r"(?<=\w) (?:membership|subscription|account|lessons|classes|contract|habit)$", "", bare.strip(" .,"))
