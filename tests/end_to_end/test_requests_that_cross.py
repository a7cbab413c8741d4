"""Both sides want another time at once: the second one's is an answer (SPEC 6; UX 19)."""

from datetime import timedelta

from sqlmodel import col, select

from chat.callbacks import ConfirmMove, encode
from models import RescheduleProposal
from models.enums import Role
from tests.end_to_end.scenes import almost_asked, press
from tests.end_to_end.stage import Stage, text_of

SEND = encode(ConfirmMove(1))
"""*Send*, tapped on the question as it stood before the other request."""


def proposed(stage: Stage) -> list[tuple[Role, int]]:
    """The sides that proposed a time, and the days of the month."""
    with stage.database.reading() as session:
        found = session.exec(select(RescheduleProposal).order_by(col(RescheduleProposal.id)))
        return [(one.side, one.new_starts_at.day) for one in found]


async def test_whose_request_comes_second_can_suggest_their_time_in_one_tap(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=30))
    asked = await almost_asked(stage, stage.grace, "fri 10am", "Unwell")
    await almost_asked(stage, stage.mei, "sat 10am", "Family matter")
    await press(stage, stage.mei, "Send")

    toast = await press(stage, stage.grace, SEND, asked)

    assert toast == "Mei Lim has just asked for another time. You can still suggest yours."
    assert proposed(stage) == [(Role.PARENT, 28)]
    await press(stage, stage.grace, "Send", asked)
    assert proposed(stage) == [(Role.PARENT, 28), (Role.TUTOR, 27)]
    assert "Grace Tan suggested another time:\nFri 27 Nov 10:00" in text_of(stage.mei.last())


async def test_where_the_other_parent_was_first_it_says_so(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=30))
    asked = await almost_asked(stage, stage.daniel, "fri 10am", "Family matter")
    await almost_asked(stage, stage.mei, "sat 10am", "Family matter")
    await press(stage, stage.mei, "Send")

    toast = await press(stage, stage.daniel, SEND, asked)

    assert "Mei Lim has asked to move this session" in toast
    assert proposed(stage) == [(Role.PARENT, 28)]
