"""Words where a button was asked for, or where nothing was: what they name is found (UX 19)."""

from datetime import timedelta

import pytest

from models import Appointment, Person, Student
from models.enums import Role, Status
from tests import builders
from tests.end_to_end.scenes import (
    all_text,
    answer_in_group,
    ask_to_move,
    just_over,
    press,
    report,
    write,
)
from tests.end_to_end.stage import Stage, labels, text_of, texts

WHICH = "Which session do you want to change?"
THURSDAY, FRIDAY = "Emily Lim · Tomorrow 16:00", "Emily Lim · Fri 27 Nov 16:00"


async def two_to_come(stage: Stage) -> list[Appointment]:
    """Grace teaches Emily on Thursday and on Friday at 16:00; it is Wednesday, 15:00."""
    grace, _, _, emily = stage.people()
    return await to_come(stage, grace, emily)


async def to_come(stage: Stage, grace: Person, emily: Student) -> list[Appointment]:
    return [
        await stage.session(grace, emily, starts_in=timedelta(days=days, hours=1))
        for days in (1, 2)
    ]


async def after_one(stage: Stage) -> None:
    """A session awaits its acknowledgement, and two are to come."""
    session = await just_over(stage)
    with stage.database.reading() as work:
        grace = work.get_one(Person, session.tutor_id)
        emily = work.get_one(Student, session.student_id)
    await to_come(stage, grace, emily)


async def test_the_question_of_change_takes_a_day_or_a_name(stage: Stage) -> None:
    await two_to_come(stage)
    await write(stage, stage.mei, "/change")

    assert await write(stage, stage.mei, "the thursday one") == WHICH
    assert labels(stage.mei.last()) == [THURSDAY, "Show all", "Leave"]
    assert texts(stage.mei)[-2] == "⬇️ There is a newer list below."
    await write(stage, stage.mei, "Friday")
    assert labels(stage.mei.last()) == [FRIDAY, "Show all", "Leave"]
    await write(stage, stage.mei, "emily")
    assert labels(stage.mei.last()) == [THURSDAY, FRIDAY, "Show all", "Leave"]

    await press(stage, stage.mei, FRIDAY)

    assert "Emily Lim · Mathematics\nFri 27 Nov 16:00-17:30" in text_of(stage.mei.last())
    assert labels(stage.mei.last())[:2] == ["Change time", "Cancel"]


async def test_all_of_them_are_one_tap_away(stage: Stage) -> None:
    await two_to_come(stage)
    await write(stage, stage.mei, "/change")
    await write(stage, stage.mei, "friday")

    await press(stage, stage.mei, "Show all")

    assert labels(stage.mei.last()) == [THURSDAY, FRIDAY, "Leave"]


async def test_words_that_name_no_session_get_the_sentence(stage: Stage) -> None:
    await two_to_come(stage)
    await write(stage, stage.mei, "/change")

    assert "not sure what to do" in await write(stage, stage.mei, "the second one")
    assert "You're welcome" in await write(stage, stage.mei, "thanks")


async def test_one_that_is_too_near_is_named_for_the_coordinators(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=2))
    await to_come(stage, grace, emily)
    await write(stage, stage.mei, "/change")

    told = await write(stage, stage.mei, "today")

    assert "Within four hours of the start only the coordinators" in told
    assert labels(stage.mei.last()) == ["📣 Emily Lim · Today 17:00", "Show all", "Leave"]


async def test_the_questions_of_checkin_and_checkout_take_a_name(stage: Stage) -> None:
    grace, mei, _, emily = stage.people()
    with stage.database.unit_of_work() as work:
        ryan = builders.student(work, name="Ryan Lim", guardians=[mei])
    for child in (emily, ryan):
        await stage.session(grace, child, starts_in=timedelta(minutes=10))
    await write(stage, stage.grace, "/checkin")

    await write(stage, stage.grace, "Ryan")

    assert labels(stage.grace.last()) == ["Ryan Lim · Today 15:10", "Leave"]
    await press(stage, stage.grace, "Ryan Lim · Today 15:10")
    await write(stage, stage.grace, "/checkin")
    await stage.forward(minutes=80)
    await write(stage, stage.grace, "/checkout")
    await write(stage, stage.grace, "emily please")
    assert "Checked in" in all_text(stage.grace)
    assert labels(stage.grace.last()) == ["Emily Lim · Today 15:10", "Leave"]


