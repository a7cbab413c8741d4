"""Updates that are handled again, as after a kill between their effect and their done mark.

Everything is played twice through the real handlers. The second time no row changes but those of
deliveries, and nobody is told a second time (SPEC 2; DESIGN 2, idea 5).
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from sqlmodel import col, delete, select, update

from chat.conversation_states import ConversationKey, ConversationStates
from models import Appointment, Dialogue, InboxUpdate, OutboxMessage
from models.enums import Kind, MessageKind, Status
from sandbox.phone import Phone
from services.lifecycle.actors import Actor
from services.messaging.conversation_state import Position
from services.notifications.announcements import ask_parents
from tests import builders, files
from tests.end_to_end.matching import offer
from tests.end_to_end.scenes import just_over, press, under_way, write
from tests.end_to_end.stage import Stage, labels, text_of, texts
from tests.open_database import OpenDatabase
from tests.rows import Rows, rows_of_tables

WHY = "The tutor showed the app log."
DELIVERY = {
    *("inbox_update", "dialogue", "card", "outbox_message", "standing_message"),
    *("shown_list", "listed_appointment", "chat_migration", "lease"),
}
"""Tables of updates, deliveries, cards and lists, which may change when something is shown once
more, and the lease, which is renewed every second.
"""


async def twice(stage: Stage, act: Callable[[], object]) -> None:
    """Do something; then let its updates be handled once more, as after a kill."""
    with stage.database.reading() as session:
        dialogues = session.exec(select(Dialogue)).all()
        done = session.exec(select(InboxUpdate.update_id)).all()
    act()
    await stage.settled()
    once = what_was_done(stage.database)

    states: ConversationStates = stage.running.application.bot_data["dialogues"]
    states.load(
        (ConversationKey(one.chat_id, one.user_id), one.name, Position(one.state, one.draft))
        for one in dialogues
    )
    with stage.database.unit_of_work() as session:
        undone = col(InboxUpdate.update_id).not_in(done)
        reset = session.exec(update(InboxUpdate).where(undone).values(done_at=None))
        session.exec(delete(Dialogue))
        session.add_all(Dialogue(**one.model_dump()) for one in dialogues)
    await stage.settled()

    assert reset.rowcount > 0, "nothing came"
    assert what_was_done(stage.database) == once


def what_was_done(database: OpenDatabase) -> Rows:
    """Every row but those of deliveries, and who was told what."""
    with database.reading() as session:
        told = session.exec(
            select(OutboxMessage.dedupe_key)
            .where(OutboxMessage.kind != MessageKind.LIST_REFRESH)  # for a list shown once more
            .order_by(col(OutboxMessage.id))
        )
        rows = rows_of_tables(session, but=DELIVERY, without="tally_message_id")
        return rows | {"told": told.all()}


async def tapped(stage: Stage, phone: Phone, *labels_in_turn: str) -> None:
    for label in labels_in_turn:
        await twice(stage, partial(phone.press, label))


async def said(stage: Stage, phone: Phone, *texts_in_turn: str) -> None:
    for text in texts_in_turn:
        await twice(stage, partial(phone.send_text, text))


async def replied(stage: Stage, phone: Phone, text: str) -> None:
    """Reply in the group to what the bot asked last."""
    bot_id = stage.world.bot.id
    asked = [one for one in phone.messages() if one["from"]["id"] == bot_id][-1]
    await twice(stage, lambda: phone.send_text(text, asked["message_id"]))


async def test_a_tutors_session_from_check_in_to_notes(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(minutes=20))

    await said(stage, stage.grace, "/start", "/sessions", "/checkin")
    assert stage.status(session) is Status.CHECKED_IN
    await stage.forward(minutes=85)
    await said(stage, stage.grace, "/checkout", "Fractions went well.")
    await twice(stage, lambda: stage.grace.send_photo(files.jpeg_photo(), "The board"))
    await twice(stage, lambda: stage.grace.send_album([files.jpeg_photo(), files.jpeg_photo()]))
    await twice(stage, lambda: stage.grace.send_voice(files.ogg_voice(1), 1))
    await twice(stage, stage.grace.send_sticker)
    (tally,) = [text for text in texts(stage.grace) if "3 photos, 1 voice memo, 1 text" in text]
    assert tally
    await tapped(stage, stage.grace, "Remove last", "Done")
    await said(stage, stage.grace, "/notes", "One thing more.", "/stop", "/upcoming", "/todos")

    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT


async def test_buttons_of_notes_that_are_typed(stage: Stage) -> None:
    await just_over(stage)
    await said(stage, stage.grace, "/notes", "One.", "Two.", "Remove last")
    assert "So far: 1 text" in text_of(stage.grace.last())
    await stage.forward(minutes=1)
    await said(stage, stage.grace, "remove last")
    assert labels(stage.grace.last()) == ["Skip for now", "No notes"]
    await said(stage, stage.grace, "Three.", "Done", "/notes", "Skip for now")


async def test_files_that_came_outside_of_any_dialogue(stage: Stage) -> None:
    await under_way(stage)

    await twice(stage, lambda: stage.grace.send_album([files.jpeg_photo(), files.jpeg_photo()]))
    await said(stage, stage.grace, "The board.")
    await tapped(stage, stage.grace, "Leave")
    await twice(stage, lambda: stage.grace.send_photo(files.jpeg_photo()))
    await tapped(stage, stage.grace, "Keep for Emily's notes", "Done")

    assert "Kept: 1 photo" in text_of(stage.grace.last())


async def test_buttons_of_a_tutors_card(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(minutes=-70))
    await write(stage, stage.grace, "/sessions")

    await tapped(stage, stage.grace, "Check in · Emily Lim", "Check out", "Skip for now")
    await write(stage, stage.grace, "/sessions")
    await tapped(stage, stage.grace, stage.grace.buttons()[0], "Student absent")
    await tapped(stage, stage.grace, "Student present", "Add notes", "Skip for now")

    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT


async def test_acknowledging_and_reporting_a_problem(stage: Stage) -> None:
    session = await just_over(stage)

    await said(stage, stage.mei, "/pending")
    await tapped(stage, stage.mei, "Acknowledge", "Report a problem")
    await said(stage, stage.mei, "He came late.")
    await tapped(stage, stage.priya_in_group, "Claim", "Reply")
    await replied(stage, stage.priya_in_group, WHY)
    await tapped(stage, stage.priya_in_group, "px.1:1")

    assert stage.status(session) is Status.APPROVED
    assert sum(WHY in text for text in texts(stage.mei)) == 2  # the reply, and the report's card


async def test_a_dispute_returned_disputed_again_and_upheld(stage: Stage) -> None:
    session = await just_over(stage)

    for settle in ("Return", "Uphold"):
        await tapped(stage, stage.mei, "Dispute", "Wrong time")
        await said(stage, stage.mei, "It was the day before.")
        await tapped(stage, stage.mei, "Dispute")
        assert stage.status(session) is Status.DISPUTED
        await tapped(stage, stage.priya_in_group, "Claim", settle)
        await replied(stage, stage.priya_in_group, WHY)

    assert stage.status(session) is Status.DISPUTED


async def test_a_dispute_verified(stage: Stage) -> None:
    session = await just_over(stage)

    await tapped(stage, stage.mei, "Dispute", "Shorter than booked")
    await twice(stage, lambda: stage.mei.send_photo(files.jpeg_photo(), "The clock"))
    await said(stage, stage.mei, "They left early.")
    await tapped(stage, stage.mei, "Dispute")
    await tapped(stage, stage.marcus_in_group, "Verify")
    await replied(stage, stage.marcus_in_group, WHY)

    assert stage.status(session) is Status.APPROVED


async def test_a_check_in_cleared_and_attendance_corrected(stage: Stage) -> None:
    session = await under_way(stage)
    await press(stage, stage.priya, await shown(stage, "In progress (1)"))

    await tapped(stage, stage.priya, "Clear check-in")
    await said(stage, stage.priya, WHY)
    assert stage.status(session) is Status.SCHEDULED
    await stage.forward(days=1)
    await tapped(stage, stage.priya, await shown(stage, "Missed (1)"))
    await tapped(stage, stage.priya, "Correct attendance", "As booked")
    await said(stage, stage.priya, WHY)

    assert stage.status(session) is Status.AWAITING_APPROVAL_PARENT


async def test_a_session_verified_that_no_parent_answers(stage: Stage) -> None:
    session = await just_over(stage)
    await press(stage, stage.priya, await shown(stage, "Awaiting (1)"))

    await tapped(stage, stage.priya, "Verify")
    await said(stage, stage.priya, WHY)

    assert stage.status(session) is Status.APPROVED


async def shown(stage: Stage, name: str) -> str:
    """A coordinator's list; the button of its one session."""
    await write(stage, stage.priya, "/dashboard")
    await press(stage, stage.priya, name)
    return stage.priya.buttons()[0]


