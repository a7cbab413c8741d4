"""From the chat to the pages: `/web`, and what was sent here read there (SPEC 9, 10)."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette

import web.notes
from chat.app_context import Pages
from chat.menus import set_common_menu
from sandbox.phone import Phone
from sandbox.wire import Json
from tests import files
from tests.end_to_end.scenes import press, under_way, write
from tests.end_to_end.stage import MEI, Stage, buttons, labels, text_of
from tests.recorded_logs import debug_logs
from tests.web.visiting import press as press_on_page
from web.app import create_app
from web.server import listen, serving
from web.site import Site

PUBLIC = "https://pages.brightminds.example"
NEW_PHONE = 5_000_000_098


def pages_of(stage: Stage, base_url: str | None = None) -> Starlette:
    """The pages beside the bot."""
    app = stage.running.app
    parts = (app.database, app.clock, app.agency, app.media, app.sign_in)
    return create_app(Site(*parts, base_url=base_url))


@asynccontextmanager
async def browser_on(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on them."""
    transport = httpx.ASGITransport(pages_of(stage, PUBLIC))
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as browser:
        yield browser


def path_in(text: str) -> str:
    """The path of the link that signs in."""
    found = re.search(r"/sign-in/[\w-]{43}", text)
    assert found, text
    return found[0]


def url_of(message: Json) -> str:
    """Where the first button leads."""
    [[button, *_], *_] = buttons(message)
    return str(button["url"])


async def test_a_public_address_is_a_button(stage: Stage) -> None:
    stage.people()
    stage.running.app.pages = Pages(PUBLIC, takes_buttons=True)

    text = await write(stage, stage.mei, "/web")

    assert "it works once, until 15:10." in text
    assert "http" not in text
    assert labels(stage.mei.last()) == ["Open the pages", "Calendar"]
    assert url_of(stage.mei.last()).startswith(f"{PUBLIC}/sign-in/")


async def test_a_link_that_is_of_no_use_any_more_says_so(stage: Stage) -> None:
    stage.people()
    used = "✅ You have signed in with this link. /web gives you another."
    for _ in range(2):
        link = path_in(await write(stage, stage.mei, "/web"))
        async with browser_on(stage) as browser:
            await press_on_page(browser, link)
        await stage.settled()
        assert text_of(stage.mei.last()) == used
        assert labels(stage.mei.last()) == []

    await write(stage, stage.mei, "/web")
    await write(stage, stage.mei, "/web")
    shown = [text for text in map(text_of, stage.mei.messages()) if text != "/web"]
    assert shown[:3] == [used, used, "⬇️ There is a newer link below."]
    assert path_in(shown[3])

    await stage.forward(minutes=10)
    assert text_of(stage.mei.last()) == "This link has expired. /web gives you a new one."


async def test_the_calendar_in_place_of_a_link_stays_when_the_link_expires(stage: Stage) -> None:
    stage.people()
    await write(stage, stage.mei, "/web")
    await press(stage, stage.mei, "Calendar")
    shown = text_of(stage.mei.last())
    await stage.forward(minutes=10)
    assert text_of(stage.mei.last()) == shown
    assert "/web" not in shown


async def test_any_other_address_is_in_the_text(stage: Stage) -> None:
    stage.people()
    stage.running.app.pages = Pages("http://127.0.0.1:8080")

    text = await write(stage, stage.mei, "/web")

    assert f"http://127.0.0.1:8080{path_in(text)}" in text
    assert labels(stage.mei.last()) == ["Calendar"]


async def test_the_pages_own_link_to_the_bot_gives_it_with_one_tap(stage: Stage) -> None:
    stage.people()

    stage.mei.start("web")
    await stage.settled()

    assert path_in(text_of(stage.mei.last()))


async def test_everybody_finds_it_in_their_menu(stage: Stage) -> None:
    stage.people()
    for phone in (stage.grace, stage.mei, stage.priya):
        await write(stage, phone, "/start")
        assert "/web: Everything in a browser" in await write(stage, phone, "/help")


async def test_nobody_is_signed_in_from_the_group(stage: Stage) -> None:
    stage.people()

    await write(stage, stage.priya_in_group, "/web")

    assert "/sign-in/" not in str(stage.priya_in_group.messages())
    assert url_of(stage.priya_in_group.last()).endswith("?start=web")


