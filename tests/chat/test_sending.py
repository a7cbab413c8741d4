"""Sending and editing texts: the same calls as python-telegram-bot's own methods make."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import KeyboardButtonStyle, ParseMode
from telegram.error import BadRequest
from telegram.ext import Defaults, ExtBot
from telegram.request import BaseRequest, RequestData

from chat import keyboards
from chat.callbacks import Acknowledge, ShowSession, StartDispute, encode
from chat.sending import answer_tap, edit_text, keyboard_as_json, send_text

ROWS = (
    (
        keyboards.success("Acknowledge", Acknowledge(7)),
        keyboards.link("Map", "https://maps.example/?q=Orchard"),
    ),
    (keyboards.danger("Dispute", StartDispute(7)), keyboards.button("Look", ShowSession(7))),
)
KEYBOARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton(
                "Acknowledge", callback_data="ak.1:7", style=KeyboardButtonStyle.SUCCESS
            ),
            InlineKeyboardButton("Map", url="https://maps.example/?q=Orchard"),
        ],
        [
            InlineKeyboardButton(
                "Dispute", callback_data=encode(StartDispute(7)), style=KeyboardButtonStyle.DANGER
            ),
            InlineKeyboardButton("Look", callback_data=encode(ShowSession(7))),
        ],
    ]
)
REPLY = ReplyParameters(5, allow_sending_without_reply=True)
SENT = {"message_id": 31, "date": 1_764_000_000, "chat": {"id": 7, "type": "private"}}

Call = Callable[[Bot], Awaitable[object]]


class Recorder(BaseRequest):
    """Keeps each call, and answers that a message was sent, or with an error."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._answer = answer

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        """Open nothing."""

    async def shutdown(self) -> None:
        """Close nothing."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *_timeouts: Any,
        **_more_timeouts: Any,
    ) -> tuple[int, bytes]:
        assert method == "POST"
        given = request_data.json_parameters if request_data else {}
        self.calls.append((url.rpartition("/")[2], {name: _read(given[name]) for name in given}))
        return (200 if self._answer["ok"] else 400), json.dumps(self._answer).encode()


def _read(value: str) -> object:
    return json.loads(value) if value[:1] in "{[" else value


def bot(answer: dict[str, Any]) -> tuple[Bot, Recorder]:
    recorder = Recorder(answer)
    defaults = Defaults(
        parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    return ExtBot("1:a", request=recorder, defaults=defaults), recorder


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (
            lambda bot: send_text(bot, 7, "<b>Due</b>"),
            lambda bot: bot.send_message(7, "<b>Due</b>"),
        ),
        (
            lambda bot: send_text(bot, 7, "Due", reply_markup=ROWS, disable_notification=True),
            lambda bot: bot.send_message(
                7, "Due", reply_markup=KEYBOARD, disable_notification=True
            ),
        ),
        (
            lambda bot: send_text(
                bot, 7, "Why?", reply_markup=ForceReply(selective=True), reply_to=5
            ),
            lambda bot: bot.send_message(
                7, "Why?", reply_markup=ForceReply(selective=True), reply_parameters=REPLY
            ),
        ),
        (
            lambda bot: edit_text(bot, 7, 31, "Done", ROWS),
            lambda bot: bot.edit_message_text("Done", 7, 31, reply_markup=KEYBOARD),
        ),
        (
            lambda bot: answer_tap(bot, "41", None, alert=False),
            lambda bot: bot.answer_callback_query("41", None, show_alert=False),
        ),
        (
            lambda bot: answer_tap(bot, "41", "Grace acknowledged this", alert=True),
            lambda bot: bot.answer_callback_query("41", "Grace acknowledged this", show_alert=True),
        ),
    ],
    ids=["text", "keyboard", "question", "edit", "tap", "alert"],
)
async def test_telegram_is_called_as_by_the_library(ours: Call, theirs: Call) -> None:
    calling, recorder = bot({"ok": True, "result": SENT})
    await ours(calling)
    await theirs(calling)
    assert recorder.calls[0] == recorder.calls[1]


async def test_the_place_of_a_message_is_what_telegram_says() -> None:
    calling, _ = bot({"ok": True, "result": SENT})
    assert await send_text(calling, 5, "Due") == (7, 31)


async def test_a_refusal_of_telegrams_is_raised() -> None:
    calling, _ = bot({"ok": False, "error_code": 400, "description": "Bad Request: no such chat"})
    with pytest.raises(BadRequest, match="such chat"):
        await send_text(calling, 5, "Due")
    with pytest.raises(BadRequest):
        await edit_text(calling, 5, 31, "Due")
    with pytest.raises(BadRequest):
        await answer_tap(calling, "41", None, alert=False)


def test_a_keyboard_is_written_as_by_the_library() -> None:
    assert keyboard_as_json(ROWS) == KEYBOARD.to_dict()
