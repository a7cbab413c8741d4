"""Updates by long polling: order, offsets, lifetimes, one poller at a time."""

import asyncio
import time
from datetime import timedelta
from typing import Any

from sandbox.faults import Fault
from sandbox.people import Group, Person
from sandbox.phone import Phone
from sandbox.world import World
from tests.sandbox.clients import BotClient


async def texts(bot: BotClient, **fields: Any) -> list[str]:
    updates = await bot.ok("getUpdates", **fields)
    return [update["message"]["text"] for update in updates]


async def test_updates_come_again_until_a_higher_offset_confirms_them(
    bot: BotClient, phone: Phone
) -> None:
    for text in ("one", "two", "three"):
        phone.send_text(text)
    updates = await bot.ok("getUpdates")
    assert [update["message"]["text"] for update in updates] == ["one", "two", "three"]
    assert await texts(bot) == ["one", "two", "three"]
    assert await texts(bot, offset=updates[0]["update_id"] + 1, limit=1) == ["two"]
    assert await texts(bot) == ["two", "three"]


async def test_a_negative_offset_keeps_only_the_last(bot: BotClient, phone: Phone) -> None:
    for text in ("one", "two", "three"):
        phone.send_text(text)
    assert await texts(bot, offset=-2) == ["two", "three"]
    assert await texts(bot) == ["two", "three"]


async def test_a_long_poll_ends_when_something_happens(bot: BotClient, phone: Phone) -> None:
    began = time.monotonic()
    poll = asyncio.create_task(texts(bot, timeout=20))
    await asyncio.sleep(0.2)
    phone.send_text("now")
    assert await poll == ["now"]
    assert time.monotonic() - began < 5


async def test_a_long_poll_ends_empty_after_its_timeout(bot: BotClient) -> None:
    began = time.monotonic()
    assert await texts(bot, timeout=1) == []
    assert 0.9 < time.monotonic() - began < 5


async def test_a_second_poller_ends_the_first(bot: BotClient, phone: Phone) -> None:
    first = asyncio.create_task(bot.refusal("getUpdates", timeout=20))
    await asyncio.sleep(0.2)
    second = asyncio.create_task(texts(bot, timeout=20))
    assert await first == (
        "409 Conflict: terminated by other getUpdates request; make sure that only one bot "
        "instance is running"
    )
    phone.send_text("for the second")
    assert await second == ["for the second"]


async def test_only_allowed_kinds_are_queued_from_then_on(bot: BotClient, phone: Phone) -> None:
    assert await texts(bot, allowed_updates=["callback_query"]) == []
    phone.send_text("unheard")
    assert await texts(bot) == []
    assert await texts(bot, allowed_updates=[]) == []
    phone.send_text("heard")
    assert await texts(bot) == ["heard"]


async def test_messages_wait_24_hours_and_taps_150_seconds(
    bot: BotClient, world: World, phone: Phone
) -> None:
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
    await bot.ok("sendMessage", chat_id=phone.user_id, text="?", reply_markup=markup)
    phone.send_text("hello")
    phone.press("Yes")
    kinds = [list(update)[1] for update in await bot.ok("getUpdates")]
    assert kinds == ["message", "callback_query"]
    world.clock.move_to(world.now() + timedelta(seconds=150))
    assert await texts(bot) == ["hello"]
    world.clock.move_to(world.now() + timedelta(hours=24))
    assert await texts(bot) == []


async def test_a_duplicated_update_comes_once_more_after_it_was_confirmed(
    bot: BotClient, phone: Phone
) -> None:
    phone.send_text("once")
    update = (await bot.updates())[0]
    reply = await bot.client.post(
        f"{bot.base}/api/updates/duplicate", json={"update_id": update["update_id"]}
    )
    assert reply.status_code == 200
    assert await bot.ok("getUpdates", offset=update["update_id"] + 1) == [update]
    assert await bot.ok("getUpdates", offset=update["update_id"] + 1) == []


async def test_a_delayed_update_comes_later_with_a_later_number(
    bot: BotClient, world: World, phone: Phone
) -> None:
    world.faults.plan(Fault("update", "delay", seconds=0.5))
    phone.send_text("late")
    phone.send_text("early")
    updates = await bot.updates()
    assert [update["message"]["text"] for update in updates] == ["early"]
    later = await bot.ok("getUpdates", timeout=5)
    assert [update["message"]["text"] for update in later] == ["late"]
    assert later[0]["update_id"] > updates[0]["update_id"]


async def test_an_edit_is_told_as_an_edited_message(bot: BotClient, phone: Phone) -> None:
    sent = phone.send_text("frist")
    phone.edit_text(sent["message_id"], "first")
    edited = (await bot.updates())[1]["edited_message"]
    assert (edited["text"], edited["message_id"]) == ("first", sent["message_id"])
    assert edited["edit_date"] >= edited["date"]


async def test_commands_links_and_mentions_are_entities_in_utf_16_units(
    bot: BotClient, phone: Phone
) -> None:
    phone.send_text("/start 😀 see example.com/a, ask @grace_lim or mail me@example.com")
    message = (await bot.updates())[0]["message"]
    assert message["from"]["language_code"] == "en"
    assert [(entity["type"], entity["offset"]) for entity in message["entities"]] == [
        ("bot_command", 0),
        ("url", 14),
        ("mention", 33),
        ("email", 52),
    ]


async def test_a_long_text_is_sent_in_parts_as_telegrams_apps_do(
    bot: BotClient, phone: Phone
) -> None:
    phone.send_text("x" * 5000)
    assert [len(text) for text in await texts(bot)] == [4096, 904]


async def test_a_tap_on_a_deleted_message_has_only_its_place(bot: BotClient, phone: Phone) -> None:
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
    sent = await bot.ok("sendMessage", chat_id=phone.user_id, text="?", reply_markup=markup)
    await bot.ok("deleteMessage", chat_id=phone.user_id, message_id=sent["message_id"])
    phone.press("yes", sent["message_id"])
    query = (await bot.updates())[0]["callback_query"]
    assert query["data"] == "yes"
    assert query["message"]["date"] == 0


async def test_in_a_group_only_commands_and_replies_reach_the_bot(
    bot: BotClient, world: World, group: Group, grace: Person
) -> None:
    phone = Phone(world, grace.id, group.id)
    asked = await bot.ok("sendMessage", chat_id=group.id, text="Why?")
    phone.send_text("chatter /help")
    phone.send_text("/disputes")
    phone.send_text("/disputes@Tutorline_Bot now")
    phone.send_text("/disputes@other_bot")
    phone.send_text("because", reply_to=asked["message_id"])
    assert await texts(bot) == ["/disputes", "/disputes@Tutorline_Bot now", "because"]


async def test_an_administrator_bot_hears_everything_in_its_group(
    bot: BotClient, world: World, group: Group, grace: Person
) -> None:
    group.bot_status = "administrator"
    Phone(world, grace.id, group.id).send_text("chatter")
    assert await texts(bot) == ["chatter"]
