"""Holidays on the coordinators' pages (SPEC 7, 10)."""

import re
from datetime import timedelta

import httpx
from sqlmodel import col, select

from models import Appointment, Holiday
from models.enums import MessageKind, Status
from tests.builders import NOW
from tests.services.proofs import recipients
from tests.services.scenes import another_session
from tests.web.visiting import Pages, hidden_in

PATH = "/admin/holidays"


async def fill_in(
    browser: httpx.AsyncClient, values: dict[str, str], page: str | None = None
) -> httpx.Response:
    shown = page if page is not None else (await browser.get(PATH)).text
    return await browser.post(PATH, data=hidden_in(shown) | values)


def kept(pages: Pages) -> list[str]:
    with pages.database.reading() as session:
        rows = session.exec(select(Holiday).order_by(col(Holiday.date))).all()
    return [f"{one.date} {one.name}" for one in rows]


async def test_a_day_is_added_and_removed(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        await fill_in(browser, {"date": "2026-12-24", "name": "Office party"})
        assert kept(pages) == ["2026-12-24 Office party"]
        page = (await browser.get(PATH)).text
        assert "Thu 24 Dec" in page
        assert '<a href="/admin/matches" aria-current="page">' in page
        await browser.post(f"{PATH}/1/remove", data=hidden_in(page))

    assert kept(pages) == []


async def test_what_is_booked_then_is_shown_first_and_settled_as_chosen(pages: Pages) -> None:
    booked = another_session(pages.database, pages.there, starts_at=NOW + timedelta(days=7))
    async with pages.browser(pages.there.coordinator) as browser:
        shown = await fill_in(browser, {"date": "2026-12-02", "name": "Founders' day"})
        assert kept(pages) == []
        assert "Wed 2 Dec 15:00-16:30" in shown.text
        done = await fill_in(browser, {f"way{booked.id}": "cancel"}, shown.text)

    assert done.status_code == 303
    assert kept(pages) == ["2026-12-02 Founders' day"]
    with pages.database.reading() as session:
        assert session.get_one(Appointment, booked.id).status is Status.CANCELLED_BY_TUTOR
    told = recipients(pages.database, MessageKind.DAYS_SETTLED)
    assert told == [booked.grace.id, booked.daniel.id, booked.tutor.id]


async def test_those_of_a_country_are_offered_and_chosen(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        offered = (await browser.get(f"{PATH}?country=SG")).text
        assert '<option value="SG" selected>Singapore</option>' in offered
        assert 'value="2026-12-25 Christmas Day"' in offered
        chosen = {"day0": "2026-12-25 Christmas Day", "day1": "2027-01-01 New Year's Day"}
        await fill_in(browser, chosen, offered)
        again = (await browser.get(f"{PATH}?country=SG")).text

    assert kept(pages) == ["2026-12-25 Christmas Day", "2027-01-01 New Year's Day"]
    assert 'value="2026-12-25 Christmas Day"' not in again


async def test_the_country_of_the_agencys_time_zone_is_chosen_beforehand(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        text = (await browser.get(PATH)).text

    assert re.findall(r'<option value="(\w+)" selected>', text) == ["SG"]
    assert "This country has no more public holidays" not in text
    named = re.findall(r'<option value="(\w+)"', text)
    assert ("GB" in named, "UK" in named) == (True, False)


async def test_what_is_wrong_stands_beside_its_field(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        no_day = await fill_in(browser, {"date": "", "name": "Feast"})
        no_name = await fill_in(browser, {"date": "2026-12-24", "name": " "})

    assert (no_day.status_code, no_name.status_code) == (409, 409)
    assert 'id="date-error"' in no_day.text
    assert 'id="name-error"' in no_name.text
    assert kept(pages) == []


async def test_to_others_the_page_does_not_exist(pages: Pages) -> None:
    for person in (pages.there.tutor, pages.there.grace):
        async with pages.browser(person) as browser:
            assert (await browser.get(PATH)).status_code == 404
            data = {"csrf": pages.token(browser), "date": "2026-12-24", "name": "Feast"}
            assert (await browser.post(PATH, data=data)).status_code == 404
    assert kept(pages) == []
