"""The current user: who sent the update, or opens the page, that is being answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from locales.reader import Reader
from models import Person
from models.enums import Channel
from services.actors import Actor
from services.agency import Agency


@dataclass(frozen=True)
class CurrentUser:
    """A person known to us, how texts and times are put for them, and as whom they act."""

    person: Person
    reader: Reader
    actor: Actor

    @classmethod
    def of(cls, person: Person, agency: Agency, channel: Channel, now: datetime) -> Self:
        """The user that a person is; `now` is when what they ask for reached us."""
        reader = Reader.for_person(person, agency, now)
        return cls(person, reader, Actor(person.id, channel, now))
