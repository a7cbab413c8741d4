"""Who acts, through which channel, and when (SPEC 2)."""

from dataclasses import dataclass
from datetime import datetime

from models import Person
from models.enums import Channel, Role


@dataclass(frozen=True)
class Actor:
    """Person who asks for something, or the system itself. Use cases check their rights."""

    person_id: int | None
    """None for the system."""
    channel: Channel
    now: datetime
    """Instant at which the request reached us; windows and timestamps count from it."""
    chat_id: int | None = None
    """Private chat whose answer shows the session; None elsewhere."""

    @classmethod
    def system(cls, now: datetime) -> "Actor":
        """System, for changes that time alone causes."""
        return cls(None, Channel.SYSTEM, now)

    @property
    def identified(self) -> int:
        """Person's id, where only a person can act."""
        if self.person_id is None:
            raise ValueError("the system is no person")
        return self.person_id


def capacity_of(person: Person) -> Role:
    """Role in which a person acts when the action is about no single session."""
    return next((role for role in Role if role in person.roles), Role.SYSTEM)


@dataclass(frozen=True)
class Source:
    """Chat message that carried the input: the natural key that prevents duplicates."""

    chat_id: int
    message_id: int
