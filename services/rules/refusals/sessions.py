"""Refusals because of how a session stands, or what was done to it (SPEC 2, 5, 6)."""

from datetime import date, datetime

from models.enums import Action, DisputeStatus, Role, Status
from services.rules.refusals import Refusal


class NotFound(Refusal):
    """There is no such thing, or no more."""


class GivenAway(NotFound):
    """The session was given to another tutor, and this one has nothing to do with it any more."""


class StaleButton(Refusal):
    """The button belongs to something that is over."""


class ActedFirst(Refusal):
    """Somebody has done this, or something that rules it out."""

    who: str
    actor_id: int | None
    """None: the system."""
    action: Action
    role: Role
    at: datetime


class WrongStatus(Refusal):
    """The session's status does not allow the action."""

    action: Action
    status: Status


class NotStartedYet(Refusal):
    """Only from the session's start on."""

    starts_at: datetime


class TooLateToChange(Refusal):
    """Four hours or less before the start, or after it."""

    starts_at: datetime
    appointment_id: int


class DisputeSettled(Refusal):
    """A coordinator has settled the dispute."""

    who: str
    actor_id: int | None
    status: DisputeStatus
    at: datetime | None
    """None where the facts that were asked about do not tell; this is never shown."""


class DisputeClaimed(Refusal):
    """Another coordinator has claimed the dispute."""

    who: str
    actor_id: int | None
    at: datetime | None
    """None where the facts that were asked about do not tell; this is never shown."""


class NoPenalty(Refusal):
    """No penalty stands that could be waived."""


class Replaced(Refusal):
    """Another session has been booked in the place of this one."""

    who: str
    actor_id: int | None
    at: datetime
    starts_at: datetime
    """Of the session in its place."""
    ends_at: datetime


class LengthNotPossible(Refusal):
    """No session is that short or that long; in minutes."""

    shortest: int
    longest: int


class TutorAway(Refusal):
    """The tutor who is to take over a session is away then."""

    tutor: str
    day: date


class TutorTaken(Refusal):
    """The tutor who is to take over a session has another one then."""

    tutor: str
    starts_at: datetime
    """Of the other session."""
    ends_at: datetime
