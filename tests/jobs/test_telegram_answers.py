"""One policy for what Telegram answers to the relay: wait, give up, or go on with the others."""

import asyncio
from typing import Any

import pytest

from chat.message_parts import MediaItem, MediaKind, Part, Send, SendMedia, StoredFile
from chat.screen import Screen
from chat.telegram_answers import PATIENCE, TRIES, TRIES_IN_DOUBT
from models import Person
from models.enums import MessageKind
from sandbox.faults import Fault
from tests import builders
from tests.builders import NOW
from tests.jobs.outgoing import Outgoing
from tests.running import GROUP_ID, until

ALWAYS = 1_000


def plan(out: Outgoing, kind: Any, times: int = ALWAYS, **more: Any) -> None:
    out.bench.world.faults.plan(Fault(more.pop("method", "sendMessage"), kind, times, **more))


def tries_of(out: Outgoing, chat_id: int | None) -> int:
    """How often the relay tried to send something to a chat."""
    calls = out.bench.world.calls.all("sendMessage")
    return len([call for call in calls if str(call["fields"]["chat_id"]) == str(chat_id)])


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("status", {"status": 500}),
        ("status", {"status": 401}),
        ("status", {"status": 404}),
        ("status", {"status": 409}),
        ("status", {"status": 413}),
        ("page", {"status": 400}),
        ("page", {"status": 403}),
    ],
)
async def test_what_fails_for_one_message_only_is_parked_after_five_tries_and_the_chat_goes_on(
    out: Outgoing, kind: str, more: dict[str, int]
) -> None:
    grace = out.person()
    first, second = await out.write(grace, "first"), await out.write(grace, "second")
    plan(out, kind, TRIES, chat_id=grace.telegram_user_id, **more)

    await out.relay().drain()

    assert tries_of(out, grace.telegram_user_id) == TRIES + 1
    assert out.texts(grace.telegram_user_id) == ["second"]
    assert (out.row(first).failed_at, out.row(first).attempts) == (NOW, TRIES - 1)
    assert out.row(second).sent_at == NOW
    told = {"message_id": first, "tries": TRIES}
    assert out.notices() == [(MessageKind.MESSAGE_GIVEN_UP, told)]


@pytest.mark.parametrize("kind", ["unreadable", "dropped_after", "timeout_after"])
async def test_what_may_have_been_delivered_is_sent_once_more_at_most(
    out: Outgoing, kind: str
) -> None:
    grace = out.person()
    first = await out.write(grace, "first")
    await out.write(grace, "second")
    plan(out, kind, TRIES_IN_DOUBT, chat_id=grace.telegram_user_id, seconds=30)
    out.bench.impatient()

    await out.relay().drain()

    assert out.texts(grace.telegram_user_id) == ["first", "first", "second"]
    assert out.row(first).failed_at == NOW
    assert [kind for kind, _ in out.notices()] == [MessageKind.MESSAGE_GIVEN_UP]


async def test_what_may_have_been_delivered_is_not_sent_again_while_telegram_is_away(
    out: Outgoing,
) -> None:
    grace = out.person()
    await out.write(grace, "only")
    plan(out, "dropped_after", 1)
    plan(out, "dropped_before", 10, method="*")

    await out.relay().drain()

    assert out.texts(grace.telegram_user_id) == ["only", "only"]
    assert tries_of(out, grace.telegram_user_id) <= 12
    assert out.notices() == []


@pytest.mark.parametrize("kind", ["unreadable", "dropped_after"])
async def test_it_is_sent_once_more_at_most_also_where_telegram_comes_and_goes(
    out: Outgoing, kind: str
) -> None:
    grace = out.person()
    first = await out.write(grace, "first")
    await out.write(grace, "second")
    plan(out, kind, TRIES_IN_DOUBT + 1, chat_id=grace.telegram_user_id)
    plan(out, "status", 2 * TRIES, method="getMe", status=502)

    await out.relay().drain()

    sent = out.texts(grace.telegram_user_id)
    assert (sent.count("first"), sent[-1]) == (2, "second")
    assert out.row(first).failed_at == NOW


@pytest.mark.parametrize("fault", [("status", 401), ("status", 500), ("page", 403), ("page", 200)])
async def test_while_telegram_answers_nobody_nothing_is_given_up(
    out: Outgoing, fault: tuple[str, int]
) -> None:
    kind, status = fault
    grace, mei = out.person(), out.person()
    numbers = [await out.write(grace, "to Grace"), await out.write(mei, "to Mei")]
    plan(out, kind, 4 * TRIES, method="*", status=status)

    await out.relay().drain()

    assert out.texts(grace.telegram_user_id) == ["to Grace"]
    assert out.texts(mei.telegram_user_id) == ["to Mei"]
    assert [out.row(one).sent_at for one in numbers] == [NOW, NOW]
    assert max(out.row(one).attempts for one in numbers) <= 1  # the last failure met its recovery
    assert out.notices() == []


