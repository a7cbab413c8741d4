"""Calls of Telegram for each part of a delivery, within the rate limits."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from telegram import (
    Bot,
    BotCommandScopeChat,
    ForceReply,
    InputFile,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    Message,
    ReplyParameters,
)
from telegram.error import BadRequest, Forbidden

from chat import bad_requests
from chat.app_context import AppContext
from chat.message_parts import (
    Edit,
    EditList,
    EditStanding,
    MediaItem,
    MediaKind,
    Refresh,
    Send,
    SendMedia,
    SetMenu,
    StoredFile,
    TakeButtons,
)
from chat.replaced import remains_of
from chat.screen import Screen
from chat.sending import edit_text, send_text
from chat.slots import outside_slots
from jobs.rate_limits import RateLimiter
from services.db import Session
from services.messaging import cards, lists, standing
from services.messaging.cards import OlderCard
from services.messaging.deliveries import MessagePlace
from services.rules.quiet_hours import is_quiet

_ALBUM = {
    MediaKind.PHOTO: InputMediaPhoto,
    MediaKind.DOCUMENT: InputMediaDocument,
    MediaKind.AUDIO: InputMediaAudio,
}


@dataclass(frozen=True)
class Place:
    """A chat, and the time zone of its reader's quiet hours."""

    chat_id: int
    zone: ZoneInfo


