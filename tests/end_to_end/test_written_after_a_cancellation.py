"""What a parent writes after the tutor has cancelled is about that session (SPEC 6, 9; UX 19)."""

from datetime import timedelta

from sqlmodel import select

from models import AuditEvent
from models.enums import Action
from tests.end_to_end.scenes import all_text, look_at, press, take, write
from tests.end_to_end.stage import Stage, labels, text_of, texts
from tests.end_to_end.test_tutor_cancels import SLOT, cancelled

WORDS = "could she have it on friday at 5pm, she has a test"
LOST = "🔁 Emily Lim · Thu 26 Nov 21:00"


def asked(stage: Stage) -> list[AuditEvent]:
    with stage.database.reading() as session:
        query = select(AuditEvent).where(AuditEvent.action == Action.ASK_REPLACEMENT)
        return list(session.exec(query).all())


async def test_it_is_offered_that_session_and_goes_with_the_request(stage: Stage) -> None:
    session = await cancelled(stage)
    take(stage, session, -timedelta(hours=24))  # another one, which is over

    told = await write(stage, stage.mei, WORDS)

    assert "Your message has not been sent to anybody yet." in told
    assert LOST in labels(stage.mei.last())
    await press(stage, stage.mei, LOST)
    assert text_of(stage.mei.last()).endswith(
        "This session is cancelled. Ask the coordinators for a replacement? They get what you "
        f"wrote:\n{WORDS}"
    )
    assert SLOT in text_of(stage.mei.last())
    assert labels(stage.mei.last()) == ["Ask for replacement", "Leave"]
    toast = await press(stage, stage.mei, "Ask for replacement", stage.mei.last()["message_id"])

    assert toast == "You asked for a replacement at 15:00"
    assert WORDS in text_of(stage.mei.last())
    assert text_of(stage.priya_in_group.last()).endswith(WORDS)
    await look_at(stage, stage.priya, session)
    assert WORDS in text_of(stage.priya.last())
    for phone in (stage.grace, stage.daniel):
        assert WORDS not in all_text(phone), "it was written for the coordinators"
    [event] = asked(stage)
    assert event.details == {"text": WORDS}


async def test_a_few_words_will_do_and_a_child_that_is_named_is_enough(stage: Stage) -> None:
    await cancelled(stage)

    await write(stage, stage.mei, "and friday?")

    assert LOST in labels(stage.mei.last())
    await press(stage, stage.mei, "Leave")
    assert text_of(stage.mei.last()) == "Not kept."
    assert asked(stage) == []


async def test_once_one_is_asked_for_it_is_offered_no_more(stage: Stage) -> None:
    await cancelled(stage)
    await write(stage, stage.mei, WORDS)
    offer = stage.mei.last()["message_id"]
    await press(stage, stage.mei, LOST)
    question = labels(stage.mei.last())
    await press(stage, stage.daniel, "Another time")

    await press(stage, stage.mei, question[0], offer)

    assert len(asked(stage)) == 1
    assert LOST not in [one for message in stage.mei.messages() for one in labels(message)]
    await write(stage, stage.mei, WORDS)
    assert LOST not in labels(stage.mei.last())


async def test_who_cancelled_it_is_not_offered_it(stage: Stage) -> None:
    await cancelled(stage)

    await write(stage, stage.grace, "Emily had a fever, I hope she gets well soon")

    assert LOST not in labels(stage.grace.last())
    assert all("replacement" not in one for one in texts(stage.grace)[-1:])


async def test_a_time_right_below_its_card_is_for_it_first(stage: Stage) -> None:
    session = await cancelled(stage)
    take(stage, session, timedelta(hours=1))  # another one, which begins soon
    soon = "📣 Emily Lim · Wed 25 Nov 16:00"

    await write(stage, stage.mei, "sat 28 or sun 29 afternoon")
    assert labels(stage.mei.last())[:2] == [LOST, soon]

    await press(stage, stage.mei, "Leave")
    await write(stage, stage.mei, "we are running late, so sorry")
    assert labels(stage.mei.last())[:2] == [soon, LOST]
