"""Check-out and session notes (SPEC 3, 4; UX 8).

    /checkout, [Check out] --> checked out ------+
                                                 v
    /notes --> which session? --[session]--> COLLECTING <--+ text, photo, album, document,
               [Add notes] ---------------------^  |  |    | voice, audio: taken in, tally shown
                                                   |  +----+ [Remove last]
                       [Done], [Skip for now], ten quiet minutes
                                                   v
                                                  END

Parts are rows from the moment they come; the dialogue knows no more than which sitting is open.
"""

from dataclasses import dataclass
from enum import StrEnum

from telegram import Message, Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from chat import callbacks, replies
from chat.context import Context
from chat.delivery import CardOf
from chat.incoming import incoming_file
from chat.menus import on_command
from chat.screen import Screen
from chat.session_screens import choice_screen, session_screen
from chat.tally import closed_tally_screen, show_tally, tally_screen
from chat.visitors import Visitor, require_tutor, visitor_of
from conversations.dialogue import Dialogue
from locales.wording import action_done
from models.enums import Action
from services import attendance, notes
from services.actors import Source
from services.db import Session
from services.notes import Tally
from services.queries import sessions
from services.queries.inbox import is_last_waiting
from services.queries.sessions import SessionView, session_view
from services.rules.refusals import Refusal, RefusalCode

NAME = "notes"


class State(StrEnum):
    """Where the tutor is."""

    COLLECTING = "collecting"


@dataclass(frozen=True)
class NotesDraft:
    """Which sitting is open, and the album that came last."""

    batch_id: int
    media_group_id: str | None = None


Next = State | int | None


async def check_out_command(update: Update, context: Context) -> Next:
    """`/checkout`: at once where one session qualifies, a button each where several do."""
    house, now = context.house, context.received_at
    async with house.database.reading() as session:
        visitor = await visitor_of(session, update, context)
        require_tutor(visitor)
        ready = await sessions.to_check_out(session, visitor.person, now)
        nearest = await sessions.nearest_to_check_out(session, visitor.person, house.agency, now)
    if len(ready) > 1:
        title = visitor.reader.text("Which session is over?")
        screen = choice_screen(visitor.reader, title, ready, callbacks.CheckOut)
        await replies.say(update, context, screen)
        return None
    if nearest is None:
        raise Refusal(RefusalCode.NOTHING_TO_CHECK_OUT)
    return await _check_out(update, context, ready[0].id if ready else nearest.id)


async def check_out_button(update: Update, context: Context) -> Next:
    """*Check out* on a card or in a list."""
    return await _check_out(
        update, context, callbacks.tapped(callbacks.CheckOut, update).appointment_id
    )


async def _check_out(update: Update, context: Context, appointment_id: int) -> Next:
    house = context.house
    async with house.database.unit_of_work() as session:
        visitor = await visitor_of(session, update, context)
        outcome = await attendance.check_out(session, appointment_id, visitor.actor)
        card = await session_screen(session, visitor, appointment_id, house.agency)
        opened = await _open(session, update, visitor, appointment_id)
    house.wake_sender()
    done = action_done(
        visitor.reader, Action.CHECK_OUT, visitor.person.name, outcome.at, is_reader=True
    )
    await replies.answer(update, done)
    await replies.show_card(update, context, card, CardOf(appointment_id), visitor.person.id)
    return await _ask(update, context, visitor, opened)


async def notes_command(update: Update, context: Context) -> Next:
    """`/notes`: to which session?"""
    async with context.house.database.reading() as session:
        visitor = await visitor_of(session, update, context)
        require_tutor(visitor)
        found = await sessions.for_notes(session, visitor.person, context.received_at)
    if not found:
        raise Refusal(RefusalCode.NOTHING_FOR_NOTES)
    if len(found) == 1:
        return await _write(update, context, found[0].id)
    title = visitor.reader.text("Notes for which session?")
    screen = choice_screen(visitor.reader, title, found, callbacks.WriteNotes)
    await replies.say(update, context, screen)
    return None


