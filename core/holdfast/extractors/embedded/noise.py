"""Clauses that say nothing about the user, each with the reason that the result reports."""

from holdfast.extractors.embedded.rules import Rule, first

NOISE = (
    Rule(
        "phatic",
        pattern=r"^<phatic_words>\b(?!.*\b(?:i|i'm|my|we|our|me|us)\b(?! (?:see|know|love (?:it|that)|like (?:it"
        r"|that)|agree|get it)))[\w ,'!]{0,25}[!.]{0,5}$",
        gives="greeting or thanks",
        fires="Thanks so much! => greeting or thanks",
        spares="Great news from my doctor: all clear, no surgery",
    ),
    Rule(
        "question words",
        pattern=r"^(?:(?:so|and|but|ok|also|then|now|please) ){0,2}<question_starts>\b(?! (?:i|we"
        r"|my)\b[^?]{0,80},)",
        gives="question",
        fires="which of my kids is at home => question",
        spares="When I was six, my family moved to Peru",
    ),
    Rule(
        "order",
        pattern=r"^(?:<order_openings>,? ){0,3}<order_verbs>\b(?! (?:is|was|are|were|has|of)\b)",
        gives="order",
        fires="Please write a poem about my cat => order",
        spares="Plan is to retire at 50",
    ),
    Rule(
        "order by wish",
        pattern=r"^(?:i|we)(?:'d| would)? (?:really )?(?:need|want|like|love|would like) you(?:r help|"
        r" to)\b",
        gives="order",
        fires="I want you to fix my code => order",
        spares="I want your recipe book on my shelf",
    ),
    Rule(
        "question at the end",
        pattern=r",? \b(?:how (?:many|much|long|far|old|do|can|should)|what (?:is|are|should|do|can)"
        r"|which one|is (?:it|that|this) (?:ok|normal|possible|spam|safe))\b.{0,60}$",
        gives="question",
        fires="I have 3 apples and eat 2, how many are left => question",
        spares="I know how it ends",
    ),
    Rule(
        "if",
        pattern=r"^(?:and |but |so |what )?if (?:i|we|my|our|you|there|only)\b(?! (?:remember|recall"
        r"|(?:need|want|must|care|have) to know)\b)|\bif (?:i|we) (?:had|were|was|could|won|lived|ever)\b",
        gives="hypothetical",
        fires="My flat is damp if we ever cook => hypothetical",
        spares="I asked if the shop had milk",
    ),
    Rule(
        "inverted condition",
        pattern=r"^(?:were|had|should|could) (?:i|we|my|our)\b",
        gives="hypothetical",
        fires="Had I known my own strength => hypothetical",
        spares="We had known them for ages",
    ),
    Rule(
        "wished",
        pattern=r"\b(?:i|we) wish\b|\bas if (?:i|we)\b|\bhypothetically\b|\bin another life\b",
        gives="hypothetical",
        fires="I wish my flat had a balcony => hypothetical",
        spares="My wishes are few",
    ),
    Rule(
        "supposed",
        pattern=r"\b(?:suppose|supposing|imagine|let's say|say|assum(?:e|ing)) (?:that )?(?:i|we|my)\b",
        gives="hypothetical",
        fires="My plan works assuming we win => hypothetical",
        spares="I said that I own a house",
    ),
    Rule(
        "would",
        pattern=r"^(?:i|we)(?:'d| would)(?:n't| not)? (?!like|love|prefer|rather|sooner|never|say|appreciate|hate"
        r"|(?:pick|choose|take) [\w' ]{2,40} over\b)\w",
        gives="hypothetical",
        fires="I would move to Rome => hypothetical",
        spares="I would like a dog",
    ),
    Rule(
        "to the assistant",
        pattern=r"^(?:i|we) (?:(?:really|just|also|still|do|totally|completely)"
        r" ){0,2}<to_the_assistant_words>(?: (?:that|so|how|what|why|it|you|your|this|the (?:help"
        r"|support|feedback|effort|offer))\b|[.!,]?$)",
        gives="talk to the other side",
        fires="I appreciate your help => talk to the other side",
        spares="I know Greek",
    ),
    Rule(
        "about the talk",
        pattern="^(?:i|we)(?:'ve|'m| have| am| was|'d)? ?(?:(?:just|also|really|still|have)"
        " ){0,2}<about_the_talk_words>",
        gives="talk about the conversation",
        fires="I was wondering about my order => talk about the conversation",
        spares="I have a request pending with my bank since May",
    ),
    Rule(
        "since the last talk",
        pattern=r"\b(?:we|you and i) (?:last |both |all )?(?:chat|talk|sp[eo]ak|spoke|met up|caught up|catch up)"
        r"(?:t?ed)?\b(?: last)?[.!]?$|\blong time no\b|^(?:i|we) (?:haven't|have not) (?:talked|chatted|spoken"
        r"|heard from you)",
        gives="talk about the conversation",
        fires="My week was busy since we last chatted => talk about the conversation",
        spares="My week was busy since we moved",
    ),
    Rule(
        "each other",
        pattern=r"^we\b[^.]*\b(?:each other|one another)\b",
        gives="talk to the other side",
        fires="We back each other up => talk to the other side",
        spares="Our dogs hate each other",
    ),
    Rule(
        "trouble with a device",
        pattern=r"^(?:my|our|the) (?:[\w-]+ )?<devices>(?:'s| is| was| are| has been| keeps)? (?:(?:so|very|really"
        r"|just|still|now|always|super|too) )*(?:frozen|slow|down|stuck|blank|loading|crash\w*|freezing|lagging"
        r"|laggy|glitch\w*|buffering|acting|failing|overheating|hanging|unresponsive|not (?:work|load|respond|turn"
        r"|connect|open)\w*|out of battery|dying|ringing|charging|(?:at|on) \d+(?= ?%|$))(?!\w)",
        gives="about the task at hand",
        fires="my wifi is so slow => about the task at hand",
        spares="my phone is a Nokia",
    ),
    Rule(
        "gossip",
        pattern=r"^(?:my|our) (?:[\w-]+ )?(?:(?:friend|neighbou?r|colleague|coworker|co-worker|classmate|mate"
        r"|teacher|boss)'?s'? (?:[\w-]+ )?<kin>\b|[\w-]+'s [\w-]+'s )",
        gives="talk about somebody else",
        fires="My friend's cousin won the lottery => talk about somebody else",
        spares="My friend's house is in Kent",
    ),
    Rule(
        "told by a passer-by",
        pattern=r"^(?:the|some|a|this|that) (?:random |old |young )?(?:guy|man|woman|lady|dude|bloke|girl|kid"
        r"|stranger)\b[^.!?]{0,40}\b(?:told (?:me|us)|said|says|swears|claims|claimed)\b",
        gives="talk about somebody else",
        fires="The guy at the shop told me he has three ex-wives => talk about somebody else",
        spares="The guy I married is called Tom",
        holds="told |said|says|swears|claim",
    ),
    Rule(
        "search for what is near",
        pattern=r"^(?:nearest|closest|cheapest) (?:[\w-]+ ?){1,9}$",
        gives="about the task at hand",
        fires="nearest pharmacy to my flat open sunday => about the task at hand",
        spares="the nearest pharmacy is mine",
        needs=r"^(?:nearest|closest|cheapest) ",
    ),
    Rule(
        "material handed over",
        pattern=r"^(?:i|we)(?:'ve| have)? (?:just |also )?(?:attached|pasted|uploaded|linked|shared|copied) (?:the"
        r"|an?|my|some|two|three|both|all|it|them)\b",
        gives="about the task at hand",
        fires="I've attached the file from Monday => about the task at hand",
        spares="I've attached bells to my bike",
    ),
    Rule(
        "a sum at hand",
        pattern=r"^(?:i|we) (?:got|get|have) (?:[xyzn]|-?\d+(?:[.,/]\d+)?)(?:,? (?:but|plus|minus|times|instead|as"
        r"|for (?:the|x|y)|equals|when)\b| ?[=+])",
        gives="about the task at hand",
        fires="I got 42 but the book says 24 => about the task at hand",
        spares="I got 42 cards for my birthday",
    ),
    Rule(
        "gave up on the text",
        pattern=r"^(?:i|we) (?:stopped|quit|gave up) (?:reading|listening|watching|scrolling)(?: (?:it|this|that"
        r"|there|halfway|after|at)\b|$)",
        gives="about the task at hand",
        fires="I stopped reading halfway => about the task at hand",
        spares="I stopped reading newspapers",
    ),
    Rule(
        "the best of it",
        pattern=r"^(?:it's|that's|this is|it is|that is|that was|it was) (?:definitely |still |now |by far )?(?:my"
        r"|our) favou?rite\b",
        gives="refers to something outside the sentence",
        fires="It's my favourite line in the poem => refers to something outside the sentence",
        spares="Jazz is my favourite music",
    ),
    Rule(
        "part of a text liked",
        pattern=r"^(?:i|we) (?:really |also |still )?(?:like|love|prefer|hate|dislike|liked|loved) (?:the|your) "
        r"(?:[\w-]+ ){1,3}?(?:of|in|from) (?:the |your )?(?:[\w-]+ )?(?:paragraphs?|versions?|lines?|drafts?"
        r"|sections?|options?|intro|ending|examples?|answers?|replies|suggestions?)\b",
        gives="refers to something outside the sentence",
        fires="I like the tone of paragraph two => refers to something outside the sentence",
        spares="I like the tone of oboes",
    ),
    Rule(
        "measure",
        pattern=r"^(?:i|we)(?:'ve got| have| need| got| used?| only have)? (?:about |only |just )?[\d.,/]+ ?(?:ml|cl"
        r"|l|liters?|litres?|g|grams?|cups?|oz|ounces|tbsp|tsp|tablespoons?|teaspoons?) (?:of )?[a-z]",
        gives="about the task at hand",
        fires="I have 250 ml of milk => about the task at hand",
        spares="I have 250 books of poems",
    ),
    Rule(
        "being so",
        pattern=r"\b(?:is|are|was|were|am|'s|'m|'re) being (?!\w+ed\b)\w",
        gives="of the moment",
        fires="My boss is being annoying => of the moment",
        spares="My house is being painted",
    ),
    Rule(
        "asked on behalf of",
        pattern=r"^(?:my|our|a) (?:[\w-]+ ){0,3}?(?:wants? to know|wanted to know|is asking|asks?|asked|wonders?"
        r"|is wondering|says? (?:hi|hello)|sends?)\b",
        gives="talk to the other side",
        fires="my friend wants to know if it's safe => talk to the other side",
        spares="my friend wants to sail",
    ),
    Rule(
        "within the hour",
        pattern=r"^(?:i|we)(?:'m|'re|'ve got| am| are| have| got| need| leave| start).{0,60}\bin (?:an?|half an|a "
        r"few|a couple of|<number>) (?:minutes?|mins?|secs?|seconds?|hours?)[.!]?$",
        gives="of the moment",
        fires="I have a meeting in ten minutes => of the moment",
        spares="I ran ten miles in two hours",
    ),
    Rule(
        "made one feel so",
        pattern=r"\b(?:made|makes|making|had) (?:me|us) (?:laugh\w*|smile|smiling|cry|crying|giggle|chuckle|wonder"
        r"|realis?ze)\b",
        gives="mood or judgement",
        fires="My boss made me laugh today => mood or judgement",
        spares="My boss made me team lead",
    ),
    Rule(
        "people in general",
        pattern=r"^(?:we|you) all <true_of_anyone>\b",
        gives="said of people in general",
        fires="We all make mistakes => said of people in general",
        spares="We all moved to Lyon in May",
    ),
    Rule(
        "deixis",
        pattern=r"^(?:i|we) (?:(?:really|just|also|absolutely|do|don't|think) ){0,2}<deixis_verbs>"
        r" <pointed_at>\b(?! (?:morning|week|year|month))",
        gives="refers to something outside the sentence",
        fires="I love that idea => refers to something outside the sentence",
        spares="I love thatched houses",
    ),
)
"""Each row gives the reason. Patterns see the source clause after openers were peeled off."""


def drop_reason(clause: str) -> str | None:
    """Return why a clause says nothing about the user, or None."""
    found = first(NOISE, clause)
    return found[0].gives if found else None
