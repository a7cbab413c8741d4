"""The page on which a tutor or a parent cancels a session (SPEC 6; UX 5)."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.penalties import guidance_words, penalty_changed, until_words
from locales.wording import change_reason
from models.enums import Action, ChangeReason, Role
from services.db import Session
from services.queries.sessions import SessionView
from services.rules.penalties import Guidance, digest_of
from services.rules.session_actions import SessionAction
from services.rules.session_changes import LOCKOUT, REASONS
from services.sessions import cancellations
from web.forms import Form, attempt, check_reason, read_form
from web.offers import path_of
from web.sessions.ending_requests import ends_with_it, require_seen
from web.sessions.late_changes import or_tell
from web.sessions.seeing import (
    about,
    carry_out,
    done,
    form_page,
    refusals_on_page,
)
from web.site import site_of


@dataclass(frozen=True)
class Case:
    """Who would cancel which session, and the penalty by the agency's sheet."""

    user: CurrentUser
    view: SessionView
    side: Role
    guidance: Guidance | None
    until: datetime | None
    """When the penalty is another one; None where it stays as it is."""
    ends: str
    """What else would end with it."""


async def ask(request: Request) -> Response:
    """The page with the reasons, the penalty, and the button that cancels."""
    case = await site_of(request).database.read(_case, request)
    return _page(request, case, Form())


async def cancel(request: Request) -> Response:
    """Cancel, if the form says why, and shows the penalty and what ends with it as they are now."""
    form = await read_form(request)
    case = await site_of(request).database.read(_case, request)
    check_reason(form, case.user, REASONS[case.side], ChangeReason.OTHER)
    if form["shown"] != digest_of(case.guidance):
        form.errors["penalty"] = penalty_changed(case.user.reader)
    attempt(form, case.user, "ends", require_seen, form, case.ends)
    if form.errors:
        return _page(request, case, form)
    reason = ChangeReason(form["reason"])
    await carry_out(request, _cancel, reason, form["text"], case.guidance)
    return done(case.view.id, Action.CANCEL)


def _cancel(
    session: Session,
    user: CurrentUser,
    appointment_id: int,
    reason: ChangeReason,
    text: str,
    shown: Guidance | None,
) -> None:
    cancellations.cancel(session, appointment_id, user.actor, reason, text, shown)


def _case(session: Session, request: Request) -> Case:
    """The case, if they could cancel now. Refused as the cancellation would be."""
    user, view = about(session, request)
    side, notice = cancellations.require_cancellable(session, view.id, user.actor)
    sheet, starts_at = site_of(request).penalties.sheet, view.appointment.starts_at
    until = sheet.holds_until(side, starts_at, user.actor.now, closes=LOCKOUT)
    ends = ends_with_it(session, user.reader, view)
    return Case(user, view, side, sheet.guidance_for(side, notice), until, ends)


def _page(request: Request, case: Case, form: Form) -> Response:
    return form_page(
        request,
        "cancel.html",
        case.user,
        case.view,
        form,
        reasons=[(one.value, change_reason(case.user.reader, one)) for one in REASONS[case.side]],
        guidance=case.guidance,
        penalty=guidance_words(case.user.reader, case.guidance),
        until=until_words(case.user.reader, case.until),
        shown=digest_of(case.guidance),
        ends=case.ends,
    )


def routes() -> list[Route]:
    """Routes of this module."""
    path = path_of(SessionAction.CANCEL)
    return [
        Route(path, refusals_on_page(ask)),
        Route(path, refusals_on_page(or_tell(cancel)), methods=["POST"]),
    ]
