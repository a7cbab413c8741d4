"""Texts outside any dialogue in the last four hours before a session are offered to it (UX 19)."""

from datetime import timedelta

import pytest

from models import Appointment
from models.enums import Status
from tests import files
from tests.end_to_end.scenes import press, write
from tests.end_to_end.stage import Stage, labels, text_of

NEAR = "📣 Emily Lim · Wed 25 Nov 18:00"
SOON = "📣 Within four hours of the start only the coordinators can change a session."


async def near(stage: Stage, before: timedelta | None = timedelta(days=2)) -> Appointment:
    """Grace teaches Emily at 18:00, it is 15:00; the session before began so long ago."""
    grace, _, _, emily = stage.people()
    if before is not None:
        await stage.session(grace, emily, starts_in=-before, status=Status.APPROVED)
    return await stage.session(grace, emily, starts_in=timedelta(hours=3))


@pytest.mark.parametrize(
    "typed",
    [
        "i'm sick today sorry",
        "cannot make it at 6pm today, car trouble",
        "car broke down, can't make it to emily",
        "I'm stuck",
        "there was a fire in our house",
    ],
)
async def test_a_tutors_text_goes_to_the_coordinators_first(stage: Stage, typed: str) -> None:
    session = await near(stage)

    told = await write(stage, stage.grace, typed)

    assert told == (
        "📨 Your message has not been sent to anybody yet. Which session is it about?\n"
        f"{SOON}\n📝 Or keep it for a session's notes.\n{typed}"
    )
    assert labels(stage.grace.last())[:2] == [NEAR, "📝 Emily Lim · Mon 23 Nov 15:00"]
    assert labels(stage.grace.last())[-1] == "Leave"
    await press(stage, stage.grace, NEAR)
    await press(stage, stage.grace, "Send it")
    assert text_of(stage.priya_in_group.last()).endswith(f"Reason:\n{typed}")
    assert stage.status(session) is Status.SCHEDULED


async def test_so_does_that_of_one_who_never_taught(stage: Stage) -> None:
    await near(stage, before=None)

    assert SOON in await write(stage, stage.grace, "i'm sick, so sorry")

    assert labels(stage.grace.last()) == [NEAR, "Leave"]


async def test_between_two_sessions_a_trouble_is_no_note_and_a_note_no_trouble(
    stage: Stage,
) -> None:
    await near(stage, before=timedelta(hours=2))

    await write(stage, stage.grace, "I have a fever now, sorry")
    assert labels(stage.grace.last())[0] == NEAR
    await press(stage, stage.grace, "Leave", stage.grace.last()["message_id"])
    await write(stage, stage.grace, "She found fractions hard this time.")

    assert labels(stage.grace.last()) == ["Keep for Emily's notes", "Leave"]


async def test_a_photo_is_still_for_notes(stage: Stage) -> None:
    await near(stage)
    stage.grace.send_photo(files.jpeg_photo(), "the board")
    await stage.settled()

    assert labels(stage.grace.last()) == ["Keep for Emily's notes", "Leave"]


async def test_thanks_are_still_thanks(stage: Stage) -> None:
    await near(stage)

    assert "You're welcome!" in await write(stage, stage.grace, "Thanks!")
