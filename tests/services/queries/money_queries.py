"""Each query about billing months and analytics."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sqlmodel import col

from models import Appointment, BillingAdjustment, BillingLine, Package, PackageEntry
from models.enums import LineKind, Side, Why
from services.db import Session
from services.queries import analytics, billing_lines, billing_months, families, statements
from services.queries.billing_lines import EVERYBODY, Scope
from services.rules.billing import Line, Subject
from tests.builders import AGENCY, NOW, ZONE
from tests.services.scenes import Scene

MONTH = NOW.date().replace(day=1)
BEFORE = NOW - timedelta(days=30)


def _line(there: Scene) -> Line:
    return Line(
        side=Side.FAMILY,
        kind=LineKind.ADJUSTMENT,
        subject_of=Subject(entry_id=4711),
        student_id=there.student.id,
        tutor_id=None,
        child="",
        tutor="",
        subject="+2",
        at=NOW,
    )


QUERIES: dict[str, Callable[[Session, Scene], object]] = {
    "books_of": lambda s, _: billing_months.books_of(s, AGENCY, MONTH),
    "by_party": lambda s, _: billing_months.by_party(s, []),
    "closed_months": lambda s, _: billing_months.closed_months(s),
    "credit_lines": lambda s, _: billing_lines.credit_lines(
        s, EVERYBODY, col(PackageEntry.id) > 4711
    ),
    "facts_between": lambda s, _: analytics.facts_between(s, BEFORE, NOW),
    "counted_between": lambda s, _: analytics.counted_between(s, BEFORE, NOW, ZONE),
    "families": lambda s, there: families.families(s, {there.student.id}),
    "first_open": lambda s, _: billing_months.first_open(s, AGENCY, NOW),
    "frozen_lines": lambda s, _: billing_months.frozen_lines(
        s, col(BillingLine.statement_id) == 4711
    ),
    "lines_between": lambda s, there: billing_lines.lines_between(
        s, Scope(student_ids=(there.student.id,)), BEFORE, NOW
    ),
    "lines_of": lambda s, _: billing_months.lines_of(s, AGENCY, MONTH, EVERYBODY, MONTH),
    "members": lambda s, there: families.members(s, there.student.id),
    "money_lines": lambda s, _: billing_lines.money_lines(
        s, EVERYBODY, col(BillingAdjustment.at) > BEFORE
    ),
    "newest_closed": lambda s, _: billing_months.newest_closed(s),
    "package_lines": lambda s, _: billing_lines.package_lines(
        s, EVERYBODY, col(Package.bought_at) > BEFORE
    ),
    "runways": lambda s, _: analytics.runways(s, NOW),
    "session_lines": lambda s, _: billing_lines.session_lines(
        s, EVERYBODY, col(Appointment.starts_at) > BEFORE, col(Appointment.starts_at) < NOW
    ),
    "with_reasons": lambda s, there: billing_lines.with_reasons(
        s, [replace(_line(there), why=Why.REVERSED)]
    ),
    "statement_of": lambda s, there: statements.statement_of(
        s, AGENCY, MONTH, Side.FAMILY, there.student.id, NOW
    ),
    "statements_naming": lambda s, there: statements.statements_naming(
        s, AGENCY, MONTH, [there.student.id], NOW
    ),
    "newest_month": lambda s, there: statements.newest_month(
        s, AGENCY, Scope(student_ids=(there.student.id,)), NOW
    ),
    "first_month": lambda s, _: statements.first_month(s, AGENCY, NOW),
    "statements_of": lambda s, _: statements.statements_of(s, AGENCY, MONTH, NOW),
}
