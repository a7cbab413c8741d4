"""A request to move a session where nobody of the other side can answer (SPEC 6, 9)."""

from datetime import timedelta

from sqlmodel import col, update

from models import Person
from tests.end_to_end.scenes import all_text, card_of, press, write
from tests.end_to_end.stage import GRACE, Stage, labels, text_of
from tests.end_to_end.test_rescheduling import ask, open_card, suggest

NOT_JOINED = "Grace Tan cannot answer: they have not joined yet."
FOLLOWS = "Without an answer by Thu 26 Nov 21:00, the session will not take place."
TOLD = "Nobody can answer yet. The coordinators have been told."


async def tomorrow_without(stage: Stage, who: str, **values: object) -> None:
    """Tomorrow's session, where these people cannot be reached."""
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=30))
    is_one = col(Person.is_tutor) if who == "tutor" else col(Person.is_parent)
    with stage.database.unit_of_work() as session:
        session.exec(update(Person).where(is_one).values(**values))


async def test_before_it_is_sent_and_after_the_parent_reads_that_the_tutor_cannot_answer(
    stage: Stage,
) -> None:
    await tomorrow_without(stage, "tutor", started_at=None)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Change time")
    await write(stage, stage.mei, "fri 4pm")
    await press(stage, stage.mei, "Family matter")
    panel = text_of(stage.mei.last())
    assert panel.endswith(f"{NOT_JOINED} The coordinators will be told. {FOLLOWS}")

    assert await press(stage, stage.mei, "Send") == TOLD

    assert text_of(stage.mei.last()).endswith(f"{NOT_JOINED} The coordinators know. {FOLLOWS}")


async def test_the_coordinators_are_told_and_can_see_to_it(stage: Stage) -> None:
    await tomorrow_without(stage, "tutor", started_at=None)

    await ask(stage, stage.mei, "fri 4pm", "Family matter")

    card = stage.priya_in_group.last()
    assert text_of(card).split("\n") == [
        "🔁 The family has asked to move this session to Fri 27 Nov 16:00-17:30",
        "Emily · Mathematics",
        "Thu 26 Nov 21:00-22:30",
        "with Grace Tan",
        NOT_JOINED,
        FOLLOWS,
    ]
    assert labels(card)[0] == "Invite"
    assert {"Move", "Other tutor"} < set(labels(card))


async def test_leave_that_asks_a_family_in_vain_is_told_to_the_coordinators(stage: Stage) -> None:
    await tomorrow_without(stage, "parent", started_at=None)
    for text in ("/leave", "26 nov", "A wedding"):
        await write(stage, stage.grace, text)

    await press(stage, stage.grace, "Enter leave")

    told = text_of(card_of(stage.priya_in_group, "The tutor has asked to move this session"))
    assert "Nobody can answer: no parent of this child can be reached here." in told
    assert FOLLOWS in told


async def test_once_the_tutor_joins_they_are_asked_and_nothing_else_is_said_any_more(
    stage: Stage,
) -> None:
    await tomorrow_without(stage, "tutor", started_at=None)
    await ask(stage, stage.mei, "fri 4pm", "Family matter")

    stage.grace.start()
    await stage.settled()

    assert "cannot answer" not in all_text(stage.priya_in_group)
    assert "cannot answer" not in all_text(stage.mei)
    assert "Waiting for an answer" in text_of(card_of(stage.mei, "You asked"))
    assert labels(card_of(stage.grace, "Mei Lim asked"))[0] == "Accept"


async def test_a_tutor_who_has_blocked_the_bot_and_comes_back(stage: Stage) -> None:
    await tomorrow_without(stage, "tutor", unreachable_since=stage.now)
    await ask(stage, stage.mei, "fri 4pm", "Family matter")
    blocked = "Grace Tan cannot answer: they have blocked the bot."
    assert blocked in text_of(stage.mei.last())
    assert blocked in text_of(stage.priya_in_group.last())

    await write(stage, stage.grace, "/upcoming")

    assert "blocked the bot" not in all_text(stage.mei)
    assert "blocked the bot" not in all_text(stage.priya_in_group)


async def test_settled_the_group_keeps_no_claim(stage: Stage) -> None:
    await tomorrow_without(stage, "tutor", started_at=None)
    await ask(stage, stage.mei, "fri 4pm", "Family matter")

    await press(stage, stage.mei, "Withdraw")

    assert "Dealt with" in text_of(stage.priya_in_group.last())
    assert "cannot answer" not in all_text(stage.priya_in_group)


async def test_a_family_of_whom_nobody_can_answer(stage: Stage) -> None:
    await tomorrow_without(stage, "parents", started_at=None)

    await ask(stage, stage.grace, "fri 4pm")

    why = "Nobody can answer: no parent of this child can be reached here."
    assert why in text_of(stage.grace.last())
    assert why in text_of(stage.priya_in_group.last())
    assert "The tutor has asked to move" in text_of(stage.priya_in_group.last())


async def test_a_family_that_reads_the_pages_can_answer(stage: Stage) -> None:
    await tomorrow_without(stage, "parents", started_at=None, web_since=stage.now)

    await ask(stage, stage.grace, "fri 4pm")

    assert stage.priya_in_group.messages() == []
    assert "Waiting for an answer" in text_of(stage.grace.last())


async def test_one_parent_who_can_answer_is_enough(stage: Stage) -> None:
    await tomorrow_without(stage, "parents", language="en")
    with stage.database.unit_of_work() as session:
        is_daniel = col(Person.name) == "Daniel Lim"
        session.exec(update(Person).where(is_daniel).values(started_at=None))

    await ask(stage, stage.grace, "fri 4pm")

    assert stage.priya_in_group.messages() == []
    assert "Waiting for an answer" in text_of(stage.grace.last())


async def test_a_counter_proposal_to_somebody_who_has_blocked_the_bot_meanwhile(
    stage: Stage,
) -> None:
    await tomorrow_without(stage, "parents", language="en")
    await ask(stage, stage.grace, "fri 4pm")
    with stage.database.unit_of_work() as session:
        is_grace = col(Person.telegram_user_id) == GRACE
        session.exec(update(Person).where(is_grace).values(unreachable_since=stage.now))

    await suggest(stage, stage.mei, "fri 6pm")

    assert "blocked the bot" in text_of(stage.mei.last())
    assert "blocked the bot" in text_of(stage.priya_in_group.last())
