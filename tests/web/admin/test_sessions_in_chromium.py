"""The list of sessions as a coordinator sees it on a wide screen (SPEC 10)."""

from datetime import timedelta

import pytest
from playwright.async_api import Page

from models.enums import Kind, Status
from tests import builders
from tests.browser import SHARED
from tests.builders import NOW
from tests.web.test_in_chromium import opened
from tests.web.visiting import Pages

pytestmark = [pytest.mark.browser, SHARED]

LINES = """cells => cells.map(cell => {
    const text = document.createRange()
    text.selectNodeContents(cell)
    const middles = [...text.getClientRects()].map(one => (one.top + one.bottom) / 2)
    return new Set(middles.map(one => Math.round(one / 8))).size
})"""
"""How many lines the words of each cell take."""


async def test_a_time_and_a_name_stay_on_one_line_where_there_is_room(
    pages: Pages, page: Page
) -> None:
    with pages.database.unit_of_work() as session:
        tutor = builders.tutor(session, name="Grace Tan")
        child = builders.student(session, name="Emily Lim")
        a_year_on = NOW + timedelta(days=60)
        builders.appointment(session, tutor=tutor, student=child, starts_at=a_year_on)
        late = NOW - timedelta(days=2, minutes=90)
        builders.appointment(
            session,
            tutor=tutor,
            student=child,
            kind=Kind.REGULAR,
            status=Status.AWAITING_APPROVAL_PARENT,
            starts_at=late,
            checked_in_at=late + timedelta(minutes=12),
            checked_out_at=late + timedelta(minutes=40),
            student_absent=True,
        )
    async with opened(pages, page, pages.there.coordinator) as address:
        await page.goto(f"{address}/admin/sessions")
        for width in (1280, 1000):
            await page.set_viewport_size({"width": width, "height": 800})
            for column in (1, 3, 5):
                cells = page.locator(f"main tbody td:nth-child({column})")
                assert await cells.evaluate_all(LINES) == [1, 1, 1]
            assert await page.evaluate("document.documentElement.scrollWidth") == width
