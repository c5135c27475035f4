"""Short answers: "Lisbon, since 2021" to "Where do you live?" is a statement once the question lends it its words."""

import re

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.person import FIRST_PERSON
from holdfast.extractors.embedded.rules import Rule, compiled

QUESTIONS = (
    Rule(
        "where one lives",
        pattern=r"\bwhere (?:do|are|did) you (?:\w+ )?(?:live|living|based|located|reside|staying|stay|call home)\b"
        r"|\bwhich (?:city|country|town|area) (?:do you live|are you)\b|\bwhere'?s home\b",
        gives="I live in {answer}",
        fires="Where do you live? | Lisbon, since 2021 => I live in Lisbon, since 2021",
        spares="Where do you buy bread? | Lisbon",
    ),
    Rule(
        "where one is from",
        pattern=r"\bwhere (?:are|were) you (?:originally )?(?:from|born)\b|\bwhere did you grow up\b",
        gives="I'm from {answer}",
        fires="Where are you from? | Ghana => I'm from Ghana",
        spares="Where are you now? | Ghana",
    ),
    Rule(
        "where one works",
        pattern=r"\b(?:where|who|whom|which (?:company|firm|employer)) (?:do|are) you (?:currently )?(?:work"
        r"|working|employed)(?: for| at)?\b",
        gives="I work at {answer}",
        fires="Where do you work? | Tesco => I work at Tesco",
        spares="Where do you shop? | Tesco",
    ),
    Rule(
        "what one does",
        pattern=r"\bwhat do you do\b(?: for (?:a living|work))?|\bwhat(?:'s| is) your (?:job|occupation|profession"
        r"|line of work)\b"
        r"|\bwhat (?:kind|sort|type|line) of work\b",
        gives="I work as {answer}",
        fires="What do you do for a living? | nurse => I work as nurse",
        spares="What did you do? | nurse",
    ),
    Rule(
        "how old one is",
        pattern=r"\bhow old are you\b|\bwhat(?:'s| is) your age\b|\byour age\?",
        gives="I'm {answer}",
        fires="How old are you? | 34 => I'm 34",
        spares="How old is it? | 34",
    ),
    Rule(
        "allergies",
        pattern=r"\ballerg(?:y|ies|ic)\b",
        gives="I'm allergic to {answer}",
        fires="Do you have any allergies? | peanuts and dust => I'm allergic to peanuts and dust",
        spares="Do you have any pets? | peanuts",
    ),
    Rule(
        "how many",
        pattern=r"\bhow many (?P<what>[\w -]{2,30}?) (?:do you have|have you got)\b",
        gives="I have {answer} {what}",
        fires="How many kids do you have? | three => I have three kids",
        spares="How many kids are there? | three",
    ),
    Rule(
        "having",
        pattern=r"\b(?:do you have|have you got|got|any) (?:any |an? )?(?:[\w-]+ ){0,3}?(?:kids|children|siblings"
        r"|pets|brothers|sisters|family"
        r"|conditions?|issues|injur\w+|animals|hobbies|degree|car|licen[cs]e)\b",
        gives="I have {answer}",
        fires="Do you have children? | two kids, 4 and 7 => I have two kids, 4 and 7",
        spares="Do you have time? | two kids",
    ),
    Rule(
        "how long",
        pattern=r"\bhow long have you been (?P<doing>[\w' -]{3,40}?)\?",
        gives="I've been {doing} for {answer}",
        fires="How long have you been playing golf? | ten years => I've been playing golf for ten years",
        spares="How long is it? | ten years",
    ),
    Rule(
        "which one does",
        pattern=r"\b(?:what|which)(?: [\w'/ -]{2,40}?)? do you (?:usually |normally |mostly |currently "
        r")?(?P<deed>use|prefer|speak|play|drive|drink"
        r"|eat|like|own|study|teach|support|wear|ride|grow|cook|run|take|program in|code in|work in|work with|work "
        r"on|listen to|go to)\b",
        gives="I {deed} {answer}",
        fires="Which editor do you use? | Helix => I use Helix",
        spares="Which editor do you mean? | Helix",
    ),
    Rule(
        "what one is doing",
        pattern=r"\bwhat are you (?:currently |now )?(?P<doing>studying|learning|reading|building|writing|training "
        r"for|working on|saving for)\b",
        gives="I'm {doing} {answer}",
        fires="What are you studying? | law, in Kent => I'm studying law, in Kent",
        spares="What are you saying? | law",
    ),
    Rule(
        "when it is",
        pattern=r"\bwhen(?:'s| is| are) (?:your|the) (?P<what>[\w' -]{3,30}?)\?",
        gives="my {what} is on {answer}",
        fires="When is your exam? | 12 June => my exam is on 12 June",
        spares="When is it? | 12 June",
    ),
    Rule(
        "what is yours",
        pattern=r"\b(?:what|who|which)(?:'s| is| are) your (?!question|point|goal here|thought|opinion|view"
        r"|take)(?P<what>[\w' -]{3,40}?)\?",
        gives="my {what} is {answer}",
        fires="What's your shoe size? | 43, wide => my shoe size is 43, wide",
        spares="What's your question? | 43",
    ),
    Rule(
        "whether one is",
        pattern=r"(?:^|[.!,] |\band )are you (?:an? )?(?P<what>(?:vegan|vegetarian|pescatarian|married|single"
        r"|engaged|divorced|retired|pregnant|diabetic"
        r"|religious|a [\w -]{3,25}|an [\w -]{3,25}|left-handed|allergic to [\w -]{2,20}|from [A-Z]\w+|based in "
        r"[A-Z]\w+))\?",
        gives="I'm {not}{what}",
        fires="Are you vegan? | yes => I'm vegan",
        spares="Are you ready? | yes",
    ),
    Rule(
        "whether one does",
        pattern=r"(?:^|[.!,] |\band )do you (?P<deed>(?:smoke|drink|drive|cook|exercise|work|live|own|have|eat|play"
        r"|speak|wear|take|use|rent|study|commute"
        r"|travel)\b(?! (?:time|a (?:question|minute|moment)|you|it|that|this))[^?,]{0,40})\?",
        gives="I {don't}{deed}",
        fires="Do you smoke? | no => I don't smoke",
        spares="Do you agree? | no",
    ),
)
"""Each gives the statement that both make; patterns see the question, `{answer}` is what was answered."""

