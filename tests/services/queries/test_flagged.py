"""Sessions with an attendance flag, of the last two weeks (SPEC 3)."""

from datetime import timedelta

from models.enums import Status
from services.queries.flagged import flagged
from services.rules.attendance_flags import Flag
from tests import builders
from tests.builders import NOW
from tests.open_database import OpenDatabase
from tests.services.scenes import another_session, scene

MINUTE = timedelta(minutes=1)


def test_those_that_stand_out_are_found_newest_first(database: OpenDatabase) -> None:
    over = Status.APPROVED
    yesterday = NOW - timedelta(days=1)
    fine = scene(database, over, starts_at=yesterday)
    late = another_session(
        database, fine, status=over, starts_at=NOW - timedelta(days=2),
        checked_in_at=NOW - timedelta(days=2) + MINUTE,
    )  # fmt: skip
    bare = another_session(database, fine, status=over, starts_at=NOW - timedelta(days=3))
    another_session(database, fine, status=over, starts_at=NOW - timedelta(days=14))
    another_session(database, fine, starts_at=NOW + timedelta(days=1))
    with database.unit_of_work() as session:
        builders.note_part(session, fine.session)
        builders.note_part(session, late.session)
        builders.note_part(session, bare.session, removed_at=NOW)

    with database.reading() as session:
        found = flagged(session, NOW)

    assert [(one.view.id, [raised.flag for raised in one.raised]) for one in found] == [
        (late.id, [Flag.LATE_START]),
        (bare.id, [Flag.NO_NOTES]),
    ]
