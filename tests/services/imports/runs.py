"""Running imports in tests, and looking at what they came to."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel, select

from models import Appointment, AuditEvent, Guardianship, OutboxMessage, Person, Student
from services.imports.importing import Counts, ImportReport, import_paths
from services.imports.problems import ProblemCode
from services.imports.sources import Table
from services.rules.agency import Agency
from services.rules.money import Currency
from tests.builders import AGENCY, NOW
from tests.open_database import OpenDatabase

PRICED = replace(AGENCY, currency=Currency("SGD", 2))
"""The agency with a currency."""


async def imported(
    database: OpenDatabase,
    folder: Path,
    *,
    now: datetime = NOW,
    dry_run: bool = False,
    agency: Agency = AGENCY,
) -> ImportReport:
    return await import_paths(database, [folder], agency, now, dry_run=dry_run)


def rows_of(database: OpenDatabase, table: type[SQLModel]) -> list[Any]:
    with database.reading() as session:
        found = session.exec(select(table))
        return sorted(found.all(), key=lambda row: str(getattr(row, "ref", "")))


def contents(database: OpenDatabase) -> list[list[dict[str, Any]]]:
    """Everything that an import writes."""
    written = (Person, Student, Guardianship, Appointment, AuditEvent, OutboxMessage)
    return [[row.model_dump() for row in rows_of(database, table)] for table in written]


def counts(report: ImportReport) -> dict[Table, Counts]:
    return dict(report.tables)


def codes(report: ImportReport) -> list[tuple[str, int | None, str | None, ProblemCode]]:
    return [(one.place.file, one.place.row, one.column, one.code) for one in report.problems]
