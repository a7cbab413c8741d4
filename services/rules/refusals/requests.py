"""Refusals of requests to move a session, and of the times that they ask for (SPEC 6)."""

from datetime import datetime

from models.enums import Role
from services.rules.refusals import Refusal


class RescheduleOpen(Refusal):
    """A request to move the session awaits an answer."""

    who: str
    actor_id: int | None
    side: Role
    """Side for which it was asked; the other one has to answer."""
    role: Role
    """Role of the person who is refused."""
    new_starts_at: datetime
    new_ends_at: datetime
    appointment_id: int


class RequestExpired(Refusal):
    """Nobody answered the request before the session's start."""

    starts_at: datetime


class ProposalOutdated(Refusal):
    """Another time has been suggested since; the fields are those of the version that counts."""

    who: str
    actor_id: int | None
    is_own_side: bool
    """Whether the side of the person who is refused has suggested it."""
    new_starts_at: datetime
    new_ends_at: datetime


class RequestUnseen(Refusal):
    """A request has come that would end with the change, and that the person has not read of."""


class OwnProposal(Refusal):
    """The other side has to answer."""


class NotYourProposal(Refusal):
    """Only the side that asked can withdraw."""


class SameTime(Refusal):
    """The time is the session's own, or has been suggested already."""


class SlotPassed(Refusal):
    """The time is over."""


class SlotTaken(Refusal):
    """One of the two sides has another session then."""

    whose: Role
    """The side: `Role.TUTOR` or `Role.PARENT`."""
    tutor_id: int
    """Who is to teach in the slot."""
    student: str
    """Name of the child who is to be taught in it."""
    starts_at: datetime
    """Of the other session."""
    ends_at: datetime
