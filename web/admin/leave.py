"""Leave of tutors on the coordinators' pages: entered after a look at what is booked (SPEC 7)."""

from collections.abc import Sequence
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.match_wording import day_span, leave_days
from models import Person, TutorLeave
from services.closures.booked import Found
from services.closures.leave import withdraw
from services.db import Session
from services.queries.closed_days import everybodys_leave
from services.queries.people import tutors_by_name
from services.rules.refusals import Refusal
from services.rules.refusals.standing import NotTutor
from web.admin.frame import admin_page, coordinator
from web.forms import Form, beside, read_form
from web.leave_form import FIELDS, KEPT, check, enter_leave, just_entered, wanted
from web.settling import MOST_FIELDS, digest, rows
from web.site import id_in, row_id, site_of

PATH = "/admin/leave"
SEE_OTHER = 303


async def show(request: Request) -> Response:
    """Leave to come of all tutors, and the form for more."""
    return await _list_page(request, Form())


async def enter(request: Request) -> Response:
    """Show what is booked then; with the digest of that, enter the leave and settle it."""
    user = await site_of(request).database.read(coordinator, request)
    form = await read_form(request, max_fields=MOST_FIELDS)
    check(form, user)
    if form.errors:
        return await _list_page(request, form)
    return await enter_leave(
        request,
        form,
        coordinator,
        lambda _: row_id(form["tutor"]),
        refused=partial(_refused, request, form),
        shown=partial(_settling_page, request, form),
        back=PATH,
    )


async def take_back(request: Request) -> Response:
    """Take a tutor's leave back: sessions can be booked then again."""
    site, leave_id = site_of(request), id_in(request)
    await site.database.read(coordinator, request)
    await read_form(request)

    def transaction(session: Session) -> None:
        withdraw(session, leave_id, coordinator(session, request).actor, site.agency)

    await site.database.write(transaction)
    site.has_acted()
    return RedirectResponse(f"{PATH}?taken_back={leave_id}", SEE_OTHER)


async def _refused(request: Request, form: Form, refusal: Refusal) -> Response:
    """Put a refusal beside its field; one that has none is raised again."""
    user = await site_of(request).database.read(coordinator, request)
    beside(form, user, refusal, {**FIELDS, NotTutor: "tutor"})
    return await _list_page(request, form)


async def _list_page(request: Request, form: Form) -> Response:
    def query(
        session: Session,
    ) -> tuple[CurrentUser, list[tuple[TutorLeave, str]], list[Person], str]:
        user = coordinator(session, request)
        to_come = everybodys_leave(session, user.reader.agency_today)
        told = just_entered(session, request, user.reader)
        return user, to_come, tutors_by_name(session), told

    user, to_come, tutors, told = await site_of(request).database.read(query)
    return admin_page(
        request,
        "admin/leave.html",
        user,
        status_code=409 if form.errors else 200,
        form=form,
        told=told,
        tutors=[(str(one.id), one.name) for one in tutors],
        entries=[
            (name, leave_days(user.reader, one), one.reason or "", f"{PATH}/{one.id}/back")
            for one, name in to_come
        ],
    )


def _settling_page(
    request: Request, form: Form, user: CurrentUser, found: Sequence[Found]
) -> Response:
    about = wanted(form, row_id(form["tutor"]))
    who = next((one.view.tutor.name for one in found), "")
    days = day_span(user.reader, about.starts_on, about.ends_on)
    return admin_page(
        request,
        "admin/leave_settle.html",
        user,
        status_code=409 if form.errors else 200,
        form=form,
        about=user.reader.listed(filter(None, (who, days))),
        rows=rows(user.reader, found, form),
        digest=digest(found),
        kept=[(name, form[name]) for name in ("tutor", *KEPT)],
        back=PATH,
    )


def routes() -> list[Route]:
    """Routes of this module."""
    return [
        Route(PATH, show),
        Route(PATH, enter, methods=["POST"]),
        Route(f"{PATH}/{{id}}/back", take_back, methods=["POST"]),
    ]
