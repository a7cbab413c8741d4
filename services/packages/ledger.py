"""Ledger of packages: what takes a credit, and what takes up what is owed (SPEC 7).

Everything that moves a child's credits waits for the child's row first. So an approval and a
purchase at the same instant see each other, and two approvals never take the same last credit.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, insert, text
from sqlmodel import col, func, select

from models import Appointment, Package, PackageEntry, Student
from models.enums import EntryKind
from services.db import Session
from services.lifecycle.actors import Actor
from services.messaging.lists import refresh_packages
from services.packages.alerts import refresh_told, tell_if_low
from services.prepared import Prepared
from services.queries.packages import still_owed
from services.rules.packages import Credit, covering, uses_credit
from services.rules.refusals.sessions import NotFound


def charge(session: Session, appointment: Appointment, actor: Actor) -> None:
    """Take one credit for a session that is approved in this unit of work, or mark it owed.

    Only a native, regular session takes one, and only once, whatever happens to it later.
    """
    if not uses_credit(appointment.kind, appointment.origin, appointment.billed_as_addon):
        return
    lock_credits(session, appointment.student_id)
    credit = covering(credits_of(session, appointment.student_id), appointment.starts_at)
    if credit is not None:
        _deduct(session, credit, appointment.student_id, appointment.id, actor)
        return
    _enter(
        session,
        actor,
        student_id=appointment.student_id,
        kind=EntryKind.OWED,
        sessions=0,
        appointment_id=appointment.id,
    )


def take_up_owed(
    session: Session, student_id: int, actor: Actor, *, bought: int | None = None
) -> int:
    """Take credits for the child's sessions that are owed, oldest first; how many were taken up.

    The caller has locked the child's credits. `bought`: the package that is being bought.
    """
    usable, taken = credits_of(session, student_id), 0
    for appointment_id, starts_at in session.execute(_OWED, {"student_id": student_id}).all():
        credit = covering(usable, starts_at)
        if credit is not None:
            is_new = credit.package_id == bought
            _deduct(session, credit, student_id, appointment_id, actor, is_new=is_new)
            usable[usable.index(credit)] = replace(credit, left=credit.left - 1)
            taken += 1
    return taken


def add_entry(session: Session, actor: Actor, **columns: Any) -> PackageEntry:
    """Add an entry to the ledger; the caller has locked the child's credits."""
    entry = PackageEntry(at=actor.now, actor_id=actor.person_id, **columns)
    session.add(entry)
    session.flush()
    because = f"ledger:{entry.student_id}:{actor.now.isoformat()}"
    refresh_packages(session, entry.student_id, actor.now, because=because)
    if entry.package_id is not None:
        refresh_told(session, entry.package_id, actor.now, because=f"entry:{entry.id}")
    return entry


def _enter(session: Session, actor: Actor, **columns: Any) -> None:
    """As `add_entry`, where nobody asks for the entry: every approval makes one."""
    _INSERT.run_later(
        session, **(_NOTHING | {"at": actor.now, "actor_id": actor.person_id} | columns)
    )


_TABLE = PackageEntry.__table__  # type: ignore[attr-defined]
_NOTHING = {column.name: None for column in _TABLE.columns if column is not _TABLE.c.id}
_INSERT = Prepared(
    insert(_TABLE)
    .values({name: bindparam(name, type_=_TABLE.c[name].type) for name in _NOTHING})
    .inline()
)


def lock_credits(session: Session, student_id: int) -> None:
    """Wait for every other unit of work that moves this child's credits. Refused: NotFound."""
    if _LOCKED.first(session, student_id=student_id) is None:
        raise NotFound


def credits_of(session: Session, student_id: int) -> list[Credit]:
    """Child's packages with credits left, oldest first."""
    found = _CREDITS.rows(session, student_id=student_id)
    return [Credit(package_id, int(left), expires_at) for package_id, expires_at, left in found]


def balance_of(session: Session, package_id: int) -> int:
    """What is left of a package: the sum of its entries."""
    total = select(func.coalesce(func.sum(PackageEntry.sessions), 0))
    return int(session.exec(total.where(PackageEntry.package_id == package_id)).one())


def _deduct(
    session: Session,
    credit: Credit,
    student_id: int,
    appointment_id: int,
    actor: Actor,
    *,
    is_new: bool = False,
) -> None:
    _enter(
        session,
        actor,
        package_id=credit.package_id,
        student_id=student_id,
        kind=EntryKind.DEDUCTION,
        sessions=-1,
        appointment_id=appointment_id,
    )
    because = f"session:{appointment_id}"
    refresh_told(session, credit.package_id, actor.now, because=because)
    tell_if_low(session, credit.package_id, credit.left - 1, actor.now, is_new=is_new)


_LOCKED = Prepared(
    select(Student.id).where(Student.id == bindparam("student_id")).with_for_update(key_share=True)
)
_CREDITS = Prepared(
    select(Package.id, Package.expires_at, func.sum(PackageEntry.sessions))
    .join(PackageEntry, col(PackageEntry.package_id) == Package.id)
    .where(Package.student_id == bindparam("student_id"))
    .group_by(col(Package.id))
    .having(func.sum(PackageEntry.sessions) > 0)
    .order_by(col(Package.starts_on), col(Package.bought_at), col(Package.id))
)
_OWED = (
    select(Appointment.id, Appointment.starts_at)
    .join(PackageEntry, col(PackageEntry.appointment_id) == Appointment.id)
    .where(
        PackageEntry.student_id == bindparam("student_id"),
        text("package_entry.kind = 'owed'"),
        still_owed(),
    )
    .order_by(col(Appointment.starts_at), col(Appointment.id))
)
