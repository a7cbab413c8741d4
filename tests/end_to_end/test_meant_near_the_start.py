"""Texts outside any dialogue in the last four hours before a session are offered to it (UX 19)."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from models import Appointment, Person, ProblemReport, Student
from models.enums import Role, Status
from tests import files
from tests.end_to_end.scenes import all_text, ask_to_move, message_of, press, write
from tests.end_to_end.stage import Stage, labels, text_of

NEAR = "📣 Emily Lim · Wed 25 Nov 18:00"
SOON = "📣 Within four hours of the start only the coordinators can change a session."


async def near(stage: Stage, before: timedelta | None = timedelta(days=2)) -> Appointment:
    """Grace teaches Emily at 18:00, it is 15:00; the session before began so long ago."""
    grace, _, _, emily = stage.people()
    if before is not None:
        await stage.session(grace, emily, starts_in=-before, status=Status.APPROVED)
    return await stage.session(grace, emily, starts_in=timedelta(hours=3))


@pytest.mark.parametrize(
    "typed",
    [
        "i'm sick today sorry",
        "cannot make it at 6pm today, car trouble",
        "car broke down, can't make it to emily",
        "I'm stuck",
        "there was a fire in our house",
    ],
)
async def test_a_tutors_text_goes_to_the_coordinators_first(stage: Stage, typed: str) -> None:
    session = await near(stage)

    told = await write(stage, stage.grace, typed)

    assert told == (
        "📨 Your message has not been sent to anybody yet. Which session is it about?\n"
        f"{SOON}\n📝 Or keep it for a session's notes.\n{typed}"
    )
    assert labels(stage.grace.last())[:2] == [NEAR, "📝 Emily Lim · Mon 23 Nov 15:00"]
    assert labels(stage.grace.last())[-1] == "Leave"
    await press(stage, stage.grace, NEAR)
    await press(stage, stage.grace, "Send it")
    assert text_of(stage.priya_in_group.last()).endswith(f"Reason:\n{typed}")
    assert stage.status(session) is Status.SCHEDULED


async def test_one_that_names_another_day_is_about_the_session_of_that_day(stage: Stage) -> None:
    session = await near(stage)
    with stage.database.reading() as work:
        grace = work.get_one(Person, session.tutor_id)
        emily = work.get_one(Student, session.student_id)
    await stage.session(grace, emily, starts_in=timedelta(days=2))

    await write(stage, stage.grace, "i am not free on friday sorry")
    assert labels(stage.grace.last())[0] == "Change a session"
    assert labels(stage.grace.last())[-2:] == [NEAR, "Leave"]
    await press(stage, stage.grace, "Leave", stage.grace.last()["message_id"])
    await write(stage, stage.grace, "i am sick and not free today and on friday")
    assert labels(stage.grace.last())[:2] == [NEAR, "Change a session"]


async def test_so_does_that_of_one_who_never_taught(stage: Stage) -> None:
    await near(stage, before=None)

    assert SOON in await write(stage, stage.grace, "i'm sick, so sorry")

    assert labels(stage.grace.last()) == [NEAR, "Leave"]


async def test_between_two_sessions_a_trouble_is_no_note_and_a_note_no_trouble(
    stage: Stage,
) -> None:
    await near(stage, before=timedelta(hours=2))

    await write(stage, stage.grace, "I have a fever now, sorry")
    assert labels(stage.grace.last())[0] == NEAR
    await press(stage, stage.grace, "Leave", stage.grace.last()["message_id"])
    await write(stage, stage.grace, "She found fractions hard this time.")

    assert labels(stage.grace.last()) == ["Keep for Emily's notes", NEAR, "Leave"]


async def test_a_photo_is_still_for_notes(stage: Stage) -> None:
    await near(stage)
    stage.grace.send_photo(files.jpeg_photo(), "the board")
    await stage.settled()

    assert labels(stage.grace.last()) == ["Keep for Emily's notes", "Leave"]


async def test_thanks_are_still_thanks(stage: Stage) -> None:
    await near(stage)

    assert "You're welcome!" in await write(stage, stage.grace, "Thanks!")


def report_on_the_last(stage: Stage) -> None:
    """Mei has reported a problem with the session that is over."""
    with stage.database.unit_of_work() as work:
        mei = work.exec(select(Person).where(Person.name == "Mei Lim")).one()
        over = work.exec(select(Appointment).where(col(Appointment.starts_at) < stage.now)).one()
        work.add(
            ProblemReport(appointment_id=over.id, person_id=mei.id, text="No light.", at=stage.now)
        )


PLAIN = [
    "grace will 3pm work? pls answer",
    "hi any news about 3pm?",
    "we are stuck in traffic, 15 min late",
    "running late",
]


@pytest.mark.parametrize("typed", PLAIN)
@pytest.mark.parametrize("has_reported", [False, True])
async def test_a_parents_plain_text_is_offered_to_the_near_session_first(
    stage: Stage, typed: str, has_reported: bool
) -> None:
    session = await near(stage)
    if has_reported:
        report_on_the_last(stage)
    ask_to_move(stage, session, Role.PARENT)

    told = await write(stage, stage.mei, typed)

    assert told == (
        "📨 Your message has not been sent to anybody yet. Which session is it about?\n" + SOON
    )
    shown = labels(stage.mei.last())
    assert shown[:2] == [NEAR, "Emily Lim · Mon 23 Nov 15:00"]
    await press(stage, stage.mei, NEAR)
    await press(stage, stage.mei, "Send it")
    assert text_of(stage.priya_in_group.last()).endswith(f"Reason:\n{typed}")


@pytest.mark.parametrize("has_reported", [False, True])
async def test_the_request_that_waits_for_a_parents_answer_comes_before_sessions_that_are_over(
    stage: Stage, has_reported: bool
) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=-timedelta(days=1), status=Status.APPROVED)
    to_come = await stage.session(grace, emily, starts_in=timedelta(days=12))
    if has_reported:
        report_on_the_last(stage)
    ask_to_move(stage, to_come, Role.TUTOR)

    told = await write(stage, stage.mei, "no tuesday we are away, can wed same time?")

    assert told == "📨 Your message has not been sent to anybody yet. Which session is it about?"
    assert labels(stage.mei.last())[:2] == [
        "Answer: Emily Lim · Mon 7 Dec 15:00",
        "Emily Lim · Tue 24 Nov 15:00",
    ]
    await press(stage, stage.mei, "Answer: Emily Lim · Mon 7 Dec 15:00")
    assert labels(stage.mei.last())[:3] == ["Accept", "Suggest another", "Decline"]


async def offered_an_answer(stage: Stage) -> Appointment:
    """Grace has asked to move Emily's next session; Mei has written what may be the answer."""
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=-timedelta(days=1), status=Status.APPROVED)
    to_come = await stage.session(grace, emily, starts_in=timedelta(days=12))
    ask_to_move(stage, to_come, Role.TUTOR)
    await write(stage, stage.mei, WRITTEN)
    return to_come


