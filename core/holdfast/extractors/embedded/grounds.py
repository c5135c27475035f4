"""What a question or an order says of the user in passing: "a recipe for my coeliac son", "tips for my bad knee"."""

import re

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.rules import Rule, compiled

GROUNDS = (
    Rule(
        "as someone who",
        pattern=r"\b(?:as|for|being) (?P<what>someone (?:who(?:'s| is|se| has)?|with) [^,?]{3,80}?|an? (?!result\b"
        r"|matter\b|way\b"
        r"|rule\b|gift\b|(?:\w+ )?alternative\b|side\b|first\b|start\b|test\b)(?:[\w-]+ ){0,3}?(?:<occupations>|vegan"
        r"|vegetarian|coeliac|celiac|diabetic|asthmatic|beginner|parent|mum|mom|dad|widow|widower|learner|non-native"
        r"|immigrant|foreigner|pensioner|freelancer|wheelchair user|left-hander|introvert|amputee|veteran)"
        r"(?: (?:in|with|on|at|of|from|and) [^,?]{2,40}?)?)"
        r"(?=, (?:<question_starts>)\b|,? like me\b|, (?:i|we)\b)",
        gives=r"I'm \g<what>",
        fires="As someone who stammers, how do I prepare? => I'm someone who stammers",
        spares="As someone said, how do I prepare?",
    ),
    Rule(
        "one like me",
        pattern=r"\b(?P<what>(?:an?|someone with|somebody with) (?!person\b|guy\b|man\b|woman\b|girl\b"
        r"|one\b)(?:[\w'-]+ ){1,5}?)like (?:me|myself)\b",
        gives=r"I'm \g<what>",
        fires="Where can a wheelchair user like me eat? => I'm a wheelchair user",
        spares="Where can a person like me eat?",
    ),
    Rule(
        "being so",
        pattern=r"^(?:so |and |but )?being (?P<what>(?!honest|fair|serious|real|that|it|able|as)[\w' -]{3,50}?), "
        r"(?=(?:<question_starts>)\b|i\b)",
        gives=r"I'm \g<what>",
        fires="Being colour blind, which theme fits? => I'm colour blind",
        spares="Being honest, which theme fits?",
    ),
    Rule(
        "having done so",
        pattern=r"^(?:so |and |but )?having (?P<what>(?:just |recently |already |never |only )*(?!said\b)(?:been"
        r"|<past_verbs>)\b[^,?]{3,70}), "
        r"(?=(?:<question_starts>)\b|i\b)",
        gives=r"I have \g<what>",
        fires="Having moved to Oslo last month, how do I register? => I have moved to Oslo last month",
        spares="Having said so, how do I register?",
    ),
    Rule(
        "so many of their people",
        pattern=r"\b(?:for|with|of|feed|entertain|occupy) (?:my|our) (?P<what>(?:two|three|four|five|six|seven|\d) "
        r"(?:(?!of\b)[\w-]+ ){0,2}?(?:<kin>|<own_animals>)s?\b(?: (?:who|that|aged?|under|over|with) [^,?]{2,50})?)",
        gives=r"I have \g<what>",
        fires="Dinner ideas for my two kids who hate peas? => I have two kids who hate peas",
        spares="Dinner ideas for my two pans who hate peas?",
    ),
    Rule(
        "an event of theirs",
        pattern=r"\b(?:for|before|after|during|to|at|plan|about) (?P<whose>(?:my|our)(?: (?:[\w-]+ )?<kin>'?s'?)?) "
        r"(?P<what>(?:(?!\d)[\w-]+ ){0,2}?(?:wedding|trip|holiday|vacation|flight|move|birthday|party|exam|exams"
        r"|interview"
        r"|surgery|operation|op|race|marathon|recital|concert|honeymoon|visit|tour|hike|ride|graduation|christening"
        r"|viva|defen[cs]e|presentation|course|conference|talk|audition|match|tournament|stay|anniversary|shift"
        r"|appointment|retirement|internship|placement|deployment|fieldwork|secondment)"
        r"(?: (?:to|in|at|with|around|through|from) (?:the )?(?-i:[A-Z])[\w-]+(?: (?-i:[A-Z])[\w-]+)?)?)"
        r"(?P<when> (?:on|in|this|next|at the end of|from|by) (?:the )?(?:<times_named>|\d)[^?.,]{0,25})",
        gives=r"\g<whose> \g<what> is\g<when>",
        fires="What do I pack for my trip to Iceland in March? => my trip to Iceland is in March",
        spares="What do I pack for a trip to Iceland in March?",
    ),
    Rule(
        "what they do, given as a reason",
        pattern=r"\b(?:since|because|given(?: that)?|considering(?: that)?|seeing (?:as|that)"
        r"|now that) (?P<what>(?:I|we|my "
        r"<kin>) (?!(?:am|have|can't|don't|live|work|can|could|want|need|think|know|just|said|asked|saw|got|is|has)\b)"
        r"[a-z]+ [^?,]{3,60})(?=\?|,|$)",
        gives=r"\g<what>",
        fires="Which plan fits given I run 30k a week? => I run 30k a week",
        spares="Which plan fits given a run of 30k?",
    ),
    Rule(
        "because it is so",
        pattern=r"\b(?:since|because|given(?: that)?|considering(?: that)?|seeing as|bearing in mind(?: that)?|now that"
        r"|as) (?P<what>(?:I'm|I am|I have|I've got|I don't|I can't|I live|I work|my <kin> (?:is|has)|we have|we live"
        r"|we're) (?!(?:it|that|this|so|to|trying|not sure|using|getting|having|asking|going|new "
        r"here)\b)[^?]{3,80})\?*$",
        gives=r"\g<what>",
        fires="What should I cook since I'm vegan? => I'm vegan",
        spares="What should I cook since I'm trying it?",
    ),
    Rule(
        "somebody of a kind",
        pattern=r"\b(?P<my>my|our) (?P<what><traits>) (?P<kin><kin>)\b(?!'s?)",
        gives=r"\g<my> \g<kin> is \g<what>",
        fires="What can my coeliac girlfriend eat? => my girlfriend is coeliac",
        spares="What can my poor girlfriend eat?",
    ),
    Rule(
        "somebody of an age",
        pattern=r"\b(?P<my>my|our) (?P<age>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
        r"[- ]?(?P<unit>year|month|week|yr)s?[- ]?olds? (?P<kin><kin>)\b(?!'s?)",
        gives=r"\g<my> \g<kin> is \g<age> \g<unit>s old",
        fires="A book for my 8-year-old nephew, please? => my nephew is 8 years old",
        spares="A book for an 8-year-old nephew?",
    ),
    Rule(
        "a child of an age",
        pattern=r"\b(?:my|our) (?P<age>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
        r"[- ]?(?P<unit>year|month|week|yr)[- ]?old(?!\w| (?:<kin>"
        r"|\w+)\b(?<!who)(?<!to)(?<!is)(?<!has)(?<!for)(?<!that)"
        r"(?<!and)(?<!in)(?<!on)(?<!at))",
        gives=r"I have a \g<age> \g<unit> old",
        fires="Snacks for my 4 year old? => I have a 4 year old",
        spares="Snacks for my 4 year old laptop?",
    ),
    Rule(
        "a birthday with a number",
        pattern=r"\b(?P<whose>(?:my|our) (?:[\w-]+ ){0,2}?<kin>(?: (?-i:[A-Z])\w+)?'s?) (?P<nth>\d+(?:st|nd|rd|th)"
        r"|first|second|third|fortieth|fiftieth|sixtieth)(?P<what> birthday| anniversary)?(?: party)?"
        r"(?P<when> (?:on|in|this|next|tomorrow)\b[^?.,]{2,30})?",
        gives=r"\g<whose> \g<nth>\g<what> is \g<when>",
        fires="Plan my son's 5th birthday on Saturday => my son's 5th birthday is on Saturday",
        spares="Plan a 5th birthday on Saturday",
    ),
    Rule(
        "somebody by name",
        pattern=r"\b(?P<my>my|our) (?P<who>(?:[\w-]+ )?(?:<kin>|<services>|boss|manager)),? (?!<languages>\b"
        r"|<demonyms>\b|I\b|I')"
        r"(?P<name>(?:(?:Mrs?|Ms|Dr|Prof)\.? )?(?-i:[A-Z])[a-z]+(?: (?-i:[A-Z])[a-z]+)?)(?=[?.,!:]|$| (?:who|is|in"
        r"|at|for|on|and|a|to|with"
        r"|that|about|from)\b)",
        gives=r"\g<my> \g<who> is \g<name>",
        fires="Write to my landlord Mrs Petrov about the boiler => my landlord is Mrs Petrov",
        spares="Write to my landlord in Welsh about the boiler",
    ),
    Rule(
        "a course of theirs",
        pattern=r"\b(?:for|in|about|on|during|after) (?P<what>(?:my|our) (?:[\w'-]+ ){1,3}?(?:course|degree|masters"
        r"|phd|apprenticeship|exam|diploma"
        r"|a[- ]level|bootcamp|internship|driving test|pregnancy|chemo|surgery|recovery|divorce|job at (?-i:[A-Z])\w+"
        r"|interview(?: (?:at|with) (?-i:[A-Z])\w+)?))\b(?!s)(?P<when> (?:on|next|this|in) [^?.,]{3,20})?",
        gives=r"I have \g<what>\g<when>",
        fires="Which laptop for my architecture course? => I have an architecture course",
        spares="Which laptop for my course?",
    ),
    Rule(
        "a place of theirs",
        pattern=r"\b(?:for|in|on|of|to) (?P<what>(?:my|our) (?:(?:[\w-]+ ){0,2}?(?:room|flat|house|studio|shop"
        r"|garden|balcony|allotment|cottage"
        r"|apartment|caf[e\xe9]|office|farm|restaurant|salon|bakery|garage|boat|bar|pub|clinic|bungalow) in "
        r"(?-i:[A-Z])\w+"
        r"|(?:(?:north|south|east|west)[- ]facing|rented|shared|one[- ]bed\w*|two[- ]bed\w*|three[- ]bed\w*"
        r"|\d[- ]bed\w*|victorian|edwardian"
        r"|terraced|semi-detached|basement|attic) (?:[\w-]+ )?(?:room|flat|house|studio|garden|balcony|cottage"
        r"|apartment|terrace|kitchen)))\b",
        gives=r"I have \g<what>",
        fires="What is a fair rent for my spare room in Bristol? => I have a spare room in Bristol",
        spares="What is a fair rent for a spare room in Bristol?",
    ),
    Rule(
        "so many of theirs",
        pattern=r"\b(?:my|our) (?P<what>(?:team|class|family|group|band|staff|crew|household|choir|flock|herd) of "
        r"(?:<number>|\d+)"
        r"(?: (?!on\b|in\b|at\b|for\b|who\b|to\b|and\b)[\w-]+)?)\b",
        gives=r"I have a \g<what>",
        fires="Icebreakers for my team of eight engineers? => I have a team of eight engineers",
        spares="Icebreakers for a team of eight engineers?",
    ),
    Rule(
        "an ailment",
        pattern=r"\b(?:for|with|of|about|on|treat|ease|help|manage|despite) (?P<what>(?:my|our) "
        r"(?:(?:<ailing> )(?:[\w-]+ ){0,1}?(?:<body_parts>|ankles?|feet|foot|ears?|eyes?|teeth|tooth|neck|elbow"
        r"|legs?|arms?"
        r"|toe|hands?|lungs?)|(?:[\w-]+ ){0,2}?<conditions>))(?P<more> and an? <ailing> [\w-]+(?: [\w-]+)?)?"
        r"(?=[?.,!]|$| (?:and|while|during|at|in|when|that|which|this)\b)",
        gives=r"I have \g<what>\g<more>",
        fires="Any stretches for my bad knee? => I have a bad knee",
        spares="Any stretches for my knee?",
    ),
    Rule(
        "a model of one's own",
        pattern=r"\b(?:for|on|in|with|of|to) (?:my|our) (?P<what>(?:\d{4} )?(?-i:[A-Z])[\w-]+(?: [\w.-]*\d[\w.-]*"
        r"(?: (?-i:[A-Z])\w+)?)|\d{4} (?-i:[A-Z])[\w-]+(?: (?-i:[A-Z])\w+)?)(?=[?.,!]|$| [a-z])",
        gives=r"I have a \g<what>",
        fires="Which oil for my 2015 Corolla? => I have a 2015 Corolla",
        spares="Which oil for a 2015 Corolla?",
    ),
    Rule(
        "here in a place",
        pattern=r"\b(?:here|where I live|where we live|back home|at home|near me|near us) in (?P<what>(?-i:[A-Z])[\w-]+"
        r"(?: (?-i:[A-Z])[\w-]+)?)",
        gives=r"I live in \g<what>",
        fires="Who collects glass here in Ghent? => I live in Ghent",
        spares="Who collects glass in Ghent?",
    ),
)
"""Each gives the statement."""

