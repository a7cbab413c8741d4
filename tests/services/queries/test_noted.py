"""The list of sessions with notes (SPEC 4, 10)."""

from datetime import timedelta

from models import Person
from models.enums import Status
from services.queries.noted import A_PAGE, with_notes
from tests import builders
from tests.builders import NOW
from tests.databases import SqliteDatabases
from tests.open_database import OpenDatabase
from tests.services.plans import plan, reads_too_much, selected
from tests.services.scenes import Scene, another_session, scene

HOUR = timedelta(hours=1)


def noted(database: OpenDatabase, there: Scene, *, is_removed: bool = False) -> int:
    """The session of `there`, with a part of notes."""
    with database.unit_of_work() as session:
        removed_at = NOW if is_removed else None
        builders.note_part(session, there.session, removed_at=removed_at)
    return there.id


def listed(database: OpenDatabase, reader: Person, page: int = 1) -> list[int]:
    with database.reading() as session:
        return [one.id for one in with_notes(session, reader, page).sessions]


def test_tutor_parents_and_coordinators_have_it_newest_first(database: OpenDatabase) -> None:
    there = scene(database, Status.APPROVED)
    older = noted(database, there)
    newer = noted(database, another_session(database, there, starts_at=NOW + HOUR))

    for reader in (there.tutor, there.grace, there.daniel, there.coordinator):
        assert listed(database, reader) == [newer, older]


def test_nobody_else_has_it(database: OpenDatabase) -> None:
    there = scene(database, Status.APPROVED)
    noted(database, there)
    with database.unit_of_work() as session:
        others = [builders.tutor(session), builders.parent(session)]

    assert [listed(database, other) for other in others] == [[], []]


def test_sessions_without_notes_are_not_in_it(database: OpenDatabase) -> None:
    there = scene(database, Status.APPROVED)
    noted(database, there, is_removed=True)
    another_session(database, there, status=Status.APPROVED)

    assert listed(database, there.coordinator) == []


def test_it_goes_on_page_by_page(database: OpenDatabase) -> None:
    there = scene(database, Status.APPROVED)
    expected = [
        noted(database, another_session(database, there, starts_at=NOW + hours * HOUR))
        for hours in range(A_PAGE + 1)
    ][::-1]

    assert listed(database, there.grace) == expected[:A_PAGE]
    assert listed(database, there.grace, 2) == expected[A_PAGE:]
    assert listed(database, there.grace, 3) == []
    with database.reading() as session:
        assert with_notes(session, there.grace, 1).has_more
        assert not with_notes(session, there.grace, 2).has_more


def test_a_full_last_page_has_nothing_after_it(database: OpenDatabase) -> None:
    there = scene(database, Status.APPROVED)
    for hours in range(A_PAGE):
        noted(database, another_session(database, there, starts_at=NOW + hours * HOUR))

    with database.reading() as session:
        found = with_notes(session, there.grace, 1)
    assert (len(found.sessions), found.has_more) == (A_PAGE, False)


async def test_the_list_is_read_by_an_index_however_many_sessions_there_are(
    sqlite: SqliteDatabases,
) -> None:
    too_much: dict[str, set[str]] = {}
    with sqlite.fresh() as url:
        database = OpenDatabase(url)
        there = scene(database, Status.APPROVED)
        for reader in (there.tutor, there.grace, there.coordinator):
            with selected() as statements:
                listed(database, reader)
            steps = [step for one in statements for step in plan(database, one)]
            assert steps
            too_much[reader.name] = set(filter(reads_too_much, steps))
        await database.close()

    in_order = "SCAN appointment USING INDEX ix_appointment_starts_at"  # it stops after a page
    assert too_much == {"Tan Wei Ming": set(), "Grace Lim": set(), "Priya Nair": {in_order}}
