"""Statements that begin in the middle: "Off to Skye on Friday", "Second year of a degree", "the car's a Corolla"."""

from holdfast.extractors.embedded.rules import Rule

OPENINGS = (
    Rule(
        "a heading of one's own",
        pattern=r"^(?:the |our |my )?(?P<what>(?:main |current |next |final |big |long-term )?(?:deadline|aim|goal"
        r"|target"
        r"|objective|budget|due date|next appointment|curfew|weekly mileage|savings goal)(?: (?:for|at|in|with|this) "
        r"[^:]{2,30})?)(?: ?: | ?= | - )(?!what|how|which|is\b|to (?:write|make|create))(?=\S+ ?\S)",
        gives=r"my \g<what> is ",
        fires="Deadline for the grant: 30 April => my Deadline for the grant is 30 April",
        spares="Deadlines are grim: 30 April",
    ),
    Rule(
        "aim is",
        pattern=r"^(?:main |next |current )?(?P<what>aim|goal|plan|target|objective|dream) is (?=(?:to|sub|under"
        r"|over|an?|the|\d"
        r"|getting|finishing|running) ?)",
        gives=r"my \g<what> is ",
        fires="aim is to sell the boat => my aim is to sell the boat",
        spares="aims are to be met",
    ),
    Rule(
        "on the way",
        pattern=r"^(?:just |only just |finally )?(?=(?:off to|away (?:in|until|till|from|on)|back (?:from|in) "
        r"(?:[\w-]+ )?(?:days?|weeks?|months?|years?|[A-Z])|back (?:from|in|at|on) (?!(?:the|my|that|this) "
        r"(?:topic|question|point|track|code|days?)\b)|out of (?:the country|town|hospital|work)|home (?:by|from|on))\b"
        r" ?(?!.*\b(?:you|your)\b)(?=.*(?:\d|\b(?:\w+day|fri|mon|tue|wed|thu|sat|sun|tomorrow|tonight|next|this"
        r"|until|till"
        r"|for good|weeks?|days?|months?)\b)))",
        gives="I'm ",
        fires="Off to Skye on Friday => I'm off to Skye on Friday",
        spares="Off topic on Friday",
    ),
    Rule(
        "up at",
        pattern=r"^(?:always |usually |mostly )?(?=up (?:at|by|before|around) \d)",
        gives="I get ",
        fires="up at 5 every day => I get up at 5 every day",
        spares="up to 5 every day",
    ),
    Rule(
        "state of affairs",
        pattern=r"^(?=(?:currently|presently|still|now|recently|newly|happily|semi-?|fully|mostly) (?:between|out of"
        r"|without|looking for|off work|unemployed|retired|freelanc\w+|self-?employed|in (?:remission|recovery|therapy"
        r"|probation|my)|into my|on (?:benefits|call|maternity|my)|at (?:uni|college|home with)|bed-?bound|signed off"
        r"|pregnant|homeless|in temporary)\b(?!.*\b(?:you|your)\b))|^(?=on an? (?:[\w-]+ )?(?:budget|diet|pension"
        r"|waiting list|gap year"
        r"|student loan|visa|sabbatical)\b(?! (?:can|is|what|how)\b))",
        gives="I'm ",
        fires="Currently between jobs => I'm currently between jobs",
        spares="Currently there is nothing between us",
    ),
    Rule(
        "in the year of",
        pattern=r"^(?=(?:first|second|third|fourth|fifth|sixth|final|last|\d(?:st|nd|rd|th)) (?:year|term|semester"
        r"|trimester) (?:of|at|in|doing|studying) (?!the year\b))(?![^,.;]* (?:is|was|has|will)\b)",
        gives="I'm in the ",
        fires="Second year of a nursing degree => I'm in the second year of a nursing degree",
        spares="Second year of a lease is cheaper",
    ),
    Rule(
        "brought up",
        pattern=r"^(?:just |originally )?(?=(?:born|bred|raised|brought up|educated|schooled|trained)"
        r"(?: (?:and|,|then) (?:bred|raised|schooled|brought up))? (?:in|near|on|outside|by|at|as) )",
        gives="I was ",
        fires="Born and bred in Dundee => I was born and bred in Dundee",
        spares="Born leaders are rare",
    ),
    Rule(
        "household thing's short for is",
        pattern=r"^(?:the|our) (?P<what>(?:[\w-]+ )?(?:<own_nouns>|<household>))'s "
        r"(?=(?:an?|the|on|in|at|from|due|booked|set|fixed|insured|ours|mine|called|named|not|\d|\w+ed|also|up|with"
        r"|off|under)\b)",
        gives=r"my \g<what> is ",
        fires="The car's a 2016 Corolla => my car is a 2016 Corolla",
        spares="The car's seats are red",
    ),
    Rule(
        "bare thing's short for is",
        pattern=r"^(?P<what>(?:<own_nouns>|<household>|holiday|trip|honeymoon|contract))'s (?=(?:booked|due|set|on"
        r"|in|at|up"
        r"|scheduled|fixed for|confirmed|tomorrow|next|the (?:first|second|last|week|\d)|an?|called|with)\b)",
        gives=r"my \g<what> is ",
        fires="Surgery's booked for 8 July => my Surgery is booked for 8 July",
        spares="Surgery's risks are small",
    ),
    Rule(
        "household thing did",
        pattern=r"^the (?P<what>(?:<household>))(?= (?:<past_verbs>|has|had|needs|is (?:due|booked|insured"
        r"|\d|an?|on its)|was|were|runs on|does \d)\b)",
        gives=r"my \g<what>",
        fires="The car failed its MOT => my car failed its MOT",
        spares="The car in the film is red",
    ),
    Rule(
        "an affair of one's own",
        pattern=r"^the (?P<what>(?!(?:average|typical|standard|usual)\b)(?:[\w/-]+ ){0,2}?(?:<affairs>))(?= "
        r"(?:(?:now|only|also|just"
        r"|finally|still|officially|already|both) )?(?:[a-z]+ed|is|are|was|were|has|have|had|will|<happenings>)\b)"
        r"(?=.*(?:\d|<times_named>|\b<turns_of_a_life>\b))(?!.*\b(?:you|your)\b)",
        gives=r"my \g<what>",
        fires="The resit is on the 19th => my resit is on the 19th",
        spares="The resit is hard",
    ),
    Rule(
        "an ailment here",
        pattern=r"^(?P<what>(?!(?:the|your|my|no|any|what|is|a)\b)(?:[\w-]+ ){0,2}?(?:allerg(?:y|ies)|intolerance"
        r"|<conditions>)) here"
        r"(?=,| so\b| btw\b|[.!]|$)",
        gives=r"I have \g<what>",
        fires="latex allergy here, so no gloves => I have latex allergy, so no gloves",
        spares="latex allergy hereabouts",
    ),
    Rule(
        "one of the house did",
        pattern=r"^(?:the |our )?(?P<who>(?:baby|toddler|puppy|kitten|dog|cat|twins|kids|wife|husband|missus|other half"
        r"|in-laws|landlord|landlady|neighbours|neighbors|tenants?|lodger|cleaner|nanny|babysitter|mum|mom|dad|nan|gran"
        r"|grandma|grandad|grandpa|brother|sister|boyfriend|girlfriend|partner|daughter|son|eldest|youngest))(?= "
        r"(?:just |finally |also |only |now |never |always )?(?:<past_verbs>|has|had|is|was|were|needs|can't|won't"
        r"|snores"
        r"|teaches|runs|studies|drives|speaks|cooks|sleeps|eats|comes|goes|takes|barks|sings|plays|hates|loves)\b)",
        gives=r"my \g<who>",
        fires="The baby took her first steps => my baby took her first steps",
        spares="The baby steps here",
    ),
    Rule(
        "somebody did to me",
        pattern=r"^(?:someone|somebody|they|a \w+|some \w+|the (?:car|van|bus|lorry|truck|doctor|hospital|police|bank"
        r"|landlord|council)|my (?:boss|company|employer|work|job)) (?:has |have |just )*(?P<deed>(?!authori|verif"
        r"|approv|grant|promot|elevat)[\w-]{3,}ed|hit|cut"
        r"|put|bit|let) (?P<who>me|us)\b(?! (?:to|that|how|what|if|about|the|a|an|for)\b)",
        gives=r"I was \g<deed>",
        fires="Someone rear-ended me on the M6 => I was rear-ended on the M6",
        spares="Someone asked me about the M6",
    ),
    Rule(
        "home, described",
        pattern=r"^home(?: for (?:me|us))?(?:'s| is) (?=(?:an?|the) (?:[\w-]+ ){0,5}?(?:village|flat|house|farm|cottage"
        r"|boat|narrowboat|studio|town|suburb|island|apartment|bungalow|caravan|room|place|city)\b)",
        gives="I live in ",
        fires="Home is a village outside Ljubljana => I live in a village outside Ljubljana",
        spares="Home is a state of mind",
    ),
    Rule(
        "day for it",
        pattern=r"^(?P<when>(?:mon|tues|wednes|thurs|fri|satur|sun)days?(?: (?:nights?|mornings?|evenings?"
        r"|afternoons?))?)(?= (?:is|are|means) (?:my |our |for |always |usually )?(?:the )?(?:[\w'-]+ ){0,2}"
        r"(?:days?|nights?|mornings?|evenings?|time|off|shift|practice|training|class|lessons?|dinner|lunch)\b)",
        gives=r"my \g<when>",
        fires="Sunday is meal prep day => my Sunday is meal prep day",
        spares="Sunday is best",
    ),
    Rule(
        "part of the body",
        pattern=r"^(?:the |both )?(?P<what>(?:left |right |lower |upper |bad )?(?:<body_parts>|hips?|ankles?|ears?"
        r"|eyes?"
        r"|teeth|kidneys?|liver|lungs?|wrists?|legs?|feet|foot))(?= (?:was|were|is|are|has|had|got|went|hurts?|aches?"
        r"|<past_verbs>)\b(?!.*\b(?:how|what|which|you)\b))",
        gives=r"my \g<what>",
        fires="Left knee was replaced in 2021 => my Left knee was replaced in 2021",
        spares="Left-footed players are rare",
    ),
    Rule(
        "kin's own",
        pattern=r"^(?P<kin><kin>)'s (?=(?:[\w'-]+ ){0,3}?(?:is|was|are|were|has|had|will|starts|started|got|went)\b)",
        gives=r"my \g<kin>'s ",
        fires="Nan's birthday was on Saturday => my Nan's birthday was on Saturday",
        spares="Nan's the best",
    ),
    Rule(
        "so long into it",
        pattern=r"^(?=(?:about |nearly |almost |only )?(?:<number>) (?:days?|weeks?|months?|years?) (?:into|sober"
        r"|clean|free"
        r"|pregnant|post|through|in remission)\b)",
        gives="I'm ",
        fires="Six months into an apprenticeship => I'm six months into an apprenticeship",
        spares="Six months in a leaky boat",
    ),
    Rule(
        "prone to it",
        pattern=r"^(?=(?:very |really |pretty |quite |totally |absolutely |so )?(?:prone to|terrified of|scared of"
        r"|afraid of"
        r"|hooked on|keen on|good at|bad at|terrible at|rubbish at|hopeless at|useless at|decent at|great at|fond of"
        r"|partial to|sensitive to|intolerant to|allergic to|addicted to|obsessed with|fluent in|certified in"
        r"|trained in"
        r"|qualified (?:as|in)|registered (?:as|with)|related to|named after|used to living|signed up (?:for|to)"
        r"|enrolled "
        r"(?:in|on|at)) (?!it\b|that\b|this\b|you\b)\w)(?!.*\b(?:you|your)\b)",
        gives="I'm ",
        fires="Prone to gout => I'm prone to gout",
        spares="Prone position helps",
    ),
    Rule(
        "not one of them",
        pattern=r"^(?=(?:not|never been|definitely not|no longer) (?:really |much of |exactly |even )?an? "
        r"(?:[\w-]+ ){0,2}?"
        r"(?:<enthusiasts>|drinker|smoker|eater|reader|morning|gamer|runner|cook|believer|member|citizen|resident"
        r"|student"
        r"|native|native speaker|homeowner|parent|driver|swimmer|dancer|singer|traveller|traveler|<occupations>)\b)",
        gives="I'm ",
        fires="Not a coffee drinker => I'm not a coffee drinker",
        spares="Not a single problem",
    ),
    Rule(
        "cannot",
        pattern=r"^(?:just |really |still |honestly )?(?P<deed>can't|cannot|couldn't|haven't|hadn't|didn't|won't)(?= "
        r"(?:really |even |ever |yet )?(?:abide|bear|do|eat|drink|stomach|touch|sleep|drive|swim|cook|spell|dance"
        r"|sing|sit"
        r"|lift|bend|taste|smell|hear|see without|afford|tolerate|have|wear|use|ride|smoke|been|had|eaten|owned"
        r"|flown|met"
        r"|seen|slept|touched|spoken|driven|worked|lived|finished|decided|live|go|get used|imagine|start|leave|miss"
        r"|forget"
        r"|type|play|speak|read)\b)(?!.*\b(?:you|your|it|that|this|wait)\b)",
        gives=r"I \g<deed>",
        fires="Can't abide coriander => I Can't abide coriander",
        spares="Can't you see",
    ),
    Rule(
        "none of it here",
        pattern=r"^no (?P<what>(?!problem|idea|worries|one|need|way|more|thanks|such|errors?)[\w.+# -]{2,30}?) "
        r"(?:here|at ours"
        r"|in our house|in this house|chez nous)\b",
        gives=r"we have no \g<what> here",
        fires="No TypeScript here, plain JS => we have no TypeScript here, plain JS",
        spares="No problem here",
    ),
    Rule(
        "on a machine",
        pattern=r"^(?=(?:still |currently |now )?on (?:an? |the |my )?(?:old |new |cheap |ancient )?(?:\d{4} )?"
        r"(?:[\w-]+ "
        r"){0,2}?(?:mac|macbook|macbook (?:air|pro)|imac|thinkpad|chromebook|laptop|pc|iphone|ipad|android|pixel|galaxy"
        r"|linux|windows|ubuntu|raspberry pi)\b(?!.*\b(?:how|what|why|is there|can|does)\b))",
        gives="I'm ",
        fires="on a 2019 intel mac still => I'm on a 2019 intel mac still",
        spares="on a Mac how does one copy",
    ),
    Rule(
        "what runs where one works",
        pattern=r"^(?:the |our )?(?P<what>(?!(?:my|our|your|his|her|its|their|an?|some|any|each|every|this|that"
        r"|these|those|no)\b)(?:[\w-]+ )?<tech_own>)(?: all| still| now| mostly| just| currently)? "
        r"(?=(?:is|are|lives?|runs?|uses?|listens?|talks?|sits?|goes|go|takes?|has|have|deploys?|depends"
        r"|writes?|stores?|ships?|was|were|goes) )(?=.*(?:<tech>|\d|/|\b(?-i:[A-Z])[\w+#]))"
        r"(?!.*\b<sense_of_trouble>\b)",
        gives=r"our \g<what> ",
        fires="The monolith is Rails 6 => our monolith is Rails 6",
        spares="The monolith is slow on Rails 6",
    ),
    Rule(
        "it is an app of this make",
        pattern=r"^it(?:'s| is) (?=an? (?:[\w.+-]+ ){0,4}?(?:app|site|website|api|service|library|cli|game|bot"
        r"|monorepo|monolith|plugin"
        r"|extension|backend|codebase|project)\b)(?=.*<tech>)(?!.*\b<sense_of_trouble>\b)",
        gives="my project is ",
        fires="It's a Flutter app with a Firebase backend => my project is a Flutter app with a Firebase backend",
        spares="It's a nice app",
    ),
    Rule(
        "all of it runs so",
        pattern=r"^everything(?:'s| is| here is)? (?=(?:deployed|hosted|built|written|running|runs|lives|on|in"
        r"|behind|managed"
        r"|self-hosted|containeri[sz]ed|stored)\b)(?=.*(?:<tech>|\b(?-i:[A-Z])\w))",
        gives="our setup is ",
        fires="Everything's deployed with Kamal => our setup is deployed with Kamal",
        spares="Everything's deployed with care",
    ),
    Rule(
        "post on a rung",
        pattern=r"^(?=(?:band|grade|level|year|stage|form) \d{1,2}\b(?: [\w'-]+)? (?:on|at|in|with|for) (?:an? "
        r"|the )?\w)"
        r"(?!.*\b(?:is|are|was|has|will)\b)",
        gives="I'm ",
        fires="Band 6 on a stroke unit => I'm band 6 on a stroke unit",
        spares="Band 6 is better on pay",
    ),
    Rule(
        "speaks it",
        pattern=r"^(?:an? )?(?:native |fluent |near-native |lapsed |first-language )*(?P<what><languages>) speaker\b"
        r"(?! of"
        r"| (?:is|who|can))",
        gives=r"I speak \g<what>",
        fires="Welsh speaker from birth => I speak Welsh from birth",
        spares="Welsh speakers are many",
    ),
    Rule(
        "an exam passed in it",
        pattern=r"^(?=(?:grade \d|level \d|a-level|gcse|abrsm \w+ \d|diploma in|degree in|masters? in|phd in"
        r"|certificate in"
        r"|qualified) [a-z])(?!.*\b(?:is|are|was|students?|pupils?|class|questions?|syllabus|paper|teacher)\b)",
        gives="I have ",
        fires="Grade 8 piano, rusty => I have grade 8 piano, rusty",
        spares="Grade 8 pupils sing",
    ),
    Rule(
        "a date with a place",
        pattern=r"^(?=(?:(?:first|second|my|our|family|school|half[- ]?|ultra) ?)?(?:marathon|10k|triathlon|race"
        r"|concert"
        r"|festival|conference|wedding|honeymoon|holiday|trip|cruise|retreat|course|exhibition|gig|recital|audition"
        r"|tour"
        r"|interview|exam|scan|operation|surgery|reunion|stag do|hen do|christening|bar mitzvah"
        r"|bat mitzvah)\b [^.?!]{0,40}?"
        r"\b(?:in|on|at) (?:<times>|the \d|\d|next|this)\b)(?!.*\b(?:you|your|is|are|was|ideas?|tips|cost|best"
        r"|cheap)\b)",
        gives="I have ",
        fires="Half-marathon in Bristol in September => I have half-marathon in Bristol in September",
        spares="Marathons in Bristol in September",
    ),
    Rule(
        "the damage done",
        pattern=r"^(?P<what>(?:the |an? )?[a-z]+(?: [a-z]+)?) (?P<deed>(?:wrote off|took out|took down|ruined|destroyed"
        r"|wrecked|damaged|smashed|flooded|burnt down|burned down|broke|killed|flattened|soaked|ate)) (?:the|our|my) "
        r"(?P<thing>(?:<household>|tomatoes|lawn|hens|chickens|crops?|carpet|sofa|tv))\b",
        gives=r"\g<what> \g<deed> my \g<thing>",
        fires="Hailstorm wrote off the greenhouse => Hailstorm wrote off my greenhouse",
        spares="Hailstorm wrote off the regional harvest",
    ),
    Rule(
        "for me",
        pattern=r"^(?P<what>(?!(?:<order_verbs>|pray|vote|i|we|it|this|that|he|she|they|you|there|not|too|so|very"
        r"|good|great|hard|easy|works?"
        r"|enough|perfect|fine|ok|okay|none|no|one|same|make|do|check|write|what|is|are)\b)(?!\S*'s\b)"
        r"(?:(?!(?:is|are|was|were) )[\w'-]+ ){0,2}?[\w-]+) for (?:me|us)"
        r"(?=[,.;!]|$)(?! please)",
        gives=r"I prefer \g<what>",
        fires="Aisle seat for me, always => I prefer Aisle seat, always",
        spares="Works fine for me",
    ),
    Rule(
        "give me one over the other",
        pattern=r"^give me (?P<what>(?!an?\b|the\b|some\b|\d|one\b|two\b|three\b)(?:[\w'-]+ ){1,3}?)over "
        r"(?P<other>[\w' -]{2,30}?) (?:any ?day|every time|any time|always)",
        gives=r"I prefer \g<what>over \g<other>",
        fires="Give me Radio 3 over a podcast any day => I prefer Radio 3 over a podcast",
        spares="Give me a table over lunch",
    ),
    Rule(
        "a new one, by name",
        pattern=r"^new (?P<what>(?:boss|manager|<services>|phone|car|laptop|flatmate|roommate|housemate|address"
        r"|number|dog"
        r"|cat))(?: (?:since|from|as of|starting) [\w ]{2,20})?(?:'s called| is called|'s| is| ?:| ?=| -|,) "
        r"(?:called |a )?"
        r"(?=(?-i:[A-Z\d]))",
        gives=r"my new \g<what> is ",
        fires="New landlord since May: Mrs Castle => my new landlord is Mrs Castle",
        spares="New landlords are strict",
    ),
    Rule(
        "plan by going",
        pattern=r"^(?:so |ok |okay |right |well |and |but )*(?=(?:going|sticking|staying|sticking it out|leaning"
        r"|siding|running) (?:with|for) (?!it\b|that\b|this\b|you\b|your\b|the (?:flow|second|first|other)\b)\w)"
        r"(?![^,;]{0,60} <doing_without_subject_exceptions>\b)",
        gives="we're ",
        fires="ok going with sqlite for now => we're going with sqlite for now",
        spares="ok going with the flow",
    ),
)
