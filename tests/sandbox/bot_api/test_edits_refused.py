"""What Telegram refuses of edits and replies, with its codes and words."""

from typing import Any

from sandbox.people import Person
from sandbox.phone import Phone
from tests.sandbox.clients import BotClient, picture

HELLO: dict[str, Any] = {"text": "hello"}


async def test_an_edit_that_changes_nothing_is_refused(bot: BotClient, grace: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "Press", "callback_data": "x"}]]}
    sent = await bot.ok("sendMessage", chat_id=grace.id, reply_markup=markup, **HELLO)
    place = {"chat_id": grace.id, "message_id": sent["message_id"]}
    same = await bot.refusal("editMessageText", **place, **HELLO, reply_markup=markup)
    assert same == (
        "400 Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )
    assert await bot.refusal("editMessageReplyMarkup", **place, reply_markup=markup) == same
    edited = await bot.ok("editMessageText", **place, **HELLO)
    assert "reply_markup" not in edited
    assert await bot.refusal("editMessageText", **place, **HELLO) == same


async def test_only_the_bots_own_messages_that_exist_are_edited(
    bot: BotClient, grace: Person, phone: Phone
) -> None:
    theirs = phone.send_text("mine")["message_id"]
    place: dict[str, Any] = {"chat_id": grace.id, "text": "other"}
    missing = await bot.refusal("editMessageText", message_id=999, **place)
    assert missing == "400 Bad Request: message to edit not found"
    foreign = await bot.refusal("editMessageText", message_id=theirs, **place)
    assert foreign == "400 Bad Request: message can't be edited"


async def test_text_caption_and_keyboard_edits_need_a_message_that_has_them(
    bot: BotClient, grace: Person
) -> None:
    text = await bot.ok("sendMessage", chat_id=grace.id, **HELLO)
    files = {"photo": ("a.png", picture(), "image/png")}
    photo = await bot.ok("sendPhoto", files, chat_id=grace.id)
    refusal = await bot.refusal(
        "editMessageText", chat_id=grace.id, message_id=photo["message_id"], text="x"
    )
    assert refusal == "400 Bad Request: there is no text in the message to edit"
    refusal = await bot.refusal(
        "editMessageCaption", chat_id=grace.id, message_id=text["message_id"], caption="x"
    )
    assert refusal == "400 Bad Request: there is no caption in the message to edit"
    refusal = await bot.refusal(
        "editMessageReplyMarkup",
        chat_id=grace.id,
        message_id=text["message_id"],
        reply_markup={"force_reply": True},
    )
    assert refusal == "400 Bad Request: inline keyboard expected"


async def test_replying_to_a_message_that_is_gone_is_refused_unless_allowed(
    bot: BotClient, grace: Person
) -> None:
    reply: dict[str, Any] = {"message_id": 999}
    refusal = await bot.refusal("sendMessage", chat_id=grace.id, reply_parameters=reply, **HELLO)
    assert refusal == "400 Bad Request: message to be replied not found"
    lenient = reply | {"allow_sending_without_reply": True}
    sent = await bot.ok("sendMessage", chat_id=grace.id, reply_parameters=lenient, **HELLO)
    assert "reply_to_message" not in sent
