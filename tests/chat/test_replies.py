"""How handlers answer: toasts at once, screens in place, cards kept (UX 2 and 3)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import Update

from chat import replies
from chat.context import Context
from chat.keyboards import InlineButton
from chat.message_parts import CardOf
from chat.screen import Screen
from sandbox.faults import Fault
from sandbox.wire import Json
from services.messaging import cards as card_rows
from tests import builders
from tests.jobs.outgoing import Outgoing
from tests.running import Bench, bench

GRACE = 5_000_000_101
SCREEN = Screen("first", ((InlineButton("Tap", callback_data="tap"),),))


@pytest.fixture
async def on(database_url: str) -> AsyncIterator[Bench]:
    async with bench(database_url) as made:
        made.world.add_person("Grace", user_id=GRACE, started=True)
        yield made


def context_of(on: Bench) -> Context:
    return Context(on.application, chat_id=GRACE, user_id=GRACE)


def arrived(on: Bench) -> Update:
    """The newest update, as a handler gets it."""
    found: list[Json] = on.take_in()
    return Update.de_json(found[-1], on.application.bot)


async def tapped(on: Bench, screen: Screen = SCREEN) -> Update:
    """A tap on a message of ours."""
    on.phone(GRACE).send_text("/start")
    await replies.say(arrived(on), context_of(on), screen)
    on.phone(GRACE).press("tap")
    return arrived(on)


def texts(on: Bench) -> list[str]:
    return [message["text"] for message in on.phone(GRACE).messages()]


async def test_a_tap_is_answered_with_a_toast(on: Bench) -> None:
    update = await tapped(on)

    await replies.answer(update, "Grace acknowledged this at 20:14")

    assert [toast["text"] for toast in on.phone(GRACE).toasts()] == [
        "Grace acknowledged this at 20:14"
    ]


async def test_a_tap_too_old_to_be_answered_is_no_error(on: Bench) -> None:
    update = await tapped(on)
    await replies.answer(update)

    raw: dict[str, Any] = update.to_dict()
    raw["callback_query"]["id"] = "1234567890"
    forged = Update.de_json(raw, on.application.bot)
    await replies.answer(forged, "late")

    assert on.world.calls.all("answerCallbackQuery")[-1]["status"] == 400


async def test_a_screen_replaces_the_tapped_message(on: Bench) -> None:
    update = await tapped(on)

    await replies.show(update, context_of(on), Screen("second"))

    assert texts(on) == ["/start", "second"]


async def test_a_screen_that_is_there_already_is_left(on: Bench) -> None:
    update = await tapped(on)

    shown = await replies.show(update, context_of(on), SCREEN)

    assert texts(on) == ["/start", "first"]
    assert update.effective_message
    assert shown.message_id == update.effective_message.message_id


async def test_a_screen_for_a_command_is_a_new_message(on: Bench) -> None:
    on.phone(GRACE).send_text("/sessions")

    await replies.show(arrived(on), context_of(on), Screen("second"))

    assert texts(on) == ["/sessions", "second"]


async def test_a_screen_for_a_deleted_message_is_a_new_one(on: Bench) -> None:
    update = await tapped(on)
    assert update.effective_message
    on.world.delete(GRACE, update.effective_message.message_id)

    await replies.show(update, context_of(on), Screen("second"))

    assert texts(on) == ["/start", "second"]


async def test_where_telegram_asks_to_wait_the_call_is_made_once_more(on: Bench) -> None:
    update = await tapped(on)
    on.world.faults.plan(Fault("editMessageText", "retry_after", times=1, retry_after=1))

    await replies.show(update, context_of(on), Screen("second"))

    assert texts(on) == ["/start", "second"]


async def test_a_shown_card_replaces_the_older_one_of_the_chat(on: Bench) -> None:
    out = Outgoing(on)
    with on.database.unit_of_work() as session:
        session_id = builders.appointment(
            session,
            tutor=builders.tutor(session),
            student=builders.student(session),
        ).id
    card = CardOf(session_id)
    on.phone(GRACE).send_text("/sessions")
    update = arrived(on)

    first = await replies.say_card(update, context_of(on), SCREEN, card, None)
    second = await replies.say_card(update, context_of(on), SCREEN, card, None)

    assert [(row.message_id, row.is_live) for row in out.cards()] == [
        (first.message_id, False),
        (second.message_id, True),
    ]
    marked = ["reply_markup" in message for message in on.phone(GRACE).messages()]
    assert marked == [False, False, True]


async def test_a_card_edited_in_place_stays_the_one_card(on: Bench) -> None:
    out = Outgoing(on)
    with on.database.unit_of_work() as session:
        row = builders.appointment(
            session,
            tutor=builders.tutor(session),
            student=builders.student(session),
        )
    update = await tapped(on)

    for text in ("checked in", "checked out"):
        await replies.show_card(update, context_of(on), Screen(text), CardOf(row.id), None)

    (card,) = out.cards()
    assert (card.is_live, card.content_hash) == (True, Screen("checked out").content_hash)
    with on.database.reading() as session:
        assert card_rows.shown_on(session, card.id) == card.content_hash
