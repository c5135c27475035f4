"""Possessives, verbs and openings that chat shortens: "my back's been bad", "as a nurse, ..."."""

from holdfast.extractors.embedded.rules import Rule

SHORTENED = (
    Rule(
        "own noun",
        pattern=r"^(?:the |our )?(?P<noun>(?:<own_noun_fillers> )?<own_nouns>|last day)(?= <own_noun_words>\b|'s "
        r"(?:gone|been|now|up|down|due|on)\b)",
        gives=r"my \g<noun>",
        fires="Budget is 500 euros => my Budget is 500 euros",
        spares="Budgets are hard",
    ),
    Rule(
        "own kin",
        pattern=r"^(?:(?:the|our) (?P<kin><own_kin_nouns>)(?='s? |s? <kin_predicates>\b)"
        r"|(?P<bare><own_kin_nouns>)(?='s? |s? (?!\w+s\b(?<!is)(?<!was)(?<!has)(?<!says)(?<!loves)(?<!hates)(?<!likes)"
        r"(?<!lives)(?<!works)(?<!comes)(?<!starts)(?<!gets)(?<!goes)(?<!needs)(?<!wants)(?<!turns))<kin_predicates>\b))",
        gives=r"my \g<kin>\g<bare>",
        fires="the twins were born in June => my twins were born in June",
        spares="the twinset is new",
    ),
    Rule(
        "own plural kin",
        pattern=r"^(?:the |our )(?P<kin>(?:twins|kids|boys|girls|cats|dogs|chickens|hens|grandkids"
        r"|in-laws|parents))(?= (?!next\b|and\b|of\b|in\b|who\b|that\b|with\b|from\b)\w+)",
        gives=r"my \g<kin>",
        fires="The kids go back to school => my kids go back to school",
        spares="The kids in France run",
    ),
    Rule(
        "headed list",
        pattern=r"^(?P<noun>package manager|formatter|linter|editor|ide|shell|os|database|framework|test runner"
        r"|bundler|orm|browser|terminal"
        r"|hosting|backend|frontend|employer|school|university|major|height|weight|shoe size|blood type|religion"
        r"|goal|diet|stack|job|car|name|age|allergies|hometown|birthday|pronouns"
        r"|occupation|location|city|timezone|budget|deadline|hobbies|pets|surname|first name"
        r"|email|nationality|dob)(?: ?[:=]| is:) (?=\S)",
        gives=r"my \g<noun> is ",
        fires="goal: no takeout in May => my goal is no takeout in May",
        spares="goals: none",
    ),
    Rule(
        "my head",
        pattern=r"^(?P<noun>(?:my|our) (?:[\w-]+ ){0,2}[\w-]+) ?[:=] ?(?=\S)",
        gives=r"\g<noun> is ",
        fires="my goal: run daily => my goal is run daily",
        spares="my goal is to run",
    ),
    Rule(
        "cleft",
        pattern="^what I (?:really |actually |mostly )?(?P<verb>want|need|like|love|hate|prefer|miss)(?:"
        " best| most| really)?,?(?: long[- ]term,?)? is (?:that |when )?",
        gives=r"I \g<verb> ",
        fires="What I really want is to open a shop => I want to open a shop",
        spares="What I said is true",
    ),
    Rule(
        "what one does",
        pattern=r"^what I do(?: for a living| all day| at work| for work| mostly| every day)? is (?=[a-z]+ "
        r"\w)(?!it\b|that\b|this\b|my\b|an?\b|the\b"
        r"|not\b|to\b)",
        gives="I ",
        fires="What I do is fix organs => I fix organs",
        spares="What I do is not your business",
    ),
    Rule(
        "being so, I",
        pattern=r"^being (?P<what>(?!an? |the )[\w -]{3,40}), (?=I\b)",
        gives=r"I'm \g<what> and ",
        fires="Being left-handed, I struggle with scissors => I'm left-handed and I struggle with scissors",
        spares="Being left-handed is fine",
    ),
    Rule(
        "me and",
        pattern=r"^me and (?P<other>(?:my|a) [\w-]+(?: \w+)?) (?:we )?(?=\w)",
        gives=r"I and \g<other> ",
        fires="Me and my wife moved => I and my wife moved",
        spares="Me and you moved",
    ),
    Rule(
        "kin's short for is",
        pattern=r"^(?P<kin>(?:my|our) (?:[\w-]+ ){0,2}?[\w-]+)'s (?=<what_kin_can_be>\b)",
        gives=r"\g<kin> is ",
        fires="my roommate's vegan => my roommate is vegan",
        spares="my roommate's dog is vegan",
    ),
    Rule(
        "thing's short for has",
        r"^(?P<what>(?:my|our) (?:[\w-]+ ){0,2}?[\w-]+)'s (?=(?:been|gone|had|got)\b)",
        r"\g<what> has ",
        "my back's been bad => my back has been bad",
        "my back's muscles ache",
    ),
    Rule(
        "thing's short for is",
        r"^(?P<what>(?:my|our) (?:[\w-]+ ){0,2}?[\w-]+)'s (?=\w+(?:[,.;!]|$))",
        r"\g<what> is ",
        "my budget's tight, sorry => my budget is tight, sorry",
        "my budget's limits are tight",
    ),
    Rule(
        "both",
        r"^(?:both|all)(?: of)? (?=(?:my|our)\b)",
        "",
        "Both my parents teach => my parents teach",
        "Both parents teach",
    ),
    Rule(
        "both of one's own",
        pattern=r"^(?:both|all three|all four) (?:the )?(?=(?:boys|girls|kids|sons|daughters|brothers|sisters"
        r"|grandparents|twins|dogs|cats|grandkids"
        r"|grandsons|granddaughters) (?!of\b|in\b|who\b|that\b)\w)",
        gives="my ",
        fires="Both boys board in Kent => my boys board in Kent",
        spares="Both boys in Kent board",
    ),
    Rule(
        "appositive",
        pattern=r"^(?P<kin>(?:my|our) (?:[\w-]+ ){0,2}?<kin>),? (?:\((?P<name>(?-i:[A-Z])\w+)\)"
        r"|(?P<name2>(?-i:[A-Z])\w+)),(?= \w)",
        gives=r"\g<kin> \g<name>\g<name2>",
        fires="my wife, Ana, works => my wife Ana works",
        spares="my wife, a nurse, works",
    ),
    Rule(
        "name then role",
        pattern=r"^(?P<name>(?-i:[A-Z])\w+) \((?P<kin>my (?:[\w-]+ ){0,2}?<kin>)\)(?= \w)",
        gives=r"\g<kin> \g<name>",
        fires="Harriet (my line manager) is leaving => my line manager Harriet is leaving",
        spares="Harriet (my word) is leaving",
    ),
    Rule(
        "being",
        pattern=r"^being (?=an? [\w' -]{2,40}$)",
        gives="I'm ",
        fires="Being a single dad => I'm a single dad",
        spares="Being late is rude",
    ),
    Rule(
        "name's",
        pattern="^my (?P<which>(?:first |last |full |real )?)name's (?=(?-i:[A-Z]))",
        gives=r"my \g<which>name is ",
        fires="my name's Olu Ade => my name is Olu Ade",
        spares="my name's origin is old",
    ),
    Rule(
        "as someone with",
        pattern=r"^as (?:someone|a person) (?:with|who has|living with) (?P<what>[\w' -]+?),.*$",
        gives=r"I have \g<what>",
        fires="As someone with asthma, what helps => I have asthma",
        spares="As someone said, no",
    ),
    Rule(
        "as someone who",
        pattern=r"^as (?:someone|a person) who(?:'s| is) (?P<what>[\w' -]+?),.*$",
        gives=r"I'm \g<what>",
        fires="As someone who is vegan, what helps => I'm vegan",
        spares="As someone who sings, no",
    ),
    Rule(
        "as a",
        pattern=r"^as (?P<what>an? (?!<no_roles>\b)(?:[\w'-]+ ){0,8}?[\w'-]+),(?! I\b).*$",
        gives=r"I'm \g<what>",
        fires="As a vegan, what can be eaten => I'm a vegan",
        spares="As a child I sang",
    ),
    Rule(
        "as of trade",
        pattern=r"^(?:as|being) (?P<what>an? (?!<no_roles>\b)(?:(?:[\w'-]+ ){0,3}?(?:<occupations>|<traits>"
        r"|[\w-]+(?:minder|keeper|worker|maker|ist|ian)"
        r"|parent|dad|mum|mom"
        r"|student)(?: (?:with|of|to|from|in|on) [\w' -]{3,30}?)?,?|(?:[\w'-]+ ){0,6}[\w'-]+,)) (?=I\b)",
        gives=r"I'm \g<what> and ",
        fires="as a beekeeper with six hives I check them => I'm a beekeeper with six hives and I check them",
        spares="as a rule I check them",
    ),
    Rule(
        "since",
        pattern=r"^(?:since|given that|because|considering(?: that)?|seeing as) (?P<what>(?:I|I'm|I've"
        r"|my (?=[^,]*\b(?:is|are|has|have|was|can|can't|needs|lives|works)\b)(?![^,]* I\b)|we"
        r"|we're)\b[^,]{3,80}),(?: (?:what|how|which|where|can|could|should|is|are|do|does|any"
        r"|would|will|when|who)\b).*$",
        gives=r"\g<what>",
        fires="Since I'm vegan, what works => I'm vegan",
        spares="Since I moved, I sleep",
    ),
    Rule(
        "since one is so",
        pattern=r"^(?:since|because|as|given that|seeing as|being that) (?P<what>I'm [^,]{2,40}?),? "
        r"(?=I (?:can't|cannot|don't|need|have to|must|should|want|won't|couldn't)\b)",
        gives=r"\g<what> and ",
        fires="since I'm only 16 I can't vote => I'm only 16 and I can't vote",
        spares="since I'm here I vote",
    ),
    Rule(
        "it is my day",
        pattern=r"^(?:it's|it is|its|it was) (?P<what>(?:my|our) (?!favou?rite\b)(?:[\w'-]+ ){0,3}?[\w'-]+) "
        r"(?=(?:today|tomorrow|on|in"
        r"|this|next|at)\b)",
        gives=r"\g<what> is ",
        fires="It's our tenth anniversary on Saturday => our tenth anniversary is on Saturday",
        spares="It's our house",
    ),
    Rule(
        "today is my day",
        pattern=r"^(?P<when>today|tomorrow)(?:'s| is) (?P<what>(?:my|our) (?:[\w'-]+ ){0,3}?[\w'-]+)(?=[.!,]|$)",
        gives=r"\g<what> is \g<when>",
        fires="tomorrow is my birthday => my birthday is tomorrow",
        spares="Tomorrow is mine",
    ),
    Rule(
        "there is at mine",
        pattern=r"^there(?:'s| is| are|'re) (?P<what>(?:an?|two|three|four|five|six|seven|no|some|\d+) "
        r"[^.,;]{2,60}?) (?:in|at|on|by|behind) (?P<where>(?:my|our) [\w ]{2,30}?)(?=[.,;]|$)",
        gives=r"\g<where> has \g<what>",
        fires="there's a hot tub in our garden => our garden has a hot tub",
        spares="there's a hot tub in the garden",
    ),
    Rule(
        "each time the same",
        pattern=r"^(?P<when>(?:every|most|each) [\w ]{3,25}?|(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)days?(?: "
        r"\w+)?),? (?:it's|its|it is|there's) "
        r"(?:always |just |usually |only )?(?P<what>(?!(?:so|too|very|not|hard|the (?:best|worst|only|first"
        r"|last))\b)[\w' -]{3,60})$",
        gives=r"I have \g<what> \g<when>",
        fires="Every Friday night it's curry with the lads => I have curry with the lads Every Friday night",
        spares="Every Friday night it's too loud",
    ),
    Rule(
        "not one of us",
        pattern=r"^neither of us (?:really |ever |can |could )?"
        r"(?P<deed>(?!(?:is|was|has|does|were|are|of)\b)[a-z]+?)(?:(?<=ch)es|(?<=sh)es|s)?(?=[ .,;]|$)",
        gives=r"we don't \g<deed>",
        fires="Neither of us smokes indoors => we don't smoke indoors",
        spares="Neither of us is tall",
    ),
    Rule(
        "me and mine at home",
        pattern=r"^(?:it's|its|there's|there is|so) (?:just |only )?me(?:,| and| plus| n|,? with) (?P<who>(?:my|our"
        r"|a|an|the|two|three|\d) [^.;]{3,60}?)"
        r"(?= (?:in|at) (?:the|our|this|my) (?:house|flat|home|apartment|place)| at home| here\b|[.!]?$)",
        gives=r"I live with \g<who>",
        fires="It's me, my mum and two lodgers in the house => I live with my mum and two lodgers in the house",
        spares="It's me, again",
    ),
    Rule(
        "so many of us",
        pattern=r"^(?:there(?:'s| is| are|'re)|it's|its)?(?: ?just| only)?(?: the)? ?(?P<many>two|three|four|five"
        r"|six|seven|eight|\d)"
        r" of us\b(?! (?:are|were|went|have|had|can|will|got|did)\b)",
        gives=r"we are \g<many>",
        fires="there are six of us in the house => we are six in the house",
        spares="there are six of them",
    ),
)
