"""A session is cancelled by its tutor or by a parent of its child (SPEC 6)."""

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col, select

from models import Appointment, Cancellation, RescheduleProposal, RescheduleThread
from models.enums import Action, ChangeReason, MessageKind, ProposalStatus, Role, ThreadStatus
from services import outbox
from services.actors import Actor
from services.announcements import refresh_cards
from services.appointments import for_update, guardian_ids, require_guardian
from services.db import Session
from services.rules.penalties import Guidance
from services.rules.session_changes import require_change_reason, require_changeable
from services.transitions import Outcome, change_status, repetition, require_possible


async def cancel(
    session: Session,
    appointment_id: int,
    actor: Actor,
    reason: ChangeReason,
    text: str | None,
    shown: Guidance | None,
) -> Outcome:
    """The tutor or a parent cancels, more than four hours before the start (SPEC 6).

    `shown` is the penalty guidance that they read, to be kept. An open request to move the
    session is closed, the other side and the coordinators are told. Refused:
    NOT_YOUR_CHILD, OWN_SESSION, WRONG_STATUS, ACTED_FIRST, TOO_LATE_TO_CHANGE, REASON_REQUIRED,
    TEXT_TOO_LONG.
    """
    appointment = await for_update(session, appointment_id)
    side = await side_of(session, appointment, actor)
    if earlier := await repetition(session, appointment, Action.CANCEL, side, actor):
        return earlier
    require_changeable(appointment.starts_at, actor.now)
    said = require_change_reason(side, reason, text)
    await close_open_thread(session, appointment, actor)
    session.add(
        Cancellation(
            appointment_id=appointment_id,
            cancelled_by_id=actor.identified,
            side=side,
            reason=reason,
            text=said,
            at=actor.now,
            penalty=shown.penalty if shown else None,
            guidance=shown.guidance if shown else None,
        )
    )
    outcome = await change_status(
        session,
        appointment,
        Action.CANCEL,
        side,
        actor,
        reason=reason.value,
        details={"text": said},
    )
    await _tell(session, outcome.appointment, side, actor)
    return outcome


async def require_cancellable(
    session: Session, appointment_id: int, actor: Actor
) -> tuple[Role, timedelta]:
    """Whether they could cancel now, as which side, and with what notice.

    Asked before a dialogue begins; refused as `cancel` would be, and ACTED_FIRST where they have
    cancelled it themselves.
    """
    appointment = await for_update(session, appointment_id)
    side = await side_of(session, appointment, actor)
    await require_possible(session, appointment_id, Action.CANCEL, side, actor)
    require_changeable(appointment.starts_at, actor.now)
    return side, appointment.starts_at - actor.now


async def side_of(session: Session, appointment: Appointment, actor: Actor) -> Role:
    """Which of the two sides somebody is. Refused: NOT_YOUR_CHILD, OWN_SESSION."""
    if appointment.tutor_id == actor.person_id:
        return Role.TUTOR
    await require_guardian(session, appointment, actor)
    return Role.PARENT


async def close_open_thread(session: Session, appointment: Appointment, actor: Actor) -> None:
    """An open request to move the session ends with it, and so does its open version."""
    found = await session.exec(
        select(RescheduleThread.id).where(
            RescheduleThread.appointment_id == appointment.id,
            RescheduleThread.status == ThreadStatus.OPEN,
        )
    )
    thread_id = found.first()
    if thread_id is None:
        return
    await session.exec(
        update(RescheduleProposal)
        .where(
            col(RescheduleProposal.thread_id) == thread_id,
            col(RescheduleProposal.status) == ProposalStatus.OPEN,
        )
        .values(status=ProposalStatus.CLOSED, closed_at=actor.now)
    )
    await session.exec(
        update(RescheduleThread)
        .where(col(RescheduleThread.id) == thread_id)
        .values(status=ThreadStatus.CLOSED, closed_at=actor.now)
    )


async def _tell(session: Session, appointment: Appointment, side: Role, actor: Actor) -> None:
    """A new card for the other side, since an edited one does not notify; a line for the group."""
    others = (
        await guardian_ids(session, appointment.student_id)
        if side is Role.TUTOR
        else [appointment.tutor_id]
    )
    for person_id in (*others, None):
        key = f"cancelled:{appointment.id}:{person_id or 'group'}"
        about = {"appointment_id": appointment.id}
        kind = MessageKind.SESSION_CANCELLED
        if person_id is None:
            await outbox.tell_coordinators(session, kind, about, key=key, now=actor.now)
        else:
            await outbox.tell_person(session, person_id, kind, about, key=key, now=actor.now)
    await refresh_cards(session, appointment, actor)
