"""Times as people type them when a session is moved, in the chat (SPEC 6; UX 10, 19)."""

import re
from datetime import timedelta

import pytest

from models import Appointment
from sandbox.phone import Phone
from tests.end_to_end.scenes import look_at, press, take, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_rescheduling import (
    ask,
    open_card,
    suggest,
    tomorrow,
    versions,
)
from tests.services.proofs import as_it_stands

WAYS_ON = ["Other day", "Back", "Leave"]


async def when_instead(stage: Stage, phone: Phone) -> Appointment:
    """Grace teaches Emily tomorrow at 21:00; the question for another time stands."""
    session = await tomorrow(stage)
    await open_card(stage, phone)
    await press(stage, phone, "Change time")
    return session


async def sunday(stage: Stage) -> None:
    """It is Sunday, 29 November, 15:00, and the session is on Monday at 21:00."""
    await stage.forward(hours=96)
    await when_instead(stage, stage.mei)


async def test_a_time_alone_is_of_the_day_that_was_chosen(stage: Stage) -> None:
    await sunday(stage)
    await press(stage, stage.mei, "Other day")
    await press(stage, stage.mei, "Fri 11 Dec")

    await write(stage, stage.mei, "4.30pm")

    assert "New time: Fri 11 Dec 16:30-18:00" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Back")
    await write(stage, stage.mei, "4.30pm")
    assert "New time: Mon 30 Nov 16:30-18:00" in text_of(stage.mei.last())


async def test_a_date_that_is_almost_a_year_away_is_asked_about(stage: Stage) -> None:
    await sunday(stage)

    asked = await write(stage, stage.mei, "26/11 16:00")

    assert "The next one is Fri 26 Nov 2027, more than sixty days away." in asked
    assert labels(stage.mei.last()) == ["Sat 26 Dec 16:00", "Fri 26 Nov 2027 16:00", *WAYS_ON]
    await press(stage, stage.mei, "Fri 26 Nov 2027 16:00")
    assert "New time: Fri 26 Nov 2027 16:00-17:30" in text_of(stage.mei.last())


async def test_the_examples_in_the_question_are_right_when_they_are_typed(stage: Stage) -> None:
    await sunday(stage)
    hint = re.search(r"like (.+) or (.+)\.", text_of(stage.mei.last()))
    assert hint is not None
    assert hint.groups() == ("tue 4pm", "2/12 16:00")

    for typed, meant in zip(hint.groups(), ("Tue 1 Dec", "Wed 2 Dec"), strict=True):
        await write(stage, stage.mei, typed)
        assert f"New time: {meant} 16:00-17:30" in text_of(stage.mei.last())
        await press(stage, stage.mei, "Back")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tomorrow 5", "Mon 30 Nov 17:00-18:30"),
        ("fri 3", "Fri 4 Dec 15:00-16:30"),
        ("1530", "Mon 30 Nov 15:30-17:00"),
        ("next friday 3pm", "Fri 4 Dec 15:00-16:30"),
        ("tmr 7pm", "Mon 30 Nov 19:00-20:30"),
        ("15:00 fri", "Fri 4 Dec 15:00-16:30"),
        ("same time next day", "Tue 1 Dec 21:00-22:30"),
        ("4pm the day before", "Sun 29 Nov 16:00-17:30"),
    ],
)
async def test_what_people_type_is_read_and_shown_back_before_it_counts(
    stage: Stage, typed: str, meant: str
) -> None:
    await sunday(stage)

    await write(stage, stage.mei, typed)

    assert f"New time: {meant}" in text_of(stage.mei.last())
    assert "Why do you want to move it?" in text_of(stage.mei.last())
    assert versions(stage) == []


async def test_a_day_that_is_over_is_not_the_day_of_the_next_time(stage: Stage) -> None:
    await sunday(stage)
    assert "That day has passed." in await write(stage, stage.mei, "yesterday")
    assert labels(stage.mei.last()) == ["Sun 29 Nov", "Sat 5 Dec", *WAYS_ON]
    assert "That time has passed." in await write(stage, stage.mei, "yesterday 4pm")

    await write(stage, stage.mei, "5pm")

    assert "New time: Mon 30 Nov 17:00-18:30" in text_of(stage.mei.last())


