"""The rows of the grammar, the more specific before the more general.

A row is read against text in lower case. In its pattern `<name>` is a named part and a space any short white space;
`after` is what must stand before it. Every row carries two examples, said on Wednesday 2025-03-12: a phrase that fires
and how its date is written, and one that looks alike and on which the row does not fire.
"""

import re
from dataclasses import dataclass
from functools import cache

from holdfast.dates import compound, named, nested, relative
from holdfast.dates.place import Reader
from holdfast.dates.words import compile_pattern

__all__ = ["RULES", "Rule"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A phrase and how it is read.

    Args:
        name: What it is.
        pattern: The words.
        read: Turns the match into an event, or None if it is no date after all.
        fires: An example, and its date as `format_event` writes it.
        silent: A look-alike on which this row does not fire.
        after: What must stand before the words, or nothing; does not bind inside a range.
        point: Whether it can be one end of a range.
    """

    name: str
    pattern: str
    read: Reader
    fires: tuple[str, str]
    silent: str
    after: str = ""
    point: bool = False

    @property
    def compiled(self) -> re.Pattern[str]:
        """The words as a pattern; compiled when first needed, since compiling all takes a quarter of a second."""
        return compile_pattern(self.pattern)

    @property
    def alone(self) -> re.Pattern[str] | None:
        """The words as one end of a range."""
        return compile_pattern(self.pattern, bounded=False) if self.point else None

    @property
    def preceded(self) -> re.Pattern[str]:
        """What must stand before the words."""
        return _preceding(self.after)


@cache
def _preceding(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\s{{1,3}}$" if words else "")


_IN_TIME = (
    "in|since|back in|by|until|till?|before|after|around|during|from|through|(?:booked|scheduled|planned|set|due) for"
    "|starting|beginning|ending|starts|begins|ends|expires|due|come|as of|effective|doing dry"
    r"|(?:back|forward|from [a-z]{3,9}(?: \([-\d]{4,10}\))?) to"
    "|(?:in|since|from|around) (?:about|around|roughly|like|maybe|sometime)"
)
_YEAR_AFTER = (
    "in|since|by|until|till?|before|after|around|circa|during|from|of|through|back to|as of"
    "|born|married|graduated|diagnosed|divorced|retired|emigrated|est|founded|joined|started"
    "|(?:in|since|from|around) (?:about|around|roughly|like|maybe)"
)
_STARTS = (
    "(?:ends?|starts?|begins?|opens?|closes?|expires?|finish(?:es)?|leaves?|leaving|arrives?|arriving|starting|ending|moving"
    "|flying|flying out|landing back|back|dated)(?: on)?"
)
_OCCASION = (
    "(?:birthday|bday|b-day|anniversary|appointment|appt|interview|wedding|deadline|exam|test|flight|hearing|surgery|op"
    "|operation|scan|due date|start date|last day|first day|dob|date of birth|graduation|move|party|funeral|recital)"
    "(?: is| was| will be|'s|:)?"
)
"""What has a day, before that day."""
_NOT_COUNTED = (
    r"(?! ?[%€$°]| (?:people|men|women|children|feet|percent|euro|usd|eur|km|kg|k|of)\b)"
    r"(?! (?!was|is|has|as|his|this|does|us|its|always)[a-z]{3,20}s\b)"
)
_NOT_A_SEASON = "(?! (?:cleaning|break|semester|term|school|camp|roll|rolls|onion|onions|water|line))"
_NO_NOUN = (
    r"(?=[.,;:!?)]|\s?$|\s?-| \(\d| (?:at|in|and|or|but|so|for|with|to|because|after|before|until|till?|from|if|then"
    r"|when|between|by|around|near|which|not|no|again|instead|already|too|now|just|onwards?|latest|this|next|last|i|i'm|i'll"
    r"|user|user's|we|we're|we'll|you|he|she|they|it|it's|is|was|will|are|were|my|our|your|his|her|their|the)\b)"
)
_TO = "(?: to | until | till? | through | thru | ?- ?)"

RULES: tuple[Rule, ...] = (
    Rule(
        "slash day with year",
        "<number>/<second_number>/<short_year>",
        named.slash_day,
        ("it ran out on 5/17/2023", "2023-05-17"),
        "path 1/2/34567",
    ),
    Rule(
        "slash day",
        "<number>/<second_number>(?!/)",
        named.slash_day,
        ("the hearing is on 3/25", "2025-03-25"),
        "3/4 of the class passed",
        after=f"on|by|until|till?|due|since|before|after|from|{_STARTS}|{_OCCASION}",
    ),
    Rule(
        "padded slash day",
        r"<number>/(?P<second_number>0[1-9])(?!/)",
        named.slash_day,
        ("I have it done 30/05", "2025-05-30"),
        "I scored 30/50",
    ),
    Rule(
        "slash day after a padded month",
        r"(?P<number>0[1-9])/<second_number>(?!/)",
        named.slash_day,
        ("I have it done 05/30", "2025-05-30"),
        "I scored 50/30",
    ),
    Rule(
        "dashed day with year",
        r"<number>-<second_number>-(?P<short_year>(?:19|20)\d\d)",
        named.slash_day,
        ("it ran out on 17-05-2023", "2023-05-17"),
        "call 17-05-20231",
    ),
    Rule(
        "numbered month",
        "<number>/<year>",
        named.numbered_month,
        ("I have lived here since 03/2024", "2024-03"),
        "ticket 03/2024 is closed",
        after="in|since|until|till?|from|by|of|before|after|ends|expires|to",
    ),
    Rule(
        "dotted day with year",
        r"<number>\.<second_number>\.<year>",
        named.dotted_day,
        ("my permit expires on 02.11.2025", "2025-11-02"),
        "the address 10.11.20.25",
    ),
    Rule(
        "dotted day with short year",
        r"<number>\.<second_number>\.(?P<short_year>\d\d)",
        named.dotted_day,
        ("I was born on 02.11.91", "1991-11-02"),
        "upgrade to 02.11.91",
        after="on|by|until|till?|since|before|after|from|born|due",
    ),
    Rule(
        "dotted day",
        r"<number>\.<second_number>\.",
        named.dotted_day,
        ("the recital is on 14.6. at ten", "2025-06-14"),
        "we run Ubuntu 14.6.",
        after=f"on|by|until|till?|since|before|after|from|due|{_OCCASION}",
    ),
    Rule(
        "day of which month",
        "(?:the )?<ordinal>(?: day)? (?:of )?(?P<which>this|last|next) month",
        nested.day_of_which_month,
        ("I defend on the 12th of next month", "2025-04-12"),
        "the 12th of this monthly series",
    ),
    Rule(
        "which month, day",
        f"(?P<which>this|last|next) month,? (?:on )?the <ordinal>{_NO_NOUN}",
        nested.day_of_which_month,
        ("next month on the 12th I defend", "2025-04-12"),
        "next month on the third floor",
    ),
    Rule(
        "so many of a period",
        "(?:the )?(?P<nth>first|last) <count> <unit> (?:of|in) (?:the )?"
        f"(?:(?P<single>month|quarter|year)|<whole>{_NOT_COUNTED})",
        nested.so_many_of,
        ("I was away the last two weeks of January", "2025-01-18 to 2025-01-31"),
        "the last two weeks of rest",
    ),
    Rule(
        "nth of a period",
        "(?:the )?<nth> (?:<piece>|<weekday>) (?:of|in) (?:the )?(?:(?P<single>month|quarter|year)|<whole>)",
        nested.nth_of,
        ("they visited in the last week of January", "2025-01-25 to 2025-01-31"),
        "the last week of rest",
    ),
    Rule(
        "week of a day",
        "(?:(?:the )?(?P<single>week|weekend|wk) (?:of|commencing|beginning|starting|ending)|w/c) "
        f"(?:the )?(?:<point>|<ordinal>{_NO_NOUN})",
        nested.week_of,
        ("the audit is in the week of 3 April", "2025-03-31 to 2025-04-06"),
        "a week of May rain",
    ),
    Rule(
        "week of a holiday",
        "(?P<point><holiday>(?:,? <year>)?) (?P<single>week|weekend)",
        nested.holiday_week,
        ("we sailed on Labor Day weekend", "2024-08-31 to 2024-09-02"),
        "Christmas weekly",
    ),
    Rule(
        "year ago, and when in it",
        "<count> (?:years|yrs) ago,? (?:(?:in|on|at|over|this) )?(?:the )?<of_every_year>",
        nested.in_year_ago,
        ("we met four years ago on Halloween", "2021-10-31"),
        "four years ago on a whim",
    ),
    Rule(
        "when in it, year ago",
        "<of_every_year>,? <count> (?:years|yrs) ago",
        nested.in_year_ago,
        ("we met in May two years ago", "2023-05"),
        "in Maine two years ago",
    ),
    Rule(
        "so many named ones ago",
        "<count> (?:<season>s|<holiday>e?s|<weekdays>s) ago",
        relative.named_ago,
        ("two summers ago we sailed", "2023-06 to 2023-08"),
        "two springboks ago",
    ),
    Rule(
        "so many named ones ahead",
        "in <count> <weekdays>s'?(?: time)?",
        relative.named_ahead,
        ("she gets married in two Saturdays", "2025-03-22"),
        "in two sunny rooms",
    ),
    Rule(
        "week after a day",
        "an? (?P<unit>week|fortnight) (?:on )?(?P<point><weekday>|tomorrow|today)",
        compound.week_later,
        ("the parcel comes a week on Friday", "2025-03-21"),
        "a week on the road",
    ),
    Rule(
        "weekday of the week after",
        "(?P<point><weekday>|tomorrow|today) (?P<unit>week|fortnight)",
        compound.week_later,
        ("I'll be back Monday week", "2025-03-24"),
        "see you Monday weekly",
    ),
    Rule(
        "this time in another period",
        "(?:this time|today) (?P<which>last|next) (?P<single>week|month|year)",
        relative.this_time,
        ("this time last year I was in Lima", "2024-03 ?"),
        "this time last in line",
    ),
    Rule(
        "day counted from another",
        "(?<!for\\s)(?:the |<count> )<unit> <side> (?:the )?<point>",
        compound.counted_from,
        ("I fell two days after Christmas", "2024-12-27"),
        "two days after the party",
    ),
    Rule(
        "weekday beside a day",
        "<weekday> <side> (?:the )?<point>",
        compound.weekday_beside,
        ("the Friday before 15 July 2023", "2023-07-14"),
        "the Friday before the party",
    ),
    Rule(
        "days of a month",
        f"<month> <day>{_TO}<to_day>(?:,? <year>)?",
        named.month_days,
        ("I'll be away June 10-14", "2025-06-10 to 2025-06-14"),
        "June 14-10",
    ),
    Rule(
        "days before their month",
        f"<day>(?: and |{_TO})(?:the )?<to_day> (?:of )?<month>(?:,? <year>)?",
        named.month_days,
        ("I rented it between 2 and 5 June 2021", "2021-06-02 to 2021-06-05"),
        "2 and 5 apples in June",
    ),
    Rule(
        "days of the month",
        f"(?:between |from )?(?:the )?(?P<ordinal>\\d{{1,2}}(?:st|nd|rd|th))(?: and |{_TO})"
        f"(?:the )?<to_ordinal>{_NO_NOUN}",
        named.days_from_to,
        ("I'm on leave from the 20th to the 27th", "2025-03-20 to 2025-03-27"),
        "I live between the 20th and the 27th floor",
    ),
    Rule(
        "days of which week",
        f"(?:from )?<weekday>{_TO}<other_weekday> (?:of )?<which> (?P<single>week|wk)",
        named.days_of_week,
        ("I do nights Tuesday to Sunday this week", "2025-03-11 to 2025-03-16"),
        "Tuesday to Sunday next door",
    ),
    Rule(
        "between two dates",
        "between (?:the )?<point> and (?:the )?<other_point>",
        compound.between,
        ("what happened between March and June?", "2024-03 to 2024-06"),
        "between March and the wall",
    ),
    Rule(
        "from one date to another",
        f"(?:from )?(?:the )?<point>{_TO}(?:the )?<other_point>",
        compound.between,
        ("I studied there from 2015 to 2019", "2015 to 2019"),
        "moved from Tuesday to Thursday",
    ),
    Rule(
        "iso day",
        "<year>[-/]<number>[-/]<second_number>(?:t[0-9:.]{4,12}z?)?",
        named.iso_day,
        ("the invoice dated 2023-05-07", "2023-05-07"),
        "it says 2024-13-45",
        point=True,
    ),
    Rule(
        "day of which year",
        "<day_of_year>,? (?:of )?<which> (?P<single>year|yr)",
        nested.day_of_which_year,
        ("I'm working Christmas Eve this year", "2025-12-24"),
        "we work Christmas this yearly cycle",
    ),
    Rule(
        "month and day",
        "(?:<weekday>,? (?:the )?)?<month> (?:the )?<day>(?:,? <year>)?",
        named.month_day,
        ("my recital is on May 7th", "2025-05-07"),
        "we may 7",
        point=True,
    ),
    Rule(
        "day and month",
        "(?:<weekday>,? (?:the )?)?<day>(?: (?:of )?|-)<month>(?:(?:,? (?:of )?|-)<year>)?",
        named.month_day,
        ("I passed on 7 May 2023", "2023-05-07"),
        "only 5 may come",
        point=True,
    ),
    Rule(
        "weekday the nth",
        f"<weekday>,? (?:the )?<ordinal>{_NO_NOUN}",
        nested.weekday_the_nth,
        ("we met on Friday the 13th", "2024-12-13"),
        "on Friday the third bus",
    ),
    Rule(
        "month of a year",
        f"(?:<part>[ -](?:the )?)?<month>(?: of|,)? <year>{_NOT_COUNTED}",
        named.month_of_year,
        ("we met in late November 2023", "2023-11-21 to 2023-11-30"),
        "march 2000 miles",
        point=True,
    ),
    Rule(
        "month of which year",
        "(?:<part>[ -])?<month> (?:of )?<which> <single>",
        named.month_of_which_year,
        ("I started in May last year", "2024-05"),
        "in May last week's notes",
    ),
    Rule(
        "which year, month",
        "<which> <single>,? in <month>",
        named.month_of_which_year,
        ("next year in June we'll move", "2026-06"),
        "next year in Junction City",
    ),
    Rule(
        "season of a year",
        "(?:<part>[ -](?:the )?)?<season>(?: of|,)? <year>",
        named.season_of_year,
        ("I left in the spring of 2016", "2016-03 to 2016-05"),
        "spring rolls",
        point=True,
    ),
    Rule(
        "season of which year",
        "<season> (?:of )?<which> <single>",
        named.season_of_which_year,
        ("we met in the summer last year", "2024-06 to 2024-08"),
        "in the summer last week's rain was forgotten",
    ),
    Rule(
        "weekday gone",
        "<weekday>(?: just)? gone",
        named.weekday_gone,
        ("we moved in sat just gone", "2025-03-08"),
        "Sat at home, just gone grey",
    ),
    Rule(
        "week gone",
        "(?P<single>weekend|week)(?: just)? gone",
        relative.unit_gone,
        ("we moved in the weekend just gone", "2025-03-08 to 2025-03-09"),
        "the weekend was gone",
    ),
    Rule(
        "weekday of a week ago",
        "<count> (?:weeks?|wks?) ago (?:on )?<weekday>",
        named.weekday_of_week_ago,
        ("I gave notice a week ago Tuesday", "2025-03-04 ?"),
        "I gave notice a week ago today",
    ),
    Rule(
        "weekday of which week",
        "<weekday> (?:of )?<which> <single>",
        named.weekday_of_week,
        ("Thursday next week I'm away", "2025-03-20"),
        "Thursday next door",
    ),
    Rule(
        "which week, weekday",
        "<which> <single>,? (?:on )?<weekday>",
        named.weekday_of_week,
        ("next week on Thursday", "2025-03-20"),
        "next week on the third floor",
    ),
    Rule(
        "rest of a period",
        "(?:earlier|later) this <single>",
        relative.rest_of_unit,
        ("earlier this year I had surgery", "2025-01-01 to 2025-03-12"),
        "earlier this shop was a bank",
    ),
    Rule(
        "parts of a period",
        "(?P<part>early|mid)(?:[ -]to[ -]| or |/|-)<to_part>[ -](?:the )?<whole>",
        nested.parts_of_whole,
        ("the visa comes mid to late July", "2025-07-11 to 2025-07-31"),
        "mid to late morning",
    ),
    Rule(
        "part of a period",
        "<part>[ -](?:the |(?P<which>this|last|next) )?<single>",
        relative.part_of_unit,
        ("due by the end of the month", "2025-03-31"),
        "the end of the movie",
    ),
    Rule(
        "one beyond",
        "(?:<weekday>|<single>) <beyond>",
        relative.beyond,
        ("she'll be here the week after next", "2025-03-24 to 2025-03-30"),
        "the week after the fair",
    ),
    Rule(
        "part of a named period",
        f"<part>[ -](?:the )?<whole>{_NOT_COUNTED}",
        nested.part_of_whole,
        ("at the end of last summer we moved", "2024-08"),
        "the end of the springboks",
    ),
    Rule(
        "all of a period",
        "(?:all(?: of)?(?: the| this)?|the (?:whole|entire)(?: of)?|throughout(?: the)?|all through(?: the)?) "
        f"(?:(?P<single>week|weekend|month|year)(?! round)|<whole>)(?: long)?{_NO_NOUN}",
        nested.all_of,
        ("I was ill all of February", "2025-02"),
        "the whole May family",
    ),
    Rule(
        "month by its name",
        "the month of (?P<whole><month>(?:,? <year>)?)",
        nested.all_of,
        ("I fasted in the month of January", "2025-01"),
        "the month of my exam",
    ),
    Rule(
        "past period",
        "(?:the|this) past <single>",
        relative.past_unit,
        ("over the past month I read a lot", "2025-02-12 to 2025-03-12"),
        "the past weekly reports",
    ),
    Rule(
        "which weekday",
        "<which> <weekday>",
        named.which_weekday,
        ("next Friday I have a recital", "2025-03-14 ?"),
        "the last sat idle",
        point=True,
    ),
    Rule(
        "which month",
        "<which> <month>",
        named.which_month,
        ("last May I ran", "2024-05"),
        "the next may be better",
        point=True,
    ),
    Rule(
        "which season",
        f"<which> <season>{_NOT_A_SEASON}",
        named.which_season,
        ("last summer we cycled", "2024-06 to 2024-08"),
        "the last spring roll",
        point=True,
    ),
    Rule(
        "which holiday",
        "<which> <holiday>",
        named.which_holiday,
        ("last Christmas was quiet", "2024-12-25"),
        "the last halloweens",
    ),
    Rule(
        "which period",
        "<which> <single>",
        relative.which_unit,
        ("I moved flats last week", "2025-03-03 to 2025-03-09"),
        "my last weekly report",
        point=True,
    ),
    Rule(
        "the weekend",
        "the weekend",
        relative.the_weekend,
        ("over the weekend we painted", "2025-03-08 to 2025-03-09"),
        "the weekends are short",
    ),
    Rule(
        "so long ago",
        "<about><count><half_more>[ -]?<unit><half> (?:ago today|ago|back)",
        relative.ago,
        ("we met two weeks ago", "2025-02-24 to 2025-03-02"),
        "two weeks of rest",
    ),
    Rule(
        "so long from now",
        "<about><count><half_more> ?<unit><half> from now",
        relative.from_now,
        ("it ends 10 days from now", "2025-03-22"),
        "two miles from now on",
    ),
    Rule(
        "not in so long",
        "(?:in|for) <about>(?:the (?:past|last) )?<count><half_more> ?<unit><half>",
        relative.not_for_so_long,
        ("I haven't smoked in two years", "2023"),
        "I haven't said so, but in two years I'll move",
    ),
    Rule(
        "in so long",
        "(?:in|within) <about><count><half_more> ?<unit><half>(?:'s?)?(?: time)?(?! of)",
        relative.ahead,
        ("the exam is in three days", "2025-03-15"),
        "I learned it in two weeks",
    ),
    Rule(
        "for so long",
        "for <about>(?:the (?:past|last) )?<count><half_more> ?<unit><half>(?: now)?",
        relative.for_so_long,
        ("I have lived in Bonn for six months", "2024-09"),
        "I'll stay for two weeks",
    ),
    Rule(
        "so long now",
        "<count><half_more> ?<unit><half> now",
        relative.for_so_long,
        ("I've been vegan seven years now", "2018"),
        "seven years is long",
    ),
    Rule(
        "so long since",
        "<about><count><half_more> ?<unit><half> since",
        relative.lasted,
        ("it's been four months since my last cigarette", "2024-11"),
        "he won four games since",
    ),
    Rule(
        "been so long",
        f"<about><count><half_more> ?<unit><half>{_NO_NOUN}",
        relative.lasted,
        ("we've been married twelve years", "2013"),
        "I've been away, twelve years is long",
        after=r"been (?!to |for |in \w+ for )(?:[\w'-]{1,14} ){0,2}[\w'-]{1,14}",
    ),
    Rule(
        "so long in a state",
        "<about><count><half_more> ?<unit><half> (?:sober|clean|married|together|in remission"
        "|(?:cancer|smoke|alcohol)[ -]free)",
        relative.lasted,
        ("I'm two years sober", "2023"),
        "I'm two years older",
    ),
    Rule(
        "days around today",
        "(?P<which>last|past|next|coming) <count> <unit>",
        relative.window,
        ("what did I eat in the last three days?", "2025-03-09 to 2025-03-12"),
        "the last three chapters",
    ),
    Rule(
        "day near today",
        "<relative>",
        relative.relative_day,
        ("I slept badly last night", "2025-03-11"),
        "the day before the race",
        point=True,
    ),
    Rule(
        "part of a holiday",
        "(?<!every\\s)<holiday> (?:morning|night|evening)(?:,? <year>)?",
        named.holiday,
        ("I'm running the race Thanksgiving morning", "2025-11-27"),
        "Christmas mornings are loud",
    ),
    Rule(
        "holiday",
        "<holiday>(?:,? <year>)?(?! (?:tree|party|parties|card|cards|song|songs|present|presents|movie|movies"
        "|dinner|market|markets|jumper|resolution|resolutions))",
        named.holiday,
        ("I proposed on Valentine's Day", "2025-02-14"),
        "I love Christmas",
        after="(?:on|at|for|by|over|until|till?|since|before|after|around|during|celebrated?|spen[dt])(?: the)?"
        "|work|works|worked|working|host|hosted|hosting|(?:is|was|'s) on",
        point=True,
    ),
    Rule(
        "holiday that heads a sentence",
        "(?<!the\\s)(?<!every\\s)<holiday>(?=,? (?:i|we|user)\\b)",
        named.holiday,
        ("Boxing Day we're driving to Hull", "2025-12-26"),
        "the Christmas we met was cold",
    ),
    Rule(
        "holiday of a year",
        "<holiday>(?: of|,)? <year>",
        named.holiday,
        ("Christmas 2023 was quiet", "2023-12-25"),
        "Christmas tree",
    ),
    Rule(
        "quarter",
        "q<quarter_number>(?:,? (?:of )?<year>)?",
        named.quarter,
        ("we shipped it in Q4 2024", "2024-10 to 2024-12"),
        "question q5",
    ),
    Rule(
        "month",
        "<month>",
        named.bare_month,
        ("I got married in June", "2024-06"),
        "April cooked dinner",
        after=_IN_TIME,
        point=True,
    ),
    Rule(
        "season",
        f"<season>{_NOT_A_SEASON}",
        named.bare_season,
        ("I planted it in the autumn", "2024-09 to 2024-11"),
        "the fall broke my arm",
        after="in|come|(?:in|over|during|since|by|until|till?|before|after|for|around|through) the"
        "|since|this|by|until|till?|before",
        point=True,
    ),
    Rule(
        "day of the month",
        f"the <ordinal>{_NO_NOUN}",
        named.day_of_month,
        ("my lease ends on the 28th", "2025-03-28"),
        "I live on the 3rd floor",
        after="on|by|before|after|until|till?|since|from|to|for|due"
        "|(?:morning|afternoon|evening|night|hours) of|(?!this|was|has|does|his|its)[a-z]{3,14}s"
        f"|{_STARTS}|{_OCCASION}",
    ),
    Rule(
        "weekday",
        "<weekday>",
        named.weekday,
        ("I met Ana on Monday", "2025-03-10"),
        "I climb on Mondays",
        point=True,
    ),
    Rule(
        "decade",
        "(?:<part>[ -])?<decade>",
        named.decade,
        ("in the 90s I collected stamps", "1990 to 1999"),
        "temperatures in the 90s",
        after="(?<!temperatures )(?:in|since|during|from|of)(?: the)?",
    ),
    Rule(
        "year",
        f"<year>{_NOT_COUNTED}",
        named.bare_year,
        ("back in 2015 I had a motorbike", "2015"),
        "it cost 2000 euros",
        after=_YEAR_AFTER,
        point=True,
    ),
)
