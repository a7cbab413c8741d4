"""What comes just after notes were finished is offered to the same notes first (UX 16, 19)."""

from datetime import timedelta

import pytest

from models import Appointment
from models.enums import Status
from tests import builders, files
from tests.end_to_end.note_scenes import parts_of
from tests.end_to_end.scenes import press, write
from tests.end_to_end.stage import Stage, labels, text_of

EMILY, RYAN = "Emily Lim · Thu 19 Nov 15:00", "Ryan Lim · Wed 25 Nov 12:00"


async def notes_finished(stage: Stage) -> Appointment:
    """Grace has written notes of Emily's session of last week; Ryan's was today."""
    grace, mei, _, emily = stage.people()
    with stage.database.unit_of_work() as work:
        ryan = builders.student(work, name="Ryan Lim", guardians=[mei])
    session = await stage.session(
        grace, emily, starts_in=-timedelta(days=6), status=Status.APPROVED
    )
    over = Status.AWAITING_APPROVAL_PARENT
    await stage.session(grace, ryan, starts_in=-timedelta(hours=3), status=over)
    await write(stage, stage.grace, "/notes")
    await press(stage, stage.grace, "Emily Lim · Thu 19 Nov 15:00")
    await write(stage, stage.grace, "essay on animal farm")
    return session


async def test_a_photo_just_after_done_is_offered_to_these_notes_first(stage: Stage) -> None:
    session = await notes_finished(stage)
    await press(stage, stage.grace, "Done")
    stage.grace.send_photo(files.jpeg_photo(), "her essay")
    await stage.settled()

    assert labels(stage.grace.last()) == [EMILY, RYAN, "Leave"]
    await press(stage, stage.grace, EMILY, stage.grace.last()["message_id"])
    assert [part.text for part in parts_of(stage, session)] == [
        "essay on animal farm",
        "her essay",
    ]


async def test_so_is_a_word_after_ten_quiet_minutes(stage: Stage) -> None:
    await notes_finished(stage)
    await stage.forward(minutes=11)

    assert "These notes are finished." in await write(stage, stage.grace, "and protractor")

    assert labels(stage.grace.last()) == [EMILY, RYAN, "Leave"]


@pytest.mark.parametrize(("caption", "minutes"), [("ryan's essay", 0), ("the essay", 61)])
async def test_what_names_another_child_or_comes_later_is_not(
    stage: Stage, caption: str, minutes: int
) -> None:
    await notes_finished(stage)
    await press(stage, stage.grace, "Done")
    await stage.forward(minutes=minutes)
    stage.grace.send_photo(files.jpeg_photo(), caption)
    await stage.settled()

    assert text_of(stage.grace.last()).endswith("Ryan Lim · Wed 25 Nov 12:00-13:30")
    assert labels(stage.grace.last()) == ["Keep for Ryan's notes", "Leave"]
