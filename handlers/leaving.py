"""`/stop`, and the message that a dialogue was parked (SPEC 9)."""

from typing import Any, NamedTuple

from markupsafe import Markup
from telegram import Update
from telegram.ext import BaseHandler

from chat import callbacks, keyboards, questions, replies
from chat.cards.tally import NOTES, end_tally
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.incoming import chat_id_of
from chat.keyboards import Rows
from chat.menus import on_command
from chat.screen import Screen
from locales.reader import Reader
from models import NoteBatch
from models.enums import Status
from services.db import Session
from services.messaging.deliveries import MessagePlace
from services.notes import batches
from services.notes.batches import Tally
from services.queries.sessions import SessionView, session_view
from services.rules.notes import is_over


async def stop(update: Update, context: Context) -> None:
    """`/stop`: leave the active dialogue, or where none is active all that was put aside, or else
    the questions of lists.

    Notes end with it as by *Done*, also where they were put aside: nothing is said of them ten
    minutes later (SPEC 9). What was stored stays stored.
    """
    active = context.dialogues.active(update)
    user, ended = (
        await context.app.database.write(_end_notes, update, context)
        if active in (None, NOTES)
        else (await context.app.database.read(current_user, update, context), None)
    )
    reader = user.reader
    if active is not None:
        await questions.leave_dialogue(update, context)
        left = [active]
    else:
        parked = await questions.leave_parked(update, context)
        left = [name for name in parked if name != NOTES]
    if ended is not None:
        context.app.wake_summaries()
        await end_tally(update, context, reader, ended.tally, ended.view)
        text = stopped_notes_words(reader, ended)
    elif left:
        text = stopped_words(reader, *left)
    elif await questions.leave_choices(update, context):
        text = reader.text("Stopped. Nothing was changed.")
    else:
        text = reader.text("There was nothing to stop. /help shows what I can do.")
    await replies.say(update, context, Screen(text))


class EndedNotes(NamedTuple):
    """A batch that `/stop` has closed."""

    tally: Tally
    view: SessionView


def _end_notes(
    session: Session, update: Update, context: Context
) -> tuple[CurrentUser, EndedNotes | None]:
    """Close the user's open note batch in this chat, if there is one."""
    user = current_user(session, update, context)
    batch = batches.open_batch_of(session, user.actor, chat_id_of(update))
    view = session_view(session, batch.appointment_id) if batch is not None else None
    if batch is None or view is None:
        return user, None
    return user, EndedNotes(batches.close_batch(session, batch.id, user.actor), view)


async def say_parked(
    update: Update, context: Context, name: str, way_back: callbacks.Button | None
) -> MessagePlace | None:
    """Say that another command or button parked the dialogue, and offer *Go on* (SPEC 9)."""

    def query(session: Session) -> tuple[CurrentUser, Tally | None, str]:
        user = current_user(session, update, context)
        batch = _open_batch(session, update, user) if name == NOTES else None
        counted = batches.tally(session, batch.id) if batch is not None else None
        return user, counted, _now_called(session, name, way_back)

    user, tally, called = await context.app.database.read(query)
    if name == NOTES and tally is None:
        return None  # the batch was closed by the clock, and a message said so
    is_empty = tally is not None and not tally.total
    rows: Rows = ()
    if way_back is not None:
        rows = ((keyboards.button(user.reader.label("Go on"), way_back),),)
    told = parked_words(user.reader, called, is_empty=is_empty)
    return await replies.say(update, context, Screen(told, rows))


def _now_called(session: Session, name: str, way_back: callbacks.Button | None) -> str:
    """The name of a dialogue; of a dispute for which it is too late, a report's: it becomes one."""
    if name == "dispute" and isinstance(way_back, callbacks.OfSession):
        view = session_view(session, way_back.appointment_id)
        if view is not None and view.status is not Status.AWAITING_APPROVAL_PARENT:
            return "problem"
    return name


def parked_words(reader: Reader, name: str, *, is_empty: bool = False) -> Markup:
    """What is said when the dialogue of that name is put aside; `is_empty`: notes without any."""
    if is_empty:
        return reader.text("I have put the notes aside; you have sent none yet.")
    told = {
        NOTES: reader.text("Your notes are on hold; everything you sent is kept."),
        "dispute": reader.text("I have put the dispute aside; nothing is disputed yet."),
        "problem": reader.text("I have put your report aside; nothing is sent yet."),
        "problem_reply": reader.text("I have put your reply aside; nothing is sent yet."),
        "settlement": reader.text("I have put that aside; nothing is settled yet."),
        "cancellation": reader.text("I have put the cancellation aside; nothing is cancelled yet."),
        "rescheduling": reader.text("I have put the change of time aside; nobody is asked yet."),
        "replacement_wish": reader.text("I have put that aside; nobody is asked yet."),
        "judgement": reader.text("I have put the summary aside; it has not changed."),
        "scheduling": reader.text("I have put that aside; nothing is scheduled yet."),
        "adhoc": reader.text("I have put the extra sessions aside; nothing is logged yet."),
        "coordination": reader.text("I have put that aside; nothing is changed yet."),
        "late_change": reader.text("I have put that aside; nobody is told yet."),
        "missed_tap": reader.text("I have put that aside; nobody is told yet."),
        "leave": reader.text("I have put your leave aside; nothing is entered yet."),
        "match_answer": reader.text("I have put your answer aside; nothing is decided yet."),
        "time_zone": reader.text("I have put that aside; your time zone is as it was."),
        "correction": reader.text("I have put the correction aside; nothing is changed yet."),
    }
    return told[name]


def stopped_words(reader: Reader, *names: str) -> Markup:
    """What is said when `/stop` has ended the dialogues of these names."""
    sent = reader.text("Stopped. Nothing was sent.")
    told = {
        NOTES: reader.text("Stopped. What you sent for the notes is kept."),
        "dispute": reader.text("Stopped. Nothing was disputed."),
        "cancellation": reader.text("Stopped. Nothing was cancelled."),
        **dict.fromkeys(
            ("rescheduling", "replacement_wish"), reader.text("Stopped. Nobody was asked.")
        ),
        "match_answer": reader.text("Stopped. Nothing was decided."),
        "strays": reader.text("Not kept."),
        **dict.fromkeys(("problem", "problem_reply", "late_change", "missed_tap"), sent),
    }
    of_all = reader.text("Stopped. Nothing was changed.")
    said = {told.get(name, of_all) for name in names}
    return said.pop() if len(said) == 1 else of_all


def stopped_notes_words(reader: Reader, ended: EndedNotes) -> Markup:
    """What is said when `/stop` has ended notes: whether, and when, the parents get them."""
    if not ended.tally.total:
        return reader.text("Stopped. Nothing was added to the notes.")
    if ended.view.status is Status.CHECKED_IN:
        return reader.text(
            "Stopped. What you sent is kept, and the parents get it when you check out."
        )
    return reader.text("Stopped. What you sent is kept, and goes to the parents now.")


def _open_batch(session: Session, update: Update, user: CurrentUser) -> NoteBatch | None:
    """The user's open note batch in this chat, if there is one."""
    batch = batches.open_batch_of(session, user.actor, chat_id_of(update))
    if batch is None or is_over(batch.last_part_at, user.actor.now):
        return None
    return batch


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """Handlers of this module, in order."""
    return [on_command("stop", stop)]
