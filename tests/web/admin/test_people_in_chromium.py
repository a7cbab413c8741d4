"""Coordinators' pages of people in a browser: a parent is invited without Telegram (SPEC 9, 10)."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from models import Guardianship
from models.enums import Status
from tests.browser import SHARED
from tests.services.billing.scenes import IN_OCTOBER, held
from tests.services.newcomers import newcomer
from tests.services.proofs import as_it_stands
from tests.web.admin.test_packages import WithMoney
from tests.web.every_page import TOO_SMALL
from tests.web.test_in_chromium import opened
from tests.web.visiting import Pages

pytestmark = [pytest.mark.browser, SHARED]

WIDTHS = (320, 390, 1280)
TOPS = """() => [...document.querySelectorAll(".row .what")].map(
    (row) => [...row.children].map((line) => line.getBoundingClientRect().top))"""
"""Where each line of a list's rows begins."""
RIGHTS = """() => [...document.querySelectorAll("td.number")].map(
    (cell) => cell.getBoundingClientRect().right)"""


async def test_a_parent_is_invited_by_a_web_link_and_acknowledges(
    pages: Pages, page: Page, browser: Browser
) -> None:
    there = pages.there
    with pages.database.unit_of_work() as session:
        mei = newcomer(session, name="Mei Ong")
        session.add(Guardianship(person_id=mei.id, student_id=there.student.id))
    async with opened(pages, page, there.coordinator) as address:
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await page.goto(address + "/admin")
        await page.keyboard.press("/")
        await page.keyboard.type("ong")
        await page.keyboard.press("Enter")
        await page.get_by_role("link", name="Mei Ong").click()
        await page.get_by_role("button", name="Make a sign-in link").click()
        await page.get_by_role("button", name="Copy").click()
        await expect(page.get_by_role("button", name="Copied")).to_be_visible()
        link = await page.evaluate("navigator.clipboard.readText()")
        await expect(page.locator("svg.qr")).to_be_visible()

        context = await browser.new_context()
        phone = await context.new_page()
        await phone.goto(link)
        await phone.get_by_role("button", name="Sign in").click()
        await phone.get_by_role("button", name="Acknowledge").click()
        await expect(phone.get_by_text("Nothing awaits your acknowledgement")).to_be_visible()
        await phone.get_by_role("link", name="Mei Ong").click()
        await expect(phone.get_by_text("this one")).to_be_visible()

        await page.goto(f"{address}/admin/people/{mei.id}")
        await expect(page.get_by_text("by web only")).to_be_visible()
        await page.get_by_role("button", name="End all of them").click()
        await phone.reload()
        await expect(phone.get_by_text("ask your agency for a link")).to_be_visible()
        await context.close()

    assert as_it_stands(pages.database, there.id).status is Status.APPROVED


async def test_a_coordinator_sees_as_a_parent_and_stops(pages: Pages, page: Page) -> None:
    there = pages.there
    async with opened(pages, page, there.coordinator) as address:
        await page.goto(f"{address}/admin/people/{there.grace.id}")
        await page.get_by_role("button", name="See as Grace Lim").click()
        banner = page.get_by_text("You see the pages as Grace Lim sees them. Nothing")
        await expect(banner).to_be_visible()
        await page.get_by_role("button", name="Acknowledge").click()
        await expect(page.get_by_text("That is not possible while")).to_be_visible()
        await expect(banner).to_be_visible()
        await page.get_by_role("button", name="Stop").click()
        await expect(banner).to_be_hidden()
        assert page.url == f"{address}/admin/people/{there.grace.id}"

    assert as_it_stands(pages.database, there.id).status is Status.AWAITING_APPROVAL_PARENT


async def test_pages_of_people_fit_and_have_room_for_a_thumb(pages: Pages, page: Page) -> None:
    there = pages.there
    async with opened(pages, page, there.coordinator) as address:
        for path in (
            "/admin/people",
            f"/admin/people/{there.grace.id}",
            f"/admin/people/{there.grace.id}/edit",
            f"/admin/people/children/{there.student.id}",
            f"/admin/people/children/{there.student.id}/guardians?q=lim",
            "/admin/find?q=lim",
            "/admin/log",
            "/devices",
        ):
            await page.goto(address + path)
            for width in WIDTHS:
                await page.set_viewport_size({"width": width, "height": 800})
                assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
                if width < 1024:
                    assert await page.evaluate(TOO_SMALL) == [], path


async def test_on_a_phone_the_lines_of_a_row_stack_and_amounts_are_in_sight(
    pages: Pages, page: Page
) -> None:
    there = pages.there
    pages.note(text="Halves.")
    for hours in range(12):
        held(pages.database, there, IN_OCTOBER - timedelta(hours=2 * hours))
    async with opened(WithMoney.of(pages), page, there.coordinator) as address:
        await page.set_viewport_size({"width": 320, "height": 640})
        for path in ("/notes", "/admin/find?q=emily"):
            await page.goto(address + path)
            tops = await page.evaluate(TOPS)
            assert tops
            assert all(one == sorted(set(one)) for one in tops), path
        await page.goto(f"{address}/admin/billing/2026-10")
        rights = await page.evaluate(RIGHTS)
        assert len(rights) == 4
        assert max(rights) <= 320
