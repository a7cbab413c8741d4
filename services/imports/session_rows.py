"""Rows of `sessions` (SPEC 2, 7, 11): the times of a session and its status.

The audit event of an import keeps the content of the row. A later import of the row is compared
with that, not with the session, which may have changed since: the same row changes nothing. If the
row differs, only the subject is changed, and only while the session is scheduled; all else is
changed where both sides are told.
"""

from dataclasses import dataclass, field
from datetime import datetime

from models.enums import Kind, Origin, Role, Status
from services.db import Session
from services.imports.cells import Cells
from services.imports.directory import KnownSession, load_sessions
from services.imports.packed_rows import PackedRows
from services.imports.problems import ProblemCode, Problems
from services.imports.progress import Progress
from services.imports.references import References
from services.imports.sources import SourceRows
from services.imports.stored_rows import Refs, SessionDocument
from services.imports.uniqueness import Uniqueness
from services.rules.agency import Agency
from services.rules.windows import CHECK_IN_LEAD

LONGEST = 24 * 60
"""Longest session, in minutes."""
ATTENDANCE = {
    Status.CHECKED_IN: (True, False),
    Status.AWAITING_APPROVAL_PARENT: (True, True),
    Status.APPROVED: (True, True),
    Status.DISPUTED: (True, True),
}
"""Attendance times of a native session by status, as (check-in, check-out); else neither."""
BEGUN = frozenset({*ATTENDANCE, Status.NOT_COMPLETED})
"""Statuses that need a start in the past."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """Valid row; instants in UTC."""

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
    def as_document(self) -> SessionDocument:
        """Content of the row, for its audit event."""
        return {
            "ref": self.ref,
            "tutor_ref": self.tutor_ref,
            "student_ref": self.student_ref,
            "subject": self.subject,
            "starts_at": self.starts_at.isoformat(),
            "duration_minutes": self.duration_minutes,
            "kind": self.kind,
            "origin": self.origin,
            "status": self.status,
            "checked_in_at": self.checked_in_at and self.checked_in_at.isoformat(),
            "checked_out_at": self.checked_out_at and self.checked_out_at.isoformat(),
        }


@dataclass
class SessionPlan:
    """Changes that the valid rows make, in the order of the file."""

    new: PackedRows[SessionDocument] = field(default_factory=PackedRows)
    changed: PackedRows[tuple[int, SessionDocument]] = field(default_factory=PackedRows)
    """With the session's id. Only its subject changes."""
    unchanged: int = 0
    """Number of rows that are the same as before."""


@dataclass(frozen=True)
class SessionReader:
    """Reads rows at `now`, and compares them with the sessions in the database."""

    session: Session
    agency: Agency
    now: datetime
    references: References
    problems: Problems
    known_refs: Refs
    progress: Progress

    def read(self, rows: SourceRows) -> SessionPlan:
        """Valid rows; problems of the others are noted."""
        refs = Uniqueness("ref", ProblemCode.REF_TWICE)
        plan = SessionPlan()
        for batch in rows.batches():
            named = {source.cells["ref"] for source in batch}
            known = load_sessions(self.session, named, self.known_refs)
            for source in batch:
                cells = Cells(source, self.problems)
                row = self._row(cells, refs)
                if row is not None:
                    self._add(cells, row, known.get(row.ref), plan)
            self.progress.advance(len(batch))
        return plan

    def _add(
        self, cells: Cells, row: SessionRow, known: KnownSession | None, plan: SessionPlan
    ) -> None:
        document = row.as_document
        if known is None:
            self._check_new(cells, row)
            if cells.is_good:
                plan.new.add(document)
            return
        different = [name for name in document if known.document.get(name) != document[name]]
        if not different or document == known.now:
            plan.unchanged += 1
        elif different == ["subject"] and known.status is Status.SCHEDULED:
            plan.changed.add((known.id, document))
        else:
            cells.fail(None, ProblemCode.SESSION_DIFFERS, columns=", ".join(different))

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
