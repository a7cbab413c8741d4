"""Chat and pages in step: what is done in one shows in the other (SPEC 10)."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from playwright.async_api import Browser, Page, expect
from sqlmodel import select

from chat.app_context import Pages
from models import Person
from models.enums import Status
from sandbox.phone import Phone
from tests import files
from tests.browser import SHARED
from tests.builders import SIGN_IN
from tests.end_to_end.note_scenes import TALLY, notes_begun, tallies
from tests.end_to_end.scenes import card_of, disputed, just_over, live_buttons, press, write
from tests.end_to_end.stage import Stage, labels, text_of
from tests.web.visiting import hidden_in
from tests.web.visiting import press as press_on_page
from tests.web.visiting import send as send_on_page
from web.app import create_app
from web.server import listen, serving
from web.site import Site

WITHIN = 2.0
"""Seconds within which an open page shows what was done in the chat."""


@asynccontextmanager
async def pages_beside(stage: Stage) -> AsyncIterator[str]:
    """The address of the pages, wired to the bot as `bot.py` does it."""
    running = stage.running
    app = running.app
    site = Site(
        app.database,
        app.clock,
        app.agency,
        app.media,
        app.sign_in,
        penalties=app.penalties,
        invitations=[running.invitation],
        after_notes=[running.jobs.files.show_soon],
        after_acts=[running.wake],
    )
    async with serving(create_app(site), listen("127.0.0.1", 0)) as address:
        yield address
        site.changes.close()


def link_of(stage: Stage, phone: Phone) -> str:
    """The path of a link that signs in the person of this phone."""
    with stage.database.unit_of_work() as session:
        wanted = select(Person).where(Person.telegram_user_id == phone.user_id)
        person = session.exec(wanted).one()
        return f"/sign-in/{SIGN_IN.make_link(session, person, stage.now)}"


@asynccontextmanager
async def browser_of(stage: Stage, phone: Phone) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which the person of this phone is signed in."""
    async with (
        pages_beside(stage) as address,
        httpx.AsyncClient(base_url=address) as browser,
    ):
        await press_on_page(browser, link_of(stage, phone))
        yield browser


async def test_cards_change_when_a_page_acknowledges(stage: Stage) -> None:
    session = await just_over(stage)
    async with browser_of(stage, stage.mei) as browser:
        await send_on_page(browser, f"/sessions/{session.id}/acknowledge", on="/family")
        await stage.settled()

    assert "You acknowledged this" in text_of(card_of(stage.mei, "Emily"))
    assert "Mei Lim acknowledged this" in text_of(card_of(stage.daniel, "Emily"))
    assert "Mei Lim acknowledged this" in text_of(card_of(stage.grace, "acknowledged"))


async def test_a_dispute_from_a_page_reaches_the_group_and_the_tutor(stage: Stage) -> None:
    session = await just_over(stage)
    async with browser_of(stage, stage.mei) as browser:
        await send_on_page(
            browser,
            f"/sessions/{session.id}/dispute",
            files=[("door.jpg", files.jpeg_photo(), "image/jpeg")],
            reason="conduct",
        )
        await stage.settled()

    assert "Dispute 1" in text_of(stage.priya_in_group.last())
    assert "Mei Lim disputed this" in text_of(card_of(stage.grace, "disputed"))
    assert stage.status(session) is Status.DISPUTED


async def test_a_request_from_a_page_is_answered_in_the_chat_and_the_other_way(
    stage: Stage,
) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(days=3))
    page = f"/sessions/{session.id}/propose"
    async with browser_of(stage, stage.mei) as browser:
        form = hidden_in((await browser.get(f"{page}?at=20261129T0700Z")).text)
        await browser.post(page, data=form | {"reason": "school_event"})
        await stage.settled()
        assert "Mei Lim asked to move this" in text_of(stage.grace.last())
        await press(stage, stage.grace, "Accept")
        text = (await browser.get(f"/sessions/{session.id}")).text

    assert "Sun 29 Nov 15:00-16:30" in text
    assert "Grace Tan accepted the new time" in text


async def test_a_cancellation_on_a_page_leaves_no_live_button_in_the_chat(stage: Stage) -> None:
    grace, _, _, emily = stage.people()
    session = await stage.session(grace, emily, starts_in=timedelta(days=3))
    await write(stage, stage.grace, "/upcoming")
    async with browser_of(stage, stage.mei) as browser:
        await send_on_page(browser, f"/sessions/{session.id}/cancel", reason="child_unwell")
        await stage.settled()

    assert "Mei Lim cancelled this" in text_of(stage.grace.last())
    assert labels(stage.grace.last()) == []
    assert stage.status(session) is Status.CANCELLED_BY_PARENT


