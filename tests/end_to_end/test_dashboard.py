"""What coordinators look after: `/dashboard`, its lists, and what was missed (SPEC 3, 9)."""

from datetime import timedelta

from models.enums import Status
from tests import builders
from tests.end_to_end.scenes import (
    WHY,
    all_text,
    card_of,
    disputed,
    follow,
    just_over,
    live_buttons,
    press,
    under_way,
    write,
)
from tests.end_to_end.stage import GROUP, PRIYA, Stage, buttons, labels, text_of, texts


async def test_the_dashboard_counts_and_leads_to_each_list(stage: Stage) -> None:
    await just_over(stage)

    answer = await write(stage, stage.priya, "/dashboard")

    assert "Sessions today: 1" in answer
    assert "Awaiting parents: 1" in answer
    assert "Open disputes: 0" in answer
    assert labels(stage.priya.last()) == ["Awaiting (1)", "Attendance"]
    await press(stage, stage.priya, "Awaiting (1)")
    assert "Emily Lim · Mathematics" in text_of(stage.priya.last())
    await press(stage, stage.priya, "Back")
    assert "The agency today" in text_of(stage.priya.last())
    assert len(texts(stage.priya)) == 1


async def test_a_session_that_awaits_is_verified_with_a_reason(stage: Stage) -> None:
    session = await just_over(stage)
    await write(stage, stage.priya, "/dashboard")
    await press(stage, stage.priya, "Awaiting (1)")
    await press(stage, stage.priya, f"se.1:{session.id}")
    await press(stage, stage.priya, "Verify")
    done = await write(stage, stage.priya, WHY)

    assert done == "✅ You verified this at 15:00."
    assert stage.status(session) is Status.APPROVED
    for parent in (stage.mei, stage.daniel):
        assert "Priya Nair verified this at 15:00" in text_of(parent.last())
        assert WHY in text_of(parent.last())
        assert labels(parent.last()) == ["Report a problem"]


async def test_verify_on_what_a_parent_acknowledged_meanwhile_asks_for_nothing(
    stage: Stage,
) -> None:
    session = await just_over(stage)
    await write(stage, stage.priya, "/dashboard")
    await press(stage, stage.priya, "Awaiting (1)")
    await press(stage, stage.priya, f"se.1:{session.id}")
    card = stage.priya.last()["message_id"]
    await press(stage, stage.mei, "Acknowledge")
    assert "Mei Lim acknowledged this" in text_of(stage.priya.last())

    late = await press(stage, stage.priya, f"vs.1:{session.id}", card)

    assert late == "Mei Lim acknowledged this at 15:00"
    assert "not sure what to do" in await write(stage, stage.priya, WHY)


async def test_a_mistaken_check_in_is_cleared_with_a_reason(stage: Stage) -> None:
    session = await under_way(stage)
    await write(stage, stage.priya, "/dashboard")
    await press(stage, stage.priya, "In progress (1)")
    await press(stage, stage.priya, f"se.1:{session.id}")
    await press(stage, stage.priya, "Clear check-in")
    await write(stage, stage.priya, "Tapped on the way.")

    assert stage.status(session) is Status.SCHEDULED
    told = text_of(stage.grace.last())
    assert "cleared your check-in" in told
    assert told.count("Tapped on the way.") == 1
    assert "Check in" in labels(stage.grace.last())


async def test_open_disputes_are_listed_with_who_claimed_them(stage: Stage) -> None:
    await disputed(stage)
    assert "Not claimed yet" in await write(stage, stage.priya, "/disputes")
    await press(stage, stage.marcus_in_group, "Claim")

    answer = await write(stage, stage.priya, "/disputes")

    assert "Claimed by Marcus Lee" in answer
    assert await write(stage, stage.priya_in_group, "/disputes") == "Open disputes: 1"
    await press(stage, stage.priya, "Dispute 1")
    assert labels(stage.priya.last()) == ["Verify", "Uphold", "Return"]


