"""Check-out and session notes (SPEC 3, 4; UX 8).

    /checkout, [Check out] --> checked out ------+
                                                 v
    /notes --> which session? --[session]--> COLLECTING <--+ text, photo, album, document,
               [Add notes], `stray_files` ------^  |  |    | voice, audio: taken in, tally shown
                                                   |  +----+ [Remove last]
      the next of several  [Done], [Skip for now], ten quiet minutes
      checked out of at once ^---------------------+
                                                   v
                                                  END

Parts are rows from the moment they come; the dialogue knows only which batch is open.
"""

from dataclasses import replace

from markupsafe import escape
from telegram import Update
from telegram.ext import MessageHandler, filters

from chat import callbacks, questions, replies
from chat.callbacks.together import CheckOutTogether
from chat.cards.tally import end_tally, show_tally, told_done
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.incoming import chat_id_of, incoming_file, message_of
from chat.lists.showing import say_list, take_choice
from chat.menus import on_command
from chat.screen import Screen
from conversations import note_batch, stray_draft
from conversations.checking_out import (
    check_out_button,
    check_out_command,
    check_out_together,
)
from conversations.dialogue import Dialogue
from conversations.note_asking import (
    NotesDraft,
    State,
    ask,
    draft_of,
    going_on,
    take_word_away,
)
from conversations.note_batch import Count
from conversations.stray_files import take_after_notes
from conversations.typed_buttons import typed_in_tally
from conversations.wizard import Next, Taps, on_taps, tapped_message
from locales.refusals import refusal_text
from models.enums import ListKind, Status
from services.db import Session
from services.lifecycle.actors import Source
from services.notes import batches
from services.notes.batches import Tally
from services.rules.refusals import Refusal
from services.rules.refusals.notes import FileTooLarge, NotANote, NotesClosed, NothingForNotes
from services.rules.refusals.sessions import WrongStatus

NAME = "notes"


async def notes_command(update: Update, context: Context) -> Next:
    """`/notes`: ask to which session."""
    _, found = await context.app.database.read(note_batch.for_notes, update, context)
    if not found:
        raise NothingForNotes
    if len(found) == 1:
        return await _write(update, context, found[0].id)
    asked = await say_list(update, context, ListKind.FOR_NOTES)
    stray_draft.await_strays(update, context, asked.message_id)
    return None


async def write_button(update: Update, context: Context) -> Next:
    """*Add notes* on a card, or a session chosen after `/notes`."""
    tapped = callbacks.tapped(callbacks.WriteNotes, update)
    return await _write(update, context, tapped.appointment_id)


async def resume_button(update: Update, context: Context) -> Next:
    """*Go on*: the tally again, in place of the word that the notes were put aside (UX 17)."""
    tapped = callbacks.tapped(callbacks.ResumeNotes, update)
    draft, source = context.dialogues.draft(update, NotesDraft), tapped_message(update)
    written = await _write(update, context, tapped.appointment_id)
    if draft is None or draft.question_id != source.message_id:
        await questions.take_away(context, source.chat_id, source.message_id)
    return written


async def _write(update: Update, context: Context, appointment_id: int) -> Next:
    user, opened = await context.app.database.write(
        note_batch.begin_batch, update, context, appointment_id
    )
    await replies.answer(update)
    await take_choice(update, context)
    stray_draft.await_none(update, context)
    return await ask(update, context, user, opened)


async def keep_strays(update: Update, context: Context) -> Next:
    """*Keep for Ryan's notes*: files that came outside of any dialogue; others may follow."""
    about = callbacks.tapped(callbacks.KeepForNotes, update).appointment_id
    strays = stray_draft.offered_there(update, context) or stray_draft.StrayDraft()
    try:
        user, opened = await context.app.database.write(
            note_batch.keep_strays, update, context, about, strays.parts
        )
    except WrongStatus as refusal:
        if refusal.status is not Status.SCHEDULED:
            raise
        user = await context.app.database.read(current_user, update, context)
        told = user.reader.label("Please check in first, then tap this again.")
        await replies.answer(update, told)
        return None
    stray_draft.drop_offered(update, context)
    context.app.wake_collector()
    await replies.answer(update)
    if strays.question_id is not None:
        await questions.take_away(context, chat_id_of(update), strays.question_id)
    return await ask(update, context, user, opened)


async def take_text(update: Update, context: Context) -> Next:
    """A text is a part of the note; one that is the label of a button there does what it does."""
    message, draft = message_of(update), draft_of(update, context)
    match await typed_in_tally(update, context, draft.batch_id):
        case callbacks.RemovePart(part_id=part_id):
            return await _remove(update, context, part_id)
        case callbacks.EndNoteBatch() as typed:
            return await _end(update, context, typed)
    source = Source(message.chat_id, message.message_id)

    def add(session: Session, user: CurrentUser) -> Tally:
        text = message.text or ""
        return batches.add_text(session, draft.batch_id, user.actor, text, source)

    return await _take(update, context, add)


async def take_file(update: Update, context: Context) -> Next:
    """A photo, document, voice memo or audio file is a part; its bytes are fetched meanwhile."""
    message, draft = message_of(update), draft_of(update, context)
    file = incoming_file(message)
    if file is None:
        return await other(update, context)
    source = Source(message.chat_id, message.message_id)

    def add(session: Session, user: CurrentUser) -> Tally:
        return batches.add_file(session, draft.batch_id, user.actor, file, message.caption, source)

    try:
        return await _take(update, context, add, album=file.media_group_id)
    except FileTooLarge as refusal:
        return await _turn_down(update, context, refusal)


