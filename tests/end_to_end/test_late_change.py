"""In the last four hours coordinators are told, and change nothing by it (SPEC 6)."""

from datetime import timedelta

import pytest
from sqlmodel import select

from chat.callbacks import CancelFor, encode
from models import Appointment, AuditEvent, ProblemReport
from models.enums import Action, ChangeReason, Role, Status
from sandbox.phone import Phone
from sandbox.wire import Json
from tests import builders
from tests.end_to_end.chats import Chat
from tests.end_to_end.scenes import ask_to_move, card_of, look_at, message_of, press, tell, write
from tests.end_to_end.stage import STRANGER, Stage, labels, text_of, texts

TELL = "Tell the coordinators"


async def soon(stage: Stage) -> Appointment:
    """Grace teaches Emily at 18:00; it is 15:00."""
    grace, _, _, emily = stage.people()
    return await stage.session(grace, emily, starts_in=timedelta(hours=3))


async def open_card(stage: Stage, phone: Phone) -> None:
    await write(stage, phone, "/sessions")
    await press(stage, phone, labels(phone.last())[0])


def told(stage: Stage) -> list[AuditEvent]:
    """What coordinators were told, by the audit trail."""
    with stage.database.reading() as rows:
        found = rows.exec(select(AuditEvent).where(AuditEvent.action == Action.TELL_COORDINATORS))
        return list(found.all())


def left_in_group(stage: Stage) -> Json:
    """What stands in the group of the card about a session at 18:00."""
    return card_of(stage.priya_in_group, "Emily, Wed 25 Nov 18:00-19:30. ")


async def test_the_refusal_offers_it_and_a_reason_reaches_the_group(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=5))
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    asked = stage.mei.last()["message_id"]
    await stage.forward(hours=2)

    reason = encode(CancelFor(session.id, ChangeReason.CHILD_UNWELL))
    toast = await press(stage, stage.mei, reason, asked)
    assert "only a coordinator can change it: tell them what has happened." in toast
    assert labels(stage.mei.last()) == [TELL]
    await press(stage, stage.mei, TELL)
    assert labels(stage.mei.last()) == [
        "Child unwell",
        "School event",
        "Family matter",
        "Schedule conflict",
        "Other",
        "Leave",
    ]
    await press(stage, stage.mei, "Child unwell")

    assert text_of(stage.mei.last()).startswith("The coordinators have your message")
    card = stage.priya_in_group.last()
    assert text_of(card) == (
        "📣 Message from the family about this session\nEmily · Mathematics\nWed 25 Nov "
        "20:00-21:30\nwith Grace Tan\nReason: Child unwell"
    )
    assert labels(card) == ["Cancel", "Move", "Other tutor", "Dealt with"]
    assert stage.status(session) is Status.SCHEDULED
    assert [(one.reason, one.from_status) for one in told(stage)] == [("child_unwell", None)]


async def test_each_button_of_the_card_leads_to_its_own_questions(stage: Stage) -> None:
    session = await soon(stage)
    await open_card(stage, stage.mei)
    await tell(stage, stage.mei, "Child unwell")
    group, priya = Chat(stage, stage.priya_in_group), Chat(stage, stage.priya)
    links = [group.link(label) for label in ("Cancel", "Move", "Other tutor")]

    for link, asked in zip(
        links,
        ("Cancel for the family", "When instead?", "No other tutor is free then."),
        strict=True,
    ):
        await priya.open(link)
        assert asked in text_of(stage.priya.last())
        assert "Emily Lim" in text_of(stage.priya.last())
    assert sum("Emily Lim" in text for text in texts(stage.priya)) == 1
    await priya.open(links[0])
    assert "Who is cancelling?" not in text_of(stage.priya.last())
    await write(stage, stage.priya, "Emily is ill.")
    await press(stage, stage.priya, "Cancel session")
    assert stage.status(session) is Status.CANCELLED_BY_PARENT

    await priya.open(links[1])

    assert text_of(stage.priya.last()) == (
        "You cancelled this for the family at 15:00\nEmily Lim · Today 18:00-19:30"
    )
    for phone in (stage.mei, stage.grace):
        phone.start(f"change_move_{session.id}")
        await stage.settled()
        assert text_of(phone.last()).startswith("Only coordinators can do this.")
        assert "Emily" not in text_of(phone.last())


