"""Refusals that a handler raises, put into words (DESIGN 2, idea 2)."""

from dataclasses import replace
from datetime import datetime

from markupsafe import Markup, escape
from telegram import Update
from telegram.ext import ApplicationHandlerStop

from chat import callbacks, keyboards, questions, replies
from chat.cards.screens import session_name, session_screen
from chat.cards.way_on import way_on
from chat.context import Context
from chat.current_user import CurrentUser, current_user, stranger_reader
from chat.incoming import is_private
from chat.message_parts import CardOf
from chat.screen import Screen
from chat.tapped import tapped_message
from locales.reader import Reader
from locales.refusals import refusal_text
from services.db import Session
from services.queries.sessions import session_view
from services.queries.subjects import (
    session_of_dispute,
    session_of_proposal,
    session_of_summary,
)
from services.rules.refusals import Refusal
from services.rules.refusals.attendance import (
    NotCheckedIn,
    TooEarlyToCheckIn,
    TooEarlyToCheckOut,
)
from services.rules.refusals.notes import NotesClosed
from services.rules.refusals.requests import (
    NotYourProposal,
    OwnProposal,
    ProposalOutdated,
    RequestExpired,
    RescheduleOpen,
)
from services.rules.refusals.sessions import (
    ActedFirst,
    DisputeClaimed,
    DisputeSettled,
    NoPenalty,
    Replaced,
    StaleButton,
    TooLateToChange,
    WrongStatus,
)
from services.rules.refusals.standing import AccountLeft

LONG = 70
"""The most characters of a toast, which is gone in seconds; a longer text is shown as an alert."""

OUT_OF_DATE = (
    ActedFirst,
    WrongStatus,
    NotCheckedIn,
    StaleButton,
    DisputeSettled,
    DisputeClaimed,
    RescheduleOpen,
    ProposalOutdated,
    RequestExpired,
    OwnProposal,
    NotYourProposal,
    NoPenalty,
    Replaced,
    TooLateToChange,
)
"""Refusals after which the tapped card is out of date."""

TOO_LATE = (*OUT_OF_DATE, NotesClosed)
"""Refusals of what was written while somebody else, or the clock, was first."""

OFFERS = (callbacks.OfProposal, callbacks.AskReplacementAt)
"""Buttons for a time: whatever it is refused for, it is offered no more."""

Passing = RescheduleOpen | TooEarlyToCheckIn | TooEarlyToCheckOut | TooLateToChange
PASSING = (RescheduleOpen, TooEarlyToCheckIn, TooEarlyToCheckOut, TooLateToChange)
"""Refusals that stop being true by themselves, or as their session changes."""


async def on_refusal(update: object, context: Context) -> None:
    """Answer with the refusal as a toast or a message, and bring the card up to date (UX 3, 6)."""
    refusal = context.error
    if not isinstance(refusal, Refusal) or not isinstance(update, Update):
        return
    user = await _user(update, context)
    reader = user.reader if user else stranger_reader(update, context)
    text = refusal_text(reader, refusal, user.person.id if user else None)
    if isinstance(refusal, TooLateToChange):
        await questions.leave_dialogue(update, context)  # what it asks can no longer be done
    if update.callback_query is None:
        if user is not None and isinstance(refusal, PASSING) and is_private(update):
            await _say_on_card(update, context, user, refusal, text)
        else:
            await _say(update, context, reader, refusal, text)
    else:
        await replies.answer(update, text, alert=len(text) > LONG)
        button = callbacks.decode(update.callback_query.data)
        if user and (isinstance(refusal, OUT_OF_DATE) or isinstance(button, OFFERS)):
            await _refresh(update, context, user, button)
        tapped = tapped_message(update)
        if tapped is not None and isinstance(refusal, AccountLeft) and is_private(update):
            await replies.take_buttons(context, tapped.chat_id, tapped.message_id)
    raise ApplicationHandlerStop


