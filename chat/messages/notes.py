"""Messages about notes: added, closed, and files that cannot be kept (SPEC 4)."""

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.cards.screens import SHOWN
from chat.cards.tally import closed_tally_screen
from chat.message_parts import CardOf, Delivery, Nothing, Send
from chat.messages.context import MessageContext, Writer, Writers, brief, card
from chat.screen import Screen
from locales.file_refusals import file_refusal_text
from locales.parts import parts
from models.enums import Role
from services.media.refusals import FileRefusal
from services.messaging.messages.notes import MediaLate, MediaRefused, NotesAdded, NotesClosed
from services.notes import batches
from services.queries.cards import has_new_card
from services.queries.notes import late_parts
from services.queries.sessions import roles_in, views_of


def _notes_added(context: MessageContext, told: NotesAdded) -> Delivery:
    """What came, with a button; within an hour of the session's card it moves down (SPEC 8)."""
    view = context.view()
    roles = roles_in(context.session, view.appointment, context.person)
    counted = batches.tally(context.session, told.note_batch_id)
    if Role.PARENT not in roles or not counted.total:
        return Nothing("nothing for this reader")
    shown = card(context)
    if shown is not None and has_new_card(context.session, context.message):
        return Send(shown, CardOf(view.id), moves_down=True)
    row, reader = view.appointment, context.reader
    text = reader.text(
        "📝 {tutor} added notes on <b>{student}</b>, {slot}: {parts}.",
        tutor=view.tutor.name,
        student=view.student.name,
        slot=reader.dated_slot(row.starts_at, row.ends_at),
        parts=parts(reader, counted.counts),
    )
    look = keyboards.button(reader.label("View notes"), callbacks.ViewNotes(view.id))
    return Send(Screen(text, ((look,),)))


def _notes_closed(context: MessageContext, told: NotesClosed) -> Delivery:
    view = context.view()
    counted = batches.tally(context.session, told.note_batch_id)
    why = (
        context.reader.text("Nothing came for ten minutes, so these notes are done.")
        if counted.has_notes
        else context.reader.text(
            "Nothing came for ten minutes. /todos will remind you of these notes."
        )
    )
    return Send(closed_tally_screen(context.reader, counted, view, why))


def _media_refused(context: MessageContext, told: MediaRefused) -> Delivery:
    why = file_refusal_text(
        context.reader,
        FileRefusal(told.why),
        told.file_name,
        told.params,
    )
    text = context.reader.text("{why} The other parts are kept.", why=why)
    return Send(Screen(text), reply_to=told.message_id)


def _media_late(context: MessageContext, told: MediaLate) -> Delivery:
    """For the group: the tutors whose notes have files that could not be stored."""
    late = late_parts(context.session, told.note_part_ids)
    if not late:
        return Nothing("stored meanwhile")
    found = views_of(context.session, sorted({part.appointment_id for part in late}))
    blocks = [
        context.reader.texts(
            "⚠️ {count} file of session notes has been waiting to be saved for six hours. "
            "Telegram still has it, and we keep trying; please tell whoever runs the bot.",
            "⚠️ {count} files of session notes have been waiting to be saved for six hours. "
            "Telegram still has them, and we keep trying; please tell whoever runs the bot.",
            len(late),
        ),
        *(Markup("\n").join(brief(context, view)) for view in found[:SHOWN]),
    ]
    return Send(Screen(Markup("\n\n").join(blocks)))


WRITERS: Writers = (
    Writer(NotesAdded, _notes_added),
    Writer(NotesClosed, _notes_closed),
    Writer(MediaRefused, _media_refused),
    Writer(MediaLate, _media_late),
)
