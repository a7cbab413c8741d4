"""What a tutor has before them: /sessions, /upcoming, /todos (SPEC 9; UX 7 and 15)."""

from datetime import timedelta

import pytest

from models.enums import Status
from sandbox.wire import Json
from tests import builders
from tests.end_to_end.scenes import press, under_way, write
from tests.end_to_end.stage import Stage, buttons, labels, text_of


def links(message: Json) -> list[str]:
    """The addresses behind a message's words."""
    return [one["url"] for one in message.get("entities", []) if one["type"] == "text_link"]


async def test_sessions_gives_time_student_address_with_map_status_and_button(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(minutes=20))
    await stage.session(grace, emily, starts_in=timedelta(hours=4))

    await write(stage, stage.grace, "/sessions")

    listed = stage.grace.last()
    assert text_of(listed) == (
        "Today's sessions\n\n"
        "Emily Lim · Mathematics\n15:20-16:50\n📍 18 Bishan Street\nScheduled\n\n"
        "Emily Lim · Mathematics\n19:00-20:30\n📍 18 Bishan Street\nScheduled"
    )
    assert set(links(listed)) == {
        "https://www.google.com/maps/search/?api=1&query=18%20Bishan%20Street"
    }
    assert labels(listed) == ["Check in · Emily Lim", "Emily Lim · Today 19:00"]


async def test_taps_for_two_sessions_of_one_child_have_their_start(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    under_way = await stage.session(
        grace, emily, starts_in=-timedelta(minutes=80), status=Status.CHECKED_IN
    )
    await stage.session(grace, emily, starts_in=timedelta(minutes=20))

    await write(stage, stage.grace, "/sessions")

    assert labels(stage.grace.last()) == [
        "Check out · Emily Lim, 13:40",
        "Check in · Emily Lim, 15:20",
    ]
    await press(stage, stage.grace, "Check out · Emily Lim, 13:40")
    assert stage.status(under_way) is Status.AWAITING_APPROVAL_PARENT


async def test_a_tap_in_a_list_leaves_its_sessions_in_it(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(minutes=20))
    await stage.session(grace, emily, starts_in=timedelta(hours=4))
    await write(stage, stage.grace, "/sessions")
    listed = stage.grace.last()
    check_in = buttons(listed)[0][0]["callback_data"]

    stage.grace.press(check_in, listed["message_id"])
    stage.grace.press(check_in, listed["message_id"])
    await stage.settled()

    kept, *cards = stage.grace.messages()[-2:]
    assert kept["message_id"] == listed["message_id"]
    assert labels(kept) == ["Emily Lim · Today 15:20", "Emily Lim · Today 19:00"]
    assert "In progress" in text_of(kept)
    assert ["In progress" in text_of(card) for card in cards] == [True]


async def test_a_sessions_button_opens_its_card(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=4))
    await write(stage, stage.grace, "/sessions")

    await press(stage, stage.grace, "Emily Lim · Today 19:00")

    card = text_of(stage.grace.last())
    assert card.startswith("Emily Lim · Mathematics\nToday 19:00-20:30\n📍 18 Bishan Street")
    assert labels(stage.grace.last()) == ["Tell the coordinators"]


@pytest.mark.parametrize(
    ("status", "shown", "buttons"),
    [
        (Status.CHECKED_IN, "In progress", ["Check out · Emily Lim"]),
        (Status.AWAITING_APPROVAL_PARENT, "Awaiting acknowledgement", None),
        (Status.APPROVED, "Acknowledged", None),
        (Status.DISPUTED, "Disputed", None),
        (Status.CANCELLED_BY_TUTOR, "Cancelled by the tutor", None),
        (Status.CANCELLED_BY_PARENT, "Cancelled by the family", None),
        (Status.NOT_COMPLETED, "Not Completed", None),
    ],
)
async def test_every_status_reads_as_a_tutor_reads_it(
    stage: Stage, status: Status, shown: str, buttons: list[str] | None
) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=-1), status=status)

    answer = await write(stage, stage.grace, "/sessions")

    assert answer.endswith(f"\n{shown}")
    assert labels(stage.grace.last()) == (buttons or ["Emily Lim · Today 14:00"])


async def test_upcoming_is_the_seven_days_after_today(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    for days in (0, 1, 7, 8):
        await stage.session(grace, emily, starts_in=timedelta(days=days, hours=1))

    answer = await write(stage, stage.grace, "/upcoming")

    assert "Today 16:00-17:30" in answer
    assert "Tomorrow 16:00-17:30" in answer
    assert "Wed 2 Dec 16:00-17:30" in answer
    assert answer.count("Emily Lim") == 3


async def test_empty_lists_say_what_comes_next(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    booked = "New sessions show up here as soon as they are booked."
    assert await write(stage, stage.grace, "/sessions") == f"No sessions today. {booked}"
    nothing = "No sessions today or in the next seven days."
    assert await write(stage, stage.grace, "/upcoming") == f"{nothing} {booked}"
    assert (await write(stage, stage.grace, "/todos")).startswith("Nothing left to do.")

    await stage.session(grace, emily, starts_in=timedelta(days=20))
    following = "The next one: Emily Lim, Tue 15 Dec 15:00-16:30."
    assert await write(stage, stage.grace, "/sessions") == f"No sessions today. {following}"
    assert await write(stage, stage.grace, "/upcoming") == f"{nothing} {following}"


async def test_todos_are_check_ins_check_outs_and_missing_notes(stage: Stage) -> None:
    session = await under_way(stage)
    assert "In progress" in await write(stage, stage.grace, "/todos")
    await press(stage, stage.grace, "Check out · Emily Lim")
    await write(stage, stage.grace, "/todos")
    assert text_of(stage.grace.last()).endswith("Notes are missing")

    await press(stage, stage.grace, "📝 Emily Lim · Today 13:40")
    await write(stage, stage.grace, "one")
    await press(stage, stage.grace, "Done")

    assert (await write(stage, stage.grace, "/todos")).startswith("Nothing left to do.")
    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT


async def test_a_list_longer_than_a_message_says_how_many_more(stage: Stage) -> None:
    grace, mei, _, _ = stage.people()
    with stage.database.unit_of_work() as session:
        child = builders.student(
            session, name="Annalise " + "Wolfe " * 6, guardians=[mei], address="Tower & Yard " * 30
        )
    for hours in range(40):
        await stage.session(grace, child, starts_in=timedelta(days=1, hours=hours), minutes=30)

    answer = await write(stage, stage.grace, "/upcoming")

    assert "more" in answer.rsplit("\n", 1)[-1]
    assert len(answer) <= 4096


async def test_reading_lists_changes_nothing(stage: Stage) -> None:
    session = await under_way(stage)
    await stage.forward(hours=30)

    for command in ("/sessions", "/upcoming", "/todos"):
        await write(stage, stage.grace, command)

    assert stage.status(session) is Status.CHECKED_IN


async def test_a_tutor_elsewhere_reads_their_own_times_with_the_zone(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    with stage.database.unit_of_work() as rows:
        person = rows.get_one(type(grace), grace.id)
        person.time_zone = "Asia/Tokyo"
    await stage.session(grace, emily, starts_in=timedelta(minutes=20))

    answer = await write(stage, stage.grace, "/sessions")

    assert "\n16:20-17:50 Tokyo time\n" in answer
    assert "Tokyo" in answer
