"""A bare noun phrase for what somebody is or has: "night owl", "39F", "B2 German"."""

from holdfast.extractors.embedded.rules import Rule

NAMED = (
    Rule(
        "bare kin",
        pattern=r"^(?P<kin><kin>)(?= (?:passed|is|was|has|had|will|can|can't|doesn't|hates|loves|likes|lives|works"
        r"|wants|needs|just|says|got|moved"
        r"|died|started|plays|turns|turned|never|always)\b|'s (?:\w+ing|an?|in|at|allergic|vegan|vegetarian|\d+|not"
        r"|been|from|got)\b)",
        gives=r"my \g<kin>",
        fires="Sister-in-law hates olives => my Sister-in-law hates olives",
        spares="Boyfriends hate olives",
    ),
    Rule(
        "kin is named",
        pattern=r"^(?:the |our |my )?(?P<kin><kin>) ?(?:=|:|->) ?(?=(?-i:[A-Z]))",
        gives=r"my \g<kin> is ",
        fires="dad = Walt => my dad is Walt",
        spares="dad is Walt",
    ),
    Rule(
        "always so",
        pattern=r"^(?P<what>(?!(?:<order_verbs>|I|we|my|it|he|she|they|you|but|and|not|as)\b)[\w'-]+"
        r"(?: [\w'-]+){0,2}), always[.!]?$",
        gives=r"I prefer \g<what>",
        fires="window seat, always => I prefer window seat",
        spares="Window seat",
    ),
    Rule(
        "person here",
        pattern=r"^(?:an? )?(?P<what>(?!(?:I|I'm|im|we|we're|he|she|they|it|my|our|the|there|you|who|is|are"
        r"|not)\b)(?:(?!(?:I|I'm|im|is|am|are|was|the)\b)[\w'/&-]+ ){0,4}?(?:<occupations>|<enthusiasts>|(?:head"
        r"|chief|director|vp) of [\w&-]+|owner|user|native|newbie|beginner|resident|expat|mom|dad)"
        r"(?: (?:of|in|at|from) [\w' -]{2,30}?)?) here\b",
        gives=r"I'm a \g<what>",
        fires="software engineer here => I'm a software engineer",
        spares="engineers are here",
    ),
    Rule(
        "device here",
        pattern=r"^(?P<what>(?-i:[A-Z])[\w-]*(?: [\w.-]+){0,3}? [\w.-]*\d[\w.-]*(?: (?-i:[A-Z])\w*)*) (?:here|user"
        r"|owner)\b",
        gives=r"I have a \g<what>",
        fires="Pixel 9 Pro here => I have a Pixel 9 Pro",
        spares="Pixel art is here",
    ),
    Rule(
        "some kind of person",
        pattern=r"^(?:an? )?(?=(?!(?:the|this|that|my|any|some|one|no|another|first|every)\b)(?:[\w-]+ "
        r"){1,2}<enthusiasts>\b(?:[.,!]|$))",
        gives="I'm a ",
        fires="tea person => I'm a tea person",
        spares="that person",
    ),
    Rule(
        "this, never that",
        pattern=r"^(?P<what>(?!(?:<order_verbs>|I|we|my|it|he|she|they|you|but|and|not|as|please)\b)[\w'-]+(?: "
        r"[\w'-]+)?), "
        r"(?P<not>(?:never|not) (?!(?:a|the|in|on|at|so|too|very|me|sure|now|yet|really|again)\b)[\w'-]+(?: "
        r"[\w'-]+)?)[.!]?$",
        gives=r"I prefer \g<what>, \g<not>",
        fires="Tea, never coffee => I prefer Tea, never coffee",
        spares="Tea, never again",
    ),
    Rule(
        "on such a day each time",
        pattern=r"^(?=(?!(?:<order_verbs>|I|we|my|our|it|he|she|they|you|but|and|not|as|the|this|what|how|open|free"
        r"|closed|almost"
        r"|nearly|every|each)\b)[\w'-]+(?: [\w'-]+)? (?:every(?: other| second| single)?|each|most) (?:(?:mon|tues"
        r"|wednes|thurs|fri"
        r"|satur|sun)days?|mornings?|evenings?|nights?|weekends?)\b(?!.*\b(?:you|your|is|are|was|were|makes?"
        r"|would)\b))",
        gives="I have ",
        fires="Chemo every other Thursday => I have chemo every other Thursday",
        spares="Chemo every Thursday is tiring",
    ),
    Rule(
        "one over another",
        pattern=r"^(?P<what>(?!(?:I|we|my|it|the|head|all|getting|moving|\w+ed|\w+ing)\b)[\w'-]+(?: [\w'-]+)? over "
        r"[\w'-]+(?: [\w'-]+)?),? (?:always|any ?day|every time|for me|for sure|100%)\b",
        gives=r"I prefer \g<what>",
        fires="tea over coffee any day => I prefer tea over coffee",
        spares="Tea over there is mine",
    ),
    Rule(
        "counted kin",
        pattern=r"^(?=(?:\d|one|two|three|four|five|six) (?:[\w-]+ ){0,2}?(?:<kin>|grown-?ups"
        r"|adults)s?\b(?![^,;.]* (?:is|are|was|were|can|have|has|walk|go)\b))",
        gives="I have ",
        fires="two kids, 4 and 7 => I have two kids, 4 and 7",
        spares="two kids are plenty",
    ),
    Rule(
        "bare condition",
        pattern=r"^(?=(?:mild |severe |chronic |bad |terrible |really |recently diagnosed |type [12] "
        r")*<conditions>\b(?![^;.]* (?:is|are|was|were|can|has|have|runs"
        r"|makes?|affects?|causes?|means?)\b)(?:,| since| from| and| for|$))",
        gives="I have ",
        fires="mild asthma, nothing dramatic => I have mild asthma, nothing dramatic",
        spares="asthma is common",
    ),
    Rule(
        "past deed",
        pattern=r"^(?=(?:just |finally |recently |also |already |actually |only )?<past_verbs>\b)(?!\w+ (?:by|of|as"
        r"|like)\b)(?!<participles_that_describe>\b)"
        r"(?!.*\b(?:you|your|yours|it|that|this)\b(?! (?:week|month|year|morning|summer|spring|winter|autumn|fall"
        r"|weekend)))",
        gives="I ",
        fires="Forgave my brother on Monday => I forgave my brother on Monday",
        spares="Written by hand",
    ),
    Rule(
        "doing",
        pattern=r"^(?=(?:still |currently |also |now |just )?<gerunds> (?:an?|the|my|our|on|in|at|to|for|from|with"
        r"|into|as|down|up|out of|off|\d+|two|three|(?-i:[A-Z])|[\w.+-]+ (?:on|in|at|from|with|as|for)\b)\b)"
        r"(?!<gerunds_that_open>\b)(?![^,;]{0,80} <doing_without_subject_exceptions>\b)(?!.*\b(?:you|your|it's|it "
        r"is)\b)"
        r"(?!.*\w's (?:been|an?|so|really|very|always|not|the|been|hard|tough|fun|great)\b)(?!.*, (?:I|we|my|I'm"
        r"|it)\b)",
        gives="I'm ",
        fires="Retiring on March 31st => I'm retiring on March 31st",
        spares="Retiring early is wise",
    ),
    Rule(
        "hoping",
        pattern=r"^(?=(?:hope|plan|need|intend|aim|prefer|want|tend|used|love|hate|struggle|refuse|live|work|have"
        r"|own|rent|sleep|commute) (?:to|in|at|as|with) )"
        r"(?!.*\b(?:you|your)\b)(?!(?:live|work|have) to\b(?: (?:be|do|have)\b)?)",
        gives="I ",
        fires="hope to get a puppy in May => I hope to get a puppy in May",
        spares="hope is the thing with feathers",
    ),
    Rule(
        "it is for what one makes",
        pattern=r"^(?:it's|its|it is|this is|that's|thats) (?:all )?(?:for|part of) (?P<what>(?:an?|my|our"
        r"|the) (?:[\w'-]+ ){0,4}?[\w'-]+?)"
        r",? (?:that |which )?(?P<who>I|we)(?:'m| am|'re| are|m|'ve been)? (?P<doing>building|making|writing"
        r"|working on|developing|designing"
        r"|running|creating|coding|organi[sz]ing|planning|hosting|training for|studying for)\b",
        gives=r"\g<who>'m \g<doing> \g<what>",
        fires="it's for a quiz app I'm building in Expo => I'm building a quiz app in Expo",
        spares="it's for a friend",
    ),
    Rule(
        "trade without subject",
        pattern=r"^(?:an? )?(?=(?!(?:the|this|that|my|our|your|his|her|any|some|no|another|every|i|i'm|im|we|dear|hi"
        r"|hey|ask"
        r"|tell|good|great|best|call|called|like|as|not|and|or|is|are|ok|so)\b)(?:(?!(?:for|of|to|a|an|the|with|from"
        r"|in|on|at|about|vs|than|as|by|between)\b)[\w'/&-]+ ){0,4}?<occupations>"
        r"(?:(?: (?:at|in|for|from|with|of|on|by|since)| @) [^.!?;,]{2,60}|,? (?:\w+ )?(?:years?|yrs)\b[^.!?;,]{0,30})?"
        r"(?:[.,;!]|$))(?![^.;]*\b(?:is|are|was|were|has|had|says?|said|will|can|do|does|you|your|please|needed"
        r"|wanted|jokes?|don't|dont)\b)",
        gives="I'm a ",
        fires="paediatric nurse at St James, nights mostly => I'm a paediatric nurse at St James, nights mostly",
        spares="nurse jokes please",
    ),
    Rule(
        "bare team",
        pattern=r"^team (?=(?:agreed|voted|decided|uses|picked|chose|switched|moved|wants|adopted|migrated)\b)",
        gives="our team ",
        fires="team voted for Rust => our team voted for Rust",
        spares="team spirit",
    ),
    Rule(
        "currently on leave",
        pattern=r"^(?:now|currently|still|back) (?=on (?:\w+ )?(?:leave|sabbatical|holiday|probation|benefits"
        r"|furlough|minimum wage|a gap year)\b)",
        gives="I'm currently ",
        fires="currently on parental leave => I'm currently on parental leave",
        spares="currently on hold",
    ),
    Rule(
        "am without subject",
        pattern=r"^am (?=(?!i\b|I\b)(?!.*\?)\w+)",
        gives="I'm ",
        fires="am vegan since May => I'm vegan since May",
        spares="am I vegan",
    ),
    Rule(
        "trade under a heading",
        pattern=r"^(?:my )?(?:work|job|occupation|profession|trade|role|day job)(?: is|:| ?=| -) (?=(?!what|how|who"
        r"|does|is\b)(?:[\w'-]+ ){0,3}?<occupations>\b)",
        gives="I work as ",
        fires="work: barista at Costa => I work as barista at Costa",
        spares="work: the usual",
    ),
    Rule(
        "decision under a heading",
        pattern=r"^(?:final )?decision(?: made)?(?: is)?[:,-] ?(?=(?:no|not|the|an?|go|we go|stay|keep|to)\b"
        r"|(?-i:[A-Z]))",
        gives="I decided on ",
        fires="decision: no car this year => I decided on no car this year",
        spares="decisions are hard",
    ),
    Rule(
        "not doing it",
        pattern=r"^(?=not (?:going|doing|buying|moving|taking|having|getting|selling|applying|joining|renewing|coming"
        r"|flying"
        r"|signing|using|switching|adopting|attending|running)\b)",
        gives="I'm ",
        fires="not buying the boat after all => I'm not buying the boat after all",
        spares="nothing doing",
    ),
    Rule(
        "made up one's mind",
        pattern=r"^(?:(?:i(?:'ve| have)? |we(?:'ve| have)? )?(?:finally )?made up (?:my|our) minds?|it's decided"
        r"|settled|decided)[:,] "
        r"(?=(?:taking|going|moving|buying|not|keeping|staying|selling|quitting|leaving|switching|getting|doing"
        r"|having)\b)",
        gives="I'm ",
        fires="made up my mind, taking the job in Bern => I'm taking the job in Bern",
        spares="made up my mind",
    ),
    Rule(
        "favourite without possessive",
        pattern=r"^(?:(?:all[- ]time )?fav(?:e|s|ou?rites?)? (?P<what>(?:[\w-]+ ){0,2}?[\w-]+?)(?: is|:| -"
        r"|=) )(?!this|that|it\b)(?=\S)",
        gives=r"my favourite \g<what> is ",
        fires="fav band: Radiohead => my favourite band is Radiohead",
        spares="favours are nice: Radiohead",
    ),
    Rule(
        "user of it",
        pattern=r"^(?:an? |avid |heavy |daily |long-?time )*(?P<what>(?!(?:i|the|our|my|this|that|a|an|each|every|new"
        r"|power|end|per"
        r"|other)\b)[\w.+#-]+(?: (?!is\b|user)[\w.+#-]+){0,3}?) (?:user|owner)(?: here)?(?=[.,;!]|$| (?:for|since))",
        gives=r"I use \g<what>",
        fires="insulin pump user => I use insulin pump",
        spares="the user is here",
    ),
    Rule(
        "condition with a measure",
        pattern=r"^(?=(?:bad|dodgy|weak|chronic|mild|severe|constant|recurring|high|low) (?:[\w-]+ ){0,2}?(?:knees?"
        r"|backs?|hips?"
        r"|hearts?|eyesight|vision|hearing|lungs?|joints?|shoulders?|ankles?|stomach|pain|cough|blood pressure"
        r"|cholesterol"
        r"|fatigue)(?: (?:since|from|for)\b|[.,;!]|$))"
        r"|^(?=<conditions> (?:once|twice|three times|every|most|about|\d)\b)"
        r"|^(?=(?!(?:the|your|my|no|any|what|is)\b)(?:severe |bad )?[\w-]+ (?:allerg(?:y|ies)|intolerance"
        r"|deficiency)(?:[.,;!]|$))",
        gives="I have ",
        fires="bad knees since high school => I have bad knees since high school",
        spares="bad knees are common",
    ),
    Rule(
        "on a medicine",
        pattern=r"^(?=(?:still |now |currently )?on \d+ ?(?:mg|mcg|ml|units|iu)\b)",
        gives="I'm ",
        fires="on 20mg of lexapro => I'm on 20mg of lexapro",
        spares="on 20 May I fly",
    ),
    Rule(
        "state since",
        pattern=r"^(?=(?:(?:happily |newly |recently )?(?:widowed|sober|clean|single|vegan|vegetarian|married"
        r"|divorced|retired"
        r"|separated|cancer[- ]free|smoke[- ]free|unemployed|veggie|pregnant|self[- ]employed) (?:since|for|as of) )"
        r"|(?:currently |now |already |just |almost |nearly |about )?\d+ (?:weeks?|months?) (?:pregnant"
        r"|post[- ]?partum|sober|clean)(?=[.,;!]|$| (?:with|and|now|today|as)\b))",
        gives="I'm ",
        fires="sober for 3 years => I'm sober for 3 years",
        spares="sober minds agree",
    ),
    Rule(
        "age and sex",
        pattern=r"^(?P<age>[1-9]\d) ?(?:yo? )?(?:m|f|nb|male|female)\b(?: here)?(?=[.,;!]|$| from)",
        gives=r"I'm \g<age>",
        fires="17f here => I'm 17",
        spares="17 feet of rope",
    ),
    Rule(
        "turning an age",
        pattern=r"^(?=(?:just )?turning (?:[1-9]\d|thirty|forty|fifty|sixty|seventy|eighty|eighteen|twenty[- ]?\w*)\b)",
        gives="I'm ",
        fires="just turning fifty => I'm just turning fifty",
        spares="turning pages in june",
    ),
    Rule(
        "native by demonym",
        pattern=r"^(?:an? )?(?=<demonyms> (?:living(?! room)|working|studying|based|born|expat|in)\b"
        r"|native speaker of\b)",
        gives="I'm a ",
        fires="german living in Spain => I'm a german living in Spain",
        spares="german lessons in Spain",
    ),
    Rule(
        "proficiency",
        pattern=r"^(?=(?:an? )?(?:total |complete |absolute )?(?:beginner|expert|intermediate|novice|newbie"
        r"|certified [\w-]+"
        r"(?: [\w-]+)?) (?:in|at|with|level) (?!the\b|this\b)\w)",
        gives="I'm a ",
        fires="beginner in Go => I'm a beginner in Go",
        spares="beginner in the room",
    ),
    Rule(
        "level of a language",
        pattern=r"^(?=(?:[ABC][12]|grade \d|black belt|brown belt|degree|masters?|phd|bsc|diploma"
        r"|certificate) (?:level )?"
        r"(?:in|on) \w)(?!.*\bprocrastin)",
        gives="I have ",
        fires="black belt in judo => I have black belt in judo",
        spares="black belt jokes",
    ),
    Rule(
        "such a one",
        pattern=r"^(?:an? )?(?P<what>(?:lefty|left-?hander|righty|southpaw|redhead|introvert|extrovert|ambivert"
        r"|insomniac"
        r"|night owl"
        r"|early bird|homebody|teetotaller|only child|eldest|youngest|twin|newlywed|widower?|empty nester|expat"
        r"|atheist|pensioner"
        r"|fresher|freelancer|homeowner|first-time buyer))(?: btw| by the way| here)?"
        r"(?=(?: since| with| from| in| of| so)\b|[.,;!]|$)",
        gives=r"I'm a \g<what>",
        fires="lefty btw => I'm a lefty",
        spares="lefty politics",
    ),
    Rule(
        "not doing",
        pattern=r"^(?:(?:definitely|probably|still|also|now|just|sadly|finally|officially) )*not (?=(?!(?:no|some"
        r"|any|every)thing\b|(?:interest|surpris|amaz|excit|charm|convinc|bor|miss|will)ing\b)[a-z]+ing "
        r"(?!me\b|it\b|that\b"
        r"|this\b|you\b|to lie\b|sure\b|what\b|how\b)\w)(?!.*\b(?:you|your|is|was|makes?|means)\b)",
        gives="I'm not ",
        fires="Definitely not renewing the gym => I'm not renewing the gym",
        spares="Not knowing is fine",
    ),
    Rule(
        "it is this that we use",
        pattern=r"^it(?:'s| is) (?P<what>(?-i:[A-Z])[\w.+-]*(?: [\w.+-]+){0,3}?) (?:that )?(?P<who>I|we) "
        r"(?P<verb>run|use|have|drive"
        r"|own|speak|play|study|teach|live in|write|deploy|support|work (?:at|for|with)|grew up in|moved to|bought"
        r"|chose|picked)\b",
        gives=r"\g<who> \g<verb> \g<what>",
        fires="it's Postgres 15 we run => we run Postgres 15",
        spares="it's us we run for",
    ),
    Rule(
        "kind of person",
        pattern=r"^(?:definitely |totally |always been )?(?:more of |much more "
        r"|mostly )an? (?=[\w-]+ (?:<enthusiasts>|guy|girl|gal|kid|type)\b)",
        gives="I'm a ",
        fires="more of a cat person => I'm a cat person",
        spares="more of a problem",
    ),
    Rule(
        "really into",
        pattern=r"^(?=(?:really|very|super|so|totally|big|huge|mad|crazy) (?:into|on|about) (?!it\b|this\b|that\b"
        r"|you\b|the\b)\w)",
        gives="I'm ",
        fires="really into climbing these days => I'm really into climbing these days",
        spares="really into it",
    ),
    Rule(
        "love me some",
        pattern=r"^(?:i )?loves? me (?:some|a good) (?=\w)",
        gives="I love ",
        fires="love me some sushi => I love sushi",
        spares="love me",
    ),
    Rule(
        "still on it",
        pattern=r"^(?=(?:still |now |currently |stuck )(?:on|with) (?:<tech>|(?-i:[A-Z])\w+ \d)\b)",
        gives="I'm ",
        fires="still on python 3.8 at work => I'm still on python 3.8 at work",
        spares="still on hold",
    ),
    Rule(
        "running it",
        pattern=r"^(?=(?:running|hosting|self-?hosting|deploying|coding|developing|building) (?:[\w-]+ ){0,3}?(?:in "
        r"|on |with )?<tech>\b)(?!.*\b(?:is|gives|fails|your?|error)\b)",
        gives="I'm ",
        fires="running Ubuntu 24.04 on a Framework laptop => I'm running Ubuntu 24.04 on a Framework laptop",
        spares="running Ubuntu is fun",
    ),
    Rule(
        "stack by commas",
        pattern=r"^(?!go, (?-i:[A-Z])[a-z]+!?$)(?!.*\b(?:difference|comparison|compare|tutorial|error|errors|vs"
        r"|better|examples?|help|problem"
        r"|issues?|install|versions?|fails?|crash\w*)\b)(?=<tech>(?: [\d.]+\w*)?(?: \w+)?(?:(?:,| \+| and"
        r"|,? with) (?!i\b|it\b|how|what|is|why)[\w.+#-]+(?: [\w.+#-]+)?){1,6}[.!]?$)",
        gives="I use ",
        fires="python 3.12, poetry, mypy strict => I use python 3.12, poetry, mypy strict",
        spares="python fails",
    ),
    Rule(
        "there is a date",
        pattern=r"^(?:there(?:'s|s| is)|got) (?P<what>(?:an? )?(?:[\w'-]+ ){0,3}?(?:party|evening|meeting|wedding"
        r"|concert|trip|exam"
        r"|test|appointment|interview|match|game|recital|play|race|funeral|reunion|visit)) (?=(?:on|at|this|next"
        r"|tomorrow"
        r"|in|tonight)\b)",
        gives=r"I have \g<what> ",
        fires="theres a parents evening on monday => I have a parents evening on monday",
        spares="there's a way on",
    ),
)
