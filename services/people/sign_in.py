"""Signing in to the pages: a link that works once starts a session that can be ended (SPEC 10).

The bot gives a link to whom it can write to, a coordinator to those without Telegram.

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
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from models import CalendarFeed, Person, SignInLink, WebSession
from models.enums import Action, Channel, Role
from services.db import Session
from services.lifecycle.access import require_coordinator
from services.lifecycle.actors import Actor, capacity_of
from services.lifecycle.status import record, record_of_person
from services.messaging.lists import refresh_link, refresh_people
from services.notifications.requests_in_vain import refresh_asked
from services.notifications.waiting_cards import refresh_unlinked
from services.prepared import Prepared
from services.rules.refusals.links import (
    AgencyLinkExpired,
    NotSignedIn,
    SignInExpired,
    SignInUnknown,
    SignInUsed,
    UsesTelegram,
)
from services.rules.refusals.sessions import NotFound

LINK_LASTS = timedelta(minutes=10)
LINK_BY_COORDINATOR_LASTS = timedelta(hours=72)
REMEMBERED = timedelta(days=1)
SESSION_LASTS = timedelta(days=30)
SESSION_WITHOUT_TELEGRAM_LASTS = timedelta(days=180)
"""Who cannot ask the bot for the next link is asked to sign in less often."""
TOKEN_BYTES = 32
"""256 bits."""
FORM_TOKEN_LENGTH = 32
"""Hexadecimal digits."""

_seen = aliased(Person)
_SIGNED_IN = Prepared(
    select(Person, _seen)
    .join(WebSession, col(WebSession.person_id) == col(Person.id))
    .outerjoin(_seen, col(_seen.id) == col(WebSession.seen_as_id))
    .where(
        WebSession.token_hash == bindparam("token_hash"),
        col(WebSession.expires_at) > bindparam("now"),
    )
)
_LOCKED_PERSON = (
    select(Person.id).where(Person.id == bindparam("person_id")).with_for_update(key_share=True)
)


@dataclass(frozen=True)
class Device:
    """What a browser tells of itself; None where it tells nothing."""

    browser: str | None = None
    system: str | None = None


UNKNOWN_DEVICE = Device()


@dataclass(frozen=True)
class Looking:
    """Who looks at the pages in a browser, and through whose eyes."""

    person: Person
    """Who signed in."""
    seen_as: Person | None = None
    """Person as whom a coordinator looks; None where they look as themselves."""


@dataclass(frozen=True)
class SignIn:
    """Sign-in for pages and the bot; `secret` is the setting `SECRET_KEY`."""

    secret: str = field(repr=False)

    def make_link(self, session: Session, person: Person, now: datetime) -> str:
        """Make a link and return its token, good for ten minutes and one use.

        The person's earlier links expire: one is live at a time. A used or expired link is
        remembered for a day.
        """
        return self._new_link(session, person.id, now, now + LINK_LASTS, None)

    def make_link_for(self, session: Session, actor: Actor, person_id: int) -> str:
        """Make a link for a person without Telegram, good for 72 hours and one use (SPEC 9).

        Only coordinators may. Refused: NotCoordinator, NotFound, UsesTelegram for somebody to whom
        the bot gives links itself.
        """
        require_coordinator(session, actor)
        person = session.get(Person, person_id)
        if person is None:
            raise NotFound
        if person.is_in_reach:
            raise UsesTelegram(who=person.name)
        expires_at = actor.now + LINK_BY_COORDINATOR_LASTS
        token = self._new_link(session, person_id, actor.now, expires_at, actor.person_id)
        refresh_people(session, actor.now, because=f"link:{person_id}:{actor.now.isoformat()}")
        record_of_person(
            session, Action.INVITE_BY_WEB, Role.COORDINATOR, actor, person_id=person_id
        )
        return token

    def _new_link(
        self,
        session: Session,
        person_id: int,
        now: datetime,
        expires_at: datetime,
        made_by_id: int | None,
    ) -> str:
        # Of two links made at once, the second waits here, and makes the first expire.
        session.execute(_LOCKED_PERSON, {"person_id": person_id})
        session.exec(
            delete(SignInLink).where(
                col(SignInLink.person_id) == person_id,
                col(SignInLink.expires_at) <= now - REMEMBERED,
            )
        )
        _expire_links(session, person_id, now)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self._add_link(session, person_id, token, now, expires_at, made_by_id)
        return token

    def keep_link(
        self, session: Session, person: Person, token: str, now: datetime, expires_at: datetime
    ) -> None:
        """Keep a token that somebody else made, unless it is known: it can be used once."""
        session.execute(_LOCKED_PERSON, {"person_id": person.id})
        known = select(SignInLink.id).where(SignInLink.token_hash == self._hashed(token))
        if session.exec(known).one_or_none() is None:
            self._add_link(session, person.id, token, now, expires_at, None)

    def _add_link(
        self,
        session: Session,
        person_id: int,
        token: str,
        now: datetime,
        expires_at: datetime,
        made_by_id: int | None,
    ) -> None:
        session.add(
            SignInLink(
                person_id=person_id,
                token_hash=self._hashed(token),
                created_at=now,
                expires_at=expires_at,
                made_by_id=made_by_id,
            )
        )
        session.flush()

    def link(self, session: Session, token: str, *, locked: bool = False) -> SignInLink:
        """Link with this token. Refused: SignInUnknown."""
        wanted = select(SignInLink).where(SignInLink.token_hash == self._hashed(token))
        found = session.exec(wanted.with_for_update() if locked else wanted)
        link = found.one_or_none()
        if link is None:
            raise SignInUnknown
        return link

    def invited(self, session: Session, token: str, now: datetime) -> Person:
        """Person whom a link would sign in. Changes nothing, so that a preview cannot use it up.

        Refused: SignInUnknown, SignInUsed, SignInExpired.
        """
        link = self.link(session, token)
        if link.used_at is not None:
            raise SignInUsed(person_id=link.person_id)
        _require_fresh(link, now)
        return _person(session, link.person_id)

    def use_link(
        self,
        session: Session,
        token: str,
        page: str,
        now: datetime,
        device: Device = UNKNOWN_DEVICE,
        lasts: timedelta | None = None,
    ) -> str:
        """Use the link and return the token of a new session, for the browser's cookie.

        Who comes by a coordinator's link uses the pages from then on. `page` is a random value of
        the page with the button: two taps on one page sign in once, with the later session. The
        session lasts as usual, unless `lasts` is given.

        Refused as `invited`.
        """
        link = self.link(session, token, locked=True)
        is_again = bool(page) and link.used_from == self._hashed(page)
        if link.used_at is not None and not is_again:
            raise SignInUsed(person_id=link.person_id)
        _require_fresh(link, now)
        person = _person(session, link.person_id)
        if link.used_at is None:
            link.used_at, link.used_from = now, self._hashed(page)
            actor = Actor(person.id, Channel.WEB, now)
            record(session, Action.SIGN_IN, capacity_of(person), actor)
            refresh_link(session, link.id, now)
            if link.made_by_id is not None:
                refresh_people(session, now, because=f"link_used:{link.id}")
        is_without_telegram = link.made_by_id is not None
        if is_without_telegram and person.web_since is None:
            person.web_since = now
            session.flush()
            refresh_asked(session, person, now)
            refresh_unlinked(session, person, now)
        usual = SESSION_WITHOUT_TELEGRAM_LASTS if is_without_telegram else SESSION_LASTS
        return self.begin_session(session, person, now, device, lasts or usual)

    def begin_session(
        self,
        session: Session,
        person: Person,
        now: datetime,
        device: Device = UNKNOWN_DEVICE,
        lasts: timedelta = SESSION_LASTS,
    ) -> str:
        """Sign a person in and return the token for the browser's cookie; forget expired ones."""
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
                expires_at=now + lasts,
                browser=device.browser,
                system=device.system,
            )
        )
        return cookie

    def signed_in(self, session: Session, cookie: str | None, now: datetime) -> Person:
        """Person to whom a browser's cookie belongs. Refused: NotSignedIn."""
        return self.looking(session, cookie, now).person

    def looking(self, session: Session, cookie: str | None, now: datetime) -> Looking:
        """Who looks in a browser, and through whose eyes: only coordinators look through others'.

        Refused: NotSignedIn.
        """
        row = _SIGNED_IN.first(session, token_hash=self._hashed(cookie or ""), now=now)
        if row is None:
            raise NotSignedIn
        person, seen_as = row
        return Looking(person, seen_as if person.is_coordinator else None)

    def browser_session(
        self, session: Session, cookie: str | None, now: datetime, *, locked: bool = False
    ) -> WebSession:
        """Session of a browser by its cookie. Refused: NotSignedIn."""
        this = select(WebSession).where(
            col(WebSession.token_hash) == self._hashed(cookie or ""),
            col(WebSession.expires_at) > now,
        )
        found = session.exec(this.with_for_update() if locked else this).one_or_none()
        if found is None:
            raise NotSignedIn
        return found

    def form_token(self, cookie: str | None) -> str:
        """Token that the forms of this browser carry: no other site can know it (SPEC 10).

        128 bits: a page may have one in each of its rows.
        """
        return self._hashed(f"form {cookie or ''}")[:FORM_TOKEN_LENGTH]

    def is_form_token(self, cookie: str | None, token: str) -> bool:
        """Whether a form came from a page of ours, in this browser."""
        return compare_digest(self.form_token(cookie).encode(), token.encode())

    def _hashed(self, token: str) -> str:
        return new_hmac(self.secret.encode(), token.encode(), sha256).hexdigest()


def revoke_link(session: Session, actor: Actor, person_id: int) -> None:
    """Make a person's unused sign-in link invalid; nothing where there is none.

    Raises `Refusal`: NotCoordinator.
    """
    require_coordinator(session, actor)
    if _expire_links(session, person_id, actor.now):
        record_of_person(
            session, Action.REVOKE_INVITATION, Role.COORDINATOR, actor, person_id=person_id
        )


def _expire_links(session: Session, person_id: int, now: datetime) -> int:
    """Let a person's unused links expire now; how many there were."""
    expired = session.exec(
        update(SignInLink)
        .where(
            col(SignInLink.person_id) == person_id,
            col(SignInLink.used_at).is_(None),
            col(SignInLink.expires_at) > now,
        )
        .values(expires_at=now)
    )
    return expired.rowcount


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
        raise SignInExpired if link.made_by_id is None else AgencyLinkExpired


def _person(session: Session, person_id: int) -> Person:
    return session.exec(select(Person).where(Person.id == person_id)).one()
