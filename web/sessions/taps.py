"""What is done with a session by one button (SPEC 3, 5, 6)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from models.enums import Action
from services.approvals.approvals import acknowledge
from services.db import Session
from services.queries.changes import newest
from services.queries.trail import last_by
from services.reschedules import negotiation
from services.reschedules.answers import appointment_of
from services.rules.agency import Agency
from services.rules.refusals.sessions import NotFound
from services.rules.session_actions import SessionAction
from services.sessions import attendance
from services.sessions.replacements import ask_for_replacement
from services.summaries.requests import judge
from web.days import instant_if_any
from web.forms import Form, read_form
from web.session_rows import BESIDE
from web.sessions.seeing import Endpoint, back_with, carry_out, done, refusals_on_page
from web.sessions.together import beside_in, press_for_all
from web.sessions.wishing import WISHED
from web.site import id_in, row_id, site_of

Tap = Callable[[Session, CurrentUser, int, Form, Agency], object]

LISTS = ("/tutor", "/family")
"""Lists to which a button of their rows leads back."""
_FOR_SIBLINGS = (Action.CHECK_IN, Action.CHECK_OUT)


def _check_in(session: Session, user: CurrentUser, about: int, _: Form, agency: Agency) -> object:
    return attendance.check_in(session, about, user.actor, agency)


def _check_out(session: Session, user: CurrentUser, about: int, _: Form, __: Agency) -> object:
    return attendance.check_out(session, about, user.actor)


def _absent(session: Session, user: CurrentUser, about: int, form: Form, _: Agency) -> object:
    return attendance.mark_absent(session, about, user.actor, absent=form["absent"] != "0")


def _acknowledge(session: Session, user: CurrentUser, about: int, _: Form, __: Agency) -> object:
    return acknowledge(session, about, user.actor)


def _replace(session: Session, user: CurrentUser, about: int, form: Form, agency: Agency) -> object:
    wished = instant_if_any(form[WISHED])
    return ask_for_replacement(session, about, user.actor, wished, zone=agency.zone)


def _accept(session: Session, user: CurrentUser, about: int, form: Form, agency: Agency) -> object:
    proposal_id = _proposal(session, about, form)
    return negotiation.accept(session, proposal_id, user.actor, zone=agency.zone)


def _reject(session: Session, user: CurrentUser, about: int, form: Form, _: Agency) -> object:
    return negotiation.reject(session, _proposal(session, about, form), user.actor)


def _withdraw(session: Session, user: CurrentUser, about: int, form: Form, _: Agency) -> object:
    return negotiation.withdraw(session, _proposal(session, about, form), user.actor)


def _right(session: Session, user: CurrentUser, _: int, form: Form, __: Agency) -> object:
    return judge(session, row_id(form["summary"]), user.actor, is_right=True)


TAPS: Mapping[SessionAction, tuple[Tap, Action]] = MappingProxyType(
    {
        SessionAction.CHECK_IN: (_check_in, Action.CHECK_IN),
        SessionAction.CHECK_OUT: (_check_out, Action.CHECK_OUT),
        SessionAction.MARK_ABSENT: (_absent, Action.MARK_ABSENT),
        SessionAction.ACKNOWLEDGE: (_acknowledge, Action.ACKNOWLEDGE),
        SessionAction.ASK_REPLACEMENT: (_replace, Action.ASK_REPLACEMENT),
        SessionAction.ACCEPT: (_accept, Action.ACCEPT),
        SessionAction.REJECT: (_reject, Action.REJECT),
        SessionAction.WITHDRAW: (_withdraw, Action.WITHDRAW),
        SessionAction.SUMMARY_IS_RIGHT: (_right, Action.JUDGE_SUMMARY),
    }
)
"""Use case of each action, and its name in the history."""


def _proposal(session: Session, about: int, form: Form) -> int:
    """The version that is answered. Refused: NotFound, where it is another session's."""
    proposal_id = row_id(form["proposal"])
    if appointment_of(session, proposal_id) != about:
        raise NotFound
    return proposal_id


def _recorded(
    session: Session,
    user: CurrentUser,
    about: int,
    tap: Tap,
    action: Action,
    form: Form,
    agency: Agency,
) -> int:
    """Do it; the event of the history, 0 where this person has done it before."""
    before = newest(session).event_id
    tap(session, user, about, form, agency)
    last = last_by(session, user.person.id, about, [action])
    return last.event_id if last is not None and last.event_id > before else 0


def _is_list(back: str) -> bool:
    return back.split("?", maxsplit=1)[0] in LISTS


def _endpoint(tap: Tap, action: Action) -> Endpoint:
    async def press(request: Request) -> Response:
        form = await read_form(request)
        if action in _FOR_SIBLINGS and (beside := beside_in(form[BESIDE])):
            back = form["back"] if _is_list(form["back"]) else ""
            agency = site_of(request).agency

            def do(session: Session, user: CurrentUser, about: int) -> int:
                return _recorded(session, user, about, tap, action, form, agency)

            return await press_for_all(request, beside, do, action, back)
        event = await carry_out(request, _recorded, tap, action, form, site_of(request).agency)
        back = form["back"]
        if event and _is_list(back):
            return back_with(back, event)
        return done(id_in(request), action)

    return refusals_on_page(press)


def routes() -> list[Route]:
    """Routes of this module."""
    return [
        Route(
            f"/sessions/{{id}}/{action.value.replace('_', '-')}",
            _endpoint(tap, done_as),
            methods=["POST"],
        )
        for action, (tap, done_as) in TAPS.items()
    ]
