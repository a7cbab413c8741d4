"""Buttons on a phone that is 320 pixels wide: each in one line (UX 4)."""

from datetime import timedelta

import pytest
from playwright.async_api import Page

from sandbox.demo import GRACE
from tests import builders
from tests.browser import SHARED
from tests.end_to_end.scenes import write
from tests.end_to_end.stage import Stage, labels
from tests.end_to_end.test_in_the_browser import Hand

WRAPPED = """labels => labels.filter(label => {
  const range = document.createRange();
  range.selectNodeContents(label);
  return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1;
}).map(label => label.textContent)"""


@SHARED
@pytest.mark.browser
async def test_buttons_of_lists_and_of_the_calendar_do_not_wrap(page: Page, address: str) -> None:
    await page.set_viewport_size({"width": 320, "height": 640})
    grace = Hand(page, GRACE)
    await page.goto(address)
    await grace.reads("Hello Grace Tan")
    for command, answer in (
        ("/upcoming", "Today and the next seven days"),
        ("/todos", "Still to do"),
        ("/statement", "Pay for"),
        ("/change", "Which session do you want to change?"),
    ):
        await grace.write(command)
        await grace.reads(answer)
    await grace.phone.get_by_role("button", name="Aisha Rahman").last.click()
    await grace.tap("Change time")
    await grace.reads("When instead?")
    await grace.tap("Other day")
    await grace.reads("On which day?")

    labels = page.locator(".inline-label:visible")
    assert await labels.count() > 15
    assert await labels.evaluate_all(WRAPPED) == []


async def test_a_long_name_leaves_room_for_the_time(stage: Stage) -> None:
    grace, mei, *_ = stage.people()
    with stage.database.unit_of_work() as session:
        child = builders.student(session, name="Maximiliana Featherstone", guardians=[mei])
    await stage.session(grace, child, starts_in=timedelta(hours=3))

    await write(stage, stage.grace, "/upcoming")

    assert labels(stage.grace.last()) == ["Maximiliana F… · Today 18:00"]
