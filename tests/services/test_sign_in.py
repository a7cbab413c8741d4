"""Signing in to the pages by a link of the bot's (SPEC 10)."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from models import AuditEvent, Person, SignInLink, WebSession
from models.enums import Action, Channel, Role
from services import people
from services.actors import Actor
from services.db import Database
from services.rules.refusals import Refusal, RefusalCode
from services.sign_in import SignIn
from tests import builders
from tests.builders import NOW, SIGN_IN
from tests.services.proofs import every_row, refused
from tests.services.scenes import carry_out

SECOND = timedelta(seconds=1)
TEN_MINUTES = timedelta(minutes=10)
THIRTY_DAYS = timedelta(days=30)
PAGE = "the-page-with-the-button"


async def grace_of(database: Database) -> Person:
    async with database.unit_of_work() as session:
        return await builders.parent(session)


async def link_for(database: Database, person: Person) -> str:
    return await carry_out(database, SIGN_IN.make_link, person, NOW)


async def behind(database: Database, cookie: str | None, now: datetime = NOW) -> int | None:
    """Whose browser it is; None for nobody's."""
    async with database.reading() as session:
        try:
            return (await SIGN_IN.signed_in(session, cookie, now)).id
        except Refusal:
            return None


async def test_a_link_signs_in_the_person_it_was_made_for(database: Database) -> None:
    grace = await grace_of(database)
    token = await link_for(database, grace)

    cookie = await carry_out(database, SIGN_IN.use_link, token, PAGE, NOW)

    assert await behind(database, cookie) == grace.id
    async with database.reading() as session:
        event = (await session.exec(select(AuditEvent))).one()
    assert (event.action, event.actor_id, event.role, event.channel, event.at) == (
        Action.SIGN_IN,
        grace.id,
        Role.PARENT,
        Channel.WEB,
        NOW,
    )


async def test_opening_a_link_changes_nothing(database: Database) -> None:
    grace = await grace_of(database)
    token = await link_for(database, grace)
    before = await every_row(database)

    for _ in range(2):
        async with database.reading() as session:
            assert (await SIGN_IN.invited(session, token, NOW)).id == grace.id

    assert await every_row(database) == before


@pytest.mark.parametrize(
    ("age", "is_good"),
    [
        (timedelta(0), True),
        (TEN_MINUTES - SECOND, True),
        (TEN_MINUTES, False),
        (TEN_MINUTES + SECOND, False),
    ],
)
async def test_a_link_lasts_ten_minutes(database: Database, age: timedelta, is_good: bool) -> None:
    token = await link_for(database, await grace_of(database))

    if is_good:
        async with database.reading() as session:
            await SIGN_IN.invited(session, token, NOW + age)
        assert await carry_out(database, SIGN_IN.use_link, token, PAGE, NOW + age)
        return
    with refused(RefusalCode.SIGN_IN_EXPIRED):
        async with database.reading() as session:
            await SIGN_IN.invited(session, token, NOW + age)
    with refused(RefusalCode.SIGN_IN_EXPIRED):
        await carry_out(database, SIGN_IN.use_link, token, PAGE, NOW + age)


async def test_a_link_works_once(database: Database) -> None:
    grace = await grace_of(database)
    token = await link_for(database, grace)
    await carry_out(database, SIGN_IN.use_link, token, PAGE, NOW)

    with refused(RefusalCode.SIGN_IN_USED, person_id=grace.id):
        await carry_out(database, SIGN_IN.use_link, token, "another page", NOW + SECOND)
    with refused(RefusalCode.SIGN_IN_USED, person_id=grace.id):
        async with database.reading() as session:
            await SIGN_IN.invited(session, token, NOW + SECOND)


async def test_the_button_tapped_twice_on_one_page_signs_in(database: Database) -> None:
    grace = await grace_of(database)
    token = await link_for(database, grace)

    await carry_out(database, SIGN_IN.use_link, token, PAGE, NOW)
    cookie = await carry_out(database, SIGN_IN.use_link, token, PAGE, NOW + SECOND)

    assert await behind(database, cookie, NOW + SECOND) == grace.id
    async with database.reading() as session:
        assert len((await session.exec(select(AuditEvent))).all()) == 1
    with refused(RefusalCode.SIGN_IN_EXPIRED):
        await carry_out(database, SIGN_IN.use_link, token, PAGE, NOW + TEN_MINUTES)


async def test_of_two_devices_at_once_one_is_signed_in(database: Database) -> None:
    grace = await grace_of(database)
    for number in range(12):
        token = await link_for(database, grace)

        results = await asyncio.gather(
            carry_out(database, SIGN_IN.use_link, token, f"phone {number}", NOW),
            carry_out(database, SIGN_IN.use_link, token, f"tablet {number}", NOW),
            return_exceptions=True,
        )

        turned_away = [one for one in results if isinstance(one, Refusal)]
        assert [one.code for one in turned_away] == [RefusalCode.SIGN_IN_USED]
        assert sum(isinstance(one, str) for one in results) == 1


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "\x00", "é"])
async def test_what_is_no_link_is_unknown(database: Database, token: str) -> None:
    await link_for(database, await grace_of(database))

    with refused(RefusalCode.SIGN_IN_UNKNOWN):
        await carry_out(database, SIGN_IN.use_link, token, PAGE, NOW)
    assert await behind(database, token) is None


