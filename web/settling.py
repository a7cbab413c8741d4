"""Sessions on days without sessions, as a form in which something is chosen for each (SPEC 7)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from locales.current_user import CurrentUser
from locales.match_wording import way_label
from locales.reader import Reader
from locales.refusals import refusal_text
from services.closures.booked import Found
from services.db import Session
from services.rules.closures import Choice, Way, digest_of, first_choice
from services.rules.refusals import Refusal
from services.rules.refusals.packages import DayNotRead
from services.rules.refusals.typed import TimeNotClear
from web.days import instant_at
from web.forms import Form
from web.site import row_id_if_any, site_of

SEE_OTHER = 303

MOST_FIELDS = 2000
"""Most fields of such a form: two for each session."""


async def settle(
    request: Request,
    form: Form,
    *,
    look: Callable[[Session], tuple[CurrentUser, list[Found]]],
    act: Callable[[Session], str],
    refused: Callable[[Refusal], Awaitable[Response]],
    shown: Callable[[CurrentUser, list[Found]], Response],
) -> Response:
    """Show what is booked on the days of a form; with the digest of that, enter and settle them.

    `look` finds the sessions, `act` enters and settles by the form's digest, and gives the address
    that says so; `refused` is the page of the days, where they are refused, and `shown` the one on
    which something is chosen for each session.
    """
    site = site_of(request)
    try:
        user, found = await site.database.read(look)
    except Refusal as refusal:
        return await refused(refusal)
    if not form["digest"] and found:
        return shown(user, found)
    form.values["digest"] = form["digest"] or digest(found)
    try:
        there = await site.database.write(act)
    except Refusal as refusal:
        user, found = await site.database.read(look)
        about = refusal.session_id
        name = "settle" if about is None else time_field(about)
        form.errors[name] = refusal_text(user.reader, refusal, user.person.id)
        return shown(user, found)
    site.has_acted()
    return RedirectResponse(there, SEE_OTHER)


@dataclass(frozen=True)
class Row:
    """One session, and what can be chosen for it."""

    number: int
    title: str
    slot: str
    aside: str
    """What the penalty sheet says of a cancellation, or why nothing can be chosen."""
    ways: list[tuple[str, str]]
    chosen: str
    new_start: str
    """For the field of the new time, in the reader's zone."""
    can_ask: bool


def rows(
    reader: Reader, found: Sequence[Found], form: Form, *, names_tutor: bool = True
) -> list[Row]:
    """A row for each session: with what was typed, else with what is likely."""
    return [_row(reader, one, form, names_tutor=names_tutor) for one in found]


def choices_of(form: Form, zone: ZoneInfo) -> dict[int, Choice]:
    """What was chosen for each session. Refused: DayNotRead, TimeNotClear, for a new time."""
    found = {}
    for name, value in form.values.items():
        number = row_id_if_any(name.removeprefix("way")) if name.startswith("way") else None
        if number is None or value not in set(Way):
            continue
        way = Way(value)
        start = _instant(form, number, zone) if way is Way.ASK else None
        found[number] = Choice(way, start)
    return found


def time_field(number: int) -> str:
    """Name of the field of a session's new time."""
    return f"at{number}"


def digest(found: Sequence[Found]) -> str:
    """Value by which what was shown is settled only as it was read."""
    return digest_of(one.booked for one in found)


def _row(reader: Reader, one: Found, form: Form, *, names_tutor: bool) -> Row:
    view, booked = one.view, one.booked
    likely = first_choice(booked)
    typed = form[f"way{view.id}"]
    start = form[time_field(view.id)]
    if not start and booked.suggested is not None:
        start = f"{booked.suggested.astimezone(reader.zone):%Y-%m-%dT%H:%M}"
    row = view.appointment
    return Row(
        view.id,
        " · ".join((view.student.name, row.subject, *([view.tutor.name] * names_tutor))),
        reader.dated_slot(row.starts_at, row.ends_at),
        _aside(reader, one),
        [(way.value, way_label(reader, way)) for way in booked.ways],
        typed if typed in set(booked.ways) else likely.way.value,
        start,
        Way.ASK in booked.ways,
    )


def _aside(reader: Reader, one: Found) -> str:
    booked = one.booked
    if booked.ways == (Way.LEAVE,):
        return reader.label("Starts in less than four hours: tell the coordinators.")
    if booked.has_request:
        return reader.label("There is a request to move it already.")
    if booked.penalty is not None:
        return reader.label("Penalty if cancelled: {penalty}", penalty=booked.penalty.penalty)
    return ""


def _instant(form: Form, number: int, zone: ZoneInfo) -> datetime:
    day, _, at = form[time_field(number)].partition("T")
    try:
        start = instant_at(day, at, zone)
    except TimeNotClear as refusal:
        raise refusal.of_session(number) from None
    if start is None:
        raise DayNotRead().of_session(number)
    return start
