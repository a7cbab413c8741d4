"""History of a session: who did what, and when, as a person may read it (SPEC 2, 10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import bindparam
from sqlmodel import col, select

from models import Appointment, AuditEvent, Person
from models.enums import Action, Channel, Role
from services.db import Session
from services.lifecycle.beyond_status import BEYOND, as_read
from services.prepared import Prepared

OF_REPORTS = frozenset(
    {
        Action.REPORT_PROBLEM,
        Action.ADD_TO_REPORT,
        Action.CLAIM_PROBLEM,
        Action.ANSWER_PROBLEM,
        Action.CLOSE_PROBLEM,
    }
)
"""Between a parent and the agency: nobody else reads of it."""

FROM_A_LIST = frozenset(
    {
        *(Action.PROPOSE, Action.COUNTER, Action.CANCEL),
        *(Action.TELL_COORDINATORS, Action.DISPUTE),
    }
)
"""Actions whose reason is one of a list, with or without words of one's own."""

OF_THE_QUEUE = frozenset(
    {
        *(Action.NUDGE, Action.SNOOZE, Action.WAKE, Action.SEND_AGAIN, Action.SET_ASIDE),
        Action.DEAL_WITH,
    }
)
"""The coordinators' own work."""

HIDDEN_FROM: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.TUTOR: OF_REPORTS | OF_THE_QUEUE,
        Role.PARENT: OF_REPORTS
        | OF_THE_QUEUE
        | {Action.REMOVE_NOTE, Action.EDIT_NOTE, Action.JUDGE_SUMMARY},
    }
)
"""What is between others, unless the reader did it: reports, and a tutor's drafts."""


@dataclass(frozen=True)
class Happening:
    """One thing that was done to a session."""

    action: Action
    role: Role
    channel: Channel
    at: datetime
    actor_id: int | None
    who: str
    reason: str | None
    text: str | None = None
    """What was written with the reason, where the reader may read it."""
    asked_for: datetime | None = None
    """Start of the session that was asked for or suggested."""
    is_absent: bool | None = None
    """Whether the student was marked absent, or present after all; None where it is not that."""


def history_of(
    session: Session, appointment_id: int, role: Role, viewer_id: int
) -> list[Happening]:
    """What was done to a session, oldest first, without what is not for this reader.

    Who told the coordinators of it reads who has dealt with that.
    """
    found = list(_EVENTS.rows(session, appointment_id=appointment_id))
    told_at = min((event.id for event, *_ in found if _is_told_by(event, viewer_id)), default=None)
    hidden = HIDDEN_FROM.get(role, frozenset())
    return [
        Happening(
            as_read(event.action, beyond), event.role, event.channel, event.at, event.actor_id,
            who or "", event.reason, _text(event, role, viewer_id), asked_for(event),
            marked_absent(event),
        )
        for event, who, beyond in found
        if event.action not in hidden
        or event.actor_id == viewer_id
        or (told_at is not None and event.id > told_at and event.action is Action.DEAL_WITH)
    ]  # fmt: skip


_EVENTS = Prepared(
    select(AuditEvent, Person.name, BEYOND)
    .join(Appointment, col(Appointment.id) == AuditEvent.appointment_id)
    .outerjoin(Person, col(Person.id) == AuditEvent.actor_id)
    .where(AuditEvent.appointment_id == bindparam("appointment_id"))
    .order_by(col(AuditEvent.id))
)


def _is_told_by(event: AuditEvent, person_id: int) -> bool:
    return event.action is Action.TELL_COORDINATORS and event.actor_id == person_id


def _text(event: AuditEvent, role: Role, viewer_id: int) -> str | None:
    if role in _WORDS_KEPT_FROM.get(event.action, ()) and event.actor_id != viewer_id:
        return None
    return words_of(event)


_WORDS_KEPT_FROM = {
    Action.TELL_COORDINATORS: (Role.TUTOR, Role.PARENT),
    Action.DISPUTE: (Role.TUTOR,),
}
"""Roles that read the reason from the list alone, unless they wrote the words themselves."""


def words_of(event: AuditEvent) -> str | None:
    """What was written with a reason from a list."""
    said = (event.details or {}).get("text")
    return said if isinstance(said, str) and event.action in FROM_A_LIST else None


def marked_absent(event: AuditEvent) -> bool | None:
    """Whether the student was marked absent with this event, or present; None with another one."""
    if event.action is not Action.MARK_ABSENT or not event.details:
        return None
    return bool(event.details["student_absent"])


def asked_for(event: AuditEvent) -> datetime | None:
    """Start that was asked for or suggested with this event."""
    if event.action not in (Action.PROPOSE, Action.COUNTER) or not event.details:
        return None
    return datetime.fromisoformat(event.details["new_starts_at"])
