"""Check-out of one session, or of siblings taught together; then notes are asked for (SPEC 3)."""

from telegram import Update

from chat import callbacks, replies
from chat.callbacks.together import CheckOutTogether
from chat.context import Context
from chat.lists.showing import say_list
from chat.message_parts import CardOf
from chat.together import answer_each
from conversations import note_batch
from conversations.note_asking import ask
from conversations.wizard import Next
from locales.wording import action_done
from models.enums import Action, ListKind
from services.rules.refusals.attendance import NothingToCheckOut


async def check_out_command(update: Update, context: Context) -> Next:
    """`/checkout`: check out of the one session that qualifies, or offer several."""
    _, ready, nearest = await context.app.database.read(note_batch.to_check_out, update, context)
    if len(ready) > 1:
        await say_list(update, context, ListKind.TO_CHECK_OUT)
        return None
    if nearest is None:
        raise NothingToCheckOut
    context.choose(nearest.id)
    return await _check_out(update, context, nearest.id)


async def check_out_button(update: Update, context: Context) -> Next:
    """*Check out* on a card or in a list."""
    tapped = callbacks.tapped(callbacks.CheckOut, update)
    return await _check_out(update, context, tapped.appointment_id)


async def _check_out(update: Update, context: Context, appointment_id: int) -> Next:
    """Where a kill cut the answer to this very update short, only what is missing of it is said."""
    app, about = context.app, CardOf(appointment_id)
    user, outcome, card, opened = await app.database.write(
        note_batch.check_out, update, context, appointment_id
    )
    done = action_done(user.reader, Action.CHECK_OUT, user.person.name, outcome.at, is_reader=True)
    await replies.answer(update, done)
    cut_short = outcome.repeated and outcome.at == context.received_at
    if not cut_short or not await replies.is_below(update, context, card, about):
        await replies.show_card(update, context, card, about, user.person.id)
    return await ask(update, context, user, opened, again=cut_short) if opened else None


async def check_out_together(update: Update, context: Context) -> Next:
    """*Both: Emily and Ryan*: check out of each session; notes are asked for one after the other.

    Where a kill cut the answer to this very update short, only what is missing of it is said.
    """
    sessions = callbacks.tapped(CheckOutTogether, update).sessions
    user, became, opened = await context.app.database.write(
        note_batch.check_out_together, update, context, sessions
    )
    await answer_each(update, context, user, Action.CHECK_OUT, became)
    if opened is None:
        return None
    first, then = opened
    again = any(one.done is not None and one.done.repeated for one in became)
    return await ask(update, context, user, first, again=again, then=then)
