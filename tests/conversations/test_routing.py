"""Routing: it chooses the handler that would be found by asking every one in turn."""

from dataclasses import fields
from enum import Enum
from typing import Any, get_type_hints

import pytest
from telegram import Bot, Update

from chat.callbacks import Button, RunCommand, encode
from chat.callbacks.codec import BY_CODE
from chat.conversation_states import ConversationKey, ConversationStates
from conversations import registry as dialogues
from conversations.dialogue import Dialogue, Handler
from conversations.routing import Routing
from handlers import registry
from sandbox.wire import Json

GRACE = 5_000_000_101
USER: Json = {"id": GRACE, "is_bot": False, "first_name": "Grace"}
PRIVATE: Json = {"id": GRACE, "type": "private", "first_name": "Grace"}
GROUP: Json = {"id": -100, "type": "supergroup", "title": "Coordinators"}


class NamedBot(Bot):
    """A bot that knows its name without having asked Telegram."""

    @property
    def username(self) -> str:
        return "tutorline_bot"


BOT = NamedBot("4200000001:AAbbCCddEEff-GGhhIIjjKKllMMnnOO")


def example_of(button: type[Button]) -> Button:
    hints = get_type_hints(button)
    return button(*(_value(hints[field.name]) for field in fields(button)))


def _value(kind: type[Any]) -> Any:
    if issubclass(kind, Enum):
        return next(iter(kind))
    return kind("1-2") if issubclass(kind, str) else kind(1)  # ids of several, where it is a text


def message(chat: Json = PRIVATE, **content: Any) -> Json:
    return {"message_id": 7, "date": 1_764_000_000, "from": USER, "chat": chat, **content}


def command(text: str, chat: Json = PRIVATE) -> Json:
    entity = {"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}
    return message(chat, text=text, entities=[entity])


def tap(data: str) -> Json:
    query = {"id": "1", "from": USER, "chat_instance": "1", "data": data, "message": message()}
    return {"callback_query": query}


def every_command() -> set[str]:
    found = {name for one in registry.handlers() for name in getattr(one, "commands", ())}
    for dialogue in dialogues.dialogues():
        found |= {name for one in dialogue.entry_points for name in getattr(one, "commands", ())}
    return found


def updates() -> list[Json]:
    """An update of every kind that handlers tell apart."""
    taps = [encode(example_of(button)) for button in BY_CODE.values() if button is not RunCommand]
    taps += [encode(RunCommand(name)) for name in sorted(every_command())]
    typed = [f"/{name}" for name in sorted(every_command())] + ["/stop", "/nonsense", "/CheckIn"]
    commands = [command(text, chat) for text in typed for chat in (PRIVATE, GROUP)]
    commands += [command("/checkin@tutorline_bot now"), command("/checkin@another_bot")]
    others = [
        message(text="Fractions went well today"),
        message(GROUP, text="Fractions went well today"),
        message(photo=[{"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}]),
        message(text="see /help", entities=[{"type": "bot_command", "offset": 4, "length": 5}]),
        message(pinned_message=message(text="pinned")),
    ]
    return [
        *map(tap, [*taps, "zz.1:1", "ck.0:1"]),
        *({"message": one} for one in [*commands, *others]),
        *({"edited_message": one | {"edit_date": 1}} for one in [commands[0], *others[:3]]),
    ]


@pytest.mark.parametrize("active", [None, *(one.title for one in dialogues.dialogues())])
def test_the_first_that_takes_an_update_is_found(active: str | None) -> None:
    states, begun = ConversationStates(), dialogues.dialogues()
    handlers: list[Handler] = [*begun, *registry.handlers(), *registry.last_resorts()]
    for dialogue in begun:
        dialogue.join(states)
    entered = next((one for one in begun if one.title == active), None)
    if entered is not None and entered.states:
        states.enter(ConversationKey(GRACE, GRACE), entered.title, str(next(iter(entered.states))))
    routing = Routing(states, handlers)
    for number, raw in enumerate(updates()):
        update = Update.de_json({"update_id": number, **raw}, BOT)
        expected = next((one for one in handlers if _takes(one, update)), None)
        found = routing.check_update(update)
        assert (found[0] if found else None) is expected, raw


def test_what_people_type_makes_it_keep_nothing() -> None:
    routing = Routing(ConversationStates(), [*registry.handlers(), *registry.last_resorts()])
    for number in range(100):
        raw = {"update_id": number, "message": command(f"/nonsense{number}")}
        routing.check_update(Update.de_json(raw, BOT))
    assert len(routing._by_kind) == 1


def _takes(handler: Handler | Dialogue, update: Update) -> bool:
    check = handler.check_update(update)
    return check is not None and check is not False
