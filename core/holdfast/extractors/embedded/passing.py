"""What passes: statements true for an hour, about the task at hand or the talk itself, that no one need remember."""

from holdfast.extractors.embedded.rules import Rule, compiled

PASSING = (
    Rule(
        "of the moment",
        pattern=r"\b(?:right now|at this (?:moment|point|time)|this (?:very )?(?:second|minute|morning|afternoon"
        r"|evening)|just now"
        r"|for (?:a|one) (?:sec|second|minute|moment|bit)|in (?:a|an|one|two|five|ten|\d+|a few|a couple of) (?:sec"
        r"|second|min|minute|bit|hour)\w*"
        r"|tonight|brb|as (?:we|I) speak|as User types?)\b|(?<!sober )(?<!clean )\btoday\b",
        gives="of the moment",
        fires="User is at the dentist right now => of the moment",
        spares="User is at the dentist every June",
    ),
    Rule(
        "momentary doing",
        pattern=r"^User(?:'s team)? (?:is|was|has been|are|am) (?:<passing_adverbs> )*(?:<doing_of_the_moment>)\b",
        gives="of the moment",
        fires="User is waiting for the bus => of the moment",
        spares="User is building a boat",
    ),
    Rule(
        "mood",
        pattern=r"^User(?:'s [\w' -]{2,40}?)? (?:is|was|feels|felt|has been|gets|got|looks|seems|sounds|isn't"
        r"|wasn't|doesn't feel|are|were)"
        r" (?:<passing_adverbs> )*<passing>\b(?! (?:handed|eyed|blooded|tempered|on my feet|years|since (?:\d"
        r"|<times_named>|the\b|User's\b))|-|(?<=back) (?:from|in|with|on|living) \w|(?:(?<=mad)|(?<=crazy)|(?<=nuts)"
        r"|(?<=obsessed)|(?<=hooked)) (?:about|on|with|for) (?!it\b|that\b|this\b|you\b)\w"
        r"|(?<=worse) (?:on|in|at|with|when"
        r"|after|during|if)\b)",
        gives="mood or judgement",
        fires="User is so tired of it all => mood or judgement",
        spares="User is left-handed",
    ),
    Rule(
        "at a place of the moment",
        pattern=r"^User(?:'s team)? (?:is|was) (?:<passing_adverbs> )*(?:at|in|on|off|out of|into|up to|about to"
        r"|under|over|through|down|near)"
        r" (?:<passing_places>)\b(?!.*\b(?:most|every|always|usually|each)\b)",
        gives="of the moment",
        fires="User is on the bus to town => of the moment",
        spares="User is on a low-sodium diet",
    ),
    Rule(
        "talk",
        pattern=r"^User(?:'s team)? (?:<passing_adverbs> |has |had |is |was |have |been |did |didn't |doesn't |isn't )*"
        r"<verbs_of_talk>\b|^User's (?:[\w'-]+ ){1,3}(?:says?|said|claims?|claimed|reckons?|swears?|insists?|shows?"
        r"|reads|displays|asks?|asked)\b|\bcan "
        r"(?:barely|hardly)\b",
        gives="talk about the conversation",
        fires="User asked for a list => talk about the conversation",
        spares="User teaches Greek",
    ),
    Rule(
        "trouble",
        pattern=r"\b(?:gets?|getting|got|sees?|seeing|saw|hits?|hitting|receives?|received|keeps? getting|ran into"
        r"|runs? into|throws?)"
        r" (?:an?|the|this|that|these|some|nothing|no|stuck|\w+) ?(?:[\w.-]+ ){0,3}?(?:errors?|exceptions?"
        r"|warnings?|messages?|timeouts?|crash\w*"
        r"|output|results?|blank|failures?|prompts?|\d{3}s?|null|none)\b"
        r"|\b(?:can't|cannot|couldn't|isn't able to|can not|unable to) (?:<passing_adverbs> )*<verbs_of_trouble>\b",
        gives="about the task at hand",
        fires="User can't open the file => about the task at hand",
        spares="User can't eat shellfish",
    ),
    Rule(
        "trouble with a device",
        pattern=r"^User's (?:[\w-]+ )?<devices> (?:(?:is|was|are|has been) (?:<passing_adverbs> )*(?:frozen|slow"
        r"|down|broken|dead|stuck|blank|black|loading|crash\w*"
        r"|freezing|lagging|laggy|glitch\w*|buffering|not|acting|failing|overheating|hanging|unresponsive|off|weird"
        r"|throwing|showing|giving|flickering)"
        r"|isn't|won't|can't|doesn't (?:work|load|open|start|connect|turn|respond|show|run|compile)|keeps|stopped"
        r"|froze|crash\w*|fails?|failed|died|says|shows)\b",
        gives="about the task at hand",
        fires="User's screen is frozen => about the task at hand",
        spares="User's laptop is a ThinkPad",
    ),
    Rule(
        "tried a remedy",
        pattern=r"^User(?:'s team)? (?:<passing_adverbs> |has |had |have |already )*<verbs_of_remedy>\b",
        gives="about the task at hand",
        fires="User restarted the router twice => about the task at hand",
        spares="User repaired the roof in May",
    ),
    Rule(
        "material of the task",
        pattern=r"^User(?:'s| (?:<passing_adverbs> |is |was |has |had |have |been |does |did |doesn't |didn't "
        r")*[\w']+ (?:on |with |for |in |at |from )?(?:to (?:\w+ )?)?"
        r"(?:an?|the|two|three|some|my|User's|this|these|\d+|another|all|each|every|more)) (?:[\w-]+ "
        r"){0,2}?<task_words>\b(?! (?:school|club|review|day))",
        gives="about the task at hand",
        fires="User needs two arrays of numbers => about the task at hand",
        spares="User needs two knees replaced",
    ),
    Rule(
        "judgement of oneself",
        pattern=r"^User (?:is|was|feels like) (?!the only )(?:<passing_adverbs> |such |being )*(?:an? |the |some "
        r")?(?:<passing_adverbs> )*(?:[\w-]+ )?"
        r"<what_one_calls_oneself>\b",
        gives="mood or judgement",
        fires="User is a complete mess => mood or judgement",
        spares="User is a complete beginner at chess",
    ),
    Rule(
        "commonplace",
        pattern=r"^User(?:'s team)? (?:<passing_adverbs> |is |has |been |was |will |can )*(?:mak(?:es?|ing)|made"
        r"|giv(?:es?|ing)|gave|chas(?:es?|ing|ed)|follow(?:s|ing|ed)?"
        r"|tak(?:es?|ing)|spread(?:s|ing)?|liv(?:es?|ing)|kee?p(?:s|ing|t)?|stay(?:s|ing|ed)?|push(?:es|ing|ed)?) "
        r"(?:[\w' ]{0,30}?)"
        r"(?:difference|impact|voice|dreams?|ambitions?|hearts?|passions?|awareness|joy|love|life|back to|going"
        r"|strong|positive|forward|one day at a time|best)\b",
        gives="commonplace",
        fires="User is making a real difference => commonplace",
        spares="User is making a real cello",
    ),
    Rule(
        "time of nothing",
        pattern=r"^User(?:'s team)? (?:has|have|had) (?:been|done) (?:for|since) [\w ]+$",
        gives="no lasting statement",
        fires="User has been for ten years => no lasting statement",
        spares="User has been abroad for ten years",
    ),
    Rule(
        "said to the other",
        pattern=r"\b(?:thanks?(?! (?:god|goodness|heavens|to)\b)|thank you|please|sorry|congrats\w*|good luck|take "
        r"care|cheers to|see ya|lol|haha\w*"
        r"|btw)\b",
        gives="talk to the other side",
        fires="User lives in Rome, sorry => talk to the other side",
        spares="User lives on Sorrel Road",
    ),
)
"""Each gives the reason. Patterns see the rewritten clause; only open shapes ask."""


def passing(text: str) -> str | None:
    """Return why a rewritten statement, its lead left out, is nothing lasting, or None."""
    return next((rule.gives for rule in PASSING if compiled(rule.pattern).search(text)), None)
