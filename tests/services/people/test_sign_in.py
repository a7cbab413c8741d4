"""Signing in to the pages by a link of the bot's (SPEC 10)."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from models import AuditEvent, Person, SignInLink, WebSession
from models.enums import Action, Channel, Role
from services.lifecycle.actors import Actor
from services.people import accounts
from services.people.sign_in import SignIn
from services.rules.refusals import Refusal
from services.rules.refusals.links import NotSignedIn, SignInExpired, SignInUnknown, SignInUsed
from tests import builders
from tests.builders import NOW, SIGN_IN
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row, refused
from tests.services.scenes import carry_out

SECOND = timedelta(seconds=1)
TEN_MINUTES = timedelta(minutes=10)
THIRTY_DAYS = timedelta(days=30)
PAGE = "the-page-with-the-button"


def grace_of(database: OpenDatabase) -> Person:
    with database.unit_of_work() as session:
        return builders.parent(session)


def link_for(database: OpenDatabase, person: Person) -> str:
    return carry_out(database, SIGN_IN.make_link, person, NOW)


def behind(database: OpenDatabase, cookie: str | None, now: datetime = NOW) -> int | None:
    """Whose browser it is; None for nobody's."""
    with database.reading() as session:
        try:
            return SIGN_IN.signed_in(session, cookie, now).id
        except Refusal:
            return None


def test_a_link_signs_in_the_person_it_was_made_for(database: OpenDatabase) -> None:
    grace = grace_of(database)
    token = link_for(database, grace)

    cookie = carry_out(database, SIGN_IN.use_link, token, PAGE, NOW)

    assert behind(database, cookie) == grace.id
    with database.reading() as session:
        event = session.exec(select(AuditEvent)).one()
    assert (event.action, event.actor_id, event.role, event.channel, event.at) == (
        Action.SIGN_IN,
        grace.id,
        Role.PARENT,
        Channel.WEB,
        NOW,
    )


def test_opening_a_link_changes_nothing(database: OpenDatabase) -> None:
    grace = grace_of(database)
    token = link_for(database, grace)
    before = every_row(database)

    for _ in range(2):
        with database.reading() as session:
            assert SIGN_IN.invited(session, token, NOW).id == grace.id

    assert every_row(database) == before


@pytest.mark.parametrize(
    ("age", "is_good"),
    [
        (timedelta(0), True),
        (TEN_MINUTES - SECOND, True),
        (TEN_MINUTES, False),
        (TEN_MINUTES + SECOND, False),
    ],
)
def test_a_link_lasts_ten_minutes(database: OpenDatabase, age: timedelta, is_good: bool) -> None:
    token = link_for(database, grace_of(database))

    if is_good:
        with database.reading() as session:
            SIGN_IN.invited(session, token, NOW + age)
        assert carry_out(database, SIGN_IN.use_link, token, PAGE, NOW + age)
        return
    with refused(SignInExpired), database.reading() as session:
        SIGN_IN.invited(session, token, NOW + age)
    with refused(SignInExpired):
        carry_out(database, SIGN_IN.use_link, token, PAGE, NOW + age)


def test_a_link_works_once(database: OpenDatabase) -> None:
    grace = grace_of(database)
    token = link_for(database, grace)
    carry_out(database, SIGN_IN.use_link, token, PAGE, NOW)

    with refused(SignInUsed, person_id=grace.id):
        carry_out(database, SIGN_IN.use_link, token, "another page", NOW + SECOND)
    with refused(SignInUsed, person_id=grace.id), database.reading() as session:
        SIGN_IN.invited(session, token, NOW + SECOND)


def test_the_button_tapped_twice_on_one_page_signs_in(database: OpenDatabase) -> None:
    grace = grace_of(database)
    token = link_for(database, grace)

    carry_out(database, SIGN_IN.use_link, token, PAGE, NOW)
    cookie = carry_out(database, SIGN_IN.use_link, token, PAGE, NOW + SECOND)

    assert behind(database, cookie, NOW + SECOND) == grace.id
    with database.reading() as session:
        assert len(session.exec(select(AuditEvent)).all()) == 1
    with refused(SignInExpired):
        carry_out(database, SIGN_IN.use_link, token, PAGE, NOW + TEN_MINUTES)


async def test_of_two_devices_at_once_one_is_signed_in(database: OpenDatabase) -> None:
    grace = grace_of(database)
    for number in range(12):
        token = link_for(database, grace)

        results = await asyncio.gather(
            database.write(SIGN_IN.use_link, token, f"phone {number}", NOW),
            database.write(SIGN_IN.use_link, token, f"tablet {number}", NOW),
            return_exceptions=True,
        )

        turned_away = [one for one in results if isinstance(one, Refusal)]
        assert [type(one) for one in turned_away] == [SignInUsed]
        assert sum(isinstance(one, str) for one in results) == 1


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "\x00", "é"])
def test_what_is_no_link_is_unknown(database: OpenDatabase, token: str) -> None:
    link_for(database, grace_of(database))

    with refused(SignInUnknown):
        carry_out(database, SIGN_IN.use_link, token, PAGE, NOW)
    assert behind(database, token) is None


def test_nobody_is_behind_no_cookie(database: OpenDatabase) -> None:
    with refused(NotSignedIn), database.reading() as session:
        SIGN_IN.signed_in(session, None, NOW)


