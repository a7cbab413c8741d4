"""Statements that insert many sessions and audit events, without the slower mapping of rows."""

from functools import cache

from sqlalchemy import JSON, Insert, bindparam, column, func, insert, select

from models import Appointment, AuditEvent

APPOINTMENT = Appointment.metadata.tables["appointment"]
AUDIT_EVENT = AuditEvent.metadata.tables["audit_event"]
INSERT_SESSIONS = insert(APPOINTMENT)


@cache
def insert_events(dialect: str) -> Insert:
    """INSERT of an audit event for each of many sessions, which are found by their refs.

    Parameters: `actor_id`, `role`, `channel`, `at`, `action`; and `details`, a list with one entry
    for each event.
    """
    each = func.json_each if dialect == "sqlite" else func.json_array_elements
    details = each(bindparam("details", type_=JSON)).table_valued(
        column("value", JSON), name="details"
    )
    ref = details.c.value["row"]["ref"].as_string()
    given = ("actor_id", "role", "channel", "at", "action")
    events = (
        select(
            APPOINTMENT.c.id,
            APPOINTMENT.c.status,
            details.c.value,
            *(bindparam(name, type_=AUDIT_EVENT.c[name].type) for name in given),
        )
        .join_from(details, APPOINTMENT, APPOINTMENT.c.ref == ref)
        .order_by(APPOINTMENT.c.id)
    )
    columns = ["appointment_id", "to_status", "details", *given]
    return insert(AUDIT_EVENT).from_select(columns, events)
