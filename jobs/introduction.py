"""The bot's first calls to Telegram, for which the start waits."""

import asyncio
import itertools

import structlog
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from chat.app_context import AppContext
from chat.context import App
from chat.menus import set_common_menu
from jobs.update_polling import PAUSES
from services.settings import Settings

TELEGRAM_ROOT = "https://api.telegram.org"

logger = structlog.get_logger(__name__)


async def introduce(application: App, app: AppContext) -> None:
    """Learn the bot's username and set its menu, however long Telegram is out of reach.

    Raises `InvalidToken` where Telegram does not know the token.
    """
    for pause in itertools.chain(PAUSES, itertools.repeat(PAUSES[-1])):
        try:
            await application.initialize()
            await set_common_menu(application.bot, app)
        except InvalidToken:
            raise
        except TelegramError as error:
            logger.warning("telegram_out_of_reach", error=str(error))
            await asyncio.sleep(pause)
        else:
            break
    app.bot_username = application.bot.username


async def username(settings: Settings) -> str | None:
    """Username of the settings' bot; None in the sandbox. Raises `TelegramError`."""
    token, root = settings.telegram_bot_token, settings.telegram_api_url or TELEGRAM_ROOT
    if token is None:
        return None
    async with Bot(token.get_secret_value(), f"{root}/bot") as bot:
        return bot.username
