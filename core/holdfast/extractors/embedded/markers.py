"""Words that change how a statement counts: hedges, additions, corrections, what is over, what is only for now."""

from holdfast.extractors.embedded.rules import Rule, hits

MARKERS = (
    Rule(
        "hedge",
        pattern=r"\b<hedge_words>\b",
        gives="hedged",
        fires="Maybe I move to Lyon => hedged",
        spares="In May I go to Lyon",
    ),
    Rule(
        "addition",
        pattern=r"\b<addition_words>\b",
        gives="additive",
        fires="I also play golf => additive",
        spares="I almost play golf",
    ),
    Rule(
        "correction",
        pattern=r"\b<correction_words>\b|\bactually\b|^no[,.] |\bnot [A-Z]\w+(?:,|$)",
        gives="corrected",
        fires="Scratch that, I live in Derry => corrected",
        spares="I scratch my itch",
    ),
    Rule(
        "used to",
        pattern=r"\bused to (?!it\b|the\b|this\b|that\b|\w+ing\b)|\bformerly\b|\bback (?:then|in the"
        r" day)\b|\bat the time\b|\bin those days\b|\bwhen i was\b|\bas a (?:child|kid|teen\w*"
        r"|student)\b|\bonce upon\b|\bpreviously\b|\bgrowing up\b",
        gives="past",
        fires="I used to love running => past",
        spares="I used the tool to run",
    ),
    Rule(
        "for now",
        pattern=r"\b<for_now_words>\b",
        gives="temporary",
        fires="I'm in Rome this week => temporary",
        spares="I'm in Rome for good",
    ),
)
"""Each gives a flag."""


def markers(clause: str) -> frozenset[str]:
    """Return the flags of the words in a source clause."""
    return frozenset(rule.gives for rule, _ in hits(MARKERS, clause))
