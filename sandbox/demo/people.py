"""The people of the demo: a tutor, two parents, two coordinators and their group."""

from __future__ import annotations

from sandbox.phone import Phone
from sandbox.world import World

GROUP_ID = -4_000_000_001
GRACE, MEI, DANIEL, PRIYA, MARCUS = range(5_000_000_001, 5_000_000_006)


def populate(world: World) -> None:
    """Add the people of the demo to an empty world.

    All of them have pressed Start, so that the bot may write to them at once.
    """
    world.add_person("Grace", "Tan", user_id=GRACE, username="grace_tan")
    world.add_person("Mei", "Lim", user_id=MEI, username="mei_lim")
    world.add_person("Daniel", "Lim", user_id=DANIEL, username="daniel_lim")
    world.add_person("Priya", "Nair", user_id=PRIYA, username="priya_nair")
    world.add_person("Marcus", "Lee", user_id=MARCUS, username="marcus_lee")
    world.add_pane(GRACE, "Grace Tan", "Tutor")
    world.add_pane(MEI, "Mei Lim", "Mother of Emily and Ryan")
    world.add_pane(DANIEL, "Daniel Lim", "Father of Emily and Ryan")
    world.add_pane(PRIYA, "Priya Nair", "Coordinator")
    world.add_group("Coordinators", [PRIYA, MARCUS], group_id=GROUP_ID)
    for person_id in (GRACE, MEI, DANIEL, PRIYA, MARCUS):
        Phone(world, person_id).start()
