"""Signing in by opening the Mini App in Telegram (SPEC 10)."""

from datetime import datetime, timedelta

from models import Person
from services.db import Session
from services.people.accounts import identify, stranger
from services.people.sign_in import Device, SignIn
from services.rules.init_data import Opening
from services.rules.refusals.links import AppUsed, SignInUsed

SESSION_LASTS = timedelta(days=1)
"""Shorter than in a browser: each opening signs in anew."""


def enter(
    session: Session,
    sign_in: SignIn,
    opening: Opening,
    page: str,
    now: datetime,
    system: str | None = None,
) -> tuple[str, Person]:
    """Sign in whoever opened the Mini App: the session's token, and the person.

    An opening counts once, or again from the same `page`, so that what Telegram signed is of no
    use to somebody who copies it. `system`: what the device tells of itself.

    Refused: NotLinked, AccountLeft, AppUsed.
    """
    person = identify(session, opening.telegram_user_id)
    if person is None:
        raise stranger(session, opening.telegram_user_id)
    token = f"app {opening.signature}"
    sign_in.keep_link(session, person, token, now, opening.expires_at)
    try:
        device = Device("Telegram", system)
        cookie = sign_in.use_link(session, token, page, now, device, SESSION_LASTS)
    except SignInUsed:
        raise AppUsed(person_id=person.id) from None
    return cookie, person
