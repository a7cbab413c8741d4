"""When a session can have notes, and when a sitting with them ends by itself (SPEC 4)."""

from datetime import datetime, timedelta

from models.enums import Status

QUIET = timedelta(minutes=10)
"""After so long without a part, a sitting is over."""

WITH_NOTES = (
    Status.CHECKED_IN,
    Status.AWAITING_APPROVAL_PARENT,
    Status.APPROVED,
    Status.DISPUTED,
)
"""From check-in on; after a dispute notes are evidence, after approval they are stamped late."""


def is_over(last_part_at: datetime, now: datetime) -> bool:
    """Whether ten quiet minutes have passed; what is sent from then on is no note."""
    return now >= last_part_at + QUIET
