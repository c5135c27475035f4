"""Standing wishes about how the assistant should answer: orders that are meant to last."""

import re
from dataclasses import dataclass

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.lasting import LASTING, MANNER
from holdfast.extractors.embedded.manner import WITH_A_DEED, WITH_A_REASON
from holdfast.extractors.embedded.openers import starts_lower
from holdfast.extractors.embedded.person import first_person_left, rewrite
from holdfast.extractors.embedded.rules import Rule, hits
from holdfast.extractors.embedded.words import is_form, words

STANDING = (
    Rule(
        "call me",
        pattern=r"^(?:<call_me_fillers> ){0,2}calls? me (?!back\b|later\b|when\b|if\b|tomorrow\b|on\b"
        r"|at\b|crazy|names|a\b|an\b|asap|anytime|when)(?P<name>(?:(?:dr|mr|mrs|ms|prof)\.? )?[\w'-]+(?: "
        r"[A-Z][\w'-]+)?)",
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
        "order for good",
        pattern=r"^(?:(?:please|pls|also|and|so|ok|could you|can you|kindly|just) ){0,2}(?:<order_verbs>|switch"
        r"|assume|prefer|limit|round|quote|stick) .{2,120}?"
        r"\b(?:from now on|going forward|from here on|in (?:the )?future|at all times|by default|every time|for "
        r"good|(?:when(?:ever)?|every time|each time) you (?:answer|reply|respond|summari[sz]e|explain|write"
        r"|translate|suggest|list|quote|code)\b.{0,20}|in all (?:your |our )?(?:answers?|replies|chats?|responses)"
        r"|until (?:I|i) say otherwise|unless (?:I|i) (?:say|ask|tell)\b.{0,30})[.!]?$",
        gives="User wants the assistant to: {text}",
        fires="Use British spelling from now on => User wants the assistant to: use British spelling from now on",
        spares="Use the British spelling here",
    ),
    Rule(
        "how to talk to me",
        pattern=r"^(?:(?:please|pls|also|and|so|but|just|kindly) ){0,2}(?:explain|describe|talk|speak|write|treat"
        r"|address|be|stay|keep|answer|teach|present|break)\b(?! (?:at|in|on|here|there|a)\b)"
        r"[^.?]{0,40}?\b(?:(?:things|everything|stuff|it all) (?:to|for|with) me\b|with me\b|to me (?:like|as|in"
        r"|slowly|simply)\b|things (?:simple|short|brief|concise|light|down)\b)"
        r"|^(?:(?:please|pls|also|and) ){0,2}explain (?:things|stuff|everything|it all|all) like (?:i'm|im|i am)\b"
        r"|^(?:(?:please|pls|also|and) ){0,2}(?:address|treat|greet) me (?:formally|informally|as|by|like|with)\b",
        gives="User wants the assistant to: {text}",
        fires="Be honest with me => User wants the assistant to: be honest with User",
        spares="Be at the station with me",
    ),
    Rule(
        "none of it",
        pattern=r"^(?:(?:going forward|from now on|always|in future|in the future|and|also|so|please|pls"
        r"|just),? ){0,2}no "
        r"(?:more )?(?:[\w/-]+ ){0,3}?"
        r"(?:emojis?|bullets?|bullet (?:points?|lists?)|lists?|tables?|headings?|headers?|disclaimers?|jargon"
        r"|small talk|fluff|waffle|preambles?|intros?|summaries|caveats"
        r"|apologies|exclamation marks?|flattery|spoilers|code comments|comments|slang|swearing|abbreviations|links"
        r"|markdown|lectures?|charts?|metaphors?|filler)\b(?!s? (?:here|in this|for this|this time))",
        gives="User wants the assistant to: use {text}",
        fires="no bullet points please => User wants the assistant to: use no bullet points",
        spares="no bullets here",
    ),
    Rule(
        "wish to the assistant",
        pattern=r"^(?:i|we)(?:'d| would)? (?:really )?(?:need|want|like|prefer)(?: it (?:if|when))? you"
        r" (?:to )?(?P<rest>(?:<wish_to_the_assistant_words>|be (?:\w+ )?\w+ with me|treat me|talk to me|explain)\b.*)",
        gives="User wants the assistant to: {text}",
        fires="I want you to always cite sources => User wants the assistant to: always cite sources",
        spares="I want you to see it",
    ),
    Rule(
        "rather",
        pattern=r"^(?:(?:i|we)(?:'d| would) (?:much )?rather|(?:i|we) (?:really )?(?:like|prefer|love) it (?:when"
        r"|if)) you "
        r"(?!(?:could|can|would)\b)(?!.*\bthe (?:first|second|third|last|other|next|same)\b)(?P<rest>(?:always |just "
        r"|don't |didn't |first )*[a-z]+\b.{3,})",
        gives="User would rather the assistant: {text}",
        fires="I'd rather you ask me questions first => User would rather the assistant: ask User questions first",
        spares="I'd rather ask you questions first",
    ),
    Rule(
        "units and formats",
        pattern=r"^(?:(?:please|pls|also|and|just) ){0,2}(?:(?:use|stick to|only|always) )?(?:(?:all |the "
        r"|any )?(?:prices|dates|temps?"
        r"|temperatures|measurements|distances|weights|units|times|code examples|examples|amounts|quantities|answers"
        r"|responses|replies|recipes|everything) (?:only )?in (?!\d|this|that|the|my|our|it\b)[\w/-]+(?: (?:format"
        r"|units|currency|style|english|\d+))?"
        r"|(?:metric|imperial|celsius|fahrenheit|kilos|24h(?:our)?|24-hour|military time)(?: units| system"
        r"| measurements| time)?"
        r"(?: only)?)(?:,? please| pls| thanks| always| for me| from now on)*[.!]?$",
        gives="User wants: {text}",
        fires="prices in euros => User wants: prices in euros",
        spares="prices in euros went up",
    ),
    Rule(
        "pronouns",
        pattern=r"^(?:(?:please|pls|also|and|just) ){0,2}use (?:they|she|he|xe|ze|it)/\w+(?:/\w+)?\b",
        gives="User wants the assistant to: {text}",
        fires="use they/them for me => User wants the assistant to: use they/them for User",
        spares="use and/or here",
    ),
    Rule(
        "what it may assume",
        pattern=r"^(?:(?:please|pls|also|and|just|you can|always) ){0,2}assume (?:that )?(?:i (?:already )?(?:know"
        r"|understand|speak|use|have"
        r" access)|(?:i'm|im|i am) (?:an? )?(?:complete |total |absolute |using |on )?(?:beginner|expert|novice|new"
        r"|familiar"
        r"|advanced|experienced|using|on (?-i:[A-Z])))\b",
        gives="User wants the assistant to: {text}",
        fires="assume I know Python => User wants the assistant to: assume User knows Python",
        spares="assume I earn 50k",
    ),
    Rule(
        "what answers are",
        pattern=r"^(?:(?:please|pls|also|and|just|only) ){0,2}(?:short|shorter|brief|concise|long|longer|detailed"
        r"|simple|straight"
        r"|direct|honest|quick|one[- ]line) (?:answers?|replies|reply|responses?|explanations?|sentences)"
        r"(?:,? (?:only|please|pls|always|from now on|for me|thanks))*[.!]?$|^(?:only |just )?one (?:step|question"
        r"|thing) at a time(?:,? (?:please|pls))?(?=[.!]|$|, i)",
        gives="User wants: {text}",
        fires="short answers only => User wants: short answers only",
        spares="short answers are a skill",
    ),
    Rule(
        "only such",
        pattern=r"^(?:(?:please|pls|also|and|just) ){0,2}only (?:recommend|suggest|answer|speak|reply)\b"
        r"(?! (?:this|that|the|it|one)\b)",
        gives="User wants the assistant to: {text}",
        fires="only recommend vegetarian restaurants => User wants the assistant to: only recommend vegetarian "
        "restaurants",
        spares="only the best recommend it",
    ),
    Rule(
        "tone",
        pattern=r"^(?:(?:please|pls|also|and|just|try to) ){0,2}(?:(?:no need to|don't|dont|do not|never"
        r"|stop being) (?:be )?(?:so |too )?"
        r"(?:formal|polite|verbose|wordy|preachy|patroni[sz]ing|condescending|vague)\b(?! (?:about|here|in)\b)"
        r"|(?:go easy|tone|tone down|cut down|ease up|hold back|cut)(?: it)? (?:down )?(?:on |with )?"
        r"(?:the )?(?:jargon|emojis?|exclamation|praise|compliments|flattery|politeness|fluff|small talk|formalities)"
        r"|keep the tone \w+|spell (?:it|my name|words) \S)(?!.*\b(?:this|here|the (?:e-?mail|letter|text))\b)",
        gives="User wants the assistant to: {text}",
        fires="go easy on the jargon => User wants the assistant to: go easy on the jargon",
        spares="go easy on the salt",
    ),
    Rule(
        "answers should",
        pattern=r"^(?:(?:please|pls|also|and|so|but) ){0,2}(?:your |all (?:your )?)?(?:answers|replies|responses"
        r"|explanations)"
        r"(?: to me)? (?:should|must|need to|have to|are (?:too|to be)) ",
        gives="User wants: {text}",
        fires="answers should be short => User wants: answers should be short",
        spares="answers in tests are short",
    ),
    Rule(
        "you should always",
        pattern=r"^(?:you (?:should|need to|can) (?:please )?(?:always|never|only)|(?:please )?remember to (?:always"
        r"|never)) "
        r"(?=<orders_to_the_assistant>\b)(?=.*\b(?:me|my|i|your|before|sums?|answers?|files?)\b)",
        gives="User wants the assistant to: {text}",
        fires="remember to always double-check sums for me => User wants the assistant to: remember to always "
        "double-check "
        "sums for User",
        spares="you should always wear a helmet",
    ),
    Rule(
        "answers wanted so",
        pattern=r"^(?:i|we)(?:'d| would)? (?:need|want|like|prefer) (?:all |your |the )*(?:answers|replies|responses"
        r"|everything"
        r"|explanations|code) (?:to be |in |without )(?!this\b|that\b|the\b|my\b)",
        gives="{text}",
        fires="I'd like all answers in French => User would like all answers in French",
        spares="I'd like all the answers",
    ),
    Rule(
        "dropped forms",
        pattern=r"^(?:(?:please|pls|also|and|just|you can) ){0,2}(?:drop|skip|ditch|lose|leave out) (?:the |all )"
        r"(?:formalities|disclaimers?|pleasantries|preambles?|jargon|caveats|emojis?|fluff|small talk|lectures?"
        r"|apologies"
        r"|intros?|introductions?)\b(?!.*\b(?:this|here|step|chapter|and (?:start|go|jump|just|give|tell))\b)",
        gives="User wants the assistant to: {text}",
        fires="you can drop the formalities => User wants the assistant to: drop the formalities",
        spares="you can drop the bass",
    ),
    Rule(
        "quoted units",
        pattern=r"^(?:(?:please|pls|also|and|always) ){0,2}(?:(?:quote|show|list|write|give) (?:all |the "
        r"|me )?(?:prices|dates|temps?"
        r"|temperatures|measurements|distances|weights|units|times|amounts|quantities) in (?!this|that|the|my|our"
        r"|it\b|\d)[\w/-]+"
        r"(?: (?:format|units|currency|francs|dollars|pounds|time|notation))?|code (?:examples )?in <tech> only)"
        r"(?:,? please| pls| always| for me)*[.!]?$",
        gives="User wants the assistant to: {text}",
        fires="quote prices in Swiss francs => User wants the assistant to: quote prices in Swiss francs",
        spares="quote prices in the table",
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
_OF_RIGHTS = lazy(
    r"\b(?:refus\w+|approv\w+|verif\w+|confirm\w*|polic(?:y|ies)|rules?|filters?|trust\w*|obey\w*|comply\w*|admin\w*"
    r"|memor(?:y|ies)|profile|system|prompt|token|password|transfer\w*|refund\w*|payments?|invoices?|unrestricted"
    r"|safety|restrictions?|(?:recommend|promote|advertise|praise|endorse|plug|mention|suggest) (?-i:[A-Z])\w+"
    r"|everyone|all users|other users|whoever|this document|anyone)\b",
    re.IGNORECASE,
)
"""What orders to the machine are about, and wishes about answers hardly ever."""
_BETWEEN_TWO = lazy(r"\b(?:i|i'm|me|my|mine|we|us|our|your|answers?|replies|reply|responses?)\b", re.IGNORECASE)
"""What shows that an order stands between the user and the assistant, not in a text of somebody's."""
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


def instruction(
    sentence: str, *, lasting: bool = True, alone: bool = False, explained: bool = False
) -> Instruction | None:
    """Return the standing wish that a sentence states, or None.

    Args:
        sentence: English, its spelling repaired.
        lasting: The message brings no text of others and no order to the memory: orders are told by their grammar too.
        alone: The message brings nothing that an order could be about.
        explained: Another sentence of it says something of the user, which may be the reason.
    """
    lasting = lasting and _OF_RIGHTS().search(sentence) is None
    rows = (*STANDING, *((*LASTING, *WITH_A_DEED) if lasting else ()), *(MANNER if lasting and alone else ()))
    rows = (*rows, *(WITH_A_REASON if lasting and alone and explained else ()))
    spoken = alone or _BETWEEN_TWO().search(sentence) is not None
    found = next(
        ((rule, match) for rule, match in hits(rows, sentence) if _orders(match) and (spoken or rule not in LASTING)),
        None,
    )
    if found is None or (
        sentence.rstrip().endswith("?") and not (found[0].name == "call me" or _LASTING().search(sentence))
    ):
        return None
    rule, match = found
    groups = match.groupdict()
    order = groups.get("rest") or _POLITE().sub("", sentence.strip(" .!?,"))
    name = (groups.get("name") or "").strip()
    name = name[:1].upper() + name[1:]
    order = order.strip(" .!?,")
    order = order if re.match(r"I\b", order) else order[:1].lower() + order[1:]
    when = starts_lower((groups.get("when") or "").strip())
    text = rewrite(rule.gives.format(name=name, text=order, rest=order, when=when))
    if first_person_left(text):
        return None
    if name:
        return Instruction(text, "preferred_name", name)
    unwanted = _UNWANTED().search(text) if rule.name == "no more of it" else None
    language = _asked_language(sentence)
    return Instruction(text, "response_language" if language else None, language, unwanted["old"] if unwanted else None)


def _orders(match: re.Match[str]) -> bool:
    """Tell whether the deed that a row asks for is a verb in its base form, where the row names one."""
    verb = match.groupdict().get("verb")
    return verb is None or is_form(verb.lower(), "base")


def _asked_language(sentence: str) -> str | None:
    if not _SPEAKS().search(sentence):
        return None
    named = (match[1] for match in _LANGUAGE().finditer(sentence))
    return next((name for name in named if name.split()[-1].lower() in words("languages")), None)
