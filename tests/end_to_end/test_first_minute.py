"""The sandbox's first minute: the first steps, and a next event that somebody sees (SPEC 11)."""

import re
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, expect

from sandbox.demo import GRACE, MEI
from tests.browser import SHARED
from tests.end_to_end.test_in_the_browser import PATIENCE, Hand
from tests.running import until

pytestmark = [pytest.mark.browser, SHARED]

JUMPS = 14
"""They lead through three days: sessions, missed ones, daily lists, reminders."""


async def test_the_next_event_is_always_something_that_somebody_sees(address: str) -> None:
    async with httpx.AsyncClient(base_url=address.rstrip("/"), timeout=60) as http:
        await until(lambda: _is_settled(http), 60)
        for _ in range(JUMPS):
            before = (await http.get("/api/state")).json()
            words = before["clock"]["next_words"]
            assert words
            moved = (await http.post("/api/clock", json={"to": "next"})).json()
            after = (await http.get("/api/state")).json()
            assert moved["now"] >= before["clock"]["next_event"]
            assert _shown(after) != _shown(before), words


async def _is_settled(http: httpx.AsyncClient) -> bool:
    """Whether the bot has heard that everybody pressed Start."""
    clock: dict[str, Any] = (await http.get("/api/clock")).json()
    return str(clock["next_words"]) == "Check-in opens for Emily"


def _shown(state: dict[str, Any]) -> dict[str, Any]:
    """The messages of every chat on the page."""
    return {key: chat["messages"] for key, chat in state["chats"].items()}


async def test_the_first_steps_lead_through_the_main_job(page: Page, address: str) -> None:
    grace, mei = Hand(page, GRACE), Hand(page, MEI)
    await page.goto(address)
    await grace.reads("Hello Grace Tan")
    strip = page.get_by_role("region", name="First steps")
    done = strip.locator("li.done")
    await expect(strip.locator("li")).to_have_count(3)
    await grace.write("/checkout")
    await grace.reads("Send text, photos")
    await grace.write("Ryan built a circuit.")
    await grace.reads("1 text")
    await grace.tap("Done")
    await expect(done).to_have_count(1, timeout=PATIENCE)

    await mei.reads("Ryan Lim · Science")
    await mei.tap("Acknowledge")
    await expect(done).to_have_count(2, timeout=PATIENCE)
    await grace.write("/checkin")
    await grace.reads("Check-in opens in")

    following = page.get_by_role("button", name=re.compile("^Next event"))
    await expect(following).to_contain_text(re.compile(r"Check-in opens for Emily, \d\d:[03]0"))
    await following.click()
    await grace.tap("Check in")
    await expect(done).to_have_count(3, timeout=PATIENCE)
    await expect(strip).to_contain_text("That was the whole round.")
