"""The same policy for answers to taps: one chat's trouble is counted, Telegram's is waited out."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlmodel import col, select
from telegram import Update
from telegram.ext import MessageHandler, filters

from chat.context import Context
from chat.current_user import current_user
from chat.telegram_answers import TRIES, TRIES_IN_DOUBT
from models import InboxUpdate, OutboxMessage, Person
from models.enums import MessageKind
from sandbox.faults import Fault
from services.messaging import deliveries, undelivered
from services.rules.refusals.standing import NotLinked
from tests import builders
from tests.builders import NOW
from tests.running import GROUP_ID, Bench, bench

GRACE = 5_000_000_101


@pytest.fixture
async def on(database_url: str) -> AsyncIterator[Bench]:
    async with bench(database_url) as made:
        made.world.add_person("Grace", user_id=GRACE, started=True)
        made.application.add_handler(MessageHandler(filters.TEXT, echo))
        made.impatient()
        yield made


async def echo(update: Update, context: Context) -> None:
    assert update.effective_message
    message = update.effective_message
    await context.bot.send_message(message.chat_id, f"heard {message.text}")


def plan(on: Bench, kind: Any, times: int, **more: Any) -> None:
    on.world.faults.plan(Fault(more.pop("method", "sendMessage"), kind, times, **more))


def answers(on: Bench) -> list[str]:
    texts = [message.get("text", "") for message in on.phone(GRACE).messages()]
    return [text for text in texts if text.startswith("heard")]


def states(on: Bench) -> list[tuple[int, bool, bool]]:
    """Tries of each update, and whether it is done or set aside."""
    with on.database.reading() as session:
        rows = session.exec(select(InboxUpdate).order_by(col(InboxUpdate.update_id))).all()
    return [(row.attempts, row.done_at is not None, row.set_aside_at is not None) for row in rows]


def kinds(on: Bench) -> list[MessageKind]:
    with on.database.reading() as session:
        return [row.kind for row in session.exec(select(OutboxMessage)).all()]


async def say(on: Bench, *texts: str, chat_id: int = GRACE) -> None:
    for text in texts:
        on.phone(GRACE, chat_id).send_text(text)
    on.take_in()
    await on.worker().drain()


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("status", 500),
        ("status", 401),
        ("status", 404),
        ("status", 409),
        ("status", 413),
        ("page", 403),
        ("timeout_before", 0),
        ("unreadable", 0),
        ("dropped_after", 0),
    ],
)
async def test_an_answer_that_alone_fails_is_set_aside_and_the_next_is_given(
    on: Bench, kind: str, status: int
) -> None:
    tries = TRIES if status else TRIES_IN_DOUBT
    plan(on, kind, tries, status=status or 502, seconds=30)

    await say(on, "first", "second")

    assert states(on) == [(tries, False, True), (0, True, False)]
    assert answers(on).count("heard first") <= 2
    assert answers(on)[-1] == "heard second"
    assert kinds(on) == [MessageKind.UPDATE_SET_ASIDE]


@pytest.mark.parametrize(("kind", "status"), [("status", 500), ("page", 403), ("page", 200)])
async def test_while_telegram_answers_nobody_no_failure_is_counted(
    on: Bench, kind: str, status: int
) -> None:
    plan(on, kind, 4 * TRIES, method="*", status=status)

    await say(on, "first")

    assert states(on) == [(0, True, False)]
    assert answers(on)[-1] == "heard first"


@pytest.mark.parametrize("kind", ["unreadable", "dropped_after"])
async def test_an_answer_is_given_once_more_at_most_also_where_telegram_comes_and_goes(
    on: Bench, kind: str
) -> None:
    plan(on, kind, TRIES_IN_DOUBT, chat_id=GRACE)
    plan(on, "status", 2 * TRIES, method="getMe", status=502)

    await say(on, "first", "second")

    assert [(is_done, is_aside) for _, is_done, is_aside in states(on)] == [
        (False, True),
        (True, False),
    ]
    assert answers(on).count("heard first") == 2
    assert answers(on)[-1] == "heard second"
    assert kinds(on) == [MessageKind.UPDATE_SET_ASIDE]


@pytest.mark.parametrize(
    ("status", "description"),
    [(403, "bot was kicked from the supergroup chat"), (400, "not enough rights to send")],
)
async def test_a_group_that_takes_no_answer_is_told_of_privately_and_the_update_is_done(
    on: Bench, status: int, description: str
) -> None:
    on.world.add_group("Coordinators", [GRACE], group_id=GROUP_ID)
    with on.database.unit_of_work() as session:
        builders.coordinator(session, telegram_user_id=GRACE)
    plan(on, "status", 1, status=status, description=description)

    await say(on, "/first", chat_id=GROUP_ID)

    assert states(on)[-1] == (0, True, False)
    assert kinds(on) == [MessageKind.GROUP_REFUSES]


async def test_a_group_that_got_a_new_id_meanwhile_is_followed(on: Bench) -> None:
    on.world.add_group("Coordinators", [GRACE], group_id=GROUP_ID)
    plan(on, "migrated", 1)

    await say(on, "/first", chat_id=GROUP_ID)

    assert states(on)[1] == (0, True, False)
    with on.database.reading() as session:
        assert deliveries.current_chat(session, GROUP_ID) != GROUP_ID


async def test_any_private_update_brings_somebody_back_who_had_blocked_the_bot(on: Bench) -> None:
    async def who(update: Update, context: Context) -> None:
        for _ in range(2):
            await context.app.database.read(current_user, update, context)

    on.application.handlers.clear()
    on.application.add_handler(MessageHandler(filters.TEXT, who))
    with on.database.unit_of_work() as session:
        person = builders.parent(session, telegram_user_id=GRACE)
        undelivered.mark_unreachable(session, person.id, NOW)

    await say(on, "hello")

    with on.database.reading() as session:
        found = session.get(Person, person.id)
    assert found
    assert found.unreachable_since is None


async def test_what_somebody_unknown_sends_brings_nobody_back(on: Bench) -> None:
    async def who(update: Update, context: Context) -> None:
        with pytest.raises(NotLinked):
            await context.app.database.read(current_user, update, context)

    on.application.handlers.clear()
    on.application.add_handler(MessageHandler(filters.TEXT, who))

    await say(on, "hello")

    assert states(on) == [(0, True, False)]
