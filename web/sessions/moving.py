"""The page on which another time is asked for, or suggested instead (SPEC 6; UX 10).

Whatever is chosen on the way to the request is in the address; nothing is asked before *Send*.
"""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.refusals import refusal_text
from models.enums import Action, ChangeReason, Role
from services.db import Session
from services.queries.sessions import SessionView
from services.reschedules import negotiation
from services.reschedules.answers import appointment_of
from services.rules.refusals.requests import SlotPassed
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.typed import ReasonRequired
from services.rules.session_actions import SessionAction
from services.rules.session_changes import REASONS
from web.days import instant_if_any
from web.forms import Form, beside, check_reason, check_text, read_form
from web.offers import address_of, path_of
from web.sessions.late_changes import or_tell
from web.sessions.seeing import Endpoint, about, carry_out, done, form_page, refusals_on_page
from web.sessions.slots import ANOTHER_TIME_WILL_DO, Slots, confirming, offered, typed_start
from web.site import id_in, row_id, site_of


@dataclass(frozen=True)
class Case:
    """Who asks for another time of which session, and how far they are."""

    user: CurrentUser
    view: SessionView
    side: Role
    answers: int | None
    """Version to which another time is suggested; None for a new request."""
    start: datetime | None
    """Time that was chosen."""
    slots: Slots | None
    """Times to choose from, while none is chosen."""


def _asking(action: SessionAction) -> Endpoint:
    async def ask(request: Request) -> Response:
        form = Form(dict(request.query_params))
        case = await site_of(request).database.read(_case, request, action, form)
        return _page(request, case, action, form)

    return refusals_on_page(ask)


def _sending(action: SessionAction) -> Endpoint:
    async def send(request: Request) -> Response:
        form = await read_form(request)
        is_answer = action is SessionAction.COUNTER
        user, _ = await site_of(request).database.read(about, request)
        if is_answer:
            check_text(form, user, is_needed=False)
        else:
            check_reason(form, user, ChangeReason, ChangeReason.OTHER)
        if not form.errors:
            try:
                await carry_out(request, _send, action, form)
            except ReasonRequired as refusal:  # a reason of the other side
                beside(form, user, refusal, {ReasonRequired: "reason"})
            except ANOTHER_TIME_WILL_DO:
                pass  # the page says which, beside the times
            else:
                return done(id_in(request), Action.COUNTER if is_answer else Action.PROPOSE)
        case = await site_of(request).database.read(_case, request, action, form)
        return _page(request, case, action, form)

    return refusals_on_page(or_tell(send))


def _send(
    session: Session, user: CurrentUser, appointment_id: int, action: SessionAction, form: Form
) -> None:
    """Ask the other side. Refused as the request, and SlotPassed for a form without a time."""
    start, given = instant_if_any(form["at"]), form["reason"]
    zone = user.reader.agency_zone
    if start is None:
        raise SlotPassed
    if action is SessionAction.COUNTER:
        proposal_id = _of_session(session, appointment_id, form)
        negotiation.counter(session, proposal_id, user.actor, start, text=form["text"], zone=zone)
        return
    why = ChangeReason(given)
    text = form["text"]
    negotiation.propose(session, appointment_id, user.actor, start, why, text, zone=zone)


def _case(session: Session, request: Request, action: SessionAction, form: Form) -> Case:
    """The case, if they could ask now; a time that cannot be is refused beside its field.

    Refused as the request would be.
    """
    user, view = about(session, request)
    answers = None if action is SessionAction.PROPOSE else _of_session(session, view.id, form)
    zone = user.reader.agency_zone
    side = negotiation.require_proposable(session, view.id, user.actor, zone=zone, answers=answers)
    start = instant_if_any(form["at"]) or typed_start(user.reader, view.appointment, form)
    if start is not None:
        try:
            negotiation.require_proposable(
                session, view.id, user.actor, zone=zone, answers=answers, new_starts_at=start
            )
        except ANOTHER_TIME_WILL_DO as refusal:
            form.errors["typed"] = refusal_text(user.reader, refusal, user.person.id)
            start = None
    slots = (
        offered(session, user.reader, view.appointment, user.person.id, form)
        if start is None
        else None
    )
    return Case(user, view, side, answers, start, slots)


def _of_session(session: Session, appointment_id: int, form: Form) -> int:
    """The version that is answered. Refused: NotFound, where it is another session's."""
    proposal_id = row_id(form["proposal"])
    if appointment_of(session, proposal_id) != appointment_id:
        raise NotFound
    return proposal_id


def _page(request: Request, case: Case, action: SessionAction, form: Form) -> Response:
    reader, row = case.user.reader, case.view.appointment
    here = address_of(case.view.id, action)
    answered = f"proposal={case.answers}&" if case.answers else ""
    return form_page(
        request,
        "move.html",
        case.user,
        case.view,
        form,
        here=here,
        way=f"{here}?{answered}",
        answers=case.answers,
        slots=case.slots,
        chosen=confirming(reader, row, case.start, case.side, form) if case.start else None,
        reasons=REASONS[case.side] if case.answers is None else (),
    )


def routes() -> list[Route]:
    """Routes of this module."""
    found = []
    for action in (SessionAction.PROPOSE, SessionAction.COUNTER):
        path = path_of(action)
        found += [Route(path, _asking(action)), Route(path, _sending(action), methods=["POST"])]
    return found