async def test_a_range_keeps_the_length_and_says_so(stage: Stage) -> None:
    await sunday(stage)

    await write(stage, stage.mei, "sat 10-11")

    said = "New time: Sat 5 Dec 10:00-11:30\nThe length stays as it is: 1 h 30 min."
    assert said in text_of(stage.mei.last())
    await press(stage, stage.mei, "Family matter")
    assert said in text_of(stage.mei.last())
    await press(stage, stage.mei, "Send")
    (version,) = versions(stage)
    assert version.new_ends_at - version.new_starts_at == timedelta(minutes=90)


@pytest.mark.parametrize(
    ("typed", "asked", "offered", "after"),
    [
        (
            "yesterday 4pm",
            "That time has passed. Do you mean one of these?",
            ["Wed 25 Nov 16:00", "Tue 1 Dec 16:00", *WAYS_ON],
            "New time: Wed 25 Nov 16:00-17:30",
        ),
        (
            "fri 8",
            "In the morning or in the evening?",
            ["Fri 27 Nov 08:00", "Fri 27 Nov 20:00", *WAYS_ON],
            "New time: Fri 27 Nov 08:00-09:30",
        ),
        (
            "next friday 3pm",
            "This week or next week?",
            ["Fri 27 Nov 15:00", "Fri 4 Dec 15:00", *WAYS_ON],
            "New time: Fri 27 Nov 15:00-16:30",
        ),
        ("fridya 3pm", "Do you mean this?", ["Fri 27 Nov 15:00", *WAYS_ON], "Nov 15:00-16:30"),
        (
            "31/11 16:00",
            "There is no such day: November 2026 has only 30 days.\nDo you mean one of these?",
            ["Mon 30 Nov 16:00", "Tue 1 Dec 16:00", *WAYS_ON],
            "New time: Mon 30 Nov 16:00-17:30",
        ),
        (
            "31 november",
            "There is no such day: November 2026 has only 30 days.\nDo you mean one of these?",
            ["Mon 30 Nov", "Tue 1 Dec", *WAYS_ON],
            "Mon 30 Nov: at what time?",
        ),
        (
            "29/2/2027 4pm",
            "There is no such day: February 2027 has only 28 days.\nDo you mean one of these?",
            ["Sun 28 Feb 2027 16:00", "Mon 1 Mar 2027 16:00", *WAYS_ON],
            "New time: Sun 28 Feb 2027 16:00-17:30",
        ),
        (
            "today 2pm",
            "That time has passed.",
            ["Thu 26 Nov 14:00", "Wed 2 Dec 14:00", *WAYS_ON],
            "New time: Thu 26 Nov 14:00-15:30",
        ),
        (
            "24/11",
            "Which day do you mean?",
            ["Thu 24 Dec", "Wed 24 Nov 2027", *WAYS_ON],
            "Thu 24 Dec: at what time?",
        ),
    ],
)
async def test_what_is_not_clear_gets_the_nearest_readings_as_buttons(
    stage: Stage, typed: str, asked: str, offered: list[str], after: str
) -> None:
    await when_instead(stage, stage.mei)

    assert asked in await write(stage, stage.mei, typed)

    assert labels(stage.mei.last()) == offered
    await press(stage, stage.mei, offered[0])
    assert after in text_of(stage.mei.last())


@pytest.mark.parametrize("typed", ["soon", "whenever it suits her", "???", "👍"])
async def test_what_cannot_be_read_gets_free_times_and_never_only_a_sentence(
    stage: Stage, typed: str
) -> None:
    await when_instead(stage, stage.mei)
    offered = labels(stage.mei.last())

    said = await write(stage, stage.mei, typed)

    assert "Please type a day and a time, like fri 4pm or 28/11 16:00, or choose one." in said
    assert labels(stage.mei.last()) == [*offered[:-1], "Back", "Leave"]
    await press(stage, stage.mei, "Fri 27 Nov 21:00")
    assert "New time: Fri 27 Nov 21:00-22:30" in text_of(stage.mei.last())


async def test_a_day_alone_gets_its_free_hours(stage: Stage) -> None:
    await when_instead(stage, stage.mei)

    assert "Fri 27 Nov: at what time?" in await write(stage, stage.mei, "friday")

    await write(stage, stage.mei, "4")
    assert "New time: Fri 27 Nov 16:00-17:30" in text_of(stage.mei.last())


