"""What stands around a statement without being part of it: discourse markers before, tags after, "remember that"."""

import re

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.rules import Rule, compiled
from holdfast.extractors.embedded.splitting import Span

OPENERS = (
    Rule(
        "interjection",
        pattern=r"<interjection_words>(?: (?:and|but|so|well))?(?:[,;:!.]{1,3}|\s[\u2014\u2013-]{1,2})\s?",
        gives="",
        fires="Oh, I live in Oslo => I live in Oslo",
        spares="Ohio is my home",
    ),
    Rule(
        "greeting",
        pattern=r"(?:hi|hey|hello|yo|good (?:morning|afternoon|evening)|thanks(?: a lot| so much)?|thank"
        r" you(?: so much)?|thx|cheers)(?: (?:there|everyone|all|again|guys|team|sir|ma'am"
        r"|folks))?(?:[,;:!.]{1,3}|\s[\u2014\u2013-]{1,2})\s?",
        gives="",
        fires="Hi there, I live in Oslo => I live in Oslo",
        spares="Hiking is my hobby",
    ),
    Rule(
        "bare greeting",
        pattern=r"(?:hi|hey|hello|yo)(?: (?:there|all|everyone|guys|folks))?\s(?=(?:i|i'm|im|i've|my|we|we're)\b)",
        gives="",
        fires="hey all I live in Oslo => I live in Oslo",
        spares="hey you I see",
    ),
    Rule(
        "connective",
        pattern=r"<connective_words>,\s?",
        gives="",
        fires="Honestly, I live in Oslo => I live in Oslo",
        spares="Honest people live here",
    ),
    Rule(
        "bare connective",
        pattern=r"<bare_connective_words>\s(?=(?:i|i'm|i've|i'll|i'd|we|we're|we've|my|our|the|he|she"
        r"|they|it's|it|im|ive)\b)|(?:and|but|so|also|ok|okay|anyways?|then|oh|yeah|well|tbh|btw|fyi)\s"
        r"(?=(?:<past_verbs>|going with|no longer|not \w+ing)\b)",
        gives="",
        fires="And I live in Oslo => I live in Oslo",
        spares="Android is what I use",
    ),
    Rule(
        "aside",
        pattern=r"<aside_words>(?:[,;:!.]{1,3}|\s[\u2014\u2013-]{1,2})\s?",
        gives="",
        fires="For context, I live in Oslo => I live in Oslo",
        spares="Contexts confuse me",
    ),
    Rule(
        "heading",
        pattern=r"(?!note for (?:later|me|you|your|future|the))(?:quick |small |an? )?(?:update|news|note|context"
        r"|background|question)"
        r" (?:on|about|for|re) [^:.!?]{3,40}: ",
        gives="",
        fires="Update on the knee: my scan was fine => my scan was fine",
        spares="Updates are out: no change",
    ),
    Rule(
        "what the doctor says",
        pattern=r"(?:(?:my|the|our) )?<who_knows_about_one> (?:just |also )?(?:says?|said|thinks|told me|tells me"
        r"|confirmed|found(?: out)?|reckons) (?:that )?(?=(?:I|I'm|my|i|i'm|im|the (?:dog|cat|puppy|kitten|baby"
        r"|twins|kids))\b)",
        gives="",
        fires="My doctor says my blood pressure is high => my blood pressure is high",
        spares="My doctor says no",
    ),
    Rule(
        "said and meant",
        pattern=r"i said (?:that )?(?=(?:i|i'm|my|we|our)\b.*\bi me(?:an|ant)\b)",
        gives="",
        fires="I said I work for Lidl, I meant Aldi => I work for Lidl, I meant Aldi",
        spares="I said I work for Lidl",
    ),
    Rule(
        "oh and",
        pattern=r"(?:oh|ah|ooh|um|erm|and|also),? (?:and|also|yes|yeah|by the way|btw)[, ]+(?=(?:i|i'm|im|i've|my|we"
        r"|our)\b)",
        gives="",
        fires="Oh and I live in Oslo => I live in Oslo",
        spares="Oh and Ida live in Oslo",
    ),
    Rule(
        "meant",
        pattern=r"(?:(?:wait|no|sorry|oops|ugh|hang on),? ){0,3}(?:i meant|i mean|what i meant (?:is|was))(?: that)?"
        r"(?: to say)?,? (?=\w+ \w+ \w+)",
        gives="",
        fires="wait no i meant my aunt lives here => my aunt lives here",
        spares="wait no i mentioned my aunt",
    ),
    Rule(
        "since the last talk",
        pattern=r"since (?:we|you and i) (?:last |both )?(?:chatted|talked|spoke|met|caught up)(?: last)?, (?=\w+ \w)",
        gives="",
        fires="Since we last spoke, I moved to Oslo => I moved to Oslo",
        spares="Since we moved, I live in Oslo",
    ),
    Rule(
        "since it was asked",
        pattern=r"(?:since|as|if) you(?:'re| are)? (?:asked|ask|asking|wondered|wondering|must know|want to know|insist"
        r"|mention(?:ed)? it|were asking)(?: about it)?,? (?=(?:i|i'm|i've|my|we|we're|our|it's)\b)",
        gives="",
        fires="Since you asked, I live in Oslo => I live in Oslo",
        spares="Since you left, I live in Oslo",
    ),
    Rule(
        "what one would say",
        pattern=r"(?:i'd|i would|i have to|i must|i gotta|let me|i can|i might as well|i want to|i wanted to) "
        r"(?:say|admit|confess|add|explain|clarify|point out)(?: that)?,? (?=(?:my|i'm|i've|i|our|we|we're|we've) "
        r"\w+ \w)",
        gives="",
        fires="I'd say my German is decent => my German is decent",
        spares="I'd say German is decent",
    ),
    Rule(
        "the thing is",
        pattern=r"(?:the )?(?:thing|problem|issue|point|truth|fact|trouble|catch|reason|upshot|short version|long "
        r"and short"
        r"|deal|situation)(?: is|'s| being)(?: of it)?(?: that)?,?:? (?=(?:i|i'm|i've|my|we|we're|we've|our)\b)",
        gives="",
        fires="The problem is my flat is damp => my flat is damp",
        spares="The problem is mine",
    ),
    Rule(
        "told to somebody",
        pattern=r"i(?:'ve| have)? (?:just )?(?:told|informed|promised|warned|let) (?!you\b)(?:my |our |the )?[\w-]+"
        r"(?: (?:today|yesterday|last week|this morning|know))?(?: that)? (?=(?:i'm|i am|we're|i've|i'll|we'll) \w)",
        gives="",
        fires="I told my boss that I'm leaving in June => I'm leaving in June",
        spares="I told my boss the truth",
    ),
    Rule(
        "what cannot be forgotten",
        pattern=r"i (?:never|always|can never|can't|often|keep) (?:forget|remember|forgetting)(?:s)? that "
        r"(?=(?:i|i'm|my|we|our) )",
        gives="",
        fires="I never forget that my train is the 7.12 => my train is the 7.12",
        spares="I never forget that train",
    ),
    Rule(
        "one's own turn",
        pattern=r"me\s?:\s(?=\w)",
        gives="",
        fires="Me: I live in Oslo => I live in Oslo",
        spares="Me and my wife live in Oslo",
    ),
    Rule(
        "just so you know",
        pattern=r"<just_so_you_know_words>[,:]?\s",
        gives="",
        fires="I should mention that I live in Oslo => I live in Oslo",
        spares="I should mentor interns",
    ),
)
"""What is peeled off the front, again and again."""