async def test_for_whom_it_is_cancelled_is_asked_after_back_and_where_both_sides_wrote(
    stage: Stage,
) -> None:
    session = await soon(stage)
    await open_card(stage, stage.grace)
    await tell(stage, stage.grace, "Emergency")
    group, priya = Chat(stage, stage.priya_in_group), Chat(stage, stage.priya)
    await priya.open(group.link("Cancel"))
    assert "Who is cancelling?" not in text_of(stage.priya.last())

    await press(stage, stage.priya, "Back")

    assert "Who is cancelling?" in text_of(stage.priya.last())
    await press(stage, stage.priya, "Leave")
    await open_card(stage, stage.mei)
    await tell(stage, stage.mei, "Child unwell")
    await priya.open(group.link("Cancel"))
    assert "Who is cancelling?" in text_of(stage.priya.last())
    await press(stage, stage.priya, "The family")
    await write(stage, stage.priya, "Emily is ill.")
    await press(stage, stage.priya, "Cancel session")
    assert stage.status(session) is Status.CANCELLED_BY_PARENT


async def five_hours_ahead(stage: Stage) -> Appointment:
    """Grace teaches Emily at 20:00; it is 15:00."""
    grace, _, _, emily = stage.people()
    return await stage.session(grace, emily, starts_in=timedelta(hours=5))


async def test_a_typed_reason_is_told_word_for_word(stage: Stage) -> None:
    await soon(stage)
    await open_card(stage, stage.grace)
    await press(stage, stage.grace, TELL)
    await press(stage, stage.grace, "Other")
    assert labels(stage.grace.last()) == ["Back", "Leave"]
    await write(stage, stage.grace, "My <bus> broke down.")

    assert text_of(stage.grace.last()).startswith("The coordinators have your message")
    card = text_of(stage.priya_in_group.last())
    assert card.startswith("📣 Message from the tutor about this session")
    assert card.endswith("with Grace Tan\nReason:\nMy <bus> broke down.")


async def test_what_is_written_too_late_is_what_the_button_below_it_tells_once(
    stage: Stage,
) -> None:
    session = await five_hours_ahead(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "Other")
    await stage.forward(hours=2)

    assert "only a coordinator" in await write(stage, stage.mei, "Grandma <fell>.")
    refused = stage.mei.last()
    assert "tell them what has happened.\nGrandma <fell>.\n\nEmily Lim" in text_of(refused)
    assert labels(refused) == [TELL]
    stage.mei.press(TELL)
    stage.mei.press(TELL)
    await stage.settled()

    assert text_of(stage.mei.last()).startswith("The coordinators have your message")
    assert text_of(stage.priya_in_group.last()).endswith("Reason:\nGrandma <fell>.")
    assert len(told(stage)) == 1
    assert stage.status(session) is Status.SCHEDULED
    await press(stage, stage.mei, TELL)
    assert "What has happened?" in text_of(stage.mei.last())


async def test_so_is_what_is_written_too_late_to_move_it(stage: Stage) -> None:
    await five_hours_ahead(stage)
    await open_card(stage, stage.daniel)
    await press(stage, stage.daniel, "Change time")
    await write(stage, stage.daniel, "fri 4pm")
    await stage.forward(hours=2)

    told_so_far = "New time: Fri 27 Nov 16:00\nWe are all at the hospital"
    assert told_so_far in await write(stage, stage.daniel, "We are all at the hospital")
    await stage.restart()
    await press(stage, stage.daniel, TELL, stage.daniel.last()["message_id"])

    assert text_of(stage.priya_in_group.last()).endswith(f"Reason:\n{told_so_far}")


