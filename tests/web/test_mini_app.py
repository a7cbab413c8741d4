"""The Mini App: signed in by opening it inside Telegram (SPEC 10)."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from typing import Any

import httpx
import pytest

from models import Person
from services.people.devices import end_all_of
from services.rules.init_data import key_of
from tests.builders import NOW, acting
from tests.services.proofs import every_row
from tests.services.scenes import carry_out
from tests.signed import TOKEN, init_data
from tests.web.visiting import Pages, hidden_in, press
from web.guesses import MOST
from web.themes import is_dark, packed, unpacked

DARK = '{"bg_color": "#17212b", "text_color": "#F3F6F9", "link_color": "red", "x": "#000000"}'
FRAMES = "https://web.telegram.org https://webk.telegram.org https://weba.telegram.org"


@pytest.fixture(autouse=True)
def with_a_bot(pages: Pages) -> None:
    pages.options["app_key"] = key_of(TOKEN)


def made_for(person: Person, pages: Pages, **more: Any) -> str:
    assert person.telegram_user_id
    return init_data(person.telegram_user_id, pages.clock.now(), **more)


async def opened(browser: httpx.AsyncClient, given: str, theme: str = DARK) -> httpx.Response:
    """Open the app as Telegram does, and send what the page's script sends."""
    page = hidden_in((await browser.get("/app")).text)["page"]
    return await browser.post("/app", data={"init_data": given, "theme": theme, "page": page})


@asynccontextmanager
async def inside(pages: Pages, person: Person) -> AsyncIterator[httpx.AsyncClient]:
    """A client of Telegram's in which the person has opened the app."""
    async with pages.browser() as browser:
        assert (await opened(browser, made_for(person, pages))).status_code == 303
        yield browser


@pytest.mark.parametrize(
    ("who", "home"), [("tutor", "/tutor"), ("grace", "/family"), ("coordinator", "/admin")]
)
async def test_it_leads_to_the_first_page_of_the_role(pages: Pages, who: str, home: str) -> None:
    person = getattr(pages.there, who)
    async with pages.browser() as browser:
        answer = await opened(browser, made_for(person, pages))
        shown = await browser.get(answer.headers["Location"])

    assert (answer.status_code, answer.headers["Location"]) == (303, home)
    assert (shown.status_code, person.name in shown.text) == (200, True)


async def test_a_start_parameter_leads_to_a_session(pages: Pages) -> None:
    given = made_for(pages.there.grace, pages, start_param=f"s{pages.there.id}")
    async with pages.browser() as browser:
        answer = await opened(browser, given)
        shown = await browser.get(answer.headers["Location"])

    assert answer.headers["Location"] == f"/sessions/{pages.there.id}"
    assert "Mathematics" in shown.text


async def test_its_cookies_work_in_a_frame_of_telegrams_and_nowhere_else(pages: Pages) -> None:
    async with pages.browser() as browser:
        answer = await opened(browser, made_for(pages.there.grace, pages))

    session, theme, browsers = answer.headers.get_list("Set-Cookie")
    assert re.fullmatch(
        r"__Host-tutorline-app=[\w-]{43}; Max-Age=86400; Path=/; Secure; SameSite=None; "
        r"Partitioned; HttpOnly",
        session,
    )
    assert theme == (
        "__Host-tutorline-theme=bg_color:17212b.text_color:f3f6f9; Max-Age=86400; Path=/; "
        "Secure; SameSite=None; Partitioned"
    )
    assert SimpleCookie(browsers)["__Host-tutorline"]["max-age"] == "0"


async def test_telegrams_clients_may_frame_it_and_no_page_of_a_browser(pages: Pages) -> None:
    def framed_by(answer: httpx.Response) -> str:
        return answer.headers["Content-Security-Policy"].partition("frame-ancestors ")[2]

    async with inside(pages, pages.there.grace) as app, pages.browser(pages.there.grace) as browser:
        assert framed_by(await browser.get("/app")) == FRAMES
        assert framed_by(await app.get("/family")) == FRAMES
        assert framed_by(await browser.get("/family")) == "'none'"
        assert framed_by(await browser.get("/sign-in/x")) == "'none'"


async def test_its_pages_have_the_clients_colours_and_its_script(pages: Pages) -> None:
    async with inside(pages, pages.there.grace) as app, pages.browser(pages.there.grace) as browser:
        within = (await app.get("/family")).text
        without = (await browser.get("/family")).text

    assert '<html lang="en" class="dark">' in within
    assert "--tg-theme-bg-color:#17212b;--tg-theme-text-color:#f3f6f9;" in within
    assert 'data-theme="__Host-tutorline-theme"' in within
    assert "/assets/app.js" in within
    assert "Sign out" not in within
    assert "tg-theme" not in without
    assert "/assets/app.js" not in without


