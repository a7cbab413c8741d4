"""The form for leave: on the tutor's own page, and on the coordinators' (SPEC 7)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response

from locales.current_user import CurrentUser
from locales.match_wording import leave_days, settled_counts
from locales.reader import Reader
from models.enums import LeaveStatus
from services.closures.booked import Found
from services.closures.leave import LeaveWanted, sessions_during, take
from services.db import Session
from services.queries.taken_leave import taken_leave
from services.rules.refusals import Refusal
from services.rules.refusals.matches import DatesWanted, LeaveOverlaps
from web.days import day_of
from web.forms import Form, attempt, check_text
from web.settling import choices_of, settle
from web.site import row_id_if_any, site_of

FIELDS: Mapping[type[Refusal], str] = MappingProxyType(
    {DatesWanted: "starts_on", LeaveOverlaps: "starts_on"}
)
"""Field beside which a refusal stands."""
KEPT = ("starts_on", "ends_on", "reason")
"""Fields that the settling page hands on."""


def check(form: Form, user: CurrentUser) -> None:
    """Put beside each field what cannot be read in it."""
    attempt(form, user, "starts_on", day_of, form["starts_on"])
    if form["ends_on"]:
        attempt(form, user, "ends_on", day_of, form["ends_on"])
    check_text(form, user, "reason", is_needed=True)


def wanted(form: Form, tutor_id: int) -> LeaveWanted:
    """The leave that was typed; without a last day it is one day. Refused: DayNotRead."""
    first = day_of(form["starts_on"])
    last = day_of(form["ends_on"]) if form["ends_on"] else first
    return LeaveWanted(tutor_id, first, last, form["reason"])


async def enter_leave(
    request: Request,
    form: Form,
    user_of: Callable[[Session, Request], CurrentUser],
    tutor_of: Callable[[CurrentUser], int],
    *,
    refused: Callable[[Refusal], Awaitable[Response]],
    shown: Callable[[CurrentUser, Sequence[Found]], Response],
    back: str,
) -> Response:
    """Show what is booked then; with the digest of that, enter the leave and settle it.

    `user_of`: who enters it, `tutor_of`: whose leave it is, `back`: the page that says what came of
    it; the rest as `settle` has it.
    """
    site = site_of(request)

    def look(session: Session) -> tuple[CurrentUser, list[Found]]:
        user, sheet = user_of(session, request), site.penalties.sheet
        about = wanted(form, tutor_of(user))
        return user, sessions_during(session, user.actor, about, site.agency, sheet)

    def act(session: Session) -> str:
        user, sheet = user_of(session, request), site.penalties.sheet
        about, choices = wanted(form, tutor_of(user)), choices_of(form, user.reader.zone)
        taken = take(session, user.actor, about, choices, site.agency, sheet, digest=form["digest"])
        return f"{back}?entered={taken.leave.id}"

    return await settle(request, form, look=look, act=act, refused=refused, shown=shown)


def just_entered(
    session: Session, request: Request, reader: Reader, tutor_id: int | None = None
) -> str:
    """What came of the leave that the address names, which was entered or taken back just now, in
    a sentence; empty where it names none. `tutor_id`: only of this tutor's.
    """
    given = row_id_if_any(request.query_params.get("taken_back", ""))
    found = taken_leave(session, given, tutor_id)
    if found is not None and found[0].status is LeaveStatus.WITHDRAWN:
        return reader.label(
            "The leave is taken back: {days}. Requests that nobody has answered are withdrawn; "
            "what was cancelled stays cancelled.",
            days=leave_days(reader, found[0]),
        )
    given = row_id_if_any(request.query_params.get("entered", ""))
    found = taken_leave(session, given, tutor_id)
    if found is None or found[0].status is not LeaveStatus.TAKEN:
        return ""
    leave, told = found
    days = leave_days(reader, leave)
    counts = settled_counts(reader, told.cancelled, told.asked, told.left) if told else ""
    if not counts:
        return reader.label("The leave is entered: {days}.", days=days)
    return reader.label("The leave is entered: {days}. Sessions: {told}.", days=days, told=counts)
