"""Who is at a door or in a session can tell the coordinators, whatever the words (UX 6, 19)."""

from datetime import timedelta

import pytest

from models import Appointment
from models.enums import Status
from tests import builders
from tests.end_to_end.scenes import card_of, message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_meant_near_the_start import report_on_the_last

EMILY = "📣 Emily Lim · Wed 25 Nov 15:25"
SHOWER = "emily says the tutor is very early, she is still in the shower"


async def between_two(stage: Stage) -> tuple[Appointment, Appointment]:
    """Grace has checked out of Ryan's session at 15:00; Emily's begins at 15:25."""
    grace, mei, _, emily = stage.people()
    with stage.database.unit_of_work() as work:
        ryan = builders.student(work, name="Ryan Lim", guardians=[mei])
    over = Status.AWAITING_APPROVAL_PARENT
    first = await stage.session(grace, ryan, starts_in=-timedelta(minutes=90), status=over)
    return first, await stage.session(grace, emily, starts_in=timedelta(minutes=25))


@pytest.mark.parametrize("typed", ["at the door but nobody opens", "nobody is home", "the gate??"])
async def test_at_a_door_it_is_for_the_coordinators_first(stage: Stage, typed: str) -> None:
    await between_two(stage)

    await write(stage, stage.grace, typed)

    assert labels(stage.grace.last()) == [
        EMILY,
        "/checkin",
        "📝 Emily Lim · Wed 25 Nov 15:25",
        "📝 Ryan Lim · Wed 25 Nov 13:30",
        "Leave",
    ]
    await press(stage, stage.grace, EMILY)
    await press(stage, stage.grace, "Send it")
    assert text_of(stage.priya_in_group.last()).endswith(f"Reason:\n{typed}")


@pytest.mark.parametrize("typed", ["im here", "arrived"])
async def test_there_the_check_in_is_one_of_the_choices(stage: Stage, typed: str) -> None:
    _, session = await between_two(stage)

    await write(stage, stage.grace, typed)
    await press(stage, stage.grace, "/checkin")

    assert stage.status(session) is Status.CHECKED_IN


async def test_there_too_what_names_the_child_before_is_a_note_of_theirs(stage: Stage) -> None:
    await between_two(stage)

    await write(stage, stage.grace, "Ryan forgot his calculator again")

    assert labels(stage.grace.last()) == ["Keep for Ryan's notes", EMILY, "Leave"]
    assert "📣 Or send it to the coordinators." in text_of(stage.grace.last())


@pytest.mark.parametrize("minutes", [1, 33])
@pytest.mark.parametrize("typed", ["nobody is home", "parents not answering, what do i do"])
async def test_after_check_in_it_is_one_of_the_choices(
    stage: Stage, typed: str, minutes: int
) -> None:
    _, session = await between_two(stage)
    await write(stage, stage.grace, "/checkin")
    await stage.forward(minutes=minutes)

    await write(stage, stage.grace, typed)

    assert labels(stage.grace.last())[-2:] == [EMILY, "Leave"]
    await press(stage, stage.grace, EMILY)
    assert "Send this to the coordinators?" in text_of(stage.grace.last())
    await press(stage, stage.grace, "Send it")
    assert "The coordinators have your message" in text_of(stage.grace.last())
    assert "No coordinator answered" not in text_of(stage.grace.last())
    told = card_of(stage.priya_in_group, "📣 Message from the tutor, who has checked in")
    assert text_of(told).endswith(
        f"Emily · Mathematics\nWed 25 Nov 15:25-16:55\nwith Grace Tan\n{typed}"
    )
    assert stage.status(session) is Status.CHECKED_IN
    await stage.forward(minutes=90)
    await write(stage, stage.grace, "/checkout")
    left = text_of(message_of(stage.priya_in_group, told["message_id"]))
    assert left == "✅ Dealt with: Emily, Wed 25 Nov 15:25-16:55"


async def test_so_it_is_once_the_session_has_begun_without_check_in(stage: Stage) -> None:
    await between_two(stage)
    await stage.forward(minutes=30)

    told = await write(stage, stage.grace, "still waiting outside")

    assert labels(stage.grace.last())[0] == EMILY
    assert "📣 sends it to the coordinators." in told
    await press(stage, stage.grace, EMILY)
    await press(stage, stage.grace, "Send it")
    group = text_of(stage.priya_in_group.last())
    assert group.startswith("📣 Message from the tutor, who has not checked in yet")


async def test_who_checks_in_before_sending_still_sends_it(stage: Stage) -> None:
    await between_two(stage)
    await write(stage, stage.grace, "at the door but nobody opens")
    await press(stage, stage.grace, EMILY)
    await write(stage, stage.grace, "/checkin")
    await stage.forward(minutes=1)

    await press(stage, stage.grace, "Go on")
    await press(stage, stage.grace, "Send it")

    group = card_of(stage.priya_in_group, "at the door but nobody opens")
    assert "who has checked in" in text_of(group)


async def checked_in_early(stage: Stage) -> Appointment:
    """Mei has a report on Ryan's session; Grace is early for Emily's, and has checked in."""
    _, session = await between_two(stage)
    report_on_the_last(stage)
    await write(stage, stage.grace, "/checkin")
    assert stage.status(session) is Status.CHECKED_IN
    return session


@pytest.mark.parametrize("typed", [SHOWER, "is she there already?"])
async def test_between_an_early_check_in_and_the_start_parents_can_tell_too(
    stage: Stage, typed: str
) -> None:
    session = await checked_in_early(stage)

    await write(stage, stage.mei, typed)

    assert labels(stage.mei.last()) == [EMILY, "Ryan Lim · Wed 25 Nov 13:30", "Leave"]
    await press(stage, stage.mei, EMILY)
    await press(stage, stage.mei, "Send it")
    assert "The coordinators have your message" in text_of(stage.mei.last())
    group = text_of(stage.priya_in_group.last())
    assert f"Reason:\n{typed}" in group
    assert "Grace Tan has checked in." in group
    assert stage.status(session) is Status.CHECKED_IN


async def test_their_card_has_a_button_for_it_and_from_the_start_that_of_a_report(
    stage: Stage,
) -> None:
    await checked_in_early(stage)
    await write(stage, stage.mei, "/sessions")
    await press(stage, stage.mei, "Emily Lim · Today 15:25")
    card = stage.mei.last()["message_id"]
    assert labels(message_of(stage.mei, card)) == ["Tell the coordinators"]

    await stage.forward(minutes=26)

    assert labels(message_of(stage.mei, card)) == ["Report a problem"]


async def test_what_names_the_other_child_is_not_offered_to_a_report_first(stage: Stage) -> None:
    await checked_in_early(stage)
    await stage.forward(minutes=30)

    told = await write(stage, stage.mei, "emily says that nothing happens in her lesson")

    assert "Is it about your report" not in told
    assert labels(stage.mei.last())[0] == "Emily Lim · Wed 25 Nov 15:25"
    await press(stage, stage.mei, "Leave", stage.mei.last()["message_id"])
    told = await write(stage, stage.mei, "ryan says the light was broken again")
    assert "Is it about your report on Ryan Lim" in told
