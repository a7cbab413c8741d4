"""The page in a real browser: phones, messages, buttons, the clock."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.async_api import expect

from chat import keyboards
from chat.callbacks import ListName, ShowList
from chat.sending import keyboard_as_json
from tests.browser import SHARED
from tests.sandbox.page.opened_page import (
    DEVI,
    GRACE,
    GROUP,
    MEI,
    WEI,
    Open,
)

pytestmark = [pytest.mark.browser, SHARED]


def keyboard(*rows: list[dict[str, str]]) -> dict[str, object]:
    return {"inline_keyboard": list(rows)}


async def test_four_phones_stand_side_by_side_on_a_laptop(open_page: Open) -> None:
    view = await open_page(size=(1440, 900))

    boxes = [await view.phone(user_id).bounding_box() for user_id in (GRACE, MEI, WEI, DEVI)]

    places = [box for box in boxes if box is not None]
    assert len({box["y"] for box in places}) == 1
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 1440 for box in places)
    assert all(one["x"] + one["width"] <= two["x"] for one, two in pairwise(places))


async def test_a_narrow_screen_shows_one_phone_and_switches_by_face(open_page: Open) -> None:
    view = await open_page(size=(390, 844))
    await expect(view.phone(GRACE)).to_be_in_viewport(ratio=0.9)

    await view.bot("sendMessage", chat_id=MEI, text="For you")
    face = view.page.get_by_role("navigation").get_by_role("button", name="Mei")
    await expect(face.locator(".badge")).to_have_text("1")
    await face.click()

    await expect(view.phone(MEI)).to_be_in_viewport(ratio=0.9)
    await expect(view.phone(GRACE)).not_to_be_in_viewport()
    await expect(face.locator(".badge")).to_be_hidden()


async def test_somebody_who_never_started_has_a_start_button(open_page: Open) -> None:
    view = await open_page()
    await expect(view.composer(WEI)).to_be_hidden()

    await view.chat(WEI).get_by_role("button", name="Start").click()

    assert (await view.hears())[0]["message"]["text"] == "/start"
    await expect(view.composer(WEI)).to_be_visible()


async def test_a_deep_link_opens_on_the_phone_where_it_was_clicked(open_page: Open) -> None:
    view = await open_page()
    link = f"https://t.me/{view.world.bot.username}?start=inv_7"
    await view.write(GRACE, f"Please use {link}.")
    await view.hears()

    await view.chat(GRACE).get_by_role("link", name=link).click()
    await view.chat(GRACE).get_by_role("button", name="Start", exact=True).click()

    heard = await view.hears(2)
    assert heard[1]["message"]["text"] == "/start inv_7"
    assert heard[1]["message"]["from"]["id"] == GRACE


async def test_an_invitation_can_be_opened_on_another_phone(open_page: Open) -> None:
    view = await open_page()
    link = f"https://t.me/{view.world.bot.username}?start=inv_8"
    await view.bot(
        "sendMessage",
        chat_id=GRACE,
        text="Invite",
        reply_markup=keyboard([{"text": "Open", "url": link}]),
    )

    await view.chat(GRACE).locator(".bubble").click(button="right")
    await view.page.get_by_role("menuitem", name="Open the link on Wei").click()
    await view.chat(WEI).get_by_role("button", name="Start").click()

    message = (await view.hears())[0]["message"]
    assert (message["from"]["id"], message["text"]) == (WEI, "/start inv_8")


async def test_an_invitation_in_a_text_can_be_opened_on_a_phone_that_joins_the_others(
    open_page: Open,
) -> None:
    view = await open_page()
    link = f"https://t.me/{view.world.bot.username}?start=inv_9"
    await view.bot("sendMessage", chat_id=DEVI, text=f"Pass this on: {link}")

    await view.page.locator(f'.phone[data-user-id="{DEVI}"]').get_by_role("tab").last.click()
    await view.chat(DEVI).get_by_role("link", name=link).click()
    await view.page.get_by_role("menuitem", name="Open the link on a new phone").click()

    joined = view.page.locator(".phone", has_text="Opened an invitation")
    await expect(joined.locator(".bubble")).to_contain_text("/start inv_9")
    message = (await view.hears())[0]["message"]
    assert message["text"] == "/start inv_9"
    assert message["from"]["id"] not in {GRACE, MEI, WEI, DEVI}


async def test_entities_are_shown_as_telegram_shows_them(open_page: Open) -> None:
    view = await open_page()

    await view.bot(
        "sendMessage",
        chat_id=GRACE,
        parse_mode="HTML",
        text=(
            "👍 <b>bold <i>both</i></b> <u>under</u> <s>struck</s> <tg-spoiler>secret</tg-spoiler> "
            '<code>code</code> <a href="https://example.com/a">there</a> /help\n'
            '<pre><code class="language-python">x = 1</code></pre>\n<blockquote>quoted</blockquote>'
        ),
    )

    text = view.chat(GRACE).locator(".text")
    await expect(text.locator("strong")).to_have_text("bold both")
    await expect(text.locator("strong em")).to_have_text("both")
    await expect(text.locator("u")).to_have_text("under")
    await expect(text.locator("s")).to_have_text("struck")
    await expect(text.locator("code").first).to_have_text("code")
    await expect(text.locator("pre")).to_have_text("x = 1")
    await expect(text.locator("blockquote")).to_have_text("quoted")
    link = text.get_by_role("link", name="there")
    await expect(link).to_have_attribute("href", "https://example.com/a")
    await expect(link).to_have_attribute("target", "_blank")
    await text.locator(".spoiler").click()
    await expect(text.locator(".spoiler")).to_have_class("spoiler revealed")


async def test_what_arrives_is_never_taken_for_markup(open_page: Open) -> None:
    view = await open_page()

    await view.bot("sendMessage", chat_id=GRACE, text="<img src=x onerror=alert(1)> & <b>no</b>")

    await expect(view.chat(GRACE).locator(".text")).to_contain_text(
        "<img src=x onerror=alert(1)> & <b>no</b>"
    )


async def test_a_clicked_command_is_sent_and_in_a_group_names_the_bot(open_page: Open) -> None:
    view = await open_page()
    for chat_id in (GRACE, GROUP):
        await view.bot("sendMessage", chat_id=chat_id, text="See /sessions")

    await view.chat(GRACE).get_by_role("button", name="/sessions").click()
    await view.hears()
    await view.chat(DEVI, GROUP).get_by_role("button", name="/sessions").click()

    texts = [update["message"]["text"] for update in await view.hears(2)]
    assert texts == ["/sessions", f"/sessions@{view.world.bot.username}"]


async def test_a_tapped_button_shimmers_until_the_bot_answers_with_a_toast(open_page: Open) -> None:
    view = await open_page()
    await view.bot(
        "sendMessage",
        chat_id=MEI,
        text="Card",
        reply_markup=keyboard(
            [{"text": "Acknowledge", "callback_data": "ok:1", "style": "success"}]
        ),
    )
    button = view.chat(MEI).get_by_role("button", name="Acknowledge")
    await expect(button).to_have_attribute("data-style", "success")

    await button.click()
    query = (await view.hears())[0]["callback_query"]
    await expect(button).to_have_attribute("aria-busy", "true")
    await view.bot("answerCallbackQuery", callback_query_id=query["id"], text="Thank you")

    assert query["data"] == "ok:1"
    await expect(button).to_have_attribute("aria-busy", "false")
    await expect(view.phone(MEI).get_by_role("status")).to_contain_text("Thank you")
    await expect(view.phone(WEI).get_by_role("status")).not_to_contain_text("Thank you")


async def test_an_alert_stays_until_it_is_closed(open_page: Open) -> None:
    view = await open_page()
    await view.bot(
        "sendMessage",
        chat_id=MEI,
        text="Card",
        reply_markup=keyboard([{"text": "Go", "callback_data": "x"}]),
    )
    await view.chat(MEI).get_by_role("button", name="Go").click()
    query = (await view.hears())[0]["callback_query"]

    await view.bot(
        "answerCallbackQuery", callback_query_id=query["id"], text="Too early", show_alert=True
    )

    alert = view.phone(MEI).get_by_role("alertdialog")
    await expect(alert).to_contain_text("Too early")
    await expect(alert.get_by_role("button", name="OK")).to_be_focused()
    await view.page.keyboard.press("Enter")
    await expect(alert).to_be_hidden()


async def test_an_edit_changes_the_bubble_in_place_and_a_deletion_removes_it(
    open_page: Open,
) -> None:
    view = await open_page()
    sent = await view.bot(
        "sendMessage",
        chat_id=MEI,
        text="Before",
        reply_markup=keyboard([{"text": "Go", "callback_data": "x"}]),
    )
    bubbles = view.chat(MEI).locator(".bubble")
    await expect(bubbles).to_have_count(1)

    await view.bot("editMessageText", chat_id=MEI, message_id=sent["message_id"], text="After")

    await expect(bubbles).to_have_count(1)
    await expect(bubbles).to_contain_text("After")
    await expect(bubbles.locator(".edited-mark")).to_have_text("edited")
    await expect(view.chat(MEI).get_by_role("button", name="Go")).to_have_count(0)
    await view.bot("deleteMessage", chat_id=MEI, message_id=sent["message_id"])
    await expect(bubbles).to_have_count(0)


async def test_the_header_says_what_the_bot_is_doing(open_page: Open) -> None:
    view = await open_page()
    status = view.chat(MEI).locator(".header-status")
    await expect(status).to_have_text("bot")

    await view.bot("sendChatAction", chat_id=MEI, action="upload_photo")
    await expect(status).to_have_text("sending a photo")

    await view.bot("sendMessage", chat_id=MEI, text="Here")
    await expect(status).to_have_text("bot")


async def test_a_hidden_chat_counts_what_is_unread(open_page: Open) -> None:
    view = await open_page()
    private = view.phone(DEVI).get_by_role("tab", name=view.world.bot.first_name)
    await expect(view.phone(DEVI).get_by_role("tab", name="Coordinators")).to_have_attribute(
        "aria-selected", "true"
    )

    await view.bot("sendMessage", chat_id=DEVI, text="One")
    await view.bot("sendMessage", chat_id=DEVI, text="Two")

    await expect(private.locator(".badge")).to_have_text("2")
    await private.click()
    await expect(private.locator(".badge")).to_be_hidden()
    await expect(view.chat(DEVI)).to_be_visible()


async def test_two_hundred_messages_end_at_the_newest_and_new_ones_are_counted(
    open_page: Open,
) -> None:
    view = await open_page()
    with view.world.turn():
        for number in range(200):
            view.world.post(GRACE, view.world.bot.as_user(), {"text": f"Message {number}"})
    newest = view.chat(GRACE).locator(".bubble").last
    await expect(newest).to_contain_text("Message 199")
    await expect(newest).to_be_in_viewport()

    await view.chat(GRACE).get_by_role("log").evaluate("log => log.scrollTo(0, 0)")
    await expect(newest).not_to_be_in_viewport()
    await view.bot("sendMessage", chat_id=GRACE, text="Message 200")
    button = view.chat(GRACE).get_by_role("button", name="1 new messages, go to them")
    await button.click()

    await expect(newest).to_contain_text("Message 200")
    await expect(newest).to_be_in_viewport()


async def test_the_focus_stays_with_a_card_that_is_edited_after_a_tap(open_page: Open) -> None:
    view = await open_page()
    rows = ([{"text": "One", "callback_data": "1"}, {"text": "Two", "callback_data": "2"}],)
    sent = await view.bot("sendMessage", chat_id=MEI, text="Card", reply_markup=keyboard(*rows))
    place = {"chat_id": MEI, "message_id": sent["message_id"]}
    await view.chat(MEI).get_by_role("button", name="Two").focus()

    await view.bot("editMessageText", **place, text="Edited", reply_markup=keyboard(*rows))
    await expect(view.chat(MEI).locator(".bubble")).to_contain_text("Edited")
    await expect(view.chat(MEI).get_by_role("button", name="Two")).to_be_focused()

    await view.bot("editMessageText", **place, text="Finished")
    await expect(view.chat(MEI).locator(".bubble")).to_contain_text("Finished")
    await expect(view.chat(MEI).locator(".row")).to_be_focused()


WRAPPED = """() => [...document.querySelectorAll('.inline-keyboard button, .inline-keyboard a')]
    .filter(one => {
        const words = document.createRange();
        words.selectNodeContents(one);
        const line = parseFloat(getComputedStyle(one).fontSize);
        return words.getBoundingClientRect().height > 1.5 * line;
    })
    .map(one => one.textContent)"""
"""Buttons whose label takes more than one line."""


async def test_two_buttons_of_a_row_do_not_wrap_on_the_narrowest_phone(open_page: Open) -> None:
    view = await open_page(size=(320, 568))
    pairs = keyboards.in_pairs(
        *(
            keyboards.button(label, ShowList(ListName.FLAGS))
            for label in ("Suggest another", "Waive penalty", "Late start (12)", "Cancel session")
        ),
        keyboards.button("Report a problem", ShowList(ListName.FLAGS)),
    )
    assert [len(row) for row in pairs] == [2, 2, 1]

    await view.bot(
        "sendMessage",
        chat_id=GRACE,
        text="OK",
        reply_markup=keyboard_as_json(pairs),
    )

    await expect(view.chat(GRACE).get_by_role("button", name="Cancel session")).to_be_visible()
    assert await view.page.evaluate(WRAPPED) == []
