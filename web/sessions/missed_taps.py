"""The page on which a tutor tells coordinators about a missed check-in or check-out (SPEC 3)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from models.enums import Action, Status
from services.db import Session
from services.queries.sessions import SessionView
from services.rules.agency import Agency
from services.rules.session_actions import SessionAction
from services.sessions.late_changes import explain_missed, require_missed
from web.forms import Form, check_text, read_form
from web.offers import address_of, path_of
from web.sessions.seeing import about, carry_out, done, form_page, refusals_on_page
from web.site import site_of


async def ask(request: Request) -> Response:
    """The page with a text."""
    user, view = await site_of(request).database.read(_case, request)
    return _page(request, user, view, Form())


async def tell(request: Request) -> Response:
    """Tell the coordinators' group; the same again is told once."""
    form, site = await read_form(request), site_of(request)
    user, view = await site.database.read(_case, request)
    check_text(form, user, is_needed=True)
    if form.errors:
        return _page(request, user, view, form)
    await carry_out(request, _tell, form["text"], site.agency)
    return done(view.id, Action.TELL_COORDINATORS)


def _tell(
    session: Session, user: CurrentUser, appointment_id: int, text: str, agency: Agency
) -> None:
    explain_missed(session, appointment_id, user.actor, text, agency)


def _case(session: Session, request: Request) -> tuple[CurrentUser, SessionView]:
    """Who tells of which session, if they could tell now. Refused as the telling would be."""
    user, view = about(session, request)
    require_missed(session, view.id, user.actor, site_of(request).agency)
    return user, view


def _page(request: Request, user: CurrentUser, view: SessionView, form: Form) -> Response:
    return form_page(
        request,
        "tell_coordinators.html",
        user,
        view,
        form,
        here=address_of(view.id, SessionAction.EXPLAIN_MISSED),
        reasons=(),
        has_begun=view.status is Status.CHECKED_IN,
    )


def routes() -> list[Route]:
    """Routes of this module."""
    path = path_of(SessionAction.EXPLAIN_MISSED)
    return [
        Route(path, refusals_on_page(ask)),
        Route(path, refusals_on_page(tell), methods=["POST"]),
    ]
