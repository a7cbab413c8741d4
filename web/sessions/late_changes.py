"""The page on which tutor or parents tell the coordinators, when it is too late to change a session
themselves (SPEC 6).
"""

from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.refusals import refusal_text
from locales.wording import change_reason
from models.enums import Action, ChangeReason, Role
from services.db import Session
from services.queries.sessions import SessionView
from services.rules.refusals.sessions import TooLateToChange
from services.rules.session_actions import SessionAction
from services.rules.session_changes import REASONS
from services.sessions.late_changes import require_late, tell_coordinators
from web.days import instant_if_any
from web.forms import Form, check_reason, read_form
from web.offers import address_of, path_of
from web.sessions.seeing import Endpoint, about, carry_out, done, form_page, refusals_on_page
from web.site import site_of


@dataclass(frozen=True)
class Case:
    """Who would tell of which session, and for which side."""

    user: CurrentUser
    view: SessionView
    side: Role


async def ask(request: Request) -> Response:
    """The page with the reasons and a text."""
    case = await site_of(request).database.read(_case, request)
    return _page(request, case, Form())


async def tell(request: Request) -> Response:
    """Tell the coordinators' group; the same again is told once."""
    form = await read_form(request)
    case = await site_of(request).database.read(_case, request)
    check_reason(form, case.user, REASONS[case.side], ChangeReason.OTHER)
    if form.errors:
        return _page(request, case, form)
    await carry_out(request, _tell, ChangeReason(form["reason"]), form["text"])
    return done(case.view.id, Action.TELL_COORDINATORS)


def _tell(
    session: Session, user: CurrentUser, appointment_id: int, reason: ChangeReason, text: str
) -> None:
    tell_coordinators(session, appointment_id, user.actor, reason, text)


def _case(session: Session, request: Request) -> Case:
    """The case, if they could tell now. Refused as the telling would be."""
    user, view = about(session, request)
    return Case(user, view, require_late(session, view.id, user.actor))


def or_tell(endpoint: Endpoint) -> Endpoint:
    """Where the last four hours have begun while a change was written down, ask whether the
    coordinators are to be told that.
    """

    @wraps(endpoint)
    async def guarded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except TooLateToChange as refusal:
            form = await read_form(request)
            if not (form["reason"] or form["text"]):
                raise
            case = await site_of(request).database.read(_case, request)
            if (start := instant_if_any(form["at"])) is not None:
                _add_new_time(case, form, start)
            words = refusal_text(case.user.reader, refusal, case.user.person.id)
            return _page(request, case, form, told=words)

    return guarded


def _add_new_time(case: Case, form: Form, start: datetime) -> None:
    """Put the new time that was chosen above what was written."""
    reader = case.user.reader
    chosen = reader.label("New time: {time}", time=reader.dated_moment(start))
    form.values["text"] = "\n".join(filter(None, (chosen, form["text"])))


def _page(request: Request, case: Case, form: Form, told: str = "") -> Response:
    """`told`: why it is shown in place of another."""
    return form_page(
        request,
        "tell_coordinators.html",
        case.user,
        case.view,
        form,
        told=told,
        here=address_of(case.view.id, SessionAction.TELL_COORDINATORS),
        reasons=[(one.value, change_reason(case.user.reader, one)) for one in REASONS[case.side]],
    )


def routes() -> list[Route]:
    """Routes of this module."""
    path = path_of(SessionAction.TELL_COORDINATORS)
    return [
        Route(path, refusals_on_page(ask)),
        Route(path, refusals_on_page(tell), methods=["POST"]),
    ]
