"""Reader of a text: their language and time zone, and texts and times for them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global
from babel.dates import (
    format_date,
    format_datetime,
    format_skeleton,
    get_day_names,
    get_timezone_location,
)
from babel.numbers import format_currency, format_decimal
from markupsafe import Markup

from locales.catalogue import (
    ENGLISH,
    catalogue_of,
    language_for,
    locale_of,
    plain_html,
    plain_text,
)
from locales.markup import html
from models import Person
from services.rules.agency import Agency
from services.rules.money import Currency
from services.rules.windows import bounds_of_day

HOUR = 60
"""Minutes of an hour."""


@dataclass(frozen=True)
class Reader:
    """Puts messages of the catalogue, and times, into words for one person.

    Messages are written in English in the code, as literals with named placeholders:
    `reader.text("Hello {name}", name=person.name)`. `text` gives HTML and escapes its parameters;
    `label` gives plain text, for buttons and toasts. Times are plain text (SPEC 1, UX 7): in the
    reader's zone, which is named wherever it is not the agency's.
    """

    language: str
    zone: ZoneInfo
    agency_zone: ZoneInfo
    now: datetime
    currency: Currency | None = None
    is_dated: bool = False
    """Whether every day is a date, never "Today": for records, which are printed and kept."""

    @classmethod
    def for_person(cls, person: Person, agency: Agency, now: datetime) -> Self:
        """Reader for a person; English and the agency's zone unless others are known."""
        zone = _zone(person.time_zone, agency.zone)
        return cls(language_for(person.language), zone, agency.zone, now, agency.currency)

    @classmethod
    def for_agency(cls, agency: Agency, now: datetime, language: str | None = None) -> Self:
        """Reader for a group or an unknown person, with a language tag at most."""
        return cls(language_for(language), agency.zone, agency.zone, now, agency.currency)

    def dated(self) -> Self:
        """The same reader, for records: every day is a date."""
        return replace(self, is_dated=True)

    # ------------------------------------------------------------------------------ messages

    def text(self, message: str, /, **params: object) -> Markup:
        """HTML; `message` may contain Telegram's tags, parameters are escaped."""
        if not params:
            return plain_html(self.language, message)
        return html(catalogue_of(self.language).gettext(message), **params)

    def texts(self, one: str, many: str, count: int, /, **params: object) -> Markup:
        """HTML in the plural form for `count`; the message may contain `{count}`."""
        return html(catalogue_of(self.language).ngettext(one, many, count), count=count, **params)

    def label(self, message: str, /, **params: object) -> str:
        """Plain text, without escaping."""
        if not params:
            return plain_text(self.language, message)
        return catalogue_of(self.language).gettext(message).format(**params)

    def labels(self, one: str, many: str, count: int, /, **params: object) -> str:
        """Plain text in the plural form for `count`."""
        return catalogue_of(self.language).ngettext(one, many, count).format(count=count, **params)

    def listed(self, items: Iterable[str]) -> str:
        """Plain text such as "2 photos, 1 voice memo, 1 text"."""
        # Translators: between the items of a list, as in "2 photos, 1 voice memo, 1 text"
        return self.label(", ").join(items)

    def number(self, count: int) -> str:
        """Whole number as the language groups its digits: "1,340"."""
        return format_decimal(count, locale=locale_of(self.language))

    def money(self, minor: int, currency: Currency) -> str:
        """Amount of minor units as the language writes it: "SGD 1,340.50"."""
        amount = currency.major(minor)
        written = format_currency(amount, currency.code, locale=locale_of(self.language))
        return _spaced_code(written, currency.code)

    # --------------------------------------------------------------------------------- times

    def slot(self, starts_at: datetime, ends_at: datetime) -> str:
        """Time of a session: "Today 15:00-16:30", "Thu 26 Nov 23:30 - Fri 27 Nov 00:30"."""
        return self._span(starts_at, ends_at, self.day)

    def dated_slot(self, starts_at: datetime, ends_at: datetime) -> str:
        """As `slot`, for texts that are read again on other days: "Thu 26 Nov", never "Today"."""
        return self._span(starts_at, ends_at, self.dated_day)

    def slot_on(self, day: date, starts_at: datetime, ends_at: datetime) -> str:
        """As `slot`, below a title that names `day`: "15:00-16:30" where it is of that day."""

        def other(one: date) -> str:
            return "" if one == day else self.day(one)

        return self._span(starts_at, ends_at, other)

    def card_slot(self, starts_at: datetime, ends_at: datetime) -> str:
        """As `dated_slot`, but "Today" on the day itself: for texts that change at midnight."""
        return self._span(starts_at, ends_at, self._today_or_date)

    def turns_at(self, starts_at: datetime, ends_at: datetime) -> datetime | None:
        """Midnight at which the `card_slot` next reads otherwise; None if it never will."""
        days = {self.date_of(starts_at), self.date_of(ends_at - timedelta(microseconds=1))}
        bounds = (bounds_of_day(day, self.zone) for day in days)
        return min((at for both in bounds for at in both if at > self.now), default=None)

    def told_until(self, *moments: datetime | None) -> datetime | None:
        """Midnight from which "at 15:02" needs its day; None if none of `moments` is of today."""
        days = [self.date_of(at) for at in moments if at is not None]
        return bounds_of_day(self.today, self.zone)[1] if self.today in days else None

    def _today_or_date(self, day: date) -> str:
        return self.day(day) if day == self.today else self.dated_day(day)

    def _span(self, starts_at: datetime, ends_at: datetime, day: Callable[[date], str]) -> str:
        starts, ends = self._local(starts_at), self._local(ends_at)
        since = f"{day(starts.date())} {self._clock(starts)}".lstrip()
        last_instant = ends - timedelta(microseconds=1)  # one that ends at midnight has one day
        if starts.date() == last_instant.date():
            return self._with_zone(f"{since}-{self._clock(ends)}")
        if day(starts.date()) == self.dated_day(starts.date()):  # "Sun 29 Nov - Yesterday" is none
            day = self.dated_day
        until = f"{day(ends.date())} {self._clock(ends)}".lstrip()
        return self._with_zone(f"{since} - {until}")

    def moment(self, at: datetime) -> str:
        """Instant on its own: "Today 15:02", "Thu 26 Nov 15:02"."""
        local = self._local(at)
        return self._with_zone(f"{self.day(local.date())} {self._clock(local)}")

    def dated_moment(self, at: datetime) -> str:
        """As `moment`, for texts that are read again on other days: "Thu 26 Nov", never "Today"."""
        local = self._local(at)
        return self._with_zone(f"{self.dated_day(local.date())} {self._clock(local)}")

    def when(self, at: datetime) -> str:
        """Instant in a sentence: "at 15:02", "tomorrow at 15:02", "on Thu 26 Nov at 15:02"."""
        local = self._local(at)
        time = self._with_zone(self._clock(local))
        match self._days_ahead(local.date()):
            case 0:
                return self.label("at {time}", time=time)
            case 1:
                return self.label("tomorrow at {time}", time=time)
            case -1:
                return self.label("yesterday at {time}", time=time)
        return self.label("on {day} at {time}", day=self.day(local.date()), time=time)

    def lasting_when(self, at: datetime) -> str:
        """As `when`, for texts that are read again on other days: "at 15:02" on the day itself,
        on any other its date.
        """
        reader = self if self.date_of(at) == self.today else self.dated()
        return reader.when(at)

    def clock_time(self, at: datetime) -> str:
        """Instant as "15:02" on the reader's today; on another day "tomorrow 15:02".

        For brackets and lists inside a text.
        """
        local = self._local(at)
        time = self._with_zone(self._clock(local))
        match self._days_ahead(local.date()):
            case 0:
                return time
            case 1:
                return self.label("tomorrow {time}", time=time)
            case -1:
                return self.label("yesterday {time}", time=time)
        return f"{self.day(local.date())} {time}"

    def dated_clock_time(self, at: datetime, day: date) -> str:
        """Instant on `day` as "15:02"; on another with its date."""
        local = self._local(at)
        if local.date() == day:
            return self._with_zone(self._clock(local))
        return self.dated().clock_time(at)

    def clock_time_only(self, at: datetime) -> str:
        """Instant as "15:02", where its day and zone are clear already."""
        return self._clock(self._local(at))

    def day(self, day: date) -> str:
        """Date on its own: "Today", "Thu 26 Nov"; with the year if it is another one."""
        match self._days_ahead(day):
            case 0:
                return self.label("Today")
            case 1:
                return self.label("Tomorrow")
            case -1:
                return self.label("Yesterday")
        return self.dated_day(day)

    def dated_day(self, day: date) -> str:
        """As `day`, for texts that are read again on other days: "Thu 26 Nov", never "Today"."""
        skeleton = "MMMEd" if day.year == self.today.year else "yMMMEd"
        return _formatted(skeleton, day, self.language)

    def month(self, day: date) -> str:
        """Month of a day, with its year: "November 2026"."""
        return _formatted("yMMMM", day, self.language)

    def short_month(self, day: date) -> str:
        """As `month`, for a button: "Nov 2026"."""
        return _formatted("yMMM", day, self.language)

    def full_day(self, day: date, *, with_year: bool) -> str:
        """As `dated_day`, but the same whenever it is read."""
        return _formatted("yMMMEd" if with_year else "MMMEd", day, self.language)

    def date_of(self, at: datetime) -> date:
        """Calendar day of an instant in the reader's zone."""
        return self._local(at).date()

    @cached_property
    def today(self) -> date:
        """Reader's calendar day."""
        return self._local(self.now).date()

    @property
    def agency_today(self) -> date:
        """Agency's calendar day, by which weekly times count."""
        return self.now.astimezone(self.agency_zone).date()

    def day_without_year(self, day: date) -> str:
        """As `dated_day`, for the days of a calendar, which are near each other."""
        return format_skeleton("MMMEd", _noon(day), locale=locale_of(self.language))

    def weekday_typed(self, day: date) -> str:
        """Weekday as somebody types it: "thu"."""
        return format_date(day, "EEE", locale=locale_of(self.language)).strip(".").lower()

    def weekday(self, number: int) -> str:
        """Name of a weekday, 1 for Monday: "Monday"."""
        names = get_day_names("wide", context="stand-alone", locale=locale_of(self.language))
        return str(names[number - 1])

    def country(self, code: str) -> str:
        """Name of a country, by its ISO 3166-1 code."""
        return str(locale_of(self.language).territories.get(code, code))

    @property
    def agency_country(self) -> str:
        """Code of the country in whose time zone the agency is; empty where that is none's."""
        return str(get_global("zone_territories").get(self.agency_zone.key, ""))

    def place(self, zone: ZoneInfo) -> str:
        """Name of a zone's place: "London"."""
        place = get_timezone_location(zone, locale=locale_of(self.language), return_city=True)
        return place.rpartition("/")[2]  # a zone that the language has no name for

    def at_the_agency(self, time: str) -> str:
        """Wall time of the agency, whose zone is named where the reader has another."""
        if self.zone.key == self.agency_zone.key:
            return time
        return self._placed(time, self.agency_zone)

    def duration(self, minutes: int) -> str:
        """Duration: "45 min", "1 h 30 min"."""
        hours, rest = divmod(minutes, HOUR)
        if not hours:
            return self.label("{minutes} min", minutes=rest)
        if not rest:
            return self.label("{hours} h", hours=hours)
        return self.label("{hours} h {minutes} min", hours=hours, minutes=rest)

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def _days_ahead(self, day: date) -> int | None:
        return None if self.is_dated else (day - self.today).days

    def _clock(self, local: datetime) -> str:
        return f"{local.hour:02}:{local.minute:02}"

    def _with_zone(self, time: str) -> str:
        if self.zone.key == self.agency_zone.key:
            return time
        return self._placed(time, self.zone)

    def _placed(self, time: str, zone: ZoneInfo) -> str:
        return self.label("{time} {place} time", time=time, place=self.place(zone))


def _spaced_code(written: str, code: str) -> str:
    """An amount with a space between a code and a digit, which stay on one line."""
    return re.sub(rf"(?<={code})(?=\d)|(?<=\d)(?={code})", "\N{NO-BREAK SPACE}", written)


@lru_cache(1024)
def _formatted(skeleton: str, day: date, language: str) -> str:
    """Date in a language; looking up its pattern takes longer than anything else in a card."""
    pattern = _PATTERNS.get((language, skeleton))
    if pattern is not None:
        return format_datetime(_noon(day), pattern, locale=locale_of(language))
    return format_skeleton(skeleton, _noon(day), locale=locale_of(language))


_PATTERNS = MappingProxyType({(ENGLISH, "yMMMEd"): "E d MMM y"})
"""Patterns in place of the language's own: in English a day has a comma with its year alone."""


def _noon(day: date) -> datetime:
    """Naive instant that is on `day` in whatever zone a formatter assumes."""
    return datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001  # a date, not an instant


def _zone(name: str | None, otherwise: ZoneInfo) -> ZoneInfo:
    """Zone of that name; a name that the database has lost must not stop a message."""
    try:
        return ZoneInfo(name) if name else otherwise
    except (ZoneInfoNotFoundError, ValueError):
        return otherwise
