"""The page in a real browser: the clock above the phones."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from playwright.async_api import Route, expect

from tests.browser import SHARED
from tests.sandbox.page.opened_page import GRACE, Expected, Open

pytestmark = [pytest.mark.browser, SHARED]


async def test_the_clock_moves_by_a_step_and_to_the_next_event(open_page: Open) -> None:
    view = await open_page()
    before = view.world.now()

    await view.page.get_by_role("button", name="Forward one hour").click()
    await expect(view.page.get_by_role("button", name="Forward one hour")).to_be_enabled()
    await view.page.get_by_role("button", name="Next event").click()
    await expect(view.page.get_by_role("button", name="Next event")).to_be_enabled()

    steps = [round((jump - before).total_seconds() / 60) for jump in view.jumps]
    assert steps == [60, 88]


async def test_the_bar_is_busy_for_as_long_as_a_jump_runs(open_page: Open) -> None:
    release = asyncio.Event()

    async def slow_jump(_target: datetime) -> None:
        await release.wait()

    view = await open_page(jump=slow_jump)
    clock = view.page.get_by_label("Clock", exact=True)

    await view.page.get_by_role("button", name="Forward one minute").click()
    await expect(clock).to_have_attribute("aria-busy", "true")
    await expect(view.page.get_by_role("button", name="Forward ten minutes")).to_be_disabled()
    release.set()

    await expect(clock).to_have_attribute("aria-busy", "false")


async def test_the_next_event_is_asked_for_again_once_something_was_done(open_page: Open) -> None:
    due = datetime(2100, 1, 2, 9, 15, tzinfo=UTC)

    async def next_event() -> Expected:
        return Expected(due, "Check-in opens for Emily")

    view = await open_page(next_event=next_event)
    await expect(view.page.locator(".next-when")).to_contain_text("17:15")

    due = due.replace(minute=45)
    await view.bot("sendMessage", chat_id=GRACE, text="Checked in")

    await expect(view.page.locator(".next-when")).to_contain_text("17:45")


async def test_the_button_says_what_the_next_event_is_and_when(open_page: Open) -> None:
    async def next_event() -> Expected:
        return Expected(datetime(2100, 1, 2, 9, 15, tzinfo=UTC), "Check-in opens for Emily")

    view = await open_page(next_event=next_event)

    button = view.page.get_by_role("button", name="Next event")
    await expect(button).to_contain_text("Check-in opens for Emily, Sat 2 Jan 17:15")


async def test_without_a_next_event_the_button_says_so(open_page: Open) -> None:
    async def nothing() -> None:
        return None

    view = await open_page(next_event=nothing)

    button = view.page.get_by_role("button", name="Next event")
    await expect(button).to_contain_text("Nothing is due")
    await expect(button).to_be_disabled()


async def test_messages_of_another_day_have_a_separator(open_page: Open) -> None:
    view = await open_page()
    await view.bot("sendMessage", chat_id=GRACE, text="Then")
    days = view.chat(GRACE).locator(".day")
    await expect(days).to_have_text(["Today"])

    for _ in range(24):
        await view.client.post("/api/clock", json={"hours": 1})
    await view.bot("sendMessage", chat_id=GRACE, text="Now")

    await expect(days).to_have_text(["Yesterday", "Today"])


async def test_until_the_sandbox_has_answered_it_says_only_that_it_is_being_opened(
    open_page: Open,
) -> None:
    answered = asyncio.Event()

    async def late(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    view = await open_page(own_tab=True)
    await view.page.route("**/api/state", late)
    await view.page.reload()
    await view.page.wait_for_timeout(1500)  # a tick of the clock, in which it could say more

    told = await view.page.locator("body").inner_text()
    answered.set()

    assert told.strip() == "Opening the sandbox…"
    await expect(view.page.locator(".phone")).to_have_count(4)
    await expect(view.page.locator(".next-when")).not_to_be_empty()
    await expect(view.page.get_by_text("Opening the sandbox…")).to_have_count(0)
