"""A coordinator chooses a tutor whom no message reaches: it says so, and it stays possible.

(SPEC 2, 9; UX 17, 18.)
"""

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col

from models import Person
from tests.end_to_end.scenes import press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.end_to_end.test_coordinators_move import more_tutors, soon
from tests.services.proofs import as_it_stands

CHOICE = "Tutor 00 (not linked)"
CALL = "⚠️ Please call Tutor 00: no message reaches them (not linked)."


def without_account(stage: Stage) -> None:
    """The other tutor has never linked an account."""
    more_tutors(stage, 1)
    with stage.database.unit_of_work() as work:
        them = update(Person).where(col(Person.name) == "Tutor 00")
        work.exec(them.values(telegram_user_id=None, started_at=None))


async def test_who_takes_it_over_has_to_be_called(stage: Stage) -> None:
    session = await soon(stage)
    without_account(stage)
    await press(stage, stage.priya, "Other tutor")
    assert labels(stage.priya.last()) == [CHOICE, "Leave"]
    await press(stage, stage.priya, CHOICE)

    asked = await write(stage, stage.priya, "Grace is unwell.")

    assert f"{CALL}\nIs that right? Everybody else will be told. Your reason:" in asked
    assert await press(stage, stage.priya, "Hand over") != ""
    assert as_it_stands(stage.database, session.id).tutor_id != session.tutor_id
    await press(stage, stage.priya, "Move")
    await write(stage, stage.priya, "sat 4pm")
    assert CALL in await write(stage, stage.priya, "They are at a fair.")


async def test_who_is_linked_needs_no_call(stage: Stage) -> None:
    await soon(stage)
    more_tutors(stage, 1)
    await press(stage, stage.priya, "Other tutor")
    await press(stage, stage.priya, "Tutor 00")

    asked = await write(stage, stage.priya, "Grace is unwell.")

    assert "Is that right? Both sides will be told." in asked
    assert "call" not in asked


async def test_a_new_session_says_so_too(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    await stage.session(grace, emily, starts_in=timedelta(days=-1))
    without_account(stage)
    await write(stage, stage.priya, "/schedule emi")
    await press(stage, stage.priya, "Back")
    assert CHOICE in labels(stage.priya.last())
    await press(stage, stage.priya, CHOICE)

    await write(stage, stage.priya, "sat 4pm")

    assert f"{CALL}\nIs that right? The parents will be told." in text_of(stage.priya.last())
