"""One unit of work commits whole or not at all; readers cannot write (SPEC 8; DESIGN 2)."""

import asyncio

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, func, select, update

from models import Person
from services.db import Database, Session
from tests import builders
from tests.services.proofs import every_row
from tests.services.scenes import carry_out


async def test_what_fails_leaves_nothing(database: Database) -> None:
    before = await every_row(database)

    async def fail(session: Session) -> None:
        await builders.tutor(session)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await carry_out(database, fail)

    assert await every_row(database) == before


async def test_after_a_failure_the_next_unit_of_work_is_as_good_as_new(
    database: Database,
) -> None:
    async def break_a_foreign_key(session: Session) -> None:
        await builders.student(session, [Person(id=10**6, name="Nobody")])

    for _ in range(30):  # more than there are connections
        with pytest.raises(DBAPIError):
            await carry_out(database, break_a_foreign_key)

    async with database.unit_of_work() as session:
        await builders.tutor(session)

    assert len((await every_row(database))["person"]) == 1


async def test_a_reader_cannot_insert_change_or_delete(database: Database) -> None:
    async with database.unit_of_work() as session:
        somebody = await builders.tutor(session)
    before = await every_row(database)

    async def insert(session: Session) -> None:
        session.add(Person(name="Written by a reader"))
        await session.flush()

    async def change(session: Session) -> None:
        await session.exec(update(Person).values(name="Changed by a reader"))

    async def remove(session: Session) -> None:
        await session.delete(await session.get_one(Person, somebody.id))
        await session.flush()

    for write in (insert, change, remove):
        async with database.reading() as session:
            with pytest.raises(DBAPIError, match=r"readonly|read-only"):
                await write(session)

    assert await every_row(database) == before


async def test_a_connection_that_has_read_can_write_again(database: Database) -> None:
    for number in range(25):
        async with database.reading() as session:
            await session.exec(select(Person.id))
        async with database.unit_of_work() as session:
            await builders.tutor(session)
            counted = (await session.exec(select(func.count()).select_from(Person))).one()
        assert counted == number + 1


async def test_a_reader_sees_what_is_committed_and_nothing_else(database: Database) -> None:
    async with database.unit_of_work() as session:
        await builders.tutor(session)
        async with database.reading() as other:
            meanwhile = (await other.exec(select(Person.id))).all()
    async with database.reading() as other:
        afterwards = (await other.exec(select(Person.id))).all()

    assert (len(meanwhile), len(afterwards)) == (0, 1)


async def test_changes_made_from_what_was_read_under_a_lock_are_not_lost(
    database: Database,
) -> None:
    async with database.unit_of_work() as session:
        somebody = await builders.tutor(session, name="0")

    async def count_up(session: Session) -> None:
        row = await session.exec(
            select(Person.name).where(Person.id == somebody.id).with_for_update()
        )
        counted = int(row.one()) + 1
        await session.exec(
            update(Person).where(col(Person.id) == somebody.id).values(name=str(counted))
        )

    await asyncio.gather(*(carry_out(database, count_up) for _ in range(40)))

    async with database.reading() as session:
        assert (await session.get_one(Person, somebody.id)).name == "40"
