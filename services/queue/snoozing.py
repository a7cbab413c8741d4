"""Putting a matter of the queue off, and taking it up again (SPEC 10)."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import delete
from sqlmodel import col

from models import QueueSnooze
from models.enums import Action, Role
from models.matters import Matter
from services.db import Session
from services.inserts import insert_into
from services.lifecycle.access import require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.status import record


def snooze(
    session: Session,
    matter: Matter,
    subject_id: int,
    actor: Actor,
    until: datetime,
    *,
    appointment_id: int | None,
) -> None:
    """Put a matter off for all coordinators until `until`; it comes back by itself.

    Put off again, it comes back at the newer time. Refused: NotCoordinator.
    """
    require_coordinator(session, actor)
    connection = session.connection()
    connection.execute(
        _put(connection.dialect.name),
        {
            "matter": matter,
            "subject_id": subject_id,
            "until": until,
            "by_id": actor.identified,
            "at": actor.now,
        },
    )
    details = {"until": until.isoformat()}
    _record(session, Action.SNOOZE, actor, matter, subject_id, appointment_id, details)


def wake(
    session: Session,
    matter: Matter,
    subject_id: int,
    actor: Actor,
    *,
    appointment_id: int | None,
) -> None:
    """Take up again what was put off. Refused: NotCoordinator."""
    require_coordinator(session, actor)
    woken = session.exec(
        delete(QueueSnooze).where(
            col(QueueSnooze.matter) == matter, col(QueueSnooze.subject_id) == subject_id
        )
    )
    if woken.rowcount:
        _record(session, Action.WAKE, actor, matter, subject_id, appointment_id, {})


def _record(
    session: Session,
    action: Action,
    actor: Actor,
    matter: Matter,
    subject_id: int,
    appointment_id: int | None,
    details: dict[str, Any],
) -> None:
    record(
        session,
        action,
        Role.COORDINATOR,
        actor,
        appointment_id=appointment_id,
        details={"matter": matter.value, "subject_id": subject_id} | details,
    )


@cache
def _put(dialect: str) -> Any:
    """Statement that puts a matter off, or changes until when it is."""
    insert = insert_into(dialect, QueueSnooze)
    changed = {name: insert.excluded[name] for name in ("until", "by_id", "at")}
    return insert.on_conflict_do_update(index_elements=["matter", "subject_id"], set_=changed)