_SUPPOSED = lazy(
    r"\b(?:if|suppose|imagine|pretend|hypothetically|assuming|story|novel|character|poem|essay)\b", re.IGNORECASE
)
_AN_EIGHT = lazy(r"\ba (?=8|11\b|18\b|eight|eleven)")


def grounds(text: str) -> list[str]:
    """Return the statements in the first person that a question or an order rests on."""
    if _SUPPOSED().search(text):
        return []
    found: list[str] = []
    for rule in GROUNDS:
        match = compiled(rule.pattern).search(text)
        if match:
            said = " ".join(match.expand(rule.gives).split())
            found.append(_counted(_AN_EIGHT().sub("an ", said)))
    return [said for said in found if not said.endswith(" is")]


def _counted(said: str) -> str:
    """Put an article for the possessive: "I have my bad knee" is "I have a bad knee"."""
    return re.sub(
        r"^I have (?:my|our) (?P<first>\w)(?P<rest>[^,]*)$",
        lambda match: (
            "I have "
            + ("" if _NO_ARTICLE().search(match[0]) else "an " if match["first"] in "aeiou" else "a ")
            + match["first"]
            + match["rest"]
        ),
        said,
    )


_NO_ARTICLE = lazy(
    r"(?:s|teeth|feet|eczema|asthma|arthritis|diabetes|acne|anxiety|insomnia|vertigo|psoriasis|pcos|adhd|ibs"
    r"|endometriosis"
    r"|tinnitus|gout|sciatica|depression|epilepsy|[A-Z]{2,})(?: and .*)?$"
)
