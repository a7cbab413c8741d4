"""Who acts, by which way, and when (SPEC 2)."""

from dataclasses import dataclass
from datetime import datetime

from models import Person
from models.enums import Channel, Role


@dataclass(frozen=True)
class Actor:
    """Somebody who asks for something, or the system itself. Rights are checked by the use case."""

    person_id: int | None
    """None: the system."""
    channel: Channel
    now: datetime
    """The instant at which the request reached us; windows and stamps count from it."""
    chat_id: int | None = None
    """The private chat in which the answer shows what it is about; None elsewhere."""

    @classmethod
    def system(cls, now: datetime) -> "Actor":
        """The system, for what time alone changes."""
        return cls(None, Channel.SYSTEM, now)

    @property
    def identified(self) -> int:
        """The person's id, where only a person can act."""
        if self.person_id is None:
            raise ValueError("the system is no person")
        return self.person_id


def capacity_of(person: Person) -> Role:
    """In which of their roles somebody does what no single session is about."""
    return next((role for role in Role if role in person.roles), Role.SYSTEM)


@dataclass(frozen=True)
class Source:
    """The chat message with which something came in: its natural key against doubling."""

    chat_id: int
    message_id: int
