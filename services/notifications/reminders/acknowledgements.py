"""Reminders of unanswered questions: to parents, then to coordinators (SPEC 5).

A parent's two reminders are written together with the question, and are sent later if it is still
open. The coordinators' lines are written each morning.
"""

from datetime import datetime

from services.db import Session
from services.messaging import outbox
from services.messaging.messages.sessions import AcknowledgementDue, AcknowledgementsOverdue
from services.queries.questions import open_questions
from services.rules.agency import Agency
from services.rules.reminders import (
    OVERDUE,
    acknowledgement_due,
    local_day,
    next_due_at,
    overdue_digest,
)


def remind_later(
    session: Session, appointment_id: int, person_id: int, move: int, asked_at: datetime
) -> None:
    """Write a parent's reminders of a question asked at `asked_at`, due after 24 and 48 hours.

    `move`: audit event after which the session awaited an answer. After a newer one these reminders
    are about an outdated question. A parent who changes accounts is reminded as planned.
    """
    for number, span in enumerate(acknowledgement_due(asked_at), start=1):
        outbox.tell_person(
            session,
            person_id,
            AcknowledgementDue(appointment_id, move),
            key=f"acknowledgement_due:{appointment_id}:{move}:{number}:{person_id}",
            now=asked_at,
            due_at=span.due_at,
            expires_at=span.expires_at,
        )


def tell_overdue(session: Session, agency: Agency, now: datetime) -> None:
    """Tell the coordinators at 09:00 about sessions awaited for over 48 hours by then.

    One line a session, once each time its parents are asked; the lines of a morning form one
    message. A line never expires: after a morning without the bot it comes on the next.
    """
    span = overdue_digest(local_day(now, agency.zone), agency.zone)
    if not span.is_open(now):
        return
    overdue = {
        f"acknowledgements_overdue:{one.appointment_id}:{one.move}": one
        for one in open_questions(session, now)
        if one.asked_at < span.due_at - OVERDUE
    }
    new = outbox.unwritten(session, overdue.keys())
    for key in (key for key in overdue if key in new):
        question = overdue[key]
        outbox.tell_coordinators(
            session,
            AcknowledgementsOverdue(question.appointment_id, question.move),
            key=key,
            now=now,
        )


def next_overdue(session: Session, agency: Agency, now: datetime) -> datetime | None:
    """Morning on which the coordinators are next told about an overdue session."""
    mornings = (
        next_due_at(overdue_digest, question.asked_at + OVERDUE, agency.zone)
        for question in open_questions(session, now)
    )
    return min((at for at in mornings if at > now), default=None)
