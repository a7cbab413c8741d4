"""What is written long after an offer or a request came is not taken for its answer (UX 19)."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import Person
from models.enums import Role, Status
from tests import builders
from tests.end_to_end.matching import offer
from tests.end_to_end.scenes import ask_to_move, press, report, write
from tests.end_to_end.stage import Stage, labels, text_of

ANSWER = "Answer: Emily Lim · Physics"
RYAN = "Ryan Lim · Wed 25 Nov 13:40"


async def offered_before(stage: Stage) -> Person:
    """Physics is offered for Emily; after that Ryan's session is over, and Mei has its card."""
    grace, mei, _, emily = stage.people()
    with stage.database.unit_of_work() as work:
        ryan = builders.student(work, name="Ryan Lim", guardians=[mei])
    offer(stage, grace, emily, "15:00", subject="Physics")
    await stage.settled()
    await stage.session(grace, ryan, starts_in=-timedelta(minutes=80), status=Status.CHECKED_IN)
    await write(stage, stage.grace, "/checkout")
    await press(stage, stage.grace, "Skip for now")
    return grace


@pytest.mark.parametrize(
    "typed",
    [
        "ok which homework?",
        "ok noted but pls tell Grace to bring the book",
        "yes he did it last night",
        "Ryan can only do it on friday",
    ],
)
async def test_what_was_told_last_is_what_words_are_about(stage: Stage, typed: str) -> None:
    await offered_before(stage)

    told = await write(stage, stage.mei, typed)

    assert "📨 Your message has not been sent to anybody yet." in told
    assert "Report a problem" in labels(stage.mei.last())
    assert ANSWER not in labels(stage.mei.last())
    await press(stage, stage.mei, "Leave", stage.mei.last()["message_id"])
    assert "tap its button" in await write(stage, stage.mei, "no problem")


@pytest.mark.parametrize("typed", ["yes", "Accept!", "no"])
async def test_a_plain_answer_still_brings_the_offer(stage: Stage, typed: str) -> None:
    await offered_before(stage)

    await write(stage, stage.mei, typed)

    assert labels(stage.mei.last()) == ["Accept", "Decline"]


async def test_words_that_name_its_subject_are_about_it(stage: Stage) -> None:
    await offered_before(stage)

    for typed in ("how much are the physics lessons", "physics price?"):
        await write(stage, stage.mei, typed)
        assert labels(stage.mei.last())[0] == ANSWER
        await press(stage, stage.mei, "Leave", stage.mei.last()["message_id"])


async def test_unless_a_session_has_the_same(stage: Stage) -> None:
    grace = await offered_before(stage)
    with stage.database.unit_of_work() as work:
        mei = work.exec(select(Person).where(Person.name == "Mei Lim")).one()
        zoe = builders.student(work, name="Zoe Lim", guardians=[mei])
    over = Status.AWAITING_APPROVAL_PARENT
    await stage.session(grace, zoe, starts_in=-timedelta(hours=3), subject="Physics", status=over)

    await write(stage, stage.mei, "the physics lesson was far too short")

    assert ANSWER not in labels(stage.mei.last())


async def test_just_after_a_report_a_no_or_can_is_more_of_it_before_an_answer(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=-timedelta(minutes=80), status=Status.CHECKED_IN)
    await write(stage, stage.grace, "/checkout")
    await press(stage, stage.grace, "Skip for now")
    await press(stage, stage.mei, "Acknowledge")
    await report(stage, stage.mei, "She scolded him.")
    later = await stage.session(grace, emily, starts_in=timedelta(days=12))
    ask_to_move(stage, later, Role.TUTOR)

    told = await write(stage, stage.mei, "there was no reason for it")

    assert "Is it about your report on Emily Lim" in told
    assert labels(stage.mei.last())[:2] == ["Add to it", "Answer: Emily Lim · Mon 7 Dec 15:00"]
    assert text_of(stage.mei.last()).count("Which session") == 0


async def test_a_request_for_the_other_child_is_not_meant(stage: Stage) -> None:
    grace = await offered_before(stage)
    with stage.database.unit_of_work() as work:
        mei = work.exec(select(Person).where(Person.name == "Mei Lim")).one()
        zoe = builders.student(work, name="Zoe Lim", guardians=[mei])
    later = await stage.session(grace, zoe, starts_in=timedelta(days=12))
    ask_to_move(stage, later, Role.TUTOR)

    await write(stage, stage.mei, "Ryan can only do it on friday")
    assert not any(one.startswith("Answer") for one in labels(stage.mei.last()))
    await press(stage, stage.mei, "Leave", stage.mei.last()["message_id"])
    await write(stage, stage.mei, "Zoe can only do it on friday")

    assert labels(stage.mei.last())[0].startswith("Answer: Zoe Lim")
