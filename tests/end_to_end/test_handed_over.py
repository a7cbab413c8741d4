"""What a tutor has in hand when a coordinator gives the session to another one (UX 6, 17, 19)."""

from datetime import timedelta

from chat.callbacks import ConfirmMove, encode
from models import Appointment
from models.enums import Status
from tests.end_to_end.scenes import card_of, look_at, message_of, press, write
from tests.end_to_end.stage import Stage, buttons, labels, text_of
from tests.end_to_end.test_coordinators_move import give, nurul
from tests.end_to_end.test_siblings import both

GIVEN = "Priya Nair gave this to another tutor at 15:00"
NEW = "🔁 New time: Fri 27 Nov 17:00-18:30"
WHY = "I have a fever."


async def almost_sent(stage: Stage) -> tuple[Appointment, int]:
    """Grace is asked whether to ask the parents for another time; Priya has the card."""
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=30))
    await nurul(stage)
    await write(stage, stage.grace, "/change")
    await press(stage, stage.grace, labels(stage.grace.last())[0])
    await press(stage, stage.grace, "Change time")
    await write(stage, stage.grace, "fri 5pm")
    await press(stage, stage.grace, "Other")
    await write(stage, stage.grace, WHY)
    question = stage.grace.last()["message_id"]
    assert labels(stage.grace.last())[0] == "Send"
    await look_at(stage, stage.priya, session)
    return session, question


async def test_the_question_says_whose_it_is_now_with_what_was_written(stage: Stage) -> None:
    _, question = await almost_sent(stage)

    await give(stage, "Nurul Huda")

    left = message_of(stage.grace, question)
    assert text_of(left) == f"Emily Lim, Thu 26 Nov 21:00-22:30: {GIVEN}\n{WHY}\n{NEW}"
    assert labels(left) == []
    assert "you need not go" in text_of(card_of(stage.grace, "Another tutor takes"))


async def test_a_tap_that_crosses_is_told_who_was_first(stage: Stage) -> None:
    session, question = await almost_sent(stage)
    await give(stage, "Nurul Huda")

    told = await press(stage, stage.grace, encode(ConfirmMove(session.id)), question)

    assert told == GIVEN
    assert labels(message_of(stage.grace, question)) == []


async def test_a_text_after_that_is_answered_like_any_other(stage: Stage) -> None:
    await almost_sent(stage)
    await give(stage, "Nurul Huda")

    answer = await write(stage, stage.grace, "is it ok like this?")

    above, left, new, _, told = answer.split("\n")
    assert (above.endswith(GIVEN), left, new) == (True, WHY, NEW)
    assert "/help" in told
    assert GIVEN not in await write(stage, stage.grace, "thanks")


async def test_of_siblings_the_one_that_was_given_away_is_named(stage: Stage) -> None:
    emilys, ryans = await both(stage, timedelta(minutes=10))
    await nurul(stage)
    await write(stage, stage.grace, "/checkin")
    asked = stage.grace.last()
    tap = buttons(asked)[0][0]["callback_data"]
    await look_at(stage, stage.priya, emilys)
    await give(stage, "Nurul Huda")

    told = await press(stage, stage.grace, tap, asked["message_id"])

    assert told == f"Emily Lim: {GIVEN}\nRyan Lim: You checked in at 15:00"
    assert stage.status(ryans) is Status.CHECKED_IN
