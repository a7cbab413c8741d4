"""Times to choose from: offered ones, the free hours of a day, and typed ones (UX 10)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from locales.reader import Reader
from locales.refusals import refusal_text
from locales.wording import change_reason
from models import Appointment
from models.enums import Role
from services.db import Session
from services.queries.offered_slots import starts_of_day, suggested_starts
from services.rules.refusals.typed import SlotNotRead, TimeDoesNotExist, TimeTwice
from services.rules.reschedule import new_end
from services.rules.session_changes import REASONS
from services.rules.typed_slots import read_slot_start
from web.forms import Form

INSTANT = "%Y%m%dT%H%MZ"
"""How addresses and forms write an instant."""
DAYS = 14
"""Days in the strip."""


@dataclass(frozen=True)
class Choice:
    """One time or day to choose."""

    value: str
    words: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Slots:
    """Times to choose from."""

    suggested: list[Choice]
    days: list[Choice]
    day: str
    """The chosen day in words; empty where none is chosen."""
    hours: list[Choice]
    twice: list[Choice]
    """The two instants that a typed time can mean, where the clocks go back."""


@dataclass(frozen=True)
class Chosen:
    """A time that was chosen, shown back before it counts."""

    value: str
    slot: str
    question: str
    until: str
    reasons: list[tuple[str, str]]


def offered(session: Session, reader: Reader, appointment: Appointment, form: Form) -> Slots:
    """Times that are offered, and the free hours of the day that the form names."""
    starts = suggested_starts(session, appointment, reader.now, reader.zone)
    day = _day(reader, form["day"])
    hours = (
        starts_of_day(session, appointment, day, reader.now, reader.zone) if day is not None else []
    )
    return Slots(
        suggested=[Choice(_written(one), reader.moment(one)) for one in starts],
        days=[
            Choice(one.isoformat(), reader.day(one), one == day)
            for one in (reader.today + timedelta(days=ahead) for ahead in range(DAYS))
        ],
        day=reader.day(day) if day is not None else "",
        hours=[Choice(_written(one), reader.clock_time_only(one)) for one in hours],
        twice=_twice(reader, appointment, form),
    )


def typed_start(reader: Reader, appointment: Appointment, form: Form) -> datetime | None:
    """The start that was typed; None where there is none, and where the form says what is wrong."""
    if not form["typed"]:
        return None
    try:
        return _read(reader, appointment, form["typed"])
    except TimeTwice:
        form.errors["typed"] = reader.label(
            "The clocks go back that night, so this time comes twice. Which one?"
        )
    except (SlotNotRead, TimeDoesNotExist) as refusal:
        form.errors["typed"] = refusal_text(reader, refusal, None)
    return None


def confirming(reader: Reader, appointment: Appointment, start: datetime, side: Role) -> Chosen:
    """The chosen time, with what the other side will be asked."""
    ends_at = new_end(appointment.starts_at, appointment.ends_at, start)
    until = reader.dated_moment(appointment.starts_at)
    return Chosen(
        value=_written(start),
        slot=reader.dated_slot(start, ends_at),
        question=(
            reader.label("Ask the tutor?")
            if side is Role.PARENT
            else reader.label("Ask the parents?")
        ),
        until=reader.label(
            "It stays as it is until they accept. An answer counts until {until}.", until=until
        ),
        reasons=[(one.value, change_reason(reader, one)) for one in REASONS[side]],
    )


def _twice(reader: Reader, appointment: Appointment, form: Form) -> list[Choice]:
    if not form["typed"]:
        return []
    try:
        _read(reader, appointment, form["typed"])
    except TimeTwice as twice:
        return [
            Choice(_written(twice.first), reader.label("The first, before the change")),
            Choice(_written(twice.second), reader.label("The second, after it")),
        ]
    except (SlotNotRead, TimeDoesNotExist):
        return []
    return []


def _read(reader: Reader, appointment: Appointment, typed: str) -> datetime:
    return read_slot_start(
        typed,
        near=appointment.starts_at,
        now=reader.now,
        zone=reader.zone,
        weekdays=reader.weekdays(),
        months=reader.months(),
    )


def _day(reader: Reader, given: str) -> date | None:
    """The day that the form names, if it is in the strip."""
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None
    return day if 0 <= (day - reader.today).days < DAYS else None


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime(INSTANT)
