"""Clauses that say nothing about the user, each with the reason that the result reports."""

from holdfast.extractors.embedded.rules import Rule, first

NOISE = (
    Rule(
        "phatic",
        pattern=r"^<phatic_words>\b[\w ,'!]{0,25}[!.]{0,5}$",
        gives="greeting or thanks",
        fires="Thanks so much! => greeting or thanks",
        spares="Great news from my doctor: all clear, no surgery",
    ),
    Rule(
        "question words",
        pattern=r"^(?:(?:so|and|but|ok|also|then|now|please) ){0,2}<question_starts>\b(?! (?:i|we"
        r"|my)\b[^?]{0,80},)",
        gives="question",
        fires="what should I cook for my kids => question",
        spares="When I was six, my family moved to Peru",
    ),
    Rule(
        "order",
        pattern=r"^(?:<order_openings>,? ){0,3}<order_verbs>\b(?! (?:is|was|are|were|has|of)\b)",
        gives="order",
        fires="Please write a poem about my cat => order",
        spares="Plan is to retire at 50",
    ),
    Rule(
        "order by wish",
        pattern=r"^(?:i|we)(?:'d| would)? (?:really )?(?:need|want|like|love|would like) you(?:r help|"
        r" to)\b",
        gives="order",
        fires="I want you to fix my code => order",
        spares="I want your recipe book on my shelf",
    ),
    Rule(
        "question at the end",
        pattern=r",? \b(?:how (?:many|much|long|far|old|do|can|should)|what (?:is|are|should|do|can)"
        r"|which one|is (?:it|that|this) (?:ok|normal|possible|spam|safe))\b.{0,60}$",
        gives="question",
        fires="I have 3 apples and eat 2, how many are left => question",
        spares="I know how it ends",
    ),
    Rule(
        "if",
        pattern=r"^(?:and |but |so |what )?if (?:i|we|my|our|you|there|only)\b"
        r"|\bif (?:i|we) (?:had|were|was|could|won|lived|ever)\b",
        gives="hypothetical",
        fires="If I lived in Rome, I would walk more => hypothetical",
        spares="I asked if the shop had milk",
    ),
    Rule(
        "wished",
        pattern=r"\b(?:i|we) wish\b|\bas if (?:i|we)\b|\bhypothetically\b|\bin another life\b",
        gives="hypothetical",
        fires="I wish my flat had a balcony => hypothetical",
        spares="My wishes are few",
    ),
    Rule(
        "supposed",
        pattern=r"\b(?:suppose|supposing|imagine|let's say|say|assum(?:e|ing)) (?:that )?(?:i|we|my)\b",
        gives="hypothetical",
        fires="Suppose my flat had a balcony => hypothetical",
        spares="I said that I own a house",
    ),
    Rule(
        "would",
        pattern=r"^(?:i|we)(?:'d| would)(?:n't| not)? (?!like|love|prefer|rather|never|say|appreciate|hate)\w",
        gives="hypothetical",
        fires="I would move to Rome => hypothetical",
        spares="I would like a dog",
    ),
    Rule(
        "to the assistant",
        pattern=r"^(?:i|we) (?:(?:really|just|also|still|do|totally|completely)"
        r" ){0,2}<to_the_assistant_words>(?: (?:that|so|how|what|why|it|you|your|this|the (?:help"
        r"|support|feedback|effort|offer))\b|[.!,]?$)",
        gives="talk to the other side",
        fires="I appreciate your help => talk to the other side",
        spares="I know Greek",
    ),
    Rule(
        "about the talk",
        pattern="^(?:i|we)(?:'ve|'m| have| am| was|'d)? ?(?:(?:just|also|really|still|have)"
        " ){0,2}<about_the_talk_words>",
        gives="talk about the conversation",
        fires="I was wondering about my order => talk about the conversation",
        spares="I have a request pending with my bank since May",
    ),
    Rule(
        "people in general",
        pattern=r"^(?:we|you) all <true_of_anyone>\b",
        gives="said of people in general",
        fires="We all make mistakes => said of people in general",
        spares="We all moved to Lyon in May",
    ),
    Rule(
        "deixis",
        pattern=r"^(?:i|we) (?:(?:really|just|also|absolutely|do|don't|think) ){0,2}<deixis_verbs>"
        r" <pointed_at>\b(?! (?:morning|week|year|month))",
        gives="refers to something outside the sentence",
        fires="I love that idea => refers to something outside the sentence",
        spares="I love thatched houses",
    ),
)
"""Each row gives the reason. Patterns see the source clause after openers were peeled off."""


def drop_reason(clause: str) -> str | None:
    """Return why a clause says nothing about the user, or None."""
    found = first(NOISE, clause)
    return found[0].gives if found else None
