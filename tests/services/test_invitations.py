"""Invitations, and the accounts that they link (SPEC 9)."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import select

from models import AuditEvent, Card, Invitation
from models.enums import Action, Channel, Role
from services import people
from services.actors import Actor
from services.db import Database, Session
from services.rules.refusals import Refusal, RefusalCode
from tests import builders
from tests.builders import NOW, acting
from tests.services.newcomers import OTHER_PHONE, PHONE, awaiting, cards_for, newcomer, write_card

SYSTEM = Actor.system(NOW)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
async def session(database: Database) -> AsyncIterator[Session]:
    async with database.unit_of_work() as session:
        yield session


async def events(session: Session, action: Action) -> list[AuditEvent]:
    found = await session.exec(select(AuditEvent).where(AuditEvent.action == action))
    return list(found.all())


async def test_an_invitation_links_the_account_that_opens_it(session: Session) -> None:
    person = await newcomer(session)
    token = await people.invite(session, SYSTEM, person.id)

    linked = await people.accept_invitation(session, token, PHONE, "ms", LATER)

    assert linked.id == person.id
    assert await people.identify(session, PHONE) == linked
    assert (linked.started_at, linked.language) == (LATER, "ms")
    [event] = await events(session, Action.LINK)
    assert (event.actor_id, event.role, event.channel, event.at) == (
        person.id,
        Role.PARENT,
        Channel.TELEGRAM,
        LATER,
    )


async def test_nobody_is_identified_by_an_account_that_is_not_linked(session: Session) -> None:
    await newcomer(session)

    assert await people.identify(session, PHONE) is None


async def test_a_token_has_128_random_bits_and_is_stored_hashed(session: Session) -> None:
    person = await newcomer(session)

    token = await people.invite(session, SYSTEM, person.id)

    [invitation] = (await session.exec(select(Invitation))).all()
    assert len(token) == 22
    assert len(invitation.token_hash) == 64
    assert token not in invitation.token_hash
    assert invitation.expires_at == NOW + timedelta(hours=72)


async def test_the_same_link_opened_again_by_the_same_account_changes_nothing(
    session: Session,
) -> None:
    person = await newcomer(session)
    await awaiting(session, person)
    token = await people.invite(session, SYSTEM, person.id)
    await people.accept_invitation(session, token, PHONE, "en", NOW)

    again = await people.accept_invitation(session, token, PHONE, "ta", LATER)

    assert (again.id, again.language, again.started_at) == (person.id, "en", NOW)
    assert len(await events(session, Action.LINK)) == 1
    assert len(await cards_for(session, person)) == 1


@pytest.mark.parametrize(
    ("after", "works"),
    [
        (timedelta(hours=72, seconds=-1), True),
        (timedelta(hours=72), False),
        (timedelta(hours=72, seconds=1), False),
    ],
)
async def test_an_invitation_works_for_72_hours(
    session: Session, after: timedelta, *, works: bool
) -> None:
    person = await newcomer(session)
    token = await people.invite(session, SYSTEM, person.id)

    if works:
        await people.accept_invitation(session, token, PHONE, None, NOW + after)
        assert person.telegram_user_id == PHONE
    else:
        with pytest.raises(Refusal) as refused:
            await people.accept_invitation(session, token, PHONE, None, NOW + after)
        assert refused.value.code is RefusalCode.INVITATION_EXPIRED
        assert person.telegram_user_id is None


async def test_an_unknown_token_is_refused(session: Session) -> None:
    with pytest.raises(Refusal) as refused:
        await people.accept_invitation(session, "nonsense", PHONE, None, NOW)

    assert refused.value.code is RefusalCode.INVITATION_UNKNOWN


async def test_a_used_invitation_is_refused_to_another_account(session: Session) -> None:
    person = await newcomer(session)
    token = await people.invite(session, SYSTEM, person.id)
    await people.accept_invitation(session, token, PHONE, None, NOW)

    with pytest.raises(Refusal) as refused:
        await people.accept_invitation(session, token, OTHER_PHONE, None, NOW)

    assert refused.value.code is RefusalCode.INVITATION_USED
    assert person.telegram_user_id == PHONE


async def test_a_newer_invitation_revokes_the_one_before(session: Session) -> None:
    person = await newcomer(session)
    first = await people.invite(session, SYSTEM, person.id)
    second = await people.invite(session, SYSTEM, person.id)

    with pytest.raises(Refusal) as refused:
        await people.accept_invitation(session, first, PHONE, None, NOW)

    assert refused.value.code is RefusalCode.INVITATION_EXPIRED
    await people.accept_invitation(session, second, PHONE, None, NOW)
    assert person.telegram_user_id == PHONE


async def test_an_invitation_leaves_those_of_other_people_alone(session: Session) -> None:
    person, other = await newcomer(session), await newcomer(session)
    token = await people.invite(session, SYSTEM, person.id)
    await people.invite(session, SYSTEM, other.id)

    await people.accept_invitation(session, token, PHONE, None, NOW)

    assert person.telegram_user_id == PHONE


async def test_an_account_that_is_somebody_already_is_refused(session: Session) -> None:
    person = await newcomer(session)
    await builders.tutor(session, telegram_user_id=PHONE)
    token = await people.invite(session, SYSTEM, person.id)

    with pytest.raises(Refusal) as refused:
        await people.accept_invitation(session, token, PHONE, None, NOW)

    assert refused.value.code is RefusalCode.INVITATION_FOR_OTHER
    await people.accept_invitation(session, token, OTHER_PHONE, None, NOW)
    assert person.telegram_user_id == OTHER_PHONE


async def test_a_person_moves_to_a_new_account_and_the_old_one_is_nobodys_at_once(
    session: Session,
) -> None:
    person = await builders.parent(session, telegram_user_id=PHONE, unreachable_since=NOW)
    token = await people.invite(session, SYSTEM, person.id)

    await people.accept_invitation(session, token, OTHER_PHONE, None, LATER)

    assert await people.identify(session, PHONE) is None
    assert await people.identify(session, OTHER_PHONE) == person
    assert (person.started_at, person.unreachable_since) == (LATER, None)
    [event] = await events(session, Action.LINK)
    assert event.details == {"telegram_user_id": OTHER_PHONE, "previous": PHONE}


async def test_cards_in_the_old_accounts_chat_are_brought_up_to_date_no_more(
    session: Session,
) -> None:
    person = await builders.parent(session, telegram_user_id=PHONE)
    appointment_id = await awaiting(session, person)
    session.add(
        Card(chat_id=PHONE, message_id=1, person_id=person.id, appointment_id=appointment_id)
    )
    token = await people.invite(session, SYSTEM, person.id)

    await people.accept_invitation(session, token, OTHER_PHONE, None, LATER)

    assert (await session.exec(select(Card.is_live))).all() == [False]


async def test_the_new_account_gets_the_cards_that_the_old_one_had(session: Session) -> None:
    person = await builders.parent(session, telegram_user_id=PHONE)
    appointment_id = await awaiting(session, person)
    await write_card(session, person, appointment_id, sent=True)
    token = await people.invite(session, SYSTEM, person.id)

    await people.accept_invitation(session, token, OTHER_PHONE, None, LATER)

    assert await cards_for(session, person) == [appointment_id, appointment_id]


async def test_the_same_account_with_a_new_invitation_stays_as_it_is(session: Session) -> None:
    person = await builders.parent(session, telegram_user_id=PHONE)
    await awaiting(session, person)
    token = await people.invite(session, SYSTEM, person.id)

    await people.accept_invitation(session, token, PHONE, None, LATER)

    assert person.started_at != LATER
    assert await events(session, Action.LINK) == []
    assert await cards_for(session, person) == []


async def test_a_coordinator_invites(session: Session) -> None:
    coordinator, person = await builders.coordinator(session), await newcomer(session)

    await people.invite(session, acting(coordinator), person.id)

    [event] = await events(session, Action.INVITE)
    assert (event.actor_id, event.role, event.details) == (
        coordinator.id,
        Role.COORDINATOR,
        {"person_id": person.id},
    )


async def test_nobody_else_invites(session: Session) -> None:
    tutor, person = await builders.tutor(session), await newcomer(session)

    with pytest.raises(Refusal) as refused:
        await people.invite(session, acting(tutor), person.id)

    assert refused.value.code is RefusalCode.NOT_COORDINATOR
    assert (await session.exec(select(Invitation))).all() == []


async def test_nobody_can_be_invited_who_is_not_there(session: Session) -> None:
    with pytest.raises(Refusal) as refused:
        await people.invite(session, SYSTEM, 4711)

    assert refused.value.code is RefusalCode.NOT_FOUND


async def test_the_first_coordinator_is_made_with_their_invitation(session: Session) -> None:
    token = await people.make_coordinator(session, " Priya Nair ", NOW)

    person = await people.accept_invitation(session, token, PHONE, None, NOW)

    assert (person.name, person.roles) == ("Priya Nair", frozenset({Role.COORDINATOR}))


async def test_a_coordinator_who_is_there_is_invited_anew(session: Session) -> None:
    await builders.tutor(session, name="Priya Nair")
    coordinator = await builders.coordinator(session, telegram_user_id=PHONE)

    token = await people.make_coordinator(session, "Priya Nair", NOW)

    moved = await people.accept_invitation(session, token, OTHER_PHONE, None, NOW)
    assert moved.id == coordinator.id


async def test_a_coordinator_needs_a_name(session: Session) -> None:
    with pytest.raises(ValueError, match="needs a name"):
        await people.make_coordinator(session, "  ", NOW)
