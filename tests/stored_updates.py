"""What the inbox holds, for tests."""

from collections.abc import Sequence

from sqlalchemy import tuple_
from sqlmodel import col, select

from models import InboxUpdate
from services.db import Session
from services.messaging.inbox import UpdateKey

_KEY = (col(InboxUpdate.bot_id), col(InboxUpdate.update_id))


def kept(session: Session, keys: Sequence[UpdateKey]) -> list[InboxUpdate]:
    """Updates with these keys, in order."""
    found = session.exec(select(InboxUpdate).where(tuple_(*_KEY).in_(keys)).order_by(*_KEY))
    return list(found.all())