@pytest.mark.parametrize(
    ("typed", "taken_in", "asked", "offered"),
    [
        (
            "29 dec 2pm",
            timedelta(days=34, hours=-1),
            "Tue 29 Dec: at what time?",
            "Tue 29 Dec 08:00",
        ),
        (
            "29 feb 4pm",
            timedelta(days=4, hours=1),
            "Which day do you mean?\nThe next one is Tue 29 Feb 2028",
            "Tue 29 Feb 2028 16:00",
        ),
        (
            "31 nov 4pm",
            timedelta(days=5, hours=1),
            "There is no such day: November 2026 has only 30 days.\nDo you mean this?",
            "Tue 1 Dec 16:00",
        ),
        (
            "today 2pm",
            timedelta(days=1, hours=-1),
            "That time has passed. Do you mean one of these?",
            "Wed 2 Dec 14:00",
        ),
    ],
)
async def test_only_of_what_was_typed_it_is_said_why_it_cannot_be(
    stage: Stage, typed: str, taken_in: timedelta, asked: str, offered: str
) -> None:
    session = await when_instead(stage, stage.mei)
    take(stage, session, taken_in)

    told = await write(stage, stage.mei, typed)

    assert asked in told
    assert ("has another session then" in told) == typed.startswith("29 dec")
    assert any(offered.endswith(one) or one == offered for one in labels(stage.mei.last()))


async def test_a_typed_time_that_is_taken_gets_the_free_hours_of_its_day(stage: Stage) -> None:
    session = await when_instead(stage, stage.mei)
    take(stage, session, timedelta(hours=49))

    said = await write(stage, stage.mei, "fri 4.30pm")

    assert "another session then" in said
    assert "Fri 27 Nov: at what time?" in said
    assert {"14:00", "18:00"} <= set(labels(stage.mei.last()))
    assert not {"15:00", "16:00", "17:00"} & set(labels(stage.mei.last()))


async def test_what_can_only_mean_the_sessions_own_time_is_not_offered(stage: Stage) -> None:
    await when_instead(stage, stage.mei)

    said = await write(stage, stage.mei, "thrusday 9pm")

    assert "That time is on the table already. Please choose another one." in said
    assert "Thu 26 Nov: at what time?" in said
    assert "21:00" not in labels(stage.mei.last())


async def test_of_two_typed_times_one_that_is_taken_is_not_offered(stage: Stage) -> None:
    session = await when_instead(stage, stage.mei)
    take(stage, session, timedelta(hours=49))

    said = await write(stage, stage.mei, "fri 4 or 7pm")

    assert "another session then (Fri 27 Nov 16:00-17:30)" in said
    assert "Do you mean this?" in said
    assert labels(stage.mei.last()) == ["Fri 27 Nov 19:00", *WAYS_ON]


# -------------------------------------------------------------------- where a reason is asked


async def test_a_time_typed_as_the_reason_is_asked_about(stage: Stage) -> None:
    await when_instead(stage, stage.mei)
    await write(stage, stage.mei, "fri 4pm")
    assert "Why do you want to move it?" in text_of(stage.mei.last())

    asked = await write(stage, stage.mei, "5pm")

    assert "Is that another time, or the reason?\n5pm" in asked
    assert labels(stage.mei.last()) == [
        "New time: Fri 27 Nov 17:00",
        "It is the reason",
        "Back",
        "Leave",
    ]
    await press(stage, stage.mei, "New time: Fri 27 Nov 17:00")
    assert "New time: Fri 27 Nov 17:00-18:30" in text_of(stage.mei.last())
    assert "Why do you want to move it?" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Family matter")
    await press(stage, stage.mei, "Send")
    (version,) = versions(stage)
    assert version.new_starts_at == stage.now + timedelta(hours=50)
    assert version.text is None


async def test_a_day_that_there_is_not_is_no_reason_without_a_word(stage: Stage) -> None:
    await when_instead(stage, stage.mei)
    await write(stage, stage.mei, "fri 4pm")

    asked = await write(stage, stage.mei, "31/11 16:00")

    assert asked.endswith("31/11 16:00\nThere is no such day: November 2026 has only 30 days.")
    assert labels(stage.mei.last())[:3] == [
        "New time: Mon 30 Nov 16:00",
        "New time: Tue 1 Dec 16:00",
        "It is the reason",
    ]


async def test_so_are_two_times_of_which_either_will_do(stage: Stage) -> None:
    await when_instead(stage, stage.mei)
    await write(stage, stage.mei, "fri 4pm")

    asked = await write(stage, stage.mei, "thu 4 or 5")

    assert "Is that another time, or the reason?\nthu 4 or 5" in asked
    assert labels(stage.mei.last()) == [
        "New time: Thu 26 Nov 16:00",
        "New time: Thu 26 Nov 17:00",
        "It is the reason",
        "Back",
        "Leave",
    ]
    assert "Ask the tutor?" in await write(stage, stage.mei, "She is ill or at a match")


