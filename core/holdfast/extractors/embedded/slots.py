"""Attributes with one value at a time that a statement gives in passing: a dose, a version, a head count."""

from dataclasses import dataclass

from holdfast.extractors.embedded.rules import Rule, compiled, first

_ENDS = (
    r"(?=[.,;!)(]|$| (?:and|but|now|since|from|these|at|in|on|as|last|this|so|because|after|for|with|instead"
    r"|yesterday|today)\b)"
)
_AMOUNT = (
    r"(?P<value>[$€£]? ?\d[\d.,]*(?: ?(?:k|%|euros?|dollars?|pounds?|francs?|kg|lbs?|points?"
    r"|a (?:month|week|year|day)|per (?:month|week|year|hour)))*)"
)

SLOTS = (
    Rule(
        "dose of a medicine",
        pattern=r"\b(?P<value>\d[\d.,]* ?(?:mg|mcg|µg|ml|units?))(?: of| a day of)? (?!of\b|in\b|at\b|for\b"
        r"|twice\b|daily\b|every\b|each\b|before\b|after\b)(?P<thing>[a-z]{5,})\b",
        gives="dose:{thing}",
        fires="User is on 10 mg of ramipril => dose:ramipril=10 mg",
        spares="User takes 10 mg at night",
        needs=r"\d ?(?:mg|mcg|µg|ml|unit)",
    ),
    Rule(
        "dose that changed",
        pattern=r"\bUser's (?P<thing>[a-z]{5,})(?: dose)? (?:(?:was|were|is|has|been|went|gone|now) ){0,3}"
        r"(?:(?:doubled|raised|increased|lowered|reduced|halved|cut|upped|put|changed|moved|up|down) )*(?:to|at"
        r"|now) (?P<value>\d[\d.,]* ?(?:mg|mcg|µg|ml|units?))",
        gives="dose:{thing}",
        fires="User's doctor raised User's losartan to 100 mg => dose:losartan=100 mg",
        spares="User's doctor raised User's hopes",
        needs=r"\d ?(?:mg|mcg|µg|ml|unit)",
    ),
    Rule(
        "version of a software",
        pattern=r"\b(?:is on|are on|uses?|using|runs?|running|targets?|(?:upgraded|updated|moved|migrated|switched"
        r"|bumped|went)(?: [a-z]+){0,3}? to) (?P<thing>(?-i:[A-Z])[A-Za-z.+#-]*(?: (?-i:[A-Z])[A-Za-z]+)?) "
        r"v?(?P<value>\d{1,4}(?:\.\d+){0,2})\b(?!\.?\d)(?! (?:times|hours|days|people|years|and|or|plus)\b)",
        gives="version:{thing}",
        fires="User's team upgraded to Python 3.12 => version:python=3.12",
        spares="User uses Python 3 times a day",
        needs=r"\d",
    ),
    Rule(
        "sum that is due",
        pattern=r"^User's (?P<thing>rent|salary|pay|mortgage|wage|pension|allowance|budget|weight|mileage|credit "
        r"limit|phone bill|insurance|subscription) "
        r"(?:is|are|costs|(?:has |have )?(?:gone|went|risen|rose|dropped|fallen|fell|jumped) (?:up |down )?to"
        r"|(?:was|were|has been|got) (?:raised|cut|reduced|increased|lowered|put up) to) (?:now )?" + _AMOUNT,
        gives="attr:{thing}",
        fires="User's rent went up to 1,620 a month from today => attr:rent=1,620 a month",
        spares="User's rent is due on the 1st",
        needs=r"\d",
    ),
    Rule(
        "people in one's team",
        pattern=r"\b(?:has|have|leads?|manages?) (?P<value>\d+|<number>) (?:people|members|employees|engineers"
        r"|developers|colleagues|staff|kids|pupils|students) (?:in|on|at) "
        r"User's (?P<thing>team|company|class|choir|club|department|group|firm|shop)\b",
        gives="size:{thing}",
        fires="User has 12 people in User's team => size:team=12",
        spares="User has 12 people at home",
        holds="people|members|employees|engineers|developers|colleagues|staff|kids|pupils|students",
    ),
    Rule(
        "a team of so many",
        pattern=r"\bUser's (?P<thing>team|company|class|choir|club|department|group|firm|shop) (?:now )?(?:has|is"
        r"|counts|grew to|has grown to|is down to|shrank to) (?P<value>\d+|<number>)"
        r"(?: (?:people|members|employees|engineers|developers|strong|staff|kids|pupils|students|of us)\b|$)",
        gives="size:{thing}",
        fires="User's team has 15 people now => size:team=15",
        spares="User's team has 15 projects",
        holds="team|company|class|choir|club|department|group|firm|shop",
    ),
    Rule(
        "so many of a kind",
        pattern=r"^User(?:'s team)? (?:has|have|is at|are at|is up to|has reached|reached|owns?|keeps?) "
        r"(?P<value>\d[\d.,]*k?|<number>) (?:paying |active |full-time |registered "
        r"|monthly )?(?P<thing>(?!(?:<kin>)s?\b|children\b|kids\b|days\b|hours\b|weeks\b|years\b)[a-z]{3,}s|people"
        r"|hens|sheep|staff)\b(?: now\b|[.,;]|$)",
        gives="count:{thing}",
        fires="User has 55 employees now => count:employees=55",
        spares="User has 55 employees in Rome",
        needs=r"^User(?:'s team)? ",
    ),
    Rule(
        "has somebody",
        pattern=r"^User (?:now )?(?:has|has got) an? (?:new )?(?P<value>girlfriend|boyfriend|partner|wife|husband"
        r"|fiancée?)\b",
        gives="relationship_status",
        fires="User has a girlfriend now, her name is Mei => relationship_status=girlfriend",
        spares="User has a friend now",
    ),
    Rule(
        "name of who is one of a kind",
        pattern=r"^User's (?:new )?(?P<thing>boss|manager|supervisor|team lead|landlord|landlady|dentist|gp"
        r"|therapist|boyfriend|girlfriend|partner|fiancée?|husband|wife) is (?:now )?(?:called|named) "
        r"(?P<value>(?!after\b|in\b|away\b|off\b|out\b|to\b|by\b)(?:(?-i:[a-z])[\w'-]+"
        r"|(?-i:[A-Z])[\w'-]+(?= (?:these days|since|instead|from|as of)\b)))" + _ENDS,
        gives="attr:{thing}",
        fires="User's boss is called Tiago these days, Annika left => attr:boss=Tiago",
        spares="User's boss is called in at night",
        holds="called|named",
    ),
    Rule(
        "name of a new one",
        pattern=r"\bUser (?:has|got|has got) a new (?P<thing>boss|manager|supervisor|team lead|landlord|landlady"
        r"|dentist|gp|therapist|boyfriend|girlfriend|partner)\b[^.]{0,12}?\b(?:name(?:'s| is)|called|named) "
        r"(?P<value>[A-Za-z][\w'-]+)",
        gives="attr:{thing}",
        fires="User got a new boss, her name's anjali => attr:boss=anjali",
        spares="User got a new boss, her office is big",
        holds="new",
    ),
    Rule(
        "employer of now",
        pattern=r"^User (?:now )?(?:works|is working) (?:at|for) (?:the |an? )?(?P<value>[\w&'-]+(?: "
        r"[\w&'-]+){0,4}?) (?:now|these days)\b",
        gives="works_at",
        fires="User works at a garden centre now => works_at=garden centre",
        spares="User works at night",
        holds="work",
    ),
    Rule(
        "employer of a new job",
        pattern=r"\bUser(?:'s <kin>)? (?:has|got|has got|landed|found|started) (?:a|User's|her|his|their) new job "
        r"(?:at|with) (?:the|an?) (?P<value>(?!last\b|first\b|once\b|least\b)[\w&'-]+"
        r"(?: (?!as\b|on\b|in\b|and\b)[\w&'-]+){0,3}?)" + _ENDS,
        gives="works_at",
        fires="User got a new job at the Rijksmuseum café, manager => works_at=Rijksmuseum café",
        spares="User got a new job at last",
        holds="new job",
    ),
    Rule(
        "home of a new flat",
        pattern=r"^User (?:has |have |just |finally )*(?:got|moved|signed|picked up|settled"
        r"|unpacked)\b[^.,;]{0,30}\bnew (?:flat|apartment|house|place|home|studio|room) in "
        r"(?P<value>(?-i:[A-Z])[\w'-]+(?: (?-i:[A-Z])[\w'-]+)?)",
        gives="lives_in",
        fires="User got the keys to the new flat in Lund => lives_in=Lund",
        spares="User saw the new flat in Lund",
        holds="new ",
    ),
    Rule(
        "home that is rented",
        pattern=r"^User (?:rents|is renting|sublets|is subletting) (?:an? |the )?(?:[\w-]+ )?"
        r"(?:flat|apartment|house|place|studio|room|bedsit) in (?P<value>(?-i:[A-Z])[\w'-]+(?: (?-i:[A-Z])[\w'-]+)?)",
        gives="lives_in",
        fires="User rents a studio in Bern => lives_in=Bern",
        spares="User rents a garage in Bern",
        holds="rent|sublet",
    ),
    Rule(
        "employer before",
        pattern=r"^User (?:works|is working) (?:at|for) an? "
        r"(?P<value>(?!lot\b|few\b|desk\b|loss\b|computer\b|time\b|living\b|while\b|bit\b)[\w&'-]+"
        r"(?: (?!in\b|as\b|on\b|and\b|with\b|from\b)[\w&'-]+){0,3}?)" + _ENDS,
        gives="works_at",
        fires="User works at a nursery in Kendal => works_at=nursery",
        spares="User works for a living",
        holds="work",
    ),
    Rule(
        "divorced by now",
        pattern=r"^User's (?P<value>divorce) (?:came through|went through|is (?:final|through|official)|was "
        r"(?:finali[sz]ed|granted))\b",
        gives="relationship_status",
        fires="User's divorce came through yesterday => relationship_status=divorce",
        spares="User's divorce came as a surprise",
        holds="divorce",
    ),
)
"""Each gives the slot, in which `{thing}` stands for what the group of that name holds; `value` fills it."""

_CHANGING = (
    r"\b(?:now|these days|by now|new|raised|doubled|increased|lowered|reduced|halved|cut|upped|put (?:up|down)|changed"
    r"|upgraded|updated|bumped|moved|migrated|switched|went|gone|risen|rose|dropped|grew|grown|down to|up to|shrank"
    r"|keys|from today|since|as of|came through|went through|final|granted)\b"
)


@dataclass(frozen=True, slots=True)
class Attribute:
    """A slot and its value; `anew` when the words say that the value is a new one."""

    slot: str
    value: str
    anew: bool


def attribute(text: str) -> Attribute | None:
    """Return the attribute that a rewritten statement gives in passing, by the first row that matches."""
    found = first(SLOTS, text)
    if found is None:
        return None
    rule, match = found
    thing = match.groupdict().get("thing") or ""
    anew = rule.gives.startswith("attr:") or compiled(_CHANGING).search(text) is not None
    return Attribute(rule.gives.format(thing=thing.lower()), match["value"].strip(), anew)