class TelegramSender:
    """Sender and editor of messages. Telegram's errors are raised as they are."""

    def __init__(self, bot: Bot, app: AppContext, limiter: RateLimiter) -> None:
        self._bot = bot
        self._app = app
        self._limiter = limiter

    async def send(self, place: Place, part: Send) -> MessagePlace:
        """Send a new message; return where it is."""
        markup = (
            part.screen.rows
            if part.force_reply is None
            else ForceReply(input_field_placeholder=part.force_reply)
        )
        await self._limiter.admit(place.chat_id)
        return await send_text(
            self._bot,
            place.chat_id,
            part.screen.text,
            reply_markup=markup,
            disable_notification=part.moves_down
            or self._is_silent(place, rings=part.rings)
            or None,
            reply_to=part.reply_to,
        )

    async def send_media(self, place: Place, part: SendMedia) -> MessagePlace:
        """Send a file or an album; return where it begins. Raises the media store's errors."""
        options: dict[str, Any] = {
            "disable_notification": self._is_silent(place, rings=part.rings),
            "reply_parameters": _reply_to(part.reply_to),
        }
        files = [await self._file(item, attach=len(part.items) > 1) for item in part.items]
        await self._limiter.admit(place.chat_id, len(files))
        if len(files) == 1:
            item = part.items[0]
            sender = self._sender_of(item.kind)
            return _place_of(await sender(place.chat_id, files[0], caption=item.caption, **options))
        album = [
            _ALBUM[item.kind](media=file, caption=item.caption)
            for item, file in zip(part.items, files, strict=True)
        ]
        sent = await self._bot.send_media_group(place.chat_id, album, **options)
        return _place_of(sent[0])

    async def set_menu(self, place: Place, part: SetMenu) -> None:
        """Set the commands that the person's client shows."""
        scope = BotCommandScopeChat(place.chat_id)
        await self._limiter.admit(place.chat_id)
        await self._bot.set_my_commands(part.commands, scope=scope)

    async def refresh(self, part: Refresh) -> None:
        """Bring messages of a chat up to date, one after the other."""
        for edit in part.edits:
            await self.edit(edit)
        for left in part.standing:
            await self.edit_standing(left)
        for one in part.lists:
            await self.edit_list(one)
        for over in part.gone:
            await self.delete(over)

    async def edit(self, edit: Edit) -> None:
        """Edit a card, unless it shows this screen already or is retired."""
        database = self._app.database
        shown = await database.read(cards.shown_on, edit.card_id)
        if shown is None or shown == edit.screen.content_hash:
            return
        place = (edit.chat_id, edit.message_id)
        if await self._has_edited(edit):

            def transaction(session: Session) -> bool:
                screen = edit.screen
                cards.now_shows(session, *place, screen.content_hash, screen.true_until)
                return cards.is_replaced(session, edit.card_id)

            is_replaced = await database.write(transaction)
            if is_replaced:  # during the edit, which then brought its buttons back
                await self.retire(OlderCard(edit.card_id, *place))
        else:
            await database.write(cards.retire, *place)

    async def edit_standing(self, edit: EditStanding) -> None:
        """Edit a message that stands; leave it for good if it is over or cannot be edited."""
        if not await self._has_edited(edit) or edit.is_over:
            await self._app.database.write(standing.forget, edit.chat_id, edit.message_id)

    async def edit_list(self, edit: EditList) -> None:
        """Edit a list; leave it for good if it is over or cannot be edited."""
        write, new = self._app.database.write, edit.new
        if await self._has_edited(edit) and new is not None:
            await write(lists.now_shows, edit.list_id, new)
        else:
            await write(lists.forget_list, edit.list_id)

    async def delete(self, over: MessagePlace) -> None:
        """Delete a question that is over, unless it is gone or Telegram keeps it."""
        await self._limiter.admit(over.chat_id)
        with suppress(BadRequest):
            await self._bot.delete_message(*over)

    async def take_buttons(self, part: TakeButtons) -> None:
        """Take the buttons of messages, unless one is gone or its chat is closed to the bot."""
        for place in part.places:
            await self._limiter.admit(place.chat_id)
            with suppress(BadRequest, Forbidden):
                await self._bot.edit_message_reply_markup(*place)

    async def retire(self, card: OlderCard) -> None:
        """Leave one line of a card that a newer one replaced, and mark it as retired (UX 17).

        An open question that took its place stays: it is answered there.
        """
        is_question, line = await self._app.database.read(remains_of, self._app, card)
        if not is_question:
            await self._leave_line(card, line)
        await self._app.database.write(cards.retire, card.chat_id, card.message_id)

    async def _leave_line(self, card: OlderCard, line: Screen | None) -> None:
        """Turn a card into its line, or take its buttons where there is none."""
        chat_id, message_id = card.chat_id, card.message_id
        await self._limiter.admit(chat_id)
        try:
            if line is None:
                await self._bot.edit_message_reply_markup(chat_id, message_id)
            else:
                await edit_text(self._bot, chat_id, message_id, line.text)
        except BadRequest as error:
            if not (bad_requests.is_unchanged(error) or bad_requests.is_beyond_editing(error)):
                raise

    async def remove(self, card: OlderCard) -> None:
        """Delete a card that has moved down; retire one that Telegram keeps, or that asks."""
        if (await self._app.database.read(remains_of, self._app, card)).is_question:
            await self._app.database.write(cards.retire, card.chat_id, card.message_id)
            return
        await self._limiter.admit(card.chat_id)
        try:
            await self._bot.delete_message(card.chat_id, card.message_id)
        except BadRequest:
            await self.retire(card)
        else:
            await self._app.database.write(cards.retire, card.chat_id, card.message_id)

    async def _has_edited(self, edit: Edit | EditStanding | EditList) -> bool:
        """Edit a message; return False where it cannot be edited, as a group's messages from
        before it got a new id.
        """
        await self._limiter.admit(edit.chat_id)
        try:
            screen = edit.screen
            await edit_text(self._bot, edit.chat_id, edit.message_id, screen.text, screen.rows)
        except BadRequest as error:
            if bad_requests.is_unchanged(error):
                return True
            if bad_requests.is_beyond_editing(error):
                return False
            raise
        return True

    async def _file(self, item: MediaItem, *, attach: bool) -> str | InputFile:
        """The file to upload, or its file id; in an album it is attached to the request."""
        if isinstance(item.file, StoredFile):
            with outside_slots():
                content = await self._app.media.get(item.file.key)
            return InputFile(content, filename=item.file.file_name, attach=attach)
        return item.file

    def _sender_of(self, kind: MediaKind) -> Callable[..., Awaitable[Message]]:
        senders: dict[MediaKind, Callable[..., Any]] = {
            MediaKind.PHOTO: self._bot.send_photo,
            MediaKind.DOCUMENT: self._bot.send_document,
            MediaKind.VOICE: self._bot.send_voice,
            MediaKind.AUDIO: self._bot.send_audio,
        }
        return senders[kind]

    def _is_silent(self, place: Place, *, rings: bool) -> bool:
        return not rings and is_quiet(self._app.clock.now(), place.zone)


def _place_of(message: Message) -> MessagePlace:
    return MessagePlace(message.chat_id, message.message_id)


def _reply_to(message_id: int | None) -> ReplyParameters | None:
    if message_id is None:
        return None
    return ReplyParameters(message_id, allow_sending_without_reply=True)
