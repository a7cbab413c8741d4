"""aiogram's bare echo bot by webhook, with which the pipeline is compared.

Runs in its own environment (`benchmarks.pipeline`), and imports nothing of this project: `python
benchmarks/aiogram_echo.py PORT API TOKEN SECRET`.
"""

import sys

from aiogram import Bot, Dispatcher  # type: ignore[import-not-found]
from aiogram.client.session.aiohttp import AiohttpSession  # type: ignore[import-not-found]
from aiogram.client.telegram import TelegramAPIServer  # type: ignore[import-not-found]
from aiogram.types import Message  # type: ignore[import-not-found]
from aiogram.webhook.aiohttp_server import (  # type: ignore[import-not-found]
    SimpleRequestHandler,
    setup_application,
)
from aiohttp import web


async def echo(message: Message) -> None:
    """Send the same text back."""
    await message.answer(message.text)


def main(port: int, api: str, token: str, secret: str) -> None:
    """Serve until the process is ended."""
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api)))
    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=secret).register(app, path="/telegram")
    setup_application(app, dispatcher, bot=bot)
    web.run_app(
        app,
        host="127.0.0.1",
        port=port,
        access_log=None,
        print=lambda _: print("ready", flush=True),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:5])