@pytest.mark.parametrize("words", [None, "He has a match then."])
async def test_the_new_time_and_the_reason_that_were_chosen_are_told_with_what_was_written(
    stage: Stage, words: str | None
) -> None:
    await five_hours_ahead(stage)
    await open_card(stage, stage.daniel)
    await press(stage, stage.daniel, "Change time")
    await write(stage, stage.daniel, "fri 4pm")
    await press(stage, stage.daniel, "School event")
    if words is not None:
        await write(stage, stage.daniel, words)
    asked = stage.daniel.last()["message_id"]
    said = "\n".join(filter(None, ["Reason: School event", "New time: Fri 27 Nov 16:00", words]))

    await stage.forward(hours=1)

    assert text_of(message_of(stage.daniel, asked)).endswith(said)
    await press(stage, stage.daniel, TELL, asked)
    assert text_of(stage.priya_in_group.last()).endswith(said)


@pytest.mark.parametrize("tap", ["Send", "School event", "Fri 27 Nov 20:00"])
async def test_what_is_tapped_when_the_limit_has_just_passed_is_told_too(
    stage: Stage, tap: str
) -> None:
    await five_hours_ahead(stage)
    await open_card(stage, stage.daniel)
    await press(stage, stage.daniel, "Change time")
    said = ["New time: Fri 27 Nov 20:00"]
    if tap != said[0].removeprefix("New time: "):
        await press(stage, stage.daniel, "Fri 27 Nov 20:00")
        said.insert(0, "Reason: School event")
    if tap == "Send":
        await press(stage, stage.daniel, "School event")
    stage.world.clock.move_to(stage.now + timedelta(hours=1))

    assert "only a coordinator can change it" in await press(stage, stage.daniel, tap)

    await press(stage, stage.daniel, TELL)
    assert "\n".join(said) in text_of(stage.daniel.last())
    await press(stage, stage.daniel, "Send it")
    assert text_of(stage.priya_in_group.last()).endswith("\n".join(said))


async def test_what_was_written_before_the_limit_is_sent_from_the_question_that_is_over(
    stage: Stage,
) -> None:
    await five_hours_ahead(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "Other")
    await write(stage, stage.mei, "Grandma fell.")
    asked = stage.mei.last()["message_id"]

    await stage.forward(hours=1)

    over = message_of(stage.mei, asked)
    assert text_of(over).endswith("tell them what has happened.\nGrandma fell.")
    before = len(texts(stage.mei))
    await press(stage, stage.mei, TELL, asked)
    assert text_of(message_of(stage.mei, asked)).startswith("The coordinators have your message")
    assert len(texts(stage.mei)) == before
    assert text_of(stage.priya_in_group.last()).endswith("Reason:\nGrandma fell.")


async def test_a_question_on_the_card_says_why_it_is_over_and_its_words_are_offered(
    stage: Stage,
) -> None:
    await five_hours_ahead(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "Family matter")
    card = stage.mei.last()["message_id"]

    await stage.forward(hours=1)

    over = message_of(stage.mei, card)
    assert text_of(over).startswith(
        "This session starts at 20:00. In the last four hours only a coordinator can change it: "
        "tell them what has happened.\n\nEmily Lim"
    )
    assert labels(over) == [TELL]


async def test_words_that_the_button_does_not_show_are_shown_before_they_are_sent(
    stage: Stage,
) -> None:
    await five_hours_ahead(stage)
    await open_card(stage, stage.mei)
    card = stage.mei.last()["message_id"]
    await press(stage, stage.mei, "Cancel")
    await write(stage, stage.mei, "Grandma fell.")
    await stage.forward(hours=1)

    await press(stage, stage.mei, TELL, card)
    shown = card_of(stage.mei, "Send this to the coordinators?")
    assert "Grandma fell." in text_of(shown)
    assert labels(shown) == ["Send it", "Back", "Leave"]
    await press(stage, stage.mei, "Back", shown["message_id"])
    assert "What has happened?" in text_of(message_of(stage.mei, shown["message_id"]))
    await press(stage, stage.mei, "Leave", shown["message_id"])
    assert told(stage) == []


