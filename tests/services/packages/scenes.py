"""Packages for tests: bought by the scene's coordinator, for the scene's child."""

from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from models import Package, PackageEntry
from models.enums import EntryKind, Status
from services.approvals.approvals import acknowledge
from services.packages.ledger import balance_of
from services.packages.purchases import Purchase, buy
from tests.builders import AGENCY, NOW, acting
from tests.open_database import OpenDatabase
from tests.services.scenes import Scene, another_session, carry_out

FIRST = date(2026, 11, 1)


def bought(
    database: OpenDatabase,
    there: Scene,
    sessions: int = 10,
    *,
    starts_on: date = FIRST,
    expires_on: date | None = None,
    now: datetime = NOW,
) -> Package:
    """A package of the scene's child."""
    purchase = Purchase(there.student.id, sessions, starts_on, expires_on)
    return carry_out(database, buy, purchase, AGENCY, acting(there.coordinator, now))


def approved(
    database: OpenDatabase, there: Scene, starts_at: datetime | None = None, **over: Any
) -> Scene:
    """One more session, which Grace acknowledges."""
    held = awaiting(database, there, starts_at, **over)
    carry_out(database, acknowledge, held.id, acting(held.grace))
    return held


def awaiting(
    database: OpenDatabase, there: Scene, starts_at: datetime | None = None, **over: Any
) -> Scene:
    """One more session that awaits its parents' answer."""
    status = Status.AWAITING_APPROVAL_PARENT
    return another_session(database, there, status=status, starts_at=starts_at, **over)


def left(database: OpenDatabase, package: Package) -> int:
    with database.reading() as session:
        return balance_of(session, package.id)


def entries(database: OpenDatabase, *kinds: EntryKind) -> list[PackageEntry]:
    """Entries of these kinds, or of all, in order."""
    with database.reading() as session:
        found = session.exec(select(PackageEntry).order_by(col(PackageEntry.id))).all()
    return [one for one in found if not kinds or one.kind in kinds]


def charged(database: OpenDatabase) -> list[tuple[int | None, int | None]]:
    """Which session took a credit of which package, in order."""
    found = entries(database, EntryKind.DEDUCTION)
    return [(one.appointment_id, one.package_id) for one in found]


def owed(database: OpenDatabase) -> list[int | None]:
    """Sessions that were marked owed, in order."""
    return [one.appointment_id for one in entries(database, EntryKind.OWED)]
