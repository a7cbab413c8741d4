"""What is sent outside of any dialogue: a tutor's is offered for a session's notes (SPEC 9).

file, sentence --> offered: [Keep for Ryan's notes] [Leave] <--+ more files, and texts among them:
              |                                      | one offer for all of them
              +--[Keep ...]--> `notes`, collecting   |
              +--[Leave]--> dropped                  +
sent into notes that have ended by themselves: the same, `notes` passes it on

A parent's is offered as `stray_evidence` says, and to somebody who is both it is offered as either.
Nobody is ever in this dialogue: its draft holds what came, and every such message begins it.
"""

from collections import Counter
from dataclasses import replace

from markupsafe import Markup, escape
from telegram import Update
from telegram.ext import MessageHandler, filters

from chat import callbacks, keyboards, questions, replies
from chat.cards.reason import quoted
from chat.cards.screens import session_label
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.incoming import chat_id_of, incoming_file, message_of
from chat.lists.choices import speaking
from chat.lists.meant import Wish
from chat.lists.showing import show_list
from chat.owed_answers import answer_buttons
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
from conversations.stray_evidence import (
    choose_session,
    near_buttons,
    offer_screen,
    only_coordinators,
    session_buttons,
    unsent,
)
from conversations.stray_reach import Reach, in_reach
from conversations.wizard import Next, on_taps
from locales.excerpts import shortened
from locales.parts import parts
from locales.reader import Reader
from locales.refusals import refusal_text
from locales.wishes import asks_when, speaks_of_leave
from models.enums import ListKind, PartKind, Status
from services.lifecycle.actors import Source
from services.messaging import lists
from services.notes import batches
from services.queries.sessions import SessionView
from services.rules.refusals.notes import FileTooLarge

SENTENCE = 5
"""Fewest words of a text that may be a note."""
TEXTS_SHOWN, TEXT_SHOWN = 10, 200
"""The most texts that an offer shows, and characters of each."""


async def take(update: Update, context: Context) -> Next:
    """Lay a message aside, and offer once to keep all of them; a burst is answered once.

    A word or two are no stray, unless something came before it, a coordinator has asked, or they
    name a child or reply to a message about a session, or one begins soon.
    """
    return await _take(update, context)


async def take_after_notes(update: Update, context: Context) -> Next:
    """The same for what came when the notes had ended by themselves; a word or two as well."""
    return await _take(update, context, notes_ended=True)


async def _take(update: Update, context: Context, *, notes_ended: bool = False) -> Next:
    message, file = message_of(update), incoming_file(message_of(update))
    await set_aside_if_complete(update, context)
    is_by_itself = context.dialogues.draft(update, StrayDraft) is None
    is_short, replies_to = _is_short_text(update), message.reply_to_message is not None
    if is_by_itself and is_short and not replies_to and await answered(update, context):
        return None
    reach = await context.app.database.read(in_reach, update, context)
    user = reach.user
    source, text = Source(message.chat_id, message.message_id), message.text or message.caption
    part = StrayPart(source, text if file or message.text else None, file)
    draft = context.dialogues.draft(update, StrayDraft) or StrayDraft()
    if draft.is_for_notes and not draft.parts and not reach.is_asked:
        draft = StrayDraft()  # who left that question
        context.dialogues.drop(update, StrayDraft)
    is_expected = notes_ended or reach.meant.awaits_answer or reach.names_child(text or "")
    is_expected = is_expected or bool(reach.near) or reach.is_reply
    is_no_stray = is_short and draft == StrayDraft() and not is_expected
    if not reach.takes(part) or is_no_stray:
        may_answer = not is_short or replies_to
        is_over = reach.more_comes or (may_answer and await answered(update, context))
        if not is_over:
            await replies.say(update, context, unexpected_screen(user, message))
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
    screen = _composed(reach, draft)
    if notes_ended:
        screen = screen.below(reach.user.reader.text("These notes are finished."))
    message = await replies.say(update, context, screen)
    if draft.question_id is not None:
        if reach.is_asked:
            await context.app.database.write(lists.forget, message.chat_id, draft.question_id)
        await questions.take_away(context, chat_id_of(update), draft.question_id)
    context.dialogues.set_draft(update, replace(draft, question_id=message.message_id))


