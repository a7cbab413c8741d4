"""What was typed before a sign-in ended, or on a page that is too old, is kept (SPEC 10)."""

import re
from datetime import timedelta

import httpx
import pytest
from playwright.async_api import Page, expect

from models.enums import Status
from tests import files
from tests.browser import SHARED
from tests.builders import NOW
from tests.services.proofs import as_it_stands, every_row
from tests.services.scenes import another_session
from tests.web.test_in_chromium import opened
from tests.web.test_writing_notes import parts
from tests.web.visiting import Pages, hidden_in, press

WORDS = "Emily compared halves & thirds, and was proud of it."


def fields_in(page: str) -> dict[str, str]:
    """The hidden fields of the page's last form: the one that sends it again."""
    return hidden_in(page.rpartition('<form class="form"')[2])


async def signed_in_again(pages: Pages, browser: httpx.AsyncClient) -> None:
    """The tutor opens a new link in another tab of the same browser."""
    assert (await press(browser, pages.link(pages.there.tutor))).status_code == 303


async def test_notes_outlive_the_sign_in_that_ended_while_they_were_written(pages: Pages) -> None:
    path = f"/sessions/{pages.there.id}/add-notes"
    async with pages.browser(pages.there.tutor) as browser:
        form = hidden_in((await browser.get(path)).text) | {"text": WORDS, "done": "1"}
        pages.clock.forward(days=31)
        before = every_row(pages.database)
        ended = await browser.post(path, data=form)
        assert every_row(pages.database) == before
        await signed_in_again(pages, browser)
        old = await browser.post(path, data=fields_in(ended.text))
        again = await browser.post(path, data=fields_in(old.text))

    assert (ended.status_code, old.status_code, again.status_code) == (401, 403, 303)
    for answer in (ended, old):
        assert "halves &amp; thirds" in re.sub(r"<input[^>]*>", "", answer.text)
        assert "Send it again" in answer.text
    assert [one.text for one in parts(pages)] == [WORDS]


async def test_a_reason_and_a_choice_outlive_a_new_sign_in(pages: Pages) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    path = f"/sessions/{there.id}/cancel"
    async with pages.browser(pages.there.tutor) as browser:
        form = hidden_in((await browser.get(path)).text) | {"reason": "other", "text": WORDS}
        await browser.post("/sign-out")
        await signed_in_again(pages, browser)
        old = await browser.post(path, data=form)
        again = await browser.post(path, data=fields_in(old.text))

    assert (old.status_code, again.status_code) == (403, 303)
    assert as_it_stands(pages.database, there.id).status is Status.CANCELLED_BY_TUTOR


async def test_text_beside_large_files_is_kept_without_them(pages: Pages) -> None:
    path = f"/sessions/{pages.there.id}/add-notes"
    large = ("files", ("board.jpg", b"x" * 4_000_000, "image/jpeg"))
    async with pages.browser() as browser:
        answer = await browser.post(path, data={"csrf": "old", "text": WORDS}, files=[large])

    assert answer.status_code == 401
    assert "halves &amp; thirds" in answer.text
    assert "have to be chosen again" in answer.text
    assert fields_in(answer.text) == {"text": WORDS}


async def test_nothing_is_kept_where_nothing_was_typed(pages: Pages) -> None:
    path = f"/sessions/{pages.there.id}/acknowledge"
    async with pages.browser(pages.there.grace) as browser:
        forged = await browser.post(path, data={"csrf": "x"})
    async with pages.browser() as browser:
        strange = await browser.post(path, data={"csrf": "x", "back": "/family"})
        broken = await browser.post(path, content=b"\xff%zz=&&\0", headers={"Content-Type": "x/y"})

    assert [one.status_code for one in (forged, strange, broken)] == [403, 401, 401]
    assert all("Send it again" not in one.text for one in (forged, strange, broken))


@SHARED
@pytest.mark.browser
async def test_files_stay_chosen_while_the_tutor_signs_in_in_another_tab(
    pages: Pages, page: Page
) -> None:
    async with opened(pages, page, pages.there.tutor) as address:
        await page.goto(f"{address}/sessions/{pages.there.id}/add-notes")
        await page.get_by_label("What you did and how it went").fill(WORDS)
        await page.get_by_label("Photos, documents, recordings").set_input_files(
            {"name": "board.jpg", "mimeType": "image/jpeg", "buffer": files.jpeg_photo()}
        )
        pages.clock.forward(days=31)
        await page.get_by_role("button", name="Done").click()
        await expect(page.get_by_role("alert").get_by_text("signed out")).to_be_visible()
        tab = await page.context.new_page()
        await tab.goto(address + pages.link(pages.there.tutor))
        await tab.get_by_role("button", name="Sign in").click()
        await expect(tab.get_by_role("button", name="Sign out")).to_be_visible()
        await tab.close()
        await page.get_by_role("button", name="Done").click()
        await expect(page.get_by_role("alert").get_by_text("was out of date")).to_be_visible()
        await page.get_by_role("button", name="Done").click()
        await expect(page.get_by_role("status").get_by_text("You added notes")).to_be_visible()

    assert [one.kind.value for one in parts(pages)] == ["text", "photo"]
