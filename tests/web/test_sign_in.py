"""Coming in by a link of the bot's, and going out again (SPEC 10)."""

from datetime import timedelta

import pytest

from chat.deep_links import OpenPages, address
from tests.services.proofs import every_row
from tests.web.visiting import Pages, press


async def test_the_button_signs_in_and_leads_to_the_first_page(pages: Pages) -> None:
    link = pages.link(pages.there.grace)
    async with pages.browser() as browser:
        opened = await browser.get(link)
        answer = await press(browser, link)
        home = await browser.get(answer.headers["Location"])

    assert opened.status_code == 200
    assert "Hello Grace Lim" in opened.text
    assert (answer.status_code, answer.headers["Location"]) == (303, "/family")
    assert (home.status_code, "Grace Lim" in home.text) == (200, True)


async def test_opening_the_link_changes_nothing_so_that_previews_cannot(pages: Pages) -> None:
    link = pages.link(pages.there.grace)
    before = every_row(pages.database)
    async with pages.browser() as preview:
        for _ in range(3):
            assert (await preview.get(link)).status_code == 200
        assert (await preview.head(link)).status_code == 200
        assert not preview.cookies

    assert every_row(pages.database) == before
    async with pages.browser() as browser:
        assert (await press(browser, link)).status_code == 303


async def test_the_cookie_is_for_this_site_over_https_and_out_of_reach_of_scripts(
    pages: Pages,
) -> None:
    link = pages.link(pages.there.grace)
    async with pages.browser() as browser:
        cookie, _ = (await press(browser, link)).headers.get_list("Set-Cookie")

    name, *attributes = cookie.split("; ")
    assert name.startswith("__Host-tutorline=")
    assert {one.lower() for one in attributes} == {
        "httponly",
        "max-age=2592000",
        "path=/",
        "samesite=lax",
        "secure",
    }


async def test_a_used_link_leads_on_where_it_was_used_and_nowhere_else(pages: Pages) -> None:
    link = pages.link(pages.there.grace)
    async with pages.browser() as browser, pages.browser() as other:
        await press(browser, link)
        again = await browser.get(link)
        elsewhere = await other.get(link)

    assert (again.status_code, again.headers["Location"]) == (307, "/family")
    assert elsewhere.status_code == 410
    assert "This link has been used already" in elsewhere.text


async def test_a_used_link_of_somebody_else_does_not_lead_on(pages: Pages) -> None:
    link = pages.link(pages.there.daniel)
    async with pages.browser() as browser:
        await press(browser, link)
    async with pages.browser(pages.there.grace) as browser:
        assert (await browser.get(link)).status_code == 410


async def test_the_button_tapped_twice_is_no_error(pages: Pages) -> None:
    link = pages.link(pages.there.grace)
    async with pages.browser() as browser:
        page = (await browser.get(link)).text.partition('value="')[2].partition('"')[0]
        answers = [await browser.post(link, data={"page": page}) for _ in range(2)]
        home = await browser.get("/notes")

    assert [one.status_code for one in answers] == [303, 303]
    assert home.status_code == 200


async def test_a_second_tab_leads_on_where_the_first_has_signed_in(pages: Pages) -> None:
    link = pages.link(pages.there.grace)
    async with pages.browser() as browser, pages.browser() as stranger:
        second_tab = (await browser.get(link)).text.partition('value="')[2].partition('"')[0]
        await press(browser, link)
        answer = await browser.post(link, data={"page": second_tab})
        elsewhere = await stranger.post(link, data={"page": second_tab})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/family")
    assert elsewhere.status_code == 410


async def test_two_presses_from_no_page_are_not_the_same(pages: Pages) -> None:
    link = pages.link(pages.there.grace)
    async with pages.browser() as one, pages.browser() as other:
        answers = [await one.post(link), await other.post(link)]

    assert [answer.status_code for answer in answers] == [303, 410]


@pytest.mark.parametrize(("seconds", "status"), [(599, 200), (600, 410), (601, 410)])
async def test_a_link_opens_for_ten_minutes(pages: Pages, seconds: int, status: int) -> None:
    link = pages.link(pages.there.grace)
    pages.clock.forward(seconds=seconds)
    async with pages.browser() as browser:
        opened = await browser.get(link)

    assert opened.status_code == status
    if status == 410:
        assert "each one lasts ten minutes" in opened.text


@pytest.mark.parametrize("path", ["/sign-in/nothing", "/sign-in/%00", "/sign-in/" + "x" * 4000])
async def test_a_link_that_was_never_made_says_so(pages: Pages, path: str) -> None:
    async with pages.browser() as browser:
        opened, pressed = await browser.get(path), await browser.post(path)

    assert (opened.status_code, pressed.status_code) == (404, 404)
    assert "We don&#39;t know this link" in opened.text


async def test_without_signing_in_there_is_nothing_but_the_way_in(pages: Pages) -> None:
    pages.photo()
    async with pages.browser() as browser:
        answers = [
            await browser.get(path)
            for path in ("/notes", f"/notes/{pages.there.id}", "/files/1", "/sign-in")
        ]

    assert {one.status_code for one in answers} == {401}
    assert all("send /web to the bot" in one.text for one in answers)
    assert not any("Emily" in one.text for one in answers)


async def test_the_way_in_is_one_tap_where_the_bot_can_be_linked_to(pages: Pages) -> None:
    pages.options["bot_link"] = lambda: address("tutorline_bot", OpenPages())
    async with pages.browser() as browser:
        text = (await browser.get("/notes")).text

    assert 'href="https://t.me/tutorline_bot?start=web"' in text


async def test_signing_out_ends_it_on_this_device(pages: Pages) -> None:
    async with (
        pages.browser(pages.there.grace) as phone,
        pages.browser(pages.there.grace) as tablet,
    ):
        kept = dict(phone.cookies)
        answer = await phone.post("/sign-out")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/signed-out")
        assert not phone.cookies
        assert (
            "You are signed out. To come back, send /web" in (await phone.get("/signed-out")).text
        )
        phone.cookies.update(kept)
        assert (await phone.get("/notes")).status_code == 401
        assert (await tablet.get("/notes")).status_code == 200
        assert (await phone.post("/sign-out")).status_code == 303


async def test_who_is_signed_in_is_for_thirty_days(pages: Pages) -> None:
    async with pages.browser(pages.there.grace) as browser:
        pages.clock.at += timedelta(days=30, seconds=-1)
        assert (await browser.get("/notes")).status_code == 200
        pages.clock.forward(seconds=1)
        assert (await browser.get("/notes")).status_code == 401


async def test_the_way_in_leads_on_for_who_is_in(pages: Pages) -> None:
    async with pages.browser(pages.there.grace) as browser:
        for path in ("/sign-in", "/signed-out", "/"):
            answer = await browser.get(path)
            assert (answer.status_code, answer.headers["Location"]) == (307, "/family")


@pytest.mark.parametrize("cookie", [b"", b"x", b"a" * 43, b'"', "é".encode()])
async def test_a_cookie_that_was_never_given_is_nobody(pages: Pages, cookie: bytes) -> None:
    async with pages.browser() as browser:
        answer = await browser.get("/notes", headers={b"Cookie": b"__Host-tutorline=" + cookie})

    assert answer.status_code == 401
