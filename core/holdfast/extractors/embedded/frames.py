"""Frames that make what follows no statement of the user's: role play, text to work on, reported speech, sarcasm."""

from holdfast.extractors.embedded.rules import Rule, compiled, first

FRAMES = (
    Rule(
        "role play",
        pattern=r"\b(?:<let_us> (?:do (?:a |some )?)?role-?\s?play|role-?play(?:ing)?\b(?: as|:| where| a scene))",
        gives="role play",
        fires="Let's role-play: I'm a knight => role play",
        spares="I play a role in a company",
    ),
    Rule(
        "pretending",
        pattern=r"\b(?:pretend|imagine) (?:that )?(?:you|i|we|i'm|you're)\b|\bpretend to be\b",
        gives="role play",
        fires="Pretend you and I are knights: I live in a castle => role play",
        spares="I pretend well on stage",
    ),
    Rule(
        "acting as",
        pattern=r"\bact (?:as|like) (?:a|an|my|if|the)\b"
        r"|\byou are (?:now )?(?:a|an|the) (?:\w+ ){0,3}(?:and|,) (?:i am|i'm)\b",
        gives="role play",
        fires="Act as a pirate, and I'm your captain => role play",
        spares="I act in a theatre",
    ),
    Rule(
        "in a game",
        pattern=r"\bin (?:this|the|our|my) (?:game|story|scenario|campaign|scene|novel|fanfic|rpg"
        r"|session)\b,? (?:i|my|i'm|we|there)\b|\bmy (?:d&d |dnd |rpg )?character(?:'s)? (?:is"
        r"|has|name|was|lives|loves)\b|\bin character\b|\b(?:dungeon|d&d|dnd) (?:master"
        r"|campaign)\b.{0,40}:",
        gives="role play",
        fires="In this game I am a dwarf named Borin => role play",
        spares="In this game shop I buy dice",
    ),
    Rule(
        "write as",
        pattern=r"\b<writing_orders>\b(?: me)?(?: up)? ?(?:a|an|the|this|my|some)?\b"
        r".{0,60}\b<write_as_words>\b(?=.{0,160}<told_how>)",
        gives="text to be written",
        fires="Write a letter as a soldier: I miss my wife => text to be written",
        spares="I write letters to my wife",
    ),
    Rule(
        "text to work on",
        pattern=r"(?<!n't )(?<!not )\b<text_to_work_on_words>\b[^\n.!?]{0,60}(?::|(?:below|above|following"
        r"|attached)\b[^\n]{0,60}\n)|(?<!n't )(?<!not )\b(?:translate|proof-?read|rephrase|paraphrase|fix the"
        r" grammar|correct the grammar|correct this sentence|rewrite this)\b[^:\n]{0,30}[:\x22']",
        gives="text to work on",
        fires="Translate into French: I live in a small house => text to work on",
        spares="I translate books for a living",
    ),
    Rule(
        "pasted text",
        pattern=r"\b<showing> (?:the|my|a|an|this|her|his|their|our) "
        r"(?:\w+ ){0,3}<pasted_text_words>\b[^.!?\n]{0,40}:",
        gives="text to work on",
        fires="Here is the email I got: I love golf => text to work on",
        spares="Here is my plan: I move in May",
    ),
    Rule(
        "text that says",
        pattern=r"\b<short_texts> (?:says|reads|said|goes|from)[^.!?\n]{0,30}:"
        r"|\bread the text\b|\bmy homework\b.{0,40}:",
        gives="text to work on",
        fires="The note says: I love golf => text to work on",
        spares="The note is mine: I love golf",
    ),
    Rule(
        "said by another",
        pattern=r"\b<speakers> (?:just )?<saying_verbs>(?: back)?\s?[:,]?\s?(?::"
        r"|[\x22']|(?=i (?:hate|love|am|can't|don't)))",
        gives="said by another",
        fires="The customer wrote: we no longer use it => said by another",
        spares="My friend wrote to me in May",
    ),
)
"""From where the pattern matches to the end of the message nothing is read. Each gives the reason."""

SARCASM = (
    Rule(
        "rolling eyes",
        pattern=r"\U0001f644|\U0001f643|\s/s\b|\b(?:yeah|yea|oh) (?:right|sure)\b[,.! ]|\bsure,? jan\b"
        r"|\bas if\b[!.]|\bnot\b!$",
        gives="sarcasm",
        fires="I am a millionaire 🙄 => sarcasm",
        spares="I am a millionaire 🙂",
    ),
    Rule(
        "ironic praise",
        pattern=r"\b(?:oh|ah),? <praise>\b|\bjust what i (?:needed|wanted)\b",
        gives="sarcasm",
        fires="Oh great, another update. I love it => sarcasm",
        spares="I love great updates",
    ),
    Rule(
        "ironic love",
        pattern=r"\b(?:just|absolutely|really|simply) (?:love|adore|enjoy) "
        r"(?:it when|how (?:the|my|our|every|this)|when (?:the|my|our|people))\b",
        gives="sarcasm",
        fires="I just love it when my train is late => sarcasm",
        spares="I just love trains",
    ),
    Rule(
        "ironic reason",
        pattern=r"\bbecause that's (?:exactly )?what\b|\bclearly i\b"
        r"|\bof course (?:i'm|i am|i have) (?:a|an|the|made)\b",
        gives="sarcasm",
        fires="Of course I have a yacht => sarcasm",
        spares="Of course my sister has a boat",
    ),
)
"""Signs, in one sentence, that it is not meant literally. Each gives the reason."""

FIGURES = (
    Rule(
        "figure of speech",
        pattern=r"\b<figures_of_speech>\b",
        gives="figure of speech",
        fires="I have a black belt in procrastination => figure of speech",
        spares="I have a black belt in judo",
    ),
    Rule(
        "allergic to a nuisance",
        pattern=r"\ballergic to <nuisances>\b",
        gives="figure of speech",
        fires="I'm allergic to mornings => figure of speech",
        spares="I'm allergic to nuts",
    ),
)
"""Figures of speech, which spoil one clause. Each gives the reason."""


def framed_from(text: str) -> tuple[int, str] | None:
    """Return where the first frame begins, and its reason."""
    found = [(match.start(), rule.gives) for rule in FRAMES if (match := compiled(rule.pattern).search(text))]
    return min(found) if found else None


def not_literal(sentence: str) -> str | None:
    """Return why a sentence is not meant literally, or None."""
    found = first(SARCASM, sentence)
    return found[0].gives if found else None


def figurative(clause: str) -> str | None:
    """Return that a clause is a figure of speech, or None."""
    found = first(FIGURES, clause)
    return found[0].gives if found else None
