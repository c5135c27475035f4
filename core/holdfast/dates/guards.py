"""Words that look like a date and are none; what a guard has matched, no rule may use.

Patterns are written as in `rules`. Every row carries two examples: one that has no date, and a look-alike that has one.
"""

import re
from dataclasses import dataclass

from holdfast.dates.words import compile_pattern

__all__ = ["GUARDS", "Guard"]


@dataclass(frozen=True, slots=True)
class Guard:
    """Words that are no date.

    Args:
        name: What they are.
        pattern: The words.
        blocks: An example that has no date.
        passes: A look-alike that has one.
    """

    name: str
    pattern: str
    blocks: str
    passes: str

    @property
    def compiled(self) -> re.Pattern[str]:
        """The words as a pattern; compiled when first needed."""
        return compile_pattern(self.pattern)


_AND_OTHERS = r"(?:(?: and|,(?: and)?| or| &)(?: every)? <other_weekday>){0,6}"

_CHORES = (
    "bin|pay|laundry|cleaning|shopping|recycling|rest|game|quiz|date|movie|pizza|meal prep|training|gym|choir|chess"
)

GUARDS: tuple[Guard, ...] = (
    Guard(
        "address", r"https?://\S{1,300}", "see https://x.example/2023-05-07/a", "see https://x.example on 2023-05-07"
    ),
    Guard(
        "recurring",
        "(?:every|each|any) (?:other |single |first |second |third |last )?(?:<weekday>|<month>|<season>|<holiday>)"
        + _AND_OTHERS,
        "every Friday we order pizza",
        "everyone came on Friday",
    ),
    Guard(
        "recurring but for one",
        "(?:every|each|any) (?:day|morning|evening|night|afternoon|week) (?:except|but|apart from)(?: on)? <weekday>"
        + _AND_OTHERS,
        "I get up at three every morning except Monday",
        "every morning was fine but Monday was bad",
    ),
    Guard(
        "one of every month",
        "<nth> (?:<weekday>|weekend) of (?:the|each|every|any) (?:month|quarter)",
        "the first Monday of the month is board night",
        "the first Monday of this month was board night",
    ),
    Guard(
        "even then",
        "even (?:in|on|at|during)(?: the)? (?:<weekday>|<month>|<season>|<holiday>)(?! <year>)",
        "I swim outdoors even in winter",
        "I even met her in May",
    ),
    Guard(
        "recurring part of day",
        "<weekday> (?:nights|mornings|evenings|afternoons)",
        "Wednesday nights are for chess",
        "Wednesday night is for chess",
    ),
    Guard(
        "working week",
        "(?:from )?mon(?:day)?(?: to | through | ?- ?)(?:fri|friday|sat|saturday|sun|sunday)",
        "I work from Monday to Friday",
        "I'll work from Monday to Thursday",
    ),
    Guard(
        "weekdays with a slash",
        "<weekday>(?:/<other_weekday>){1,6}",
        "I raid tues/thurs after nine",
        "I raid on Tuesday or on Thursday",
    ),
    Guard(
        "three days of a week",
        "<weekday>(?:, ?<other_weekday>){1,5},? and (?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}(?! (?:last|next|this))",
        "I teach Monday, Wednesday and Friday",
        "I teach Monday, Wednesday and Friday next week",
    ),
    Guard(
        "what a day is for",
        rf"<weekday> is (?:always )?(?:{_CHORES}) (?:day|night)",
        "Sunday is meal prep day in our house",
        "Sunday is our moving day",
    ),
    Guard(
        "the day for something",
        rf"(?:{_CHORES}) (?:day|night)(?: is|:) <weekday>",
        "bin day is Thursday",
        "moving day is Thursday",
    ),
    Guard(
        "payday",
        "(?:gets? paid(?: on)?|pay ?day is) the (?:<ordinal>|last <weekday>)",
        "we get paid on the 25th",
        "we got paid on the 25th",
    ),
    Guard(
        "any such day",
        "an? <weekday>(?! in)",
        "I drink two pints on a Friday",
        "I have a pint on Friday",
    ),
    Guard(
        "called",
        "(?:is|are|was|were) (?:called|named) <weekday>",
        "my cat is called Friday",
        "my cat called on Friday",
    ),
    Guard(
        "street",
        r"(?:\d{1,4} )?(?:<month>|<weekday>|<holiday>) (?:road|rd|street|avenue|lane)",
        "I live at 12 March Road",
        "I live at 12 Marsh Road since March",
    ),
    Guard(
        "amounts",
        r"\d{1,4}(?: to | and | ?- ?)\d{1,4} (?:people|men|women|children|euros?|dollars?|km|kg|miles|words)",
        "between 1990 and 2000 people came",
        "between 1990 and 2000 nobody came",
    ),
    Guard(
        "figure of speech",
        "like (?:it (?:was|were) )?(?:just |only )?yesterday",
        "it feels like just yesterday",
        "I'd like it: just yesterday it broke",
    ),
    Guard(
        "proper name",
        "(?:black|cyber) <weekday>|sunday (?:school|times|league)",
        "Black Friday deals bore me",
        "the black dress arrives on Friday",
    ),
)