async def test_a_new_time_zone_and_an_invitation_accepted(stage: Stage) -> None:
    stage.people()
    with stage.database.unit_of_work() as session:
        builders.parent(session, name="Sam Ong", telegram_user_id=None, started_at=None)

    await said(stage, stage.mei, "/language", "/settings")
    await tapped(stage, stage.mei, "Time zone", "London")
    await write(stage, stage.priya, "/invite Sam")
    stage.priya.press(stage.priya.buttons()[0])
    await stage.settled()
    token = text_of(stage.priya.last()).partition("?start=")[2].split()[0]
    await twice(stage, lambda: stage.stranger.start(token))

    assert "Hello Sam Ong" in text_of(stage.stranger.last())


async def test_a_note_that_comes_again_after_its_batch_ended_is_there_once(stage: Stage) -> None:
    await just_over(stage)
    await write(stage, stage.grace, "/notes")

    await twice(stage, lambda: stage.grace.send_text("Only once."))
    await stage.forward(minutes=11)

    assert labels(stage.grace.last()) == ["Add notes"]
    assert "1 text" in text_of(stage.grace.last())


async def test_a_cancellation(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=23))
    await write(stage, stage.mei, "/upcoming")

    await tapped(stage, stage.mei, labels(stage.mei.last())[0], "Cancel", "Child unwell", "Back")
    await tapped(stage, stage.mei, "Leave", "Cancel", "Other")
    await said(stage, stage.mei, "We are travelling.")
    await tapped(stage, stage.mei, "Cancel session")

    assert stage.status(session) is Status.CANCELLED_BY_PARENT


