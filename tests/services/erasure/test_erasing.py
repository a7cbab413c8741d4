"""A person or a child is erased, and the books still add up (SPEC 11)."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel, col, select

from models import (
    Appointment,
    AuditEvent,
    Guardianship,
    MediaReservation,
    OutboxMessage,
    Person,
    Student,
    TutorLeave,
)
from models.enums import Action, Role, Status
from services.backups.making import back_up
from services.backups.manifest import DATABASE
from services.db import Session
from services.erasure.erasing import erase_child, erase_person
from services.erasure.files import delete_files
from services.erasure.finding import ErasureError
from services.matches.ending import end
from services.media.reservations import sweep_orphans
from services.people.entries import PersonEntry, add_person, edit_person
from services.people.families import StudentEntry, add_student, edit_student
from tests import builders
from tests.builders import AGENCY, NOW, acting
from tests.databases import Databases
from tests.fakes import MemoryMedia
from tests.open_database import OpenDatabase
from tests.services.erasure.families import Family, family
from tests.services.matches.stage import accepted, stage
from tests.services.scenes import carry_out, scene

Ledger = list[tuple[object, ...]]


@pytest.fixture
def families(database: OpenDatabase) -> tuple[Family, Family]:
    """The Lims, who are erased, and the Raos, who are not."""
    with database.unit_of_work() as session:
        tutor = builders.tutor(session, name="Tan Wei Ming", ref="t-wei")
        return (
            family(session, tutor, "Lim", "quokka"),
            family(session, tutor, "Rao", "narwhal"),
        )


def ledger(session: Session) -> Ledger:
    """Who did what when, and from which status to which."""
    columns = (AuditEvent.id, AuditEvent.appointment_id, AuditEvent.actor_id, AuditEvent.action)
    rest = (AuditEvent.at, AuditEvent.role, AuditEvent.from_status, AuditEvent.to_status)
    found = session.execute(select(*columns, *rest).order_by(col(AuditEvent.id)))  # type: ignore[call-overload]
    return [tuple(row) for row in found]


async def contents(url: str, folder: Path, media: MemoryMedia) -> tuple[str, set[str]]:
    """Everything that is in the next backup: the bytes of the database, and the files' keys."""
    made = await back_up(url, media, folder, NOW)
    return content_of(folder / DATABASE).decode("utf-8", "replace"), set(made.files)


def content_of(path: Path) -> bytes:
    return path.read_bytes()


async def test_of_a_child_no_name_word_or_file_is_left_but_in_the_ledger(
    database: OpenDatabase, families: tuple[Family, Family], tmp_path: Path
) -> None:
    lims, raos = families
    media = MemoryMedia(dict.fromkeys((*lims.keys, *raos.keys), b"x"))
    with database.reading() as session:
        before = ledger(session)

    erased = await database.write(erase_child, "Emily Lim", NOW)
    await delete_files(database, media, erased.media_keys)

    assert (erased.sessions, erased.media_keys) == (1, tuple(sorted(lims.keys)))
    text, files = await contents(database.url, tmp_path / "monday", media)
    assert [word for word in ("quokka", "Emily Lim") if word in text] == []
    assert all(word in text for word in ("narwhal", "Emily Rao", "Grace Lim"))
    assert files == set(raos.keys)
    with database.reading() as session:
        assert ledger(session)[:-1] == before
        assert ledger(session)[-1][3] is Action.ERASE
        assert session.get_one(Student, lims.child.id).name == "(erased)"


async def test_of_a_parent_their_account_and_what_they_wrote_go(
    database: OpenDatabase, families: tuple[Family, Family], tmp_path: Path
) -> None:
    lims, _ = families
    with database.reading() as session:
        before = ledger(session)

    await database.write(erase_person, "p-lim", NOW)

    text, _ = await contents(database.url, tmp_path / "monday", MemoryMedia())
    assert [one for one in ("Grace Lim", "hash-Lim", "p-lim") if one in text] == []
    assert str(lims.parent.telegram_user_id) not in text
    assert all(one in text for one in ("Emily Lim", "quokka.ogg", "Grace Rao", "hash-Rao"))
    with database.reading() as session:
        assert ledger(session)[:-1] == before
        person = session.get_one(Person, lims.parent.id)
        assert (person.roles, person.telegram_user_id) == (frozenset(), None)
        assert session.exec(select(Guardianship.student_id)).all() == [families[1].child.id]


