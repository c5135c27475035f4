"""Wishes about how to answer that name the deed of the assistant's which they are to go with, or the manner alone."""

from holdfast.extractors.embedded.rules import Rule

WITH_A_DEED = (
    Rule(
        "before or whenever the assistant does it",
        pattern=r"^(?P<when>(?:when(?:ever)?|before|after|unless|until|any ?time|every time|each time|once|if) you "
        r"(?:ever |have to |need to )?(?!(?:can|could|want|know|get|like|have|are|were|do|don't|think|see|look|read"
        r"|finish|wish|mind|need|would|will|remember|notice)\b)[a-z]+ (?![^,]*\b(?:it|this|that|these)\b)[^,]{2,80}), "
        r"(?P<rest>(?:please |just |always |never |then |first |only |don't |do not )*"
        r"(?P<verb>(?!(?:my|our|the|an?|it|he|she|they|i|we|you|his|her|your|there)\b)[a-z]+) .{2,})",
        gives="User wants, {when}: {rest}",
        fires="Before you touch any config, ask me first => User wants, before you touch any config: ask User first",
        spares="Before you touch any config, my boss decides",
    ),
    Rule(
        "before or whenever the assistant does it, in one breath",
        pattern=r"^(?P<when>(?:when(?:ever)?|before|any ?time|every time|each time) you (?:ever |have to |need to )?"
        r"(?!(?:can|could|want|know|get|like|have|are|do|think|see)\b)[a-z]+ (?![^,]*\b(?:it|this|that|these)\b)"
        r"(?:[\w'-]+ ){1,5}?)(?P<rest>(?:please |just |always |never |don't |do not )*"
        r"(?P<verb>be|use|ask|keep|run|add|skip|avoid|check|warn|tell|show|give|stick|put) .{3,})",
        gives="User wants, {when}: {rest}",
        fires="When you review my letters be brutal with me => User wants, when you review User's letters: be brutal "
        "with User",
        spares="When you review my letters the brutal ones hurt",
    ),
    Rule(
        "done before the assistant does it",
        pattern=r"^<polite_openings>(?P<verb>[a-z]+)\b(?!.*\b(?:it|this|that|these|your answer|you (?:answer|reply|go"
        r"|start|begin|leave))\b).{2,80}? (?:before|whenever|unless|every time|each time) you (?:ever )?"
        r"(?!(?:can|could|are|want|have|get|finish|know|think|do)\b)[a-z]+ [\w'\" -]{2,60}[.!]?$",
        gives="User wants the assistant to: {text}",
        fires="run the tests before you commit anything => User wants the assistant to: run the tests before you "
        "commit anything",
        spares="run the tests before it is dark",
    ),
    Rule(
        "stop doing so to me",
        pattern=r"^<polite_openings>(?:stop|quit) (?!(?:helping|making|being|fooling|kidding)\b)[a-z]+ing (?:at "
        r"|with |to )?"
        r"(?:me|my [\w ]{3,30}|us)\b(?! (?:from|about (?:it|this|that))\b).{0,40}$",
        gives="User wants the assistant to: {text}",
        fires="please stop warning me => User wants the assistant to: stop warning User",
        spares="please stop warning lights",
    ),
    Rule(
        "in such words",
        pattern=r"^<polite_openings>(?:write|answer|reply|respond|explain|speak|talk|use|stick to)(?: everything| to me"
        r"| things)?(?: in| with| only)? (?:only |very )?(?:plain|simple|short|easy|everyday|clear|small|full|basic"
        r"|big|complete"
        r"|british|american|us|uk)\b(?:,? (?:and )?[a-z]+)? (?:words|sentences|steps|language|english|terms"
        r"|paragraphs|spelling)\b"
        r"(?!.*\b(?:it|this|that|these|about|letter|essay|story|poem)\b)",
        gives="User wants the assistant to: {text}",
        fires="explain in short sentences pls => User wants the assistant to: explain in short sentences",
        spares="explain in short sentences what rain is about",
    ),
    Rule(
        "none of it, please",
        pattern=r"^(?:and |so |but |also )?no (?!(?:problem|worries|need|thanks|thank|more|idea|rush|hurry|one|way"
        r"|spoilers)\b)"
        r"[\w'.+#-]+(?: [\w'.+#-]+){0,4},? (?:please|pls|plz)(?=[,.!]|$)",
        gives="User wants: {text}",
        fires="no react pls, it is slow => User wants: no react pls, it is slow",
        spares="no worries pls",
    ),
    Rule(
        "a form, please",
        pattern=r"^(?:british|american|us|uk|australian|canadian) (?:spelling|english|units|dates"
        r"|date format)(?: only)?"
        r"(?:,? (?:please|pls|plz|always|throughout))*[.!]*$",
        gives="User wants: {text}",
        fires="British spelling please => User wants: british spelling",
        spares="British spelling bees please",
    ),
    Rule(
        "first this, then that",
        pattern=r"^<polite_openings>(?:give|tell|show) me (?:the |your )?(?:answer|conclusion|result|short version"
        r"|summary"
        r"|bottom line|number|recommendation|code)s? first\b.{0,60}$",
        gives="User wants the assistant to: {text}",
        fires="Give me the answer first, then the reasoning => User wants the assistant to: give User the answer "
        "first, "
        "then the reasoning",
        spares="Give me the hammer first, then the nails",
    ),
    Rule(
        "grateful if you",
        pattern=r"^(?:i|we)(?:'d| would| should) be (?:so |very |most )?(?:grateful|glad|happy|obliged|pleased) if you "
        r"(?:could |would )?(?P<rest>(?=.*\b(?:when|whenever|always|never|every|each|in future|from now on)\b).{4,})",
        gives="User would be glad if the assistant {rest}",
        fires="I'd be grateful if you always showed sources => User would be glad if the assistant always showed "
        "sources",
        spares="I'd be grateful if you showed sources",
    ),
)
"""Each gives the fact's wording; `{text}` is the order, `{rest}` and `{when}` the groups of that name."""

WITH_A_REASON = (
    Rule(
        "keep it so",
        pattern=r"^<polite_openings>keep (?:it|things|them|everything) (?!(?:up|on|going|in|for|as|at|to|from|with"
        r"|under"
        r"|coming|that|this)\b)[a-z-]+(?:(?:,| and|,? but) [\w' -]{2,40})?[.!]?$",
        gives="User wants the assistant to: {text}",
        fires="keep it literal and plain => User wants the assistant to: keep it literal and plain",
        spares="keep it on the shelf",
    ),
    Rule(
        "accordingly",
        pattern=r"^<polite_openings>(?P<verb>[a-z]+) .{2,60}\b(?:accordingly|with that in mind|around that)[.!]?$",
        gives="User wants the assistant to: {text}",
        fires="Kindly suggest cafes accordingly => User wants the assistant to: suggest cafes accordingly",
        spares="Kindly suggest restaurants around here",
    ),
)
"""Orders that last because the message says why: asked only beside a fact about the user. Each gives the wording."""