async def test_more_that_is_written_is_added(stage: Stage) -> None:
    await five_hours_ahead(stage)
    await open_card(stage, stage.mei)
    card = stage.mei.last()["message_id"]
    await press(stage, stage.mei, "Cancel")
    await write(stage, stage.mei, "Grandma fell.")
    await stage.forward(hours=1)
    await press(stage, stage.mei, TELL, card)

    await write(stage, stage.mei, "wait, let me ask Daniel first")

    asked = stage.mei.last()
    assert text_of(asked).endswith(
        "Grandma fell.\nwait, let me ask Daniel first\n\n"
        "Send this to the coordinators? What you write now is added."
    )
    assert labels(asked) == ["Send it", "Back", "Leave"]
    assert told(stage) == []
    assert "longer than 1000 characters" in await write(stage, stage.mei, "long " * 200)
    assert told(stage) == []
    await write(stage, stage.mei, "yes")
    assert text_of(stage.priya_in_group.last()).endswith(
        "Reason:\nGrandma fell.\nwait, let me ask Daniel first"
    )
    assert len(told(stage)) == 1


async def test_told_twice_it_is_one_card(stage: Stage) -> None:
    await soon(stage)
    await open_card(stage, stage.mei)

    for _ in range(2):
        await tell(stage, stage.mei, "Family matter")
    await tell(stage, stage.mei, "School event")

    assert sum(text.startswith("📣") for text in texts(stage.priya_in_group)) == 2
    assert len(told(stage)) == 2


async def test_left_nobody_is_told(stage: Stage) -> None:
    await soon(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, TELL)

    assert await press(stage, stage.mei, "Leave") == "Nobody was told."

    assert texts(stage.priya_in_group) == []
    assert told(stage) == []


async def test_once_a_coordinator_has_changed_the_session_the_card_says_so(stage: Stage) -> None:
    session = await soon(stage)
    await open_card(stage, stage.mei)
    await tell(stage, stage.mei, "Child unwell")
    card = stage.priya_in_group.last()["message_id"]

    await look_at(stage, stage.priya, session)
    await press(stage, stage.priya, "Cancel")
    assert "Cancel for the family" in text_of(stage.priya.last())
    await write(stage, stage.priya, "Emily is ill.")
    await press(stage, stage.priya, "Cancel session")

    assert stage.status(session) is Status.CANCELLED_BY_PARENT
    shown = message_of(stage.priya_in_group, card)
    assert text_of(shown).startswith("✅ Dealt with: Emily, ")
    assert text_of(shown).endswith("Nov 18:00-19:30. Cancelled by the family. Child unwell")
    assert labels(shown) == []


async def test_begun_without_an_answer_the_card_keeps_the_reason(stage: Stage) -> None:
    await soon(stage)
    await open_card(stage, stage.mei)
    await press(stage, stage.mei, TELL)
    await press(stage, stage.mei, "Other")
    await write(stage, stage.mei, "Unwell,\nshe may come late.")

    await stage.forward(hours=3)
    await write(stage, stage.grace, "/checkin")

    shown = left_in_group(stage)
    assert text_of(shown) == (
        "Not answered before the start: Emily, Wed 25 Nov 18:00-19:30. Unwell, she may come late."
    )
    assert labels(shown) == []


async def test_a_tutor_who_checks_in_after_all_is_told_to_the_group(stage: Stage) -> None:
    await soon(stage)
    await open_card(stage, stage.grace)
    await press(stage, stage.grace, TELL)
    await press(stage, stage.grace, "Unwell")

    await stage.forward(hours=2, minutes=40)
    await write(stage, stage.grace, "/checkin")

    line = "▶️ Emily, Wed 25 Nov 18:00-19:30: Grace Tan has checked in. Unwell"
    assert text_of(card_of(stage.priya_in_group, "▶️")) == line


async def test_expired_without_an_answer_the_card_does_not_say_dealt_with(stage: Stage) -> None:
    session = await soon(stage)
    ask_to_move(stage, session, Role.TUTOR)
    await open_card(stage, stage.mei)
    await tell(stage, stage.mei, "Child unwell")

    await stage.forward(hours=3)

    assert stage.status(session) is Status.NOT_COMPLETED
    line = "Not answered before the start: Emily, Wed 25 Nov 18:00-19:30. Child unwell"
    assert text_of(left_in_group(stage)) == line


