"""What a family told the coordinators waits for them, whoever checks in (SPEC 6; UX 17, 19)."""

from datetime import timedelta

from chat.callbacks import DealWith, encode
from models import Appointment
from models.enums import Status
from tests.end_to_end.scenes import card_of, live_buttons, look_at, message_of, press, tell, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_late_change import left_in_group, open_card

WORDS = "We are in hospital."
OF_FAMILY = "📣 Message from the family about this session"
TOLD = f"You told the coordinators at 15:00\nReason:\n{WORDS}"


async def told_and_checked_in(stage: Stage) -> Appointment:
    """Mei tells the coordinators at 15:00; Grace checks in at 15:01, for 15:20."""
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(minutes=20))
    await open_card(stage, stage.mei)
    await tell(stage, stage.mei, "Other")
    await write(stage, stage.mei, WORDS)
    await stage.forward(minutes=1)
    await write(stage, stage.grace, "/checkin")
    assert stage.status(session) is Status.CHECKED_IN
    return session


async def test_the_groups_card_stays_until_a_coordinator_has_dealt_with_it(stage: Stage) -> None:
    await told_and_checked_in(stage)

    card = card_of(stage.priya_in_group, OF_FAMILY)
    assert text_of(card).endswith(f"Reason:\n{WORDS}\n▶️ Grace Tan has checked in.")
    assert labels(card) == ["Correct attendance", "Clear check-in", "Dealt with"]
    assert f"Mei Lim: {WORDS}" in await write(stage, stage.priya, "/pending")
    toast = await press(stage, stage.priya_in_group, "Dealt with", card["message_id"])

    assert toast == "You dealt with this at 15:01"
    line = f"✅ Dealt with: Emily, Wed 25 Nov 15:20-16:50. Priya Nair has seen to it. {WORDS}"
    assert text_of(message_of(stage.priya_in_group, card["message_id"])) == line
    assert live_buttons(stage.priya_in_group) == []
    assert "Nothing is waiting" in await write(stage, stage.priya, "/pending")


async def test_the_parent_still_reads_what_they_sent(stage: Stage) -> None:
    session = await told_and_checked_in(stage)

    card = text_of(stage.mei.last())
    assert "In progress" in card
    assert TOLD in card
    await look_at(stage, stage.priya, session)
    assert f"Mei Lim told the coordinators at 15:00\nReason:\n{WORDS}" in text_of(
        stage.priya.last()
    )
    await stage.forward(minutes=80)
    await write(stage, stage.grace, "/checkout")
    assert TOLD in text_of(card_of(stage.mei, "Awaiting Your Acknowledgement"))


async def test_begun_without_an_answer_the_group_reads_so(stage: Stage) -> None:
    await told_and_checked_in(stage)

    await stage.forward(minutes=80)
    await write(stage, stage.grace, "/checkout")

    line = f"Not answered before the start: Emily, Wed 25 Nov 15:20-16:50. {WORDS}"
    assert text_of(card_of(stage.priya_in_group, "Not answered")) == line


async def test_before_anybody_checks_in_it_is_dealt_with_in_one_tap(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=3))
    await open_card(stage, stage.mei)
    await tell(stage, stage.mei, "Child unwell")
    card = stage.priya_in_group.last()["message_id"]

    await press(stage, stage.priya_in_group, "Dealt with")
    late = await press(stage, stage.marcus_in_group, encode(DealWith(session.id)), card)

    assert late == "Priya Nair dealt with this at 15:00"
    assert "Priya Nair has seen to it" in text_of(left_in_group(stage))
    assert stage.status(session) is Status.SCHEDULED


async def test_what_a_tutor_told_is_over_once_they_check_in(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(minutes=40))
    await open_card(stage, stage.grace)
    await tell(stage, stage.grace, "Unwell")
    await stage.forward(minutes=15)

    await write(stage, stage.grace, "/checkin")

    assert "Nothing is waiting" in await write(stage, stage.priya, "/pending")
    assert "told the coordinators" not in text_of(stage.grace.last())


async def test_who_told_it_reads_that_nobody_answered_before_the_start(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=3))
    await open_card(stage, stage.mei)
    await tell(stage, stage.mei, "Child unwell")
    unanswered = (
        "You told the coordinators at 15:00\nReason: Child unwell\nNo coordinator answered here"
    )
    assert unanswered not in text_of(stage.mei.last())

    await stage.forward(hours=3)

    assert unanswered in text_of(stage.mei.last())