async def test_of_a_tutor_the_notes_go_too(
    database: OpenDatabase, families: tuple[Family, Family], tmp_path: Path
) -> None:
    erased = await database.write(erase_person, "Tan Wei Ming", NOW)

    assert set(erased.media_keys) == {*families[0].keys, *families[1].keys}
    text, _ = await contents(database.url, tmp_path / "monday", MemoryMedia())
    assert [one for one in ("Tan Wei Ming", "t-wei", "quokka.ogg") if one in text] == []


async def test_a_name_in_what_others_wrote_goes(
    database: OpenDatabase, families: tuple[Family, Family]
) -> None:
    """Every word of it in their own sessions; elsewhere the whole name."""
    lims, _ = families
    with database.unit_of_work() as session:
        for one in families:
            appointment = builders.appointment(
                session, tutor=one.tutor, student=one.child, status=Status.APPROVED
            )
            builders.note_part(session, appointment, text="Grace Lim called. Grace was kind.")

    await database.write(erase_person, f"#{lims.parent.id}", NOW)

    with database.reading() as session:
        notes = session.execute(
            select(SQLModel.metadata.tables["note_part"].c.text).order_by("id")
        ).scalars()
        assert [text for text in notes if text and "called" in text] == [
            "(erased) called. (erased) was kind.",
            "(erased) called. Grace was kind.",
        ]


async def test_a_file_that_is_in_another_note_too_stays(
    database: OpenDatabase, families: tuple[Family, Family]
) -> None:
    lims, raos = families
    shared = lims.keys[0]
    with database.unit_of_work() as session:
        other = builders.appointment(
            session, tutor=raos.tutor, student=raos.child, status=Status.APPROVED
        )
        builders.note_part(session, other, media_key=shared, stored_at=NOW)

    erased = await database.write(erase_child, "s-quokka", NOW)

    assert erased.media_keys == lims.keys[1:]


async def test_files_that_could_not_be_deleted_are_taken_by_the_next_sweep(
    database: OpenDatabase, families: tuple[Family, Family]
) -> None:
    lims, _ = families
    media = MemoryMedia(dict.fromkeys(lims.keys, b"x"))

    await database.write(erase_child, "Emily Lim", NOW)
    await sweep_orphans(database, media, NOW)

    assert media.contents == {}
    with database.reading() as session:
        assert session.exec(select(MediaReservation)).all() == []


async def test_messages_that_wait_are_not_sent(
    database: OpenDatabase, families: tuple[Family, Family]
) -> None:
    await database.write(erase_child, "Emily Lim", NOW)

    with database.reading() as session:
        failed = session.exec(
            select(OutboxMessage.person_id).where(col(OutboxMessage.failed_at).is_not(None))
        )
        assert failed.all() == [families[0].parent.id]


async def test_the_audit_trail_is_append_only_again(
    database: OpenDatabase, families: tuple[Family, Family]
) -> None:
    """SPEC 2."""
    await database.write(erase_child, "Emily Lim", NOW)

    for statement in ("UPDATE audit_event SET reason = 'x'", "DELETE FROM audit_event"):
        with pytest.raises(DBAPIError, match="append-only"), database.unit_of_work() as session:
            session.connection().exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("erase", "who"),
    [(erase_child, "Emily Lim"), (erase_person, "Tan Wei Ming"), (erase_person, "Grace Lim")],
)
async def test_who_has_sessions_to_come_is_not_erased(
    erase: Callable[[Session, str, datetime], object],
    who: str,
    database: OpenDatabase,
    families: tuple[Family, Family],
) -> None:
    lims, _ = families
    with database.unit_of_work() as session:
        builders.appointment(
            session, tutor=lims.tutor, student=lims.child, starts_at=NOW + timedelta(days=3)
        )

    with pytest.raises(
        ErasureError, match=r"a session to come, the last on 2026-11-28: .* by /find "
    ):
        await database.write(erase, who, NOW)


