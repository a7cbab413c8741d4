"""What is sent outside of any dialogue: a tutor's is offered for a session's notes (SPEC 9).

file, sentence --> offered: [Keep for Ryan's notes] [Leave] <--+ more files, and texts among them:
              |                                      | one offer for all of them
              +--[Keep ...]--> `notes`, collecting   |
              +--[Leave]--> dropped                  +
sent into notes that have ended by themselves: the same, `notes` passes it on

A parent's is offered as `stray_evidence` says, and to somebody who is both it is offered as either.
Nobody is ever in this dialogue: its draft holds what came, and every such message begins it.
"""

from dataclasses import replace

from markupsafe import Markup, escape
from telegram import Update
from telegram.ext import MessageHandler, filters

from chat import callbacks, match_cards, questions, replies
from chat.callbacks.strays import (
    StraysReplaced,
    StraysToAnswer,
    StraysToMatch,
    StraysToReplace,
)
from chat.cards.match import offer_card
from chat.cards.reason import quoted
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.incoming import chat_id_of, incoming_file, message_of
from chat.lists.choices import speaking
from chat.lists.showing import keep_offer, show_list
from chat.message_parts import CardOf
from chat.owed_answers import owed_by, owed_screen
from chat.screen import Screen
from chat.unexpected import answered, tap_here, unexpected_screen
from conversations.dialogue import Dialogue
from conversations.inspected_evidence import require_kept
from conversations.reschedule_questions import keep_wish
from conversations.stray_draft import (
    FILES,
    NAME,
    StrayDraft,
    StrayPart,
    drop_offered,
    offered_there,
    require_offered,
    set_aside_if_complete,
)
from conversations.stray_evidence import (
    choose_session,
)
from conversations.stray_lost import ask_to_replace, choose_lost
from conversations.stray_offer import composed
from conversations.stray_reach import Reach, in_reach
from conversations.wizard import Next, on_taps
from locales.catalogue import ENGLISH
from locales.courtesies import courtesy_of
from locales.refusals import refusal_text
from locales.wishes import only_asks_for_money
from models.enums import ListKind
from services.db import Session
from services.lifecycle.actors import Source
from services.lifecycle.open_requests import OpenRequest, open_request
from services.messaging import lists
from services.notes import batches
from services.queries.matches import offers_to
from services.rules.refusals.notes import FileNotKept, FileTooLarge
from services.rules.refusals.sessions import StaleButton
from services.rules.texts import count_words

SENTENCE = 5
"""Fewest words of a text that may be a note."""


async def take(update: Update, context: Context) -> Next:
    """Lay a message aside, and offer once to keep all of them; a burst is answered once.

    A word or two are no stray, unless something came before it, a coordinator has asked, or they
    ask something, name a child or reply to a message about a session, or one begins soon, or a
    tutor is awaited.
    """
    return await _take(update, context)


async def take_after_notes(update: Update, context: Context) -> Next:
    """The same for what came when the notes had ended by themselves; a word or two as well."""
    return await _take(update, context, notes_ended=True)


async def _take(update: Update, context: Context, *, notes_ended: bool = False) -> Next:
    message = message_of(update)
    await set_aside_if_complete(update, context)
    waiting = context.dialogues.draft(update, StrayDraft)
    is_by_itself = waiting is None
    is_short, replies_to = _is_short_text(update), message.reply_to_message is not None
    may_answer = is_short or only_asks_for_money(message.text or "", ENGLISH)
    if is_by_itself and may_answer and not replies_to and await answered(update, context):
        return None
    reach = await context.app.database.read(in_reach, update, context)
    language = reach.user.reader.language
    if waiting is not None and courtesy_of(message.text or "", language) is not None:
        await _answer_courtesy(update, context, reach, waiting)
        return None
    await _lay_aside(update, context, reach, notes_ended=notes_ended)
    return None


async def _lay_aside(update: Update, context: Context, reach: Reach, *, notes_ended: bool) -> None:
    """Offer what was sent, if it can be meant for something; else say what can be done instead."""
    message, file, user = message_of(update), incoming_file(message_of(update)), reach.user
    is_short, replies_to = _is_short_text(update), message.reply_to_message is not None
    source, text = Source(message.chat_id, message.message_id), message.text or message.caption
    part = StrayPart(source, text if file or message.text else None, file)
    draft = context.dialogues.draft(update, StrayDraft) or StrayDraft()
    if draft.is_for_notes and not draft.parts and not reach.is_asked:
        draft = StrayDraft()  # who left that question
        context.dialogues.drop(update, StrayDraft)
    is_about_it = reach.names_child(text or "") or _is_question(text or "")
    is_expected = notes_ended or is_about_it or reach.is_expected
    is_no_stray = is_short and draft == StrayDraft() and not is_expected
    if not reach.takes(part) or is_no_stray:
        may_answer = not is_short or replies_to
        is_over = reach.more_comes or (may_answer and await answered(update, context))
        if not is_over:
            await replies.say(update, context, unexpected_screen(user, message))
        return
    try:
        if file is not None:
            await _require_kept(update, context, reach, file)
        if part not in draft.parts:
            draft = replace(draft, parts=(*draft.parts, part), last_at=context.received_at)
            about = reach.meant.views[0].id if reach.is_chosen else draft.about
            draft = replace(draft, about=about)
    except (FileTooLarge, FileNotKept) as refusal:
        why = refusal_text(user.reader, refusal, user.person.id)
        await replies.say(update, context, Screen(escape(why)))
    if draft.parts:
        context.dialogues.set_draft(update, draft)
        if not reach.more_comes:
            await _offer(update, context, reach, draft, notes_ended=notes_ended)


