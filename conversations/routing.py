"""The one handler of the Application: it asks only those that an update can be for.

An update is offered to a hundred handlers in turn, and most of them are for another button or
another command. They are sorted by that once; what is left decides as ever, in the same order.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, MessageHandler

from chat.app_context import AppContext
from chat.callbacks import Button, Pressed, RunCommand, decode
from chat.context import App, Context
from chat.conversation_states import ConversationStates
from chat.menus import CommandOrButton
from conversations import over
from conversations.dialogue import (
    PARKING_GROUP,
    Dialogue,
    Handler,
    NotForThisError,
    Parking,
    QuestionOverError,
    SayParked,
)
from conversations.premise import Premises, Resting
from conversations.stray_offer import offer_now

Kind = type[Button] | type[None] | str
"""What an update is: a button that was pressed, a readable one or not, or the name of a command;
an empty name for everything else."""


def kind_of(update: Update) -> Kind:
    """What `update` is, for the choice of handlers."""
    if update.callback_query is not None:
        return type(decode(update.callback_query.data))
    message = update.message or update.edited_message
    if message is None or not message.text or not message.entities:
        return ""
    first = message.entities[0]
    if first.type != first.BOT_COMMAND or first.offset != 0:
        return ""
    return message.text[1 : first.length].partition("@")[0].lower()


def may_take(handler: Handler, kind: Kind) -> bool:
    """Whether a handler may take an update of this kind; a dialogue, to begin.

    The messages with which a dialogue begins are no commands: a test holds that.
    """
    is_tap = isinstance(kind, type)
    is_command = not is_tap and kind != ""
    match handler:
        case CallbackQueryHandler(pattern=Pressed() as pressed):
            return kind in pressed.kinds
        case CallbackQueryHandler():
            return is_tap
        case CommandHandler():
            is_button = kind is RunCommand and isinstance(handler, CommandOrButton)
            return is_button or kind in handler.commands
        case MessageHandler():
            return not is_tap
        case Dialogue():
            return any(
                may_take(entry_point, kind)
                for entry_point in handler.entry_points
                if not (is_command and isinstance(entry_point, MessageHandler))
            )
    return True


def add_handlers(
    application: App,
    states: ConversationStates,
    *,
    dialogues: Sequence[Dialogue],
    handlers: Sequence[Handler],
    last_resorts: Sequence[Handler],
    say_parked: SayParked,
) -> None:
    """Puts every handler into its place; the first that takes an update has it alone.

    `handlers` are commands and notification buttons: each parks the dialogue before it.
    `last_resorts` leave it be: /stop, buttons that mean nothing any more, text outside dialogues.
    """
    for dialogue in dialogues:
        dialogue.join(states)
    app: AppContext = application.bot_data["app"]
    app.left_of = Premises(app, _premises_of(dialogues)).left_of
    app.offer_now = partial(offer_now, app)
    application.add_handler(Parking(states, dialogues, handlers, say_parked), PARKING_GROUP)
    application.add_handler(Routing(states, [*dialogues, *handlers, *last_resorts]))


class Routing(BaseHandler[Update, Context, Any]):
    """Handlers in their order: the first that takes an update has it alone."""

    def __init__(self, states: ConversationStates, handlers: Sequence[Handler]) -> None:
        super().__init__(self._nothing)
        self._states = states
        self._handlers = handlers
        self._dialogues = {one.title: one for one in handlers if isinstance(one, Dialogue)}
        self._commands = {name for one in handlers for name in _commands_of(one)}
        self._by_kind: dict[Kind, list[Handler]] = {}

    def check_update(self, update: object) -> tuple[Handler, object] | None:
        """The handler that takes an update, with what it found out about it."""
        if not isinstance(update, Update):
            return None
        active = self._dialogues.get(self._states.active(update) or "")
        if active is not None and (found := _taken(active, update)):
            return found
        for handler in self._for(kind_of(update)):
            if found := _taken(handler, update):
                return found
        return None

    async def handle_update(  # type: ignore[override]
        self, update: Update, application: App, check: tuple[Handler, Any], context: Context
    ) -> Any:
        """Have the handler that takes the update handle it."""
        handler, found = check
        try:
            return await handler.handle_update(update, application, found, context)
        except NotForThisError as error:
            if isinstance(error, QuestionOverError) and isinstance(handler, Dialogue):
                await over.leave(handler, update, context, error.first)
            others = self.check_update(update)
            if others is None or others[0] is handler:
                return None
            done = await others[0].handle_update(update, application, others[1], context)
            await over.say_left(update, context)
            return done

    def _for(self, kind: Kind) -> list[Handler]:
        if isinstance(kind, str) and kind not in self._commands:
            kind = ""  # nobody's command: people type what they like
        if kind not in self._by_kind:
            self._by_kind[kind] = [one for one in self._handlers if may_take(one, kind)]
        return self._by_kind[kind]

    async def _nothing(self, _update: Update, _context: Context) -> None:
        """Never called: the handler that takes an update has a callback of its own."""


def _premises_of(dialogues: Sequence[Dialogue]) -> dict[str, Resting]:
    return {
        one.title: Resting(one.draft_type, one.premise, one.way_back)
        for one in dialogues
        if one.premise is not None and one.draft_type is not None
    }


def _commands_of(handler: Handler) -> frozenset[str]:
    """Names of the commands that a handler takes; a dialogue, to begin."""
    match handler:
        case CommandHandler():
            return handler.commands
        case Dialogue():
            return frozenset().union(*map(_commands_of, handler.entry_points))
    return frozenset()


def _taken(handler: Handler, update: Update) -> tuple[Handler, object] | None:
    check = handler.check_update(update)
    return None if check is None or check is False else (handler, check)