async def test_notes_of_a_page_are_counted_in_the_chats_tally_and_end_it(stage: Stage) -> None:
    session = await notes_begun(stage)
    await write(stage, stage.grace, "Halves.")
    path = f"/sessions/{session.id}/add-notes"
    async with browser_of(stage, stage.grace) as browser:
        await send_on_page(browser, path, text="Thirds.")
        await stage.settled()
        [tally] = tallies(stage)
        assert f"{TALLY} 2 texts" in text_of(tally)
        await send_on_page(browser, path, done="1")
        await stage.settled()

    told = text_of(card_of(stage.grace, "Thank you"))
    assert "2 texts" in told
    assert "Done" not in [label for one in stage.grace.messages() for label in labels(one)]
    assert "📝 Notes: 2 texts" in text_of(stage.mei.last())


async def test_a_disputed_session_tells_the_parent_where_it_stands(stage: Stage) -> None:
    session = await disputed(stage)
    await press(stage, stage.priya_in_group, "Claim")
    async with browser_of(stage, stage.mei) as browser:
        text = (await browser.get(f"/sessions/{session.id}")).text

    assert "Handled by" in text
    assert "Priya Nair claimed the dispute" in text


@SHARED
@pytest.mark.browser
async def test_an_open_page_shows_what_the_chat_does_within_two_seconds(
    shown: Stage, page: Page
) -> None:
    session = await just_over(shown)
    async with pages_beside(shown) as address:
        await page.goto(address + link_of(shown, shown.daniel))
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("button", name="Acknowledge")).to_be_visible()
        await page.goto(f"{address}/sessions/{session.id}")
        await expect(page.get_by_role("button", name="Acknowledge")).to_be_visible()
        await page.evaluate("window.isTheSame = true")
        await press(shown, shown.mei, "Acknowledge")
        begun = time.monotonic()
        await expect(page.get_by_text("Mei Lim acknowledged this")).to_be_visible(
            timeout=WITHIN * 1000
        )
        assert time.monotonic() - begun < WITHIN
        await expect(page.get_by_role("button", name="Acknowledge")).to_have_count(0)
        assert await page.evaluate("window.isTheSame")


@SHARED
@pytest.mark.browser
async def test_what_is_being_typed_is_not_taken_away_by_news(shown: Stage, page: Page) -> None:
    session = await notes_begun(shown)
    async with pages_beside(shown) as address:
        await page.goto(address + link_of(shown, shown.grace))
        await page.get_by_role("button", name="Sign in").click()
        await page.goto(f"{address}/sessions/{session.id}/add-notes")
        await page.get_by_label("What you did and how it went").fill("Half a sent")
        await write(shown, shown.grace, "Thirds.")
        await expect(page.get_by_text("This page has changed meanwhile.")).to_be_visible()
        field = page.get_by_label("What you did and how it went")
        assert await field.input_value() == "Half a sent"
        await page.get_by_role("button", name="Done").click()
        await expect(page.get_by_role("status").get_by_text("You added notes")).to_be_visible()
        await shown.settled()

    assert live_buttons(shown.mei)


@SHARED
@pytest.mark.browser
async def test_without_script_all_works_and_a_reload_shows_it(
    shown: Stage, browser: Browser
) -> None:
    session = await just_over(shown)
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    async with pages_beside(shown) as address:
        await page.goto(address + link_of(shown, shown.daniel))
        await page.get_by_role("button", name="Sign in").click()
        await page.get_by_role("link", name="Mathematics with Grace Tan").click()
        await page.get_by_role("link", name="Report a problem").click()
        await page.get_by_label("What is the problem?").fill("The door was locked.")
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_text("You reported a problem")).to_have_count(2)
        await press(shown, shown.mei, "Acknowledge")
        await page.reload()
        await expect(page.get_by_text("Mei Lim acknowledged this")).to_be_visible()
    await context.close()
    assert shown.status(session) is Status.APPROVED


async def test_a_dispute_is_settled_on_its_page_and_the_groups_card_says_so(stage: Stage) -> None:
    stage.running.app.pages = Pages("https://pages.example", takes_buttons=True)
    await disputed(stage)
    assert "On the page" in labels(stage.priya_in_group.last())
    async with browser_of(stage, stage.priya) as browser:
        answer = await send_on_page(
            browser, "/admin/queue/dispute-1/uphold", on="/admin/disputes/1", text="He left early."
        )
        assert answer.status_code == 303
        await stage.settled()

    assert "Priya Nair upheld the dispute" in text_of(stage.priya_in_group.last())
    assert live_buttons(stage.priya_in_group) == []
    assert any("you are not charged" in text_of(one) for one in stage.mei.messages())
