"""The tutor who was to take a session over cannot any more: it says so, and what else can be done.

(SPEC 2, 6; UX 6, 17.)
"""

from datetime import timedelta

import pytest

from chat.callbacks import ConfirmCoordinate, CoordinatorChange, encode
from models import Appointment, Person, TutorLeave
from tests import files
from tests.end_to_end.scenes import live_buttons, look_at, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_coordinators_move import more_tutors, nurul, start_of
from tests.services.proofs import as_it_stands

WHY = "Grace is unwell."
AWAY = "Nurul Huda is away on Thu 26 Nov."
NOBODY = "No other tutor is free then. You can move or cancel the session instead."
WAYS_ON = ["Move", "Cancel session", "Leave"]


async def chosen(stage: Stage) -> tuple[Appointment, Person]:
    """Priya has chosen Nurul for Thursday's session of Grace, and is asked for the reason."""
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=30))
    other = await nurul(stage)
    await look_at(stage, stage.priya, session)
    await press(stage, stage.priya, "Other tutor")
    await press(stage, stage.priya, "Nurul Huda")
    return session, other


def goes_away(stage: Stage, tutor: Person) -> None:
    """The tutor takes leave on Thursday."""
    day = (stage.now + timedelta(hours=30)).astimezone(stage.agency.zone).date()
    with stage.database.unit_of_work() as work:
        work.add(
            TutorLeave(
                tutor_id=tutor.id,
                starts_on=day,
                ends_on=day,
                asked_by_id=tutor.id,
                asked_at=stage.now,
            )
        )


async def test_where_nobody_is_free_by_then_the_question_has_the_ways_on(stage: Stage) -> None:
    session, other = await chosen(stage)
    await write(stage, stage.priya, WHY)
    question = stage.priya.last()["message_id"]
    goes_away(stage, other)

    toast = await press(stage, stage.priya, "Hand over")

    assert toast == AWAY
    assert stage.priya.last()["message_id"] == question
    assert f"\n{AWAY}\n{NOBODY}" in text_of(stage.priya.last())
    assert labels(stage.priya.last()) == WAYS_ON
    again = encode(ConfirmCoordinate(session.id, CoordinatorChange.GIVE))
    assert "out of date" in await press(stage, stage.priya, again, question)
    assert as_it_stands(stage.database, session.id).tutor_id == session.tutor_id


async def test_it_is_moved_from_there_with_the_reason_that_was_written(stage: Stage) -> None:
    session, other = await chosen(stage)
    await write(stage, stage.priya, WHY)
    goes_away(stage, other)
    await press(stage, stage.priya, "Hand over")

    await press(stage, stage.priya, "Move")
    assert "When instead?" in text_of(stage.priya.last())
    assert WHY in await write(stage, stage.priya, "sat 4pm")
    assert labels(stage.priya.last()) == ["Move session", "Back", "Leave"]
    assert await press(stage, stage.priya, "Move session") == "You moved this at 15:00"

    assert start_of(stage, session) == "28 16:00"
    assert live_buttons(stage.priya) == [stage.priya.last()["message_id"]]


async def test_it_is_cancelled_from_there(stage: Stage) -> None:
    _, other = await chosen(stage)
    await write(stage, stage.priya, WHY)
    goes_away(stage, other)
    await press(stage, stage.priya, "Hand over")

    await press(stage, stage.priya, "Cancel session")
    assert "Who is cancelling?" in text_of(stage.priya.last())
    await press(stage, stage.priya, "The tutor")
    assert WHY in text_of(stage.priya.last())
    told = await press(stage, stage.priya, "Cancel session")

    assert told == "You cancelled this for the tutor at 15:00"


async def test_who_is_free_by_then_is_offered_instead(stage: Stage) -> None:
    _, other = await chosen(stage)
    await write(stage, stage.priya, WHY)
    more_tutors(stage, 1)
    goes_away(stage, other)

    await press(stage, stage.priya, "Hand over")

    assert f"\n{AWAY}\nWho takes it over?" in text_of(stage.priya.last())
    await press(stage, stage.priya, "Tutor 00")
    assert "New tutor: Tutor 00" in text_of(stage.priya.last())
    assert WHY in text_of(stage.priya.last())
    assert labels(stage.priya.last()) == ["Hand over", "Back", "Leave"]


@pytest.mark.parametrize("answer", ["text", "photo"])
async def test_it_says_so_at_the_reason_already(stage: Stage, answer: str) -> None:
    _, other = await chosen(stage)
    goes_away(stage, other)

    if answer == "text":
        await write(stage, stage.priya, WHY)
    else:
        stage.priya.send_photo(files.jpeg_photo())
        await stage.settled()

    assert f"{AWAY}\n{NOBODY}" in text_of(stage.priya.last())
    assert labels(stage.priya.last()) == WAYS_ON
