"""A tutor logs extra sessions in the chat (SPEC 7; UX 4, 10, 17)."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from chat.callbacks import NO_SESSION, ConfirmAdhoc, encode
from models import Appointment, Person
from models.enums import DisputeReason, Kind, PriceUnit, Status
from services.approvals.disputes import dispute, uphold
from services.billing.prices import SessionPrice, set_price
from services.db import Session
from tests import builders, files
from tests.builders import acting
from tests.end_to_end.scenes import all_text, card_of, message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.services.billing.simulated import MONEYED

NEXT = "These name another child. They come next, once this is logged:"


def logged(stage: Stage) -> list[Appointment]:
    with stage.database.reading() as rows:
        found = rows.exec(
            select(Appointment)
            .where(Appointment.kind == Kind.ADHOC)
            .order_by(col(Appointment.starts_at))
        )
        return list(found.all())


def named(session: Session, name: str) -> Person:
    return session.exec(select(Person).where(Person.name == name)).one()


async def cast(stage: Stage) -> Appointment:
    """It is Wednesday, 25 November, 15:00; Grace taught Emily yesterday from 15:00 to 16:30."""
    grace, _, _, emily = stage.people()
    return await stage.session(grace, emily, starts_in=-timedelta(hours=24), status=Status.APPROVED)


async def test_typed_lines_are_shown_back_put_right_and_logged_together(stage: Stage) -> None:
    await cast(stage)
    asked = await write(stage, stage.grace, "/adhoc")
    assert asked.startswith("Extra sessions · Emily Lim\n\nWhich sessions?")
    assert "23/11 15:00 90 exam revision" in asked
    assert labels(stage.grace.last()) == ["Step by step", "Leave"]

    typed = "20/11 15:00 90 exam revision\nyesterday 4pm 60 fractions\nblah"
    panel = await write(stage, stage.grace, typed)

    assert panel.split("\n") == [
        "Extra sessions · Emily Lim",
        "1. Fri 20 Nov 15:00-16:30 · exam revision",
        "2. Tue 24 Nov 16:00-17:00 · fractions",
        "⚠️ Emily had another session then (Tue 24 Nov 15:00-16:30).",
        "3. “blah”",
        "⚠️ I cannot read this. Write it like “23/11 15:00 90 exam revision”.",
        "",
        "2 lines need correcting; then all can be logged together.",
    ]
    buttons = ["Change line 1", "⚠️ Line 2", "⚠️ Line 3", "Add one", "Leave"]
    assert labels(stage.grace.last()) == buttons
    await press(stage, stage.grace, "⚠️ Line 2")
    assert "2. Tue 24 Nov 16:00-17:00 · fractions" in text_of(stage.grace.last())
    assert "2. Tue 24 Nov 17:00-18:00 · fractions" in await write(
        stage, stage.grace, "yesterday 5pm 60 fractions"
    )
    await press(stage, stage.grace, "⚠️ Line 3")
    await press(stage, stage.grace, "Remove line")
    assert labels(stage.grace.last())[0] == "Log 2 sessions"
    assert all_text(stage.mei) == ""
    done = await press(stage, stage.grace, "Log 2 sessions")

    assert done == "You logged 2 extra sessions at 15:00"
    assert "Fri 20 Nov 15:00-16:30 · exam revision" in text_of(stage.grace.last())
    rows = logged(stage)
    assert [(one.subject, one.status) for one in rows] == [
        ("exam revision", Status.AWAITING_APPROVAL_PARENT),
        ("fractions", Status.AWAITING_APPROVAL_PARENT),
    ]
    for parent in (stage.mei, stage.daniel):
        (asked_of_both,) = parent.messages()
        assert text_of(asked_of_both).split("\n") == [
            "🔔 Grace Tan logged extra sessions. Please answer for each.",
            "",
            "1. Emily Lim · exam revision",
            "Fri 20 Nov 15:00-16:30",
            "with Grace Tan",
            "",
            "2. Emily Lim · fractions",
            "Tue 24 Nov 17:00-18:00",
            "with Grace Tan",
        ]
        answers = ["Acknowledge 1", "Details 1", "Acknowledge 2", "Details 2"]
        assert labels(asked_of_both) == answers
    await press(stage, stage.mei, "Details 1")
    card = stage.mei.last()
    assert "Awaiting Your Acknowledgement" in text_of(card)
    assert "Logged afterwards, without check-in" in text_of(card)
    assert "Grace Tan logged this extra session at 15:00" in text_of(card)
    assert labels(card)[:2] == ["Acknowledge", "Dispute"]
    await press(stage, stage.mei, "Acknowledge 2")
    assert [one.status for one in logged(stage)][-1] is Status.APPROVED
    assert labels(stage.daniel.messages()[0]) == ["Acknowledge 1", "Details 1", "Details 2"]
    await press(stage, stage.mei, "Acknowledge 1")
    assert len(stage.mei.messages()) == 2  # the message itself, and the card behind *Details 1*
    for phone, who in ((stage.mei, "You"), (stage.daniel, "Mei Lim")):
        assert (
            text_of(phone.messages()[0]).count(
                f"✅ Acknowledged\n{who} acknowledged this on Wed 25 Nov at 15:00"
            )
            == 2
        )
    left = stage.daniel.messages()[0]
    assert text_of(left).startswith("✅ Extra sessions: all are dealt with\n\n1. Emily Lim")
    assert text_of(left).count("✅ Acknowledged") == 2
    assert labels(left) == ["Details 1", "Details 2"]


async def test_their_message_says_how_a_dispute_was_settled(stage: Stage) -> None:
    await cast(stage)
    await write(stage, stage.grace, "/adhoc")
    await write(stage, stage.grace, "20/11 15:00 90 exam revision\n24/11 17:00 60 fractions")
    await press(stage, stage.grace, "Log 2 sessions")
    asked = stage.mei.last()["message_id"]
    await press(stage, stage.mei, "Acknowledge 1")
    about, why = logged(stage)[1].id, DisputeReason.DID_NOT_TAKE_PLACE
    with stage.database.unit_of_work() as session:
        dispute(session, about, acting(named(session, "Mei Lim"), stage.now), why, None)
    await stage.settled()
    told = text_of(message_of(stage.mei, asked))
    assert told.startswith("Extra sessions: all are answered\n\n1. Emily Lim")
    assert "Disputed" in told

    with stage.database.unit_of_work() as session:
        uphold(session, 1, acting(named(session, "Priya Nair"), stage.now), "The tutor agrees.")
    await stage.settled()

    told = text_of(message_of(stage.mei, asked))
    assert told.startswith("✅ Extra sessions: all are dealt with\n\n1. Emily Lim")
    assert "Disputed" not in told
    assert "Upheld" in told


async def test_the_parents_read_what_an_extra_session_costs_them(stage: Stage) -> None:
    await cast(stage)
    stage.running.app.agency = MONEYED
    await write(stage, stage.grace, "/adhoc")
    await write(stage, stage.grace, "20/11 15:00 90 exam revision\n21/11 15:00 90 fractions")
    assert "Extra sessions are billed apart from packages." in text_of(stage.grace.last())
    await press(stage, stage.grace, "Log 2 sessions")
    assert "Billed" not in text_of(stage.mei.last())

    row, _ = logged(stage)
    price = SessionPrice(8000, 5000, PriceUnit.HOUR)
    with stage.database.unit_of_work() as session:
        priya = session.exec(select(Person).where(Person.name == "Priya Nair")).one()
        set_price(session, row.id, price, MONEYED, acting(priya, stage.now))
    await stage.settled()

    billed = "Billed as an extra session: SGD\N{NO-BREAK SPACE}120.00"
    first, second = text_of(stage.mei.last()).split("\n\n")[1:]
    assert first.split("\n")[-1] == billed
    assert "Billed" not in second
    await press(stage, stage.mei, "Details 1")
    assert billed in text_of(stage.mei.last())
    await press(stage, stage.mei, "Acknowledge")
    assert billed in text_of(stage.mei.last())
    assert "Billed as an extra session" not in all_text(stage.grace)


async def test_notes_that_follow_at_once_come_with_the_sessions_card(stage: Stage) -> None:
    await cast(stage)
    await write(stage, stage.grace, "/adhoc")
    await write(stage, stage.grace, "20/11 15:00 90 exam revision\n21/11 15:00 90 fractions")
    await press(stage, stage.grace, "Log 2 sessions")
    row, _ = logged(stage)
    await write(stage, stage.grace, "/notes")
    await press(stage, stage.grace, f"wn.1:{row.id}", stage.grace.last()["message_id"])
    await write(stage, stage.grace, "We read two papers.")
    await press(stage, stage.grace, "Done")

    _, card = stage.mei.messages()
    assert text_of(card).startswith("Emily Lim · exam revision\nFri 20 Nov 15:00-16:30")
    assert "📝 Notes: 1 text" in text_of(card)
    assert labels(card)[:2] == ["Acknowledge", "Dispute"]


async def test_a_single_extra_session_comes_as_its_card(stage: Stage) -> None:
    await cast(stage)
    await write(stage, stage.grace, "/adhoc")
    await write(stage, stage.grace, "20/11 15:00 90 exam revision")
    await press(stage, stage.grace, "Log 1 session")

    (card,) = stage.mei.messages()
    assert text_of(card).startswith("Emily Lim · exam revision\nFri 20 Nov 15:00-16:30")
    assert labels(card)[:2] == ["Acknowledge", "Dispute"]


async def test_step_by_step_with_buttons_or_typing(stage: Stage) -> None:
    await cast(stage)
    await write(stage, stage.grace, "/adhoc")
    await press(stage, stage.grace, "Step by step")
    assert labels(stage.grace.last())[:3] == ["Wed 25 Nov", "Tue 24 Nov", "Mon 23 Nov"]
    await press(stage, stage.grace, "‹ Earlier")
    await press(stage, stage.grace, "‹ Earlier")
    assert labels(stage.grace.last())[-4:] == ["Sun 25 Oct", "Later ›", "Back", "Leave"]
    await press(stage, stage.grace, "Later ›")
    await press(stage, stage.grace, "Later ›")
    await press(stage, stage.grace, "Tue 24 Nov")
    hours = labels(stage.grace.last())
    assert "14:00" in hours
    assert not {"15:00", "16:00"} & set(hours)  # there was a session
    await press(stage, stage.grace, "10:00")
    assert "between 15 min and 8 h" in await write(stage, stage.grace, "5 min")
    await press(stage, stage.grace, "1 h 30 min")
    assert "Tue 24 Nov 10:00-11:30" in text_of(stage.grace.last())
    await press(stage, stage.grace, "Mathematics")
    assert "1. Tue 24 Nov 10:00-11:30 · Mathematics" in text_of(stage.grace.last())

    await press(stage, stage.grace, "Add one")
    await press(stage, stage.grace, "Step by step")
    await write(stage, stage.grace, "20/11")
    assert "Fri 20 Nov: when did it start?" in text_of(stage.grace.last())
    assert "What was it about?" in await write(stage, stage.grace, "4-5.15pm")
    assert "2. Fri 20 Nov 16:00-17:15 · Algebra" in await write(stage, stage.grace, "Algebra")
    await press(stage, stage.grace, "Log 2 sessions")

    assert [one.ends_at - one.starts_at for one in logged(stage)] == [
        timedelta(minutes=75),
        timedelta(minutes=90),
    ]


async def test_of_a_day_that_there_is_not_it_is_said_so(stage: Stage) -> None:
    await cast(stage)
    await write(stage, stage.grace, "/adhoc")
    none = "There is no such day in that month. Write another day."

    panel = await write(stage, stage.grace, "31/11 10:00 60 fractions")

    assert f"1. “31/11 10:00 60 fractions”\n⚠️ {none}" in panel
    await press(stage, stage.grace, "⚠️ Line 1")
    assert "1. Fri 20 Nov 10:00-11:00 · fractions" in await write(
        stage, stage.grace, "20/11 10:00 60 fractions"
    )
    await press(stage, stage.grace, "Add one")
    await press(stage, stage.grace, "Step by step")
    assert f"{none}\nOn which day?" in await write(stage, stage.grace, "31 nov")
    assert "I could not find a day in that." in await write(stage, stage.grace, "the other day")
    assert labels(stage.grace.last())[:2] == ["Wed 25 Nov", "Tue 24 Nov"]


async def with_ryan(stage: Stage) -> None:
    """Grace teaches Ryan, too."""
    session = await cast(stage)
    with stage.database.unit_of_work() as rows:
        grace = rows.get_one(Person, session.tutor_id)
        ryan = builders.student(rows, name="Ryan Lim")
    await stage.session(grace, ryan, starts_in=-timedelta(hours=28), status=Status.APPROVED)


async def test_what_a_line_lacks_is_typed_by_itself(stage: Stage) -> None:
    await cast(stage)
    await write(stage, stage.grace, "/adhoc")
    assert "What was it about?" in await write(stage, stage.grace, "20/11 10:00 60")
    await press(stage, stage.grace, "⚠️ Line 1")

    assert "1. Fri 20 Nov 10:00-11:00 · essay" in await write(stage, stage.grace, "essay")

    await press(stage, stage.grace, "Change line 1")
    assert "1. Sun 22 Nov 15:00-16:30 · essay" in await write(stage, stage.grace, "sun 3pm 90")
    await press(stage, stage.grace, "Log 1 session")
    assert len(logged(stage)) == 1


async def test_lines_stay_with_their_child_and_all_move_to_another_with_a_word(
    stage: Stage,
) -> None:
    await with_ryan(stage)
    await write(stage, stage.grace, "/adhoc")
    await press(stage, stage.grace, "Ryan Lim")
    assert "Other child" in labels(stage.grace.last())
    await write(stage, stage.grace, "20/11 10:00 60 essay\n21/11 10:00 60 reading")

    await press(stage, stage.grace, "Add one")

    assert labels(stage.grace.last()) == ["Step by step", "Back", "Leave"]
    await press(stage, stage.grace, "Back")
    await press(stage, stage.grace, "Wrong child")
    assert labels(stage.grace.last())[-2:] == ["Back", "Leave"]
    await press(stage, stage.grace, "Back")
    assert text_of(stage.grace.last()).startswith("Extra sessions · Ryan Lim\n1. Fri 20 Nov")
    await press(stage, stage.grace, "Wrong child")
    await press(stage, stage.grace, "Emily Lim")
    moved = text_of(stage.grace.last())
    assert moved.startswith("Extra sessions · Emily Lim\n1. Fri 20 Nov")
    assert "All 2 lines are for this child now.\nIs that right?" in moved


async def test_lines_that_are_typed_where_a_child_is_asked_for_are_kept(stage: Stage) -> None:
    await with_ryan(stage)
    await write(stage, stage.grace, "/adhoc")

    kept = await write(stage, stage.grace, "20/11 10:00 60 essay")

    assert "I have your lines.\nFor which child?" in kept
    await press(stage, stage.grace, "Emily Lim")
    assert "1. Fri 20 Nov 10:00-11:00 · essay" in text_of(stage.grace.last())
    await press(stage, stage.grace, "Leave")
    await write(stage, stage.grace, "/adhoc")
    typed = "Ryan 20/11 3-4pm mock exam\nEmily: sun 2pm 90 reading\nryan lim - 21/11 10am 60 essay"
    panel = await write(stage, stage.grace, typed)
    assert panel.startswith(
        "Extra sessions · Ryan Lim\n1. Fri 20 Nov 15:00-16:00 · mock exam\n"
        "2. Sat 21 Nov 10:00-11:00 · essay\n"
    )
    assert f"{NEXT}\nEmily: sun 2pm 90 reading" in panel


@pytest.mark.parametrize("is_chosen", [True, False])
async def test_lines_that_name_another_child_stay_and_come_next(
    stage: Stage, is_chosen: bool
) -> None:
    await with_ryan(stage)
    await write(stage, stage.grace, "/adhoc")
    if is_chosen:
        await press(stage, stage.grace, "Ryan Lim")
    mine, others = "20/11 4pm 1h exam prep", "Emily yesterday 9am 90 min mock paper"

    panel = await write(stage, stage.grace, f"{mine if is_chosen else f'Ryan {mine}'}\n{others}")

    first = "Extra sessions · Ryan Lim\n1. Fri 20 Nov 16:00-17:00 · exam prep\n"
    assert panel.startswith(f"{first}{NEXT}\n{others}\n\nIs that right?")
    await write(stage, stage.grace, "/help")
    await press(stage, stage.grace, "Go on")
    question = card_of(stage.grace, first)
    assert others in text_of(question)
    await press(stage, stage.grace, "Log 1 session", question["message_id"])
    panel = text_of(stage.grace.last())
    assert panel.startswith(
        "Extra sessions · Emily Lim\n1. Tue 24 Nov 09:00-10:30 · mock paper\n\nIs that right?"
    )
    assert card_of(stage.grace, "You logged 1 extra session")
    ryan = logged(stage)[0].student_id
    again = encode(
        ConfirmAdhoc(NO_SESSION, ryan, int(logged(stage)[0].starts_at.timestamp()) // 60)
    )
    await press(stage, stage.grace, again, question["message_id"])
    assert len(logged(stage)) == 1
    await press(stage, stage.grace, "Log 1 session")
    assert [one.subject for one in logged(stage)] == ["exam prep", "mock paper"]


async def test_the_name_of_the_child_in_front_of_its_own_lines_is_left_out(stage: Stage) -> None:
    await cast(stage)
    await write(stage, stage.grace, "/adhoc")

    panel = await write(
        stage, stage.grace, "- Emily 20/11 10:00 60 essay\n- Emily fri 4pm 1h maths"
    )

    assert "1. Fri 20 Nov 10:00-11:00 · essay\n2. Fri 20 Nov 16:00-17:00 · maths" in panel
    await press(stage, stage.grace, "Change line 1")
    assert "1. Sun 22 Nov 15:00-16:30 · essay" in await write(
        stage, stage.grace, "Emily Lim sun 3pm 90"
    )


async def test_a_line_typed_anew_for_another_child_leaves_the_batch(stage: Stage) -> None:
    await with_ryan(stage)
    await write(stage, stage.grace, "/adhoc")
    await press(stage, stage.grace, "Ryan Lim")
    await write(stage, stage.grace, "20/11 10:00 60 essay\n21/11 10:00 60 reading")
    await press(stage, stage.grace, "Change line 2")

    panel = await write(stage, stage.grace, "Emily 21/11 10:00 60 reading")

    assert f"1. Fri 20 Nov 10:00-11:00 · essay\n{NEXT}\nEmily 21/11 10:00 60 reading" in panel
    assert labels(stage.grace.last())[0] == "Log 1 session"


async def test_laid_aside_a_restart_a_photo_and_leave_log_nothing(stage: Stage) -> None:
    await cast(stage)
    await write(stage, stage.grace, "/adhoc")
    await write(stage, stage.grace, "20/11 15:00 90 exam revision")
    stage.grace.send_photo(files.jpeg_photo())
    await stage.settled()
    assert "I can only take text here" in text_of(stage.grace.last())
    await write(stage, stage.grace, "/upcoming")
    assert "nothing is logged yet" in all_text(stage.grace)
    await stage.restart()
    await press(stage, stage.grace, "Go on")
    assert card_of(stage.grace, "1. Fri 20 Nov 15:00-16:30 · exam revision")
    await press(stage, stage.grace, "Leave")

    assert card_of(stage.grace, "Nothing was logged.")
    assert "exam revision" not in all_text(stage.grace)
    assert logged(stage) == []


async def test_a_second_tap_a_parent_and_somebody_without_a_child(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    assert "You have not taught anybody yet" in await write(stage, stage.grace, "/adhoc")
    assert "This is for tutors" in await write(stage, stage.mei, "/adhoc")
    await stage.session(grace, emily, starts_in=timedelta(days=3))
    with stage.database.unit_of_work() as rows:
        ben = builders.student(rows, name="Ben Ong")
    await stage.session(grace, ben, starts_in=timedelta(days=4))
    await write(stage, stage.grace, "/adhoc")
    assert labels(stage.grace.last()) == ["Ben Ong", "Emily Lim", "Leave"]
    assert "You teach nobody called “Zoe”" in await write(stage, stage.grace, "Zoe")
    await write(stage, stage.grace, "emi")
    await write(stage, stage.grace, "20/11 15:00 90 exam revision")
    panel = stage.grace.last()["message_id"]
    await press(stage, stage.grace, "Log 1 session")
    (row,) = logged(stage)
    button = encode(ConfirmAdhoc(NO_SESSION, emily.id, int(row.starts_at.timestamp()) // 60))

    again = await press(stage, stage.grace, button, panel)
    of_another = await press(stage, stage.mei, button, stage.mei.last()["message_id"])

    assert again == "You logged 1 extra session at 15:00"
    assert "out of date" in of_another
    assert len(logged(stage)) == 1
