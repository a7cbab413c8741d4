"""A tutor tells the coordinators about a check-in or check-out that was missed (SPEC 3)."""

from datetime import timedelta

from sqlmodel import select

from models import Appointment, AuditEvent
from models.enums import Action, Status
from tests.end_to_end.reminded import change
from tests.end_to_end.scenes import card_of, look_at, message_of, press, write
from tests.end_to_end.stage import Stage, buttons, labels, text_of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TELL = "Tell the coordinators"
WORDS = "I was there 15:00 to 16:30, the battery was empty."


async def missed(stage: Stage, status: Status = Status.SCHEDULED) -> Appointment:
    """Grace taught Emily two days ago, and did not check in, or not out."""
    grace, _, _, emily = stage.people()
    return await stage.session(grace, emily, starts_in=-2 * DAY, status=status)


async def opened(stage: Stage) -> None:
    """Grace has opened its card from what is left to do."""
    await write(stage, stage.grace, "/todos")
    await press(stage, stage.grace, labels(stage.grace.last())[0])


def told(stage: Stage) -> list[AuditEvent]:
    with stage.database.reading() as session:
        found = session.exec(
            select(AuditEvent).where(AuditEvent.action == Action.TELL_COORDINATORS)
        )
        return list(found.all())


async def test_what_the_tutor_writes_goes_to_the_group_as_it_stands(stage: Stage) -> None:
    session = await missed(stage)
    listed = await write(stage, stage.grace, "/todos")
    assert "Emily Lim · Mathematics" in listed
    assert "No check-in" in listed
    await press(stage, stage.grace, labels(stage.grace.last())[0])
    assert labels(stage.grace.last()) == [TELL]

    await press(stage, stage.grace, TELL)
    assert "with the times at which you came and left" in text_of(stage.grace.last())
    answer = await write(stage, stage.grace, WORDS)

    assert answer.startswith("The coordinators have your message and will see to it.")
    assert WORDS in answer
    in_group = card_of(stage.priya_in_group, "Message from the tutor about a missed check-in")
    assert text_of(in_group).endswith(
        f"Emily · Mathematics\nMon 23 Nov 15:00-16:30\nwith Grace Tan\n{WORDS}"
    )
    assert labels(in_group)[0] == "Correct attendance"
    assert "url" in buttons(in_group)[0][0]
    assert stage.status(session) is Status.SCHEDULED
    assert await write(stage, stage.grace, "/todos") == (
        "Nothing left to do. Sessions without notes appear here."
    )


async def test_of_a_missed_check_out_the_time_of_leaving_is_asked(stage: Stage) -> None:
    session = await missed(stage, Status.CHECKED_IN)
    await opened(stage)
    assert labels(stage.grace.last()) == ["Add notes", TELL]

    await press(stage, stage.grace, TELL)
    assert "with the time at which you left" in text_of(stage.grace.last())
    await write(stage, stage.grace, "Left at 16:40.")

    assert "about a missed check-out" in text_of(stage.priya_in_group.last())
    assert stage.status(session) is Status.CHECKED_IN


async def test_once_the_times_are_entered_the_message_is_dealt_with(stage: Stage) -> None:
    await missed(stage)
    await opened(stage)
    await press(stage, stage.grace, TELL)
    await write(stage, stage.grace, WORDS)
    link = buttons(card_of(stage.priya_in_group, WORDS))[0][0]["url"]
    stage.priya.start(link.partition("start=")[2])
    await stage.settled()
    assert WORDS in text_of(stage.priya.last())

    await press(stage, stage.priya, "Correct attendance")
    await press(stage, stage.priya, "As booked")
    await write(stage, stage.priya, "Grace was there.")

    assert not [one for one in stage.priya_in_group.messages() if WORDS in text_of(one)]
    assert "✅ Dealt with: Emily, Mon 23 Nov 15:00-16:30" in [
        text_of(one) for one in stage.priya_in_group.messages()
    ]
    assert WORDS not in text_of(card_of(stage.grace, "Awaiting acknowledgement"))


async def test_who_was_overtaken_reads_why_and_the_words_back(stage: Stage) -> None:
    session = await missed(stage)
    await opened(stage)
    await press(stage, stage.grace, TELL)
    change(stage, session, status=Status.CANCELLED_BY_TUTOR)

    answer = await write(stage, stage.grace, WORDS)

    assert answer.endswith(WORDS)
    assert told(stage) == []


async def test_the_same_again_is_told_once_and_more_is_told_too(stage: Stage) -> None:
    await missed(stage)
    await opened(stage)
    for words in (WORDS, WORDS, "Emily's mother saw me."):
        await press(stage, stage.grace, TELL)
        await write(stage, stage.grace, words)

    assert [(one.details or {})["text"] for one in told(stage)] == [WORDS, "Emily's mother saw me."]


async def test_a_check_out_that_was_missed_is_in_progress_no_longer(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=-HOUR, status=Status.CHECKED_IN, minutes=90)
    for phone in (stage.grace, stage.mei):
        await write(stage, phone, "/sessions")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    of_mei = stage.mei.last()["message_id"]
    await stage.forward(minutes=30)  # until 15:30: the reminder has the card
    card = card_of(stage.grace, "In progress")["message_id"]
    await stage.forward(hours=24)
    assert "Check out" in labels(message_of(stage.grace, card))
    await stage.forward(seconds=1)

    told = text_of(message_of(stage.grace, card))
    assert told.startswith(
        "No check-out, so nothing is billed so far. Ask a coordinator to enter when you left.\n"
        "Emily Lim"
    )
    assert labels(message_of(stage.grace, card)) == ["Add notes", TELL]
    assert "In progress" not in told
    for_mei = text_of(message_of(stage.mei, of_mei))
    assert for_mei.startswith("No check-out: nothing is charged so far.\nEmily Lim")
    assert "No check-out" in await write(stage, stage.grace, "/todos")
    await press(stage, stage.grace, labels(stage.grace.last())[0])
    await press(stage, stage.grace, TELL)
    await write(stage, stage.grace, WORDS)
    assert (await write(stage, stage.grace, "/todos")).startswith("Nothing left to do.")


async def test_coordinators_read_from_the_start_on_that_nobody_has_checked_in(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=HOUR, minutes=60)
    await look_at(stage, stage.priya, session)
    card = stage.priya.last()["message_id"]
    await write(stage, stage.priya, "/find emily")
    found = stage.priya.last()["message_id"]
    for hours, state in ((0, "Scheduled"), (1, "Not checked in yet"), (1, "No check-in")):
        await stage.forward(hours=hours)
        for one in (card, found):
            assert f"\n{state}" in text_of(message_of(stage.priya, one)), state
    await stage.forward(hours=7)
    assert "\nMissed check-in" in text_of(message_of(stage.priya, card))


async def test_what_has_begun_without_check_in_waits_until_its_day_is_over(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=HOUR, minutes=60)
    begun = "Begun without check-in\n\nEmily Lim · Today 16:00-17:00\nwith Grace Tan"
    assert "Begun" not in await write(stage, stage.priya, "/pending")

    for hours in (1, 7.9):  # it begins, and is over
        await stage.forward(hours=hours)
        assert begun in await write(stage, stage.priya, "/pending")
    await stage.forward(hours=1)

    told = await write(stage, stage.priya, "/pending")
    assert "Begun" not in told
    assert "Attendance is missing" in told