async def other(update: Update, context: Context) -> Next:
    """A sticker, a video, a location: said what is expected, and the dialogue goes on."""
    return await _turn_down(update, context, NotANote())


async def remove_last(update: Update, context: Context) -> Next:
    """*Remove last*: the part that the button names, once."""
    return await _remove(update, context, callbacks.tapped(callbacks.RemovePart, update).part_id)


async def _remove(update: Update, context: Context, part_id: int) -> Next:
    user, left, view = await context.app.database.write(
        note_batch.remove_part, update, context, part_id
    )
    await replies.answer(update, user.reader.label("Removed"))
    await take_word_away(update, context)
    context.dialogues.set_draft(update, going_on(update, context, left.batch.id, view.id))
    await show_tally(
        update, context, user.reader, left, view, in_place=update.callback_query is not None
    )
    return State.COLLECTING


async def end(update: Update, context: Context) -> Next:
    """*Done*: the parents hear of what came. *Skip for now*: nothing came; /todos reminds of it.
    *No notes*: nothing comes, and nothing reminds.

    The dialogue ends with the batch, unless it has gone on to another one, or goes on to the next
    session of several that were checked out of at once.
    """
    return await _end(update, context, callbacks.tapped(callbacks.EndNoteBatch, update))


async def _end(update: Update, context: Context, pressed: callbacks.EndNoteBatch) -> Next:
    batch_id, is_declined = pressed.batch_id, isinstance(pressed, callbacks.NoNotes)
    close = note_batch.decline if is_declined else note_batch.close_batch
    user, counted, view = await context.app.database.write(close, update, context, batch_id)
    context.app.wake_summaries()
    reader = user.reader
    await replies.answer(update, told_done(reader, view) if counted.total else None)
    is_tap = update.callback_query is not None
    await end_tally(
        update, context, reader, counted, view, is_declined=is_declined, in_place=is_tap
    )
    draft = context.dialogues.draft(update, NotesDraft)
    if draft is not None and draft.batch_id != batch_id:
        return None
    await take_word_away(update, context)
    following = None
    if draft is not None and draft.then:
        following = await context.app.database.write(
            note_batch.begin_next, update, context, draft.then
        )
    if following is None:
        return Dialogue.END
    opened, then = following
    return await ask(update, context, user, opened, then=then)


async def _take(update: Update, context: Context, add: Count, album: str | None = None) -> Next:
    """Take a part in; the tally follows the last of what was sent together."""
    draft = draft_of(update, context)
    try:
        user, taken, view, more_comes = await context.app.database.write(
            note_batch.counted, update, context, add
        )
    except NotesClosed:  # it ended by itself, and so does the dialogue
        context.dialogues.leave(update)
        return await take_after_notes(update, context)
    context.app.wake_collector()
    is_shown = album is not None and album == draft.album_shown
    if more_comes:
        shown = album if is_shown else None
        context.dialogues.set_draft(update, replace(draft, album_shown=shown))
    else:
        await show_tally(update, context, user.reader, taken, view, in_place=is_shown)
        context.dialogues.set_draft(update, replace(draft, album_shown=album))
    return State.COLLECTING


async def _turn_down(update: Update, context: Context, why: Refusal) -> Next:
    """What was sent is no part: said why, and the tally follows. Over is over, all the same."""
    draft = draft_of(update, context)

    def look(session: Session, _user: CurrentUser) -> Tally:
        return batches.tally(session, draft.batch_id)

    user, counted, view, more_comes = await context.app.database.read(
        note_batch.counted, update, context, look
    )
    if not counted.takes_parts(context.received_at):
        context.dialogues.leave(update)
        raise NotesClosed
    text = refusal_text(user.reader, why, user.person.id)
    await replies.say(update, context, Screen(escape(text)))
    if not more_comes:
        await show_tally(update, context, user.reader, counted, view)
    context.dialogues.set_draft(update, replace(draft, album_shown=None))
    return State.COLLECTING


def build() -> Dialogue:
    """The notes dialogue; its buttons work after it was parked, too."""
    new = filters.UpdateType.MESSAGE
    buttons: Taps = {
        callbacks.CheckOut: check_out_button,
        CheckOutTogether: check_out_together,
        callbacks.WriteNotes: write_button,
        callbacks.ResumeNotes: resume_button,
        callbacks.KeepForNotes: keep_strays,
        callbacks.RemovePart: remove_last,
        callbacks.NotesDone: end,
        callbacks.NotesSkip: end,
        callbacks.NoNotes: end,
    }
    return Dialogue(
        name=NAME,
        entry_points=[
            on_command("checkout", check_out_command),
            on_command("notes", notes_command),
            *on_taps(buttons),
        ],
        states={
            State.COLLECTING: [
                MessageHandler(new & filters.TEXT & ~filters.COMMAND, take_text),
                MessageHandler(new & stray_draft.FILES, take_file),
                MessageHandler(new & ~filters.COMMAND & ~filters.StatusUpdate.ALL, other),
            ]
        },
        draft=NotesDraft,
        go_on=lambda draft: callbacks.ResumeNotes(draft.appointment_id),
    )
