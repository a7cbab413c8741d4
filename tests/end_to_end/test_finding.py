"""Coordinators find people and sessions, and read what waits on whom (SPEC 9; UX 13, 16)."""

from datetime import timedelta

import pytest
from telegram import BotCommandScopeAllGroupChats

from chat.menus import set_common_menu
from models import Person, Student
from models.enums import Role
from tests.end_to_end.scenes import all_text, ask_to_move, just_over, press, report, write
from tests.end_to_end.stage import Stage, buttons, labels, text_of


async def test_a_name_finds_people_children_and_their_sessions(stage: Stage) -> None:
    await just_over(stage)

    told = await write(stage, stage.priya, "/find lim")

    assert told.split("\n\n")[:3] == [
        "People\nDaniel Lim (Parent, linked)\nMei Lim (Parent, linked)",
        "Children\nEmily Lim: Daniel Lim, Mei Lim",
        "Sessions since two weeks ago, the nearest first",
    ]
    assert "Emily Lim · Mathematics" in told
    assert "Awaiting acknowledgement" in told
    assert labels(stage.priya.last()) == ["Emily Lim · Today 13:40"]
    await press(stage, stage.priya, labels(stage.priya.last())[0])
    assert "Verify" in labels(stage.priya.last())


async def test_a_complete_name_with_many_sessions_leads_to_all_of_them(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    for day in range(1, 12):
        await stage.session(grace, emily, starts_in=timedelta(days=day))

    told = await write(stage, stage.priya, "/find emily lim")

    assert len(labels(stage.priya.last())) == 10
    assert told.endswith("There are more sessions: /web shows all of them, under Sessions.")


async def test_who_is_not_linked_is_told_and_a_name_that_nobody_has(stage: Stage) -> None:
    stage.people()
    with stage.database.unit_of_work() as rows:
        rows.add(Person(name="Zoe Tan", is_tutor=True))

    assert "Zoe Tan (Tutor, not linked)" in await write(stage, stage.priya, "/find zoe")
    assert "nobody called “xyz”" in await write(stage, stage.priya, "/find xyz")
    assert "Send /find with a name" in await write(stage, stage.priya, "/find")
    for phone in (stage.grace, stage.mei):
        assert "Only coordinators" in await write(stage, phone, "/find lim")


async def test_a_mistyped_name_gets_the_likeliest_as_buttons(stage: Stage) -> None:
    await just_over(stage)

    told = await write(stage, stage.priya, "/find Emliy")

    assert told == "There is nobody called “Emliy” here. Do you mean one of these?"
    assert labels(stage.priya.last()) == ["Emily Lim"]
    await press(stage, stage.priya, "Emily Lim")
    assert "Emily Lim: Daniel Lim, Mei Lim" in text_of(stage.priya.last())
    await write(stage, stage.priya, "/find Danial")
    await press(stage, stage.priya, "Daniel Lim")
    assert "Daniel Lim (Parent, linked)" in text_of(stage.priya.last())


async def test_in_the_group_only_counts_and_a_link(stage: Stage) -> None:
    await just_over(stage)

    told = await write(stage, stage.priya_in_group, "/find lim")

    assert told.split("\n")[:3] == ["People: 2", "Children: 1", "Sessions: 1"]
    assert "Lim" not in told
    (link,) = buttons(stage.priya_in_group.last())[0]
    assert link["url"].startswith("https://t.me/")
    told = await write(stage, stage.priya_in_group, "/pending")
    assert told == "Waiting now\nNot answered by the parents: 1"
    (link,) = buttons(stage.priya_in_group.last())[0]
    assert link["url"].endswith("?start=pending")
    stage.priya.start("pending")
    await stage.settled()
    assert "Not answered by the parents" in text_of(stage.priya.last())


async def test_what_waits_on_whom_with_a_button_each(stage: Stage) -> None:
    session = await just_over(stage)
    with stage.database.reading() as rows:
        tutor = rows.get_one(Person, session.tutor_id)
        emily = rows.get_one(Student, session.student_id)
    later = await stage.session(tutor, emily, starts_in=timedelta(hours=30))
    ask_to_move(stage, later, Role.PARENT)
    await report(stage, stage.mei, "The tutor was late.")

    told = await write(stage, stage.priya, "/pending")

    assert told.split("\n\n") == [
        "Not answered by the parents",
        "Emily Lim · Today 13:40-15:10\nwaiting for Daniel Lim, Mei Lim, asked at 15:00",
        "Requests to move a session",
        (
            "Emily Lim · Tomorrow 21:00-22:30\n→ Tomorrow 23:00 - Fri 27 Nov 00:30\nwaiting for "
            "Grace Tan, until tomorrow 21:00"
        ),
        "Problem reports",
        "Report 1\nEmily Lim · Today 13:40-15:10\nfrom Mei Lim, not claimed yet",
    ]
    assert labels(stage.priya.last()) == [
        "Emily Lim · Today 13:40",
        "Emily Lim · Tomorrow 21:00",
        "Report 1",
    ]


async def test_attendance_that_a_coordinator_has_to_enter_waits_too(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=-timedelta(days=1))

    told = await write(stage, stage.priya_in_group, "/pending")
    assert told == "Waiting now\nAttendance is missing: 1"

    await write(stage, stage.priya, "/pending")
    assert text_of(stage.priya.last()) == (
        "Attendance is missing\n\nEmily Lim · Yesterday 15:00-16:30\nMissed check-in"
    )
    assert labels(stage.priya.last()) == ["Emily Lim · Yesterday 15:00"]


async def test_where_nothing_waits_it_says_so_and_parents_have_their_own_list(
    stage: Stage,
) -> None:
    stage.people()
    assert "Nothing is waiting: no session" in await write(stage, stage.priya, "/pending")
    assert "Nothing is waiting for your answer" in await write(stage, stage.mei, "/pending")
    assert "This is for parents" in await write(stage, stage.grace, "/pending")
    assert "Nothing is waiting: no session" not in all_text(stage.mei)


async def test_what_is_answered_in_private_is_not_in_the_groups_menu(stage: Stage) -> None:
    bot = stage.running.application.bot
    await set_common_menu(bot, stage.running.app)

    shown = await bot.get_my_commands(BotCommandScopeAllGroupChats())

    offered = [one.command for one in shown]
    assert offered == ["dashboard", "pending", "disputes", "problems", "lowpackages", "stop"]


@pytest.mark.parametrize("typed", ["lim", "LIM", "lim?"])
async def test_a_name_that_a_coordinator_types_is_one_tap_from_what_is_found(
    stage: Stage, typed: str
) -> None:
    await just_over(stage)

    told = await write(stage, stage.priya, typed)

    assert "Lima" not in told
    name = typed.strip("?")
    assert labels(stage.priya.last()) == [f"Find “{name}”"]
    await press(stage, stage.priya, f"Find “{name}”")
    assert "Emily Lim: Daniel Lim, Mei Lim" in text_of(stage.priya.last())


async def test_so_are_the_names_in_a_sentence(stage: Stage) -> None:
    await just_over(stage)

    await write(stage, stage.priya, "what is going on with emily lim and grace")

    assert labels(stage.priya.last()) == ["Find “emily lim”", "Find “grace”"]
    assert "not sure what to do" in await write(stage, stage.priya, "what is going on with him")


async def test_of_a_coordinator_who_teaches_only_a_name_alone_is(stage: Stage) -> None:
    session = await just_over(stage)
    with stage.database.unit_of_work() as rows:
        rows.get_one(Person, session.tutor_id).is_coordinator = True

    await write(stage, stage.grace, "emily did well")
    assert labels(stage.grace.last()) == ["Keep for Emily's notes", "Leave"]
    await press(stage, stage.grace, "Leave", stage.grace.last()["message_id"])
    await write(stage, stage.grace, "daniel")

    assert labels(stage.grace.last()) == ["Find “daniel”"]


async def test_nobody_else_is_offered_to_find_people(stage: Stage) -> None:
    await just_over(stage)

    await write(stage, stage.mei, "lim")

    assert not any(one.startswith("Find") for one in labels(stage.mei.last()))