async def write_button(update: Update, context: Context) -> Next:
    """*Add notes* on a card, or a session chosen after `/notes`."""
    await replies.answer(update)
    return await _write(
        update, context, callbacks.tapped(callbacks.WriteNotes, update).appointment_id
    )


async def _write(update: Update, context: Context, appointment_id: int) -> Next:
    async with context.house.database.unit_of_work() as session:
        visitor = await visitor_of(session, update, context)
        opened = await _open(session, update, visitor, appointment_id)
    return await _ask(update, context, visitor, opened)


async def take_text(update: Update, context: Context) -> Next:
    """A text is a part of the note."""
    message, draft = _message(update), _draft(update, context)
    source = Source(message.chat_id, message.message_id)
    try:
        async with context.house.database.unit_of_work() as session:
            visitor = await visitor_of(session, update, context)
            taken = await notes.add_text(
                session, draft.batch_id, visitor.actor, message.text or "", source
            )
            view = await _view(session, taken)
            is_last = await is_last_waiting(session, message.chat_id, update.update_id)
    except Refusal as refusal:
        _leave_if_over(update, context, refusal)
        raise
    context.dialogues.set_draft(update, NotesDraft(draft.batch_id))
    if is_last:
        await show_tally(update, context, tally_screen(visitor.reader, taken, view), taken)
    return State.COLLECTING


async def take_file(update: Update, context: Context) -> Next:
    """A photo, document, voice memo or audio file is a part; its bytes are fetched meanwhile."""
    message, draft = _message(update), _draft(update, context)
    file = incoming_file(message)
    if file is None:
        return await other(update, context)
    source = Source(message.chat_id, message.message_id)
    try:
        async with context.house.database.unit_of_work() as session:
            visitor = await visitor_of(session, update, context)
            taken = await notes.add_file(
                session, draft.batch_id, visitor.actor, file, message.caption, source
            )
            view = await _view(session, taken)
            is_last = await is_last_waiting(session, message.chat_id, update.update_id)
    except Refusal as refusal:
        _leave_if_over(update, context, refusal)
        raise
    context.house.wake_collector()
    same_album = bool(file.media_group_id) and file.media_group_id == draft.media_group_id
    context.dialogues.set_draft(update, NotesDraft(draft.batch_id, file.media_group_id))
    if is_last:
        screen = tally_screen(visitor.reader, taken, view)
        await show_tally(update, context, screen, taken, in_place=same_album)
    return State.COLLECTING


async def other(update: Update, context: Context) -> Next:
    """A sticker, a video, a location: said what is expected, and the dialogue goes on."""
    async with context.house.database.reading() as session:
        visitor = await visitor_of(session, update, context)
    text = visitor.reader.text(
        "That cannot be kept with the notes. Send text, a photo, a document or a voice memo, "
        "or press Done."
    )
    await replies.say(update, context, Screen(text))
    return State.COLLECTING


async def remove_last(update: Update, context: Context) -> Next:
    """*Remove last*: the part that the button names, once."""
    part_id = callbacks.tapped(callbacks.RemovePart, update).part_id
    async with context.house.database.unit_of_work() as session:
        visitor = await visitor_of(session, update, context)
        left = await notes.remove_part(session, part_id, visitor.actor)
        view = await _view(session, left)
    await replies.answer(update, visitor.reader.label("Removed"))
    await replies.show(update, context, tally_screen(visitor.reader, left, view))
    context.dialogues.set_draft(update, NotesDraft(left.batch.id))
    return State.COLLECTING


async def done(update: Update, context: Context) -> Next:
    """*Done*: the sitting is over; the parents hear of what came."""
    batch_id = callbacks.tapped(callbacks.NotesDone, update).batch_id
    visitor, counted, view = await _close(update, context, batch_id)
    context.house.wake_sender()
    await replies.answer(update, visitor.reader.label("Done. The parents are told."))
    why = visitor.reader.text("Done. Thank you.")
    await replies.show(update, context, closed_tally_screen(visitor.reader, counted, view, why))
    return Dialogue.END


