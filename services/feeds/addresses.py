"""Secret addresses of calendar feeds: made, replaced, revoked (SPEC 10).

A secret is stored as a hash made with `SECRET_KEY`, so that it can be shown only once, and that a
person who can read the database cannot read a calendar.
"""

import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import new as new_hmac

from sqlalchemy import delete
from sqlmodel import col, select

from models import CalendarFeed, Person
from models.enums import Action
from services.db import Session
from services.lifecycle.actors import Actor, capacity_of
from services.lifecycle.status import record
from services.messaging import lists
from services.rules.refusals.links import FeedChanged
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.standing import NoSessionsOfOwn

TOKEN_BYTES = 32
"""256 bits."""


@dataclass(frozen=True)
class FeedAddresses:
    """Addresses of feeds; `secret` is the setting `SECRET_KEY`."""

    secret: str = field(repr=False)

    def make(
        self, session: Session, person: Person, actor: Actor, *, known: int | None = None
    ) -> str:
        """Make a person's address, in the place of an earlier one, and return its secret.

        `known`: mark of the address that they know of, 0 for none; another one is not replaced.
        Refused: NoSessionsOfOwn, for who neither teaches nor has a child; FeedChanged.
        """
        if not (person.is_tutor or person.is_parent):
            raise NoSessionsOfOwn
        # Of two addresses made at once, the second waits here, and replaces the first.
        session.exec(select(Person.id).where(Person.id == person.id).with_for_update()).one()
        _require_known(session, person, known)
        session.exec(delete(CalendarFeed).where(col(CalendarFeed.person_id) == person.id))
        token = secrets.token_urlsafe(TOKEN_BYTES)
        session.add(
            CalendarFeed(person_id=person.id, token_hash=self._hashed(token), created_at=actor.now)
        )
        _refresh_shown(session, Action.MAKE_FEED, person, actor)
        return token

    def revoke(
        self, session: Session, person: Person, actor: Actor, *, known: int | None = None
    ) -> None:
        """End a person's address, if there is one; another than the `known` one is kept.

        Refused: FeedChanged.
        """
        session.exec(select(Person.id).where(Person.id == person.id).with_for_update()).one()
        _require_known(session, person, known)
        ended = session.exec(delete(CalendarFeed).where(col(CalendarFeed.person_id) == person.id))
        if ended.rowcount:
            _refresh_shown(session, Action.REVOKE_FEED, person, actor)

    def reader_of(self, session: Session, token: str) -> Person:
        """Person whose sessions an address shows. Refused: NotFound."""
        found = session.exec(
            select(Person)
            .join(CalendarFeed, col(CalendarFeed.person_id) == col(Person.id))
            .where(CalendarFeed.token_hash == self._hashed(token))
        )
        person = found.one_or_none()
        if person is None:
            raise NotFound
        return person

    def uid(self, about: str) -> str:
        """Name of an event or a calendar, the same for ever and nobody else's (RFC 5545)."""
        return f"{self._hashed(f'uid {about}')[:32]}@tutorline"

    def _hashed(self, token: str) -> str:
        return new_hmac(self.secret.encode(), f"feed {token}".encode(), sha256).hexdigest()


def mark_of(feed: CalendarFeed | None) -> int:
    """Number by which an address is told from the next one, and which gives none away; 0 for none.

    Ids do not serve: SQLite gives that of a deleted row again.
    """
    return 0 if feed is None else int(feed.token_hash[:7], 16) + 1


def _refresh_shown(session: Session, action: Action, person: Person, actor: Actor) -> None:
    """Record what was done to a person's address, and update what their chat shows of it."""
    event_id = record(session, action, capacity_of(person), actor)
    lists.refresh_feed(session, person.id, actor.now, because=f"feed:{event_id}")


def _require_known(session: Session, person: Person, known: int | None) -> None:
    found = feed_of(session, person)
    if known is not None and found is not None and mark_of(found) != known:
        raise FeedChanged


def feed_of(session: Session, person: Person) -> CalendarFeed | None:
    """Person's feed; None where they have none."""
    return session.exec(
        select(CalendarFeed).where(CalendarFeed.person_id == person.id)
    ).one_or_none()
