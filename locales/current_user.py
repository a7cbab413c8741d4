"""Current user: the person who sent the update or opened the page."""

from dataclasses import dataclass
from typing import Self

from locales.reader import Reader
from models import Person
from services.lifecycle.actors import Actor
from services.rules.agency import Agency


@dataclass(frozen=True)
class CurrentUser:
    """Linked person, with a reader for texts and times and an actor for actions."""

    person: Person
    reader: Reader
    actor: Actor

    @classmethod
    def of(cls, person: Person, agency: Agency, actor: Actor) -> Self:
        """Current user for a person who acts as `actor`."""
        return cls(person, Reader.for_person(person, agency, actor.now), actor)