async def test_a_request_to_move_a_session_and_its_answers(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=30))
    await write(stage, stage.mei, "/change")

    await tapped(stage, stage.mei, labels(stage.mei.last())[0], "Change time", "Other day", "Back")
    await said(stage, stage.mei, "fri 4pm")
    await tapped(stage, stage.mei, "Other")
    await said(stage, stage.mei, "We are travelling.")
    await tapped(stage, stage.mei, "Send")
    await tapped(stage, stage.grace, "Suggest another")
    await said(stage, stage.grace, "sat 10am")
    await tapped(stage, stage.grace, "Send")
    await tapped(stage, stage.mei, "Decline")
    await tapped(stage, stage.mei, "Change time")
    await said(stage, stage.mei, "sat 11am")
    await tapped(stage, stage.mei, "Family matter", "Send", "Withdraw", "Change time")
    await said(stage, stage.mei, "sat 9am")
    await tapped(stage, stage.mei, "Family matter", "Send")
    await tapped(stage, stage.grace, "Accept")

    with stage.database.reading() as rows:
        moved = rows.get(Appointment, session.id)
    assert moved is not None
    assert moved.starts_at == stage.now + timedelta(hours=66)


async def test_a_match_declined_and_another_accepted(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    accepted = offer(stage, grace, emily, "15:00")
    offer(stage, grace, emily, "18:00")
    await stage.settled()

    await said(stage, stage.mei, "/pending")
    await tapped(stage, stage.mei, "Decline", "Leave", "Decline", "Decline without a reason")
    await tapped(stage, stage.mei, "Accept")
    await said(stage, stage.grace, "/mystudents")

    with stage.database.reading() as rows:
        made = rows.exec(select(Appointment.match_id)).all()
    assert made == [accepted.id] * 8


async def test_a_match_declined_with_a_reason(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    offer(stage, grace, emily, "15:00")
    await stage.settled()

    await tapped(stage, stage.mei, "Decline")
    await said(stage, stage.mei, "Too far.")

    assert "Reason:\nToo far." in text_of(stage.priya_in_group.last())


async def test_leave_with_a_session_then(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(days=7))

    await said(stage, stage.grace, "/leave", "2-4 dec", "A wedding")
    await tapped(stage, stage.grace, "1. Ask to move", "Cancel", "Enter leave")
    await said(stage, stage.grace, "/mystudents")
    await tapped(stage, stage.grace, "Enter leave", "Take back Wed 2 Dec to Fri 4 Dec")

    assert stage.status(session) is Status.CANCELLED_BY_TUTOR


async def test_a_reminder_asked_for(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=1))

    await said(stage, stage.grace, "/checkin")
    await tapped(stage, stage.grace, "Remind me")
    await stage.forward(minutes=30)

    assert sum("Check-in is open" in text for text in texts(stage.grace)) == 1


async def test_a_coordinator_cancels_for_a_side_and_waives(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=3))
    await said(stage, stage.priya, "/dashboard emily")

    await tapped(stage, stage.priya, f"se.1:{session.id}", "Cancel", "The tutor", "Back")
    await tapped(stage, stage.priya, "The family")
    await said(stage, stage.priya, WHY)
    await tapped(stage, stage.priya, "Cancel session", "Waive penalty")
    await said(stage, stage.priya, WHY)

    assert stage.status(session) is Status.CANCELLED_BY_PARENT


