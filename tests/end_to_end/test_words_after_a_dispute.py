"""What is written just after a dispute is offered for the session that is disputed (SPEC 4)."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import Person
from models.enums import Status
from tests import builders
from tests.end_to_end.scenes import disputed, press, write
from tests.end_to_end.stage import Stage, labels

EMILY = "Emily Lim · Wed 25 Nov 13:40"


async def disputed_among_others(stage: Stage) -> None:
    """Mei has disputed Emily's session; Ryan had four later ones with Grace, the last today."""
    session = await disputed(stage)
    with stage.database.unit_of_work() as work:
        grace = work.get_one(Person, session.tutor_id)
        family = work.exec(select(Person).where(Person.is_parent)).all()
        ryan = builders.student(work, name="Ryan Lim", guardians=family)
    for hours in range(1, 5):
        status = Status.AWAITING_APPROVAL_PARENT
        await stage.session(
            grace, ryan, starts_in=timedelta(minutes=-15 * hours), minutes=15, status=status
        )
    await stage.forward(hours=2)


@pytest.mark.parametrize("typed", ["that is not true we did chapter 4", "why disputed?"])
async def test_a_tutors_defence_is_offered_for_its_notes_first(stage: Stage, typed: str) -> None:
    await disputed_among_others(stage)

    await write(stage, stage.grace, typed)

    assert labels(stage.grace.last())[0] == EMILY


async def test_what_names_another_child_is_not(stage: Stage) -> None:
    await disputed_among_others(stage)

    await write(stage, stage.grace, "ryan was very good today")

    assert EMILY not in labels(stage.grace.last())


async def test_for_the_other_parent_it_is_among_the_choices(stage: Stage) -> None:
    await disputed_among_others(stage)

    await write(stage, stage.daniel, "/sessions")
    await press(stage, stage.daniel, "Ryan Lim · Today 14:45")

    await write(stage, stage.daniel, "i was there, it did happen")

    assert EMILY in labels(stage.daniel.last())
