"""The product ends and begins again in the midst of a tutor's work (DESIGN 2, 5 to 7)."""

import asyncio
from datetime import timedelta

import pytest

from models import Appointment, Person
from models.enums import Status
from sandbox.faults import Fault
from tests import builders, files
from tests.end_to_end.note_scenes import notes_begun, parts_of, tallies
from tests.end_to_end.scenes import all_text, press, under_way, write
from tests.end_to_end.stage import OUTAGE, Stage, text_of


async def until_checked_out(stage: Stage, session: Appointment) -> None:
    async with asyncio.timeout(20):
        while stage.status(session) is not Status.AWAITING_APPROVAL_PARENT:
            await asyncio.sleep(0.01)


async def test_notes_go_on_after_a_restart_as_if_nothing_had_been(stage: Stage) -> None:
    session = await notes_begun(stage)
    await write(stage, stage.grace, "one")

    await stage.restart()
    assert "2 texts" in await write(stage, stage.grace, "two")
    assert len(tallies(stage)) == 1
    await stage.restart()
    await press(stage, stage.grace, "Remove last")
    await press(stage, stage.grace, "Done")

    assert [part.text for part in parts_of(stage, session)] == ["one"]
    assert all_text(stage.mei).count("📝 Notes: ") == 1


async def test_parked_notes_are_still_parked_after_a_restart(stage: Stage) -> None:
    session = await notes_begun(stage)
    await write(stage, stage.grace, "one")
    await write(stage, stage.grace, "/upcoming")

    await stage.restart()
    assert "I have not kept that." in await write(stage, stage.grace, "lost?")
    await press(stage, stage.grace, "Go on")
    await write(stage, stage.grace, "two")

    assert [part.text for part in parts_of(stage, session)] == ["one", "two"]


async def test_what_is_sent_while_it_is_down_is_a_part_all_the_same(stage: Stage) -> None:
    session = await notes_begun(stage)
    await stage.stop()

    stage.grace.send_text("one")
    stage.grace.send_album([files.jpeg_photo(), files.jpeg_photo()])
    await stage.start()
    await stage.settled()

    assert len(parts_of(stage, session)) == 3
    assert "2 photos, 1 text" in text_of(stage.grace.last())
    assert len(tallies(stage)) == 1


async def test_ten_quiet_minutes_go_by_while_it_is_down_too(stage: Stage) -> None:
    await notes_begun(stage)
    await write(stage, stage.grace, "one")
    await stage.stop()
    stage.world.clock.move_to(stage.now + timedelta(minutes=11))
    await stage.start()

    await stage.running.jobs.catch_up()

    assert "Nothing came for ten minutes" in text_of(stage.grace.last())
    assert "📝 Notes: " in text_of(stage.mei.last())


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_killed_while_it_answers_a_check_out_it_asks_for_notes_after_all(
    stage: Stage, method: str
) -> None:
    session = await under_way(stage)
    await write(stage, stage.grace, "/sessions")
    for held in {method, "sendMessage"}:  # the parents' cards, too: none is out when it is killed
        stage.world.faults.plan(Fault(held, "timeout_before", times=99, seconds=600))
    stage.expect_refusal(OUTAGE)

    stage.grace.press("Check out · Emily Lim")
    await until_checked_out(stage, session)
    await stage.kill()
    stage.world.faults.clear()
    await stage.start()
    await stage.settled()

    assert len(tallies(stage)) == 1
    await write(stage, stage.grace, "one")
    await press(stage, stage.grace, "Done")
    assert len(parts_of(stage, session)) == 1
    for parent in (stage.mei, stage.daniel):
        assert all_text(parent).count("Awaiting Your Acknowledgement") == 1
        assert all_text(parent).count("📝 Notes: ") == 1


async def test_killed_while_it_answers_the_command_it_answers_for_the_same_session(
    stage: Stage,
) -> None:
    """Another session in progress is not taken for the one that the command checked out of."""
    session = await under_way(stage)
    with stage.database.unit_of_work() as rows:
        grace = rows.get_one(Person, session.tutor_id)
        ryan = builders.student(rows, name="Ryan Lim")
    other = await stage.session(
        grace, ryan, starts_in=timedelta(minutes=-5), status=Status.CHECKED_IN
    )
    stage.world.faults.plan(Fault("sendMessage", "timeout_before", times=99, seconds=600))
    stage.expect_refusal(OUTAGE)

    stage.grace.send_text("/checkout")
    await until_checked_out(stage, session)
    await stage.kill()
    stage.world.faults.clear()
    await stage.start()
    await stage.settled()

    assert stage.status(other) is Status.CHECKED_IN
    assert "Wed 25 Nov 13:40-15:10" in text_of(tallies(stage)[0])


async def test_killed_while_it_takes_a_part_it_takes_it_once(stage: Stage) -> None:
    session = await notes_begun(stage)
    stage.world.faults.plan(Fault("sendMessage", "timeout_before", times=99, seconds=600))
    stage.expect_refusal(OUTAGE)

    stage.grace.send_text("one")
    async with asyncio.timeout(20):
        while not parts_of(stage, session):
            await asyncio.sleep(0.01)
    await stage.kill()
    stage.world.faults.clear()
    await stage.start()
    await stage.settled()

    assert [part.text for part in parts_of(stage, session)] == ["one"]
    assert "1 text" in text_of(stage.grace.last())
    assert len(tallies(stage)) == 1
