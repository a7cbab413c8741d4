"""What the pages of tutor and family cost: few statements, however many sessions; few bytes."""

import gzip
import re
from datetime import timedelta

import httpx
import pytest

from models.enums import Status
from tests.builders import NOW
from tests.services.scenes import another_session, open_thread
from tests.web.test_costs import hops, statements
from tests.web.test_notes import summed_up
from tests.web.visiting import Pages

__all__ = ["hops"]

ALL_IN_ALL = 60_000
"""Bytes of a page with its style and script (SPEC 10)."""


@pytest.mark.parametrize(
    ("who", "path", "most"),
    [
        ("tutor", "/tutor", 10),
        ("tutor", "/tutor?tab=upcoming", 7),
        ("tutor", "/tutor?tab=past", 7),
        ("grace", "/family?tab=awaiting", 10),
        ("grace", "/family?tab=upcoming", 10),
        ("grace", "/family?tab=past", 10),
        ("grace", "/sessions/1", 9),
        ("tutor", "/sessions/1", 9),
        ("grace", "/family?tab=future", 10),
        ("grace", "/family/statement", 16),
        ("tutor", "/tutor/statement", 10),
        ("tutor", "/tutor/students", 4),
        ("grace", "/notes", 4),
    ],
)
async def test_a_page_is_one_hop_and_no_more_statements_for_more_sessions(
    pages: Pages, hops: list[str], who: str, path: str, most: int
) -> None:
    def more(hours: int) -> None:
        there, database = pages.there, pages.database
        by = timedelta(hours=hours)
        over = another_session(
            database, there, starts_at=NOW - by, status=Status.AWAITING_APPROVAL_PARENT
        )
        pages.note(appointment_id=over.id, text="Halves.")
        summed_up(pages, appointment_id=over.id)
        another_session(database, there, starts_at=NOW - by, status=Status.APPROVED)
        open_thread(
            database, another_session(database, there, starts_at=NOW + timedelta(days=2) + by)
        )

    more(2)
    async with pages.browser(getattr(pages.there, who)) as browser:
        counts = []
        for hours in (5, 8):
            hops.clear()
            with statements() as executed:
                assert (await browser.get(path)).status_code == 200
            assert hops == ["read"]
            counts.append(len(executed))
            more(hours)

    assert counts[0] == counts[1] <= most


async def test_a_page_with_its_style_and_script_is_small(pages: Pages) -> None:
    for hours in range(1, 20):
        another_session(pages.database, pages.there, starts_at=NOW + timedelta(hours=hours))
    async with pages.browser(pages.there.tutor) as browser:
        parts = await whole_page(browser, "/tutor")

    assert sum(map(len, parts)) < ALL_IN_ALL
    assert len(gzip.compress(b"".join(parts))) < ALL_IN_ALL / 4


async def whole_page(browser: httpx.AsyncClient, path: str) -> list[bytes]:
    """What a browser loads for a page: itself, its style and its scripts."""
    page = await browser.get(path)
    assert page.status_code == 200
    shared = re.findall(r'<(?:link rel="stylesheet" href|script src)="(/assets/[^"]+)"', page.text)
    assert len(shared) > 1
    return [page.content, *[(await browser.get(one)).content for one in shared]]


async def test_no_script_holds_up_a_page_and_nothing_is_foreign(pages: Pages) -> None:
    async with pages.browser(pages.there.grace) as browser:
        text = (await browser.get(f"/sessions/{pages.there.id}")).text

    scripts = re.findall(r"<script[^>]*>", text)
    assert len(scripts) == 1
    assert scripts[0].endswith(" defer>")
    assert re.findall(r'(?:src|href)="(?:https?:)?//', text) == []
