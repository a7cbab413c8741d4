"""What follows the choice of a session is about that one: it is not asked for again (UX 19)."""

from datetime import timedelta

from models import Person
from models.enums import Status
from tests import builders
from tests.end_to_end.note_scenes import notes_begun, second_session_over
from tests.end_to_end.scenes import all_text, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_stray_evidence import reports

RYAN = "Ryan Lim · Wed 25 Nov 11:00"
EMILY = "Emily Lim · Wed 25 Nov 13:00"


async def test_a_line_after_the_choice_is_added_below_the_session_chosen(stage: Stage) -> None:
    await second_session_over(stage)
    await write(stage, stage.mei, "The lesson ended far too early")
    await press(stage, stage.mei, RYAN)

    told = await write(stage, stage.mei, "is it ok?")

    assert told.startswith("Ryan Lim · Mathematics\nWed 25 Nov 11:00")
    assert told.endswith("What is it for?")
    assert labels(stage.mei.last()) == ["Dispute", "Report a problem", EMILY, "Leave"]
    assert all_text(stage.mei).count("has not been sent") == 1
    await stage.restart()
    await press(stage, stage.mei, "Report a problem", stage.mei.last()["message_id"])
    await press(stage, stage.mei, "Send it")
    assert reports(stage) == [("The lesson ended far too early\nis it ok?", None)]


async def test_another_one_can_still_be_chosen(stage: Stage) -> None:
    await second_session_over(stage)
    await write(stage, stage.mei, "The lesson ended far too early")
    await press(stage, stage.mei, RYAN)
    await write(stage, stage.mei, "is it ok?")

    await press(stage, stage.mei, EMILY)

    assert text_of(stage.mei.last()).startswith("Emily Lim · Mathematics")
    assert (await write(stage, stage.mei, "and rude")).startswith("Emily Lim · Mathematics")


async def test_who_is_a_tutor_too_is_not_asked_again_for_notes(stage: Stage) -> None:
    taught = await notes_begun(stage)
    await press(stage, stage.grace, "Skip for now")
    with stage.database.unit_of_work() as work:
        grace = work.get_one(Person, taught.tutor_id)
        grace.is_parent = True
        other = builders.tutor(work, name="Ken Wong")
        tim = builders.student(work, name="Tim Tan", guardians=[grace])
    status = Status.AWAITING_APPROVAL_PARENT
    await stage.session(other, tim, starts_in=-timedelta(hours=3), status=status)
    await write(stage, stage.grace, "The lesson was cut short by ten minutes.")
    await press(stage, stage.grace, "Tim Tan · Wed 25 Nov 12:00")

    await write(stage, stage.grace, "so sad")

    assert labels(stage.grace.last()) == ["Dispute", "Report a problem", "Leave"]
