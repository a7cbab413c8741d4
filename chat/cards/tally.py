"""The live tally of a note batch (UX 8)."""

from contextlib import suppress
from functools import partial

from markupsafe import Markup
from telegram import Bot, Update
from telegram.error import BadRequest, TelegramError

from chat import bad_requests, callbacks, keyboards, replies
from chat.context import Context
from chat.screen import Screen
from chat.sending import edit_text
from locales.parts import parts
from locales.reader import Reader
from models import NoteBatch
from models.enums import Status
from services.db import Session
from services.messaging.cards import OlderCard
from services.messaging.conversation_state import drafts_in
from services.notes.batches import Tally, remember_tally_message
from services.notes.batches import tally as tally_of
from services.queries.sessions import SessionView

NOTES = "notes"
"""Name of the dialogue."""


def tally_screen(reader: Reader, tally: Tally, view: SessionView) -> Screen:
    """The parts that came and the files on their way, with *Remove last*, *Done* or *Skip*."""
    row = view.appointment
    about = reader.text(
        "📝 Notes for <b>{student}</b>, {slot}",
        student=view.student.name,
        slot=reader.dated_slot(row.starts_at, row.ends_at),
    )
    if tally.total == 0:
        lines = [about]
        lines.append(
            reader.text("Send text, photos, documents or voice memos, as many as you like.")
        )
        skip = keyboards.button(reader.label("Skip for now"), callbacks.NotesSkip(tally.batch.id))
        row_of_skip = _with_no_notes(reader, tally, view, skip)
        if len(row_of_skip) > 1:
            lines.append(
                reader.text("Nothing to write? Tap No notes, and you won't be asked again.")
            )
        return Screen(Markup("\n").join(lines), (row_of_skip,))
    lines = [about, reader.text("So far: <b>{parts}</b>", parts=parts(reader, tally.counts))]
    lines += _on_its_way(reader, tally)
    remove = (
        keyboards.button(reader.label("Remove last"), callbacks.RemovePart(tally.last_part_id))
        if tally.last_part_id is not None
        else None
    )
    done = keyboards.success(reader.label("Done"), callbacks.NotesDone(tally.batch.id))
    return Screen(Markup("\n").join(lines), keyboards.in_pairs(remove, done))


def closed_tally_screen(
    reader: Reader, tally: Tally, view: SessionView, why: Markup, *, is_declined: bool = False
) -> Screen:
    """The tally of a closed batch: what was kept, and a button to add more.

    `is_declined`: the tutor has said that there are none.
    """
    row = view.appointment
    about = reader.text(
        "📝 Notes for <b>{student}</b>, {slot}",
        student=view.student.name,
        slot=reader.dated_slot(row.starts_at, row.ends_at),
    )
    lines = [about, why]
    if tally.total:
        lines.append(reader.text("Kept: <b>{parts}</b>", parts=parts(reader, tally.counts)))
        lines += _on_its_way(reader, tally)
    more = keyboards.button(reader.label("Add notes"), callbacks.WriteNotes(row.id))
    row_of_more = (more,) if is_declined else _with_no_notes(reader, tally, view, more)
    return Screen(Markup("\n").join(lines), (row_of_more,))


def _with_no_notes(
    reader: Reader, tally: Tally, view: SessionView, button: keyboards.InlineButton
) -> tuple[keyboards.InlineButton, ...]:
    """The button, and *No notes* where the session is over and has none, so that nobody asks for
    them again.
    """
    if tally.has_notes or view.status is Status.CHECKED_IN:
        return (button,)
    return button, keyboards.button(reader.label("No notes"), callbacks.NoNotes(tally.batch.id))


def _why_ended(reader: Reader, tally: Tally, view: SessionView, *, is_declined: bool) -> Markup:
    if tally.total:
        return reader.text("Done. Thank you.")
    if tally.has_notes:
        return reader.text("Nothing was added. The notes from before stay.")
    if is_declined:
        return reader.text("No notes. You won't be asked for them again.")
    if view.status is Status.CHECKED_IN:
        return reader.text("Skipped for now. I'll ask again when you check out.")
    return reader.text("Skipped for now. /todos will remind you.")


def told_done(reader: Reader, view: SessionView) -> str:
    """When the parents hear of the notes: at once, or with the card that comes at check-out."""
    if view.status is Status.CHECKED_IN:
        return reader.label("Done. The parents get the notes when you check out.")
    return reader.label("Done. The parents are told.")


def _on_its_way(reader: Reader, tally: Tally) -> list[Markup]:
    if not tally.on_its_way:
        return []
    return [
        reader.texts(
            "⏳ {count} file is still being saved",
            "⏳ {count} files are still being saved",
            tally.on_its_way,
        )
    ]