@pytest.mark.parametrize("other", [False, True])
async def test_a_reason_that_looks_like_a_time_stays_one_where_they_say_so(
    stage: Stage, other: bool
) -> None:
    await when_instead(stage, stage.mei)
    await write(stage, stage.mei, "fri 4pm")
    if other:
        await press(stage, stage.mei, "Other")
    await write(stage, stage.mei, "sunday")
    assert "Sun 29 Nov" in labels(stage.mei.last())
    await stage.restart()

    await press(stage, stage.mei, "It is the reason")

    assert "Ask the tutor?\nReason:\nsunday" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Send")
    assert [version.text for version in versions(stage)] == ["sunday"]


async def test_a_reason_with_a_day_in_it_is_a_reason(stage: Stage) -> None:
    await when_instead(stage, stage.mei)
    await write(stage, stage.mei, "fri 4pm")

    said = await write(stage, stage.mei, "She has a test on friday at 9")

    assert "Ask the tutor?\nReason:\nShe has a test on friday at 9" in said


async def test_a_time_typed_before_sending_is_asked_about(stage: Stage) -> None:
    await when_instead(stage, stage.mei)
    await write(stage, stage.mei, "fri 4pm")
    await press(stage, stage.mei, "Family matter")

    await write(stage, stage.mei, "sat 10am")
    await press(stage, stage.mei, "New time: Sat 28 Nov 10:00")

    assert "New time: Sat 28 Nov 10:00-11:30" in text_of(stage.mei.last())
    assert "Ask the tutor?\nReason: Family matter" in text_of(stage.mei.last())


async def test_a_coordinators_reason_that_is_a_time_is_asked_about(stage: Stage) -> None:
    session = await tomorrow(stage)
    await look_at(stage, stage.priya, session)
    await press(stage, stage.priya, "Move")
    await write(stage, stage.priya, "sat 10-11")
    assert "The length stays as it is: 1 h 30 min." in text_of(stage.priya.last())

    await write(stage, stage.priya, "11")
    assert labels(stage.priya.last()) == [
        "New time: Sat 28 Nov 11:00",
        "It is the reason",
        "Back",
        "Leave",
    ]
    await press(stage, stage.priya, "New time: Sat 28 Nov 11:00")
    await write(stage, stage.priya, "sunday")
    await press(stage, stage.priya, "It is the reason")
    await press(stage, stage.priya, "Move session")

    assert as_it_stands(stage.database, session.id).starts_at == stage.now + timedelta(hours=68)


async def test_a_coordinators_unclear_time_is_asked_about(stage: Stage) -> None:
    session = await tomorrow(stage)
    await look_at(stage, stage.priya, session)
    await press(stage, stage.priya, "Move")

    await write(stage, stage.priya, "fri 8")

    assert labels(stage.priya.last()) == ["Fri 27 Nov 08:00", "Fri 27 Nov 20:00", *WAYS_ON]
    await press(stage, stage.priya, "Fri 27 Nov 20:00")
    assert "New time: Fri 27 Nov 20:00-21:30" in text_of(stage.priya.last())


# ------------------------------------------------------------------------- what is not offered


async def test_a_time_that_was_refused_is_not_offered_again(stage: Stage) -> None:
    await tomorrow(stage)
    await ask(stage, stage.mei, "fri 9pm", "School event")
    await press(stage, stage.grace, "Suggest another")
    assert "Fri 27 Nov 21:00" not in labels(stage.grace.last())
    await press(stage, stage.grace, "Leave")
    await suggest(stage, stage.grace, "sat 9pm")
    await press(stage, stage.mei, "Decline")

    await open_card(stage, stage.daniel)
    await press(stage, stage.daniel, "Change time")

    offered = labels(stage.daniel.last())
    assert "Fri 27 Nov 21:00" not in offered
    assert "Sat 28 Nov 21:00" not in offered
    assert "Sun 29 Nov 21:00" in offered


async def test_busy_days_are_absent_from_the_calendar(stage: Stage) -> None:
    session = await when_instead(stage, stage.mei)
    take(stage, session, timedelta(hours=40), minutes=15 * 60)

    await press(stage, stage.mei, "Other day")

    assert labels(stage.mei.last())[:3] == ["Wed 25 Nov", "Thu 26 Nov", "Sat 28 Nov"]
