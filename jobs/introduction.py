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


async def username(token: str, api_url: str) -> str:
    """The username of the bot with this token. Raises `TelegramError`."""
    async with Bot(token, f"{api_url}/bot") as bot:
        return bot.username
