"""The audit trail opened for an erasure, the only change of a row in it (SPEC 2, 11)."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

_TRIGGERS = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'"
)


@contextmanager
def unsealed(connection: Connection) -> Iterator[None]:
    """Lift the triggers that make the audit trail append-only, in this transaction only.

    If the block raises, the transaction must be rolled back.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
        yield
        connection.execute(text("ALTER TABLE audit_event ENABLE TRIGGER USER"))
        return
    triggers = connection.execute(text(_TRIGGERS)).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield
    for _, definition in triggers:
        connection.exec_driver_sql(definition)
