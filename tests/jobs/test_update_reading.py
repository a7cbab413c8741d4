"""Reading of updates: the quick way gives what python-telegram-bot gives."""

from collections.abc import Mapping
from typing import Any

import pytest
from telegram import Bot, Message, Update
from telegram._telegramobject import TelegramObject

from jobs.update_reading import UnreadableUpdateError, read_update
from sandbox.wire import Json

BOT = Bot("4200000001:AAbbCCddEEff-GGhhIIjjKKllMMnnOO")
USER: Json = {"id": 5_000_000_101, "is_bot": False, "first_name": "Grace", "language_code": "en"}
CHAT: Json = {"id": 5_000_000_101, "type": "private", "first_name": "Grace"}
TEXT: Json = {
    "message_id": 7,
    "from": USER,
    "chat": CHAT,
    "date": 1_764_000_000,
    "text": "/checkin please",
    "entities": [{"type": "bot_command", "offset": 0, "length": 8}],
}
BUTTON: Json = {"text": "Check in", "callback_data": "ck.1:7", "style": "success"}
CARD: Json = {
    "message_id": 8,
    "from": {"id": 4_200_000_001, "is_bot": True, "first_name": "Tutorline", "username": "tl_bot"},
    "chat": CHAT,
    "date": 1_764_000_000,
    "text": "A card",
    "reply_markup": {"inline_keyboard": [[BUTTON, {"text": "Map", "url": "https://a.example"}]]},
}
TAP: Json = {"id": "11", "from": USER, "chat_instance": "1", "data": "ck.1:7", "message": CARD}


def without(of: Json, *names: str) -> Json:
    return {name: value for name, value in of.items() if name not in names}


QUICKLY = {
    "a command": {"message": TEXT},
    "a text": {"message": without(TEXT, "entities")},
    "a text in a group": {
        "message": TEXT | {"chat": {"id": -100, "type": "supergroup", "title": "Coordinators"}}
    },
    "no content": {"message": without(TEXT, "text", "entities")},
    "more of a person": {"message": TEXT | {"from": USER | {"last_name": "Tan", "new": True}}},
    "a tap": {"callback_query": TAP},
    "a tap without buttons": {"callback_query": TAP | {"message": without(CARD, "reply_markup")}},
}
AS_EVER = {
    "a reply": {"message": TEXT | {"reply_to_message": CARD}},
    "a photo": {
        "message": without(TEXT, "text", "entities")
        | {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}]}
    },
    "a field that is new": {"message": TEXT | {"mood": "good"}},
    "a text of nobody": {"message": without(TEXT, "from")},
    "a text in no chat": {"message": without(TEXT, "chat")},
    "a tap of nobody": {"callback_query": TAP | {"from": None}},
    "an edited text": {"edited_message": TEXT | {"edit_date": 1_764_000_100}},
    "two things at once": {"message": TEXT, "callback_query": TAP},
    "a tap on an edited card": {
        "callback_query": TAP | {"message": CARD | {"edit_date": 1_764_000_100}}
    },
    "a tap on a message that is gone": {
        "callback_query": TAP | {"message": {"chat": CHAT, "message_id": 8, "date": 0}}
    },
    "a tap below an inline message": {
        "callback_query": without(TAP, "message") | {"inline_message_id": "5"}
    },
    "a new member": {"message": without(TEXT, "text", "entities") | {"new_chat_members": [USER]}},
    "nothing that we know": {"story_of_the_future": {"id": 1}},
}


@pytest.mark.parametrize("content", [*QUICKLY.values(), *AS_EVER.values()])
def test_an_update_is_read_as_python_telegram_bot_reads_it(content: Json) -> None:
    raw = {"update_id": 41, **content}
    assert everything_in(read_update(raw, BOT)) == everything_in(Update.de_json(dict(raw), BOT))


@pytest.mark.parametrize(
    ("content", "is_quick"),
    [(one, True) for one in QUICKLY.values()] + [(one, False) for one in AS_EVER.values()],
)
def test_texts_and_taps_are_read_without_its_search(
    content: Json, is_quick: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class SearchedError(Exception):
        pass

    def search(*_: object) -> Update:
        raise SearchedError

    monkeypatch.setattr(Update, "de_json", search)
    if is_quick:
        assert read_update({"update_id": 41, **content}, BOT).update_id == 41
    else:
        with pytest.raises(UnreadableUpdateError, match="SearchedError"):
            read_update({"update_id": 41, **content}, BOT)


@pytest.mark.parametrize(
    "content",
    [
        {"message": without(TEXT, "message_id")},
        {"message": without(TEXT, "date")},
        {"message": TEXT | {"date": "yesterday"}},
        {"message": TEXT | {"entities": 5}},
        {"message": TEXT | {"from": {"id": 1}}},
        {"message": "text"},
        {"callback_query": "tap"},
        {"callback_query": TAP | {"message": CARD | {"reply_markup": []}}},
    ],
)
def test_what_it_cannot_read_is_refused(content: Json) -> None:
    raw = {"update_id": 41, **content}
    with pytest.raises((KeyError, TypeError, AttributeError)):
        Update.de_json(dict(raw), BOT)
    with pytest.raises(UnreadableUpdateError):
        read_update(raw, BOT)


def test_a_number_that_no_database_holds_is_refused() -> None:
    raw = {"update_id": 41, "message": TEXT | {"chat": CHAT | {"id": 10**30}}}
    with pytest.raises(UnreadableUpdateError, match="number out of range"):
        read_update(raw, BOT)


def everything_in(value: object) -> Any:
    """Every attribute of an object of python-telegram-bot, and of those in it."""
    if isinstance(value, TelegramObject):
        slots = {name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())}
        names = [one for one in sorted(slots) if not one.startswith(("__", "_effective"))]
        kind = next(one for one in type(value).__mro__ if one.__module__.startswith("telegram."))
        return kind, [(name, everything_in(getattr(value, name, None))) for name in names]
    if isinstance(value, tuple | list):
        return [everything_in(one) for one in value]
    return dict(value) if isinstance(value, Mapping) else value


def test_a_message_can_be_answered() -> None:
    message = read_update({"update_id": 41, "message": TEXT}, BOT).message
    assert isinstance(message, Message)
    assert message.get_bot() is BOT
