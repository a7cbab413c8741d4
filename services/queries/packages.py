"""Packages as families and coordinators read them: balances are sums of entries (SPEC 7)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, text
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import and_, col, func, or_, select

from models import Appointment, BillingLine, Package, PackageEntry, Person, Student
from models.enums import EntryKind, Side, Status
from services.db import Session
from services.queries.billing_rows import stands
from services.rules.packages import is_low

A_PAGE = 10
"""Entries on one page of a ledger."""
HELD_WITHOUT_ANSWER = (Status.CHECKED_IN, Status.AWAITING_APPROVAL_PARENT, Status.DISPUTED)
MOST_LISTED = 200
"""Most packages in one list of the coordinators'."""


@dataclass(frozen=True)
class PackageView:
    """Package with its child, and what is left of it."""

    package: Package
    student: Student
    left: int

    @property
    def id(self) -> int:
        return self.package.id

    @property
    def is_low(self) -> bool:
        return is_low(self.left, self.package.sessions_total)

    def is_over(self, now: datetime) -> bool:
        """Whether no session from `now` on is covered by it."""
        return self.left <= 0 or self.has_expired(now)

    def has_expired(self, now: datetime) -> bool:
        return self.package.expires_at is not None and self.package.expires_at <= now


@dataclass(frozen=True)
class EntryView:
    """Entry of the ledger, with its session and who made it."""

    entry: PackageEntry
    appointment: Appointment | None
    tutor: str | None
    who: str | None
    is_settled: bool
    """Whether it is undone; of a session that was owed, whether a credit was taken for it."""


@dataclass(frozen=True)
class Owed:
    """Child with sessions that no package has covered."""

    student: Student
    sessions: int


def packages_of(session: Session, student_id: int) -> list[PackageView]:
    """Child's packages, newest first."""
    return _views(session, Package.student_id == student_id)


def package_view(session: Session, package_id: int) -> PackageView | None:
    """Package with what is left of it; None where there is none."""
    return next(iter(_views(session, Package.id == package_id)), None)


def has_another(session: Session, view: PackageView, now: datetime) -> bool:
    """Whether the child has another package that covers sessions from `now` on."""
    others = _views(session, Package.student_id == view.student.id, _is_bought())
    return any(not one.is_over(now) for one in others if one.id != view.id)


def open_packages(session: Session, now: datetime) -> list[PackageView]:
    """Packages that cover sessions from `now` on, newest first."""
    unexpired = col(Package.expires_at).is_(None) | (col(Package.expires_at) > now)
    return [one for one in _views(session, unexpired) if one.left > 0]


def covering(
    session: Session, student_ids: Collection[int], now: datetime
) -> dict[int, list[PackageView]]:
    """Packages of these children that have not expired, newest first, by child."""
    unexpired = col(Package.expires_at).is_(None) | (col(Package.expires_at) > now)
    by_child: dict[int, list[PackageView]] = {}
    for one in _views(session, unexpired, col(Package.student_id).in_(student_ids)):
        by_child.setdefault(one.student.id, []).append(one)
    return by_child


def past_packages(session: Session, now: datetime) -> list[PackageView]:
    """Newest packages that are used up or have expired."""
    return [one for one in _views(session) if one.is_over(now)]


def low_packages(session: Session, now: datetime) -> list[PackageView]:
    """Newest unexpired package of each child, where all of the child's are low (SPEC 7).

    Without packages whose purchase was reversed.
    """
    unexpired = col(Package.expires_at).is_(None) | (col(Package.expires_at) > now)
    by_child: dict[int, list[PackageView]] = {}
    for one in _views(session, unexpired, _is_bought()):
        by_child.setdefault(one.student.id, []).append(one)
    return [packages[0] for packages in by_child.values() if all(one.is_low for one in packages)]


def owed_by_child(session: Session, student_ids: Collection[int] | None = None) -> list[Owed]:
    """Children with sessions that are owed, of these or of all, by name."""
    count = func.count()
    statement = (
        select(Student, count)
        .join(PackageEntry, col(PackageEntry.student_id) == Student.id)
        .where(text("package_entry.kind = 'owed'"), still_owed())
        .group_by(col(Student.id))
        .order_by(Student.name, col(Student.id))
        .limit(MOST_LISTED)
    )
    if student_ids is not None:
        statement = statement.where(col(Student.id).in_(student_ids))
    return [Owed(student, sessions) for student, sessions in session.exec(statement).all()]


