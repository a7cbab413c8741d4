"""Rows of `sessions` (SPEC 2, 7, 11): what a session was or will be, and where it stands.

What a row said is kept in the audit event of its import. A later import of the same row is
compared with that, not with the session, which has lived on: the same row changes nothing,
whatever became of the session; of a row that differs, only the subject is taken over, and only
while the session is scheduled. Everything else is changed where both sides hear of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from models import Appointment
from models.enums import Kind, Origin, Role, Status
from services.imports.cells import Cells
from services.imports.problems import ProblemCode, Problems
from services.imports.references import References
from services.imports.sources import SourceRow
from services.imports.uniqueness import Uniqueness
from services.rules.agency import Agency
from services.rules.windows import CHECK_IN_LEAD

LONGEST = 24 * 60
"""Minutes."""
ATTENDANCE = {
    Status.CHECKED_IN: (True, False),
    Status.AWAITING_APPROVAL_PARENT: (True, True),
    Status.APPROVED: (True, True),
    Status.DISPUTED: (True, True),
}
"""Which times a native session in a status has, of check-in and check-out; in others neither."""
BEGUN = frozenset({*ATTENDANCE, Status.NOT_COMPLETED})
"""Statuses that come with or after a session's start."""


@dataclass(frozen=True)
class SessionRow:
    """A row that is good in itself; instants in UTC."""

    ref: str
    tutor_ref: str
    student_ref: str
    subject: str
    starts_at: datetime
    duration_minutes: int
    kind: Kind
    origin: Origin
    status: Status
    checked_in_at: datetime | None
    checked_out_at: datetime | None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.duration_minutes)

    @property
    def as_document(self) -> dict[str, Any]:
        """What the row said, for its audit event."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
        }


@dataclass(frozen=True)
class SessionChange:
    """A good row beside the session it is about."""

    row: SessionRow
    appointment: Appointment | None
    """None: a new one."""
    differs: bool
    """Whether the row is not what was imported before."""


Documents = Mapping[int, Mapping[str, Any]]
"""What the newest import said of a session, by its id."""


@dataclass(frozen=True)
class SessionReader:
    """Reads rows at `now`, against the sessions that are there."""

    agency: Agency
    now: datetime
    references: References
    known: Mapping[str, Appointment]
    documents: Documents
    problems: Problems

    def read(self, rows: Iterable[SourceRow]) -> list[SessionChange]:
        """Every good row, in the order of the file; what is wrong with others is noted."""
        refs = Uniqueness("ref", ProblemCode.REF_TWICE)
        changes: list[SessionChange] = []
        for source in rows:
            cells = Cells(source, self.problems)
            row = self._row(cells, refs)
            if row is not None:
                self._add(cells, row, changes)
        return changes

    def _add(self, cells: Cells, row: SessionRow, changes: list[SessionChange]) -> None:
        appointment = self.known.get(row.ref)
        if appointment is None:
            self._check_new(cells, row)
            different: list[str] = []
        else:
            different = _different(row, self.documents.get(appointment.id, {}))
            if different not in ([], ["subject"]) or (
                different and appointment.status is not Status.SCHEDULED
            ):
                cells.fail(None, ProblemCode.SESSION_DIFFERS, columns=", ".join(different))
        if cells.is_good:
            changes.append(SessionChange(row, appointment, bool(different)))

    def _row(self, cells: Cells, refs: Uniqueness) -> SessionRow | None:
        zone = self.agency.zone
        ref, subject = refs.once(cells), cells.text("subject")
        tutor_ref, student_ref = cells.text("tutor_ref"), cells.text("student_ref")
        if tutor_ref:
            self.references.require_person(cells, "tutor_ref", tutor_ref, Role.TUTOR)
        if student_ref:
            self.references.require_student(cells, "student_ref", student_ref)
        for column in ("starts_at", "duration_minutes"):
            if cells.is_empty(column):
                cells.fail(column, ProblemCode.EMPTY)
        starts_at = cells.instant("starts_at", zone)
        minutes = cells.whole_number("duration_minutes", 1, LONGEST)
        kind = cells.word("kind", Kind, Kind.REGULAR)
        origin = cells.word("origin", Origin, Origin.IMPORTED)
        status = cells.word("status", Status)
        checked_in_at = cells.instant("checked_in_at", zone)
        checked_out_at = cells.instant("checked_out_at", zone)
        if not (cells.is_good and starts_at and minutes and kind and origin and status):
            return None
        return SessionRow(
            ref=ref,
            tutor_ref=tutor_ref,
            student_ref=student_ref,
            subject=subject,
            starts_at=starts_at,
            duration_minutes=minutes,
            kind=kind,
            origin=origin,
            status=status,
            checked_in_at=checked_in_at,
            checked_out_at=checked_out_at,
        )

    def _check_new(self, cells: Cells, row: SessionRow) -> None:
        if row.starts_at > self.now and cells.is_empty("origin"):
            cells.fail("origin", ProblemCode.ORIGIN_REQUIRED)
        self._check_order(cells, row)
        if row.origin is Origin.NATIVE:
            self._check_native(cells, row)
        elif row.status is Status.CHECKED_IN and row.checked_in_at is None:
            cells.fail("checked_in_at", ProblemCode.ATTENDANCE_MISSING, status=row.status)

    def _check_order(self, cells: Cells, row: SessionRow) -> None:
        times = {"checked_in_at": row.checked_in_at, "checked_out_at": row.checked_out_at}
        for column, at in times.items():
            if at is not None and at > self.now:
                cells.fail(column, ProblemCode.ATTENDANCE_IN_FUTURE)
        if row.checked_in_at and row.checked_out_at and row.checked_in_at >= row.checked_out_at:
            cells.fail("checked_out_at", ProblemCode.ATTENDANCE_ORDER)

    def _check_native(self, cells: Cells, row: SessionRow) -> None:
        if row.status is Status.APPROVED:
            cells.fail("status", ProblemCode.NATIVE_APPROVED)
            return
        if row.status in BEGUN and row.starts_at - CHECK_IN_LEAD > self.now:
            cells.fail("status", ProblemCode.NOT_BEGUN, status=row.status)
        expected = ATTENDANCE.get(row.status, (False, False))
        for column, is_expected in zip(("checked_in_at", "checked_out_at"), expected, strict=True):
            if is_expected and cells.is_empty(column):
                cells.fail(column, ProblemCode.ATTENDANCE_MISSING, status=row.status)
            if not is_expected and not cells.is_empty(column):
                cells.fail(column, ProblemCode.ATTENDANCE_UNEXPECTED, status=row.status)


def _different(row: SessionRow, before: Mapping[str, Any]) -> list[str]:
    return [name for name, value in row.as_document.items() if before.get(name) != value]
