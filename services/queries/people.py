"""People by id."""

from models import Person
from services.db import Session


def person_with(session: Session, person_id: int | None) -> Person | None:
    """Person with this id; None where there is none, or for None."""
    return None if person_id is None else session.get(Person, person_id)
