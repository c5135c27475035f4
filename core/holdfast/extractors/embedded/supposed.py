"""Frames of what is only supposed: cases to consider, sums, dreams. What follows need not be so."""

from holdfast.extractors.embedded.rules import Rule

_BEGINS = r"(?:\A\W{0,3}|(?<=[.!?,;:)] )|(?<=\n))"

SUPPOSED = (
    Rule(
        "case to consider",
        pattern=_BEGINS + r"(?:(?:please |just |now |ok,? )?(?:consider|take|imagine|picture|given|think of|assume"
        r"|suppose)"
        r" (?:this|the following|a) (?:\w+ )?(?:case|example|situation|scenario|person|man|woman|family|company)\b"
        r"|(?:an? )?(?:case study|sample case|worked example|word problem|math problem|brain ?teaser|would you "
        r"rather|never have i ever"
        r"|two truths and a lie)\s?[:,.-])",
        gives="hypothetical",
        fires="Consider this case: I sell a house in Utah => hypothetical",
        spares="My case is simple: I sell a house in Utah",
        holds="this|the following|a |case|example|problem|teaser|rather|have i ever|two truths",
    ),
    Rule(
        "sum",
        pattern=r"\blet (?-i:[a-zA-Z]) (?:be|=|denote)\b|\b(?:twice|half|three times|\w+ years (?:older|younger)) "
        r"(?:as old )?(?:as|than)\b(?=[\s\S]{0,300}\bhow old\b)",
        gives="hypothetical",
        fires="Let x be my age. My sister is 12. => hypothetical",
        spares="Let me be clear: my sister is 12",
        holds="let |old",
    ),
    Rule(
        "for a moment",
        pattern=r"\b(?:pretend|imagine|assume|suppose|say|picture) (?:just )?for (?:a|one|the sake) (?:second|sec"
        r"|moment|minute|while|day|of)\b"
        r"|" + _BEGINS + r"(?:theoretically|in theory|purely hypothetical\w*|in (?:an?|some|any) ?(?:other|ideal"
        r"|perfect|parallel"
        r"|different|alternate) (?:world|universe|life|timeline))"
        r"(?=,? (?:i|i'm|im|my|we|our)\b)",
        gives="hypothetical",
        fires="Pretend for a second that I live in Kyoto => hypothetical",
        spares="I pretended for a year that I live in Kyoto",
        holds="for |theor|hypothetical|world|universe|life|timeline",
    ),
    Rule(
        "for example",
        pattern=_BEGINS + r"(?:for example|for instance|e\.g\.|as an example),? (?:say |if )?(?:i|i'm|im|my|we"
        r"|our)\b(?=[\s\S]{0,400}\?)",
        gives="hypothetical",
        fires="For example, I have two kids. What do I get? => hypothetical",
        spares="My kids, for example, eat oats. What else is good?",
        holds="example|instance|e.g.",
    ),
    Rule(
        "world where",
        pattern=r"\bin a world (?:where|in which)\b|\bfor the purposes? of this (?:question|exercise|test)\b"
        r"|\blet me give (?:you )?an example\b|\bprovided (?:that )?(?:i|we)\b|(?:\A|(?<=[.!?] ))wish (?:i|we) "
        r"(?:had|was|were|could|lived|knew)\b|\bin my nightmares?\b|\b(?:assume|suppose|imagine)\b[^\n.!?:]{0,40}:"
        r"|\bfor argument's sake\b|\bdevil's advocate\b|\b(?:let's |let us )?pretend (?:that )?it(?:'s| is)\b",
        gives="hypothetical",
        fires="In a world where I am rich, my house is a castle => hypothetical",
        spares="In a world of my own I am rich",
        holds="argument|advocate|pretend|world|purpose|example|provided|wish|nightmare|assume|suppose|imagine",
    ),
    Rule(
        "dreamt",
        pattern=r"\bin (?:my|a|the|this|last night's) (?:dream|nightmare)\b(?!s| (?:job|house|home|kitchen|world))"
        r"|\b(?:i|we) (?:dreamt|dreamed|had (?:a|this|the) (?:\w+ )?(?:dream|nightmare))(?: (?:that|where|in which"
        r"|about|last night))*,? (?:i|i'm|my|we|you|a)\b",
        gives="hypothetical",
        fires="Last night I dreamt I had a baby => hypothetical",
        spares="I dreamed of a farm in Wales",
        holds="dream|nightmare",
    ),
    Rule(
        "made-up thing",
        pattern=r"\b(?:my|our|an?) (?:hypothetical|imaginary|fictional|fictitious|made-up|pretend|invented) \w+",
        gives="hypothetical",
        fires="My hypothetical dog is called Waffle => hypothetical",
        spares="My dog is called Hypothesis",
        holds="hypothetical|imaginary|fictional|fictitious|made-up|pretend|invented",
    ),
)
"""From where the pattern matches to the end of the message nothing is read. Each gives the reason."""
