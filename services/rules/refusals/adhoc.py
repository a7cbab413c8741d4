"""Refusals of batches of extra sessions (SPEC 7)."""

from services.rules.refusals import Refusal


class BatchNotClear(Refusal):
    """Some lines cannot be saved, and so none is."""

    lines: tuple[int, ...]
    """Their numbers, from 1."""


class BatchTooLong(Refusal):
    """There are more than `limit` lines."""

    limit: int


class NobodyTaught(Refusal):
    """The tutor has had no session with any child."""
