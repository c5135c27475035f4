"""Orders that are meant to last, told by their grammar: a deed asked for, and words that reach beyond this one answer.

The deed is any verb in its base form (group `verb`, which `instruction` looks up); what makes it last is a "whenever",
an "every ... you give me", an "always" at the end, a form that all answers can have.
"""

from holdfast.extractors.embedded.rules import Rule

LASTING = (
    Rule(
        "each time it comes up",
        pattern=r"^<polite_openings>(?P<verb>[a-z]+)\b(?!.*\b(?:<wh_words>|bugs?|errors?|crash\w*|issues?)\b"
        r".*\b(?:when|time|if)).{2,120}?\b"
        r"(?:whenever|every time|each time|any ?time|when|if) (?:i|we|you)(?:'re| are)? (?:ever |are |have to )?"
        r"(?:<turns_to_come>)\b.{0,80}$",
        gives="User wants the assistant to: {text}",
        fires="include a vegetarian option each time you plan a menu => User wants the assistant to: include a "
        "vegetarian option each time you plan a menu",
        spares="include a vegetarian option this time",
    ),
    Rule(
        "all that is to come",
        pattern=r"^<polite_openings>(?:you (?:should|must|need to|have to|can) )?(?P<verb>[a-z]+(?:-[a-z]+)?) "
        r".{0,80}?\b(?:every|each|any|all|everything|anything|whatever)\b[\w' -]{0,30}? (?:that )?(?:you|i) (?:ever )?"
        r"(?:<turns_to_come>)\b.{0,60}$",
        gives="User wants the assistant to: {text}",
        fires="use pnpm in every command you give me => User wants the assistant to: use pnpm in every command you "
        "give User",
        spares="use pnpm in the command you gave me",
    ),
    Rule(
        "always, at the end",
        pattern=r"^<polite_openings>(?P<verb>[a-z]+)\b(?!.*\b(?:<wh_words>|i|we|he|she|it|they)\b).{2,120}?,? "
        r"(?:always|throughout|from now on|going forward|by default|at all times|as standard|permanently|from here on"
        r"(?: out)?|in future)(?:,? (?:please|pls|thanks|ok))?[.!]?$",
        gives="User wants the assistant to: {text}",
        fires="stick to British spelling throughout => User wants the assistant to: stick to British spelling "
        "throughout",
        spares="stick to British spelling in the title",
    ),
    Rule(
        "make sure to always",
        pattern=r"^<polite_openings>(?:make sure|be sure|ensure|remember|take care|try|see to it)(?: that| to)* "
        r"(?:you )?(?:always|never|don't ever|only ever)\b.{3,}",
        gives="User wants the assistant to: {text}",
        fires="Make sure you never mention my ex => User wants the assistant to: make sure you never mention User's ex",
        spares="Make sure the lid never leaks",
    ),
    Rule(
        "by default",
        pattern=r"^<polite_openings>(?:default|defaults) to (?!the next\b|this\b|that\b).{2,}"
        r"|^<polite_openings>(?:stick (?:to|with)|go with|favou?r|keep to) (?:the |only )?(?:[\w'-]+ ){0,3}?"
        r"(?:<form_of_answers>)\b(?!.*\b(?:this|here|that)\b)",
        gives="User wants the assistant to: {text}",
        fires="Default to Celsius and 24h clock => User wants the assistant to: default to Celsius and 24h clock",
        spares="Go with the first option",
    ),
    Rule(
        "a form unwanted",
        pattern=r"^<polite_openings>(?:avoid|omit|leave out|refrain from|minimi[sz]e|limit|cut out|cut down on|spare me"
        r"|enough (?:of|with)|i don't (?:want|need)(?: any)?|i never want(?: to see)?) (?:the |any |all |using |your |"
        r"too much |too many |so many )*(?:[\w'-]+ ){0,3}?(?:<form_of_answers>)\b(?!.*\bthe (?:intro|introduction"
        r"|conclusion|ending|title|summary)\b)(?!.*\b(?:this (?!chat)|here|for now"
        r"|that one)\b)",
        gives="User wants the assistant to: {text}",
        fires="Avoid passive voice in the newsletter => User wants the assistant to: avoid passive voice in the "
        "newsletter",
        spares="Avoid passive roles in life",
    ),
    Rule(
        "a phrase unwanted",
        pattern=r"^<polite_openings>(?:no more|stop saying|don't say|do not say|never say|quit saying|stop with"
        r"|enough with|stop opening with|stop starting with) (?:the )?[\x22'][\w ,'-]{3,60}",
        gives="User wants: {text}",
        fires="no more 'great question' => User wants: no more 'great question'",
        spares="no more great questions",
    ),
    Rule(
        "what they should be",
        pattern=r"^<polite_openings>(?!(?:my|the|this|that|it|they|we|i|he|she|you|there|people|kids|everyone|one)\b)"
        r"(?:[\w'/-]+ ){1,4}?(?:(?:that )?(?:you|i) (?:ever )?(?:<turns_to_come>)\b[\w ]{0,20}? "
        r"(?:should|must|needs? to|has to|have to|ought to)\b"
        r"|(?:should|must|needs? to|has to|have to) (?:always|never)\b"
        r"|(?:should|must|needs? to|has to|have to) .{2,60}?,? (?:always|throughout|from now on|at all times)[.!]?$)",
        gives="User wants: {text}",
        fires="Prices should be in rupees, always => User wants: prices should be in rupees, always",
        spares="The price should be in rupees",
    ),
    Rule(
        "what is allowed",
        pattern=r"^<polite_openings>(?:feel free|you(?:'re| are) (?:free|allowed|welcome)|it(?:'s| is) (?:ok|okay|fine"
        r"|all right)(?: for you)?) to (?P<rest>.{3,60}?\b(?:(?:to|with|at|around) me|when(?:ever)? you (?:talk|write"
        r"|answer|reply|speak|respond)|in your (?:answers|replies))\b.*)",
        gives="User allows the assistant to: {rest}",
        fires="Feel free to swear with me => User allows the assistant to: swear with User",
        spares="Feel free to pick a colour",
    ),
    Rule(
        "if you did",
        pattern=r"^(?:i|we)(?:'d| would) (?:really |much )?(?:prefer|like|love|appreciate)(?: it)? if you (?P<rest>"
        r"(?:always |only |just |never )?(?:kept|used|answered|replied|wrote|spoke|didn't|wouldn't|stopped|gave|called"
        r"|avoided|stuck|put|included|asked|checked|talked|skipped|started|showed|cited|made)\b"
        r"(?!.*\b(?:this|that|it|here)\b).*)",
        gives="User would like it if the assistant {rest}",
        fires="I'd prefer if you kept answers under 100 words => User would like it if the assistant kept answers "
        "under "
        "100 words",
        spares="I'd prefer if you checked this",
    ),
    Rule(
        "wished for good",
        pattern=r"^(?:i|we)(?:'d| would)? (?:really |just )?(?:want|like|need|prefer|expect) you to "
        r"(?P<rest>.{3,100}?\b"
        r"(?:always|never|every (?:time|day|morning|evening|night|week)|each (?:time|day|morning|week)|whenever"
        r"|from now on|in future|going forward|(?:when|if) i (?:<turns_to_come>))\b.*)",
        gives="User wants the assistant to: {rest}",
        fires="I'd like you to quiz me on French every morning => User wants the assistant to: quiz User on French "
        "every "
        "morning",
        spares="I'd like you to quiz me on French",
    ),
    Rule(
        "how not to talk",
        pattern=r"^<polite_openings>(?:stop|quit|no need to|you (?:don't|do not) (?:need|have) to|you needn't|don't"
        r"|do not"
        r"|try not to|never) (?P<verb>(?!worry|forget|think|laugh|judge|be (?:afraid|sorry)|tell anyone|let"
        r"|get me wrong)"
        r"[a-z]+)\b(?! (?:this|that|it|these|those)\b)(?=.*\b(?:me|every (?:reply|answer|message)"
        r"|(?:your|the|any) (?:repl(?:y|ies)|answers?|messages?|responses?)|follow-?up questions?|things (?:up"
        r"|down))\b)"
        r"(?!.*\b(?:yet|for now|this time|here|the answer|wrong|until|the solution|the ending|today)\b)",
        gives="User wants the assistant to: {text}",
        fires="You don't need to remind me you're an AI => User wants the assistant to: you don't need to remind User "
        "you're an AI",
        spares="Don't tell me the answer",
    ),
    Rule(
        "for a kind of matter",
        pattern=r"^(?:for|with|in|on|about) (?:anything|everything|any|all|every|each)\b[^,:]{0,50}[,:] ?(?:please "
        r"|just "
        r"|always )*(?P<verb>[a-z]+)\b(?!,) .{3,}",
        gives="User wants the assistant to: {text}",
        fires="For anything medical, give me NHS guidance => User wants the assistant to: for anything medical, give "
        "User "
        "NHS guidance",
        spares="For anything medical a nurse is best",
    ),
    Rule(
        "under a heading of form",
        pattern=r"^(?:my )?(?:house style|style(?: notes?| guide)?|formatting|preferred format|units|tone|language"
        r"|spelling|reply style|answer style|output|length)\b(?: for [^:.]{2,50})?\s?[:=] ?(?!what|how|which|is"
        r"|are)\S.{2,}",
        gives="User wants: {text}",
        fires="House style: British spelling => User wants: house style: British spelling",
        spares="House prices: up again",
    ),
    Rule(
        "let us keep to it",
        pattern=r"^<polite_openings>(?:let's|lets|let us) (?:keep|stick|stay|speak|talk|chat|write|use|go|do"
        r"|work)\b.{0,60}?"
        r"\b(?:unless i|from now on|always|going forward|in <languages>)\b.*",
        gives="User wants the assistant to: {text}",
        fires="Let's speak in Danish => User wants the assistant to: let's speak in Danish",
        spares="Let's eat in silence",
    ),
    Rule(
        "whatever comes",
        pattern=r"^(?P<when>(?:whatever|whichever|however|no matter (?:what|how)|wherever) (?:i|you)\b[^,]{1,60}), "
        r"(?P<rest>(?:please |just |always )*(?P<verb>[a-z]+) .{2,})",
        gives="User wants the assistant to: {rest}, {when}",
        fires="Whatever I ask, answer in five lines => User wants the assistant to: answer in five lines, whatever "
        "User "
        "asks",
        spares="Whatever I ask nobody answers",
    ),
    Rule(
        "when in doubt",
        pattern=r"^if (?:something|anything|a \w+|you(?:'re| are)?|i(?:'m| am))\b(?! (?:want|like|could|can|have"
        r"|need)\b)"
        r"[^,]{2,50}?,? (?:please |just |then |always )+(?:tell me|say so|say|ask|warn|admit|point|flag|correct"
        r"|let me know"
        r"|skip|explain)\b.*",
        gives="User wants the assistant to: {text}",
        fires="If something is over my head just say so => User wants the assistant to: if something is over User's "
        "head "
        "just say so",
        spares="If something is over my head I duck",
    ),
    Rule(
        "to be referred to",
        pattern=r"^<polite_openings>(?:refer to|speak of|talk about|address) (?:me|my \w+|us) (?:as|with|by"
        r"|using) .{2,}",
        gives="User wants the assistant to: {text}",
        fires="refer to my partner as they => User wants the assistant to: refer to User's partner as they",
        spares="refer to my partner for that",
    ),
    Rule(
        "form of a kind",
        pattern=r"^(?:all )?(?:dates|times|prices|numbers|units|names|titles|headings|headers|code|measurements|amounts"
        r"|temperatures|distances|lists|sources|quotes|citations|examples|type hints|tests|docstrings|comments"
        r"|commits) "
        r"(?:as|in|on|with|first|before|after|always) ?.{0,60}?(?:\bin everything\b|\beverywhere\b|\bthroughout\b"
        r"|\balways\b|\bfor me\b|, please|\bon everything\b)",
        gives="User wants: {text}",
        fires="Dates as DD/MM/YYYY in everything => User wants: dates as DD/MM/YYYY in everything",
        spares="Dates are sweet in everything",
    ),
    Rule(
        "hated or loved of it",
        pattern=r"^(?:i|we) (?:really |absolutely |just )?(?:(?:hate|dislike|can't stand|don't like|do not like) "
        r"(?:it )?"
        r"(?:when|if|how) you (?:always |never |just |keep )?[a-z]+.*)",
        gives="{text}",
        fires="I hate it when you apologise => User hates it when you apologise",
        spares="I hate it when he apologises",
    ),
    Rule(
        "answers liked so",
        pattern=r"^(?:i|we)(?:'d| would)? (?:really )?(?:like|prefer|want|love|need) (?:my|your) (?:answers|replies"
        r"|responses|explanations|summaries|code|recipes|feedback|criticism) .{3,}"
        r"|^my preference (?:is|would be) (?:for )?.{3,60}\b(?:answers|replies|responses|over prose|explanations"
        r"|you)\b",
        gives="{text}",
        fires="I like my answers with the conclusion first => User likes User's answers with the conclusion first",
        spares="I like my coffee black",
    ),
    Rule(
        "next time",
        pattern=r"^next time,? (?:just |please |pls |only )*(?P<verb>(?!i\b|we\b)[a-z]+) (?=.*\b(?:me|us)\b).{3,}",
        gives="User wants the assistant to: {text}",
        fires="Next time give me the number first => User wants the assistant to: next time give User the number first",
        spares="Next time prices rise, tell nobody",
    ),
    Rule(
        "when that comes up",
        pattern=r"^(?P<when>(?:if|when|whenever|every time|each time|any ?time) (?:i|we|you) (?:ever )?"
        r"(?:<turns_to_come>)\b(?![^,]{0,80}\b(?:it|this)\b)[^,]{0,80}), "
        r"(?P<rest>(?:please |just |always |never |then |only )*(?:(?P<verb>(?!(?:let|my|our|the|an?|it|he|she|they"
        r"|i|we|you|his|her)\b)[a-z]+) |i (?:mean|want|expect) |(?:it|that) means )(?!is\b|was\b|fails?\b).{3,})",
        gives="User wants, {when}: {rest}",
        fires="If I ask for a summary, I mean three points => User wants, if User asks for a summary: User means three "
        "points",
        spares="If I ask for a rise, my boss laughs",
    ),
    Rule(
        "how to close letters",
        pattern=r"^<polite_openings>(?:sign|end|start|begin|open|close)(?: off)? (?:all |any |every )?(?:of )?(?:my"
        r"|our) "
        r"(?:\w+ ){0,2}(?:e-?mails|letters|messages|replies|posts|notes)\b.{3,}",
        gives="User wants the assistant to: {text}",
        fires="Sign my emails with Kind regards, Ade => User wants the assistant to: sign User's emails with Kind "
        "regards, Ade",
        spares="Sign my name here",
    ),
    Rule(
        "ask before",
        pattern=r"^<polite_openings>(?:ask|check with|warn|consult|remind|alert) me (?:first )?(?:before|if|when"
        r"(?:ever)?)"
        r" (?:you(?!'re (?:ready|done))|i) (?:ever )?(?!are (?:ready|done))\w+.{3,}",
        gives="User wants the assistant to: {text}",
        fires="Ask me before you assume a budget => User wants the assistant to: ask User before you assume a budget",
        spares="Ask me before lunch",
    ),
    Rule(
        "when that comes up, in one breath",
        pattern=r"^(?P<when>(?:if|when|whenever|every time|each time|any ?time) (?:i|we|you) (?:ever )?"
        r"(?:<turns_to_come>)\b(?![^,]{0,60}\b(?:it|this|that)\b)[^,]{0,60}?) (?P<rest>(?:please |just |always "
        r"|never |then |only "
        r"|don't )*(?P<verb>(?:<orders_to_the_assistant>|leave|drop|stop|do)) "
        r"(?!is\b|was\b|are\b|to\b|of\b|in\b|and\b|or\b|with\b|from\b).{3,})",
        gives="User wants, {when}: {rest}",
        fires="When you give me recipes leave out the story => User wants, when you give User recipes: leave out the "
        "story",
        spares="When you give me recipes my wife laughs",
    ),
    Rule(
        "none of it in mine",
        pattern=r"^<polite_openings>(?:no|never any|zero|nothing) (?:more )?(?!(?:idea|problem|one|need|way|point)\b)"
        r"(?:[\w'/-]+ ){1,4}?(?:in|on|at|from|around|before|after) (?:my|your|our|any|all|the) (?:[\w-]+ ){0,2}?"
        r"(?:texts?|e-?mails?|letters?|messages?|answers?|replies|responses|code|summaries|drafts?|posts?|titles?"
        r"|stories"
        r"|recipes?|scripts?|documents?|docs|reports?|essays?|lists?|headings?|captions?|translations?|explanations?"
        r"|commit messages?|functions?)\b",
        gives="User wants: {text}",
        fires="No semicolons in my texts => User wants: no semicolons in User's texts",
        spares="No semicolons in my house",
    ),
    Rule(
        "from this day on",
        pattern=r"^<polite_openings>(?:from|as of|starting) (?:today|tomorrow|now|here|this point)(?: "
        r"on(?:wards?)?)?[:,] ?"
        r"(?!(?:i|i'm|we|we're|my|our|the|it|he|she|they)\b).{4,}",
        gives="User wants the assistant to: {text}",
        fires="From today on: metric for weights, miles for roads => User wants the assistant to: from today on: "
        "metric for "
        "weights, miles for roads",
        spares="From today on we live in Rome",
    ),
    Rule(
        "what to use for somebody or something of theirs",
        pattern=r"^<polite_openings>(?P<verb>use|say|write|put|spell|call|name|refer to|avoid) "
        r"(?:[\x22'\u2018\u201c][^\x22]{1,30}?"
        r"[\x22'\u2019\u201d]|(?:the )?(?:pronouns?|name|spelling|word|nickname)s? [\w/]+) (?:for|when|instead of"
        r"|about|with|not) "
        r"(?:you |me |i |my |our |any|every|all|[\x22'\u2018\u201c]).{2,}",
        gives="User wants the assistant to: {text}",
        fires="Use 'they' for my cousin => User wants the assistant to: use 'they' for User's cousin",
        spares="Use 'they' in line 4",
    ),
    Rule(
        "in what one writes to somebody",
        pattern=r"^(?:in|for|with) (?:all |any )?(?:my |our )?(?:e-?mails?|letters|messages|texts|posts|notes"
        r"|replies|reports) "
        r"(?:to|for|about|from) (?:my|our|the) (?:[\w'-]+ ){0,2}?[\w'-]+, (?:please )?(?:always|never|don't|only|use"
        r"|keep|avoid|be"
        r"|sign|sound|write|make)\b.{3,}",
        gives="User wants the assistant to: {text}",
        fires="In emails to my boss, never sound too casual => User wants the assistant to: in emails to User's boss, "
        "never sound too casual",
        spares="In emails to my boss I never joke",
    ),
)
"""Each gives the fact's wording; `{text}` is the order, `{rest}` and `{when}` the groups of that name."""

MANNER = (
    Rule(
        "manner of answering",
        pattern=r"^<polite_openings>(?:(?:use|keep|avoid|treat|talk|speak|assume|skip|stick to|try to|refer|address"
        r"|prefer"
        r"|sign|quote|round|favou?r|spell|cite|limit|refrain|remember to|be|stay)\b|(?:don't|do not|never|no need to"
        r"|you don't need to|you needn't) (?P<verb>(?!worry|forget|mind|think|laugh|let|give)[a-z]+)\b)"
        r"(?!.*<pointed_in_text>)"
        r"(?! (?:posted|going|me posted|up|on|strong|safe|tuned|warm|healthy|positive|well|happy|careful|kind|doing"
        r"|pushing"
        r"|moving|trying|motivated|let)\b)(?!.*\b(?:your|yourself|dreams?|heart)\b)"
        r"(?: [\w'/,-]+){3,17}[.]?$",
        gives="User wants the assistant to: {text}",
        fires="Use full stops sparingly in dialogue => User wants the assistant to: use full stops sparingly in "
        "dialogue",
        spares="Use full stops sparingly in this dialogue",
    ),
)
"""Orders about how to answer that name nothing of the task at hand; believed only of a message that brings no task."""
