"""Where the bot may not send, what it may not delete, and how fast it may not be."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from sandbox.bot_api.rate_limits import Rates
from sandbox.groups import set_bot_status, upgrade_group
from sandbox.people import Group, Person
from sandbox.phone import Phone
from sandbox.server import serving
from sandbox.world import World
from tests.sandbox.clients import TOKEN, BotClient, StillClock

HELLO: dict[str, Any] = {"text": "hello"}
CALLS_TO_A_CHAT = (("sendMessage", HELLO), ("sendChatAction", {"action": "typing"}))


async def test_a_chat_that_does_not_exist_is_not_found(bot: BotClient) -> None:
    for chat_id in (12345, -12345, "@nobody_here", "elsewhere"):
        refusal = await bot.refusal("sendMessage", chat_id=chat_id, **HELLO)
        assert refusal == "400 Bad Request: chat not found"


async def test_somebody_who_never_pressed_start_cannot_be_written_to(
    bot: BotClient, world: World
) -> None:
    stranger = world.add_person("Newcomer")
    refusal = await bot.refusal("sendMessage", chat_id=stranger.id, **HELLO)
    assert refusal == "403 Forbidden: bot can't initiate conversation with a user"
    Phone(world, stranger.id).start()
    await bot.ok("sendMessage", chat_id=stranger.id, **HELLO)


async def test_somebody_who_blocked_the_bot_cannot_be_written_to(
    bot: BotClient, phone: Phone
) -> None:
    phone.block()
    for method, fields in CALLS_TO_A_CHAT:
        refusal = await bot.refusal(method, chat_id=phone.user_id, **fields)
        assert refusal == "403 Forbidden: bot was blocked by the user"
    phone.unblock()
    await bot.ok("sendMessage", chat_id=phone.user_id, **HELLO)
    states = [update["my_chat_member"] for update in await bot.updates()]
    assert [state["new_chat_member"]["status"] for state in states] == ["kicked", "member"]


@pytest.mark.parametrize(
    ("status", "words"),
    [("kicked", "bot was kicked from the"), ("left", "bot is not a member of the")],
)
async def test_a_group_without_the_bot_is_forbidden(
    bot: BotClient, world: World, group: Group, status: str, words: str
) -> None:
    set_bot_status(world, group.id, "kicked" if status == "kicked" else "left")
    refusal = await bot.refusal("sendMessage", chat_id=group.id, **HELLO)
    assert refusal == f"403 Forbidden: {words} group chat"


async def test_an_upgraded_group_names_the_supergroup(
    bot: BotClient, world: World, group: Group
) -> None:
    new_id = upgrade_group(world, group.id)
    answer = await bot.refused("sendMessage", chat_id=group.id, **HELLO)
    assert answer == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new_id},
    }
    sent = await bot.ok("sendMessage", chat_id=new_id, **HELLO)
    assert sent["chat"]["type"] == "supergroup"
    messages = [update["message"] for update in await bot.updates()]
    assert [message.get("migrate_to_chat_id") for message in messages] == [new_id, None]
    assert [message.get("migrate_from_chat_id") for message in messages] == [None, group.id]


async def test_a_message_of_48_hours_can_no_longer_be_deleted(
    bot: BotClient, world: World, phone: Phone
) -> None:
    sent = await bot.ok("sendMessage", chat_id=phone.user_id, **HELLO)
    place = {"chat_id": phone.user_id, "message_id": sent["message_id"]}
    world.clock.move_to(world.now() + timedelta(hours=48, seconds=2))
    refusal = await bot.refusal("deleteMessage", **place)
    assert refusal == "400 Bad Request: message can't be deleted"


async def test_deleting_what_is_not_there_or_anothers_group_message_is_refused(
    bot: BotClient, world: World, group: Group, grace: Person
) -> None:
    theirs = Phone(world, grace.id, group.id).send_text("/mine")["message_id"]
    refusal = await bot.refusal("deleteMessage", chat_id=group.id, message_id=999)
    assert refusal == "400 Bad Request: message to delete not found"
    refusal = await bot.refusal("deleteMessage", chat_id=group.id, message_id=theirs)
    assert refusal == "400 Bad Request: message can't be deleted"
    set_bot_status(world, group.id, "administrator")
    await bot.ok("deleteMessage", chat_id=group.id, message_id=theirs)


async def test_an_unknown_callback_query_is_refused(bot: BotClient) -> None:
    for query_id in ("1", "4382650000000000009", "what"):
        refusal = await bot.refusal("answerCallbackQuery", callback_query_id=query_id)
        assert refusal == (
            "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
        )


async def test_a_callback_query_is_too_old_after_150_seconds(
    bot: BotClient, world: World, phone: Phone
) -> None:
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
    await bot.ok("sendMessage", chat_id=phone.user_id, reply_markup=markup, **HELLO)
    in_time, too_late = phone.press("Yes"), phone.press("Yes")
    world.clock.move_to(world.now() + timedelta(seconds=140))
    assert await bot.ok("answerCallbackQuery", callback_query_id=in_time) is True
    world.clock.move_to(world.now() + timedelta(seconds=11))
    refusal = await bot.refusal("answerCallbackQuery", callback_query_id=too_late)
    assert "query is too old" in refusal


async def test_an_answer_over_200_characters_is_refused(bot: BotClient, phone: Phone) -> None:
    refusal = await bot.refusal("answerCallbackQuery", callback_query_id="1", text="x" * 201)
    assert refusal == "400 Bad Request: MESSAGE_TOO_LONG"


async def test_an_answer_opens_only_the_bots_own_address(bot: BotClient) -> None:
    refusal = await bot.refusal(
        "answerCallbackQuery", callback_query_id="1", url="https://example.com"
    )
    assert refusal == "400 Bad Request: URL_INVALID"


async def test_a_location_off_the_map_is_refused(bot: BotClient, grace: Person) -> None:
    refusal = await bot.refusal("sendLocation", chat_id=grace.id, latitude=91, longitude=0)
    assert refusal == "400 Bad Request: wrong location specified"


async def test_an_unknown_action_or_reaction_is_refused(bot: BotClient, phone: Phone) -> None:
    refusal = await bot.refusal("sendChatAction", chat_id=phone.user_id, action="sleeping")
    assert refusal == "400 Bad Request: wrong parameter action in request"
    message_id = phone.send_text("hi")["message_id"]
    place = {"chat_id": phone.user_id, "message_id": message_id}
    await bot.ok("setMessageReaction", **place, reaction=[{"type": "emoji", "emoji": "👍"}])
    refusal = await bot.refusal(
        "setMessageReaction", **place, reaction=[{"type": "emoji", "emoji": "🥝"}]
    )
    assert refusal == "400 Bad Request: REACTION_INVALID"


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        ([{"command": "Help", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "a-b", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "/", "description": "x"}], "command must be non-empty"),
        ([{"command": "a", "description": " "}], "command description must be non-empty"),
        ([{"command": "a" * 33, "description": "x"}], "command length must not exceed 32"),
        ([{"command": "a", "description": "x"}] * 101, "BOT_COMMANDS_TOO_MUCH"),
    ],
)
async def test_bad_commands_are_refused(
    bot: BotClient, commands: list[dict[str, str]], words: str
) -> None:
    assert await bot.refusal("setMyCommands", commands=commands) == f"400 Bad Request: {words}"


async def test_after_logging_out_everything_is_refused(bot: BotClient) -> None:
    assert await bot.ok("logOut") is True
    assert await bot.refusal("getMe") == "400 Logged out"


async def _send_until_refused(bot: BotClient, chat_ids: list[int]) -> tuple[int, int]:
    """How many passed, and the seconds to wait that the refusal asked for."""
    for count, chat_id in enumerate(chat_ids):
        response = await bot.post("sendMessage", chat_id=chat_id, **HELLO)
        if response.status_code == 429:
            answer = response.json()
            wait = int(answer["parameters"]["retry_after"])
            assert answer["description"] == f"Too Many Requests: retry after {wait}"
            return count, wait
    raise AssertionError("never refused")


async def test_more_than_a_message_a_second_to_a_chat_is_refused_after_a_short_burst(
    http: httpx.AsyncClient,
) -> None:
    world = World(TOKEN, clock=StillClock(), rates=Rates(chat_burst=3))
    person = world.add_person("Grace", started=True)
    async with serving(world) as base:
        bot = BotClient(http, base)
        assert await _send_until_refused(bot, [person.id] * 10) == (3, 1)
        world.clock.move_to(world.now() + timedelta(seconds=1))
        await bot.ok("sendMessage", chat_id=person.id, **HELLO)


async def test_more_than_20_messages_a_minute_to_a_group_are_refused(
    http: httpx.AsyncClient,
) -> None:
    world = World(TOKEN, clock=StillClock(), rates=Rates(chat_burst=100))
    group = world.add_group("Coordinators", [world.add_person("Devi", started=True).id])
    async with serving(world) as base:
        count, wait = await _send_until_refused(BotClient(http, base), [group.id] * 30)
    assert count == 20
    assert wait == 60


async def test_more_than_30_messages_a_second_in_all_are_refused(http: httpx.AsyncClient) -> None:
    world = World(TOKEN, clock=StillClock(), rates=Rates(overall_per_second=5))
    people = [world.add_person(f"Person {number}", started=True).id for number in range(40)]
    async with serving(world) as base:
        count, wait = await _send_until_refused(BotClient(http, base), people)
    assert (count, wait) == (5, 1)
