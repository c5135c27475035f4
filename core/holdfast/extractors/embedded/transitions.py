"""Turns of phrase that end an earlier truth: "from A to B", "instead of A", "no longer A", "sold A"."""

import re
from dataclasses import dataclass

from holdfast.extractors.embedded.rules import Rule, first

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
        pattern=r"\b(?:turned down|declined|rejected|backed out of|pulled out of|said no to|decided against"
        r"|walked away from) (?:the |User's )?(?!(?:the )?(?:volume|heat|music|sound)\b)<old>(?: after all)?<stop>",
        gives="retracts",
        fires="User turned down the Oslo job after all => retracts Oslo job",
        spares="User turned down the volume",
    ),
    Rule(
        "broke up",
        pattern=r"\b(?:and (?P<old>[A-Z]\w+)|(?P<old2>[A-Z]\w+) and User) <broke_up_words>\b",
        gives="retracts",
        fires="User and Theo broke up => retracts Theo",
        spares="User and Theo broke a plate",
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
        r"?<old> ?\b(?:any ?more|any longer|these days)\b",
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
        pattern=r"\b<stopped_words>\b (?!.*\b(?:today because|halfway|at \d|at the|on the way"
        r"|for a (?:bit|break|moment|while|rest|day|week)|mid-|for now|this time)\b)(?!to\b)"
        r"(?:working (?:at|for|as) |using |eating |drinking |playing |taking |going to |with )?<old><stop>",
        gives="retracts",
        fires="User gave up coffee in May => retracts coffee",
        spares="User gave a coffee to Ann",
    ),
    Rule(
        "died",
        pattern=r"^(?P<old>(?-i:[A-Z])\w+) (?:has |have )?(?:sadly |finally |just )?(?:died|passed away|passed"
        r"|was put (?:down|to sleep))\b(?! (?:his|her|my|the|a|laughing|of (?:laughter|boredom|embarrassment|shame)"
        r"|it|on (?:User|me|us|stage|the)|by|through)\b)|\bput (?P<old2>(?-i:[A-Z])\w+) (?:down|to sleep)\b",
        gives="retracts",
        fires="Rex died last week => retracts Rex",
        spares="Rex died his fur",
    ),
    Rule(
        "a name is gone",
        pattern=r"(?:^|, )(?P<old>(?!User\b)(?-i:[A-Z])[\w.+#-]*(?: (?-i:[A-Z])\w*)?) (?:is|has been|are|was) "
        r"(?:(?:finally|now|all|long|officially) )*(?:uninstalled|gone|history|out|no more|retired|replaced"
        r"|decommissioned|scrapped|switched off|shut down)\b"
        r"(?! (?:for (?!good)|to|in the|on the|at|of|with|until|there|walking)\b)",
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
        r"(?:over|on|up) to\b|\bstepp(?:ed|ing) down (?:as|from)(?: being)? (?:the |an? "
        r"|user's )?(?P<old2>[\w' -]{3,30}?)<stop>",
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
        pattern=r"\b(?!lost (?:User's|the) <carried_along>\b)<parted_with_words>\b (?!in\b|to\b|for\b|about\b|touch"
        r"|out\b|of\b|weight|on\b|User<stop>|early|home|last\b|this\b|next\b|\d)<old><stop>",
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
        r"(?:finally )?(?:off|out|gone)\b(?! (?:to|of|with|for)\b)|^The (?P<old2>[\w-]+(?: [\w-]+)?) (?:came"
        r"|have come|has come) (?:finally )?off\b(?! (?:to|of|with|for)\b)",
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
        "renamed",
        pattern=r"\brenamed <old> (?:to|as|into)\b",
        gives="replaces",
        fires="User's team renamed Ziggy to Comet => replaces Ziggy",
        spares="User's team renamed three files",
        holds="renamed",
    ),
    Rule(
        "changed providers",
        pattern=r"\b(?:switched|changed|swapped) (?P<old>(?:bank|therapist|dentist|doctor|gp|landlord|manager|boss"
        r"|provider|insurer|gym|school|phone|lawyer|accountant|vet|hairdresser)(?:e?s)?)\b(?! (?:to|from)\b)",
        gives="replaces",
        fires="User switched banks => replaces banks",
        spares="User switched sides",
        holds="switched|changed|swapped",
    ),
    Rule(
        "let go to waste",
        pattern=r"\b(?:let|lets|letting) <old> (?:lapse|expire|run out|go)\b(?! (?:to|of|for|on)\b)",
        gives="retracts",
        fires="User let User's gym subscription lapse => retracts gym",
        spares="User lets guests in",
        holds="lapse|expire|run out|go",
    ),
    Rule(
        "was stolen",
        pattern=r"^User's (?!(?:[\w-]+ ){0,2}<kin>\b)(?P<old>[\w' -]{2,40}?) (?:has been|was|got|is|were) (?:(?:finally"
        r"|just) )?(?:stolen|nicked|written off|totalled|scrapped|demolished|destroyed|discontinued)\b",
        gives="retracts",
        fires="User's Trek got stolen => retracts Trek",
        spares="User's Trek got dirty",
        holds="stolen|nicked|written off|totalled|scrapped|demolished|destroyed|discontinued",
    ),
    Rule(
        "called off",
        pattern=r"\b(?:called off|backed out of|pulled the plug on|axed|shelved|scrapped|binned|knocked off)"
        r" (?!(?:work|sick)\b)<old><stop>",
        gives="retracts",
        fires="User called off the attic renovation, it cost too much => retracts attic renovation",
        spares="User called off sick",
        holds="called off|backed out|pulled the plug|axed|shelved|scrapped|binned|knocked off",
    ),
    Rule(
        "traded in",
        pattern=r"\b(?:traded|part-exchanged|swapped|handed) <old> in\b(?! (?:a|the|my|\w+ing)\b)",
        gives="retracts",
        fires="User traded the Volvo in => retracts Volvo",
        spares="User traded jokes in the pub",
        holds="traded|part-exchanged|swapped|handed",
    ),
    Rule(
        "out of hospital",
        pattern=r"\b(?:came|got|is|was|are|has come|have come) (?:(?:back|finally|now) )*(?:home|out|discharged"
        r"|released) (?:from|of) (?:the )?(?P<old>hospital|prison|jail|rehab|hospice|intensive care)\b",
        gives="retracts",
        fires="User's mum came home from hospital => retracts hospital",
        spares="User's mum came from the hospital shop",
        holds="hospital|prison|jail|rehab|hospice|intensive care",
    ),
    Rule(
        "a baby is here",
        pattern=r"\bhad (?:her|the|their|User's) (?:first |second |third )?baby(?! (?:shower|bump|steps?|teeth))\b"
        r"|^User(?:'s [\w ]{2,20}?)?(?: [A-Z]\w+)? (?:gave birth|(?:was|were) born)\b(?! in (?:\d{4}|[A-Z]))",
        gives="retracts:pregnant",
        fires="User's sister had her baby => retracts pregnant",
        spares="User's sister had her baby shower",
        holds="baby|birth|born",
    ),
    Rule(
        "moved in together",
        pattern=r"^User's (?:[\w-]+ )?<kin>(?: [A-Z]\w+)? (?:has |have )?(?:(?:just|finally) )?moved in with User\b"
        r"|^User (?:and .{2,30} |and User's .{2,30} )?(?:has |have )?(?:(?:just|finally) )?moved in (?:together"
        r"|with User's)\b",
        gives="retracts:alone",
        fires="User's girlfriend moved in with User => retracts alone",
        spares="User's girlfriend moved in the spring",
        holds="moved in",
    ),
    Rule(
        "course is over",
        pattern=r"\b(?:finished|completed|graduated from|passed out of) User's (?P<old>(?:[\w-]+ )?(?:apprenticeship"
        r"|degree|course|studies|phd|doctorate|masters?|internship|traineeship|probation|chemo(?:therapy)?"
        r"|physio(?:therapy)?|treatment|residency|bootcamp))\b",
        gives="retracts",
        fires="User finished User's apprenticeship in July => retracts apprenticeship",
        spares="User finished User's sandwich",
        holds="finished|completed|graduated|passed",
    ),
    Rule(
        "version raised",
        pattern=r"\b(?:bumped|upgraded|updated|moved)(?: up)? (?:the |User's )?"
        r"(?P<old>(?-i:[A-Z])[\w.+#-]*(?: (?-i:[A-Z])\w+)?) to v?\d",
        gives="replaces",
        fires="User's team bumped Node to 22 => replaces Node",
        spares="User's team bumped into Nora at 22",
        holds="bumped|upgraded|updated|moved",
    ),
    Rule(
        "healed",
        pattern=r"^User's (?P<old>[\w-]+(?: [\w-]+)?) (?:has|have|is|are) "
        r"(?:(?:fully|completely|finally|now) )*healed\b",
        gives="retracts",
        fires="User's knee has healed => retracts knee",
        spares="User's faith healer has a knee",
        holds="healed",
    ),
    Rule(
        "moved out",
        pattern=r"^User's (?:[\w-]+ )?<kin>(?: [A-Z]\w+)? (?:has |have )?(?:(?:just|finally) )?moved out\b"
        r"(?! (?:to|of)\b)",
        gives="retracts:lives with User",
        fires="User's sister moved out last month => retracts lives with User",
        spares="User's sister moved out of the way",
        holds="moved out",
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
"""Each gives `replaces` (a new truth stands in for the old) or `retracts` (the old one ends).

Group `old` names it, or what stands behind the colon: the state that a deed is the end of."""


@dataclass(frozen=True, slots=True)
class Transition:
    """What a statement ends."""

    old: str | None
    retracts: bool


def transition(text: str) -> Transition | None:
    """Return what a rewritten statement ends, by the first row that matches."""
    found = first(TRANSITIONS, text)
    if found is None:
        return None
    rule, match = found
    kind, _, state = rule.gives.partition(":")
    groups = match.groupdict()
    old = state or groups.get("old") or groups.get("old2")
    plain = _plain(old) if old else None
    return None if plain in _NOTHING_NAMED else Transition(plain, kind == "retracts")


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
