"""The list of sessions with notes (SPEC 4, 10)."""

from datetime import timedelta

from models import Person
from models.enums import Status
from services.db import Database
from services.queries.noted import A_PAGE, with_notes
from tests import builders
from tests.builders import NOW
from tests.databases import SqliteDatabases
from tests.services.plans import plan, reads_too_much, selected
from tests.services.scenes import Scene, another_session, scene

HOUR = timedelta(hours=1)


async def noted(database: Database, there: Scene, *, is_removed: bool = False) -> int:
    """The session of `there`, with a part of notes."""
    async with database.unit_of_work() as session:
        removed_at = NOW if is_removed else None
        await builders.note_part(session, there.session, removed_at=removed_at)
    return there.id


async def listed(database: Database, reader: Person, page: int = 1) -> list[int]:
    async with database.reading() as session:
        return [view.id for view in (await with_notes(session, reader, page)).views]


async def test_tutor_parents_and_coordinators_have_it_newest_first(database: Database) -> None:
    there = await scene(database, Status.APPROVED)
    older = await noted(database, there)
    newer = await noted(database, await another_session(database, there, starts_at=NOW + HOUR))

    for reader in (there.tutor, there.grace, there.daniel, there.coordinator):
        assert await listed(database, reader) == [newer, older]


async def test_nobody_else_has_it(database: Database) -> None:
    there = await scene(database, Status.APPROVED)
    await noted(database, there)
    async with database.unit_of_work() as session:
        others = [await builders.tutor(session), await builders.parent(session)]

    assert [await listed(database, other) for other in others] == [[], []]


async def test_sessions_without_notes_are_not_in_it(database: Database) -> None:
    there = await scene(database, Status.APPROVED)
    await noted(database, there, is_removed=True)
    await another_session(database, there, status=Status.APPROVED)

    assert await listed(database, there.coordinator) == []


async def test_it_goes_on_page_by_page(database: Database) -> None:
    there = await scene(database, Status.APPROVED)
    expected = [
        await noted(database, await another_session(database, there, starts_at=NOW + hours * HOUR))
        for hours in range(A_PAGE + 1)
    ][::-1]

    assert await listed(database, there.grace) == expected[:A_PAGE]
    assert await listed(database, there.grace, 2) == expected[A_PAGE:]
    assert await listed(database, there.grace, 3) == []
    async with database.reading() as session:
        assert (await with_notes(session, there.grace, 1)).has_more
        assert not (await with_notes(session, there.grace, 2)).has_more


async def test_a_full_last_page_has_nothing_after_it(database: Database) -> None:
    there = await scene(database, Status.APPROVED)
    for hours in range(A_PAGE):
        await noted(database, await another_session(database, there, starts_at=NOW + hours * HOUR))

    async with database.reading() as session:
        found = await with_notes(session, there.grace, 1)
    assert (len(found.views), found.has_more) == (A_PAGE, False)


async def test_the_list_is_read_by_an_index_however_many_sessions_there_are(
    sqlite: SqliteDatabases,
) -> None:
    too_much: dict[str, set[str]] = {}
    with sqlite.fresh() as url:
        database = Database(url)
        there = await scene(database, Status.APPROVED)
        for reader in (there.tutor, there.grace, there.coordinator):
            with selected() as statements:
                await listed(database, reader)
            steps = [step for one in statements for step in await plan(database, one)]
            assert steps
            too_much[reader.name] = set(filter(reads_too_much, steps))
        await database.close()

    in_order = "SCAN appointment USING INDEX ix_appointment_starts_at"  # it stops after a page
    assert too_much == {"Tan Wei Ming": set(), "Grace Lim": set(), "Priya Nair": {in_order}}
