"""Attendance flags on the card and in lists, for coordinators (SPEC 3)."""

from datetime import timedelta

from models.enums import Status
from tests.end_to_end.scenes import just_over, look_at, press, under_way, write
from tests.end_to_end.stage import Stage, labels, text_of


async def test_the_card_tells_flags_and_sources_to_coordinators_only(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=-timedelta(minutes=12))
    await write(stage, stage.grace, "/checkin")
    await look_at(stage, stage.priya, session)
    card = text_of(stage.priya.last())
    assert "Times: in via Telegram" in card
    assert "🚩 started 12 min late" in card
    assert "late" not in text_of(stage.grace.last())

    await stage.forward(minutes=50)
    await write(stage, stage.grace, "/checkout")
    await press(stage, stage.grace, "Skip for now")
    card = text_of(stage.priya.last())
    assert "Times: in via Telegram, out via Telegram" in card
    assert "🚩 started 12 min late, ended 28 min early, no notes" in card
    assert "🚩" not in text_of(stage.mei.last())
    assert "Times:" not in text_of(stage.mei.last())


async def test_a_corrected_time_is_named_as_such(stage: Stage) -> None:
    session = await under_way(stage)
    await stage.forward(minutes=30)
    await look_at(stage, stage.priya, session)
    await press(stage, stage.priya, "Correct attendance")
    await press(stage, stage.priya, "As booked")
    await write(stage, stage.priya, "The phone's battery was empty.")

    card = text_of(stage.priya.last())

    assert "Times: in via corrected, out via corrected" not in card
    assert "Times: both corrected" in card
    assert "🚩 no notes" in card


async def test_sessions_are_listed_by_flag_from_the_dashboard(stage: Stage) -> None:
    await just_over(stage)
    await write(stage, stage.priya, "/dashboard")
    await press(stage, stage.priya, "Attendance")
    assert labels(stage.priya.last()) == ["Early leave (1)", "No notes (1)", "Back"]

    await press(stage, stage.priya, "Early leave (1)")

    told = text_of(stage.priya.last())
    assert told.startswith("Early leave\n\nEmily Lim · Mathematics\n")
    assert "🚩 ended 10 min early, no notes" in told
    assert labels(stage.priya.last()) == ["Emily Lim · Today 13:40", "Back"]
    await press(stage, stage.priya, "Back")
    await press(stage, stage.priya, "Back")
    assert "The agency today" in text_of(stage.priya.last())


async def test_where_nothing_stands_out_it_says_so(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=-timedelta(days=20), status=Status.APPROVED)
    await stage.session(grace, emily, starts_in=timedelta(days=1))
    await write(stage, stage.priya, "/dashboard")
    await press(stage, stage.priya, "Attendance")

    assert text_of(stage.priya.last()) == "No session of the last two weeks stands out."
