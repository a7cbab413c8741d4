"""Refusals of entries about people, children and guardians (SPEC 1, 10)."""

from services.rules.refusals import Refusal


class NameMissing(Refusal):
    """An entry needs a name."""


class NoRoles(Refusal):
    """A person has at least one role."""


class ZoneUnknown(Refusal):
    """There is no time zone of this name."""


class RefTaken(Refusal):
    """Another entry has this key of the agency's."""

    who: str


class StillTeaches(Refusal):
    """Somebody with sessions to come stays a tutor."""

    count: int


class StillGuardian(Refusal):
    """Somebody who is a child's guardian stays a parent."""

    who: str
    """Name of the child, or of one of them."""


class LastCoordinator(Refusal):
    """There is always a coordinator."""


class OwnCoordination(Refusal):
    """Nobody takes the coordinator's role from themselves: they could not give it back."""


class LastGuardian(Refusal):
    """A child with sessions that are not settled keeps a guardian."""

    count: int
