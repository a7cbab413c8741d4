"""Refusals in the coordinators' queue (SPEC 10)."""

from datetime import datetime

from services.rules.refusals import Refusal


class NothingToNudge(Refusal):
    """Nobody owes an answer: it was given meanwhile."""


class NobodyToNudge(Refusal):
    """Nobody is known who could answer."""


class NudgedAlready(Refusal):
    """Somebody nudged about the same a short while ago."""

    who: str
    actor_id: int | None
    at: datetime
    again_at: datetime


class MessageOver(Refusal):
    """The message was sent meanwhile, put aside, or is too old to be sent."""


class FileOver(Refusal):
    """The file was stored or removed meanwhile."""
