"""The notes of a session as messages: texts together, photos as albums, files from our store.

Files come from the media store and never by Telegram's file id: stored files have been made safe
(no EXIF, no GPS), the files that were sent have not.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import date
from itertools import groupby, islice
from typing import Any, NamedTuple

from markupsafe import Markup, escape
from telegram import Bot, InputMediaPhoto, Message
from telegram.constants import ChatAction, MediaGroupLimit, ParseMode

from chat.answer_parts import AnswerParts
from chat.slots import outside_slots
from locales.reader import Reader
from models import EvidenceFile, NotePart
from models.enums import PartKind
from services.ports import MediaMissingError, MediaStore, MediaUnavailableError
from services.queries.notes import NoteView
from services.queries.sessions import SessionView

CAPTION_LIMIT = 1024
"""The longest caption, in UTF-16 units."""
StoredPart = NotePart | EvidenceFile
TEXT_LIMIT = 3500
"""Characters of notes in one message; Telegram's limit is 4096 after entities are parsed."""


class NotesChat(NamedTuple):
    """The chat in which the notes are shown, and how many messages of the answer it has."""

    bot: Bot
    id: int
    parts: AnswerParts


async def send_notes(
    chat: NotesChat,
    reader: Reader,
    view: SessionView,
    notes: Sequence[NoteView],
    media: MediaStore,
) -> None:
    """Send all notes of a session: texts, then photos, then other files, each in their order.

    Those that were added after the acknowledgement follow, each day's on their own.
    """

    def added_on(note: NoteView) -> date | None:
        return reader.date_of(note.part.created_at) if note.part.is_late else None

    together = [(day, list(added)) for day, added in groupby(notes, added_on)]
    for day, added in together or [(None, [])]:
        for text in _texts(reader, _title(reader, view, day), added):
            await _say(chat, text)
        files = [note.part for note in added if note.part.kind is not PartKind.TEXT]
        await send_files(chat, reader, files, media)


async def send_files(
    chat: NotesChat,
    reader: Reader,
    files: Sequence[StoredPart],
    media: MediaStore,
    *,
    title: Markup | None = None,
) -> None:
    """Send files: photos together, then the others; say how many are not stored yet.

    `title` stands above them.
    """
    ready = [part for part in files if part.media_key]
    if files and title is not None:
        await _say(chat, title)
    if ready:
        await chat.bot.send_chat_action(chat.id, ChatAction.UPLOAD_DOCUMENT)
    photos = [part for part in ready if part.kind is PartKind.PHOTO]
    missing = len(files) - len(ready)
    for album in _albums(photos):
        missing += await _send_album(chat, album, media)
    for part in ready:
        if part.kind is not PartKind.PHOTO:
            missing += await _send_file(chat, part, media)
    if missing:
        text = reader.texts(
            "⏳ {count} file is still being saved. Try again in a minute.",
            "⏳ {count} files are still being saved. Try again in a minute.",
            missing,
        )
        await _say(chat, text)


async def _say(chat: NotesChat, text: Markup) -> None:
    await chat.parts.send(lambda: chat.bot.send_message(chat.id, text, parse_mode=ParseMode.HTML))


def _title(reader: Reader, view: SessionView, day: date | None) -> Markup:
    """What stands above notes; `day`: on which they were added after the acknowledgement."""
    row = view.appointment
    title = reader.text(
        "📝 <b>{student}</b>, {slot}\nNotes by {tutor}",
        student=view.student.name,
        slot=reader.dated_slot(row.starts_at, row.ends_at),
        tutor=view.tutor.name,
    )
    if day is None:
        return title
    late = reader.text("Added after the acknowledgement, on {day}", day=reader.dated_day(day))
    return Markup("{}\n{}").format(title, late)


def _texts(reader: Reader, block: Markup, notes: Sequence[NoteView]) -> Iterator[Markup]:
    """Texts of notes, together; `block`: what stands above them. One that was edited says when."""
    for note in notes:
        text = note.part.text
        if not text or (note.part.kind is not PartKind.TEXT and _fits_caption(text)):
            continue
        pieces = [Markup("<blockquote>{}</blockquote>").format(one) for one in _pieces(text)]
        if (edited := note.part.edited_at) is not None:
            pieces[-1] += "\n" + reader.text("Edited {when}", when=reader.dated().when(edited))
        for quoted in pieces:
            if len(block) + len(quoted) > TEXT_LIMIT:
                yield block
                block = quoted
            else:
                block += Markup("\n") + quoted
    yield block


def _pieces(text: str) -> Iterator[str]:
    half = TEXT_LIMIT // 2
    return (text[i : i + half] for i in range(0, len(text), half))


def _albums(photos: Sequence[StoredPart]) -> Iterator[list[StoredPart]]:
    rest = iter(photos)
    while album := list(islice(rest, MediaGroupLimit.MAX_MEDIA_LENGTH)):
        yield album


async def _send_album(chat: NotesChat, album: list[StoredPart], media: MediaStore) -> int:
    """Send photos together; return how many could not be read from the store."""
    there = [(part, content) for part in album if (content := await _read(part, media))]
    if len(there) == 1:
        part, content = there[0]
        await chat.parts.send(lambda: chat.bot.send_photo(chat.id, content, caption=_caption(part)))
    elif there:
        photos = [InputMediaPhoto(content, caption=_caption(part)) for part, content in there]
        await chat.parts.send(lambda: chat.bot.send_media_group(chat.id, photos))
    return len(album) - len(there)


async def _send_file(chat: NotesChat, part: StoredPart, media: MediaStore) -> int:
    content = await _read(part, media)
    if content is None:
        return 1
    options: dict[str, Any] = {"caption": _caption(part)}
    send: Callable[..., Awaitable[Message]] = chat.bot.send_document
    if part.kind is PartKind.VOICE:
        send = chat.bot.send_voice
    elif part.kind is PartKind.AUDIO:
        send = chat.bot.send_audio
    if part.kind is PartKind.DOCUMENT or part.kind is PartKind.AUDIO:
        options["filename"] = part.file_name
    if isinstance(part, NotePart) and part.kind is not PartKind.DOCUMENT:
        options["duration"] = part.duration_seconds
    await chat.parts.send(lambda: send(chat.id, content, **options))
    return 0


async def _read(part: StoredPart, media: MediaStore) -> bytes | None:
    try:
        with outside_slots():
            return await media.get(part.media_key or "")
    except (MediaMissingError, MediaUnavailableError):
        return None


def _caption(part: StoredPart) -> Markup | None:
    """The caption of a file; None where it is so long that it is sent among the texts."""
    return escape(part.text) if part.text and _fits_caption(part.text) else None


def _fits_caption(text: str) -> bool:
    return len(text.encode("utf-16-le")) // 2 <= CAPTION_LIMIT
