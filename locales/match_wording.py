"""Texts for matches, holidays and leave. Plain text: escape it for HTML (SPEC 7)."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from locales.catalogue import phrase
from locales.reader import Reader
from models import Match, TutorLeave
from models.enums import Kind, MatchStatus, PriceUnit
from services.messaging.messages.matches import Unbooked, unbooked
from services.queries.matches import MatchView
from services.rules.closures import Way
from services.rules.slot_changes import Spared
from services.rules.weekly import Hindrance, Occurrence, WeeklyTime, first_of

LINES = 8
"""Most days that a message lists."""

_STATUSES = MappingProxyType(
    {
        MatchStatus.OFFERED: phrase("Waits for the parents"),
        MatchStatus.ACCEPTED: phrase("Going on"),
        MatchStatus.DECLINED: phrase("Declined"),
        MatchStatus.WITHDRAWN: phrase("Taken back"),
        MatchStatus.ENDED: phrase("Ended"),
    }
)
_HINDRANCES = MappingProxyType(
    {
        Hindrance.SKIPPED_TIME: phrase("the clocks skip this time that day"),
        Hindrance.DOUBLED_TIME: phrase("the clocks show this time twice that day"),
        Hindrance.HOLIDAY: phrase("a holiday"),
        Hindrance.LEAVE: phrase("the tutor is away"),
        Hindrance.TUTOR_TAKEN: phrase("the tutor has another session then"),
        Hindrance.STUDENT_TAKEN: phrase("the student has another session then"),
    }
)
_HINDRANCES_OF_TUTOR = MappingProxyType(
    {
        **_HINDRANCES,
        Hindrance.LEAVE: phrase("you are away"),
        Hindrance.TUTOR_TAKEN: phrase("you have another session then"),
    }
)
_SPARED = MappingProxyType(
    {
        Spared.MOVED_BY_HAND: phrase("was moved separately"),
        Spared.REQUEST_OPEN: phrase("has a request to move it"),
        Spared.NOT_SCHEDULED: phrase("is over or was cancelled"),
    }
)


_WAYS = MappingProxyType(
    {
        Way.CANCEL: phrase("Cancel"),
        Way.ASK: phrase("Ask to move"),
        Way.LEAVE: phrase("Keep as it is"),
    }
)


def match_status(reader: Reader, status: MatchStatus) -> str:
    """Status of a match, for coordinators."""
    return reader.label(_STATUSES[status])


def hindrance_label(reader: Reader, hindrance: Hindrance, *, to_tutor: bool = False) -> str:
    """Why a day of a slot has no session."""
    return reader.label((_HINDRANCES_OF_TUTOR if to_tutor else _HINDRANCES)[hindrance])


def spared_label(reader: Reader, spared: Spared) -> str:
    """Why a change of slots leaves a session alone."""
    return reader.label(_SPARED[spared])


def kind_label(reader: Reader, kind: Kind) -> str:
    """Kind of a match."""
    return reader.label("Trial") if kind is Kind.TRIAL else reader.label("Regular")


def weekly_time(reader: Reader, at: WeeklyTime) -> str:
    """Weekly time: "Every Monday 15:00-16:30"; with the agency's zone where it is another."""
    span = reader.at_the_agency(wall_span(at.start_time, at.minutes))
    return reader.label("Every {weekday} {span}", weekday=reader.weekday(at.weekday), span=span)


def weekly_times(reader: Reader, times: list[WeeklyTime]) -> str:
    """All weekly times in a line."""
    return reader.listed(weekly_time(reader, one) for one in times)


def times_of_match(reader: Reader, view: MatchView) -> str:
    """Weekly times that count today, or from the first day on; of a trial its one session."""
    if view.match.kind is not Kind.TRIAL:
        return weekly_times(reader, view.times_on(reader.agency_today))
    if (booked := view.booked.first) is not None:
        return reader.dated_slot(booked.starts_at, booked.ends_at)
    answered = view.match.answered_at
    day = answered.astimezone(reader.agency_zone).date() if answered else reader.agency_today
    found = first_of(view.times_on(day), max(day, view.match.starts_on))
    if found is None:
        return ""
    day, at = found
    return f"{reader.dated_day(day)} {reader.at_the_agency(wall_span(at.start_time, at.minutes))}"


def days_of_match(reader: Reader, match: Match) -> str:
    """First and last day of weekly lessons; empty for a trial, whose time has its day."""
    return "" if match.kind is Kind.TRIAL else match_dates(reader, match)


