"""When a session can have notes, and when a note batch ends by itself (SPEC 4)."""

from datetime import datetime, timedelta

from models.enums import Status

QUIET = timedelta(minutes=10)
"""Time without a part after which a note batch is over."""

WITH_NOTES = (
    Status.CHECKED_IN,
    Status.AWAITING_APPROVAL_PARENT,
    Status.APPROVED,
    Status.DISPUTED,
)
"""Statuses with notes: from check-in on; in a dispute as evidence, after approval marked late."""


def is_over(last_part_at: datetime, now: datetime) -> bool:
    """Whether ten minutes have passed without a part; a later message is no note."""
    return now >= last_part_at + QUIET
