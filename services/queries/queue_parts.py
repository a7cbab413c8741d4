"""What a row of the coordinators' queue is made of (SPEC 10).

Not whole rows of the tables: a page has twenty matters, of which it tells a few words each.
"""

from datetime import datetime
from typing import NamedTuple

from models.enums import ChangeReason, PartKind, Role
from services.rules.session_changes import other_side


class QueueRequest(NamedTuple):
    """Version of a request to move a session that waits for an answer."""

    side: Role
    """Side that proposed it."""
    reason: ChangeReason | None
    new_starts_at: datetime
    new_ends_at: datetime

    @property
    def owed_by(self) -> Role:
        """Side that owes the answer: the one that did not propose."""
        return other_side(self.side)


class Put(NamedTuple):
    """Who did something about a matter, and when: put it off, or nudged."""

    who: str
    person_id: int | None
    at: datetime
    until: datetime | None = None


class Undelivered(NamedTuple):
    """Message that could not be delivered, or the messages that wait for a person."""

    reader: str | None
    """None for the coordinators' group."""
    error: str = ""
    tries: int = 0
    is_given_up: bool = False
    expires_at: datetime | None = None
    waiting: int = 0
    """Messages that wait for a person who has blocked the bot."""


class Unstored(NamedTuple):
    """File that is not stored."""

    kind: PartKind
    name: str | None
    tries: int
