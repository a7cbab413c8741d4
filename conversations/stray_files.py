"""What is sent outside of any dialogue: a tutor's is offered for a session's notes (SPEC 9).

file, sentence --> offered: [Keep for Ryan's notes] [Leave] <--+ more files, and texts among them:
              |                                      | one offer for all of them
              +--[Keep ...]--> `notes`, collecting   |
              +--[Leave]--> dropped                  +
sent into notes that have ended by themselves: the same, `notes` passes it on

A parent's is offered as `stray_evidence` says. Nobody is ever in this dialogue: its draft holds
what came, and every such message begins it.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from markupsafe import Markup, escape
from telegram import InlineKeyboardButton, Update
from telegram.ext import MessageHandler, filters

from chat import callbacks, keyboards, questions, replies
from chat.cards.reason import quoted
from chat.cards.screens import session_label
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.incoming import chat_id_of, incoming_file, message_of
from chat.lists.choices import speaking
from chat.lists.meant import may_change, near_ones
from chat.lists.showing import show_list
from chat.owed_answers import answer_buttons, owed_answers
from chat.screen import Screen
from chat.unexpected import answered, unexpected_screen
from conversations.dialogue import Dialogue
from conversations.stray_draft import (
    FILES,
    NAME,
    StrayDraft,
    StrayPart,
    drop_offered,
    offered_there,
    set_aside_if_complete,
)
from conversations.stray_evidence import choose_session, near_buttons, offer_screen
from conversations.wizard import Next, on_taps
from locales.excerpts import shortened
from locales.parts import parts
from locales.refusals import refusal_text
from locales.typed_words import vocabulary_of
from models.enums import ListKind, PartKind, Status
from services.db import Session
from services.lifecycle.actors import Source
from services.messaging import lists
from services.notes import batches
from services.queries import eligible
from services.queries.inbox import more_was_sent
from services.queries.meant import Meant, Speaks, meant_by_parent
from services.queries.sessions import SessionView
from services.rules.agency import Agency
from services.rules.refusals.notes import FileTooLarge
from services.rules.spoken_sessions import is_named, spoken_sessions
from services.rules.windows import CHECK_OUT_GRACE

CHOICES = 3
"""The most sessions that are offered, besides those of a parent's reports."""
SENTENCE = 5
"""Fewest words of a text that may be a note."""
TEXTS_SHOWN, TEXT_SHOWN = 10, 200
"""The most texts that an offer shows, and characters of each."""


@dataclass(frozen=True)
class Reach:
    """Sessions for which a message can be meant that came outside of any dialogue."""

    user: CurrentUser
    for_notes: list[SessionView]
    """Those that the person teaches, if they are a tutor."""
    meant: Meant
    """Those of their children, if there are none for notes."""
    more_comes: bool
    is_asked: bool
    """Whether `/notes` still asks for which session."""
    may_change: bool
    """Whether what was written may be about a session to come."""
    owed: list[SessionView]
    """Those with a request to which what was written may be the answer."""
    near: list[SessionView]
    """Those that begin soon of which it may speak: only coordinators can change them."""

    def names_child(self, text: str) -> bool:
        """Whether a text names the child of one of them."""
        views = (*self.for_notes, *self.meant.views)
        return any(is_named(text, view.student.name) for view in views)

    def takes(self, part: StrayPart) -> bool:
        """Whether it is offered: an animation is no note, a voice memo no evidence."""
        is_text = part.file is None and bool(part.text)
        if self.for_notes:
            return part.file is not None or is_text
        if is_text:
            return bool(self.meant.views or self.near)
        return bool(self.meant.views) and part.is_evidence


async def take(update: Update, context: Context) -> Next:
    """Lay a message aside, and offer once to keep all of them; a burst is answered once.

    A word or two are no stray, unless something came before it, a coordinator has asked, or they
    name a child.
    """
    return await _take(update, context)


async def take_after_notes(update: Update, context: Context) -> Next:
    """The same for what came when the notes had ended by themselves; a word or two as well."""
    return await _take(update, context, notes_ended=True)