def lesson_days(reader: Reader, view: MatchView) -> str:
    """As `days_of_match`, from the day of the first lesson on: for the families."""
    match = view.match
    if match.kind is Kind.TRIAL:
        return ""
    found = first_of(view.times_on(match.starts_on), match.starts_on)
    return match_dates(reader, match, None if found is None else found[0])


def wall_span(start: time, minutes: int) -> str:
    """Wall times of a start and its end: "15:00-16:30"."""
    ends = datetime.combine(date.min, start) + timedelta(minutes=minutes)
    return f"{start:%H:%M}-{ends:%H:%M}"


def match_dates(reader: Reader, match: Match, first_day: date | None = None) -> str:
    """First and last day of a match: "From Mon 30 Nov", "From Mon 30 Nov to Mon 25 Jan"."""
    first = reader.dated_day(first_day or match.starts_on)
    if match.ends_on is None:
        return reader.label("From {first}", first=first)
    return reader.label("From {first} to {last}", first=first, last=reader.dated_day(match.ends_on))


def match_price(reader: Reader, match: Match) -> str:
    """What the family pays: "SGD 60.00 an hour"; empty where no price is agreed."""
    return per_unit(reader, match.price, match.price_unit)


def per_unit(reader: Reader, amount: int | None, unit: PriceUnit | None) -> str:
    """An amount for each hour or session; empty without one, or where no money is counted."""
    if amount is None or unit is None or reader.currency is None:
        return ""
    money = reader.money(amount, reader.currency)
    if unit is PriceUnit.HOUR:
        return reader.label("{amount} an hour", amount=money)
    return reader.label("{amount} a session", amount=money)


def hindered_line(reader: Reader, one: Unbooked, *, to_tutor: bool = False) -> str:
    """Day of a slot that was not booked: "Mon 7 Dec 15:00-16:30: why"."""
    span = wall_span(one.start_time, one.minutes)
    why = hindrance_label(reader, one.hindrance, to_tutor=to_tutor)
    return f"{reader.dated_day(one.day)} {reader.at_the_agency(span)}: {why}"


def not_booked(reader: Reader, days: Sequence[Unbooked], *, to_tutor: bool = False) -> list[str]:
    """Days that were not booked, a line each; of many the first ones, and how many there are."""
    lines = [f"• {hindered_line(reader, one, to_tutor=to_tutor)}" for one in days[:LINES]]
    more = len(days) - LINES
    if more > 0:
        lines.append(reader.labels("… and {count} more", "… and {count} more", more))
    return lines


def booked_lines(
    reader: Reader, view: MatchView, missing: Sequence[Occurrence], *, to_tutor: bool = False
) -> list[str]:
    """How many sessions of a match are booked, and the days that could not be (`missing`)."""
    first, days = view.booked.first, unbooked(missing)
    if first is None:
        if view.match.kind is Kind.TRIAL:
            told = reader.label("It could not be booked yet. A coordinator will be in touch.")
        elif days:
            told = reader.label("No session could be booked yet. A coordinator will be in touch.")
        else:
            told = reader.label("Nothing is booked yet: sessions are booked eight weeks ahead.")
    else:
        told = reader.labels(
            "{count} session is booked: {when}.",
            "{count} sessions are booked, the first {when}.",
            view.booked.count,
            when=reader.dated_slot(first.starts_at, first.ends_at),
        )
    if not days:
        return [told]
    return [told, reader.label("Not booked:"), *not_booked(reader, days, to_tutor=to_tutor)]


def leave_days(reader: Reader, leave: TutorLeave) -> str:
    """Days of leave: "Mon 7 Dec", "Mon 7 Dec to Fri 11 Dec"."""
    return day_span(reader, leave.starts_on, leave.ends_on)


def day_span(reader: Reader, first: date, last: date) -> str:
    """Days from the first to the last, both included."""
    if first == last:
        return reader.dated_day(first)
    return reader.label(
        "{first} to {last}", first=reader.dated_day(first), last=reader.dated_day(last)
    )


def way_label(reader: Reader, way: Way) -> str:
    """What becomes of a session on days without sessions."""
    return reader.label(_WAYS[way])


def settled_counts(reader: Reader, cancelled: int, asked: int, left: int) -> str:
    """What became of sessions, by number: "1 cancelled, 2 asked to move"; empty without any."""
    counts = (
        (cancelled, reader.labels("{count} cancelled", "{count} cancelled", cancelled)),
        (asked, reader.labels("{count} asked to move", "{count} asked to move", asked)),
        (left, reader.labels("{count} left as it is", "{count} left as they are", left)),
    )
    return reader.listed(words for number, words in counts if number)
