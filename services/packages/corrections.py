"""Corrections of the ledger by coordinators: entries of their own, never changes (SPEC 7)."""

from sqlmodel import select

from models import Package, PackageEntry, Person
from models.enums import Action, EntryKind, Role
from services.db import Session
from services.lifecycle.access import require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.status import record
from services.packages.alerts import refresh_other_packages, tell_if_low
from services.packages.ledger import add_entry, balance_of, lock_credits, take_up_owed
from services.queries.packages import left_uncovered
from services.rules.packages import require_adjustment
from services.rules.refusals.packages import AlreadyReversed, EntryNotReversible
from services.rules.refusals.sessions import NotFound
from services.rules.texts import require_reason

REVERSIBLE = frozenset({EntryKind.PURCHASE, EntryKind.DEDUCTION, EntryKind.ADJUSTMENT})


def adjust(
    session: Session, package_id: int, sessions: int, reason: str, actor: Actor
) -> PackageEntry:
    """Add credits to a package as a coordinator, or take some; the balance may go below zero.

    Credits that are added take up what is owed. Refused: NotCoordinator, NotFound,
    AdjustmentNotPossible, ReasonRequired, TextTooLong.
    """
    require_coordinator(session, actor)
    require_adjustment(sessions)
    reason = require_reason(reason)
    package = session.get(Package, package_id)
    if package is None:
        raise NotFound
    lock_credits(session, package.student_id)
    entry = add_entry(
        session,
        actor,
        package_id=package_id,
        student_id=package.student_id,
        kind=EntryKind.ADJUSTMENT,
        sessions=sessions,
        reason=reason,
    )
    _recorded(session, Action.ADJUST_PACKAGE, entry, actor)
    tell_if_low(session, package_id, balance_of(session, package_id), actor.now)
    return entry


def reverse(
    session: Session, entry_id: int, reason: str, actor: Actor, *, with_sessions: bool = False
) -> PackageEntry:
    """Undo one entry as a coordinator, by an entry that names it; once.

    A session whose deduction is undone takes no other credit: it is billed like any other.
    `with_sessions`: so are those that the entry leaves without a credit (`left_uncovered`); else
    they stay covered, and the balance is below zero. The same coordinator asking twice gets the
    same entry. Refused: NotCoordinator, NotFound, EntryNotReversible, AlreadyReversed,
    ReasonRequired, TextTooLong.
    """
    require_coordinator(session, actor)
    reason = require_reason(reason)
    undone = session.get(PackageEntry, entry_id)
    if undone is None:
        raise NotFound
    if undone.kind not in REVERSIBLE:
        raise EntryNotReversible
    lock_credits(session, undone.student_id)
    if earlier := _reversal_of(session, entry_id):
        return _repeated(session, earlier, actor)
    uncovered = left_uncovered(session, undone) if with_sessions else []
    entry = _undo(session, undone, reason, actor)
    for one in uncovered:
        _undo(session, one.entry, reason, actor)
    if undone.kind is EntryKind.PURCHASE and undone.package_id is not None:
        package = session.get_one(Package, undone.package_id)
        refresh_other_packages(session, package, actor.now, because=f"entry:{entry.id}")
    return entry


def _undo(session: Session, undone: PackageEntry, reason: str, actor: Actor) -> PackageEntry:
    entry = add_entry(
        session,
        actor,
        package_id=undone.package_id,
        student_id=undone.student_id,
        kind=EntryKind.REVERSAL,
        sessions=-undone.sessions,
        appointment_id=undone.appointment_id,
        reverses_id=undone.id,
        reason=reason,
    )
    _recorded(session, Action.REVERSE_ENTRY, entry, actor)
    return entry


def _recorded(session: Session, action: Action, entry: PackageEntry, actor: Actor) -> None:
    """Write the audit event; what the entry has freed takes up what is owed."""
    record(
        session,
        action,
        Role.COORDINATOR,
        actor,
        appointment_id=entry.appointment_id,
        reason=entry.reason,
        details={"package_id": entry.package_id, "package_entry_id": entry.id},
    )
    if entry.sessions > 0:
        take_up_owed(session, entry.student_id, actor)


def _reversal_of(session: Session, entry_id: int) -> PackageEntry | None:
    found = select(PackageEntry).where(PackageEntry.reverses_id == entry_id)
    return session.exec(found).first()


def _repeated(session: Session, earlier: PackageEntry, actor: Actor) -> PackageEntry:
    if earlier.actor_id == actor.person_id:
        return earlier
    who = session.get(Person, earlier.actor_id)
    raise AlreadyReversed(who=who.name if who else "", actor_id=earlier.actor_id, at=earlier.at)
