"""Cancellation of a locked session, with its record; who is told is the caller's (SPEC 2, 6)."""

from types import MappingProxyType

from models import Appointment, Cancellation
from models.enums import Action, ChangeReason, Role
from services.db import Session
from services.lifecycle.actors import Actor
from services.lifecycle.open_requests import close_open_thread
from services.lifecycle.status import Outcome, change_status
from services.rules.penalties import Guidance

ON_BEHALF = MappingProxyType(
    {Role.TUTOR: Action.CANCEL_FOR_TUTOR, Role.PARENT: Action.CANCEL_FOR_PARENT}
)
"""Coordinator's action when they cancel for a side."""


def cancel_by(
    session: Session,
    appointment: Appointment,
    actor: Actor,
    side: Role,
    reason: ChangeReason,
    text: str | None,
    shown: Guidance | None,
) -> Outcome:
    """Cancel as a person of `side`; an open request to move the session is closed."""
    close_open_thread(session, appointment, actor)
    session.add(_cancellation(appointment, side, actor, reason, text, shown))
    return change_status(
        session,
        appointment,
        Action.CANCEL,
        side,
        actor,
        reason=reason.value,
        details={"text": text},
    )


def cancel_on_behalf(
    session: Session,
    appointment: Appointment,
    actor: Actor,
    side: Role,
    text: str,
    shown: Guidance | None,
    *,
    holiday: str | None = None,
) -> Outcome:
    """Cancel for `side` as a coordinator; an open request to move the session is closed.

    `holiday`: the one for which the agency cancels it, where the side has nothing to do with it.
    """
    close_open_thread(session, appointment, actor)
    cancellation = _cancellation(appointment, side, actor, ChangeReason.OTHER, text, shown)
    cancellation.holiday = holiday
    session.add(cancellation)
    return change_status(
        session,
        appointment,
        ON_BEHALF[side],
        Role.COORDINATOR,
        actor,
        reason=text,
        details=None if holiday is None else {"holiday": holiday},
    )


def _cancellation(
    appointment: Appointment,
    side: Role,
    actor: Actor,
    reason: ChangeReason,
    text: str | None,
    shown: Guidance | None,
) -> Cancellation:
    return Cancellation(
        appointment_id=appointment.id,
        cancelled_by_id=actor.identified,
        side=side,
        reason=reason,
        text=text,
        at=actor.now,
        penalty=shown.penalty if shown else None,
        guidance=shown.guidance if shown else None,
        amount=shown.amount if shown else None,
    )
