"""What somebody has just done, by the audit trail (SPEC 2)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from models import AuditEvent
from models.enums import Action
from services.db import Session
from services.prepared import Prepared
from services.queries.sessions import SessionView, session_view

JUST_NOW = timedelta(minutes=5)
"""How long a page tells what its reader has done."""


@dataclass(frozen=True)
class Done:
    """Something that a person did."""

    action: Action
    at: datetime
    view: SessionView | None


@dataclass(frozen=True)
class Earlier:
    """What a person did last to a session, with the reason that was given."""

    event_id: int
    action: Action
    at: datetime
    reason: str | None


def last_by(
    session: Session, person_id: int, appointment_id: int, actions: Collection[Action]
) -> Earlier | None:
    """What this person did last of these actions to a session; None where they did none."""
    done = _DONE_TO.rows(session, appointment_id=appointment_id, actions=sorted(actions))
    row = next((one for one in done if one.actor_id == person_id), None)
    return Earlier(row.id, row.action, row.at, row.reason) if row else None


# Not looked for by the person, who has done far more than was done to the session.
_EVENT = AuditEvent.__table__  # type: ignore[attr-defined]
_DONE_TO = Prepared(
    select_columns(*(_EVENT.c.id, _EVENT.c.actor_id, _EVENT.c.action, _EVENT.c.at, _EVENT.c.reason))
    .where(
        _EVENT.c.appointment_id == bindparam("appointment_id"),
        _EVENT.c.action.in_(bindparam("actions", expanding=True)),
    )
    .order_by(_EVENT.c.id.desc())
)


def done_by(session: Session, person_id: int, event: str, now: datetime) -> Done | None:
    """What this person did just now in the event that an address names.

    None where they did not, and where somebody has done something to that session since.
    """
    if not (event.isascii() and event.isdigit() and len(event) < 10):
        return None
    found = session.get(AuditEvent, int(event))
    if found is None or found.actor_id != person_id or now - found.at > JUST_NOW:
        return None
    if found.appointment_id and _is_overtaken(session, found):
        return None
    view = session_view(session, found.appointment_id) if found.appointment_id else None
    return Done(found.action, found.at, view)


def _is_overtaken(session: Session, event: AuditEvent) -> bool:
    """Whether somebody else has done something to its session since."""
    return session.exec(
        select(
            select(AuditEvent.id)
            .where(
                AuditEvent.appointment_id == event.appointment_id,
                col(AuditEvent.id) > event.id,
                col(AuditEvent.at) > event.at,
                col(AuditEvent.actor_id).is_distinct_from(event.actor_id),
            )
            .exists()
        )
    ).one()
