"""Allergies, diets, conditions and treatment."""

from holdfast.extractors.embedded.shapes.shape import Shape

HEALTH = (
    Shape(
        "allergy",
        "health",
        "be",
        rest="(?:<allergy_fillers> )*<allergy_words>",
        fires="I'm allergic to penicillin => health allergy:penicillin=penicillin",
        spares="I'm allergic to mornings",
        who="any",
        slot="allergy:{object}",
        value=r"(?:[\w-]+ )?allergic to (?P<value>[\w' -]{2,30}?)(?= after all| anymore| any more| it turns out|$)",
    ),
    Shape(
        "suffers",
        "health",
        "have get suffer",
        rest=r"(?:from )?(?:(?:a lot of|lots of|some|frequent|regular|bad|real|constant|major) )*(?:(?:trouble"
        r"|difficulty|problems) (?:sleeping"
        r"|breathing|walking|hearing|seeing|swallowing|concentrating|with (?:my|user's))|panic attacks?|seizures"
        r"|hot flushes"
        r"|palpitations|night sweats|dizzy spells|chest pains?|back pain|nosebleeds|flare-?ups)\b",
        fires="I've been having panic attacks => health",
        spares="I've been having visitors",
    ),
    Shape(
        "diet",
        "health",
        "be go turn become stay",
        rest=r"(?:<diet_fillers> )*<diet_words>\b(?! (?:restaurant|food|recipe|burger|cake|bakery"
        r"|place|leather))",
        fires="I've gone vegan => health diet=vegan!",
        spares="I went to a vegan restaurant",
        who="any",
        slot="diet",
        value=r".*?(?P<value>vegan|vegetarian|pesc[ae]tarian|omnivore|flexitarian|carnivore|keto|paleo"
        r"|gluten[- ]free|dairy[- ]free|plant[- ]based|halal|kosher|low[- ]carb)\b",
        single=True,
    ),
    Shape(
        "eats it again",
        "health",
        "eat start",
        rest=r"(?:eating |to eat )?(?P<value>meat|fish|chicken|dairy|eggs|everything)\b[^,.]{0,20}?\b(?:again|now"
        r"|these days)\b",
        fires="I've started eating meat again => health diet=meat!",
        spares="I've started eating it again",
        who="user",
        tense="present past perfect",
        slot="diet",
        value=r"(?:eating |to eat )?(?P<value>meat|fish|chicken|dairy|eggs|everything)\b",
        single=True,
    ),
    Shape(
        "takes it so",
        "preference",
        "take have like drink",
        rest=r"(?:my|user's) (?:coffee|tea|espresso|steak|eggs|whisky|eggs|toast) \S",
        fires="I take my coffee black => preference",
        spares="I take my coffee",
        who="user",
        tense="present",
    ),
    Shape(
        "eats",
        "health",
        "eat drink touch consume tolerate digest",
        rest=r"(?!it\b|that\b|this\b|them\b|there\b|here\b|so\b|too\b|out\b|lunch\b(?! at)|dinner\b(?!"
        r" at)|for half)<object>",
        fires="I don't eat pork => health diet:pork=pork not",
        spares="I ate it",
        tense="present modal perfect",
        slot="diet:{object}",
        value=r"(?P<value>meat|fish|dairy|gluten|sugar|pork|beef|eggs|nuts|shellfish|seafood|alcohol"
        r"|coffee|caffeine|wheat|lactose|peanuts|soy|chicken|red meat|bread|carbs|onions?|garlic"
        r"|milk|cheese)\b",
    ),
    Shape(
        "condition",
        "health",
        "have suffer get develop be beat survive live contract catch manage",
        rest=r"(?:<condition_fillers> )*(?:[\w-]+ ){0,3}?<condition_words>\b(?! (?:from|of) you)",
        fires="I have asthma => health",
        spares="I have a mild preference",
        who="any",
        tense="present past perfect future",
    ),
    Shape(
        "weighs",
        "health",
        "weigh be",
        rest=r"(?:now |only |about |around |almost |nearly |just |still )*(?:(?:down|up|back) (?:to|at) )?(?:about "
        r"|around )?\d[\d.,]* ?(?:kg|kgs|kilos?|lbs?|pounds|stone|st)\b",
        fires="I weigh 90 kg => health attr:weight=90 kg!",
        spares="I weigh 90 options",
        who="user",
        tense="present",
        slot="attr:weight",
        value=r"(?:now |only |about |around |almost |nearly |just |still )*(?:(?:down|up|back) (?:to|at) "
        r")?(?:about |around )?(?P<value>\d[\d.,]* ?(?:kg|kgs|kilos?|lbs?|pounds|stone|st))\b",
        single=True,
    ),
    Shape(
        "injury",
        "health",
        "break sprain tear twist injure hurt fracture dislocate pull cut burn lose strain rupture bruise",
        rest=r"(?:my|user's|his|her|an?|the|both) (?:[\w-]+ ){0,2}?<injury_words>\b",
        fires="I tore my ACL in March => health",
        spares="I broke my phone",
        who="any",
        tense="past perfect",
    ),
    Shape(
        "takes medicine",
        "health",
        "take inject use be",
        rest=r"(?:[\w-]+ ){0,4}?(?:\d+ ?(?:mg|mcg|ml|units?|iu)\b|<takes_medicine_words>\b)",
        fires="I take levothyroxine 75 mcg every morning => health",
        spares="I take 75 photos",
        who="any",
    ),
    Shape(
        "put on medicine",
        "health",
        "put start prescribe diagnose switch take move wean keep",
        rest=r"(?:me|user|him|her|them) (?:on|off|with|up to|down to|back on)\b|with <conditions>",
        fires="My cardiologist put me on apixaban => health",
        spares="My boss put me on hold",
        who="any",
        subject="<put_on_medicine_words>",
    ),
    Shape(
        "sobriety",
        "health",
        "smoke vape quit stop give",
        rest="(?:up )?<sobriety_words>(?! (?:it|that))",
        fires="I quit smoking in May => health",
        spares="I quit the game",
    ),
    Shape(
        "body",
        "health",
        "be hurt ache get flare",
        rest="<body_states>",
        fires="My blood pressure is too high => health",
        spares="My bike is too high",
        who="thing",
        subject="^User's (?:(?:left|right|lower|upper|bad) )?<body_parts>$",
    ),
    Shape(
        "therapy",
        "health",
        "see attend do have visit",
        rest=r"(?:an?|my|user's|the) (?:[\w-]+ )?<therapy_words>\b",
        fires="I see a therapist twice a month => health",
        spares="I see a problem",
        tense="present perfect past future",
    ),
)
