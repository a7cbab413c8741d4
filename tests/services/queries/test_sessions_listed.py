"""The coordinators' list of one person's sessions: in order, page by page (SPEC 10)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models import Person
from models.enums import MissedKind, Status
from services.db import Session
from services.queries.found_sessions import sessions_called
from services.queries.list_places import Place
from services.queries.sessions_listed import SessionFilter, sessions_listed
from services.rules.attendance_flags import Flag
from tests import builders
from tests.builders import AGENCY, NOW
from tests.open_database import OpenDatabase

DAY = timedelta(days=1)


def fill(session: Session) -> tuple[Person, set[int]]:
    """Sessions of a tutor who has two children, and of others; and hers and her children's.

    She teaches one of the two herself, and three sessions begin at each time.
    """
    aisha, wei = builders.tutor(session, name="Nur Aisyah"), builders.tutor(session)
    own, taught = (builders.student(session, [aisha], name=name) for name in ("Hana", "Idris"))
    other = builders.student(session, [builders.parent(session)])
    theirs = set()
    for tutor, student in ((aisha, other), (wei, own), (aisha, taught), (wei, other)):
        for status in Status:
            for days in (-9, -3, 0, 3):
                if status is Status.CHECKED_IN and days > 0:
                    continue
                row = builders.appointment(
                    session,
                    tutor=tutor,
                    student=student,
                    status=status,
                    starts_at=NOW + days * DAY,
                    subject="Malay" if days == 0 else "Science",
                )
                if tutor is aisha or student is own:
                    theirs.add(row.id)
    return aisha, theirs


def every_page(
    session: Session, wanted: SessionFilter, length: int, turning: timedelta = timedelta()
) -> list[int]:
    """Ids of all pages; `turning`: how long it takes to the next one."""
    found, after, now = [], None, NOW
    while True:
        rows, after = sessions_listed(session, wanted, AGENCY, now, after=after, length=length)
        now += turning
        found += [row.id for row in rows]
        if after is None:
            return found


@pytest.mark.parametrize(
    "wanted",
    [
        SessionFilter(),
        *(SessionFilter(status=status) for status in Status),
        *(SessionFilter(missed=kind) for kind in MissedKind),
        SessionFilter(words="mal"),
        SessionFilter(words="hana"),
        SessionFilter(flag=Flag.NO_NOTES),
        SessionFilter(since=(NOW - 3 * DAY).date(), until=NOW.date()),
        SessionFilter(student_id=2, status=Status.APPROVED),
    ],
    ids=str,
)
def test_a_persons_list_is_their_part_of_everybodys(
    database: OpenDatabase, wanted: SessionFilter
) -> None:
    with database.unit_of_work() as session:
        person, theirs = fill(session)
    with database.reading() as session:
        everybodys = every_page(session, wanted, length=50)
        for length in (2, 50):
            assert every_page(session, replace(wanted, person_id=person.id), length) == [
                one for one in everybodys if one in theirs
            ]
    assert theirs & set(everybodys)


ORDER = [0, 1, 8, 30, -1, -2, -13]
"""Days of sessions: what is to come, soonest first, and then the past, newest first."""


def at_days(session: Session) -> dict[int, int]:
    """Sessions so many days from now, made in another order; the days by their ids."""
    tutor = builders.tutor(session, name="Grace Tan")
    student = builders.student(session, name="Emily Lim")
    made = {
        days: builders.appointment(
            session, tutor=tutor, student=student, starts_at=NOW + days * DAY
        )
        for days in (-2, 8, -13, 0, 30, 1, -1)
    }
    return {row.id: days for days, row in made.items()}


@pytest.mark.parametrize("length", [1, 2, 4, 6, 7, 50])
def test_what_is_to_come_is_soonest_first_and_then_the_past_newest_first(
    database: OpenDatabase, length: int
) -> None:
    with database.unit_of_work() as session:
        days = at_days(session)
    with database.reading() as session:
        for turning in (timedelta(), DAY):
            found = every_page(session, SessionFilter(), length, turning)
            assert [days[one] for one in found] == ORDER


def test_the_list_of_a_name_has_the_same_order(database: OpenDatabase) -> None:
    with database.unit_of_work() as session:
        days = at_days(session)
    with database.reading() as session:
        for limit in (3, 5, 50):
            found = sessions_called(session, "grace t", NOW, limit)
            assert [days[one.id] for one in found] == ORDER[:limit]


def test_a_place_that_an_address_names_is_read_back() -> None:
    place = Place(NOW + DAY, 7, NOW)
    assert Place.read(str(place)) == place
    for text in ("", "20261125T070000.7", "20261325T070000.7.20261125T070000"):
        assert Place.read(text) is None
