"""The bot's first calls to Telegram, for which the start waits."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import structlog
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from chat.app_context import AppContext
from chat.context import App
from chat.menus import set_common_menu
from jobs.update_polling import ALLOWED_UPDATES, PAUSES
from services.settings import SettingsError

logger = structlog.get_logger(__name__)


class Webhook(NamedTuple):
    """The address to which Telegram sends updates, and the secret that it sends with them."""

    url: str
    secret: str


async def introduce(application: App, app: AppContext) -> None:
    """Learn the bot's username and set its menu, however long Telegram is out of reach.

    Raises `SettingsError` where Telegram does not know the token.
    """

    async def call() -> None:
        await application.initialize()
        await set_common_menu(application.bot, app)

    await _until_reached(call)
    app.bot_username = application.bot.username


async def use_webhook(bot: Bot, webhook: Webhook) -> None:
    """Have updates sent to the webhook, however long Telegram is out of reach."""
    await _until_reached(
        lambda: bot.set_webhook(
            webhook.url, secret_token=webhook.secret, allowed_updates=ALLOWED_UPDATES
        )
    )


async def username(token: str, api_url: str) -> str:
    """The username of the bot with this token. Raises `TelegramError`."""
    async with Bot(token, f"{api_url}/bot") as bot:
        return bot.username


async def _until_reached(call: Callable[[], Awaitable[object]]) -> None:
    """Call Telegram, however long it is out of reach. Raises `SettingsError` for a wrong token."""
    for pause in itertools.chain(PAUSES, itertools.repeat(PAUSES[-1])):
        try:
            await call()
        except InvalidToken:
            raise SettingsError("TELEGRAM_BOT_TOKEN: Telegram does not know it") from None
        except TelegramError as error:
            logger.warning("telegram_out_of_reach", error=str(error))
            await asyncio.sleep(pause)
        else:
            return
