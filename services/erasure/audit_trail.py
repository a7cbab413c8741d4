"""The sealed tables opened for an erasure, the only change of a row in them (SPEC 2, 7, 11)."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, bindparam, text

from models.sealed import SEALED

_TRIGGERS = text(
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN :tables"
).bindparams(bindparam("tables", expanding=True))


@contextmanager
def unsealed(connection: Connection) -> Iterator[None]:
    """Lift the triggers that make tables append-only, in this transaction only.

    If the block raises, the transaction must be rolled back.
    """
    if connection.dialect.name == "postgresql":
        for name in SEALED:
            connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
        yield
        for name in SEALED:
            connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))
        return
    triggers = connection.execute(_TRIGGERS, {"tables": SEALED}).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield
    for _, definition in triggers:
        connection.exec_driver_sql(definition)
