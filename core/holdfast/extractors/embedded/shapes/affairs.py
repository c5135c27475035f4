"""Affairs of a life: what is due or pending, what befell one's things, what one does by trade without saying "work"."""

from holdfast.extractors.embedded.shapes.shape import Shape

AFFAIRS = (
    Shape(
        "is off to",
        "plan",
        "be go head",
        rest=r"(?:(?:off|away|out|back|over|down|up) )(?:to|in|at|from|until|till|on|for) (?!work\b|bed\b|it\b"
        r"|you\b)\S",
        fires="We're back from leave on 3 July => plan",
        spares="We're back to it from 3 July",
        tense="present future",
        needs="date+detail",
    ),
    Shape(
        "waits for care",
        "health",
        "wait be",
        rest=r"(?:for|on) (?:an?|my|user's|the|some) (?:[\w'-]+ ){0,3}?(?:replacement|transplant|surgery|operation"
        r"|biopsy"
        r"|scan|mri|diagnosis|assessment|referral|specialist|waiting list|wait list|list for|test results?|results"
        r"|<conditions>)\b",
        fires="I'm waiting for a hip replacement => health",
        spares="I'm waiting for a bus ticket",
        tense="present perfect",
    ),
    Shape(
        "waits for papers",
        "plan",
        "wait",
        rest=r"(?:for|on|to hear (?:about|from|on)) (?:my|user's|our|the|an?|his|her) (?:[\w'-]+ ){0,3}?(?:visa|permit"
        r"|citizenship|green card|passport|offer|mortgage|licen[cs]e|decision|keys|degree|certificate|council"
        r"|home office"
        r"|embassy|adoption|custody|settlement|refund|payout|inheritance|verdict)\b",
        fires="We're waiting on our spouse visa => plan",
        spares="We're waiting on our waiter",
        tense="present perfect",
    ),
    Shape(
        "brings on",
        "health",
        "bring send put set make",
        rest=r"user (?:out in|into|off|on) (?:an? |my |user's )?(?:<bodily_effects>|\w*(?:ing|fits?|spots|shock"
        r"|attack)\b)",
        fires="Strawberries bring me out in hives => health",
        spares="Strawberries bring me out in droves",
        who="other",
        tense="present past",
    ),
    Shape(
        "chosen or spoilt by others",
        "event",
        "pick choose accept reject approve award select buy publish print nominate shortlist break damage tow clamp hit"
        " refuse deny grant sign offer fine renew invite",
        rest=r"user(?:'s (?!(?:idea|point|question|answer|prompt|input|attention|message)\b)[\w'-]+|(?!')\b)(?!.*\?"
        r"|.*\b<claimed_rights>\b)",
        fires="The jury picked my mural => event",
        spares="The jury picked my question",
        who="other",
        tense="past perfect",
    ),
    Shape(
        "made permanent",
        "work",
        "be become get",
        rest=r"(?:(?:just|finally|now|been|made|going) )*(?:permanent|full[- ]time|part[- ]time|partner|freelance"
        r"|head of \w+|acting \w+|self[- ]employed)\b(?! (?:job|work|role|student|resident)\b)",
        fires="They made me permanent => work",
        spares="They made me permanently sad",
        who="user",
    ),
    Shape(
        "voted",
        "decision",
        "vote agree standardise standardize settle converge commit plump opt land align",
        rest=r"(?:for|on|to|against|upon) (?!<object_pronouns>\b)\S",
        fires="Our team voted for trunk based development => decision",
        spares="Our team voted for it",
        tense="past perfect",
        needs="plain",
    ),
    Shape(
        "will be taking",
        "decision",
        "take go do move use accept keep sell buy switch leave join start stay work study",
        rest=r"(?!<object_pronouns>\b|<passing>\b|a (?:look|break|nap|walk)\b)\S",
        fires="I will be taking the redundancy package => decision",
        spares="I will be taking it",
        who="user",
        tense="future",
        needs="progressive+lasting+plain",
    ),
    Shape(
        "a thing of theirs befell",
        "event",
        "*",
        rest=r"\S",
        fires="Our boiler packed in yesterday => event",
        spares="Our question came up yesterday",
        who="thing",
        tense="past perfect",
        needs="matter+date+lasting",
    ),
    Shape(
        "milestone of the day",
        "event",
        "take be have get pass win sign say walk crawl start finish",
        rest=r"(?:just |finally |officially )?(?:born|accepted|promoted|engaged|(?:my|user's|his|her|their|our|the) "
        r"(?:first|last|final) \w+|offered|hired|made redundant|diagnosed|discharged)\b",
        fires="My grandson was born this morning => event",
        spares="My grandson was bored this morning",
        who="any",
        tense="past perfect",
        needs="date",
    ),
    Shape(
        "uses by pinning",
        "technology",
        "pin target support standardise standardize self-host host deploy ship",
        rest=r"(?!(?:it|this|that|them|you)\b)(?:[\w'-]+ )?(?:to|on|for|with|at|via|from) (?!(?:it|this|that|them"
        r"|you)\b)\S",
        fires="We pin everything to node 20 => technology",
        spares="We pin everything 20 times to it",
        tense="present perfect",
        needs="simple+tech|simple+number|progressive+tech",
    ),
    Shape(
        "released",
        "event",
        "ship release launch deploy publish merge cut roll",
        rest=r"(?!<object_pronouns>\b)(?:out )?\S",
        fires="We launched on 28 May => event",
        spares="We launched it on 28 May",
        tense="past perfect",
        needs="date",
    ),
    Shape(
        "can do a craft",
        "skill",
        "*",
        rest=r"(?:$|,|badly\b|well\b|a bit\b|a little\b|but\b|though\b|passably\b|fluently\b|decently\b)",
        fires="I can weld, badly => skill",
        spares="I can see, badly",
        who="user",
        tense="modal",
        needs="can+craft+positive",
    ),
    Shape(
        "works under them",
        "work",
        "report answer belong",
        rest=r"(?:in)?to user\b",
        fires="The whole team reports to me => work",
        spares="The whole answer is known to me",
        who="other",
        tense="present perfect",
    ),
    Shape(
        "does it harm or good",
        "health",
        "wreck ruin affect help trigger worsen cause cure mess kill disturb calm ease",
        rest=r"(?:up )?user(?:'s (?:sleep|back|knees?|skin|stomach|gut|joints?|mood|hips?|periods?|asthma|migraines?"
        r"|anxiety"
        r"|balance|memory|appetite|energy|voice|hearing|sight)| sleep)\b",
        fires="Perimenopause has wrecked my sleep => health",
        spares="Perimenopause has wrecked my plan",
        who="other",
        tense="present perfect past",
    ),
    Shape(
        "preference is",
        "preference",
        "be",
        rest=r"(?:for |to )?(?!<object_pronouns>\b)\S",
        fires="My preference is a window seat => preference",
        spares="My preference is that",
        who="thing",
        subject="^User's (?:strong |usual |general )?(?:preference|go-to|usual|default|weakness|comfort food|guilty "
        "pleasure"
        r"|pet hate|pet peeve|poison)(?: [\w'-]+){0,3}$",
    ),
    Shape(
        "is on or off it",
        "habit",
        "be",
        rest=r"(?:off|on) (?:the |all )?(?:booze|drink|alcohol|sugar|meat|caffeine|coffee|cigarettes|fags|carbs"
        r"|dairy|gluten"
        r"|social media|nights|days|earlies|lates|pill|wagon|statins|antidepressants|steroids)\b",
        fires="I've been off the booze since May => habit",
        spares="I've been off the boat since May",
        tense="present perfect past",
        category="health",
    ),
)
