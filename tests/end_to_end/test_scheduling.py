"""A coordinator schedules one more session in the chat (SPEC 2; UX 10)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from chat.callbacks import NO_SESSION, ConfirmSchedule, encode
from models import Appointment, Person, Student
from models.enums import Kind, Status
from tests import builders, files
from tests.end_to_end.scenes import all_text, card_of, live_buttons, marcus, press, write
from tests.end_to_end.stage import Stage, labels, text_of

SLOT = "Sat 28 Nov 16:00-17:00"


def sessions(stage: Stage, **over: Any) -> list[Appointment]:
    with stage.database.reading() as rows:
        found = rows.exec(select(Appointment).order_by(col(Appointment.id))).all()
    return [one for one in found if all(getattr(one, name) == over[name] for name in over)]


def add(stage: Stage) -> tuple[Person, Student]:
    """Another tutor, and a child whom nobody has taught yet."""
    with stage.database.unit_of_work() as rows:
        return builders.tutor(rows, name="Ryan Koh", telegram_user_id=None), builders.student(
            rows, name="Oliver Ong"
        )


async def cast(stage: Stage) -> Appointment:
    """Grace taught Emily mathematics yesterday at 15:00, for 90 minutes."""
    grace, _, _, emily = stage.people()
    return await stage.session(grace, emily, starts_in=-timedelta(hours=24), status=Status.APPROVED)


@pytest.mark.parametrize(
    ("typed", "lines", "step"),
    [
        (
            "Emily maths with Ryan Koh friday 4pm 90 min",
            ["Emily Lim · maths", "with Ryan Koh", "Fri 27 Nov 16:00-17:30 (1 h 30 min)"],
            "Schedule",
        ),
        (
            "emily sat 3pm 1h",
            ["Emily Lim · Mathematics", "with Grace Tan", "Sat 28 Nov 15:00-16:00 (1 h)"],
            "Schedule",
        ),
        ("Emily Lim physics", ["Emily Lim · physics", "with Grace Tan"], "Other day"),
        ("emily physics with nobody fri 4pm", ["Emily Lim · physics"], "Grace Tan"),
        ("oliver art fri 4pm 45 min", ["Oliver Ong · art"], "Grace Tan"),
    ],
)
async def test_what_is_written_in_one_go_is_read_and_only_the_rest_is_asked_for(
    stage: Stage, typed: str, lines: list[str], step: str
) -> None:
    await cast(stage)
    add(stage)

    panel = await write(stage, stage.priya, f"/schedule {typed}")

    assert panel.split("\n")[1 : 1 + len(lines)] == lines
    assert step in labels(stage.priya.last())
    if step == "Grace Tan":
        await press(stage, stage.priya, "Grace Tan")
        assert "Fri 27 Nov 16:00" in text_of(stage.priya.last())


async def test_a_length_is_taken_with_the_time(stage: Stage) -> None:
    await cast(stage)
    for typed, slot in (
        ("sat 3pm 45 min", "Sat 28 Nov 15:00-15:45 (45 min)"),
        ("sun 10am for 1h30", "Sun 29 Nov 10:00-11:30 (1 h 30 min)"),
        ("in 2 hours", "Wed 25 Nov 17:00-18:30 (1 h 30 min)"),
    ):
        await write(stage, stage.priya, "/schedule emi")

        assert slot in await write(stage, stage.priya, typed)
        await press(stage, stage.priya, "Leave")


async def test_after_the_name_a_time_and_one_tap_are_enough(stage: Stage) -> None:
    await cast(stage)

    asked = await write(stage, stage.priya, "/schedule emi")

    assert asked.split("\n")[:4] == [
        "New session",
        "Emily Lim · Mathematics",
        "with Grace Tan",
        "",
    ]
    assert "When?" in asked
    buttons = labels(stage.priya.last())
    assert buttons[0] == "Thu 26 Nov 15:00"
    assert buttons[-3:] == ["Other day", "Back", "Leave"]
    await press(stage, stage.priya, buttons[0])
    panel = text_of(stage.priya.last())
    assert "Thu 26 Nov 15:00-16:30 (1 h 30 min)" in panel
    assert labels(stage.priya.last()) == [
        *("Schedule", "Length", "Trial", "Subject", "Other tutor", "Back", "Leave"),
    ]
    done = await press(stage, stage.priya, "Schedule")

    assert done == "You scheduled this at 15:00"
    assert "Is that right?" not in all_text(stage.priya)  # the card is in its place
    assert live_buttons(stage.priya) == [stage.priya.last()["message_id"]]
    card = text_of(stage.priya.last())
    assert "Emily Lim · Mathematics" in card
    assert "You scheduled this at 15:00" in card
    assert "Move" in labels(stage.priya.last())
    new = sessions(stage)[-1]
    assert (new.status, new.kind) == (Status.SCHEDULED, Kind.REGULAR)
    for reader in (stage.grace, stage.mei, stage.daniel):
        told = text_of(reader.last())
        assert told.startswith("New session\n\nEmily Lim · Mathematics\nThu 26 Nov 15:00-16:30")
        assert "Priya Nair scheduled this at 15:00" in told
        assert labels(reader.last()) == ["Change time", "Cancel"]
    assert all_text(stage.priya_in_group) == ""


async def test_everything_that_was_filled_in_can_be_changed(stage: Stage) -> None:
    await cast(stage)
    ryan, _ = add(stage)
    await write(stage, stage.priya, "/schedule")
    assert "For which child?" in text_of(stage.priya.last())
    await write(stage, stage.priya, "Emily")
    assert "Sat 28 Nov 16:00-17:30" in await write(stage, stage.priya, "sat 4pm")

    await press(stage, stage.priya, "Trial")
    assert text_of(stage.priya.last()).startswith("New trial session\n")
    await press(stage, stage.priya, "Length")
    assert labels(stage.priya.last()) == ["45 min", "1 h", "1 h 30 min", "2 h", "Back", "Leave"]
    assert "between 15 min and 8 h" in await write(stage, stage.priya, "9h")
    assert "is no length that I can read" in await write(stage, stage.priya, "as usual")
    await press(stage, stage.priya, "1 h")
    assert SLOT in text_of(stage.priya.last())
    await press(stage, stage.priya, "Subject")
    assert "Emily Lim · Physics" in await write(stage, stage.priya, "Physics")
    await press(stage, stage.priya, "Other tutor")
    assert labels(stage.priya.last())[:2] == ["Grace Tan", "Ryan Koh (not linked)"]
    assert "No tutor is called “Zoe”" in await write(stage, stage.priya, "Zoe")
    assert "with Ryan Koh" in await write(stage, stage.priya, "ryan")
    assert SLOT in text_of(stage.priya.last())
    assert "Sun 29 Nov 17:00-18:00" in await write(stage, stage.priya, "sun 5pm")
    await press(stage, stage.priya, "Schedule")

    (new,) = sessions(stage, tutor_id=ryan.id)
    assert (new.kind, new.subject) == (Kind.TRIAL, "Physics")
    assert new.ends_at - new.starts_at == timedelta(hours=1)
    assert text_of(stage.mei.last()).startswith("New trial session\n")
    assert "Emily Lim · Physics · Trial\n" in text_of(stage.priya.last())
    assert "Emily Lim · Physics · Trial\n" in await write(stage, stage.mei, "/upcoming")


async def test_a_child_whom_nobody_has_taught_needs_tutor_subject_and_time(stage: Stage) -> None:
    await cast(stage)
    _, oliver = add(stage)
    await write(stage, stage.priya, "/schedule Oliver")
    assert "Which tutor?" in text_of(stage.priya.last())
    await press(stage, stage.priya, "Ryan Koh (not linked)")
    assert "Which subject?" in text_of(stage.priya.last())
    await write(stage, stage.priya, "Art")
    assert labels(stage.priya.last())[0] in {"Wed 25 Nov 16:00", "Thu 26 Nov 16:00"}
    await press(stage, stage.priya, "Other day")
    await press(stage, stage.priya, "Fri 27 Nov")
    await press(stage, stage.priya, "10:00")
    assert "Fri 27 Nov 10:00-11:00 (1 h)" in text_of(stage.priya.last())
    await press(stage, stage.priya, "Schedule")

    (new,) = sessions(stage, student_id=oliver.id)
    assert (new.subject, new.ends_at - new.starts_at) == ("Art", timedelta(hours=1))


async def test_several_children_of_a_name_are_buttons_and_none_is_a_sentence(
    stage: Stage,
) -> None:
    await cast(stage)
    with stage.database.unit_of_work() as rows:
        builders.student(rows, name="Emilia Wong")
    assert "No child is called “Zoe”" in await write(stage, stage.priya, "/schedule Zoe")
    await write(stage, stage.priya, "emil")
    assert labels(stage.priya.last()) == ["Emilia Wong", "Emily Lim", "Leave"]

    await press(stage, stage.priya, "Emily Lim")

    assert "Emily Lim · Mathematics" in text_of(stage.priya.last())


async def test_a_second_tap_gets_the_same_answer_and_schedules_nothing(stage: Stage) -> None:
    await cast(stage)
    await write(stage, stage.priya, "/schedule Emily")
    await write(stage, stage.priya, "sat 4pm")
    panel = stage.priya.last()["message_id"]
    await press(stage, stage.priya, "Schedule")
    new = sessions(stage)[-1]
    minute = int(new.starts_at.timestamp()) // 60

    button = ConfirmSchedule(NO_SESSION, new.tutor_id, new.student_id, minute)
    again = await press(stage, stage.priya, encode(button), panel)

    assert again == "You scheduled this at 15:00"
    assert len(sessions(stage)) == 2
    late = await press(stage, stage.mei, encode(button), stage.mei.last()["message_id"])
    assert "Only coordinators" in late


async def test_a_clash_is_said_with_the_free_hours_of_that_day(stage: Stage) -> None:
    grace = (await cast(stage)).tutor_id
    with stage.database.unit_of_work() as rows:
        tutor = rows.get_one(Person, grace)
        ben = builders.student(rows, name="Ben Ong")
        builders.appointment(
            rows, tutor=tutor, student=ben, starts_at=stage.now + timedelta(days=3)
        )
    await write(stage, stage.priya, "/schedule Emily")

    told = await write(stage, stage.priya, "sat 4pm")

    assert "The tutor has another session then" in told
    assert "17:00" in labels(stage.priya.last())
    assert "16:00" not in labels(stage.priya.last())
    await press(stage, stage.priya, "17:00")
    assert "Sat 28 Nov 17:00-18:30" in text_of(stage.priya.last())
    with stage.database.unit_of_work() as rows:
        tutor, child = rows.get_one(Person, grace), rows.get_one(Student, ben.id)
        builders.appointment(
            rows, tutor=tutor, student=child, starts_at=stage.now + timedelta(days=3, hours=2)
        )
    assert "The tutor has another session then" in await press(stage, stage.priya, "Schedule")
    assert "The tutor has another session then" in text_of(stage.priya.last())
    assert "When?" in text_of(stage.priya.last())


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("sat 7pm", "Sat 28 Nov 19:00-20:30"),
        ("2 hours", "The tutor has another session then"),
        ("sorry", "The tutor has another session then"),
    ],
)
async def test_what_is_typed_once_the_time_was_taken(stage: Stage, typed: str, told: str) -> None:
    grace = (await cast(stage)).tutor_id
    await write(stage, stage.priya, "/schedule Emily")
    await write(stage, stage.priya, "sat 4pm")
    with stage.database.unit_of_work() as rows:
        builders.appointment(
            rows,
            tutor=rows.get_one(Person, grace),
            student=builders.student(rows, name="Ben Ong"),
            starts_at=stage.now + timedelta(days=3, hours=1),
        )

    said = await write(stage, stage.priya, typed)

    assert told in said
    assert ("When?" in said) is (typed != "sat 7pm")
    await write(stage, stage.priya, "sun 4pm")
    length = "(2 h)" if typed == "2 hours" else "(1 h 30 min)"
    assert length in text_of(stage.priya.last())


async def test_laid_aside_a_photo_back_a_restart_and_leave(stage: Stage) -> None:
    await cast(stage)
    await write(stage, stage.priya, "/schedule Emily")
    stage.priya.send_photo(files.jpeg_photo())
    await stage.settled()
    assert "When?" in text_of(stage.priya.last())
    await press(stage, stage.priya, "Back")
    assert "Which tutor?" in text_of(stage.priya.last())
    await press(stage, stage.priya, "Back")
    assert "For which child?" in text_of(stage.priya.last())
    await write(stage, stage.priya, "Emily")
    await write(stage, stage.priya, "sat 4pm")
    await write(stage, stage.priya, "/disputes")
    assert "nothing is scheduled yet" in all_text(stage.priya)
    await stage.restart()
    await press(stage, stage.priya, "Go on")
    assert "Sat 28 Nov 16:00-17:30" in text_of(card_of(stage.priya, "New session"))

    await press(stage, stage.priya, "Leave")

    assert "Nothing was scheduled." in all_text(stage.priya)
    assert "New session" not in all_text(stage.priya)
    assert len(sessions(stage)) == 1
    assert len(live_buttons(stage.priya)) <= 1


async def test_tutors_parents_and_the_group_schedule_nothing(stage: Stage) -> None:
    await cast(stage)
    for phone in (stage.grace, stage.mei):
        assert "Only coordinators" in await write(stage, phone, "/schedule Emily")
    await write(stage, stage.priya_in_group, "/schedule Emily")
    assert "Emily" not in all_text(stage.priya_in_group)


async def test_a_colleague_who_was_first_is_named(stage: Stage) -> None:
    await cast(stage)
    for phone in (stage.priya, marcus(stage)):
        await write(stage, phone, "/schedule Emily")
        await write(stage, phone, "sat 4pm")
    await press(stage, stage.priya, "Schedule")

    late = await press(stage, marcus(stage), "Schedule")

    assert late == "Priya Nair scheduled this at 15:00"
    assert len(sessions(stage)) == 2


async def test_a_mistyped_name_gets_the_likeliest_children_as_buttons(stage: Stage) -> None:
    await cast(stage)

    told = await write(stage, stage.priya, "/schedule Emliy")

    assert "No child is called “Emliy”. Do you mean one of these?" in told
    await press(stage, stage.priya, "Emily Lim")
    assert "When?" in text_of(stage.priya.last())


async def test_what_was_put_aside_is_offered_when_the_next_one_begins(stage: Stage) -> None:
    await cast(stage)
    _, oliver = add(stage)
    await write(stage, stage.priya, "/schedule Emily")
    await write(stage, stage.priya, "sat 4pm")
    await write(stage, stage.priya, "/disputes")

    for command, anew in (("/schedule", []), ("/schedule oliver", [oliver.name])):
        asked = await write(stage, stage.priya, command)
        assert asked.startswith("New session\nEmily Lim · Mathematics\nwith Grace Tan\nSat 28 Nov")
        assert "You put this aside." in asked
        assert labels(stage.priya.last()) == ["Go on", *anew, "Leave"]
        await press(stage, stage.priya, "Go on")
        assert "Is that right?" in text_of(stage.priya.last())
    await write(stage, stage.priya, "/schedule nobody")
    assert "No child is called “nobody”." in text_of(stage.priya.last())
    await write(stage, stage.priya, "oliver")

    asked = text_of(stage.priya.last())
    assert "Which tutor?" in asked
    assert oliver.name in asked
    assert "Emily" not in asked


async def test_a_time_that_passed_while_it_was_put_aside_is_asked_for_again(stage: Stage) -> None:
    await cast(stage)
    await write(stage, stage.priya, "/schedule Emily")
    await write(stage, stage.priya, "tomorrow 9am")
    await write(stage, stage.priya, "/disputes")
    await stage.forward(hours=24)

    assert "26 Nov" not in await write(stage, stage.priya, "/schedule")
    await press(stage, stage.priya, "Go on")

    assert "When?" in text_of(stage.priya.last())


async def test_a_length_that_cannot_be_read_is_said_with_examples(stage: Stage) -> None:
    await cast(stage)
    await write(stage, stage.priya, "/schedule Emily")
    await write(stage, stage.priya, "sat 4pm")
    await press(stage, stage.priya, "Length")

    told = await write(stage, stage.priya, "as <long> as usual")

    assert told.endswith(
        "“as <long> as usual” is no length that I can read. Please type minutes or hours, like "
        "75 min or 1.5 h."
    )
    assert "1 h 30 min" in labels(stage.priya.last())
    await write(stage, stage.priya, "75 min")
    assert "(1 h 15 min)" in text_of(stage.priya.last())


async def test_a_length_or_a_tutor_that_is_typed_at_the_end_leaves_the_rest_as_it_is(
    stage: Stage,
) -> None:
    await cast(stage)
    add(stage)
    await write(stage, stage.priya, "/schedule emi")
    await write(stage, stage.priya, "sat 4pm")

    for typed, expected in (
        ("90", "Sat 28 Nov 16:00-17:30 (1 h 30 min)"),
        ("make it 2 hours", "Sat 28 Nov 16:00-18:00 (2 h)"),
        ("with ryan", "Sat 28 Nov 16:00-18:00 (2 h)"),
        ("at 3pm", "Sat 28 Nov 15:00-17:00 (2 h)"),
        ("the usual please", "Sat 28 Nov 15:00-17:00 (2 h)"),
    ):
        panel = await write(stage, stage.priya, typed)
        assert expected in panel, typed
        assert labels(stage.priya.last())[0] == "Schedule"
    assert "I cannot read that, so nothing has changed." in panel
    assert "with Ryan Koh" in panel
    await write(stage, stage.priya, "yes")

    new = sessions(stage)[-1]
    assert (new.ends_at - new.starts_at, new.status) == (timedelta(hours=2), Status.SCHEDULED)
