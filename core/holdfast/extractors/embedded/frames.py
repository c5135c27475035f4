"""Frames that make what follows no statement of the user's: role play, text to work on, reported speech, sarcasm."""

from holdfast.extractors.embedded.rules import Rule, compiled, first

FRAMES = (
    Rule(
        "role play",
        pattern=r"\b(?:let's|let us|lets|can we|could we|want to|wanna) (?:do (?:a |some"
        r" )?)?role-?\s?play|\brole-?play(?:ing)?\b(?: as|:| where| a scene)|\bpretend (?:that"
        r" )?(?:you|to be|i|we|i'm|you're)\b|\bimagine (?:that )?(?:you|i|i'm|you're|we)\b|\bact"
        r" (?:as|like) (?:a|an|my|if|the)\b|\byou are (?:now )?(?:a|an|the) (?:\w+ ){0,3}(?:and"
        r"|,) (?:i am|i'm)\b",
        gives="role play",
        fires="Let's role-play: I'm a knight => role play",
        spares="I play a role in a company",
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
        pattern=r"\b(?:write|draft|compose|create|generate|continue|finish|give me|make)\b(?: me)? (?:up"
        r" )?(?:a|an|the|this|my|some)?\b.{0,60}\b<write_as_words>\b(?=.{0,160}(?::|\bstart(?:s"
        r"|ing)? with\b|\bfrom the (?:perspective|point of view)\b|\bwho\b|\bas (?:a|an|if)\b"
        r"|\bsaying\b|\bthat says\b|\bwhere\b|\bin which\b))",
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
        pattern=r"\b(?:here(?:'s| is| are)|this is|see|below is|got|received) (?:the|my|a|an|this|her|his"
        r"|their|our) (?:\w+ ){0,3}<pasted_text_words>\b[^.!?\n]{0,40}:|\b(?:email|letter|message"
        r"|text|review|post|tweet|comment|note|transcript) (?:says|reads|said|goes"
        r"|from)[^.!?\n]{0,30}:|\bread the text\b|\bmy homework\b.{0,40}:",
        gives="text to work on",
        fires="Here is the email I got: I love golf => text to work on",
        spares="Here is my plan: I move in May",
    ),
    Rule(
        "said by another",
        pattern=r"\b<said_by_another_words> (?:just )?<said_by_another_words_b>(?: back)?\s?[:,]?\s?(?::"
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
        pattern=r"\b(?:oh|ah),? (?:great|brilliant|joy|wonderful|fantastic|lovely|perfect|how lovely"
        r"|goody)\b|\bjust what i (?:needed|wanted)\b|\b(?:just|absolutely|really|simply) (?:love"
        r"|adore|enjoy) (?:it when|how (?:the|my|our|every|this)|when (?:the|my|our|people))\b"
        r"|\bbecause that's (?:exactly )?what\b|\bclearly i\b|\bof course (?:i'm|i am|i have)"
        r" (?:a|an|the|made)\b",
        gives="sarcasm",
        fires="Oh great, another update. I love it => sarcasm",
        spares="I love great updates",
    ),
)
"""Signs, in one sentence, that it is not meant literally. Each gives the reason."""

FIGURES = (
    Rule(
        "figure of speech",
        pattern=r"\bblack belt in (?:procrastination|overthinking|napping|sarcasm)|\ballergic to"
        r" <figure_of_speech_words>\b|\bdying (?:of|to|laughing|here)\b|\bstarving\b|\bcould"
        r" (?:murder|kill|eat a horse)\b|\bdrowning in\b|\bbe the death of me\b|\bi'm"
        r" (?:literally )?(?:dead|dying)\b|\bmarried to my (?:job|work|laptop|phone)\b|\bliving"
        r" the dream\b|\bin the same boat\b|\bon cloud nine\b|\bsick of\b|\bstuck between\b"
        r"|\bkilling me\b|\bphd in (?:procrastination|overthinking)\b|\b(?:a million|a thousand|a"
        r" hundred) (?:times|things|years)\b|\bfor the millionth time\b|\bnothing else to do\b"
        r"|\blost my mind\b|\bin a past life\b",
        gives="figure of speech",
        fires="I have a black belt in procrastination => figure of speech",
        spares="I have a black belt in judo",
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
