"""What tests of use cases look at afterwards: every row, the trail, the outbox, the refusal."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select as select_rows
from sqlmodel import SQLModel, col, select

from models import Appointment, AuditEvent, OutboxMessage
from models.enums import MessageKind
from services.db import Database
from services.rules.refusals import Refusal, RefusalCode

Rows = dict[str, Sequence[Any]]


async def every_row(database: Database) -> Rows:
    """The whole database, table by table, to be compared with itself later."""
    async with database.reading() as session:
        connection = await session.connection()
        return {
            table.name: (
                await connection.execute(select_rows(table).order_by(*table.primary_key))
            ).all()
            for table in SQLModel.metadata.sorted_tables
        }


async def as_it_stands(database: Database, appointment_id: int) -> Appointment:
    """The session as the database has it now."""
    async with database.reading() as session:
        row = await session.get(Appointment, appointment_id)
    assert row is not None
    return row


async def trail(database: Database, appointment_id: int) -> list[AuditEvent]:
    """Everything that was done to a session, oldest first."""
    async with database.reading() as session:
        found = await session.exec(
            select(AuditEvent)
            .where(AuditEvent.appointment_id == appointment_id)
            .order_by(col(AuditEvent.id))
        )
        return list(found.all())


async def outbox_rows(database: Database, *kinds: MessageKind) -> list[OutboxMessage]:
    """The messages of these kinds that wait to be sent, in the order of their writing."""
    async with database.reading() as session:
        found = await session.exec(
            select(OutboxMessage)
            .where(col(OutboxMessage.kind).in_(kinds))
            .order_by(col(OutboxMessage.id))
        )
        return list(found.all())


async def recipients(database: Database, kind: MessageKind) -> list[int | None]:
    """To whom messages of a kind go; None is the coordinators' group."""
    return [row.person_id for row in await outbox_rows(database, kind)]


@contextmanager
def refused(code: RefusalCode, **params: object) -> Iterator[None]:
    """What happens within is refused with `code`, and the refusal says at least `params`."""
    with pytest.raises(Refusal) as caught:
        yield
    assert caught.value.code is code
    assert params.items() <= caught.value.params.items()
