"""Another time for a session that is weeks ahead: days are looked for around it (SPEC 6; UX 10)."""

from datetime import timedelta

import pytest

from models import Appointment
from tests.end_to_end.scenes import look_at, press, take, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_rescheduling import open_card

WAYS_ON = ["Other day", "Back", "Leave"]


async def in_january(stage: Stage) -> Appointment:
    """It is Wednesday, 25 November, 15:00; Grace teaches Emily on Sunday, 10 January, at 10:00."""
    grace, _, _, emily = stage.people()
    return await stage.session(grace, emily, starts_in=timedelta(days=46, hours=-5))


async def when_instead(stage: Stage) -> Appointment:
    """Mei is asked for another time."""
    session = await in_january(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Change time")
    return session


async def test_the_first_times_that_are_offered_are_those_around_the_session(stage: Stage) -> None:
    await when_instead(stage)

    assert labels(stage.mei.last()) == [
        "Fri 8 Jan 2027 10:00",
        "Sat 9 Jan 2027 10:00",
        "Mon 11 Jan 2027 10:00",
        "Tue 12 Jan 2027 10:00",
        "Wed 13 Jan 2027 10:00",
        "Other day",
        "Leave",
    ]


async def test_so_are_the_examples_of_times_that_can_be_typed(stage: Stage) -> None:
    await when_instead(stage)

    assert "Or type it, like 12/1 4pm or 13/1 16:00." in text_of(stage.mei.last())
    await write(stage, stage.mei, "12/1 4pm")
    assert "New time: Tue 12 Jan 2027 16:00" in text_of(stage.mei.last())


async def test_the_calendar_opens_where_the_session_is_and_leads_back_to_today(
    stage: Stage,
) -> None:
    await when_instead(stage)

    await press(stage, stage.mei, "Other day")

    assert "Sun 10 Jan" in labels(stage.mei.last())
    for _ in range(3):
        await press(stage, stage.mei, "‹")
    assert labels(stage.mei.last())[0] == "Wed 25 Nov"
    assert "‹" not in labels(stage.mei.last())


async def test_a_coordinator_is_offered_the_days_around_it_too(stage: Stage) -> None:
    session = await in_january(stage)
    await look_at(stage, stage.priya, session)

    await press(stage, stage.priya, "Move")
    assert labels(stage.priya.last())[0] == "Fri 8 Jan 2027 10:00"
    await press(stage, stage.priya, "Other day")

    assert "Sun 10 Jan" in labels(stage.priya.last())


async def test_a_session_soon_is_offered_nothing_that_is_over(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(days=1, hours=-1))  # Thursday 14:00
    await open_card(stage, stage.mei)

    await press(stage, stage.mei, "Change time")

    assert labels(stage.mei.last())[:5] == [
        f"{day} 14:00"
        for day in ("Fri 27 Nov", "Sat 28 Nov", "Sun 29 Nov", "Mon 30 Nov", "Tue 1 Dec")
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("the day after at 3", "Mon 11 Jan 2027 15:00-16:30"),
        ("same time the day after", "Mon 11 Jan 2027 10:00-11:30"),
        ("same time the following week", "Sun 17 Jan 2027 10:00-11:30"),
        ("the week before, 4pm", "Sun 3 Jan 2027 16:00-17:30"),
        ("tomorrow 4pm", "Thu 26 Nov 16:00-17:30"),
        ("day after tomorrow 4pm", "Fri 27 Nov 16:00-17:30"),
    ],
)
async def test_words_for_days_after_it_are_reckoned_from_its_own_day(
    stage: Stage, typed: str, meant: str
) -> None:
    await when_instead(stage)

    await write(stage, stage.mei, typed)

    assert f"New time: {meant}" in text_of(stage.mei.last())


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("same time next week", ["Sun 6 Dec 10:00", "Sun 17 Jan 2027 10:00"]),
        ("same time on saturday", ["Sat 28 Nov 10:00", "Sat 9 Jan 2027 10:00"]),
        ("the 11th at 4pm", ["Fri 11 Dec 16:00", "Mon 11 Jan 2027 16:00"]),
        ("friday next week 4pm", ["Fri 4 Dec 16:00", "Fri 15 Jan 2027 16:00"]),
    ],
)
async def test_days_that_can_be_of_this_week_or_of_the_sessions_are_both_offered(
    stage: Stage, typed: str, offered: list[str]
) -> None:
    await when_instead(stage)

    asked = await write(stage, stage.mei, typed)

    assert "Which of these days do you mean?" in asked
    assert labels(stage.mei.last()) == [*offered, *WAYS_ON]
    await press(stage, stage.mei, offered[-1])
    assert f"New time: {offered[-1]}" in text_of(stage.mei.last())


async def test_where_one_of_them_is_taken_the_other_is_offered(stage: Stage) -> None:
    session = await when_instead(stage)
    take(stage, session, timedelta(days=11, hours=-5), minutes=60)

    asked = await write(stage, stage.mei, "same time next week")

    assert "another session then (Sun 6 Dec 10:00-11:00)" in asked
    assert "Do you mean this?" in asked
    assert labels(stage.mei.last()) == ["Sun 17 Jan 2027 10:00", *WAYS_ON]


async def test_an_hour_later_is_later_than_the_time_that_was_chosen(stage: Stage) -> None:
    await when_instead(stage)
    await write(stage, stage.mei, "mon 11 jan 3pm")

    await write(stage, stage.mei, "1 hour later")

    assert "New time: Mon 11 Jan 2027 16:00" in labels(stage.mei.last())
