"""Export of every table in the columns of the import (SPEC 7, 11).

What is exported can be imported into an empty database and gives the same rows again. Rows are read
one by one: a hundred thousand sessions take no more memory than one.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select as select_columns
from sqlmodel import col, select

from models import Appointment, Guardianship, Holiday, Match, Package
from models.enums import MatchStatus
from services.db import Session
from services.imports.directory import STORED_COLUMNS, Directory, load_directory
from services.imports.known_records import slots_by_match
from services.imports.own_refs import Stands
from services.imports.person_rows import ROLES
from services.imports.sources import COLUMNS, Table
from services.imports.stored_rows import (
    StoredSession,
    current_slots,
    match_ref,
    match_row,
    package_row,
    ref_of_session,
    session_document,
)
from services.rules.agency import Agency

Cell = str | int
Line = list[Cell]
AT_ONCE = 500
"""Sessions that are read together."""


def export_tables(
    session: Session, agency: Agency, now: datetime
) -> Iterator[tuple[Table, Iterator[Line]]]:
    """Each table with its lines, the header first. They are read on demand, in this order."""
    directory = load_directory(session)
    yield Table.PEOPLE, _with_header(Table.PEOPLE, _people(directory))
    yield Table.STUDENTS, _with_header(Table.STUDENTS, _students(session, directory))
    matches = _Matches(session, directory, agency, now)
    yield Table.MATCHES, _with_header(Table.MATCHES, matches.lines())
    yield Table.SESSIONS, _with_header(Table.SESSIONS, matches.session_lines())
    yield Table.PACKAGES, _with_header(Table.PACKAGES, _packages(session, directory, agency))
    yield Table.HOLIDAYS, _with_header(Table.HOLIDAYS, _holidays(session))


def _with_header(table: Table, lines: Iterator[Line]) -> Iterator[Line]:
    yield list(COLUMNS[table].all)
    yield from lines


def _people(directory: Directory) -> Iterator[Line]:
    for ref, person in sorted(directory.people.items(), key=lambda one: one[1].id):
        roles = ";".join(role.value for role in ROLES if role in person.roles)
        account = person.telegram_user_id
        yield [
            *(ref, person.name, roles, person.language or "", person.time_zone or ""),
            "" if account is None else str(account),
        ]


def _students(session: Session, directory: Directory) -> Iterator[Line]:
    guardians: dict[int, list[str]] = {}
    refs = directory.refs.people
    found = session.exec(select(Guardianship).order_by(col(Guardianship.person_id))).all()
    for one in found:
        guardians.setdefault(one.student_id, []).append(refs[one.person_id])
    for ref, student in sorted(directory.students.items(), key=lambda one: one[1].id):
        named = ";".join(guardians.get(student.id, []))
        yield [ref, student.name, named, student.address or ""]


class _Matches:
    """Matches that go on, and the sessions, which tell for which of their days they stand."""

    def __init__(
        self, session: Session, directory: Directory, agency: Agency, now: datetime
    ) -> None:
        self._session = session
        self._refs = directory.refs
        self._agency = agency
        today = now.astimezone(agency.zone).date()
        slots = slots_by_match(session)
        found = session.exec(
            select(Match)
            .where(col(Match.status).in_([MatchStatus.OFFERED, MatchStatus.ACCEPTED]))
            .order_by(col(Match.id))
        )
        self._matches = [
            (match, current_slots(slots.get(match.id, []), today)) for match in found.all()
        ]
        self._match_refs = {match.id: match_ref(match) for match, _ in self._matches}
        self._slot_numbers = {
            slot.id: number
            for _, current in self._matches
            for number, slot in enumerate(current, start=1)
        }

    def lines(self) -> Iterator[Line]:
        """Lines of the matches."""
        for match, slots in self._matches:
            if slots:
                row = match_row(match, slots, self._refs)
                yield list(row.document(self._agency.currency).values())

    def session_lines(self) -> Iterator[Line]:
        """Lines of every session."""
        rows = self._session.execute(
            select_columns(*STORED_COLUMNS).order_by(col(Appointment.id)),
            execution_options={"yield_per": AT_ONCE},
        )
        columns = COLUMNS[Table.SESSIONS].all
        for row in rows:
            stored = StoredSession(*row)
            ref = ref_of_session(stored, self._stands(stored))
            document = session_document(stored, ref, self._refs)
            document["starts_at"] = _shown(stored.starts_at, self._agency.zone)
            for name, at in (
                ("checked_in_at", stored.checked_in_at),
                ("checked_out_at", stored.checked_out_at),
            ):
                document[name] = _shown(at, self._agency.zone) if at else ""
            yield [_cell(document[column]) for column in columns]

    def _stands(self, stored: StoredSession) -> Stands | None:
        ref = self._match_refs.get(stored.match_id or 0)
        if ref is None or stored.match_day is None:
            return None
        number = self._slot_numbers.get(stored.match_slot_id or 0, 0)
        return Stands(ref, number, stored.match_day)


def _packages(session: Session, directory: Directory, agency: Agency) -> Iterator[Line]:
    refs = directory.refs
    for package in session.exec(select(Package).order_by(col(Package.id))).all():
        document = package_row(package, refs).document(agency.currency)
        yield [_cell(value) for value in document.values()]


def _holidays(session: Session) -> Iterator[Line]:
    for one in session.exec(select(Holiday).order_by(col(Holiday.date))).all():
        yield [one.date.isoformat(), one.name]


def _shown(at: datetime, zone: ZoneInfo) -> str:
    """Instant as the agency's clocks show it, with the offset from UTC."""
    return at.astimezone(UTC).astimezone(zone).isoformat(sep=" ")


def _cell(value: object) -> Cell:
    return value if isinstance(value, int) else str(value)
