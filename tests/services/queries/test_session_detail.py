"""All that a session's card tells, and in which roles its reader may act (SPEC 1, 5, 9)."""

from datetime import timedelta

from models import Person
from models.enums import Action, DisputeReason, PartKind, Role, Status
from services.actors import Source
from services.approvals import verify
from services.db import Database
from services.disputes import claim, dispute, latest_dispute
from services.notes import IncomingFile, add_file, add_text, open_batch, remove_part
from services.queries.sessions import SessionDetail, roles_in, session_detail
from tests import builders
from tests.builders import NOW, acting
from tests.services.scenes import Scene, another_session, carry_out, scene

CHAT = 4711
LATER = NOW + timedelta(minutes=5)


async def detail(database: Database, there: Scene, viewer: Person | None = None) -> SessionDetail:
    async with database.reading() as session:
        found = await session_detail(session, there.id, viewer)
    assert found is not None
    return found


async def test_it_names_the_tutor_the_child_and_who_moved_it_last(database: Database) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    await carry_out(database, verify, there.id, acting(there.coordinator), "By phone")

    found = await detail(database, there)

    assert (found.view.tutor.name, found.view.student.name) == ("Tan Wei Ming", "Emily Lim")
    assert found.last_move is not None
    assert (found.last_move.who, found.last_move.action, found.last_move.at) == (
        "Priya Nair",
        Action.VERIFY,
        NOW,
    )
    assert (found.last_move.role, found.last_move.reason) == (Role.COORDINATOR, "By phone")


async def test_a_session_to_which_nothing_happened_has_no_last_move(database: Database) -> None:
    found = await detail(database, await scene(database))

    assert (found.last_move, found.dispute, found.notes) == (None, None, [])


async def test_a_session_that_is_not_there_has_no_detail(database: Database) -> None:
    async with database.reading() as session:
        assert await session_detail(session, 1, None) is None


async def test_it_shows_who_claimed_and_who_settled_a_dispute(database: Database) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    async with database.unit_of_work() as session:
        colleague = await builders.coordinator(session, name="Farah Aziz")
    await carry_out(database, dispute, there.id, acting(there.grace), DisputeReason.CONDUCT, None)
    async with database.unit_of_work() as session:
        opened = await latest_dispute(session, there.id)
        assert opened is not None
        await claim(session, opened.id, acting(colleague))
        await verify(session, there.id, acting(there.coordinator, LATER), "By phone")

    found = await detail(database, there)

    assert (found.claimed_by, found.settled_by) == ("Farah Aziz", "Priya Nair")


async def test_notes_come_in_their_order_without_what_was_taken_back(database: Database) -> None:
    there = await scene(database, Status.CHECKED_IN)
    tutor = acting(there.tutor)
    batch = await carry_out(database, open_batch, there.id, tutor, CHAT)
    photo = IncomingFile(PartKind.PHOTO, "photo-1")
    await carry_out(database, add_text, batch.id, tutor, "First", Source(CHAT, 1))
    second = await carry_out(database, add_text, batch.id, tutor, "Second", Source(CHAT, 2))
    await carry_out(database, add_file, batch.id, tutor, photo, "Third", Source(CHAT, 3))
    assert second.last_part_id is not None
    await carry_out(database, remove_part, second.last_part_id, tutor)

    found = await detail(database, there)

    assert [(note.part.text, note.author) for note in found.notes] == [
        ("First", "Tan Wei Ming"),
        ("Third", "Tan Wei Ming"),
    ]


async def roles(database: Database, there: Scene, viewer: Person | None) -> set[Role]:
    return set((await detail(database, there, viewer)).roles)


async def test_each_reader_may_act_in_the_roles_they_hold_for_this_session(
    database: Database,
) -> None:
    there, neighbours = await scene(database), await scene(database)

    assert await roles(database, there, there.tutor) == {Role.TUTOR}
    assert await roles(database, there, there.grace) == {Role.PARENT}
    assert await roles(database, there, there.coordinator) == {Role.COORDINATOR}
    assert await roles(database, there, None) == {Role.COORDINATOR}
    assert await roles(database, there, neighbours.tutor) == set()
    assert await roles(database, there, neighbours.grace) == set()


async def test_who_teaches_their_own_child_is_its_tutor_only(database: Database) -> None:
    there = await scene(database)
    async with database.unit_of_work() as session:
        both = await builders.tutor(session, is_parent=True, is_coordinator=True)
        child = await builders.student(session, [both, there.grace])
    own = await another_session(database, there, tutor=both, student=child)
    by_another_tutor = await another_session(database, there, student=child)

    assert await roles(database, own, both) == {Role.TUTOR, Role.COORDINATOR}
    assert await roles(database, by_another_tutor, both) == {Role.COORDINATOR}
    async with database.reading() as session:
        assert await roles_in(session, own.session, there.grace) == {Role.PARENT}
