"""Standing wishes about how the assistant should answer: orders that are meant to last."""

import re
from dataclasses import dataclass

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.person import first_person_left, rewrite
from holdfast.extractors.embedded.rules import Rule, first
from holdfast.extractors.embedded.words import words

STANDING = (
    Rule(
        "call me",
        pattern=r"^(?:<call_me_fillers> ){0,2}calls? me (?!back\b|later\b|when\b|if\b|tomorrow\b|on\b"
        r"|at\b|crazy|names|a\b|an\b|asap|anytime|when)(?P<name>[\w'-]+(?: [A-Z][\w'-]+)?)",
        gives="User wants to be called {name}",
        fires="Please call me Bex => User wants to be called Bex",
        spares="Call me back later",
    ),
    Rule(
        "always or never",
        pattern=r"^(?:(?:please|pls|also|and|kindly|so|ok|just|then|but|could you|can you|,)"
        r" ?){0,3}<standing_order_openings>\b(?! (?:i|we|my)\b)(?!.*\bi (?:always"
        r"|never)\b)(?=.*\b<orders_to_the_assistant>\b)(?! <always_or_never_of_life>\b)",
        gives="User wants the assistant to: {text}",
        fires="From now on answer in British English => User wants the assistant to: from now on"
        " answer in British English",
        spares="Never been to Japan",
    ),
    Rule(
        "answer in a language",
        pattern=r"^(?:(?:please|pls|could you|can you|kindly|also|and|but|so|just) ){0,2}(?:only"
        r" )?(?:answer|respond|reply|write|speak|talk|chat|communicate|explain (?:things"
        r"|everything))(?: to me| with me| me| back| everything)?(?: only)? in"
        r" <answer_in_a_language_words>\b(?!.{0,40}:)",
        gives="User wants the assistant to: {text}",
        fires="Please answer in Dutch => User wants the assistant to: answer in Dutch",
        spares="Write in ink",
    ),
    Rule(
        "no more of it",
        pattern=r"^(?:(?:please|pls|also|and|so|but|just|can you|could you|you can|kindly)"
        r" ){0,2}<refusals>(?: <refused_acts>)\b(?! (?:it|that|this|me (?:the"
        r" answer|yet|now)|here|there|yet|now)\b)(?!.*\b(?:yet|for now|this time|in this one"
        r"|here)\b)",
        gives="User wants the assistant to: {text}",
        fires="Please don't use emojis => User wants the assistant to: don't use emojis",
        spares="Don't stop here",
    ),
    Rule(
        "keep it so",
        pattern=r"^(?:(?:please|pls|also|and|so|but|just|could you|can you|kindly)"
        r" ){0,2}<keep_it_so_verbs>\b(?=.{0,80}\b<answers_or_all_of_them>\b)",
        gives="User wants the assistant to: {text}",
        fires="Keep your answers short => User wants the assistant to: keep your answers short",
        spares="Keep the change",
    ),
    Rule(
        "leave to the assistant",
        pattern=r"^you can (?:always |just )?(?:use|write|speak|talk|answer|reply|mix|skip|assume)"
        r"\b(?=.*\b(?:with me|to me"
        r"|for me|when (?:we|i|you)|in (?:your|my))\b)",
        gives="User allows the assistant to: {text}",
        fires="You can use first names with me => User allows the assistant to: use first names with User",
        spares="You can use a saw on wood",
    ),
    Rule(
        "for all chats",
        pattern=r"^(?:in|for) (?:all |the rest of )?(?:our|my|future|these|all|every) (?:future"
        r" )?(?:chats?|conversations?|answers?|messages|replies|sessions?|code|examples?"
        r"|emails?)\b(?=[,:]| (?:please|use|write|keep|always|never|only))",
        gives="User wants the assistant to: {text}",
        fires="In all our chats: prices in CAD => User wants the assistant to: in all User's chats: prices in CAD",
        spares="In our chat group I am loud",
    ),
    Rule(
        "no suggestions",
        pattern=r"^(?:(?:please|so|and|but) )?no (?:[\w-]+ ){1,4}<no_suggestions_words>\b|^nothing with"
        r" (?:[\w]+)|\bno [\w -]{2,30} please$|^so (?:no|nothing) ",
        gives="User wants: {text}",
        fires="No Windows suggestions please => User wants: no Windows suggestions",
        spares="No classes were held",
    ),
    Rule(
        "wish to the assistant",
        pattern=r"^(?:i|we)(?:'d| would)? (?:really )?(?:need|want|like|prefer)(?: it (?:if|when))? you"
        r" (?:to )?(?P<rest><wish_to_the_assistant_words>\b.*)",
        gives="User wants the assistant to: {text}",
        fires="I want you to always cite sources => User wants the assistant to: always cite sources",
        spares="I want you to see it",
    ),
)
"""Each gives the fact's wording; `{text}` is the order, `{name}` the group of that name."""

_LANGUAGE = lazy(
    r"\b(?:in|to) ((?:(?:british|american|simple|plain|formal|brazilian|mexican|canadian|australian|uk|us"
    r"|swiss|easy) )?[a-z]+)\b",
    re.IGNORECASE,
)
_LASTING = lazy(
    r"^(?:can|could|will|would) you\b.*\b(?:from now on|always|going forward|in (?:the )?future|never)\b", re.IGNORECASE
)
_SPEAKS = lazy(r"\b(?:answer|respond|reply|speak|talk|write|chat|communicate)\b", re.IGNORECASE)
_POLITE = lazy(r"^(?:(?:please|pls|also|and|so|but|kindly|could you|can you|you can) )+", re.IGNORECASE)
_UNWANTED = lazy(
    r"\b(?:stop|quit|no more|no need for) (?:using |giving |adding |including |with )?(?:the |any"
    r" )?(?P<old>[\w' -]{3,40}?)"
    r"(?=[.,;]|$| (?:in|when|at|for|unless|anymore|and|please)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Instruction:
    """A standing wish: its wording in the third person, the slot it fills, and what it wants no more of."""

    text: str
    slot: str | None = None
    value: str | None = None
    unwanted: str | None = None


def instruction(sentence: str) -> Instruction | None:
    """Return the standing wish that a sentence states, or None.

    Args:
        sentence: English, its spelling repaired.
    """
    found = first(STANDING, sentence)
    if found is None or (
        sentence.rstrip().endswith("?") and not (found[0].name == "call me" or _LASTING().search(sentence))
    ):
        return None
    rule, match = found
    groups = match.groupdict()
    order = groups.get("rest") or _POLITE().sub("", sentence.strip(" .!?,"))
    name = (groups.get("name") or "").strip()
    name = name[:1].upper() + name[1:]
    text = rewrite(rule.gives.format(name=name, text=order[:1].lower() + order[1:]))
    if first_person_left(text):
        return None
    if name:
        return Instruction(text, "preferred_name", name)
    unwanted = _UNWANTED().search(text) if rule.name == "no more of it" else None
    language = _asked_language(sentence)
    return Instruction(text, "response_language" if language else None, language, unwanted["old"] if unwanted else None)


def _asked_language(sentence: str) -> str | None:
    if not _SPEAKS().search(sentence):
        return None
    named = (match[1] for match in _LANGUAGE().finditer(sentence))
    return next((name for name in named if name.split()[-1].lower() in words("languages")), None)
