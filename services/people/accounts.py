"""People: who an account is, how somebody comes to one, and how they read (SPEC 1, 9).

Coming to an account is by invitation: a single-use link that ties a Telegram account to a person.
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
from services.lifecycle.status import record
from services.notifications.waiting_cards import give_waiting_cards
from services.people.sign_in import end_access
from services.rules.refusals.links import (
    InvitationExpired,
    InvitationForOther,
    InvitationUnknown,
    InvitationUsed,
)
from services.rules.refusals.sessions import NotFound

VALID_FOR = timedelta(hours=72)
TOKEN_BYTES = 16
"""128 bits; 22 characters in a link, where Telegram allows 64."""


def identify(session: Session, telegram_user_id: int) -> Person | None:
    """The person whose Telegram account this is; None for somebody unlinked (SPEC 9)."""
    found = session.execute(_BY_ACCOUNT, {"telegram_user_id": telegram_user_id})
    person: Person | None = found.scalar_one_or_none()
    return person


_BY_ACCOUNT = select(Person).where(Person.telegram_user_id == bindparam("telegram_user_id"))


def press_start(session: Session, person: Person, language_code: str | None, now: datetime) -> None:
    """They can be written to from now on (SPEC 9); what waits for a parent comes to them.

    The language of their Telegram client becomes theirs, unless we know one already (SPEC 1).
    """
    person.unreachable_since = None
    person.language = person.language or language_code
    if person.started_at is None:
        person.started_at = now
        give_waiting_cards(session, person, now)


def let_write_again(session: Session, telegram_user_id: int) -> None:
    """They unblocked the bot: what waited for them comes."""
    session.exec(
        update(Person)
        .where(col(Person.telegram_user_id) == telegram_user_id)
        .values(unreachable_since=None)
    )


def set_language(session: Session, person: Person, language: str) -> None:
    """From now on they read this language, a code of the catalogues."""
    person.language = language
    session.flush()


def unlinked_people(session: Session) -> list[Person]:
    """Who still needs an invitation, by name: nobody's account yet, or one that never started."""
    found = session.exec(
        select(Person)
        .where(or_(col(Person.telegram_user_id).is_(None), col(Person.started_at).is_(None)))
        .order_by(col(Person.name), col(Person.id))
    )
    return list(found.all())


def people_called(session: Session, search: str) -> list[Person]:
    """Everybody whose name has `search` somewhere, by name; somebody linked may need to move."""
    found = session.exec(
        select(Person)
        .where(col(Person.name).icontains(search.strip(), autoescape=True))
        .order_by(col(Person.name), col(Person.id))
    )
    return list(found.all())


def invite(session: Session, actor: Actor, person_id: int) -> str:
    """A new invitation for a person; its token, which is kept nowhere but hashed.

    Invitations made for them before are no good any more. Only coordinators, and the system for
    the first of them, may invite. Raises `Refusal`: NotCoordinator, NotFound.
    """
    if actor.person_id is not None:
        require_coordinator(session, actor)
    if _locked_person(session, person_id) is None:
        raise NotFound
    session.exec(
        update(Invitation)
        .where(
            col(Invitation.person_id) == person_id,
            col(Invitation.used_at).is_(None),
            col(Invitation.revoked_at).is_(None),
        )
        .values(revoked_at=actor.now)
    )
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
    record(session, Action.INVITE, role, actor, details={"person_id": person_id})
    return token


def make_coordinator(session: Session, name: str, now: datetime) -> str:
    """An invitation for the coordinator of this name, who is made where there is none.

    This is how the first coordinator comes in, and how one who lost their account gets back.
    Raises ValueError for an empty name.
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
    """Tie the account that opened the link to the person who was invited.

    Opening it is pressing Start. A person who had another account moves to this one: the old one
    is nobody's at once, and the cards in its chat are brought up to date no more. The cards that
    wait for a parent's answer come to the new account. The same link opened again by the same
    account gives the same answer.

    Raises `Refusal`: InvitationUnknown, InvitationUsed (by another account),
    InvitationExpired (or replaced by a newer one), InvitationForOther where this account is
    already somebody else.
    """
    this_one = Invitation.token_hash == _hashed(token)
    invited = session.exec(select(Invitation.person_id).where(this_one)).one_or_none()
    person = _locked_person(session, invited, may_move=True) if invited else None
    if person is None:
        raise InvitationUnknown
    invitation = session.exec(select(Invitation).where(this_one)).one()
    if invitation.used_at is not None and person.telegram_user_id == telegram_user_id:
        return person
    _require_usable(invitation, now)
    holder = identify(session, telegram_user_id)
    if holder is not None and holder.id != person.id:
        raise InvitationForOther
    invitation.used_at = now
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
    """What was shown to the old account stays as it is: nothing of later reaches it.

    Whoever signed in to the pages with it is signed out.
    """
    person.started_at, person.unreachable_since = now, None
    session.exec(
        update(Card)
        .where(col(Card.person_id) == person.id, col(Card.chat_id) == before)
        .values(is_live=False)
    )
    end_access(session, person.id)
    give_waiting_cards(session, person, now)


def _locked_person(session: Session, person_id: int, *, may_move: bool = False) -> Person | None:
    """The person first: that guards their invitations too.

    Rows that point at them can be written meanwhile, unless they may move to another account.
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
