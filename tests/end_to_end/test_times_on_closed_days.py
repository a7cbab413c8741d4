"""A time on a closed day: it is said why it cannot be, to each in their own words (UX 19, 20)."""

from datetime import date

import pytest

from models import Holiday, TutorLeave
from tests.end_to_end.scenes import press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_typed_times import WAYS_ON, when_instead

HOLIDAY = "Sat 28 Nov is a holiday. Please choose another day."
AWAY = {
    "grace": "You are away on Fri 27 Nov. Please choose another day.",
    "mei": "The tutor is away on Fri 27 Nov. Please choose another day.",
}
EITHER = pytest.mark.parametrize("who", sorted(AWAY))


async def closed(stage: Stage, who: str) -> None:
    """Grace is away on Friday, Saturday is a holiday, and somebody moves Thursday's session."""
    session = await when_instead(stage, getattr(stage, who))
    tutor_id = session.tutor_id
    with stage.database.unit_of_work() as unit:
        unit.add(Holiday(date=date(2026, 11, 28), name="Founders' day"))
        unit.add(
            TutorLeave(
                tutor_id=tutor_id,
                starts_on=date(2026, 11, 27),
                ends_on=date(2026, 11, 27),
                reason="A wedding",
                asked_by_id=tutor_id,
                asked_at=stage.now,
            )
        )


@EITHER
@pytest.mark.parametrize("typed", ["fri", "fri 5pm"])
async def test_of_a_day_of_leave_it_is_said_who_is_away(stage: Stage, who: str, typed: str) -> None:
    await closed(stage, who)
    phone = getattr(stage, who)

    told = await write(stage, phone, typed)

    assert told.count(AWAY[who]) == 1
    assert "No hour of that day is free" not in told
    assert labels(phone.last()) == WAYS_ON


@EITHER
async def test_the_examples_are_of_days_that_can_be(stage: Stage, who: str) -> None:
    await closed(stage, who)
    phone = getattr(stage, who)

    told = await write(stage, phone, "fri")

    assert told.endswith("Or type it, like sun 4pm or 30/11 16:00.")
    for typed, meant in (("sun 4pm", "Sun 29 Nov"), ("30/11 16:00", "Mon 30 Nov")):
        await write(stage, phone, typed)
        assert f"New time: {meant} 16:00-17:30" in text_of(phone.last())
        await press(stage, phone, "Back")


@EITHER
async def test_of_a_holiday_it_is_said_that_it_is_one(stage: Stage, who: str) -> None:
    await closed(stage, who)

    told = await write(stage, getattr(stage, who), "sat")

    assert told.count(HOLIDAY) == 1
    assert "No hour of that day is free" not in told


@EITHER
async def test_tomorrow_is_named_by_its_date(stage: Stage, who: str) -> None:
    await closed(stage, who)
    await stage.forward(hours=20)

    told = await write(stage, getattr(stage, who), "tomorrow 5pm")

    assert told.count(AWAY[who]) == 1


@EITHER
@pytest.mark.parametrize(
    ("typed", "asked", "offered"),
    [
        ("next friday 3pm", "Do you mean this?", ["Fri 4 Dec 15:00"]),
        ("fri or sun 3pm", "Do you mean this?", ["Sun 29 Nov 15:00"]),
        (
            "fri or sun or mon 3pm",
            "Do you mean one of these?",
            ["Sun 29 Nov 15:00", "Mon 30 Nov 15:00"],
        ),
        ("fri or sun or mon", "Do you mean one of these?", ["Sun 29 Nov", "Mon 30 Nov"]),
    ],
)
async def test_such_a_time_is_not_offered_beside_others_that_can_be(
    stage: Stage, who: str, typed: str, asked: str, offered: list[str]
) -> None:
    await closed(stage, who)
    phone = getattr(stage, who)

    told = await write(stage, phone, typed)

    assert f"{AWAY[who]}\n{asked}" in told
    assert labels(phone.last()) == [*offered, *WAYS_ON]


@EITHER
async def test_of_two_days_the_hours_of_the_one_that_can_be_are_offered(
    stage: Stage, who: str
) -> None:
    await closed(stage, who)
    phone = getattr(stage, who)

    told = await write(stage, phone, "next friday")

    assert f"{AWAY[who]}\nFri 4 Dec: at what time?" in told
    await write(stage, phone, "4pm")
    assert "New time: Fri 4 Dec 16:00-17:30" in text_of(phone.last())


@EITHER
@pytest.mark.parametrize("typed", ["fri or sat 3pm", "fri or sat"])
async def test_where_none_can_be_it_is_said_why(stage: Stage, who: str, typed: str) -> None:
    await closed(stage, who)
    phone = getattr(stage, who)

    told = await write(stage, phone, typed)

    assert told.count(AWAY[who]) == 1
    assert labels(phone.last()) == WAYS_ON


@EITHER
async def test_it_is_not_offered_where_a_reason_is_asked_either(stage: Stage, who: str) -> None:
    await closed(stage, who)
    phone = getattr(stage, who)
    await write(stage, phone, "sun 3pm")

    told = await write(stage, phone, "next friday 3pm")

    assert told.endswith(f"Is that another time, or the reason?\nnext friday 3pm\n{AWAY[who]}")
    assert labels(phone.last()) == [
        "New time: Fri 4 Dec 15:00",
        "It is the reason",
        "Back",
        "Leave",
    ]
