"""What was chosen for a new session stays with another tutor, or the change is said (SPEC 2)."""

from datetime import date, timedelta

from models import Person, Student, TutorLeave
from models.enums import Status
from tests import builders
from tests.end_to_end.scenes import press, write
from tests.end_to_end.stage import Stage, text_of
from tests.end_to_end.test_scheduling import cast


async def chemist(stage: Stage) -> Person:
    """Arjun teaches somebody else chemistry, for an hour."""
    with stage.database.unit_of_work() as rows:
        arjun = builders.tutor(rows, name="Arjun Rao", telegram_user_id=None)
        oliver = builders.student(rows, name="Oliver Ong")
    await stage.session(
        arjun,
        oliver,
        starts_in=-timedelta(hours=30),
        minutes=60,
        status=Status.APPROVED,
        subject="Chemistry",
    )
    return arjun


async def test_another_tutor_who_is_new_to_the_child_leaves_what_was_chosen(stage: Stage) -> None:
    await cast(stage)
    await chemist(stage)
    await write(stage, stage.priya, "/schedule emi")
    await press(stage, stage.priya, "Back")
    await press(stage, stage.priya, "Arjun Rao (not linked)")
    await write(stage, stage.priya, "sat 4pm")

    assert text_of(stage.priya.last()).split("\n")[:4] == [
        "New session",
        "Emily Lim · Mathematics",
        "with Arjun Rao",
        "Sat 28 Nov 16:00-17:30 (1 h 30 min)",
    ]


async def test_another_subject_with_another_tutor_and_a_day_off_are_said(stage: Stage) -> None:
    taught = await cast(stage)
    arjun = await chemist(stage)
    with stage.database.unit_of_work() as rows:
        emily = rows.get_one(Student, taught.student_id)
        before = stage.now - timedelta(days=20)
        builders.appointment(
            rows,
            tutor=arjun,
            student=emily,
            starts_at=before,
            subject="Physics",
            status=Status.APPROVED,
        )
        off = date(2026, 11, 28)
        rows.add(
            TutorLeave(
                tutor_id=arjun.id,
                starts_on=off,
                ends_on=off,
                asked_by_id=arjun.id,
                asked_at=stage.now,
            )
        )
    await write(stage, stage.priya, "/schedule emi")
    await write(stage, stage.priya, "sat 4pm")
    await press(stage, stage.priya, "Other tutor")

    asked = await write(stage, stage.priya, "arjun")

    assert "The tutor is away on Sat 28 Nov. Please choose another day." in asked
    assert "The subject is Physics now, as Arjun Rao has taught Emily Lim before." in asked
    assert "When?" in asked


async def test_an_end_that_is_typed_is_the_length_of_a_new_session(stage: Stage) -> None:
    await cast(stage)
    await write(stage, stage.priya, "/schedule emi")

    shown = await write(stage, stage.priya, "sat 4pm-5pm")

    assert "Sat 28 Nov 16:00-17:00 (1 h)" in shown
    assert "The length stays as it is" not in shown
