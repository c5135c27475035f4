"""What is so or has happened, told without saying to whom: "home is Oslo", "car got stolen"."""

from holdfast.extractors.embedded.rules import Rule

HAPPENED = (
    Rule(
        "home is",
        pattern=r"^home(?: for (?:me|us))?(?:'s| is) (?:in )?(?=(?-i:[A-Z]))",
        gives="I live in ",
        fires="home for me is Halifax => I live in Halifax",
        spares="home is where the heart is",
    ),
    Rule(
        "the plan is",
        pattern=r"^the (?P<noun>plan|goal|aim|dream) is to (?!(?:help|empower|inspire|support|encourage|raise|spread"
        r"|make|create|give|promote"
        r"|provide|bring)\b)",
        gives=r"my \g<noun> is to ",
        fires="The plan is to sell up => my plan is to sell up",
        spares="The plan is good",
    ),
    Rule(
        "greetings from",
        pattern=r"^(?:cheers|greetings|hello|hi|hey|regards|salutations|good (?:morning|evening)) from (?=(?:sunny "
        r"|rainy |cold |snowy |a |the )*"
        r"(?-i:[A-Z])\w+)(?!the team\b|us\b|me\b)",
        gives="I'm in ",
        fires="Cheers from Bergen, where it rains => I'm in Bergen, where it rains",
        spares="Cheers from the team",
    ),
    Rule(
        "it is a no",
        pattern=r"^(?:it's|its|it is|that's) a (?:firm |definite |hard |big )?(?P<say>no|yes) to (?P<what>(?!(?:it"
        r"|that|this|them)\b)[^,.;]{3,50}?)"
        r"(?: from (?:me|us))?(?=[.,;!]|$)",
        gives=r"I said \g<say> to \g<what>",
        fires="It's a no to the Riga job from me => I said no to the Riga job",
        spares="It's a no to that",
    ),
    Rule(
        "it and I do not agree",
        pattern=r"^(?P<what>(?!(?:I|we|he|she|they|it|you|my)\b)[\w'-]+(?: [\w'-]+){0,3}) and (?:I|me) (?P<do>don't"
        r"|do not|never|didn't|no longer) "
        r"(?:really )?(?:get on|get along|got on|mix|agree)\b",
        gives=r"I \g<do> get on with \g<what>",
        fires="Spicy food and I don't get on => I don't get on with Spicy food",
        spares="Spicy food and I get on",
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
        r"|changed|brought|extended|raised|increased|lowered|cut|bumped|shortened|doubled|halved|tripled|upped"
        r"|reduced|dropped|swapped|switched"
        r"|replaced|renewed|approved|rejected|refused|granted|closed|fixed|stopped)"
        r"(?P<way> back| forward| up)? (?P<what>(?:my|our) (?:[\w'-]+ ){0,2}?[\w'-]+)(?= (?:back|forward|to|until"
        r"|by|from|up|down)\b|[.,!]|$)",
        gives=r"\g<what> was \g<deed>\g<way>",
        fires="they rescheduled my appointment to Thursday => my appointment was rescheduled to Thursday",
        spares="they moved in to my house",
    ),
    Rule(
        "they did to me",
        pattern=r"^they(?:'ve| have)? (?:just |finally )?(?P<deed>put|made|offered|hired|fired|promoted|moved|switched"
        r"|accepted|rejected|approved|diagnosed|prescribed|transferred|sacked|demoted|asked|invited|allowed|granted"
        r"|sent|given|assigned|seconded|nominated) me\b(?! (?:if|what|how|why|that|about|a\b|an\b|the\b))",
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
)
