"""An unmodified python-telegram-bot application runs against the sandbox, both ways."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from aiohttp import web
from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, RetryAfter
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from sandbox.events import wait_for
from sandbox.faults import Fault
from sandbox.groups import upgrade_group
from sandbox.people import Group, Person
from sandbox.phone import Phone
from sandbox.world import World
from tests.sandbox.clients import TOKEN, picture

App = Application[Any, Any, Any, Any, Any, Any]
Context = ContextTypes.DEFAULT_TYPE


async def greet(update: Update, context: Context) -> None:
    assert update.effective_message is not None
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Count", callback_data="1")]])
    payload = " ".join(context.args or [])
    await update.effective_message.reply_html(f"<b>Hello</b> {payload}", reply_markup=buttons)


async def count(update: Update, _context: Context) -> None:
    query = update.callback_query
    assert query is not None
    assert query.data is not None
    await query.answer(f"Counted {query.data}")
    following = str(int(query.data) + 1)
    await query.edit_message_text(
        f"Count {query.data}",
        reply_markup=InlineKeyboardMarkup(
            [[InlineKeyboardButton("Count", callback_data=following)]]
        ),
    )


async def keep(update: Update, context: Context) -> None:
    message = update.effective_message
    assert message is not None
    attachment = message.photo[-1] if message.photo else message.document
    assert attachment is not None
    data = await (await context.bot.get_file(attachment.file_id)).download_as_bytearray()
    await message.reply_text(f"{len(data)} bytes")


def built(base: str) -> App:
    app: App = (
        Application.builder()
        .token(TOKEN)
        .base_url(f"{base}/bot")
        .base_file_url(f"{base}/file/bot")
        .build()
    )
    app.add_handler(CommandHandler("start", greet))
    app.add_handler(CallbackQueryHandler(count))
    app.add_handler(MessageHandler(filters.PHOTO | filters.Document.ALL, keep))
    return app


@asynccontextmanager
async def polling(app: App) -> AsyncIterator[None]:
    await app.initialize()
    await app.start()
    assert app.updater is not None
    await app.updater.start_polling(timeout=5)
    try:
        yield
    finally:
        await app.updater.stop()
        await app.stop()
        await app.shutdown()


@asynccontextmanager
async def by_webhook(app: App) -> AsyncIterator[None]:
    """The application behind a web server of its own, as with any webhook framework."""

    async def take(request: web.Request) -> web.Response:
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret"
        await app.update_queue.put(Update.de_json(await request.json(), app.bot))
        return web.Response()

    server = web.Application()
    server.router.add_post("/hook", take)
    runner = web.AppRunner(server)
    await runner.setup()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        await web.SockSite(runner, listening).start()
        await app.initialize()
        await app.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
        await app.bot.set_webhook(address, secret_token="s3cret")
        try:
            yield
        finally:
            await app.bot.delete_webhook()
            await app.stop()
            await app.shutdown()
            await runner.cleanup()


async def seen(world: World, happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not happened():
            await wait_for(world.events.signal.ticket(), 0.2)


def _shows(phone: Phone, text: str) -> bool:
    return phone.last().get("text") == text


@pytest.mark.parametrize("running", [polling, by_webhook])
async def test_a_bot_talks_with_a_person(
    world: World,
    base: str,
    phone: Phone,
    running: Callable[[App], Any],
) -> None:
    async with running(built(base)):
        phone.start("invitation-7")
        await seen(world, lambda: phone.buttons() == ["Count"])
        assert phone.last()["text"] == "Hello invitation-7"
        for number in ("1", "2"):
            phone.press("Count")
            await seen(world, partial(_shows, phone, f"Count {number}"))
        assert [toast["text"] for toast in phone.toasts()] == ["Counted 1", "Counted 2"]
        phone.send_document(b"x" * 70_000, "a.pdf", "application/pdf")
        await seen(world, partial(_shows, phone, "70000 bytes"))
        phone.send_album([picture(), picture()])
        await seen(world, lambda: len(phone.messages()) == 8)


async def test_two_polling_applications_conflict(world: World, base: str, phone: Phone) -> None:
    first, second = built(base), built(base)
    problems: list[Exception] = []
    await first.initialize()
    assert first.updater is not None
    await first.updater.start_polling(timeout=5, error_callback=problems.append)
    async with second:
        await second.bot.get_updates(timeout=1)
    await first.updater.stop()
    await first.shutdown()
    assert [type(problem) for problem in problems] == [Conflict]


@pytest.fixture
async def app(base: str) -> AsyncIterator[App]:
    async with built(base) as made:
        yield made


async def test_what_the_library_sends_is_known_to_the_api(
    app: App, world: World, grace: Person, group: Group
) -> None:
    bot = app.bot
    text = await bot.send_message(
        grace.id, "<b>bold</b>", parse_mode=ParseMode.HTML, disable_notification=True
    )
    await bot.send_message(
        grace.id, "and?", reply_parameters=ReplyParameters(text.message_id),
        reply_markup=ForceReply(selective=True, input_field_placeholder="Reason"),
    )  # fmt: skip
    await bot.send_photo(grace.id, picture(), caption="one")
    await bot.send_document(grace.id, b"data", filename="a.txt")
    await bot.send_voice(grace.id, b"OggS", duration=3)
    sent = await bot.send_media_group(
        grace.id, [InputMediaPhoto(picture()), InputMediaPhoto(picture())], caption="album"
    )
    await bot.edit_message_media(InputMediaPhoto(picture(100, 100)), grace.id, sent[0].message_id)
    await bot.edit_message_caption(grace.id, sent[1].message_id, caption="second")
    await bot.send_location(grace.id, 1.3, 103.8)
    await bot.send_venue(grace.id, 1.3, 103.8, "Library", "1 Road")
    await bot.send_chat_action(grace.id, ChatAction.UPLOAD_PHOTO)
    await bot.set_message_reaction(grace.id, text.message_id, "👍")
    await bot.forward_message(group.id, grace.id, text.message_id)
    await bot.copy_message(group.id, grace.id, text.message_id)
    await bot.delete_messages(grace.id, [text.message_id])
    await bot.set_my_commands(
        [BotCommand("help", "Help")], BotCommandScopeAllPrivateChats(), language_code="en"
    )
    assert (await bot.get_chat(group.id)).title == "Coordinators"
    assert (await bot.get_chat_member(group.id, grace.id)).status == "creator"
    assert len(await bot.get_chat_administrators(group.id)) == 1
    assert await bot.get_chat_member_count(group.id) == 3
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.get_chat_menu_button(grace.id) is not None
    await bot.set_my_description("Sessions")
    assert (await bot.get_my_description()).description == "Sessions"
    assert {tuple(call["unknown_fields"]) for call in world.calls.all()} == {()}


async def test_the_library_understands_the_refusals(
    app: App, world: World, phone: Phone, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    bot = app.bot
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", phone.user_id, 99)
    world.faults.plan(Fault("sendMessage", "retry_after", retry_after=3))
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(phone.user_id, "x")
    assert refused.value.retry_after == timedelta(seconds=3)
    phone.block()
    with pytest.raises(Forbidden):
        await bot.send_message(phone.user_id, "x")
    new_id = upgrade_group(world, group.id)
    with pytest.raises(ChatMigrated) as migrated:
        await bot.send_message(group.id, "x")
    assert migrated.value.new_chat_id == new_id
