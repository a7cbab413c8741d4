"""Words that people type for days and times, in their language and in English (SPEC 6).

The catalogue has them: a language adds its own as the translation of each list.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from locales.catalogue import phrase
from locales.word_lists import words_of
from services.rules.adhoc_lines import LineWords
from services.rules.typed_words import Kind, Token, Vocabulary

_TODAY, _AM, _PM = Token(Kind.DAYS_AHEAD), Token(Kind.HALF, 0), Token(Kind.HALF, 1)

# Each message is a list of words or phrases for one thing, as people type them, separated by
# commas. A translation is the list of its own language, with what is said and what is short for it.
_LISTS: Mapping[str, tuple[Token, ...]] = MappingProxyType(
    {
        # Translators: words that people type, separated by commas; also those below
        phrase("mon, monday, mondays"): (Token(Kind.WEEKDAY, 0),),
        phrase("tue, tues, tuesday, tuesdays"): (Token(Kind.WEEKDAY, 1),),
        phrase("wed, weds, wednesday, wednesdays"): (Token(Kind.WEEKDAY, 2),),
        phrase("thu, thur, thurs, thursday, thursdays"): (Token(Kind.WEEKDAY, 3),),
        phrase("fri, friday, fridays"): (Token(Kind.WEEKDAY, 4),),
        phrase("sat, saturday, saturdays"): (Token(Kind.WEEKDAY, 5),),
        phrase("sun, sunday, sundays"): (Token(Kind.WEEKDAY, 6),),
        phrase("jan, january"): (Token(Kind.MONTH, 1),),
        phrase("feb, february"): (Token(Kind.MONTH, 2),),
        phrase("mar, march"): (Token(Kind.MONTH, 3),),
        phrase("apr, april"): (Token(Kind.MONTH, 4),),
        phrase("may"): (Token(Kind.MONTH, 5),),
        phrase("jun, june"): (Token(Kind.MONTH, 6),),
        phrase("jul, july"): (Token(Kind.MONTH, 7),),
        phrase("aug, august"): (Token(Kind.MONTH, 8),),
        phrase("sep, sept, september"): (Token(Kind.MONTH, 9),),
        phrase("oct, october"): (Token(Kind.MONTH, 10),),
        phrase("nov, november"): (Token(Kind.MONTH, 11),),
        phrase("dec, december"): (Token(Kind.MONTH, 12),),
        phrase("today, tdy, tday, later today"): (_TODAY,),
        phrase("this morning"): (_TODAY, _AM),
        phrase("tonight, tonite, this afternoon, this evening"): (_TODAY, _PM),
        phrase("tomorrow, tmr, tmrw, tmw, tml, tom, tomo, tomoro, 2 moro, 2 morrow, 2 mrw"): (
            Token(Kind.DAYS_AHEAD, 1),
        ),
        phrase("day after tomorrow, day after tmr"): (Token(Kind.DAYS_AHEAD, 2),),
        phrase("next, nxt"): (Token(Kind.NEXT),),
        phrase("next week, nxt week, next wk"): (Token(Kind.NEXT_WEEK),),
        phrase("am, morning, in the morning, morn, mrng"): (_AM,),
        phrase(
            "pm, p, afternoon, evening, night, in the afternoon, in the evening, arvo, aft, "
            "eve, nite"
        ): (_PM,),
        phrase("noon, nn, midday"): (Token(Kind.NOON),),
        phrase("same time, same timing, usual time"): (Token(Kind.SAME_TIME),),
        # Translators: what stands after an hour, as in "16 h"
        phrase("h, hr, hrs, oclock, o clock"): (Token(Kind.AFTER_HOUR),),
        # Translators: what stands after an hour and means half an hour more, as in "4 and a half"
        phrase("and a half"): (Token(Kind.AFTER_HOUR, 30),),
        phrase("half past, half"): (Token(Kind.BEFORE_HOUR, 30),),
        phrase("quarter past, a quarter past"): (Token(Kind.BEFORE_HOUR, 15),),
        phrase("quarter to, a quarter to"): (Token(Kind.BEFORE_HOUR, -15),),
        # Translators: what stands after the number of a day, as in "26th"
        phrase("st, nd, rd, th"): (Token(Kind.DAY_MARK),),
        # Translators: what stands after the number of a month, where a language writes it so
        phrase("month"): (Token(Kind.MONTH_MARK),),
        # Translators: what stands between the start and the end of a session, as in "3 to 4"
        phrase("to, till, til, until"): (Token(Kind.UNTIL),),
        # Translators: words beside a time that change nothing
        phrase(
            "at, on, of, the, this, coming, from, by, around, about, please, pls, plz, ok, okay, "
            "can, maybe, perhaps, instead, sharp, also, how about, what about, make it, can we do, "
            "could we do, shall we do, lets do, actually, rather, sorry, oops, i mean, no wait"
        ): (),
    }
)
_OF_SLOTS: Mapping[str, tuple[Token, ...]] = MappingProxyType(
    {
        # Translators: numbers as words, each in a list of its own; also those below
        phrase("one"): (Token(Kind.NUMBER, 1, "1"),),
        phrase("two"): (Token(Kind.NUMBER, 2, "2"),),
        phrase("three"): (Token(Kind.NUMBER, 3, "3"),),
        phrase("four"): (Token(Kind.NUMBER, 4, "4"),),
        phrase("five"): (Token(Kind.NUMBER, 5, "5"),),
        phrase("six"): (Token(Kind.NUMBER, 6, "6"),),
        phrase("seven"): (Token(Kind.NUMBER, 7, "7"),),
        phrase("eight"): (Token(Kind.NUMBER, 8, "8"),),
        phrase("nine"): (Token(Kind.NUMBER, 9, "9"),),
        phrase("ten"): (Token(Kind.NUMBER, 10, "10"),),
        phrase("eleven"): (Token(Kind.NUMBER, 11, "11"),),
        phrase("twelve"): (Token(Kind.NUMBER, 12, "12"),),
        # Translators: what stands after an hour and means minutes more, as in "four thirty"
        phrase("fifteen"): (Token(Kind.AFTER_HOUR, 15),),
        phrase("thirty"): (Token(Kind.AFTER_HOUR, 30),),
        phrase("forty five, fortyfive, forty - five"): (Token(Kind.AFTER_HOUR, 45),),
        # Translators: what a session is moved by, as in "half an hour later"
        phrase("hour, hours"): (Token(Kind.UNIT, 60),),
        phrase("min, mins, minute, minutes"): (Token(Kind.UNIT, 1),),
        phrase("an hour, a hour"): (Token(Kind.NUMBER, 1, "1"), Token(Kind.UNIT, 60)),
        phrase("half an hour, half hour, half a hour"): (
            Token(Kind.NUMBER, 30, "30"),
            Token(Kind.UNIT, 1),
        ),
        # Translators: what stands before a length that is counted from now, as in "in 2 hours"
        phrase("in"): (Token(Kind.FROM_NOW),),
        # Translators: what stands between two times of which either will do, as in "4 or 5pm"
        phrase("or"): (Token(Kind.OR),),
        phrase("later"): (Token(Kind.LATER, 1),),
        phrase("earlier"): (Token(Kind.LATER, -1),),
        phrase("day, days"): (Token(Kind.UNIT, 24 * 60),),
        phrase("a day"): (Token(Kind.NUMBER, 1, "1"), Token(Kind.UNIT, 24 * 60)),
        phrase("week, weeks, wk, wks"): (Token(Kind.UNIT, 7 * 24 * 60),),
        phrase("a week"): (Token(Kind.NUMBER, 1, "1"), Token(Kind.UNIT, 7 * 24 * 60)),
        # Translators: the day after that of the session, as in "same time next day"
        phrase("next day, nxt day, following day, day after"): (
            Token(Kind.NUMBER, 1, "1"),
            Token(Kind.UNIT, 24 * 60),
            Token(Kind.LATER, 1),
        ),
        # Translators: the day before that of the session, as in "same time the day before"
        phrase("day before, previous day"): (
            Token(Kind.NUMBER, 1, "1"),
            Token(Kind.UNIT, 24 * 60),
            Token(Kind.LATER, -1),
        ),
        # Translators: the week after that of the session, as in "same time the week after"
        phrase("week after, following week"): (
            Token(Kind.NUMBER, 1, "1"),
            Token(Kind.UNIT, 7 * 24 * 60),
            Token(Kind.LATER, 1),
        ),
        # Translators: the week before that of the session, as in "same time the week before"
        phrase("week before, previous week"): (
            Token(Kind.NUMBER, 1, "1"),
            Token(Kind.UNIT, 7 * 24 * 60),
            Token(Kind.LATER, -1),
        ),
        # Translators: more words beside a time that change nothing
        phrase(
            "ish, after, onwards, same day, is, but, thanks, thank you, thx, lah, move to, "
            "move it to, change to, change it to, push to, push it to, shift to"
        ): (),
    }
)
"""Words that only times have that are asked for: in a line of a session they may be its topic."""
_YESTERDAY: Mapping[str, tuple[Token, ...]] = MappingProxyType(
    {
        phrase("yesterday, yday, yest, ytd"): (Token(Kind.DAYS_AHEAD, -1),),
        phrase("last night, yesterday night"): (Token(Kind.DAYS_AHEAD, -1), _PM),
        phrase("day before yesterday"): (Token(Kind.DAYS_AHEAD, -2),),
    }
)
"""Words for days that are over: of a time to come it is said that it has passed."""
_PAST: Mapping[str, tuple[Token, ...]] = MappingProxyType(
    {
        **_YESTERDAY,
        # Translators: before a weekday that is over, as in "last friday"
        phrase("last, past"): (),
    }
)
"""Words that only times have that are over."""

# Translators: units of a length, as in "90 min"; words that people type, separated by commas
_MINUTES = phrase("min, mins, minute, minutes, m")
# Translators: units of a length, as in "1.5 h"; words that people type, separated by commas
_HOURS = phrase("h, hr, hrs, hour, hours")
# Translators: words between two sessions that are typed one after the other, separated by commas
_JOINS = phrase("and, then, plus, also")


@cache
def vocabulary_of(language: str) -> Vocabulary:
    """What the words of a language mean, and the English ones that are not among them. Cached."""
    return MappingProxyType(_meanings({**_LISTS, **_OF_SLOTS, **_YESTERDAY}, language))


@cache
def line_words_of(language: str) -> LineWords:
    """The words of lines about sessions that are over. Cached."""
    past = _meanings(_PAST, language)
    return LineWords(
        MappingProxyType({**_meanings(_LISTS, language), **past}),
        minutes=frozenset(words_of(_MINUTES, language)),
        hours=frozenset(words_of(_HOURS, language)),
        joins=frozenset(words_of(_JOINS, language)),
    )


def _meanings(
    lists: Mapping[str, tuple[Token, ...]], language: str
) -> dict[str, tuple[Token, ...]]:
    return {word: tokens for listed, tokens in lists.items() for word in words_of(listed, language)}
