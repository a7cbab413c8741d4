"""All that a session's card tells, and in which roles its reader may act (SPEC 1, 5, 9)."""

from datetime import timedelta

from models import Person
from models.enums import Action, DisputeReason, PartKind, Role, Status
from services.approvals.approvals import verify
from services.approvals.disputes import claim, dispute, latest_dispute
from services.lifecycle.actors import Source
from services.notes.batches import IncomingFile, add_file, add_text, open_batch, remove_part
from services.queries.sessions import SessionDetail, roles_in, session_detail
from tests import builders
from tests.builders import NOW, acting
from tests.open_database import OpenDatabase
from tests.services.scenes import Scene, another_session, carry_out, scene

CHAT = 4711
LATER = NOW + timedelta(minutes=5)


def detail(database: OpenDatabase, there: Scene, viewer: Person | None = None) -> SessionDetail:
    with database.reading() as session:
        found = session_detail(session, there.id, viewer)
    assert found is not None
    return found


def test_it_names_the_tutor_the_child_and_who_moved_it_last(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    carry_out(database, verify, there.id, acting(there.coordinator), "By phone")

    found = detail(database, there)

    assert (found.view.tutor.name, found.view.student.name) == ("Tan Wei Ming", "Emily Lim")
    assert found.last_move is not None
    assert (found.last_move.who, found.last_move.action, found.last_move.at) == (
        "Priya Nair",
        Action.VERIFY,
        NOW,
    )
    assert (found.last_move.role, found.last_move.reason) == (Role.COORDINATOR, "By phone")


def test_a_session_to_which_nothing_happened_has_no_last_move(database: OpenDatabase) -> None:
    found = detail(database, scene(database))

    assert (found.last_move, found.dispute, found.notes) == (None, None, [])


def test_a_session_that_is_not_there_has_no_detail(database: OpenDatabase) -> None:
    with database.reading() as session:
        assert session_detail(session, 1, None) is None


def test_it_shows_who_claimed_and_who_settled_a_dispute(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    with database.unit_of_work() as session:
        colleague = builders.coordinator(session, name="Farah Aziz")
    carry_out(database, dispute, there.id, acting(there.grace), DisputeReason.CONDUCT, None)
    with database.unit_of_work() as session:
        opened = latest_dispute(session, there.id)
        assert opened is not None
        claim(session, opened.id, acting(colleague))
        verify(session, there.id, acting(there.coordinator, LATER), "By phone")

    found = detail(database, there)

    assert (found.claimed_by, found.settled_by) == ("Farah Aziz", "Priya Nair")


def test_notes_come_in_their_order_without_what_was_taken_back(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)
    tutor = acting(there.tutor)
    batch = carry_out(database, open_batch, there.id, tutor, CHAT)
    photo = IncomingFile(PartKind.PHOTO, "photo-1")
    carry_out(database, add_text, batch.id, tutor, "First", Source(CHAT, 1))
    second = carry_out(database, add_text, batch.id, tutor, "Second", Source(CHAT, 2))
    carry_out(database, add_file, batch.id, tutor, photo, "Third", Source(CHAT, 3))
    assert second.last_part_id is not None
    carry_out(database, remove_part, second.last_part_id, tutor)

    found = detail(database, there)

    assert [(note.part.text, note.author) for note in found.notes] == [
        ("First", "Tan Wei Ming"),
        ("Third", "Tan Wei Ming"),
    ]


def roles(database: OpenDatabase, there: Scene, viewer: Person | None) -> set[Role]:
    return set(detail(database, there, viewer).roles)


def test_each_reader_may_act_in_the_roles_they_hold_for_this_session(
    database: OpenDatabase,
) -> None:
    there, neighbours = scene(database), scene(database)

    assert roles(database, there, there.tutor) == {Role.TUTOR}
    assert roles(database, there, there.grace) == {Role.PARENT}
    assert roles(database, there, there.coordinator) == {Role.COORDINATOR}
    assert roles(database, there, None) == {Role.COORDINATOR}
    assert roles(database, there, neighbours.tutor) == set()
    assert roles(database, there, neighbours.grace) == set()


def test_who_teaches_their_own_child_is_its_tutor_only(database: OpenDatabase) -> None:
    there = scene(database)
    with database.unit_of_work() as session:
        both = builders.tutor(session, is_parent=True, is_coordinator=True)
        child = builders.student(session, [both, there.grace])
    own = another_session(database, there, tutor=both, student=child)
    by_another_tutor = another_session(database, there, student=child)

    assert roles(database, own, both) == {Role.TUTOR, Role.COORDINATOR}
    assert roles(database, by_another_tutor, both) == {Role.COORDINATOR}
    with database.reading() as session:
        assert roles_in(session, own.session, there.grace) == {Role.PARENT}
