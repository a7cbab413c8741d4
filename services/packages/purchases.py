"""Buying a package of sessions for a child (SPEC 7)."""

from dataclasses import dataclass
from datetime import date

from models import Package
from models.enums import Action, EntryKind, Role
from services.db import Session
from services.lifecycle.access import require_coordinator
from services.lifecycle.actors import Actor
from services.lifecycle.status import record
from services.packages.alerts import refresh_other_packages
from services.packages.ledger import add_entry, lock_credits, take_up_owed
from services.rules.agency import Agency
from services.rules.packages import expiry_of, require_purchase
from services.rules.refusals.packages import NoCurrency


@dataclass(frozen=True)
class Purchase:
    """Package as it is bought."""

    student_id: int
    sessions_total: int
    starts_on: date
    expires_on: date | None = None
    """Last day whose sessions it covers; None: it never expires."""
    price: int | None = None
    """Minor units of the agency's currency."""
    ref: str | None = None
    """Agency's own key, where it is imported."""


def buy(session: Session, purchase: Purchase, agency: Agency, actor: Actor) -> Package:
    """Record, as a coordinator, that a family has bought a package.

    It takes up at once what is owed, oldest first. Refused: NotCoordinator, NotFound,
    SessionsNotPossible, ExpiresBeforeStart, NoCurrency (a price without a currency).
    """
    require_coordinator(session, actor)
    return add_package(session, purchase, agency, actor)


def add_package(session: Session, purchase: Purchase, agency: Agency, actor: Actor) -> Package:
    """As `buy`, for an import, whose right has been checked.

    Refused as `buy`, except for NotCoordinator.
    """
    require_purchase(purchase.sessions_total, purchase.starts_on, purchase.expires_on)
    if purchase.price is not None and agency.currency is None:
        raise NoCurrency
    lock_credits(session, purchase.student_id)
    package = Package(
        ref=purchase.ref,
        student_id=purchase.student_id,
        sessions_total=purchase.sessions_total,
        starts_on=purchase.starts_on,
        expires_on=purchase.expires_on,
        expires_at=expiry_of(purchase.expires_on, agency.zone),
        price=purchase.price,
        bought_at=actor.now,
        bought_by_id=actor.person_id,
    )
    session.add(package)
    session.flush()
    add_entry(
        session,
        actor,
        package_id=package.id,
        student_id=package.student_id,
        kind=EntryKind.PURCHASE,
        sessions=package.sessions_total,
    )
    role = Role.COORDINATOR if actor.person_id is not None else Role.SYSTEM
    about = {"package_id": package.id, "student_id": package.student_id}
    record(session, Action.BUY_PACKAGE, role, actor, details=about)
    take_up_owed(session, package.student_id, actor, bought=package.id)
    refresh_other_packages(session, package, actor.now, because=f"bought:{package.id}")
    return package
