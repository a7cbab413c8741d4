"""The command menu in a person's Telegram client, which follows their roles and language."""

from datetime import datetime

from models import Person
from services.db import Session
from services.messaging.messages.agency import MenuChanged
from services.messaging.outbox import tell_person


def menu_follows(session: Session, person: Person, now: datetime) -> None:
    """Have the menu set anew; who has not pressed Start yet gets it with the greeting."""
    if person.has_chat:
        key = f"menu:{person.id}:{now.isoformat()}"
        tell_person(session, person.id, MenuChanged(), key=key, now=now)
