"""What stands in a chat says "Today" on the day itself and at no other time (UX 7, 17)."""

from datetime import timedelta

from sqlmodel import select

from models import Card
from tests.end_to_end.scenes import (
    answer_in_group,
    card_of,
    just_over,
    message_of,
    press,
    report,
    tell,
    write,
)
from tests.end_to_end.stage import Stage, labels, text_of


async def _card_of_tomorrow(stage: Stage) -> int:
    """Mei has opened the card of tomorrow's session, 21:00 on; it is 15:00."""
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=30))
    await write(stage, stage.mei, "/upcoming")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    return int(stage.mei.last()["message_id"])


async def test_a_card_says_today_on_the_day_itself(stage: Stage) -> None:
    card = await _card_of_tomorrow(stage)
    assert "Thu 26 Nov 21:00-22:30" in text_of(stage.mei.last())

    await stage.forward(hours=9, seconds=-1)
    assert "Thu 26 Nov 21:00-22:30" in text_of(message_of(stage.mei, card))
    await stage.forward(seconds=1)
    assert "Today 21:00-22:30" in text_of(message_of(stage.mei, card))

    await stage.forward(hours=24)
    assert "Thu 26 Nov 21:00-22:30" in text_of(message_of(stage.mei, card))
    with stage.database.reading() as rows:
        assert {one.true_until for one in rows.exec(select(Card)).all()} == {None}


async def test_a_card_under_a_word_about_it_says_today_no_longer_either(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=3))
    await write(stage, stage.mei, "/sessions")
    await press(stage, stage.mei, labels(stage.mei.last())[0])

    await tell(stage, stage.mei, "Child unwell")

    told = stage.mei.last()
    assert "Today 18:00-19:30" in text_of(told)
    with stage.database.reading() as rows:
        card = rows.exec(select(Card).where(Card.message_id == told["message_id"])).one()
        assert card.true_until is not None


async def test_a_question_says_the_date_since_it_may_be_answered_after_midnight(
    stage: Stage,
) -> None:
    await _card_of_tomorrow(stage)
    await press(stage, stage.mei, "Change time")
    asked = stage.mei.last()
    await press(stage, stage.mei, "Other day")

    assert "Thu 26 Nov 21:00-22:30" in text_of(asked)
    days = labels(stage.mei.last())
    assert days[:2] == ["Wed 25 Nov", "Thu 26 Nov"]
    for word in ("Today", "Tomorrow", "Yesterday"):
        assert word not in " ".join([text_of(asked), *labels(asked), *days])


async def test_who_did_something_has_its_date_from_the_next_day_on(stage: Stage) -> None:
    await just_over(stage)
    await stage.forward(hours=18)
    await press(stage, stage.mei, "Acknowledge")
    card = stage.mei.last()["message_id"]
    assert "You acknowledged this at 09:00" in text_of(message_of(stage.mei, card))

    await stage.forward(hours=15)
    assert "You acknowledged this on Thu 26 Nov at 09:00" in text_of(message_of(stage.mei, card))

    await stage.forward(hours=24)
    assert "You acknowledged this on Thu 26 Nov at 09:00" in text_of(message_of(stage.mei, card))


async def test_a_report_says_from_the_next_day_on_which_day_it_was_claimed_and_answered(
    stage: Stage,
) -> None:
    await just_over(stage)
    await report(stage, stage.mei, "The tutor left early.")
    await press(stage, stage.priya_in_group, "Claim")
    await press(stage, stage.priya_in_group, "Reply")
    await answer_in_group(stage, stage.priya_in_group, "We have asked her.")
    stage.priya.start("problem_1")
    await stage.settled()
    cards = [
        (stage.mei, card_of(stage.mei, "Your report")["message_id"], "Priya Nair"),
        (stage.priya, stage.priya.last()["message_id"], "You"),
        (
            stage.priya_in_group,
            card_of(stage.priya_in_group, "Problem report")["message_id"],
            "Priya Nair",
        ),
    ]
    for phone, card, who in cards:
        told = text_of(message_of(phone, card))
        assert f"{who} claimed the report at 15:00\n{who} replied to the report at 15:00" in told

    for _ in range(2):
        await stage.forward(hours=15)

        for phone, card, who in cards:
            told = text_of(message_of(phone, card))
            assert f"{who} claimed the report on Wed 25 Nov at 15:00" in told
            assert f"{who} replied to the report on Wed 25 Nov at 15:00" in told
