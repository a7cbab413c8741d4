"""The coordinators' list of one person's sessions: in order, page by page (SPEC 10)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models import Person
from models.enums import MissedKind, Status
from services.db import Session
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


def every_page(session: Session, wanted: SessionFilter, length: int) -> list[int]:
    found, after = [], None
    while True:
        rows, after = sessions_listed(session, wanted, AGENCY, NOW, after=after, length=length)
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
