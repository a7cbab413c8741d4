"""Matches, packages and holidays that are known before an import (SPEC 7)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from models import AuditEvent, Holiday, Match, MatchSlot, Package
from models.enums import Action
from services.db import Session
from services.imports.record_rows import Document
from services.imports.sources import Table
from services.imports.stored_rows import (
    Refs,
    current_slots,
    match_ref,
    match_row,
    package_ref,
    package_row,
)
from services.rules.agency import Agency

Known = dict[str, list[Document]]
"""Content of each record by ref: that of its import, if it was imported, and what it is now."""


@dataclass(frozen=True)
class KnownRecords:
    """What the rows of an import are compared with."""

    matches: Known
    packages: Known
    holidays: dict[date, str]


def load_known(session: Session, refs: Refs, agency: Agency, now: datetime) -> KnownRecords:
    """Everything that is known of these tables, which are short."""
    today = now.astimezone(agency.zone).date()
    imported = _imported(session)
    matches: Known = {}
    slots = slots_by_match(session)
    for match in session.exec(select(Match)).all():
        row = match_row(match, current_slots(slots.get(match.id, []), today), refs)
        matches[row.ref] = [
            *imported.get((Table.MATCHES, match_ref(match)), []),
            row.document(agency.currency),
        ]
    packages: Known = {}
    for package in session.exec(select(Package)).all():
        document = package_row(package, refs).document(agency.currency)
        before = imported.get((Table.PACKAGES, package_ref(package)), [])
        packages[document["ref"]] = [*before, document]
    holidays = {one.date: one.name for one in session.exec(select(Holiday)).all()}
    return KnownRecords(matches, packages, holidays)


def slots_by_match(session: Session) -> dict[int, list[MatchSlot]]:
    """Weekly slots of every match."""
    found: dict[int, list[MatchSlot]] = {}
    for slot in session.exec(select(MatchSlot).order_by(col(MatchSlot.id))).all():
        found.setdefault(slot.match_id, []).append(slot)
    return found


def _imported(session: Session) -> dict[tuple[str, str], list[Document]]:
    """Content of the rows that were imported, by table and ref."""
    events = session.exec(
        select(AuditEvent.details).where(
            col(AuditEvent.appointment_id).is_(None), AuditEvent.action == Action.IMPORT
        )
    )
    found: dict[tuple[str, str], list[Document]] = {}
    for details in events.all():
        if details and "table" in details:
            row = details["row"]
            found.setdefault((details["table"], row["ref"]), []).append(row)
    return found