async def test_a_coordinator_moves_and_hands_over(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(hours=3))
    with stage.database.unit_of_work() as work:
        nurul = builders.tutor(work, name="Nurul Huda")
        nurul.telegram_user_id = None
    await twice(stage, lambda: stage.priya.start(f"replace_{session.id}"))

    await tapped(stage, stage.priya, "Move", "Other day", "Back", "Leave", "Move")
    await said(stage, stage.priya, "fri 4pm", WHY)
    await tapped(stage, stage.priya, "Move session", "Other tutor", "Nurul Huda (not linked)")
    await said(stage, stage.priya, WHY)
    await tapped(stage, stage.priya, "Hand over")

    with stage.database.reading() as rows:
        row = rows.get(Appointment, session.id)
    assert row is not None
    assert (row.tutor_id, row.starts_at) == (nurul.id, stage.now + timedelta(hours=49))


async def test_a_lost_session_is_replaced(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(
        grace, emily, starts_in=-timedelta(days=1), status=Status.NOT_COMPLETED
    )
    with stage.database.unit_of_work() as work:
        ask_parents(work, session, Actor.system(stage.now))
    stage.running.app.wake_relay()
    await stage.settled()

    await tapped(stage, stage.mei, "Ask for replacement")
    await twice(stage, lambda: stage.priya.start(f"replace_{session.id}"))
    await tapped(stage, stage.priya, "Replace")
    await said(stage, stage.priya, "fri 4pm", WHY)
    await tapped(stage, stage.priya, "Book replacement")

    with stage.database.reading() as rows:
        found = rows.exec(select(Appointment).order_by(col(Appointment.id)))
        assert [one.replaces_id for one in found.all()] == [None, session.id]


async def test_extra_sessions_are_logged_once(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(days=2))

    await said(stage, stage.grace, "/adhoc", "20/11 15:00 90 algebra\n21/11 9am 60 fractions")
    await tapped(stage, stage.grace, "Change line 2", "Remove line", "Add one", "Step by step")
    await tapped(stage, stage.grace, "Tue 24 Nov", "10:00", "45 min", "Mathematics")
    await tapped(stage, stage.grace, "Log 2 sessions")

    with stage.database.reading() as rows:
        found = rows.exec(select(Appointment).where(Appointment.kind == Kind.ADHOC)).all()
    assert len(found) == 2
