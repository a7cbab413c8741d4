"""Who may act on a session in which role (SPEC 1, 9)."""

import pytest

from models.enums import Role
from services.rules.refusals import RefusalCode
from services.rules.standing import Standing, require_role
from tests.services.proofs import refused

STRANGER = Standing()
TUTOR = Standing(frozenset({Role.TUTOR}))
PARENT = Standing(frozenset({Role.PARENT}), is_family=True)
COORDINATOR = Standing(frozenset({Role.COORDINATOR}))
PARENT_WHO_TEACHES = Standing(frozenset({Role.TUTOR}), is_family=True)
PARENT_WHO_TEACHES_ANOTHER_TIME = Standing(is_family=True)

REFUSED = (
    (STRANGER, Role.TUTOR, RefusalCode.NOT_YOUR_SESSION),
    (STRANGER, Role.PARENT, RefusalCode.NOT_YOUR_CHILD),
    (STRANGER, Role.COORDINATOR, RefusalCode.NOT_COORDINATOR),
    (TUTOR, Role.PARENT, RefusalCode.OWN_SESSION),
    (TUTOR, Role.COORDINATOR, RefusalCode.NOT_COORDINATOR),
    (PARENT, Role.TUTOR, RefusalCode.NOT_YOUR_SESSION),
    (PARENT, Role.COORDINATOR, RefusalCode.NOT_COORDINATOR),
    (COORDINATOR, Role.TUTOR, RefusalCode.NOT_YOUR_SESSION),
    (COORDINATOR, Role.PARENT, RefusalCode.NOT_YOUR_CHILD),
    (PARENT_WHO_TEACHES, Role.PARENT, RefusalCode.OWN_SESSION),
    (PARENT_WHO_TEACHES_ANOTHER_TIME, Role.PARENT, RefusalCode.OWN_SESSION),
)


@pytest.mark.parametrize(("standing", "role", "code"), REFUSED)
def test_who_has_not_the_role_in_the_session_is_refused(
    standing: Standing, role: Role, code: RefusalCode
) -> None:
    with refused(code):
        require_role(standing, role)


def test_who_has_it_may_go_on_in_each_of_several() -> None:
    both = Standing(frozenset({Role.PARENT, Role.COORDINATOR}), is_family=True)

    require_role(TUTOR, Role.TUTOR)
    require_role(both, Role.PARENT)
    require_role(both, Role.COORDINATOR)


def test_a_parent_who_teaches_the_child_is_on_the_tutors_side() -> None:
    assert PARENT_WHO_TEACHES.side is TUTOR.side is Role.TUTOR
    assert PARENT.side is Role.PARENT
