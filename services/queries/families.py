"""Families: children who have the same guardians get one statement (SPEC 7; UX 16).

A child whose guardians are not the same as a sibling's has a statement of its own, so that nobody
reads of a child that is not theirs.
"""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Integer, bindparam
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from models import Guardianship
from services.db import Session
from services.prepared import Prepared


def families(session: Session, student_ids: Collection[int]) -> dict[int, int]:
    """Family of each of these children: the lowest id of its children."""
    if not student_ids:
        return {}
    guardians: dict[int, set[int]] = defaultdict(set)
    for student_id, person_id in _RELATED.rows(session, student_ids=sorted(student_ids)):
        guardians[student_id].add(person_id)
    first: dict[frozenset[int], int] = {}
    for student_id in sorted(guardians):
        first.setdefault(frozenset(guardians[student_id]), student_id)
    return {
        student_id: first.get(frozenset(guardians.get(student_id, ())), student_id)
        for student_id in student_ids
    }


def members(session: Session, family_id: int) -> list[int]:
    """Children of a family, by id; only itself where it has no guardian."""
    near = _NEAR.firsts(session, student_id=family_id)
    found = families(session, {family_id, *near})
    return sorted(one for one, family in found.items() if family == found[family_id])


_own, _others = aliased(Guardianship), aliased(Guardianship)
_RELATED = Prepared(
    select(Guardianship.student_id, Guardianship.person_id).where(
        col(Guardianship.student_id).in_(
            select(_others.student_id)
            .join(_own, col(_own.person_id) == _others.person_id)
            .where(
                col(_own.student_id).in_(bindparam("student_ids", type_=Integer, expanding=True))
            )
        )
    )
)
_NEAR = Prepared(
    select(Guardianship.student_id)
    .where(
        col(Guardianship.person_id).in_(
            select(_own.person_id).where(_own.student_id == bindparam("student_id"))
        )
    )
    .distinct()
)
