"""Person's own sessions, as tutor and as parent: the first of them, in order."""

from collections.abc import Sequence

from sqlalchemy import BindParameter, CompoundSelect, union
from sqlmodel import col, select

from models import Appointment, Person
from services.db import Session
from services.queries.sessions import (
    LIMIT,
    Order,
    SessionView,
    by_start,
    children_of,
    views_where,
)

Id = int | BindParameter[int]
"""An id, or its bind parameter in a statement that is built once."""


def own_sessions(
    session: Session,
    person: Person,
    *conditions: object,
    newest_first: bool = False,
    limit: int = LIMIT,
    offset: int = 0,
) -> list[SessionView]:
    """Person's sessions that meet all `conditions` (SQL expressions), by their start."""
    ids = first_ids(
        person.id,
        sorted(children_of(session, person)),
        *conditions,
        order=by_start(newest_first),
        reach=limit + offset,
    )
    return views_where(
        session,
        col(Appointment.id).in_(ids),
        newest_first=newest_first,
        limit=limit,
        offset=offset,
    )


def first_ids(
    tutor_id: Id,
    children: Sequence[Id],
    *conditions: object,
    order: Sequence[Order],
    reach: Id,
) -> CompoundSelect[int]:
    """Ids of the first `reach` sessions of each side that meet all `conditions`, in this order.

    Each side is read on its own, through an index in this order: however long the history is, no
    more is read than is shown.
    """
    sides = [
        col(Appointment.tutor_id) == tutor_id,
        *(col(Appointment.student_id) == one for one in children),
    ]
    firsts = [
        select(Appointment.id)
        .where(side, *conditions)  # type: ignore[arg-type]  # comparisons are no booleans
        .order_by(*order)
        .limit(reach)
        .subquery()
        for side in sides
    ]
    return union(*(select(first.c.id) for first in firsts))