async def test_who_is_meant_has_to_be_clear(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        first, second = (builders.parent(session, name="Grace Lim") for _ in range(2))

    with pytest.raises(ErasureError, match=f"name one of them by #{first.id}, #{second.id}"):
        await database.write(erase_person, "Grace Lim", NOW)
    with pytest.raises(ErasureError, match="nobody has the ref or the name Grace Lin"):
        await database.write(erase_person, "Grace Lin", NOW)


async def test_what_is_erased_is_overwritten_in_the_file(sqlite: Databases) -> None:
    with sqlite.fresh() as url:
        database = OpenDatabase(url)
        with database.unit_of_work() as session:
            family(session, builders.tutor(session), "Lim", "quokka")
        erased = await database.write(erase_child, "Emily Lim", NOW)
        await delete_files(database, MemoryMedia(), erased.media_keys)
        await database.close()
        path = Path(url.removeprefix("sqlite+aiosqlite:///"))
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert b"quokka" not in content_of(path)


def test_what_was_entered_about_them_goes_from_the_audit_trail(database: OpenDatabase) -> None:
    there = scene(database, Status.APPROVED)
    by = acting(there.coordinator)
    entry = PersonEntry("Mei Ong", frozenset({Role.PARENT}), None, None, "ong-7")
    mei = carry_out(database, add_person, by, entry)
    ryan = carry_out(database, add_student, by, StudentEntry("Ryan Ong", "7 Hill Street"), [mei.id])
    carry_out(database, edit_person, by, mei.id, PersonEntry("Mei Koh", frozenset({Role.PARENT})))
    carry_out(database, edit_student, by, ryan.id, StudentEntry("Ryan Koh"))

    carry_out(database, erase_child, f"#{ryan.id}", NOW)
    carry_out(database, erase_person, f"#{mei.id}", NOW)

    with database.reading() as session:
        kept = session.exec(select(AuditEvent).order_by(col(AuditEvent.id))).all()
    assert [one.action for one in kept if one.action is not Action.ERASE] == [
        *(Action.ADD_PERSON, Action.ADD_STUDENT, Action.ADD_GUARDIAN),
        *(Action.EDIT_PERSON, Action.EDIT_STUDENT),
    ]
    told = repr([one.details for one in kept])
    assert not [word for word in ("Ong", "Koh", "Hill", "ong-7") if word in told]


def test_who_has_a_match_that_is_not_over_is_not_erased(database: OpenDatabase) -> None:
    there = stage(database)
    match = accepted(database, there, ends_on=date(2026, 11, 30))
    with database.unit_of_work() as session:
        for row in session.exec(select(Appointment)).all():
            row.status = Status.CANCELLED_BY_PARENT
            session.add(row)
    for name in (there.student.name, there.tutor.name):
        erase = erase_child if name == there.student.name else erase_person
        with pytest.raises(ErasureError, match="1 matches that are not over"):
            carry_out(database, erase, name, NOW)

    carry_out(database, end, match.id, acting(there.coordinator), date(2026, 11, 26), AGENCY)
    carry_out(database, erase_child, there.student.name, NOW)

    with database.reading() as session:
        assert session.exec(select(Student.name)).all() == ["(erased)"]


def test_a_tutors_reasons_for_leave_go_with_them(database: OpenDatabase) -> None:
    there = stage(database)
    with database.unit_of_work() as session:
        session.add(
            TutorLeave(
                tutor_id=there.tutor.id,
                starts_on=date(2026, 12, 7),
                ends_on=date(2026, 12, 8),
                reason="An operation",
                asked_by_id=there.tutor.id,
                asked_at=NOW,
            )
        )

    carry_out(database, erase_person, f"#{there.tutor.id}", NOW)

    with database.reading() as session:
        (leave,) = session.exec(select(TutorLeave)).all()
    assert (leave.reason, leave.starts_on) == ("(erased)", date(2026, 12, 7))
