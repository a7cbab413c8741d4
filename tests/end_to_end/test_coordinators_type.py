"""What a coordinator types where a button was asked for (SPEC 6; UX 19)."""

from models import Person
from tests import builders
from tests.end_to_end.scenes import press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_coordinators_move import nurul, soon


async def test_a_tutors_name_is_an_answer_and_another_word_gets_a_sentence(stage: Stage) -> None:
    await soon(stage, hours=30)
    await nurul(stage)
    await press(stage, stage.priya, "Other tutor")

    told = await write(stage, stage.priya, "somebody nice")
    assert "No tutor is called “somebody nice”.\nWho takes it over?" in told
    assert labels(stage.priya.last()) == ["Nurul Huda", "Leave"]

    await write(stage, stage.priya, "nurul")
    assert "New tutor: Nurul Huda" in text_of(stage.priya.last())


async def test_why_a_tutor_of_that_name_cannot_take_it_over_is_said(stage: Stage) -> None:
    session = await soon(stage, hours=30)
    other = await nurul(stage)
    with stage.database.unit_of_work() as rows:
        builders.appointment(
            rows,
            tutor=rows.get_one(Person, other.id),
            student=builders.student(rows, name="Ben Ong"),
            starts_at=session.starts_at,
        )
    await press(stage, stage.priya, "Other tutor")

    told = await write(stage, stage.priya, "nurul")

    assert "Nurul Huda has another session then (Tomorrow 21:00-22:30)." in told
    assert "No other tutor is free then." in told
    assert labels(stage.priya.last()) == ["Move", "Cancel session", "Leave"]


async def test_who_cancels_is_asked_again_with_a_sentence(stage: Stage) -> None:
    await soon(stage, hours=30)
    await press(stage, stage.priya, "Cancel")

    told = await write(stage, stage.priya, "the mother")

    assert "Kept as your reason:\nthe mother\nWho is cancelling?" in told
    assert labels(stage.priya.last()) == ["The tutor", "The family", "Leave"]