async def test_handed_over_the_card_says_to_whom(stage: Stage) -> None:
    session = await soon(stage)
    with stage.database.unit_of_work() as work:
        builders.tutor(work, name="Nurul Huda", telegram_user_id=STRANGER)
    await write(stage, stage.stranger, "/start")
    await open_card(stage, stage.grace)
    await tell(stage, stage.grace, "Unwell")

    await look_at(stage, stage.priya, session)
    await press(stage, stage.priya, "Other tutor")
    await press(stage, stage.priya, "Nurul Huda")
    await write(stage, stage.priya, "Grace is ill.")
    await press(stage, stage.priya, "Hand over")

    assert text_of(left_in_group(stage)) == (
        "✅ Dealt with: Emily, Wed 25 Nov 18:00-19:30. Handed over to Nurul Huda. Unwell"
    )


async def test_moved_the_card_says_to_when(stage: Stage) -> None:
    session = await soon(stage)
    await open_card(stage, stage.mei)
    await tell(stage, stage.mei, "Child unwell")

    await look_at(stage, stage.priya, session)
    await press(stage, stage.priya, "Move")
    await write(stage, stage.priya, "fri 4pm")
    await write(stage, stage.priya, "Agreed by telephone.")
    await press(stage, stage.priya, "Move session")

    assert text_of(left_in_group(stage)) == (
        "✅ Dealt with: Emily, Wed 25 Nov 18:00-19:30. Moved to Fri 27 Nov 16:00-17:30. "
        "Child unwell"
    )


async def test_change_offers_what_is_too_near_to_change(stage: Stage) -> None:
    await soon(stage)

    await write(stage, stage.mei, "/change")

    assert labels(stage.mei.last()) == ["📣 Emily Lim · Today 18:00", "Leave"]
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    assert "What has happened?" in text_of(card_of(stage.mei, "What has happened?"))


async def test_a_card_of_days_ago_says_where_the_session_is_shown_now(stage: Stage) -> None:
    """Telegram keeps a message that is older than two days."""
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=75))
    await write(stage, stage.mei, "/upcoming")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    old = card_of(stage.mei, "Emily Lim")["message_id"]
    stage.expect_refusal("can't be deleted")
    await stage.forward(hours=72)
    await press(stage, stage.mei, TELL, old)
    await press(stage, stage.mei, "Other", old)

    await write(stage, stage.mei, "Emily has a fever")

    assert "The coordinators have your message" in text_of(stage.mei.last())
    left = message_of(stage.mei, old)
    assert text_of(left) == "⬇️ Emily Lim, Sat 28 Nov 18:00-19:30: see below."
    assert labels(left) == []


async def test_what_a_tutor_wrote_before_the_start_is_sent_after_it_too(stage: Stage) -> None:
    session = await in_five_minutes(stage)
    await write(stage, stage.grace, "running 15 minutes late, the train broke down")
    await press(stage, stage.grace, "📣 Emily Lim · Wed 25 Nov 15:05")
    await stage.forward(minutes=6)

    await press(stage, stage.grace, "Send it")

    card = card_of(stage.grace, "The coordinators have your message")["message_id"]
    told_group = text_of(stage.priya_in_group.last())
    assert told_group.startswith("📣 Message from the tutor, who has not checked in yet")
    assert "running 15 minutes late, the train broke down" in told_group
    assert stage.status(session) is Status.SCHEDULED
    await press(stage, stage.grace, "Check in", card)
    assert "Message from the tutor" not in text_of(stage.priya_in_group.last())


async def test_what_a_parent_wrote_before_it_becomes_a_report(stage: Stage) -> None:
    await in_five_minutes(stage)
    await write(stage, stage.mei, "Emily has a fever, she cannot come")
    await press(stage, stage.mei, "📣 Emily Lim · Wed 25 Nov 15:05")
    await stage.forward(minutes=6)

    await press(stage, stage.mei, "Send it")

    assert "The coordinators have your message" in text_of(stage.mei.last())
    assert "Problem report" in text_of(stage.priya_in_group.last())
    with stage.database.reading() as rows:
        assert rows.exec(select(ProblemReport)).one().text == "Emily has a fever, she cannot come"


async def in_five_minutes(stage: Stage) -> Appointment:
    """Grace teaches Emily at 15:05; it is 15:00."""
    grace, _, _, emily = stage.people()
    return await stage.session(grace, emily, starts_in=timedelta(minutes=5))
