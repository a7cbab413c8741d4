"""What a line of the audit trail is about, beside its session and its people (SPEC 2, 10)."""

from datetime import date

from locales.billing import mark_label, month_title
from locales.reader import Reader
from models import AuditEvent
from models.enums import PayMark, Side
from services.queries.audit_subjects import Subjects, named_in
from services.rules.agency import Agency
from services.rules.billing import month_of

About = list[tuple[str, str]]
"""Addresses and names."""


def told_subjects(reader: Reader, event: AuditEvent, found: Subjects, agency: Agency) -> About:
    """The match, package, statement, month, leave or days that an event is about."""
    about = _of_match(event, found)
    if (package := named_in(event, "package_id")) in found.packages:
        words = reader.label("Package of {child}", child=found.packages[package])
        about.append((f"/admin/packages/{package}", words))
    if (number := named_in(event, "statement_id")) in found.statements:
        one = found.statements[number]
        about.append(_statement(reader, one.side, one.party_id, one.name, one.month))
    if (number := named_in(event, "billing_adjustment_id")) in found.amounts:
        entered = found.amounts[number]
        month = month_of(entered.at, agency.zone)
        about.append(_statement(reader, entered.side, entered.party_id, entered.name, month))
    if (number := named_in(event, "leave_id")) in found.leaves:
        leave, who = found.leaves[number]
        days = dict.fromkeys(reader.dated_day(one) for one in (leave.starts_on, leave.ends_on))
        about.append((f"/admin/people/{leave.tutor_id}", f"{who}, {'–'.join(days)}"))
    if (number := named_in(event, "person_id")) in found.people and event.person_id is None:
        about.append((f"/admin/people/{number}", found.people[number]))
    return about + _of_days(reader, event)


def told_values(reader: Reader, event: AuditEvent, found: Subjects, agency: Agency) -> list[str]:
    """What was entered: an amount, a mark."""
    entered = found.amounts.get(named_in(event, "billing_adjustment_id") or 0)
    mark = (event.details or {}).get("mark")
    told = []
    if entered is not None and agency.currency is not None:
        told.append(reader.money(entered.amount, agency.currency))
    if mark in set(PayMark):
        told.append(mark_label(reader, PayMark(mark)))
    return told


def _of_match(event: AuditEvent, found: Subjects) -> About:
    number = named_in(event, "match_id")
    if number not in found.matches:
        return []
    return [(f"/admin/matches/{number}", " · ".join(found.matches[number]))]


def _of_days(reader: Reader, event: AuditEvent) -> About:
    """The month that was closed, or the holidays that were added or removed."""
    details = event.details or {}
    if isinstance(month := details.get("month"), str):
        first = date.fromisoformat(month)
        return [(f"/admin/billing/{first:%Y-%m}", reader.month(first))]
    dates = [date.fromisoformat(one) for one in details.get("dates", ())]
    if not dates:
        return []
    return [("/admin/holidays", reader.listed(reader.dated_day(one) for one in dates))]


def _statement(
    reader: Reader, side: Side, party_id: int, name: str, month: date
) -> tuple[str, str]:
    address = f"/admin/billing/{month:%Y-%m}/{side.value}/{party_id}"
    return address, f"{name} · {month_title(reader, side, month)}"
