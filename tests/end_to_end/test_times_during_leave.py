"""For each session during leave a tutor chooses in the chat: cancel, ask to move, or leave it as
it is (SPEC 7; UX 10).
"""

from datetime import timedelta

from sqlmodel import select

from models import RescheduleProposal
from sandbox.wire import Json
from tests.builders import AGENCY
from tests.end_to_end.scenes import card_of, message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
TITLE = "🌴 Away: Wed 2 Dec to Fri 4 Dec\nReason:\nA wedding"
ASKED = (
    "What happens to this session?\nChoose a time to ask for, or cancel or keep it.\n"
    "Or type it, like fri 4pm or 28/11 16:00."
)


async def every_week(stage: Stage) -> None:
    """Emily has a session each Wednesday at 15:00 and each Thursday at 16:00, for months."""
    grace, _, _, emily = stage.people()
    for week in range(1, 12):
        await stage.session(grace, emily, starts_in=week * WEEK)
        await stage.session(
            grace, emily, starts_in=week * WEEK + DAY + timedelta(hours=1), subject="Physics"
        )


async def reviewing(stage: Stage, days: str = "2-4 dec") -> str:
    """Grace has typed her days and her reason; what she is shown."""
    for typed in ("/leave", days):
        await write(stage, stage.grace, typed)
    return await write(stage, stage.grace, "A wedding")


def asked(stage: Stage) -> list[str]:
    """The times that families are asked for."""
    with stage.database.reading() as session:
        found = session.exec(select(RescheduleProposal)).all()
    return [f"{one.new_starts_at.astimezone(AGENCY.zone):%a %d %b %H:%M}" for one in found]


def last(stage: Stage) -> Json:
    return stage.grace.last()


async def test_where_no_such_time_is_free_afterwards_any_other_can_be_asked_for(
    stage: Stage,
) -> None:
    await every_week(stage)
    shown = await reviewing(stage)
    assert shown.count("→ stays as it is") == 2

    await press(stage, stage.grace, "1. Keep as it is")

    assert text_of(last(stage)) == (
        "Emily Lim · Mathematics\nWed 2 Dec 15:00-16:30\n📍 18 Bishan Street\n→ stays as it is\n\n"
        + ASKED
    )
    offered = labels(last(stage))
    assert offered[:5] == [
        "Sat 5 Dec 15:00",
        "Sun 6 Dec 15:00",
        "Mon 7 Dec 15:00",
        "Tue 8 Dec 15:00",
        "Fri 11 Dec 15:00",
    ]
    assert offered[5:] == ["Other day", "Cancel", "Keep it", "Back"]
    await press(stage, stage.grace, "Mon 7 Dec 15:00")
    assert "1. Emily Lim, Mathematics, Wed 2 Dec 15:00-16:30\n→ ask to move to Mon 7 Dec 15:00" in (
        text_of(last(stage))
    )

    await press(stage, stage.grace, "2. Keep as it is")
    await write(stage, stage.grace, "fri 11 dec 5pm")
    assert "→ ask to move to Fri 11 Dec 17:00" in text_of(last(stage))
    await press(stage, stage.grace, "Enter leave")

    assert text_of(last(stage)).endswith("Sessions: 2 asked to move")
    assert asked(stage) == ["Mon 07 Dec 15:00", "Fri 11 Dec 17:00"]


async def test_another_time_than_the_likely_one_is_chosen_and_changed_again(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=WEEK)
    assert "→ ask to move to Wed 9 Dec 15:00-16:30" in await reviewing(stage)

    await press(stage, stage.grace, "1. Ask to move")
    assert labels(last(stage))[0] == "Wed 9 Dec 15:00"
    await press(stage, stage.grace, "Other day")
    days = labels(last(stage))
    assert {"Tue 1 Dec", "Sat 5 Dec"} <= set(days)
    assert not {"Wed 2 Dec", "Thu 3 Dec", "Fri 4 Dec"} & set(days)
    await press(stage, stage.grace, "Tue 1 Dec")
    await press(stage, stage.grace, "18:00")

    assert "→ ask to move to Tue 1 Dec 18:00-19:30" in text_of(last(stage))
    await press(stage, stage.grace, "1. Ask to move")
    await press(stage, stage.grace, "Keep it")
    assert "→ stays as it is" in text_of(last(stage))
    await press(stage, stage.grace, "1. Keep as it is")
    await press(stage, stage.grace, "Back")
    assert "→ stays as it is" in text_of(last(stage))
    assert labels(last(stage)) == ["1. Keep as it is", "Enter leave", "Back", "Stop"]