TAGS = (
    Rule(
        "tag",
        pattern=r"[,\s]\s?<tag_words>$",
        gives="",
        fires="I live in Oslo, by the way => I live in Oslo",
        spares="I live right by the highway",
    ),
)
"""What is peeled off the end."""

REMEMBER = (
    Rule(
        "remember that",
        pattern=r"^(?:<asking>,?\s){0,3}<remember_that_words>(?: <for_later>)?"
        r"(?: to (?:your )?memory)?(?: please)?(?:,? that\s(?=\S+\s\S)|:\s?)",
        gives="",
        fires="Please remember that my bike is green => User's bike is green",
        spares="Remember the Alamo",
    ),
    Rule(
        "remember what is mine",
        pattern=r"^(?:<asking>,?\s){0,3}<remember_that_words>(?: <for_later>)?(?: this)?(?: please)?,? "
        r"(?=(?:I|I'm|I've|my|we|our)\b)(?!.{0,40}\b(?:for|with|behind|here) you\b)",
        gives="",
        fires="Remember my bike is green => User's bike is green",
        spares="Remember the bike is green",
    ),
    Rule(
        "for your memory",
        pattern=r"^(?:note for (?:later|the future|your memory|the record)|for (?:your|the) (?:memory|records?"
        r"|notes|future)|for (?:future )?reference|for (?:later|next time|the future)|memory note|note to self|to "
        r"remember|fact"
        r"|facts? about me)[:,]\s?",
        gives="",
        fires="For your records: my bike is green => User's bike is green",
        spares="For your bike I have a lock",
    ),
)
"""A plain request to remember: what follows is always a fact."""


PARTICULAR = lazy(
    r"\b(?:the|an?|my|our|his|her|their|[Ii]|[Ii]'m|we)\b|\d|\w [A-Z]|^(?!\w+ing\b|(?:Sometimes|Everyone|Everything"
    r"|Life|People|Love|You)\b)[A-Z]\w+ "
)
"""What a thing to remember has: "the spare key", a name, a number; "staying positive matters" has none."""


def peel(sentence: Span) -> tuple[Span, bool, tuple[str, ...]]:
    """Return the statement inside a sentence, whether the user asked to remember it, and the markers peeled off."""
    remember = False
    peeled: list[str] = []
    for _ in range(6):
        match = next((found for rule in OPENERS if (found := compiled(rule.pattern).match(sentence.text))), None)
        if match is None:
            asks = sentence.text.endswith("?") and not re.match(
                r"(?:can|could|will|would) ", sentence.text, re.IGNORECASE
            )
            match = next(
                (found for rule in REMEMBER if not asks and (found := compiled(rule.pattern).match(sentence.text))),
                None,
            )
            if match is None:
                break
            remember = True
        if match.end() >= len(sentence.text):
            break
        peeled.append(match[0].strip(" ,;:!.—–-").lower())
        sentence = sentence.cut(match.end())
    for _ in range(2):
        stop = len(sentence.text.rstrip(" .!"))
        for rule in TAGS:
            if match := compiled(rule.pattern).search(sentence.text[:stop]):
                sentence = sentence.cut(0, match.start())
    return sentence, remember, tuple(peeled)


def starts_lower(text: str) -> str:
    """Return the text with its first letter small, unless it begins with I or a name-like word."""
    if re.match(r"I\b|[A-Z]{2}|\w+'", text):
        return text
    return text[:1].lower() + text[1:]
