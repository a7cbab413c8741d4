"""An import from files to the database: fully planned, then saved as a whole or not at all."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel

from models.enums import Channel
from services.db import Database, Session
from services.imports.directory import Directory, load_directory
from services.imports.known_records import load_known
from services.imports.match_rows import MatchReader
from services.imports.package_rows import read_holidays, read_packages
from services.imports.person_rows import PersonChange, read_people
from services.imports.problems import Problem, Problems
from services.imports.progress import Progress, Stage
from services.imports.record_rows import RecordPlan
from services.imports.references import References
from services.imports.saving import Saver
from services.imports.saving_records import RecordSaver
from services.imports.session_rows import SessionPlan, SessionReader
from services.imports.sources import Rows, Table, read_sources
from services.imports.student_rows import StudentChange, read_students
from services.lifecycle.actors import Actor
from services.notifications.free_times import offer_anew
from services.rules.agency import Agency

RECORDS = (Table.MATCHES, Table.PACKAGES, Table.HOLIDAYS)


@dataclass(frozen=True)
class Counts:
    """How many rows of a table were new, changed and unchanged."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do; with problems it did nothing."""

    tables: Mapping[Table, Counts]
    problems: tuple[Problem, ...]
    is_saved: bool
    """Whether it was saved: not for a dry run or with problems."""


@dataclass(frozen=True)
class Circumstances:
    """For whom and when an import is made, and who is told how far it is."""

    agency: Agency
    now: datetime
    progress: Progress


@dataclass(frozen=True)
class Plan:
    """Every good row, with the row of the database that it changes."""

    directory: Directory
    people: list[PersonChange]
    students: list[StudentChange]
    sessions: SessionPlan
    records: Mapping[Table, RecordPlan]
    """Matches, packages and holidays, as far as a file has them."""

    def counted(self) -> dict[Table, Counts]:
        """Counts by table."""
        return {
            Table.PEOPLE: _counted(
                (one.person is None, _differs(one.person, one.values)) for one in self.people
            ),
            Table.STUDENTS: _counted(
                (
                    one.student is None,
                    _differs(one.student, one.values) or one.changes_guardians(self.directory),
                )
                for one in self.students
            ),
            Table.SESSIONS: Counts(
                len(self.sessions.new), len(self.sessions.changed), self.sessions.unchanged
            ),
            **{
                table: Counts(len(plan.new), 0, plan.unchanged)
                for table, plan in self.records.items()
            },
        }


async def import_paths(
    database: Database,
    paths: Iterable[Path],
    agency: Agency,
    now: datetime,
    *,
    dry_run: bool,
    by: int | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import the tables in `paths`: folders of CSV files, CSV files, workbooks (SPEC 7, 11).

    Rows are identified by their `ref`: importing again changes nothing. With a single problem
    nothing is saved. A dry run uses a connection that cannot write. `by`: the coordinator who
    imports on a page; None for the command line. `progress` is told how far it is.
    """
    problems, progress = Problems(), progress or Progress()
    progress.begin(Stage.READING)
    rows = await asyncio.to_thread(read_sources, list(paths), problems, progress)
    circumstances = Circumstances(agency, now, progress)
    if dry_run:
        plan = await database.read(_planned, rows, circumstances, problems)
        return ImportReport(plan.counted(), problems.in_order(), is_saved=False)
    return await database.write(_saved, rows, circumstances, problems, by)


def _saved(
    session: Session,
    rows: Rows,
    at: Circumstances,
    problems: Problems,
    by: int | None,
) -> ImportReport:
    """Plan the import, and save it if there is no problem."""
    plan = _planned(session, rows, at, problems)
    report = ImportReport(plan.counted(), problems.in_order(), is_saved=not problems)
    if report.is_saved:
        at.progress.begin(Stage.SAVING, len(plan.sessions.new))
        saver = Saver(session, plan.directory, Actor(by, Channel.IMPORT, at.now))
        saver.lock_sessions(plan.sessions)
        saver.save_people(plan.people)
        saver.save_students(plan.students)
        saver.save_sessions(plan.sessions, at.progress)
        _save_records(saver.records(at.agency), plan.records)
        if plan.sessions.new or plan.records:
            offer_anew(session, at.now, because=f"import:{at.now.isoformat()}")
    return report


def _save_records(saver: RecordSaver, plans: Mapping[Table, RecordPlan]) -> None:
    """Holidays first: on them a match makes no sessions."""
    nothing = RecordPlan([])
    saver.save_holidays(plans.get(Table.HOLIDAYS, nothing).new)
    saver.save_matches(plans.get(Table.MATCHES, nothing).new)
    saver.price_extra_sessions()
    saver.save_packages(plans.get(Table.PACKAGES, nothing).new)


def _planned(session: Session, rows: Rows, at: Circumstances, problems: Problems) -> Plan:
    at.progress.begin(Stage.CHECKING, rows[Table.SESSIONS].count)
    directory = load_directory(session)
    people = read_people(rows[Table.PEOPLE], directory, problems)
    references = References(rows, people, directory)
    students = read_students(rows[Table.STUDENTS], directory, references, problems)
    reader = SessionReader(
        session=session,
        agency=at.agency,
        now=at.now,
        references=references,
        problems=problems,
        known_refs=directory.refs,
        progress=at.progress,
    )
    sessions = reader.read(rows[Table.SESSIONS])
    records = _planned_records(session, rows, at, references, problems)
    return Plan(directory, people, students, sessions, records)


def _planned_records(
    session: Session,
    rows: Rows,
    at: Circumstances,
    references: References,
    problems: Problems,
) -> dict[Table, RecordPlan]:
    """Plans of the tables that a file has."""
    there = [table for table in RECORDS if rows[table]]
    if not there:
        return {}
    agency = at.agency
    known = load_known(session, references.known_refs, agency, at.now)
    plans: dict[Table, RecordPlan] = {}
    for table in there:
        if table is Table.MATCHES:
            today = at.now.astimezone(agency.zone).date()
            reader = MatchReader(agency, today, references, problems, known.matches)
            plans[table] = reader.read(rows[table])
        elif table is Table.PACKAGES:
            plans[table] = read_packages(rows[table], agency, references, problems, known.packages)
        else:
            plans[table] = read_holidays(rows[table], problems, known.holidays)
    return plans


def _differs(known: SQLModel | None, values: Mapping[str, Any]) -> bool:
    return any(getattr(known, name, None) != value for name, value in values.items())


def _counted(rows: Iterable[tuple[bool, bool]]) -> Counts:
    """Counts of rows, each given as (is new, differs from the database)."""
    new = changed = unchanged = 0
    for is_new, differs in rows:
        new += is_new
        changed += differs and not is_new
        unchanged += not differs and not is_new
    return Counts(new, changed, unchanged)
