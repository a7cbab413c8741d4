"""Acting on a matter of the queue; the next one is chosen then (SPEC 10)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from locales.current_user import CurrentUser
from locales.refusals import refusal_text
from models.matters import Matter
from services.approvals import disputes, problem_reports
from services.approvals.approvals import verify
from services.db import Session
from services.lifecycle.actors import Actor
from services.messaging.submitted_forms import counts_now
from services.queries.changes import newest
from services.queries.subjects import session_of_matter
from services.queue.deliveries import reach_again, send_again, set_aside, store_again
from services.queue.nudging import nudge
from services.queue.snoozing import snooze, wake
from services.rules.agency import Agency
from services.rules.queue import Snooze, snoozed_until
from services.rules.refusals import Refusal
from services.rules.refusals.links import NotSignedIn
from services.rules.refusals.sessions import ActedFirst, NotFound
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from web.admin.frame import coordinator
from web.admin.queue.acts import WRITTEN, Act
from web.admin.queue.cases import PLACES, dispute_page, problem_page
from web.admin.queue.filters import address_of, filter_in, number_in, read_key, read_query
from web.admin.queue.page import queue_response
from web.forms import Form, read_form
from web.site import site_of

SEE_OTHER = 303


@dataclass(frozen=True)
class Task:
    """An act on one matter."""

    matter: Matter
    subject_id: int
    appointment_id: int | None
    actor: Actor
    form: Form
    agency: Agency

    @property
    def text(self) -> str:
        return self.form["text"]

    @property
    def session_id(self) -> int:
        """Id of the session that it is about. Refused: NotFound."""
        if self.appointment_id is None:
            raise NotFound
        return self.appointment_id


Doing = Callable[[Session, Task], None]


def _verify(session: Session, task: Task) -> None:
    dispute = task.subject_id if task.matter is Matter.DISPUTE else None
    verify(session, task.session_id, task.actor, task.text, dispute_id=dispute)


def _uphold(session: Session, task: Task) -> None:
    disputes.uphold(session, task.subject_id, task.actor, task.text)


def _return(session: Session, task: Task) -> None:
    disputes.return_to_parent(session, task.subject_id, task.actor, task.text)


def _claim(session: Session, task: Task) -> None:
    if task.matter is Matter.DISPUTE:
        disputes.claim(session, task.subject_id, task.actor)
    else:
        problem_reports.claim(session, task.subject_id, task.actor)


def _reply(session: Session, task: Task) -> None:
    if not counts_now(session, task.form.id, task.actor.identified, task.actor.now):
        return
    problem_reports.reply(session, task.subject_id, task.actor, task.text, None)


def _close(session: Session, task: Task) -> None:
    problem_reports.close(session, task.subject_id, task.actor)


def _nudge(session: Session, task: Task) -> None:
    nudge(session, task.session_id, task.actor)


def _send_again(session: Session, task: Task) -> None:
    if task.matter is Matter.MESSAGE:
        send_again(session, task.subject_id, task.actor)
    elif task.matter is Matter.UNREACHABLE:
        reach_again(session, task.subject_id, task.actor)
    else:
        store_again(session, task.matter, task.subject_id, task.actor)


def _set_aside(session: Session, task: Task) -> None:
    set_aside(session, task.subject_id, task.actor)


def _snooze(session: Session, task: Task) -> None:
    chosen = task.form["until"]
    if chosen not in set(Snooze):
        raise NotFound
    until = snoozed_until(Snooze(chosen), task.actor.now, task.agency.zone)
    snooze(
        session, task.matter, task.subject_id, task.actor, until,
        appointment_id=task.appointment_id,
    )  # fmt: skip


def _wake(session: Session, task: Task) -> None:
    wake(session, task.matter, task.subject_id, task.actor, appointment_id=task.appointment_id)


_CLAIMED = (Matter.DISPUTE, Matter.PROBLEM)
_TRIED = (Matter.MESSAGE, Matter.UNREACHABLE, Matter.NOTE_FILE, Matter.EVIDENCE_FILE)

DOINGS: Mapping[Act, tuple[Doing, tuple[Matter, ...]]] = MappingProxyType(
    {
        Act.VERIFY: (_verify, (Matter.DISPUTE, Matter.UNANSWERED)),
        Act.UPHOLD: (_uphold, (Matter.DISPUTE,)),
        Act.RETURN: (_return, (Matter.DISPUTE,)),
        Act.CLAIM: (_claim, _CLAIMED),
        Act.REPLY: (_reply, (Matter.PROBLEM,)),
        Act.CLOSE: (_close, (Matter.PROBLEM,)),
        Act.NUDGE: (_nudge, (Matter.REQUEST, Matter.UNANSWERED)),
        Act.SEND_AGAIN: (_send_again, _TRIED),
        Act.SET_ASIDE: (_set_aside, (Matter.MESSAGE,)),
        Act.SNOOZE: (_snooze, tuple(Matter)),
        Act.WAKE: (_wake, tuple(Matter)),
    }
)
"""Use case of each act, and the matters that it is for."""


async def act(request: Request) -> Response:
    """Do it, and choose the next matter; a refusal stands where the hand was.

    Refused: NotSignedIn. Raises HTTPException 404 where there is no such act.
    """
    form = await read_form(request)
    key, doing = _named(request)
    given = read_query(form["query"]) | {"item": str(request.path_params["key"])}
    agency = site_of(request).agency

    def transaction(session: Session) -> int:
        user = coordinator(session, request)
        about = session_of_matter(session, *key)
        doing(session, Task(*key, about, user.actor, form, agency))
        return newest(session).event_id

    try:
        event = await site_of(request).database.write(transaction)
    except NotSignedIn:
        raise
    except Refusal as refusal:
        return await _refused(request, given, form, refusal)
    site_of(request).has_acted()
    return RedirectResponse(_after(form, event, key[1]), SEE_OTHER)


def _named(request: Request) -> tuple[tuple[Matter, int], Doing]:
    """The matter and the act that the address names."""
    key, named = read_key(str(request.path_params["key"])), str(request.path_params["act"])
    if key is None or named not in set(Act) or Act(named) not in DOINGS:
        raise HTTPException(404)
    doing, matters = DOINGS[Act(named)]
    if key[0] not in matters:
        raise HTTPException(404)
    return key, doing


def _after(form: Form, event: int, number: int) -> str:
    """The list as it was, with the next matter chosen; or the matter's own page."""
    if place := PLACES.get(form["place"]):
        return place.format(number)
    given = read_query(form["query"])
    chosen = form["next"] if read_key(form["next"]) else ""
    return address_of(
        filter_in(given), number_in(given), item=chosen, done=str(event) if event else ""
    )


async def _refused(
    request: Request, given: Mapping[str, str], form: Form, refusal: Refusal
) -> Response:
    """The page again: a text that is missing is asked for, anything else is said on top."""
    user: CurrentUser = await site_of(request).database.read(coordinator, request)
    words = refusal_text(user.reader, refusal, user.person.id)
    key, _ = _named(request)
    is_asked_for = isinstance(refusal, ReasonRequired | TextTooLong)
    if is_asked_for:
        form.errors["text"] = words
    if isinstance(refusal, ActedFirst) and refusal.actor_id == user.person.id:
        return RedirectResponse(_after(form, 0, key[1]), SEE_OTHER)
    if form["place"] in PLACES:
        page = dispute_page if key[0] is Matter.DISPUTE else problem_page
        return await page(request, key[1], form, "" if is_asked_for else words)
    act_named = Act(str(request.path_params["act"]))
    if act_named in WRITTEN:
        given = {**given, "do": act_named.value}
    return await queue_response(request, given, form=form, refused="" if is_asked_for else words)
