"""A clause whose subject is left out: "allergic to sulfa", "moved to Denver"."""

from holdfast.extractors.embedded.rules import Rule

DROPPED = (
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
)
