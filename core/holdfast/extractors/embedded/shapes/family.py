"""Family, friends and animals, and what is said of them."""

from holdfast.extractors.embedded.shapes.shape import Shape

FAMILY = (
    Shape(
        "family has",
        "relation",
        "have",
        rest=r"(?:<family_has_fillers> ){0,5}(?:(?!with\b|for\b|to\b|from\b|of\b|in\b|at\b|on\b"
        r"|about\b|by\b)[\w-]+[ -]){0,3}?<family_has_words>\b(?!'s| <family_has_exceptions>)",
        fires="I have two sisters, Gail and Ronnie => relation",
        spares="I have a cat allergy",
        who="any",
        tense="present past perfect",
    ),
    Shape(
        "status",
        "relation",
        "be get stay",
        rest=r"(?:<status_fillers> )*<status_words>\b(?! (?:me|you))(?! day\b)",
        fires="I got engaged last week => relation relationship_status=engaged!",
        spares="I was engaged in talks",
        needs="value|date|number",
        slot="relationship_status",
        value=r".*?(?P<value>married|engaged|single|divorced|separated|widowed|dating|in a"
        r" relationship)\b(?! (?:day|in talks|in the|with work|item|room|file))",
        single=True,
    ),
    Shape(
        "couple verbs",
        "relation",
        "marry date divorce meet break split propose lose bury raise foster babysit adopt elope"
        " separate co-parent parent share wed",
        rest=r"<couple_verbs_words>\b",
        fires="I broke up with Theo on Sunday => relation",
        spares="I broke up the ice",
        tense="past perfect present future",
    ),
    Shape(
        "is kin",
        "relation",
        "be",
        rest=r"(?:my|user's) (?:[\w-]+ ){0,2}?(?:<kin>)\b(?!'s)",
        fires="Nora is my niece => relation",
        spares="Nora is my hero",
        who="name",
    ),
    Shape(
        "kin is named",
        "relation",
        "be",
        rest=r"(?:called|named) <object>|<name>$|(?:an?|the) (?:[\w-]+ ){0,4}(?:called|named) <object>",
        fires="My dog is called Biscuit => relation",
        spares="My dog is big",
        who="any",
        subject=r"^User's .*<kin>\b|^<name>$",
        needs="name",
    ),
    Shape(
        "kin's life",
        "relation",
        "divorce separate marry remarry meet pass die visit stay come turn start finish retire graduate "
        "arrive leave expect kick cook teach own run play travel hate love like use drive follow suffer "
        "live work study speak go collect take move get keep marry wear want need prefer attend hold "
        "support watch fly feed",
        rest=r"(?!user (?:a lot|how|that|to|so|about)\b)<object>|when |away|up|out|$|over|down|off|in|on|to"
        r"|back",
        fires="My mom passed away in 2011 => relation",
        spares="My mom says hi",
        who="person",
        needs="date+concrete|name|number|concrete+simple",
    ),
    Shape(
        "kin is something",
        "relation",
        "be",
        rest=r"(?!<passing_states>)<object>",
        fires="My roommate is afraid of spiders => relation",
        spares="My roommate is late",
        who="person",
        needs="date|name|number|concrete",
    ),
    Shape(
        "kin has",
        "relation",
        "have",
        rest=r"(?!an? (?:point|great|good|blast|problem|question|idea|lot|nice|fun|hard|bit|big)\b"
        r"|to\b|been|fun|the (?:best|same))<object>",
        fires="My mum has a wooden leg => relation",
        spares="My mum has a point",
        who="person",
        needs="concrete|number",
    ),
    Shape(
        "kin goes on",
        "relation",
        "*",
        rest="<object>|$",
        fires="My parents are renovating in May => relation",
        spares="My parents are visiting",
        who="person",
        needs="date|name|simple+concrete+activity",
    ),
)
