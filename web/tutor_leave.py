"""A tutor's leave on a page: what is booked then is shown before it counts (SPEC 7, 10)."""

from collections.abc import Sequence
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.match_wording import day_span, leave_days
from models import TutorLeave
from services.closures.booked import Found
from services.closures.leave import withdraw
from services.db import Session
from services.queries.closed_days import leave_to_come
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.standing import NotTutor
from web.forms import Form, beside, read_form
from web.leave_form import FIELDS, KEPT, check, enter_leave, just_entered, wanted
from web.settling import MOST_FIELDS, digest, rows
from web.site import current_user, id_in, page, site_of

PATH = "/tutor/leave"
SEE_OTHER = 303


async def show(request: Request) -> Response:
    """The page: leave to come, and the form for more. Refused: NotSignedIn, NotTutor."""
    return await _leave_page(request, Form())


async def enter(request: Request) -> Response:
    """Show what is booked then; with the digest of that, enter the leave and settle it."""
    form = await read_form(request, max_fields=MOST_FIELDS)
    user = await site_of(request).database.read(_tutor, request)
    check(form, user)
    if form.errors:
        return await _leave_page(request, form)
    return await enter_leave(
        request,
        form,
        _tutor,
        lambda user: user.person.id,
        refused=partial(_refused, request, form),
        shown=partial(_settling_page, request, form),
        back=PATH,
    )


async def take_back(request: Request) -> Response:
    """Take leave back: sessions can be booked then again. Another tutor's is not there."""
    site, leave_id = site_of(request), id_in(request)
    await read_form(request)

    def transaction(session: Session) -> None:
        user = _tutor(session, request)
        try:
            withdraw(session, leave_id, user.actor, site.agency)
        except NotTutor:
            raise NotFound from None

    await site.database.write(transaction)
    site.has_acted()
    return RedirectResponse(f"{PATH}?taken_back={leave_id}", SEE_OTHER)


async def _refused(request: Request, form: Form, refusal: Refusal) -> Response:
    """Put a refusal beside its field; one that has none is raised again."""
    beside(form, await site_of(request).database.read(_tutor, request), refusal, FIELDS)
    return await _leave_page(request, form)


async def _leave_page(request: Request, form: Form) -> Response:
    def query(session: Session) -> tuple[CurrentUser, Sequence[TutorLeave], str]:
        user = _tutor(session, request)
        told = just_entered(session, request, user.reader, user.person.id)
        return user, leave_to_come(session, user.person.id, user.reader.agency_today), told

    user, found, told = await site_of(request).database.read(query)
    return page(
        request,
        "tutor_leave.html",
        user.reader,
        user.person,
        status_code=409 if form.errors else 200,
        form=form,
        told=told,
        entries=[
            (leave_days(user.reader, one), one.reason or "", f"{PATH}/{one.id}/back")
            for one in found
        ],
    )


def _settling_page(
    request: Request, form: Form, user: CurrentUser, found: Sequence[Found]
) -> Response:
    about = wanted(form, user.person.id)
    return page(
        request,
        "tutor_leave_settle.html",
        user.reader,
        user.person,
        status_code=409 if form.errors else 200,
        form=form,
        about=day_span(user.reader, about.starts_on, about.ends_on),
        rows=rows(user.reader, found, form, names_tutor=False),
        digest=digest(found),
        kept=[(name, form[name]) for name in KEPT],
        back=PATH,
    )


def _tutor(session: Session, request: Request) -> CurrentUser:
    user = current_user(session, request)
    if not user.person.is_tutor:
        raise NotTutor
    return user


def routes() -> list[Route]:
    """Routes of this module."""
    return [
        Route(PATH, show),
        Route(PATH, enter, methods=["POST"]),
        Route(f"{PATH}/{{id}}/back", take_back, methods=["POST"]),
    ]