@pytest.mark.parametrize(
    ("age", "is_in"), [(THIRTY_DAYS - SECOND, True), (THIRTY_DAYS, False), (2 * THIRTY_DAYS, False)]
)
def test_a_session_lasts_thirty_days(database: OpenDatabase, age: timedelta, is_in: bool) -> None:
    grace = grace_of(database)
    token = link_for(database, grace)
    cookie = carry_out(database, SIGN_IN.use_link, token, PAGE, NOW)

    assert behind(database, cookie, NOW + age) == (grace.id if is_in else None)


def test_signing_in_forgets_the_sessions_that_are_over(database: OpenDatabase) -> None:
    grace = grace_of(database)
    for days in (0, 29, 31):
        now = NOW + timedelta(days=days)
        token = carry_out(database, SIGN_IN.make_link, grace, now)
        carry_out(database, SIGN_IN.use_link, token, PAGE, now)

    with database.reading() as session:
        rows = session.exec(select(WebSession)).all()
    assert [(row.created_at - NOW).days for row in rows] == [29, 31]


def test_a_new_link_forgets_those_of_the_day_before(database: OpenDatabase) -> None:
    grace = grace_of(database)
    old = link_for(database, grace)
    a_day_later = NOW + TEN_MINUTES + timedelta(days=1)

    carry_out(database, SIGN_IN.make_link, grace, a_day_later - SECOND)
    with refused(SignInExpired):
        carry_out(database, SIGN_IN.use_link, old, PAGE, a_day_later)
    carry_out(database, SIGN_IN.make_link, grace, a_day_later)
    with refused(SignInUnknown):
        carry_out(database, SIGN_IN.use_link, old, PAGE, a_day_later)


def test_of_sixty_links_only_the_last_is_live(database: OpenDatabase) -> None:
    grace, daniel = grace_of(database), grace_of(database)
    kept = link_for(database, daniel)
    *older, last = [
        carry_out(database, SIGN_IN.make_link, grace, NOW + number * SECOND) for number in range(60)
    ]

    now = NOW + 60 * SECOND
    for token in older:
        with refused(SignInExpired), database.reading() as session:
            SIGN_IN.invited(session, token, now)
        with refused(SignInExpired):
            carry_out(database, SIGN_IN.use_link, token, PAGE, now)
    for person, token in ((grace, last), (daniel, kept)):
        cookie = carry_out(database, SIGN_IN.use_link, token, PAGE, now)
        assert behind(database, cookie, now) == person.id


async def test_of_links_made_at_once_one_is_live(database: OpenDatabase) -> None:
    grace = grace_of(database)

    await asyncio.gather(*(database.write(SIGN_IN.make_link, grace, NOW) for _ in range(60)))

    with database.reading() as session:
        live = session.exec(select(SignInLink).where(col(SignInLink.expires_at) > NOW)).all()
    assert len(live) == 1


def test_a_new_link_leaves_what_is_signed_in_and_what_was_used(database: OpenDatabase) -> None:
    grace = grace_of(database)
    used = link_for(database, grace)
    cookie = carry_out(database, SIGN_IN.use_link, used, PAGE, NOW)

    link_for(database, grace)

    assert behind(database, cookie, NOW) == grace.id
    assert carry_out(database, SIGN_IN.use_link, used, PAGE, NOW)
    with refused(SignInUsed, person_id=grace.id):
        carry_out(database, SIGN_IN.use_link, used, "another page", NOW)


def test_links_and_sessions_are_stored_hashed(database: OpenDatabase) -> None:
    token = link_for(database, grace_of(database))
    cookie = carry_out(database, SIGN_IN.use_link, token, PAGE, NOW)

    assert min(len(token), len(cookie)) >= 43  # 256 bits in base 64
    stored = repr(every_row(database))
    assert not [secret for secret in (token, cookie, PAGE) if secret in stored]


def test_another_secret_key_signs_everybody_out_and_makes_links_void(
    database: OpenDatabase,
) -> None:
    grace = grace_of(database)
    unused = link_for(database, grace)
    cookie = carry_out(database, SIGN_IN.use_link, link_for(database, grace), PAGE, NOW)
    other = SignIn("another secret key of 32 characters")

    with refused(NotSignedIn), database.reading() as session:
        other.signed_in(session, cookie, NOW)
    with refused(SignInUnknown):
        carry_out(database, other.use_link, unused, PAGE, NOW)


def test_who_moves_to_another_account_is_signed_out_everywhere(database: OpenDatabase) -> None:
    grace = grace_of(database)
    daniel = grace_of(database)
    cookies = [
        carry_out(database, SIGN_IN.use_link, link_for(database, each), PAGE, NOW)
        for each in (grace, daniel)
    ]
    waiting = link_for(database, grace)

    invitation = carry_out(database, accounts.invite, Actor.system(NOW), grace.id)
    carry_out(database, accounts.accept_invitation, invitation, 8_888_888, "en", NOW)

    assert [behind(database, cookie) for cookie in cookies] == [None, daniel.id]
    with refused(SignInUnknown):
        carry_out(database, SIGN_IN.use_link, waiting, PAGE, NOW)
    with database.reading() as session:
        assert len(session.exec(select(SignInLink)).all()) == 2  # the used ones


def test_the_same_account_again_stays_signed_in(database: OpenDatabase) -> None:
    grace = grace_of(database)
    token = link_for(database, grace)
    cookie = carry_out(database, SIGN_IN.use_link, token, PAGE, NOW)

    invitation = carry_out(database, accounts.invite, Actor.system(NOW), grace.id)
    account = grace.telegram_user_id
    assert account is not None
    carry_out(database, accounts.accept_invitation, invitation, account, "en", NOW)

    assert behind(database, cookie) == grace.id
