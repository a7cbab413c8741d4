"""Sessions of a list, without the whole rows of their tables: a page has twenty (SPEC 10)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Integer, Select, bindparam, select
from sqlmodel import col

from models import Appointment, Person, Student
from models.enums import Kind, MissedKind, Origin, PriceUnit, Status
from services.db import Session
from services.lifecycle.beyond_status import BEYOND
from services.prepared import Prepared
from services.queries.sessions import LIMIT, SessionView, in_order
from services.rules import attendance
from services.rules.agency import Agency


class ListedRow(NamedTuple):
    """Session of a list, with its names."""

    id: int
    subject: str
    status: Status
    kind: Kind
    origin: Origin
    starts_at: datetime
    ends_at: datetime
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    student_absent: bool
    billed_as_addon: int
    price: int | None
    price_unit: PriceUnit | None
    tutor: str
    student_id: int
    student: str
    beyond: str | None
    """What its status does not tell: a value of `Beyond`."""

    @classmethod
    def of(cls, view: SessionView) -> Self:
        """The same of a session whose whole row was read."""
        row = view.appointment
        return cls(
            row.id,
            row.subject,
            row.status,
            row.kind,
            row.origin,
            row.starts_at,
            row.ends_at,
            row.checked_in_at,
            row.checked_out_at,
            row.student_absent,
            row.billed_as_addon,
            row.price,
            row.price_unit,
            view.tutor.name,
            view.student.id,
            view.student.name,
            view.beyond,
        )

    def missed(self, agency: Agency, now: datetime) -> MissedKind | None:
        """Tap that is missing and can no longer come (SPEC 3)."""
        return attendance.missed(self.status, self.starts_at, self.ends_at, agency.zone, now)


def rows_of(views: Iterable[SessionView]) -> list[ListedRow]:
    """These sessions as those of a list."""
    return [ListedRow.of(view) for view in views]


def rows_by(
    *conditions: Any,
    newest_first: bool = False,
    limit: int | None = LIMIT,
    offset: int | ColumnElement[int] | None = None,
) -> Select[*tuple[Any, ...]]:
    """Statement for `ListedRow`s that meet all `conditions`, by start; for `rows_with`.

    `limit` None for all.
    """
    return in_order(_ROWS.where(*conditions), newest_first).limit(limit).offset(offset)


def rows_with(prepared: Prepared, session: Session, **values: object) -> list[ListedRow]:
    """Sessions that a statement made by `rows_by` finds."""
    return [ListedRow._make(row) for row in prepared.rows(session, **values)]


class Pages:
    """Pages of the sessions that meet all `conditions`, by start.

    The first page, which is read most, is a statement of its own: with an offset that is given each
    time, PostgreSQL would plan it for a tenth of these sessions, or anew each time.
    """

    def __init__(self, *conditions: Any, newest_first: bool = False, length: int) -> None:
        self._length = length
        skipped = bindparam("skipped", type_=Integer)
        self._first, self._later = (
            Prepared(
                rows_by(*conditions, newest_first=newest_first, limit=length + 1, offset=offset)
            )
            for offset in (None, skipped)
        )

    def read(
        self, session: Session, page: int, values: Mapping[str, object]
    ) -> tuple[list[ListedRow], bool]:
        """One of the pages, counted from 1, and whether more follow.

        `values`: those of the conditions, and maybe others.
        """
        prepared = self._first if page == 1 else self._later
        skipped = {"skipped": (page - 1) * self._length}
        found = [ListedRow._make(row) for row in prepared.some_of(session, {**values, **skipped})]
        return found[: self._length], len(found) > self._length


_row = Appointment
_ROWS = (
    select(
        *(col(_row.id), col(_row.subject), col(_row.status), col(_row.kind), col(_row.origin)),
        *(col(_row.starts_at), col(_row.ends_at)),
        *(col(_row.checked_in_at), col(_row.checked_out_at), col(_row.student_absent)),
        *(col(_row.billed_as_addon), col(_row.price), col(_row.price_unit)),
        *(col(Person.name), col(Student.id), col(Student.name), BEYOND),
    )
    .join(Person, col(Person.id) == col(_row.tutor_id))
    .join(Student, col(Student.id) == col(_row.student_id))
)
