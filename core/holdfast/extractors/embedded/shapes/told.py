"""What a calm message tells in words that no other row expects; asked last."""

from holdfast.extractors.embedded.shapes.shape import Shape

TOLD = (
    Shape(
        "bears on them",
        "habit",
        "*",
        rest=r"(?!<object_pronouns>\b(?! (?:user|for user|with user)))(?!.*\buser (?:feel"
        r"|think|realis?ze|learn|explore|take|see|understand|stay|keep|embrace|recogni[sz]e|grow|had|is|was|wants?)\b)\S",
        fires="Heavy metal gets me through the housework => habit",
        spares="The formula looks off to me",
        who="other",
        subject=r"^(?!(?:but|and|so|or|one|a|an|some|that|this)\b|\w+ing\b)",
        tense="present",
        needs="quiet+mentions+matter+lasting+concrete",
    ),
    Shape(
        "bore on them",
        "event",
        "*",
        rest=r"(?!<object_pronouns>\b(?! (?:user|for user|with user)))(?!.*\buser (?:feel"
        r"|think|realis?ze|learn|explore|take|see|understand|stay|keep|embrace|recogni[sz]e|grow|had|is|was|wants?)\b)\S",
        fires="Perimenopause has wrecked my plans for the garden => event",
        spares="The formula has wrecked my plans",
        who="other",
        subject=r"^(?!(?:but|and|so|or|one|a|an|some|that|this)\b|\w+ing\b)",
        tense="past perfect",
        needs="quiet+mentions+matter+lasting+concrete",
    ),
    Shape(
        "told plainly",
        "event",
        "*",
        rest=r"(?!(?:it|this|that|them|you|so|there|here)\b(?! \w))\S",
        fires="I'm auditing pensions at the college => event",
        spares="I'm auditing pensions again",
        tense="present past perfect",
        who="any",
        needs="quiet+lasting+concrete+evident+activity+feels_not",
    ),
    Shape(
        "told openly",
        "event",
        "*",
        rest=r"(?!<object_pronouns>\b(?! \w))\S",
        fires="I ended up in catering instead of law => event",
        spares="I ended up confused",
        tense="present past perfect future modal",
        who="any",
        needs="quiet+lasting+stated|quiet+lasting+plain+particular",
    ),
)
