"""Lists that do not fit into a message have pages, like the questions for a session (UX 2)."""

from datetime import timedelta

import pytest

from models.enums import Status
from tests.end_to_end.scenes import press, write
from tests.end_to_end.stage import Stage, labels, text_of

MANY = 20


async def many(stage: Stage, first: timedelta, status: Status) -> None:
    """Grace has many sessions of half an hour with Emily, an hour apart."""
    grace, _, _, emily = stage.people()
    for number in range(MANY):
        await stage.session(
            grace, emily, starts_in=first + timedelta(hours=number), minutes=30, status=status
        )


@pytest.mark.parametrize(
    ("who", "command", "shown", "status"),
    [
        ("grace", "/upcoming", timedelta(hours=30), Status.SCHEDULED),
        ("mei", "/upcoming", timedelta(hours=30), Status.SCHEDULED),
        ("grace", "/todos", -timedelta(hours=60), Status.APPROVED),
    ],
)
async def test_what_does_not_fit_is_one_tap_away(
    stage: Stage, who: str, command: str, shown: timedelta, status: Status
) -> None:
    await many(stage, shown, status)
    phone = getattr(stage, who)

    told = await write(stage, phone, command)

    first, left = labels(phone.last())[:-1], MANY - len(labels(phone.last())) + 1
    assert labels(phone.last())[-1] == "More ›"
    assert f"… and {left} more" in told
    place = phone.last()["message_id"]
    await press(stage, phone, "More ›")
    second = labels(phone.last())[:-1]
    assert (phone.last()["message_id"], labels(phone.last())[-1]) == (place, "‹ Earlier")
    assert len(set(first) | set(second)) == MANY
    assert "more" not in text_of(phone.last())
    await press(stage, phone, "‹ Earlier")
    assert labels(phone.last()) == [*first, "More ›"]


async def test_the_coordinators_lists_have_pages_for_coordinators(stage: Stage) -> None:
    await many(stage, -timedelta(hours=40), Status.AWAITING_APPROVAL_PARENT)
    await write(stage, stage.priya, "/dashboard")
    await press(stage, stage.priya, f"Awaiting ({MANY})")
    first = labels(stage.priya.last())[:-2]
    assert labels(stage.priya.last())[-2:] == ["More ›", "Back"]

    await press(stage, stage.priya, "More ›")

    second = labels(stage.priya.last())[:-2]
    assert labels(stage.priya.last())[-2:] == ["‹ Earlier", "Back"]
    assert len({*first, *second}) == MANY
    await write(stage, stage.mei, "/upcoming")
    for forged in ("lo.1:agency:awaiting:0", "lo.1:found::0", "lo.1:todos::0"):
        await press(stage, stage.mei, forged, stage.mei.last()["message_id"])
        assert "Emily Lim" not in text_of(stage.mei.last()), forged
