"""Lists stand in the chat and stay true: edited, replaced, left, over (UX 2, 17)."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from models import Appointment, ListedAppointment, ShownList
from models.enums import Status
from sandbox.phone import Phone
from tests.end_to_end.matching import offer
from tests.end_to_end.scenes import message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of, texts

HOUR = timedelta(hours=1)
NEWER = "⬇️ There is a newer list below."


async def shown(stage: Stage, phone: Phone, command: str) -> int:
    """Ask for a list; its message."""
    await write(stage, phone, command)
    return int(phone.last()["message_id"])


def kept(stage: Stage) -> list[str]:
    """The lists that are still brought up to date."""
    with stage.database.reading() as rows:
        return [one.kind.value for one in rows.exec(select(ShownList)).all()]


async def two_today(stage: Stage) -> tuple[Appointment, Appointment]:
    """Grace teaches Emily at 15:20 and, by mistake, at 15:25."""
    grace, _, _, emily = stage.people()
    first = await stage.session(grace, emily, starts_in=HOUR / 3)
    second = await stage.session(grace, emily, starts_in=HOUR / 3 + timedelta(minutes=5))
    return first, second


async def test_a_newer_list_leaves_one_line_of_the_older(stage: Stage) -> None:
    await two_today(stage)
    older = await shown(stage, stage.grace, "/sessions")
    other = await shown(stage, stage.grace, "/upcoming")

    newer = await shown(stage, stage.grace, "/sessions")

    assert (text_of(message_of(stage.grace, older)), labels(message_of(stage.grace, older))) == (
        NEWER,
        [],
    )
    assert len(labels(message_of(stage.grace, newer))) == 2
    assert len(labels(message_of(stage.grace, other))) == 2
    assert sorted(kept(stage)) == ["sessions", "upcoming"]


async def test_a_list_says_what_became_of_its_sessions(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=5 * HOUR)
    of_grace = await shown(stage, stage.grace, "/sessions")
    of_daniel = await shown(stage, stage.daniel, "/upcoming")

    await write(stage, stage.mei, "/upcoming")
    for label in (labels(stage.mei.last())[0], "Cancel", "School event", "Cancel session"):
        await press(stage, stage.mei, label)

    assert "Cancelled by the family" in text_of(message_of(stage.grace, of_grace))
    assert "No sessions today" in text_of(message_of(stage.daniel, of_daniel))
    assert labels(message_of(stage.daniel, of_daniel)) == []


async def test_a_tapped_list_stays_a_list_and_the_card_comes_below(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=HOUR / 3)
    todays = await shown(stage, stage.grace, "/sessions")

    await press(stage, stage.grace, "Check in · Emily Lim")

    assert "In progress" in text_of(message_of(stage.grace, todays))
    assert labels(message_of(stage.grace, todays)) == ["Emily Lim · Today 15:20"]
    assert stage.grace.last()["message_id"] > todays
    assert "In progress" in text_of(stage.grace.last())


async def test_the_other_session_can_still_be_chosen(stage: Stage) -> None:
    first, second = await two_today(stage)
    asked = await shown(stage, stage.grace, "/checkin")
    await press(stage, stage.grace, labels(stage.grace.last())[0])
    assert labels(message_of(stage.grace, asked)) == ["Emily Lim · Today 15:25", "Leave"]

    await press(stage, stage.grace, "Emily Lim · Today 15:25", asked)

    assert {stage.status(first), stage.status(second)} == {Status.CHECKED_IN}
    assert text_of(message_of(stage.grace, asked)) == "✅ Emily: checked in at 15:00"
    assert kept(stage) == []


async def _none(stage: Stage) -> None:
    """Nothing more than two sessions."""


async def _under_way(stage: Stage) -> None:
    await write(stage, stage.grace, "/checkin")
    asked = stage.grace.last()["message_id"]
    for _ in range(2):
        await press(stage, stage.grace, labels(message_of(stage.grace, asked))[0], asked)
    await stage.forward(minutes=90)


CHOICES: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "/checkin": _none,
    "/change": _none,
    "/checkout": _under_way,
    "/notes": _under_way,
}


@pytest.mark.parametrize("command", CHOICES)
async def test_every_question_for_a_session_can_be_left(stage: Stage, command: str) -> None:
    await two_today(stage)
    await CHOICES[command](stage)
    asked = await shown(stage, stage.grace, command)
    before = kept(stage)
    assert labels(stage.grace.last())[-1] == "Leave"

    await press(stage, stage.grace, "Leave")

    assert asked not in [one["message_id"] for one in stage.grace.messages()]
    assert len(kept(stage)) == len(before) - 1


async def test_the_question_to_which_session_notes_go_ends_with_the_answer(stage: Stage) -> None:
    await two_today(stage)
    await _under_way(stage)
    asked = await shown(stage, stage.grace, "/notes")

    await press(stage, stage.grace, labels(stage.grace.last())[0])

    assert asked not in [one["message_id"] for one in stage.grace.messages()]


async def test_what_takes_the_place_of_a_list_is_not_written_over(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=3 * HOUR)
    asked = await shown(stage, stage.mei, "/change")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    question = text_of(message_of(stage.mei, asked))

    await write(stage, stage.daniel, "/change")
    await press(stage, stage.daniel, labels(stage.daniel.last())[0])
    await press(stage, stage.daniel, "Child unwell")
    await press(stage, stage.daniel, labels(stage.daniel.last())[0])

    assert "What has happened?" in question
    assert text_of(message_of(stage.mei, asked)) == question
    assert stage.status(session) is Status.SCHEDULED


async def test_at_midnight_a_list_is_over(stage: Stage) -> None:
    await two_today(stage)
    todays = await shown(stage, stage.grace, "/sessions")
    coming = await shown(stage, stage.mei, "/upcoming")

    await stage.forward(hours=9)

    over = text_of(message_of(stage.grace, todays))
    assert over == "The list of Wed 25 Nov is over. /sessions gives you a new one."
    assert "/upcoming" in text_of(message_of(stage.mei, coming))
    assert labels(message_of(stage.grace, todays)) == []
    with stage.database.reading() as rows:
        assert rows.exec(select(ListedAppointment)).all() == []


@pytest.mark.parametrize("command", ["/pending", "/disputes", "/problems", "/dashboard"])
async def test_a_coordinators_list_that_is_over_names_the_command_that_gave_it(
    stage: Stage, command: str
) -> None:
    await two_today(stage)
    asked = await shown(stage, stage.priya, command)

    await stage.forward(hours=9)

    over = text_of(message_of(stage.priya, asked))
    assert over == f"The list of Wed 25 Nov is over. {command} gives you a new one."


async def test_the_evenings_list_is_of_today_from_midnight_on(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=30 * HOUR)
    await stage.forward(hours=4)
    evening = int(stage.mei.last()["message_id"])
    assert "Tomorrow's sessions" in text_of(stage.mei.last())

    await stage.forward(hours=5)
    text = text_of(message_of(stage.mei, evening))
    assert "Today's sessions" in text
    assert "Mathematics\n21:00-22:30\n" in text

    await stage.forward(hours=24)
    assert text_of(message_of(stage.mei, evening)).startswith("The list of Thu 26 Nov is over.")


async def test_what_a_coordinator_found_follows_its_sessions(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=HOUR / 3)
    found = await shown(stage, stage.priya, "/find lim")
    assert "Scheduled" in text_of(message_of(stage.priya, found))

    await write(stage, stage.grace, "/checkin")

    text = text_of(message_of(stage.priya, found))
    assert "In progress" in text
    assert "Daniel Lim (Parent, linked)" in text


async def test_a_tutors_students_follow_the_next_session(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    offer(stage, grace, emily, "15:00")
    await stage.settled()
    await press(stage, stage.mei, "Accept")
    students = await shown(stage, stage.grace, "/mystudents")
    assert "Next: Mon 30 Nov 15:00-16:30" in text_of(message_of(stage.grace, students))

    await write(stage, stage.mei, "/change")
    for label in (labels(stage.mei.last())[0], "Cancel", "School event", "Cancel session"):
        await press(stage, stage.mei, label)
    assert "Next: Mon 7 Dec 15:00-16:30" in text_of(message_of(stage.grace, students))

    await stage.forward(hours=9)
    text = text_of(message_of(stage.grace, students))
    assert text == "The list of Wed 25 Nov is over. /mystudents gives you a new one."


async def test_the_question_that_takes_the_place_of_the_students_stays_one(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    offer(stage, grace, emily, "15:00")
    await stage.settled()
    await press(stage, stage.mei, "Accept")
    await write(stage, stage.grace, "/mystudents")
    await press(stage, stage.grace, "Enter leave")

    await stage.forward(hours=9)

    assert "On which days are you away?" in text_of(stage.grace.last())


async def test_coordinators_go_from_list_to_list_in_one_message(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=HOUR / 3)
    await write(stage, stage.grace, "/checkin")
    counts = await shown(stage, stage.priya, "/dashboard")
    assert "The agency today (15:00)" in text_of(stage.priya.last())
    await press(stage, stage.priya, "In progress (1)")

    await stage.forward(minutes=110)
    await write(stage, stage.grace, "/checkout")

    assert "No session is in progress." in text_of(message_of(stage.priya, counts))
    assert kept(stage) == ["agency"]


async def test_no_list_of_the_group_is_kept(stage: Stage) -> None:
    stage.people()

    await write(stage, stage.priya_in_group, "/dashboard")

    assert kept(stage) == []
    assert "The agency today" in texts(stage.priya_in_group)[-1]


async def test_the_list_of_tomorrow_leaves_that_of_today_until_midnight(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    for days in (1, 2):
        await stage.session(grace, emily, starts_in=timedelta(days=days, hours=2))
    await stage.forward(hours=3)
    todays = int(stage.mei.last()["message_id"])
    assert text_of(stage.mei.last()).startswith("Tomorrow's sessions\n")

    await stage.forward(hours=24)

    assert text_of(stage.mei.last()).startswith("Tomorrow's sessions\n")
    stands = message_of(stage.mei, todays)
    assert text_of(stands).startswith("Today's sessions\n")
    assert labels(stands) == ["Emily Lim · Today 17:00"]
    await stage.forward(hours=6, minutes=1)
    assert text_of(message_of(stage.mei, todays)).startswith("The list of Thu 26 Nov is over.")


@pytest.mark.parametrize("before", ["/find", "/find emily"])
async def test_below_a_search_is_an_answer_and_no_list(stage: Stage, before: str) -> None:
    await two_today(stage)
    older = await shown(stage, stage.priya, before)

    assert "nobody called “xyzzy”" in await write(stage, stage.priya, "/find xyzzy")

    left = message_of(stage.priya, older)
    assert (text_of(left), labels(left)) == ("⬇️ There is a newer answer below.", [])


async def test_below_a_name_to_invite_is_an_answer_and_no_list(stage: Stage) -> None:
    await two_today(stage)
    older = await shown(stage, stage.priya, "/invite grace")

    await write(stage, stage.priya, "/invite zzz")

    assert text_of(message_of(stage.priya, older)) == "⬇️ There is a newer answer below."