async def skip(update: Update, context: Context) -> Next:
    """*Skip for now*: nothing came; /todos reminds of it."""
    batch_id = callbacks.tapped(callbacks.NotesSkip, update).batch_id
    visitor, counted, view = await _close(update, context, batch_id)
    await replies.answer(update)
    why = visitor.reader.text("Skipped for now. /todos keeps it in mind.")
    await replies.show(update, context, closed_tally_screen(visitor.reader, counted, view, why))
    return Dialogue.END


async def _open(
    session: Session, update: Update, visitor: Visitor, appointment_id: int
) -> tuple[Tally, SessionView]:
    chat = update.effective_chat
    chat_id = chat.id if chat else 0
    batch = await notes.open_batch(session, appointment_id, visitor.actor, chat_id)
    opened = await notes.tally(session, batch.id)
    return opened, await _view(session, opened)


async def _ask(
    update: Update, context: Context, visitor: Visitor, opened: tuple[Tally, SessionView]
) -> Next:
    counted, view = opened
    context.dialogues.set_draft(update, NotesDraft(counted.batch.id))
    await show_tally(update, context, tally_screen(visitor.reader, counted, view), counted)
    return State.COLLECTING


async def _close(
    update: Update, context: Context, batch_id: int
) -> tuple[Visitor, Tally, SessionView]:
    async with context.house.database.unit_of_work() as session:
        visitor = await visitor_of(session, update, context)
        counted = await notes.tally(session, batch_id)
        if counted.batch.tutor_id != visitor.person.id:
            raise Refusal(RefusalCode.NOT_YOUR_SESSION)
        counted = await notes.close_batch(session, batch_id, visitor.actor)
        view = await _view(session, counted)
    return visitor, counted, view


async def _view(session: Session, counted: Tally) -> SessionView:
    view = await session_view(session, counted.batch.appointment_id)
    if view is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return view


def _leave_if_over(update: Update, context: Context, refusal: Refusal) -> None:
    """A sitting that has ended by itself takes nothing more, and the dialogue is over."""
    if refusal.code is RefusalCode.NOTES_CLOSED:
        context.dialogues.leave(update)


def _draft(update: Update, context: Context) -> NotesDraft:
    draft = context.dialogues.draft(update, NotesDraft)
    if draft is None:
        raise Refusal(RefusalCode.NOTES_CLOSED)
    return draft


def _message(update: Update) -> Message:
    if update.message is None:
        raise TypeError("a step that takes messages was given none")
    return update.message


def build() -> Dialogue:
    """The notes dialogue; its buttons work after it was parked, too."""
    new = filters.UpdateType.MESSAGE
    files = filters.PHOTO | filters.Document.ALL | filters.VOICE | filters.AUDIO
    tap = callbacks.pressed
    return Dialogue(
        name=NAME,
        entry_points=[
            on_command("checkout", check_out_command),
            on_command("notes", notes_command),
            CallbackQueryHandler(check_out_button, pattern=tap(callbacks.CheckOut)),
            CallbackQueryHandler(write_button, pattern=tap(callbacks.WriteNotes)),
            CallbackQueryHandler(remove_last, pattern=tap(callbacks.RemovePart)),
            CallbackQueryHandler(done, pattern=tap(callbacks.NotesDone)),
            CallbackQueryHandler(skip, pattern=tap(callbacks.NotesSkip)),
        ],
        states={
            State.COLLECTING: [
                MessageHandler(new & filters.TEXT & ~filters.COMMAND, take_text),
                MessageHandler(new & files, take_file),
                MessageHandler(new & ~filters.COMMAND, other),
            ]
        },
        draft=NotesDraft,
    )
