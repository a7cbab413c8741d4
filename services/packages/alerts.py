"""Who is told of packages: once when one is low, and once before it expires (SPEC 7).

What was told is edited as the package's balance changes, and as it expires (UX 17).
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text, update
from sqlmodel import col, func, select

from models import Package, PackageEntry, Person
from services.db import Session
from services.lifecycle.access import guardian_ids
from services.messaging import outbox
from services.messaging.messages.matches import PackageExpires, PackageLow, PackageTold
from services.messaging.standing import expiry_key, low_key
from services.rules.agency import Agency
from services.rules.packages import EXPIRY_NOTICE, expiry_told_at, is_low

AT_ONCE = 200
"""Most packages that one run of the sweep tells of."""


def tell_if_low(
    session: Session, package_id: int, left: int, now: datetime, *, is_new: bool = False
) -> None:
    """Tell the parents and the coordinators that less than a fifth is left, once a package.

    `is_new`: it is being bought, and pays for what was owed.
    """
    package = session.get_one(Package, package_id)
    if package.low_told_at is not None or not is_low(left, package.sessions_total):
        return
    session.exec(
        update(Package)
        .where(col(Package.id) == package_id)
        .values(low_told_at=now)
        .execution_options(synchronize_session=False)
    )
    session.refresh(package)
    rows = [
        outbox.message(
            person_id,
            PackageLow(package_id, is_new),
            key=low_key(package_id, person_id),
            now=now,
        )
        for person_id in (*_linked(session, package.student_id), None)
    ]
    outbox.write_once(session, rows)


def refresh_told(session: Session, package_id: int, now: datetime, *, because: str) -> None:
    """Edit what was told of a package whose balance is another now; `because` names the change."""
    package = session.get_one(Package, package_id)
    is_low_told = package.low_told_at is not None
    readers: list[int | None] = [*_linked(session, package.student_id)] if is_low_told else []
    if is_low_told or package.expiry_told_at is not None:
        readers.append(None)
    rows = [_edit(package_id, person_id, because, now) for person_id in readers]
    outbox.write_once(session, rows)


def refresh_other_packages(
    session: Session, package: Package, now: datetime, *, because: str
) -> None:
    """Edit what was told of the child's other packages: it says whether there is a next one."""
    others = session.exec(
        select(Package.id)
        .where(
            Package.student_id == package.student_id,
            Package.id != package.id,
            col(Package.low_told_at).is_not(None),
        )
        .order_by(col(Package.id))
    )
    for package_id in others.all():
        refresh_told(session, package_id, now, because=because)


def _edit(
    package_id: int,
    person_id: int | None,
    because: str,
    now: datetime,
    due_at: datetime | None = None,
) -> dict[str, Any]:
    key = f"package_told:{package_id}:{because}:{person_id or 'group'}"
    return outbox.message(person_id, PackageTold(package_id), key=key, now=now, due_at=due_at)


def tell_expiring(session: Session, agency: Agency, now: datetime) -> None:
    """Tell the coordinators of packages with credits left that expire within 14 days, once each.

    Safe to run twice at once: a package is told of by the run that stamps it.
    """
    due = [
        one
        for one in _untold(session, now)
        if one.expires_on is not None and expiry_told_at(one.expires_on, agency.zone) <= now
    ]
    told = [one for one in due if _stamp(session, one.id, now)]
    with_credit = [one for one in told if _left(session, one.id) > 0]
    rows = [
        outbox.message(None, PackageExpires(one.id), key=expiry_key(one.id), now=now)
        for one in with_credit
    ]
    rows += [_edit(one.id, None, "expired", now, one.expires_at) for one in with_credit]
    outbox.write_once(session, rows)


def next_expiring(session: Session, agency: Agency, now: datetime) -> datetime | None:
    """When the coordinators next hear of a package that is about to expire."""
    found = session.exec(
        select(col(Package.expires_on))
        .where(text("package.expiry_told_at IS NULL"), col(Package.expires_at) > now)
        .order_by(col(Package.expires_at))
        .limit(1)
    ).first()
    return None if found is None else max(expiry_told_at(found, agency.zone), now)


def _untold(session: Session, now: datetime) -> list[Package]:
    found = session.exec(
        select(Package)
        .where(
            text("package.expiry_told_at IS NULL"),
            col(Package.expires_at) > now,
            col(Package.expires_at) <= now + EXPIRY_NOTICE + timedelta(days=2),
        )
        .order_by(col(Package.expires_at))
        .limit(AT_ONCE)
    )
    return list(found.all())


def _stamp(session: Session, package_id: int, now: datetime) -> bool:
    done = session.exec(
        update(Package)
        .where(col(Package.id) == package_id, col(Package.expiry_told_at).is_(None))
        .values(expiry_told_at=now)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)


def _left(session: Session, package_id: int) -> int:
    total = select(func.coalesce(func.sum(PackageEntry.sessions), 0))
    return int(session.exec(total.where(PackageEntry.package_id == package_id)).one())


def _linked(session: Session, student_id: int) -> list[int]:
    """Child's parents who have an account; one who links later reads it in the ledger."""
    found = session.exec(
        select(Person.id)
        .where(
            col(Person.id).in_(guardian_ids(session, student_id)),
            col(Person.telegram_user_id).is_not(None),
        )
        .order_by(col(Person.id))
    )
    return list(found.all())
