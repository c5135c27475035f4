"""Dates in English words, resolved against the time at which they were said.

A grammar of rows (`rules`), read in order, each against the whole text; words that one row has used are gone for the
next. Nothing asks a clock: equal texts said at equal times give equal dates.

- Weeks start on Monday. Seasons are those of the northern hemisphere and begin on the first of a month.
- An event holds whole days. A time of day ("tomorrow at 3pm") stays in the words; the grain is never finer than a day.
- "Three weeks ago" is the week that holds that day, "three months ago" the month, "three years ago" the year.
- Where the words do not say which one ("on Friday", "in May", "July 4th"), the tense of the nearest verb does: past
  back, present and future forward, and forward but `ambiguous` without a verb. "Since" always points back, "until" and
  a rescheduled "to" forward, and so does what one has entered or booked ("signed up for the marathon in October"). A
  day without a verb that has just passed is that one, `ambiguous`, not next year's. "Next Friday" is the nearest
  Friday after today, `ambiguous`.
- After "since" and "for three years now" the event is when it began.
- After "by" and "until" the end of a month is its last day and "mid July" the 15th.
- "5/7" is 7 May, `ambiguous`, unless the text puts the day first ("European date", "25/12/2023").
- What recurs ("on Wednesdays", "every Friday"), what is denied ("not on Friday") and bare numbers give no date.
"""

from holdfast.dates.find import DateSpan, find_dates, format_event, puts_day_first, resolve

__all__ = ["DateSpan", "find_dates", "format_event", "puts_day_first", "resolve"]