async def show_tally(
    update: Update,
    context: Context,
    reader: Reader,
    tally: Tally,
    view: SessionView,
    *,
    in_place: bool = False,
) -> None:
    """Show the tally below what was sent last, so that *Done* is always under the thumb.

    The tally before it is deleted. With `in_place` (for the next photo of an album, or a part
    that was removed), or where it stands below that already, it is edited instead.
    """
    screen = tally_screen(reader, tally, view)
    await _put(update, context, tally.batch, screen, in_place=in_place)
    if tally.on_its_way:
        await replies.record_now(context)
        now = await context.app.database.read(tally_of, tally.batch.id)
        if now != tally:  # a file was stored while the tally was being sent
            await refresh_tally(context.bot, reader, now, view)


async def _put(
    update: Update, context: Context, batch: NoteBatch, screen: Screen, *, in_place: bool
) -> None:
    """Show a screen as the tally of a batch: where the one before it stands, or below."""
    before = batch.tally_message_id
    is_edited = in_place or _stands_below(update, before)
    if not is_edited or not await _edit_remembered(context, batch, screen):
        message = await replies.say(update, context, screen)
        await replies.record(context, partial(_remember, batch.id, message.message_id))
        if before is None:  # a question that is asked once
            await replies.record_now(context)
        else:
            await _delete(context.bot, batch.chat_id, before)
    await _take_stray(update, context, batch)


def _stands_below(update: Update, tally_message_id: int | None) -> bool:
    """Whether the tally is newer than the message that came, as when its update is tried again."""
    came, tally = update.message, tally_message_id
    return came is not None and tally is not None and came.message_id < tally


def _remember(batch_id: int, message_id: int, session: Session) -> tuple[OlderCard, ...]:
    remember_tally_message(session, batch_id, message_id)
    return ()


async def end_tally(
    update: Update,
    context: Context,
    reader: Reader,
    tally: Tally,
    view: SessionView,
    *,
    is_declined: bool = False,
    in_place: bool = True,
) -> None:
    """Turn the tally of a batch that the tutor has ended into a list of what was kept, with *Add
    notes*.

    `is_declined`: they have no notes. It stands below what was sent last unless `in_place`.
    """
    why = _why_ended(reader, tally, view, is_declined=is_declined)
    screen = closed_tally_screen(reader, tally, view, why, is_declined=is_declined)
    await _put(update, context, tally.batch, screen, in_place=in_place)


async def refresh_tally(bot: Bot, reader: Reader, tally: Tally, view: SessionView) -> None:
    """Edit the tally in place: a file was stored meanwhile, or notes of another session began."""
    message_id = tally.batch.tally_message_id
    if message_id is None:
        return
    if tally.batch.closed_at is None:
        screen = tally_screen(reader, tally, view)
    else:
        why = _why_ended(reader, tally, view, is_declined=False)
        screen = closed_tally_screen(reader, tally, view, why)
    await _edit(bot, tally.batch.chat_id, message_id, screen)


async def remove_tally(bot: Bot, tally: Tally, on_hold: int | None) -> None:
    """Delete the tally of a batch that was closed by the clock; a message tells what was kept.

    The word that it is on hold goes, too, since there is nothing left to go on with (UX 17).
    """
    for message_id in (tally.batch.tally_message_id, on_hold):
        if message_id is not None:
            await _delete(bot, tally.batch.chat_id, message_id)


def word_on_hold(session: Session, batch: NoteBatch) -> int | None:
    """Message that says that these notes are on hold; None where they are not."""
    drafts = drafts_in(session, batch.chat_id, NOTES)
    words = (one.get("question_id") for one in drafts if one.get("batch_id") == batch.id)
    return next((one for one in words if isinstance(one, int)), None)


async def _edit_remembered(context: Context, batch: NoteBatch, screen: Screen) -> bool:
    """Edit the batch's tally; return whether it shows the screen now."""
    message_id = batch.tally_message_id
    return message_id is not None and await _edit(context.bot, batch.chat_id, message_id, screen)


async def _take_stray(update: Update, context: Context, batch: NoteBatch) -> None:
    """Delete a tapped tally of this batch that is not the recorded one: its sending had seemed to
    fail.
    """
    query = update.callback_query
    tapped = query.message.message_id if query and query.message else None
    button = callbacks.decode(query.data if query else None)
    is_tally = isinstance(button, callbacks.OfTally)
    if isinstance(button, callbacks.EndNoteBatch) and button.batch_id != batch.id:
        return
    if is_tally and tapped is not None and tapped != batch.tally_message_id:
        await _delete(context.bot, batch.chat_id, tapped)


async def _edit(bot: Bot, chat_id: int, message_id: int, screen: Screen) -> bool:
    """Edit a message; return whether it shows the screen now."""
    try:
        await replies.once_more(
            lambda: edit_text(bot, chat_id, message_id, screen.text, screen.rows)
        )
    except BadRequest as error:
        return bad_requests.is_unchanged(error)
    return True


async def _delete(bot: Bot, chat_id: int, message_id: int) -> None:
    with suppress(TelegramError):  # deleted already, or too old: its buttons do no harm
        await replies.once_more(lambda: bot.delete_message(chat_id, message_id))
