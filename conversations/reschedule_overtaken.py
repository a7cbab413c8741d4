"""Somebody acts on a request while another time is written: that time is offered again (UX 19).

[Send], or a time that is typed, comes too late --> OVERTAKEN --[Ask for it]--> on from there: as a
new request, or as the answer to the request that is open now. Where that is the own side's, another
parent's say, [Withdraw] comes first. Nothing is offered where the rules allow none of these; what
was written is said all the same.
"""

from dataclasses import replace

from markupsafe import Markup
from telegram import Update

from chat import callbacks, keyboards, questions, replies
from chat.app_context import AppContext
from chat.callbacks.reschedules import WithdrawFirst
from chat.cards.session import headline
from chat.context import Context
from chat.current_user import CurrentUser, current_user
from chat.screen import Screen
from conversations import wizard
from conversations.premise import OVERTAKEN, over_line
from conversations.reschedule_questions import (
    RescheduleDraft,
    State,
    ask_next,
    case_of,
    chosen_reason,
    new_time_line,
    proposable,
)
from conversations.wizard import Next
from locales.refusals import refusal_text
from services.db import Session
from services.lifecycle.access import side_of
from services.lifecycle.open_requests import open_request, proposal_of
from services.reschedules import negotiation
from services.rules.refusals import Refusal
from services.rules.refusals.requests import OwnProposal, RescheduleOpen
from services.rules.refusals.sessions import StaleButton
from services.rules.session_changes import can_change


async def ask_instead(update: Update, context: Context) -> Next:
    """*Ask for it*: the time goes on as what it can be now. Refused as that would be."""
    draft = wizard.draft_tapped(update, context, RescheduleDraft)
    instead = await context.app.database.read(as_it_stands, draft)
    case = await case_of(update, context, instead, instead.new_starts_at)
    await replies.answer(update)
    return await ask_next(update, context, case, instead)


async def withdraw_first(update: Update, context: Context) -> Next:
    """*Withdraw*: the own side's request, so that the time can be asked for."""
    draft = wizard.draft_tapped(update, context, RescheduleDraft)
    first_id = callbacks.tapped(WithdrawFirst, update).proposal_id

    def end(session: Session, user: CurrentUser) -> None:
        negotiation.withdraw(session, first_id, user.actor)

    try:
        await wizard.carry_out(update, context, end, OVERTAKEN)
        await case_of(update, context, replace(draft, proposal_id=first_id))
    except OVERTAKEN as first:
        return await offer_again(update, context, draft, first)
    raise StaleButton


async def suggest_instead(
    update: Update, context: Context, draft: RescheduleDraft, first: RescheduleOpen
) -> Next:
    """Offer the time as an answer to the other side's request, which was sent first.

    Where it is the own side's, or the time cannot be: as `offer_again`.
    """
    answer = await context.app.database.read(as_it_stands, draft)
    try:
        case = await case_of(update, context, answer, draft.new_starts_at)
    except Refusal:
        return await offer_again(update, context, draft, first)
    told = case.reader.label(
        "{who} has just asked for another time. You can still suggest yours.", who=first.who
    )
    await replies.answer(update, told)
    return await ask_next(update, context, case, answer)


async def offer_again(
    update: Update, context: Context, draft: RescheduleDraft, first: Refusal
) -> Next:
    """Say who was first, and offer the time. Refused: `first`, where nothing can come of it."""

    def query(session: Session) -> tuple[CurrentUser, Screen | None]:
        user = current_user(session, update, context)
        return user, offered(session, user, context.app, draft, first)

    user, screen = await context.app.database.read(query)
    if screen is None or not screen.rows:
        if update.callback_query is not None:
            await questions.leave_dialogue(update, context)
        raise first  # of a message, `conversations.over` leaves it
    await replies.answer(update, refusal_text(user.reader, first, user.person.id))
    await wizard.ask(update, context, draft, screen)
    return State.OVERTAKEN


def as_it_stands(session: Session, draft: RescheduleDraft) -> RescheduleDraft:
    """The draft as an answer to the request that is open now, or as a new request."""
    request = open_request(session, draft.appointment_id)
    return replace(draft, proposal_id=proposal_of(request))


def offered(
    session: Session, user: CurrentUser, app: AppContext, draft: RescheduleDraft, first: Refusal
) -> Screen | None:
    """Who was first, and the time that was chosen, with what can still come of it.

    None where no time was chosen, or the draft can be sent.
    """
    if draft.new_starts_at is None or not isinstance(first, OVERTAKEN):
        return None
    reader, view = user.reader, wizard.view_of(session, draft.appointment_id)
    time = new_time_line(reader, view.appointment, draft.new_starts_at)
    way_on = _way_on(session, user, app, draft)
    if way_on is None:
        line = over_line(user, view, first, draft)
        return Screen(Markup("\n").join([line.text, time]))
    told, button = way_on
    why = refusal_text(reader, first, user.person.id)
    lines = [
        *headline(reader, view, side_of(session, view.appointment, user.actor)),
        Markup(),
        Markup("<b>{}</b>").format(why),
        told,
        time,
        *chosen_reason(reader, draft),
    ]
    leave = keyboards.button(reader.label("Leave"), callbacks.LeaveMove(view.id))
    return Screen(Markup("\n").join(lines), keyboards.in_pairs(button, leave))


def _way_on(
    session: Session, user: CurrentUser, app: AppContext, draft: RescheduleDraft
) -> tuple[Markup, keyboards.InlineButton] | None:
    """What can still come of the time that was chosen, and the button that does it."""
    reader, about = user.reader, draft.appointment_id
    instead = as_it_stands(session, draft)
    try:
        case = proposable(session, user, app, instead, draft.new_starts_at)
    except OwnProposal:
        row = wizard.view_of(session, about).appointment
        if instead.proposal_id is None or not can_change(row.starts_at, user.actor.now):
            return None
        does = WithdrawFirst(about, instead.proposal_id)
        told = reader.text(
            "Your time is not lost: you can ask for it once that one is withdrawn or declined."
        )
        return told, keyboards.button(reader.label("Withdraw"), does)
    except Refusal:
        return None
    told = (
        reader.text("Your time is not lost. You can ask for it all the same.")
        if case.request is None
        else reader.text("Your time is not lost. You can answer with it.")
    )
    return told, keyboards.success(reader.label("Ask for it"), callbacks.AskInstead(about))
