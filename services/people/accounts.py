"""People's accounts: invitations, linking, language (SPEC 1, 9).

An invitation is a single-use link that ties a Telegram account to a person.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import bindparam, or_
from sqlmodel import col, select, update

from models import Card, Invitation, Person
from models.enums import Action, Channel, Role
from services.db import Session
from services.lifecycle.access import require_coordinator
from services.lifecycle.actors import Actor, capacity_of
from services.lifecycle.status import record, record_of_person
from services.messaging import outbox
from services.messaging.left_chats import leave_chat
from services.messaging.lists import refresh_people
from services.messaging.messages.agency import ZoneAsked
from services.messaging.undelivered import mark_reachable
from services.notifications.own_cards import zone_follows
from services.notifications.requests_in_vain import refresh_asked
from services.notifications.waiting_cards import give_waiting_cards
from services.people.sign_in import end_access
from services.prepared import Prepared
from services.rules.refusals.links import (
    InvitationExpired,
    InvitationForOther,
    InvitationUnknown,
    InvitationUsed,
)
from services.rules.refusals.sessions import NotFound, StaleButton
from services.rules.refusals.standing import AccountLeft, NotLinked
from services.rules.time_zones import zone_named

VALID_FOR = timedelta(hours=72)
TOKEN_BYTES = 16
"""128 bits; 22 characters in a link, in which Telegram allows 64."""


def identify(session: Session, telegram_user_id: int) -> Person | None:
    """Person with this Telegram account; None where it is not linked (SPEC 9)."""
    person: Person | None = _BY_ACCOUNT.one(session, telegram_user_id=telegram_user_id)
    return person


_BY_ACCOUNT = Prepared(
    select(Person).where(Person.telegram_user_id == bindparam("telegram_user_id"))
)


def stranger(session: Session, telegram_user_id: int) -> NotLinked:
    """Why an account can do nothing: its person has moved to another, or it was nobody's."""
    left = session.exec(
        select(Card.id)
        .join(Person, col(Person.id) == col(Card.person_id))
        .where(
            col(Card.chat_id) == telegram_user_id,
            col(Person.telegram_user_id).is_not(None),
            col(Person.telegram_user_id) != telegram_user_id,
        )
        .limit(1)
    )
    return NotLinked() if left.first() is None else AccountLeft()


def account_of_invited(session: Session, token: str) -> int | None:
    """Account of the person whom an invitation is for; None where there is none."""
    found = session.exec(
        select(Person.telegram_user_id)
        .join(Invitation, col(Invitation.person_id) == col(Person.id))
        .where(Invitation.token_hash == _hashed(token))
    )
    return found.one_or_none()


def press_start(session: Session, person: Person, language_code: str | None, now: datetime) -> None:
    """Record that the person pressed Start: messages can be sent to them from now on (SPEC 9).

    A parent gets the cards that wait for an answer. The language of their Telegram client becomes
    theirs, unless one is set already (SPEC 1).
    """
    is_back, is_new = mark_reachable(session, person.id, now), person.started_at is None
    person.language = person.language or language_code
    if is_new or is_back:
        refresh_asked(session, person, now)
    if is_new:
        person.started_at = now
        give_waiting_cards(session, person, now)
        refresh_people(session, now, because=f"linked:{person.id}:{now.isoformat()}")


def let_write_again(session: Session, telegram_user_id: int, now: datetime) -> None:
    """Record that the person unblocked the bot, so that pending messages are sent."""
    person = identify(session, telegram_user_id)
    if person is not None and mark_reachable(session, person.id, now):
        refresh_asked(session, person, now)


def set_language(session: Session, person: Person, language: str) -> None:
    """Set the language that the person reads, a code of the catalogues."""
    person.language = language
    session.flush()


def set_time_zone(session: Session, person: Person, zone: str, now: datetime) -> None:
    """Set the zone in which the person reads times, an IANA name; "" is the agency's (SPEC 1).

    What stands in their chat about sessions that go on follows. Refused: StaleButton where there is
    no such zone.
    """
    if zone:
        try:
            zone_named(zone)
        except ValueError:
            raise StaleButton from None
    if person.time_zone == (zone or None):
        return
    person.time_zone = zone or None
    zone_follows(session, person, now)


def ask_for_zone(session: Session, person: Person, place: str, now: datetime) -> None:
    """Tell the coordinators where a person is, whose time zone the bot does not know."""
    key = f"zone_asked:{person.id}:{now.isoformat()}"
    outbox.tell_coordinators(session, ZoneAsked(person.id, place), key=key, now=now)


def unlinked_people(session: Session) -> list[Person]:
    """People who still need an invitation, by name: not linked, or never pressed Start.

    Those who use the pages without Telegram need none.
    """
    found = session.exec(
        select(Person)
        .where(
            or_(col(Person.telegram_user_id).is_(None), col(Person.started_at).is_(None)),
            col(Person.web_since).is_(None),
        )
        .order_by(col(Person.name), col(Person.id))
    )
    return list(found.all())


def people_called(session: Session, search: str) -> list[Person]:
    """People whose name contains `search`, by name, linked or not."""
    found = session.exec(
        select(Person)
        .where(col(Person.name).icontains(search.strip(), autoescape=True))
        .order_by(col(Person.name), col(Person.id))
    )
    return list(found.all())