async def test_a_written_wish_is_offered_the_sessions_that_it_names(stage: Stage) -> None:
    await after_one(stage)

    told = await write(stage, stage.mei, "can we move emily's thursday lesson to friday 6pm?")

    assert "has not been sent to anybody yet" in told
    assert labels(stage.mei.last()) == [
        "Change a session",
        "Dispute",
        "Report a problem",
        "Leave",
    ]
    offered = stage.mei.last()["message_id"]
    await press(stage, stage.mei, "Change a session", offered)
    assert (stage.mei.last()["message_id"], text_of(stage.mei.last())) == (offered, WHICH)
    assert labels(stage.mei.last()) == [THURSDAY, FRIDAY, "Show all", "Leave"]
    assert "has not been sent" not in all_text(stage.mei)


async def test_so_is_one_that_only_names_a_day_to_come(stage: Stage) -> None:
    await after_one(stage)

    await write(stage, stage.mei, "Emily has a school trip on Friday")

    assert "Change a session" in labels(stage.mei.last())
    await press(stage, stage.mei, "Leave")
    await write(stage, stage.mei, "He left after half an hour")
    assert "Change a session" not in labels(stage.mei.last())


async def test_a_wish_of_few_words_or_without_a_session_over_gets_them_at_once(
    stage: Stage,
) -> None:
    await two_to_come(stage)

    for wish in ("cancel emily thursday", "please can you postpone the lesson on thursday"):
        assert await write(stage, stage.mei, wish) == WHICH
        assert labels(stage.mei.last()) == [THURSDAY, "Show all", "Leave"]


async def test_a_tutors_wish_is_no_note_alone(stage: Stage) -> None:
    await after_one(stage)

    await write(stage, stage.grace, "I need to reschedule emily on friday")

    assert labels(stage.grace.last()) == [
        "Change a session",
        "📝 Emily Lim · Wed 25 Nov 13:40",
        "Leave",
    ]
    await press(stage, stage.grace, "Change a session")
    assert labels(stage.grace.last()) == [FRIDAY, "Show all", "Leave"]
    await write(stage, stage.grace, "She did well, on Friday we go on")
    assert labels(stage.grace.last()) == ["Keep for Emily's notes", "Leave"]


async def test_stop_leaves_a_question_that_no_dialogue_asks(stage: Stage) -> None:
    await two_to_come(stage)
    for phone, command in ((stage.mei, "/change"), (stage.priya, "/find")):
        await write(stage, phone, command)
        asked = phone.last()["message_id"]

        assert await write(stage, phone, "/stop") == "Stopped. Nothing was changed."

        assert asked not in [one["message_id"] for one in phone.messages()]
        assert "There was nothing to stop." in await write(stage, phone, "/stop")
    assert "not sure what to do" in await write(stage, stage.mei, "thursday")


async def test_find_without_a_name_takes_the_one_that_is_written_next(stage: Stage) -> None:
    stage.people()
    assert "Send /find with a name" in await write(stage, stage.priya, "/find")

    assert "Grace Tan" in await write(stage, stage.priya, "tan")
    assert "Emily Lim" in await write(stage, stage.priya, "lim")
    assert "👋 Hello, Priya Nair!" in await write(stage, stage.priya, "hello there")


REQUEST_BUTTONS = ["Accept", "Suggest another", "Decline"]


@pytest.mark.parametrize(
    "typed", ["yes", "accept", "Ok, fine!", "friday can", "thursday is not possible"]
)
@pytest.mark.parametrize("who", ["mei", "grace"])
async def test_a_written_answer_to_a_request_gets_its_buttons(
    stage: Stage, typed: str, who: str
) -> None:
    first, _ = await two_to_come(stage)
    ask_to_move(stage, first, Role.TUTOR if who == "mei" else Role.PARENT)
    phone = getattr(stage, who)

    told = await write(stage, phone, typed)

    assert told.startswith("Please tap your answer here: what you write does not count as one.\n")
    assert labels(phone.last())[:3] == REQUEST_BUTTONS
    await press(stage, phone, "Decline")
    await write(stage, phone, typed)
    assert labels(phone.last()) != REQUEST_BUTTONS


