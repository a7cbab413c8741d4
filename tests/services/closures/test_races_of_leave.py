"""Leave and what is booked meanwhile: one comes after the other (SPEC 2, 7)."""

import asyncio
from datetime import date

from sqlmodel import select

from models import Appointment, TutorLeave
from models.enums import LeaveStatus
from services.closures.leave import LeaveWanted, take
from services.matches.answers import accept
from services.rules.closures import digest_of
from services.rules.penalties import PenaltySheet
from services.rules.refusals import Refusal
from services.rules.refusals.matches import PreviewOutdated
from tests.builders import AGENCY, acting
from tests.open_database import OpenDatabase
from tests.services.matches.stage import MONDAY, at, offered, sessions_of, stage

ROUNDS = 6


async def test_no_session_is_booked_on_leave_that_is_entered_at_the_same_time(
    database: OpenDatabase,
) -> None:
    for number in range(ROUNDS):
        there = stage(database)
        times = (at(MONDAY, f"{8 + number:02}:00", 45),)
        match = offered(database, there, times=times)
        monday = date(2026, 12, 7)
        wanted = LeaveWanted(there.tutor.id, monday, monday, "A wedding")
        nothing = digest_of(())

        results = await asyncio.gather(
            database.write(accept, match.id, acting(there.grace), AGENCY),
            database.write(
                take, acting(there.tutor), wanted, {}, AGENCY, PenaltySheet(), digest=nothing
            ),
            return_exceptions=True,
        )

        refusals = [one for one in results if isinstance(one, Refusal)]
        assert [one for one in results if isinstance(one, Exception)] == refusals
        booked = {one.match_day for one in sessions_of(database, match.id)}
        with database.reading() as session:
            leave = session.exec(
                select(TutorLeave).where(TutorLeave.tutor_id == there.tutor.id)
            ).first()
        if leave is None:  # the sessions were there first: the leave has to be looked at again
            assert [type(one) for one in refusals] == [PreviewOutdated]
            assert monday in booked
        else:
            assert leave.status is LeaveStatus.TAKEN
            assert monday not in booked
            assert refusals == []


async def test_three_taps_at_once_enter_leave_once(database: OpenDatabase) -> None:
    there = stage(database)
    wanted = LeaveWanted(there.tutor.id, date(2026, 12, 7), date(2026, 12, 8), "A wedding")

    await asyncio.gather(
        *(
            database.write(
                take, acting(there.tutor), wanted, {}, AGENCY, PenaltySheet(), digest=digest_of(())
            )
            for _ in range(3)
        )
    )

    with database.reading() as session:
        assert len(session.exec(select(TutorLeave)).all()) == 1
        assert session.exec(select(Appointment)).all() == []
