"""Signing in to the pages: a link that works once starts a session that can be ended (SPEC 10).

Links and sessions are random, and are stored as hashes made with `SECRET_KEY`: a person who can
read or write the database cannot sign in with it, and a new key signs everybody out.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from hmac import new as new_hmac

from sqlalchemy import bindparam, delete, update
from sqlmodel import col, select

from models import CalendarFeed, Person, SignInLink, WebSession
from models.enums import Action, Channel
from services.db import Session
from services.lifecycle.actors import Actor, capacity_of
from services.lifecycle.status import record
from services.rules.refusals.links import NotSignedIn, SignInExpired, SignInUnknown, SignInUsed

LINK_LASTS = timedelta(minutes=10)
REMEMBERED = timedelta(days=1)
SESSION_LASTS = timedelta(days=30)
TOKEN_BYTES = 32
"""256 bits."""

_SIGNED_IN = (
    select(Person)
    .join(WebSession, col(WebSession.person_id) == col(Person.id))
    .where(
        WebSession.token_hash == bindparam("token_hash"),
        col(WebSession.expires_at) > bindparam("now"),
    )
)
_LOCKED_PERSON = (
    select(Person.id).where(Person.id == bindparam("person_id")).with_for_update(key_share=True)
)


@dataclass(frozen=True)
class SignIn:
    """Sign-in for pages and the bot; `secret` is the setting `SECRET_KEY`."""

    secret: str = field(repr=False)

    def make_link(self, session: Session, person: Person, now: datetime) -> str:
        """Make a link and return its token, good for ten minutes and one use.

        The person's earlier links expire: one is live at a time. A used or expired link is
        remembered for a day.
        """
        # Of two links made at once, the second waits here, and makes the first expire.
        session.execute(_LOCKED_PERSON, {"person_id": person.id})
        session.exec(
            delete(SignInLink).where(
                col(SignInLink.person_id) == person.id,
                col(SignInLink.expires_at) <= now - REMEMBERED,
            )
        )
        session.exec(
            update(SignInLink)
            .where(
                col(SignInLink.person_id) == person.id,
                col(SignInLink.used_at).is_(None),
                col(SignInLink.expires_at) > now,
            )
            .values(expires_at=now)
        )
        token = secrets.token_urlsafe(TOKEN_BYTES)
        session.add(
            SignInLink(
                person_id=person.id,
                token_hash=self._hashed(token),
                created_at=now,
                expires_at=now + LINK_LASTS,
            )
        )
        session.flush()
        return token

    def invited(self, session: Session, token: str, now: datetime) -> Person:
        """Person whom a link would sign in. Changes nothing, so that a preview cannot use it up.

        Refused: SignInUnknown, SignInUsed, SignInExpired.
        """
        link = self._link(session, token)
        if link.used_at is not None:
            raise SignInUsed(person_id=link.person_id)
        _require_fresh(link, now)
        return _person(session, link.person_id)

    def use_link(self, session: Session, token: str, page: str, now: datetime) -> str:
        """Use the link and return the token of a new session, for the browser's cookie.

        `page` is a random value of the page with the button: two taps on one page sign in once,
        with the later session. Refused as `invited`.
        """
        link = self._link(session, token, locked=True)
        is_again = bool(page) and link.used_from == self._hashed(page)
        if link.used_at is not None and not is_again:
            raise SignInUsed(person_id=link.person_id)
        _require_fresh(link, now)
        person = _person(session, link.person_id)
        if link.used_at is None:
            link.used_at, link.used_from = now, self._hashed(page)
            actor = Actor(person.id, Channel.WEB, now)
            record(session, Action.SIGN_IN, capacity_of(person), actor)
        session.exec(
            delete(WebSession).where(
                col(WebSession.person_id) == person.id, col(WebSession.expires_at) <= now
            )
        )
        cookie = secrets.token_urlsafe(TOKEN_BYTES)
        session.add(
            WebSession(
                person_id=person.id,
                token_hash=self._hashed(cookie),
                created_at=now,
                expires_at=now + SESSION_LASTS,
            )
        )
        return cookie

    def signed_in(self, session: Session, cookie: str | None, now: datetime) -> Person:
        """Person to whom a browser's cookie belongs. Refused: NotSignedIn."""
        by = {"token_hash": self._hashed(cookie or ""), "now": now}
        person = session.exec(_SIGNED_IN, params=by).one_or_none()
        if person is None:
            raise NotSignedIn
        return person

    def sign_out(self, session: Session, cookie: str | None) -> None:
        """End the session of this browser, if there is one."""
        session.exec(
            delete(WebSession).where(col(WebSession.token_hash) == self._hashed(cookie or ""))
        )

    def form_token(self, cookie: str | None) -> str:
        """Token that the forms of this browser carry: no other site can know it (SPEC 10)."""
        return self._hashed(f"form {cookie or ''}")

    def is_form_token(self, cookie: str | None, token: str) -> bool:
        """Whether a form came from a page of ours, in this browser."""
        return compare_digest(self.form_token(cookie).encode(), token.encode())

    def _link(self, session: Session, token: str, *, locked: bool = False) -> SignInLink:
        wanted = select(SignInLink).where(SignInLink.token_hash == self._hashed(token))
        found = session.exec(wanted.with_for_update() if locked else wanted)
        link = found.one_or_none()
        if link is None:
            raise SignInUnknown
        return link

    def _hashed(self, token: str) -> str:
        return new_hmac(self.secret.encode(), token.encode(), sha256).hexdigest()


def end_access(session: Session, person_id: int) -> None:
    """Sign a person out everywhere; unused links and their calendar's address end (SPEC 9)."""
    session.exec(delete(CalendarFeed).where(col(CalendarFeed.person_id) == person_id))
    session.exec(delete(WebSession).where(col(WebSession.person_id) == person_id))
    session.exec(
        delete(SignInLink).where(
            col(SignInLink.person_id) == person_id, col(SignInLink.used_at).is_(None)
        )
    )


def _require_fresh(link: SignInLink, now: datetime) -> None:
    if now >= link.expires_at:
        raise SignInExpired


def _person(session: Session, person_id: int) -> Person:
    return session.exec(select(Person).where(Person.id == person_id)).one()
