"""Sign-in links that a coordinator makes for somebody without Telegram (SPEC 9, 10)."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from models import AuditEvent, Guardianship, OutboxMessage, Person, SignInLink
from models.enums import Action, Channel, MessageKind, Role
from services.lifecycle.access import for_update
from services.lifecycle.actors import Actor
from services.messaging import undelivered
from services.messaging.messages.sessions import SessionScheduled
from services.messaging.outbox import tell_person
from services.notifications.announcements import ask_parents
from services.people import accounts
from services.people.sign_in import Device, revoke_link
from services.queue.nudging import nudge
from services.rules.refusals.links import (
    AgencyLinkExpired,
    InvitationExpired,
    SignInUsed,
    UsesTelegram,
)
from services.rules.refusals.queue import NobodyToNudge
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.standing import NotCoordinator
from tests import builders
from tests.builders import NOW, SIGN_IN, acting
from tests.open_database import OpenDatabase
from tests.services.newcomers import PHONE, awaiting, cards_for, newcomer
from tests.services.proofs import outbox_rows, refused
from tests.services.scenes import carry_out

SECOND = timedelta(seconds=1)
PAGE = "the-page-with-the-button"
THREE_DAYS = timedelta(hours=72)


def people(database: OpenDatabase, **over: object) -> tuple[Person, Person]:
    """A coordinator, and a parent without an account."""
    with database.unit_of_work() as session:
        return builders.coordinator(session), newcomer(session, **over)


def link_by(database: OpenDatabase, coordinator: Person, person: Person) -> str:
    return carry_out(database, SIGN_IN.make_link_for, acting(coordinator), person.id)


def as_stored(database: OpenDatabase, person: Person) -> Person:
    with database.reading() as session:
        found = session.get(Person, person.id)
    assert found is not None
    return found


def trail_of(database: OpenDatabase, person: Person) -> list[tuple[Action, int | None, Role]]:
    with database.reading() as session:
        found = session.exec(
            select(AuditEvent).where(AuditEvent.person_id == person.id).order_by(col(AuditEvent.id))
        )
        return [(one.action, one.actor_id, one.role) for one in found]


@pytest.mark.parametrize(
    ("age", "works"),
    [(THREE_DAYS - SECOND, True), (THREE_DAYS, False), (THREE_DAYS + SECOND, False)],
)
def test_it_signs_in_once_within_72_hours(
    database: OpenDatabase, age: timedelta, *, works: bool
) -> None:
    priya, mei = people(database)
    token = link_by(database, priya, mei)

    if not works:
        with refused(AgencyLinkExpired):
            carry_out(database, SIGN_IN.use_link, token, PAGE, NOW + age)
        assert as_stored(database, mei).web_since is None
        return
    device = Device("Firefox", "Windows")
    cookie = carry_out(database, SIGN_IN.use_link, token, PAGE, NOW + age, device)
    with database.reading() as session:
        assert SIGN_IN.signed_in(session, cookie, NOW + age).id == mei.id
        begun = SIGN_IN.browser_session(session, cookie, NOW + age)
    assert (begun.browser, begun.system) == ("Firefox", "Windows")
    assert begun.expires_at == NOW + age + timedelta(days=180)
    with refused(SignInUsed, person_id=mei.id):
        carry_out(database, SIGN_IN.use_link, token, "another page", NOW + age)


def test_making_and_using_it_are_in_the_audit_trail(database: OpenDatabase) -> None:
    priya, mei = people(database)
    token = link_by(database, priya, mei)
    carry_out(database, SIGN_IN.use_link, token, PAGE, NOW)

    assert trail_of(database, mei) == [(Action.INVITE_BY_WEB, priya.id, Role.COORDINATOR)]
    with database.reading() as session:
        used = session.exec(select(AuditEvent).where(AuditEvent.actor_id == mei.id)).one()
    assert (used.action, used.channel) == (Action.SIGN_IN, Channel.WEB)


def test_only_coordinators_make_one_and_for_people_who_are_there(database: OpenDatabase) -> None:
    priya, mei = people(database)
    for refusal, actor, person_id in (
        (NotCoordinator, acting(mei), mei.id),
        (NotFound, acting(priya), 99_999),
    ):
        with refused(refusal):
            carry_out(database, SIGN_IN.make_link_for, actor, person_id)


def test_who_can_ask_the_bot_gets_none_unless_they_have_blocked_it(database: OpenDatabase) -> None:
    priya, _ = people(database)
    with database.unit_of_work() as session:
        grace = builders.parent(session)
        blocked = builders.parent(session, unreachable_since=NOW)
        imported = builders.parent(session, started_at=None)

    with refused(UsesTelegram, who=grace.name):
        link_by(database, priya, grace)
    for person in (blocked, imported):
        token = link_by(database, priya, person)
        assert carry_out(database, SIGN_IN.use_link, token, PAGE, NOW)
    assert not as_stored(database, blocked).is_by_web_only
    assert as_stored(database, imported).is_by_web_only


def test_a_newer_one_and_a_revocation_make_it_invalid(database: OpenDatabase) -> None:
    priya, mei = people(database)
    first = link_by(database, priya, mei)
    second = link_by(database, priya, mei)
    with refused(AgencyLinkExpired):
        carry_out(database, SIGN_IN.use_link, first, PAGE, NOW)

    with refused(NotCoordinator):
        carry_out(database, revoke_link, acting(mei), mei.id)
    for _ in range(2):  # the second time there is nothing to revoke
        carry_out(database, revoke_link, acting(priya), mei.id)
    with refused(AgencyLinkExpired):
        carry_out(database, SIGN_IN.use_link, second, PAGE, NOW)
    made = (Action.INVITE_BY_WEB, priya.id, Role.COORDINATOR)
    revoked = (Action.REVOKE_INVITATION, priya.id, Role.COORDINATOR)
    assert trail_of(database, mei) == [made, made, revoked]


def test_an_invitation_to_telegram_is_revoked(database: OpenDatabase) -> None:
    priya, mei = people(database)
    token = carry_out(database, accounts.invite, acting(priya), mei.id)
    with refused(NotCoordinator):
        carry_out(database, accounts.revoke_invitation, acting(mei), mei.id)
    with refused(NotFound):
        carry_out(database, accounts.revoke_invitation, acting(priya), 99_999)
    for _ in range(2):
        carry_out(database, accounts.revoke_invitation, acting(priya), mei.id)

    with refused(InvitationExpired):
        carry_out(database, accounts.accept_invitation, token, PHONE, "en", NOW)
    assert as_stored(database, mei).telegram_user_id is None
    assert [action for action, *_ in trail_of(database, mei)] == [
        Action.INVITE,
        Action.REVOKE_INVITATION,
    ]


def test_the_token_is_stored_hashed(database: OpenDatabase) -> None:
    priya, mei = people(database)
    token = link_by(database, priya, mei)

    with database.reading() as session:
        [link] = session.exec(select(SignInLink)).all()
    assert len(token) >= 43
    assert token not in repr(link)
    assert (link.made_by_id, link.expires_at) == (priya.id, NOW + THREE_DAYS)


def test_nobody_is_alarmed_for_a_parent_by_web_only(database: OpenDatabase) -> None:
    priya, mei = people(database)
    with database.unit_of_work() as session:
        appointment_id = awaiting(session, mei)

    def ask() -> list[OutboxMessage]:
        with database.unit_of_work() as session:
            ask_parents(session, for_update(session, appointment_id), Actor.system(NOW), move_id=7)
        return outbox_rows(database, MessageKind.NO_PARENT_LINKED, MessageKind.APPOINTMENT_CARD)

    carry_out(database, SIGN_IN.use_link, link_by(database, priya, mei), PAGE, NOW)
    assert as_stored(database, mei).is_by_web_only
    assert ask() == []
    with database.unit_of_work() as session:
        mei_now = session.get(Person, mei.id)
        assert mei_now is not None
        mei_now.web_since = None
    assert [one.kind for one in ask()] == [MessageKind.NO_PARENT_LINKED]


def test_messages_to_the_pages_alone_are_given_up_without_a_word(database: OpenDatabase) -> None:
    priya, mei = people(database)
    with database.unit_of_work() as session:
        grace = newcomer(session, name="Not yet invited")
        appointment_id = awaiting(session, mei)
    carry_out(database, SIGN_IN.use_link, link_by(database, priya, mei), PAGE, NOW)
    due, later = NOW + SECOND, NOW + timedelta(days=1)
    with database.unit_of_work() as session:
        for person, when in ((mei, due), (mei, later), (grace, due)):
            tell_person(
                session,
                person.id,
                SessionScheduled(appointment_id),
                key=f"{person.id} {when}",
                now=NOW,
                due_at=when,
            )

    assert not carry_out(database, undelivered.any_for_pages_only, NOW)
    assert carry_out(database, undelivered.any_for_pages_only, due)
    carry_out(database, undelivered.leave_to_pages, due)

    assert not carry_out(database, undelivered.any_for_pages_only, due)
    rows = outbox_rows(database, *MessageKind)
    assert [one.set_aside_at for one in rows] == [due, None, None]
    assert [(one.person_id, one.failed_at, one.error, one.sent_at) for one in rows] == [
        (mei.id, due, "by web only", None),
        (mei.id, None, None, None),
        (grace.id, None, None, None),
    ]


def test_who_links_an_account_later_gets_the_cards_that_wait_and_stays_signed_in(
    database: OpenDatabase,
) -> None:
    priya, mei = people(database)
    with database.unit_of_work() as session:
        appointment_id = awaiting(session, mei)
    cookie = carry_out(database, SIGN_IN.use_link, link_by(database, priya, mei), PAGE, NOW)
    invitation = carry_out(database, accounts.invite, acting(priya), mei.id)

    carry_out(database, accounts.accept_invitation, invitation, PHONE, "en", NOW)

    with database.reading() as session:
        assert cards_for(session, mei) == [appointment_id]
        assert SIGN_IN.signed_in(session, cookie, NOW).id == mei.id
    assert not as_stored(database, mei).is_by_web_only


def test_a_parent_by_web_only_is_not_nudged_and_others_are(database: OpenDatabase) -> None:
    priya, mei = people(database)
    with database.unit_of_work() as session:
        appointment_id = awaiting(session, mei)
        appointment = for_update(session, appointment_id)
    carry_out(database, SIGN_IN.use_link, link_by(database, priya, mei), PAGE, NOW)

    with refused(NobodyToNudge):
        carry_out(database, nudge, appointment_id, acting(priya))
    with database.unit_of_work() as session:
        grace = builders.parent(session)
        session.add(Guardianship(person_id=grace.id, student_id=appointment.student_id))
    carry_out(database, nudge, appointment_id, acting(priya))

    [told] = outbox_rows(database, MessageKind.ACKNOWLEDGEMENT_DUE)
    assert told.person_id == grace.id
