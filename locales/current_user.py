"""The current user: who sent the update, or opens the page, that is being answered."""

from dataclasses import dataclass
from typing import Self

from locales.reader import Reader
from models import Person
from services.lifecycle.actors import Actor
from services.rules.agency import Agency


@dataclass(frozen=True)
class CurrentUser:
    """A person known to us, how texts and times are put for them, and as whom they act."""

    person: Person
    reader: Reader
    actor: Actor

    @classmethod
    def of(cls, person: Person, agency: Agency, actor: Actor) -> Self:
        """The user that a person is when they act as `actor`."""
        return cls(person, Reader.for_person(person, agency, actor.now), actor)