async def test_a_session_is_found_by_a_name(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    ahead = await stage.session(grace, emily, starts_in=timedelta(days=20))
    recent = await stage.session(
        grace, emily, starts_in=-timedelta(days=13), status=Status.APPROVED
    )
    await stage.session(grace, emily, starts_in=-timedelta(days=15), status=Status.APPROVED)
    assert "/find with a name" in await write(stage, stage.priya, "/dashboard")

    for name in ("emily", "GRACE tan"):
        found = await write(stage, stage.priya, f"/dashboard {name}")
        assert found.count("Emily Lim · Mathematics") == 2
        assert found.index("Scheduled") < found.index("Acknowledged")
    rows = buttons(stage.priya.last())
    assert [row[0]["callback_data"] for row in rows[:2]] == [
        f"se.1:{ahead.id}",
        f"se.1:{recent.id}",
    ]
    await press(stage, stage.priya, f"se.1:{ahead.id}")
    assert labels(stage.priya.last()) == ["Cancel", "Move", "Other tutor"]
    nobody = await write(stage, stage.priya, "/dashboard 100%")
    assert nobody == "No session of “100%” in the last two weeks, and none to come."


async def test_of_very_many_sessions_of_a_name_the_first_are_shown(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    for day in range(16):
        await stage.session(grace, emily, starts_in=timedelta(days=day + 1))

    assert "There are more" in await write(stage, stage.priya, "/dashboard Emily")
    assert len(labels(stage.priya.last())) == 16
    assert "Emily" not in await write(stage, stage.priya_in_group, "/dashboard Emily")
    assert "Only coordinators" in await write(stage, stage.mei, "/dashboard Emily")


async def test_without_disputes_the_list_says_where_they_come(stage: Stage) -> None:
    stage.people()
    assert "No open disputes." in await write(stage, stage.priya, "/disputes")
    for command, told in (
        ("/disputes", "No open disputes. New ones are posted here."),
        ("/problems", "No open problem reports. New ones are posted here."),
    ):
        assert await write(stage, stage.priya_in_group, command) == told


async def test_a_missed_check_in_is_alerted_once_in_the_group(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=1))

    await stage.forward(hours=9, seconds=-1)
    assert texts(stage.priya_in_group) == []
    await stage.forward(seconds=1)
    await stage.forward(hours=30)

    assert len(texts(stage.priya_in_group)) == 1
    alert = stage.priya_in_group.last()
    assert "Missed check-in\nEmily · Mathematics" in text_of(alert)
    assert "Emily Lim" not in text_of(alert)
    assert stage.status(session) is Status.SCHEDULED
    stage.priya.start("missed")
    await stage.settled()
    assert "Missed check-in" in text_of(stage.priya.last())


async def test_a_missed_check_out_is_alerted_once_in_the_group(stage: Stage) -> None:
    session = await under_way(stage)  # until 15:10

    await stage.forward(hours=24, minutes=10)
    assert texts(stage.priya_in_group) == []
    await stage.forward(seconds=1)
    await stage.forward(hours=30)

    assert len(texts(stage.priya_in_group)) == 1
    assert "Missed check-out\nEmily · Mathematics" in text_of(stage.priya_in_group.last())
    assert stage.status(session) is Status.CHECKED_IN


async def test_very_many_missed_sessions_still_fit_into_messages(stage: Stage) -> None:
    grace, _, _, _ = stage.people()
    with stage.database.unit_of_work() as work:
        for number in range(60):
            builders.appointment(
                work,
                tutor=grace,
                student=builders.student(work, name=f"Maximiliane Number {number}"),
                starts_at=stage.now - timedelta(days=2),
                subject="Additional Mathematics and Physics",
            )
    await stage.forward(seconds=1)

    assert "… and 45 more" in text_of(stage.priya_in_group.last())
    await write(stage, stage.priya, "/dashboard")
    await press(stage, stage.priya, "Missed (60)")
    assert "… and 45 more" in text_of(stage.priya.last())


async def test_lists_asked_for_in_the_group_show_counts_only(stage: Stage) -> None:
    await disputed(stage)
    for command in ("/dashboard", "/pending", "/disputes"):
        answer = await write(stage, stage.priya_in_group, command)
        assert "Open disputes: 1" in answer
        assert labels(stage.priya_in_group.last()) == ["Open"]
    url = buttons(stage.priya_in_group.last())[0][0]["url"]
    assert "Emily Lim" not in all_text(stage.priya_in_group)

    await follow(stage, stage.priya, url)
    assert "Emily Lim" in text_of(card_of(stage.priya, "Open disputes"))


async def test_what_shows_names_or_links_is_not_answered_in_the_group(stage: Stage) -> None:
    await disputed(stage)
    for command in ("/start dispute_1", "/invite", "/sessions", "/upcoming", "/help", "/checkin"):
        answer = await write(stage, stage.priya_in_group, command)
        assert "in our private chat" in answer
        assert labels(stage.priya_in_group.last()) == ["Open"]
    assert "Emily Lim" not in all_text(stage.priya_in_group)


def test_the_groups_menu_has_what_works_there(stage: Stage) -> None:
    menu = stage.world.profile.commands_for(stage.world.directory, PRIYA, GROUP)

    assert [one["command"] for one in menu] == [
        *("dashboard", "pending", "disputes", "problems", "lowpackages", "stop"),
    ]


async def test_a_forged_list_is_a_stale_button(stage: Stage) -> None:
    stage.people()
    await write(stage, stage.priya, "/dashboard")
    message_id = stage.priya.last()["message_id"]

    assert "out of date" in await press(stage, stage.priya, "ls.1:everything", message_id)
    assert "Only coordinators" in await press(stage, stage.mei, "ls.1:missed", 1)


async def test_others_get_no_dashboard(stage: Stage) -> None:
    stage.people()
    for phone in (stage.grace, stage.mei):
        for command in ("/dashboard", "/disputes", "/problems", "/invite"):
            assert "Only coordinators" in await write(stage, phone, command)


async def test_a_coordinator_who_teaches_may_correct_their_own_missed_session(
    stage: Stage,
) -> None:
    _, _, _, emily = stage.people()
    with stage.database.unit_of_work() as work:
        owner = builders.coordinator(
            work, name="Olivia Goh", is_tutor=True, telegram_user_id=stage.stranger.user_id
        )
    await stage.session(owner, emily, starts_in=-timedelta(days=1))
    stage.stranger.start("missed")
    await stage.settled()

    await press(stage, stage.stranger, stage.stranger.buttons()[0])

    assert labels(stage.stranger.last())[0] == "Correct attendance"
    assert len(live_buttons(stage.stranger)) == 2


async def test_pending_has_the_open_disputes(stage: Stage) -> None:
    await disputed(stage)

    await write(stage, stage.priya, "/pending")

    told = text_of(stage.priya.last())
    assert told.startswith("Open disputes\n\nDispute 1\nEmily Lim")
    assert told.endswith("Not claimed yet")
    await press(stage, stage.priya, "Dispute 1")
    assert "Uphold" in labels(stage.priya.last())