async def test_even_a_502_is_laid_to_the_message_in_the_end(out: Outgoing) -> None:
    grace = out.person()
    await out.write(grace, "first")
    await out.write(grace, "second")
    plan(out, "status", PATIENCE + TRIES - 1, chat_id=grace.telegram_user_id, status=502)

    await out.relay().drain()

    assert out.texts(grace.telegram_user_id) == ["second"]
    assert [kind for kind, _ in out.notices()] == [MessageKind.MESSAGE_GIVEN_UP]


async def test_a_proxys_403_makes_nobody_unreachable(out: Outgoing) -> None:
    grace = out.person()
    await out.write(grace)
    plan(out, "page", 2, status=403)

    await out.relay().drain()

    assert out.texts(grace.telegram_user_id) == ["hello"]
    assert out.notices() == []


async def test_a_chat_that_telegram_does_not_find_waits_for_its_person(out: Outgoing) -> None:
    grace = out.person()
    number = await out.write(grace)
    plan(out, "status", 1, status=400, description="chat not found")

    await out.relay().drain()

    assert (out.row(number).sent_at, out.row(number).failed_at) == (None, None)
    assert out.notices() == [(MessageKind.PERSON_UNREACHABLE, {"person_id": grace.id})]


@pytest.mark.parametrize(
    ("status", "description"),
    [
        (400, "chat not found"),
        (400, "not enough rights to send text messages to the chat"),
        (400, "CHAT_WRITE_FORBIDDEN"),
        (400, "TOPIC_CLOSED"),
        (403, "bot was kicked from the supergroup chat"),
    ],
)
async def test_a_group_that_refuses_waits_and_every_coordinator_is_told_privately_once(
    out: Outgoing, status: int, description: str
) -> None:
    coordinators = [coordinator(out), coordinator(out)]
    number = await out.write(None, "a dispute")
    plan(out, "status", chat_id=GROUP_ID, status=status, description=description)
    out.composer = lambda message: Send(
        Screen(message.payload.get("text") or str(message.payload["reason"]))
    )
    relay = out.relay()
    out.bench.app.wake_relay = relay.wake
    relay.start()
    await until(lambda: all(out.texts(one.telegram_user_id) for one in coordinators))
    await until(lambda: tries_of(out, GROUP_ID) >= TRIES + 2)

    for one in coordinators:
        (said,) = out.texts(one.telegram_user_id)
        assert description.lower()[1:] in said.lower()
    assert [kind for kind, _ in out.notices()] == [MessageKind.GROUP_REFUSES] * 2
    out.bench.world.faults.clear()
    await until(lambda: out.row(number).sent_at is not None)
    await relay.stop()
    assert out.texts(GROUP_ID) == ["a dispute"]


async def test_parts_that_are_sent_stay_sent_while_a_later_one_fails_to_the_end(
    out: Outgoing,
) -> None:
    grace = out.person()
    out.bench.app.media.contents["notes/a.oga"] = b"OggS" + b"\0" * 60  # type: ignore[attr-defined]
    voice = MediaItem(MediaKind.VOICE, StoredFile("notes/a.oga", "voice.oga"))
    plan(out, "status", method="sendVoice", status=500)
    parts: list[Part] = [Send(Screen("one")), SendMedia((voice,)), Send(Screen("two"))]
    broken = await out.write(grace)
    await out.write(grace, "next")
    out.composer = lambda message: (
        parts if message.id == broken else Send(Screen(message.payload.get("text", "told")))
    )

    await out.relay().drain()

    assert out.texts(grace.telegram_user_id) == ["one", "next"]


async def test_one_chat_with_429_keeps_no_other_waiting(out: Outgoing) -> None:
    grace, mei = out.person(), out.person()
    plan(out, "retry_after", 1, chat_id=grace.telegram_user_id, retry_after=1)
    await out.write(grace, "patience")
    await out.write(mei, "at once")
    done = asyncio.create_task(out.relay().drain())

    await until(lambda: out.texts(mei.telegram_user_id) == ["at once"], seconds=0.8)
    assert out.texts(grace.telegram_user_id) == []
    await done
    assert out.texts(grace.telegram_user_id) == ["patience"]


def coordinator(out: Outgoing) -> Person:
    account = out.bench.world.add_person("Priya", started=True).id
    with out.bench.database.unit_of_work() as session:
        return builders.coordinator(session, telegram_user_id=account)
