"""Who may act on a session in which role (SPEC 1, 9)."""

import pytest

from models.enums import Role
from services.rules.refusals import Refusal
from services.rules.refusals.standing import (
    NotCoordinator,
    NotYourChild,
    NotYourSession,
    OwnSession,
)
from services.rules.standing import Standing, require_role
from tests.services.proofs import refused

STRANGER = Standing()
TUTOR = Standing(frozenset({Role.TUTOR}))
PARENT = Standing(frozenset({Role.PARENT}), is_family=True)
COORDINATOR = Standing(frozenset({Role.COORDINATOR}))
PARENT_WHO_TEACHES = Standing(frozenset({Role.TUTOR}), is_family=True)
PARENT_WHO_TEACHES_ANOTHER_TIME = Standing(is_family=True)

REFUSED = (
    (STRANGER, Role.TUTOR, NotYourSession),
    (STRANGER, Role.PARENT, NotYourChild),
    (STRANGER, Role.COORDINATOR, NotCoordinator),
    (TUTOR, Role.PARENT, OwnSession),
    (TUTOR, Role.COORDINATOR, NotCoordinator),
    (PARENT, Role.TUTOR, NotYourSession),
    (PARENT, Role.COORDINATOR, NotCoordinator),
    (COORDINATOR, Role.TUTOR, NotYourSession),
    (COORDINATOR, Role.PARENT, NotYourChild),
    (PARENT_WHO_TEACHES, Role.PARENT, OwnSession),
    (PARENT_WHO_TEACHES_ANOTHER_TIME, Role.PARENT, OwnSession),
)


@pytest.mark.parametrize(("standing", "role", "kind"), REFUSED)
def test_who_has_not_the_role_in_the_session_is_refused(
    standing: Standing, role: Role, kind: type[Refusal]
) -> None:
    with refused(kind):
        require_role(standing, role)


def test_who_has_it_may_go_on_in_each_of_several() -> None:
    both = Standing(frozenset({Role.PARENT, Role.COORDINATOR}), is_family=True)

    require_role(TUTOR, Role.TUTOR)
    require_role(both, Role.PARENT)
    require_role(both, Role.COORDINATOR)


def test_a_parent_who_teaches_the_child_is_on_the_tutors_side() -> None:
    assert PARENT_WHO_TEACHES.side is TUTOR.side is Role.TUTOR
    assert PARENT.side is Role.PARENT
