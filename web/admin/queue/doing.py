"""What each act of the queue does (SPEC 10)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from models.enums import Action
from models.matters import Matter
from services.approvals import disputes, problem_reports
from services.approvals.approvals import verify
from services.db import Session
from services.lifecycle.actors import Actor
from services.messaging.submitted_forms import counts_now
from services.queries.queue import queue_item
from services.queries.subjects import session_of_matter
from services.queue.dealing import deal_with
from services.queue.deliveries import reach_again, send_again, set_aside, store_again
from services.queue.nudging import nudge
from services.queue.snoozing import snooze, wake
from services.rules.agency import Agency
from services.rules.queue import Snooze, snoozed_until, snoozes
from services.rules.refusals.sessions import NotFound
from web.admin.queue.acts import Act
from web.forms import Form


@dataclass(frozen=True)
class Task:
    """An act on one matter."""

    matter: Matter
    subject_id: int
    appointment_id: int | None
    actor: Actor
    form: Form
    agency: Agency
    told_at: datetime | None = None
    """When those whom it concerns are told, where that is not at once."""

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
    verify(
        session, task.session_id, task.actor, task.text, dispute_id=dispute, told_at=task.told_at
    )


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


def _done(session: Session, task: Task) -> None:
    deal_with(session, task.matter, task.session_id, task.actor)


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
    item = queue_item(session, task.matter, task.subject_id, task.agency, task.actor.now)
    if item is None or chosen not in snoozes(
        task.matter, item.at, task.actor.now, task.agency.zone
    ):
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
        Act.DONE: (_done, (Matter.LATE_CHANGE, Matter.REPLACEMENT)),
        Act.SEND_AGAIN: (_send_again, _TRIED),
        Act.SET_ASIDE: (_set_aside, (Matter.MESSAGE,)),
        Act.SNOOZE: (_snooze, tuple(Matter)),
        Act.WAKE: (_wake, tuple(Matter)),
    }
)
"""Use case of each act, and the matters that it is for."""

RECORDED_AS: Mapping[Act, tuple[Action, ...]] = MappingProxyType(
    {
        Act.VERIFY: (Action.VERIFY,),
        Act.UPHOLD: (Action.UPHOLD,),
        Act.RETURN: (Action.RETURN,),
        Act.CLAIM: (Action.CLAIM, Action.CLAIM_PROBLEM),
        Act.REPLY: (Action.ANSWER_PROBLEM,),
        Act.CLOSE: (Action.CLOSE_PROBLEM,),
        Act.DONE: (Action.DEAL_WITH,),
    }
)
"""Actions of the history, for acts that change nothing when they are repeated."""


def task_of(
    session: Session, named: tuple[Matter, int], actor: Actor, form: Form, agency: Agency
) -> Task:
    """The task of an act on a matter. Refused: NotFound, where there is no such matter."""
    return Task(*named, session_of_matter(session, *named), actor, form, agency)
