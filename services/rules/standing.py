"""Relation of a person to a session, and the roles in which they may act on it (SPEC 1, 9)."""

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
    """Relation of a person to one session."""

    roles: frozenset[Role] = frozenset()
    """Roles in which they may act; a guardian who teaches the child is no parent here."""
    is_family: bool = False
    """Whether they are a guardian of the child, even if they teach it."""

    @property
    def side(self) -> Role:
        """Side on which they act; the parents' for a person who is on neither."""
        return Role.TUTOR if Role.TUTOR in self.roles else Role.PARENT


def require_role(standing: Standing, role: Role) -> None:
    """Check that the person has this role in the session.

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
