"""People by their number."""

from models import Person
from services.db import Session


def person_with(session: Session, person_id: int | None) -> Person | None:
    """The person with this number; None where there is none, or no number."""
    return None if person_id is None else session.get(Person, person_id)
