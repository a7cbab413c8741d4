"""The sessions that somebody has, as tutor and as parent: the first of them, in order."""

from sqlalchemy import union
from sqlmodel import col, select

from models import Appointment, Person
from services.db import Session
from services.queries.sessions import LIMIT, SessionView, children_of, views_where


def own_sessions(
    session: Session,
    person: Person,
    *conditions: object,
    newest_first: bool = False,
    limit: int = LIMIT,
    offset: int = 0,
) -> list[SessionView]:
    """A person's sessions that meet all `conditions` (SQL expressions), by their start.

    Each of their sides is read by itself, by an index that has its sessions in this order: of a
    history however long no more is read than is shown.
    """
    children = sorted(children_of(session, person))
    sides = [
        Appointment.tutor_id == person.id,
        *(Appointment.student_id == one for one in children),
    ]
    order = col(Appointment.starts_at).desc() if newest_first else col(Appointment.starts_at)
    firsts = [
        select(Appointment.id)
        .where(side, *conditions)  # type: ignore[arg-type]  # comparisons are no booleans
        .order_by(order, col(Appointment.id))
        .limit(limit + offset)
        .subquery()
        for side in sides
    ]
    found = union(*(select(first.c.id) for first in firsts)).subquery()
    return views_where(
        session,
        col(Appointment.id).in_(select(found.c.id)),
        newest_first=newest_first,
        limit=limit,
        offset=offset,
    )
