"""Commands: their handlers, and the menu in a person's Telegram client (SPEC 9)."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from difflib import get_close_matches
from typing import Any

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    MenuButton,
    MenuButtonCommands,
    MenuButtonWebApp,
    Update,
    WebAppInfo,
)
from telegram.ext import CommandHandler, filters

from chat import callbacks
from chat.app_context import AppContext, Pages
from chat.context import Context
from chat.deep_links import DeepLink, opened
from locales.reader import Reader
from models import Person

Step = Callable[[Update, Context], Coroutine[Any, Any, Any]]


LIKENESS, WORD_LIKENESS = 0.6, 0.75
"""How alike a command and a mistyped one, or a word without a slash, have to be, from 0 to 1."""
SHORTEST_WORD = 4
"""Letters of the shortest word by which a command is known."""
PUNCTUATION = "/.,:;!?\"'()"

IN_PRIVATE = (
    "start", "help", "language", "settings", "sessions", "upcoming", "pending", "todos", "checkin",
    "checkout", "notes", "change", "adhoc", "schedule", "invite", "web", "package", "statement",
    "mystudents", "leave",
)  # fmt: skip
"""Commands that show names, links or one person's own affairs: never in a group (UX 13, 16)."""


class CommandOrButton(CommandHandler[Context, Any]):
    """Handler of a command, and of the button that a mistyped one gets (UX 19)."""

    def __init__(self, name: str, step: Step, where: filters.BaseFilter) -> None:
        super().__init__(name, step, filters=where)
        self._button = callbacks.RunCommand(name)

    def check_update(self, update: object) -> Any:
        if isinstance(update, Update) and update.callback_query is not None:
            pressed = callbacks.decode(update.callback_query.data)
            return ([], True) if pressed == self._button else None
        return super().check_update(update)

    async def handle_update(self, update: Any, *args: Any) -> Any:
        done = await super().handle_update(update, *args)
        if isinstance(update, Update) and update.callback_query is not None:
            await update.callback_query.answer()
        return done


def on_command(name: str, step: Step) -> CommandHandler[Context, Any]:
    """Handler of a command; edited messages are left out."""
    sent = filters.UpdateType.MESSAGE
    where = sent & filters.ChatType.PRIVATE if name in IN_PRIVATE else sent
    return CommandOrButton(name, step, where)


def on_link(link: type[DeepLink], step: Step) -> CommandHandler[Context, Any]:
    """Handler of `/start` with a link of this type, as a button of the group opens it."""

    class Opens(filters.UpdateFilter):
        def filter(self, update: Update) -> bool:
            return isinstance(opened(update), link)

    where = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
    return CommandHandler("start", step, filters=where & Opens())


def likeliest(mistyped: str, commands: Iterable[str], *, is_word: bool = False) -> str | None:
    """Command that was probably meant; None where none is like it.

    `is_word`: it has no slash, and may be a word of its own, as "hello" beside "help".
    """
    cutoff = WORD_LIKENESS if is_word else LIKENESS
    return next(iter(get_close_matches(mistyped.lower(), list(commands), n=1, cutoff=cutoff)), None)


def spoken_of(text: str, commands: Iterable[BotCommand]) -> str | None:
    """Command of which a text speaks, by its name or a word that only it has in the menu."""
    known: dict[str, str | None] = {}
    for one in commands:
        for word in _words(one.description):
            known[word] = None if word in known else one.command
        known[one.command] = one.command
    return next((found for word in _words(text) if (found := known.get(word))), None)


def _words(text: str) -> list[str]:
    """Words of a text that are not short ones, each once."""
    words = (word.strip(PUNCTUATION) for word in text.lower().split())
    return list(dict.fromkeys(word for word in words if len(word) >= SHORTEST_WORD))


def commands_for(reader: Reader, person: Person | None) -> list[BotCommand]:
    """Commands for a person's roles, in their language; strangers get the common ones."""
    shown: dict[str, str] = {}
    if person and (person.is_tutor or person.is_parent):
        shown["sessions"] = reader.label("Today's sessions")
        shown["upcoming"] = reader.label("The next seven days")
    if person and person.is_tutor:
        shown["checkin"] = reader.label("Check in")
        shown["checkout"] = reader.label("Check out")
        shown["notes"] = reader.label("Add session notes")
        shown["change"] = reader.label("Move or cancel a session")
        shown["adhoc"] = reader.label("Log extra sessions")
        shown["todos"] = reader.label("What is left to do")
        shown["mystudents"] = reader.label("Your students and their times")
        shown["statement"] = reader.label("Your pay, month by month")
    if person and person.is_parent:
        shown["pending"] = reader.label("Sessions awaiting your answer")
        shown["change"] = reader.label("Move or cancel a session")
        shown["package"] = reader.label("Prepaid sessions, entry by entry")
        shown["statement"] = reader.label("Your statement, month by month")
    if person and person.is_tutor and person.is_parent:
        shown["statement"] = reader.label("Your pay and your statement, month by month")
    if person and person.is_coordinator:
        shown["dashboard"] = reader.label("The agency at a glance")
        shown["pending"] = reader.label("Who still has to answer")
        shown["disputes"] = reader.label("Open disputes")
        shown["problems"] = reader.label("Open problem reports")
        shown["lowpackages"] = reader.label("Packages that are nearly used up")
        shown["schedule"] = reader.label("Schedule one more session")
        shown["find"] = reader.label("Find people, children and sessions")
        shown["invite"] = reader.label("Invite somebody")
    if person:
        shown["web"] = reader.label("Everything in a browser")
    shown["language"] = reader.label("Choose your language")
    if person:
        shown["settings"] = reader.label("Language, time zone, calendar")
    shown["help"] = reader.label("What I can do")
    shown["stop"] = reader.label("Leave what you are doing")
    return [BotCommand(name, description) for name, description in shown.items()]


async def set_menu(bot: Bot, chat_id: int, reader: Reader, person: Person | None) -> None:
    """Put the menu into the person's client."""
    await bot.set_my_commands(commands_for(reader, person), scope=BotCommandScopeChat(chat_id))


async def set_common_menu(bot: Bot, app: AppContext) -> None:
    """Set the menu for everybody without one of their own, the group's, and the menu button.

    All at once: the start waits for it.
    """
    reader = Reader.for_agency(app.agency, app.clock.now())
    in_group = [
        BotCommand("dashboard", reader.label("The agency at a glance")),
        BotCommand("pending", reader.label("Who still has to answer")),
        BotCommand("disputes", reader.label("Open disputes")),
        BotCommand("problems", reader.label("Open problem reports")),
        BotCommand("lowpackages", reader.label("Packages that are nearly used up")),
        BotCommand("stop", reader.label("Leave what you are doing")),
    ]
    await asyncio.gather(
        bot.set_my_commands(commands_for(reader, None)),
        bot.set_chat_menu_button(menu_button=_menu_button(reader, app.pages)),
        bot.set_my_commands(in_group, scope=BotCommandScopeAllGroupChats()),
    )


def _menu_button(reader: Reader, pages: Pages) -> MenuButton:
    """The button beside the text field: the Mini App, or the commands where there is none.

    It is the same in every chat, so that a change of the address reaches all of them.
    """
    if not pages.opens_app:
        return MenuButtonCommands()
    return MenuButtonWebApp(reader.label("Open"), WebAppInfo(pages.app_address))
