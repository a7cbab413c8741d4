"""Reminders of unanswered questions: to parents, then to coordinators (SPEC 5).

A parent's two reminders are written together with the question, and are sent later if it is still
open; those of questions within an hour come together. The coordinators' lines are written each
morning.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BindParameter, Integer, and_, bindparam, case, or_, text, update

from models import OutboxMessage
from models.columns import UtcDateTime
from models.delivery import IS_UNSENT
from services.db import Session
from services.messaging import outbox
from services.messaging.messages.sessions import AcknowledgementDue, AcknowledgementsOverdue
from services.prepared import Prepared
from services.queries.questions import open_questions
from services.rules.agency import Agency
from services.rules.reminders import (
    JOINED_WITHIN,
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


def join_reminders(session: Session, parents: Collection[int], asked_at: datetime) -> None:
    """Put off these parents' reminders of questions asked within the hour before `asked_at`.

    They are due with those of the question asked then, so that one message says all (SPEC 8). None
    is put off by more than an hour from when it was due first.
    """
    first, second = (span.due_at for span in acknowledgement_due(asked_at))
    _PUT_OFF.run(
        session,
        parents=sorted(parents),
        asked_since=asked_at - JOINED_WITHIN,
        first_since=first - JOINED_WITHIN,
        first=first,
        second_since=second - JOINED_WITHIN,
        second=second,
    )


def _at(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=UtcDateTime)


_MESSAGES = OutboxMessage.__table__  # type: ignore[attr-defined]
_IS_FIRST = and_(_MESSAGES.c.due_at > _at("first_since"), _MESSAGES.c.due_at < _at("first"))
_IS_SECOND = and_(_MESSAGES.c.due_at > _at("second_since"), _MESSAGES.c.due_at < _at("second"))
_PUT_OFF = Prepared(
    update(_MESSAGES)
    .where(
        _MESSAGES.c.person_id.in_(bindparam("parents", type_=Integer, expanding=True)),
        IS_UNSENT,
        text(f"outbox_message.kind = '{AcknowledgementDue.kind}'"),
        _MESSAGES.c.created_at > _at("asked_since"),
        or_(_IS_FIRST, _IS_SECOND),
    )
    .values(due_at=case((_IS_FIRST, _at("first")), else_=_at("second")))
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