async def test_forms_work_inside(pages: Pages) -> None:
    async with inside(pages, pages.there.grace) as app:
        form = hidden_in((await app.get(f"/sessions/{pages.there.id}")).text)
        answer = await app.post(f"/sessions/{pages.there.id}/acknowledge", data=form)

    assert answer.status_code == 303


async def test_what_is_opened_a_second_time_leads_on_only_where_it_was_opened(
    pages: Pages,
) -> None:
    given = made_for(pages.there.grace, pages)
    async with pages.browser() as app, pages.browser() as thief:
        await opened(app, given)
        again, stolen = await opened(app, given), await opened(thief, given)
        assert (await thief.get("/family")).status_code == 401

    assert (again.status_code, again.headers["Location"]) == (303, "/family")
    assert "Set-Cookie" not in again.headers
    assert stolen.status_code == 410
    assert "opened already" in stolen.text


async def test_whatever_is_forged_old_or_anothers_signs_nobody_in(pages: Pages) -> None:
    grace = pages.there.grace.telegram_user_id
    assert grace
    before = every_row(pages.database)
    old = init_data(grace, NOW)
    pages.clock.forward(minutes=10, seconds=1)
    now = pages.clock.now()
    async with pages.browser() as browser:
        refused = {
            await tried(browser, old): "opened too long ago",
            await tried(browser, init_data(grace, now, token="1:b")): "not opened by our bot",
            await tried(browser, "nonsense"): "not opened by our bot",
            await tried(browser, init_data(4_711, now)): "ask your tutoring agency for an invi",
        }
        del pages.options["app_key"]
    async with pages.browser() as browser:
        without_bot = await opened(browser, init_data(grace, now))

    assert [status for status, _ in refused] == [410, 403, 403, 403]
    for (_, text), sentence in refused.items():
        assert sentence in text
    assert without_bot.status_code == 403
    assert every_row(pages.database) == before


async def tried(browser: httpx.AsyncClient, given: str) -> tuple[int, str]:
    answer = await opened(browser, given)
    assert "Set-Cookie" not in answer.headers
    return answer.status_code, answer.text


async def test_forgeries_are_limited(pages: Pages) -> None:
    async with pages.browser() as browser:
        page = hidden_in((await browser.get("/app")).text)
        for _ in range(MOST):
            assert (await browser.post("/app", data=page)).status_code == 403
        good = page | {"init_data": made_for(pages.there.grace, pages)}
        assert (await browser.post("/app", data=good)).status_code == 429


async def test_in_a_browser_it_says_where_to_open_it(pages: Pages) -> None:
    async with pages.browser() as stranger, pages.browser(pages.there.tutor) as browser:
        before = every_row(pages.database)
        outside, at_home = await stranger.get("/app"), await browser.get("/app")

    assert "Open this inside Telegram" in outside.text
    assert 'data-home=""' in outside.text
    assert 'data-home="/tutor"' in at_home.text
    assert every_row(pages.database) == before


async def test_signing_in_by_a_link_and_out_ends_the_apps_session(pages: Pages) -> None:
    link = pages.link(pages.there.tutor)
    async with inside(pages, pages.there.grace) as app:
        await press(app, link)
        assert set(app.cookies) == {"__Host-tutorline", "__Host-tutorline-theme"}
        assert (await app.get("/tutor")).status_code == 200
        await app.post("/sign-out")
        assert not app.cookies


async def test_who_is_signed_out_inside_telegram_reads_how_to_come_back_there(
    pages: Pages,
) -> None:
    async with inside(pages, pages.there.grace) as app:
        carry_out(pages.database, end_all_of, acting(pages.there.coordinator), pages.there.grace.id)
        answer = await app.get("/family")

    assert answer.status_code == 401
    assert "You were signed out. Close this window, and open it again in the chat." in answer.text
    assert "send /web" not in answer.text


def test_a_theme_is_colours_alone() -> None:
    with_words = packed('{"bg_color": "#000000;}body{display:none", "text_color": "#ffffff"}')

    assert with_words == "text_color:ffffff"
    assert unpacked(with_words) == {}
    assert unpacked("bg_color:000000.text_color:ffffff;x.y") == {}
    assert packed("[]") == packed("{") == ""


def test_what_older_clients_leave_out_is_taken_from_other_colours() -> None:
    found = unpacked("bg_color:ffffff.text_color:000000.hint_color:707579")

    assert found["section_bg_color"] == found["secondary_bg_color"] == "#ffffff"
    assert found["subtitle_text_color"] == "#707579"
    assert not is_dark(found)
    assert is_dark(unpacked("bg_color:17212b.text_color:ffffff"))
