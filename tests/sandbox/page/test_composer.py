"""The page in a real browser: writing, replying, keyboards, blocking."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser import SHARED
from tests.sandbox.page.opened_page import GRACE, MEI, Open

pytestmark = [pytest.mark.browser, SHARED]


async def test_enter_sends_and_shift_enter_begins_a_line(open_page: Open) -> None:
    view = await open_page()

    await view.composer(MEI).press_sequentially("One")
    await view.composer(MEI).press("Shift+Enter")
    await view.composer(MEI).press_sequentially("two")
    await view.composer(MEI).press("Enter")

    assert (await view.hears())[0]["message"]["text"] == "One\ntwo"
    await expect(view.composer(MEI)).to_have_value("")
    await expect(view.chat(MEI).locator(".row.out .bubble")).to_contain_text("One\ntwo")


async def test_what_is_refused_stays_in_the_field_and_is_explained(open_page: Open) -> None:
    view = await open_page()
    await view.page.route(
        "**/api/message", lambda route: route.fulfill(status=400, json={"error": "Not today"})
    )

    await view.write(MEI, "Hello")

    await expect(view.phone(MEI).get_by_role("status")).to_contain_text("Not today")
    await expect(view.composer(MEI)).to_have_value("Hello")
    view.complaints.clear()  # the browser notes the 400


async def test_a_message_is_answered_through_its_menu(open_page: Open) -> None:
    view = await open_page()
    asked = await view.bot("sendMessage", chat_id=MEI, text="How was it?")

    await view.chat(MEI).locator(".bubble").click(button="right")
    await view.page.get_by_role("menuitem", name="Reply").click()
    await view.page.keyboard.type("Good")
    await view.page.keyboard.press("Enter")

    assert (await view.hears())[0]["message"]["reply_to_message"]["message_id"] == asked[
        "message_id"
    ]
    await expect(view.chat(MEI).locator(".replied")).to_contain_text("How was it?")


async def test_an_own_message_is_edited_with_the_up_key(open_page: Open) -> None:
    view = await open_page()
    await view.write(MEI, "Helo")
    await expect(view.chat(MEI).locator(".row.out")).to_have_count(1)

    await view.composer(MEI).press("ArrowUp")
    await view.write(MEI, "Hello")

    assert (await view.hears(2))[1]["edited_message"]["text"] == "Hello"
    await expect(view.chat(MEI).locator(".row.out .text")).to_contain_text("Hello")
    await expect(view.chat(MEI).locator(".row.out")).to_have_count(1)


async def test_force_reply_puts_the_composer_into_reply_mode(open_page: Open) -> None:
    view = await open_page()

    asked = await view.bot(
        "sendMessage",
        chat_id=MEI,
        text="Why?",
        reply_markup={"force_reply": True, "input_field_placeholder": "A reason"},
    )
    await expect(view.chat(MEI).locator(".banner")).to_contain_text("Why?")
    await expect(view.composer(MEI)).to_have_attribute("placeholder", "A reason")
    await view.write(MEI, "Too short")

    assert (await view.hears())[0]["message"]["reply_to_message"]["message_id"] == asked[
        "message_id"
    ]
    await expect(view.chat(MEI).locator(".banner")).to_be_hidden()
    await expect(view.composer(MEI)).to_have_attribute("placeholder", "Message")


async def test_a_one_time_keyboard_sends_its_label_and_goes(open_page: Open) -> None:
    view = await open_page()
    await view.bot(
        "sendMessage",
        chat_id=MEI,
        text="When?",
        reply_markup={
            "keyboard": [["Today", "Tomorrow"]],
            "one_time_keyboard": True,
            "resize_keyboard": True,
            "input_field_placeholder": "Pick a day",
        },
    )
    keyboard = view.chat(MEI).get_by_role("group", name="Suggested answers")
    await expect(view.composer(MEI)).to_have_attribute("placeholder", "Pick a day")

    await view.chat(MEI).get_by_role("button", name="Suggested answers").click()
    await expect(keyboard).to_be_hidden()
    await view.chat(MEI).get_by_role("button", name="Suggested answers").click()
    await keyboard.get_by_role("button", name="Tomorrow").click()

    assert (await view.hears())[0]["message"]["text"] == "Tomorrow"
    await expect(keyboard).to_be_hidden()


async def test_commands_are_offered_by_the_menu_and_while_typing(open_page: Open) -> None:
    view = await open_page()
    await view.bot(
        "setMyCommands",
        commands=[
            {"command": "checkin", "description": "Check in"},
            {"command": "checkout", "description": "Check out"},
            {"command": "help", "description": "What I can do"},
        ],
    )

    await view.chat(MEI).get_by_role("button", name="Menu", exact=True).click()
    await view.chat(MEI).get_by_role("option", name="What I can do").click()
    await view.hears()
    await view.composer(MEI).press_sequentially("/ch")
    await expect(view.chat(MEI).get_by_role("option")).to_have_count(2)
    await view.composer(MEI).press("ArrowDown")
    await view.composer(MEI).press("Enter")

    texts = [update["message"]["text"] for update in await view.hears(2)]
    assert texts == ["/help", "/checkout"]


async def test_a_blocked_bot_can_be_unblocked(open_page: Open) -> None:
    view = await open_page()
    await view.chat(MEI).get_by_role("button", name="More").click()
    await view.page.get_by_role("menuitem", name="Stop and block the bot").click()
    await expect(view.composer(MEI)).to_be_hidden()
    assert view.world.directory.person(MEI).blocked

    await view.chat(MEI).get_by_role("button", name="Unblock").click()

    await expect(view.composer(MEI)).to_be_visible()
    assert not view.world.directory.person(MEI).blocked


async def test_messages_are_walked_through_and_answered_with_the_keyboard_alone(
    open_page: Open,
) -> None:
    view = await open_page()
    for text in ("First", "Second"):
        await view.bot("sendMessage", chat_id=GRACE, text=text)
    await expect(view.chat(GRACE).locator(".row")).to_have_count(2)

    await view.chat(GRACE).get_by_role("log").focus()
    for key in ("ArrowUp", "ArrowUp", "Enter", "Enter"):
        await view.page.keyboard.press(key)

    await expect(view.chat(GRACE).locator(".banner")).to_contain_text("First")
    await expect(view.composer(GRACE)).to_be_focused()


async def test_a_page_opened_again_finds_everything_as_it_was(open_page: Open) -> None:
    view = await open_page(own_tab=True)
    await view.page.clock.install()
    await view.bot("sendMessage", chat_id=MEI, text="Why?", reply_markup={"force_reply": True})
    await view.bot(
        "sendMessage", chat_id=GRACE, text="When?", reply_markup={"keyboard": [["Today"]]}
    )
    await view.bot("sendChatAction", chat_id=GRACE, action="typing")

    await view.page.reload()

    await expect(view.chat(MEI).locator(".banner")).to_contain_text("Why?")
    await expect(view.chat(MEI).locator(".bubble")).to_have_count(1)
    await expect(view.chat(GRACE).get_by_role("button", name="Today")).to_be_visible()
    await expect(view.chat(GRACE).locator(".header-status")).to_have_text("typing")
    await view.page.clock.fast_forward(6000)
    await expect(view.chat(GRACE).locator(".header-status")).to_have_text("bot")