async def _take(update: Update, context: Context, *, notes_ended: bool = False) -> Next:
    message, file = message_of(update), incoming_file(message_of(update))
    await set_aside_if_complete(update, context)
    is_by_itself = context.dialogues.draft(update, StrayDraft) is None
    is_short = _is_short_text(update)
    if is_by_itself and is_short and await answered(update, context):
        return None
    reach = await context.app.database.read(_in_reach, update, context)
    user = reach.user
    source, text = Source(message.chat_id, message.message_id), message.text or message.caption
    part = StrayPart(source, text if file or message.text else None, file)
    draft = context.dialogues.draft(update, StrayDraft) or StrayDraft()
    if draft.is_for_notes and not draft.parts and not reach.is_asked:
        draft = StrayDraft()  # who left that question
        context.dialogues.drop(update, StrayDraft)
    is_expected = notes_ended or reach.meant.awaits_answer or reach.names_child(text or "")
    is_no_stray = is_short and draft == StrayDraft() and not is_expected
    if not reach.takes(part) or is_no_stray:
        is_over = reach.more_comes or (not is_short and await answered(update, context))
        if not is_over:
            await replies.say(update, context, unexpected_screen(user, message.text or ""))
        return None
    try:
        if file is not None:
            batches.require_size(file)
        if part not in draft.parts:
            parts_so_far = (*draft.parts, part)
            draft = replace(draft, parts=parts_so_far, last_at=context.received_at)
    except FileTooLarge as refusal:
        why = refusal_text(user.reader, refusal, user.person.id)
        await replies.say(update, context, Screen(escape(why)))
    if draft.parts:
        context.dialogues.set_draft(update, draft)
        if not reach.more_comes:
            await _offer(update, context, reach, draft, notes_ended=notes_ended)
    return None


async def leave(update: Update, context: Context) -> Next:
    """*Leave*: it was not meant for anything."""
    user = await context.app.database.read(current_user, update, context)
    drop_offered(update, context)
    await replies.answer(update)
    await replies.show(update, context, Screen(user.reader.text("Not kept.")))
    return None


async def change(update: Update, context: Context) -> Next:
    """*Change a session*: those that the words name, or all."""
    draft = offered_there(update, context)
    drop_offered(update, context)
    about = speaking(draft.words) if draft is not None else None
    await show_list(update, context, ListKind.TO_CHANGE, argument=about)
    return None


async def _offer(
    update: Update, context: Context, reach: Reach, draft: StrayDraft, *, notes_ended: bool
) -> None:
    """Offer below what came last; the offer before goes."""
    label = reach.user.reader.label("Change a session")
    more = answer_buttons(reach.user.reader, reach.owed)
    more += [keyboards.button(label, callbacks.StraysToChange())] if reach.may_change else []
    if reach.for_notes:
        more = [*near_buttons(reach.user.reader, reach.near), *more]
    screen = (
        _offer_screen(reach.user, reach.for_notes, draft, *more)
        if reach.for_notes
        else offer_screen(reach.user.reader, reach.meant, draft, reach.near, *more)
    )
    if notes_ended:
        screen = screen.below(reach.user.reader.text("These notes are finished."))
    message = await replies.say(update, context, screen)
    if draft.question_id is not None:
        if reach.is_asked:
            await context.app.database.write(lists.forget, message.chat_id, draft.question_id)
        await questions.take_away(context, chat_id_of(update), draft.question_id)
    context.dialogues.set_draft(update, replace(draft, question_id=message.message_id))


def _offer_screen(
    user: CurrentUser, near: list[SessionView], draft: StrayDraft, *more: InlineKeyboardButton
) -> Screen:
    reader = user.reader
    counts = Counter(one.file.kind if one.file else PartKind.TEXT for one in draft.parts)
    came, written = parts(reader, counts), _written(draft)
    if len(near) == 1:
        student = near[0].student.name.split()[0]
        label = reader.label("Keep for {student}'s notes", student=student)
        keep = [keyboards.success(label, callbacks.KeepForNotes(near[0].id))]
        text = reader.text("📎 <b>{parts}</b>, not in any notes yet.", parts=came)
        text += written
        row = near[0].appointment
        slot = reader.dated_slot(row.starts_at, row.ends_at)
        text += Markup("\n{} · {}").format(near[0].student.name, slot)
        if near[0].status is Status.SCHEDULED:
            text += Markup("\n") + reader.text("You can keep this once you have checked in.")
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
        text += written
    drop = keyboards.button(reader.label("Leave"), callbacks.LeaveStrays(near[0].id))
    return Screen(text, keyboards.one_a_row(*keep, *more, drop))


