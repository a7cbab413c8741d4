"""Who somebody is to a session, and in which role they may act on it (SPEC 1, 9)."""

from dataclasses import dataclass

from models.enums import Role
from services.rules.refusals.standing import (
    NotCoordinator,
    NotYourChild,
    NotYourSession,
    OwnSession,
)


@dataclass(frozen=True)
class Standing:
    """Who somebody is to one session."""

    roles: frozenset[Role] = frozenset()
    """In which roles they may act on it; who teaches a child is not its parent here."""
    is_family: bool = False
    """They are a guardian of the child, whether or not they teach it."""

    @property
    def side(self) -> Role:
        """The side on which they act; the parents' for somebody who is on neither."""
        return Role.TUTOR if Role.TUTOR in self.roles else Role.PARENT


def require_role(standing: Standing, role: Role) -> None:
    """Only who has this role in the session may go on.

    Refused: NotYourSession, NotCoordinator; OwnSession to the tutor and to guardians who teach
    the child, NotYourChild to everybody else.
    """
    if role in standing.roles:
        return
    if role is Role.TUTOR:
        raise NotYourSession
    if role is Role.COORDINATOR:
        raise NotCoordinator
    teaches = Role.TUTOR in standing.roles or standing.is_family
    raise OwnSession if teaches else NotYourChild
