"""The main paths of tutor and family in a browser: clicks, keys, widths and lights (SPEC 10)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Page, expect
from sqlmodel import select

from models import EvidenceFile, Person
from models.enums import Status
from services.approvals.approvals import acknowledge
from services.rules.penalties import read_penalty_sheet
from services.sessions.coordinator_actions import reassign
from services.sessions.penalty_sheet import Penalties
from tests import builders, files
from tests.browser import SHARED
from tests.builders import AGENCY, NOW, acting
from tests.services.proofs import as_it_stands
from tests.services.scenes import another_session, carry_out
from tests.web.test_writing_notes import parts
from tests.web.visiting import Pages
from web.app import create_app
from web.server import listen, serving

pytestmark = [pytest.mark.browser, SHARED]

SHEET = """\
role,notice_hours_min,notice_hours_max,penalty,guidance
parent,0,96,50 % of the fee,Less than four days' notice.
"""


@asynccontextmanager
async def opened(pages: Pages, page: Page, person: Person) -> AsyncIterator[str]:
    """The address of the pages, on which the person is signed in."""
    site = pages.site()
    async with serving(create_app(site), listen("127.0.0.1", 0)) as address:
        await page.goto(address + pages.link(person))
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        yield address
        await page.goto("about:blank")  # it hears no more news
        site.changes.close()


async def test_a_tutors_session_from_check_in_to_notes(
    pages: Pages, page: Page, tmp_path: Path
) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(minutes=10))
    photo, sheet = tmp_path / "board.jpg", tmp_path / "Ohm.pdf"
    photo.write_bytes(files.jpeg_photo())
    sheet.write_bytes(files.pdf())
    async with opened(pages, page, there.tutor):
        await page.get_by_role("button", name="Check in").click()
        await expect(page.get_by_text("In progress")).to_be_visible()
        pages.clock.forward(minutes=90)
        await page.reload()
        await page.get_by_role("button", name="Check out").click()
        await page.get_by_role("link", name="Add notes").last.click()
        await page.get_by_label("What you did and how it went").fill("Halves and thirds.")
        await page.get_by_label("Photos, documents, recordings").set_input_files([photo, sheet])
        await page.get_by_role("button", name="Done").click()
        await expect(page.get_by_role("status").get_by_text("You added notes")).to_be_visible()
        await expect(page.get_by_role("link", name="Ohm.pdf")).to_be_visible()
        assert page.url.endswith(f"/sessions/{there.id}?done=add_note")

    assert as_it_stands(pages.database, there.id).status is Status.AWAITING_APPROVAL_PARENT
    assert [one.kind.value for one in parts(pages)] == ["text", "photo", "document"]


async def test_back_after_a_form_of_two_steps_leads_to_the_form(pages: Pages, page: Page) -> None:
    async with opened(pages, page, pages.there.tutor) as address:
        await page.goto(f"{address}/tutor/adhoc")
        await page.get_by_label("Day").first.fill("2026-11-20")
        await page.get_by_label("Start").first.fill("15:00")
        await page.get_by_label("Topic").first.fill("Exam revision")
        await page.get_by_role("button", name="Check").click()
        await page.get_by_role("button", name="Log").click()
        await expect(page.get_by_text("You logged 1 extra session")).to_be_visible()
        await page.go_back()
        await expect(page.get_by_role("heading", name="Log extra sessions")).to_be_visible()
        assert page.url == f"{address}/tutor/adhoc"


async def test_on_the_narrowest_telephone_nothing_lies_over_anything_else(
    pages: Pages, page: Page
) -> None:
    await page.set_viewport_size({"width": 320, "height": 640})
    async with opened(pages, page, pages.there.tutor) as address:
        await page.goto(f"{address}/tutor/adhoc")
        boxes = await page.locator("#day-1, #start-1, .top .agency, .top form").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect())"
            ".map(one => [one.left, one.right, one.top, one.bottom])"
        )

    assert len(boxes) == 4
    for left, right, top, bottom in boxes:
        assert 0 <= left < right <= 320
        others = [one for one in boxes if one != [left, right, top, bottom]]
        assert not any(
            left < over[1] and over[0] < right and top < over[3] and over[2] < bottom
            for over in others
        )
    assert boxes[0][3] - boxes[0][2] < 60  # one line of the agency's name


async def test_a_refused_file_is_told_where_it_was_chosen(
    pages: Pages, page: Page, tmp_path: Path
) -> None:
    program = tmp_path / "times.exe"
    program.write_bytes(b"MZ" + b"\0" * 600)
    async with opened(pages, page, pages.there.grace) as address:
        await page.goto(f"{address}/sessions/{pages.there.id}/dispute")
        await page.get_by_label("Conduct").check()
        await page.get_by_label("What happened").fill("See the file.")
        await page.get_by_label("Photos or documents, if you like").set_input_files(program)
        await page.get_by_role("button", name="Dispute").click()
        await expect(page.get_by_text("times.exe is a program")).to_be_visible()
        await expect(page.get_by_label("What happened")).to_have_value("See the file.")
        await expect(page.get_by_label("Conduct")).to_be_checked()
        await page.get_by_label("Photos or documents, if you like").set_input_files([])
        await page.get_by_role("button", name="Dispute").click()
        await expect(page.get_by_role("status").get_by_text("You disputed this")).to_be_visible()


async def test_a_parent_asks_for_another_time_by_keyboard_alone(pages: Pages, page: Page) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    async with opened(pages, page, there.grace) as address:
        await page.goto(f"{address}/sessions/{there.id}")
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="To the content")).to_be_focused()
        await page.get_by_role("link", name="Change time").press("Enter")
        await page.get_by_label("Or type it").fill("fri 4pm")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Fri 27 Nov 16:00-17:30")).to_be_visible()
        await page.get_by_label("School event").press("Space")
        await page.get_by_role("button", name="Send").press("Enter")
        await expect(page.get_by_role("heading", name="You asked to move")).to_be_visible()
        outline = await page.get_by_role("button", name="Withdraw").evaluate(
            "one => { one.focus({focusVisible: true}); return getComputedStyle(one).outlineWidth; }"
        )
        assert outline == "2px"
        await page.get_by_role("button", name="Withdraw").press("Enter")
        await expect(page.get_by_role("status").get_by_text("You withdrew")).to_be_visible()


async def test_a_parent_reads_the_penalty_before_cancelling(pages: Pages, page: Page) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    penalties = pages.options["penalties"] = Penalties()
    penalties.sheet = read_penalty_sheet(SHEET)
    async with opened(pages, page, there.grace) as address:
        await page.goto(f"{address}/sessions/{there.id}")
        await page.get_by_role("link", name="Cancel").click()
        await expect(page.get_by_text("Penalty: 50 % of the fee")).to_be_visible()
        await expect(page.get_by_text("A coordinator can waive a penalty.")).to_be_visible()
        await page.get_by_label("Child unwell").check()
        await page.get_by_role("button", name="Cancel session").click()
        await expect(page.get_by_role("status").get_by_text("You cancelled this")).to_be_visible()

    assert as_it_stands(pages.database, there.id).status is Status.CANCELLED_BY_PARENT


async def test_an_open_page_of_a_session_that_was_given_away_says_so(
    pages: Pages, page: Page
) -> None:
    there = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=3))
    with pages.database.unit_of_work() as session:
        other = builders.tutor(session, name="Raj Kumar")
    async with opened(pages, page, there.tutor) as address:
        await page.goto(f"{address}/sessions/{there.id}")
        await expect(page.get_by_role("link", name="Cancel")).to_be_visible()
        carry_out(
            pages.database, reassign, there.id, acting(there.coordinator), other.id, "On leave.",
            seen=there.tutor.id, zone=AGENCY.zone,
        )  # fmt: skip
        await expect(page.get_by_text("Another tutor has taken over this session")).to_be_visible()
        await expect(page.get_by_role("link", name="Cancel")).to_be_hidden()


async def test_files_stay_chosen_where_another_field_is_refused(pages: Pages, page: Page) -> None:
    photo: FilePayload = {
        "name": "door.jpg", "mimeType": "image/jpeg", "buffer": files.jpeg_photo()
    }  # fmt: skip
    async with opened(pages, page, pages.there.grace) as address:
        await page.goto(f"{address}/sessions/{pages.there.id}/dispute")
        await page.get_by_label("Other", exact=True).check()
        await page.get_by_label("Photos or documents, if you like").set_input_files(photo)
        await page.get_by_role("button", name="Dispute").click()
        await expect(page.locator("#text-error")).to_be_visible()
        await page.get_by_label("What happened").fill("See the photo.")
        await page.get_by_role("button", name="Dispute").click()
        await expect(page.get_by_role("status").get_by_text("You disputed this")).to_be_visible()

    with pages.database.reading() as session:
        assert session.exec(select(EvidenceFile.file_name)).all() == ["door.jpg"]


async def test_what_one_has_just_sent_is_not_told_as_a_change(
    pages: Pages, page: Page, tmp_path: Path
) -> None:
    program, photo = tmp_path / "fake.pdf", tmp_path / "board.jpg"
    program.write_bytes(b"MZ" + b"\0" * 600)
    photo.write_bytes(files.jpeg_photo())
    there = pages.there
    async with opened(pages, page, there.tutor) as address:
        await page.goto(f"{address}/sessions/{there.id}/add-notes")
        await page.get_by_label("What you did and how it went").fill("Halves.")
        await page.get_by_label("Photos, documents, recordings").set_input_files([photo, program])
        await page.get_by_role("button", name="Add more").click()
        await expect(page.get_by_text("fake.pdf is a program")).to_be_visible()
        await page.wait_for_timeout(2500)
        await expect(page.get_by_text("This page has changed meanwhile")).to_be_hidden()
        await expect(page.get_by_text("fake.pdf is a program")).to_be_visible()
        carry_out(pages.database, acknowledge, there.id, acting(there.grace))
        await expect(page.get_by_text("This page has changed meanwhile")).to_be_visible()
