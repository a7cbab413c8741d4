"""A bad day on demand: timeouts, server errors, 429, a group that is upgraded in between."""

import asyncio
import time
from typing import Any

import httpx
import pytest

from sandbox.people import Group, Person
from sandbox.phone import Phone
from sandbox.world import World
from tests.sandbox.clients import BotClient


async def plan(bot: BotClient, method: str, kind: str, **more: Any) -> None:
    body = {"method": method, "kind": kind, "times": 1, **more}
    response = await bot.client.post(f"{bot.base}/api/faults", json=body)
    assert response.status_code == 200, response.text


async def test_a_timeout_before_accepting_does_nothing(bot: BotClient, phone: Phone) -> None:
    await plan(bot, "sendMessage", "timeout_before", seconds=5)
    with pytest.raises(httpx.ReadTimeout):
        await bot.client.post(
            f"{bot.base}/bot{bot.token}/sendMessage",
            json={"chat_id": phone.user_id, "text": "x"},
            timeout=0.3,
        )
    assert phone.messages() == []


async def test_a_timeout_after_accepting_has_done_it(
    bot: BotClient, world: World, phone: Phone
) -> None:
    await plan(bot, "sendMessage", "timeout_after", seconds=5)
    with pytest.raises(httpx.ReadTimeout):
        await bot.client.post(
            f"{bot.base}/bot{bot.token}/sendMessage",
            json={"chat_id": phone.user_id, "text": "x"},
            timeout=0.3,
        )
    assert [message["text"] for message in phone.messages()] == ["x"]
    assert [call["status"] for call in world.calls.all("sendMessage")] == [200]


async def test_a_held_call_ends_as_a_gateway_timeout(bot: BotClient, phone: Phone) -> None:
    await plan(bot, "sendMessage", "timeout_before", seconds=0.1)
    refusal = await bot.refusal("sendMessage", chat_id=phone.user_id, text="x")
    assert refusal == "504 Gateway Timeout"


async def test_server_errors_come_as_often_as_asked_for(bot: BotClient, phone: Phone) -> None:
    await plan(bot, "*", "status", times=2, status=502)
    assert await bot.refusal("getMe") == "502 Bad Gateway"
    refusal = await bot.refusal("sendMessage", chat_id=phone.user_id, text="x")
    assert refusal == "502 Bad Gateway"
    await bot.ok("getMe")


async def test_a_429_names_the_seconds_to_wait(bot: BotClient) -> None:
    await plan(bot, "getMe", "retry_after", retry_after=7)
    assert await bot.refused("getMe") == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }


async def test_a_group_is_upgraded_just_before_the_call(
    bot: BotClient, world: World, group: Group
) -> None:
    await plan(bot, "sendMessage", "migrated")
    answer = await bot.refused("sendMessage", chat_id=group.id, text="x")
    assert answer["parameters"] == {
        "migrate_to_chat_id": world.directory.groups[group.id].migrated_to
    }


async def test_a_delay_only_delays(bot: BotClient) -> None:
    await plan(bot, "getMe", "delay", seconds=0.3)
    began = time.monotonic()
    await bot.ok("getMe")
    assert time.monotonic() - began >= 0.3


async def test_a_failure_can_be_for_one_chat_only(bot: BotClient, phone: Phone) -> None:
    await plan(bot, "sendMessage", "status", status=500, chat_id=phone.user_id + 1, times=9)
    await plan(bot, "sendMessage", "status", status=413, chat_id=phone.user_id, description="Big")
    assert await bot.refusal("sendMessage", chat_id=phone.user_id, text="x") == "413 Big"
    await bot.ok("sendMessage", chat_id=phone.user_id, text="y")
    assert [message["text"] for message in phone.messages()] == ["y"]


async def test_a_page_of_a_proxy_is_no_json_and_does_nothing(bot: BotClient, phone: Phone) -> None:
    await plan(bot, "sendMessage", "page", status=403)
    answer = await bot.post("sendMessage", chat_id=phone.user_id, text="x")
    assert (answer.status_code, answer.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert phone.messages() == []


async def test_an_unreadable_answer_has_done_it(bot: BotClient, phone: Phone) -> None:
    await plan(bot, "sendMessage", "unreadable")
    answer = await bot.post("sendMessage", chat_id=phone.user_id, text="x")
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        answer.json()
    assert len(phone.messages()) == 1


async def test_an_answer_of_another_form_has_done_it_and_tells_nothing(
    bot: BotClient, phone: Phone
) -> None:
    await plan(bot, "sendMessage", "other")
    answer = await bot.post("sendMessage", chat_id=phone.user_id, text="x")
    assert answer.json() == {"ok": True, "result": {}}
    assert len(phone.messages()) == 1


@pytest.mark.parametrize(("kind", "texts"), [("dropped_before", []), ("dropped_after", ["x"])])
async def test_a_dropped_connection_is_no_answer(
    bot: BotClient, phone: Phone, kind: str, texts: list[str]
) -> None:
    await plan(bot, "sendMessage", kind)
    with pytest.raises(httpx.RemoteProtocolError):
        await bot.post("sendMessage", chat_id=phone.user_id, text="x")
    assert [message["text"] for message in phone.messages()] == texts


async def test_a_download_can_fail_too(bot: BotClient, phone: Phone) -> None:
    document = phone.send_document(b"kept", "a.txt", "text/plain")["document"]
    await plan(bot, "*", "status", status=500)
    await plan(bot, "download", "status", status=502)
    assert (await bot.post("getMe")).status_code == 500
    path = (await bot.ok("getFile", file_id=document["file_id"]))["file_path"]
    address = f"{bot.base}/file/bot{bot.token}/{path}"
    assert (await bot.client.get(address)).status_code == 502
    assert (await bot.client.get(address)).content == b"kept"


async def test_planned_faults_can_be_taken_back(bot: BotClient) -> None:
    await plan(bot, "getMe", "status", status=500)
    await bot.client.delete(f"{bot.base}/api/faults")
    await bot.ok("getMe")


async def test_every_call_is_recorded_with_its_answer_and_without_the_token(
    bot: BotClient, grace: Person
) -> None:
    await bot.ok("sendMessage", chat_id=grace.id, text="kept")
    await bot.refused("sendMessage", chat_id=grace.id)
    await bot.ok("getUpdates", timeout=0)
    await bot.ok("sendDocument", {"document": ("a.txt", b"abc", "text/plain")}, chat_id=grace.id)
    response = await bot.client.get(f"{bot.base}/api/calls")
    calls = response.json()
    assert [(call["method"], call["status"]) for call in calls] == [
        ("sendMessage", 200),
        ("sendMessage", 400),
        ("sendDocument", 200),
    ]
    assert calls[0]["fields"] == {"chat_id": grace.id, "text": "kept"}
    assert calls[0]["answer"]["result"]["text"] == "kept"
    assert calls[2]["files"] == {"document": {"file": "a.txt", "mime": "text/plain", "size": 3}}
    assert bot.token not in response.text
    only = await bot.client.get(f"{bot.base}/api/calls?method=senddocument")
    assert len(only.json()) == 1


async def test_a_server_that_stops_ends_what_waits(bot: BotClient, world: World) -> None:
    poll = asyncio.create_task(bot.ok("getUpdates", timeout=50))
    await asyncio.sleep(0.2)
    world.close()
    assert await asyncio.wait_for(poll, 5) == []
