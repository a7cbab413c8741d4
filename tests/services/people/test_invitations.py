"""Invitations, and the accounts that they link (SPEC 9)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from models import AuditEvent, Card, Invitation, OutboxMessage
from models.enums import Action, Channel, MessageKind, Role
from services.db import Session
from services.lifecycle.actors import Actor
from services.people import accounts
from services.rules.refusals import Refusal
from services.rules.refusals.links import (
    InvitationExpired,
    InvitationForOther,
    InvitationUnknown,
    InvitationUsed,
)
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.standing import NotCoordinator
from tests import builders
from tests.builders import NOW, acting
from tests.open_database import OpenDatabase
from tests.services.newcomers import OTHER_PHONE, PHONE, awaiting, cards_for, newcomer, write_card

SYSTEM = Actor.system(NOW)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def session(database: OpenDatabase) -> Iterator[Session]:
    with database.unit_of_work() as session:
        yield session


def events(session: Session, action: Action) -> list[AuditEvent]:
    found = session.exec(select(AuditEvent).where(AuditEvent.action == action))
    return list(found.all())


def test_an_invitation_links_the_account_that_opens_it(session: Session) -> None:
    person = newcomer(session)
    token = accounts.invite(session, SYSTEM, person.id)

    linked = accounts.accept_invitation(session, token, PHONE, "ms", LATER)

    assert linked.id == person.id
    assert accounts.identify(session, PHONE) == linked
    assert (linked.started_at, linked.language) == (LATER, "ms")
    [event] = events(session, Action.LINK)
    assert (event.actor_id, event.role, event.channel, event.at) == (
        person.id,
        Role.PARENT,
        Channel.TELEGRAM,
        LATER,
    )


def test_nobody_is_identified_by_an_account_that_is_not_linked(session: Session) -> None:
    newcomer(session)

    assert accounts.identify(session, PHONE) is None


def test_a_token_has_128_random_bits_and_is_stored_hashed(session: Session) -> None:
    person = newcomer(session)

    token = accounts.invite(session, SYSTEM, person.id)

    [invitation] = session.exec(select(Invitation)).all()
    assert len(token) == 22
    assert len(invitation.token_hash) == 64
    assert token not in invitation.token_hash
    assert invitation.expires_at == NOW + timedelta(hours=72)


def test_the_same_link_opened_again_by_the_same_account_changes_nothing(
    session: Session,
) -> None:
    person = newcomer(session)
    awaiting(session, person)
    token = accounts.invite(session, SYSTEM, person.id)
    accounts.accept_invitation(session, token, PHONE, "en", NOW)

    again = accounts.accept_invitation(session, token, PHONE, "ta", LATER)

    assert (again.id, again.language, again.started_at) == (person.id, "en", NOW)
    assert len(events(session, Action.LINK)) == 1
    assert len(cards_for(session, person)) == 1


@pytest.mark.parametrize(
    ("after", "works"),
    [
        (timedelta(hours=72, seconds=-1), True),
        (timedelta(hours=72), False),
        (timedelta(hours=72, seconds=1), False),
    ],
)
def test_an_invitation_works_for_72_hours(
    session: Session, after: timedelta, *, works: bool
) -> None:
    person = newcomer(session)
    token = accounts.invite(session, SYSTEM, person.id)

    if works:
        accounts.accept_invitation(session, token, PHONE, None, NOW + after)
        assert person.telegram_user_id == PHONE
    else:
        with pytest.raises(Refusal) as refused:
            accounts.accept_invitation(session, token, PHONE, None, NOW + after)
        assert isinstance(refused.value, InvitationExpired)
        assert person.telegram_user_id is None


def test_an_unknown_token_is_refused(session: Session) -> None:
    with pytest.raises(Refusal) as refused:
        accounts.accept_invitation(session, "nonsense", PHONE, None, NOW)

    assert isinstance(refused.value, InvitationUnknown)


def test_a_used_invitation_is_refused_to_another_account(session: Session) -> None:
    person = newcomer(session)
    token = accounts.invite(session, SYSTEM, person.id)
    accounts.accept_invitation(session, token, PHONE, None, NOW)

    with pytest.raises(Refusal) as refused:
        accounts.accept_invitation(session, token, OTHER_PHONE, None, NOW)

    assert isinstance(refused.value, InvitationUsed)
    assert person.telegram_user_id == PHONE


def test_a_newer_invitation_revokes_the_one_before(session: Session) -> None:
    person = newcomer(session)
    first = accounts.invite(session, SYSTEM, person.id)
    second = accounts.invite(session, SYSTEM, person.id)

    with pytest.raises(Refusal) as refused:
        accounts.accept_invitation(session, first, PHONE, None, NOW)

    assert isinstance(refused.value, InvitationExpired)
    accounts.accept_invitation(session, second, PHONE, None, NOW)
    assert person.telegram_user_id == PHONE


def test_an_invitation_leaves_those_of_other_people_alone(session: Session) -> None:
    person, other = newcomer(session), newcomer(session)
    token = accounts.invite(session, SYSTEM, person.id)
    accounts.invite(session, SYSTEM, other.id)

    accounts.accept_invitation(session, token, PHONE, None, NOW)

    assert person.telegram_user_id == PHONE


def test_an_account_that_is_somebody_already_is_refused(session: Session) -> None:
    person = newcomer(session)
    builders.tutor(session, telegram_user_id=PHONE)
    token = accounts.invite(session, SYSTEM, person.id)

    with pytest.raises(Refusal) as refused:
        accounts.accept_invitation(session, token, PHONE, None, NOW)

    assert isinstance(refused.value, InvitationForOther)
    accounts.accept_invitation(session, token, OTHER_PHONE, None, NOW)
    assert person.telegram_user_id == OTHER_PHONE


def test_a_person_moves_to_a_new_account_and_the_old_one_is_nobodys_at_once(
    session: Session,
) -> None:
    person = builders.parent(session, telegram_user_id=PHONE, unreachable_since=NOW)
    token = accounts.invite(session, SYSTEM, person.id)

    accounts.accept_invitation(session, token, OTHER_PHONE, None, LATER)

    assert accounts.identify(session, PHONE) is None
    assert accounts.identify(session, OTHER_PHONE) == person
    assert (person.started_at, person.unreachable_since) == (LATER, None)
    [event] = events(session, Action.LINK)
    assert event.details == {"telegram_user_id": OTHER_PHONE, "previous": PHONE}


def test_cards_in_the_old_accounts_chat_are_brought_up_to_date_no_more(
    session: Session,
) -> None:
    person = builders.parent(session, telegram_user_id=PHONE)
    appointment_id = awaiting(session, person)
    session.add(
        Card(chat_id=PHONE, message_id=1, person_id=person.id, appointment_id=appointment_id)
    )
    token = accounts.invite(session, SYSTEM, person.id)

    accounts.accept_invitation(session, token, OTHER_PHONE, None, LATER)

    assert session.exec(select(Card.is_live)).all() == [False]
    kind = OutboxMessage.kind == MessageKind.CHAT_LEFT
    [told] = session.exec(select(OutboxMessage).where(kind)).all()
    assert told.payload == {"chat_id": PHONE, "message_ids": [1]}


def test_the_new_account_gets_the_cards_that_the_old_one_had(session: Session) -> None:
    person = builders.parent(session, telegram_user_id=PHONE)
    appointment_id = awaiting(session, person)
    write_card(session, person, appointment_id, sent=True)
    token = accounts.invite(session, SYSTEM, person.id)

    accounts.accept_invitation(session, token, OTHER_PHONE, None, LATER)

    assert cards_for(session, person) == [appointment_id, appointment_id]


def test_the_same_account_with_a_new_invitation_stays_as_it_is(session: Session) -> None:
    person = builders.parent(session, telegram_user_id=PHONE)
    awaiting(session, person)
    token = accounts.invite(session, SYSTEM, person.id)

    accounts.accept_invitation(session, token, PHONE, None, LATER)

    assert person.started_at != LATER
    assert events(session, Action.LINK) == []
    assert cards_for(session, person) == []


def test_a_coordinator_invites(session: Session) -> None:
    coordinator, person = builders.coordinator(session), newcomer(session)

    accounts.invite(session, acting(coordinator), person.id)

    [event] = events(session, Action.INVITE)
    assert (event.actor_id, event.role, event.details) == (
        coordinator.id,
        Role.COORDINATOR,
        {"person_id": person.id},
    )


def test_nobody_else_invites(session: Session) -> None:
    tutor, person = builders.tutor(session), newcomer(session)

    with pytest.raises(Refusal) as refused:
        accounts.invite(session, acting(tutor), person.id)

    assert isinstance(refused.value, NotCoordinator)
    assert session.exec(select(Invitation)).all() == []


def test_nobody_can_be_invited_who_is_not_there(session: Session) -> None:
    with pytest.raises(Refusal) as refused:
        accounts.invite(session, SYSTEM, 4711)

    assert isinstance(refused.value, NotFound)


def test_the_first_coordinator_is_made_with_their_invitation(session: Session) -> None:
    token = accounts.make_coordinator(session, " Priya Nair ", NOW)

    person = accounts.accept_invitation(session, token, PHONE, None, NOW)

    assert (person.name, person.roles) == ("Priya Nair", frozenset({Role.COORDINATOR}))


def test_a_coordinator_who_is_there_is_invited_anew(session: Session) -> None:
    builders.tutor(session, name="Priya Nair")
    coordinator = builders.coordinator(session, telegram_user_id=PHONE)

    token = accounts.make_coordinator(session, "Priya Nair", NOW)

    moved = accounts.accept_invitation(session, token, OTHER_PHONE, None, NOW)
    assert moved.id == coordinator.id


def test_a_coordinator_needs_a_name(session: Session) -> None:
    with pytest.raises(ValueError, match="needs a name"):
        accounts.make_coordinator(session, "  ", NOW)
