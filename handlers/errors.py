"""What a handler raises: refusals become words here, in one place (DESIGN 2, idea 2)."""

from markupsafe import escape
from telegram import Update
from telegram.ext import ApplicationHandlerStop

from chat import callbacks, keyboards, replies
from chat.cards.screens import session_screen
from chat.context import Context
from chat.current_user import CurrentUser, current_user, stranger_reader
from chat.keyboards import Rows
from chat.message_parts import CardOf
from chat.screen import Screen
from locales.reader import Reader
from locales.refusals import refusal_text
from services.db import Session
from services.queries.subjects import (
    session_of_dispute,
    session_of_proposal,
    session_of_summary,
)
from services.rules.refusals import Refusal
from services.rules.refusals.attendance import NotCheckedIn, TooEarlyToCheckIn
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

LONG = 70
"""A toast is gone after a few seconds; what is longer than this is shown until it is closed."""

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
"""Refusals that mean that the card shows what is no more: it is brought up to date."""


async def on_refusal(update: object, context: Context) -> None:
    """Says what is so, as a toast or a message, and gives a fresh card (UX 3, 6)."""
    refusal = context.error
    if not isinstance(refusal, Refusal) or not isinstance(update, Update):
        return
    visitor = await _visitor(update, context)
    reader = visitor.reader if visitor else stranger_reader(update, context)
    text = refusal_text(reader, refusal, visitor.person.id if visitor else None)
    if update.callback_query is None:
        await replies.say(update, context, Screen(escape(text), _way_on(reader, refusal)))
    else:
        await replies.answer(update, text, alert=len(text) > LONG)
        button = callbacks.decode(update.callback_query.data)
        if visitor and (
            isinstance(refusal, OUT_OF_DATE) or isinstance(button, callbacks.OfProposal)
        ):
            await _refresh(update, context, visitor, button)
    raise ApplicationHandlerStop


def _way_on(reader: Reader, refusal: Refusal) -> Rows:
    """The button under a refusal, where one leads on (UX 6); a toast can have none."""
    match refusal:
        case RescheduleOpen(appointment_id=about):
            return _only(reader.label("See the request"), callbacks.ShowSession(about))
        case TooEarlyToCheckIn(appointment_id=about):
            return _only(reader.label("Remind me"), callbacks.RemindMe(about))
    return ()


def _only(label: str, does: callbacks.Button) -> Rows:
    return ((keyboards.button(label, does),),)


async def _visitor(update: Update, context: Context) -> CurrentUser | None:
    def query(session: Session) -> CurrentUser | None:
        try:
            return current_user(session, update, context)
        except Refusal:
            return None

    return await context.app.database.read(query)


async def _refresh(
    update: Update, context: Context, visitor: CurrentUser, button: callbacks.Button | None
) -> None:
    """The tapped message as the card that it should be, where it is one session's in private."""
    chat = update.effective_chat
    if chat is None or chat.type != chat.PRIVATE:
        return

    def query(session: Session) -> tuple[CardOf, Screen] | None:
        appointment_id = _session_of(session, button)
        if appointment_id is None:
            return None
        try:
            screen = session_screen(session, visitor, appointment_id, context.app.agency)
        except Refusal:
            return None
        return CardOf(appointment_id), screen

    if found := await context.app.database.read(query):
        card, screen = found
        await replies.show_card(update, context, screen, card, visitor.person.id)


def _session_of(session: Session, button: callbacks.Button | None) -> int | None:
    """Which session a button is about, if any."""
    if isinstance(button, callbacks.OfSession):
        return button.appointment_id
    if isinstance(button, callbacks.OfDispute):
        return session_of_dispute(session, button.dispute_id)
    if isinstance(button, callbacks.OfSummary):
        return session_of_summary(session, button.summary_id)
    if isinstance(button, callbacks.OfProposal):
        return session_of_proposal(session, button.proposal_id)
    return None
