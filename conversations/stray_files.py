"""What a tutor sends outside of any dialogue: offered for a session's notes (SPEC 9).

file, sentence --> offered: [Keep for Ryan's notes] [Leave] <--+ more files, and texts among them:
              |                                      | one offer for all of them
              +--[Keep ...]--> `notes`, collecting   |
              +--[Leave]--> dropped                  +

Nobody is ever in this dialogue: its draft holds what came, and every such message begins it.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from markupsafe import escape
from telegram import Update
from telegram.ext import MessageHandler, filters

from chat import callbacks, keyboards, questions, replies
from chat.cards.screens import session_label
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.incoming import chat_id_of, incoming_file, message_of
from chat.screen import Screen
from chat.unexpected import unexpected_screen
from conversations.dialogue import Dialogue
from conversations.wizard import Next, on_taps
from locales.parts import parts
from locales.refusals import refusal_text
from models.enums import PartKind
from services.db import Session
from services.lifecycle.actors import Source
from services.notes import batches
from services.notes.batches import IncomingFile
from services.queries import eligible
from services.queries.inbox import more_was_sent
from services.queries.sessions import SessionView
from services.rules.refusals.notes import FileTooLarge
from services.rules.windows import CHECK_OUT_GRACE

NAME = "strays"
CHOICES = 3
"""The most sessions that are offered."""
SENTENCE = 5
"""Fewest words of a text that may be a note."""
FILES = filters.PHOTO | filters.Document.ALL | filters.VOICE | filters.AUDIO


@dataclass(frozen=True)
class StrayPart:
    """A message that came outside of any dialogue, as it would be a part of notes."""

    source: Source
    text: str | None
    """Text, or the file's caption."""
    file: IncomingFile | None = None


@dataclass(frozen=True)
class StrayDraft:
    """What came, and the message that offers to keep it."""

    parts: tuple[StrayPart, ...] = ()
    question_id: int | None = None


class StrayFiles(Dialogue):
    """A word or two are no stray: a short text is one only where something was sent before it."""

    def check_update(self, update: object) -> Any:
        if isinstance(update, Update) and _is_short_text(update) and self.draft(update) is None:
            return None
        return super().check_update(update)


async def take(update: Update, context: Context) -> Next:
    """Lay a message aside, and offer once to keep all of them; a burst is answered once."""
    message, file = message_of(update), incoming_file(message_of(update))
    user, near, more_comes = await context.app.database.read(_in_reach, update, context)
    if not near or (file is None and not message.text):  # an animation is no note
        if not more_comes:
            await replies.say(update, context, unexpected_screen(user, message.text or ""))
        return None
    part = StrayPart(
        Source(message.chat_id, message.message_id), message.text or message.caption, file
    )
    draft = context.dialogues.draft(update, StrayDraft) or StrayDraft()
    try:
        if file is not None:
            batches.require_size(file)
        if part not in draft.parts:
            draft = replace(draft, parts=(*draft.parts, part))
    except FileTooLarge as refusal:
        text = refusal_text(user.reader, refusal, user.person.id)
        await replies.say(update, context, Screen(escape(text)))
    if draft.parts:
        context.dialogues.set_draft(update, draft)
        if not more_comes:
            await _offer(update, context, user, near, draft)
    return None


async def leave(update: Update, context: Context) -> Next:
    """*Leave*: it was not meant for notes."""
    user = await context.app.database.read(current_user, update, context)
    context.dialogues.drop(update, StrayDraft)
    await replies.answer(update)
    await replies.show(update, context, Screen(user.reader.text("Not kept.")))
    return None


async def _offer(
    update: Update, context: Context, user: CurrentUser, near: list[SessionView], draft: StrayDraft
) -> None:
    """Offer below what came last; the offer before goes."""
    message = await replies.say(update, context, _offer_screen(user, near, draft))
    if draft.question_id is not None:
        await questions.take_away(context, chat_id_of(update), draft.question_id)
    context.dialogues.set_draft(update, replace(draft, question_id=message.message_id))


def _offer_screen(user: CurrentUser, near: list[SessionView], draft: StrayDraft) -> Screen:
    reader = user.reader
    counts = Counter(one.file.kind if one.file else PartKind.TEXT for one in draft.parts)
    came = parts(reader, counts)
    if len(near) == 1:
        student = near[0].student.name.split()[0]
        label = reader.label("Keep for {student}'s notes", student=student)
        keep = [keyboards.success(label, callbacks.KeepForNotes(near[0].id))]
        text = reader.text("📎 <b>{parts}</b>, not in any notes yet.", parts=came)
    else:
        keep = [
            keyboards.button(
                session_label(reader, view, lasts=True), callbacks.KeepForNotes(view.id)
            )
            for view in near
        ]
        text = reader.text(
            "📎 <b>{parts}</b>, not in any notes yet. For which session?", parts=came
        )
    drop = keyboards.button(reader.label("Leave"), callbacks.LeaveStrays(near[0].id))
    return Screen(text, keyboards.one_a_row(*keep, drop))


def _in_reach(
    session: Session, update: Update, context: Context
) -> tuple[CurrentUser, list[SessionView], bool]:
    """The user, the sessions whose notes this can be meant for, and whether more was sent.

    Notes that were put aside come first, and alone; else sessions in progress and those that were
    checked out of within a day.
    """
    user, chat_id = current_user(session, update, context), chat_id_of(update)
    more_comes = more_was_sent(session, chat_id, update.update_id)
    if not user.person.is_tutor:
        return user, [], more_comes
    found = eligible.for_notes(session, user.person, context.received_at)
    begun = batches.open_batch_of(session, user.actor, chat_id)
    if begun is not None and any(view.id == begun.appointment_id for view in found):
        return user, [view for view in found if view.id == begun.appointment_id], more_comes
    near = [view for view in found if _is_near(view, context.received_at)]
    return user, near[:CHOICES], more_comes


def _is_short_text(update: Update) -> bool:
    text = update.message.text if update.message else None
    return text is not None and len(text.split()) < SENTENCE


def _is_near(view: SessionView, now: datetime) -> bool:
    went: datetime | None = view.appointment.checked_out_at
    last: timedelta = CHECK_OUT_GRACE
    return went is None or went > now - last


def build() -> StrayFiles:
    """The offer to keep files that came outside of any dialogue."""
    here = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
    return StrayFiles(
        name=NAME,
        entry_points=[
            MessageHandler(here & (FILES | (filters.TEXT & ~filters.COMMAND)), take),
            *on_taps({callbacks.LeaveStrays: leave}),
        ],
        states={},
        draft=StrayDraft,
    )
