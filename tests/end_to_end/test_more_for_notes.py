"""Of `/notes`, every session of two weeks is in reach, page by page (SPEC 4, 9; UX 17)."""

from datetime import timedelta

from chat.callbacks import NotesPage
from chat.callbacks.codec import encode
from models import Appointment
from models.enums import Status
from tests.end_to_end.note_scenes import parts_of
from tests.end_to_end.scenes import message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of

DAY = timedelta(days=1)
FIRST_PAGE = [
    *("Emily Lim · Today 13:00", "Emily Lim · Yesterday 13:00"),
    *(f"Emily Lim · {day} 13:00" for day in ("Mon 23 Nov", "Sun 22 Nov", "Sat 21 Nov")),
    *(f"Emily Lim · {day} 13:00" for day in ("Fri 20 Nov", "Thu 19 Nov", "Wed 18 Nov")),
    *(f"Emily Lim · {day} 13:00" for day in ("Tue 17 Nov", "Mon 16 Nov", "Sun 15 Nov")),
    "Emily Lim · Sat 14 Nov 13:00",
]
THIRTEENTH = "Emily Lim · Fri 13 Nov 13:00"


async def asked_of_many(stage: Stage, count: int) -> tuple[int, list[Appointment]]:
    """Grace is asked to which of so many sessions, one a day, she adds notes: the message."""
    grace, _, _, emily = stage.people()
    over, two_hours = Status.AWAITING_APPROVAL_PARENT, timedelta(hours=2)
    sessions = [
        await stage.session(grace, emily, starts_in=-two_hours - DAY * ago, status=over)
        for ago in range(count)
    ]
    await write(stage, stage.grace, "/notes")
    return int(stage.grace.last()["message_id"]), sessions


async def test_sessions_that_do_not_fit_into_the_question_are_on_its_next_page(
    stage: Stage,
) -> None:
    asked, _ = await asked_of_many(stage, 13)
    assert labels(message_of(stage.grace, asked)) == [*FIRST_PAGE, "More ›", "Leave"]

    await press(stage, stage.grace, "More ›")

    shown = message_of(stage.grace, asked)
    assert text_of(shown) == "Notes for which session?"
    assert labels(shown) == [THIRTEENTH, "‹ Earlier", "Leave"]
    await press(stage, stage.grace, "‹ Earlier")
    assert labels(message_of(stage.grace, asked)) == [*FIRST_PAGE, "More ›", "Leave"]


async def test_notes_are_added_to_a_session_of_the_next_page_and_the_question_goes(
    stage: Stage,
) -> None:
    asked, sessions = await asked_of_many(stage, 13)
    await press(stage, stage.grace, "More ›")

    await press(stage, stage.grace, THIRTEENTH)
    await write(stage, stage.grace, "Ryan read aloud.")

    assert [part.text for part in parts_of(stage, sessions[-1])] == ["Ryan read aloud."]
    assert asked not in [one["message_id"] for one in stage.grace.messages()]


async def test_what_is_written_below_a_later_page_is_offered_all_the_same(stage: Stage) -> None:
    await asked_of_many(stage, 13)
    await press(stage, stage.grace, "More ›")

    await write(stage, stage.grace, "Fractions.")

    assert "1 text, not in any notes yet. For which session?" in text_of(stage.grace.last())


async def test_a_page_that_is_gone_shows_the_last_one_and_none_says_why(stage: Stage) -> None:
    asked, _ = await asked_of_many(stage, 12)
    assert labels(message_of(stage.grace, asked)) == [*FIRST_PAGE, "Leave"]
    await press(stage, stage.grace, encode(NotesPage(24)), asked)
    assert labels(message_of(stage.grace, asked)) == [*FIRST_PAGE, "Leave"]

    await stage.forward(days=15)
    told = await press(stage, stage.grace, encode(NotesPage(12)), asked)

    assert told == (
        "You have had no session in the last two weeks to write notes for. You can once you have "
        "checked in to one. An older one has Add notes on its card."
    )


async def test_the_page_of_notes_is_a_tutors(stage: Stage) -> None:
    stage.people()
    await write(stage, stage.mei, "/sessions")

    told = await press(stage, stage.mei, encode(NotesPage(0)), stage.mei.last()["message_id"])

    assert told.startswith("This is for tutors.")
