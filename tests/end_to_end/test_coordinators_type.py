"""What a coordinator types where a button was asked for (SPEC 6; UX 19)."""

from tests.end_to_end.scenes import press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_coordinators_move import nurul, soon


async def test_a_tutors_name_is_an_answer_and_another_word_gets_a_sentence(stage: Stage) -> None:
    await soon(stage, hours=30)
    await nurul(stage)
    await press(stage, stage.priya, "Other tutor")

    told = await write(stage, stage.priya, "somebody nice")
    assert "No one tutor who is free then is called “somebody nice”. Please choose one." in told
    assert labels(stage.priya.last()) == ["Nurul Huda", "Leave"]

    await write(stage, stage.priya, "nurul")
    assert "New tutor: Nurul Huda" in text_of(stage.priya.last())


async def test_who_cancels_is_asked_again_with_a_sentence(stage: Stage) -> None:
    await soon(stage, hours=30)
    await press(stage, stage.priya, "Cancel")

    told = await write(stage, stage.priya, "the mother")

    assert "Kept as your reason:\nthe mother\nWho is cancelling?" in told
    assert labels(stage.priya.last()) == ["The tutor", "The family", "Leave"]
