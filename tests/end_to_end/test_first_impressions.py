"""People who have never used the product: they tap three times, and edit what they typed."""

from datetime import timedelta

import pytest

from models.enums import Status
from tests.end_to_end.scenes import disputed, just_over, press, write
from tests.end_to_end.stage import Stage, buttons, labels, text_of


@pytest.mark.parametrize(
    ("anew", "shown"), [("14:50-16:20", "14:50-16:20"), ("25:00-26:00", "Please type two times")]
)
async def test_times_typed_where_the_reason_is_asked_are_no_reason(
    stage: Stage, anew: str, shown: str
) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=-timedelta(days=1))
    await stage.forward(minutes=1)
    await write(stage, stage.priya, "/dashboard")
    await press(stage, stage.priya, "Missed (1)")
    await press(stage, stage.priya, f"se.1:{session.id}")
    await press(stage, stage.priya, "Correct attendance")
    await write(stage, stage.priya, "15:20-16:50")

    assert shown in await write(stage, stage.priya, anew)
    assert stage.status(session) is Status.SCHEDULED

    await write(stage, stage.priya, "The phone's battery was empty.")
    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT


async def test_a_dispute_confirmed_thrice_is_told_thrice_the_same(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.mei, "Dispute")
    await press(stage, stage.mei, "Shorter than booked")
    message_id = stage.mei.last()["message_id"]
    taps = [stage.mei.press("Dispute", message_id) for _ in range(3)]
    await stage.settled()

    answers = stage.world.calls.all("answerCallbackQuery")
    told = {
        one["fields"]["callback_query_id"]: one["fields"].get("text")
        for one in answers
        if one["fields"]["callback_query_id"] in taps
    }
    assert [told[tap] for tap in taps] == ["You disputed this at 15:00"] * 3
    assert stage.status(session) is Status.DISPUTED
    assert "You disputed this" in text_of(stage.mei.last())
    assert labels(stage.mei.last()) == ["Report a problem"]


async def test_the_buttons_of_a_claimed_dispute_stand_two_a_row(stage: Stage) -> None:
    await disputed(stage)
    await press(stage, stage.priya_in_group, "Claim")

    rows = buttons(stage.priya_in_group.last())
    shown = [[button["text"] for button in row] for row in rows]
    assert shown == [["Verify", "Uphold"], ["Return", "Details"]]
