"""The page in a real browser: first steps, and phones and words that fit every width."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.async_api import expect

from sandbox.ahead import FirstStep
from tests.browser import SHARED
from tests.sandbox.page.opened_page import DEVI, GRACE, MEI, Expected, Open

pytestmark = [pytest.mark.browser, SHARED]

STEPS = (
    (GRACE, "Grace: send /checkout, write a note, tap Done"),
    (MEI, "Mei: tap Acknowledge"),
    (GRACE, "Tap Next event, then Grace: Check in"),
)
CUT = """() => [...document.querySelectorAll('body *')]
    .filter(one => one.checkVisibility({ visibilityProperty: true })
        && !one.closest('.unseen, .phone:not(:first-child), svg'))
    .filter(one => {
        const style = getComputedStyle(one);
        const box = one.getBoundingClientRect();
        return (style.textOverflow === 'ellipsis' && one.scrollWidth > one.clientWidth)
            || (one.textContent && !one.closest('.phones') && box.width
                && (box.left < 0 || box.right > innerWidth + 0.5));
    })
    .map(one => `${one.className}: ${one.textContent}`)"""
"""Elements whose words end in dots or outside of the screen, on the bar and the first phone."""


class Done:
    """How many of the first steps are done."""

    def __init__(self, count: int = 0) -> None:
        self.count = count

    async def steps(self) -> list[FirstStep]:
        return [
            FirstStep(user_id, text, number < self.count)
            for number, (user_id, text) in enumerate(STEPS)
        ]


async def test_first_steps_tick_themselves_off(open_page: Open) -> None:
    done = Done()
    view = await open_page(first_steps=done.steps)
    strip = view.page.get_by_role("region", name="First steps")
    await expect(strip.locator("li")).to_contain_text([text for _, text in STEPS])
    await expect(strip.locator(".done")).to_have_count(0)

    done.count = 1
    await view.bot("sendMessage", chat_id=GRACE, text="Checked out")
    await expect(strip.locator(".done")).to_contain_text([STEPS[0][1]])
    await expect(strip.locator(".current")).to_contain_text(STEPS[1][1])

    done.count = 3
    await view.bot("sendMessage", chat_id=GRACE, text="Checked in")
    await expect(strip.locator(".done")).to_have_count(3)
    await expect(strip.locator(".current")).to_have_text("That was the whole round.")

    await strip.get_by_role("button", name="Hide the first steps").click()
    await expect(strip).to_have_count(0)


async def test_first_steps_that_are_all_done_are_not_shown_again(open_page: Open) -> None:
    view = await open_page(first_steps=Done(3).steps)

    await expect(view.page.locator(".next-when")).not_to_be_empty()
    await expect(view.page.locator(".first-steps")).to_be_hidden()


async def test_every_phone_is_one_tap_away_where_they_do_not_all_fit(open_page: Open) -> None:
    view = await open_page(size=(1024, 768))
    faces = view.page.get_by_role("navigation", name="Whose phone").get_by_role("button")
    await expect(faces).to_have_count(4)
    await expect(view.phone(DEVI)).not_to_be_in_viewport(ratio=0.7)

    await faces.nth(3).click()

    await expect(view.phone(DEVI)).to_be_in_viewport(ratio=0.95)
    await expect(faces.nth(3)).to_have_attribute("aria-current", "true")
    await expect(faces.nth(0)).to_have_attribute("aria-current", "false")


async def test_a_face_counts_what_came_to_a_phone_out_of_sight(open_page: Open) -> None:
    view = await open_page(size=(1024, 768))
    face = view.page.get_by_role("navigation", name="Whose phone").get_by_role("button").nth(3)
    await expect(face).to_have_attribute("aria-current", "false")

    await view.bot("sendMessage", chat_id=DEVI, text="Good morning")

    await expect(face.locator(".badge")).to_have_text("1")


@pytest.mark.parametrize("width", [390, 1024, 1440])
async def test_no_words_of_the_bar_and_the_steps_are_cut(open_page: Open, width: int) -> None:
    async def next_event() -> Expected:
        at = datetime(2100, 11, 28, 9, 30, tzinfo=UTC)
        return Expected(at, "Check-out reminder for Emily and Ryan")

    view = await open_page(size=(width, 844), next_event=next_event, first_steps=Done(1).steps)
    await view.bot("sendMessage", chat_id=GRACE, text="Check-in is open.")
    await expect(view.chat(GRACE)).to_contain_text("Check-in is open.")

    assert await view.page.evaluate(CUT) == []
    assert await view.page.evaluate("document.documentElement.scrollWidth") <= width


async def test_the_day_stands_above_its_messages_and_covers_none(open_page: Open) -> None:
    view = await open_page()
    for number in range(30):
        await view.bot("sendMessage", chat_id=GRACE, text=f"Message {number}")
    await expect(view.chat(GRACE).locator(".row")).to_have_count(30)

    covered = await view.chat(GRACE).evaluate(
        """chat => {
            const scroller = chat.querySelector('.history');
            const chip = chat.querySelector('.day span');
            const found = [];
            for (let top = 0; top <= scroller.scrollHeight; top += 20) {
                scroller.scrollTo({ top, behavior: 'instant' });
                const day = chip.getBoundingClientRect();
                for (const bubble of chat.querySelectorAll('.bubble')) {
                    const box = bubble.getBoundingClientRect();
                    if (box.top < day.bottom && day.top < box.bottom
                        && box.left < day.right && day.left < box.right)
                        found.push(bubble.textContent);
                }
            }
            return found;
        }"""
    )

    assert covered == []
