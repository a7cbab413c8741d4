"""Refusals because of who asks (SPEC 1, 9)."""

from services.rules.refusals import Refusal


class NotLinked(Refusal):
    """No invitation was opened with this Telegram account."""


class AccountLeft(NotLinked):
    """The person who had this Telegram account has moved to another."""


class NotYourSession(Refusal):
    """Another tutor's session."""


class NotYourChild(Refusal):
    """For this child's parents only."""


class OwnSession(Refusal):
    """A parent who teaches the child themselves does not answer for the family."""


class NotCoordinator(Refusal):
    """For coordinators only."""


class NotTutor(Refusal):
    """For tutors only."""


class NotParent(Refusal):
    """For parents only."""


class NoSessionsOfOwn(Refusal):
    """Neither a tutor nor a parent: there is nothing to put into their calendar."""