async def test_nobody_is_behind_no_cookie(database: Database) -> None:
    with refused(RefusalCode.NOT_SIGNED_IN):
        async with database.reading() as session:
            await SIGN_IN.signed_in(session, None, NOW)


@pytest.mark.parametrize(
    ("age", "is_in"), [(THIRTY_DAYS - SECOND, True), (THIRTY_DAYS, False), (2 * THIRTY_DAYS, False)]
)
async def test_a_session_lasts_thirty_days(database: Database, age: timedelta, is_in: bool) -> None:
    grace = await grace_of(database)
    token = await link_for(database, grace)
    cookie = await carry_out(database, SIGN_IN.use_link, token, PAGE, NOW)

    assert await behind(database, cookie, NOW + age) == (grace.id if is_in else None)


async def test_signing_in_forgets_the_sessions_that_are_over(database: Database) -> None:
    grace = await grace_of(database)
    for days in (0, 29, 31):
        now = NOW + timedelta(days=days)
        token = await carry_out(database, SIGN_IN.make_link, grace, now)
        await carry_out(database, SIGN_IN.use_link, token, PAGE, now)

    async with database.reading() as session:
        rows = (await session.exec(select(WebSession))).all()
    assert [(row.created_at - NOW).days for row in rows] == [29, 31]


async def test_a_new_link_forgets_those_of_the_day_before(database: Database) -> None:
    grace = await grace_of(database)
    old = await link_for(database, grace)
    a_day_later = NOW + TEN_MINUTES + timedelta(days=1)

    await carry_out(database, SIGN_IN.make_link, grace, a_day_later - SECOND)
    with refused(RefusalCode.SIGN_IN_EXPIRED):
        await carry_out(database, SIGN_IN.use_link, old, PAGE, a_day_later)
    await carry_out(database, SIGN_IN.make_link, grace, a_day_later)
    with refused(RefusalCode.SIGN_IN_UNKNOWN):
        await carry_out(database, SIGN_IN.use_link, old, PAGE, a_day_later)


async def test_signing_out_ends_this_browsers_session_and_no_other(database: Database) -> None:
    grace = await grace_of(database)
    phone, tablet = [
        await carry_out(database, SIGN_IN.use_link, await link_for(database, grace), PAGE, NOW)
        for _ in range(2)
    ]

    for _ in range(2):
        await carry_out(database, SIGN_IN.sign_out, phone)

    assert await behind(database, phone) is None
    assert await behind(database, tablet) == grace.id


async def test_links_and_sessions_are_stored_hashed(database: Database) -> None:
    token = await link_for(database, await grace_of(database))
    cookie = await carry_out(database, SIGN_IN.use_link, token, PAGE, NOW)

    assert min(len(token), len(cookie)) >= 43  # 256 bits in base 64
    stored = repr(await every_row(database))
    assert not [secret for secret in (token, cookie, PAGE) if secret in stored]


async def test_another_secret_key_signs_everybody_out_and_makes_links_void(
    database: Database,
) -> None:
    grace = await grace_of(database)
    unused = await link_for(database, grace)
    cookie = await carry_out(database, SIGN_IN.use_link, await link_for(database, grace), PAGE, NOW)
    other = SignIn("another secret key of 32 characters")

    with refused(RefusalCode.NOT_SIGNED_IN):
        async with database.reading() as session:
            await other.signed_in(session, cookie, NOW)
    with refused(RefusalCode.SIGN_IN_UNKNOWN):
        await carry_out(database, other.use_link, unused, PAGE, NOW)


async def test_who_moves_to_another_account_is_signed_out_everywhere(database: Database) -> None:
    grace = await grace_of(database)
    daniel = await grace_of(database)
    cookies = [
        await carry_out(database, SIGN_IN.use_link, await link_for(database, each), PAGE, NOW)
        for each in (grace, daniel)
    ]
    waiting = await link_for(database, grace)

    invitation = await carry_out(database, people.invite, Actor.system(NOW), grace.id)
    await carry_out(database, people.accept_invitation, invitation, 8_888_888, "en", NOW)

    assert [await behind(database, cookie) for cookie in cookies] == [None, daniel.id]
    with refused(RefusalCode.SIGN_IN_UNKNOWN):
        await carry_out(database, SIGN_IN.use_link, waiting, PAGE, NOW)
    async with database.reading() as session:
        assert len((await session.exec(select(SignInLink))).all()) == 2  # the used ones


async def test_the_same_account_again_stays_signed_in(database: Database) -> None:
    grace = await grace_of(database)
    token = await link_for(database, grace)
    cookie = await carry_out(database, SIGN_IN.use_link, token, PAGE, NOW)

    invitation = await carry_out(database, people.invite, Actor.system(NOW), grace.id)
    account = grace.telegram_user_id
    assert account is not None
    await carry_out(database, people.accept_invitation, invitation, account, "en", NOW)

    assert await behind(database, cookie) == grace.id
