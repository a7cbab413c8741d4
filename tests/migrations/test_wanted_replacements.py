"""Replacements that were asked for before the queue had them are in it afterwards."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import Appointment, WantedReplacement
from models.enums import Status
from services import schema
from services.sessions.replacements import Instead, ask_for_replacement, replace
from tests.builders import NOW, ZONE, acting
from tests.migrations.going_back import go_back
from tests.open_database import OpenDatabase
from tests.services.scenes import Scene, another_session, carry_out, scene

DAY = timedelta(days=1)


def ask(database: OpenDatabase, there: Scene) -> None:
    carry_out(database, ask_for_replacement, there.id, acting(there.grace), zone=ZONE)


@pytest.mark.parametrize("status", [Status.NOT_COMPLETED, Status.CANCELLED_BY_TUTOR])
async def test_what_was_asked_for_and_is_not_booked_is_wanted(
    database_url: str, status: Status
) -> None:
    database = OpenDatabase(database_url)
    wanted = scene(database, status, starts_at=NOW - DAY)
    booked = another_session(database, wanted, status=status, starts_at=NOW - 2 * DAY)
    another_session(database, wanted, status=status, starts_at=NOW - 3 * DAY)
    for there in (wanted, booked):
        ask(database, there)
    instead = Instead(NOW + DAY)
    actor = acting(wanted.coordinator)
    carry_out(database, replace, booked.id, actor, instead, "Agreed.", zone=ZONE)
    with database.reading() as session:
        before = session.exec(select(Appointment)).all()
    await database.close()

    go_back(database_url, "0026")
    await schema.upgrade(database_url)

    database = OpenDatabase(database_url)
    with database.reading() as session:
        [found] = session.exec(select(WantedReplacement)).all()
        assert session.exec(select(Appointment)).all() == before
    await database.close()
    assert (found.appointment_id, found.asked_at) == (wanted.id, NOW)
