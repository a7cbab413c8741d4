"""The contents of incoming messages, as values that the use cases take."""

from telegram import Audio, Chat, Message, Update, Voice
from telegram.ext import filters

from models.enums import PartKind
from services.notes.batches import IncomingFile


def chat_id_of(update: Update) -> int:
    """The chat's id, for handlers that get only updates of chats; TypeError where none is."""
    if update.effective_chat is None:
        raise TypeError("an update of no chat")
    return update.effective_chat.id


def is_private(update: Update) -> bool:
    """Whether the update is of a person's own chat with the bot, not of a group."""
    chat = update.effective_chat
    return chat is not None and chat.type == Chat.PRIVATE


def message_of(update: Update) -> Message:
    """The message, for handlers that get only new messages; TypeError where none is."""
    if update.message is None:
        raise TypeError("an update that is no new message")
    return update.message


def incoming_file(message: Message) -> IncomingFile | None:
    """The file of a message: photo, document, voice memo or audio; None for anything else."""
    group = message.media_group_id
    if message.photo:
        largest = message.photo[-1]
        return IncomingFile(
            PartKind.PHOTO,
            largest.file_id,
            size_bytes=largest.file_size,
            media_group_id=group,
        )
    if message.voice:
        voice = message.voice
        return IncomingFile(
            PartKind.VOICE,
            voice.file_id,
            media_type=voice.mime_type,
            size_bytes=voice.file_size,
            duration_seconds=_seconds(voice),
        )
    if message.audio:
        audio = message.audio
        return IncomingFile(
            PartKind.AUDIO,
            audio.file_id,
            audio.file_name,
            audio.mime_type,
            audio.file_size,
            _seconds(audio),
            group,
        )
    if message.document and not message.animation:
        document = message.document
        return IncomingFile(
            PartKind.DOCUMENT,
            document.file_id,
            document.file_name,
            document.mime_type,
            document.file_size,
            media_group_id=group,
        )
    return None


def _seconds(media: Voice | Audio) -> int:
    """The duration in seconds. PTB is between two types for it, and warns of either."""
    return int(media.to_dict()["duration"])


class ToBot(filters.MessageFilter):
    """Filter for replies to the bot."""

    def filter(self, message: Message) -> bool:
        answered = message.reply_to_message
        sender = answered.from_user if answered else None
        return sender is not None and sender.id == message.get_bot().id
