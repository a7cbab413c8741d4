"""Buttons that are typed instead of tapped (UX 19)."""

from telegram import Update

from chat import callbacks, keyboards
from chat.cards.tally import tally_screen
from chat.context import Context
from chat.current_user import current_user
from chat.incoming import message_of
from conversations import wizard
from services.db import Session
from services.notes import batches
from services.queries.notes import part_removed_at
from services.rules.texts import same_words


async def typed_in_tally(
    update: Update, context: Context, batch_id: int
) -> callbacks.Button | None:
    """The button of a batch's tally whose label was typed; None for any other text."""
    text = message_of(update).text or ""
    if len(text) > keyboards.LONGEST_LABEL:
        return None

    def typed(session: Session) -> callbacks.Button | None:
        reader = current_user(session, update, context).reader
        if same_words(text, reader.label("Remove last")):
            # handled again, as after a kill, it is the same part and not the one before it
            again = part_removed_at(session, batch_id, context.received_at)
            if again is not None:
                return callbacks.RemovePart(again)
        counted = batches.tally(session, batch_id)
        view = wizard.view_of(session, counted.batch.appointment_id)
        return keyboards.typed(text, tally_screen(reader, counted, view).rows)

    return await context.app.database.read(typed)
