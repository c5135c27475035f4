"""Frames of fiction: parts given out, scenes set, figures of tales, verse. What follows is nobody's life."""

from holdfast.extractors.embedded.rules import Rule

_BEGINS = r"(?:\A\W{0,3}|(?<=[.!?,;)] )|(?<=\n))"

ROLE_PLAY = (
    Rule(
        "person the other side is",
        pattern=_BEGINS + r"you(?:'re| are) (?-i:(?:Dr\.|Mr\.|Mrs\.|Ms\.|Sir|Lady|Captain|King|Queen)? "
        r"?[A-Z]\w+(?: [A-Z]\w+)?)[.!]\s+(?=(?:i|i'm|my|we|our)\b)"
        r"|\b(?:can|could|will|would) (?:you|u) (?:be|play) (?:my|the|an?) (?!(?:bit|little|lot|dear|more|shorter"
        r"|friend)\b)[\w-]+(?: [\w-]+)?[?.!]"
        r"|\bit(?:'s| is) (?:the year )?1[0-8]\d\d\b|\bthis is (?:just |only )?(?:improv|an? (?:role ?play|game"
        r"|story|scene|bit|sketch|simulation)|fiction|pretend|make-believe)\b",
        gives="role play",
        fires="You are Dr. House. I have a rash and my leg is numb => role play",
        spares="You are right. I have a rash on my leg",
        holds="you|can u|could u|will u|would u|it's|it is|this is",
    ),
    Rule(
        "as a figure",
        pattern=r"(?<!work )(?<!worked )(?<!works )(?<!working )(?<!job )(?<!dressed )(?<!dress )(?<!up "
        r")(?<!employed )(?<!known )(?<!cast )(?<!crowned )(?<!started )(?<!wedding )\bas (?:the|an?) "
        r"<archetypes>\b(?! (?:\w+er|\w+ist)\b)|\bin (?:this|that|my|an?other|our) (?:universe|timeline|reality"
        r"|dimension|au)\b,? (?:i|i'm|my|we|our)\b",
        gives="role play",
        fires="Say hello as the ghost of the house: I died in my attic => role play",
        spares="I worked as a butler in my house",
        holds="as |in ",
        needs=r"\bas (?:the|an?) |\bin (?:this|that|my|an?other|our) (?:universe|timeline|reality|dimension|au)\b",
    ),
    Rule(
        "part of the other side",
        pattern=r"(?:, (?:and )?|; )you(?:'re| are|r|'ll be| will be) (?:the|my) (?!<praised_as>\b)"
        r"(?:[\w-]+ )?[\w-]+(?=[.,;!:\n]|$)|\byou be (?:the|my|an?|(?-i:[A-Z]))|\blet me be (?:the|your|an?) \w+"
        r"|\b(?:i|me) the [\w-]+,? (?:and )?you the [\w-]+",
        gives="role play",
        fires="Let me be the teacher and you the pupil. I have taught for years => role play",
        spares="I practise my French, you're the best. I have a nut allergy",
        holds="you|let me",
    ),
    Rule(
        "be somebody",
        pattern=_BEGINS + r"(?:please |now |ok(?:ay)?,? )*(?:be|play|you play) (?:an?|my|the) (?!(?:\w+ )?(?:dear"
        r"|good|bit|little|friend|pal|kind|help|part|role|safe|team)\b)"
        r"(?:[\w-]+ ){0,2}[\w-]+[.!]\s+(?=(?:i|i'm|my|we|our)\b)",
        gives="role play",
        fires="Be a debt collector. I owe 4000 to my bank => role play",
        spares="Be a dear. I owe 4000 to my bank",
        holds="be |play ",
    ),
    Rule(
        "known character",
        pattern=r"\b(?:i'm|i am|im|as)(?: (?:now|really|actually))? <characters>(?=[.,;!?:\n]| and\b|$)",
        gives="role play",
        fires="I'm Gandalf and I ride my white horse => role play",
        spares="I'm Gandalf's biggest fan, I own his staff",
    ),
    Rule(
        "figure of old",
        pattern=_BEGINS + r"as an? (?:\d+(?:st|nd|rd|th)[- ]century \w+|medieval \w+|victorian \w+|roman \w+"
        r"|<archetypes>),? (?:i|i'm|my|we)\b|\b(?:say|do|think)\? (?:i'm|i am) (?-i:[A-Z])\w+ and\b",
        gives="role play",
        fires="As a 17th century sailor I have lost my ship => role play",
        spares="As a sailor I have lost my watch",
        holds="as a|?",
    ),
    Rule(
        "part of a song",
        pattern=r"\[(?:verse|chorus|bridge|intro|outro|hook|refrain|pre-chorus|scene|act)\b[^\]\n]{0,20}\]|\broses "
        r"are red\b|(?:\A|(?<=\n))(?:verse|chorus|bridge) ?\d?\n",
        gives="role play",
        fires="[Verse 1]\nI grew up on the wrong side of my town => role play",
        spares="My first verse\nI grew up in a town",
        holds="verse|chorus|bridge|intro|outro|hook|refrain|scene|act|roses",
    ),
    Rule(
        "play by word",
        pattern=_BEGINS + r"(?:play along|let's improvise|improvise with me|role ?play|quest log|let's make "
        r"believe|make[- ]believe)\b",
        gives="role play",
        fires="Let's improvise. I've been married to my ghost for years => role play",
        spares="I improvise in my band",
        holds="play along|improvise|role|quest|make",
    ),
    Rule(
        "game with parts",
        pattern=r"\b<let_us> (?:play|act|start|run|do|have|try)\b[^\n.!?:]{0,40}:\s|\b(?:<let_us>|we) rp\b"
        r"|\btext[- ]adventure\b(?! (?:games?|engines?|authors?|writ))",
        gives="role play",
        fires="Let's play office: my desk is the bridge => role play",
        spares="Let's play it safe, I'm the boss of a shop",
        holds="play|act|start|run|do|have|try|rp|text",
    ),
    Rule(
        "scene with parts",
        pattern=r"\b<let_us> (?:do|play|be) [\w' ]{2,30}[.!,:] (?:i'm|i am|i'll be|you're|you are) (?:the|your)\b"
        r"|\bhelp me (?:rehearse|practi[sc]e|act out|play)\b[^.:\n]{0,30}:|\bin (?:chapter|scene|act|part) (?:\d+"
        r"|one|two|three),? (?:i|my|we)\b",
        gives="role play",
        fires="Let's do Sherlock. I'm the landlady and I own the house => role play",
        spares="Let's do lunch. I'm in the house",
        holds="do |play|be |help me|chapter|scene|act|part",
    ),
    Rule(
        "scene by number",
        pattern=_BEGINS + r"(?:(?:ok(?:ay)?|and|now|so|right|on to|next|new|another|opening|final),? )*"
        r"(?:(?:scene|chapter|stanza|canto) (?:\d+|[ivx]+\b|one|two|three|four|five|six|seven)\b"
        r"|(?:new|next|another|opening|final) (?:scene|scenario|chapter|story)\b)(?!\?)[ ]?[.:,!\n-]",
        gives="role play",
        fires="Ok scene three. I'm the gardener and I own a shovel => role play",
        spares="Scene three of my show is done, I'm the gardener",
        holds="scene|chapter|stanza|canto|scenario|story",
    ),
    Rule(
        "stage directions",
        pattern=r"(?:\A|(?<=\n))[ ]*(?:INT|EXT)\. |\((?:in character|ic|as [A-Z]\w+|whisper(?:s|ing)|sighs|aside)\)"
        r"|\b(?:stay|remain|keep|be|still) in character\b",
        gives="role play",
        fires="EXT. BEACH - DAY\nI own this boat => role play",
        spares="My work is in character design",
        holds="int.|ext.|(|character",
    ),
    Rule(
        "once upon a time",
        pattern=r"\bonce upon a time\b|\bthere (?:once )?(?:lived|was once) an? \w+|\bin a (?:land|galaxy|kingdom) "
        r"far\b|\bin a faraway (?:land|kingdom)\b",
        gives="role play",
        fires="Once upon a time my house was a pumpkin => role play",
        spares="Once my house was on the market in time",
        holds="once|lived|in a land|in a galaxy|in a kingdom|faraway",
    ),
    Rule(
        "figure of a tale",
        pattern=r"(?<!\bif )\b(?:i'm|i am|im|i was)(?: (?:still|now|just|only))? (?:the|an?|your) <archetypes>"
        r"(?=[.,;!?\n]| and\b| who\b| from\b| of the\b| in [a-z]+ (?:and|where)\b| named\b| called\b| looking\b"
        r"| trapped\b| with an?\b|$)",
        gives="role play",
        fires="I'm an elf and I have lived for 900 years => role play",
        spares="I'm an elf fan and have read it all",
        needs=r"\b(?:i'm|i am|im|i was)\b",
    ),
    Rule(
        "part by order",
        pattern=_BEGINS + r"(?:please |now |ok(?:ay)? |then |always )*(?:be (?-i:[A-Z])\w+"
        r"|(?:speak|talk|answer|respond|reply|continue|react|go on|play|text|write|narrate)(?: to me| on| back| this)? "
        r"as (?!(?:you|i|it|if|short|brief|usual|always|soon|much|little|few|many|well|plain|follows|text|markdown"
        r"|json|csv|html|code|bullets?)\b)"
        r"(?:(?:the|my|an?|your) (?!(?:list|table|file|pdf|letter|rule|result|bullet|single|native|human|professional"
        r"|expert|friend|plain|json|markdown)\b)\w|(?-i:[A-Z])\w))",
        gives="role play",
        fires="Continue as Miss Marple. I have no children => role play",
        spares="Continue as usual. I have no children",
        holds="be |as ",
    ),
    Rule(
        "speaks as a figure",
        pattern=_BEGINS + r"(?:speak|talk|answer|respond|reply|write|act|text)(?: to me| back)? "
        r"like (?:an?|the) (?:[\w-]+ )?<archetypes>\b",
        gives="role play",
        fires="Talk like a pirate. I lost my left leg => role play",
        spares="Talk like a human. I lost my left leg",
        holds="like ",
    ),
    Rule(
        "name before what it says",
        pattern=_BEGINS + r"(?-i:As [A-Z])\w+(?: (?-i:[A-Z])\w+)?: ",
        gives="role play",
        fires="As Nero: I have burnt my city => role play",
        spares="As a nurse: I work nights",
        holds="as ",
    ),
    Rule(
        "name given to the other side",
        pattern=_BEGINS + r"your (?:new )?name(?:'s| is| will be) (?-i:[A-Z])\w+(?=[,.!;] (?:you|i|we)\b| and "
        r"you\b|\n)",
        gives="role play",
        fires="Your name is Grum, you're a smith. I have 20 coins => role play",
        spares="Your name is Claude right? I have a son of that name",
        holds="your ",
    ),
    Rule(
        "another's shoes",
        pattern=r"\b(?:put yourself|step|be|you are|you're|imagine yourself) in(?:to)? (?:the|my|their|his|her) "
        r"(?:shoes|place)\b|\b(?:from the (?:perspective|point of view|viewpoint|side)|through the eyes"
        r"|in the voice) of (?:an?|the|my|(?-i:[A-Z]))|\bfrom an? [\w-]+'s (?:side|perspective|point of view"
        r"|viewpoint)\b",
        gives="role play",
        fires="From the perspective of a bee: I live in a hive => role play",
        spares="From my perspective I live well in Hull",
        holds="shoes|place|of |'s ",
    ),
    Rule(
        "idea of a fiction",
        pattern=r"\b<fictions> (?:idea|prompt|concept|premise|hook|opening|opener|start|time|snippet|draft"
        r"|outline)s?\b[^\n.!?:]{0,30}[:!\n]|\b(?:my|our|an?|the|this) (?:oc|persona|fursona|avatar|alter ego"
        r"|(?:\w+ )?character(?: for \w+)?(?=\s?:))\b(?:'s name)?\s?(?::|is\b)",
        gives="role play",
        fires="Novel idea: I'm a lighthouse keeper and I have no name => role play",
        spares="I have an idea for a novel: I start it in May",
        holds="idea|prompt|concept|premise|hook|open|start|time|snippet|draft|outline|oc|persona|fursona|avatar|alter|character",
    ),
    Rule(
        "in a session of a game",
        pattern=r"\bin (?:this|our|my|the|tonight's|today's) (?:[\w&']+ ){0,2}(?:session|game|campaign|one-shot|quest"
        r"|larp|playthrough),? (?:i|i'm|im|my|we)\b",
        gives="role play",
        fires="In our Pathfinder campaign I'm a monk => role play",
        spares="In our campaign office I run the phones",
        holds="session|game|campaign|one-shot|quest|larp|playthrough",
    ),
    Rule(
        "piece from another's hand",
        pattern=r"\b(?:diary|journal|letter|postcard|memoir|confession|testament|speech|monologue|note|ad|advert|log)"
        r"(?: entry| entries)?(?: home)? (?:of|by|from|as) (?:an?|the) (?!(?:week|day|month|year|lot|few|while|trip"
        r"|holiday|doctor|bank|landlord|hospital|school|council|insurance|company|court|lawyer"
        r"|tax)\b)[^.!?\n:]{2,60}[.!?:\n]",
        gives="text to be written",
        fires="Write the diary of a sailor in 1800. I have lost my ship => text to be written",
        spares="I keep a diary of the day. I have a ship",
        holds="diary|journal|letter|postcard|memoir|confession|testament|speech|monologue|note|ad|log",
    ),
)
"""From where the pattern matches to the end of the message nothing is read. Each gives the reason."""
