"""What looks like a time and is none is said to be so, and is no reason (SPEC 6; UX 19)."""

import pytest

from tests.end_to_end.scenes import press, write
from tests.end_to_end.stage import Stage, labels
from tests.end_to_end.test_rescheduling import versions
from tests.end_to_end.test_typed_times import WAYS_ON, when_instead


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("next tues 25:00", ["Tue 1 Dec"]),
        ("thu 16:60", ["New time: Thu 26 Nov 16:00"]),
        ("99", []),
        ("25:00", []),
    ],
)
async def test_what_looks_like_a_time_and_is_none_is_no_reason(
    stage: Stage, typed: str, offered: list[str]
) -> None:
    await when_instead(stage, stage.mei)
    await write(stage, stage.mei, "fri 3pm")

    for _ in range(2):
        asked = await write(stage, stage.mei, typed)
        assert "That looks like a time, but I cannot read it as one." in asked
        assert labels(stage.mei.last()) == [*offered, "Back", "Leave"]

    await write(stage, stage.mei, "She has a fever of 39.5")
    await press(stage, stage.mei, "Send")
    assert versions(stage)[0].text == "She has a fever of 39.5"


@pytest.mark.parametrize("typed", ["next tues 25:00", "thu 16:60", "99", "25:00"])
async def test_where_a_time_is_asked_it_is_said_too(stage: Stage, typed: str) -> None:
    await when_instead(stage, stage.mei)

    asked = await write(stage, stage.mei, typed)

    assert "That looks like a time, but I cannot read it as one." in asked
    assert len(labels(stage.mei.last())) > len(WAYS_ON)