async def test_a_time_that_cannot_be_asked_for_says_why_and_asks_again(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=WEEK)
    await stage.session(grace, emily, starts_in=WEEK + DAY, subject="Physics")
    await reviewing(stage)
    await press(stage, stage.grace, "1. Ask to move")

    during = await write(stage, stage.grace, "thu 3 dec 6pm")
    assert "You are away on Thu 3 Dec. Please choose another day." in during
    taken = await write(stage, stage.grace, "thu 10 dec 4pm")  # where the other is asked to move
    assert "You have another session then" in taken
    either = await write(stage, stage.grace, "4 dec or 6 dec 6pm")
    assert "You are away on Fri 4 Dec. Please choose another day.\nDo you mean this?" in either
    assert labels(last(stage))[0] == "Sun 6 Dec 18:00"
    unread = await write(stage, stage.grace, "whenever")
    assert "Please type a day and a time" in unread
    await write(stage, stage.grace, "thu 10 dec 6pm")

    assert "→ ask to move to Thu 10 Dec 18:00-19:30" in text_of(last(stage))


async def test_sessions_that_do_not_fit_into_the_list_are_on_its_next_page(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    for ahead in range(14):
        await stage.session(grace, emily, starts_in=WEEK + ahead * DAY)
    await reviewing(stage, "2-20 dec")
    assert "… and 2 more" in text_of(last(stage))

    await press(stage, stage.grace, "More ›")

    assert "14. Emily Lim, Mathematics, Tue 15 Dec 15:00-16:30" in text_of(last(stage))
    await press(stage, stage.grace, "14. Ask to move")
    await press(stage, stage.grace, "Cancel")
    assert labels(last(stage))[:3] == ["13. Ask to move", "14. Cancel", "‹ Earlier"]
    await press(stage, stage.grace, "‹ Earlier")
    assert "1. Emily Lim, Mathematics, Wed 2 Dec 15:00-16:30" in text_of(last(stage))


async def test_put_aside_at_a_session_it_goes_on_there(stage: Stage) -> None:
    await every_week(stage)
    await reviewing(stage)
    await press(stage, stage.grace, "1. Keep as it is")
    await write(stage, stage.grace, "/sessions")

    await press(stage, stage.grace, "Go on")

    question = card_of(stage.grace, ASKED)["message_id"]
    await press(stage, stage.grace, "Back")
    assert text_of(message_of(stage.grace, question)).startswith(TITLE)


async def test_a_reason_that_speaks_of_other_days_is_asked_about(stage: Stage) -> None:
    stage.people()
    await write(stage, stage.grace, "/leave")
    await write(stage, stage.grace, "next week")

    asked_which = await write(stage, stage.grace, "5-13 dec family trip")

    assert "Are those other days, or the reason?\n5-13 dec family trip" in asked_which
    assert labels(last(stage)) == [
        "New days: Sat 5 Dec to Sun 13 Dec",
        "It is the reason",
        "Back",
        "Stop",
    ]
    await press(stage, stage.grace, "New days: Sat 5 Dec to Sun 13 Dec")
    assert text_of(last(stage)).startswith("🌴 Away: Sat 5 Dec to Sun 13 Dec\n\nWhy?")
    shown = await write(stage, stage.grace, "Family trip, 6-8 dec in Rome")
    assert "Reason:\nFamily trip, 6-8 dec in Rome" in shown

    await write(stage, stage.grace, "My sister marries, 20-21 dec")
    await press(stage, stage.grace, "It is the reason")
    assert "in Rome\nMy sister marries, 20-21 dec" in text_of(last(stage))
