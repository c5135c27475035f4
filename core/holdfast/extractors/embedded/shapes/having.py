"""What somebody owns."""

from holdfast.extractors.embedded.shapes.shape import Shape

HAVING = (
    Shape(
        "drives",
        "possession",
        "drive ride lease",
        rest=r"(?:an?|the|my|user's|two|\d{4}|<name>) ?(?!(?:lot|bus|hard|bit|long|few|point|kids|home"
        r"|bargain|car to)\b)<object>",
        fires="I drive a 2012 Skoda Octavia => possession car=2012 Skoda Octavia!",
        spares="I drive a lot",
        tense="present perfect",
        slot="car",
        value="(?:an?|the|my|user's) <value>",
        single=True,
    ),
    Shape(
        "vehicle is",
        "possession",
        "be",
        rest="(?:now )?(?:an?|the) <object>|<name>",
        fires="My car is a Volvo => possession car=Volvo!",
        spares="My car is in the shop",
        who="thing",
        subject="^User's (?:(?:new|current|old|main) )?(?:car|truck|van|vehicle|ride|motorbike|motorcycle)$",
        needs="name|number",
        slot="car",
        value="(?:now )?(?:an? )?<value>",
        single=True,
    ),
    Shape(
        "owns",
        "possession",
        "own possess collect",
        rest=r"(?!it\b|that\b|this\b|up\b|my mistakes)\S",
        fires="I own a sailing boat => possession",
        spares="I own it",
    ),
    Shape(
        "has",
        "possession",
        "have",
        rest=r"(?!to\b)<not_vague_thing><has_words> ?\S+",
        fires="I have an allotment with a greenhouse => possession",
        spares="I have a feeling",
        who="user",
        tense="present",
        needs="name|number|owned|date|article+plain",
    ),
    Shape(
        "acquired",
        "possession",
        "buy sell get adopt inherit order build trade acquire rescue win gift donate lose lend rehome swap receive",
        rest=r"(?!it\b|that\b|this\b|to\b)<not_vague_thing>(?:rid of )?(?:an?|<number>|my|user's|the"
        r"|both|some|our|<name>|tickets|myself|themselves)\b ?(?!<acquired_exceptions>\b)\S+",
        fires="I sold the motorbike in the end => possession",
        spares="I got the idea",
        who="user",
        tense="past perfect",
        needs="owned|name|number|date+concrete",
    ),
    Shape(
        "thing is",
        "possession",
        "be have cost need come",
        rest=r"(?!<thing_is_exceptions>\b)\S",
        fires="My oven has no fan function => possession",
        spares="My oven is so great",
        who="thing",
        needs="thing",
    ),
)
