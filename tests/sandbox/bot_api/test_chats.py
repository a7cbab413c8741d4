"""Methods about chats and messages that succeed, and what they answer."""

from typing import Any

import pytest

from sandbox.bot_api.schema import api, checked_call
from sandbox.groups import set_bot_status
from sandbox.people import Group, Person
from sandbox.phone import Phone
from sandbox.wire import Json
from sandbox.world import World
from tests.sandbox.clients import BotClient, picture


def undeclared(kind: str, value: Any, path: str = "") -> list[str]:
    """Fields of an answer that the API does not know, and required ones that it lacks."""
    if kind.startswith("Array of "):
        inner = kind.removeprefix("Array of ")
        return [problem for item in value for problem in undeclared(inner, item, path)]
    types = api()["types"]
    if kind not in types or types[kind].get("one_of"):
        return []
    fields: Json = types[kind]["fields"]
    problems = [f"{path}.{name} unknown" for name in value if name not in fields]
    for name, field in fields.items():
        if name in value:
            problems += undeclared(field["type"], value[name], f"{path}.{name}")
        elif field["required"]:
            problems.append(f"{path}.{name} missing")
    return problems


async def test_messages_have_the_fields_that_the_api_declares(
    bot: BotClient, group: Group, grace: Person, world: World
) -> None:
    phone = Phone(world, grace.id)
    phone.start("x")
    phone.send_photo(picture(), "seen at example.com")
    phone.send_document(picture(), "a.png", "image/png")
    phone.send_voice(b"OggS", 1)
    phone.send_audio(b"ID3")
    phone.send_video()
    phone.send_sticker()
    phone.send_location()
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await bot.ok("sendMessage", chat_id=grace.id, text="<b>?</b>", reply_markup=markup)
    phone.send_text("reply", reply_to=sent["message_id"])
    phone.press("Yes")
    phone.block()
    Phone(world, grace.id, group.id).send_text("/help")
    updates = await bot.updates()
    kinds = {
        "message": "Message",
        "callback_query": "CallbackQuery",
        "my_chat_member": "ChatMemberUpdated",
    }
    problems = [
        problem
        for update in updates
        for kind, body in update.items()
        if kind != "update_id"
        for problem in undeclared(kinds[kind], body, kind)
    ]
    assert problems == []
    chat = await bot.ok("getChat", chat_id=group.id)
    assert undeclared("ChatFullInfo", chat) == []


async def test_a_group_its_members_and_its_administrators(
    bot: BotClient, world: World, group: Group, grace: Person, mei: Person
) -> None:
    stranger = world.add_person("Stranger")

    async def status(user_id: int) -> str:
        member = await bot.ok("getChatMember", chat_id=group.id, user_id=user_id)
        return str(member["status"])

    own = world.bot.id
    people = [grace.id, mei.id, stranger.id, own]
    assert [await status(one) for one in people] == ["creator", "member", "left", "member"]
    assert await bot.ok("getChatMemberCount", chat_id=group.id) == 3
    administrators = await bot.ok("getChatAdministrators", chat_id=group.id)
    assert [member["user"]["id"] for member in administrators] == [grace.id]
    refusal = await bot.refusal("getChatMember", chat_id=group.id, user_id=99)
    assert refusal == "400 Bad Request: user not found"
    refusal = await bot.refusal("getChatAdministrators", chat_id=grace.id)
    assert refusal == "400 Bad Request: there are no administrators in the private chat"
    assert await bot.ok("leaveChat", chat_id=group.id) is True
    assert await status(own) == "left"
    refusal = await bot.refusal("getChatAdministrators", chat_id=group.id)
    assert refusal == "403 Forbidden: bot is not a member of the group chat"


async def test_a_bot_that_is_thrown_out_of_a_group_is_told(
    bot: BotClient, world: World, group: Group
) -> None:
    set_bot_status(world, group.id, "kicked")
    change = (await bot.updates())[0]["my_chat_member"]
    assert change["new_chat_member"]["status"] == "kicked"


async def test_a_message_is_forwarded_with_its_author_and_copied_without(
    bot: BotClient, group: Group, grace: Person, phone: Phone
) -> None:
    source = phone.send_photo(picture(), "work")
    place = {
        "chat_id": group.id,
        "from_chat_id": grace.id,
        "message_id": source["message_id"],
    }
    forwarded = await bot.ok("forwardMessage", **place)
    assert forwarded["forward_origin"]["sender_user"]["id"] == grace.id
    assert (forwarded["photo"], forwarded["caption"]) == (source["photo"], "work")
    copied = await bot.ok("copyMessage", **place, caption="other")
    assert copied == {"message_id": forwarded["message_id"] + 1}
    refusal = await bot.refusal("copyMessage", **(place | {"message_id": 99}))
    assert refusal == "400 Bad Request: message to copy not found"
    refusal = await bot.refusal("forwardMessage", **(place | {"message_id": 99}))
    assert refusal == "400 Bad Request: message to forward not found"


async def test_deleting_several_skips_what_is_gone(bot: BotClient, phone: Phone) -> None:
    ids = [phone.send_text(text)["message_id"] for text in ("a", "b", "c")]
    assert await bot.ok("deleteMessages", chat_id=phone.user_id, message_ids=[*ids[:2], 99]) is True
    assert [message["text"] for message in phone.messages()] == ["c"]
    refusal = await bot.refusal("deleteMessages", chat_id=phone.user_id, message_ids=[1] * 101)
    assert refusal == "400 Bad Request: too many message identifiers specified"


async def test_name_and_descriptions_are_kept_by_language(bot: BotClient) -> None:
    await bot.ok("setMyDescription", description="Sessions")
    await bot.ok("setMyDescription", description="Sesi", language_code="ms")
    await bot.ok("setMyShortDescription", short_description="Short")
    assert await bot.ok("getMyDescription", language_code="ms") == {"description": "Sesi"}
    assert await bot.ok("getMyDescription", language_code="ta") == {"description": "Sessions"}
    assert await bot.ok("getMyShortDescription") == {"short_description": "Short"}
    assert await bot.ok("getMyName") == {"name": "Tutorline"}
    refusal = await bot.refusal("setMyDescription", description="x" * 513)
    assert refusal == '400 Bad Request: parameter "description" is too long'


async def test_venues_and_locations_are_sent(bot: BotClient, grace: Person) -> None:
    place: Json = {"latitude": 1.3, "longitude": 103.8}
    sent = await bot.ok("sendVenue", chat_id=grace.id, title="Library", address="1 Road", **place)
    assert sent["venue"] == {"title": "Library", "address": "1 Road", "location": place}
    sent = await bot.ok("sendLocation", chat_id=grace.id, **place)
    assert sent["location"] == place


@pytest.mark.parametrize("as_text", [True, False])
def test_fields_are_read_alike_from_forms_and_from_json(*, as_text: bool) -> None:
    typed: Json = {"chat_id": 5, "text": "1", "protect_content": True, "entities": []}
    texts = {"chat_id": "5", "text": "1", "protect_content": "true", "entities": "[]"}
    call = checked_call("sendMessage", texts if as_text else typed, {})
    assert call.fields == typed | {"chat_id": "5" if as_text else 5}