_POLAR = lazy(
    r"(?P<no>no|nope|nah|not|never)\b|(?P<yes>yes|yep|yeah|yup|sure|i am|i do|correct|indeed)\b", re.IGNORECASE
)
_LONGEST_ANSWER = 14
_CALLED = lazy(
    r"(?:thanks?|thank you|thx|wow|congrats|cheers|hey|hi|hello|aw+|oh|yay|woo\w*|nice|great|cool|same|sure thing|no "
    r"worries"
    r"|sorry)\b(?:,? (?-i:[A-Z])\w+)?[.!, ]*$|[\w ]{2,20}, (?-i:[A-Z])\w+!+$",
    re.IGNORECASE,
)
"""What is called out to somebody, and answers nothing: "Thanks, Ann!", "Go, Tom!"."""
_LEAD_IN = lazy(
    r"^(?:(?:yes|yep|yeah|yup|sure|oh|um|uh|well|ok|okay|hm+|so|just|only|mostly|probably|it's|its|that's|in|at|as"
    r"|on|for)\b[, ]*)+",
    re.IGNORECASE,
)


def answered(question: str | None, answer: str) -> str | None:
    """Return the statement in the first person that a short answer makes of its question, or None."""
    plain = answer.strip(" .!,;")
    if question is None or not plain or plain.endswith("?") or len(plain.split()) > _LONGEST_ANSWER:
        return None
    if _CALLED().match(answer.strip()):
        return None
    for rule in QUESTIONS:
        match = compiled(rule.pattern).search(question)
        if match:
            return _filled(rule.gives, match.groupdict(), plain)
    return None


def _filled(template: str, groups: dict[str, str | None], answer: str) -> str | None:
    own = {name: _own(text or "") for name, text in groups.items()}
    polar = _POLAR().match(answer)
    if "{answer}" not in template:
        if polar is None:
            return None
        denied = polar["no"] is not None
        return template.format(**own, **{"not": "not " if denied else "", "don't": "don't " if denied else ""})
    said = _LEAD_IN().sub("", answer)
    if (polar and polar["no"]) or not said or FIRST_PERSON().search(said) or _states(said):
        return None
    return template.format(answer=said, **own)


def _own(text: str) -> str:
    return re.sub(r"\byour\b", "my", text, flags=re.IGNORECASE)


def _states(text: str) -> bool:
    """Tell whether the answer is a sentence of its own: it has a finite verb."""
    return any(
        re.fullmatch(
            r"(?:is|are|was|were|has|have|had|will|would|can|can't|don't|doesn't|it's|that's|he|she|they|you|it)", word
        )
        for word in text.lower().replace(",", " ").split()[:6]
    )
