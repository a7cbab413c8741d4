"""Siblings taught together: same tutor, same times, a common guardian (SPEC 6)."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Integer, bindparam, text
from sqlmodel import col, select

from models import Appointment, Guardianship
from models.enums import Status
from services.db import Session
from services.prepared import Prepared
from services.queries.sessions import SessionView, views_by, views_with

MOST_TOGETHER = 5
"""The most sessions that one tap checks in or out: more numbers may not fit into a button."""


def taught_together(session: Session, views: Sequence[SessionView]) -> list[list[SessionView]]:
    """Those of the sessions that are of siblings taught together, in groups of two or more."""
    slots: defaultdict[object, dict[int, SessionView]] = defaultdict(dict)
    for view in views:
        row = view.appointment
        slots[row.tutor_id, row.starts_at, row.ends_at].setdefault(view.student.id, view)
    shared = [by_child for by_child in slots.values() if len(by_child) > 1]
    if not shared:
        return []
    guardians = _guardians(session, {child for by_child in shared for child in by_child})
    return [group for by_child in shared for group in _families(by_child, guardians)]


def beside(session: Session, view: SessionView) -> list[SessionView]:
    """The session and those of siblings taught with it that have the same status now."""
    row = view.appointment
    if row.status not in _AT_ONCE:
        return [view]
    slot: dict[str, object] = {
        "tutor_id": row.tutor_id,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
    }
    found = views_with(_AT_ONCE[row.status], session, **slot)
    groups = taught_together(session, found)
    return next((one for one in groups if view.id in {each.id for each in one}), [view])


def _families(
    by_child: dict[int, SessionView], guardians: dict[int, set[int]]
) -> list[list[SessionView]]:
    """Groups of children of whom each has a guardian in common with another one, in their order."""
    groups: list[tuple[set[int], set[int]]] = []
    for child in by_child:
        adults, children = set(guardians[child]), {child}
        for related in [one for one in groups if one[0] & adults]:
            groups.remove(related)
            adults |= related[0]
            children |= related[1]
        groups.append((adults, children))
    found = [[view for child, view in by_child.items() if child in own] for _, own in groups]
    places = {view.id: place for place, view in enumerate(by_child.values())}
    return sorted((one for one in found if len(one) > 1), key=lambda one: places[one[0].id])


def _guardians(session: Session, children: set[int]) -> dict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for child, guardian in _GUARDIANS.rows(session, children=sorted(children)):
        found[child].add(guardian)
    return found


_GUARDIANS = Prepared(
    select(Guardianship.student_id, Guardianship.person_id).where(
        col(Guardianship.student_id).in_(bindparam("children", type_=Integer, expanding=True))
    )
)
_IN_SLOT = (
    col(Appointment.tutor_id) == bindparam("tutor_id"),
    col(Appointment.starts_at) == bindparam("starts_at"),
    col(Appointment.ends_at) == bindparam("ends_at"),
)
_AT_ONCE = {
    Status.SCHEDULED: Prepared(views_by(*_IN_SLOT, text("appointment.status = 'scheduled'"))),
    Status.CHECKED_IN: Prepared(views_by(*_IN_SLOT, text("appointment.status = 'checked_in'"))),
}