ANSWER = "Answer: Emily Lim · Mon 7 Dec 15:00"
WRITTEN = "no tuesday we are away, can wed 9 dec 4pm?"


async def test_its_answer_takes_the_place_of_the_offer_with_what_was_written(
    stage: Stage,
) -> None:
    await offered_an_answer(stage)
    offer = stage.mei.last()["message_id"]

    await press(stage, stage.mei, ANSWER)

    shown = message_of(stage.mei, offer)
    assert text_of(shown).startswith(
        "Please tap your answer here: what you write does not count as one.\n"
        f"{WRITTEN}\n\nEmily Lim"
    )
    assert labels(shown)[:3] == ["Accept", "Suggest another", "Decline"]
    assert "has not been sent" not in all_text(stage.mei)
    await press(stage, stage.mei, "Suggest another")
    assert labels(stage.mei.last())[0] == "Wed 9 Dec 16:00"
    await press(stage, stage.mei, "Wed 9 Dec 16:00")
    await press(stage, stage.mei, "Send")
    assert "Mei Lim suggested another time:\nWed 9 Dec 16:00" in all_text(stage.grace)
    assert "There was nothing to stop." in await write(stage, stage.mei, "/stop")


@pytest.mark.parametrize("who", ["daniel", "mei"])
async def test_the_offer_loses_the_button_of_a_request_that_has_ended(
    stage: Stage, who: str
) -> None:
    await offered_an_answer(stage)
    offer = stage.mei.last()["message_id"]
    phone = getattr(stage, who)

    await write(stage, phone, "/pending")
    await press(stage, phone, "Decline", phone.last()["message_id"])

    assert labels(message_of(stage.mei, offer)) == ["Report a problem", "Leave"]
    assert "has not been sent to anybody yet" in text_of(message_of(stage.mei, offer))
    await press(stage, stage.mei, "Report a problem", offer)
    assert WRITTEN in text_of(message_of(stage.mei, offer))


async def test_so_does_the_question_which_of_several_is_meant(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    for days in (11, 12):
        session = await stage.session(grace, emily, starts_in=timedelta(days=days))
        ask_to_move(stage, session, Role.TUTOR)
    await write(stage, stage.mei, "yes ok for both")
    asked = stage.mei.last()["message_id"]

    for left in (["Answer: Emily Lim · Sun 6 Dec 15:00"], []):
        await write(stage, stage.daniel, "/pending")
        await press(stage, stage.daniel, "Decline")
        assert labels(message_of(stage.mei, asked)) == left

    assert text_of(message_of(stage.mei, asked)) == "✅ Dealt with."


@pytest.mark.parametrize("typed", ["tutor hasnt come yet", "where is the tutor?", "nobody came"])
async def test_a_word_or_two_are_for_the_coordinators_while_the_tutor_is_awaited(
    stage: Stage, typed: str
) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=-timedelta(minutes=15))

    told = await write(stage, stage.mei, typed)

    assert "Your message has not been sent to anybody yet." in told
    await press(stage, stage.mei, "Report a problem")
    await press(stage, stage.mei, "Send it")
    assert "The coordinators have it" in text_of(stage.mei.last())
    assert typed in text_of(stage.mei.last())
    assert "You're welcome!" in await write(stage, stage.mei, "thanks")
