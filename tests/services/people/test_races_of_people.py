"""No deadlocks between people, imports, sweeps and sessions.

Each pair is released together again and again; a deadlock would be an error of the database.
"""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path

from sqlmodel import select

from models import Appointment, Invitation, Person
from models.enums import Status
from services.imports.importing import ImportReport, import_paths
from services.lifecycle.actors import Actor
from services.notes.batches import open_batch
from services.notifications.missed import alert_missed
from services.people.accounts import accept_invitation, invite
from services.rules.refusals import Refusal
from services.sessions.attendance import correct_attendance
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.open_database import OpenDatabase
from tests.services.newcomers import OTHER_PHONE, PHONE
from tests.services.proofs import as_it_stands
from tests.services.scenes import another_session, carry_out, scene

ROUNDS = 40
CHAT = 4711


async def together(*actions: Awaitable[object]) -> list[object]:
    """Their results or refusals; any other error is raised."""
    results = await asyncio.gather(*actions, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, Refusal):
            raise result
    return list(results)


async def test_a_new_invitation_and_the_opening_of_the_last_one(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        priya = builders.coordinator(session)
    for number in range(ROUNDS):
        with database.unit_of_work() as session:
            person = builders.parent(session, telegram_user_id=None, started_at=None)
            token = invite(session, Actor.system(NOW), person.id)

        opened, _ = await together(
            database.write(accept_invitation, token, 8_000_000 + number, "en", NOW),
            database.write(invite, acting(priya), person.id),
        )

        with database.reading() as session:
            found = session.exec(select(Invitation).where(Invitation.person_id == person.id))
            (first, last) = sorted(found.all(), key=lambda row: row.id)
        was_opened = isinstance(opened, Person)
        assert (first.used_at is not None, first.revoked_at is None) == (was_opened, was_opened)
        assert last.used_at is last.revoked_at is None


async def test_two_coordinators_who_invite_each_other(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        priya = builders.coordinator(session)
        marcus = builders.coordinator(session, name="Marcus Lee")
    for _ in range(ROUNDS):
        tokens = await together(
            database.write(invite, acting(priya), marcus.id),
            database.write(invite, acting(marcus), priya.id),
        )
        assert all(isinstance(token, str) for token in tokens)


async def test_one_link_opened_by_two_accounts_is_one_accounts(database: OpenDatabase) -> None:
    for number in range(ROUNDS):
        with database.unit_of_work() as session:
            person = builders.parent(session, telegram_user_id=None, started_at=None)
            token = invite(session, Actor.system(NOW), person.id)

        results = await together(
            *(
                database.write(accept_invitation, token, account, "en", NOW)
                for account in (8_000_000 + number, 9_000_000 + number)
            )
        )

        assert sorted(isinstance(result, Person) for result in results) == [False, True]


async def test_an_import_and_the_attendance_of_a_session_that_it_corrects(
    database: OpenDatabase, tmp_path: Path
) -> None:
    with database.unit_of_work() as session:
        coordinator = builders.coordinator(session)
    start = NOW - timedelta(hours=2)

    async def bring_in(number: int, subject: str) -> ImportReport:
        tables = {
            "people": (
                "ref,name,roles,telegram_user_id",
                f"t,Tan Wei Ming,tutor,{PHONE}",
                f"g,Grace {subject} {number},parent,{OTHER_PHONE}",
            ),
            "students": ("ref,name,guardian_refs", "s,Emily Lim,g"),
            "sessions": (
                "ref,tutor_ref,student_ref,subject,starts_at,duration_minutes,origin,status",
                f"a{number},t,s,{subject},{start.isoformat()},60,native,scheduled",
            ),
        }
        for name, lines in tables.items():
            (tmp_path / f"{name}.csv").write_text("\n".join(lines))
        return await import_paths(database, [tmp_path], AGENCY, NOW, dry_run=False)

    for number in range(ROUNDS // 4):
        assert (await bring_in(number, "Mathematics")).is_saved
        with database.reading() as session:
            found = session.exec(select(Appointment).where(Appointment.ref == f"a{number}"))
            row = found.one()

        await together(
            bring_in(number, "Physics"),
            database.write(
                correct_attendance, row.id, acting(coordinator), start, NOW, "No signal"
            ),
        )

        assert as_it_stands(database, row.id).status is Status.AWAITING_APPROVAL_PARENT


async def test_the_alert_of_what_was_missed_and_a_tutor_at_their_notes(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    for number in range(ROUNDS // 2):
        now = NOW + timedelta(days=2 * number)
        start = now - timedelta(hours=26)
        missed = dict.fromkeys(("earlier", "later"), there)
        for hour, name in enumerate(missed):
            missed[name] = another_session(
                database,
                there,
                status=Status.CHECKED_IN,
                starts_at=start + timedelta(minutes=hour),
                minutes=60,
            )
        tutor = acting(there.tutor, now)
        carry_out(database, open_batch, missed["earlier"].id, tutor, CHAT)

        alerted, _ = await together(
            database.write(alert_missed, AGENCY, now),
            database.write(open_batch, missed["later"].id, tutor, CHAT),
        )

        assert isinstance(alerted, list)
