"""Fragments made into clauses: the subject, possessive or verb that chat leaves out is put back."""

import re

from holdfast.extractors.embedded.rules import Rule, compiled

SUBJECTS = (
    Rule(
        "is here",
        pattern=r"^(?=(?:vegan|vegetarian|pescatarian|lactose|gluten|dairy|diabetic|coeliac|celiac|retired|deaf"
        r"|dyslexic|colou?r|left-?handed|pregnant|single"
        r"|married|divorced|self-employed|unemployed|autistic|teetotal|asthmatic|epileptic)[\w -]{0,30}? "
        r"here\b)(?P<what>(?:(?!people|folks|users|live|is|are|was)[\w-]+ ){1,5}?)here\b(?:,| and| but|[.!]|$)",
        gives=r"I'm \g<what>",
        fires="lactose intolerant here => I'm lactose intolerant ",
        spares="lactose intolerant people live here",
    ),
    Rule(
        "parent of",
        pattern=r"^(?:an? )?(?=(?!single$)(?:single |proud |stay-at-home |first-time |working )*(?:mom|mum|dad"
        r"|mother|father|parent|grand\w+|stepmom|stepdad)"
        r"(?: (?:of|to) (?:\w+ )?\w+|,? (?:two|three|four|\d) kids)(?![^,.]* (?:is|are|was|has|needs)\b))",
        gives="I'm a ",
        fires="single mom of two => I'm a single mom of two",
        spares="moms of two",
    ),
    Rule(
        "state without subject",
        pattern="^(?=<state_without_subject_words>)",
        gives="I'm ",
        fires="allergic to sulfa drugs => I'm allergic to sulfa drugs",
        spares="I'm allergic to sulfa",
    ),
    Rule(
        "deed without subject",
        pattern=r"^(?=<deed_without_subject_words> ?)(?!got (?:it|you|that)\b|had to\b.*you|used to"
        r" (?:the|it)|need to (?:be|know) (?:said|done)|\w+ (?:by|of)\b)",
        gives="I ",
        fires="moved to denver in august => I moved to denver in august",
        spares="move to denver",
    ),
    Rule(
        "doing without subject",
        pattern=r"^(?=<doing_without_subject_words>\b)(?!.*\w's (?:been|an?|so|really|very|always|not|the|hard"
        r"|tough|fun|great)\b)(?![^,;]{0,80}"
        r" <doing_without_subject_exceptions>\b)(?!.*\byour?\b)",
        gives="I'm ",
        fires="working night shift at a BPO => I'm working night shift at a BPO",
        spares="working nights is hard",
    ),
    Rule(
        "nothing of it",
        pattern=r"^(?=no <nothing_of_it_words>\b(?! (?:is|are|was|were|can|allowed)\b))",
        gives="I have ",
        fires="no kids, no pets => I have no kids, no pets",
        spares="no kids are allowed",
    ),
    Rule(
        "liking without subject",
        pattern=r"^(?=(?:really |absolutely )?(?:love|hate|prefer|enjoy|dislike) (?!the\b|it\b|that\b|this\b"
        r"|you\b|your\b|the (?:way|idea|sound)\b|how\b|them\b|to (?:hear|see)\b)\S)",
        gives="I ",
        fires="Love horror games => I love horror games",
        spares="Love your idea",
    ),
    Rule(
        "been without subject",
        pattern=r"^(?=been (?!(?:an? |the |quite )(?:[\w-]+ ){0,3}?(?:while|minute|long|week|day|month|year|time"
        r"|ride|journey)|so\b|great|good|ages|too|there\b)\w+)",
        gives="I've ",
        fires="Been sober for a year => I've been sober for a year",
        spares="Been a while",
    ),
    Rule(
        "diagnosis",
        pattern=r"^(?P<what>\S+) diagnosis (?:came|was)\b",
        gives=r"my \g<what> diagnosis came",
        fires="ADHD diagnosis came through => my ADHD diagnosis came through",
        spares="The diagnosis is open",
    ),
    Rule(
        "bare appointment",
        pattern=r"^(?!(?:i|we|my|our|the|have|got|no|any|this|that|his|her"
        r"|their)\b)(?P<what>(?:[\w'-]+ ){0,2}?(?:appointment|appt|interview|exam|concert|recital|check-?up|scan"
        r"|viewing"
        r"|rehearsal|recital|wedding|funeral|parents' evening|driving test|surgery|flight|party|reunion|moving day"
        r"|checkup)(?: (?:with|at|to|for|of) "
        r"(?:[\w'.-]+ ){0,3}?[\w'.-]+)?)(?:,)? (?=(?:on |at |this |next |tomorrow|tonight|the \d|(?:mon|tues|wednes"
        r"|thurs|fri"
        r"|satur|sun)day\b|<number> (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)))(?!.*\b(?:you|your|was|went"
        r"|i|we|which|what|how|ideas?|tips|wear|should|can|could|help|advice|recommend\w*|names?|template"
        r"|reminder)\b)",
        gives=r"I have \g<what> ",
        fires="dentist appointment on the 14th at 9 => I have dentist appointment on the 14th at 9",
        spares="appointment was on the 14th",
    ),
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
        pattern=r"^(?:the |our )?(?P<kin><own_kin_nouns>)(?='s? |s? <kin_predicates>\b)",
        gives=r"my \g<kin>",
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
        pattern=r"^(?P<noun>goal|diet|stack|job|car|name|age|allergies|hometown|birthday|pronouns"
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
        pattern=r"^as (?P<what>an? (?:[\w'-]+ ){0,3}[\w'-]+),(?! I\b).*$",
        gives=r"I'm \g<what>",
        fires="As a vegan, what can be eaten => I'm a vegan",
        spares="As a child I sang",
    ),
    Rule(
        "as of trade",
        pattern=r"^as (?P<what>an? (?:[\w'-]+ ){0,3}?(?:<occupations>|vegan|vegetarian|diabetic|coeliac)),? (?=I\b)",
        gives=r"I'm \g<what> and ",
        fires="as a beekeeper I check my hives => I'm a beekeeper and I check my hives",
        spares="as a rule I check them",
    ),
    Rule(
        "since",
        pattern=r"^(?:since|given that|because|considering(?: that)?|seeing as) (?P<what>(?:I|I'm|I've|my"
        r"|we|we're)\b[^,]{3,80}),(?: (?:what|how|which|where|can|could|should|is|are|do|does|any"
        r"|would|will|when|who)\b).*$",
        gives=r"\g<what>",
        fires="Since I'm vegan, what works => I'm vegan",
        spares="Since I moved, I sleep",
    ),
    Rule(
        "it is my day",
        pattern=r"^(?:it's|it is|its) (?P<what>(?:my|our) (?:[\w'-]+ ){0,3}?[\w'-]+) (?=(?:today|tomorrow|on|in"
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
        "so many of us",
        pattern=r"^there(?:'s| is| are|'re) (?P<many>two|three|four|five|six|seven|eight|\d) of us\b",
        gives=r"we are \g<many>",
        fires="there are six of us in the house => we are six in the house",
        spares="there are six of them",
    ),
    Rule(
        "home is",
        pattern=r"^home(?: for (?:me|us))?(?:'s| is) (?:in )?(?=(?-i:[A-Z]))",
        gives="I live in ",
        fires="home for me is Halifax => I live in Halifax",
        spares="home is where the heart is",
    ),
    Rule(
        "the plan is",
        pattern=r"^the (?P<noun>plan|goal|aim|dream) is to ",
        gives=r"my \g<noun> is to ",
        fires="The plan is to sell up => my plan is to sell up",
        spares="The plan is good",
    ),
    Rule(
        "none for me",
        pattern=r"^no (?P<what>(?!more\b|problem|idea|worries|need|thanks|way|one)[\w' -]{3,30}?) for (?:me"
        r"|us)\b(?! (?:thanks|please|today|now))",
        gives=r"I avoid \g<what>",
        fires="no dairy for me, it hurts => I avoid dairy, it hurts",
        spares="no more for me",
    ),
    Rule(
        "no more for me",
        pattern=r"^no more (?P<what>[\w' -]{3,30}?) for me\b",
        gives=r"I'm done with \g<what>",
        fires="No more takeaways for me till July => I'm done with takeaways till July",
        spares="No more for me",
    ),
    Rule(
        "regular evenings",
        pattern=r"^(?P<when>\w+day (?:nights?|mornings?|evenings?|afternoons?)|weekends|weeknights|\w+days) "
        r"(?=(?:is|are) (?!too|so|the|fine|good|ok|best|better|hard|great|bad)\b)",
        gives=r"my \g<when> ",
        fires="Friday nights are poker nights => my Friday nights are poker nights",
        spares="Friday nights are the best",
    ),
    Rule(
        "now so",
        pattern=r"^(?:now|currently|these days) (?=(?:based|living|working|studying|married|single|retired|vegan"
        r"|vegetarian|in (?-i:[A-Z])|at (?-i:[A-Z])|with (?-i:[A-Z])|on (?-i:[A-Z]))\b)",
        gives="I'm now ",
        fires="now based in Trondheim => I'm now based in Trondheim",
        spares="now is the time",
    ),
    Rule(
        "back in",
        pattern=r"^back in (?=(?-i:[A-Z])\w+ (?:now|as of|since|again|for good)\b)",
        gives="I'm back in ",
        fires="back in Oslo as of last week => I'm back in Oslo as of last week",
        spares="back in May I was ill",
    ),
    Rule(
        "left a place",
        pattern=r"^(?:just |finally )?(?=left (?-i:[A-Z])\w+)",
        gives="I ",
        fires="left Bergen in May => I left Bergen in May",
        spares="left hand drive",
    ),
    Rule(
        "stolen from me",
        pattern=r"^(?:someone|somebody|they|thieves|a thief|burglars) (?:has |have )?(?:just )?(?:stole|stolen"
        r"|nicked|took|taken) (?P<what>(?:my|our) (?:[\w'-]+ ){0,2}?[\w'-]+)(?= (?:from|on|last|yesterday|in|at"
        r"|while|outside|this)\b|[.,!]|$)",
        gives=r"\g<what> was stolen",
        fires="someone stole my bike on Sunday => my bike was stolen on Sunday",
        spares="someone stole a bike",
    ),
    Rule(
        "broken into",
        pattern=r"^(?:someone|somebody|they|thieves|burglars) (?:has |have )?broke(?:n)? into (?:my|our|the) "
        r"(?P<what>(?:house|flat|home|car|shed|garage|van|office|apartment|shop|allotment))\b",
        gives=r"my \g<what> was broken into",
        fires="somebody broke into my shed last night => my shed was broken into last night",
        spares="somebody broke into song",
    ),
    Rule(
        "they did to mine",
        pattern=r"^they(?:'ve| have|'re| are)? (?P<deed>rescheduled|moved|pushed|cancell?ed|postponed|delayed"
        r"|changed|brought|extended|raised|increased|lowered|cut|bumped|shortened)"
        r"(?P<way> back| forward| up)? (?P<what>(?:my|our) (?:[\w'-]+ ){0,2}?[\w'-]+)(?= (?:back|forward|to|until"
        r"|by|from|up|down)\b|[.,!]|$)",
        gives=r"\g<what> was \g<deed>\g<way>",
        fires="they rescheduled my appointment to Thursday => my appointment was rescheduled to Thursday",
        spares="they moved in to my house",
    ),
    Rule(
        "they did to me",
        pattern=r"^they(?:'ve| have)? (?:just |finally )?(?P<deed>put|made|offered|hired|fired|promoted|moved|switched"
        r"|accepted|rejected|approved|diagnosed|prescribed|transferred|sacked|demoted) me\b",
        gives=r"I was \g<deed>",
        fires="They've put me up to 100mg sertraline => I was put up to 100mg sertraline",
        spares="They've put meat on",
    ),
    Rule(
        "a thing is off",
        pattern=r"^the (?P<what>(?!(?:whole|first|second|last|other|same|one)\b)(?:[\w'-]+ ){0,2}?[\w'-]+)(?P<be> "
        r"is| has been| was| got|'s been|'s) (?=(?:off|cancell?ed|called off|postponed|rescheduled|moved to|pushed"
        r"|delayed|back on)\b)",
        gives=r"my \g<what>\g<be> ",
        fires="The Greece trip is off => my Greece trip is off",
        spares="The first one is off",
    ),
    Rule(
        "a new one is",
        pattern=r"^(?:(?:I|we)(?:'ve| have)?(?= )|(?=got a new|changed))(?: ?got| changed| switched)?(?: an?| to "
        r"an?)? (?:new |my |our )?(?P<what>boss|manager|phone|laptop|car|computer|tablet|bike|camera"
        r"|<services>)s?(?:,| called| named| -|:|, it's)+ (?:it's |he's |she's |now )*(?=(?-i:[A-Z]))",
        gives=r"my new \g<what> is ",
        fires="I have a new landlord, Mr Brown => my new landlord is Mr Brown",
        spares="I have a landlord",
    ),
    Rule(
        "bare kin",
        pattern=r"^(?P<kin><kin>)(?= (?:passed|is|was|has|had|will|can|can't|doesn't|hates|loves|likes|lives|works"
        r"|wants|needs|just|says|got|moved"
        r"|died|started|plays|turns|turned|never|always)\b|'s (?:\w+ing|an?|in|at|allergic|vegan|vegetarian|\d+|not"
        r"|been|from|got)\b)",
        gives=r"my \g<kin>",
        fires="Boyfriend hates olives => my Boyfriend hates olives",
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
        pattern=r"^(?P<what>(?!(?:I|we|my|it|he|she|they|you|but|and|not|as)\b)[\w'-]+(?: [\w'-]+){0,2}), always[.!]?$",
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
        "one over another",
        pattern=r"^(?P<what>(?!(?:I|we|my|it|the|head|all|getting|moving|\w+ed|\w+ing)\b)[\w'-]+(?: [\w'-]+)? over "
        r"[\w'-]+(?: [\w'-]+)?),? (?:always|any ?day|every time|for me|for sure|100%)\b",
        gives=r"I prefer \g<what>",
        fires="tea over coffee for me => I prefer tea over coffee",
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
        r"|into|as|down|up|\d|two|three|(?-i:[A-Z]))\b)"
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
        r"|\d+ (?:weeks?|months?) (?:pregnant|post[- ]?partum|sober|clean)(?=[.,;!]|$| (?:with|and|now|today|as)\b))",
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
        fires="turning 50 in june => I'm turning 50 in june",
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
        pattern=r"^(?!.*\b(?:difference|comparison|compare|tutorial|error|errors|vs|better|examples?|help|problem"
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
"""Each gives the replacement; the first that matches applies."""


def complete(clause: str) -> str:
    """Return the clause with a dropped subject or possessive put back, if it has one of the known openings.

    What that makes may have such an opening again: "rent's gone up" becomes "my rent's", and that "my rent has".
    """
    once = _completed(clause)
    return once if once == clause else _completed(once)


def _completed(clause: str) -> str:
    for rule in SUBJECTS:
        match = compiled(rule.pattern).match(clause)
        if match:
            start = match.expand(rule.gives) if "\\" in rule.gives else rule.gives
            start = start.replace("\\g<name>", "")
            rest = clause[match.end() :]
            if (
                rule.gives.endswith(" ")
                and rest[:1].isupper()
                and not re.match(r"[A-Z]{2}|I\b|[A-Z]\w* [A-Z]", rest)
                and match.end() == 0
            ):
                rest = rest[0].lower() + rest[1:]
            return start + rest
    return clause
