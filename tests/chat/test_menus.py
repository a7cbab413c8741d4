import asyncio
from typing import Any, cast

from telegram import MenuButton

from chat.app_context import AppContext, Pages
from chat.menus import set_common_menu
from tests.builders import AGENCY, NOW
from tests.fakes import FixedClock


class WaitingBot:
    """Bot whose calls are answered once three of them are under way."""

    def __init__(self) -> None:
        self._under_way = asyncio.Barrier(3)
        self.answered: list[str] = []

    async def set_my_commands(self, _commands: object, scope: object = None) -> None:
        await self._under_way.wait()
        self.answered.append("commands of a group" if scope else "commands")

    async def set_chat_menu_button(self, menu_button: MenuButton) -> None:
        await self._under_way.wait()
        self.answered.append(menu_button.type)


class App:
    """What the menu is made from."""

    agency, clock, pages = AGENCY, FixedClock(NOW), Pages("http://127.0.0.1:8080")


async def test_menus_for_everybody_are_set_at_once() -> None:
    bot: Any = WaitingBot()

    async with asyncio.timeout(5):
        await set_common_menu(bot, cast(AppContext, App))

    assert sorted(bot.answered) == ["commands", "commands", "commands of a group"]
