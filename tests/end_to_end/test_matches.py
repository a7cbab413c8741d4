"""Matches in the chat: the parents' card, what it becomes, a tutor's students (SPEC 7, 9)."""

from datetime import date, timedelta

from sqlmodel import select

from chat.app_context import Pages
from models import Appointment, Holiday, Match, Person, TutorLeave
from models.enums import Kind, LeaveStatus, Status
from services.closures.holidays import Day, make_known
from tests import builders, files
from tests.end_to_end.matching import offer
from tests.end_to_end.scenes import all_text, card_of, follow, live_buttons, press, write
from tests.end_to_end.stage import Stage, buttons, labels, text_of, texts

OFFER = "We suggest weekly lessons"


def booked(stage: Stage) -> int:
    with stage.database.reading() as session:
        return len(session.exec(select(Appointment)).all())


async def test_a_parent_accepts_with_one_tap_and_everybody_reads_what_came_of_it(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    offer(stage, grace, emily, "15:00")
    await stage.settled()
    card = text_of(stage.mei.last())
    assert card == (
        "🤝 We suggest weekly lessons\nEmily Lim · Mathematics\nwith Grace Tan\nEvery Monday "
        "15:00-16:30\nFrom Mon 30 Nov\nIf you accept, the next eight weeks are booked, except for "
        "holidays, days when the tutor is away, and times that are taken."
    )
    assert labels(stage.daniel.last()) == ["Accept", "Decline"]

    toast = await press(stage, stage.mei, "Accept")

    assert toast == "You accepted this at 15:00"
    assert "8 sessions are booked, the first Mon 30 Nov 15:00-16:30." in text_of(stage.mei.last())
    assert "Mei Lim accepted this at 15:00" in text_of(stage.daniel.last())
    assert live_buttons(stage.mei) == live_buttons(stage.daniel) == []
    assert "A new student" in text_of(stage.grace.last())
    assert labels(stage.grace.last()) == ["The first session"]
    told = text_of(stage.priya_in_group.last())
    assert told.startswith("🤝 Mei Lim accepted a match at 15:00\n")
    assert "Emily · Mathematics" in told
    assert "Emily Lim" not in told
    assert booked(stage) == 8


async def test_an_offer_begins_on_the_day_of_its_first_lesson(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    offer(stage, grace, emily, "15:00", starts_on=date(2026, 12, 1))
    await stage.settled()

    assert "Every Monday 15:00-16:30\nFrom Mon 7 Dec\n" in text_of(stage.mei.last())


async def test_what_is_written_for_an_answer_brings_the_offer_with_its_buttons(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    offer(stage, grace, emily, "15:00")
    await stage.settled()

    told = await write(stage, stage.mei, "yes")

    assert told.startswith("Please tap your answer here: what you write does not count as one.")
    assert OFFER in told
    assert labels(stage.mei.last()) == ["Accept", "Decline"]
    assert all_text(stage.mei).count(OFFER) == 1
    assert booked(stage) == 0


async def test_a_sentence_that_may_be_an_answer_is_offered_to_it_too(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=-timedelta(hours=30), status=Status.APPROVED)
    offer(stage, grace, emily, "15:00")
    await stage.settled()

    await write(stage, stage.mei, "can it be at 6pm please?")
    await press(stage, stage.mei, "Answer: Emily Lim · Mathematics")

    told = text_of(stage.mei.last())
    assert "can it be at 6pm please?" in told
    assert OFFER in told
    assert labels(stage.mei.last()) == ["Accept", "Decline"]
    await press(stage, stage.mei, "Accept")
    assert booked(stage) == 9


async def test_the_second_parent_who_taps_an_old_card_is_told_who_decided(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    match = offer(stage, grace, emily, "15:00")
    await stage.settled()
    card = stage.daniel.last()["message_id"]
    await press(stage, stage.mei, "Accept")
    await stage.forward(days=4)

    toast = await press(stage, stage.daniel, f"ma.1:{match.id}", card)

    assert toast == "Mei Lim accepted this on Wed 25 Nov at 15:00"
    assert booked(stage) == 8


async def offered(stage: Stage) -> None:
    """Both parents are asked about weekly lessons with Grace."""
    grace, _, _, emily = stage.people()
    offer(stage, grace, emily, "15:00")
    await stage.settled()


async def test_why_it_is_declined_is_asked_and_need_not_be_said(stage: Stage) -> None:
    await offered(stage)

    await press(stage, stage.mei, "Decline")
    assert "Why do you decline this? Please write it" in text_of(stage.mei.last())
    assert labels(stage.mei.last()) == ["Decline without a reason", "Leave"]
    assert await press(stage, stage.mei, "Leave") == "Nothing is decided yet."
    assert labels(stage.mei.last()) == ["Accept", "Decline"]
    await press(stage, stage.mei, "Decline")
    await press(stage, stage.mei, "Decline without a reason")

    (told,) = texts(stage.mei)
    assert "You declined this" in told
    assert "Mei Lim declined this" in text_of(stage.daniel.last())
    told = text_of(stage.priya_in_group.last())
    assert told.startswith("✖️ Mei Lim declined a match at 15:00")
    assert "Reason" not in told
    assert texts(stage.grace) == []
    assert booked(stage) == 0


async def test_what_is_written_there_is_the_reason_and_coordinators_read_it(stage: Stage) -> None:
    await offered(stage)
    await press(stage, stage.mei, "Decline")

    await write(stage, stage.mei, "Mondays clash with swimming.")

    offer_told, told = texts(stage.mei)
    assert told == "✖️ You declined this at 15:00. The coordinators have your reason."
    in_group = text_of(stage.priya_in_group.last())
    for shown in (offer_told, in_group, text_of(stage.daniel.last())):
        assert shown.endswith("Reason:\nMondays clash with swimming.")
    assert "Mei Lim declined a match" in in_group
    assert live_buttons(stage.mei) == live_buttons(stage.daniel) == []
    with stage.database.reading() as session:
        assert session.exec(select(Match)).one().decline_reason == "Mondays clash with swimming."
    assert booked(stage) == 0


async def test_a_reason_too_long_or_a_photo_is_said_and_the_question_stays(stage: Stage) -> None:
    await offered(stage)
    await press(stage, stage.mei, "Decline")

    await write(stage, stage.mei, "x" * 1001)
    assert "longer than 1000 characters" in text_of(stage.mei.last())
    stage.mei.send_photo(files.jpeg_photo())
    await stage.settled()
    assert "Why do you decline this?" in text_of(stage.mei.last())
    await write(stage, stage.mei, "no")
    assert text_of(stage.mei.last()).startswith("Nothing is done yet.")
    await write(stage, stage.mei, "Too far.")

    assert "Reason:\nToo far." in text_of(stage.priya_in_group.last())


async def test_who_writes_a_reason_after_another_parents_answer_reads_it_back(
    stage: Stage,
) -> None:
    await offered(stage)
    await press(stage, stage.mei, "Decline")
    await press(stage, stage.daniel, "Accept")
    assert "Daniel Lim accepted this" in text_of(stage.mei.last())

    told = await write(stage, stage.mei, "Mondays clash with swimming.")

    assert "Daniel Lim accepted this" in told
    assert told.endswith("Mondays clash with swimming.")
    assert booked(stage) == 8


async def test_who_thinks_again_accepts_above_the_question(stage: Stage) -> None:
    await offered(stage)
    card = stage.mei.last()["message_id"]
    await press(stage, stage.mei, "Decline")

    assert await press(stage, stage.mei, "Accept", card) == "You accepted this at 15:00"

    (told,) = texts(stage.mei)
    assert "8 sessions are booked" in told
    assert "Reason" not in await write(stage, stage.mei, "Thank you!")


async def test_another_command_puts_the_question_aside_and_leaves_the_offer(stage: Stage) -> None:
    await offered(stage)
    await press(stage, stage.mei, "Decline")

    await write(stage, stage.mei, "/upcoming")

    assert labels(card_of(stage.mei, OFFER)) == ["Accept", "Decline"]
    assert "I have put your answer aside; nothing is decided yet." in all_text(stage.mei)
    await press(stage, stage.mei, "Go on")
    await write(stage, stage.mei, "Too far.")
    assert "Reason:\nToo far." in text_of(stage.priya_in_group.last())


async def test_the_tutors_name_is_held_back_until_a_parent_accepts(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    offer(stage, grace, emily, "15:00", is_tutor_held_back=True)
    await stage.settled()
    assert "Grace Tan" not in all_text(stage.mei)
    assert "You will see the tutor's name when you accept." in text_of(stage.mei.last())

    await press(stage, stage.daniel, "Accept")

    assert "with Grace Tan" in text_of(stage.daniel.last())
    assert "with Grace Tan" in text_of(stage.mei.last())


async def test_a_trial_is_one_session(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    offer(stage, grace, emily, "15:00", kind=Kind.TRIAL)
    await stage.settled()
    offered = text_of(stage.mei.last())
    assert "We suggest a trial session" in offered
    assert "\nMon 30 Nov 15:00-16:30\n" in offered
    assert "Every" not in offered
    assert "From" not in offered

    await press(stage, stage.mei, "Accept")

    assert "1 session is booked: Mon 30 Nov 15:00-16:30." in text_of(stage.mei.last())
    assert "A trial session with a new student" in text_of(stage.grace.last())


async def test_what_waits_is_in_pending_of_parents_and_of_coordinators(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    offer(stage, grace, emily, "15:00")
    await stage.settled()

    for _ in range(2):
        await write(stage, stage.mei, "/pending")
        assert OFFER in text_of(stage.mei.last())
        assert live_buttons(stage.mei) == [stage.mei.last()["message_id"]]
    await write(stage, stage.priya, "/pending")
    assert "Matches not answered by the parents" in text_of(stage.priya.last())

    await press(stage, stage.mei, "Accept")

    assert live_buttons(stage.mei) == []
    assert "Nothing is waiting: no session" in await write(stage, stage.priya, "/pending")


async def test_a_parent_who_links_later_is_asked(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    with stage.database.unit_of_work() as session:
        for name in ("Mei Lim", "Daniel Lim"):
            row = session.exec(select(Person).where(Person.name == name)).one()
            row.telegram_user_id = row.started_at = None
            session.add(row)
    offer(stage, grace, emily, "15:00")
    await write(stage, stage.priya, "/invite Mei")
    await press(stage, stage.priya, "Mei Lim (Parent)")

    await follow(stage, stage.mei, text_of(stage.priya.last()))

    assert sum(OFFER in text for text in texts(stage.mei)) == 1
    await press(stage, stage.mei, "Accept")
    assert booked(stage) == 8


async def test_what_clashes_is_named_to_the_coordinators(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    with stage.database.unit_of_work() as session:
        ryan = builders.student(session, name="Ryan Ong")
    await stage.session(grace, ryan, starts_in=timedelta(days=12))
    offer(stage, grace, emily, "15:00")
    await stage.settled()

    await press(stage, stage.mei, "Accept")

    told = text_of(card_of(stage.priya_in_group, "Not booked"))
    assert "• Mon 7 Dec 15:00-16:30: the tutor has another session then" in told
    assert "7 sessions are booked" in text_of(stage.mei.last())


async def test_a_tutor_reads_what_hinders_them_from_their_own_point_of_view(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    away = date(2026, 12, 14)
    with stage.database.unit_of_work() as session:
        ryan = builders.student(session, name="Ryan Ong")
        session.add(
            TutorLeave(
                tutor_id=grace.id,
                starts_on=away,
                ends_on=away,
                status=LeaveStatus.TAKEN,
                asked_by_id=grace.id,
                asked_at=stage.now,
            )
        )
    await stage.session(grace, ryan, starts_in=timedelta(days=12))
    offer(stage, grace, emily, "15:00")
    await stage.settled()

    await press(stage, stage.mei, "Accept")

    told = text_of(stage.grace.last())
    assert "• Mon 7 Dec 15:00-16:30: you have another session then" in told
    assert "• Mon 14 Dec 15:00-16:30: you are away" in told
    told = text_of(stage.mei.last())
    assert "• Mon 7 Dec 15:00-16:30: the tutor has another session then" in told
    assert "• Mon 14 Dec 15:00-16:30: the tutor is away" in told


async def test_a_family_is_not_told_of_sessions_where_none_could_be_booked(stage: Stage) -> None:
    stage.running.app.pages = Pages("https://pages.example", takes_buttons=True)
    grace, _, _, emily = stage.people()
    offer(stage, grace, emily, "14:30", subject="Science")
    await stage.settled()
    await press(stage, stage.mei, "Accept")
    match = offer(stage, grace, emily, "15:00")
    await stage.settled()

    await press(stage, stage.mei, "Accept")

    for phone in (stage.mei, stage.daniel, stage.grace):
        told = text_of(phone.last())
        assert "No session could be booked yet. A coordinator will be in touch." in told
        assert "• Mon 7 Dec 15:00-16:30: the student has another session then" in told
        assert "eight weeks ahead" not in told
    assert "More weekly lessons" in text_of(stage.grace.last())
    card = card_of(stage.priya_in_group, "Not booked")
    assert labels(card) == ["Open the match"]
    url = card["reply_markup"]["inline_keyboard"][0][0]["url"]
    assert url == f"https://pages.example/admin/matches/{match.id}"


async def test_days_without_a_session_are_named_to_the_family_and_the_tutor(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    with stage.database.unit_of_work() as session:
        session.add(Holiday(date=date(2026, 12, 21), name="Flood"))
    offer(stage, grace, emily, "15:00")
    await stage.settled()

    await press(stage, stage.mei, "Accept")

    for phone in (stage.mei, stage.daniel, stage.grace):
        told = text_of(phone.last())
        assert "7 sessions are booked, the first Mon 30 Nov 15:00-16:30." in told
        assert "Not booked:\n• Mon 21 Dec 15:00-16:30: a holiday" in told


async def test_a_match_that_begins_after_the_horizon_has_nothing_booked_yet(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    offer(stage, grace, emily, "15:00", starts_on=date(2027, 3, 1))
    await stage.settled()

    await press(stage, stage.mei, "Accept")

    assert "Nothing is booked yet: sessions are booked eight weeks ahead." in text_of(
        stage.mei.last()
    )


async def test_what_nobody_answers_is_in_the_coordinators_morning_list_once(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    offer(stage, grace, emily, "15:00")
    offer(stage, grace, emily, "18:00")

    await stage.forward(days=5)

    (told,) = [one for one in texts(stage.priya_in_group) if "No parent has answered" in one]
    assert told.count("Emily · Mathematics") == 2


async def test_a_tutor_reads_whom_they_teach_and_when(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    nothing = await write(stage, stage.grace, "/mystudents")
    assert (
        nothing == "No students yet. They appear here once their family accepts lessons with you, "
        "or sessions are booked."
    )
    offer(stage, grace, emily, "15:00")
    await stage.settled()
    await press(stage, stage.mei, "Accept")

    shown = await write(stage, stage.grace, "/mystudents")

    assert shown == (
        "Your students\n\nEmily Lim · Mathematics\nEvery Monday 15:00-16:30\n"
        "📍 18 Bishan Street\nNext: Mon 30 Nov 15:00-16:30"
    )
    await press(stage, stage.grace, "Emily: next session")
    assert "Mathematics" in text_of(stage.grace.last())
    assert "for tutors" in await write(stage, stage.mei, "/mystudents")


async def test_students_whose_sessions_have_no_match_are_among_them(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    offer(stage, grace, emily, "15:00")
    await stage.settled()
    await press(stage, stage.mei, "Accept")
    with stage.database.unit_of_work() as work:
        ryan = builders.student(work, name="Ryan Ong", address="2 Jalan Besar")
    for days, subject in ((9, "Physics"), (2, "Physics"), (3, "Chemistry")):
        await stage.session(grace, ryan, starts_in=timedelta(days=days), subject=subject)
    await stage.session(grace, emily, starts_in=timedelta(days=1), subject="Physics")

    shown = await write(stage, stage.grace, "/mystudents")

    assert shown.endswith(
        "Next: Mon 30 Nov 15:00-16:30\n\n"
        "Emily Lim · Physics\n📍 18 Bishan Street\nNext: Thu 26 Nov 15:00-16:30\n\n"
        "Ryan Ong · Chemistry\n📍 2 Jalan Besar\nNext: Sat 28 Nov 15:00-16:30\n\n"
        "Ryan Ong · Physics\n📍 2 Jalan Besar\nNext: Fri 27 Nov 15:00-16:30"
    )
    assert labels(stage.grace.last()) == [
        "Emily: next session",
        "Emily: next session",
        "Ryan: next session",
        "Ryan: next session",
        "Enter leave",
    ]


async def test_the_next_session_of_a_student_may_be_one_beside_the_match(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    offer(stage, grace, emily, "15:00")
    await stage.settled()
    await press(stage, stage.mei, "Accept")
    session = await stage.session(grace, emily, starts_in=timedelta(days=1))

    shown = await write(stage, stage.grace, "/mystudents")

    assert shown == (
        "Your students\n\nEmily Lim · Mathematics\nEvery Monday 15:00-16:30\n"
        "📍 18 Bishan Street\nNext: Thu 26 Nov 15:00-16:30"
    )
    assert buttons(stage.grace.last())[0][0]["callback_data"] == f"se.1:{session.id}"


async def test_days_that_are_closed_are_not_counted_among_what_is_booked(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    with stage.database.unit_of_work() as work:
        make_known(work, [Day(date(2026, 12, 21), "Break"), Day(date(2026, 12, 28), "Break")])
    offer(stage, grace, emily, "15:00")
    await stage.settled()
    assert "except for holidays" in text_of(stage.mei.last())

    await press(stage, stage.mei, "Accept")

    assert "6 sessions are booked" in text_of(stage.mei.last())


async def test_the_horizon_goes_on_by_itself(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    offer(stage, grace, emily, "15:00")
    await stage.settled()
    await press(stage, stage.mei, "Accept")

    await stage.forward(days=6)

    assert booked(stage) == 9
