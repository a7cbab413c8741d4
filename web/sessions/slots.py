"""Times to choose from: offered ones, a day's free hours, and typed ones (SPEC 6; UX 10, 19)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType

from locales.catalogue import phrase
from locales.reader import Reader
from locales.refusals import refusal_text
from locales.typed_day_words import FIRST_EXAMPLE, no_such_day, time_examples
from locales.typed_words import vocabulary_of
from locales.wording import change_reason
from models import Appointment
from models.enums import Role
from services.db import Session
from services.queries.closed_days import next_open_days
from services.queries.offered_slots import (
    first_day,
    free_days,
    starts_of_day,
    suggested_starts,
)
from services.queries.possible_times import PossibleTimes, possible_times
from services.rules.offered_slots import CALENDAR_DAYS, CALENDAR_PAGES, calendar_days, page_with
from services.rules.refusals.matches import ClosedDay
from services.rules.refusals.requests import SameTime, SlotPassed, SlotTaken
from services.rules.reschedule import new_end
from services.rules.session_changes import REASONS
from services.rules.typed_days import Doubt
from services.rules.typed_slots import Frame, TypedSlot, read_typed_slot
from web.days import INSTANT, day_if_any
from web.forms import Form

ENOUGH, FURTHEST = 7, 4
"""Free days with which the strip does without further ones, and pages that it has at most."""
ANOTHER_TIME_WILL_DO = (SlotTaken, SlotPassed, SameTime, ClosedDay)
"""Refusals of a time after which another can be chosen."""

_ASKED: Mapping[Doubt, str] = MappingProxyType(
    {
        Doubt.HALF: phrase("In the morning or in the evening?"),
        Doubt.WHICH_DAY: phrase("This week or next week?"),
        Doubt.WHICH_WEEK: phrase("Which of these days do you mean?"),
        Doubt.FAR: phrase("Which day do you mean? The next one is {day}, more than 60 days away."),
        Doubt.TWICE: phrase("The clocks go back that night, so this time comes twice. Which one?"),
        Doubt.SKIPPED: phrase(
            "The clocks go forward that night and skip this time. Which one do you mean?"
        ),
        Doubt.PASSED: phrase("That time has passed. Do you mean one of these?"),
        Doubt.NEAREST: phrase("Do you mean this?"),
        Doubt.NO_TIME: phrase("At what time? Choose an hour, or type the time as well."),
        Doubt.NOTHING: phrase("That is no day and time that we can read. Please choose one here."),
    }
)
"""What is asked about a typed time, by the doubt."""


@dataclass(frozen=True)
class Choice:
    """One time or day to choose."""

    query: str
    """Of its address."""
    words: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Slots:
    """Times to choose from."""

    suggested: list[Choice]
    days: list[Choice]
    """Those that have a free hour, mostly of the two weeks of the session or of the chosen day."""
    turns: tuple[str, str]
    """Of the addresses of earlier and of later days; empty where there are none."""
    day: str
    """The chosen day in words; empty where none is chosen."""
    hours: list[Choice]
    readings: list[Choice]
    """What the typed text can mean, if it is not clear."""
    examples: tuple[str, str]


@dataclass(frozen=True)
class Chosen:
    """A time that was chosen, shown back before it counts."""

    value: str
    slot: str
    length: str
    """That the length stays as it is, where an end was typed, too; else empty."""
    question: str
    until: str
    reasons: list[tuple[str, str]]


def offered(
    session: Session, reader: Reader, appointment: Appointment, viewer_id: int, form: Form
) -> Slots:
    """Times that are offered, and the free hours of the day that was chosen or typed.

    Of readings of what was typed that cannot be had the field says why (`viewer_id`: to whom).
    """
    typed = _typed(reader, appointment, form)
    can_be = PossibleTimes()
    if typed is not None and typed.doubt is not None:
        zones = (reader.zone, reader.agency_zone)
        can_be = possible_times(session, appointment, typed, reader.now, *zones)
        if can_be.refusal is not None:
            said = [no_such_day(reader, typed.short_month)] if typed.short_month else []
            why = refusal_text(reader, can_be.refusal, viewer_id)
            form.errors["typed"] = " ".join([*said, why])
    day = day_if_any(form["day"])
    if typed is not None and typed.doubt is Doubt.NO_TIME and len(typed.days) == 1:
        day = typed.days[0]
    if typed is not None and typed.doubt is None:  # a clear time that cannot be had
        day = typed.starts[0].astimezone(reader.zone).date()
    own = reader.date_of(appointment.starts_at)
    page = _page(reader, appointment, form, day or own)
    free = _free_days(session, reader, appointment, page)
    hours = (
        starts_of_day(session, appointment, day, reader.now, reader.zone, reader.agency_zone)
        if day
        else []
    )
    return Slots(
        suggested=[
            Choice(_at(one), reader.moment(one))
            for one in suggested_starts(
                session, appointment, reader.now, reader.zone, reader.agency_zone
            )
        ],
        days=[Choice(f"day={one.isoformat()}", reader.day(one), one == day) for one in free],
        turns=(_turn(page - 1), _turn(page + 1)),
        day=reader.day(day) if day else "",
        hours=[Choice(_at(one), reader.clock_time_only(one)) for one in hours],
        readings=_readings(reader, typed, can_be) if typed else [],
        examples=time_examples(
            reader,
            next_open_days(session, appointment.tutor_id, reader.today + FIRST_EXAMPLE, 2),
            own,
        ),
    )


def _page(reader: Reader, appointment: Appointment, form: Form, day: date) -> int:
    """The page of the calendar that the address asks for, else the one that has a day."""
    if (asked := form["page"]).isdecimal() and len(asked) <= len(str(CALENDAR_PAGES)):
        return min(int(asked), CALENDAR_PAGES - 1)
    return page_with(day, first_day(appointment, reader.now, reader.zone))


def _turn(page: int) -> str:
    return f"page={page}" if 0 <= page < CALENDAR_PAGES else ""


def _free_days(session: Session, reader: Reader, appointment: Appointment, page: int) -> list[date]:
    """The days of the strip: further ones, too, where few of a page are free, as during leave."""
    first = first_day(appointment, reader.now, reader.zone)

    def among(*pages: int) -> list[date]:
        days = [day for one in pages for day in calendar_days(first, one)]
        return free_days(session, appointment, days, reader.now, reader.zone, reader.agency_zone)

    free = among(page)
    further = [one for one in range(page + 1, page + FURTHEST) if one < CALENDAR_PAGES]
    if len(free) >= ENOUGH or not further:
        return free
    return [*free, *among(*further)][:CALENDAR_DAYS]


def typed_start(reader: Reader, appointment: Appointment, form: Form) -> datetime | None:
    """The start that was typed; None where there is none, and where the form asks about it."""
    typed = _typed(reader, appointment, form)
    if typed is None:
        return None
    if typed.doubt is None:
        return typed.starts[0]
    if typed.short_month is not None:
        form.errors["typed"] = no_such_day(reader, typed.short_month)
        return None
    day = reader.day(typed.days[-1]) if typed.days else ""
    form.errors["typed"] = reader.label(_ASKED[typed.doubt], day=day)
    return None


def confirming(
    reader: Reader, appointment: Appointment, start: datetime, side: Role, form: Form
) -> Chosen:
    """The chosen time, with what the other side will be asked."""
    ends_at = new_end(appointment.starts_at, appointment.ends_at, start)
    until = reader.dated_moment(appointment.starts_at)
    typed = _typed(reader, appointment, form)
    return Chosen(
        value=start.astimezone(UTC).strftime(INSTANT),
        slot=reader.dated_slot(start, ends_at),
        length=_length_stays(reader, appointment) if typed and typed.is_range else "",
        question=(
            reader.label("Ask the tutor?")
            if side is Role.PARENT
            else reader.label("Ask the parents?")
        ),
        until=reader.label(
            "They can answer until {until}. Without an answer by then, "
            "the session will not take place.",
            until=until,
        ),
        reasons=[(one.value, change_reason(reader, one)) for one in REASONS[side]],
    )


def confirming_for_agency(
    reader: Reader, appointment: Appointment, start: datetime, form: Form
) -> Chosen:
    """The chosen time, which a coordinator books without asking either side."""
    ends_at = new_end(appointment.starts_at, appointment.ends_at, start)
    typed = _typed(reader, appointment, form)
    return Chosen(
        value=start.astimezone(UTC).strftime(INSTANT),
        slot=reader.dated_slot(start, ends_at),
        length=_length_stays(reader, appointment) if typed and typed.is_range else "",
        question="",
        until="",
        reasons=[],
    )


def _typed(reader: Reader, appointment: Appointment, form: Form) -> TypedSlot | None:
    """What was typed, on the day that was chosen, if one was."""
    if not form["typed"]:
        return None
    frame = Frame(reader.now, reader.zone, appointment.starts_at, day_if_any(form["day"]))
    return read_typed_slot(form["typed"], frame, vocabulary_of(reader.language))


def _readings(reader: Reader, typed: TypedSlot, can_be: PossibleTimes) -> list[Choice]:
    """The nearest readings: starts, or days of which the hours are shown."""
    if typed.doubt is Doubt.TWICE and len(can_be.starts) == 2:
        words = (reader.label("The first, before the change"), reader.label("The second, after it"))
        return [Choice(_at(start), told) for start, told in zip(can_be.starts, words, strict=True)]
    starts = [Choice(_at(start), reader.moment(start)) for start in can_be.starts]
    return starts or [Choice(f"day={one.isoformat()}", reader.day(one)) for one in can_be.days]


def _length_stays(reader: Reader, appointment: Appointment) -> str:
    minutes = int((appointment.ends_at - appointment.starts_at).total_seconds()) // 60
    return reader.label("The length stays as it is: {length}.", length=reader.duration(minutes))


def _at(start: datetime) -> str:
    return f"at={start.astimezone(UTC).strftime(INSTANT)}"