async def _answer_courtesy(
    update: Update, context: Context, reach: Reach, waiting: StrayDraft
) -> None:
    """Answer thanks and the like, never added to what waits; that is offered, if it was not yet."""
    if reach.more_comes:
        return
    if len(waiting.parts) > waiting.offered:
        await _offer(update, context, reach, waiting)
        return
    if not waiting.parts:  # but `/notes` has asked for which session
        await answered(update, context)
        return
    told = reach.user.reader.text(
        "👍 What you sent still waits: please tap one of the buttons above."
    )
    await replies.say(update, context, Screen(told))


async def _require_kept(
    update: Update, context: Context, reach: Reach, file: batches.IncomingFile
) -> None:
    """Check a file; those for notes are inspected there. Refused: FileTooLarge, FileNotKept."""
    batches.require_size(file)
    if not reach.for_notes:
        await require_kept(update, context, file.kind, file.telegram_file_id, file.file_name)


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


async def answer_request(update: Update, context: Context) -> Next:
    """*Answer*: the request with its answers, below what was written. Refused: StaleButton."""
    about, app = callbacks.tapped(StraysToAnswer, update).appointment_id, context.app
    draft = require_offered(update, context)

    def query(session: Session) -> tuple[CurrentUser, OpenRequest, Screen]:
        user = current_user(session, update, context)
        owed = {view.id for view in owed_by(session, user.person, user.actor.now)}
        request = open_request(session, about) if about in owed else None
        if request is None:
            raise StaleButton
        return user, request, owed_screen(session, user, app.agency, about, draft.words)

    user, request, card = await app.database.read(query)
    drop_offered(update, context)
    keep_wish(update, context, about, request.proposal.id, draft.words)
    screen = card.below(tap_here(user.reader) + Markup("\n") + quoted(draft.words))
    await replies.answer(update)
    place = await replies.show(update, context, screen)
    await replies.keep_card(context, place, screen, CardOf(about), user.person.id)
    return None


async def answer_offer(update: Update, context: Context) -> Next:
    """*Answer*: the offer of a match, below what was written. Refused: StaleButton."""
    about = callbacks.tapped(StraysToMatch, update).match_id
    draft = require_offered(update, context)

    def query(session: Session) -> tuple[CurrentUser, Screen]:
        user = current_user(session, update, context)
        theirs = offers_to(session, user.person, user.actor.now) if user.person.is_parent else []
        view = next((one for one in theirs if one.id == about), None)
        if view is None:
            raise StaleButton
        return user, offer_card(user.reader, view, user.person.id)

    user, card = await context.app.database.read(query)
    drop_offered(update, context)
    screen = card.below(tap_here(user.reader) + Markup("\n") + quoted(draft.words))
    await replies.answer(update)
    await match_cards.show(update, context, screen, about, user.person.id)
    return None


async def _offer(
    update: Update, context: Context, reach: Reach, draft: StrayDraft, *, notes_ended: bool = False
) -> None:
    """Offer below what came last; the offer before goes."""
    screen = composed(reach, draft)
    if notes_ended:
        screen = screen.below(reach.user.reader.text("These notes are finished."))
    message = await replies.say(update, context, screen)
    await keep_offer(context, message, reach.user, screen, draft.stands_until)
    if draft.question_id is not None:
        if reach.is_asked:
            await context.app.database.write(lists.forget, message.chat_id, draft.question_id)
        await questions.take_away(context, chat_id_of(update), draft.question_id)
    offered = replace(draft, question_id=message.message_id, offered=len(draft.parts))
    context.dialogues.set_draft(update, offered)


def _is_question(text: str) -> bool:
    """Whether a text asks something, in more than a word: somebody is to answer it."""
    return "?" in text and count_words(text) > 1


def _is_short_text(update: Update) -> bool:
    """Whether it is a text of a word or two, or says no more than such a one."""
    text = update.message.text if update.message else None
    if text is None:
        return False
    return count_words(text) < SENTENCE or courtesy_of(text, ENGLISH) is not None


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
                    StraysToAnswer: answer_request,
                    StraysToMatch: answer_offer,
                    StraysToReplace: choose_lost,
                    StraysReplaced: ask_to_replace,
                    callbacks.StraysToChange: change,
                }
            ),
        ],
        states={},
        draft=StrayDraft,
    )
