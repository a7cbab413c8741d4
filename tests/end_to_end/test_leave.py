"""A tutor enters leave in the chat; families get one message (SPEC 7; UX 17, 21)."""

from datetime import date, timedelta

from sqlmodel import select

from models import Holiday, Person, RescheduleProposal, TutorLeave
from models.enums import LeaveStatus, Role, Status
from services.closures.holidays import Day, add, sessions_on
from services.closures.leave import LeaveWanted, sessions_during, take
from services.rules.closures import Choice, Way, digest_of
from services.rules.money import Currency
from services.rules.penalties import read_penalty_sheet
from services.sessions.cancellations import cancel_for
from tests.builders import AGENCY, acting
from tests.end_to_end.scenes import all_text, ask_to_move, card_of, message_of, press, write
from tests.end_to_end.stage import PENALTIES, Stage, labels, text_of, texts


def leave(stage: Stage) -> list[TutorLeave]:
    with stage.database.reading() as session:
        return list(session.exec(select(TutorLeave)).all())


async def test_what_is_booked_is_shown_and_settled_in_one_go(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    first = await stage.session(grace, emily, starts_in=timedelta(days=7))
    second = await stage.session(grace, emily, starts_in=timedelta(days=8), subject="Physics")
    await write(stage, stage.grace, "/mystudents")
    await press(stage, stage.grace, "Enter leave")
    assert "On which days are you away?" in text_of(stage.grace.last())

    assert "Why?" in await write(stage, stage.grace, "2-4 dec")
    shown = await write(stage, stage.grace, "A wedding")

    assert "Away: Wed 2 Dec to Fri 4 Dec" in shown
    assert "1. Emily Lim, Mathematics, Wed 2 Dec 15:00-16:30" in shown
    assert "→ ask to move to Wed 9 Dec 15:00-16:30" in shown
    assert labels(stage.grace.last()) == [
        "1. Ask to move",
        "2. Ask to move",
        "Cancel all",
        "Keep all",
        "Enter leave",
        "Back",
        "Stop",
    ]
    await press(stage, stage.grace, "2. Ask to move")
    await press(stage, stage.grace, "Cancel")
    assert "→ cancel" in text_of(stage.grace.last())
    assert leave(stage) == []
    await press(stage, stage.grace, "Enter leave")

    assert text_of(stage.grace.last()) == (
        "🌴 You entered leave: Wed 2 Dec to Fri 4 Dec\nSessions: 1 cancelled, 1 asked to move"
    )
    (entered,) = leave(stage)
    assert entered.reason == "A wedding"
    assert stage.status(second) is Status.CANCELLED_BY_TUTOR
    for phone in (stage.mei, stage.daniel):
        (told,) = texts(phone)
        assert told == (
            "🌴 Grace Tan is away: Wed 2 Dec to Fri 4 Dec\nReason:\nA wedding\n\n"
            "Cancelled. Tap one below to ask for another time:\n"
            "• Emily Lim, Physics: Thu 3 Dec 15:00-16:30\n\n"
            "Asked to move, please answer:\n"
            "• Emily Lim, Mathematics: Wed 2 Dec 15:00-16:30\n→ to Wed 9 Dec 15:00-16:30?\n"
            "Please answer by Wed 2 Dec 15:00. Without an answer, the session will not take place."
        )
        assert labels(phone.last()) == [
            "Accept",
            "Emily Lim · Wed 2 Dec 15:00",
            "Emily Lim · Thu 3 Dec 15:00",
        ]
    group = text_of(stage.priya_in_group.last())
    assert "Grace Tan is away: Wed 2 Dec to Fri 4 Dec" in group
    assert group.endswith("\nSessions: 1 cancelled, 1 asked to move")

    await press(stage, stage.mei, "Emily Lim · Wed 2 Dec 15:00")
    await press(stage, stage.mei, "Accept")
    with stage.database.reading() as session:
        assert session.exec(select(RescheduleProposal)).one().status == "approved"
    assert "please answer" not in all_text(stage.daniel)
    assert stage.status(first) is Status.SCHEDULED


async def test_where_cancelling_costs_nothing_no_waiver_is_spoken_of(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    columns = "role,notice_hours_min,notice_hours_max,penalty,guidance,amount"
    lines = "tutor,0,48,One strike,,\ntutor,48,,None,,0\n"
    stage.running.app.penalties.sheet = read_penalty_sheet(
        f"{columns}\n{lines}", Currency("SGD", 2)
    )
    for hours in (30, 54):
        await stage.session(grace, emily, starts_in=timedelta(hours=hours))
    for text in ("/leave", "26 nov - 27 nov", "A wedding"):
        await write(stage, stage.grace, text)

    await press(stage, stage.grace, "Cancel all")

    shown = text_of(stage.grace.last())
    assert "→ cancel. Penalty: One strike; a coordinator can waive it.\n" in shown
    assert "→ cancel. Penalty: None.\n" in f"{shown}\n"


async def test_days_within_a_sentence_are_offered_as_buttons(stage: Stage) -> None:
    stage.people()
    await write(stage, stage.grace, "/leave")

    asked = await write(stage, stage.grace, "I am on leave from 6 to 8 dec")

    assert "Do you mean this?" in asked
    assert labels(stage.grace.last()) == ["Sun 6 Dec to Tue 8 Dec", "Stop"]
    await press(stage, stage.grace, "Sun 6 Dec to Tue 8 Dec")
    assert "Sun 6 Dec to Tue 8 Dec" in text_of(stage.grace.last())
    assert "Why?" in text_of(stage.grace.last())


async def test_of_days_that_there_are_not_it_is_said_so_and_the_nearest_are_offered(
    stage: Stage,
) -> None:
    stage.people()
    await write(stage, stage.grace, "/leave")
    none = "There is no such day: November 2026 has only 30 days."

    assert f"{none} Do you mean this?" in await write(stage, stage.grace, "28-31 nov")

    assert labels(stage.grace.last()) == ["Sat 28 Nov to Mon 30 Nov", "Stop"]
    said = await write(stage, stage.grace, "somewhere around the 31 nov")
    assert none in said
    await write(stage, stage.grace, "31/11")
    await press(stage, stage.grace, "Mon 30 Nov")
    assert "Why?" in text_of(stage.grace.last())


async def test_days_that_cannot_be_read_or_be_are_asked_for_again(stage: Stage) -> None:
    stage.people()
    await write(stage, stage.grace, "/leave")

    assert "I could not find any days in that." in await write(stage, stage.grace, "some time soon")
    assert "That is in the past. Please choose a later day." in await write(
        stage, stage.grace, "2026-11-02"
    )
    assert "Why?" in await write(stage, stage.grace, "7 dec")
    await press(stage, stage.grace, "Back")
    assert "On which days" in text_of(stage.grace.last())
    await press(stage, stage.grace, "Stop")
    assert text_of(stage.grace.last()) == "No leave was entered."
    assert leave(stage) == []


async def test_what_has_changed_since_is_shown_anew(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await write(stage, stage.grace, "/leave")
    await write(stage, stage.grace, "2-4 dec")
    assert "No sessions are booked then." in await write(stage, stage.grace, "A wedding")
    await stage.session(grace, emily, starts_in=timedelta(days=7))

    await press(stage, stage.grace, "Enter leave")

    assert "Something has changed since you looked" in text_of(stage.grace.last())
    assert "1. Emily Lim" in text_of(stage.grace.last())
    await press(stage, stage.grace, "1. Ask to move")
    await press(stage, stage.grace, "Cancel")
    await press(stage, stage.grace, "Enter leave")
    assert "You entered leave" in text_of(stage.grace.last())


async def test_a_session_that_a_family_cancels_meanwhile_is_shown_to_be_gone(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    for days in (7, 8):
        await stage.session(grace, emily, starts_in=timedelta(days=days))
    await write(stage, stage.grace, "/leave")
    await write(stage, stage.grace, "2-4 dec")
    await write(stage, stage.grace, "A wedding")
    await press(stage, stage.grace, "Keep all")
    review = stage.grace.last()["message_id"]
    await write(stage, stage.mei, "/change")
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    await press(stage, stage.mei, "Cancel")
    await press(stage, stage.mei, "School event")
    await press(stage, stage.mei, "Cancel session")

    await press(stage, stage.grace, "Enter leave", review)

    asked = text_of(card_of(stage.grace, "Something has changed since you looked"))
    assert "1. Emily Lim" in asked
    assert "2. Emily Lim" not in asked
    await press(stage, stage.grace, "Enter leave")
    assert "Sessions: 1 left as it is" in text_of(card_of(stage.grace, "You entered leave"))


async def test_leave_is_taken_back(stage: Stage) -> None:
    stage.people()
    for typed in ("/leave", "7 dec", "A wedding"):
        await write(stage, stage.grace, typed)
    await press(stage, stage.grace, "Enter leave")
    await write(stage, stage.grace, "/leave")

    toast = await press(stage, stage.grace, "Take back Mon 7 Dec")

    assert toast == "Taken back: Mon 7 Dec"
    assert leave(stage)[0].status is LeaveStatus.WITHDRAWN
    assert "is not away after all" in text_of(stage.priya_in_group.last())
    assert "for tutors" in await write(stage, stage.mei, "/leave")


async def test_days_and_the_reason_can_be_typed_anew_at_any_question(stage: Stage) -> None:
    stage.people()
    await write(stage, stage.grace, "/leave")
    await write(stage, stage.grace, "next week")
    assert "Why?" in await write(stage, stage.grace, "4-6 dec")
    await write(stage, stage.grace, "Wedding")
    await write(stage, stage.grace, "3-6 dec")
    await press(stage, stage.grace, "Back")
    assert "Why?" in text_of(stage.grace.last())
    shown = await write(stage, stage.grace, "My sister's wedding")

    assert shown.startswith("🌴 Away: Thu 3 Dec to Sun 6 Dec\nReason:\nMy sister's wedding\n\n")
    await press(stage, stage.grace, "Back")
    await press(stage, stage.grace, "Back")
    assert "On which days are you away?" in text_of(stage.grace.last())


async def test_days_far_ahead_are_asked_about_and_days_are_no_reason(stage: Stage) -> None:
    stage.people()
    await write(stage, stage.grace, "/leave")
    asked = await write(stage, stage.grace, "20-22 mar")
    assert asked.startswith("Do you mean this?")
    await press(stage, stage.grace, "Sat 20 Mar 2027 to Mon 22 Mar 2027")
    assert "Away: Sat 20 Mar 2027 to Mon 22 Mar 2027" in text_of(stage.grace.last())

    asked = await write(stage, stage.grace, "22 mar to 20 mar")

    assert "Are those other days, or the reason?" in asked
    assert "It is the reason" in labels(stage.grace.last())


async def test_put_aside_for_another_command_it_goes_on(stage: Stage) -> None:
    stage.people()
    await write(stage, stage.grace, "/leave")
    await write(stage, stage.grace, "4-6 dec")

    await write(stage, stage.grace, "/sessions")

    assert "I have put your leave aside; nothing is entered yet." in texts(stage.grace)
    await press(stage, stage.grace, "Go on")
    assert "🌴 Away: Fri 4 Dec to Sun 6 Dec" in all_text(stage.grace)
    assert leave(stage) == []


async def closed_on_thursday(stage: Stage, way: Way = Way.ASK) -> None:
    """A coordinator closes the agency on 3 December, and asks families to move, or cancels."""
    with stage.database.unit_of_work() as work:
        actor = acting(work.exec(select(Person).where(Person.name == "Priya Nair")).one())
        days = (Day(date(2026, 12, 3), "Founders' day"),)
        found = sessions_on(work, actor, days, AGENCY)
        digest = digest_of(one.booked for one in found)
        when = {one.view.id: one.booked.suggested if way is Way.ASK else None for one in found}
        choices = {about: Choice(way, start) for about, start in when.items()}
        add(work, actor, days, choices, AGENCY, digest=digest)
    await stage.forward(minutes=1)


async def test_a_holiday_is_named_to_families_and_the_tutor(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(days=8))

    await closed_on_thursday(stage)

    session = "• Emily Lim, Mathematics: Thu 3 Dec 15:00-16:30\n→ to Thu 10 Dec 15:00-16:30?"
    title = "📅 No sessions: Thu 3 Dec\nFounders' day"
    asked = f"{title}\n\nAsked to move, please answer:\n{session}"
    assert asked in all_text(stage.mei)
    assert f"{title}\n\nThe families are asked to move:\n{session}" in all_text(stage.grace)


async def test_a_parent_accepts_on_the_message_that_asks_and_both_read_what_came_of_it(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(days=8))
    await closed_on_thursday(stage)
    asked = {phone: phone.last()["message_id"] for phone in (stage.mei, stage.daniel)}

    assert await press(stage, stage.mei, "Accept") == "You accepted the new time at 15:01"

    for phone, who in ((stage.mei, "You"), (stage.daniel, "Mei Lim")):
        told = text_of(message_of(phone, asked[phone]))
        assert told.startswith("📅 No sessions: Thu 3 Dec\nFounders' day\n\nAsked to move:\n")
        moved = "• Emily Lim, Mathematics: Thu 3 Dec 15:00-16:30\n→ moved to Thu 10 Dec 15:00-16:30"
        assert f"{moved}\n→ {who} accepted the new time on Wed 25 Nov at 15:01" in told
    assert texts(stage.priya_in_group) == []

    await stage.forward(days=15)
    assert "Checked in" in await write(stage, stage.grace, "/checkin")
    assert "→ You accepted the new time" in text_of(message_of(stage.mei, asked[stage.mei]))


async def test_a_message_about_several_keeps_what_became_of_each(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(days=8))
    await stage.session(grace, emily, starts_in=timedelta(days=8, hours=3), subject="Physics")
    await closed_on_thursday(stage)
    asked, own = stage.daniel.last(), stage.mei.last()["message_id"]
    assert labels(asked)[:2] == ["Accept 1", "Accept 2"]
    assert text_of(asked).count("Please answer by Thu 3 Dec") == 2

    await press(stage, stage.mei, "Accept 2")

    left = message_of(stage.daniel, asked["message_id"])
    assert labels(left)[0] == "Accept 1"
    assert "Accept 2" not in labels(left)
    assert (
        text_of(left)
        .partition("Asked to move, please answer:\n")[2]
        .startswith("1. Emily Lim, Mathematics: Thu 3 Dec 15:00-16:30\n→ to ")
    )
    assert (
        "\n\nNo answer of yours is needed:\n"
        "2. Emily Lim, Physics: Thu 3 Dec 18:00-19:30\n→ moved to Thu 10 Dec 18:00-19:30\n"
        "→ Mei Lim accepted" in text_of(left)
    )

    await press(stage, stage.daniel, "Emily Lim · Thu 3 Dec 15:00")
    await press(stage, stage.daniel, "Decline")

    both = text_of(message_of(stage.mei, own))
    assert "• Emily Lim, Mathematics: Thu 3 Dec 15:00-16:30\n→ Daniel Lim declined" in both
    assert "→ moved to Thu 10 Dec 18:00-19:30\n→ You accepted the new time" in both


async def test_a_familys_own_later_request_does_not_stand_in_the_message(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(days=8))
    await stage.session(grace, emily, starts_in=timedelta(days=8, hours=3), subject="Physics")
    await closed_on_thursday(stage)
    told = stage.daniel.last()["message_id"]
    await press(stage, stage.daniel, "Emily Lim · Thu 3 Dec 18:00")
    await press(stage, stage.daniel, "Decline")

    await press(stage, stage.daniel, "Change time")
    await write(stage, stage.daniel, "tue 8 dec 4pm")
    await press(stage, stage.daniel, "Family matter")
    await press(stage, stage.daniel, "Send")

    left = text_of(message_of(stage.daniel, told))
    owed, _, others = left.partition("\n\nNo answer of yours is needed:\n")
    assert "2. " not in owed
    assert others.startswith(
        "2. Emily Lim, Physics: Thu 3 Dec 18:00-19:30\n→ You declined the new time"
    )
    assert "8 Dec" not in text_of(message_of(stage.daniel, told))
    assert "Accept 1" in labels(message_of(stage.daniel, told))


async def test_coordinators_hear_of_a_session_that_stays_on_a_holiday(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(days=8))
    await closed_on_thursday(stage)

    await press(stage, stage.mei, "Emily Lim · Thu 3 Dec 15:00")
    await press(stage, stage.mei, "Decline")

    told = stage.priya_in_group.last()
    assert text_of(told).split("\n") == [
        "📅 This session stays on a holiday",
        "Emily · Mathematics",
        "Thu 3 Dec 15:00-16:30",
        "with Grace Tan",
        "Priya Nair asked for Thu 10 Dec 15:00-16:30",
        "Mei Lim declined the new time on Wed 25 Nov at 15:01",
    ]
    assert {"Cancel", "Move", "Other tutor"} <= set(labels(told))

    with stage.database.unit_of_work() as work:
        actor = acting(work.exec(select(Person).where(Person.name == "Priya Nair")).one())
        cancel_for(work, session.id, actor, Role.TUTOR, "Closed that day.", None)
    await stage.forward(minutes=1)
    left = message_of(stage.priya_in_group, told["message_id"])
    assert labels(left) == []
    assert "Dealt with: Emily" in text_of(left)


async def test_a_session_that_stays_on_an_open_day_is_nobodys_business(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(days=7))
    with stage.database.unit_of_work() as work:
        work.add(Holiday(date=date(2026, 12, 3), name="Founders' day"))
    ask_to_move(stage, session, Role.TUTOR)
    await write(stage, stage.mei, "/change")
    await press(stage, stage.mei, "Emily Lim · Wed 2 Dec 15:00")

    await press(stage, stage.mei, "Decline")

    assert texts(stage.priya_in_group) == []


async def test_leave_that_a_coordinator_enters_is_told_to_the_tutor_as_theirs(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(days=8))
    with stage.database.unit_of_work() as work:
        actor = acting(work.exec(select(Person).where(Person.name == "Priya Nair")).one())
        day = date(2026, 12, 3)
        wanted = LeaveWanted(grace.id, day, day, "In hospital")
        found = sessions_during(work, actor, wanted, AGENCY, PENALTIES)
        digest = digest_of(one.booked for one in found)
        choices = {session.id: Choice(Way.CANCEL)}
        take(work, actor, wanted, choices, AGENCY, PENALTIES, digest=digest)
    await stage.forward(minutes=1)

    assert all_text(stage.grace).startswith(
        "🌴 You are away: Thu 3 Dec\nReason:\nIn hospital\n\n"
        "Cancelled:\n• Emily Lim, Mathematics: Thu 3 Dec 15:00-16:30"
    )
    assert all_text(stage.mei).startswith(
        "🌴 Grace Tan is away: Thu 3 Dec\nReason:\nIn hospital\n\n"
    )