def entries_of(
    session: Session, *, student_id: int | None = None, package_id: int | None = None, page: int = 1
) -> tuple[list[EntryView], bool]:
    """Page of a child's or a package's ledger, newest first, and whether older ones follow.

    An entry of a session stands at its date, which readers see, not at that of the approval.
    """
    of_date = func.coalesce(col(Appointment.starts_at), col(PackageEntry.at)).desc()
    by_date = _entries().order_by(None).order_by(of_date, col(PackageEntry.id).desc())
    statement = by_date.limit(A_PAGE + 1).offset((page - 1) * A_PAGE)
    if student_id is not None:
        statement = statement.where(col(PackageEntry.student_id) == student_id)
    if package_id is not None:
        statement = statement.where(col(PackageEntry.package_id) == package_id)
    found = [_entry(*row) for row in session.execute(statement).all()]
    return found[:A_PAGE], len(found) > A_PAGE


def soon_in_ledger(session: Session, student_id: int, until: datetime) -> frozenset[int]:
    """Sessions of a child that may take a credit: held or under way, or due before `until`."""
    found = session.exec(
        select(Appointment.id).where(
            Appointment.student_id == student_id,
            or_(
                col(Appointment.status).in_(HELD_WITHOUT_ANSWER),
                and_(Appointment.status == Status.SCHEDULED, col(Appointment.starts_at) < until),
            ),
        )
    )
    return frozenset(found.all())


def entry_view(session: Session, entry_id: int) -> EntryView | None:
    """One entry of the ledger; None where there is none."""
    row = session.execute(_entries().where(col(PackageEntry.id) == entry_id)).one_or_none()
    return None if row is None else _entry(*row)


def left_uncovered(session: Session, entry: PackageEntry) -> list[EntryView]:
    """Sessions whose credits came from an entry that stands, as far as no other credit of its
    package could pay for them: those that were charged last, newest first.
    """
    package = package_view(session, entry.package_id) if entry.package_id is not None else None
    if package is None:
        return []
    lacking = min(entry.sessions, entry.sessions - package.left)
    if lacking <= 0:
        return []
    charged = _entries().where(
        col(PackageEntry.package_id) == package.id,
        col(PackageEntry.kind) == EntryKind.DEDUCTION,
        stands(PackageEntry),
    )
    return [_entry(*row) for row in session.execute(charged.limit(lacking)).all()]


def _entries() -> Select[PackageEntry, Appointment, str, str, bool, bool]:
    author, tutor = aliased(Person), aliased(Person)
    return (
        select_columns(
            *(PackageEntry, Appointment, col(tutor.name), col(author.name)),
            *(~stands(PackageEntry), ~still_owed()),
        )
        .join(Appointment, col(Appointment.id) == PackageEntry.appointment_id, isouter=True)
        .join(tutor, col(tutor.id) == Appointment.tutor_id, isouter=True)
        .join(author, col(author.id) == PackageEntry.actor_id, isouter=True)
        .order_by(col(PackageEntry.id).desc())
    )


def is_bought(session: Session, package_id: int) -> bool:
    """Whether a package's purchase stands: it was not reversed."""
    found = session.exec(select(Package.id).where(Package.id == package_id, _is_bought()))
    return found.first() is not None


def _is_bought() -> ColumnElement[bool]:
    """Condition that a package's purchase was not reversed."""
    return exists().where(
        col(PackageEntry.package_id) == Package.id,
        col(PackageEntry.kind) == EntryKind.PURCHASE,
        stands(PackageEntry),
    )


def still_owed() -> ColumnElement[bool]:
    """Condition that an entry's session has taken no credit, and is billed on no closed statement.

    What a family has paid for on a statement is owed no more: no later package takes it up.
    """
    taken = aliased(PackageEntry)
    is_taken = exists().where(
        col(taken.appointment_id) == PackageEntry.appointment_id,
        col(taken.kind) == EntryKind.DEDUCTION,
    )
    is_billed = exists().where(
        col(BillingLine.appointment_id) == PackageEntry.appointment_id,
        col(BillingLine.side) == Side.FAMILY,
        col(BillingLine.amount) != 0,
    )
    return ~is_taken & ~is_billed


def _entry(
    entry: PackageEntry,
    appointment: Appointment | None,
    tutor: str | None,
    who: str | None,
    is_undone: bool,
    is_taken: bool,
) -> EntryView:
    is_settled = is_taken if entry.kind is EntryKind.OWED else is_undone
    return EntryView(entry, appointment, tutor, who, bool(is_settled))


def _views(session: Session, *conditions: object) -> list[PackageView]:
    left = (
        select(func.coalesce(func.sum(PackageEntry.sessions), 0))
        .where(PackageEntry.package_id == Package.id)
        .scalar_subquery()
    )
    found = session.exec(
        select(Package, Student, left)
        .join(Student, col(Student.id) == Package.student_id)
        .where(*conditions)  # type: ignore[arg-type]  # comparisons of columns are no booleans
        .order_by(col(Package.starts_on).desc(), col(Package.id).desc())
        .limit(MOST_LISTED)
    )
    return [PackageView(package, student, int(sum_)) for package, student, sum_ in found.all()]