async def test_of_several_requests_the_one_that_is_meant_is_asked_for(stage: Stage) -> None:
    for session in await two_to_come(stage):
        ask_to_move(stage, session, Role.TUTOR)

    told = await write(stage, stage.mei, "yes ok for both")

    assert (
        told == "Please tap the request that you mean: what you write does not count as an answer."
    )
    assert labels(stage.mei.last()) == [
        "Answer: Emily Lim · Thu 26 Nov 16:00",
        "Answer: Emily Lim · Fri 27 Nov 16:00",
    ]
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    assert labels(stage.mei.last())[:3] == REQUEST_BUTTONS


async def test_a_sentence_that_may_be_an_answer_has_the_way_to_the_request(stage: Stage) -> None:
    session = await just_over(stage)
    with stage.database.reading() as work:
        grace = work.get_one(Person, session.tutor_id)
        emily = work.get_one(Student, session.student_id)
    first, _ = await to_come(stage, grace, emily)
    ask_to_move(stage, first, Role.TUTOR)

    await write(stage, stage.mei, "She was very tired afterwards today")
    assert "Answer: Emily Lim · Thu 26 Nov 16:00" not in labels(stage.mei.last())
    await press(stage, stage.mei, "Leave", stage.mei.last()["message_id"])
    await write(stage, stage.mei, "ok friday 11 is fine")

    assert "Answer: Emily Lim · Thu 26 Nov 16:00" in labels(stage.mei.last())


TODAY = "📣 Emily Lim · Wed 25 Nov 18:30"


async def after_one_and_near_another(stage: Stage) -> Appointment:
    """A session awaits its acknowledgement; the next one of Emily is at 18:30, in three hours."""
    session = await just_over(stage)
    with stage.database.reading() as work:
        grace = work.get_one(Person, session.tutor_id)
        emily = work.get_one(Student, session.student_id)
    return await stage.session(grace, emily, starts_in=timedelta(hours=3, minutes=30))


@pytest.mark.parametrize(
    "typed",
    [
        "emily has a fever please cancel todays lesson",
        "please tell grace not to come at 6.30 emily is sick",
        "she is ill, we have to cancel at half past six",
    ],
)
async def test_words_about_a_session_that_is_near_go_to_the_coordinators(
    stage: Stage, typed: str
) -> None:
    session = await after_one_and_near_another(stage)

    asked = await write(stage, stage.mei, typed)

    assert asked.startswith(
        "📨 Your message has not been sent to anybody yet. Which session is it about?\n"
        "📣 Within four hours of the start only the coordinators can change a session."
    )
    assert labels(stage.mei.last())[0] == TODAY
    await press(stage, stage.mei, TODAY)
    assert f"{typed}\n\nSend this to the coordinators?" in text_of(stage.mei.last())
    await press(stage, stage.mei, "Send it")
    assert text_of(stage.priya_in_group.last()).endswith(f"Reason:\n{typed}")
    assert stage.status(session) is Status.SCHEDULED


async def test_who_has_nothing_else_is_offered_it_too(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(hours=3, minutes=30))

    await write(stage, stage.mei, "emily has a fever she stays in bed")

    assert labels(stage.mei.last()) == [TODAY, "Leave"]
    await press(stage, stage.mei, "Leave", stage.mei.last()["message_id"])
    assert text_of(stage.mei.last()) == "Not kept."


async def test_a_few_words_that_ask_for_it_are_not_lost_on_the_way(stage: Stage) -> None:
    await after_one_and_near_another(stage)

    assert WHICH in await write(stage, stage.mei, "cancel emily today")

    await press(stage, stage.mei, "📣 Emily Lim · Today 18:30")
    assert "cancel emily today\n\nSend this to the coordinators?" in text_of(stage.mei.last())


