"""Sentences that are not meant as they are said: irony, jokes, reports of others."""

from holdfast.extractors.embedded.rules import Rule

SARCASM = (
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
        pattern=r"\b(?:just|absolutely|really|simply) (?:love|adore|enjoy) "
        r"(?:it when|how (?:the|my|our|every|this)|when (?:the|my|our|people))\b",
        gives="sarcasm",
        fires="I just love it when my train is late => sarcasm",
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
        pattern=r"\b(?:just|absolutely|really|simply|so|do) (?:love|adore|enjoy) (?:waiting|being (?:on hold|lied"
        r"|ignored"
        r"|late"
        r"|stuck|yelled|told|called|woken)|getting (?:up at|ignored|yelled|stuck|spam\w*|woken)|cleaning up after"
        r"|paying"
        r"|sitting in traffic|standing in line|filling (?:in|out)|losing|having to|(?:doing )?(?:my )?taxes|traffic"
        r"|meetings that)\b",
        gives="sarcasm",
        fires="I just love waiting on hold for two hours => sarcasm",
        spares="I just love hiking for two hours",
    ),
    Rule(
        "praise of what recurs",
        pattern=r"^(?:great|fantastic|wonderful|perfect|brilliant|lovely|awesome|marvell?ous|nice one|yay|just great"
        r"|how"
        r" lovely|lucky me|(?:wow,? |oh,? )?(?:i'm|im|i am) so lucky|(?:oh,? )?what an? (?:joy|treat|delight"
        r"|pleasure))\b"
        r"[^.!?]{0,60}\b(?:again|another)\b",
        gives="sarcasm",
        fires="Fantastic, my car broke down again => sarcasm",
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
        pattern=r"^(?:oh,? |ah,? |well,? |and )*(?:nothing (?:like|says|beats)|who (?:needs|doesn't (?:love|like|want))"
        r"|(?:because|cause|cuz) who|love how|gotta love|got to love|don't you (?:just )?love|lucky me|exactly what i "
        r"(?:needed|wanted)|cool,? cool|living (?:the|my) (?:dream|best)|what an? (?:joy|treat|delight|time to be)"
        r"|such a "
        r"(?:joy|pleasure|treat))\b",
        gives="sarcasm",
        fires="Nothing like my landlord drilling at six => sarcasm",
        spares="Nothing is like my landlord's drill",
    ),
    Rule(
        "favourite that is none",
        pattern=r"\bmy (?:absolute |all[- ]time |very )*favou?rite (?:thing|part|hobby|pastime"
        r"|activity)\b[^.:,]{0,20}[:,] "
        r"(?:being|waiting|getting|having|queue?ing|sitting|standing|paying|filling|arguing)\b",
        gives="sarcasm",
        fires="My favourite thing: being on hold to my bank => sarcasm",
        spares="My favourite thing: skating on my pond",
    ),
    Rule(
        "oh yes, I love it",
        pattern=r"^(?:oh|ah),? (?:yes|sure|yeah|absolutely|of course),? (?:i|we) (?:just |so |really |do "
        r"|absolutely )*(?:love"
        r"|adore|enjoy|live for)\b",
        gives="sarcasm",
        fires="Oh yes, I adore queueing in the rain => sarcasm",
        spares="Oh, I adore dancing in the rain",
    ),
    Rule(
        "oh yes",
        pattern=r"^(?:oh|yeah|yes|sure),? (?:yes|yeah|sure|right),? (?:i|i'm|im|my|we)\b(?: \w+){0,2}? (?:definitely"
        r"|totally"
        r"|absolutely|obviously|clearly|so)\b",
        gives="sarcasm",
        fires="Oh yes, I'm definitely going to be a pilot at 70 => sarcasm",
        spares="Oh yes, I'm going to be a pilot",
    ),
    Rule(
        "opened by if",
        pattern=r"^(?:and |but |so |ok |well |what )?(?:if|what if|even if|unless) (?:i|i'm|im|we|we're|my|our|you"
        r"|there|only)\b"
        r"(?! (?:may|remember|recall|understand|am honest|'m honest|'m not mistaken))",
        gives="hypothetical",
        fires="If I lived in Rome, my commute is nothing => hypothetical",
        spares="As if I said that I live in Rome",
    ),
    Rule(
        "told of the user",
        pattern=r"(?-i:\bUser) <told_of_user>\b|(?-i:\bUser's) \w",
        gives="text recalled from memory",
        fires="User lives in Rome => text recalled from memory",
        spares="User tests are my job",
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
        pattern=r"^(?:an?|the|some|this|that|one|my|our) (?!(?:[\w-]+ ){0,2}?(?:<kin>|<who_knows_about_one>|boss"
        r"|manager|landlord|teacher)\b)(?:[\w'-]+ ){1,6}?"
        r"(?:says?|said|claims?|claimed|predicts?|goes|reads?|sings?|sang|states?|thinks?)\b[:,]? (?:that )?\W?(?:i"
        r"|i'm|i've|my|we)\b",
        gives="said by another",
        fires="A guy on the bus said I love Jesus => said by another",
        spares="My aunt says I talk in my sleep",
    ),
    Rule(
        "ironic reason",
        pattern=r"\bbecause that's (?:exactly )?what\b|\bclearly i\b"
        r"|\bof course (?:i'm|i am|i have) (?:a|an|the|made)\b",
        gives="sarcasm",
        fires="Of course I have a yacht => sarcasm",
        spares="Of course my sister has a boat",
    ),
)
"""Signs, in one sentence, that it is not meant literally. Each gives the reason."""