async def test_a_stranger_is_told_to_ask_for_an_invitation(stage: Stage) -> None:
    assert "invitation" in await write(stage, stage.stranger, "/web")


async def test_what_the_tutor_sent_is_read_on_the_pages_by_both_parents(stage: Stage) -> None:
    session = await under_way(stage)
    await write(stage, stage.grace, "/checkout")
    await write(stage, stage.grace, "We compared halves and thirds.")
    stage.grace.send_photo(files.jpeg_photo(), caption="The board")
    stage.grace.send_document(files.pdf(), "sheet.pdf", "application/pdf")
    await stage.settled()
    await press(stage, stage.grace, "Done")

    for phone in (stage.mei, stage.daniel):
        async with browser_on(stage) as browser:
            await press_on_page(browser, path_in(await write(stage, phone, "/web")))
            listed = await browser.get("/notes")
            text = (await browser.get(f"/notes/{session.id}")).text
            photo, sheet = [
                await browser.get(path) for path in re.findall(r'href="(/files/\d+)"', text)
            ]
        assert f'href="/notes/{session.id}"' in listed.text
        for told in ("We compared halves and thirds.", "The board", "sheet.pdf"):
            assert told in text
        assert photo.headers["Content-Type"] == "image/jpeg"
        assert photo.content.startswith(b"\xff\xd8")
        assert sheet.content == files.pdf()


async def test_a_new_phone_signs_out_the_browsers_of_the_old_one(stage: Stage) -> None:
    stage.people()
    async with browser_on(stage) as browser:
        await press_on_page(browser, path_in(await write(stage, stage.mei, "/web")))
        unused = path_in(await write(stage, stage.mei, "/web"))
        assert (await browser.get("/notes")).status_code == 200

        await write(stage, stage.priya, "/invite mei")
        await press(stage, stage.priya, stage.priya.buttons()[0])
        token = re.search(r"start=([\w-]{22})", text_of(stage.priya.last()))
        assert token
        stage.world.add_person("Mei", "Lim", user_id=NEW_PHONE)
        new_phone = Phone(stage.world, NEW_PHONE)
        new_phone.start(token[1])
        await stage.settled()

        assert (await browser.get("/notes")).status_code == 401
        assert (await browser.get(unused)).status_code == 404
        assert "ask your tutoring agency" in await write(stage, Phone(stage.world, MEI), "/web")
        await press_on_page(browser, path_in(await write(stage, new_phone, "/web")))
        assert (await browser.get("/notes")).status_code == 200


async def test_no_name_no_link_and_no_cookie_is_logged(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("Emily Lim, 18 Bishan Street")

    session = await under_way(stage)
    with debug_logs() as logs:
        await write(stage, stage.grace, "/checkout")
        stage.grace.send_photo(files.jpeg_photo(), caption="Emily at the board")
        await stage.settled()
        link = path_in(await write(stage, stage.mei, "/web"))
        async with (
            serving(pages_of(stage), listen("127.0.0.1", 0)) as address,
            httpx.AsyncClient(base_url=address) as browser,
        ):
            answer = await press_on_page(browser, link)
            stage.disk.is_down = True
            monkeypatch.setattr(web.notes, "with_notes", broken)
            paths = (link, f"/notes/{session.id}", "/files/1", "/files/2", "/notes", "/no")
            statuses = [(await browser.get(path)).status_code for path in paths]
            await browser.post("/sign-out")
    lines = logs.getvalue()

    assert statuses == [307, 200, 503, 404, 500, 404]
    assert lines.count("page_failed") == lines.count("media_out_of_reach") == 1
    cookie = answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    for secret in ("Emily", "Lim", "Mei", "Bishan", link.removeprefix("/sign-in/"), cookie):
        assert secret not in lines


async def test_the_menu_button_opens_the_pages_where_telegram_can(stage: Stage) -> None:
    app, bot, profile = stage.running.app, stage.running.application.bot, stage.world.profile
    assert profile.menu_button(MEI) == {"type": "commands"}

    app.pages = Pages(PUBLIC, takes_buttons=True, opens_app=True)
    await set_common_menu(bot, app)
    opens = {"type": "web_app", "text": "Open", "web_app": {"url": f"{PUBLIC}/app"}}
    assert profile.menu_button(MEI) == opens

    app.pages = Pages("http://192.0.2.1:8080")
    await set_common_menu(bot, app)
    assert profile.menu_button(MEI) == {"type": "commands"}