async def test_a_tutors_wish_near_the_start_goes_to_the_coordinators(stage: Stage) -> None:
    await after_one_and_near_another(stage)
    wish = "I am ill and have to cancel emily today"

    await write(stage, stage.grace, wish)

    assert TODAY in labels(stage.grace.last())
    await press(stage, stage.grace, TODAY, stage.grace.last()["message_id"])
    await press(stage, stage.grace, "Send it")
    assert text_of(stage.priya_in_group.last()).endswith(f"Reason:\n{wish}")
    await write(stage, stage.grace, "Emily found fractions hard today.")
    assert labels(stage.grace.last())[-2:] == [TODAY, "Leave"]


async def test_the_day_that_is_named_comes_first_also_before_a_report(stage: Stage) -> None:
    session = await just_over(stage)
    with stage.database.reading() as work:
        grace = work.get_one(Person, session.tutor_id)
        emily = work.get_one(Student, session.student_id)
    for days in range(1, 7):
        await stage.session(grace, emily, starts_in=-timedelta(days=days), subject="Physics")
    await report(stage, stage.mei, "The light in the room was broken.")

    await write(stage, stage.mei, "nobody came for emilys lesson on friday")

    assert labels(stage.mei.last())[0] == "Emily Lim · Fri 20 Nov 15:00"
    await press(stage, stage.mei, "Emily Lim · Fri 20 Nov 15:00")
    assert labels(stage.mei.last()) == ["Report a problem", "Leave"]


@pytest.mark.parametrize(
    "wish",
    ["can emily do saturday 5pm instead, cancel thursday", "move thursday to sat 5pm please"],
)
async def test_the_time_that_was_wished_for_is_offered_first(stage: Stage, wish: str) -> None:
    await two_to_come(stage)

    await write(stage, stage.mei, wish)
    await press(stage, stage.mei, labels(stage.mei.last())[0])
    await press(stage, stage.mei, "Change time")

    assert "Sat 28 Nov 17:00" in labels(stage.mei.last())[:2]
    assert len(set(labels(stage.mei.last()))) == len(labels(stage.mei.last()))
    await press(stage, stage.mei, "Sat 28 Nov 17:00")
    assert "New time: Sat 28 Nov 17:00-18:30" in text_of(stage.mei.last())


async def test_who_asks_when_is_offered_the_list_of_what_is_to_come(stage: Stage) -> None:
    await after_one(stage)

    for phone in (stage.mei, stage.grace):
        await write(stage, phone, "hi when is emilys next lesson")
        assert "/upcoming" in labels(phone.last())
        await press(stage, phone, "/upcoming")
        assert "Today and the next seven days" in text_of(phone.last())


@pytest.mark.parametrize("asks", ["what do I owe", "how much do i have to pay you this month"])
async def test_who_asks_what_they_owe_is_offered_what_tells_it(stage: Stage, asks: str) -> None:
    await after_one(stage)

    await write(stage, stage.mei, asks)

    assert {"/package", "/statement"} <= set(labels(stage.mei.last()))
    await write(stage, stage.grace, asks)
    assert "/statement" in labels(stage.grace.last())
    assert "/package" not in labels(stage.grace.last())


async def test_a_complaint_without_spaces_is_a_sentence_too(stage: Stage) -> None:
    await after_one(stage)

    told = await write(stage, stage.mei, "老师昨天迟到了二十分钟,请退款")

    assert "Your message has not been sent to anybody yet." in told


async def test_thanks_of_five_words_ask_for_nothing(stage: Stage) -> None:
    await after_one(stage)

    assert "You're welcome!" in await write(stage, stage.mei, "ok thank you so much")


async def test_a_tutor_who_writes_to_be_away_is_offered_leave(stage: Stage) -> None:
    await after_one(stage)

    await write(stage, stage.grace, "i'm away on friday 4 dec")

    assert "Enter leave" in labels(stage.grace.last())
    await press(stage, stage.grace, "Enter leave")
    assert "On which days are you away?" in text_of(stage.grace.last())
    await write(stage, stage.mei, "we are away on friday 4 dec")
    assert "Enter leave" not in labels(stage.mei.last())


