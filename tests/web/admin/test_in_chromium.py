"""A coordinator works the queue with the keyboard alone (SPEC 10)."""

import re

import pytest
from playwright.async_api import Page, expect

from models import Appointment, AuditEvent, Dispute
from models.enums import DisputeStatus, MessageKind, Status
from services.approvals.approvals import acknowledge
from services.approvals.problem_reports import report_problem
from tests.browser import SHARED
from tests.builders import acting
from tests.services.matters import matters
from tests.services.scenes import carry_out
from tests.web.admin.test_acting import kinds_to
from tests.web.test_in_chromium import opened
from tests.web.visiting import Pages

pytestmark = [pytest.mark.browser, SHARED]

SIDES = "all => all.map(one => one.getBoundingClientRect()).map(one => [one.left, one.right])"
"""The left and the right edge of each element."""


def at(key: str) -> str:
    return f"li#{key}[aria-current]"


async def test_the_queue_is_worked_with_the_keyboard(pages: Pages, page: Page) -> None:
    there = pages.there
    waiting = matters(pages.database, there)
    async with opened(pages, page, there.coordinator) as address:
        await page.goto(f"{address}/admin")
        await expect(page.locator(at(waiting["request"]))).to_be_visible()

        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        await page.keyboard.press("Escape")

        await page.keyboard.press("n")  # Nudge
        await expect(page.get_by_text("You asked for the answer again at 15:00")).to_be_visible()
        assert kinds_to(pages, MessageKind.ANSWER_DUE) == {there.tutor.id}
        await expect(page.locator(at(waiting["late_change"]))).to_be_visible()

        await page.keyboard.press("j")
        await expect(page.locator(at(waiting["dispute"]))).to_be_visible()
        await page.keyboard.press("j")
        await expect(page.locator(at(waiting["problem"]))).to_be_visible()
        await page.keyboard.press("k")
        await expect(page.locator(at(waiting["dispute"]))).to_be_visible()

        await page.keyboard.press("p")  # Uphold
        reason = page.get_by_label("Reason")
        await expect(reason).to_be_focused()
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#text-error")).to_be_visible()
        await page.get_by_label("Reason").fill("The tutor left early.")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_text("You upheld the dispute at 15:00")).to_be_visible()
        await expect(page.locator(at(waiting["problem"]))).to_be_visible()

        await page.keyboard.press("s")  # Put off
        await expect(page.get_by_text("You put this off at 15:00")).to_be_visible()
        await expect(page.locator(at(waiting["attendance"]))).to_be_visible()

        await page.keyboard.press("Enter")
        await expect(page).to_have_url(re.compile(rf"/sessions/{waiting.sessions['attendance']}$"))

    with pages.database.unit_of_work() as session:
        dispute = session.get_one(Dispute, 1)
        assert dispute.status is DisputeStatus.UPHELD
        assert dispute.settlement_reason == "The tutor left early."
        assert session.get_one(Appointment, dispute.appointment_id).status is Status.DISPUTED
        assert session.get(AuditEvent, 1) is not None


@pytest.mark.parametrize("width", [390, 1280])
async def test_a_button_of_a_row_is_pressed_in_the_list(
    pages: Pages, page: Page, width: int
) -> None:
    waiting = matters(pages.database, pages.there)
    await page.set_viewport_size({"width": width, "height": 844})
    async with opened(pages, page, pages.there.coordinator) as address:
        await page.goto(f"{address}/admin?item={waiting['dispute']}")
        await page.locator(f"li#{waiting['silent']}").get_by_role("button", name="Nudge").click()
        await expect(page.get_by_text("You asked for the answer again at 15:00")).to_be_visible()
        await expect(page.locator(at(waiting["dispute"]))).to_be_visible()

    assert kinds_to(pages, MessageKind.ACKNOWLEDGEMENT_DUE) == {pages.there.grace.id}


async def test_on_a_telephone_no_filter_lies_beyond_the_edge(pages: Pages, page: Page) -> None:
    matters(pages.database, pages.there)
    async with opened(pages, page, pages.there.coordinator) as address:
        for path in ("/admin", "/admin/sessions"):
            for width in (390, 320):
                await page.set_viewport_size({"width": width, "height": 844})
                await page.goto(f"{address}{path}")
                sides = await page.locator(".filters a:visible").evaluate_all(SIDES)
                assert len(sides) >= 4, path
                assert all(0 <= left < right <= width for left, right in sides), path


async def test_an_open_queue_shows_what_is_done_elsewhere(pages: Pages, page: Page) -> None:
    there = pages.there
    waiting = matters(pages.database, there)
    async with opened(pages, page, there.coordinator) as address:
        await page.goto(f"{address}/admin?kind=unanswered")
        await expect(page.locator(f"li#{waiting['silent']}")).to_be_visible()

        carry_out(pages.database, acknowledge, waiting.sessions["silent"], acting(there.grace))

        await expect(page.locator(f"li#{waiting['silent']}")).to_have_count(0)
        await expect(page.locator(f"li#{waiting['reported']}")).to_be_visible()


async def test_a_queue_that_refused_something_still_shows_what_is_done_elsewhere(
    pages: Pages, page: Page
) -> None:
    there = pages.there
    waiting = matters(pages.database, there)
    async with opened(pages, page, there.coordinator) as address:
        await page.route("**/live?*", lambda route: route.abort())  # the news is on its way
        await page.goto(f"{address}/admin?item={waiting['silent']}&do=verify")
        carry_out(pages.database, acknowledge, waiting.sessions["silent"], acting(there.grace))
        await page.get_by_label("Reason").fill("They told me by phone.")
        await page.unroute("**/live?*")
        await page.get_by_role("button", name="Verify").click()
        await expect(page.get_by_role("alert")).to_contain_text("Grace Lim acknowledged this")
        await expect(page).to_have_url(f"{address}/admin?item={waiting['silent']}&do=verify")

        carry_out(pages.database, acknowledge, waiting.sessions["problem"], acting(there.grace))

        await expect(page.locator(f"li#{waiting['reported']}")).to_have_count(0)
        await expect(page.locator(f"li#{waiting['dispute']}")).to_be_visible()
        await expect(page.get_by_text("They told me by phone.")).to_be_visible()


async def test_on_a_telephone_what_waits_comes_before_what_does_not(
    pages: Pages, page: Page
) -> None:
    by = acting(pages.there.grace)
    carry_out(pages.database, report_problem, pages.there.id, by, "The room was locked.", None)
    async with opened(pages, page, pages.there.coordinator) as address:
        await page.set_viewport_size({"width": 390, "height": 800})
        await page.goto(f"{address}/admin")
        await expect(page.get_by_role("link", name="Problems 1")).to_be_visible()
        await expect(page.get_by_role("link", name="Requests 0")).to_be_hidden()
        row = await page.locator(".queue .item").first.bounding_box()
        await page.set_viewport_size({"width": 1280, "height": 800})
        await expect(page.get_by_role("link", name="Requests 0")).to_be_visible()

    assert row is not None
    assert row["y"] < 470
