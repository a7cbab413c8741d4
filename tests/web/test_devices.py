"""Browsers in which one is signed in, on a page (SPEC 10)."""

import re

import pytest

from models import Person
from tests.web.visiting import Pages, press, send
from web.user_agents import device_of

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)


@pytest.mark.parametrize(
    ("text", "browser", "system"),
    [
        (IPHONE, "Safari", "iPhone"),
        (EDGE, "Edge", "Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome", "Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox", "Linux"),
        ("curl/8.0", None, None),
        ("", None, None),
        ("<script>alert(1)</script>" * 100, None, None),
    ],
)
def test_a_browser_is_named_as_people_know_it(
    text: str, browser: str | None, system: str | None
) -> None:
    device = device_of(text)
    assert (device.browser, device.system) == (browser, system)


@pytest.mark.parametrize("who", ["grace", "tutor", "coordinator"])
async def test_everybody_sees_their_own_and_ends_others(pages: Pages, who: str) -> None:
    person = getattr(pages.there, who)
    async with (
        pages.browser(None, **{"User-Agent": IPHONE}) as phone,
        pages.browser(None, **{"User-Agent": EDGE}) as laptop,
        pages.browser(person) as third,
        pages.browser(pages.there.daniel) as somebody,
    ):
        for one in (phone, laptop):
            await press(one, pages.link(person))
        page = (await laptop.get("/devices")).text
        numbers = re.findall(r'action="/devices/(\d+)/end"', page)
        ended = await send(laptop, f"/devices/{numbers[0]}/end", on="/devices")
        again = await laptop.post(f"/devices/{numbers[0]}/end", data={"csrf": pages.token(laptop)})
        assert (await phone.get("/notes")).status_code == 401
        assert (await third.get("/notes")).status_code == 200
        await send(laptop, "/devices/end-others", on="/devices")
        assert (await third.get("/notes")).status_code == 401
        assert (await laptop.get("/notes")).status_code == 200
        assert (await somebody.get("/notes")).status_code == 200

    assert "Safari on iPhone" in page
    assert "Edge on Windows" in page
    assert page.count(">this one<") == 1
    assert len(numbers) == 2
    assert (ended.status_code, again.status_code) == (303, 303)


async def test_somebody_elses_cannot_be_ended_and_forged_forms_do_nothing(pages: Pages) -> None:
    there = pages.there
    async with pages.browser(there.grace) as grace, pages.browser(there.daniel) as daniel:
        of_grace = {"csrf": pages.token(grace)}
        stolen = await daniel.post("/devices/1/end", data={"csrf": pages.token(daniel)})
        forged = [
            await grace.post(path, data=data)
            for path in ("/devices/2/end", "/devices/end-others")
            for data in ({}, {"csrf": pages.token(daniel)})
        ]
        unknown = await grace.post("/devices/x/end", data=of_grace)
        assert (await grace.get("/devices")).status_code == 200
        assert (await daniel.get("/devices")).status_code == 200

    assert (stolen.status_code, unknown.status_code) == (303, 404)
    assert [one.status_code for one in forged] == [403] * 4


async def test_settings_are_found_beside_ones_own_name(pages: Pages) -> None:
    async with pages.browser(pages.there.grace) as browser:
        family = (await browser.get("/family")).text
        page = (await browser.get("/devices")).text

    link = family.partition('href="/devices">')[2].partition("</a>")[0]
    assert link.startswith(pages.there.grace.name)
    assert "Settings" in link
    assert "<h1>Settings</h1>" in page
    assert page.index("Language and time zone") < page.index("Signed-in devices")


async def test_who_is_not_signed_in_has_none(pages: Pages) -> None:
    async with pages.browser() as browser:
        assert (await browser.get("/devices")).status_code == 401
        for path in ("/devices/1/end", "/devices/end-others"):
            assert (await browser.post(path)).status_code == 401


async def test_language_and_time_zone_are_chosen_without_telegram(pages: Pages) -> None:
    async with pages.browser(pages.there.grace) as browser:
        wrong = await send(
            browser, "/devices/settings", on="/devices", language="tlh", time_zone="Mars/Olympus"
        )
        assert wrong.status_code == 409
        assert 'id="language-error"' in wrong.text
        assert 'id="time_zone-error"' in wrong.text
        assert "Mars/Olympus" in wrong.text
        kept = await send(
            browser, "/devices/settings", on="/devices", language="en", time_zone="Europe/London"
        )
        assert kept.status_code == 303
        assert "London" in (await browser.get("/family?tab=awaiting")).text
        shown = await browser.get(kept.headers["Location"])
        assert 'value="Europe/London"' in shown.text
        again = await send(browser, "/devices/settings", on="/devices", language="en", time_zone="")
        assert again.status_code == 303

    with pages.database.reading() as session:
        grace = session.get_one(Person, pages.there.grace.id)
    assert (grace.language, grace.time_zone) == ("en", None)
