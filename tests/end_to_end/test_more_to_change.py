"""Of `/change`, every session that can be changed is in reach, page by page (SPEC 6, 9; UX 17)."""

from datetime import timedelta

from tests.end_to_end.scenes import message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of

DAY = timedelta(days=1)
FIRST_PAGE = [
    "Emily Lim · Tomorrow 15:00",
    *(f"Emily Lim · {day} 15:00" for day in ("Fri 27 Nov", "Sat 28 Nov", "Sun 29 Nov")),
    *(f"Emily Lim · {day} 15:00" for day in ("Mon 30 Nov", "Tue 1 Dec", "Wed 2 Dec", "Thu 3 Dec")),
    *(f"Emily Lim · {day} 15:00" for day in ("Fri 4 Dec", "Sat 5 Dec", "Sun 6 Dec", "Mon 7 Dec")),
]


async def asked_of_many(stage: Stage, count: int) -> int:
    """Mei is asked which of so many sessions, one a day, she wants to change: the message."""
    grace, _, _, emily = stage.people()
    for ahead in range(1, count + 1):
        await stage.session(grace, emily, starts_in=DAY * ahead)
    await write(stage, stage.mei, "/change")
    return int(stage.mei.last()["message_id"])


async def cancel(stage: Stage, label: str) -> None:
    """Mei cancels the session of a button."""
    for step in (label, "Cancel", "School event", "Cancel session"):
        await press(stage, stage.mei, step)


async def test_sessions_that_do_not_fit_into_the_list_are_on_its_next_page(stage: Stage) -> None:
    asked = await asked_of_many(stage, 15)
    assert labels(message_of(stage.mei, asked)) == [*FIRST_PAGE, "More ›", "Leave"]

    await press(stage, stage.mei, "More ›")

    shown = message_of(stage.mei, asked)
    assert "Which session do you want to change?" in text_of(shown)
    assert labels(shown) == [
        "Emily Lim · Tue 8 Dec 15:00",
        "Emily Lim · Wed 9 Dec 15:00",
        "Emily Lim · Thu 10 Dec 15:00",
        "‹ Earlier",
        "Leave",
    ]
    await press(stage, stage.mei, "‹ Earlier")
    assert labels(message_of(stage.mei, asked)) == [*FIRST_PAGE, "More ›", "Leave"]


async def test_a_page_of_the_list_changes_with_its_sessions(stage: Stage) -> None:
    asked = await asked_of_many(stage, 14)
    await press(stage, stage.mei, "More ›")

    await cancel(stage, "Emily Lim · Wed 9 Dec 15:00")

    left = ["Emily Lim · Tue 8 Dec 15:00", "‹ Earlier", "Leave"]
    assert labels(message_of(stage.mei, asked)) == left

    await cancel(stage, "Emily Lim · Tue 8 Dec 15:00")
    assert labels(message_of(stage.mei, asked)) == [*FIRST_PAGE, "Leave"]


async def test_who_has_few_sessions_has_one_page(stage: Stage) -> None:
    asked = await asked_of_many(stage, 12)

    assert labels(message_of(stage.mei, asked)) == [*FIRST_PAGE, "Leave"]