@pytest.mark.parametrize(
    "typed",
    [
        "emily tmr can we do 2pm instead",
        "emily tmr 2pm instead of 10?",
        "im not free on thu sorry about that",
        "can we shift tmr's lesson to 2pm",
        "I am sick, no lesson with emily tomorrow",
    ],
)
@pytest.mark.parametrize("who", ["mei", "grace"])
async def test_what_is_wished_for_a_day_to_come_comes_before_what_is_over(
    stage: Stage, typed: str, who: str
) -> None:
    await after_one(stage)
    phone = getattr(stage, who)
    if who == "mei":
        await report(stage, stage.mei, "The light in the room was broken.")

    told = await write(stage, phone, typed)

    assert told.startswith("📨 Your message has not been sent to anybody yet.")
    assert labels(phone.last())[0] == "Change a session"
    await press(stage, phone, "Change a session")
    assert labels(phone.last()) == [THURSDAY, "Show all", "Leave"]


async def test_a_trouble_on_a_day_to_come_gets_its_session_and_a_bare_wish_all(
    stage: Stage,
) -> None:
    await after_one(stage)

    for typed, offered in (
        ("sick tmr, cant teach", [THURSDAY, "Show all", "Leave"]),
        ("fever, no lesson tmr", [THURSDAY, "Show all", "Leave"]),
        ("reschedule", [THURSDAY, FRIDAY, "Leave"]),
    ):
        assert await write(stage, stage.grace, typed) == WHICH
        assert labels(stage.grace.last()) == offered


async def test_a_reply_to_a_message_about_a_session_is_about_that_one(stage: Stage) -> None:
    session = await just_over(stage)
    with stage.database.reading() as work:
        grace = work.get_one(Person, session.tutor_id)
        emily = work.get_one(Student, session.student_id)
    (first, _), card = await to_come(stage, grace, emily), stage.mei.last()
    await stage.session(grace, emily, starts_in=-timedelta(hours=9), status=Status.APPROVED)
    ask_to_move(stage, first, Role.TUTOR)

    told = await write(stage, stage.mei, "ok but it was not fine", card["message_id"])

    assert told.startswith("Emily Lim · Mathematics\nWed 25 Nov 13:40-15:10")
    assert labels(stage.mei.last()) == [
        "Answer: Emily Lim · Thu 26 Nov 16:00",
        "Dispute",
        "Report a problem",
        "Emily Lim · Wed 25 Nov 06:00",
        "Leave",
    ]


async def test_a_reply_to_the_answer_of_a_report_is_about_that_report(stage: Stage) -> None:
    session = await just_over(stage)
    with stage.database.reading() as work:
        grace = work.get_one(Person, session.tutor_id)
        emily = work.get_one(Student, session.student_id)
    await report(stage, stage.mei, "The light in the room was broken.")
    await press(stage, stage.priya_in_group, "Reply")
    await answer_in_group(stage, stage.priya_in_group, "Did it happen before?")
    answer = stage.mei.last()
    first, _ = await to_come(stage, grace, emily)
    ask_to_move(stage, first, Role.TUTOR)

    told = await write(stage, stage.mei, "yes it did, twice in nov", answer["message_id"])

    assert "Is it about your report on Emily Lim, Wed 25 Nov 13:40-15:10?" in told
    assert labels(stage.mei.last())[:2] == ["Answer", "Dispute"]
    await press(stage, stage.mei, "Leave", stage.mei.last()["message_id"])
    await write(stage, stage.mei, "no, never", answer["message_id"])
    assert labels(stage.mei.last())[0] == "Answer"


@pytest.mark.parametrize(
    ("asks", "command"),
    [
        ("how do i log extra session", "/adhoc"),
        ("where is my next student", "/upcoming"),
        ("We did an extra page of fractions", None),
    ],
)
async def test_who_asks_how_is_offered_the_command_that_does_it(
    stage: Stage, asks: str, command: str | None
) -> None:
    await after_one(stage)

    await write(stage, stage.grace, asks)

    shown = [one for one in labels(stage.grace.last()) if one.startswith("/")]
    assert shown == ([command] if command else [])


@pytest.mark.parametrize(
    "typed",
    ["we are on holiday 18 to 28 dec, no lessons pls", "Emily will be away the week after next"],
)
async def test_a_family_that_is_away_can_change_sessions_to_come(stage: Stage, typed: str) -> None:
    await after_one(stage)

    await write(stage, stage.mei, typed)

    assert "Change a session" in labels(stage.mei.last())
