"""One unit of work commits whole or not at all; readers cannot write (SPEC 8; DESIGN 2)."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col, func, select, update

from models import Person
from models.cause import current_update
from services.db import Database, Session
from tests import builders
from tests.databases import SqliteDatabases
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row


@pytest.fixture
async def sqlite_database(sqlite: SqliteDatabases) -> AsyncIterator[OpenDatabase]:
    with sqlite.fresh() as url:
        opened = OpenDatabase(url)
        yield opened
        await opened.close()


def counted(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Person)).one()


def named(session: Session, name: str) -> str:
    """Somebody of this name; nobody may be called "Nobody"."""
    builders.tutor(session, name=name)
    if name == "Nobody":
        raise ValueError(name)
    return name


async def test_what_fails_leaves_nothing_and_is_raised(database: OpenDatabase) -> None:
    before = every_row(database)

    with pytest.raises(ValueError, match="Nobody"):
        await database.write(named, "Nobody")

    assert every_row(database) == before


async def test_after_a_failure_the_next_unit_of_work_is_as_good_as_new(
    database: OpenDatabase,
) -> None:
    def break_a_foreign_key(session: Session) -> None:
        builders.student(session, [Person(id=10**6, name="Nobody")])

    for _ in range(30):  # more than there are connections
        with pytest.raises(DBAPIError):
            await database.write(break_a_foreign_key)

    await database.write(named, "Somebody")

    assert len(every_row(database)["person"]) == 1


async def test_of_many_at_once_those_that_raise_undo_themselves_alone(
    database: OpenDatabase,
) -> None:
    names = ["Nobody" if number % 3 == 0 else f"Person {number}" for number in range(100)]

    answers = await asyncio.gather(
        *(database.write(named, name) for name in names), return_exceptions=True
    )

    good = [name for name in names if name != "Nobody"]
    assert [answer for answer in answers if isinstance(answer, str)] == good
    assert sum(isinstance(answer, ValueError) for answer in answers) == names.count("Nobody")
    assert sorted(row.name for row in every_row(database)["person"]) == sorted(good)


async def test_what_the_database_refuses_of_one_is_undone_alone(database: OpenDatabase) -> None:
    def take_account(session: Session, name: str) -> None:
        builders.tutor(session, name=name, telegram_user_id=4711)

    answers = await asyncio.gather(
        database.write(named, "First"),
        database.write(take_account, "Second"),
        database.write(take_account, "Third"),
        database.write(named, "Fourth"),
        return_exceptions=True,
    )

    assert sum(isinstance(answer, IntegrityError) for answer in answers) == 1
    assert len(every_row(database)["person"]) == 3


async def _watched(database: OpenDatabase) -> list[str]:
    """The statements that the writing connection runs from now on."""
    statements: list[str] = []

    def watch(session: Session) -> None:
        raw = session.connection().connection.dbapi_connection
        raw.set_trace_callback(statements.append)  # type: ignore[union-attr]

    await database.write(watch)
    statements.clear()
    return statements


async def test_units_that_wait_together_share_a_commit(sqlite_database: OpenDatabase) -> None:
    statements = await _watched(sqlite_database)

    await asyncio.gather(*(sqlite_database.write(named, f"Person {n}") for n in range(20)))

    assert statements.count("COMMIT") <= 2, "the first alone, the others together"
    assert statements.count("BEGIN IMMEDIATE") == statements.count("COMMIT")


async def test_what_may_wait_is_committed_with_the_next_unit_or_soon(
    database: OpenDatabase,
) -> None:
    waiting = [asyncio.create_task(database.write_soon(named, f"Soon {n}")) for n in range(3)]
    failing = asyncio.create_task(database.write_soon(named, "Nobody"))

    assert await asyncio.gather(*waiting) == ["Soon 0", "Soon 1", "Soon 2"]
    with pytest.raises(ValueError, match="Nobody"):
        await failing
    kept = sorted(row.name for row in every_row(database)["person"])
    assert kept == ["Soon 0", "Soon 1", "Soon 2"]


async def test_what_may_wait_costs_no_commit_of_its_own(sqlite_database: OpenDatabase) -> None:
    statements = await _watched(sqlite_database)

    waiting = asyncio.create_task(sqlite_database.write_soon(named, "Soon"))
    await asyncio.sleep(0)
    await sqlite_database.write(named, "Now")

    assert await waiting == "Soon"
    assert statements.count("COMMIT") == 1


async def test_where_the_whole_transaction_is_lost_every_unit_of_it_is_told(
    sqlite_database: OpenDatabase,
) -> None:
    def give_up_everything(session: Session) -> None:
        session.connection().exec_driver_sql("ROLLBACK")  # as SQLite does on a full disk
        raise OSError("the disk is full")

    answers = await asyncio.gather(
        sqlite_database.write(named, "First"),
        sqlite_database.write(named, "Second"),
        sqlite_database.write(give_up_everything),
        sqlite_database.write(named, "Third"),
        return_exceptions=True,
    )

    kept = {row.name for row in every_row(sqlite_database)["person"]}
    assert kept == {answer for answer in answers if isinstance(answer, str)}
    assert "Second" not in kept
    assert await sqlite_database.write(named, "Later") == "Later"


async def test_a_unit_that_nobody_waits_for_any_more_keeps_no_other_back(
    sqlite_database: OpenDatabase,
) -> None:
    held, going = threading.Event(), threading.Event()

    def hold(session: Session) -> str:
        builders.tutor(session, name="Held")
        going.set()
        held.wait(10)
        return "held"

    holding = asyncio.create_task(sqlite_database.write(hold))
    await asyncio.to_thread(going.wait, 10)
    dropped = asyncio.create_task(sqlite_database.write(named, "Dropped"))
    after = asyncio.create_task(sqlite_database.write(named, "After"))
    await asyncio.sleep(0)
    holding.cancel()
    dropped.cancel()
    held.set()

    assert await after == "After"
    # What had begun is whole; what had not is not begun.
    assert [row.name for row in every_row(sqlite_database)["person"]] == ["Held", "After"]


async def test_closing_waits_for_what_was_begun(database_url: str) -> None:
    database = OpenDatabase(database_url)
    writing = [asyncio.create_task(database.write(named, f"Person {n}")) for n in range(10)]
    await asyncio.sleep(0)

    await database.close()

    await asyncio.gather(*writing)
    looking = OpenDatabase(database_url)
    assert len(every_row(looking)["person"]) == 10
    await looking.close()


@pytest.fixture
def somebody(database: OpenDatabase) -> Person:
    with database.unit_of_work() as session:
        return builders.tutor(session)


def _insert(session: Session, _person_id: int) -> None:
    session.add(Person(name="Written by a reader"))
    session.flush()


def _change(session: Session, _person_id: int) -> None:
    session.exec(update(Person).values(name="Changed by a reader"))


def _remove(session: Session, person_id: int) -> None:
    session.delete(session.get_one(Person, person_id))
    session.flush()


@pytest.mark.parametrize("change", [_insert, _change, _remove])
async def test_a_reader_cannot_insert_change_or_delete(
    database: OpenDatabase, somebody: Person, change: object
) -> None:
    before = every_row(database)

    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        await database.read(change, somebody.id)  # type: ignore[arg-type]

    assert every_row(database) == before


async def test_a_connection_that_has_read_can_write_again(database: OpenDatabase) -> None:
    for number in range(25):
        assert await database.read(counted) == number
        await database.write(named, f"Person {number}")


async def test_a_reader_sees_what_is_committed_and_nothing_else(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        builders.tutor(session)
        meanwhile = await database.read(counted)
    afterwards = await database.read(counted)

    assert (meanwhile, afterwards) == (0, 1)


async def test_a_query_that_failed_in_the_middle_keeps_no_connection_in_the_past(
    database: OpenDatabase,
) -> None:
    """The error is kept, as a log or a retry may keep it, and with it what its function held."""

    def break_off(session: Session) -> list[str]:
        people = session.exec(select(Person.name))
        session.execute(text("SELECT 1 FROM nowhere"))
        return list(people.all())

    await database.write(named, "Grace")
    await database.write(named, "Marcus")
    kept = [await told(database.read(break_off)) for _ in range(10)]
    before = await database.read(counted)

    await database.write(named, "Somebody")

    assert {await database.read(counted) for _ in range(10)} == {before + 1}
    assert len(kept) == 10


async def told(reading: Awaitable[object]) -> DBAPIError:
    with pytest.raises(DBAPIError, match="nowhere") as caught:
        await reading
    return caught.value


async def test_changes_made_from_what_was_read_under_a_lock_are_not_lost(
    database: OpenDatabase,
) -> None:
    with database.unit_of_work() as session:
        somebody = builders.tutor(session, name="0")

    def count_up(session: Session) -> None:
        row = session.exec(select(Person.name).where(Person.id == somebody.id).with_for_update())
        counted = int(row.one()) + 1
        session.exec(update(Person).where(col(Person.id) == somebody.id).values(name=str(counted)))

    await asyncio.gather(*(database.write(count_up) for _ in range(40)))

    with database.reading() as session:
        assert session.get_one(Person, somebody.id).name == "40"


async def test_several_read_at_once_while_one_writes(database_url: str) -> None:
    database = Database(database_url)
    together = threading.Barrier(3, timeout=10)

    def meet(session: Session) -> int:
        found = session.connection().execute(text("SELECT 1")).scalar_one()
        together.wait()
        return int(found)

    met = await asyncio.gather(database.read(meet), database.read(meet), database.write(meet))

    assert list(met) == [1, 1, 1]
    await database.close()


async def test_rows_can_be_read_after_their_unit(database: OpenDatabase) -> None:
    def somebody(session: Session) -> Person:
        return builders.tutor(session, name="Grace Tan")

    person = await database.write(somebody)

    assert (person.name, person.is_tutor) == ("Grace Tan", True)


async def test_a_unit_knows_the_update_for_which_it_runs(database: OpenDatabase) -> None:
    """Context variables follow into the thread, and end with the unit."""
    token = current_update.set(4711)
    inside = await database.write(lambda _session: current_update.get())
    current_update.reset(token)
    outside = await database.write(lambda _session: current_update.get())
    assert (inside, outside) == (4711, None)
