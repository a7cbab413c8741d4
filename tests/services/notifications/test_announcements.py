"""Who hears of what: rows of the outbox, in the transaction of the change (SPEC 5; DESIGN 2)."""

from dataclasses import replace

import pytest

from models import Appointment
from models.enums import Action, DisputeReason, MessageKind, Role, Status
from services.approvals.disputes import dispute
from services.db import Session
from services.lifecycle.status import record
from services.messaging.messages.sessions import CheckInCleared
from services.notifications.announcements import ask_parents, refresh_cards, tell_tutor
from services.sessions.attendance import check_in, check_out
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row, outbox_rows, recipients
from tests.services.scenes import Scene, another_session, carry_out, scene, with_cards

CARD, REFRESH = MessageKind.APPOINTMENT_CARD, MessageKind.APPOINTMENT_CARD_REFRESH


def with_a_child_of(database: OpenDatabase, *guardians: str, **over: object) -> Scene:
    """A session of a child whose guardians are these of: linked, unlinked, tutor."""
    there = scene(database)
    with database.unit_of_work() as session:
        people = {
            "linked": there.grace,
            "unlinked": builders.parent(session, telegram_user_id=None, started_at=None),
            "tutor": there.tutor,
        }
        child = builders.student(session, [people[name] for name in guardians])
    return another_session(database, there, student=child, **over)


def test_every_linked_parent_is_asked(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)

    carry_out(database, ask_parents, there.session, acting(there.tutor))

    rows = outbox_rows(database, CARD)
    assert [row.person_id for row in rows] == [there.grace.id, there.daniel.id]
    assert all(row.payload == {"appointment_id": there.id} for row in rows)
    assert all((row.appointment_id, row.due_at) == (there.id, NOW) for row in rows)


def test_a_parent_without_an_account_is_not_asked_yet(database: OpenDatabase) -> None:
    there = with_a_child_of(database, "linked", "unlinked")

    carry_out(database, ask_parents, there.session, acting(there.tutor))

    assert recipients(database, CARD) == [there.grace.id]
    assert recipients(database, MessageKind.NO_PARENT_LINKED) == []


@pytest.mark.parametrize("guardians", [(), ("unlinked",), ("tutor",)], ids=str)
def test_where_no_parent_is_linked_the_coordinators_are_told(
    database: OpenDatabase, guardians: tuple[str, ...]
) -> None:
    there = with_a_child_of(database, *guardians)

    carry_out(database, ask_parents, there.session, acting(there.tutor))

    assert recipients(database, CARD) == []
    assert recipients(database, MessageKind.NO_PARENT_LINKED) == [None]


def test_the_same_question_is_asked_once_and_a_new_one_anew(database: OpenDatabase) -> None:
    there = with_a_child_of(database, "linked", status=Status.AWAITING_APPROVAL_PARENT)
    actor = acting(there.tutor)
    for _ in range(2):
        carry_out(database, ask_parents, there.session, actor)

    with database.unit_of_work() as session:
        record(
            session,
            Action.RETURN,
            Role.COORDINATOR,
            acting(there.coordinator),
            appointment_id=there.id,
            move=(Status.DISPUTED, Status.AWAITING_APPROVAL_PARENT),
        )
        ask_parents(session, there.session, actor)

    assert recipients(database, CARD) == [there.grace.id] * 2


def test_every_card_is_brought_up_to_date_the_groups_too(database: OpenDatabase) -> None:
    there = with_cards(database, scene(database, Status.AWAITING_APPROVAL_PARENT))

    carry_out(database, dispute, there.id, acting(there.grace), DisputeReason.CONDUCT, None)
    carry_out(database, refresh_cards, there.session, acting(there.tutor))

    assert recipients(database, REFRESH) == [
        there.tutor.id,
        there.grace.id,
        there.daniel.id,
    ]
    assert recipients(database, MessageKind.DISPUTE_CARD_REFRESH) == [None]


def test_a_tutor_who_is_also_the_guardian_gets_one_refresh(database: OpenDatabase) -> None:
    there = with_a_child_of(database, "tutor", "linked")
    with_cards(database, there, there.tutor, there.tutor, there.grace)

    carry_out(database, refresh_cards, there.session, acting(there.tutor))

    assert recipients(database, REFRESH) == [there.tutor.id, there.grace.id]


def test_who_has_no_card_has_nothing_to_be_brought_up_to_date(database: OpenDatabase) -> None:
    there = scene(database)
    with_cards(database, there, there.grace)

    carry_out(database, refresh_cards, there.session, acting(there.tutor))

    assert recipients(database, REFRESH) == [there.grace.id]


def test_a_card_that_is_on_its_way_is_brought_up_to_date_too(database: OpenDatabase) -> None:
    there = with_a_child_of(database, "linked", status=Status.AWAITING_APPROVAL_PARENT)
    carry_out(database, ask_parents, there.session, acting(there.tutor))

    carry_out(database, refresh_cards, there.session, acting(there.tutor))

    assert recipients(database, REFRESH) == [there.grace.id]


def test_the_chat_whose_answer_shows_the_session_is_left_out(database: OpenDatabase) -> None:
    there = with_cards(database, scene(database))
    in_the_chat = replace(acting(there.tutor), chat_id=there.tutor.telegram_user_id)

    carry_out(database, check_in, there.id, in_the_chat, AGENCY)

    assert recipients(database, REFRESH) == [there.grace.id, there.daniel.id]


def test_telling_the_tutor_twice_of_one_thing_is_telling_once(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)
    for _ in range(2):
        carry_out(
            database,
            tell_tutor,
            there.session,
            CheckInCleared(there.id),
            acting(there.coordinator),
        )

    assert recipients(database, MessageKind.CHECK_IN_CLEARED) == [there.tutor.id]


def test_each_step_refreshes_the_cards_anew(database: OpenDatabase) -> None:
    there = with_cards(database, scene(database))
    carry_out(database, check_in, there.id, acting(there.tutor), AGENCY)
    ended = acting(there.tutor, there.session.ends_at)

    carry_out(database, check_out, there.id, ended)

    assert len(outbox_rows(database, REFRESH)) == 6


def test_a_change_that_is_rolled_back_tells_nobody(database: OpenDatabase) -> None:
    there = scene(database)
    before = every_row(database)

    def break_off(session: Session) -> Appointment:
        check_in(session, there.id, acting(there.tutor), AGENCY)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        carry_out(database, break_off)

    assert every_row(database) == before
