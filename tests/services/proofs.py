"""Results that tests of use cases check: rows, audit trail, outbox, refusals."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlmodel import col, select

from models import Appointment, AuditEvent, OutboxMessage
from models.enums import MessageKind
from services.rules.refusals import Refusal
from tests.open_database import OpenDatabase
from tests.rows import Rows, rows_of_tables


def every_row(database: OpenDatabase) -> Rows:
    """The whole database, table by table, to be compared with itself later."""
    with database.reading() as session:
        return rows_of_tables(session)


def as_it_stands(database: OpenDatabase, appointment_id: int) -> Appointment:
    """The session as the database has it now."""
    with database.reading() as session:
        row = session.get(Appointment, appointment_id)
    assert row is not None
    return row


def trail(database: OpenDatabase, appointment_id: int) -> list[AuditEvent]:
    """Everything that was done to a session, oldest first."""
    with database.reading() as session:
        found = session.exec(
            select(AuditEvent)
            .where(AuditEvent.appointment_id == appointment_id)
            .order_by(col(AuditEvent.id))
        )
        return list(found.all())


def outbox_rows(database: OpenDatabase, *kinds: MessageKind) -> list[OutboxMessage]:
    """The messages of these kinds that wait to be sent, in the order of their writing."""
    with database.reading() as session:
        found = session.exec(
            select(OutboxMessage)
            .where(col(OutboxMessage.kind).in_(kinds))
            .order_by(col(OutboxMessage.id))
        )
        return list(found.all())


def recipients(database: OpenDatabase, kind: MessageKind) -> list[int | None]:
    """To whom messages of a kind go; None is the coordinators' group."""
    return [row.person_id for row in outbox_rows(database, kind)]


@contextmanager
def refused(kind: type[Refusal], **fields: object) -> Iterator[None]:
    """Require that the block is refused as `kind`, with at least these `fields`."""
    with pytest.raises(Refusal) as caught:
        yield
    assert type(caught.value) is kind
    assert fields.items() <= vars(caught.value).items()