async def _say_on_card(
    update: Update, context: Context, user: CurrentUser, refusal: Passing, text: str
) -> None:
    """Say it above the session's card, until it holds no more (UX 17); the card has the request."""
    about, agency = refusal.appointment_id, context.app.agency
    card = await context.app.database.read(session_screen, user, about, agency)
    words = _given_back(update, context, refusal)
    screen = card.below(escape(text) + words)
    match refusal:
        case TooLateToChange(starts_at=at) if user.reader.now < at:
            tells = way_on(user.reader, refusal, with_words=bool(words))
            screen = replace(screen.true_at_most(at), rows=tells)
        case TooEarlyToCheckIn(opens_at=at):
            screen = _with_reminder(user.reader, screen, at, callbacks.RemindMe(about))
        case TooEarlyToCheckOut(opens_at=at):
            screen = _with_reminder(user.reader, screen, at, callbacks.RemindCheckOut(about))
    await replies.say_card(update, context, screen, CardOf(about), user.person.id)


def _with_reminder(
    reader: Reader, screen: Screen, opens_at: datetime, does: callbacks.Button
) -> Screen:
    remind = keyboards.button(reader.label("Remind me"), does)
    return replace(screen.true_at_most(opens_at), rows=((remind,), *screen.rows))


async def _say(
    update: Update, context: Context, reader: Reader, refusal: Refusal, text: str
) -> None:
    chosen = context.received.chosen if context.received else None
    if chosen is not None:
        text = await context.app.database.read(_named, reader, chosen, text)
    words = _given_back(update, context, refusal)
    if chosen is not None and words:
        words = Markup("\n") + reader.text("You wrote:") + words
    rows = way_on(reader, refusal, with_words=bool(words))
    await replies.say(update, context, Screen(escape(text) + words, rows))


def _given_back(update: Update, context: Context, refusal: Refusal) -> Markup:
    """What was written, where it came too late: nobody's words are lost (UX 19)."""
    message = update.message
    before = context.received.given_back if context.received else None
    if before is not None:
        return Markup("\n") + before
    written = message.text if message is not None else None
    if message is None or not written or not isinstance(refusal, TOO_LATE):
        return Markup()
    is_command = any(one.type == one.BOT_COMMAND and one.offset == 0 for one in message.entities)
    return Markup() if is_command else Markup("\n<blockquote>{}</blockquote>").format(written)


def _named(session: Session, reader: Reader, about: int, text: str) -> str:
    """The text, and the session of which it speaks, since a command has named none."""
    view = session_view(session, about)
    return text if view is None else f"{text}\n{session_name(reader, view)}"


async def _user(update: Update, context: Context) -> CurrentUser | None:
    def query(session: Session) -> CurrentUser | None:
        try:
            return current_user(session, update, context)
        except Refusal:
            return None

    return await context.app.database.read(query)


async def _refresh(
    update: Update, context: Context, user: CurrentUser, button: callbacks.Button | None
) -> None:
    """Show the session's card in the tapped message, if it is about one in a private chat."""
    if not is_private(update):
        return

    def query(session: Session) -> tuple[CardOf, Screen] | None:
        appointment_id = _session_of(session, button)
        if appointment_id is None:
            return None
        try:
            screen = session_screen(session, user, appointment_id, context.app.agency)
        except Refusal:
            return None
        return CardOf(appointment_id), screen

    if found := await context.app.database.read(query):
        card, screen = found
        await replies.show_card(update, context, screen, card, user.person.id)


def _session_of(session: Session, button: callbacks.Button | None) -> int | None:
    """The id of the session that a button is about, if any."""
    if isinstance(button, callbacks.OfSession):
        return button.appointment_id
    if isinstance(button, callbacks.OfDispute):
        return session_of_dispute(session, button.dispute_id)
    if isinstance(button, callbacks.OfSummary):
        return session_of_summary(session, button.summary_id)
    if isinstance(button, callbacks.OfProposal):
        return session_of_proposal(session, button.proposal_id)
    return None