def _written(draft: StrayDraft) -> Markup:
    """The texts that are offered, below a first line: families read what is kept for notes."""
    texts = [one.text for one in draft.parts if one.file is None and one.text]
    if not texts:
        return Markup()
    shown = [shortened(one, TEXT_SHOWN) for one in texts[-TEXTS_SHOWN:]]
    before = ["…"] if len(texts) > TEXTS_SHOWN else []
    return Markup("\n") + quoted("\n".join([*before, *shown]))


def _in_reach(session: Session, update: Update, context: Context) -> Reach:
    """The user, the sessions for which this can be meant, and whether more was sent.

    For a tutor who was asked by `/notes`, those among which to choose. Else notes that were put
    aside come first, and alone; else sessions that can be checked in to, those in progress and
    those that were checked out of within a day; where there are none of these, the last ones that
    can have notes. Of all these, the ones of a child that is named, if one is.
    """
    user, chat_id = current_user(session, update, context), chat_id_of(update)
    draft, is_asked, for_notes = context.dialogues.draft(update, StrayDraft), False, []
    if draft is not None and draft.is_for_notes and draft.question_id is not None:
        is_asked = lists.list_at(session, chat_id, draft.question_id) is not None
    if is_asked or (draft is not None and draft.is_for_notes and draft.parts):
        for_notes = eligible.for_notes(session, user.person, user.actor.now)
    elif user.person.is_tutor:
        said = _said(update, draft)
        for_notes = _for_notes(session, user, context.app.agency, chat_id, said)
    meant = Meant()
    if user.person.is_parent and not for_notes:
        about = (user.person, chat_id, context.received_at, CHOICES)
        meant = meant_by_parent(session, *about, _speaks(user, _said(update, draft)))
    more_comes = more_was_sent(session, chat_id, update.update_id)
    words = _words(update, draft)
    by_day = not for_notes  # notes speak of days without any such wish
    is_to_come = bool(words) and may_change(session, user, context, words, by_day=by_day)
    owed = owed_answers(session, user, words)
    near = near_ones(session, user, words, by_name=by_day) if words else []
    return Reach(user, for_notes, meant, more_comes, is_asked, is_to_come, owed, near)


def _speaks(user: CurrentUser, said: str) -> Speaks:
    """Finds the sessions of which a text speaks, among those that have begun."""
    reader, now = user.reader, user.actor.now
    vocabulary = vocabulary_of(reader.language)
    return lambda known: spoken_sessions(said, known, now, reader.zone, vocabulary, are_over=True)


def _words(update: Update, draft: StrayDraft | None) -> str:
    """What was written so far; empty where files came, which are for notes or a report."""
    if message_of(update).text is None or (draft is not None and any(p.file for p in draft.parts)):
        return ""
    return _said(update, draft)


def _said(update: Update, draft: StrayDraft | None) -> str:
    """All that was written, captions included."""
    message = message_of(update)
    before = draft.words if draft is not None else ""
    return "\n".join(filter(None, (before, message.text or message.caption)))


def _for_notes(
    session: Session, user: CurrentUser, agency: Agency, chat_id: int, said: str
) -> list[SessionView]:
    now = user.actor.now
    found = eligible.for_notes(session, user.person, now)
    begun = batches.open_batch_of(session, user.actor, chat_id)
    if begun is not None and any(view.id == begun.appointment_id for view in found):
        return [view for view in found if view.id == begun.appointment_id]
    near = eligible.to_check_in(session, user.person, agency, now)
    near += [view for view in found if _is_near(view, now)]
    named = [
        [view for view in views if is_named(said, view.student.name)] for views in (near, found)
    ]
    return next(filter(None, (*named, near, found)), [])[:CHOICES]


def _is_short_text(update: Update) -> bool:
    text = update.message.text if update.message else None
    return text is not None and len(text.split()) < SENTENCE


def _is_near(view: SessionView, now: datetime) -> bool:
    went: datetime | None = view.appointment.checked_out_at
    last: timedelta = CHECK_OUT_GRACE
    return went is None or went > now - last


def build() -> Dialogue:
    """The offer to keep files that came outside of any dialogue."""
    here = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
    return Dialogue(
        name=NAME,
        entry_points=[
            MessageHandler(here & (FILES | (filters.TEXT & ~filters.COMMAND)), take),
            *on_taps(
                {
                    callbacks.LeaveStrays: leave,
                    callbacks.StraysAbout: choose_session,
                    callbacks.StraysToChange: change,
                }
            ),
        ],
        states={},
        draft=StrayDraft,
    )