def _composed(reach: Reach, draft: StrayDraft) -> Screen:
    """The offer: a change of a session to come stands first where it is likely."""
    reader, more = reach.user.reader, _worded_ways(reach.user, reach.words)
    answers = answer_buttons(reader, reach.owed)
    change = [keyboards.button(reader.label("Change a session"), callbacks.StraysToChange())]
    likely = change if reach.wish is Wish.LIKELY else []
    more += change if reach.wish is Wish.PERHAPS else []
    if reach.for_notes:
        return _offer_screen(reach, draft, likely, *answers, *more)
    return offer_screen(reach, draft, answers, likely, *more)


def _worded_ways(user: CurrentUser, words: str) -> list[keyboards.InlineButton]:
    """*/upcoming* for who asks when; *Enter leave* for a tutor who will be away."""
    reader, ways = user.reader, []
    if asks_when(words, reader.language):
        ways.append(keyboards.button("/upcoming", callbacks.RunCommand("upcoming")))
    if user.person.is_tutor and speaks_of_leave(words, reader.language):
        ways.append(keyboards.button(reader.label("Enter leave"), callbacks.StartLeave()))
    return ways


def _offer_screen(
    reach: Reach,
    draft: StrayDraft,
    likely: list[keyboards.InlineButton],
    *more: keyboards.InlineButton,
) -> Screen:
    """For notes; of somebody who has children there as well, also about a session of theirs.

    Before a session that begins soon it is for the coordinators first, and something else that is
    `likely` comes before notes, too: families read what is kept there.
    """
    reader, views, near = reach.user.reader, reach.for_notes, reach.near
    counts = Counter(one.file.kind if one.file else PartKind.TEXT for one in draft.parts)
    came, written = parts(reader, counts), _written(draft)
    if near or likely:
        text = unsent(reader, draft)
        if near:
            text += " " + reader.text("Which session is it about?")
            text += Markup("\n") + only_coordinators(reader)
        text += Markup("\n") + reader.text("📝 Or keep it for a session's notes.")
        text += written
        keep = [_keep_button(reader, view, "📝 ") for view in views]
    elif len(views) == 1:
        student = views[0].student.name.split()[0]
        label = reader.label("Keep for {student}'s notes", student=student)
        keep = [keyboards.success(label, callbacks.KeepForNotes(views[0].id))]
        text = reader.text("📎 <b>{parts}</b>, not in any notes yet.", parts=came)
        text += written
        row = views[0].appointment
        slot = reader.dated_slot(row.starts_at, row.ends_at)
        text += Markup("\n{} · {}").format(views[0].student.name, slot)
        if views[0].status is Status.SCHEDULED:
            text += Markup("\n") + reader.text("You can keep this once you have checked in.")
    else:
        keep = [_keep_button(reader, view) for view in views]
        text = reader.text(
            "📎 <b>{parts}</b>, not in any notes yet. For which session?", parts=came
        )
        text += written
    if reach.meant.views:
        text += Markup("\n") + reader.text("Or is it about a session of your own children?")
    drop = keyboards.button(reader.label("Leave"), callbacks.LeaveStrays(views[0].id))
    family = session_buttons(reader, reach.meant.views)
    first = [*near_buttons(reader, near), *likely]
    return Screen(text, keyboards.one_a_row(*first, *keep, *family, *more, drop))


def _keep_button(reader: Reader, view: SessionView, mark: str = "") -> keyboards.InlineButton:
    label = mark + session_label(reader, view, lasts=True)
    return keyboards.button(label, callbacks.KeepForNotes(view.id))


def _written(draft: StrayDraft) -> Markup:
    """The texts that are offered, below a first line: families read what is kept for notes."""
    texts = [one.text for one in draft.parts if one.file is None and one.text]
    if not texts:
        return Markup()
    shown = [shortened(one, TEXT_SHOWN) for one in texts[-TEXTS_SHOWN:]]
    before = ["…"] if len(texts) > TEXTS_SHOWN else []
    return Markup("\n") + quoted("\n".join([*before, *shown]))


def _is_short_text(update: Update) -> bool:
    text = update.message.text if update.message else None
    return text is not None and len(text.split()) < SENTENCE


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