def invite(session: Session, actor: Actor, person_id: int) -> str:
    """Make an invitation for a person and return its token, of which only the hash is stored.

    Earlier invitations of the person become invalid. Only coordinators may invite, and the system
    for the first coordinator. Raises `Refusal`: NotCoordinator, NotFound.
    """
    if actor.person_id is not None:
        require_coordinator(session, actor)
    if _locked_person(session, person_id) is None:
        raise NotFound
    _revoke(session, person_id, actor.now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        Invitation(
            person_id=person_id,
            token_hash=_hashed(token),
            created_by_id=actor.person_id,
            created_at=actor.now,
            expires_at=actor.now + VALID_FOR,
        )
    )
    role = Role.SYSTEM if actor.person_id is None else Role.COORDINATOR
    about = {"person_id": person_id}
    record_of_person(session, Action.INVITE, role, actor, person_id=person_id, details=about)
    return token


def revoke_invitation(session: Session, actor: Actor, person_id: int) -> None:
    """Make a person's open invitation invalid; nothing where there is none.

    Raises `Refusal`: NotCoordinator, NotFound.
    """
    require_coordinator(session, actor)
    if _locked_person(session, person_id) is None:
        raise NotFound
    if _revoke(session, person_id, actor.now):
        record_of_person(
            session, Action.REVOKE_INVITATION, Role.COORDINATOR, actor, person_id=person_id
        )


def _revoke(session: Session, person_id: int, now: datetime) -> bool:
    """Make a person's open invitation invalid; whether there was one."""
    revoked = session.exec(
        update(Invitation)
        .where(
            col(Invitation.person_id) == person_id,
            col(Invitation.used_at).is_(None),
            col(Invitation.revoked_at).is_(None),
            col(Invitation.expires_at) > now,
        )
        .values(revoked_at=now)
    )
    if not revoked.rowcount:
        return False
    refresh_people(session, now, because=f"revoked:{person_id}:{now.isoformat()}")
    return True


def invitation_of(session: Session, token: str) -> Invitation:
    """Invitation with this token. Raises NoResultFound where there is none."""
    found = session.exec(select(Invitation).where(Invitation.token_hash == _hashed(token)))
    return found.one()


def make_coordinator(session: Session, name: str, now: datetime) -> str:
    """Token of an invitation for the coordinator with this name, who is created if missing.

    The first coordinator gets in this way, and one who lost their account gets back. Raises
    ValueError for an empty name.
    """
    name = name.strip()
    if not name:
        raise ValueError("a coordinator needs a name")
    found = session.exec(
        select(Person)
        .where(Person.name == name, col(Person.is_coordinator))
        .order_by(col(Person.telegram_user_id).is_not(None), col(Person.id))
        .limit(1)
    )
    person = found.first()
    if person is None:
        person = Person(name=name, is_coordinator=True)
        session.add(person)
        session.flush()
    return invite(session, Actor.system(now), person.id)


def accept_invitation(
    session: Session,
    token: str,
    telegram_user_id: int,
    language_code: str | None,
    now: datetime,
) -> Person:
    """Tie the Telegram account that opened the link to the invited person.

    Opening the link counts as pressing Start. A person who had another account moves to this one:
    the old one is unlinked at once, and what stands in its chat loses its buttons. Cards that wait
    for a parent's answer are sent to the new account. The same link opened again by the same
    account gives the same answer.

    Raises `Refusal`: InvitationUnknown, InvitationUsed (by another account), InvitationExpired
    (or replaced by a newer one), InvitationForOther where this account is already linked to
    another person.
    """
    this_one = Invitation.token_hash == _hashed(token)
    invited = session.exec(select(Invitation.person_id).where(this_one)).one_or_none()
    person = _locked_person(session, invited, may_move=True) if invited else None
    if person is None:
        raise InvitationUnknown
    invitation = invitation_of(session, token)
    if invitation.used_at is not None and person.telegram_user_id == telegram_user_id:
        return person
    _require_usable(invitation, now)
    holder = identify(session, telegram_user_id)
    if holder is not None and holder.id != person.id:
        raise InvitationForOther(who=holder.name)
    invitation.used_at = now
    refresh_people(session, now, because=f"invitation:{invitation.id}")
    _link(session, person, telegram_user_id, now)
    press_start(session, person, language_code, now)
    return person


def _require_usable(invitation: Invitation, now: datetime) -> None:
    if invitation.used_at is not None:
        raise InvitationUsed
    if invitation.revoked_at is not None or now >= invitation.expires_at:
        raise InvitationExpired


def _link(session: Session, person: Person, telegram_user_id: int, now: datetime) -> None:
    before = person.telegram_user_id
    if before == telegram_user_id:
        return
    person.telegram_user_id = telegram_user_id
    record(
        session,
        Action.LINK,
        capacity_of(person),
        Actor(person.id, Channel.TELEGRAM, now),
        details={"telegram_user_id": telegram_user_id, "previous": before},
    )
    if before is not None:
        _leave_account(session, person, before, now)


def _leave_account(session: Session, person: Person, before: int, now: datetime) -> None:
    """Leave the old account's chat: what stands there loses its buttons, and later changes are not
    shown there.

    Browsers that were signed in through it are signed out.
    """
    person.started_at = now
    mark_reachable(session, person.id, now)
    leave_chat(session, person.id, before, now)
    end_access(session, person.id)
    give_waiting_cards(session, person, now)


def _locked_person(session: Session, person_id: int, *, may_move: bool = False) -> Person | None:
    """Person, locked before their invitations.

    Rows that refer to the person can be written meanwhile, unless they `may_move` to another
    account.
    """
    found = session.exec(
        select(Person)
        .where(Person.id == person_id)
        .with_for_update(key_share=not may_move)
        .execution_options(populate_existing=True)
    )
    return found.one_or_none()


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
