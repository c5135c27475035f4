"""Sentences that are not meant as they are said: irony, jokes, reports of others."""

from holdfast.extractors.embedded.rules import Rule

SARCASM = (
    Rule(
        "liking of a nuisance",
        pattern=r"\b<likings>\b(?!n't)[^.!?\n]{0,60}?\b<nuisances_suffered>",
        gives="sarcasm",
        fires="Fantastic, I really enjoy debugging at 3am => sarcasm",
        spares="I really enjoy debugging",
        needs=r"\b<likings>",
    ),
    Rule(
        "praise of what went wrong",
        pattern=r"^(?:great|fantastic|fabulous|brilliant|superb|splendid|marvell?ous|lovely|terrific|yay|hooray"
        r"|wow)[,.!]+ (?:so |now |and |just )*(?:i|i'm|my|we|our|another)\b(?=.*\b(?:get to|dies?|died|broken?"
        r"|breaks|fail\w*|lost|stuck|snor\w+|cancel\w*|late|again|another|delayed|stolen|noise|drums?|drum kit"
        r"|leak\w*|no (?:heating|water|power|wifi)|fired|fine of|invoices?)\b)|^(?:so|very|really) (?:happy|glad"
        r"|lucky|blessed|thrilled|pleased),? (?:that )?my\b.*\b(?:dies?|died?|broken?|fail\w*|crash\w*|quit"
        r"|cancel\w*)\b|\bsaid no ?one ever\b|^nothing i'd rather\b|\b(?:i'm|i am) apparently (?:an?|the)\b"
        r"|^(?:oh |wow,? )?lucky me\b|^(?:great|brilliant|fantastic|wonderful|lovely|perfect|oh),? my favou?rite\b"
        r"|\badulting\b|\bplan is (?:winning|to win) the lottery\b",
        gives="sarcasm",
        fires="Fabulous, I get to share my room with a man who snores => sarcasm",
        spares="Fabulous, I got the job at my zoo",
    ),
    Rule(
        "nuisance, my favourite",
        pattern=r"\b<nuisances_suffered>[^.!?\n]{0,40}, (?:my favou?rite|how (?:lovely|nice|fun)"
        r"|what (?:a joy|fun|a treat)|just (?:great|perfect|lovely)|lucky me|yay|love it)[.! ]*$",
        gives="sarcasm",
        fires="I have a root canal tomorrow, my favorite => sarcasm",
        spares="I have a root canal tomorrow, with my dentist",
        needs=r", (?:my|how|what|just|lucky|yay|love)",
    ),
    Rule(
        "rank by irony",
        pattern=r"\bi(?:'m| am|m| must be| have| clearly have| obviously have| apparently have)? (?:clearly "
        r"|obviously |apparently |evidently |basically )?(?:an? |the )?(?:genius|einstein|ceo of \w+ing"
        r"|ph\.?d in (?!\w+ (?:from|at)\b)\w*(?:ing|ion)\b|master of \w+ing|(?:queen|king) of \w+ing\b"
        r"|world champion)\b|\bi(?:'m| am|m) basically (?:an?|the|my|married)\b[^.!?\n]*\bat this point\b"
        r"|\bbasically married to\b|\b(?:at this rate|such a rich social life|nothing better to do)\b",
        gives="sarcasm",
        fires="I must be a genius, I locked my keys in => sarcasm",
        spares="I have a PhD in fluid dynamics",
    ),
    Rule(
        "hobby by irony",
        pattern=r"\b(?:hobby|dream|goal|purpose|job|life|favou?rite|ambition)(?: in life)? (?:is|was) (?:apparently"
        r"|clearly|obviously|evidently)\b|\b(?:clearly|obviously|apparently|evidently),? my (?:\w+ )?(?:hobby|dream"
        r"|goal|purpose|favou?rite|ambition|calling)\b|^(?:sure|right|yeah|yes|of course|because),? (?:clearly "
        r"|obviously )?my (?:life's |biggest |one |only )?(?:dream|ambition|goal|favou?rite|purpose)\b",
        gives="sarcasm",
        fires="My hobby is apparently my inbox => sarcasm",
        spares="My hobby is restoring radios",
        holds="apparently|clearly|obviously|evidently|sure|right|yeah|yes|of course|because",
    ),
    Rule(
        "need by irony",
        pattern=r"^(?:because|cause|cuz|just|exactly|ah yes|oh yes|yes|great|wow|thanks),? (?:what )?(?:i|we) "
        r"(?:really|absolutely|so|totally|clearly|definitely)? ?(?:need(?:ed)?|want(?:ed)?) (?:is |was |right now"
        r"|today)?(?: ?(?:an?(?:other)?|more|third|the|today)\b)",
        gives="sarcasm",
        fires="Great, I really needed more stairs => sarcasm",
        spares="I absolutely needed a third coat for my house",
    ),
    Rule(
        "ah yes",
        pattern=r"^(?:ah|oh),? yes,? (?:i|my|me|we|another|because|nothing|the joys?)\b(?=.*\b(?:love|adore|enjoy"
        r"|dream|favou?rite|joys?|always)\b)",
        gives="sarcasm",
        fires="Ah yes, I, a patient man, adore my landlord => sarcasm",
        spares="Ah yes, I live in Rome",
    ),
    Rule(
        "rolling eyes",
        pattern=r"\U0001f644|\U0001f643|\s/s\b|\b(?:yeah|yea|oh) (?:right|sure)\b[,.! ]|\bsure,? jan\b"
        r"|\bas if\b[!.]|\bnot\b!$",
        gives="sarcasm",
        fires="I am a millionaire 🙄 => sarcasm",
        spares="I am a millionaire 🙂",
    ),
    Rule(
        "ironic praise",
        pattern=r"\b(?:oh|ah),? <praise>\b|\bjust what i (?:needed|wanted)\b",
        gives="sarcasm",
        fires="Oh great, another update. I love it => sarcasm",
        spares="I love great updates",
    ),
    Rule(
        "ironic love",
        pattern=r"\b(?:just|absolutely|really|simply) (?:love|adore|enjoy) (?:it when|how (?:the|my|our|every|this)"
        r"|when (?:the|my|our|people))\b",
        gives="sarcasm",
        fires="I just love it when my socks are wet => sarcasm",
        spares="I just love trains",
    ),
    Rule(
        "ironic reason to love",
        pattern=r"^(?:and |yeah,? |sure,? )?(?:because|cause|cuz|cos) i (?:just|really|totally|absolutely|obviously|so"
        r"|clearly)\b",
        gives="sarcasm",
        fires="Because I just love doing taxes => sarcasm",
        spares="I moved because I just love Rome",
    ),
    Rule(
        "love of a chore",
        pattern=r"\b(?:just|absolutely|really|simply|so|do) (?:love|adore|enjoy) (?:waiting"
        r"|being (?:on hold|lied|ignored|late|stuck|yelled|told|called|woken)|getting (?:up at|ignored|yelled|stuck"
        r"|spam\w*|woken)|cleaning up after|paying|sitting in traffic|standing in line|filling (?:in|out)|losing"
        r"|having to|(?:doing )?(?:my )?taxes|traffic|meetings that)\b",
        gives="sarcasm",
        fires="I just love having to smile at my boss => sarcasm",
        spares="I just love hiking for two hours",
    ),
    Rule(
        "praise of what recurs",
        pattern=r"^(?:great|fantastic|wonderful|perfect|brilliant|lovely|awesome|marvell?ous|nice one|yay|just great"
        r"|how lovely|lucky me|(?:wow,? |oh,? )?(?:i'm|im|i am) so lucky|(?:oh,? )?what an? (?:joy|treat|delight"
        r"|pleasure))\b[^.!?]{0,60}\b(?:again|another)\b",
        gives="sarcasm",
        fires="Awesome, my car is red again => sarcasm",
        spares="Fantastic, my car runs",
    ),
    Rule(
        "yay me",
        pattern=r"\b(?:love (?:that|this) for me|yay me|thrilled to be working)\b"
        r"|^(?:sure|yeah|right|yes|oh),? (?:because|cause|cuz) (?:i|my)\b|\bi totally (?:have|own|am"
        r"|know)\b.*\b(?:lol|haha)\b",
        gives="sarcasm",
        fires="Sure, because I have unlimited money => sarcasm",
        spares="I am sure because I have money",
    ),
    Rule(
        "dream of nobody",
        pattern=r"\b(?:totally|obviously|clearly|exactly) (?:my|the) (?:dream|idea of fun|favou?rite|goal)\b"
        r"|, my favou?rite (?:hobby|thing|pastime|part)[.!]?$",
        gives="sarcasm",
        fires="I got the night shift in Hull, totally my dream => sarcasm",
        spares="I got the night shift, which was my dream",
    ),
    Rule(
        "praise that is none",
        pattern=r"^(?:oh,? |ah,? |well,? |and )*(?:nothing (?:like|says|beats)"
        r"|who (?:needs|doesn't (?:love|like|want))|(?:because|cause|cuz) who|love how|gotta love|got to love"
        r"|don't you (?:just )?love|lucky me|exactly what i (?:needed|wanted)|cool,? cool|living (?:the|my) (?:dream"
        r"|best)|what an? (?:joy|treat|delight|time to be)|such a (?:joy|pleasure|treat))\b",
        gives="sarcasm",
        fires="Nothing like my landlord drilling at six => sarcasm",
        spares="Nothing is like my landlord's drill",
    ),
    Rule(
        "favourite that is none",
        pattern=r"\bmy (?:absolute |all[- ]time |very )*favou?rite (?:thing|part|hobby|pastime"
        r"|activity)\b[^.:,]{0,20}[:,] (?:being|waiting|getting|having|queue?ing|sitting|standing|paying|filling"
        r"|arguing)\b",
        gives="sarcasm",
        fires="My favourite thing: arguing with my bank => sarcasm",
        spares="My favourite thing: skating on my pond",
    ),
    Rule(
        "oh yes, I love it",
        pattern=r"^(?:oh|ah),? (?:yes|sure|yeah|absolutely|of course),? (?:i|we) (?:just |so |really |do "
        r"|absolutely )*(?:love|adore|enjoy|live for)\b",
        gives="sarcasm",
        fires="Oh absolutely, I adore my landlord => sarcasm",
        spares="Oh, I adore dancing in the rain",
    ),
    Rule(
        "oh yes",
        pattern=r"^(?:oh|yeah|yes|sure),? (?:yes|yeah|sure|right),? (?:i|i'm|im|my|we)\b(?: \w+){0,2}? (?:definitely"
        r"|totally|absolutely|obviously|clearly|so)\b",
        gives="sarcasm",
        fires="Oh yes, I'm definitely going to be a pilot at 70 => sarcasm",
        spares="Oh yes, I'm going to be a pilot",
    ),
    Rule(
        "opened by if",
        pattern=r"^(?:and |but |so |ok |well |what )?(?:if|what if|even if|unless|in case(?! you\b)) (?:i|i'm|im|we"
        r"|we're|my|our|you|there|only)\b(?! (?:may|remember|recall|understand|am honest|'m honest|'m not mistaken"
        r"|forg[eo]t|did(?:n't| not) say|(?:need|want|must|care|have) to know))",
        gives="hypothetical",
        fires="If I lived in Rome, my commute is nothing => hypothetical",
        spares="As if I said that I live in Rome",
    ),
    Rule(
        "condition turned round",
        pattern=r"^(?:and |but |so )?(?:were (?:i|we|my|our)\b(?=[^?]*\b(?:would|'d|wouldn't)\b)|should (?:i|we|my"
        r"|our)\b(?=[^.!?]*,)|had (?:i|we)\b(?=[^.!?]*,)|had my [^,]{2,40}, (?:i|he|she|we|they|it)(?:'d| "
        r"would)\b)(?![^?]*\?\s*$)",
        gives="hypothetical",
        fires="Had I known, I would own my flat => hypothetical",
        spares="Had my appendix out in May, my son too",
    ),
    Rule(
        "could have been",
        pattern=r"\b(?:i|we) (?:could|might|would|should)(?: have|'ve) (?:\w+ed|been|had|become|gone|bought|got"
        r"|made)\b|\b(?:i|we) (?:might|may) as well\b",
        gives="hypothetical",
        fires="I could have been a doctor => hypothetical",
        spares="I could have lunch with my doctor",
    ),
    Rule(
        "said by its notes",
        pattern=r"\byour (?:notes?|records?|memory|memories|profile|file|summary|database)\b[^.!?\n]{0,20}\b(?:say"
        r"|says|said|states?|claims?|thinks?|has|have|shows?|lists?)\b"
        r"|\b(?:here(?:'s| is) )?what i (?:have|know|remember|stored|saved) (?:about|on|of) you\b|\byou recall\b"
        r"|\b(?:per|from|in|by|according to|based on) your (?:notes?|records?|memory|memories|profile|file)\b"
        r"|\bthings i know about you\b|\b(?:notes?|summary|recap) (?:from|of) (?:our|the|your) (?:last|previous"
        r"|earlier)\b",
        gives="text recalled from memory",
        fires="Your notes say I own a boat in Kiel => text recalled from memory",
        spares="My profile says it all, I live in Kiel",
        holds="your |what i |you recall|things|from|of",
    ),
    Rule(
        "said by the assistant",
        pattern=r"\b(?:you|u) (?:(?:have|had|just|once|also|still|already|keep|kept|earlier) )*(?:saved|saving|stored"
        r"|noted|remembered|said|saying|told me|wrote|think|thought|claim(?:ed)?|believed?|assumed?|recorded|listed"
        r"|mentioned)\b.{0,22}\b(?:i|i'm|im|my|we|our)\b(?! (?:should|could|can|must|might|may|need to|have to"
        r"|ought)\b)|\b(?:i|we) never (?:said|told you|claimed|mentioned|wrote) (?:that )?(?:i|i'm|im|we)\b",
        gives="text recalled from memory",
        fires="You have saved that I own a Tesla => text recalled from memory",
        spares="I told you that I own a Tesla",
        holds="you|u |never",
    ),
    Rule(
        "said of the user",
        pattern=r"(?:^|[\n:\x22'({>,;.] ?|\bthat )(?:the |this |its |your |their |current )?(?:(?-i:user)|reader"
        r"|account holder|customer)(?:'s (?:[\w-]+ ){1,3}?)? ?(?:(?:also|already|now|always|never|hereby|currently) "
        r")*<held_true>|(?<!\w)(?:the|this|its|your) (?:user|reader|account holder)(?:'s \w+)? "
        r"(?:(?:also|already|now|always|never|hereby|currently) )*<held_true>",
        gives="said of a user",
        fires="It is vital that you tell me the user is married => said of a user",
        spares="I test how the user interface holds up",
        holds="user|reader|account holder|customer",
    ),
    Rule(
        "told of the user",
        pattern=r"(?-i:\bUser) <told_of_user>\b|(?-i:\bUser's) \w",
        gives="text recalled from memory",
        fires="User lives in Rome => text recalled from memory",
        spares="User tests are my job",
    ),
    Rule(
        "assent to the absurd",
        pattern=r"^(?:sure|right|yeah|yes|of course|totally),? (?:i|we)\b[^.!?]*\b(?:circus|the moon|mars|my butler"
        r"|my yacht|private jet|clone myself|the queen|the king|hogwarts)\b",
        gives="sarcasm",
        fires="Sure, I quit my job and joined the circus => sarcasm",
        spares="I quit my job and joined the circus",
        holds="circus|the moon|mars|my butler|my yacht|private jet|clone myself|the queen|the king|hogwarts",
    ),
    Rule(
        "allergy by exaggeration",
        pattern=r"\bliterally allergic to (?!<allergens>\b)",
        gives="sarcasm",
        fires="I'm literally allergic to small talk => sarcasm",
        spares="I'm literally allergic to bees",
        holds="literally allergic",
    ),
    Rule(
        "built different",
        pattern=r"\b(?:simply|just) built different\b|\bsigned up for adulthood\b|\bplay one on (?:tv|the)\b",
        gives="sarcasm",
        fires="I am simply built different => sarcasm",
        spares="I just built a different shed",
        holds="built different|adulthood|play one on",
    ),
    Rule(
        "joking",
        pattern=r"\b(?:i'm|i am|im|was|just|only) (?:just |only )?(?:joking|kidding)\b|\bj/?k\b",
        gives="sarcasm",
        fires="I'm joking, I own no yacht => sarcasm",
        spares="I joke a lot at work",
    ),
    Rule(
        "quoted speech",
        pattern=r"^[\x22'][^\x22]{3,200}[\x22'],? (?:said|says|wrote|goes|he|she|they|according|was what)\b",
        gives="said by another",
        fires='"I have three kids", said the actor => said by another',
        spares="'Dune' by Herbert is mine",
    ),
    Rule(
        "reported by something",
        pattern=r"^(?:an?|the|some|this|that|one|my|our) (?!(?:[\w-]+ ){0,3}?(?:<kin>|<who_knows_about_one>|boss"
        r"|manager|landlord|landlady|teacher|policy|contract|lease|company|union|school|council|insurance)\b)"
        r"(?:[\w'-]+ ){1,6}?(?:says?|said|claims?|claimed|predicts?|goes|reads?|sings?|sang|states?|thinks?)\b[:,]? "
        r"(?:that )?\W?(?:i|i'm|i've|my|we)\b",
        gives="said by another",
        fires="A billboard in town says I love golf => said by another",
        spares="My aunt says I talk in my sleep",
    ),
    Rule(
        "ironic reason",
        pattern=r"\bbecause that's (?:exactly )?what\b|\bclearly i\b|\bof course (?:i'm|i am|i have) (?:a|an|the"
        r"|made)\b",
        gives="sarcasm",
        fires="Of course I have a yacht => sarcasm",
        spares="Of course my sister has a boat",
    ),
)
"""Signs, in one sentence, that it is not meant literally, or not said by the user. Each gives the reason."""
