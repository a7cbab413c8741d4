"""Lists that stand in chats: recorded, replaced, found by their sessions (UX 17)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from models import ListedAppointment, ShownList
from models.enums import ListKind, MessageKind
from services.messaging import lists
from services.messaging.cards import shown_in
from services.messaging.lists import NewList
from services.notifications import midnight
from services.notifications.midnight import next_midnight, refresh_lists_at_midnight
from tests import builders
from tests.builders import AGENCY, NOW
from tests.open_database import OpenDatabase
from tests.services.notifications.reminders.cases import HOUR, SECOND, swept
from tests.services.proofs import outbox_rows
from tests.services.scenes import Scene, another_session, carry_out, scene

MIDNIGHT = NOW + 9 * HOUR


def _list(there: Scene, message_id: int = 1, kind: ListKind = ListKind.SESSIONS) -> NewList:
    """Grace's list, with the session in it."""
    return NewList(
        chat_id=77,
        message_id=message_id,
        person_id=there.grace.id,
        kind=kind,
        argument=None,
        day=NOW.date(),
        true_until=MIDNIGHT,
        content_hash="as it was",
        sessions=frozenset({there.id}),
    )


def _kept(database: OpenDatabase) -> list[tuple[int, int]]:
    """Messages that are lists, with the sessions of each."""
    with database.reading() as session:
        found = session.exec(
            select(ShownList.message_id, ListedAppointment.appointment_id)
            .join(ListedAppointment, col(ListedAppointment.list_id) == ShownList.id)
            .order_by(col(ShownList.message_id), col(ListedAppointment.appointment_id))
        )
        return [(message_id, about) for message_id, about in found.all()]


def _refreshed(database: OpenDatabase) -> int:
    return len(outbox_rows(database, MessageKind.LIST_REFRESH))


async def test_a_newer_list_of_the_kind_ends_the_older_in_its_chat(database: OpenDatabase) -> None:
    there = scene(database)
    for new in (
        _list(there),
        _list(there, 2, ListKind.UPCOMING),
        replace(_list(there, 3), chat_id=78),
    ):
        carry_out(database, lists.keep, new, NOW)
    assert _refreshed(database) == 0

    carry_out(database, lists.keep, _list(there, 4), NOW)

    assert [one.person_id for one in outbox_rows(database, MessageKind.LIST_REFRESH)] == [
        there.grace.id
    ]


async def test_an_older_list_ends_even_if_its_id_was_that_of_one_in_another_chat(
    database: OpenDatabase,
) -> None:
    """SQLite gives the id of the last row again, once that row is deleted."""
    there = scene(database)
    for chat_id in (77, 78):
        for message_id in (1, 2):
            new = replace(_list(there, message_id), chat_id=chat_id)
            carry_out(database, lists.keep, new, NOW)
        assert _refreshed(database) == chat_id - 76
        for message_id in (1, 2):
            carry_out(database, lists.forget, chat_id, message_id)


async def test_a_list_takes_the_place_of_another_in_its_message(database: OpenDatabase) -> None:
    there = scene(database)
    carry_out(database, lists.keep, _list(there), NOW)
    later = another_session(database, there, starts_at=NOW + 30 * HOUR)

    carry_out(database, lists.keep, _list(later), NOW)

    assert _kept(database) == [(1, later.id)]
    assert _refreshed(database) == 0


async def test_who_sees_a_session_in_a_list_is_told_of_its_changes(database: OpenDatabase) -> None:
    there = scene(database)
    carry_out(database, lists.keep, _list(there), NOW)

    with database.reading() as session:
        (place,) = shown_in(session, there.id, NOW)
        (shown,) = lists.lists_of(session, there.id, there.grace.id)

    assert (place.person_id, place.chat_id, place.stands) == (there.grace.id, 77, True)
    assert shown.message_id == 1


async def test_an_edit_records_what_the_list_shows_then(database: OpenDatabase) -> None:
    there = scene(database)
    carry_out(database, lists.keep, _list(there), NOW)
    later = another_session(database, there, starts_at=NOW + 30 * HOUR)
    with database.reading() as session:
        (shown,) = session.exec(select(ShownList)).all()

    carry_out(database, lists.now_shows, shown.id, _list(later))
    assert _kept(database) == [(1, later.id)]
    carry_out(database, lists.forget_list, shown.id)
    carry_out(database, lists.now_shows, shown.id, _list(there))

    assert _kept(database) == []


async def test_a_ledger_is_brought_up_to_date_for_the_childs_own_parents(
    database: OpenDatabase,
) -> None:
    """A list without a child's id is of its reader's first child, which may be another."""
    there = scene(database)
    with database.unit_of_work() as session:
        stranger = builders.parent(session)
        builders.student(session, [stranger])
    own = replace(_list(there, 1, ListKind.PACKAGE), argument="0:1")
    carry_out(database, lists.keep, own, NOW)
    theirs = replace(own, chat_id=78, person_id=stranger.id, message_id=2)
    carry_out(database, lists.keep, theirs, NOW)

    carry_out(database, lists.refresh_packages, there.student.id, NOW, because="bought")

    assert [one.person_id for one in outbox_rows(database, MessageKind.LIST_REFRESH)] == [
        there.grace.id
    ]


async def test_a_list_is_edited_at_its_midnight_once(
    database: OpenDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(midnight, "AT_ONCE", 2)
    there = scene(database)
    for number, kind in enumerate((ListKind.SESSIONS, ListKind.UPCOMING, ListKind.TODOS)):
        carry_out(database, lists.keep, _list(there, number, kind), NOW)
    with database.reading() as session:
        assert next_midnight(session, AGENCY, NOW) == MIDNIGHT

    swept(database, refresh_lists_at_midnight, MIDNIGHT - SECOND)
    assert _refreshed(database) == 0
    swept(database, refresh_lists_at_midnight, MIDNIGHT)
    assert _refreshed(database) == 2
    swept(database, refresh_lists_at_midnight, MIDNIGHT + SECOND, MIDNIGHT + timedelta(days=1))

    assert _refreshed(database) == 3
    with database.reading() as session:
        assert next_midnight(session, AGENCY, NOW) is None
