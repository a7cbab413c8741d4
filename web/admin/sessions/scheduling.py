"""Scheduling one more session: first the child, then the rest on one page (SPEC 2, 10)."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.people_words import choice_of
from models import Person, Student
from models.enums import Action, Kind
from services.db import Session
from services.queries.scheduling import (
    Usual,
    student_with,
    students_called,
    tutors_for,
    usual_for,
)
from services.rules.refusals import Refusal
from services.rules.refusals.matches import ClosedDay
from services.rules.refusals.requests import SlotPassed, SlotTaken
from services.rules.refusals.sessions import ActedFirst, NotFound
from services.rules.scheduling import KINDS, read_length, require_length, require_subject
from services.sessions.scheduling import Wanted, require_schedulable, schedule
from web.admin.frame import admin_page, coordinator
from web.days import instant_at
from web.forms import Form, attempt, beside, read_form
from web.site import row_id, site_of

PATH = "/admin/sessions/new"
SEE_OTHER = 303
MOST_FOUND = 20

FIELDS: dict[type[Refusal], str] = dict.fromkeys(
    (SlotPassed, SlotTaken, ClosedDay, ActedFirst), "day"
)
"""Field beside which each refusal stands."""


@dataclass(frozen=True)
class Case:
    """What the page has to choose from."""

    user: CurrentUser
    child: Student | None
    found: list[Student]
    """Children of the name that is sought."""
    tutors: list[Person]
    usual: Usual


async def ask(request: Request) -> Response:
    """The page: a search for the child, then the form."""
    form = Form(dict(request.query_params))
    case = await site_of(request).database.read(_case, request, form)
    if case.child is not None:
        _fill(form, case)
    return _page(request, case, form)


async def press(request: Request) -> Response:
    """Schedule it; a refusal stands beside its field, and what was typed stays."""
    form = await read_form(request)
    case = await site_of(request).database.read(_case, request, form)
    if case.child is None:
        raise NotFound
    wanted = _wanted(case, form)
    if wanted is None:
        return _page(request, case, form)
    if any(form.errors.values()):
        await site_of(request).database.read(_foresee, request, case, form, wanted)
        return _page(request, case, form)
    try:

        def transaction(session: Session) -> int:
            user = coordinator(session, request)
            agency = site_of(request).agency
            return schedule(session, user.actor, wanted, agency).appointment.id

        session_id = await site_of(request).database.write(transaction)
    except Refusal as refusal:
        beside(form, case.user, refusal, FIELDS)
        return _page(request, case, form)
    site_of(request).has_acted()
    return RedirectResponse(f"/sessions/{session_id}?done={Action.SCHEDULE.value}", SEE_OTHER)


def _foresee(session: Session, request: Request, case: Case, form: Form, wanted: Wanted) -> None:
    """Put beside the day that the session cannot be then, though something else has to be mended
    first: all that is wrong is told at once.
    """
    try:
        require_schedulable(session, case.user.actor, wanted, site_of(request).agency)
    except Refusal as refusal:
        beside(form, case.user, refusal, FIELDS)


def _case(session: Session, request: Request, form: Form) -> Case:
    user = coordinator(session, request)
    child = None
    if form["child"]:
        child = student_with(session, row_id(form["child"]))
        if child is None:
            raise NotFound
    sought = form["q"].replace("\x00", "")[:100]
    found = students_called(session, sought, MOST_FOUND) if child is None else []
    if child is None:
        return Case(user, None, found, [], Usual())
    return Case(user, child, [], tutors_for(session, child.id), usual_for(session, child.id))


def _fill(form: Form, case: Case) -> None:
    """What is usual for the child, until something else is chosen."""
    usual, zone = case.usual, case.user.reader.zone
    given = {
        "tutor": str(usual.tutor_id or ""),
        "subject": usual.subject or "",
        "length": str(usual.minutes),
        "time": f"{usual.starts_at.astimezone(zone):%H:%M}" if usual.starts_at else "16:00",
        "kind": Kind.REGULAR.value,
    }
    form.values = given | form.values


def _wanted(case: Case, form: Form) -> Wanted | None:
    """The session that the form asks for, if its tutor, start and length can be.

    What is wrong with them, or with the subject and the kind, stands beside each.
    """
    reader = case.user.reader
    start = attempt(form, case.user, "day", instant_at, form["day"], form["time"], reader.zone)
    if start is None and not form.errors["day"]:
        form.errors["day"] = reader.label("Please choose a day and a time.")
    if form["subject"]:
        attempt(form, case.user, "subject", require_subject, form["subject"])
    else:
        form.errors["subject"] = reader.label("Please type the subject.")
    minutes = read_length(form["length"]) or 0
    attempt(form, case.user, "length", require_length, minutes)
    if form["tutor"] not in {str(one.id) for one in case.tutors}:
        form.errors["tutor"] = reader.label("Please choose a tutor.")
    kind = form["kind"]
    if kind not in {one.value for one in KINDS}:
        form.errors["kind"] = reader.label("Please choose a kind.")
    place = (form.errors["day"], form.errors["length"], form.errors["tutor"])
    if start is None or case.child is None or any(place):
        return None
    of_kind = Kind.REGULAR if form.errors["kind"] else Kind(kind)
    return Wanted(int(form["tutor"]), case.child.id, form["subject"], start, minutes, of_kind)


def _page(request: Request, case: Case, form: Form) -> Response:
    reader = case.user.reader
    kinds = {Kind.REGULAR: reader.label("Regular"), Kind.TRIAL: reader.label("Trial")}
    return admin_page(
        request,
        "admin/session_new.html",
        case.user,
        status_code=409 if form.errors else 200,
        form=form,
        child=case.child,
        found=case.found,
        is_sought=bool(form["q"]),
        tutors=[(str(one.id), choice_of(reader, one)) for one in case.tutors],
        kinds=[(one.value, kinds[one]) for one in KINDS],
        today=reader.today.isoformat(),
    )


def routes() -> list[Route]:
    """Routes of this module."""
    return [Route(PATH, ask), Route(PATH, press, methods=["POST"])]
