"""Keyboards, taps, toasts, commands: what the bot shows is what a person gets."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.chat_view import chat_view
from sandbox.people import Group, Person
from sandbox.phone import Phone
from sandbox.wire import PageError
from sandbox.world import World
from tests.sandbox.clients import BotClient

YES_NO = {
    "inline_keyboard": [
        [{"text": "Yes", "callback_data": "y", "style": "success"}],
        [{"text": "No", "callback_data": "n", "style": "danger"}],
    ]
}


async def test_a_tap_reaches_the_bot_and_its_first_answer_the_person(
    bot: BotClient, phone: Phone
) -> None:
    sent = await bot.ok("sendMessage", chat_id=phone.user_id, text="?", reply_markup=YES_NO)
    assert sent["reply_markup"] == YES_NO
    assert phone.buttons() == ["Yes", "No"]
    phone.press("No")
    query = (await bot.updates())[0]["callback_query"]
    assert (query["data"], query["from"]["id"]) == ("n", phone.user_id)
    assert query["message"] == sent
    for text in ("Noted", "Again"):
        await bot.ok(
            "answerCallbackQuery", callback_query_id=query["id"], text=text, show_alert=True
        )
    assert phone.toasts() == [
        {
            "user_id": phone.user_id,
            "callback_id": query["id"],
            "text": "Noted",
            "show_alert": True,
            "url": None,
        }
    ]


async def test_a_stale_tap_sends_its_old_data(bot: BotClient, phone: Phone) -> None:
    sent = await bot.ok("sendMessage", chat_id=phone.user_id, text="?", reply_markup=YES_NO)
    place = {"chat_id": phone.user_id, "message_id": sent["message_id"]}
    await bot.ok("editMessageReplyMarkup", **place)
    with pytest.raises(LookupError):
        phone.press("Yes")
    phone.press("y", sent["message_id"])
    assert (await bot.updates())[0]["callback_query"]["data"] == "y"


async def test_a_reply_keyboard_stays_until_removed(bot: BotClient, phone: Phone) -> None:
    keyboard: dict[str, Any] = {
        "keyboard": [[{"text": "Today"}, {"text": "Tomorrow"}]],
        "is_persistent": True,
        "input_field_placeholder": "When?",
    }
    sent = await bot.ok("sendMessage", chat_id=phone.user_id, text="?", reply_markup=keyboard)
    assert "reply_markup" not in sent
    phone.send_text("Today")
    assert phone.reply_keyboard() == keyboard
    remove = {"remove_keyboard": True}
    await bot.ok("sendMessage", chat_id=phone.user_id, text="!", reply_markup=remove)
    assert phone.reply_keyboard() is None


async def test_a_one_time_keyboard_goes_when_it_was_used(bot: BotClient, phone: Phone) -> None:
    keyboard = {"keyboard": [["Today"]], "one_time_keyboard": True}
    await bot.ok("sendMessage", chat_id=phone.user_id, text="?", reply_markup=keyboard)
    assert phone.reply_keyboard() == keyboard | {"keyboard": [[{"text": "Today"}]]}
    phone.send_text("Today")
    assert phone.reply_keyboard() is None


async def test_a_selective_forced_reply_in_a_group_is_for_the_one_answered(
    bot: BotClient, world: World, group: Group, grace: Person, mei: Person
) -> None:
    asked = Phone(world, mei.id, group.id).send_text("/dispute")
    sent = await bot.ok(
        "sendMessage",
        chat_id=group.id,
        text="Why?",
        reply_parameters={"message_id": asked["message_id"]},
        reply_markup={"force_reply": True, "selective": True, "input_field_placeholder": "Reason"},
    )
    assert sent["reply_to_message"]["message_id"] == asked["message_id"]
    forced = {"message_id": sent["message_id"], "input_field_placeholder": "Reason"}
    assert chat_view(world, mei.id, group.id)["force_reply"] == forced
    assert chat_view(world, grace.id, group.id)["force_reply"] is None
    Phone(world, mei.id, group.id).send_text("Late", reply_to=sent["message_id"])
    assert chat_view(world, mei.id, group.id)["force_reply"] is None


async def test_a_selective_keyboard_is_for_those_mentioned(
    bot: BotClient, world: World, group: Group, grace: Person, mei: Person
) -> None:
    markup = {"keyboard": [["Mine"]], "selective": True}
    await bot.ok("sendMessage", chat_id=group.id, text="@mei_tan, choose", reply_markup=markup)
    assert Phone(world, mei.id, group.id).reply_keyboard() is not None
    assert Phone(world, grace.id, group.id).reply_keyboard() is None


async def test_the_narrowest_commands_in_a_persons_language_are_shown(
    bot: BotClient, world: World, group: Group, grace: Person, mei: Person
) -> None:
    async def commands(name: str, **fields: Any) -> None:
        menu = [{"command": name, "description": "What it does"}]
        await bot.ok("setMyCommands", commands=menu, **fields)

    def shown(person: Person, chat_id: int) -> str:
        return str(chat_view(world, person.id, chat_id)["commands"][0]["command"])

    await commands("default")
    assert shown(grace, group.id) == "default"
    await commands("private", scope={"type": "all_private_chats"})
    await commands("group", scope={"type": "all_group_chats"})
    await commands("admins", scope={"type": "all_chat_administrators"})
    await commands("graces", scope={"type": "chat", "chat_id": grace.id})
    assert [shown(grace, grace.id), shown(mei, mei.id)] == ["graces", "private"]
    assert [shown(grace, group.id), shown(mei, group.id)] == ["admins", "group"]
    member = {"type": "chat_member", "chat_id": group.id, "user_id": mei.id}
    await commands("meis", scope=member)
    assert shown(mei, group.id) == "meis"
    await bot.ok("deleteMyCommands", scope=member)
    assert await bot.ok("getMyCommands", scope=member) == []
    assert shown(mei, group.id) == "group"


async def test_commands_follow_the_language_of_the_telegram_app(
    bot: BotClient, world: World
) -> None:
    person = world.add_person("Siti", language_code="ms")
    for language, description in (("", "Help"), ("ms", "Bantuan")):
        menu = [{"command": "help", "description": description}]
        await bot.ok("setMyCommands", commands=menu, language_code=language)
    assert chat_view(world, person.id, person.id)["commands"][0]["description"] == "Bantuan"
    refusal = await bot.refusal("setMyCommands", commands=[], language_code="malay")
    assert refusal == "400 Bad Request: invalid language code specified"


async def test_the_menu_button_is_set_for_one_chat_or_for_all(
    bot: BotClient, world: World, grace: Person, mei: Person
) -> None:
    page = {"type": "web_app", "text": "Open", "web_app": {"url": "https://example.com"}}
    await bot.ok("setChatMenuButton", chat_id=grace.id, menu_button=page)
    assert chat_view(world, grace.id, grace.id)["menu_button"] == page
    assert chat_view(world, mei.id, mei.id)["menu_button"] == {"type": "commands"}
    assert await bot.ok("getChatMenuButton", chat_id=grace.id) == page


@pytest.mark.parametrize("url", ["http://example.com/app", "http://127.0.0.1.example.com/app"])
async def test_a_mini_app_needs_https_but_on_this_machine(bot: BotClient, url: str) -> None:
    button = {"type": "web_app", "text": "Open", "web_app": {"url": url}}
    refusal = await bot.refusal("setChatMenuButton", menu_button=button)
    assert refusal == (
        f"400 Bad Request: menu button Web App URL '{url}' is invalid: Only HTTPS links are allowed"
    )
    here = button | {"web_app": {"url": "http://127.0.0.1:8080/app"}}
    await bot.ok("setChatMenuButton", menu_button=here)


async def test_an_action_shows_for_five_seconds_or_until_a_message(
    bot: BotClient, world: World, phone: Phone
) -> None:
    def action() -> object:
        return chat_view(world, phone.user_id, phone.chat_id)["action"]

    await bot.ok("sendChatAction", chat_id=phone.user_id, action="typing")
    assert action() == "typing"
    world.clock.move_to(world.now() + timedelta(seconds=5))
    assert action() is None
    await bot.ok("sendChatAction", chat_id=phone.user_id, action="typing")
    await bot.ok("sendMessage", chat_id=phone.user_id, text="done")
    assert action() is None


def test_somebody_who_blocked_the_bot_cannot_write_until_they_unblock(phone: Phone) -> None:
    phone.block()
    with pytest.raises(PageError):
        phone.send_text("hello?")
    assert phone.start("again")["text"] == "/start again"


def test_only_members_write_in_a_group(world: World, group: Group) -> None:
    stranger = world.add_person("Stranger")
    with pytest.raises(PageError):
        Phone(world, stranger.id, group.id).send_text("/help")
